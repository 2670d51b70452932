"""Pages of a PDF as PDFium sees them: text, and whether the page shows it. Effects: reads the given file.

What a reader cannot see but can select (under a black bar, in the colour of the
paper, outside of the page) is found by painting the page and looking where each
character should be: a character on which nothing is painted is hidden. A scan's
own text layer passes, because the scan shows the same words there.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, BinaryIO

from generator.clearance.inspect.found import Contents, Limits, Refused

if TYPE_CHECKING:
    import numpy

_SCALE = 2.0
_CONTRAST = 40
"""Of 255: less difference within a character's box is no character."""
_RUN = 3
"""So many hidden characters in a row are text, and no flaw of one glyph."""
_COVER = 4.0
"""Points: filled shapes thinner than this are rules and borders."""
_FEW = 8
"""A page with an image and fewer characters than this is a scan without text."""
_GARBAGE = 0.2
_MOST_OBJECTS = 20_000


def inspect_pages(file: BinaryIO, contents: Contents, limits: Limits) -> None:
    """Collect the text of the pages; name hidden text; note pages that cannot be read."""
    import pypdfium2

    file.seek(0)
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError:
        raise Refused("attachment-unreadable") from None
    compared = 0
    try:
        for number in range(len(document)):
            page = document[number]
            compared += _inspect_page(page, f"p{number + 1}", contents, compared < limits.compared)
            page.close()
    except pypdfium2.PdfiumError:
        raise Refused("attachment-unreadable") from None
    finally:
        document.close()


def _inspect_page(page: Any, place: str, contents: Contents, may_compare: bool) -> bool:
    text_page = page.get_textpage()
    try:
        text = text_page.get_text_range().replace("\r\n", "\n").replace("\ufffe", "")
        look = _Look(page)
        letters = sum(not char.isspace() for char in text)
        strange = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < "\t" for char in text)
        if (letters < _FEW and look.has_image) or strange > letters * _GARBAGE or look.too_much:
            contents.readable = False
        contents.say(text, place)
        if not letters or not look.suspicious:
            return False
        if not may_compare:
            contents.readable = False
            return False
        _compare(page, text_page, place, contents)
        return True
    finally:
        text_page.close()


class _Look:
    """A look at the objects of a page, in the order in which they are painted."""

    def __init__(self, page: Any) -> None:
        import pypdfium2.raw as pdfium

        self.has_image = self.suspicious = self.too_much = False
        text_seen = False
        width, height = page.get_size()
        for count, one in enumerate(page.get_objects(max_depth=8)):
            if count > _MOST_OBJECTS:
                self.too_much = True
                break
            if one.type == pdfium.FPDF_PAGEOBJ_TEXT:
                text_seen = True
                self.suspicious = self.suspicious or _is_odd_text(one) or not _is_inside(one, width, height)
            elif one.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.has_image = True
                self.suspicious = self.suspicious or text_seen
            elif one.type == pdfium.FPDF_PAGEOBJ_PATH:
                self.suspicious = self.suspicious or (text_seen and _is_cover(one))
            elif one.type == pdfium.FPDF_PAGEOBJ_SHADING:
                self.suspicious = self.suspicious or text_seen
        self.suspicious = self.suspicious or self.has_image


def _is_odd_text(one: Any) -> bool:
    """Whether text is painted invisibly, or so light that only a dark ground would show it."""
    import pypdfium2.raw as pdfium

    mode = pdfium.FPDFTextObj_GetTextRenderMode(one.raw)
    if mode in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP):
        return True
    red, green, blue, alpha = _color(one)
    return alpha < 64 or min(red, green, blue) > 200


def _color(one: Any) -> tuple[int, int, int, int]:
    import pypdfium2.raw as pdfium

    channels = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(one.raw, *(ctypes.byref(channel) for channel in channels)):
        return 255, 255, 255, 255  # a pattern or an unknown colour: look closer
    return channels[0].value, channels[1].value, channels[2].value, channels[3].value


def _is_inside(one: Any, width: float, height: float) -> bool:
    left, bottom, right, top = one.get_bounds()
    return bool(left >= -1 and bottom >= -1 and right <= max(width, height) + 1 and top <= max(width, height) + 1)


def _is_cover(one: Any) -> bool:
    left, bottom, right, top = one.get_bounds()
    return bool(right - left >= _COVER and top - bottom >= _COVER)


def _compare(page: Any, text_page: Any, place: str, contents: Contents) -> None:
    """Paint the page and look for each character of its text."""
    import pypdfium2.raw as pdfium

    bitmap = page.render(scale=_SCALE, grayscale=True, may_draw_forms=True)
    try:
        pixels: numpy.ndarray[Any, Any] = bitmap.to_numpy().copy()
    finally:
        bitmap.close()
    if pixels.ndim == 3:
        pixels = pixels[:, :, 0]
    height, width = pixels.shape
    run = 0
    x, y = ctypes.c_int(), ctypes.c_int()
    box = [ctypes.c_double() for _ in range(4)]
    for number in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page.raw, number)
        if code <= 0x20 or code in (0x3000, 0xA0, 0xFFFE, 0x2D, 0xAD):
            continue
        if not pdfium.FPDFText_GetCharBox(text_page.raw, number, *(ctypes.byref(side) for side in box)):
            continue
        left, right, bottom, top = (side.value for side in box)
        if right - left < 0.01 or top - bottom < 0.01:
            continue
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, left, top, ctypes.byref(x), ctypes.byref(y))
        x0, y0 = x.value, y.value
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, right, bottom, ctypes.byref(x), ctypes.byref(y))
        x0, x1 = sorted((x0, x.value))
        y0, y1 = sorted((y0, y.value))
        shown = pixels[max(y0, 0) : max(y1 + 1, 0), max(x0, 0) : max(x1 + 1, 0)]
        if shown.size and int(shown.max()) - int(shown.min()) >= _CONTRAST:
            run = 0
            continue
        run += 1
        if run >= _RUN:
            contents.hide("attachment-covered-text", place)
            return
