"""Lists of persons in every form that tells them from other words: passage in → names and where they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.clearance.recognise.columns import Listed, name_columns
from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.match import Passage, Sign
from generator.clearance.recognise.names import (
    BULLETS,
    COMPOUND,
    FIGURES,
    FIRST,
    GIVEN,
    LINE_MARK,
    NAME,
    NUMERALS,
    PLACES,
    SURNAMES,
    is_name,
)
from generator.clearance.recognise.persons import persons_told
from generator.clearance.recognise.telling import PERSONS

_BEGINNINGS = FIRST | frozenset(f" \t　>|*-+(（Nn№{FIGURES}{NUMERALS}{BULLETS}")
CALLED = Lazily(rf"(?:{PERSONS}|感染者)$")
_BEFORE_SEX = frozenset("，,、（( ")
_WITH_SEX = Lazily(
    rf"[ \t　>*\-+]*{LINE_MARK}?[ \t　]*"
    rf"(?:(?:{PERSONS}|被?告人|当事人|姓名)[：: ]?)?({NAME})[，,、（( ]{{1,2}}[男女](?=[，,、；;）) 。\n]|$)"
)
"""A person to a line: 王小明，男，吸毒."""
_IN_ROW = (
    rf"(?:[{GIVEN}]{{2,6}}·[{GIVEN}·]{{2,9}}|(?:{COMPOUND})[{GIVEN}]{{1,2}}"
    rf"|[{SURNAMES}][ 　\n]?[{GIVEN}](?:[{GIVEN}]|\n[{GIVEN}](?=[、，,；;。）)\s]|$))?)"
)
_NAME_IN_ROW = Lazily(_IN_ROW)
"""A line may end within a name."""
_ROW_OF_NAMES = Lazily(rf"{_IN_ROW}(?:[、，, 　]{{1,2}}\n?{_IN_ROW})+")
_BROKEN = {ord("\n"): None}
_PARTING = frozenset("、，, 　")
_LABELLED_NAME = Lazily(rf"姓[ 　]*名[ 　]*[：:][ 　]*({NAME})")
_BETWEEN_NAMES = re.compile(
    r"(?:[、，,;；\s/／|“”\"‘’【】「」和及与]|以及|[（(][0-9一二三四五六七八九十]{1,3}[)）]|[0-9]{1,3}[.、．)）]?)+"
)
ANNOUNCED = Lazily(r"(?:名单|姓名|名册|人员|如下|学员|以下)[^\n。；]{0,40}$")
INTRODUCED = Lazily(r"(?:名单|姓名|名册|人员|如下|学员|以下)[^\n。；]{0,20}[：:][ 　]?$")
_BRACKETS = "（("
_ASIDE = " \t　>|*-+“”【】「」"
"""What may stand at either end of a line beside names."""
_LINE_MARK = re.compile(rf"^(?:[-*+>·]|{LINE_MARK})[ \t　]*")
NAMES = 3
"""Of so many a list is made; where it tells of health and the like, of two, and one in a column beside such a one."""
_LONGEST_NAME = 16
_LONGEST_NAME_LINE = 20
_LONGEST_PERSON = 48
"""Characters from the beginning of a line to the sex of the person that it is about."""


def lists(found: Passage, least: int = NAMES) -> Iterator[Listed]:
    """Every list of so many names; one may be found in several forms."""
    text = found.text
    yield from name_columns(text, least, NAMES, told=bool(found.signs & Sign.NAMES))
    yield from _lines_of_names(text, least)
    yield from _rows_of_names(text, least)
    yield from persons_told(found, least)
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
    if line[0] in _BRACKETS and len(line) > _LONGEST_NAME_LINE:  # the list of every article of a law begins so
        return "：" in line[: _LONGEST_NAME_LINE + 1] or len(line.rstrip(_ASIDE)) <= _LONGEST_NAME_LINE
    if line[0] in _BEGINNINGS and (
        line[0] != "第" or line[1:2] in "五 　" or "名" in line[2:5]  # every article of a law begins so
    ):
        return True
    return "·" in line[:8] or "：" in line[:_LONGEST_NAME_LINE]


def _stretch(lines: Sequence[str], first: int, last: int, names: list[str], least: int) -> Iterator[Listed]:
    if len(names) >= least:
        start = sum(len(line) + 1 for line in lines[:first])
        yield start, start + sum(len(line) + 1 for line in lines[first : last + 1]) - 1, names


def _only_names(line: str) -> list[str]:
    """The names of a line that holds nothing else, an announcement before a colon aside."""
    words = line.strip(_ASIDE)
    colon = words.rfind("：")
    if 0 <= colon <= _LONGEST_NAME_LINE and ANNOUNCED.search(words[:colon]):
        words = words[colon + 1 :]
    if len(words) > _LONGEST_NAME_LINE and (len(words) > 40 * _LONGEST_NAME_LINE or not _begins_a_row(words)):
        return []
    words = _LINE_MARK.sub("", words, count=1) if words and _may_be_marked(words[0]) else words
    if words[:1] not in FIRST and "·" not in words[:8]:
        return []
    if is_name(words):
        return [words]
    parts = [part for part in _BETWEEN_NAMES.split(words) if part]
    if len(parts) > 2 and all(len(part) == 1 for part in parts[-2:]):
        parts = re.split(r"[ ]{2,}|　(?=[^　]　?)", words)
    return parts if all(is_name(part) for part in parts) else []


def _may_be_marked(first: str) -> bool:
    return not first.isalpha() or first in NUMERALS or first in "Nn第"


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
                names = [one[0].translate(_BROKEN) for one in _NAME_IN_ROW.finditer(row[0])]
                announced = ANNOUNCED.search(text, max(0, row.start() - 60), row.start()) is not None
                surnames = len({name[0] for name in names})
                alone = text[row.end() : row.end() + 1] != "、" and text[row.start() - 1 : row.start()] != "、"
                enough = len(names) >= least and surnames > 1 if announced else alone and surnames >= 3
                named = [name for name in names if is_name(name)]
                if enough and len(named) >= max(least, len(names) - len(PLACES.intersection(names))):
                    yield row.start(), row.end(), named
        offset += len(part) + 1
