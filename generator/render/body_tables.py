"""Sanitised tables → tables that read well: scopes, classes for alignment and numbers, a frame that scrolls. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple

from generator.render.plaintext import escape

FRAME_OPEN = '<div class="table-scroll" role="group" aria-label="表格" tabindex="0">'
"""A wide table scrolls inside it, by keyboard too; a group, since many regions of one name would be no landmarks."""

_BORDER = re.compile(r"<table[ >]|</table>")
_ROW = re.compile(r"<tr((?: [^>]*)?)>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[dh])((?: [^>]*)?)>(.*?)</\1>", re.DOTALL)
_HEAD = re.compile(r"<thead>(.*?)</thead>\n?", re.DOTALL)
_ALIGN = re.compile(r' align="(left|center|right)"')
_CLASS = re.compile(r' class="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r"[+\-−±]?[¥￥$]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?\s*[%‰％]?")
_NO_NUMBER = frozenset({"", "-", "--", "—", "——", "–", "/", "…", "无"})
"""What stands in a column of numbers where there is none."""


class _Cell(NamedTuple):
    tag: str
    attributes: str
    inner: str


def dress_tables(sanitised: str) -> str:
    """Dress every innermost table of a sanitised body."""
    parts: list[str] = []
    done = 0
    opened: int | None = None
    for border in _BORDER.finditer(sanitised):
        if border[0] != "</table>":
            opened = border.start()
        elif opened is not None:
            parts += (sanitised[done:opened], _dress(sanitised[opened : border.start()]))
            done, opened = border.end(), None
    return "".join((*parts, sanitised[done:]))


def dressed_table(alignments: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of plain texts, the head in the first row, as ``dress_tables`` would make it."""
    numeric = _columns_of_numbers([cell.strip() for cell in row] for row in rows[1:])
    heads: list[str] = []
    cells: list[str] = []
    for index, side in enumerate(alignments):
        words = [f"align-{side}"] if side else []
        if index in numeric:
            words.append("number")
        given = f' class="{" ".join(words)}"' if words else ""
        heads.append(f'<th{given} scope="col">%s</th>')
        cells.append(f"<td{given}>%s</td>")
    head = _plain_row(heads, rows[0])
    body = "".join([_plain_row(cells, row) for row in rows[1:]])
    return f"{FRAME_OPEN}<table>\n<thead>\n{head}</thead>\n<tbody>\n{body}</tbody>\n</table></div>"


def _plain_row(forms: Sequence[str], texts: Sequence[str]) -> str:
    cells = [form % escape(text) for form, text in zip(forms, texts, strict=True)]
    return "<tr>\n" + "\n".join(cells) + "\n</tr>\n"


def _dress(table: str) -> str:
    """Dress a table that is given up to its closing tag."""
    opening, _, inner = table.partition(">")
    inner = _HEAD.sub(lambda head: "" if _is_blank(head[1]) else head[0], inner)
    head, mark, rest = inner.rpartition("</thead>")
    numeric = frozenset[int]() if "span=" in inner else _numeric_columns(rest)
    head = _ROW.sub(lambda row: _dress_row(row, numeric, head=True), head)
    rest = _ROW.sub(lambda row: _dress_row(row, numeric, head=False), rest)
    return f"{FRAME_OPEN}{opening}>{head}{mark}{rest}</table></div>"


def _is_blank(head: str) -> bool:
    return not _TAG.sub("", head).strip() and "<img" not in head


def _cells(row: str) -> list[_Cell]:
    return [_Cell(*cell.groups()) for cell in _CELL.finditer(row)]


def _numeric_columns(rest: str) -> frozenset[int]:
    """Columns of which every cell below the head is a number or stands for none, and one at least is a number."""
    rows = [_cells(row[2]) for row in _ROW.finditer(rest)]
    return _columns_of_numbers(
        [html.unescape(_TAG.sub("", cell.inner)).strip() for cell in row if cell.tag == "td"] for row in rows
    )


def _columns_of_numbers(texts: Iterable[Sequence[str]]) -> frozenset[int]:
    found = set[int]()
    for index, column in enumerate(zip_longest(*texts, fillvalue="")):
        numbers = [text for text in column if text not in _NO_NUMBER]
        if numbers and all(_NUMBER.fullmatch(text) for text in numbers):
            found.add(index)
    return frozenset(found)


def _dress_row(row: re.Match[str], numeric: frozenset[int], *, head: bool) -> str:
    cells = _cells(row[2])
    scope = "col" if head or all(cell.tag == "th" for cell in cells) else "row"
    parts: list[str] = []
    for index, cell in enumerate(cells):
        attributes = _attributes(cell, number=index in numeric)
        if cell.tag == "th" and " scope=" not in attributes:
            group = "group" if f" {scope}span=" in attributes else ""
            attributes += f' scope="{scope}{group}"'
        parts.append(f"<{cell.tag}{attributes}>{cell.inner}</{cell.tag}>")
    return f"<tr{row[1]}>\n" + "\n".join(parts) + "\n</tr>"


def _attributes(cell: _Cell, *, number: bool) -> str:
    align = _ALIGN.search(cell.attributes)
    if align is None and not number:
        return cell.attributes
    given = _CLASS.search(cell.attributes)
    words = given[1].split() if given else []
    if align:
        words.append(f"align-{align[1]}")
    if number and "number" not in words:
        words.append("number")
    rest = _CLASS.sub("", _ALIGN.sub("", cell.attributes))
    return f' class="{" ".join(words)}"{rest}'
