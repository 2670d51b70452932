"""Tables in a text, by their separators. Pure."""

from __future__ import annotations

from collections.abc import Iterator


def tables(text: str) -> Iterator[list[tuple[int, list[str]]]]:
    """Runs of lines with the same separator; each row is its offset and its cells."""
    marks = [mark for mark in "|\t," if mark in text]
    spaced = "姓名" in text
    if not marks and not spaced:
        return
    rows: list[tuple[int, list[str]]] = []
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
