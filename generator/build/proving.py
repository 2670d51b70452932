"""Every term of the search dictionaries stands in a cleared item: proved after every build.

Effects: reads tree and packs; the cache folder.

For each term of each file of the index one cleared item is remembered whose postings have it, its witness. A
file that is as it was needs no second look, unless a witness changed since or is cleared no more; then
another must be found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.build.cache import OutputState, sealed, unsealed
from generator.build.executor import Workers, chunked
from generator.build.learning import PACKS, Knowledge
from generator.build.packs import BodyRef, PackReader
from generator.build.settings import Settings
from generator.build.shared import Shared
from generator.build.table import folding_table
from generator.clearance.audit import Leak
from generator.clearance.fingerprints import once, without
from generator.clearance.folding import Words
from generator.clearance.gate import Screening
from generator.clearance.keytable import among
from generator.search.names import INDEX, TEXTS
from generator.search.terms import TermSet, file_terms, item_terms

WITNESSES = "terms.bin"
_FILES = 300
_ITEMS = 300
_FEW = 60
_NOBODY = -1
_RANK_BITS = np.uint64(16)
"""Below a term of 48 bits there is room for an item's rank among those of a task."""
_RANKS = np.uint64((1 << 16) - 1)
_TABLE_BITS = 22
_WORD = np.uint64(1 << 47)

Places = NDArray[np.int32]
_NOTHING: Words = np.empty(0, np.uint64)


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """The witnesses of one build."""

    items: tuple[tuple[str, bytes], ...]
    """Sources of witnesses, each with the key of its state."""
    files: tuple[tuple[str, bytes, int], ...]
    """Path, SHA-256 and number of terms of each file."""
    terms: bytes
    """Of all files, one after the other (``Words``)."""
    witnesses: bytes
    """Beside each term the number of an item (``Places``)."""


class ReadTask(NamedTuple):
    """A chunk of files of the index."""

    out: Path
    folder: Path
    """Of the cache."""
    paths: Sequence[str]


@dataclass(frozen=True)
class WitnessContext:
    """The terms for which an item is wanted."""

    wanted: Words
    packs: Path

    @cached_property
    def words(self) -> frozenset[int]:
        """Those that are no pairs of Han."""
        return frozenset(self.wanted.compress(self.wanted >= _WORD).tolist())

    @cached_property
    def table(self) -> NDArray[np.bool_]:
        """Which hashes of pairs of Han may be wanted: once few are left, this alone tells that most are not."""
        table = np.zeros(1 << _TABLE_BITS, np.bool_)
        table[_hashed(self.wanted.compress(self.wanted < _WORD).astype(np.uint32))] = True
        return table

    def __getstate__(self) -> dict[str, object]:
        return {"wanted": self.wanted, "packs": self.packs}


def _hashed(keys: NDArray[np.uint32]) -> NDArray[np.uint32]:
    hashes: NDArray[np.uint32] = (keys * np.uint32(0x9E3779B1)) >> np.uint32(32 - _TABLE_BITS)
    return hashes


class WitnessTask(NamedTuple):
    """A chunk of cleared items: their numbers, and where their bodies lie."""

    context: Shared[WitnessContext]
    bodies: Sequence[tuple[int, tuple[str, int, int]]]


