"""Word documents (ECMA-376 part 1, WordprocessingML): package → text and what it hides. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from generator.clearance.inspect.colours import is_same
from generator.clearance.inspect.found import Contents
from generator.clearance.inspect.margins import hide_words, unseen_margins
from generator.clearance.inspect.package import Package, is_inward, note_cropped
from generator.clearance.inspect.placing import (
    FILLED,
    filling_of,
    ground_of,
    hides_paragraph,
    hides_row,
    hides_shape,
    is_merged_away,
    page_of,
)
from generator.clearance.inspect.styles import Styles, read_styles
from generator.clearance.inspect.xml import attribute, local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CHANGES = frozenset(
    {"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "numberingChange"}
    | {"rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "tblGridChange"}
    | {"tblPrExChange"}
)
_MOVED_AWAY = frozenset({"del", "moveFrom"})
_STORIES = r"word/(?:document|header[0-9]*|footer[0-9]*|footnotes|endnotes|glossary/document)\.xml$"
_COMMENTS = r"word/comments[A-Za-z]*\.xml$"
_FETCHING = frozenset(
    {"DDE", "INCLUDETEXT", "INCLUDEPICTURE", "DDEAUTO", "LINK", "INCLUDE", "IMPORT", "DATABASE", "RD"}
)
_UNSHOWN = frozenset(
    {"IF", "COMMENTS", "PRIVATE", "SET", "COMPARE", "SKIPIF", "NEXTIF", "ADDIN", "ASK", "FILLIN", "AUTOTEXTLIST"}
)
"""Fields that show little or nothing of the words in them."""
_REPEATING = frozenset({"XE", "TC", "TA", "QUOTE"})
"""Fields that hold words of the text once more, and do not show them where they stand."""
_PROSE = re.compile(r"[\u3400-\u9fff]{4,}")
_SYMBOLS = {
    **{("Wingdings", "AB"): "★", ("Wingdings", "B6"): "☆", ("Wingdings", "FC"): "✓", ("Wingdings", "FE"): "☑"},
    **{("Wingdings", "A8"): "□", ("Wingdings 2", "50"): "✓", ("Wingdings 2", "52"): "☑", ("Wingdings 2", "A3"): "□"},
}
"""Signs of fonts that have nothing else: what a mark of secrecy, or a choice between several, is made with."""
_SMALLEST = 4
"""Half points: text of two points or less cannot be read."""


class Ground(NamedTuple):
    """What lies under a run: the shading (``None`` when it cannot be told) and the paragraph's style."""

    fill: str | None = ""
    style: str = ""
    removed: bool = False


def inspect_document(package: Package, contents: Contents) -> frozenset[str]:
    """Collect the text of every story and name what is hidden in it; gives the parts that were read."""
    styles = read_styles(package)
    comments = {*package.parts(_COMMENTS), *package.targets("comments")}
    for name in sorted(comments):
        root = parse_tree(package.archive.read(name), package.allowance)
        text = "\n".join(_plain(one) for one in root)
        if len(root):
            contents.hide("attachment-comments")
            contents.say(text, "comment")
    _note_variables(package, contents)
    related = package.targets("header", "footer", "footnotes", "endnotes", "glossaryDocument")
    stories = {*package.parts(_STORIES), *related}
    lines: dict[str, Sequence[str]] = {}
    unseen = frozenset[str]()
    for name in (package.main, *sorted(stories - {package.main})):
        root = parse_tree(package.archive.read(name), package.allowance)
        unseen = unseen_margins(package, root) if name == package.main else unseen
        lines[name] = _Story(contents, styles).read(root)
    if hide_words(lines, unseen):
        contents.hide("attachment-hidden-text", "margin")
    return frozenset({package.main, *stories, *comments})


def _note_variables(package: Package, contents: Contents) -> None:
    """Document variables hold data that no page shows."""
    for name in package.related(package.main, "settings"):
        root = parse_tree(package.archive.read(name), package.allowance)
        values = [attribute(one, "val") for one in root.iter() if local(one.tag) == "docVar"]
        if any(values):
            contents.hide("attachment-custom-data")
            contents.say("\n".join(values), "variable")


