"""Excel workbooks (ECMA-376 part 1, SpreadsheetML): package → text and what it hides. Pure.

Sheets may have a million cells, so they are read as events and never as trees.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from generator.clearance.inspect.found import Contents, Refused
from generator.clearance.inspect.package import Package, note_cropped
from generator.clearance.inspect.xml import attribute, feed, local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NARROW = 0.5
_LOW = 1.5
_MARGINS = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter"})
_WIDEST = 256
"""Empty cells before a cell are kept up to so many, so that columns can be told."""
_BUILT_IN_NAMES = ("_xlnm.", "_xlfn.", "_xlws.", "_xlpm.")
"""Names that programs keep for themselves: filters, print areas, functions that older ones lack."""
_INVISIBLE_FORMAT = re.compile(r"^[\s\"]*;[\s\"]*;[\s\"]*(?:;[\s\"]*)?$")
_INDEXED_WHITE = frozenset({"1", "9"})
_INDEXED_BLACK = frozenset({"0", "8", "64"})
_INK = "000000"
"""The colour of text that has none of its own."""


class Sheet(NamedTuple):
    """A sheet of the workbook, in the order of its tabs."""

    number: int
    part: str
    state: str


def inspect_workbook(package: Package, contents: Contents) -> None:
    """Collect the text of every sheet, shown or not, and name what is hidden."""
    for pattern, rule in (
        (r"xl/externalLinks/externalLink", "attachment-external-link"),
        (r"xl/(?:connections|queryTables/)", "attachment-external-link"),
        (r"xl/(?:pivotCache|slicerCaches|model)/", "attachment-pivot-cache"),
        (r"xl/revisions/", "attachment-tracked-changes"),
    ):
        if package.parts(pattern):
            contents.hide(rule)
    comments = {*package.parts(r"xl/(?:comments|threadedComments)"), *package.targets("comments")}
    if comments:
        contents.hide("attachment-comments")
    for name in sorted(comments):
        contents.say(_texts(package, name), "comment")
    for name in package.parts(r"xl/(?:drawings/drawing|charts/chart|pivotCache/pivotCache)[^_]*\.xml$"):
        contents.say(_texts(package, name), "drawing")
    for name in package.parts(r"xl/drawings/drawing[^/]*\.xml$"):
        note_cropped(parse_tree(package.archive.read(name), package.limits), contents, "")
    strings = _strings(package)
    invisible = _invisible_styles(package)
    for sheet in _sheets(package, contents):
        if sheet.state != "visible":
            contents.hide("attachment-hidden-sheet", f"s{sheet.number}")
        if sheet.part:
            _SheetReader(contents, sheet.number, strings, invisible).read(package, sheet.part)


def _sheets(package: Package, contents: Contents) -> list[Sheet]:
    root = parse_tree(package.archive.read(package.main), package.limits)
    targets = {one.id: one.target for one in package.relations.get(package.main, ())}
    sheets: list[Sheet] = []
    for element in root.iter():
        tag = local(element.tag)
        if tag == "sheet":
            part = targets.get(attribute(element, "id"), "")
            sheets.append(
                Sheet(len(sheets) + 1, part if part in package.archive.names else "", element.get("state", "visible"))
            )
            contents.say(element.get("name", ""), f"s{len(sheets)}")
        elif tag == "definedName":
            hidden = element.get("hidden") in {"1", "true"} and not element.get("name", "").startswith(_BUILT_IN_NAMES)
            if hidden or re.search(r"\[[0-9]+\]|\\\\|file:", element.text or ""):
                contents.hide("attachment-hidden-name")
            contents.say(f"{element.get('name', '')}\t{element.text or ''}", "name")
    return sheets


def _texts(package: Package, name: str) -> str:
    """Every text of a small part, one a line."""
    root = parse_tree(package.archive.read(name), package.limits)
    found = [
        one.text or one.get("v") or "" for one in root.iter() if local(one.tag) in {"t", "v", "text", "s", "n", "d"}
    ]
    return "\n".join(text for text in found if text)


def _strings(package: Package) -> list[str]:
    found = _SharedStrings()
    for name in package.related(package.main, "sharedStrings"):
        feed(package.archive.read(name), package.limits, start=found.start, end=found.end, text=found.text)
    return found.strings


class _SharedStrings:
    """The table of texts to which cells refer; readings of characters (``rPh``) are left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._inside = self._phonetic = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = local(tag)
        self._inside = name == "t"
        self._phonetic = self._phonetic or name == "rPh"

    def end(self, tag: str) -> None:
        name = local(tag)
        self._inside = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.strings.append("".join(self._pieces))
            self._pieces.clear()

    def text(self, words: str) -> None:
        if self._inside and not self._phonetic:
            self._pieces.append(words)


def _invisible_styles(package: Package) -> frozenset[str]:
    """Numbers of cell formats whose text cannot be seen: white on white, or a format that shows nothing."""
    found: set[str] = set()
    for name in package.related(package.main, "styles"):
        root = parse_tree(package.archive.read(name), package.limits)
        lists = {local(one.tag): list(one) for one in root}
        formats = {one.get("numFmtId", ""): one.get("formatCode", "") for one in lists.get("numFmts", [])}
        fonts = [
            next((_color(inner) for inner in font if local(inner.tag) == "color"), _INK)
            for font in lists.get("fonts", [])
        ]
        fills = [_ground(fill) for fill in lists.get("fills", [])]
        for number, cell_format in enumerate(lists.get("cellXfs", [])):
            font = int(cell_format.get("fontId", "0"))
            fill = int(cell_format.get("fillId", "0"))
            color = fonts[font] if font < len(fonts) else _INK
            ground = fills[fill] if fill < len(fills) else "FFFFFF"
            code = formats.get(cell_format.get("numFmtId", ""), "")
            if (color and color == ground) or (code and _INVISIBLE_FORMAT.match(code)):
                found.add(str(number))
    return frozenset(found)


