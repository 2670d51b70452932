"""Pages of a PDF as PDFium sees them: text, and whether the page shows it. Effects: reads the given file.

What a reader cannot see but can select (under a black bar, in the colour of the
paper, outside of the page) is found by painting the page and looking where each
character should be: a character on which nothing is painted is hidden. A scan's
own text layer passes, because the scan shows the same words there.

Fonts that are not in the file are painted differently on each machine, or not at
all; their text is judged by what is drawn over and under it instead, so that the
verdict is the same everywhere.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from generator.clearance.inspect.found import Contents, Limits, Refused

if TYPE_CHECKING:
    import numpy

_SCALE = 2.0
_CONTRAST = 40
"""Of 255: less difference within a character's box is no character."""
_LIGHT = 200
_FAINT = 64
_RUN = 3
"""So many hidden characters in a row are text, and no flaw of one glyph."""
_COVER = 4.0
"""Points: filled shapes thinner than this are rules and borders."""
_PLAIN_SHAPE = 8
"""A path with more segments than this is a drawing, whose bounds say little."""
_FEW = 8
"""A page with an image and fewer characters than this is a scan without text."""
_GARBAGE = 0.2
_MOST_OBJECTS = 20_000
_MOST_SHAPES = 5_000
_MOST_CHARACTERS = 100_000
"""Of one page; with more of anything a person must read it."""
_NO_GLYPH = frozenset({0xA0, 0xAD, 0x2D, 0x3000, 0xFFFE})

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


class Shape(NamedTuple):
    """An opaque shape or image: when it is painted, where, and how light it is (``None``: an image)."""

    order: int
    box: Box
    light: int | None


class Words(NamedTuple):
    """A text object: when it is painted, how light and whether at all."""

    order: int
    light: int
    painted: bool
    embedded: bool
    box: Box | None
    """``None`` inside of a form, where places are the form's own."""


def inspect_pages(file: BinaryIO, contents: Contents, limits: Limits) -> None:
    """Collect the text of the pages; name hidden text; note pages that cannot be read."""
    import pypdfium2

    file.seek(0)
    compared = 0
    try:
        document = pypdfium2.PdfDocument(file)
        try:
            for number in range(len(document)):
                page = document[number]
                compared += _inspect_page(page, f"p{number + 1}", contents, compared < limits.compared)
                _read_annotations(document, number, page, contents)
                page.close()
        finally:
            document.close()
    except pypdfium2.PdfiumError:
        raise Refused("attachment-unreadable") from None


def _inspect_page(page: Any, place: str, contents: Contents, may_compare: bool) -> bool:
    """Read one page; true when it had to be painted."""
    text_page = page.get_textpage()
    try:
        text = text_page.get_text_range().replace("\r\n", "\n").replace("\ufffe", "")
        look = _Look(page)
        letters = sum(not char.isspace() for char in text)
        strange = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < "\t" for char in text)
        if (letters < _FEW and look.has_image) or strange > letters * _GARBAGE or look.too_much:
            contents.readable = False
        look.too_much |= letters > _MOST_CHARACTERS
        contents.say(text, place)
        risky = look.at_risk() if letters else frozenset()
        if not risky:
            return False
        if not may_compare or look.too_much:
            contents.readable = False
            return False
        if _hides_text(page, text_page, look, risky):
            contents.hide("attachment-covered-text", place)
        return True
    finally:
        text_page.close()


def _read_annotations(document: Any, number: int, page: Any, contents: Contents) -> None:
    """Words of stamps and forms, which are painted over the page and are none of its text."""
    import pypdfium2.raw as pdfium

    if not pdfium.FPDFPage_GetAnnotCount(page.raw):
        return
    before = set(_lines_of(page))
    if pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
        return
    flat = document[number]
    contents.say("\n".join(line for line in _lines_of(flat) if line not in before), f"p{number + 1}note")
    flat.close()


def _lines_of(page: Any) -> list[str]:
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range()).replace("\r\n", "\n").replace("\ufffe", "").split("\n")
    finally:
        text_page.close()


