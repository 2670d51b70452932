"""Birthdays and lists of persons: passage in → matches out. Pure.

Chinese names cannot be told from other words by themselves. They are believed
only where a form speaks for them: a column headed 姓名, lines that hold a name
and nothing else, or several in a row after a word such as 名单.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.clearance.recognise.columns import HEAD, Listed
from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.lists import ANNOUNCED, CALLED, INTRODUCED, lists
from generator.clearance.recognise.masks import mask_name
from generator.clearance.recognise.match import Match, Passage, Sign
from generator.clearance.recognise.names import NAME
from generator.clearance.recognise.passage import fold
from generator.clearance.recognise.tables import tables
from generator.clearance.recognise.telling import ILLNESSES, IN_OFFICE, SENSITIVE, TELLING, TITLES

_DATE = (
    r"(?:[一二][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日|"
    r"(?:19|20)[0-9]{2}\s?(?:年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日"
    r"|[-./][0-9]{1,2}[-./][0-9]{1,2}|[01][0-9][0-3][0-9](?![0-9])))"
)
_BORN = Lazily(
    rf"(?:出生(?:于|日期|年月日|年月|时间)?|(?<![发产])生于|生日)[^0-9\n。；;]{{0,6}}({_DATE})|({_DATE})\s?(?:出生|生(?![产效活育前后态意成]))"
)
_BIRTH_FIELD = Lazily(r"出生(?:日期|年月日|时间)[：:\s|]*$")
_PERSON = Lazily(rf"姓名|[男女](?![性人子方生士])|{NAME}(?:[，,、（(]|出?生于)")
_PLACES_BEHIND = Lazily(
    r"[等]?[一二三四五六七八九十两0-9]{0,3}个?(?:[区县市省州旗]|街道|乡镇|社区|等地|分局|派出所|戒毒所|监狱|看守所)"
)
"""What stands behind a row of places, which may look like names."""
_TOLD_BEHIND = Lazily(
    r"等?(?:[一二两三四五六七八九十0-9]{1,3}[人名](?:学员)?)?(?:[，,]?(?:因|已|被|均|分别|曾|系|作出|予以|的)){0,3}"
    r"(?:解除)?(?:吸毒|吸食|复吸|(?:强制隔离|社区)(?:戒毒|康复)|感染|确诊|患)(?!场?所|中心|工作|管理)"
)
"""What is told of those in a row behind it: 王小明、李晓红因吸毒…"""
_ILLNESS = Lazily(ILLNESSES)
_LEADERS = Lazily(r"(?:副?[局处科所]长|[局所]领导|副?政委|副?主任|副?书记|领导班子|委员|调研员|巡视员)[：:][ 　]?$")
"""副局长：王小明、李晓红, which is to be made known of every organ (条例 20)."""
_LONGEST_OFFICE = 8
_APPLYING = Lazily(r"(?:职位|岗位)代码|招录(?:单位|机关)|报考(?:单位|职位|岗位)|面试成绩")
"""What heads a table of those who are to be appointed, and of nobody whom a job is found for."""
_LAW_TALK = Lazily(r"以[前后]出生|以后|以前|之前|之后")


def birth_date(found: Passage) -> Iterator[Match]:
    """A day of birth (year, month and day) with a name or sex beside it, or in a column of a list."""
    for offset, line in found.lines(Sign.BIRTH):
        line = fold(line)
        for match in _BORN.finditer(line):
            group = 1 if match[1] else 2
            start, end = match.span(group)
            beside = _PERSON.search(line, max(0, start - 40), start) or _PERSON.search(line, end, end + 24)
            if (beside or _BIRTH_FIELD.search(line, 0, start)) and not _LAW_TALK.match(line, match.end()):
                yield _day(offset + start, match[group])
    yield from _birth_column(found)


def _day(start: int, day: str) -> Match:
    """A day of birth, of which the year may be shown; one in Chinese figures stands for itself."""
    figures = fold(day)
    masked = figures[:4] + re.sub(r"[0-9一二三四五六七八九十]", "*", figures[4:])
    return Match(start, start + len(day), re.sub(r"[^0-9]", "", figures) or day, masked)


def _birth_column(found: Passage) -> Iterator[Match]:
    for rows in tables(found.text):
        head = rows[0][1]
        columns = [n for n, cell in enumerate(head) if re.search(r"出生|生日", cell)]
        if not columns or not any(HEAD.search(cell) for cell in head):
            continue
        for start, cells in rows[1:]:
            for column in columns:
                day = re.search(_DATE, fold(cells[column])) if column < len(cells) else None
                if day:
                    written = cells[column][day.start() : day.end()]
                    yield _day(found.text.find(written, start), written)


def name_list(found: Passage) -> Iterator[Match]:
    """Three names or more in a list of any form; doubtful where they are leaders, or apply for a post in an office."""
    for start, end, names in _distinct(lists(found)):
        listed = _listed(found.text, start, end, names)
        yield listed._replace(certain=listed.certain and not _by_office(found.text, start))


def sensitive_name_list(found: Passage) -> Iterator[Match]:
    """Two names or more in a list that also tells of health, drugs, schools or guardians.

    Doubtful where it seems to be of those who have to do with such things by their office.
    """
    if not SENSITIVE.search(found.text):
        return
    for start, end, names in _distinct(lists(found, least=2)):
        around = _around(found.text, start, end)
        if SENSITIVE.search(around):
            listed = _listed(found.text, start, end, names)
            in_office = IN_OFFICE.search(around) is not None and TELLING.search(around) is None
            alone = len(names) == 1  # in a column beside what is told of them
            told = _TOLD_BEHIND.match(found.text, end) is not None or _is_told_within(found.text[start:end])
            yield listed._replace(certain=(listed.certain or alone or told) and not in_office)


def _is_told_within(listed: str) -> bool:
    """Whether in a row something is told of each, in brackets, and no office."""
    bracketed = ("（" in listed or "(" in listed) and "\n" not in listed
    return (
        bracketed and (TELLING.search(listed) or _ILLNESS.search(listed)) is not None and TITLES.search(listed) is None
    )


def _by_office(text: str, start: int) -> bool:
    """Whether a list is of leaders, as a colon says, or of a table of those who apply for a post in an office."""
    if _LEADERS.search(text, max(0, start - _LONGEST_OFFICE), start):
        return True
    head = text[max(text.rfind("\n\n", 0, start), 0) : start]
    return _APPLYING.search(head) is not None and TELLING.search(head) is None


def _distinct(lists: Iterator[Listed]) -> Iterator[Listed]:
    """Each list once, though it may be one in several forms."""
    seen: set[tuple[str, ...]] = set()
    for start, end, names in lists:
        if tuple(names) not in seen:
            seen.add(tuple(names))
            yield start, end, names


def _around(text: str, start: int, end: int) -> str:
    """The paragraph of a list, and the one before it where that announces the list."""
    begin = text.rfind("\n\n", 0, start)
    earlier = text.rfind("\n\n", 0, begin) if begin > 0 else -1
    announcing = text[max(earlier, begin - 60, 0) : begin].rstrip() if begin > 0 else ""
    if announcing.endswith(("：", ":")) or ANNOUNCED.search(announcing):
        begin = earlier
    stop = text.find("\n\n", end)
    return text[max(begin, start - 200, 0) : min(stop if stop >= 0 else len(text), end + 200)]


def _listed(text: str, start: int, end: int, names: Sequence[str]) -> Match:
    """Certain where a word announces the list or says what they are, or where it is most of its line."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    length = (line_end if line_end >= 0 else len(text)) - line_start
    mostly = (end - start) * 5 >= length * 3 or "\n" in text[start:end]
    certain = not _PLACES_BEHIND.match(text, end) and (
        mostly
        or INTRODUCED.search(text, max(0, start - 60), start) is not None
        or CALLED.search(text, max(0, start - 8), start) is not None
    )
    return Match(start, end, "、".join(names), f"{mask_name(names[0])}等{len(names)}人", certain)
