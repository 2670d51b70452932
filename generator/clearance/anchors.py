"""Anchors: short spans of what is looked for, by which a text can be told at few places; see ``sieve``. Pure.

Whatever stands at any place of a text has one of its anchors at a multiple of the anchor's alignment there:
four for spans of twelve and of four characters, two for spans of two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from generator.clearance.folding import ANCHOR, WINDOW, Codes, Places, Words, anchors_of, fours, pairs, shortened

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


def anchors_of_text(codes: Codes) -> Anchors:
    """Of the windows of a folded text."""
    if codes.size < WINDOW:
        return NO_ANCHORS
    return NO_ANCHORS._replace(texts=anchors_of(fours(codes), 4))


def anchors_of_name(codes: Codes) -> Anchors:
    """Of a folded name that is matched whole."""
    if codes.size < SHORTEST:
        return NO_ANCHORS
    if codes.size < MIDDLE:
        return NO_ANCHORS._replace(two=pairs(shortened(codes))[:2].astype(np.uint64))
    four = fours(codes)
    if codes.size < LONG:
        return NO_ANCHORS._replace(middle=_last(four))
    return NO_ANCHORS._replace(long=_last(anchors_of(four, 4)))


def _last(all_spans: Words) -> NameAnchors:
    return NameAnchors(all_spans[-4:], np.arange(all_spans.size - 4, all_spans.size, dtype=np.int64))


def joined(parts: Sequence[Anchors]) -> Anchors:
    """Those of all parts; what several have is there as often."""
    texts, long, middle, two = zip(NO_ANCHORS, *parts, strict=True)
    return Anchors(np.concatenate(texts), _joined_names(long), _joined_names(middle), np.concatenate(two))


def _joined_names(parts: Sequence[NameAnchors]) -> NameAnchors:
    return NameAnchors(*(np.concatenate(some) for some in zip(*parts, strict=True)))
