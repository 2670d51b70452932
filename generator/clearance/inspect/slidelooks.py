"""How the words of a slide look, as far as that hides them: element → verdict. Pure.

Only what can be told for certain counts: words in the colour of the filling of their
own shape, or of the slide where nothing else lies under them, and shapes under a
plain one that is painted later and does not move.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.clearance.inspect.colours import WHITE, is_same
from generator.clearance.inspect.found import Refused
from generator.clearance.inspect.frames import WHOLE, Frame, inner_frame, own_frame
from generator.clearance.inspect.package import Package
from generator.clearance.inspect.xml import local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SHAPES = frozenset({"sp", "pic", "graphicFrame", "grpSp", "cxnSp"})
_SMALLEST = 200
"""Hundredths of a point."""
_SHRUNK = 10_000
"""Thousandths of a per cent: text that was fitted to its shape by more cannot be read."""
_CLEAR = 5_000
"""The same of what can be seen through."""
_PAPER = "bg1"
"""The colour of paper, which a theme may say is dark."""
_NEARLY = 94_000
"""Thousandths of a per cent of what paper has of light."""
_OFF = frozenset({"0", "false"})
_UNKNOWN = "?"
_MOST_SHAPES = 3_000
"""Of one slide: each is compared with each."""
Box = tuple[float, float, float, float]
_EVERYWHERE: Box = (-math.inf, -math.inf, math.inf, math.inf)


def hides_letters(root: Element) -> bool:
    """Whether letters themselves are marked in their own colour, tiny, or painted with nothing."""
    for one in root.iter():
        tag = local(one.tag)
        if tag in {"rPr", "defRPr"} and (_is_tiny(one) or _is_blackened(one) or _is_clear(one)):
            return True
        scale = one.get("fontScale", "") if tag == "normAutofit" else ""
        if scale.isdigit() and int(scale) < _SHRUNK:
            return True
    return False


def _is_tiny(properties: Element) -> bool:
    """Whether a run is of two points or less."""
    size = properties.get("sz", "")
    return size.isdigit() and int(size) <= _SMALLEST


def _is_blackened(properties: Element) -> bool:
    """Whether a run is marked in the colour of its text, which is black unless it says otherwise."""
    colors = {local(one.tag): _color(one) for one in properties if local(one.tag) in {"highlight", "solidFill"}}
    return colors.get("highlight", _UNKNOWN) != _UNKNOWN and colors["highlight"] == colors.get("solidFill", "000000")


def _is_clear(properties: Element) -> bool:
    """Whether letters have no filling, or one that lets everything through, and no outline either."""
    parts = {local(one.tag): one for one in properties}
    if "ln" in parts and not any(local(one.tag) == "noFill" for one in parts["ln"]):
        return False
    alphas = [one.get("val", "") for one in parts.get("solidFill", ()) for one in one if local(one.tag) == "alpha"]
    return "noFill" in parts or any(one.isdigit() and int(one) < _CLEAR for one in alphas)


def _color(fill: Element) -> str:
    """Six digits, or that of paper, be it a shade darker; unknown where it is changed or another of the theme's."""
    for one in fill:
        if len(one):
            return _PAPER if _is_nearly_paper(one) else _UNKNOWN
        if local(one.tag) == "srgbClr":
            return one.get("val", "").upper()
        if local(one.tag) == "schemeClr" and one.get("val") == _PAPER:
            return _PAPER
    return _UNKNOWN


def _is_nearly_paper(color: Element) -> bool:
    """Whether it is paper of which most is left, or ink that is lightened as much."""
    changes = {local(one.tag): one.get("val", "") for one in color}
    if any(not one.isdigit() for one in changes.values()) or not changes.keys() <= {"lumMod", "lumOff"}:
        return False
    light, more = int(changes.get("lumMod", "100000")), int(changes.get("lumOff", "0"))
    named = color.get("val") if local(color.tag) == "schemeClr" else ""
    return (named == _PAPER and light + more >= _NEARLY) or (named == "tx1" and more >= _NEARLY)


class _Layer(NamedTuple):
    """One shape: where it lies, how it is filled (empty: not at all), and the colours of its words."""

    box: Box | None
    fill: str
    inks: frozenset[str]
    worded: bool
    covers: bool
    """It is a plain rectangle that nothing shines through."""