def begin_proof_of_terms(
    settings: Settings, screening: Screening, knowledge: Knowledge, entries: Mapping[str, OutputState], crew: Workers
) -> Callable[[], tuple[Leak, ...]]:
    """Set workers to reading the index.

    What is given back gives the files of the index that hold a term of no cleared item, or that cannot be read.
    """
    paths = [one.facts.path for one in screening.cleared]
    numbers = {path: number for number, path in enumerate(paths)}
    terms, witnesses, known = _remembered(settings, knowledge, entries, numbers)
    index = [path for path in entries if path.startswith(INDEX) and not path.startswith(TEXTS)]
    new = sorted(path for path in index if _is_dictionary(path) and path not in terms)
    tasks = [ReadTask(settings.out.resolve(), settings.cache.resolve(), chunk) for chunk in chunked(new, _FILES)]
    read = crew.begin(read_terms, tasks, small=len(new) <= _FEW)

    def finish() -> tuple[Leak, ...]:
        unreadable = []
        for path, found in chain.from_iterable(read):
            terms[path] = found if found is not None else _NOTHING
            witnesses[path] = np.full(terms[path].size, _NOBODY, np.int32)
            if found is None:
                unreadable.append(path)
        ordered = sorted(terms)
        edges = np.cumsum([0, *(terms[path].size for path in ordered)])
        every = np.concatenate([_NOTHING, *(terms[path] for path in ordered)])
        by_whom = np.concatenate([np.empty(0, np.int32), *(witnesses[path] for path in ordered)])
        _find_witnesses(settings, knowledge, paths, every, by_whom, known, crew)
        unproved = np.unique(np.searchsorted(edges, np.flatnonzero(by_whom == _NOBODY), side="right") - 1)
        _store(settings, knowledge, entries, paths, ordered, edges, every, by_whom)
        bad = [Leak(ordered[place], "", "term") for place in unproved.tolist()]
        return (*bad, *(Leak(path, "", "unreadable") for path in unreadable))

    return finish


def _is_dictionary(path: str) -> bool:
    """Whether a file of the index holds terms; texts and titles to be shown are read by the audit as texts."""
    return path.endswith(".bin") or path.startswith(f"{INDEX}thesaurus-")


def read_terms(task: ReadTask) -> list[tuple[str, Words | None]]:
    """The terms of a chunk of files; ``None`` of one that is damaged."""
    files = [(path, (task.out / path).read_bytes()) for path in task.paths]
    try:
        return [(path, term_ids(terms)) for path, terms in file_terms(files, folding_table(task.folder))]
    except ValueError:
        if len(files) > 1:
            return [one for path in task.paths for one in read_terms(task._replace(paths=[path]))]
        return [(files[0][0], None)]


def find_in_items(task: WitnessTask) -> tuple[Words, Places]:
    """Those of the wanted terms that stand in a chunk of items, each with the first item that has it."""
    context = task.context.get()
    keys: list[NDArray[np.uint32]] = []
    words = [_NOTHING]
    with PackReader(context.packs) as packs:
        for rank, (_, body) in enumerate(task.bodies):
            postings = packs.postings(BodyRef(*body))
            terms = item_terms(postings) if postings else TermSet.of((), ())
            keys.append(terms.keys)
            wanted = [one for one in map(_word_id, terms.words) if one in context.words]
            words.append(np.array(wanted, np.uint64) << _RANK_BITS | np.uint64(rank))
    every = np.concatenate(keys)
    ranks = np.repeat(np.arange(len(keys), dtype=np.uint64), [one.size for one in keys])
    maybe = context.table.take(_hashed(every))
    pairs = every.compress(maybe).astype(np.uint64) << _RANK_BITS | ranks.compress(maybe)
    # Term and item in one word: what is sorted first is the first item that has the term.
    marked = np.sort(np.concatenate((pairs, *words)))
    found = marked >> _RANK_BITS
    first = np.flatnonzero(np.concatenate(([True], found[1:] != found[:-1]))[: found.size])
    first = first.compress(among(found.take(first), context.wanted))
    numbers = np.array([number for number, _ in task.bodies], np.int32)
    return found.take(first), numbers.take((marked.take(first) & _RANKS).view(np.int64))


def term_ids(terms: TermSet) -> Words:
    """Terms as numbers of 48 bits, sorted: pairs of Han as they are, words by digest (two agree once in 2⁴⁷)."""
    words = np.array([_word_id(word) for word in terms.words], np.uint64)
    ids: Words = np.concatenate((terms.keys.astype(np.uint64), words))
    ids.sort()
    return ids


