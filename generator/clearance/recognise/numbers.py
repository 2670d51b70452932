"""Identity numbers, telephone numbers and bank cards: passage in → matches out. Pure.

Numbers are found through the separators that people put into them (blanks of
any width, dashes, Markdown's emphasis) and judged by their own arithmetic:
GB 11643 for identity numbers, ISO 7812 (Luhn) for cards, the numbering plan for
telephones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from generator.clearance.recognise.identity import (
    PROVINCES,
    has_check_digit,
    is_birthday,
    is_credit_code,
    is_resident_id,
    looks_like_id,
)
from generator.clearance.recognise.masks import mask_bank_card, mask_landline, mask_mobile, mask_resident_id
from generator.clearance.recognise.match import Match, Passage, Run
from generator.clearance.recognise.offices import column_of, rows_of_offices
from generator.clearance.recognise.passage import fold

_GAP = r"[ \-.*_\\~]{0,3}"
_ID18 = re.compile(rf"(?<![0-9])(?=([1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx])(?![0-9]))")
_ID18_PLAIN = re.compile(r"[0-9]{6}[ \-]?[0-9]{8}[ \-]?[0-9]{3}[0-9Xx]")
_ID15 = re.compile(rf"(?<![0-9A-Za-z])([1-9][0-9]{{5}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{3}})(?![0-9A-Za-z])")
_ID_RUN_ON = re.compile(
    r"(?<![0-9])(?:1[3-9][0-9]{9})?([1-9][0-9]{16}[0-9Xx])(?=(?:1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx])?(?![0-9]))"
)
"""Beside a mobile number or another of its kind, as columns of a table run together in the text of a PDF."""
_ID_BROKEN = re.compile(r"(?<![0-9A-Za-z])([1-9][0-9]{0,16}) {0,2}\n[ \t>|]{0,4}([0-9]{0,16}[0-9Xx])(?![0-9A-Za-z])")
"""Over the end of a line, as in a narrow column."""
_BROKEN_REACH = 24
_HALF = 9
"""Digits of the longer part at least."""
_ID17 = re.compile(r"(?<![0-9A-Za-z])([1-9][0-9]{16})(?![0-9A-Za-z])")
"""All but the check digit, which the others give."""
_ID_AS_AMOUNT = re.compile(r"(?<![0-9A-Za-z.])([1-9])\.([0-9]{13,16})E\+17(?![0-9A-Za-z])")
"""As a spreadsheet has one that was typed as a number: it keeps the first fifteen figures."""
_ALIKE_X = "×✕╳ⅩⅹХхΧχ"
_REACH = 24
"""Characters before a number in which a word says what it is."""
_ID_WORDS = re.compile(r"身份证|公民身份|证件号|身份号码|居民证")

_MOBILE = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=[Tt][Ee][Ll]))(?:(?:\+?86|0086)[ \-]{0,2}|(0))?"
    r"(1[3-9][0-9](?:[ \-.*_\\~]{0,3}[0-9]{4}){2}"  # 3-4-4, the common way, or no gap at all
    r"|1[3-9][0-9]{2}[ \-][0-9]{3}[ \-][0-9]{4}"
    r"|1[3-9][0-9][ \-][0-9]{3}[ \-][0-9]{5}"
    r"|\(1[3-9][0-9]\)[ \-]?[0-9]{4}[ \-]?[0-9]{4}"
    r"|(?<![0-9][ \-])1(?:[ \-.*_\\~]{1,2}[0-9]){10}(?![ \-][0-9]))"
    r"(?![0-9A-Za-z])"
)
_MOBILE_CALLED = re.compile(r"(?<![0-9A-Za-z])1[3-9](?:[ \-.*_\\~]{0,2}[0-9]){9}(?![0-9A-Za-z]|[ \-][0-9])")
"""In groups of any size: only where a word says before it what it is."""
_AREA = "10|2[0-9]|[3-9][0-9]{2}"
_LANDLINE = re.compile(
    rf"(?<![0-9A-Za-z.])(?:(?:(?:\+?86|0086)[ \-]{{0,2}}0?|0)({_AREA})|\(0({_AREA})\))[ \-]{{0,2}}"
    r"([2-9][0-9]{2,3}[ \-]?[0-9]{4})(?![0-9A-Za-z])"
)
_LOCAL = re.compile(r"(?<![0-9A-Za-z.\-])([2-9][0-9]{2,3}[ \-]?[0-9]{4})(?![0-9A-Za-z])")
_LOCAL_WORDS = re.compile(r"(?:电话|传真|热线|联系方式|座机|手机|宅电|固话)[^0-9\n]{0,8}\Z")
_PARTING = frozenset("|\t,")
_OFFICE_LINE = re.compile(r"[^宅家个人私]{0,10}(?:电\s?话|热线|传真|联系方式)(?:号码)?")
"""What heads a column of numbers by which offices are reached."""

_CARD = re.compile(
    r"(?<![0-9A-Za-z])([1-9][0-9]{3}(?:[ \-.*_\\~]{0,2}[0-9]{4}){3}(?:[ \-.*_\\~]{0,2}[0-9]{1,3})?|[1-9][0-9]{15,18}"
    r"|62[0-9]{4}[ \-](?:[0-9]{4}[ \-])?[0-9]{6,13}|[1-9](?: [0-9]){15,18})(?![0-9A-Za-z])"
)
_CARD_PREFIX = ("62", "60", "4", "51", "52", "53", "54", "55", "9558", "9559", "35", "37", "69", "90")
_CARD_WORDS = re.compile(r"卡号|银行|账号|帐号|银行卡|账户|帐户|储蓄卡|信用卡|开户|打款|汇款|收款")
_LATIN = re.compile("[A-Za-z]")
_GOES_ON = re.compile("[./?&#_-]+[A-Za-z]")
_AMOUNT = re.compile(r"(?:[.．][0-9０-９]{1,4}(?![0-9０-９]))?\s*(?:亿|万|元|吨|公斤|千克|平方|立方|千瓦|人次|％|%)")


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isalnum()).upper()


def _near(found: Passage, at: int, words: re.Pattern[str]) -> bool:
    return words.search(found.text, max(0, at - _REACH), at) is not None


def _in_address(found: Passage, start: int, end: int) -> bool:
    """Whether the digits stand inside a web address or a path, where they are hardly a person's.

    Such a one has Latin letters: a stroke between a name and a telephone makes none.
    """
    before = found.text[max(0, start - 80) : start]
    token = re.split(r"[\s，。；：、（）()<>\"'“”|\[\]]", before)[-1]
    latin = _LATIN.search(token) is not None or _GOES_ON.match(found.text, end) is not None
    return ("/" in token or "=" in token) and latin


def resident_id(found: Passage) -> Iterator[Match]:
    """Resident identity numbers of 18 or 15 digits; a false check digit leaves a warning."""
    broken = -1
    for run in found.runs:
        taken = -1
        for match in _ID18.finditer(run.text):
            start, end = match.span(1)
            if start < taken:
                continue
            number = _digits(match[1])
            if len(number) != 18:
                continue
            certain = is_resident_id(number)
            plain = _ID18_PLAIN.fullmatch(match[1]) is not None and looks_like_id(number)
            called = _near(found, run.start + start, _ID_WORDS)
            if certain or called or (plain and not _is_card(number)):
                taken = end
                yield Match(run.start + start, run.start + end, number, mask_resident_id(number), certain)
        for match in _ID15.finditer(run.text):
            number = _digits(match[1])
            if number[:2] in PROVINCES and is_birthday("19" + number[6:12]):
                start, end = run.start + match.start(1), run.start + match.end(1)
                certain = _near(found, start, _ID_WORDS) or "注册" not in found.text[max(0, start - _REACH) : start]
                yield Match(start, end, number, mask_resident_id(number), certain)
        if "+17" in run.text:
            yield from _as_amount(run)
        yield from _run_on(run)
        yield from _less_check_digit(found, run)
        for one in _broken(found, run):
            if one.start > broken:
                broken = one.start
                yield one


def _as_amount(run: Run) -> Iterator[Match]:
    """Numbers with an exponent; whose they are is told by province and birthday."""
    for match in _ID_AS_AMOUNT.finditer(run.text.upper()):
        number = f"{match[1]}{match[2]}".ljust(18, "0")
        if looks_like_id(number):
            yield Match(run.start + match.start(), run.start + match.end(), number, mask_resident_id(number), False)


def _run_on(run: Run) -> Iterator[Match]:
    for match in _ID_RUN_ON.finditer(run.text):
        number = _digits(match[1])
        beside = match[0] != match[1] or run.text[match.end() : match.end() + 1].isdigit()
        if beside and is_resident_id(number):
            start, end = match.span(1)
            yield Match(run.start + start, run.start + end, number, mask_resident_id(number))


def _less_check_digit(found: Passage, run: Run) -> Iterator[Match]:
    """Seventeen digits, with a cross for the X or with the last one masked or left out."""
    for match in _ID17.finditer(run.text):
        number = match[1]
        if not looks_like_id(f"{number}0"):
            continue
        start, end = run.start + match.start(), run.start + match.end()
        crossed = found.text[end : end + 1] in _ALIKE_X and end < len(found.text)
        certain = crossed and has_check_digit(f"{number}X")
        yield Match(start, end + crossed, number, mask_resident_id(f"{number}X" if crossed else number), certain)


def _broken(found: Passage, run: Run) -> Iterator[Match]:
    """Numbers that a line's end parts; only right ones, as lines of figures are many."""
    begin, stop = max(0, run.start - _BROKEN_REACH), run.start + len(run.text) + _BROKEN_REACH
    around = found.text[begin:stop]
    if "\n" not in around or sum(map(str.isdigit, run.text)) < _HALF:
        return
    for match in _ID_BROKEN.finditer(fold(around)):
        number = (match[1] + match[2]).upper()
        if is_resident_id(number):
            yield Match(begin + match.start(), begin + match.end(), number, mask_resident_id(number))


