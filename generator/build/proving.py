"""Every term of the search dictionaries stands in a cleared item: proved after every build.

Effects: reads tree and packs; the cache folder.

For each term of each file of the index one cleared item is remembered whose postings have it, its witness. A
file that is as it was needs no second look, unless a witness changed since or is cleared no more; then
another must be found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
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
from generator.build.witnesses import NO_WITNESSES, Numbers, Witnesses, WitnessSearch, term_ids
from generator.clearance.audit import Leak
from generator.clearance.fingerprints import once
from generator.clearance.folding import Words
from generator.clearance.gate import Screening
from generator.search.names import INDEX, TEXTS
from generator.search.terms import file_terms

WITNESSES = "terms.bin"
_FILES = 300
_FEW = 60
_NOBODY = -1

_NOTHING: Words = np.empty(0, np.uint64)


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """The witnesses of one build."""

    code: str
    """Digest of the program that read the terms."""
    items: tuple[tuple[str, bytes], ...]
    """Sources of witnesses, each with the key of its state."""
    files: tuple[tuple[str, bytes, int], ...]
    """Path, SHA-256 and number of terms of each file."""
    terms: bytes
    """Of all files, one after the other (``Words``)."""
    witnesses: bytes
    """Beside each term the number of an item (``Numbers``)."""


class ReadTask(NamedTuple):
    """A chunk of files of the index."""

    out: Path
    folder: Path
    """Of the cache."""
    paths: Sequence[str]


class ReadTerms(NamedTuple):
    """The terms of a chunk of files in one array, as thousands of small ones are sent on at some cost."""

    sizes: Sequence[int | None]
    """How many each file has; ``None`` of one that is damaged."""
    terms: Words


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
        self._paths = [one.facts.path for one in screening.cleared]
        numbers = {path: number for number, path in enumerate(self._paths)}
        self._terms, self._witnesses, self._known = _remembered(settings, knowledge, entries, numbers)
        index = [path for path in entries if path.startswith(INDEX) and not path.startswith(TEXTS)]
        new = sorted(path for path in index if _is_dictionary(path) and path not in self._terms)
        tasks = [ReadTask(settings.out.resolve(), settings.cache.resolve(), chunk) for chunk in chunked(new, _FILES)]
        self._read = zip(tasks, crew.begin(read_terms, tasks, small=len(new) <= _FEW), strict=True)
        self._search = WitnessSearch(settings, knowledge, self._paths, crew)
        self._table: _Table | None = None

    def ask(self) -> None:
        """Wait for what stands in the index, and begin to look for it in items."""
        unreadable = []
        for task, (sizes, terms) in self._read:
            at, nobody = 0, np.full(terms.size, _NOBODY, np.int32)
            for path, size in zip(task.paths, sizes, strict=True):
                end = at + (size or 0)
                self._terms[path], self._witnesses[path] = terms[at:end], nobody[at:end]
                at = end
                if size is None:
                    unreadable.append(path)
        ordered = sorted(self._terms)
        self._table = table = _Table(
            paths=ordered,
            edges=np.cumsum([0, *(self._terms[path].size for path in ordered)]),
            terms=np.concatenate([_NOTHING, *(self._terms[path] for path in ordered)]),
            witnesses=np.concatenate([NO_WITNESSES.items, *(self._witnesses[path] for path in ordered)]),
            unreadable=unreadable,
        )
        self._search.begin(once(table.terms.compress(table.witnesses == _NOBODY)), self._known)

    def finish(self) -> tuple[Leak, ...]:
        """What stands against the index."""
        if self._table is None:
            self.ask()
        table = self._table
        assert table is not None
        table.fill_in(self._search.finish())
        unproved = once(np.searchsorted(table.edges, np.flatnonzero(table.witnesses == _NOBODY), side="right") - 1)
        _store(self._settings, self._knowledge, self._entries, self._paths, table)
        bad = [Leak(table.paths[place], "", "term") for place in unproved.tolist()]
        return (*bad, *(Leak(path, "", "unreadable") for path in table.unreadable))


class _Table(NamedTuple):
    """What stands in all files, one after the other."""

    paths: Sequence[str]
    edges: NDArray[np.int64]
    """Where the terms of each file begin."""
    terms: Words
    witnesses: Numbers
    """Beside each term the number of an item, or ``_NOBODY``."""
    unreadable: Sequence[str]

    def fill_in(self, found: Witnesses) -> None:
        """Who witnesses what nobody did."""
        if not found.terms.size:
            return
        asked = np.flatnonzero(self.witnesses == _NOBODY)
        wanted = self.terms.take(asked)
        places = np.minimum(np.searchsorted(found.terms, wanted), found.terms.size - 1)
        same = found.terms.take(places) == wanted
        self.witnesses[asked.compress(same)] = found.items.take(places.compress(same))


def _is_dictionary(path: str) -> bool:
    """Whether a file of the index holds terms; texts and titles to be shown are read by the audit as texts."""
    return path.endswith(".bin") or path.startswith(f"{INDEX}thesaurus-")


def read_terms(task: ReadTask) -> ReadTerms:
    """The terms of a chunk of files."""
    files = [(path, bytes_of(task.out, path)) for path in task.paths]
    try:
        found = [term_ids(terms) for _, terms in file_terms(files, folding_table(task.folder))]
    except ValueError:
        if len(files) == 1:
            return ReadTerms([None], _NOTHING)
        each = [read_terms(task._replace(paths=[path])) for path in task.paths]
        return ReadTerms([*chain.from_iterable(one.sizes for one in each)], np.concatenate([one.terms for one in each]))
    return ReadTerms([one.size for one in found], np.concatenate([_NOTHING, *found]))


def _remembered(
    settings: Settings, knowledge: Knowledge, entries: Mapping[str, OutputState], numbers: Mapping[str, int]
) -> tuple[dict[str, Words], dict[str, Numbers], Witnesses]:
    """Terms and witnesses of the files that are what they were, and of all; a witness that changed is none."""
    terms: dict[str, Words] = {}
    witnesses: dict[str, Numbers] = {}
    stored = _load(settings)
    if stored is None:
        return terms, witnesses, NO_WITNESSES
    renumbered = [
        numbers[path] if path in numbers and knowledge.states[path].key == key else _NOBODY
        for path, key in stored.items
    ]
    every = np.frombuffer(stored.terms, np.uint64)
    by_whom = np.array([*renumbered, _NOBODY], np.int32).take(np.frombuffer(stored.witnesses, np.int32))
    at = 0
    for path, digest, count in stored.files:
        entry = entries.get(path)
        if entry is not None and entry.digest == digest:
            terms[path], witnesses[path] = every[at : at + count], by_whom[at : at + count]
        at += count
    somebody = by_whom != _NOBODY
    return terms, witnesses, Witnesses(every.compress(somebody), by_whom.compress(somebody))


def _store(
    settings: Settings,
    knowledge: Knowledge,
    entries: Mapping[str, OutputState],
    paths: Sequence[str],
    table: _Table,
) -> None:
    witnesses = table.witnesses
    used = np.flatnonzero(np.bincount(witnesses.compress(witnesses != _NOBODY), minlength=1))
    places = np.full(len(paths) + 1, used.size, np.int32)  # the last is nobody's
    places[used] = np.arange(used.size, dtype=np.int32)
    stored = _Stored(
        code=cache.code_digest(),
        items=tuple((paths[number], knowledge.states[paths[number]].key) for number in used.tolist()),
        files=tuple(
            (path, entries[path].digest, int(size))
            for path, size in zip(table.paths, np.diff(table.edges), strict=True)
        ),
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
