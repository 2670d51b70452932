"""Clearance records (保密审查记录): one immutable file for one decision on one state of one item. Pure.

A record binds persons, opinions and conclusion to the digest of the item and of
every attachment: any later change voids it (实施条例 42: 先审查、后公开, 逐项审查).
The name of its file carries the beginning of the digest of its bytes, so that an
edited record is told from the one that was made.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
import yaml
from msgspec import Struct

from generator.clearance.digests import BODY, combine
from generator.clearance.fields import Fields, parse_day, parse_fields
from generator.diagnostics import Diagnostic, diagnostic

FOLDER = "_clearance"
ROLES = ("drafter", "department", "secrecy", "approver")
"""Those who act, in the order in which they act (承办人、部门负责人、保密审查人、批准人)."""
ROLE_NAMES = {"drafter": "承办人", "department": "部门负责人", "secrecy": "保密审查人", "approver": "批准人"}
PASSING = frozenset({"同意公开", "区分处理后公开"})
CONCLUSIONS = (*sorted(PASSING), "依申请公开", "不予公开", "报保密部门确定")

OPINION_ROLES = frozenset({"department", "secrecy"})
"""Who acts by saying what they think."""
_REQUIRED = frozenset({"number", "item", *ROLES, "basis", "conclusion", "content"})
_OPTIONAL = frozenset({"attachments", "attested", "republishes"})
_NAME = re.compile(r"(?P<slug>.+)-(?P<digest>[0-9a-f]{8})\.yml")
_DIGITS = re.compile("[0-9]{1,18}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TITLE = re.compile(
    r"(?P<name>.{2,}?)(?<![兼代副总])\(?(?:党委|党组|党总支|常务|第一|兼|代|副|总)*(?:同志|先生|女士|[局处科所队部院庭组股站室馆]长|监狱长|秘书长?|"
    r"书记|政委|主任|主席|委员|主办|干事|科员|助理|[调巡][研视]员|律师|警官|[警民]警)\)?"
)
"""What is put behind a name, once it is written in one way. One character before it is no name: 王局长 is another than
王科长, as far as anybody can tell."""
_AROUND = ".,;:。·-_\"'“”‘’《》*"
_SEVERAL = re.compile("[、,;/|&+]")
_BLANK = re.compile(r"[\u115f\u1160\u2065\u2800\ufff0-\ufff8\U000e0000-\U000e0fff]")
"""Drawn as nothing, whatever their category; NFKC makes the other fillers of Hangul one of these. Characters of one's
own and those that Unicode took up lately are rare ones of names, and stay."""
_SIGNED = re.compile(r"(?:\((?:[代兼签章审核阅]|代[签审]|[签印盖]章|签[字名]|已[审核阅签]|同意)\)|代签|签[字名章])+$")
"""How somebody signed, which makes nobody another person."""
_ITEM_LINE = re.compile(rb"^item:[ \t]*['\"]?([^\s'\"#]+)", re.MULTILINE)


class Step(Struct, frozen=True, kw_only=True):
    """What one person did, and when."""

    by: str
    date: date
    opinion: str = ""


class Attestation(Struct, frozen=True, kw_only=True):
    """A person's word to have read an attachment that no program can read."""

    name: str
    by: str


class Record(Struct, frozen=True, kw_only=True):
    """One clearance record, well-formed."""

    path: str
    number: str
    item: str
    drafter: Step
    department: Step
    secrecy: Step
    approver: Step
    basis: str
    conclusion: str
    parts: dict[str, str]
    """SHA-256 of each part that was cleared, by front-matter key; the body under ``body``."""
    attachments: dict[str, str] = {}
    """SHA-256 of the source file of each attachment, by its name."""
    attested: tuple[Attestation, ...] = ()
    republishes: str = ""
    """Number of the withdrawal whose content may appear again under this item's id."""
    signed_by: dict[str, str] = {}
    """Role → fingerprint of the key whose signature over this record was verified."""

    @property
    def digest(self) -> str:
        """Of the item that was cleared; equals ``ItemFacts.digest`` while nothing changed."""
        return combine(self.parts)

    @property
    def steps(self) -> dict[str, Step]:
        """Each role's step, in the order of ``ROLES``."""
        return {role: getattr(self, role) for role in ROLES}

    @property
    def is_signed(self) -> bool:
        """Whether four persons signed it, each with a key of their own."""
        return self.signed_by.keys() >= set(ROLES) and len(set(self.signed_by.values())) == len(ROLES)

    @property
    def passes(self) -> bool:
        """Whether its conclusion lets the item be published."""
        return self.conclusion in PASSING


