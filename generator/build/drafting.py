"""What is to be written of a tree that stands, made while it is still being audited. Effects: reads the state folder.

After an edit nearly every line of manifest and report is what it was: those are taken over as they stand,
where it is certain that they are the last build's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from datetime import datetime
from typing import NamedTuple

from generator.build.cache import Memory, OutputState
from generator.build.learning import Knowledge
from generator.build.manifest import ManifestFile, encode_manifest, mend_manifest
from generator.build.report import ItemReport, item_line, load_lines
from generator.build.screening import Assembly
from generator.build.settings import Settings
from generator.build.tree import Tree
from generator.clearance.gate import ClearedItem, Screening
from generator.errors import UsageError

_MOST_MENDED = 1000
"""More changed files are written with all others."""
_PUBLISHED, _NO_RECORD = b'{"verdict":"published",', b'"record":""'
_BETWEEN = len('"":')
"""What stands beside the id before the verdict."""


class Draft(NamedTuple):
    """Manifest and report, as they are if no file is taken out again."""

    next_change_at: datetime | None
    manifest: bytes
    digest: str
    """SHA-256 of the manifest."""
    lines: Mapping[str, bytes]
    """Of the report, by item; see ``report.item_line``."""
    before: Mapping[str, bytes]
    """Those of the report before."""
    other: list[str]
    """Items of which they differ."""
    counts: dict[str, dict[str, int]]
    """Unit → verdict → number of items."""


def draft(settings: Settings, knowledge: Knowledge, assembly: Assembly, tree: Tree, memory: Memory | None) -> Draft:
    """Manifest and report; ``memory``: what the build before remembered."""
    screening = assembly.screening
    moments = (screening.next_change_at, assembly.catalogue.next_change_at)
    next_change_at = min((moment for moment in moments if moment is not None), default=None)
    manifest = _manifest(tree, next_change_at, memory)
    before, digest = _lines_before(settings)
    believed = memory is not None and memory.head.report == digest
    touched = _touched(knowledge, tree, memory) if memory is not None and believed else None
    lines, other = _lines(screening, tree, before, touched)
    return Draft(
        next_change_at=next_change_at,
        manifest=manifest,
        digest=hashlib.sha256(manifest).hexdigest(),
        lines=lines,
        before=before,
        other=other,
        counts=_counts(assembly),
    )


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


def _lines_before(settings: Settings) -> tuple[Mapping[str, bytes], str]:
    try:
        return load_lines(settings.state)
    except UsageError:
        return {}, ""


def _lines(
    screening: Screening, tree: Tree, before: Mapping[str, bytes], touched: Set[str] | None
) -> tuple[dict[str, bytes], list[str]]:
    """A line for each item, and the items of which it is other than before.

    ``touched``: items of which facts or files are other than in the build that wrote those lines; ``None``: all may be.
    """
    lines: dict[str, bytes] = {}
    anew: dict[str, ClearedItem] = {}
    records = {item: f'"record":"{record}"'.encode() for item, record in screening.records.items()}
    for one in screening.cleared:
        item = one.id
        line = lines[item] = before.get(item, b"")
        same = touched is not None and item not in touched and line.startswith(_PUBLISHED, len(item) + _BETWEEN)
        # A record that JSON writes otherwise is not found, and told anew.
        if not same or records.get(item, _NO_RECORD) not in line:
            anew[item] = one
    for item, files in _files_of(anew.keys(), tree).items():
        facts, record = anew[item].facts, screening.records.get(item, "")
        report = ItemReport(
            verdict="published", path=facts.path, digest=facts.digest, record=record, files=tuple(sorted(files))
        )
        lines[item] = item_line(item, report)
    for withheld in screening.withheld:
        report = ItemReport(
            verdict=str(withheld.verdict),
            path=withheld.path,
            digest=withheld.facts.digest,
            record=withheld.record,
            until=withheld.until,
        )
        lines[withheld.id] = item_line(withheld.id, report)
    other = [item for item in (*anew, *(one.id for one in screening.withheld)) if lines[item] != before.get(item)]
    return lines, [*other, *(before.keys() - lines.keys())]


def _touched(knowledge: Knowledge, tree: Tree, memory: Memory) -> Set[str]:
    """Items of which facts or files are other than in the build before."""
    pairs = ((tree.entries.get(path), memory.outputs.get(path)) for path in tree.changed())
    facts = knowledge.facts
    return {
        *(entry.source for pair in pairs for entry in pair if entry is not None),
        *(facts[path].id for path in knowledge.changed),
    }


def _files_of(items: Set[str], tree: Tree) -> dict[str, list[str]]:
    files: dict[str, list[str]] = {item: [] for item in items}
    if files:
        for path, source in [(path, one.source) for path, one in tree.entries.items() if one.source in files]:
            files[source].append(path)
    return files


def _counts(assembly: Assembly) -> dict[str, dict[str, int]]:
    units = assembly.catalogue.units
    published = {unit: sum(len(one.own) for one in units[unit].sections.values()) for unit in units}
    counts = {unit: {"published": number} for unit, number in published.items() if number}
    for withheld in assembly.screening.withheld:
        of_unit, verdict = counts.setdefault(withheld.id.partition("/")[0], {}), str(withheld.verdict)
        of_unit[verdict] = of_unit.get(verdict, 0) + 1
    return {unit: dict(sorted(of_unit.items())) for unit, of_unit in sorted(counts.items())}
