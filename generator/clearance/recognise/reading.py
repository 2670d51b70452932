"""A text as a reader reads it, where that is other than it is written. Pure.

What nobody sees (characters without width, selectors of variants, marks set over a character) and what looks like
something else (figures in circles or of other scripts, radicals and traditional forms of Han, figures that are turned
round as they are shown) keeps a word or a number from a pattern, and not from a reader.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from generator.clearance.recognise.edits import Change, Edited, edited, stretches
from generator.clearance.recognise.glance import BLOCK
from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.variants import VARIANTS

_RANGES = (
    (0xA0, 0xA0),
    (0xAA, 0xAA),
    (0xAD, 0xAD),
    (0xB2, 0xB3),
    (0xB9, 0xBA),
    (0x300, 0x36F),
    (0x483, 0x489),
    (0x590, 0x1DFF),
    (0x2000, 0x200F),
    (0x202A, 0x202E),
    (0x202F, 0x202F),
    (0x205F, 0x209F),
    (0x20D0, 0x20FF),
    (0x2460, 0x24FF),
    (0x2776, 0x2793),
    (0x2800, 0x2800),
    (0x2E80, 0x2FDF),
    (0x3021, 0x302F),
    (0x3099, 0x309A),
    (0x3164, 0x3164),
    (0x3200, 0x32FF),
    (0xA620, 0xABFF),
    (0xF900, 0xFAFF),
    (0xFE00, 0xFE2F),
    (0xFE50, 0xFE6F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFC),
)
"""Where characters of the first plane stand that may be read otherwise, beside ``VARIANTS``; some in them are not."""
_LAST = 0xFFFF
_TURN = "\u202e"
"""From here on what is written is shown from right to left."""
_UNSEEN = frozenset({"Cf", "Mn", "Me"})
_BLANK = frozenset("\u115f\u1160\u2065\u2800\u3164\uffa0\ufffc\U0001d159")
"""Letters and the like that are shown as nothing, or as a gap."""
_UNASSIGNED = ((0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF))
"""To be ignored where they are shown, by the standard, whatever they will be."""
_TAGS = range(0xE0020, 0xE007F)
"""A second ASCII that is never shown."""

_CLASS = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in _RANGES)
_CLASS += "".join(f"\\U{code:08x}" for code in VARIANTS)
_ODD = Lazily(
    rf"\u202e(?P<turned>[^\u202c\n]{{1,400}})\u202c?|(?P<tags>[\U{_TAGS[0]:08x}-\U{_TAGS[-1]:08x}]{{7,}})"
    rf"|[{_CLASS}\U00010000-\U0010ffff]"
)


def odd_characters() -> NDArray[np.uint32]:
    """The code points among which all are that may be read otherwise; those beyond the first plane are all one."""
    ranges = [np.arange(first, last + 1, dtype=np.uint32) for first, last in _RANGES]
    return np.concatenate([*ranges, np.array([*VARIANTS, _LAST], np.uint32)])


def read(text: str, places: Iterable[int]) -> Edited | None:
    """The text as it is read, ``None`` if as it is written; ``places`` are where odd characters may be."""
    regions = [(0, len(text))] if _TURN in text else stretches(places, beside=2 * BLOCK)
    return edited(text, (change for start, end in regions for change in _changes(text, start, end)))


def _changes(text: str, start: int, end: int) -> Iterator[Change]:
    for found in _ODD.finditer(text, start, end):
        if (turned := found["turned"]) is not None:
            written = "".join(map(_read, reversed(turned)))
        elif (tags := found["tags"]) is not None:
            written = "".join(chr(ord(tag) - _TAGS.start + ord(" ")) for tag in tags)
        else:
            written = _read(found[0])
        if written != found[0]:
            yield Change(found.start(), found.end(), written)


@cache
def _read(character: str) -> str:
    """What a reader takes it for."""
    code = ord(character)
    if code in VARIANTS:
        return VARIANTS[code]
    category = unicodedata.category(character)
    if category in _UNSEEN or character in _BLANK or any(first <= code <= last for first, last in _UNASSIGNED):
        return ""
    if category == "Zs":
        return character if character == "\u3000" else " "
    if category in ("Nd", "Nl", "No") and not character.isascii():
        figure = unicodedata.numeric(character, -1)
        if figure in range(10):
            return str(int(figure))
    return unicodedata.normalize("NFKC", character)
