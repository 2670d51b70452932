"""Lists of persons of each of whom something is told: passage in → names and where they stand. Pure.

王小明（高血压）、李晓红（乙肝）; a line or a heading to each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.clearance.recognise.columns import Listed
from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.match import Passage, Sign
from generator.clearance.recognise.names import BULLETS, FIGURES, FIRST, LINE_MARK, NAME, NUMERALS, is_name
from generator.clearance.recognise.telling import PERSONS, SENSITIVE, TITLES

_BRACKETED = Lazily(rf"({NAME})[ 　]?[（(]([^（()）\n]{{1,40}})[)）]")
_WIDE_SEEDS = 4
_OF_PERSON = Lazily(r"[男女]|岁|籍|族|入所|出所|期满|解除|[收送]治|[收强]戒|[0-9]{4}[年.\-/]|学号|编号")
"""What may be told of a person besides."""
_SEEDS = ("）、", "）；", "），", "）\n", ")、", ");", "),", ")\n")
"""How something in brackets ends that is told of one of several."""
_BEFORE = frozenset('\n 　、，,；;。：:|>*-+.．)）”"')
_WORDS_BEFORE = frozenset("对将给与和由向为让请把被经即如有及同员犯生者人童")
"""Words such as 对 and 将, and the ends of 学员, 罪犯, 患者, behind which a name may stand as well."""
_MAY_STAND_BEFORE = _BEFORE | _WORDS_BEFORE
_LONGEST = 5
"""Characters of a name behind which something is told, a blank and a bracket with it."""
_LONGEST_TOLD = 42
_PERSON = Lazily(
    rf"[ \t　>|]*(?:#{{1,6}}[ \t]+|[-*+][ \t]+)?[ \t]*{LINE_MARK}?[ 　]?(?:\*\*|__)?(?:(?:{PERSONS})[：: ]?)?"
    rf"(?P<name>{NAME})(?:\*\*|__)?[ 　|]*[：:，,（(—\-=|　 ](?P<behind>.{{1,80}})"
)
_HEADING = Lazily(rf"\n#{{1,6}}[ \t]+(?:\*\*|__)?({NAME})(?:\*\*|__)?[ \t#]*(?=\n|\Z)")
_SHORT, _USUAL_SHARE = 2, 3
"""Of the names of some persons one in three has more than two characters; headings of two are seldom names."""
_GROUP = r"第?[一二三四五六七八九十0-9]{1,3}(?:大队|中队|分队|分?监区)"
_IN_GROUP = Lazily(
    rf"[ \t　>|*+\-]*{LINE_MARK}?[ \t　|]*(?:({NAME})[ \t　|，,：:（(—\-]{{1,5}}{_GROUP}"
    rf"|{_GROUP}[ \t　|，,：:]{{1,5}}({NAME})(?=[ \t　|，,。；;]|$))"
)
"""Somebody, and the brigade or ward to which he belongs."""
_GROUPS = ("大队", "中队", "分队", "监区")
_TERM = "\n: "
_PARTING = frozenset(" 　：:，,（(—-=*_|")
_LEADING = frozenset(f"#*_-+>| 　（({FIGURES}{NUMERALS}{BULLETS}")


def persons_told(found: Passage, least: int) -> Iterator[Listed]:
    """Lists of so many persons at the least."""
    text, told = found.text, bool(found.signs & Sign.NAMES)
    seeds = _SEEDS[: (len(_SEEDS) if ")" in text else _WIDE_SEEDS) if told else 1]
    ends = sorted(end for seed in seeds for end in _places(text, seed))
    if len(ends) >= least - 1:
        yield from _grouped([*_bracketed(text, ends)], least)
    headed = [*_headings(text)] if text.startswith("#") or "\n#" in text else []
    if sum(len(name) > _SHORT for _, _, name in headed) * _USUAL_SHARE >= len(headed):
        yield from _grouped(headed, least)
    if any(map(text.__contains__, _GROUPS)):
        yield from _grouped([*_in_groups(text)], least)
    if told:
        yield from _grouped([*_by_line(found)], least)
        if _TERM in text:
            yield from _grouped([*_terms(text)], least)


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _grouped(persons: Sequence[tuple[int, int, str]], least: int) -> Iterator[Listed]:
    names = {name for _, _, name in persons}
    if len(names) >= least and len({name[0] for name in names}) > 1:
        yield persons[0][0], persons[-1][1], [name for _, _, name in persons]


def _bracketed(text: str, ends: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Persons behind whose names something stands in brackets that is no office; it ends there, or behind the last."""
    taken = 0
    opened = [max(text.rfind(one, max(0, end - _LONGEST_TOLD), end) for one in "（(") for end in ends]
    opened.append(max(text.find(one, ends[-1], ends[-1] + _LONGEST + 6) for one in "（("))
    for bracket in opened:
        for start in range(max(taken, bracket - _LONGEST), bracket - 1):
            if text[start] not in FIRST or (start and text[start - 1] not in _MAY_STAND_BEFORE):
                continue
            match = _BRACKETED.match(text, start)
            if match is not None and match.end(1) + 1 >= bracket and is_name(match[1]):
                if start and text[start - 1] in _WORDS_BEFORE and TITLES.search(match[2]):
                    continue
                if SENSITIVE.search(match[2]) or (_OF_PERSON.search(match[2]) and not TITLES.search(match[2])):
                    taken = match.end()
                    yield start, taken, match[1]
                break


def _by_line(found: Passage) -> Iterator[tuple[int, int, str]]:
    """Persons that a line tells of, their names before it."""
    for start, line in found.lines(Sign.NAMES):
        if line[0] in _LEADING or (line[0] in FIRST and not _PARTING.isdisjoint(line[2:7])):
            match = _PERSON.match(line)
            if match is not None and is_name(match["name"]) and SENSITIVE.search(match["behind"]):
                yield start + match.start("name"), start + match.end("name"), match["name"]


def _in_groups(text: str) -> Iterator[tuple[int, int, str]]:
    """Persons that stand in a line each beside their brigade, without an office."""
    start = 0
    for line in text.split("\n"):
        match = _IN_GROUP.match(line) if any(map(line.__contains__, _GROUPS)) else None
        if match is not None and is_name(name := match[1] or match[2]) and not TITLES.search(line):
            group = 1 if match[1] else 2
            yield start + match.start(group), start + match.end(group), name
        start += len(line) + 1


def _terms(text: str) -> Iterator[tuple[int, int, str]]:
    """Persons whose names are terms that are explained below."""
    for at in _places(text, _TERM):
        start = text.rfind("\n", 0, at) + 1
        if is_name(text[start:at]):
            yield start, at, text[start:at]


def _headings(text: str) -> Iterator[tuple[int, int, str]]:
    """Persons whose names are headings."""
    for heading in _HEADING.finditer(f"\n{text}"):
        if is_name(heading[1]):
            yield heading.start(1) - 1, heading.end(1) - 1, heading[1]
