"""Numbers that are parted by more than blanks, or written in Chinese figures → the same in plain digits. Pure.

``1、3、8…``, ``| 138 | 1234 | 5678 |``, ``一三八…``: anything may part the figures that is no letter. So many figures
stand in tables that those which are parted are one number only if an identity number comes of them that is right, or if
the word before them says what they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.clearance.recognise.edits import Change, Edited, edited, stretches
from generator.clearance.recognise.glance import BLOCK
from generator.clearance.recognise.identity import PROVINCES, is_resident_id, looks_like_id
from generator.clearance.recognise.lazily import Lazily

_DIGITS = "0123456789０１２３４５６７８９"
_ZEROS = "〇○◯"
"""The last two are circles, which typists put for the first, and others for a figure that is not to be told."""
_HAN = dict(
    zip(f"{_ZEROS}零一二三四五六七八九壹贰貳叁參参肆伍陆陸柒捌玖幺两", "0000123456789122333456678912", strict=True)
)
HAN_FIGURES = "".join(_HAN)
_PLAIN = {ord(wide): str(ord(wide) - 0xFF10) for wide in _DIGITS[10:]} | {ord(han): own for han, own in _HAN.items()}
_FIGURE = f"{_DIGITS}{HAN_FIGURES}"
_KNOWN = r"[ \-.*_\\~\u00a0\u2000-\u200a\u2010-\u2015\u202f\u205f\u3000·－—]"
"""What parts figures and keeps no pattern from knowing the number."""
_TOLD = _HAN.keys() - set(_ZEROS)
_ALIKE = {"O": "0", "o": "0", "I": "1", "l": "1"}
"""Letters that are typed, or read by a scanner, for figures."""
_INSTEAD = _HAN | _ALIKE
_WRITTEN = f"{_FIGURE}{''.join(_ALIKE)}"
_OTHERWISE = Lazily(rf"(?:[{_FIGURE}]|(?<![A-Za-z])[{_WRITTEN}])(?:{_KNOWN}{{0,2}}[{_WRITTEN}]){{6,}}")
_PARTED_AS_KNOWN = Lazily(rf"[{_DIGITS}Xx](?:{_KNOWN}{{0,3}}[{_DIGITS}Xx])*")
_PARTED = Lazily(
    rf"(?<![{_FIGURE}A-Za-z])[{_FIGURE}]{{1,17}}(?:[\W_]{{1,8}}[{_FIGURE}]{{1,17}})+(?:[\W_]{{0,8}}[Xx×])?"
)
_STRETCH = Lazily(rf"[\W_{_WRITTEN}]+")
_STANDING = frozenset(_WRITTEN)
_GROUP = Lazily(rf"[{_FIGURE}]+|[Xx×]")
_CALLED = Lazily(
    r"(电话|手机|联系方式|热线|传真|座机|号码|身份证|证件|证号|卡号|账号|帐号|账户|帐户)号?码?[\W_]{0,12}\Z"
)
_ACCOUNTS = frozenset({"号码", "卡号", "账号", "帐号", "账户", "帐户"})
_CALLED_REACH = 24
_PARTING = (
    (0x9, 0xA),
    (0x20, 0x7E),
    (0xA0, 0xBF),
    (0xD7, 0xD7),
    (0x2000, 0x206F),
    (0x2190, 0x245F),
    (0x2500, 0x2BFF),
    (0x3000, 0x3030),
    (0xFF00, 0xFF65),
)
_MASKED = Lazily(f"[{_ZEROS}]{{3}}")
"""Stands for figures that are not told, beside such as are not Chinese."""
_BESIDE = 64
"""Characters about a place with figures in which their number may begin or end."""
_ID = 18
_OF_ID = frozenset({6, 14})
"""Where its birthday begins and ends."""
_FEWEST = 11
_FEWEST_OTHERWISE = 7
"""Figures of which some are Chinese, or letters, are put in digits from so many on."""
_SIZES = (18, 11, 19, 16, 17, 12, 10)
"""Figures of numbers: of a person, of telephones, of bank cards."""
_SIZES_UNCALLED = (18, 11)
_LONG = 400
"""Characters of a row of groups from which on it is a table's."""
_REACH = 192
"""Characters about a place in such a row in which a number may begin and end, with what stands beside it."""
_OFTEN = 32
"""A place in so many characters tells of a row of groups."""
_NO_FIGURE = 255
_MOBILE_PARTED = Lazily(
    rf"(?<![{_FIGURE}])[1一壹幺][{_FIGURE}]{{2}}[\W_]{{1,8}}[{_FIGURE}]{{4}}[\W_]{{1,8}}[{_FIGURE}]{{4}}(?![{_FIGURE}])"
)
_MOBILE = Lazily(r"1[3-9][0-9]{9}\Z")
_USUAL = frozenset("/、·.-—")


