"""For terms the cleared items that have them, their witnesses: items are asked until each term has one.

Effects: reads packs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress, repeat
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from generator.build.executor import Workers, chunked
from generator.build.learning import PACKS, Knowledge
from generator.build.packs import BodyRef, PackReader
from generator.build.pairtable import PairTable, Standing
from generator.build.settings import Settings
from generator.build.shared import Shared
from generator.clearance.folding import Words
from generator.clearance.keytable import among
from generator.search.postings import ItemsTerms, decode_terms
from generator.search.terms import TermSet

_ITEMS = 300
_FIRST = 600
"""A few items have most terms: once those are found, the others are asked for the rest alone."""
_FEW = 60
_LITTLE = 300
"""So few terms are looked for here, as to tell workers of them would take longer."""
_MOST_STRANGERS = 1 << 16
_CUT = np.uint64(64 - 48)
_WORD = np.uint64(1 << 47)

NOBODY = -1
Numbers = NDArray[np.int32]
Body = tuple[int, tuple[str, int, int, bytes]]
"""The number of an item, and where its body lies (``BodyRef``); plain, as thousands of them go to other processes."""
_NOTHING: Words = np.empty(0, np.uint64)


class _Words:
    """Words that are wanted, by their text as it is met: nearly all that stands in items are the same few strangers."""

    def __init__(self, wanted: Words, first: int) -> None:
        self._wanted = wanted
        self._first = first
        self._places: dict[str, int] = {}
        self._strangers: set[str] = set()

    def find(self, words: Sequence[str]) -> Standing:
        """Those of ``words`` that are wanted, and some others; a place is one among all terms that are wanted."""
        if not self._wanted.size:
            return Standing(np.empty(0, np.int64), np.empty(0, np.int32))
        strange = np.fromiter(map(self._strangers.__contains__, words), np.bool_, len(words))
        asked = np.flatnonzero(~strange)
        some = [words[number] for number in asked.tolist()]
        self._learn([*set(some).difference(self._places)])
        return Standing(asked, np.fromiter(map(self._places.get, some, repeat(NOBODY)), np.int32, len(some)))

    def _learn(self, words: Sequence[str]) -> None:
        ids = word_ids(words)
        known = among(ids, self._wanted)
        places = np.searchsorted(self._wanted, ids.compress(known)) + self._first
        self._places.update(zip(compress(words, known), places.tolist(), strict=True))
        if len(self._strangers) > _MOST_STRANGERS:  # many of them are in few items each, and not met again
            self._strangers.clear()
        self._strangers.update(compress(words, ~known))


@dataclass(frozen=True)
class WitnessContext:
    """The terms for which an item is wanted, sorted, each once."""

    wanted: Words
    packs: Path

    @cached_property
    def pairs(self) -> PairTable:
        """Those that are pairs of Han, which come before all others."""
        return PairTable(self.wanted[: self._pairs].astype(np.uint32))

    @cached_property
    def words(self) -> _Words:
        """The others."""
        return _Words(self.wanted[self._pairs :], self._pairs)

    @cached_property
    def _pairs(self) -> int:
        return int(np.searchsorted(self.wanted, _WORD))

    def __getstate__(self) -> dict[str, object]:
        return {"wanted": self.wanted, "packs": self.packs}


class WitnessTask(NamedTuple):
    """A chunk of cleared items."""

    context: Shared[WitnessContext]
    bodies: Sequence[Body]


class Witnesses(NamedTuple):
    """The items that have some of the terms that are wanted."""

    places: Numbers
    """Of these terms among those that are wanted, each once."""
    items: Numbers
    """The number of an item beside each."""


class Known(NamedTuple):
    """Terms, each with the number of an item that has it, in any order."""

    terms: Words
    items: Numbers


NOTHING_KNOWN = Known(_NOTHING, np.empty(0, np.int32))


class WitnessSearch:
    """Asks items: ``begin`` does what can be done at once and sets workers to the rest, ``finish`` waits for all."""

    def __init__(self, settings: Settings, knowledge: Knowledge, paths: Sequence[str], crew: Workers) -> None:
        self._settings = settings
        self._crew = crew
        self._groups = deque(_groups(knowledge, paths))
        self._wanted = _NOTHING
        self._items = np.empty(0, np.int32)
        self._asked = np.empty(0, np.int64)
        self._answers: Iterator[Witnesses] = iter(())

    def begin(self, wanted: Words, known: Known) -> None:
        """Look for witnesses of ``wanted`` (sorted, each once): first among those that are ``known``."""
        self._wanted = wanted
        self._items = np.full(wanted.size, NOBODY, np.int32)
        told = np.flatnonzero(among(known.terms, wanted))
        self._items[np.searchsorted(wanted, known.terms.take(told))] = known.items.take(told)
        if self._groups and self._left():
            self._take(find_in_items(self._task(self._groups.popleft())))
        self._ask()

    def finish(self) -> Numbers:
        """The number of an item beside each term that was wanted, or ``NOBODY``."""
        while self._left():
            some = next(self._answers, None)
            if some is not None:
                self._take(some)
            elif self._groups:
                self._ask()
            else:
                break
        return self._items

    def _left(self) -> int:
        """How many are not found yet."""
        return int(np.count_nonzero(self._items == NOBODY))

    def _take(self, some: Witnesses) -> None:
        """Keep what was not found yet."""
        places = self._asked.take(some.places)
        new = self._items.take(places) == NOBODY
        self._items[places.compress(new)] = some.items.compress(new)

    def _ask(self) -> None:
        """Set workers to the next items."""
        if not self._groups or not self._left():
            return
        task = self._task(self._groups.popleft())
        tasks = (task._replace(bodies=chunk) for chunk in chunked(task.bodies, _ITEMS))
        small = self._asked.size < _LITTLE or len(task.bodies) <= _FEW
        self._answers = self._crew.begin(find_in_items, tasks, small=small)

    def _task(self, bodies: Sequence[Body]) -> WitnessTask:
        self._asked = np.flatnonzero(self._items == NOBODY)
        context = WitnessContext(self._wanted.take(self._asked), (self._settings.cache / PACKS).resolve())
        return WitnessTask(Shared(self._settings.fs, self._settings.cache.resolve(), context), bodies)


def find_in_items(task: WitnessTask) -> Witnesses:
    """Those of the wanted terms that stand in a chunk of items, each with the first item that has it."""
    context = task.context.get()
    with PackReader(context.packs) as packs:
        read = packs.all_postings([BodyRef(*body) for _, body in task.bodies])
    numbers = np.array([number for (number, _), data in zip(task.bodies, read, strict=True) if data], np.int32)
    terms = decode_terms(filter(None, read))
    first = np.full(context.wanted.size + 1, NOBODY, np.int32)  # the last is for terms that nobody wants
    for places, ranks in (_pairs_of(context, terms), _words_of(context, terms)):
        first[places[::-1]] = numbers.take(ranks)[::-1]  # where several have a term, the first is written last
    found = np.flatnonzero(first[:-1] != NOBODY)
    return Witnesses(found.astype(np.int32), first.take(found))


def _pairs_of(context: WitnessContext, terms: ItemsTerms) -> tuple[Numbers, NDArray[np.int64]]:
    """The places of pairs of Han among what is wanted, each with the rank of an item that has it, ascending."""
    keys = terms.keys
    new = np.ones(keys.size, np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])  # the keys of an item ascend: the same ones are neighbours
    firsts = np.flatnonzero(new)
    asked, places = context.pairs.find(keys.take(firsts))
    ends = np.searchsorted(firsts, np.cumsum(terms.counts))
    return places, _ranks(asked, ends)


def _words_of(context: WitnessContext, terms: ItemsTerms) -> tuple[Numbers, NDArray[np.int64]]:
    """The same for the other terms."""
    asked, places = context.words.find([*chain.from_iterable(terms.strings)])
    return places, _ranks(asked, np.cumsum([*map(len, terms.strings)]))


def _ranks(asked: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of which item each is that was asked, as those of an item end there."""
    edges = np.searchsorted(asked, ends)
    return np.repeat(np.arange(edges.size), np.diff(edges, prepend=0))


def term_ids(terms: TermSet) -> Words:
    """Terms as numbers of 48 bits, sorted: pairs of Han as they are, words by digest (two agree once in 2⁴⁷)."""
    ids: Words = terms.keys.astype(np.uint64)
    if terms.words:  # behind all pairs
        ids = np.concatenate((ids, np.sort(word_ids(terms.words))))
    return ids


def word_ids(words: Iterable[str]) -> Words:
    """The numbers of terms that are no pairs of Han."""
    digests = [xxh3_64_intdigest(word.encode("utf-8", "surrogatepass")) for word in words]
    ids: Words = np.array(digests, np.uint64) >> _CUT | _WORD
    return ids


def _groups(knowledge: Knowledge, paths: Sequence[str]) -> Iterator[list[Body]]:
    """Items in the order in which they are asked: those that were just read first, and of those a few."""
    for read in (True, False):
        some = [number for number, path in enumerate(paths) if (path in knowledge.changed) is read]
        bodies = [(number, knowledge.body_of(paths[number])[:]) for number in some]
        yield from filter(None, (bodies[:_FIRST], bodies[_FIRST:]))
