"""Excel workbooks (ECMA-376 part 1, SpreadsheetML): package → text and what it hides. Pure.

Sheets may have a million cells, so they are read as events and never as trees.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from generator.clearance.inspect.cellareas import Areas, Veil, read_areas, read_veils
from generator.clearance.inspect.cellformats import (
    PLAIN,
    Format,
    is_alike,
    named_color,
    read_formats,
    written_day,
)
from generator.clearance.inspect.found import Allowance, Contents, Refused
from generator.clearance.inspect.package import Package, is_switched_off, note_cropped
from generator.clearance.inspect.slidelooks import hides_letters
from generator.clearance.inspect.sweep import take_notes, words_of
from generator.clearance.inspect.xml import attribute, feed, local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NARROW = 0.5
_LOW = 3.0
"""Points: a lower row shows nothing of its words."""
_ROWS_NAMED = 20
"""Rows with words that cannot be seen are named one by one up to so many; further ones are the sheet's."""
_MARGINS = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})
_PARTS_OF_MARGIN = re.compile("&[LCR]")
_LOOKS_IN_MARGIN = re.compile(r'&(?:"[^"]*"|[0-9]+|K(?:[0-9A-F]{6}|[0-9]{2}[+-][0-9]{3})|[A-Z])')
"""How words above and below the cells look, and what a program puts there. A mark may be in two fonts."""
_WIDEST = 256
"""Empty cells before a cell are kept up to so many, so that columns can be told."""
_BUILT_IN_NAMES = ("_xlnm.", "_xlfn.", "_xlws.", "_xlpm.")
"""Names that programs keep for themselves: filters, print areas, functions that older ones lack."""
_FROM_1904 = re.compile(rb"""<[^>]*workbookPr\b[^>]*\bdate1904=["'](?:1|true)["']""")
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2"})
_LITERAL = re.compile(r'"((?:[^"]|"")+)"')


class Sheet(NamedTuple):
    """A sheet of the workbook, in the order of its tabs."""

    number: int
    part: str
    state: str


def inspect_workbook(package: Package, contents: Contents) -> frozenset[str]:
    """Collect the text of every sheet, shown or not, and name what is hidden; gives the parts that were read."""
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
    drawn = package.parts(r"xl/(?:drawings/drawing|charts/chart|pivotCache/pivotCache)[^_]*\.xml$")
    for name in drawn:
        contents.say(_texts(package, name), "drawing")
    for name in package.parts(r"xl/drawings/drawing[^/]*\.xml$"):
        root = parse_tree(package.archive.read(name), package.allowance)
        note_cropped(root, contents, "")
        _note_hidden_shapes(root, contents)
        if hides_letters(root):
            contents.hide("attachment-hidden-text", "drawing")
    strings = _strings(package)
    contents.say("\n".join(strings.readings), "alternative", shown=False)
    take_notes(strings.notes, "alternative", contents)
    formats, veils = read_formats(package), read_veils(package)
    from_1904 = _FROM_1904.search(package.archive.read(package.main)) is not None
    sheets = _sheets(package, contents)
    for sheet in sheets:
        if sheet.state != "visible":
            contents.hide("attachment-hidden-sheet", f"s{sheet.number}")
        if sheet.part:
            reader = _SheetReader(contents, package.allowance, sheet.number, strings, formats, from_1904=from_1904)
            reader.read(package, sheet.part, veils)
    unused = [text for number, text in enumerate(strings.strings) if number not in strings.used]
    contents.say("\n".join(unused), "alternative", shown=False)
    read = {package.main, *comments, *drawn, *(one.part for one in sheets)}
    return frozenset(read.union(package.related(package.main, "sharedStrings")))


def _note_hidden_shapes(root: Element, contents: Contents) -> None:
    """Shapes with words that were switched off; those that stand for old controls are always so."""
    waiting = [root]
    while waiting:
        for one in waiting.pop():
            if local(one.tag) == "Choice" and one.get("Requires") == "a14":
                continue
            waiting.append(one)
            if local(one.tag) in {"sp", "pic", "grpSp", "graphicFrame"} and is_switched_off(one):
                contents.hide("attachment-hidden-text", "drawing")