class _Story:
    """Reads one story: the body, a header, the footnotes."""

    def __init__(self, contents: Contents, styles: Styles) -> None:
        self._contents = contents
        self._styles = styles
        self._lines: list[str] = []
        self._hidden: list[str] = []
        self._fields: list[str] = []
        self._repeated: list[str] = []
        self._instruction: list[str] = []
        self._page = (0.0, 0.0)

    def read(self, root: Element) -> Sequence[str]:
        """Collect what it says and name what it hides; gives its lines."""
        self._page = page_of(root)
        note_cropped(root, self._contents, "")
        self._block(root, Ground())
        self._end_field()
        shown = "".join("".join(self._lines).split())
        if any(words not in shown for words in self._repeated):
            self._contents.hide("attachment-hidden-text", "field")
        self._contents.say("\n".join(self._lines), "¶", ())
        self._contents.say("\n".join(self._hidden), "hidden")
        self._contents.say("\n".join(self._fields), "field", shown=False)
        return self._lines

    def _block(self, element: Element, ground: Ground) -> None:
        for child in element:
            tag = local(child.tag)
            if tag in _CHANGES:
                self._contents.hide("attachment-tracked-changes", f"¶{len(self._lines) + 1}")
            if tag == "p":
                self._lines.append(self._paragraph(child, ground))
            elif tag == "tr":
                self._row(child, ground)
            elif tag == "tbl":
                self._block(child, ground._replace(fill=None) if self._is_shaded(child) else ground)
            elif tag == "altChunk":
                self._contents.hide("attachment-embedded-object")
            elif tag == "AlternateContent":
                for one in self._alternatives(child):
                    self._block(one, ground)
            else:
                self._block(child, ground._replace(removed=ground.removed or tag in _MOVED_AWAY))

    def _row(self, row: Element, ground: Ground) -> None:
        """A row becomes one line, its cells parted by tabs, so that columns can be told."""
        if hides_row(row) and _plain(row).strip():
            self._hide()
        outer, self._lines = self._lines, []
        cells: list[str] = []
        for child in row.iter():
            tag = local(child.tag)
            if tag in _CHANGES:
                self._contents.hide("attachment-tracked-changes", f"¶{len(outer) + 1}")
        for cell in (one for one in _within(row) if local(one.tag) == "tc"):
            fill = next((_fill(one) for one in cell if local(one.tag) == "tcPr"), "")
            self._lines = []
            self._block(cell, ground._replace(fill=fill or ground.fill))
            words = " ".join(self._lines)
            if words.strip() and is_merged_away(cell) and not any(words in line for line in outer):
                self._contents.hide("attachment-hidden-text", f"¶{len(outer) + 1}")
            cells.append(words)
        self._lines = [*outer, "\t".join(cells)]

    def _is_shaded(self, table: Element) -> bool:
        return any(
            local(one.tag) == "tblStyle" and attribute(one, "val") in self._styles.shaded for one in table.iter()
        )

    def _paragraph(self, paragraph: Element, ground: Ground) -> str:
        pieces: list[str] = []
        properties = next((one for one in paragraph if local(one.tag) == "pPr"), None)
        if properties is not None:
            style = next((attribute(one, "val") for one in properties if local(one.tag) == "pStyle"), "")
            ground = ground._replace(fill=_fill(properties) or ground.fill, style=style)
            if hides_paragraph(properties) and _plain(paragraph).strip():
                self._hide()
        self._inline(paragraph, ground, pieces)
        return "".join(pieces)

    def _inline(self, element: Element, ground: Ground, pieces: list[str]) -> None:
        for child in element:
            tag = local(child.tag)
            if tag in _CHANGES:
                self._contents.hide("attachment-tracked-changes", f"¶{len(self._lines) + 1}")
                ground_here = ground._replace(removed=ground.removed or tag in _MOVED_AWAY)
            else:
                ground_here = ground
            if tag == "r":
                self._run(child, ground_here, pieces)
            elif tag == "t":
                pieces.append(child.text or "")
            elif tag in FILLED:
                if hides_shape(child, self._page) and _plain(child).strip():
                    self._hide()
                self._inline(child, ground._replace(fill=filling_of(child)), pieces)
            elif tag == "txbxContent":
                self._block(child, Ground(fill=ground.fill))
            elif tag == "AlternateContent":
                for one in self._alternatives(child):
                    self._inline(one, ground_here, pieces)
            elif tag == "fldSimple":
                self._field(attribute(child, "instr"))
                self._inline(child, ground_here, pieces)
            elif tag == "docPr" and attribute(child, "hidden").lower() in {"1", "true", "on"}:
                self._hide()
            else:
                if hides_shape(child, self._page) and _plain(child).strip():
                    self._hide()
                self._inline(child, ground_here, pieces)

    def _alternatives(self, element: Element) -> list[Element]:
        """What newer programs show; the copy for older ones is compared, which tells when it is of another time."""
        newer = [one for one in element if local(one.tag) == "Choice"]
        shown = "".join(map(_plain, newer))
        for one in element:
            if local(one.tag) == "Fallback":
                self._fields.append(_plain(one))
                lines = [_plain(line) for line in one.iter() if local(line.tag) == "p"] or [_plain(one)]
                if any(line not in shown and any(map(str.isalpha, line)) for line in lines):
                    self._hide()  # numbers alone are those of pages
        return newer

    def _hide(self) -> None:
        self._contents.hide("attachment-hidden-text", f"¶{len(self._lines) + 1}")

    def _run(self, run: Element, ground: Ground, pieces: list[str]) -> None:
        properties = next((one for one in run if local(one.tag) == "rPr"), None)
        text: list[str] = []
        for child in run:
            tag = local(child.tag)
            if tag in {"t", "delText"}:
                text.append(child.text or "")
            elif tag == "tab":
                text.append("\t")
            elif tag == "sym":
                text.append(_SYMBOLS.get((attribute(child, "font"), attribute(child, "char").upper()[-2:]), " "))
            elif tag in {"br", "cr"}:
                text.append(" ")
            elif tag in {"instrText", "delInstrText"}:
                self._instruction.append(child.text or "")
            elif tag == "fldChar":
                self._end_field()
            elif tag == "AlternateContent":
                for one in self._alternatives(child):
                    self._inline(one, ground._replace(fill=None), text)
            elif tag != "rPr":
                self._inline(child, ground._replace(fill=None), text)
        if properties is not None and any(local(one.tag) in _CHANGES for one in properties):
            self._contents.hide("attachment-tracked-changes", f"¶{len(self._lines) + 1}")
        words = "".join(text)
        if ground.removed:
            self._hidden.append(words)
        elif words.strip() and self._is_hidden(properties, ground):
            self._hide()
            self._hidden.append(words)
        else:
            pieces.append(words)

    def _end_field(self) -> None:
        """What was collected of an instruction, which programs cut into many runs."""
        if self._instruction:
            self._field("".join(self._instruction))
            self._instruction.clear()

    def _field(self, instruction: str) -> None:
        words = instruction.split()
        self._fields.append(instruction)
        name = words[0].upper() if words else ""
        target = instruction.partition('"')[2] or " ".join(words[1:])
        if name in _FETCHING or (name == "HYPERLINK" and is_inward(target)):
            self._contents.hide("attachment-external-link", f"¶{len(self._lines) + 1}")
        if name in _REPEATING:
            self._repeated += _PROSE.findall(instruction)
        if (name in _UNSHOWN or _PROSE.search(name)) and _PROSE.search(instruction):
            self._hide()

    def _is_hidden(self, properties: Element | None, ground: Ground) -> bool:
        look = self._styles.of_paragraph(ground.style)
        if properties is not None:
            style = next((attribute(one, "val") for one in properties if local(one.tag) == "rStyle"), "")
            look = self._styles.of_run(look, style).changed_by(properties)
        if look.vanishes or look.size <= _SMALLEST:
            return True
        return is_same(look.color, ground.fill if look.fill == "" else look.fill or None)


def _fill(properties: Element) -> str:
    return next((ground_of(one) for one in properties.iter() if local(one.tag) == "shd"), "")


def _within(row: Element) -> Iterator[Element]:
    """The children of a row, content controls and changes opened."""
    for child in row:
        if local(child.tag) in {"sdt", "sdtContent", "ins", "del", "moveTo", "moveFrom", "customXml", "smartTag"}:
            yield from _within(child)
        else:
            yield child


def _plain(element: Element) -> str:
    return "".join(one.text or "" for one in element.iter() if local(one.tag) in {"t", "delText"})
