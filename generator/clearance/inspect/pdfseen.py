"""Whether the page of a PDF shows the words that may be hidden on it. Effects: changes the opened page.

The page is painted twice, with those words and without them: where both pictures are
alike in the middle of a character, nothing of it is to be seen, whatever hides it.
A font that is not in the file is painted differently on each machine, or not at all:
boxes of the same colour are painted instead of its characters. Words that are never
painted, as in the text layer of a scan, are seen where the picture shows something.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.clearance.inspect.pdflook import Box, Look, Words, address

if TYPE_CHECKING:
    import numpy

    Pixels = numpy.ndarray[Any, Any]

_SCALE = 2.0
_MOST_PIXELS = 8_000_000
"""Of one painting: a sheet of A2. Larger ones, up to some metres, are painted smaller."""
_SHEET = 2_000_000
_LONGEST = 20_000
"""Pixels of a side."""
_CONTRAST = 40
"""Of 255: less difference within a character's box is no character."""
_LARGE = 18.0
"""Points: characters as high as this can be seen when they are fainter, as watermarks are."""
_LARGE_CONTRAST = 10
_SMALLEST = 2.0
"""Points: smaller characters cannot be read."""
_RUN = 6
"""Hidden characters in a row that weigh as much are text, and no flaw of one glyph."""
_WEIGHT = 2
_WEIGHT_OF_HAN = 3
"""Two of them are a name."""
_HAN = range(0x3400, 0xA000)
_NO_GLYPH = frozenset({0xA0, 0xAD, 0x2D, 0x3000, 0xFFFE})
_NO_MIDDLE = frozenset(map(ord, '二=:：;；"“”＝'))
"""Nothing of these is painted in the middle of their boxes."""


_PASSED = dict.fromkeys([*range(0x21), *_NO_GLYPH, *_NO_MIDDLE])


class Seen(NamedTuple):
    """What of a page's text can be seen."""

    shown: str
    """Without blanks, and without signs of which nothing can be told."""
    hides: bool = False
    """Whether there is text on the page that cannot be seen."""
    beside: tuple[str, ...] = ()
    """Texts that stand beside the page: a drawing that goes on over two pages stands in both of them."""

    def is_elsewhere(self, pages: Sequence[Seen]) -> bool:
        """Whether what stands beside this page is to be seen on it or on others, but for a sign or two."""
        missing = [one for one in self.beside if not any(one in page.shown for page in pages)]
        return sum(map(_weight_of, "".join(missing))) < _RUN


class _Character(NamedTuple):
    sign: str
    words: Words | None
    box: Box | None
    """``None``: it is to be seen."""
    tiny: bool = False


def text_as_shown(text: str) -> Seen:
    """All of a text, where nothing of it may be hidden."""
    return Seen(text.translate(_PASSED).replace("\u3000", ""))


def seen_text(page: Any, text_page: Any, look: Look, risky: frozenset[int]) -> Seen:
    """Find what of a page's text is not to be seen on it."""
    characters = _characters(text_page, look, risky)
    shown = _Shown(page, look, [one for one in characters if one.box is not None])
    pieces: list[str] = []
    beside: dict[int, str] = {}
    run = 0
    for one in characters:
        if one.box is None or shown.shows(one, one.box):
            pieces.append(one.sign)
            run = 0
        elif shown.is_beside(one.box):
            place = address(one.words.raw) if one.words is not None else 0
            beside[place] = beside.get(place, "") + one.sign
        else:  # of a plain box over a character there is no doubt
            is_barred = one.words is not None and look.is_barred(one.words, one.box)
            run += _RUN if is_barred else _weight_of(one.sign)
            if run >= _RUN:
                return Seen("".join(pieces), hides=True)
    return Seen("".join(pieces), beside=tuple(beside.values()))


def _weight_of(sign: str) -> int:
    return _WEIGHT_OF_HAN if ord(sign) in _HAN else _WEIGHT


def _characters(text_page: Any, look: Look, risky: frozenset[int]) -> list[_Character]:
    """The characters of the page in their order; those that may be hidden with their boxes."""
    import pypdfium2.raw as pdfium

    found: list[_Character] = []
    for number in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page.raw, number)
        if code in _PASSED:
            continue
        place = address(pdfium.FPDFText_GetTextObject(text_page.raw, number))
        words = look.words.get(place)
        if words is not None and place not in risky:
            found.append(_Character(chr(code), words, None))
            continue
        box = _box(text_page, number)
        if box is not None:
            is_small = max(box[2] - box[0], box[3] - box[1]) < _SMALLEST
            found.append(_Character(chr(code), words, box, is_small and _is_tiny(text_page, number)))
    return found


