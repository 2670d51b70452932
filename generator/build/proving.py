"""Every term of the search dictionaries stands in a cleared item: proved after every build.

Effects: reads tree and packs; the cache folder.

For each term of each file of the index one cleared item is remembered whose postings have it, its witness. A
file that is as it was needs no second look, unless a witness changed since or is cleared no more; then
another must be found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, compress
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.build import cache
from generator.build.cache import OutputState, sealed, unsealed
from generator.build.executor import Workers, chunked
from generator.build.learning import Knowledge
from generator.build.scanning import bytes_of
from generator.build.settings import Settings
from generator.build.table import folding_table
from generator.build.witnesses import NOBODY, NOTHING_KNOWN, Known, Numbers, WitnessSearch, term_ids
from generator.clearance.audit import Leak
from generator.clearance.fingerprints import once
from generator.clearance.folding import Words
from generator.clearance.gate import Screening
from generator.search.names import INDEX, TEXTS
from generator.search.terms import file_terms

WITNESSES = "terms.bin"
_FILES = 300
_FEW = 60

_NOTHING: Words = np.empty(0, np.uint64)


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """The witnesses of one build; columns, as there are thousands of rows."""

    code: str
    """Digest of the program that read the terms."""
    sources: Sequence[str]
    """Of witnesses."""
    keys: Sequence[bytes]
    """The key of the state of each."""
    paths: Sequence[str]
    """Of files."""
    digests: Sequence[bytes]
    """SHA-256 of each."""
    sizes: bytes
    """How many terms each has (64 bits)."""
    terms: bytes
    """Of all files, one after the other (``Words``)."""
    witnesses: bytes
    """Beside each term the number of a source, or one that is none's (``Numbers``)."""


class ReadTask(NamedTuple):
    """A chunk of files of the index."""

    out: Path
    folder: Path
    """Of the cache."""
    paths: Sequence[str]


class ReadTerms(NamedTuple):
    """The terms of a chunk of files in one array, as thousands of small ones are sent on at some cost."""

    paths: Sequence[str]
    """Those that could be read, in the order of their terms."""
    sizes: NDArray[np.int64]
    """How many terms each has."""
    terms: Words
    unreadable: Sequence[str]


class ProofOfTerms:
    """The files of the index that hold a term of no cleared item, or that cannot be read.

    At once workers are set to reading the index. ``ask``, best called while they have something else to do, sets them
    to looking for the terms in items; ``finish`` waits for all.
    """

    def __init__(
        self,
        settings: Settings,
        screening: Screening,
        knowledge: Knowledge,
        entries: Mapping[str, OutputState],
        crew: Workers,
    ) -> None:
        self._settings = settings
        self._knowledge = knowledge
        self._entries = entries
        self._sources = [one.facts.path for one in screening.cleared]
        self._remembered, self._known = _remembered(settings, knowledge, entries, self._sources)
        index = [path for path in entries if path.startswith(INDEX) and not path.startswith(TEXTS)]
        remembered = frozenset(self._remembered.paths)
        new = sorted(path for path in index if _is_dictionary(path) and path not in remembered)
        tasks = [ReadTask(settings.out.resolve(), settings.cache.resolve(), chunk) for chunk in chunked(new, _FILES)]
        self._read = crew.begin(read_terms, tasks, small=len(new) <= _FEW)
        self._search = WitnessSearch(settings, knowledge, self._sources, crew)
        self._asked: _Asked | None = None

    def ask(self) -> None:
        """Wait for what stands in the index, and begin to look for it in items."""
        before, read = self._remembered, [*self._read]
        nobody = np.full(sum(one.terms.size for one in read), NOBODY, np.int32)
        table = _Table(
            paths=[*chain(before.paths, *(one.paths for one in read))],
            sizes=np.concatenate([before.sizes, *(one.sizes for one in read)]),
            terms=np.concatenate([before.terms, *(one.terms for one in read)]),
            witnesses=np.concatenate([before.witnesses, nobody]),
        )
        places = np.flatnonzero(table.witnesses == NOBODY)
        numbered = _numbered(table.terms.take(places))
        self._asked = _Asked(table, places, numbered.numbers, [*chain.from_iterable(one.unreadable for one in read)])
        self._search.begin(numbered.terms, self._known)

    def finish(self) -> tuple[Leak, ...]:
        """What stands against the index."""
        if self._asked is None:
            self.ask()
        asked = self._asked
        assert asked is not None
        table = asked.table
        table.witnesses[asked.places] = self._search.finish().take(asked.numbers)
        unproved = np.searchsorted(np.cumsum(table.sizes), np.flatnonzero(table.witnesses == NOBODY), side="right")
        _store(self._settings, self._knowledge, self._entries, self._sources, table)
        bad = [Leak(table.paths[place], "", "term") for place in once(unproved).tolist()]
        return (*bad, *(Leak(path, "", "unreadable") for path in asked.unreadable))


class _Table(NamedTuple):
    """What stands in many files, one after the other."""

    paths: Sequence[str]
    sizes: NDArray[np.int64]
    """How many terms each has."""
    terms: Words
    witnesses: Numbers
    """Beside each term the number of an item, or ``NOBODY``."""


