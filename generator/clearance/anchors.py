"""Anchors: short spans of what is looked for, by which a text can be told at few places; see ``sieve``. Pure.

Whatever stands at any place of a text has one of its anchors at a multiple of the anchor's alignment there:
four for spans of twelve and of four characters, two for spans of two.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.clearance.folding import ANCHOR, SEPARATOR, WINDOW, Codes, Places, Short, Words, anchors_of, pairs, spans
from generator.clearance.keytable import mostly_once

LONG = ANCHOR + 3
"""Characters of a name that has four spans of twelve."""
MIDDLE = 7
"""Characters of a name that has four spans of four."""
SHORTEST = 4


class NameAnchors(NamedTuple):
    """The last four spans of each name: names begin alike (关于…, the address of a site) and end each in its way."""

    spans: Words
    before: Places
    """How many characters of the name stand before each span."""


class Anchors(NamedTuple):
    """The anchors of texts and names."""

    texts: Words
    """Hashes of all spans of twelve that windows have."""
    long: NameAnchors
    """Hashes of spans of twelve of names of ``LONG`` characters and more."""
    middle: NameAnchors
    """Spans of four of names of ``MIDDLE`` to 14 characters."""
    two: Words
    """Spans with which the shortest names begin."""


_NO_WORDS: Words = np.empty(0, np.uint64)
_NO_NAMES = NameAnchors(_NO_WORDS, np.empty(0, np.int64))
NO_ANCHORS = Anchors(_NO_WORDS, _NO_NAMES, _NO_NAMES, _NO_WORDS)


def windows_of(codes: Codes) -> tuple[Words, Words]:
    """The windows of texts that are folded together, a separator behind each, and the spans of twelve that they have.

    A text is looked for as its source, as its page and as its plain text, which say the same: what is there again is
    left out, or nearly all of it. No window spans two texts: it would be no text of an item.
    """
    ends = np.flatnonzero(codes == ord(SEPARATOR)).tolist()
    starts = (end + 1 for end in (-1, *ends))
    long = (codes[start : end + 1] for start, end in zip(starts, ends, strict=False) if end - start >= WINDOW)
    pieces = dict.fromkeys(piece.tobytes() for piece in long)
    if not pieces:
        return _NO_WORDS, _NO_WORDS
    all_spans = spans(np.frombuffer(b"".join(pieces), codes.dtype))
    whole = np.ones(all_spans.sixteen.size, np.bool_)
    for end in accumulate(len(piece) // codes.itemsize for piece in pieces):
        whole[end - WINDOW : end] = False
    hashes = all_spans.sixteen[whole]
    once = mostly_once(hashes)
    whole[whole] = once
    anchors = anchors_of(all_spans.four, 4)
    told = np.zeros(anchors.size, np.bool_)
    for place in range(4):
        told[place : place + whole.size] |= whole
    return hashes[once], anchors[told]


def anchors_of_names(short: Short, four: Words, starts: Places, sizes: Places) -> Anchors:
    """Of names that are matched whole, folded as one array: where each begins in it, and how long it is."""
    long, middle, two = list[tuple[int, int]](), list[tuple[int, int]](), list[int]()
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        if size >= LONG:
            long += [(start + before, before) for before in range(size - LONG, size - ANCHOR + 1)]
        elif size >= MIDDLE:
            middle += [(start + before, before) for before in range(size - MIDDLE, size - 3)]
        elif size >= SHORTEST:
            two += [start, start + 1]
    of_two = pairs(short)[two].astype(np.uint64) if two else _NO_WORDS
    return Anchors(_NO_WORDS, _names(anchors_of(four, 4), long), _names(four, middle), of_two)


def _names(all_spans: Words, found: Sequence[tuple[int, int]]) -> NameAnchors:
    if not found:
        return _NO_NAMES
    places, before = np.array(found, np.int64).T
    return NameAnchors(all_spans[places], before)


class OwnedAnchors:
    """The anchors of several items; what several of them have is there as often."""

    def __init__(self, parts: Sequence[Anchors]) -> None:
        texts, long, middle, two = zip(NO_ANCHORS, *parts, strict=True)
        self.of_all = Anchors(np.concatenate(texts), _joined(long), _joined(middle), np.concatenate(two))
        self._counts = np.array(
            [(one.texts.size, one.long.spans.size, one.middle.spans.size, one.two.size) for one in parts], np.int64
        ).reshape(-1, 4)

    def of(self, owners: NDArray[np.bool_]) -> OwnedAnchors:
        """Those of these items alone."""
        if owners.all():
            return self
        texts, long, middle, two = (np.repeat(owners, counts) for counts in self._counts.T)
        narrow, of_all = OwnedAnchors([]), self.of_all
        narrow.of_all = Anchors(
            of_all.texts[texts],
            NameAnchors(of_all.long.spans[long], of_all.long.before[long]),
            NameAnchors(of_all.middle.spans[middle], of_all.middle.before[middle]),
            of_all.two[two],
        )
        narrow._counts = np.where(owners[:, None], self._counts, 0)
        return narrow


def _joined(parts: Sequence[NameAnchors]) -> NameAnchors:
    return NameAnchors(*(np.concatenate(some) for some in zip(*parts, strict=True)))