class _Shown:
    """Two pictures of a page: with the words that may be hidden, and without them."""

    def __init__(self, page: Any, look: Look, characters: list[_Character]) -> None:
        import pypdfium2.raw as pdfium

        self._page = page
        self._look = look
        painted = {address(one.words.raw): one.words for one in characters if one.words and one.words.painted}
        boxes = self._put_boxes([one for one in characters if one.words and _is_boxed(one.words)])
        self._with = _paint(page)
        for words in painted.values():
            pdfium.FPDFTextObj_SetTextRenderMode(words.raw, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
        for box in boxes:
            pdfium.FPDFPageObj_SetFillColor(box, 0, 0, 0, 0)
        without = _paint(page) if painted else self._with
        self._difference = abs(self._with.astype("int16") - without)

    def _put_boxes(self, characters: list[_Character]) -> list[Any]:
        """Boxes instead of characters, just over the words that they stand for."""
        import pypdfium2.raw as pdfium

        paths: dict[int, tuple[Words, Any]] = {}
        for one in characters:
            assert one.words is not None
            assert one.box is not None
            left, bottom, right, top = one.box
            place = address(one.words.raw)
            if place not in paths:
                path = pdfium.FPDFPageObj_CreateNewPath(left, bottom)
                paths[place] = one.words, path
                pdfium.FPDFPageObj_SetFillColor(path, *one.words.color)
                pdfium.FPDFPath_SetDrawMode(path, pdfium.FPDF_FILLMODE_WINDING, 0)
            else:
                path = paths[place][1]
                pdfium.FPDFPath_MoveTo(path, left, bottom)
            for x, y in ((right, bottom), (right, top), (left, top)):
                pdfium.FPDFPath_LineTo(path, x, y)
            pdfium.FPDFPath_Close(path)
        for words, path in sorted(paths.values(), key=lambda pair: pair[0].order, reverse=True):
            pdfium.FPDFPage_InsertObjectAtIndex(self._page.raw, path, words.top + 1)
        return [path for _, path in paths.values()]

    def is_beside(self, box: Box) -> bool:
        """Whether nothing of a box is on the page."""
        return not self._with[self._area(box)].size

    def shows(self, one: _Character, box: Box) -> bool:
        """Whether something of the character is to be seen."""
        if one.tiny:
            return False
        if one.words is None or not one.words.painted:
            return self._has_contrast(box)
        left, bottom, right, top = box
        quarter = (top - bottom) / 4
        middle = left, bottom + quarter, right, top - quarter
        if _is_boxed(one.words) and one.words.clip is not None:
            clip = one.words.clip
            middle = (*map(max, middle[:2], clip[:2]), *map(min, middle[2:], clip[2:]))  # type: ignore[assignment]
            if middle[0] >= middle[2] or middle[1] >= middle[3]:
                return False
        area = self._area(middle)
        least = _LARGE_CONTRAST if top - bottom >= _LARGE else _CONTRAST
        difference = self._difference[area]
        if difference.size and int(difference.max()) >= least:
            return True
        return self._look.is_scanned(one.words) and self._has_contrast(box)

    def _has_contrast(self, box: Box) -> bool:
        shown = self._with[self._area(box)]
        return bool(shown.size) and int(shown.max()) - int(shown.min()) >= _CONTRAST

    def _area(self, box: Box) -> tuple[slice, slice]:
        height, width = self._with.shape
        return _area(self._page, box, width, height)


def _is_boxed(words: Words) -> bool:
    return words.painted and not words.embedded


def _is_tiny(text_page: Any, number: int) -> bool:
    """Whether the place of a character, with the room that its font leaves around it, is too small to be read."""
    import pypdfium2.raw as pdfium

    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text_page.raw, number, ctypes.byref(rect)):
        return False
    return bool(max(abs(rect.right - rect.left), abs(rect.top - rect.bottom)) < _SMALLEST)


def _scale_of(width: float, height: float) -> float:
    """How large to paint a page of so many points: a few bytes can make one of two hundred square metres."""
    return min(_SCALE, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)), _LONGEST / max(width, height, 1.0))


def sheets(page: Any) -> float:
    """How many sheets of A4 have as many pixels as the page is painted with."""
    width, height = page.get_size()
    return float(width * height * _scale_of(width, height) ** 2 / _SHEET)


def _paint(page: Any) -> numpy.ndarray[Any, Any]:
    bitmap = page.render(scale=_scale_of(*page.get_size()), grayscale=True, may_draw_forms=True)
    try:
        pixels: numpy.ndarray[Any, Any] = bitmap.to_numpy().copy()
    finally:
        bitmap.close()
    return pixels[:, :, 0] if pixels.ndim == 3 else pixels


def _box(text_page: Any, number: int) -> Box | None:
    import pypdfium2.raw as pdfium

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    sides = (ctypes.byref(side) for side in (left, right, bottom, top))
    if not pdfium.FPDFText_GetCharBox(text_page.raw, number, *sides):
        return None
    if right.value - left.value < 0.01 or top.value - bottom.value < 0.01:
        return None
    return left.value, bottom.value, right.value, top.value


def _area(page: Any, box: Box, width: int, height: int) -> tuple[slice, slice]:
    """Rows and columns of the painted page that a box covers; empty beside the page."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, box[0], box[3], ctypes.byref(x), ctypes.byref(y))
    x0, y0 = x.value, y.value
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, box[2], box[1], ctypes.byref(x), ctypes.byref(y))
    left, right = sorted((x0, x.value))
    top, bottom = sorted((y0, y.value))
    return slice(max(top, 0), max(bottom + 1, 0)), slice(max(left, 0), max(right + 1, 0))
