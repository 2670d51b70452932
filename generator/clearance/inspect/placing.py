"""Where a Word document puts rows, paragraphs and text boxes, as far as that hides them: element → verdict. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.clearance.inspect.colours import WHITE
from generator.clearance.inspect.xml import attribute, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_LOW = 40
"""Twentieths of a point: a line or a row that is exactly as low shows nothing of its words."""
_PAGE = 31_680
"""Twentieths of a point: no page is larger."""
_EMU = 635
"""Of a drawing, to a twentieth of a point."""
_AWAY = re.compile(r"(?:^|;)\s*(?:margin-)?(?:left|top)\s*:\s*-?[0-9]{4,}(?:\.[0-9]+)?pt")
_SWITCHED_OFF = re.compile(r"(?:^|;)\s*(?:visibility\s*:\s*hidden|mso-hide\s*:\s*all)")


def ground_of(shading: Element) -> str:
    """The colour of a ground (``w:shd``): a solid pattern is painted in the colour of patterns."""
    if attribute(shading, "val") != "solid":
        return attribute(shading, "fill")
    color = attribute(shading, "color")
    return "000000" if color in {"", "auto"} else color


def hides_row(row: Element) -> bool:
    """Whether a row is switched off, or exactly as low as a line."""
    return any(
        _is_on(one) if local(one.tag) == "hidden" else _is_low(one, "val", "hRule")
        for properties in row
        if local(properties.tag) == "trPr"
        for one in properties
        if local(one.tag) in {"hidden", "trHeight"}
    )


def hides_paragraph(properties: Element) -> bool:
    """Whether the lines of a paragraph are too low to show anything, or it stands beside the page."""
    for one in properties:
        tag = local(one.tag)
        if tag == "spacing" and _is_low(one, "line", "lineRule"):
            return True
        if tag == "ind" and min(_number(one, "left"), _number(one, "start")) <= -_PAGE / 2:
            return True
        if tag == "framePr" and any(not -_PAGE / 2 < _number(one, side) < _PAGE for side in "xy"):
            return True
    return False


def _is_low(element: Element, value: str, rule: str) -> bool:
    return attribute(element, rule) == "exact" and 0 < _number(element, value) <= _LOW


def _is_on(element: Element) -> bool:
    return attribute(element, "val").lower() not in {"0", "false", "off"}


def _number(element: Element, name: str) -> float:
    try:
        return float(attribute(element, name) or 0)
    except ValueError:
        return 0.0


def hides_shape(shape: Element, page: tuple[float, float]) -> bool:
    """Whether a drawing stands beside the page (its width and height in twentieths of a point), or has no room."""
    if local(shape.tag) in {"shape", "rect", "roundrect", "group"}:
        style = shape.get("style", "").lower()
        return _SWITCHED_OFF.search(style) is not None or _AWAY.search(style) is not None
    if local(shape.tag) not in {"anchor", "inline"}:
        return False
    parts = {local(one.tag): one for one in shape}
    if "extent" not in parts:
        return False
    extents = [_number(parts["extent"], side) / _EMU for side in ("cx", "cy")]
    if min(extents) < _LOW:
        return True
    places = [parts[name] for name in ("positionH", "positionV") if name in parts]
    return len(places) == 2 and any(map(_is_beside, places, extents, page))


def _is_beside(position: Element, extent: float, page: float) -> bool:
    offset = next((one.text or "" for one in position if local(one.tag) == "posOffset"), "").strip()
    if re.fullmatch(r"-?[0-9]{1,12}", offset) is None:
        return False
    start = int(offset) / _EMU
    edge = 0 if attribute(position, "relativeFrom") == "page" else page
    return start + extent <= -edge or start >= page


def page_of(root: Element) -> tuple[float, float]:
    """The width and height of a story's largest page; of the largest that there is where it does not say."""
    sizes = [(_number(one, "w"), _number(one, "h")) for one in root.iter() if local(one.tag) == "pgSz"]
    if not sizes:
        return _PAGE, _PAGE
    return max(one[0] for one in sizes) or _PAGE, max(one[1] for one in sizes) or _PAGE


def filling_of(shape: Element) -> str | None:
    """The colour with which a text box is filled; ``None`` where it cannot be told, or others may lie under it."""
    for properties in shape:
        if local(properties.tag) != "spPr":
            continue
        for fill in properties:
            if local(fill.tag) == "solidFill":
                return next(_colors_of(fill), None)
    return None


def _colors_of(fill: Element) -> Iterator[str | None]:
    for one in fill:
        value = attribute(one, "val")
        changed = any(local(inner.tag) != "alpha" for inner in one)
        if local(one.tag) == "srgbClr":
            yield None if changed else value.upper()
        else:
            yield WHITE if value in {"bg1", "lt1"} and not changed else None
