"""After the tree is written: prove that nothing withheld stands in it. Effects: reads the tree, packs and cache.

The proof itself is ``clearance.audit``; here it meets the files. A file found clean of every fingerprint is
remembered by its digest and the fingerprints', so that the proof is cheap enough to run always.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain
from operator import attrgetter, is_
from typing import NamedTuple

import numpy as np

from generator.build.background import in_background
from generator.build.cache import OutputState
from generator.build.executor import Workers
from generator.build.explaining import explain_by_items, explain_by_places, explain_by_quotes
from generator.build.learning import PACKS, Knowledge
from generator.build.progress import Progress
from generator.build.proving import ProofOfTerms
from generator.build.scanning import AuditContext, Decoders, Written, begin_scan, looked_at_again
from generator.build.settings import Settings
from generator.build.shared import Shared
from generator.build.standing import Proof
from generator.build.texts import ReadBack
from generator.build.withheld import Ahead, Asked, begin_prints
from generator.clearance.audit import Leak, file_leaks, leaks, together, withheld_files
from generator.clearance.audit_texts import Publisher
from generator.clearance.audit_views import kind_of
from generator.clearance.fingerprints import Fingerprints, once, within, without
from generator.clearance.folding import SEPARATOR
from generator.clearance.gate import Screening
from generator.clearance.scanner import Quote, Scan, Scanned
from generator.clearance.sieve import Passage, Sieve

_MANY = 1000
"""Names that are worth a sieve."""
_AHEAD = 0.6
"""Of what stands before the index does, so much is looked through at once. The rest is given out behind the index's
own files: workers have it to do while this process weighs what they found there."""


@dataclass(frozen=True)
class AuditResult:
    """The proof, or what stands against it."""

    leaks: tuple[Leak, ...]
    proof: Proof


class Remembered(NamedTuple):
    """What the build before proved, and the files of which it did."""

    proof: Proof
    outputs: Mapping[str, OutputState]


class Begun(NamedTuple):
    """Files that are looked through while others are still made."""

    entries: Mapping[str, OutputState]
    """As they stood when that began."""
    scanned: Iterator[Scanned]


class UnderWay(NamedTuple):
    """What was done of the proof while the tree was made."""

    scan: Begun | None
    texts: Mapping[str, ReadBack]
    """Files that hold the texts of a body, by path."""
    terms: ProofOfTerms | None


@dataclass(frozen=True)
class Audit:
    """The audit of one build, from ``begin_audit``."""

    settings: Settings
    screening: Screening
    knowledge: Knowledge
    remembered: Remembered
    configuration: Mapping[str, bytes]
    decoders: Decoders
    publishers: Mapping[str, Publisher]
    crew: Workers
    asked: Callable[[], Asked]
    """Waits for what is looked for, the first time: best called while workers are busy."""

    def begin(self, entries: Mapping[str, OutputState]) -> Begun | None:
        """Set workers, if they are there, to looking through what stands already of a tree that is new to us."""
        if self.remembered.outputs or not self.crew.started:
            return None
        written = self._written(self._sorted_out(entries, Proof(), {}, frozenset(), again=False).files)
        ahead = written[: int(len(written) * _AHEAD)]
        begun = {path: entries[path] for _, paths in ahead for path in paths}
        return Begun(begun, begin_scan(self._shared, ahead, self.crew))

    def begin_terms(self, entries: Mapping[str, OutputState]) -> ProofOfTerms | None:
        """Set workers, if they are there, to proving the terms of the index, all of whose own files stand in the tree.

        Where there are none, ``run`` lets a copy of this process do it.
        """
        if self.crew.started or not self.remembered.outputs or self.crew.jobs == 1:
            return self._prove_terms(entries, self.crew)
        return None

    def _prove_terms(self, entries: Mapping[str, OutputState], crew: Workers) -> ProofOfTerms:
        return ProofOfTerms(self.settings, self.screening, self.knowledge, entries, crew)

    def run(
        self,
        entries: Mapping[str, OutputState],
        under_way: UnderWay,
        progress: Progress,
        meanwhile: Callable[[], object],
    ) -> AuditResult:
        """Scan every file that is not remembered as clean; ``meanwhile`` is done while other processes do that."""
        if (terms := under_way.terms) is not None:
            found, proof = self._found(entries, under_way, progress, (terms.ask, meanwhile))
            return AuditResult(tuple(sorted({*found, *terms.finish()})), proof)
        with in_background(lambda: self._prove_terms(entries, self.crew.alone()).finish()) as proved:
            found, proof = self._found(entries, under_way, progress, (meanwhile,))
            return AuditResult(tuple(sorted({*found, *proved()})), proof)

    def _found(
        self,
        entries: Mapping[str, OutputState],
        under_way: UnderWay,
        progress: Progress,
        meanwhile: Sequence[Callable[[], object]],
    ) -> tuple[tuple[Leak, ...], Proof]:
        """What stands in the files, and what is to be remembered of them; ``meanwhile`` workers scan."""
        screening, knowledge, prints = self.screening, self.knowledge, self.asked().prints
        before, clean, fresh = _still_proved(self.remembered, self.asked())
        begun = under_way.scan or Begun({}, iter(()))
        left = {path: entry for path, entry in entries.items() if begun.entries.get(path) is not entry}
        work = self._sorted_out(left, before, clean, self._said(entries, under_way.texts), again=bool(len(fresh)))
        if prints.digest != before.prints_digest:  # some may not be looked for any more
            work = work._replace(told=[scan._replace(keys=prints.known(scan.keys)) for scan in work.told])
        scans, quotes = self._scanned(fresh, work, _standing(begun, entries), progress, meanwhile)
        quoted = explain_by_quotes(screening, knowledge, together(scans), quotes, before.said)
        scans = looked_at_again(self._context, scans, quoted.unexplained)
        keys = together(scans)
        quoted = quoted._replace(unexplained=within(quoted.unexplained, keys))
        quoted = explain_by_places(screening, prints, quoted, self.publishers)
        explanation = explain_by_items(self.settings, screening, knowledge, prints, quoted, self.crew)
        found = leaks(prints, scans, without(keys, explanation.unexplained))
        if withheld := withheld_files(screening):
            found += file_leaks(((path, entry.sha256) for path, entry in entries.items()), withheld)
        proof = Proof(
            prints_digest=prints.digest,
            dirty={scan.path: scan.keys.tobytes() if scan.readable else b"" for scan in scans},
            said=explanation.to_remember(knowledge),
        )
        return found, proof

    def _said(self, entries: Mapping[str, OutputState], texts: Mapping[str, ReadBack]) -> Set[str]:
        """Files that hold nothing but what the cleared item says of which they are: only their names are looked at."""
        states = self.knowledge.states
        bodies = {one.id: states[one.facts.path].body for one in self.screening.cleared} if texts else {}
        return {
            path
            for path, (entry, body) in texts.items()
            if entries.get(path) is entry and bodies.get(entry.source) == body[:3]
        }

    def _sorted_out(
        self,
        entries: Mapping[str, OutputState],
        before: Proof,
        clean: Mapping[str, OutputState],
        said: Set[str],
        *,
        again: bool,
    ) -> _Work:
        """``again``: files that are as they were are looked at too, for what was not looked for then."""
        knowledge = self.knowledge
        cleared, changed = {one.id: one.facts for one in self.screening.cleared}, knowledge.changed
        unsteady = {one.id for path in changed if (one := knowledge.facts[path]).id in cleared}
        steady = cleared.keys() - unsteady if unsteady else cleared.keys()
        work = _Work({}, [], {}, [], [])
        # Nearly all files are those of items that are as they were; no step is made for each of them.
        as_it_was = map(is_, map(clean.get, entries), entries.values())
        of_steady = map(steady.__contains__, map(_source_of, entries.values()))
        doubtful = [path for path, one, two in zip(entries, as_it_was, of_steady, strict=True) if not (one and two)]
        doubtful += (path for path in before.dirty.keys() - doubtful if path in entries)
        for path in entries if again else doubtful:
            entry = entries[path]
            facts = cleared.get(entry.source)
            known, keys = path in clean and clean[path] == entry, before.dirty.get(path)
            if known:
                # What an item explained is not explained when that item was read again, or is cleared no more.
                explained = facts.path not in changed if facts else entry.source.count("/") != 2
                known = explained and keys != b""  # what could not be read is read again
            if known and keys:
                work.told.append(Scan(path, np.frombuffer(keys, np.uint64), np.empty(0, np.uint64), exact=False))
            if known and not again:
                continue
            if path in said or self.decoders.get(kind_of(path)) is no_text:
                (work.known_textless if known else work.textless).append(path)
                continue
            (work.known if known else work.files).setdefault(facts.path if facts else "", []).append(path)
        return work

    def _written(self, paths: Mapping[str, list[str]]) -> list[Written]:
        """Files by the sources of their items → files with them, in the order of items."""
        knowledge = self.knowledge
        work: list[Written] = [(None, (path,)) for path in sorted(paths.get("", ()))]
        for source in sorted(filter(None, paths)):
            owner = (knowledge.facts[source].id, source, knowledge.body_of(source)[:])
            work.append((owner, sorted(paths[source])))
        return work

    def _scanned(
        self,
        fresh: Fingerprints,
        work: _Work,
        begun: Begun,
        progress: Progress,
        meanwhile: Sequence[Callable[[], object]],
    ) -> tuple[Sequence[Scan], Sequence[Quote]]:
        """What stands in the files and is not explained by their owners; ``fresh`` was not looked for before."""
        prints = self.asked().prints
        scans, quotes = list[Scan](), list[Quote]()
        progress.stage("audit", sum(map(len, work.files.values())) + len(begun.entries))
        under_way = [begun.scanned, begin_scan(self._shared, self._written(work.files), self.crew)]
        if len(fresh):  # with nothing to look for, ``prints`` tell of files what cannot be read
            context = replace(self._context, prints=fresh)
            scans_again = begin_scan(self._handed_out(context), self._written(work.known), self.crew)
            under_way.append(scans_again)
        for other in meanwhile:
            other()
        for some in chain.from_iterable(under_way):
            scans += some.scans
            quotes += some.quotes
            progress.advance(some.files)
        scans += _scan_names(prints, work.textless)
        scans += _scan_names(fresh, work.known_textless)
        return _together(work.told, scans, prints), quotes

    @cached_property
    def _shared(self) -> Shared[AuditContext]:
        return self._handed_out(self._context)

    def _handed_out(self, context: AuditContext) -> Shared[AuditContext]:
        return Shared(self.settings.fs, self.settings.cache.resolve(), context)

    @cached_property
    def _context(self) -> AuditContext:
        published = {file.published_sha256 for one in self.screening.cleared for file in one.facts.attachments}
        return AuditContext(
            prints=self.asked().prints,
            known=frozenset(published) | {hashlib.sha256(data).hexdigest() for data in self.configuration.values()},
            decoders=self.decoders,
            out=self.settings.out.resolve(),
            packs=(self.settings.cache / PACKS).resolve(),
        )


def begin_audit(
    settings: Settings,
    screening: Screening,
    knowledge: Knowledge,
    remembered: Remembered,
    configuration: Mapping[str, bytes],
    decoders: Decoders,
    publishers: Mapping[str, Publisher],
    crew: Workers,
    ahead: Ahead,
) -> Audit:
    """Begin before the tree is made, so that what is looked for is known when the tree stands.

    ``configuration`` are the files of definitions and theme: what they say, they may say in public.
    """
    screening = _without_exposed(screening)
    believed = bool(remembered.proof.prints_digest)
    given = (settings, screening, knowledge, configuration, publishers, crew)
    asked = begin_prints(*given, ahead=ahead, believed=believed)
    return Audit(settings, screening, knowledge, remembered, configuration, decoders, publishers, crew, cache(asked))


def _standing(begun: Begun, entries: Mapping[str, OutputState]) -> Begun:
    """The same, but for files that went or were written anew since: what stood in them is not told."""

    def told(scanned: Scanned) -> Scanned:
        scans = [one for one in scanned.scans if begun.entries[one.path] is entries.get(one.path)]
        return scanned._replace(scans=tuple(scans))

    return begun._replace(scanned=map(told, begun.scanned))


def _still_proved(remembered: Remembered, asked: Asked) -> tuple[Proof, Mapping[str, OutputState], Fingerprints]:
    """What holds of the proof before, of which files, and what of them was not looked for then."""
    proof, nothing = remembered.proof, Fingerprints([])
    if proof.prints_digest == asked.prints.digest:
        return proof, remembered.outputs, nothing
    if asked.before is not None and asked.before.digest == proof.prints_digest:
        fresh = without(asked.prints.keys, asked.before.keys)
        return proof, remembered.outputs, asked.prints.narrowed(fresh) if fresh.size else nothing
    return Proof(), {}, nothing


def _together(told: Sequence[Scan], scans: Sequence[Scan], prints: Fingerprints) -> list[Scan]:
    """One scan a file, of what is looked for today; that of one that is only ``told`` is as it was found."""
    again = {scan.path for scan in scans}
    by_path = {scan.path: scan for scan in told if scan.path not in again}
    for scan in [*(one for one in told if one.path in again), *scans]:
        other = by_path.get(scan.path)
        keys = scan.keys if other is None else np.concatenate((other.keys, scan.keys))
        kept = prints.known(once(keys))
        readable, exact = (scan.readable, scan.exact) if other is None else _both(scan, other)
        by_path[scan.path] = scan._replace(keys=kept, readable=readable, exact=exact)
    return [scan for _, scan in sorted(by_path.items()) if scan.keys.size or not scan.readable]


def _both(one: Scan, other: Scan) -> tuple[bool, bool]:
    return one.readable and other.readable, one.exact and other.exact


_source_of = attrgetter("source")


class _Work(NamedTuple):
    """What is to be looked through, and what is known."""

    files: dict[str, list[str]]
    """By the source of their item, or under nothing: all files of one item are explained at once."""
    textless: list[str]
    """Those of which only the name is looked at."""
    known: dict[str, list[str]]
    """Files that are as they were: only what was not looked for then is looked for now."""
    known_textless: list[str]
    told: list[Scan]
    """What stands in those that others must explain."""


def no_text(data: bytes) -> tuple[str, ...]:
    """Reads a format that holds no running text: of such a file only the name is looked at."""
    return ()


def _scan_names(prints: Fingerprints, paths: Sequence[str]) -> list[Scan]:
    """Thousands of names at once; one by one only when something stands in one of them."""
    names = SEPARATOR.join(paths)
    if len(paths) < _MANY:
        found = bool(prints.hits(names).size)
    else:
        together = Sieve(prints).find([Passage(names)])
        found = bool(together.keys.size or together.odd)
    if not found:
        return []
    scans = (Scan(path, prints.hits(path), np.empty(0, np.uint64)) for path in paths)
    return [scan for scan in scans if scan.keys.size]


def _without_exposed(screening: Screening) -> Screening:
    """What is withheld explains nothing, even if a preview's screening came here by mistake."""
    held = {one.id for one in screening.withheld}
    return replace(screening, cleared=tuple(one for one in screening.cleared if one.id not in held))
