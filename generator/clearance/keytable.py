"""Sorted keys, and which of many hashes are among them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.clearance.folding import Places, Words

_FILTER_BITS = 22
_AT_A_TIME = 1 << 18
"""Places that are looked at together."""
_WORTH_A_TABLE = 50_000
"""So many questions pay for the tables by which each of them is quicker."""


def among(words: Words, known: Words) -> NDArray[np.bool_]:
    """Which of ``words`` are in ``known``, which is sorted."""
    if not words.size or not known.size:
        return np.zeros(words.size, np.bool_)
    places = np.minimum(np.searchsorted(known, words), known.size - 1)
    found: NDArray[np.bool_] = known.take(places) == words
    return found


class KeyTable:
    """Sorted keys, and where those with the same leading bits begin: most windows are told by these bits alone."""

    def __init__(self, keys: Words) -> None:
        self.keys = keys
        self._asked = 0

    def _make(self) -> None:
        keys = self.keys
        size = int(keys.size).bit_length()
        # Many bits tell strangers; to find a key fewer do, as places take four times the room.
        self._shift = np.uint64(64 - min(max(size + 4, 8), _FILTER_BITS))
        self._coarse = np.uint64(64 - max(size, 8))
        self._known = np.zeros(1 << int(np.uint64(64) - self._shift), np.bool_)
        self._known[_leading(keys, self._shift)] = True
        leading = _leading(keys, self._coarse)
        self._first = np.zeros(1 << int(np.uint64(64) - self._coarse), np.int32)
        self._first[leading[::-1]] = np.arange(keys.size - 1, -1, -1, dtype=np.int32)
        self._most = int(np.bincount(leading).max()) if keys.size else 0

    def standing_in(self, asked: Words) -> Words:
        """Those of ``asked`` that are keys."""
        return asked.take(self.places(asked))

    def places(self, asked: Words) -> Places:
        """The places in ``asked`` of those that are keys."""
        if not self.keys.size or not asked.size:
            return np.empty(0, np.int64)
        if self._asked < _WORTH_A_TABLE:
            self._asked += asked.size
            if self._asked < _WORTH_A_TABLE:
                return np.flatnonzero(among(asked, self.keys))
            self._make()
        known = np.flatnonzero(self._known.take(_leading(asked, self._shift), mode="wrap"))
        maybe = asked.take(known)
        place = self._first.take(_leading(maybe, self._coarse), mode="wrap")
        found = self.keys.take(place) == maybe
        for further in range(1, self._most):
            found |= self.keys.take(place + further, mode="clip") == maybe
        members: Places = known.compress(found)
        return members


def _leading(words: Words, shift: np.uint64) -> NDArray[np.int64]:
    leading: NDArray[np.int64] = (words >> shift).view(np.int64)
    return leading


class Runs(NamedTuple):
    """What an ascending array holds: each word once, where it stands first, and how often it is there."""

    words: Words
    firsts: Places
    counts: Places


def runs(ordered: Words) -> Runs:
    """As ``np.unique`` gives it, which loads ``numpy.ma`` in each process and sorts once more."""
    starts = np.ones(ordered.size, np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=starts[1:])
    firsts = np.flatnonzero(starts)
    return Runs(ordered.take(firsts), firsts, np.diff(firsts, append=ordered.size))


def order_of(words: Words) -> Places:
    """How to sort: of equal words the first is first.

    By the leading bits, which numpy counts, and then what lies nearly in order already, which it sees: a third of the
    time that it takes to sort hashes as they come.
    """
    order = np.argsort((words >> np.uint64(48)).astype(np.uint16), kind="stable")
    return order.take(np.argsort(words.take(order), kind="stable"))


def mostly_once(words: Words) -> NDArray[np.bool_]:
    """Which words to keep to have each of them, and few of them twice, where to sort them for it would take longer."""
    bits = min(int(words.size).bit_length() + 3, _FILTER_BITS)
    leading = _leading(words, np.uint64(64 - bits))
    places = np.arange(words.size, dtype=np.int32)
    table = np.empty(1 << bits, np.int32)
    table[leading] = places
    same = table.take(leading)
    kept: NDArray[np.bool_] = words.take(same) != words
    kept |= same == places
    return kept


def portions(counts: Places) -> Iterator[tuple[int, int]]:
    """Where to cut what is repeated so often each: names end and begin alike, and a list of a large site holds many."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if ends.size else 0
    edges = np.searchsorted(ends, np.arange(_AT_A_TIME, total, _AT_A_TIME)).tolist()
    yield from pairwise([0, *edges, counts.size] if total else ())


def repeated(counts: Places) -> tuple[Places, Places]:
    """Each place as often as it is counted, and beside it which time it is, from nought on."""
    places = np.repeat(np.arange(counts.size), counts)
    return places, np.arange(places.size) - np.repeat(np.cumsum(counts) - counts, counts)