def decided(record: Record) -> tuple[object, ...]:
    """Order of decisions: the later day; on one day, a refusal stands over a permission, and the later number counts.

    So a record that puts right another of its day takes its place.
    """
    return (record.approver.date, not record.passes, count_of(record.number), record.path)


def count_of(number: str) -> list[int]:
    """What tells the later of two numbers of one kind and day."""
    return [int(digits) for digits in _DIGITS.findall(number)]


def canonical_bytes(raw: bytes) -> bytes:
    """What is hashed and signed: the file with LF line ends, as git may have turned them."""
    return raw.replace(b"\r\n", b"\n")


def record_name(slug: str, raw: bytes) -> str:
    """The name that a record with these bytes must bear."""
    return f"{slug}-{hashlib.sha256(canonical_bytes(raw)).hexdigest()[:8]}.yml"


def slug_of(name: str) -> str | None:
    """The slug in the name of a record's file; ``None`` for a name that no record bears."""
    match = _NAME.fullmatch(name)
    return match["slug"] if match else None


def claimed_item(raw: bytes) -> str | None:
    """The item that a file that cannot be believed claims to speak of: it binds, but clears nothing."""
    match = _ITEM_LINE.search(raw)
    return match[1].decode("utf-8", "replace") if match else None


def format_record(record: Record) -> bytes:
    """The bytes of a record's file."""
    data: dict[str, Any] = {"number": record.number, "item": record.item}
    for role, step in record.steps.items():
        data[role] = {"by": step.by, "date": step.date.isoformat()}
        if step.opinion:
            data[role]["opinion"] = step.opinion
    data |= {"basis": record.basis, "conclusion": record.conclusion}
    data["content"] = {"sha256": record.digest, "parts": dict(sorted(record.parts.items()))}
    if record.attachments:
        data["attachments"] = dict(sorted(record.attachments.items()))
    if record.attested:
        data["attested"] = [{"name": one.name, "by": one.by} for one in record.attested]
    if record.republishes:
        data["republishes"] = record.republishes
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000)
    return text.encode()


def encode_records(found: Iterable[Record]) -> bytes:
    """Records as a build remembers them, whole: each is honoured although its file may be gone."""
    return msgspec.json.encode(sorted(found, key=lambda one: one.path)) + b"\n"


def decode_records(raw: bytes) -> tuple[Record, ...]:
    """The records that were remembered; raises ``msgspec.DecodeError``."""
    return msgspec.json.decode(raw, type=tuple[Record, ...])


def parse_record(raw: bytes, path: str) -> Record | tuple[Diagnostic, ...]:
    """Read one record; every fault of it is told, and a record with a fault clears nothing."""
    name = path.rpartition("/")[2]
    slug = slug_of(name)
    if slug is None:
        return (diagnostic("record-name", path),)
    if name != record_name(slug, raw):
        return (diagnostic("record-altered", path),)
    fields = parse_fields(raw, path)
    if not isinstance(fields, Fields):
        return fields
    return _record(fields, slug)


def _record(fields: Fields, slug: str) -> Record | tuple[Diagnostic, ...]:
    values = fields.values
    faults = [fields.fault("record-key-unknown", key) for key in values if key not in _REQUIRED | _OPTIONAL]
    faults += [fields.fault("record-key-missing", key) for key in sorted(_REQUIRED - values.keys())]
    if faults:
        return tuple(faults)
    faults = _head_faults(fields, slug)
    steps = {role: step for role in ROLES if (step := _step(values[role], role)) is not None}
    faults += [fields.fault("record-value", role) for role in ROLES if role not in steps]
    if len(steps) == len(ROLES):
        faults += [fields.fault(code, role, **params) for code, role, params in order_faults(steps)]
    parts = _parts(values["content"])
    attachments = _digests(values.get("attachments", {}))
    attested = _attested(values.get("attested", []))
    bound = {"content": parts, "attachments": attachments, "attested": attested}
    faults += [fields.fault("record-value", key) for key, value in bound.items() if value is None]
    if faults or parts is None or attachments is None or attested is None:
        return tuple(faults)
    return Record(
        path=fields.path,
        number=fields.text("number"),
        item=fields.text("item"),
        drafter=steps["drafter"],
        department=steps["department"],
        secrecy=steps["secrecy"],
        approver=steps["approver"],
        basis=fields.text("basis"),
        conclusion=fields.text("conclusion"),
        parts=parts,
        attachments=attachments,
        attested=attested,
        republishes=fields.text("republishes"),
    )