class _Group(NamedTuple):
    """Figures that stand together."""

    start: int
    end: int
    figures: str


def numeric_characters() -> NDArray[np.uint32]:
    """The code points of figures, and of what usually parts them."""
    parting = [chr(code) for first, last in _PARTING for code in range(first, last + 1)]
    return np.array([ord(one) for one in (*_WRITTEN, *parting) if one in _WRITTEN or not one.isalnum()], np.uint32)


def written_out(text: str, places: Iterable[int]) -> Edited | None:
    """The text with numbers in digits, unparted; ``None`` if they are. ``places`` are ``promising`` ones."""
    regions = stretches(places, beside=_BESIDE)
    return edited(text, (change for start, end in regions for change in _changes(text, start, end)))


def promising(text: str, places: Iterable[int]) -> Iterator[int]:
    """Those of the ordered places, where some figures stand, about which there may be a number to be written out.

    Dates and amounts have as many figures, but hardly ever in groups that add up.
    """
    end, said, kept = 0, 0, False
    for place in places:
        if place >= end:
            start, end = _stretch(text, place)
            kept, said = _is_promising(text, start, end), place - _OFTEN
        if kept and place - said >= _OFTEN:
            said = place
            yield place


def _stretch(text: str, place: int) -> tuple[int, int]:
    """Where the figures and what parts them begin and end; nearly always they begin within a block of the place."""
    near = max(0, place - BLOCK)
    found = _STRETCH.search(text, near, place + 1)
    while found is not None and found.end() < place:
        found = _STRETCH.search(text, found.end(), place + 1)
    start = found.start() if found else place
    while start == near > 0 and _may_stand_within(text[start - 1]):
        start = near = start - 1
    last = _STRETCH.match(text, place)
    end = last.end() if last else place + 1
    return start, end + (text[end : end + 1] in ("X", "x"))


def _is_promising(text: str, start: int, end: int) -> bool:
    if end - start > _LONG:
        return True
    stretch = text[start:end]
    groups = _GROUP.findall(stretch)
    if groups and _may_be_number(groups, text, text.index(groups[0], start)):
        return True
    return not _INSTEAD.keys().isdisjoint(stretch) and sum(map(_STANDING.__contains__, stretch)) >= _FEWEST_OTHERWISE


def _may_stand_within(character: str) -> bool:
    return character in _STANDING or not character.isalnum()


def _changes(text: str, start: int, end: int) -> Iterator[Change]:
    taken = start
    for found in _PARTED.finditer(text, start, end):
        for begin, stop in _windows(text, *found.span()):
            groups = [
                _Group(one.start(), one.end(), one[0].translate(_PLAIN)) for one in _GROUP.finditer(text, begin, stop)
            ]
            for first, last in _numbers(text, groups):
                if groups[first].start < taken:
                    continue
                yield from _in_digits(text, taken, groups[first].start)
                digits = "".join(one.figures for one in groups[first:last])
                taken = groups[last - 1].end
                yield Change(groups[first].start, taken, digits)
    yield from _in_digits(text, taken, end)


