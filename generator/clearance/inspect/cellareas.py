"""Areas of an Excel sheet in which cells may be hidden: merged ones, and those of conditional formats. Pure.

Both stand behind the cells in the file, so they are read before the cells are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from generator.clearance.inspect.cellformats import INK, PLAIN, Format, color_of, hidden_by, is_alike
from generator.clearance.inspect.colours import WHITE
from generator.clearance.inspect.found import Allowance
from generator.clearance.inspect.package import Package
from generator.clearance.inspect.xml import feed, local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LAST = 1 << 20
_COMPARED_IN_A_STEP = 2
"""Areas that are compared with a cell while a step of XML is read."""
_CELLS = re.compile(rb"<(?:\w+:)?sheetData\s*>")
_CELLS_END = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_PART = re.compile(r"\$?([A-Z]{0,3})\$?([0-9]{0,7})(?::\$?([A-Z]{0,3})\$?([0-9]{0,7}))?")
_OF_NOTHING = frozenset({"containsErrors", "containsBlanks"})
_IS_NOTHING = re.compile(r"IS(?:ERROR|ERR|NA|BLANK)\([^()]*\)", re.IGNORECASE)


class Veil(NamedTuple):
    """What a conditional format changes of a cell, as far as that hides it."""

    color: str = ""
    ground: str = ""
    blank: bool = False
    """Its number format shows nothing."""

    def hides(self, look: Format) -> bool:
        """Whether nothing is to be seen of a cell that looks like that without it."""
        return self.blank or is_alike(self.color or INK, self.ground or look.ground)


class Area(NamedTuple):
    """A rectangle of cells, all sides included; merged where it has no veil."""

    top: int
    left: int
    bottom: int
    right: int
    veil: Veil | None = None


class Areas:
    """The areas of one sheet, of which those are at hand that the present row meets."""

    def __init__(self, areas: list[Area], allowance: Allowance) -> None:
        self._areas = sorted(areas)
        self._allowance = allowance
        self._next = 0
        self._row = 0
        self._compared = 0
        self.here: list[Area] = []
        self.shown: dict[Area, str] = {}
        """What merged cells show."""

    def go(self, row: int) -> None:
        """Go on to a row; rows come in their order, and where they do not, from the beginning again."""
        if row < self._row:
            self._next, self.here = 0, []
        self._row = row
        self._allowance.step(self._compared // _COMPARED_IN_A_STEP)
        self._compared = len(self.here)
        if self.here:
            self.here = [one for one in self.here if one.bottom >= row]
        while self._next < len(self._areas) and self._areas[self._next].top <= row:
            if self._areas[self._next].bottom >= row:
                self.here.append(self._areas[self._next])
            self._next += 1

    def hide(self, column: int, value: str, look: Format) -> bool:
        """Whether the cell of the present row in that column is hidden with what it holds."""
        hidden = False
        self._compared += len(self.here)
        for one in self.here:
            if not one.left <= column <= one.right:
                continue
            if one.veil is not None:
                hidden = hidden or (value != "0" and one.veil.hides(look))
            elif (one.top, one.left) == (self._row, column):
                self.shown[one] = value
            else:
                hidden = hidden or value != self.shown.get(one)
        return hidden


def read_veils(package: Package) -> dict[str, Veil]:
    """What conditional formats may hide, by their numbers; those that hide nothing on white are left out.

    White words are left out as well where the format brings a dark ground along.
    """
    found: dict[str, Veil] = {}
    for name in package.related(package.main, "styles"):
        data = package.archive.read(name)
        if b"dxf" in data or b"\0" in data[:4]:
            for one in parse_tree(data, package.allowance):
                if local(one.tag) == "dxfs":
                    found |= {str(number): _veil(dxf) for number, dxf in enumerate(one)}
    return {number: veil for number, veil in found.items() if veil.hides(PLAIN)}


def _veil(format_: Element) -> Veil:
    parts = {local(one.tag): one for one in format_}
    color = next((color_of(one) for one in parts.get("font", ()) if local(one.tag) == "color"), "")
    ground = ""
    for pattern in parts.get("fill", ()):
        colors = {local(one.tag): color_of(one) or "?" for one in pattern}
        ground = colors.get("bgColor") or colors.get("fgColor", "")
    code = parts["numFmt"].get("formatCode", "") if "numFmt" in parts else ""
    return Veil(color, ground, any(hidden_by(code, ground or WHITE)[:2]))


def read_areas(data: bytes, allowance: Allowance, veils: Mapping[str, Veil]) -> Areas:
    """The areas of a sheet; ``veils`` are those of conditional formats by their numbers."""
    reader = _AreaReader(veils)
    wide = b"\0" in data[:4]
    if wide or b"mergeCell" in data or b"showValue" in data or (veils and b"cfRule" in data):
        feed(_without_cells(data), allowance, start=reader.start, end=reader.end, text=reader.text)
    return Areas(reader.areas, allowance)


def _without_cells(data: bytes) -> bytes:
    """The sheet without its cells, which are nearly all of it; the whole where that cannot be cut out safely."""
    first, last = _CELLS.search(data), _CELLS_END.search(data)
    if first is None or last is None or data.find(b"<?", 2) >= 0 or b"<!" in data:
        return data
    return data[: first.start()] + data[last.end() :]


class _AreaReader:
    def __init__(self, veils: Mapping[str, Veil]) -> None:
        self.areas: list[Area] = []
        self._veils = veils
        self._range = ""
        self._veil: Veil | None = None
        self._formula: list[str] = []
        self._is_nothing = self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not attributes and not self._veil:
            return
        tag = local(name)
        if tag == "mergeCell":
            self.areas += _parsed(attributes.get("ref", ""), None)
        elif tag == "conditionalFormatting":
            self._range = attributes.get("sqref", "")
        elif tag == "cfRule":
            self._veil = self._veils.get(attributes.get("dxfId", ""))
            self._is_nothing = attributes.get("type") in _OF_NOTHING
            self._formula.clear()
        elif tag == "formula":
            self._inside = True
        elif tag in {"dataBar", "iconSet"} and attributes.get("showValue") in {"0", "false"}:
            self.areas += _parsed(self._range, Veil(blank=True))

    def text(self, words: str) -> None:
        if self._inside:
            self._formula.append(words)

    def end(self, name: str) -> None:
        if self._veil is None:
            return
        tag = local(name)
        if tag == "formula":
            self._inside = False
        elif tag == "cfRule":
            if not self._is_nothing and not _IS_NOTHING.fullmatch("".join(self._formula).strip()):
                self.areas += _parsed(self._range, self._veil)
            self._veil = None


def _parsed(ranges: str, veil: Veil | None) -> list[Area]:
    found = []
    for one in ranges.split():
        part = _PART.fullmatch(one)
        if part is None:
            continue
        left, top, right, bottom = part.groups()
        if right is None and bottom is None:
            right, bottom = left, top
        found.append(Area(int(top or 1), _column(left) or 1, int(bottom or _LAST), _column(right or "") or _LAST, veil))
    return found


def _column(letters: str) -> int:
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number
