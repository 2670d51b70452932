"""A block → a list or a table of which Python-Markdown's HTML is known, if it is so simple. Pure.

Both are common in announcements, and cost Python-Markdown and the sanitiser more
than all the paragraphs around them. Each line of a simple list is an item of one
kind without markup, each line of a simple table a row between outer pipes with as
many cells as the head. When in doubt a block is not simple. Tests compare with
Python-Markdown.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_SIMPLE = 20_000
"""Characters of a simple block, below anything that Python-Markdown would be refused for."""

# Inline patterns, attribute lists, headings, raw HTML, and what ``body_tables`` takes for an attribute of a cell.
_MARKUP = re.compile(r"[`\\\[&*_{<#]|  \n|span=")
# After the number or dash no item may open what a block may open: see ``_OPENS`` of ``markdown_plain``.
_ITEM = r" +((?![#>\-_*+!:=]|\d+\. )\S.*)"
_ORDERED = re.compile(rf"([0-9]{{1,4}})\.{_ITEM}")
_UNORDERED = re.compile(rf"(-){_ITEM}")
_SEPARATOR = re.compile(r"\|(?:[ :\-]*\|){2,}")
_ALIGNMENTS = {(True, True): "center", (True, False): "left", (False, True): "right", (False, False): ""}


class PlainList(NamedTuple):
    """A list of which Python-Markdown would make ``<li>`` with just these texts, each on one line."""

    start: str
    """Number of the first item; ``""`` for a list without numbers."""
    items: list[str]


class PlainTable(NamedTuple):
    """A table of which Python-Markdown would make cells with just these texts."""

    alignments: list[str]
    """Of each column: ``left``, ``center``, ``right`` or ``""``."""
    rows: list[list[str]]
    """The head, in which something is written, and at least one more."""


def read_simple(source: str) -> PlainList | PlainTable | None:
    """The list or table that a run of blocks is, if it is one and simple."""
    block = source.strip("\n")
    if len(source) > MAX_SIMPLE or "\n\n" in block or _MARKUP.search(block):
        return None
    lines = block.split("\n")
    if block[0] == "|":
        return _read_table(lines)
    return None if "|" in block else _read_list(lines)


def _read_list(lines: list[str]) -> PlainList | None:
    pattern = _UNORDERED if lines[0][0] == "-" else _ORDERED
    items: list[str] = []
    start = ""
    for line in lines:
        match = pattern.fullmatch(line)
        if match is None:
            return None
        start = start or match[1]
        items.append(match[2])
    return PlainList("" if start == "-" else start, items)


def _read_table(lines: list[str]) -> PlainTable | None:
    if len(lines) < 3 or _SEPARATOR.fullmatch(lines[1]) is None:
        return None
    marks = [mark.strip(" ") for mark in lines[1][1:-1].split("|")]
    rows: list[list[str]] = []
    for line in (lines[0], *lines[2:]):
        cells = line[1:-1].split("|")
        if len(cells) != len(marks) or line[0] != "|" or line[-1] != "|":
            return None
        rows.append([cell.strip(" ") for cell in cells])
    if not "".join(rows[0]).strip():
        return None
    return PlainTable([_ALIGNMENTS[mark.startswith(":"), mark.endswith(":")] for mark in marks], rows)
