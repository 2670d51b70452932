"""Lists of persons in every form that tells them from other words: passage in → names and where they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.match import Passage, Sign
from generator.clearance.recognise.names import FIRST, NAME, is_name
from generator.clearance.recognise.tables import tables

_BEGINNINGS = FIRST | frozenset(" \t　>|*-+(（0123456789")
HEAD = Lazily(r"姓\s*名|人员名单|当事人")
_PERSONS = "学员|学生|患者|病人|戒毒人员|吸毒人员|残疾人|未成年人|受援人|被?救助人|救助对象|服刑人员|罪犯|申请人"
CALLED = Lazily(rf"(?:{_PERSONS}|感染者)$")
_HEAD_OF_PERSONS = Lazily(rf"(?:{_PERSONS})(?:名单)?")
_HEADED = tuple(_PERSONS.replace("被?", "").split("|"))
_BEHIND_NAME = re.compile(r"[（(][^（()）]{1,8}[)）]$")
_BEFORE_SEX = frozenset("，,、（( ")
_WITH_SEX = Lazily(
    rf"[ \t　>*\-+]*(?:[0-9]{{1,3}}[.、)）]|[（(][0-9一二三四五六七八九十]{{1,3}}[)）])?[ \t　]*"
    rf"(?:(?:{_PERSONS}|被?告人|当事人|姓名)[：: ]?)?({NAME})[，,、（( ]{{1,2}}[男女](?=[，,、；;）) 。\n]|$)"
)
"""A person to a line: 王小明，男，吸毒."""
_ROW_OF_NAMES = Lazily(rf"{NAME}(?:[、，, 　]{{1,2}}{NAME})+")
_PARTING = frozenset("、，, 　")
_LABELLED_NAME = Lazily(rf"姓[ 　]*名[ 　]*[：:][ 　]*({NAME})")
_BETWEEN_NAMES = re.compile(r"(?:[、，,;；\s]|[0-9]{1,3}[.、．)）])+")
ANNOUNCED = Lazily(r"(?:名单|姓名|名册|人员|如下|学员|以下)[^\n。；]{0,40}$")
INTRODUCED = Lazily(r"(?:名单|姓名|名册|人员|如下|学员|以下)[^\n。；]{0,20}[：:][ 　]?$")
_LINE_MARK = re.compile(r"(?:[-*+>]|[0-9]{1,3}[.、)）]|[（(][0-9一二三四五六七八九十]{1,3}[)）])[ \t]*")
TELLING = Lazily(
    r"健康状况|患[病者有]|病[情史名]|诊断|残疾(?:等级|类别)|吸毒|吸食|尿检|复吸|成瘾|艾滋|感染|阳性|监护人|就读|学员|戒毒人员"
)
"""What is said of those in a list, and of nobody for whom it is an office to deal with."""
NAMES = 3
"""Of so many a list is made; where it tells of health and the like, of two, and one in a column beside such a one."""
_LONGEST_NAME = 16
_LONGEST_NAME_LINE = 20
_LONGEST_PERSON = 48
"""Characters from the beginning of a line to the sex of the person that it is about."""

Listed = tuple[int, int, Sequence[str]]
"""Where a list begins and ends, and its names."""


def lists(found: Passage, least: int = NAMES) -> Iterator[Listed]:
    """Every list of so many names; one may be found in several forms."""
    text = found.text
    yield from _name_columns(text, least)
    yield from _lines_of_names(text, least)
    yield from _rows_of_names(text, least)
    labelled = list(_LABELLED_NAME.finditer(text)) if found.signs & Sign.NAMES else []
    for persons in (labelled, _persons_with_sex(text)):
        if len(persons) >= least:
            yield persons[0].start(1), persons[-1].end(1), [one[1] for one in persons]


def _persons_with_sex(text: str) -> list[re.Match[str]]:
    found: dict[int, re.Match[str]] = {}
    for sex in "男女":
        at = text.find(sex, 1)
        while at > 0:
            begin = text.rfind("\n", max(0, at - _LONGEST_PERSON), at) + 1 if text[at - 1] in _BEFORE_SEX else 0
            match = _WITH_SEX.match(text, begin) if begin or at < _LONGEST_PERSON else None
            if match is not None and match.end() == at + 1 and is_name(match[1]):
                found[at] = match
            at = text.find(sex, at + 1)
    return [found[at] for at in sorted(found)]


def _lines_of_names(text: str, least: int) -> Iterator[Listed]:
    """Lines that hold names and nothing else; blank lines may stand between them."""
    lines = text.split("\n")
    hopeful = [number for number, line in enumerate(lines) if line and _may_begin_names(line)]
    if not hopeful:
        return
    names: list[str] = []
    first = last = -1
    for number in hopeful:
        here = _only_names(lines[number])
        if names and (not here or any(line.strip() for line in lines[last + 1 : number])):
            yield from _stretch(lines, first, last, names, least)
            names = []
        if here:
            first = first if names else number
            last = number
            names += here
    yield from _stretch(lines, first, last, names, least)


def _may_begin_names(line: str) -> bool:
    if line[0] in _BEGINNINGS and (line[0] != "第" or line[1:2] == "五"):  # every article of a law begins so
        return True
    return "·" in line[:8] or "：" in line[:_LONGEST_NAME_LINE]


def _stretch(lines: Sequence[str], first: int, last: int, names: list[str], least: int) -> Iterator[Listed]:
    if len(names) >= least:
        start = sum(len(line) + 1 for line in lines[:first])
        yield start, start + sum(len(line) + 1 for line in lines[first : last + 1]) - 1, names


def _only_names(line: str) -> list[str]:
    """The names of a line that holds nothing else, an announcement before a colon aside."""
    words = line.strip(" \t　>|*-+")
    colon = words.rfind("：")
    if 0 <= colon <= _LONGEST_NAME_LINE and ANNOUNCED.search(words[:colon]):
        words = words[colon + 1 :]
    if len(words) > _LONGEST_NAME_LINE and (len(words) > 40 * _LONGEST_NAME_LINE or not _begins_a_row(words)):
        return []
    words = _LINE_MARK.sub("", words, count=1) if words and not words[0].isalpha() else words
    if words[:1] not in FIRST and "·" not in words[:8]:
        return []
    if is_name(words):
        return [words]
    parts = [part for part in _BETWEEN_NAMES.split(words) if part]
    if len(parts) > 2 and all(len(part) == 1 for part in parts[-2:]):
        parts = re.split(r"[ ]{2,}|　(?=[^　]　?)", words)
    return parts if all(is_name(part) for part in parts) else []


def _begins_a_row(words: str) -> bool:
    """Whether names in a row begin here: behind the first one, of at most four characters, something parts them."""
    if _PARTING.isdisjoint(words[2:5]) and "·" not in words[:8]:
        return False
    return _ROW_OF_NAMES.match(words) is not None


def _rows_of_names(text: str, least: int) -> Iterator[Listed]:
    """Names joined by 、: after a word that announces them, or so many that they speak for themselves."""
    offset = 0
    taken = -1
    parts = text.split("、")
    for number, part in enumerate(parts):
        hopeful = len(part) <= _LONGEST_NAME_LINE and (part[:1] in FIRST or "·" in part)
        if hopeful and 0 < number < len(parts) - 1 and offset > taken and is_name(part):
            begin = offset - 1 - min(len(parts[number - 1]), _LONGEST_NAME)
            starts = (one for one in range(begin, offset) if text[one] in FIRST or text.find("·", one, offset) > 0)
            row = next(
                (one for one in (_ROW_OF_NAMES.match(text, at) for at in starts) if one and one.end() > offset), None
            )
            if row is not None:
                taken = row.end()
                names = re.split(r"[、，, 　]+", row[0])
                announced = ANNOUNCED.search(text, max(0, row.start() - 60), row.start()) is not None
                surnames = len({name[0] for name in names})
                alone = text[row.end() : row.end() + 1] != "、" and text[row.start() - 1 : row.start()] != "、"
                enough = len(names) >= least and surnames > 1 if announced else alone and surnames >= 3
                if enough and all(is_name(name) for name in names):
                    yield row.start(), row.end(), names
        offset += len(part) + 1


def _name_columns(text: str, least: int) -> Iterator[Listed]:
    """Names in a column that is headed so, or beside a column of 男 and 女."""
    usual = "姓" in text or "名单" in text or "男" in text or "女" in text
    if not usual and not (("|" in text or "\t" in text) and any(word in text for word in _HEADED)):
        return
    for rows in tables(text):
        column = _name_column(rows)
        if column < 0:
            continue
        cells = [(start, _BEHIND_NAME.sub("", row[column])) for start, row in rows if column < len(row)]
        named = [(start, name) for start, name in cells if is_name(name)]
        telling = least < NAMES and TELLING.search(" ".join(rows[0][1])) is not None
        if len(named) >= (1 if telling else least):
            first = text.find(named[0][1], named[0][0])
            last = text.find(named[-1][1], named[-1][0])
            yield first, last + len(named[-1][1]), [name for _, name in named]


def _name_column(rows: Sequence[tuple[int, Sequence[str]]]) -> int:
    """Which column holds names; -1 when none does."""
    head, last = rows[0][1], rows[-1][1]
    for says in (HEAD.search, _HEAD_OF_PERSONS.fullmatch):
        for number, cell in enumerate(head):
            if says(cell):
                return number
    beside = any(cell in {"男", "女"} for cell in last)
    return next((number for number, cell in enumerate(last) if is_name(cell)), -1) if beside else -1
