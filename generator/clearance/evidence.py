"""What the gate judges by besides the items: records, signatures and withdrawals.

``parse_evidence`` is pure; ``load_evidence`` reads ``content/<unit>/_clearance`` and
``_withdrawn`` and ``sites/allowed_signers``, and runs ``ssh-keygen`` for signatures
that were not verified before. Withdrawals and refusals that a build remembers are honoured
although their files are gone or altered: ``find_lost`` tells of which that is so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from generator.clearance import records, signatures, withdrawals
from generator.clearance.records import Record
from generator.clearance.remembered import REFUSED, REMEMBERED
from generator.clearance.signers import ANYBODY, SIGNERS, check_signers
from generator.clearance.withdrawals import Withdrawal
from generator.content.names import ID, shown
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.errors import UsageError
from generator.model import Cluster

_FOLDERS = (records.FOLDER, withdrawals.FOLDER)
_Decision = TypeVar("_Decision")


class EvidenceFile(NamedTuple):
    """One file of a unit's evidence folders."""

    unit: str
    folder: str
    """``records.FOLDER`` or ``withdrawals.FOLDER``."""
    name: str
    raw: bytes

    @property
    def path(self) -> str:
        """As diagnostics name it. A name that must be written otherwise for it is that of no record."""
        return f"content/{self.unit}/{self.folder}/{shown(self.name)}"


class Lost(NamedTuple):
    """Decisions that were in force and of which the files no longer say so."""

    withdrawals: tuple[Withdrawal, ...] = ()
    refusals: tuple[Record, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    """Of withdrawals. A lost refusal is told of where it matters: the file of one whose item is gone is not missed."""


class Evidence(Struct, frozen=True, kw_only=True):
    """All records and withdrawals of the cluster; the empty one clears by the flag alone."""

    records: dict[str, tuple[Record, ...]] = {}
    """By item id, in the order of their paths."""
    withdrawals: tuple[Withdrawal, ...] = ()
    lost: frozenset[str] = frozenset()
    """Paths of the records of which the files are gone."""
    suspect: frozenset[str] = frozenset()
    """Item ids, and ``<unit>/*/<slug>``, of which a record that cannot be believed speaks."""
    suspect_withdrawals: frozenset[str] = frozenset()
    """The same for withdrawals: what they may speak of never passes."""
    diagnostics: tuple[Diagnostic, ...] = ()
    verified: dict[str, str] = {}
    """Outcome of each signature's verification, by the digest of all that it depends on; may be cached."""
    digest: str = ""
    """SHA-256 of all files read."""


def parse_evidence(files: Iterable[EvidenceFile]) -> Evidence:
    """Records and withdrawals from their files; signatures are not looked at."""
    found: dict[str, list[Record]] = {}
    gone: list[Withdrawal] = []
    suspect: dict[str, set[str]] = {records.FOLDER: set(), withdrawals.FOLDER: set()}
    faults: list[Diagnostic] = []
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.path}\0{hashlib.sha256(file.raw).hexdigest()}\n".encode())
        if not file.name.casefold().endswith((".yml", ".yaml")):
            continue
        parsed = _parse(file)
        if isinstance(parsed, Record):
            found.setdefault(parsed.item, []).append(parsed)
        elif isinstance(parsed, Withdrawal):
            gone.append(parsed)
        else:
            faults += parsed
            suspect[file.folder] |= _spoken_of(file)
    faults += _number_faults(found, gone)
    return Evidence(
        records={item: tuple(of_item) for item, of_item in found.items()},
        withdrawals=tuple(gone),
        suspect=frozenset(suspect[records.FOLDER]),
        suspect_withdrawals=frozenset(suspect[withdrawals.FOLDER]),
        diagnostics=in_order(faults),
        digest=digest.hexdigest(),
    )


def load_evidence(
    content: Path,
    sites: Path,
    cluster: Cluster,
    *,
    verified: Mapping[str, str] | None = None,
    state: Path | None = None,
) -> Evidence:
    """Read a cluster's evidence. ``verified`` is that of an earlier run: signatures in it are not tried again.

    What the builds of ``state`` remember as withdrawn or refused is so, whatever became of its file.
    """
    evidence = _load(content, sites, cluster, verified or {})
    if state is None:
        return evidence
    return with_lost(evidence, find_lost(content, evidence, load_remembered(state), load_refused(state)))


def former_units(content: Path, cluster: Cluster) -> list[str]:
    """Units that left the cluster and their decisions behind: what they withdrew or refused binds those that stay."""
    found = {path.parent.name for folder in _FOLDERS for path in content.glob(f"*/{folder}")}
    return sorted({name for name in found if ID.fullmatch(name)} - {unit.id for unit in cluster.units})