def _sheets(package: Package, contents: Contents) -> list[Sheet]:
    root = parse_tree(package.archive.read(package.main), package.allowance)
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
    listed = {one.part for one in sheets}
    for part in sorted(package.targets("worksheet", "chartsheet", "dialogsheet") - listed):
        sheets.append(Sheet(len(sheets) + 1, part, "unlisted"))  # no program shows it, but it is there
    return sheets


def _texts(package: Package, name: str) -> str:
    """Every text of a small part, one a line."""
    root = parse_tree(package.archive.read(name), package.allowance)
    found = [
        one.text or one.get("v") or "" for one in root.iter() if local(one.tag) in {"t", "v", "text", "s", "n", "d"}
    ]
    return "\n".join(text for text in found if text)


def _strings(package: Package) -> _SharedStrings:
    found = _SharedStrings()
    for name in package.related(package.main, "sharedStrings"):
        data = package.archive.read(name)
        feed(data, package.allowance, start=found.start, end=found.end, text=found.text, note=found.notes.append)
    return found


class _SharedStrings:
    """The table of texts to which cells refer; readings of characters (``rPh``) are kept apart."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.readings: list[str] = []
        self.notes: list[str] = []
        self.used: set[int] = set()
        """Numbers of those to which a cell refers."""
        self.colors: dict[int, set[str]] = {}
        """Colours of pieces of a text, by its number: they differ from that of the cell."""
        self._pieces: list[str] = []
        self._inside = self._phonetic = False
        self._color = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self._inside = name == "t"
        self._phonetic = self._phonetic or name == "rPh"
        if name == "color":
            self._color = named_color(attributes)
        elif name == "r":
            self._color = ""

    def end(self, tag: str) -> None:
        name = local(tag)
        self._inside = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.strings.append("".join(self._pieces))
            self._pieces.clear()
            self._color = ""

    def text(self, words: str) -> None:
        if not self._inside:
            return
        if self._phonetic:
            self.readings.append(words)
            return
        self._pieces.append(words)
        if self._color and words.strip():
            self.colors.setdefault(len(self.strings), set()).add(self._color)


class _SheetReader:
    """Reads one sheet: rows become lines, cells are parted by tabs."""

    def __init__(
        self,
        contents: Contents,
        allowance: Allowance,
        number: int,
        strings: _SharedStrings,
        formats: dict[str, Format],
        *,
        from_1904: bool,
    ) -> None:
        self._contents = contents
        self._number = number
        self._strings = strings
        self._formats = formats
        self._days = frozenset(style for style, look in formats.items() if look.is_day)
        self._from_1904 = from_1904
        self._hidden_columns: list[tuple[int, int]] = []
        self._shown_columns: list[tuple[int, int]] = []
        self._rows_hidden = self._rows_low = self._row_hidden = self._columns_hidden = False
        self._areas = Areas([], allowance)
        self._unseen: set[int] = set()
        """Rows with words that cannot be seen."""
        self._row = self._column = 0
        self._kind = self._style = ""
        self._value: list[str] = []
        self._inside = False
        self._cells: list[str] = []
        self._lines: list[str] = []
        self._line_rows: list[int] = []
        self._in_formula = False
        self._formula: list[str] = []
        self._words: dict[str, None] = {}
        self._colors: set[str] = set()
        """Of pieces of an inline text."""

    def read(self, package: Package, part: str, veils: dict[str, Veil]) -> None:
        data = package.archive.read(part)
        self._areas = read_areas(data, package.allowance, veils)
        notes: list[str] = []
        feed(data, package.allowance, start=self._start, end=self._end, text=self._text, note=notes.append)
        take_notes(notes, f"s{self._number}", self._contents)
        self._contents.say("\n".join(self._lines), f"s{self._number}r", tuple(self._line_rows))
        self._contents.say("\n".join(self._words), f"s{self._number}field", shown=False)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "c":
            self._column = _column(attributes.get("r", "")) or self._column + 1
            self._kind, self._style = attributes.get("t", ""), attributes.get("s", "0")
            self._value = []
            if self._colors:
                self._colors = set()
        elif tag == "v" or tag == "t":
            self._inside = True
        elif tag in _FORMULAS:
            self._in_formula = True
        elif tag in _MARGINS:
            self._inside = True
            self._value = []
        elif tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdigit() else self._row + 1
            self._column = 0
            self._cells = []
            self._areas.go(self._row)
            low = attributes.get("customHeight") in {"1", "true"} and _number(attributes.get("ht"), 15) < _LOW
            low = low or (self._rows_low and "ht" not in attributes)
            shown = attributes.get("hidden") in {"0", "false"}
            self._row_hidden = attributes.get("hidden") in {"1", "true"} or low or (self._rows_hidden and not shown)
        elif tag == "col":
            hidden = attributes.get("hidden") in {"1", "true"} or _number(attributes.get("width"), 9) < _NARROW
            columns = self._hidden_columns if hidden else self._shown_columns
            columns.append((int(attributes["min"]), int(attributes["max"])))
        elif tag == "sheetFormatPr":
            self._rows_hidden = attributes.get("zeroHeight") in {"1", "true"}
            custom = attributes.get("customHeight") in {"1", "true"}
            self._rows_low = custom and _number(attributes.get("defaultRowHeight"), 15) < _LOW
            self._columns_hidden = _number(attributes.get("defaultColWidth"), 9) < _NARROW
        elif tag == "color" and self._kind == "inlineStr":
            self._colors.add(named_color(attributes))
        elif attributes:
            self._words.update(dict.fromkeys(words_of(tag, attributes)))

    def _end(self, name: str) -> None:
        tag = local(name)
        if tag == "v" or tag == "t":
            self._inside = False
        elif tag == "c":
            self._cell()
        elif tag in _FORMULAS:
            self._in_formula = False
            self._words.update(dict.fromkeys(_LITERAL.findall("".join(self._formula))))
            self._formula.clear()
        elif tag == "row":
            if any(self._cells):
                self._lines.append("\t".join(self._cells))
                self._line_rows.append(self._row)
        elif tag in _MARGINS:
            self._inside = False
            words = _PARTS_OF_MARGIN.sub("\n", "".join(self._value))
            self._contents.say(_LOOKS_IN_MARGIN.sub("", words), f"s{self._number}")

    def _text(self, words: str) -> None:
        if self._inside:
            self._value.append(words)
        elif self._formula or (self._in_formula and '"' in words):
            self._formula.append(words)

    def _cell(self) -> None:
        value = "".join(self._value)
        self._value = []
        colors = self._colors
        if self._kind == "s":
            try:
                number = int(value)
                colors = self._strings.colors.get(number, set())
                value = self._strings.strings[number]
                self._strings.used.add(number)
            except (ValueError, IndexError):
                raise Refused("attachment-unreadable", f"s{self._number}r{self._row}") from None
        elif self._style in self._days and self._kind in {"", "n"}:
            value = written_day(value, from_1904=self._from_1904)
        if not value.strip():
            return
        missing = self._column - 1 - len(self._cells)
        if missing > 0:
            self._cells += [""] * min(missing, _WIDEST)
        self._cells.append(value if value.isprintable() else value.replace("\t", " ").replace("\n", " "))
        if self._row_hidden:
            self._contents.hide("attachment-hidden-rows", f"s{self._number}")
        if (self._hidden_columns or self._columns_hidden) and self._is_hidden_column():
            self._contents.hide("attachment-hidden-columns", f"s{self._number}")
        if self._style in self._formats or colors or self._areas.here:
            self._note_unseen(value, colors)

    def _note_unseen(self, value: str, colors: Iterable[str]) -> None:
        """Note a cell of which the format, or the colour of some words, shows nothing."""
        look = self._formats.get(self._style, PLAIN)
        is_text = self._kind in {"s", "str", "inlineStr"}
        hidden = look.hides(value, is_text) or any(is_alike(one, look.ground) for one in colors)
        if hidden or (self._kind != "e" and self._areas.hide(self._column, value, look)):
            self._unseen.add(self._row)
            row = f"r{self._row}" if len(self._unseen) <= _ROWS_NAMED else ""
            self._contents.hide("attachment-hidden-text", f"s{self._number}{row}")

    def _is_hidden_column(self) -> bool:
        hidden = _is_within(self._column, self._hidden_columns)
        return hidden or (self._columns_hidden and not _is_within(self._column, self._shown_columns))


def _is_within(column: int, spans: list[tuple[int, int]]) -> bool:
    at = bisect_right(spans, (column, 1 << 30)) - 1
    return at >= 0 and spans[at][0] <= column <= spans[at][1]


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
