"""After the tree is written: prove that nothing withheld stands in it. Effects: reads the tree, packs and cache.

The proof itself is ``clearance.audit``; here it meets the files. A file found clean of every fingerprint is
remembered by its digest and the fingerprints', so that the proof is cheap enough to run always.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from generator.build.cache import OutputState
from generator.build.executor import Workers, chunked
from generator.build.explaining import OwnerRef, explain
from generator.build.learning import PACKS, Knowledge
from generator.build.packs import BodyRef, PackReader
from generator.build.progress import Progress
from generator.build.proving import prove_terms
from generator.build.settings import Settings
from generator.build.shared import Shared
from generator.build.standing import Proof
from generator.build.withheld import Asked, load_prints
from generator.clearance.audit import Leak, file_leaks, leaks, together, withheld_files
from generator.clearance.audit_views import kind_of
from generator.clearance.fingerprints import Fingerprints, once, within, without
from generator.clearance.folding import SEPARATOR
from generator.clearance.gate import Screening
from generator.clearance.scanner import File, Owner, Quote, Scan, Scanned, Scanner
from generator.clearance.verbatim import Repeated
from generator.model import ItemBody

_CHUNK = 200
_FEW = 80

Decoders = Mapping[str, Callable[[bytes], Iterable[str]]]


@dataclass(frozen=True)
class AuditContext:
    """What every scan needs."""

    prints: Fingerprints
    known: frozenset[str]
    decoders: Decoders
    out: Path
    packs: Path
    base_urls: Mapping[str, str]

    @cached_property
    def repeated(self) -> Repeated:
        """Made once a process: its tables are larger than what they are made of."""
        return Repeated(self.prints)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "repeated"}


class AuditTask(NamedTuple):
    """A chunk of files, with the owner of each that has one."""

    context: Shared[AuditContext]
    files: Sequence[tuple[str, OwnerRef | None]]


@dataclass(frozen=True)
class AuditResult:
    """The proof, or what stands against it."""

    leaks: tuple[Leak, ...]
    proof: Proof


class Remembered(NamedTuple):
    """What the build before proved, and the files of which it did."""

    proof: Proof
    outputs: Mapping[str, OutputState]


def scan_chunk(task: AuditTask) -> Scanned:
    """Scan a chunk of files as they lie on disk."""
    context = task.context.get()
    scanner = Scanner(context.prints, known=context.known, decoders=context.decoders, repeated=lambda: context.repeated)
    with PackReader(context.packs) as packs:

        @lru_cache(maxsize=1)  # the files of an item follow each other
        def body(ref: BodyRef) -> ItemBody:
            return packs.texts(ref)

        def owned(ref: OwnerRef) -> Owner:
            base_url = context.base_urls.get(ref.facts.id.partition("/")[0], "")
            return Owner(ref.facts, lambda: body(BodyRef(*ref.body)), base_url)

        files = (File(path, _bytes_of(context.out, path), owned(ref) if ref else None) for path, ref in task.files)
        return scanner.scan_all(files)


def _bytes_of(out: Path, path: str) -> bytes:
    with open(f"{out}/{path}", "rb", buffering=0) as file:
        return file.read()


def audit(
    settings: Settings,
    screening: Screening,
    knowledge: Knowledge,
    entries: Mapping[str, OutputState],
    remembered: Remembered,
    configuration: Mapping[str, bytes],
    decoders: Decoders,
    base_urls: Mapping[str, str],
    crew: Workers,
    progress: Progress,
) -> AuditResult:
    """Scan every file that is not remembered as clean; gives the leaks.

    ``configuration`` are the files of definitions and theme: what they say, they may say in public.
    """
    screening = _without_exposed(screening)
    believed = bool(remembered.proof.prints_digest)
    asked = load_prints(settings, screening, knowledge, configuration, base_urls, crew, believed=believed)
    prints = asked.prints
    before, clean, fresh = _still_proved(remembered, asked)
    published = {file.published_sha256 for one in screening.cleared for file in one.facts.attachments}
    context = AuditContext(
        prints=prints,
        known=frozenset(published) | {hashlib.sha256(data).hexdigest() for data in configuration.values()},
        decoders=decoders,
        out=settings.out.resolve(),
        packs=(settings.cache / PACKS).resolve(),
        base_urls=base_urls,
    )
    work = _sorted_out(screening, knowledge, entries, before, clean, decoders, again=bool(len(fresh)))
    scans, quotes = list(work.told), list[Quote]()
    for looked_for, files, textless in ((prints, work.files, work.textless), (fresh, work.known, work.known_textless)):
        if looked_for is prints or len(looked_for):  # even with nothing to look for, what cannot be read is told
            scanned = _scan(settings, replace(context, prints=looked_for), files, crew, progress)
            scans += [*scanned.scans, *_scan_names(looked_for, textless)]
            quotes += scanned.quotes
    scans = _together(scans, prints)
    keys = together(scans)
    explanation = explain(settings, screening, knowledge, prints, keys, quotes, before.said, base_urls, crew)
    found = leaks(prints, scans, without(keys, explanation.unexplained))
    found += prove_terms(settings, screening, knowledge, entries, crew)
    found += file_leaks(((path, entry.sha256) for path, entry in entries.items()), withheld_files(screening))
    proof = Proof(
        prints_digest=prints.digest,
        dirty={scan.path: scan.keys.tobytes() if scan.readable else b"" for scan in scans},
        said=explanation.said,
    )
    return AuditResult(tuple(sorted(set(found))), proof)


def _still_proved(remembered: Remembered, asked: Asked) -> tuple[Proof, Mapping[str, OutputState], Fingerprints]:
    """What holds of the proof before, of which files, and what of them was not looked for then."""
    proof, nothing = remembered.proof, Fingerprints([])
    if proof.prints_digest == asked.prints.digest:
        return proof, remembered.outputs, nothing
    if asked.before is not None and asked.before.digest == proof.prints_digest:
        fresh = without(asked.prints.keys, asked.before.keys)
        return proof, remembered.outputs, asked.prints.narrowed(fresh) if fresh.size else nothing
    return Proof(), {}, nothing


def _together(scans: Sequence[Scan], prints: Fingerprints) -> list[Scan]:
    """One scan a file, of what is looked for today."""
    by_path: dict[str, Scan] = {}
    wanted = prints.keys
    for scan in scans:
        other = by_path.get(scan.path)
        keys = scan.keys if other is None else np.concatenate((other.keys, scan.keys))
        kept = within(once(keys), wanted)
        by_path[scan.path] = scan._replace(keys=kept, readable=scan.readable and (other is None or other.readable))
    return [scan for _, scan in sorted(by_path.items()) if scan.keys.size or not scan.readable]


class _Work(NamedTuple):
    """What is to be looked through, and what is known."""

    files: list[tuple[str, OwnerRef | None]]
    """In the order of items, so that all files of one item are explained at once."""
    textless: list[str]
    known: list[tuple[str, OwnerRef | None]]
    """Files that are as they were: only what was not looked for then is looked for now."""
    known_textless: list[str]
    told: list[Scan]
    """What stands in those that others must explain."""


def _sorted_out(
    screening: Screening,
    knowledge: Knowledge,
    entries: Mapping[str, OutputState],
    before: Proof,
    clean: Mapping[str, OutputState],
    decoders: Decoders,
    *,
    again: bool,
) -> _Work:
    """``again``: files that are as they were are looked at too, for what was not looked for then."""
    cleared = {one.id: one.facts for one in screening.cleared}
    work = _Work([], [], [], [], [])
    for path, entry in entries.items():
        facts = cleared.get(entry.source)
        keys = before.dirty.get(path)
        # What an item explained is not explained when that item was read again, or is cleared no more.
        explained = facts.path not in knowledge.changed if facts else entry.source.count("/") != 2
        same = clean.get(path) == entry and explained
        known = same and keys != b""  # what could not be read is read again
        if known and keys:
            work.told.append(Scan(path, np.frombuffer(keys, np.uint64), np.empty(0, np.uint64)))
        if known and not again:
            continue
        if decoders.get(kind_of(path)) is no_text:
            (work.known_textless if known else work.textless).append(path)
        else:
            owner = OwnerRef(facts, knowledge.states[facts.path].body) if facts else None
            (work.known if known else work.files).append((path, owner))
    for files in (work.files, work.known):
        files.sort(key=lambda one: (one[1].facts.id if one[1] else "", one[0]))
    return work


def no_text(data: bytes) -> tuple[str, ...]:
    """Reads a format that holds no running text: of such a file only the name is looked at."""
    return ()


def _scan_names(prints: Fingerprints, paths: Sequence[str]) -> list[Scan]:
    """Thousands of names at once; one by one only when something stands in one of them."""
    if not prints.hits(SEPARATOR.join(paths)).size:
        return []
    scans = (Scan(path, prints.hits(path), np.empty(0, np.uint64)) for path in paths)
    return [scan for scan in scans if scan.keys.size]


def _without_exposed(screening: Screening) -> Screening:
    """What is withheld explains nothing, even if a preview's screening came here by mistake."""
    held = {one.id for one in screening.withheld}
    return replace(screening, cleared=tuple(one for one in screening.cleared if one.id not in held))


def _scan(
    settings: Settings,
    context: AuditContext,
    work: Sequence[tuple[str, OwnerRef | None]],
    crew: Workers,
    progress: Progress,
) -> Scanned:
    if not work:
        return Scanned((), ())
    shared = Shared(settings.fs, settings.cache.resolve(), context)
    progress.stage("audit", len(work))
    scans: list[Scan] = []
    quotes: list[Quote] = []
    tasks = [AuditTask(shared, chunk) for chunk in chunked(work, _CHUNK)]
    for task, result in zip(tasks, crew.map(scan_chunk, tasks, small=len(work) <= _FEW), strict=True):
        scans += result.scans
        quotes += result.quotes
        progress.advance(len(task.files))
    return Scanned(tuple(scans), tuple(quotes))
