"""Where in a text something may begin: one pass of arrays, in place of a search for every word. Pure.

Of a character a table says, in three fields of bits, which *openings* it may be the first, second or third character
of. A place at which three neighbours agree may begin a match; at every other place none begins. What is there is for
patterns to say. Two bits more tell of blocks of four characters whether one of them may be read otherwise than it is
written, and whether all of them may belong to a number, figures and what parts them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FIELD = 10
"""Bits of a field: three of them are a word."""
_SHIFT = np.uint32(FIELD)
_FIELD_ONE = np.uint32((1 << FIELD) - 1)
ODD, NUMERIC = 1 << 30, 1 << 31
"""Bits of a character that may be read otherwise than it is written, and of one that may stand within a number."""
BLOCK = 4
"""Characters that are asked together. Whatever has eleven holds two whole blocks."""
_PLANE = 1 << 16
_LAST = _PLANE - 1
"""A noncharacter, in whose place of the table all characters beyond the first plane are looked up."""
ROW = 7
"""Characters that a row must have at least."""
_BEHIND = np.arange(2, ROW + 1)
"""Where they stand but for the first, from the place before a row."""
_TOKEN = re.compile(r"(\[(?:\\.|[^\]\\])+\]|\\.|.)(\?|\{0,3\})?", re.DOTALL)

Opening = tuple[Collection[str], ...]
"""Which characters may stand at each of the first places, at most three."""
Place = tuple[int, int]
"""Where something may begin, and the bits of what."""


class Looked(NamedTuple):
    """What one look at a text found."""

    places: Iterator[Place]
    """In order; the last two characters only stand behind others."""
    odd: list[int]
    """Where blocks begin in which a character is odd."""
    numeric: list[int]
    """Where two blocks begin that may belong to a number."""


def opening(pattern: str) -> Opening:
    """The first places of a pattern of characters and classes, of which some may be left out.

    From the first that may be left out nothing is known but the next place; nor from a class of what may not stand.
    """
    places: list[Collection[str]] = []
    tokens = _TOKEN.findall(pattern)
    for number, (token, optional) in enumerate(tokens[:3]):
        if token.startswith("[^"):
            break
        characters = _characters(token)
        if optional:
            rest = opening("".join(map("".join, tokens[number + 1 :])))
            return (*places, {*characters, *rest[0]}) if rest else tuple(places)
        places.append(characters)
    return tuple(places)


def _characters(token: str) -> Collection[str]:
    inner = token[1:-1] if len(token) > 1 and token[0] == "[" else token
    return re.sub(r"\\(.)", r"\1", inner)


class Glance:
    """A table of openings, and the look through a text by it."""

    def __init__(self, earlier: Glance | None = None) -> None:
        self._table: NDArray[np.uint32] = np.zeros(_PLANE, np.uint32) if earlier is None else earlier._table.copy()
        self._row: int = 0 if earlier is None else earlier._row
        self._in_row: NDArray[np.bool_] = np.zeros(_PLANE, np.bool_) if earlier is None else earlier._in_row

    def enter(self, bit: int, places: Opening) -> None:
        """Give the bit to an opening: what it does not say may be any character."""
        for number in range(3):
            shifted = np.uint32(bit << (number * FIELD))
            if number < len(places):
                self._table[_codes(places[number])] |= shifted
            else:
                self._table |= shifted

    def enter_cues(self, cues: Iterable[str], bits: int) -> None:
        """Give six bits, from the lowest of ``bits``, to cues, each a pattern as ``opening`` reads it.

        Those that are known by as many characters share some, so that one-character cues, of which there are more,
        make none of the others.
        """
        lowest = bits & -bits
        for number, cue in enumerate(cues):
            places = opening(cue)
            first, count = ((0, 1), (1, 2), (3, 3))[len(places) - 1]
            self.enter(lowest << (first + number % count), places)

    def enter_rows(self, bit: int, characters: str, behind: str) -> None:
        """Give the bit to the place before a row of such characters, behind whose first one of ``behind`` stands.

        A place that has no other bit is passed over unless so many of ``behind`` stand there as make a row of ``ROW``.
        """
        self.enter(bit, ((), characters, behind))
        self._table |= np.uint32(bit)
        self._table[_codes(characters)] ^= np.uint32(bit)
        self._row = bit
        self._in_row[_codes(behind)] = True

    def enter_kind(self, kind: int, characters: NDArray[np.uint32]) -> None:
        """Say of characters that they are ``ODD`` or ``NUMERIC``."""
        self._table[np.minimum(characters, _LAST)] |= np.uint32(kind)

    def look(self, text: str) -> Looked:
        """Every place at which something may begin; a text ends with characters that are nothing, three at least."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        known = self._table.take(codes, mode="clip")
        found = known[2:] >> _SHIFT
        found &= known[1:-1]
        found >>= _SHIFT
        found &= known[:-2]
        places = (found != 0).nonzero()[0]
        bits = found.take(places)
        bits &= _FIELD_ONE
        rows = (bits == self._row).nonzero()[0]
        if len(rows):
            inside = self._in_row.take(codes.take(np.add.outer(_BEHIND, places.take(rows)), mode="clip"), mode="clip")
            bits[rows.compress(~inside.all(axis=0))] = 0
        kept = bits.nonzero()[0]
        places, bits = places.take(kept), bits.take(kept)
        return Looked(zip(places.tolist(), bits.tolist(), strict=True), *_kinds(known))


def _kinds(known: NDArray[np.uint32]) -> tuple[list[int], list[int]]:
    """Where blocks with an odd character begin, and where two that are numeric."""
    whole = known[: len(known) // BLOCK * BLOCK].view(np.uint64)  # two characters at once
    odd = whole[::2] | whole[1::2]
    odd &= np.uint64(ODD << 32 | ODD)
    both = np.uint64(NUMERIC << 32 | NUMERIC)
    numeric = (whole[::2] & whole[1::2] & both) == both
    return _places(odd), _places(numeric[:-1] & numeric[1:])


def _places(blocks: NDArray[np.uint64] | NDArray[np.bool_]) -> list[int]:
    places: list[int] = (blocks.nonzero()[0] * BLOCK).tolist()
    return places


def _codes(characters: Collection[str]) -> list[int]:
    return [min(ord(one), _LAST) for one in characters]
