"""Names in the columns and rows of tables: text in → names and where they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.names import is_name
from generator.clearance.recognise.tables import tables
from generator.clearance.recognise.telling import ILLNESSES, PERSONS, TELLING

HEAD = Lazily(r"姓\s*名|人员名单|当事人")
_HEAD_OF_PERSONS = Lazily(rf".{{0,10}}(?:{PERSONS}|人员)(?:名单|姓名)?")
_HEADED = (*PERSONS.replace("被?", "").split("|"), "人员")
_USUAL = ("姓", "名单", "男", "女")
_BEHIND_NAME = re.compile(r"[（(][^（()）]{1,8}[)）]$")
_WITHIN = re.compile(r"[、，,;；/]|<br ?/?>|\s+")
_RULE = re.compile(r"[-:\s]*")
_TOLD = Lazily(rf"吸毒|戒毒|毒品|尿检|复吸|成瘾|感染|阳性|残疾等级|诊断|{ILLNESSES}")
"""What makes a list of names out of a column without a head."""

Rows = Sequence[tuple[int, Sequence[str]]]
Listed = tuple[int, int, Sequence[str]]
"""Where a list begins and ends, and its names."""


def name_columns(text: str, least: int, most: int, *, told: bool) -> Iterator[Listed]:
    """Names in a column or row that is headed so, or beside 男 and 女, or beside what is told of them.

    ``told`` is whether any such word may stand in the text. So many as ``least`` make a list; one does in a column
    beside such a word, where fewer than ``most`` are asked for.
    """
    usual = "姓" in text or "名单" in text or "男" in text or "女" in text
    if not usual and not (("|" in text or "\t" in text) and (told or any(map(text.__contains__, _HEADED)))):
        return
    for rows in tables(text):
        yield from _rows_headed(text, rows, least)
        column = _name_column(rows)
        if column < 0 and told:
            column = _told_column(rows)
        if column < 0:
            continue
        named = [one for start, row in rows if column < len(row) for one in _names(start, row[column])]
        telling = least < most and TELLING.search(" ".join(rows[0][1])) is not None
        if len(named) >= (1 if telling else least):
            yield _listed(text, named)


def _listed(text: str, named: Sequence[tuple[int, str]]) -> Listed:
    first = text.find(named[0][1], named[0][0])
    last = text.find(named[-1][1], named[-1][0])
    return first, last + len(named[-1][1]), [name for _, name in named]


def _names(start: int, cell: str) -> list[tuple[int, str]]:
    """The names in a cell: one, or several and nothing else."""
    cell = _BEHIND_NAME.sub("", cell)
    if is_name(cell):
        return [(start, cell)]
    parts = [part for part in _WITHIN.split(cell) if part]
    return [(start, part) for part in parts] if len(parts) > 1 and all(map(is_name, parts)) else []


def _rows_headed(text: str, rows: Rows, least: int) -> Iterator[Listed]:
    """A row of names, headed at its left."""
    for start, row in rows:
        if len(row) > 2 and (HEAD.search(row[0]) or _HEAD_OF_PERSONS.fullmatch(row[0])):
            named = [one for cell in row[1:] for one in _names(start, cell)]
            if len(named) >= least and len(named) >= len([*filter(None, row[1:])]):
                yield _listed(text, named)


def _name_column(rows: Rows) -> int:
    """Which column holds names; -1 when none does."""
    head, last = rows[0][1], rows[-1][1]
    for says in (HEAD.search, _HEAD_OF_PERSONS.fullmatch):
        for number, cell in enumerate(head):
            if says(cell):
                return number
    beside = any(cell in {"男", "女"} for cell in last)
    return next((number for number, cell in enumerate(last) if is_name(cell)), -1) if beside else -1


def _told_column(rows: Rows) -> int:
    """The same of a table without such a head of which every row has a name, and something is told of persons."""
    inner = [row for _, row in rows[1:] if not _RULE.fullmatch("".join(row))]
    if len(inner) < 2 or not _TOLD.search(" ".join(cell for row in inner for cell in row)):
        return -1
    width = min(map(len, inner))
    return next((number for number in range(width) if all(is_name(row[number]) for row in inner)), -1)
