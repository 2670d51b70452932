"""Folding and hashing: a text → hashes of every window of 16 characters. Pure.

Text is *folded* first: NFKC, lower case, and without white space, quotation marks,
invisible characters, marks over others and the marks of Markdown, so that markup, line breaks,
full-width forms and zero-width characters hide nothing. A window is hashed by
doubling (4, 8, 16 characters), in whole arrays; two equal windows always agree, and two
different ones agree by chance once in 2⁶⁴.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.clearance.recognise.variants import RADICALS

WINDOW = 16
SEPARATOR = "\uffff"
"""A noncharacter between strings that are not read as one."""
Words = NDArray[np.uint64]
Codes = NDArray[np.uint32]
Short = NDArray[np.uint16]
Places = NDArray[np.int64]

ANCHOR = 12
"""A window holds, wherever it stands, a span of so many characters that begins at a multiple of four."""
FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
_DROP = 0xFFFFFFFF
_HARD = 0xFFFFFFFE
_FIRST_PLANE = 1 << 16
_ROW = 16
_PLAIN = ((0x0, 0x3400), (0xA000, 0xAC00), (0xF900, 0x10000))
_BEYOND = ((0x1D000, 0x1F800), (0x2F800, 0x2FA20), (0xE0000, 0xE0200))
"""Ranges of code points, in the first plane and beyond it, outside which every character stands for itself."""


@cache
def _plain() -> Codes:
    """The first plane's table: code point → folded code point, ``_DROP``, or ``_HARD`` where one becomes several."""
    table = _folded(_FIRST_PLANE, _PLAIN)
    table[[ord(character) for character in _MARKDOWN + _QUOTES]] = _DROP
    table[[*_FILLERS]] = _DROP
    table[[*RADICALS]] = [ord(han) for han in RADICALS.values()]
    for alike in _ALIKE:
        for character in alike[1:]:
            table[ord(character)] = ord(alike[0])
    return table


@cache
def _table() -> Codes:
    """The table of all planes, which few texts need."""
    table = _folded(sys.maxunicode + 1, _BEYOND)
    table[:_FIRST_PLANE] = _plain()
    return table


def _folded(size: int, ranges: Iterable[tuple[int, int]]) -> Codes:
    """A table of so many code points of which those in the ranges are folded."""
    table = np.arange(size, dtype=np.uint32)
    suspects = "".join(row for first, end in ranges for row in _suspects(first, end))
    table[np.frombuffer(suspects.encode("utf-32-le"), np.uint32)] = list(map(_folded_alone, suspects))
    return table


def _suspects(first: int, end: int) -> Iterator[str]:
    """Every character that may not stand for itself, and some that do.

    Most stand in rows of which all do, which is seen at once.
    """
    characters = np.arange(first, end, dtype="<u4").tobytes().decode("utf-32-le")
    for row in (characters[start : start + _ROW] for start in range(0, len(characters), _ROW)):
        if not unicodedata.is_normalized("NFKC", row) or row.lower() != row:
            yield row
        elif not row.isalpha():
            yield from (one for one in row if unicodedata.category(one) in _SUSPECT)


def _folded_alone(character: str) -> int:
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) == 1 and folded.isalpha():
        lower = folded.lower()
        return ord(lower if len(lower) == 1 else folded)
    if unicodedata.category(character) in _INVISIBLE or _is_unseen(ord(character)) or not folded.strip():
        return _DROP
    if len(folded) > 1 or unicodedata.combining(character):
        return _HARD
    return _DROP if unicodedata.category(character) in _MARKS else ord(folded)


def plain_table() -> tuple[Codes, Places, Places]:
    """The folding of the first plane: code points, those that are left out, those that become several."""
    plain = _plain()
    return plain, np.flatnonzero(plain == _DROP), np.flatnonzero(plain == _HARD)


_ALIKE = ("《〈", "》〉", "-‐‑‒–—―−")
"""Marks that typography exchanges, as in a title that is cited within a title; each stands for the first."""
_QUOTES = "\"'“”„‟‘’‚‛「」『』〝〞"
"""Left out: they are exchanged as well, and stand around every attribute and every text in data."""
_MARKDOWN = "#*`~|\\_<>＃＊｀～｜＼＿＜＞"
"""Marks of a source that its page does not show: left out, so that both read the same."""
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_FILLERS = frozenset({0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x2800, 0x3164, 0xFFA0})
_MARKS = frozenset({"Me", "Mn"})
"""Set over the character before them: left out where NFKC makes no other character of the two."""
_SUSPECT = _INVISIBLE | {"Mc", "Me", "Mn"}