class _Look:
    """A look at the objects of a page, in the order in which they are painted."""

    def __init__(self, page: Any) -> None:
        import numpy
        import pypdfium2.raw as pdfium

        self.has_image = self.too_much = False
        self.unplaced = False
        self.shapes: list[Shape] = []
        self.words: dict[int, Words] = {}
        self._paper: Box = page.get_cropbox()
        for order, one in enumerate(page.get_objects(max_depth=8)):
            if order > _MOST_OBJECTS or len(self.shapes) > _MOST_SHAPES:
                self.too_much = True
                break
            if one.type == pdfium.FPDF_PAGEOBJ_TEXT:
                self.words[_address(one.raw)] = _words(one, order)
                continue
            shape = _shape(one, order)
            self.has_image |= one.type == pdfium.FPDF_PAGEOBJ_IMAGE
            if shape is not None and one.level == 0:
                self.shapes.append(shape)
            elif shape is not None or one.type == pdfium.FPDF_PAGEOBJ_SHADING:
                self.unplaced = True
        table = [(*one.box, one.order, -1 if one.light is None else one.light) for one in self.shapes]
        self._table = numpy.array(table or numpy.empty((0, 6)))

    def _is_odd(self, words: Words, box: Box) -> bool:
        left, bottom, right, top = self._paper
        outside = box[0] < left - 1 or box[1] < bottom - 1 or box[2] > right + 1 or box[3] > top + 1
        return not words.painted or words.light > _LIGHT or outside

    def at_risk(self) -> frozenset[int]:
        """The text objects that may be hidden: odd ones, those painted over later, and those on a ground like them."""
        risky: set[int] = set()
        left, bottom, right, top, order, light = self._table.T
        for address, words in self.words.items():
            box = words.box
            if box is None or self._is_odd(words, box) or self.unplaced:
                risky.add(address)
                continue
            meets = (left < box[2]) & (right > box[0]) & (bottom < box[3]) & (top > box[1])
            hides = (order > words.order) | (light < 0) | (abs(light - words.light) < _CONTRAST)
            if (meets & hides).any():
                risky.add(address)
        return frozenset(risky)

    def hides(self, words: Words, box: Box) -> bool:
        """Whether shapes drawn later cover the middle of a box, or light words have no dark ground."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        left, bottom, right, top, _, _ = self._table.T
        around = ((left <= x) & (x <= right) & (bottom <= y) & (y <= top)).nonzero()[0]
        if not len(around):
            return 255 - words.light < _CONTRAST
        ground = self.shapes[int(around[-1])]
        if ground.order > words.order:
            return True
        return ground.light is not None and abs(ground.light - words.light) < _CONTRAST


def _words(one: Any, order: int) -> Words:
    import pypdfium2.raw as pdfium

    mode = pdfium.FPDFTextObj_GetTextRenderMode(one.raw)
    painted = mode not in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
    font = pdfium.FPDFTextObj_GetFont(one.raw)
    light, alpha = _light(one)
    embedded = pdfium.FPDFFont_GetIsEmbedded(font) == 1
    return Words(order, light, painted and alpha >= _FAINT, embedded, one.get_bounds() if one.level == 0 else None)


def _shape(one: Any, order: int) -> Shape | None:
    """The object as something that covers what is under it; none for rules, drawings and transparent things."""
    import pypdfium2.raw as pdfium

    if one.type not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
        return None
    box: Box = one.get_bounds()
    if box[2] - box[0] < _COVER or box[3] - box[1] < _COVER or pdfium.FPDFPageObj_HasTransparency(one.raw):
        return None
    if one.type == pdfium.FPDF_PAGEOBJ_IMAGE:
        return Shape(order, box, None)
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    drawn = pdfium.FPDFPath_GetDrawMode(one.raw, ctypes.byref(mode), ctypes.byref(stroked))
    if not drawn or mode.value == pdfium.FPDF_FILLMODE_NONE:
        return None
    if pdfium.FPDFPath_CountSegments(one.raw) > _PLAIN_SHAPE:
        return None
    light, alpha = _light(one)
    return Shape(order, box, light) if alpha >= _FAINT else None


def _light(one: Any) -> tuple[int, int]:
    """How light an object's filling is, and how opaque; what cannot be told counts as white."""
    import pypdfium2.raw as pdfium

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(one.raw, *(ctypes.byref(part) for part in (red, green, blue, alpha))):
        return 255, 255
    return (299 * red.value + 587 * green.value + 114 * blue.value) // 1000, alpha.value


def _address(pointer: Any) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _hides_text(page: Any, text_page: Any, look: _Look, risky: frozenset[int]) -> bool:
    """Whether some words of the page's text are not to be seen on it."""
    import pypdfium2.raw as pdfium

    pixels = _paint(page)
    height, width = pixels.shape
    run = 0
    for number in range(text_page.count_chars()):
        address = _address(pdfium.FPDFText_GetTextObject(text_page.raw, number))
        words = look.words.get(address)
        code = pdfium.FPDFText_GetUnicode(text_page.raw, number)
        if code <= 0x20 or code in _NO_GLYPH:
            continue
        if words is not None and address not in risky:
            run = 0
            continue
        box = _box(text_page, number)
        if box is None:
            continue
        rows, columns = _area(page, box, width, height)
        shown = pixels[rows, columns]
        if words is not None and words.painted and not words.embedded:
            hidden = not shown.size or look.hides(words, box)
        else:
            hidden = not shown.size or int(shown.max()) - int(shown.min()) < _CONTRAST
        run = run + 1 if hidden else 0
        if run >= _RUN:
            return True
    return False


def _paint(page: Any) -> numpy.ndarray[Any, Any]:
    bitmap = page.render(scale=_SCALE, grayscale=True, may_draw_forms=True)
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
