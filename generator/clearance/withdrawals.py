"""Withdrawals (撤回): one immutable file for one item that was taken off for good. Pure.

A withdrawal binds for ever, under every policy and at every rollback:

- the item's id never passes again;
- an item of another id whose body equals the withdrawn one, or one that it had before, is held back
  too, until a clearance record names the withdrawal in ``republishes`` (a fresh decision, under a new id);
- an attachment that was withdrawn passes nowhere, under whatever name;
- its index number is never used again (索引号不重复使用).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from generator.clearance.fields import Fields, parse_day, parse_fields
from generator.clearance.records import canonical_bytes, count_of
from generator.diagnostics import Diagnostic, diagnostic

FOLDER = "_withdrawn"
MIN_TEXT = 16
"""A body of fewer characters is not bound: an empty one would equal every other empty one."""

_REQUIRED = frozenset({"number", "item", "withdrawn_on", "by", "reason", "tombstone"})
_OPTIONAL = frozenset({"basis", "index_number", "body", "earlier", "attachments"})
_NAME = re.compile(r"(?P<slug>.+)-\d{4}-\d{2}-\d{2}-(?P<digest>[0-9a-f]{8})\.yml")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Withdrawal(Struct, frozen=True, kw_only=True):
    """One withdrawal, well-formed."""

    path: str
    number: str
    item: str
    withdrawn_on: date
    by: str
    reason: str
    """Shown on the tombstone."""
    tombstone: bool
    basis: str = ""
    index_number: str = ""
    body: str = ""
    """SHA-256 of the normalised body; empty where it was too short to be told from others."""
    earlier: tuple[str, ...] = ()
    """The same of each body that the item had before, as far as the history knows."""
    attachments: tuple[str, ...] = ()
    """SHA-256 of each source file that left with the item."""

    @property
    def bodies(self) -> tuple[str, ...]:
        """Every body that is bound."""
        return (self.body, *self.earlier) if self.body else self.earlier


def plain_number(number: str) -> str:
    """An index number as numbers are told apart: in full width, in small letters or with blanks it is the same."""
    if number.isascii():  # as nearly all are: this is asked of every item
        return "".join(number.split()).casefold()
    wide = unicodedata.normalize("NFKC", number).casefold()
    return "".join(sign for sign in wide if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Mn"))


def withdrawn(withdrawal: Withdrawal) -> tuple[object, ...]:
    """Order of withdrawals: of several that bind one text or file, the last must be named to publish it again."""
    return (withdrawal.withdrawn_on, count_of(withdrawal.number), withdrawal.path)


def withdrawal_name(slug: str, day: date, raw: bytes) -> str:
    """The name that a withdrawal with these bytes must bear."""
    return f"{slug}-{day.isoformat()}-{hashlib.sha256(canonical_bytes(raw)).hexdigest()[:8]}.yml"


def slug_of(name: str) -> str | None:
    """The slug in the name of a withdrawal's file; ``None`` for a name that none bears."""
    match = _NAME.fullmatch(name)
    return match["slug"] if match else None


def format_withdrawal(withdrawal: Withdrawal) -> bytes:
    """The bytes of a withdrawal's file."""
    data: dict[str, Any] = {
        "number": withdrawal.number,
        "item": withdrawal.item,
        "withdrawn_on": withdrawal.withdrawn_on.isoformat(),
        "by": withdrawal.by,
        "reason": withdrawal.reason,
        "tombstone": withdrawal.tombstone,
    }
    for name in ("basis", "index_number", "body"):
        if getattr(withdrawal, name):
            data[name] = getattr(withdrawal, name)
    for name in ("earlier", "attachments"):
        if getattr(withdrawal, name):
            data[name] = sorted(getattr(withdrawal, name))
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000).encode()


def encode_withdrawals(found: Iterable[Withdrawal]) -> bytes:
    """Withdrawals as a build remembers them, whole: each is honoured although its file may be gone."""
    return msgspec.json.encode(sorted(set(found), key=lambda one: (one.path, one.number))) + b"\n"


def decode_withdrawals(raw: bytes) -> tuple[Withdrawal, ...]:
    """The withdrawals that were remembered; raises ``msgspec.DecodeError``."""
    return msgspec.json.decode(raw, type=tuple[Withdrawal, ...])


def parse_withdrawal(raw: bytes, path: str) -> Withdrawal | tuple[Diagnostic, ...]:
    """Read one withdrawal. A faulty one still holds back the item that its name or text speaks of."""
    name = path.rpartition("/")[2]
    if slug_of(name) is None:
        return (diagnostic("withdrawal-name", path),)
    if not name.endswith(f"-{hashlib.sha256(canonical_bytes(raw)).hexdigest()[:8]}.yml"):
        return (diagnostic("withdrawal-altered", path),)
    fields = parse_fields(raw, path)
    if not isinstance(fields, Fields):
        return fields
    return _withdrawal(fields)


def _withdrawal(fields: Fields) -> Withdrawal | tuple[Diagnostic, ...]:
    values = fields.values
    faults = [fields.fault("withdrawal-key-unknown", key) for key in values if key not in _REQUIRED | _OPTIONAL]
    faults += [fields.fault("withdrawal-key-missing", key) for key in sorted(_REQUIRED - values.keys())]
    if faults:
        return tuple(faults)
    texts = {key: value for key, value in values.items() if isinstance(value, str)}
    day = parse_day(values["withdrawn_on"])
    digests = {name: values.get(name, []) for name in ("earlier", "attachments")}
    wrong = [key for key in ("number", "item", "by", "reason") if not texts.get(key, "").strip()]
    wrong += [] if day else ["withdrawn_on"]
    wrong += [] if texts.get("tombstone") in ("true", "false") else ["tombstone"]
    wrong += [key for key in ("basis", "index_number") if key in values and key not in texts]
    wrong += ["body"] if "body" in values and not _SHA256.fullmatch(texts.get("body", "")) else []
    wrong += [name for name, found in digests.items() if not _are_digests(found)]
    if wrong or day is None:
        return tuple(fields.fault("withdrawal-value", key) for key in wrong)
    return Withdrawal(
        path=fields.path,
        withdrawn_on=day,
        tombstone=texts["tombstone"] == "true",
        earlier=tuple(digests["earlier"]),
        attachments=tuple(digests["attachments"]),
        **{
            key: texts[key]
            for key in ("number", "item", "by", "reason", "basis", "index_number", "body")
            if key in texts
        },
    )


def _are_digests(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(one, str) and _SHA256.fullmatch(one) for one in found)