def _is_card(number: str) -> bool:
    return number.isdigit() and number.startswith(_CARD_PREFIX) and _has_luhn_digit(number)


def _has_luhn_digit(number: str) -> bool:
    from stdnum import luhn

    return bool(luhn.is_valid(number))


def mobile(found: Passage) -> Iterator[Match]:
    """Mobile numbers of the mainland; unlikely ones and those inside web addresses leave a warning."""
    for run in found.runs:
        taken = run.start
        for match in _MOBILE.finditer(run.text):
            number = _digits(match[2])
            if number in found.allowed:
                continue
            start, end = run.start + match.start(2), run.start + match.end(2)
            before = run.start + match.start()
            called = _LOCAL_WORDS.search(found.text, max(0, before - 16), before) is not None
            if not called and _AMOUNT.match(found.text, end):
                continue
            doubtful = _in_address(found, start, end) or (match[1] is not None and not called)
            certain = _is_assigned(number) and not doubtful
            taken = run.start + match.end()
            yield Match(start, end, number, mask_mobile(number), certain)
        yield from _called_mobile(found, run, taken)


def _called_mobile(found: Passage, run: Run, taken: int) -> Iterator[Match]:
    """Mobile numbers behind ``taken`` that are written in groups of other sizes, behind a word such as 手机."""
    for match in _MOBILE_CALLED.finditer(run.text, taken - run.start):
        start, number = run.start + match.start(), _digits(match[0])
        if number not in found.allowed and _LOCAL_WORDS.search(found.text, max(0, start - 16), start):
            yield Match(start, run.start + match.end(), number, mask_mobile(number), _is_assigned(number))


