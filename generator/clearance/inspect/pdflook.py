"""Objects of a PDF's page in the order in which they are painted, and which words may be hidden. Effects: none.

Most words of most pages have nothing over them and stand on white: only the others
are worth painting the page for.
"""

from __future__ import annotations

import ctypes
import math
from typing import Any, NamedTuple

_COVER = 4.0
"""Points: shapes and pens thinner than this are rules and borders."""
_STRIPES = 3
"""So many of those over one text are more than a line under it, or through it."""
_PLAIN_SHAPE = 8
"""A path with more segments than this is a drawing, whose bounds say little."""
_IMAGE = -1
_PEN = -256
_LIGHT = 200
_FAINT = 64
"""Of 255: what is less opaque may not be seen."""
_NEAR = 40
"""Of 255: grounds that differ from words by less may hide them."""
_SMALL = 2.0
"""Points: lower text may be too small to be read."""
_DENSE = 0.25
"""Of the bounds of a line that is drawn to and fro: less of it hides nothing."""
_MOST_SEGMENTS = 5_000
_SCAN = 0.5
"""Of a page: an image that covers more of it is the page."""
_SCAN_PIXELS = 700_000
"""Of an image that stands in a form: a page of A4 has more, be it ever so coarse."""
_MOST_OBJECTS = 20_000
_MOST_SHAPES = 5_000

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


class Shape(NamedTuple):
    """A shape or image: when it is painted, where, and how light it is."""

    order: int
    box: Box
    light: int
    """``_IMAGE``: some of it this, some that; ``_PEN``: only lines."""
    plain: bool = False
    thin: bool = False
    opaque: bool = False


class Words(NamedTuple):
    """A text object: when it is painted, in which colour and whether at all."""

    order: int
    top: int
    """The place among the page's own objects, of the form in which it stands where it stands in one."""
    color: tuple[int, int, int, int]
    painted: bool
    embedded: bool
    box: Box | None
    """``None`` inside of a form, where places are the form's own."""
    clip: Box | None
    """Beyond this nothing of it is painted; ``None``: its own bounds."""
    raw: Any

    @property
    def light(self) -> int:
        """How light it is, of 255."""
        red, green, blue, _ = self.color
        return (299 * red + 587 * green + 114 * blue) // 1000