def _windows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where in a row of groups a number may be: in a short one anywhere, in a table of figures about what looks so."""
    if end - start <= _LONG:
        if _may_be_number(_GROUP.findall(text[start:end]), text, start):
            yield start, end
        return
    likely = [start] if _calling_word(text, start) else []
    likely += (found.start() for found in _MOBILE_PARTED.finditer(text, start, end))
    likely += _likely_ids(text, start, end)
    for begin, stop in stretches(sorted(likely), beside=_REACH):
        begin, stop = max(begin, start), min(stop, end)
        while begin > start and text[begin - 1] in _STANDING:
            begin -= 1
        while stop < end and text[stop] in _STANDING:
            stop += 1
        yield begin, stop


def _likely_ids(text: str, start: int, end: int) -> list[int]:
    """Where figures begin that are an identity number by province and birthday, whatever parts them."""
    values = _values().take(np.frombuffer(text[start:end].encode("utf-32-le", "surrogatepass"), np.uint32), mode="clip")
    places = (values < _NO_FIGURE).nonzero()[0]
    figures = values.take(places).astype(np.int16)
    pairs = figures[:-1] * 10 + figures[1:]
    if pairs.size < _ID - 1:
        return []
    province, century, month, day = (pairs[at : pairs.size - _ID + at + 2] for at in (0, 6, 10, 12))
    known = np.isin(province, [int(one) for one in PROVINCES]) | (province // 10 == 9)
    known &= (century >= 18) & (century <= 20) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    found: list[int] = (places[: known.size][known] + start).tolist()
    return found


@cache
def _values() -> NDArray[np.uint8]:
    """Code point → the figure that it stands for, in the first plane."""
    values = np.full(1 << 16, _NO_FIGURE, np.uint8)
    for one in _FIGURE:
        values[ord(one)] = int(one.translate(_PLAIN))
    values[[ord(one) for one in "Xx×"]] = 10
    return values


def _may_be_number(groups: Sequence[str], text: str, start: int) -> bool:
    """Whether groups of figures, which begin there, may be a number; a telephone that is called so has ten figures."""
    ends = [0, *accumulate(map(len, groups))]
    if ends[-1] >= _FEWEST and _adds_up(groups, ends):
        return True
    return ends[-1] >= min(_SIZES) and _calling_word(text, start) != ""


def _adds_up(groups: Sequence[str], ends: Sequence[int]) -> bool:
    """Whether some groups that follow each other are a number that is known without a word; ``ends`` are theirs.

    In tables every second row has a date and an amount of together as many figures: it takes the right ones.
    """
    among = {*ends}
    at = [(end, end + size) for end in ends for size in _SIZES_UNCALLED if end + size in among]
    if not at:
        return False
    figures = _in_plain("".join(groups))
    return any(_is_number(figures[start:end], "") for start, end in at)


def _in_plain(figures: str) -> str:
    return figures.translate(_PLAIN).upper().replace("×", "X")


def _calling_word(text: str, start: int) -> str:
    """The word that says before a number what it is; empty where there is none."""
    word = _CALLED.search(text, max(0, start - _CALLED_REACH), start)
    return word[1] if word else ""


def _numbers(text: str, groups: Sequence[_Group]) -> Iterator[tuple[int, int]]:
    """Which groups are one number each."""
    figures = _in_plain("".join(one.figures for one in groups))
    sizes = [0, *accumulate(len(one.figures) for one in groups)]
    places = {size: number for number, size in enumerate(sizes)}
    called = _calling_word(text, groups[0].start)  # behind the first group a figure stands before each
    first = 0
    while first < len(groups):
        last = first + 1
        for size in _SIZES if called else _SIZES_UNCALLED:
            end = places.get(sizes[first] + size, 0)
            if end <= first + 1 or not _is_number(figures[sizes[first] : sizes[end]], called):
                continue
            parted = _is_id_parted if size == _ID else _is_parted_as_usual
            if (called or parted(text, groups, first, end)) and not _is_known(text, groups[first:end]):
                last = end
                yield first, last
                break
        first, called = last, ""


def _is_number(number: str, called: str) -> bool:
    """Whether so many figures are a number, given the word before them."""
    if len(number) == _ID and (number[:2] in PROVINCES or number[0] == "9"):
        return looks_like_id(number) if called else is_resident_id(number)
    if number[0] in "01":
        return _MOBILE.match(number) is not None or (called != "" and number[0] == "0")
    return called in _ACCOUNTS


def _is_known(text: str, groups: Sequence[_Group]) -> bool:
    """Whether patterns know the number as it is written."""
    return _PARTED_AS_KNOWN.fullmatch(text[groups[0].start : groups[-1].end]) is not None


def _is_id_parted(text: str, groups: Sequence[_Group], first: int, end: int) -> bool:
    """Whether an identity number is parted by its meaning, in two or evenly: tables have figures of every size.

    One of single figures, as in the boxes of a form, has none beside it in its line.
    """
    sizes = [len(one.figures) for one in groups[first:end]]
    if len(sizes) == _ID:
        return not (_is_boxed(text, groups, first) or _is_boxed(text, groups, end))
    even = len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0]
    return even or not _OF_ID - {*accumulate(sizes)} or (len(sizes) == 2 and sizes[0] in _OF_ID)


def _is_boxed(text: str, groups: Sequence[_Group], at: int) -> bool:
    """Whether single figures stand on both sides of the gap before a group, in one line."""
    if not 0 < at < len(groups):
        return False
    before, behind = groups[at - 1], groups[at]
    single = all(text[one.start : one.end].isdecimal() and len(one.figures) == 1 for one in (before, behind))
    return single and "\n" not in text[before.end : behind.start]


def _is_parted_as_usual(text: str, groups: Sequence[_Group], first: int, end: int) -> bool:
    """Whether a mobile number is parted as people part them, by a stroke or the like."""
    between = {text[one.end : other.start].strip() for one, other in pairwise(groups[first:end])}
    return [len(one.figures) for one in groups[first:end]] == [3, 4, 4] and len(between) == 1 and between <= _USUAL


def _in_digits(text: str, start: int, end: int) -> Iterator[Change]:
    """Each figure of a number that is none of ASCII's, and each letter between plenty of figures."""
    for found in _OTHERWISE.finditer(text, start, end) if start < end else ():
        figures = [one for one in found[0] if one.isdecimal() or one in _HAN]
        if _MASKED.search(found[0]) and _TOLD.isdisjoint(figures):
            continue
        written = _HAN if len(figures) < _FEWEST - len(_ALIKE) else _INSTEAD
        for place, figure in enumerate(found[0], found.start()):
            if figure in written:
                yield Change(place, place + 1, written[figure])