def landline(found: Passage) -> Iterator[Match]:
    """Landline numbers with an area code, or after 电话; those of the units, and in a table of offices, are allowed."""
    office: Mapping[int, Sequence[str]] | None = None
    for one in _landlines(found):
        row = found.text.rfind("\n", 0, one.start) + 1
        if office is None and not _PARTING.isdisjoint(found.text[row : one.start]):
            office = rows_of_offices(found.text)
        if not office or row not in office or not _is_reached_by(office[row], column_of(found.text, row, one.start)):
            yield one


def _is_reached_by(head: Sequence[str], column: int) -> bool:
    return column < len(head) and _OFFICE_LINE.fullmatch(head[column]) is not None


def _landlines(found: Passage) -> Iterator[Match]:
    for run in found.runs:
        taken: list[tuple[int, int]] = []
        for match in _LANDLINE.finditer(run.text):
            taken.append(match.span())
            number = f"0{match[1] or match[2]}{_digits(match[3])}"
            start, end = run.start + match.start(), run.start + match.end()
            certain = _is_assigned(number)
            called = _LOCAL_WORDS.search(found.text, max(0, start - 16), start) is not None
            if number not in found.allowed and (certain or called):
                yield Match(start, end, number, mask_landline(number), certain)
        for match in _LOCAL.finditer(run.text):
            start, end = run.start + match.start(), run.start + match.end()
            if any(begin <= match.start() < stop for begin, stop in taken):
                continue
            if not _LOCAL_WORDS.search(found.text, max(0, start - 16), start):
                continue
            number = _digits(match[1])
            if not any(own.endswith(number) for own in found.allowed):
                yield Match(start, end, number, mask_landline(number))


def _is_assigned(number: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "CN"))
    except phonenumbers.NumberParseException:
        return False


def bank_card(found: Passage) -> Iterator[Match]:
    """Bank cards of 16 to 19 digits by prefix and Luhn's check digit."""
    for run in found.runs:
        for match in _CARD.finditer(run.text):
            number = _digits(match[1])
            if not 16 <= len(number) <= 19 or is_resident_id(number) or is_credit_code(number):
                continue
            start, end = run.start + match.start(), run.start + match.end()
            called = _near(found, start, _CARD_WORDS)
            usual = number.startswith(_CARD_PREFIX)
            valid = _has_luhn_digit(number)
            if (valid and (usual or called)) or (usual and called):
                certain = valid and (called or number.startswith("62"))
                if not called and match[1][1] == " ":
                    continue  # a row of single figures
                yield Match(start, end, number, mask_bank_card(number), certain)
