"""Tables that say of offices where they are and how they are reached: text in → rows out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.tables import tables

_NAMES = Lazily(
    r".{0,10}(?:名称|单位|机构|工作站|工作室|司法所|调解室|调委会|调解委员会|公证处|事务所|服务中心|网点|窗口|场所)"
)
_OF_PERSONS = Lazily(
    r"姓\s?名|人员|(?<!负责)(?<!联系)(?<!代表)人(?!民)|对象|学员|罪犯|患者|监护|家属|亲属|户主|住址|户籍|身份证"
    r"|性别|年龄|(?:工作|所在|原|就业)单位"
)


def rows_of_offices(text: str) -> Mapping[int, Sequence[str]]:
    """Where each row begins of a table with a column of offices and none of persons → the head of its table.

    Who leads an office, or answers for it, is no such person.
    """
    found: dict[int, Sequence[str]] = {}
    for rows in tables(text):
        head = rows[0][1]
        if any(map(_OF_PERSONS.search, head)):  # below rows that say which office has filled it in
            for start, _ in rows:
                found.pop(start, None)
        elif any(map(_NAMES.fullmatch, head)):
            found.update((start, head) for start, _ in rows[1:])
    return found


def column_of(text: str, row: int, place: int) -> int:
    """In which cell of the row that begins at ``row`` a place stands."""
    before = text[row:place]
    mark = "|" if "|" in text[row : place + 1] else "\t" if "\t" in before else ","
    return before.count(mark) - before.lstrip().startswith("|")
