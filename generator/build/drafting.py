"""What is to be written of a tree that stands, made while it is still being audited. Effects: reads the state folder.

After an edit nearly every line of manifest and report is what it was: those are taken over as they stand,
where it is certain that they are the last build's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import NamedTuple

import msgspec

from generator.build.cache import Changed, Memory, OutputState, encode_memory
from generator.build.learning import Knowledge
from generator.build.manifest import ManifestFile, encode_manifest, mend_manifest
from generator.build.report import ItemReport, item_line, join_lines, load_items, mend_lines, parse_line, split_lines
from generator.build.screening import Assembly
from generator.build.settings import Settings
from generator.build.tree import Tree
from generator.clearance.gate import Screening
from generator.clearance.trail import Seen, changes, encode_changes
from generator.errors import UsageError
from generator.search.names import INDEX

_MOST_MENDED = 1000
"""More changed files, or items, are written with all others."""


class _Told(NamedTuple):
    """An item of which the report says something else than the report before; an empty line: nothing."""

    item: str
    before: bytes
    after: bytes


class Draft(NamedTuple):
    """Manifest, report and memory, as they are if no file is taken out again."""

    next_change_at: datetime | None
    manifest: bytes
    digest: str
    """SHA-256 of the manifest."""
    items: bytes
    """Of the report; see ``report.join_lines``."""
    trail: bytes
    """What is to be logged: what became other of the verdicts since the last report."""
    verdicts: str
    """Digest of the verdicts on all items."""
    counts: dict[str, dict[str, int]]
    """Unit → verdict → number of items."""
    memory: dict[str, bytes]
    """See ``cache.encode_memory``."""
    gone: Set[str]
    """Sources that are no more."""


def draft(
    settings: Settings, knowledge: Knowledge, assembly: Assembly, tree: Tree, memory: Memory | None, commit: str
) -> Draft:
    """Manifest, report and memory; ``memory``: what the build before remembered, ``commit``: that of the content."""
    screening = assembly.screening
    moments = (screening.next_change_at, assembly.catalogue.next_change_at)
    next_change_at = min((moment for moment in moments if moment is not None), default=None)
    manifest = _manifest(tree, next_change_at, memory)
    verdicts = _verdicts(screening)
    try:
        before, digest = load_items(settings.state, memory.head.report if memory else "")
    except UsageError:
        before, digest = b"", ""
    touched = None
    if memory is not None and (memory.head.report, memory.head.verdicts) == (digest, verdicts):
        touched = _touched(knowledge, tree, memory)
    if touched is not None and len(touched) > _MOST_MENDED:  # each is looked for in the whole report
        touched = None
    items, told = _items(assembly, tree, before, touched)
    gone = memory.sources.keys() - knowledge.states.keys() if memory is not None else frozenset[str]()
    parts = memory.head.parts if memory is not None else {}
    given = (knowledge.states, tree.entries, knowledge.facts, _changed(memory, knowledge, tree, gone))
    return Draft(
        next_change_at=next_change_at,
        manifest=manifest,
        digest=hashlib.sha256(manifest).hexdigest(),
        items=items,
        trail=_trail(settings, told, commit) if settings.kind == "release" else b"",
        verdicts=verdicts,
        counts=_counts(assembly),
        memory=encode_memory(settings.cache, parts, *given),
        gone=gone,
    )


def _changed(memory: Memory | None, knowledge: Knowledge, tree: Tree, gone: Set[str]) -> Changed:
    """What is other than in memory. Where a page or an item went, nothing may be left that names it."""
    if memory is None:
        return Changed()
    files = tree.changed()
    facts = knowledge.changed | gone if memory.has_facts else None
    if gone or any(path not in tree.entries and not path.startswith(INDEX) for path in files):
        return Changed(facts=facts)
    return Changed(knowledge.read, files, facts)


def _manifest(tree: Tree, next_change_at: datetime | None, memory: Memory | None) -> bytes:
    entries = tree.entries
    if memory is not None and hashlib.sha256(tree.manifest).hexdigest() == memory.head.manifest:
        changed = tree.changed()
        if len(changed) <= _MOST_MENDED:
            files = {path: _file(path, entries[path]) if path in entries else None for path in changed}
            return mend_manifest(tree.manifest, files, next_change_at)
    return encode_manifest((_file(path, entry) for path, entry in entries.items()), next_change_at)


def _file(path: str, entry: OutputState) -> ManifestFile:
    return ManifestFile(path, entry.size, entry.sha256)


def _verdicts(screening: Screening) -> str:
    """A digest of the verdict on every item and of its record: while it is the same, each of them is."""
    digest = hashlib.blake2b("\n".join([one.id for one in screening.cleared]).encode(), digest_size=16)
    withheld = [(one.id, str(one.verdict), one.record, one.until) for one in screening.withheld]
    digest.update(msgspec.msgpack.encode((sorted(screening.records.items()), withheld)))
    return digest.hexdigest()


def _items(assembly: Assembly, tree: Tree, before: bytes, touched: Set[str] | None) -> tuple[bytes, Sequence[_Told]]:
    """The items of the report, and what is other in them than ``before``.

    ``touched``: items of which facts or files are other, while all verdicts are what they were; ``None``: all may be.
    """
    lines = _lines(assembly, tree, touched)
    if touched is None:
        items, old = join_lines(lines.values()), split_lines(before)
    else:
        items, old = mend_lines(before, lines)
    told = [_Told(item, old.get(item, b""), lines.get(item, b"")) for item in sorted(lines.keys() | old.keys())]
    return items, [one for one in told if one.before != one.after]


def _lines(assembly: Assembly, tree: Tree, touched: Set[str] | None) -> dict[str, bytes]:
    """The lines of these items, or of all."""
    screening, items = assembly.screening, assembly.catalogue.items
    cleared = screening.cleared if touched is None else [items[item] for item in sorted(touched) if item in items]
    files = _files_of([one.id for one in cleared], tree)
    lines: dict[str, bytes] = {}
    for one in cleared:
        report = ItemReport(
            verdict="published",
            path=one.facts.path,
            digest=one.facts.digest,
            record=screening.records.get(one.id, ""),
            files=tuple(sorted(files[one.id])),
        )
        lines[one.id] = item_line(one.id, report)
    for withheld in screening.withheld:
        if touched is None or withheld.id in touched:
            report = ItemReport(
                verdict=str(withheld.verdict),
                path=withheld.path,
                digest=withheld.facts.digest,
                record=withheld.record,
                until=withheld.until,
            )
            lines[withheld.id] = item_line(withheld.id, report)
    return lines


def _touched(knowledge: Knowledge, tree: Tree, memory: Memory) -> Set[str]:
    """Items of which facts or files are other than in the build before."""
    pairs = ((tree.entries.get(path), memory.outputs.get(path)) for path in tree.changed())
    facts = knowledge.facts
    return {
        *(entry.source for pair in pairs for entry in pair if entry is not None),
        *(facts[path].id for path in knowledge.changed),
    }


def _files_of(items: Iterable[str], tree: Tree) -> dict[str, list[str]]:
    files: dict[str, list[str]] = {item: [] for item in items}
    if files:
        for path, source in [(path, one.source) for path, one in tree.entries.items() if one.source in files]:
            files[source].append(path)
    return files


def _trail(settings: Settings, told: Sequence[_Told], commit: str) -> bytes:
    before = _seen((one.item, one.before) for one in told)
    after = _seen((one.item, one.after) for one in told)
    return encode_changes(changes(before, after, at=settings.now, commit=commit))


def _seen(lines: Iterable[tuple[str, bytes]]) -> dict[str, Seen]:
    reports = {item: parse_line(line) for item, line in lines if line}
    return {item: Seen(verdict=one.verdict, digest=one.digest, record=one.record) for item, one in reports.items()}


def _counts(assembly: Assembly) -> dict[str, dict[str, int]]:
    units = assembly.catalogue.units
    published = {unit: sum(len(one.own) for one in units[unit].sections.values()) for unit in units}
    counts = {unit: {"published": number} for unit, number in published.items() if number}
    for withheld in assembly.screening.withheld:
        of_unit, verdict = counts.setdefault(withheld.id.partition("/")[0], {}), str(withheld.verdict)
        of_unit[verdict] = of_unit.get(verdict, 0) + 1
    return {unit: dict(sorted(of_unit.items())) for unit, of_unit in sorted(counts.items())}
