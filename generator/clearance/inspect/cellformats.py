"""Which cell formats of an Excel workbook hide what is in the cell. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from generator.clearance.inspect.colours import WHITE, grey, is_same
from generator.clearance.inspect.package import Package
from generator.clearance.inspect.xml import local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_INDEXED_WHITE = frozenset({"1", "9"})
_INDEXED_BLACK = frozenset({"0", "8", "64"})
INK = "000000"
"""The colour of text that has none of its own."""
_TINT = re.compile(r"-?[0-9]{1,2}(?:\.[0-9]{1,20})?(?:[Ee][+-]?[0-9]{1,2})?")
_DAYS = frozenset(map(str, (*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58)))
_DAY = re.compile("[yd]", re.IGNORECASE)
_BESIDE_DAY = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|General', re.IGNORECASE)
_SERIAL = re.compile(r"[1-9][0-9]{0,5}(?:\.[0-9]{1,20})?")
_SMALLEST = 2.0
"""Points: smaller text cannot be read."""
_SECTION = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])*')
_COLOR = re.compile(r"\[(black|white|color ?[12])\]", re.IGNORECASE)
_NOTHING = re.compile(r'(?:\s|"\s*"|\[[^\]]*\]|[_*\\].)*', re.DOTALL)
"""What of a section shows nothing: blanks, colours, conditions."""


class Format(NamedTuple):
    """What one cell format hides, and the ground that it paints."""

    text: bool
    positive: bool
    negative: bool
    ground: str = WHITE
    is_day: bool = False
    """Whether it shows a number as a day."""

    def hides(self, value: str, is_text: bool) -> bool:
        """Whether the value is not to be seen."""
        if is_text:
            return self.text
        return self.negative if value.startswith("-") else self.positive


PLAIN = Format(False, False, False)


def read_formats(package: Package) -> dict[str, Format]:
    """Cell formats by their numbers; those that hide nothing on white ground, and show no day, are left out."""
    found: dict[str, Format] = {}
    for name in package.related(package.main, "styles"):
        root = parse_tree(package.archive.read(name), package.allowance)
        lists = {local(one.tag): list(one) for one in root}
        codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in lists.get("numFmts", [])}
        fonts = [_font(one) for one in lists.get("fonts", [])]
        grounds = [_ground(one) for one in lists.get("fills", [])]
        for number, one in enumerate(lists.get("cellXfs", [])):
            font, fill = int(one.get("fontId", "0")), int(one.get("fillId", "0"))
            color, tiny = fonts[font] if font < len(fonts) else (INK, False)
            ground = grounds[fill] if fill < len(grounds) else WHITE
            unseen = tiny or is_alike(color, ground)
            text, positive, negative = hidden_by(codes.get(one.get("numFmtId", ""), ""), ground)
            is_day = _is_day(one.get("numFmtId", ""), codes)
            made = Format(unseen or text, unseen or positive, unseen or negative, ground, is_day)
            if made != PLAIN:
                found[str(number)] = made
    return found


def _is_day(number: str, codes: dict[str, str]) -> bool:
    """Whether a number format shows a day: one that every program knows, or one that has a year or a day in it."""
    return number in _DAYS or _DAY.search(_BESIDE_DAY.sub("", codes.get(number, ""))) is not None


def written_day(value: str, *, from_1904: bool) -> str:
    """The day that a cell shows, for the number that it holds; what is no such number stays."""
    if _SERIAL.fullmatch(value) is None:
        return value
    return (date(1904 - 4 * (not from_1904), 1, 1) + timedelta(int(float(value)) - 2 * (not from_1904))).isoformat()


def is_alike(color: str, ground: str) -> bool:
    """Whether words of one colour cannot be seen on the other."""
    return color != "" and (color == ground or is_same(color, ground if len(ground) == 6 else None))


def hidden_by(code: str, ground: str) -> tuple[bool, bool, bool]:
    """Whether a number format shows nothing of texts, of positive and of negative numbers.

    A zero that is not shown, and a code that is shown as a word, are in use everywhere.
    """
    sections, at = [], 0
    while code and at <= len(code):
        found = _SECTION.match(code, at)
        assert found is not None  # it may be empty
        sections.append(found[0])
        at = found.end() + 1
    pale = [_is_pale(one, ground) for one in sections]
    if len(sections) < 2:
        return any(pale) and "@" in code, any(pale), any(pale)
    empty = [_NOTHING.fullmatch(one) is not None for one in sections]
    text = len(sections) > 3 and (pale[3] or ("@" not in sections[3] and "general" not in sections[3].lower()))
    return text or (len(sections) == 3 and all(empty)), empty[0] or pale[0], empty[1] or pale[1]


def _is_pale(section: str, ground: str) -> bool:
    """Whether a section of a number format paints in the colour of the cell's ground."""
    found = _COLOR.search(section)
    return found is not None and is_alike(WHITE if found[1].lower() in {"white", "color2", "color 2"} else INK, ground)


def _font(font: Element) -> tuple[str, bool]:
    """The colour of a font, and whether it is too small to be read."""
    parts = {local(one.tag): one for one in font}
    color = color_of(parts["color"]) if "color" in parts else INK
    size = parts["sz"].get("val", "") if "sz" in parts else ""
    return color, size.replace(".", "", 1).isdigit() and float(size) <= _SMALLEST


def color_of(element: Element) -> str:
    """A colour as six digits, or as the theme's; empty when it cannot be told."""
    return named_color(dict(element.attrib))


def named_color(attributes: dict[str, str]) -> str:
    """The same, of its attributes."""
    get = attributes.get
    if rgb := get("rgb"):
        return rgb[-6:].upper()
    if get("theme") in {"0", "1"}:
        return _toned(get("theme") == "0", get("tint", ""))
    if get("indexed") in _INDEXED_WHITE:
        return WHITE
    if get("indexed") in _INDEXED_BLACK:
        return INK
    return f"theme {get('theme')} {get('tint')}" if get("theme") else ""


def _toned(is_white: bool, tint: str) -> str:
    """White made darker, or black made lighter, by a share between nought and one."""
    share = float(tint) if _TINT.fullmatch(tint) else 0.0
    return grey(1 + min(share, 0.0)) if is_white else grey(max(share, 0.0))


def _ground(fill: Element) -> str:
    """The colour of a cell's ground; ``?`` for patterns and gradients, on which text can be seen."""
    for pattern in fill:
        kind = pattern.get("patternType", "none")
        if local(pattern.tag) != "patternFill" or kind not in {"none", "solid"}:
            return "?"
        if kind == "solid":
            return next((color_of(one) or "?" for one in pattern if local(one.tag) == "fgColor"), INK)
    return WHITE