class _Asked(NamedTuple):
    """What stands in all files, and for which of it a witness is looked for."""

    table: _Table
    places: NDArray[np.int64]
    """Of the terms that had none."""
    numbers: NDArray[np.int64]
    """Which of the terms that are looked for each of them is."""
    unreadable: Sequence[str]


class _Numbered(NamedTuple):
    terms: Words
    """Sorted, each once."""
    numbers: NDArray[np.int64]
    """Where among these each of those is that were given."""


def _numbered(terms: Words) -> _Numbered:
    order = np.argsort(terms, kind="stable")
    ordered = terms.take(order)
    new = np.ones(ordered.size, np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    numbers = np.empty(terms.size, np.int64)
    numbers[order] = np.cumsum(new) - 1
    return _Numbered(ordered.compress(new), numbers)


def _is_dictionary(path: str) -> bool:
    """Whether a file of the index holds terms; texts and titles to be shown are read by the audit as texts."""
    return path.endswith(".bin") or path.startswith(f"{INDEX}thesaurus-")


def read_terms(task: ReadTask) -> ReadTerms:
    """The terms of a chunk of files."""
    files = [(path, bytes_of(task.out, path)) for path in task.paths]
    try:
        found = file_terms(files, folding_table(task.folder))
    except ValueError:
        if len(files) == 1:
            return ReadTerms([], np.empty(0, np.int64), _NOTHING, task.paths)
        return _together([read_terms(task._replace(paths=[path])) for path in task.paths])
    others = [term_ids(terms) for _, terms in found.others]
    return ReadTerms(
        paths=[*found.shards, *(path for path, _ in found.others)],
        sizes=np.array([*found.pairs.counts.tolist(), *(one.size for one in others)], np.int64),
        terms=np.concatenate([found.pairs.keys.astype(np.uint64), *others]),
        unreadable=[],
    )


def _together(each: Sequence[ReadTerms]) -> ReadTerms:
    return ReadTerms(
        [*chain.from_iterable(one.paths for one in each)],
        np.concatenate([one.sizes for one in each]),
        np.concatenate([one.terms for one in each]),
        [*chain.from_iterable(one.unreadable for one in each)],
    )


def _remembered(
    settings: Settings, knowledge: Knowledge, entries: Mapping[str, OutputState], sources: Sequence[str]
) -> tuple[_Table, Known]:
    """Terms and witnesses of the files that are what they were, and of all; a witness that changed is none."""
    stored = _load(settings)
    if stored is None:
        return _Table([], np.empty(0, np.int64), _NOTHING, np.empty(0, np.int32)), NOTHING_KNOWN
    numbers = {path: number for number, path in enumerate(sources)}
    renumbered = [
        numbers[path] if path in numbers and knowledge.states[path].key == key else NOBODY
        for path, key in zip(stored.sources, stored.keys, strict=True)
    ]
    terms, sizes = np.frombuffer(stored.terms, np.uint64), np.frombuffer(stored.sizes, np.int64)
    witnesses = np.array([*renumbered, NOBODY], np.int32).take(np.frombuffer(stored.witnesses, np.int32))
    same = [
        (entry := entries.get(path)) is not None and entry.digest == digest
        for path, digest in zip(stored.paths, stored.digests, strict=True)
    ]
    kept = np.repeat(same, sizes)
    somebody = witnesses != NOBODY
    return (
        _Table([*compress(stored.paths, same)], sizes.compress(same), terms.compress(kept), witnesses.compress(kept)),
        Known(terms.compress(somebody), witnesses.compress(somebody)),
    )


def _store(
    settings: Settings,
    knowledge: Knowledge,
    entries: Mapping[str, OutputState],
    sources: Sequence[str],
    table: _Table,
) -> None:
    witnesses = table.witnesses
    used = np.flatnonzero(np.bincount(witnesses.compress(witnesses != NOBODY), minlength=1))
    places = np.full(len(sources) + 1, used.size, np.int32)  # the last is nobody's
    places[used] = np.arange(used.size, dtype=np.int32)
    of_witnesses = [sources[number] for number in used.tolist()]
    stored = _Stored(
        code=cache.code_digest(),
        sources=of_witnesses,
        keys=[knowledge.states[source].key for source in of_witnesses],
        paths=table.paths,
        digests=[entries[path].digest for path in table.paths],
        sizes=table.sizes.tobytes(),
        terms=table.terms.tobytes(),
        witnesses=places.take(witnesses).tobytes(),
    )
    settings.fs.write(settings.cache / WITNESSES, *sealed(msgspec.msgpack.encode(stored)), mode=0o600)


def _load(settings: Settings) -> _Stored | None:
    try:
        data = unsealed((settings.cache / WITNESSES).read_bytes())
        stored = None if data is None else msgspec.msgpack.decode(data, type=_Stored)
        return stored if stored is not None and stored.code == cache.code_digest() else None
    except (OSError, msgspec.MsgspecError):
        return None