def _load(content: Path, sites: Path, cluster: Cluster, verified: Mapping[str, str]) -> Evidence:
    files = [
        file
        for unit in sorted({*(unit.id for unit in cluster.units), *former_units(content, cluster)})
        for folder in _FOLDERS
        for file in _load_folder(content, unit, folder)
    ]
    evidence = parse_evidence(files)
    signing = {unit.id for unit in cluster.units if unit.clearance == "signed"}
    if not signing:
        return evidence
    signers = sites / SIGNERS
    if not signers.is_file():
        fault = diagnostic("signers-missing", f"sites/{SIGNERS}")
        return msgspec.structs.replace(evidence, diagnostics=in_order((*evidence.diagnostics, fault)))
    told = check_signers(signers.read_bytes())
    faults = in_order((*evidence.diagnostics, *told))
    if any(one.code in ANYBODY for one in told):  # no signature says whose it is
        return msgspec.structs.replace(evidence, diagnostics=faults)
    by_path = {file.path: file.raw for file in files}
    outcome: dict[str, str] = {}
    signed: dict[str, tuple[Record, ...]] = {}
    for item, of_item in evidence.records.items():
        signed[item] = tuple(
            signatures.verify_record(one, by_path, signers, verified, outcome)
            if item.partition("/")[0] in signing
            else one
            for one in of_item
        )
    return msgspec.structs.replace(evidence, records=signed, verified=outcome, diagnostics=faults)


def load_remembered(state: Path) -> tuple[Withdrawal, ...]:
    """Every withdrawal that was ever in force in a build; raises ``UsageError`` when that cannot be read."""
    return _load_decisions(state / REMEMBERED, withdrawals.decode_withdrawals)


def load_refused(state: Path) -> tuple[Record, ...]:
    """Every refusal that a build ever knew; raises ``UsageError`` when that cannot be read."""
    return _load_decisions(state / REFUSED, records.decode_records)


def _load_decisions(path: Path, decode: Callable[[bytes], tuple[_Decision, ...]]) -> tuple[_Decision, ...]:
    try:
        return decode(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"撤回和不予公开的记忆无法读取，请从备份恢复：{path}。"
            f"What was withdrawn or refused cannot be read; restore the file from a backup: {error}"
        ) from error


def find_lost(
    content: Path, evidence: Evidence, remembered: Iterable[Withdrawal], refused: Iterable[Record] = ()
) -> Lost:
    """Those of the remembered decisions of which the file is gone, or says something else."""
    gone: list[Withdrawal] = []
    faults: list[Diagnostic] = []
    for one in remembered:
        path = content / one.path.removeprefix("content/")
        if not path.is_file():
            gone.append(one)
            faults.append(diagnostic("withdrawal-gone", one.path, number=one.number))
        elif withdrawals.parse_withdrawal(path.read_bytes(), one.path) != one:
            gone.append(one)
            faults.append(diagnostic("withdrawal-altered", one.path))
    standing = {one.path for of_item in evidence.records.values() for one in of_item}
    return Lost(tuple(gone), tuple(one for one in refused if one.path not in standing), in_order(faults))


def with_lost(evidence: Evidence, lost: Lost) -> Evidence:
    """The evidence with decisions that bind although their files are lost."""
    if not lost.withdrawals and not lost.refusals:
        return evidence
    found = dict(evidence.records)
    for one in lost.refusals:
        found[one.item] = (*found.get(one.item, ()), one)
    return msgspec.structs.replace(
        evidence,
        records=found,
        lost=frozenset(one.path for one in lost.refusals),
        withdrawals=(*evidence.withdrawals, *lost.withdrawals),
        diagnostics=in_order((*evidence.diagnostics, *lost.diagnostics)),
    )


def _load_folder(content: Path, unit: str, folder: str) -> list[EvidenceFile]:
    root = content / unit / folder
    if not root.is_dir():
        return []
    return [
        EvidenceFile(unit, folder, path.name, path.read_bytes())
        for path in sorted(root.iterdir())
        if path.is_file() and not path.name.startswith(".")
    ]


def _parse(file: EvidenceFile) -> Record | Withdrawal | tuple[Diagnostic, ...]:
    parsed: Record | Withdrawal | tuple[Diagnostic, ...]
    if file.folder == records.FOLDER:
        parsed = records.parse_record(file.raw, file.path)
    else:
        parsed = withdrawals.parse_withdrawal(file.raw, file.path)
    if isinstance(parsed, Record | Withdrawal) and parsed.item.partition("/")[0] != file.unit:
        return (diagnostic("evidence-unit", file.path),)
    return parsed


def _spoken_of(file: EvidenceFile) -> set[str]:
    """Whatever a file that cannot be believed may mean: it binds, so that spoiling it publishes nothing."""
    claimed = records.claimed_item(file.raw)
    slug = (records if file.folder == records.FOLDER else withdrawals).slug_of(file.name)
    return {one for one in (claimed, f"{file.unit}/*/{slug}" if slug else None) if one}


def _number_faults(found: Mapping[str, list[Record]], gone: Iterable[Withdrawal]) -> list[Diagnostic]:
    """Numbers that stand twice. A record with a later one of its item counts no more: so it is put right."""
    faults = []
    seen: dict[tuple[str, str], str] = {}
    lasting = [max(of_item, key=records.decided) for of_item in found.values()]
    named = sorted((one.path, one.number) for one in lasting)
    named += sorted((one.path, one.number) for one in gone)
    for path, number in named:
        unit = path.split("/")[1]
        if seen.setdefault((unit, number), path) != path:
            faults.append(diagnostic("evidence-number", path, severity="warning", other=seen[(unit, number)]))
    return faults
