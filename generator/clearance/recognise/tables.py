"""Tables in a text, by their separators. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from generator.clearance.recognise.lazily import Lazily

_HEAD = Lazily(r".{0,6}(?:姓\s*名|住\s*址)|密\s*级|秘密等级|涉密等级|定密级别|密级和保密期限")
_IN_HEADS = ("姓", "住", "密", "秘")
_ABOVE = 6
"""Rows that may stand above the head of a form: who fills it in, and when; what several columns have in common."""

Row = tuple[int, list[str]]


def tables(text: str) -> Iterator[list[Row]]:
    """Runs of lines with the same separator; each row is its offset and its cells.

    What begins with other rows than its head is given once more, from its head on.
    """
    headed = any(map(text.__contains__, _IN_HEADS))
    for rows in _runs(text):
        yield rows
        if not headed:
            continue
        for number in range(1, min(_ABOVE, len(rows) - 1)):
            if any(map(_HEAD.fullmatch, rows[number][1])) and not any(map(_HEAD.fullmatch, rows[0][1])):
                yield rows[number:]
                break


def _runs(text: str) -> Iterator[list[Row]]:
    marks = [mark for mark in "|\t," if mark in text]
    spaced = "姓名" in text
    if not marks and not spaced:
        return
    rows: list[Row] = []
    kind = ""
    offset = 0
    for line in text.split("\n"):
        if kind == " " and not line.strip():  # rows that a page shows as blocks
            offset += len(line) + 1
            continue
        separator = ""
        for mark in marks:
            if mark in line:
                separator = mark
                break
        if spaced and not separator and (kind == " " or "姓名" in line) and " " in line.strip():
            separator = " "  # columns of a PDF's text
        if not separator or separator != kind:
            if len(rows) > 1:
                yield rows
            rows, kind = [], separator
        if separator:
            cells = line.strip().strip("|").split(None if separator == " " else separator)
            rows.append((offset, [cell.strip(" \t*`\"'") for cell in cells]))
        offset += len(line) + 1
    if len(rows) > 1:
        yield rows