class Look:
    """A look at the objects of a page, in the order in which they are painted."""

    def __init__(self, page: Any) -> None:
        import numpy
        import pypdfium2.raw as pdfium

        self.has_image = self.too_much = False
        self.unplaced = False
        self.words: dict[int, Words] = {}
        self.is_scan = False
        """Whether one image is most of the page."""
        self.outlines = 0
        """Filled paths that are more than boxes: characters, where there are many."""
        self._shapes: list[Shape] = []
        self._paper: Box = page.get_cropbox()
        top, plain = -1, 0
        for order, one in enumerate(page.get_objects(max_depth=8)):
            top += one.level == 0
            if order > _MOST_OBJECTS or plain > _MOST_SHAPES:
                self.too_much = True
                break
            if one.type == pdfium.FPDF_PAGEOBJ_TEXT:
                self.words[address(one.raw)] = _words(one, order, top)
                continue
            shape = _shape(one, order)
            self.has_image |= one.type == pdfium.FPDF_PAGEOBJ_IMAGE
            if shape is not None and shape.light == _IMAGE:
                self.is_scan |= self.share(shape) > _SCAN if one.level == 0 else _pixels(one) > _SCAN_PIXELS
            elif shape is not None and shape.light != _PEN and not shape.plain:
                self.outlines += not shape.thin or pdfium.FPDFPath_CountSegments(one.raw) > _PLAIN_SHAPE
            if shape is not None and one.level == 0 and (shape.plain or len(self._shapes) < _MOST_SHAPES):
                self._shapes.append(shape)
                plain += shape.plain
            elif shape is not None or one.type == pdfium.FPDF_PAGEOBJ_SHADING:
                self.unplaced = True
        rows = [(*one.box, one.order, one.light, one.thin, one.plain and one.opaque) for one in self._shapes]
        self._table = numpy.array(rows or numpy.empty((0, 8)))

    def _is_odd(self, words: Words, box: Box) -> bool:
        left, bottom, right, top = self._paper
        outside = box[0] < left - 1 or box[1] < bottom - 1 or box[2] > right + 1 or box[3] > top + 1
        small = min(box[2] - box[0], box[3] - box[1]) < _SMALL
        faint = words.light > _LIGHT or words.color[3] < _FAINT
        return not words.painted or faint or words.clip is not None or outside or small

    def at_risk(self) -> frozenset[int]:
        """The text objects that may be hidden: odd ones, those painted over later, and those on a ground like them."""
        risky: set[int] = set()
        left, bottom, right, top, order, light, thin, _ = self._table.T
        for place, words in self.words.items():
            box = words.box
            if box is None or self._is_odd(words, box) or self.unplaced:
                risky.add(place)
                continue
            meets = (left < box[2]) & (right > box[0]) & (bottom < box[3]) & (top > box[1])
            later = order > words.order
            hides = (thin == 0) & (later | (light == _IMAGE) | (abs(light - words.light) < _NEAR))
            if (meets & hides).any() or (meets & later & (thin == 1)).sum() >= _STRIPES:
                risky.add(place)
        return frozenset(risky)

    def is_scanned(self, words: Words) -> bool:
        """Whether an image that is painted later covers the page: programs that read scans put their text under it."""
        return any(one.light == _IMAGE and one.order > words.order and self.share(one) > _SCAN for one in self._shapes)

    def is_barred(self, words: Words, box: Box) -> bool:
        """Whether a plain box is painted later over the middle of a character."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        left, bottom, right, top, order, opaque = self._table[:, (0, 1, 2, 3, 4, 7)].T
        return bool(
            ((opaque == 1) & (order > words.order) & (left <= x) & (x <= right) & (bottom <= y) & (y <= top)).any()
        )

    def has_bars(self) -> bool:
        """Whether boxes are painted over an image that is the page: what is under them is still in the file."""
        scans = [one for one in self._shapes if one.light == _IMAGE and self.share(one) > _SCAN]
        boxes = [one for one in self._shapes if one.light >= 0 and one.plain and one.opaque]
        return any(scan.order < one.order and _lies_in(one.box, scan.box) for scan in scans for one in boxes)

    def share(self, shape: Shape) -> float:
        """How much of the page the bounds of a shape take."""
        left, bottom, right, top = self._paper
        across = min(shape.box[2], right) - max(shape.box[0], left)
        up = min(shape.box[3], top) - max(shape.box[1], bottom)
        return max(across, 0.0) * max(up, 0.0) / max((right - left) * (top - bottom), 1.0)


def _lies_in(inner: Box, outer: Box) -> bool:
    left, bottom, right, top = outer
    return left <= inner[0] and bottom <= inner[1] and right >= inner[2] and top >= inner[3]


def _words(one: Any, order: int, top: int) -> Words:
    import pypdfium2.raw as pdfium

    mode = pdfium.FPDFTextObj_GetTextRenderMode(one.raw)
    painted = mode not in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
    font = pdfium.FPDFTextObj_GetFont(one.raw)
    embedded = pdfium.FPDFFont_GetIsEmbedded(font) == 1
    box: Box | None = one.get_bounds() if one.level == 0 else None
    clip = None if box is None else _clip(one.raw, box)
    return Words(order, top, _color(one), painted, embedded, box, clip, one.raw)


def _clip(raw: Any, box: Box) -> Box | None:
    """The bounds to which an object is cut, where it reaches beyond them."""
    import pypdfium2.raw as pdfium

    path = pdfium.FPDFPageObj_GetClipPath(raw)
    x, y = ctypes.c_float(), ctypes.c_float()
    left, bottom, right, top = box
    for number in range(max(pdfium.FPDFClipPath_CountPaths(path), 0) if path else 0):
        points = []
        for segment in range(pdfium.FPDFClipPath_CountPathSegments(path, number)):
            point = pdfium.FPDFClipPath_GetPathSegment(path, number, segment)
            if pdfium.FPDFPathSegment_GetPoint(point, ctypes.byref(x), ctypes.byref(y)):
                points.append((x.value, y.value))
        if points:
            left, right = max(left, min(points)[0]), min(right, max(points)[0])
            bottom, top = max(bottom, min(one[1] for one in points)), min(top, max(one[1] for one in points))
    cut = left > box[0] + 1 or bottom > box[1] + 1 or right < box[2] - 1 or top < box[3] - 1
    return (left, bottom, right, top) if cut else None


def _shape(one: Any, order: int) -> Shape | None:
    """The object as something that may cover what is under it, or be a ground for what is over it."""
    import pypdfium2.raw as pdfium

    if one.type not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
        return None
    box: Box = one.get_bounds()
    thin = box[2] - box[0] < _COVER or box[3] - box[1] < _COVER
    if one.type == pdfium.FPDF_PAGEOBJ_IMAGE:
        return Shape(order, box, _IMAGE, plain=not thin, thin=thin)
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    drawn = pdfium.FPDFPath_GetDrawMode(one.raw, ctypes.byref(mode), ctypes.byref(stroked))
    filled = mode.value != pdfium.FPDF_FILLMODE_NONE
    if not drawn or not (filled or stroked.value):
        return None
    simple = pdfium.FPDFPath_CountSegments(one.raw) <= _PLAIN_SHAPE
    if not filled:
        pen = _pen(one)
        is_drawing = not thin and pen < _COVER and (simple or not _is_dense(one, box, pen))
        return None if is_drawing else Shape(order, box, _PEN, thin=thin)
    red, green, blue, alpha = _color(one)
    light = (299 * red + 587 * green + 114 * blue) // 1000
    opaque = alpha == 255 and not pdfium.FPDFPageObj_HasTransparency(one.raw)
    return Shape(order, box, light, plain=simple and not thin, thin=thin, opaque=opaque)


def _is_dense(path: Any, box: Box, pen: float) -> bool:
    """Whether a pen went to and fro so often that it may have blackened what is under it."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFPath_CountSegments(path.raw)
    if count > _MOST_SEGMENTS:
        return True
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    length = 0.0
    before: tuple[float, float] | None = None
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path.raw, number)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        here = matrix.on_point(x.value, y.value)
        if before is not None and pdfium.FPDFPathSegment_GetType(segment) != pdfium.FPDF_SEGMENT_MOVETO:
            length += math.dist(before, here)
        before = here
    return length * pen > _DENSE * (box[2] - box[0]) * (box[3] - box[1])


def _pixels(image: Any) -> int:
    import pypdfium2.raw as pdfium

    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(image.raw, ctypes.byref(width), ctypes.byref(height))
    return width.value * height.value


def _pen(one: Any) -> float:
    import pypdfium2.raw as pdfium

    width = ctypes.c_float()
    matrix = one.get_matrix()
    scale = max(abs(matrix.a), abs(matrix.b), abs(matrix.c), abs(matrix.d))
    return width.value * scale if pdfium.FPDFPageObj_GetStrokeWidth(one.raw, ctypes.byref(width)) else 0.0


def _color(one: Any) -> tuple[int, int, int, int]:
    """The colour of an object's filling, and how opaque it is; what cannot be told counts as white."""
    import pypdfium2.raw as pdfium

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(one.raw, *(ctypes.byref(part) for part in (red, green, blue, alpha))):
        return 255, 255, 255, 255
    return red.value, green.value, blue.value, alpha.value


def address(pointer: Any) -> int:
    """What tells one object from another."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0