def _is_unseen(code: int) -> bool:
    """Whether it is shown as nothing, though it is called a letter or a mark: selectors, joiners and fillers."""
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or code in _FILLERS


def fold(text: str) -> Codes:
    """The code points that are compared."""
    folded = _taken(_codes(text))
    if folded.size and (folded == _HARD).any():
        folded = _taken(_codes(unicodedata.normalize("NFKC", text)))
        folded = np.where(folded == _HARD, _DROP, folded)  # marks that go with nothing
    kept: Codes = folded.compress(folded != _DROP)
    return kept


class FoldedTexts(NamedTuple):
    """Texts that are folded together."""

    codes: Codes
    """Of each as ``fold`` has it, with a separator behind it."""
    starts: Places
    """Where each begins, and where another would."""


def fold_together(texts: Sequence[str]) -> FoldedTexts:
    """Fold many texts at the cost of one."""
    codes = _codes("".join([f"{text}{SEPARATOR}" for text in texts]))
    folded = _taken(codes)
    if (folded == _HARD).any():  # such a character changes how the whole text is read, but no other text
        parts = [fold(f"{text}{SEPARATOR}") for text in texts]
        return FoldedTexts(np.concatenate(parts), _starts([part.size for part in parts]))
    kept = folded != _DROP
    ends = _starts([len(text) + 1 for text in texts])
    sizes = np.add.reduceat(kept, ends[:-1], dtype=np.int64) if texts else ends[1:]
    return FoldedTexts(folded[kept], _starts(sizes))


def _starts(sizes: Sequence[int] | Places) -> Places:
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _taken(codes: Codes) -> Codes:
    table = _plain() if not codes.size or codes.max() < _FIRST_PLANE else _table()
    taken: Codes = table.take(codes)
    return taken


class Spans(NamedTuple):
    """Hashes of all spans of 4, 8 and 16 characters of one folded text, by their first position."""

    four: Words
    eight: Words
    sixteen: Words


def spans(codes: Codes) -> Spans:
    """Hash every span of a folded text."""
    four = fours(codes)
    eight = _joined(four[:-4], four[4:], FACTORS[0])
    return Spans(four, eight, _joined(eight[:-8], eight[8:], FACTORS[1]))


def fours(codes: Codes) -> Words:
    """Hashes of the spans of four characters alone."""
    return _fours(shortened(codes)).copy()


def shortened(codes: Codes) -> Short:
    """Characters of 16 bits. Those beyond the first plane lose their upper bits, which can make two windows
    agree that differ, never two differ that agree.
    """
    return codes.astype(np.uint16)


def _fours(short: Short) -> Words:
    """Four characters of 16 bits are a word as they stand: a view of the text."""
    return np.ndarray((max(short.size - 3, 0),), np.uint64, short.data, 0, (2,))


def _joined(first: Words, second: Words, factor: int) -> Words:
    """From hashes of spans to those of spans of twice the size."""
    joined: Words = first * np.uint64(factor)
    joined += second
    joined ^= joined >> np.uint64(32)
    joined *= np.uint64(factor)
    return joined


def spans_at(short: Short, places: Places, base: int) -> Words:
    """Hashes of the spans of 4, 8 or 16 characters (``base`` 0, 1, 2) that begin at these places of a folded text."""
    if base == 0:
        return _fours(short)[places]
    step = 4 if base == 1 else 8
    before, after = spans_at(short, places, base - 1), spans_at(short, places + step, base - 1)
    return _joined(before, after, FACTORS[base - 1])


def pairs(short: Short) -> NDArray[np.uint32]:
    """Two characters as a word, at every place: a view of the text."""
    return np.ndarray((max(short.size - 1, 0),), np.uint32, short.data, 0, (2,))


def anchors_of(fours: Words, step: int) -> Words:
    """Hashes of spans of 12 characters, from those of four that are ``step`` apart in the array."""
    size = fours.size - 2 * step
    if size <= 0:
        return fours[:0]
    hashes: Words = fours[:size] * np.uint64(FACTORS[0])
    hashes ^= hashes >> np.uint64(31)
    hashes += fours[step : step + size]
    hashes *= np.uint64(FACTORS[1])
    hashes ^= hashes >> np.uint64(29)
    hashes += fours[2 * step :]
    hashes *= np.uint64(FACTORS[0])
    return hashes