def _head_faults(fields: Fields, slug: str) -> list[Diagnostic]:
    values = fields.values
    faults = [fields.fault("record-value", key) for key in ("number", "item", "basis") if not fields.text(key)]
    if fields.text("item").rpartition("/")[2] != slug:
        faults.append(fields.fault("record-item", "item"))
    if values["conclusion"] not in CONCLUSIONS:
        faults.append(fields.fault("record-conclusion", "conclusion", allowed="、".join(CONCLUSIONS)))
    if not isinstance(values.get("republishes", ""), str):
        faults.append(fields.fault("record-value", "republishes"))
    return faults


def order_faults(steps: Mapping[str, Step]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Code, role and parameters of each fault in the steps taken so far: one person twice, a day before the last."""
    taken = [role for role in ROLES if role in steps]
    seen: list[_Person] = []
    for role in taken:
        persons = [*_persons(steps[role].by)]
        if any(one.may_be(other) for one in persons for other in seen):
            yield "record-same-person", role, {"role": ROLE_NAMES[role]}
        seen += persons
    for earlier, later in pairwise(taken):
        if steps[later].date < steps[earlier].date:
            yield "record-date-order", later, {"role": ROLE_NAMES[later], "before": ROLE_NAMES[earlier]}


class _Person(NamedTuple):
    """A name as persons are told by it, and what tells two of one name apart: 张伟（一科）, 张伟（二科）."""

    name: str
    remark: str

    def may_be(self, other: _Person) -> bool:
        """Whether it may be the same: where one of two has no remark, nothing tells them apart."""
        return self.name == other.name and (self.remark == other.remark or not (self.remark and other.remark))


def _persons(names: str) -> Iterator[_Person]:
    """Those who are named, of whom there may be several in one role.

    No spelling is another person: with spaces or signs that nobody sees, in traditional characters, with a mark or a
    title behind it, or with a word that says how somebody signed.
    """
    wide = _simplified(unicodedata.normalize("NFKC", names).casefold())
    drawn = _BLANK.sub("", wide.replace("\n", ","))
    seen = "".join(sign for sign in drawn if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Mn"))
    for one in filter(None, (part.strip(_AROUND) for part in _SEVERAL.split(seen))):
        plain = _SIGNED.sub("", one) or one
        titled = _TITLE.fullmatch(plain)
        name, _, remark = (titled["name"] if titled else plain).partition("(")
        yield _Person(name, remark.rstrip(")")) if name else _Person(plain, "")
    if not seen.strip(_AROUND):
        yield _Person(seen, "")


def _simplified(names: str) -> str:
    """The names in simplified characters, which nearly all are in: then no recogniser is loaded to tell."""
    try:
        names.encode("gb2312")
    except UnicodeEncodeError:
        from generator.clearance.recognise.variants import VARIANTS

        return names.translate(VARIANTS)
    return names


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _step(value: object, role: str) -> Step | None:
    if not isinstance(value, dict) or not value.keys() <= {"by", "date", "opinion"}:
        return None
    by, day, opinion = value.get("by"), parse_day(value.get("date")), value.get("opinion", "")
    if not isinstance(by, str) or not by.strip() or day is None or not isinstance(opinion, str):
        return None
    if role in OPINION_ROLES and not opinion.strip():
        return None
    return Step(by=by.strip(), date=day, opinion=opinion.strip())


def _digests(value: object) -> dict[str, str] | None:
    """A mapping of names to SHA-256 digests."""
    if not isinstance(value, dict):
        return None
    good = all(isinstance(one, str) and _SHA256.fullmatch(one) for one in value.values())
    return value if good else None


def _parts(value: object) -> dict[str, str] | None:
    """The cleared parts; ``sha256`` must be the digest that they give."""
    if not isinstance(value, dict) or value.keys() != {"sha256", "parts"}:
        return None
    parts = _digests(value["parts"])
    return parts if parts and BODY in parts and value["sha256"] == combine(parts) else None


def _attested(value: object) -> tuple[Attestation, ...] | None:
    if not isinstance(value, list):
        return None
    found = []
    for one in value:
        if not isinstance(one, dict) or one.keys() != {"name", "by"} or not all(map(_text, one.values())):
            return None
        found.append(Attestation(name=one["name"], by=one["by"]))
    return tuple(found)
