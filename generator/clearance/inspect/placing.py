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
_AWAY = re.compile(r"(?:^|;)\s*(?:margin-)?(?:left|top)\s*:\s*-?([0-9]{1,9}(?:\.[0-9]{1,9})?)(pt|in|cm|mm|pc|px)")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "pc": 12.0, "px": 0.75}
FILLED = frozenset({"wsp", "shape", "rect", "roundrect"})
"""Drawings that may be filled, with words in them."""
_FARTHEST = 1_000
"""Points at which a drawing of the old kind stands beside any page."""
_SWITCHED_OFF = re.compile(
    r"(?:^|;)\s*(?:visibility\s*:\s*hidden|mso-hide\s*:\s*all|display\s*:\s*none"
    r"|(?:width|height)\s*:\s*0(?:\.0{1,9})?(?:pt|in|cm|mm|pc|px)?\s*(?:;|$))"
)


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


def is_merged_away(cell: Element) -> bool:
    """Whether a cell goes on with the one above or before it, which alone is shown."""
    return any(
        local(one.tag) in {"vMerge", "hMerge"} and attribute(one, "val") in {"", "continue"}
        for properties in cell
        if local(properties.tag) == "tcPr"
        for one in properties
    )


def hides_paragraph(properties: Element) -> bool:
    """Whether the lines of a paragraph are too low to show anything, or it stands beside the page."""
    for one in properties:
        tag = local(one.tag)
        if tag == "spacing" and _is_low(one, "line", "lineRule"):
            return True
        if tag == "ind" and not -_PAGE / 2 < _number(one, "left") + _number(one, "start") < _PAGE / 2:
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
        away = any(float(number) * _POINTS[unit] >= _FARTHEST for number, unit in _AWAY.findall(style))
        return away or _SWITCHED_OFF.search(style) is not None
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
    if local(shape.tag) != "wsp":
        return _old_filling_of(shape)
    for properties in shape:
        if local(properties.tag) != "spPr":
            continue
        for fill in properties:
            if local(fill.tag) == "solidFill":
                return next(_colors_of(fill), None)
    return None


def _old_filling_of(shape: Element) -> str | None:
    """The same of a drawing of the old kind, which is white unless it says otherwise."""
    filled = shape.get("filled", "t").lower() not in {"f", "false", "0"}
    if not filled or any(local(one.tag) == "fill" for one in shape) or shape.get("type", "").endswith("_t75"):
        return None
    color = shape.get("fillcolor", "white").split(" ")[0].lower()
    if color in {"white", "window", "#fff"}:
        return WHITE
    return color[1:].upper() if re.fullmatch("#[0-9a-f]{6}", color) else None


def _colors_of(fill: Element) -> Iterator[str | None]:
    for one in fill:
        value = attribute(one, "val")
        changed = any(local(inner.tag) != "alpha" for inner in one)
        if local(one.tag) == "srgbClr":
            yield None if changed else value.upper()
        else:
            yield WHITE if value in {"bg1", "lt1"} and not changed else None