@lru_cache(maxsize=1 << 16)
def _word_id(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 16 | 1 << 47


def _find_witnesses(
    settings: Settings,
    knowledge: Knowledge,
    paths: Sequence[str],
    terms: Words,
    witnesses: Places,
    known: tuple[Words, Places],
    crew: Workers,
) -> None:
    """Fill in who witnesses what nobody does: ``known`` ones, then items read just now, then any."""
    nobody = witnesses == _NOBODY
    left = once(terms.compress(nobody))
    if not left.size:
        return
    useful = among(known[0], left)
    found, who = [known[0].compress(useful)], [known[1].compress(useful)]
    left = without(left, once(found[0]))
    for some in _asked(knowledge, paths, crew.jobs * _ITEMS):
        if not left.size:
            break
        shared = Shared(settings.fs, settings.cache.resolve(), WitnessContext(left, (settings.cache / PACKS).resolve()))
        tasks = (WitnessTask(shared, chunk) for chunk in chunked(some, _ITEMS))
        for of_items, owners in crew.map(find_in_items, tasks, small=left.size < _ITEMS or len(some) <= _FEW):
            found.append(of_items)
            who.append(owners)
            left = without(left, of_items)
            if not left.size:
                break
    every = np.concatenate(found)
    order = np.argsort(every)
    every, owners = every.take(order), np.concatenate(who).take(order)
    asked = np.flatnonzero(nobody)
    places = np.minimum(np.searchsorted(every, terms.take(asked)), max(every.size - 1, 0))
    if every.size:
        same = every.take(places) == terms.take(asked)
        witnesses[asked.compress(same)] = owners.take(places.compress(same))


def _asked(knowledge: Knowledge, paths: Sequence[str], few: int) -> Iterator[list[tuple[int, tuple[str, int, int]]]]:
    """Items by number, with their bodies, in the order in which they are asked: those that were just read first.

    A few items have most terms: once those are found, the others are asked for the rest alone.
    """
    for read in (True, False):
        some = [number for number, path in enumerate(paths) if (path in knowledge.changed) is read]
        bodies = [(number, knowledge.states[paths[number]].body) for number in some]
        yield from (bodies[:few], bodies[few:])


def _remembered(
    settings: Settings, knowledge: Knowledge, entries: Mapping[str, OutputState], numbers: Mapping[str, int]
) -> tuple[dict[str, Words], dict[str, Places], tuple[Words, Places]]:
    """Terms and witnesses of the files that are what they were, and of all; a witness that changed is none."""
    terms: dict[str, Words] = {}
    witnesses: dict[str, Places] = {}
    stored = _load(settings)
    if stored is None:
        return terms, witnesses, (_NOTHING, np.empty(0, np.int32))
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
    return terms, witnesses, (every.compress(somebody), by_whom.compress(somebody))


def _store(
    settings: Settings,
    knowledge: Knowledge,
    entries: Mapping[str, OutputState],
    paths: Sequence[str],
    ordered: Sequence[str],
    edges: NDArray[np.int64],
    terms: Words,
    witnesses: Places,
) -> None:
    used = np.flatnonzero(np.bincount(witnesses.compress(witnesses != _NOBODY), minlength=1))
    places = np.full(len(paths) + 1, used.size, np.int32)  # the last is nobody's
    places[used] = np.arange(used.size, dtype=np.int32)
    stored = _Stored(
        items=tuple((paths[number], knowledge.states[paths[number]].key) for number in used.tolist()),
        files=tuple(
            (path, entries[path].digest, int(size)) for path, size in zip(ordered, np.diff(edges), strict=True)
        ),
        terms=terms.tobytes(),
        witnesses=places.take(witnesses).tobytes(),
    )
    settings.fs.write(settings.cache / WITNESSES, sealed(msgspec.msgpack.encode(stored)), mode=0o600)


def _load(settings: Settings) -> _Stored | None:
    try:
        data = unsealed((settings.cache / WITNESSES).read_bytes())
        return None if data is None else msgspec.msgpack.decode(data, type=_Stored)
    except (OSError, msgspec.MsgspecError):
        return None