class _Background(NamedTuple):
    """The ground of a slide, and whether the colour of paper is white there."""

    color: str
    is_paper_white: bool

    def is_alike(self, ink: str, ground: str) -> bool:
        """Whether words of that colour cannot be seen on that ground."""
        ink, ground = (WHITE if one == _PAPER and self.is_paper_white else one for one in (ink, ground))
        return ink == ground or is_same(ink, ground)


_NO_GROUND = _Background(_UNKNOWN, False)


class _Layout(NamedTuple):
    """What slides have from a layout and its master."""

    ground: str
    """Empty: none."""
    is_paper_white: bool
    is_painted: bool
    """Something stands upon the ground, or the names of colours mean others."""


_NO_LAYOUT = _Layout(_UNKNOWN, False, True)


class Grounds:
    """The grounds of the slides of one presentation: what many slides have from their layout is looked up once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._layouts: dict[str, _Layout] = {}

    def hide(self, part: str, root: Element) -> bool:
        """Whether words cannot be seen on what they stand on, or are covered wholly by what is painted later."""
        layers = [*islice(_layers(root, WHOLE), _MOST_SHAPES + 1)]
        if len(layers) > _MOST_SHAPES:
            raise Refused("attachment-refused-large")
        moves = any(local(one.tag) == "timing" for one in root)
        boxes = _Boxes.of(layers)
        background = self._of_slide(part, root) if any(layer.inks for layer in layers) else _NO_GROUND
        for number, layer in enumerate(layers):
            if layer.inks:
                ground = layer.fill
                if ground == "":
                    ground = _UNKNOWN if boxes.any_under(number) else background.color
                if ground != _UNKNOWN and any(background.is_alike(ink, ground) for ink in layer.inks):
                    return True
            if layer.worded and not moves and boxes.any_covers(number):
                return True
        return self._hides_cells(part, root)

    def _hides_cells(self, part: str, root: Element) -> bool:
        """Whether a table has words in the colour with which their cell is filled, or in a cell that another covers."""
        for cell in root.iter():
            if local(cell.tag) != "tc":
                continue
            inks, worded = _inks(cell)
            if worded and not _OFF.issuperset({cell.get("hMerge", "0"), cell.get("vMerge", "0")}):
                return True
            fills = [fill for one in cell if local(one.tag) == "tcPr" for fill in one if _is_solid(fill)]
            fill = _color(fills[0]) if fills and inks else _UNKNOWN
            if fill != _UNKNOWN and any(self._of_slide(part, root).is_alike(ink, fill) for ink in inks):
                return True
        return False

    def _of_slide(self, part: str, root: Element) -> _Background:
        """The ground of a slide; unknown where a layout or a master paints anything upon it."""
        layouts = self._package.related(part, "slideLayout")
        if not layouts:
            return _NO_GROUND
        if layouts[0] not in self._layouts:
            self._layouts[layouts[0]] = self._of_layout(layouts[0])
        below = self._layouts[layouts[0]]
        if below.is_painted or _is_mapped(root):
            return _Background(_UNKNOWN, below.is_paper_white)
        return _Background(_own_ground(root) or below.ground or _PAPER, below.is_paper_white)

    def _of_layout(self, layout: str) -> _Layout:
        masters = self._package.related(layout, "slideMaster")
        if not masters:
            return _NO_LAYOUT
        found = _Layout("", False, False)
        for part in (layout, masters[0]):
            root = parse_tree(self._package.archive.read(part), self._package.allowance)
            painted = _is_mapped(root) or any(layer.fill != "" for layer in _layers(root, WHOLE))
            is_white = found.is_paper_white
            if any(local(one.tag) == "clrMap" and one.get(_PAPER) == "lt1" for one in root):
                themes = self._package.related(part, "theme")
                is_white = any(_has_white_paper(self._package, theme) for theme in themes)
            found = _Layout(found.ground or _own_ground(root), is_white, found.is_painted or painted)
        return found


class _Boxes(NamedTuple):
    """Where shapes lie, as arrays; one without a place of its own lies everywhere."""

    edges: NDArray[np.float64]
    """Left, top, right and bottom of each."""
    painted: NDArray[np.bool_]
    covering: NDArray[np.bool_]

    @classmethod
    def of(cls, layers: Sequence[_Layer]) -> _Boxes:
        return cls(
            np.array([layer.box or _EVERYWHERE for layer in layers], np.float64).reshape(-1, 4).T,
            np.array([layer.fill != "" or layer.covers for layer in layers], np.bool_),
            np.array([layer.covers and layer.box is not None for layer in layers], np.bool_),
        )

    def any_under(self, number: int) -> bool:
        """Whether anything may be painted under a shape."""
        left, top, right, bottom = self.edges[:, :number]
        own = self.edges[:, number]
        met = (left < own[2]) & (right > own[0]) & (top < own[3]) & (bottom > own[1])
        return bool((met & self.painted[:number]).any())

    def any_covers(self, number: int) -> bool:
        """Whether a later shape covers one wholly."""
        left, top, right, bottom = self.edges[:, number + 1 :]
        own = self.edges[:, number]
        covered = (left <= own[0]) & (top <= own[1]) & (right >= own[2]) & (bottom >= own[3])
        return bool((covered & self.covering[number + 1 :]).any())


def _layers(parent: Element, frame: Frame) -> Iterator[_Layer]:
    for shape in parent:
        tag = local(shape.tag)
        if tag not in _SHAPES:
            yield from _layers(shape, frame)
        elif tag == "grpSp":
            yield from _layers(shape, inner_frame(shape, frame))
        else:
            yield _layer(shape, tag, frame)


def _layer(shape: Element, tag: str, frame: Frame) -> _Layer:
    own = own_frame(shape)
    box = frame.box(own["off"], own["ext"]) if {"off", "ext"} <= own.keys() else None
    if tag != "sp":
        return _Layer(box, _UNKNOWN, frozenset(), False, False)
    inks, worded = _inks(shape)
    fill, is_plain = _filling(shape)
    return _Layer(box, fill, inks, worded, is_plain)


def _inks(element: Element) -> tuple[frozenset[str], bool]:
    """The colours of the words in it, as far as they are told, and whether there are any words."""
    inks, worded = set(), False
    for run in element.iter():
        if local(run.tag) == "r" and any(local(one.tag) == "t" and (one.text or "").strip() for one in run):
            worded = True
            inks |= {_color(fill) for one in run if local(one.tag) == "rPr" for fill in one if _is_solid(fill)}
    return frozenset(inks - {_UNKNOWN}), worded


def _is_solid(fill: Element) -> bool:
    return local(fill.tag) == "solidFill"


def _filling(shape: Element) -> tuple[str, bool]:
    """How a shape is filled, and whether it covers what is under it: a rectangle without words that lies straight."""
    properties = next((one for one in shape if local(one.tag) == "spPr"), None)
    if properties is None:
        return _UNKNOWN, False
    styled = any(local(one.tag) == "fillRef" and one.get("idx") != "0" for style in shape for one in style)
    fill, solid, straight, form = _UNKNOWN if styled else "", styled, True, ""
    for one in properties:
        tag = local(one.tag)
        if tag == "noFill":
            fill, solid = "", False
        elif tag.endswith("Fill"):
            fill = _color(one) if tag == "solidFill" else _UNKNOWN
            solid = tag == "solidFill" and not any(local(inner.tag) == "alpha" for inner in one.iter())
        elif tag == "xfrm":
            straight = one.get("rot", "0") == "0"
        elif tag == "prstGeom":
            form = one.get("prst", "")
    return fill, solid and straight and form == "rect"


def _is_mapped(root: Element) -> bool:
    """Whether the names of colours mean others than the theme says."""
    return any(local(one.tag) == "overrideClrMapping" for one in root.iter())


def _own_ground(root: Element) -> str:
    """The ground that a slide, layout or master has of its own; empty where it has none."""
    own = next((one for one in root.iter() if local(one.tag) == "bg"), None)
    return "" if own is None else _ground(own)


def _has_white_paper(package: Package, theme: str) -> bool:
    root = parse_tree(package.archive.read(theme), package.allowance)
    papers = [color for one in root.iter() if local(one.tag) == "lt1" for color in one]
    return any(WHITE in {one.get("lastClr", "").upper(), one.get("val", "").upper()} for one in papers)


def _ground(background: Element) -> str:
    for one in background:
        if local(one.tag) == "bgRef":
            return _color(one) if one.get("idx") == "1001" else _UNKNOWN
        for fill in one:
            if local(fill.tag).endswith("Fill"):
                return _color(fill) if _is_solid(fill) else _UNKNOWN
    return _UNKNOWN
