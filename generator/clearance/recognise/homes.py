"""Where somebody lives: passage in → matches out. Pure.

Offices have addresses too, and theirs are public. A home is known by the word before it (住址, 户籍地), by the head of
its column, or by how it goes on to the door of a flat; where that may be an office as well, it is doubtful.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.masks import mask_address
from generator.clearance.recognise.match import Match, Passage, Sign
from generator.clearance.recognise.offices import rows_of_offices
from generator.clearance.recognise.tables import tables

_B = "[ 　]{0,4}"
_PLACE = r"[\u4e00-\u9fffA-Za-z0-9０-９·\-]"
_NUMBER = r" ?[0-9０-９一二三四五六七八九十百A-Za-z]{1,6} ?"
_FIGURE = "[0-9０-９]"
_DASHED = rf"{_FIGURE}{{1,3}}[\-－—]{_FIGURE}{{1,3}}[\-－—]{_FIGURE}{{2,4}}"
"""Building, entrance and flat: 3-2-501."""
_LABELLED = Lazily(
    rf"(?:家庭(?:住址|地址)|现?住{_B}址|居住地址?|现住(?:地址?|于)?|暂住(?:地址?|于|在)|户籍(?:所在地|地址?)"
    r"|户口(?:所在地|地址?)|住所地|常住地址?|住处|住(?=[^，。；、]{2,12}[省市县区镇乡村路]))"
    rf"[是为在：:，,\s|*]{{0,6}}({_PLACE}{{2,30}}?(?:{_NUMBER}(?:号楼|号|弄|室|户|栋|幢|座|单元|门|组|排)"
    rf"(?:{_PLACE}{{0,16}}{_NUMBER}(?:室|户|号|楼|座|单元|门))?(?:(?<=[楼栋幢座元门])[0-9０-９]{{1,4}})?|{_DASHED}))"
)
_RESIDENTIAL = Lazily(
    rf"{_NUMBER}(?:号楼|[#＃]楼?|栋|幢|座|楼)\s?(?:{_NUMBER}(?:单元|门)\s?{_NUMBER}(?:室|号|户)?|{_NUMBER}(?:室|户(?!居民|住户|家庭|业主|群众))"
    rf"|{_FIGURE}{{3,4}}(?![0-9０-９]|[ 　]?[\u4e00-\u9fff%％㎡.．/\-－—~～至]))"
)
_ENTRANCE = Lazily(rf"(?:(?<![公英海])里|苑|园){_DASHED}(?![0-9０-９\-])")
_LANE = Lazily(rf"{_PLACE}{{2,24}}?{_FIGURE}{{1,4}}{_B}弄{_NUMBER}号(?:{_NUMBER}号?楼)?(?P<flat>{_NUMBER}(?:室|户))?")
_BEFORE_BUILDING = Lazily(rf"{_PLACE}{{2,24}}$")
_HOME = Lazily(r"小区|花园|家园|公寓|新村|苑|里|庭|湾|城|府|胡同|宿舍|家属|单元")
_SURE = Lazily(r"小区|花园(?![路街道大])|家园|公寓|新村(?![街镇乡])|胡同|宿舍|家属|单元")
_BY_THE_BUILDING = Lazily(r"[苑里庭湾城府][东南西北中]?区?\s?[甲乙丙]?$")
"""What is a home by its name alone: 向阳里15号楼, and not 城关镇2号楼."""
_OFFICE = Lazily(
    r"政府|机关|大[厦楼院]|办公|中心|法院|检察|公安|派出所|司法[局所]|监狱|会见|接待|事务所|公司|产业|科技"
)
_WORKED_AT = Lazily(r"[ 　]?(?:号|室|房间)?[ 　]?(?:对外|正式|集中|现场)?办公")
"""Behind an address: nobody lives where somebody works."""
_OFFICE_ADDRESS = Lazily(r"(?:办公|联系|详细|工作|单位|机构|具体|受理)?(?:地\s?址|地点|位置)")
_SEAT = "住所地"
"""What the law calls the place of a company and of an organ, and of a person as well."""
_CLAUSE = Lazily(r"[^。；;：:|\n]*$")
_ORGANISATION = Lazily(
    r"[^，,]{2,40}(?:公司|局|政府|委员会|法院|检察院|事务所|公证处|派出所|中心|协会|学校|大学|医院|银行|支行|合作社|厂|集团"
    r"|监狱|戒毒所)(?:[（(][^（()）]{1,40}[)）])?[，, 　]{0,2}"
)
_OF_SOMEBODY = Lazily(r"[系是在于原]|[就任供]职|受雇|工作|[员职]工|经营")
"""Between somebody and the organisation for which he works."""
_LONGEST_CLAUSE = 80
_CALLED_OFFICE = Lazily(
    r"(?:(?:办公|注册|经营)地[址点]|(?:公证处|律所|律师事务所|司法所|服务中心|援助中心|工作站|调解室|调委会|鉴定所|办证点)"
    r"(?:地[址点]|住所)?)[：:][ 　]?$"
)
_BESIDE = 16
_DASHES = "-－—"
_SEPARATORS = "|\t,"
_HEAD = Lazily(r"住\s*址|家庭\s*地址|居住地|现\s*住|暂住|户\s*籍|户口")
_SENTENCE = Lazily(r"[，。；：]|.{48}")
_TO_THE_DOOR = Lazily(rf"{_NUMBER}(?:号楼|号|弄|室|户|栋|幢|单元|门|组|排)|{_FIGURE}[\-－—]{_FIGURE}")


class _Home(NamedTuple):
    """A stretch of a line."""

    start: int
    end: int
    certain: bool = True


def home_address(found: Passage) -> Iterator[Match]:
    """Where somebody lives, to the door: after 住址 and the like, or building, entrance and room."""
    headed = False
    offices: frozenset[int] | None = None
    for offset, line in found.lines(Sign.ADDRESS):
        homes = [*_labelled(line)]
        labelled = {one.start for one in homes}
        in_table = _parts(line)
        headed = headed or (in_table and _HEAD.search(line) is not None)
        others = [*_residential(line)]
        if any(dash in line for dash in _DASHES):
            others += _entrances(line)
        if "弄" in line:
            others += _lanes(line)
        if others:
            homes = _apart(_apart(homes, [one for one in others if one.certain]), others)
        for start, end, certain in homes:
            if start in labelled:
                yield from _match(found, offset + start, line[start:end], certain)
                continue
            if certain and in_table:
                offices = _addresses_of_offices(found.text) if offices is None else offices
            office = (
                _WORKED_AT.match(line, end) is not None
                or _CALLED_OFFICE.search(line, max(0, start - _BESIDE), start) is not None
                or (offices is not None and offset in offices)
            )
            yield from _match(found, offset + start, line[start:end], certain and not office)
    if headed:
        yield from _columns(found)


def _addresses_of_offices(text: str) -> frozenset[int]:
    """Where rows begin of tables that give the addresses of offices."""
    heads = rows_of_offices(text)
    return frozenset(start for start, head in heads.items() if any(map(_OFFICE_ADDRESS.fullmatch, head)))


def _apart(homes: list[_Home], others: list[_Home]) -> list[_Home]:
    """The homes of a line and such others as touch none of them, nor each other, in order."""
    starts = [one.start for one in homes]
    kept = [*homes]
    taken = -1
    for one in sorted(others):
        at = bisect_left(starts, one.end) - 1
        if one.end > taken and (at < 0 or homes[at].end <= one.start):
            kept.append(one._replace(start=max(one.start, taken)))  # what stands before a building is a guess
            taken = one.end
    return sorted(kept)


def _parts(line: str) -> bool:
    """Whether it may be the head of a table; in that of one whose columns blanks part, 姓名 stands."""
    return any(mark in line for mark in _SEPARATORS) or (" " in line and "姓名" in line)


def _match(found: Passage, start: int, written: str, certain: bool) -> Iterator[Match]:
    address = re.sub(r"\s", "", written)
    if not any(address.endswith(own) or own.endswith(address) for own in found.allowed):
        yield Match(start, start + len(written), address, mask_address(address), certain)


def _labelled(line: str) -> Iterator[_Home]:
    for match in _LABELLED.finditer(line):
        if not line.startswith("令", match.end()):
            seat = line.startswith(_SEAT, match.start()) and _is_of_organisation(line, match.start())
            yield _Home(*match.span(1), not seat)


def _is_of_organisation(line: str, end: int) -> bool:
    """Whether nothing but the name of an organisation stands in the clause that ends there."""
    clause = _CLAUSE.search(line, max(0, end - _LONGEST_CLAUSE), end)
    words = clause[0] if clause is not None else ""
    return _ORGANISATION.fullmatch(words) is not None and _OF_SOMEBODY.search(words) is None


def _residential(line: str) -> Iterator[_Home]:
    for match in _RESIDENTIAL.finditer(line):
        before = _BEFORE_BUILDING.search(line, max(0, match.start() - 24), match.start())
        start = before.start() if before else match.start()
        if _HOME.search(line, start, match.end()):
            sure = _SURE.search(line, start, match.end()) is not None
            named = _BY_THE_BUILDING.search(line, start, match.start()) is not None
            yield _Home(start, match.end(), sure or (named and _OFFICE.search(line, start, match.start()) is None))


def _entrances(line: str) -> Iterator[_Home]:
    for match in _ENTRANCE.finditer(line):
        before = _BEFORE_BUILDING.search(line, max(0, match.start() - 24), match.start())
        start = before.start() if before else match.start()
        yield _Home(start, match.end(), match[0][0] != "园" and _OFFICE.search(line, start, match.start()) is None)


def _lanes(line: str) -> Iterator[_Home]:
    for match in _LANE.finditer(line):
        office = _OFFICE.search(line, max(0, match.start() - _BESIDE), match.end() + _BESIDE) is not None
        yield _Home(match.start(), match.end(), match["flat"] is not None and not office)


def _columns(found: Passage) -> Iterator[Match]:
    """A table's column of homes; what stands in its head has no number."""
    for rows in tables(found.text):
        columns = [
            number for number, cell in enumerate(rows[0][1]) if _HEAD.search(cell) and not _TO_THE_DOOR.search(cell)
        ]
        for start, cells in rows[1:] if columns else ():
            for column in columns:
                home = cells[column] if column < len(cells) else ""
                if _TO_THE_DOOR.search(home) and not _SENTENCE.search(home) and not _LABELLED.search(home):
                    yield from _match(found, found.text.find(home, start), home, True)
