"""Many texts → one folded array, and which place in it is whose. Pure.

What a sieve looks through is text, data (JSON) or markup, each as it lies in its file: strings of data are parted where
they end, tags of markup are taken out of the text and set behind it, all of them for a whole array at once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from generator.clearance.folding import SEPARATOR, Places, Short, plain_table

USUAL = ("…", unicodedata.normalize("NFKC", "…"))
"""What is nearly always the one character in a text that must be written out."""
_ODD, _DROPPED = 0xFFFD, 0xFFFE
"""Folded codes of what is compared in a way of its own, and of what is not compared."""
_BREAK = 0xFFF9
"""Stands between texts, and for a separator in a text: in no fingerprint."""
_WORD = 64
_OPENED, _CLOSED = ord("<"), ord(">")
_QUOTE = ord('"')


class Joined:
    """Texts as one folded array."""

    behind = SEPARATOR
    """Stands behind each text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._codes, self._ends = _encoded(texts, self.behind)
        self._folded = self._table().take(self._codes)
        self._kept = self._folded < _DROPPED
        self.codes = self._taken()

    def _table(self) -> Short:
        return _table()

    def _taken(self) -> Short:
        return self._folded.compress(self._kept)

    def torn(self) -> set[int]:
        """Texts in which it is not sure what is a tag."""
        return set()

    def strange(self) -> dict[int, set[str]]:
        """Texts that cannot be read together with others, with the characters that are why."""
        odd = np.flatnonzero(self._folded == _ODD)
        found: dict[int, set[str]] = {}
        owners = np.searchsorted(self._ends, odd, side="right")
        for owner, code in zip(owners.tolist(), self._codes.take(odd).tolist(), strict=True):
            found.setdefault(owner, set()).add(chr(code))
        return found

    def owners(self, places: Places) -> Places:
        """The texts in which places of ``codes`` lie."""
        owners: Places = np.searchsorted(np.cumsum(self._sizes(self._kept)), places, side="right")
        return owners

    def _sizes(self, kept: NDArray[np.bool_]) -> Places:
        """How many characters are kept of each text."""
        edges = pairwise([0, *self._ends.tolist()])
        return np.array([np.count_nonzero(kept[start:end]) for start, end in edges], np.int64)


class JoinedData(Joined):
    """The same of JSON without escapes: a quotation mark that ends a string parts it from the next.

    Within a string a quotation mark has its escape, so that nothing in it is parted. What stands behind a mark stays,
    as it may be the first character of a string that begins there, unless another mark follows: then it is no string's,
    or a string of its own.
    """

    def _taken(self) -> Short:
        signs, marks = self._codes[1:], self._codes == _QUOTE
        between = (signs == ord(":")) | (signs == ord(","))
        between &= marks[:-1]
        ends = (signs == ord("]")) | (signs == ord("}"))
        ends &= marks[:-1]
        ends |= between
        np.copyto(self._folded[:-1], _BREAK, where=ends)
        self._kept[:-1] |= ends
        self._kept[1:-1] &= ~(between[:-1] & marks[2:])
        return super()._taken()


class JoinedMarkup(Joined):
    """Pieces of markup as one folded array: first the text of each, then the tags of each, all of them apart."""

    behind = f"{SEPARATOR}<>"
    """With a tag: where all angles are those of tags, those of each piece are."""

    def _table(self) -> Short:
        return _table_of_markup()

    def _taken(self) -> Short:
        self._opened, self._closed = self._codes == _OPENED, self._codes == _CLOSED
        # From the first angle on, and up to the second, so that one of them is left to part a tag from the next.
        self._within = _toggled(self._opened | self._closed)
        self._text, self._tags = self._kept > self._within, self._kept & self._within
        return np.concatenate((self._folded.compress(self._text), self._folded.compress(self._tags)))

    def torn(self) -> set[int]:
        if not ((self._opened > self._within) | (self._closed & self._within)).any():
            return set()
        angles = np.flatnonzero(self._opened | self._closed)
        whose = np.searchsorted(self._ends, angles, side="right")
        nth = np.arange(whose.size) - np.searchsorted(whose, whose)
        return set(whose.compress(self._opened.take(angles) != (nth % 2 == 0)).tolist())

    def owners(self, places: Places) -> Places:
        sizes = np.concatenate((self._sizes(self._text), self._sizes(self._tags)))
        owners: Places = np.searchsorted(np.cumsum(sizes), places, side="right") % self._ends.size
        return owners


def _toggled(edges: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of each place whether the number of edges up to it, itself included, is odd: told of 64 places at once."""
    packed = np.zeros(-(-edges.size // _WORD), np.uint64)
    packed.view(np.uint8)[: -(-edges.size // 8)] = np.packbits(edges, bitorder="little")
    for shift in (1, 2, 4, 8, 16, 32):
        packed ^= packed << np.uint64(shift)
    before = np.bitwise_xor.accumulate(packed >> np.uint64(_WORD - 1))
    packed[1:] ^= np.negative(before[:-1])
    return np.unpackbits(packed.view(np.uint8), count=edges.size, bitorder="little").view(np.bool_)


def _encoded(texts: Sequence[str], behind: str) -> tuple[Short, Places]:
    """The texts as one, each with something behind it, and where each of them ends."""
    joined = f"{behind.join(texts)}{behind}"
    codes = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), np.uint16)
    if codes.size == len(joined):
        return codes, np.cumsum([len(text) + len(behind) for text in texts])
    # Characters beyond the first plane are two code units.
    return codes, np.cumsum([len(text.encode("utf-16-le", "surrogatepass")) // 2 + len(behind) for text in texts])


@cache
def _table() -> Short:
    """Code unit → folded code, ``_DROPPED``, or ``_ODD`` for what is not folded one by one."""
    folded, dropped, hard = plain_table()
    short = np.where(folded >= _BREAK, _ODD, folded).astype(np.uint16)
    short[hard] = _ODD
    short[dropped] = _DROPPED
    # Surrogates; and letters that NFKC joins with those that follow, as soon as it is applied to any of them.
    short[0xD800:0xE000] = _ODD
    short[0x0300:0x0370] = short[0x0900:0x1200] = short[0x1B00:0x1C00] = _ODD
    short[ord(SEPARATOR)] = _BREAK
    return short


@cache
def _table_of_markup() -> Short:
    """The same where a tag is parted from the next."""
    table = _table().copy()
    table[_OPENED] = _BREAK
    return table


def spelt(text: str, characters: set[str]) -> str | None:
    """With characters that become several written out (… as three dots); ``None`` if that depends on others."""
    for one in characters:
        written = unicodedata.normalize("NFKC", one)
        codes = [ord(character) for character in written]
        if len(written) < 2 or max(codes) > 0xFFFF or (_table().take(codes) == _ODD).any():
            return None
        text = text.replace(one, written)
    return text
