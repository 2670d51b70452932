"""Needles: names shorter than a window (a title, a number, an address), matched whole. Pure."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import NamedTuple

from generator.clearance.anchors import SHORTEST
from generator.clearance.folding import Places, Spans

SIZES = (4, 8, 16)
"""Of the spans by which needles are looked up."""


class Needle(NamedTuple):
    """A name matched whole: its length, and the hashes of its first and last span."""

    length: int
    head: int
    tail: int

    @property
    def key(self) -> int:
        """What stands for it among the hits."""
        return _key(self)


@lru_cache(maxsize=1 << 14)
def _key(one: Needle) -> int:
    """Asked for each time that some fingerprints are made of others."""
    mixed = f"{one.length}:{one.head}:{one.tail}".encode()
    return int.from_bytes(hashlib.blake2b(mixed, digest_size=8).digest(), "little")


def needles_of(all_spans: Spans, starts: Places, sizes: Places) -> set[Needle]:
    """The needles of names that are folded as one array: where each begins, and how long it is.

    One that is too short to mean anything (公示) has none.
    """
    found = set[Needle]()
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        if size >= SHORTEST:
            base = base_of(size)
            first, last = all_spans[base][start], all_spans[base][start + size - SIZES[base]]
            found.add(Needle(size, int(first), int(last)))
    return found


def base_of(length: int) -> int:
    """Which of ``Spans`` a needle of that length is looked up by."""
    return 0 if length < 8 else 1 if length < 16 else 2