def _color(element: Element) -> str:
    get = element.get
    if get("rgb"):
        return str(get("rgb"))[-6:].upper()
    if (get("theme") == "0" and not get("tint")) or get("indexed") in _INDEXED_WHITE:
        return "FFFFFF"
    if (get("theme") == "1" and not get("tint")) or get("indexed") in _INDEXED_BLACK:
        return "000000"
    return f"theme {get('theme')} {get('tint')}" if get("theme") else ""


def _ground(fill: Element) -> str:
    """The colour of a cell's ground; ``?`` for patterns and gradients, on which text can be seen."""
    for pattern in fill:
        kind = pattern.get("patternType", "none")
        if local(pattern.tag) != "patternFill" or kind not in {"none", "solid"}:
            return "?"
        if kind == "solid":
            return next((_color(one) or "?" for one in pattern if local(one.tag) == "fgColor"), _INK)
    return "FFFFFF"


class _SheetReader:
    """Reads one sheet: rows become lines, cells are parted by tabs."""

    def __init__(self, contents: Contents, number: int, strings: list[str], invisible: frozenset[str]) -> None:
        self._contents = contents
        self._number = number
        self._strings = strings
        self._invisible = invisible
        self._hidden_columns: list[tuple[int, int]] = []
        self._rows_hidden = self._row_hidden = False
        self._row = self._column = 0
        self._kind = self._style = ""
        self._value: list[str] = []
        self._inside = False
        self._cells: list[str] = []
        self._lines: list[str] = []
        self._line_rows: list[int] = []

    def read(self, package: Package, part: str) -> None:
        feed(package.archive.read(part), package.limits, start=self._start, end=self._end, text=self._text)
        self._contents.say("\n".join(self._lines), f"s{self._number}r", tuple(self._line_rows))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "c":
            self._column = _column(attributes.get("r", "")) or self._column + 1
            self._kind, self._style = attributes.get("t", ""), attributes.get("s", "0")
            self._value = []
        elif tag == "v" or tag == "t":
            self._inside = True
        elif tag in _MARGINS:
            self._inside = True
            self._value = []
        elif tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdigit() else self._row + 1
            self._column = 0
            self._cells = []
            low = attributes.get("customHeight") in {"1", "true"} and _number(attributes.get("ht"), 15) < _LOW
            shown = attributes.get("hidden") in {"0", "false"}
            self._row_hidden = attributes.get("hidden") in {"1", "true"} or low or (self._rows_hidden and not shown)
        elif tag == "col" and (
            attributes.get("hidden") in {"1", "true"} or _number(attributes.get("width"), 9) < _NARROW
        ):
            self._hidden_columns.append((int(attributes["min"]), int(attributes["max"])))
        elif tag == "sheetFormatPr":
            self._rows_hidden = attributes.get("zeroHeight") in {"1", "true"}

    def _end(self, name: str) -> None:
        tag = local(name)
        if tag == "v" or tag == "t":
            self._inside = False
        elif tag == "c":
            self._cell()
        elif tag == "row":
            if any(self._cells):
                self._lines.append("\t".join(self._cells))
                self._line_rows.append(self._row)
        elif tag in _MARGINS:
            self._inside = False
            self._contents.say("".join(self._value), f"s{self._number}")

    def _text(self, words: str) -> None:
        if self._inside:
            self._value.append(words)

    def _cell(self) -> None:
        value = "".join(self._value)
        self._value = []
        if self._kind == "s":
            try:
                value = self._strings[int(value)]
            except (ValueError, IndexError):
                raise Refused("attachment-unreadable", f"s{self._number}r{self._row}") from None
        if not value.strip():
            return
        missing = self._column - 1 - len(self._cells)
        if missing > 0:
            self._cells += [""] * min(missing, _WIDEST)
        self._cells.append(value if value.isprintable() else value.replace("\t", " ").replace("\n", " "))
        if self._row_hidden:
            self._contents.hide("attachment-hidden-rows", f"s{self._number}")
        if self._hidden_columns and self._is_hidden_column():
            self._contents.hide("attachment-hidden-columns", f"s{self._number}")
        if self._style in self._invisible:
            self._contents.hide("attachment-hidden-text", f"s{self._number}r{self._row}")

    def _is_hidden_column(self) -> bool:
        at = bisect_right(self._hidden_columns, (self._column, 1 << 30)) - 1
        return at >= 0 and self._hidden_columns[at][0] <= self._column <= self._hidden_columns[at][1]


@lru_cache(maxsize=1024)
def _column_of(letters: str) -> int:
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number


def _column(reference: str) -> int:
    """The number of the column in a reference such as ``AB12``; 0 when it has none."""
    return _column_of(reference.rstrip("0123456789")) if reference.isascii() and reference.isupper() else 0


def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text is not None else default
    except ValueError:
        return default
