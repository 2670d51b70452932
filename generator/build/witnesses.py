"""For terms the cleared items that have them, their witnesses: items are asked until each term has one.

Effects: reads packs.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.build.executor import Workers, chunked
from generator.build.learning import PACKS, Knowledge
from generator.build.packs import BodyRef, PackReader
from generator.build.settings import Settings
from generator.build.shared import Shared
from generator.clearance.folding import Words
from generator.clearance.keytable import among
from generator.search.postings import decode_terms
from generator.search.terms import TermSet

_ITEMS = 300
_FIRST = 600
"""A few items have most terms: once those are found, the others are asked for the rest alone."""
_FEW = 60
_RANK_BITS = np.uint64(16)
"""Below a term of 48 bits there is room for an item's rank among those of a task."""
_RANKS = np.uint64((1 << 16) - 1)
_TABLE_BITS = 22
_WORD = np.uint64(1 << 47)

Numbers = NDArray[np.int32]
Body = tuple[int, tuple[str, int, int, bytes]]
"""The number of an item, and where its body lies (``BodyRef``); plain, as thousands of them go to other processes."""
_NOTHING: Words = np.empty(0, np.uint64)
_NO_KEYS = np.empty(0, np.uint32)


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
    """A chunk of cleared items."""

    context: Shared[WitnessContext]
    bodies: Sequence[Body]


class Witnesses(NamedTuple):
    """Terms, each with the number of an item that has it."""

    terms: Words
    items: Numbers


NO_WITNESSES = Witnesses(_NOTHING, np.empty(0, np.int32))


class WitnessSearch:
    """Asks items: ``begin`` does what can be done at once and sets workers to the rest, ``finish`` waits for all."""

    def __init__(self, settings: Settings, knowledge: Knowledge, paths: Sequence[str], crew: Workers) -> None:
        self._settings = settings
        self._crew = crew
        self._groups = deque(_groups(knowledge, paths))
        self._found: list[Witnesses] = []
        self._left = _NOTHING
        self._answers: Iterator[Witnesses] = iter(())

    def begin(self, wanted: Words, known: Witnesses) -> None:
        """Look for witnesses of ``wanted`` (sorted, each once): first among those that are ``known``."""
        self._left = wanted
        self._take(known)
        if self._left.size and self._groups:
            self._take(find_in_items(self._task(self._groups.popleft())))
        self._ask()

    def finish(self) -> Witnesses:
        """Those that were found, in the order of terms."""
        while self._left.size:
            some = next(self._answers, None)
            if some is not None:
                self._take(some)
            elif self._groups:
                self._ask()
            else:
                break
        terms = np.concatenate([_NOTHING, *(one.terms for one in self._found)])
        items = np.concatenate([NO_WITNESSES.items, *(one.items for one in self._found)])
        order = np.argsort(terms, kind="stable")
        return Witnesses(terms.take(order), items.take(order))

    def _take(self, some: Witnesses) -> None:
        """Keep what was not found yet."""
        new = among(some.terms, self._left)
        terms, firsts = np.unique(some.terms.compress(new), return_index=True)
        self._found.append(Witnesses(terms, some.items.compress(new).take(firsts)))
        self._left = np.delete(self._left, np.searchsorted(self._left, terms))

    def _ask(self) -> None:
        """Set workers to the next items."""
        if not self._left.size or not self._groups:
            return
        task = self._task(self._groups.popleft())
        tasks = (task._replace(bodies=chunk) for chunk in chunked(task.bodies, _ITEMS))
        small = self._left.size < _ITEMS or len(task.bodies) <= _FEW
        self._answers = self._crew.begin(find_in_items, tasks, small=small)

    def _task(self, bodies: Sequence[Body]) -> WitnessTask:
        context = WitnessContext(self._left, (self._settings.cache / PACKS).resolve())
        return WitnessTask(Shared(self._settings.fs, self._settings.cache.resolve(), context), bodies)


def find_in_items(task: WitnessTask) -> Witnesses:
    """Those of the wanted terms that stand in a chunk of items, each with the first item that has it."""
    context = task.context.get()
    keys: list[NDArray[np.uint32]] = []
    words: list[list[str]] = []
    with PackReader(context.packs) as packs:
        for _, body in task.bodies:
            data = packs.postings(BodyRef(*body))
            of_pairs, of_words = decode_terms(data) if data else (_NO_KEYS, [])
            keys.append(of_pairs)
            words.append(of_words)
    # Term and item in one word: what is sorted first is the first item that has the term.
    marked = np.sort(np.concatenate((_marked_pairs(context, keys), _marked_words(context, words))))
    found = marked >> _RANK_BITS
    first = np.flatnonzero(np.concatenate(([True], found[1:] != found[:-1]))[: found.size])
    first = first.compress(among(found.take(first), context.wanted))
    numbers = np.array([number for number, _ in task.bodies], np.int32)
    return Witnesses(found.take(first), numbers.take((marked.take(first) & _RANKS).view(np.int64)))


def _marked_pairs(context: WitnessContext, keys: Sequence[NDArray[np.uint32]]) -> Words:
    """Pairs of Han that may be wanted, each with the ranks of items that have it."""
    every = np.concatenate((_NO_KEYS, *keys))
    # The keys of an item ascend, so that the same ones are neighbours.
    places = np.flatnonzero(np.concatenate(([True], every[1:] != every[:-1]))[: every.size])
    places = places.compress(context.table.take(_hashed(every.take(places))))
    ends = np.cumsum([one.size for one in keys])
    ranks = np.searchsorted(ends, places, side="right").view(np.uint64)
    return every.take(places).astype(np.uint64) << _RANK_BITS | ranks


def _marked_words(context: WitnessContext, words: Sequence[Sequence[str]]) -> Words:
    """The other terms that are wanted, each with the rank of the first item that has it."""
    ranks: dict[str, int] = {}
    for rank in reversed(range(len(words))):
        ranks.update(dict.fromkeys(words[rank], rank))
    wanted = context.words
    return np.array([term << 16 | rank for word, rank in ranks.items() if (term := word_id(word)) in wanted], np.uint64)


def term_ids(terms: TermSet) -> Words:
    """Terms as numbers of 48 bits, sorted: pairs of Han as they are, words by digest (two agree once in 2⁴⁷)."""
    ids: Words = terms.keys.astype(np.uint64)
    if terms.words:  # behind all pairs
        words = np.array([word_id(word) for word in terms.words], np.uint64)
        ids = np.concatenate((ids, np.sort(words)))
    return ids


@lru_cache(maxsize=1 << 16)
def word_id(word: str) -> int:
    """The number of a term that is no pair of Han."""
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 16 | 1 << 47


def _groups(knowledge: Knowledge, paths: Sequence[str]) -> Iterator[list[Body]]:
    """Items in the order in which they are asked: those that were just read first, and of those a few."""
    for read in (True, False):
        some = [number for number, path in enumerate(paths) if (path in knowledge.changed) is read]
        bodies = [(number, knowledge.body_of(paths[number])[:]) for number in some]
        yield from filter(None, (bodies[:_FIRST], bodies[_FIRST:]))
