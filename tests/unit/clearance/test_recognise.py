"""Edges of the recognisers that the labelled lines do not show."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from generator.clearance.recognise import RECOGNISERS, Match, Passage, Sign, passage, passages
from generator.clearance.recognise.lists import _ROW_OF_NAMES, _begins_a_row, _may_begin_names, _only_names
from generator.clearance.recognise.match import Cue, Run
from generator.clearance.recognise.passage import (
    _CUE,
    _CUES,
    _DAY,
    _DIGITS,
    _NUMBERED_DAY,
    _RUN,
    _SIGN_OF,
    fold,
    province_before,
)

TERMS = ("狱内侦查", "QQ", "𠀀栋")
ALPHABETS = (
    "".join(_CUES.values()) + "\n 　\u200b\ud8000123456789aEGX@＠（+－京津２ＱＱQ狱内侦查𠀀",
    "0123456789-. a京@\n（",
    "0123１２ -@姓名\u3000",
    "2013-.07 京A密级机 密年月日出生住址号",
)
PIECES = (
    *(
        "138 1234 5678",
        "１３８１２３４５６７８",
        "110105194912310021",
        "6222021234567890123",
        "022-23083333",
        "E12345678",
    ),
    *(
        "京A12345",
        "a.b@c.com",
        "护照",
        "机 密★1年",
        "（内部）",
        "依申请公开",
        "姓 名：王小明",
        "1980年1月2日出生",
        "\n",
        " ",
    ),
    *("住址：和平区南京路1号", "3号楼2单元101室", "2024-05-06", "20240506-0001234", "QQ", "abcd efgh", "（", "电话"),
)

RECOGNISED = {
    "resident-id": ("11010519491231002X", "１１０１０５ １９４９１２３１ ００２Ｘ", "110105-491231-002"),
    "mobile": ("13812345678", "+86 138-1234-5678", "１３８ １２３４ ５６７８"),
    "landline": ("022-23083333", "（022）2308 3333"),
    "bank-card": ("6222 0212 3456 7890 128", "银行卡号6222021234567890128"),
    "travel-document": ("护照号码E12345678",),
    "licence-plate": ("京A12345", "车牌：津B·12345"),
    "email": ("a.b@c.com", "ａ@ｃ.com"),
    "home-address": ("住址：和平区南京路1号3号楼2单元101室",),
    "birth-date": ("王小明，1980年1月2日出生",),
    "name-list": ("获奖人员：王小明、李晓红、张建国、赵丽华",),
    "sensitive-name-list": ("吸毒人员名单：王小明、李晓红、张建国、赵丽华",),
    "secrecy-mark": ("机密★1年", "密级：秘密"),
}
"""What each recogniser knows: in arbitrary texts there is hardly ever anything to find."""


def find(name: str, text: str, *, file_name: bool = False) -> list[Match]:
    looked = passage(text, frozenset({"01055500001", "a@b.com"}), name=file_name)
    recogniser = RECOGNISERS[name]
    return list(recogniser.find(looked)) if recogniser.sign & looked.signs else []


def searched(text: str, *, name: bool) -> Passage:
    """What the patterns find in all of a text, every run kept."""
    runs = tuple(Run(found.start(), fold(found[0])) for found in _RUN.finditer(text))
    cues = tuple(Cue(_SIGN_OF[found[0][0]], found.start()) for found in _CUE.finditer(text))
    signs: int = Sign.ALWAYS | (Sign.SECRECY if name else 0)
    for cue in cues:
        signs |= cue.sign
    if any(term in text for term in TERMS):
        signs |= Sign.TERMS
    return Passage(text, signs | Sign.DIGITS | Sign.AT | Sign.PLATE, runs, cues, frozenset(), name)


def texts() -> st.SearchStrategy[str]:
    pieces = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
    day = st.from_regex(r"(?:19|20)[0-9]{6}-[0-9]{1,8}", fullmatch=True)
    named = st.tuples(day, st.sampled_from(("", " ", "电话", "身份证", "万元", *PIECES))).map("".join)
    return st.one_of(*(st.text(alphabet, max_size=40) for alphabet in ALPHABETS), pieces, st.text(max_size=20), named)


@given(written=st.lists(texts(), min_size=1, max_size=4), names=st.integers(0, 1))
def test_one_look_finds_what_the_patterns_find(written: list[str], names: int) -> None:
    """The same cues, and whatever is left out, no recogniser would have recognised."""
    looked = passages(written, frozenset(), TERMS, names=names)
    for number, (text, one) in enumerate(zip(written, looked, strict=True)):
        whole = searched(text, name=number >= len(written) - names)
        assert (one.text, one.cues, one.name) == (text, whole.cues, whole.name)
        assert set(one.runs) <= set(whole.runs)
        assert one.signs & Sign.TERMS == whole.signs & Sign.TERMS
        for search, sign in RECOGNISERS.values():
            expected = list(search(whole)) if sign & whole.signs else []
            assert (list(search(one)) if sign & one.signs else []) == expected


@given(texts())
def test_signs_are_those_of_every_run(text: str) -> None:
    """A run gives its signs whatever stands before it."""
    signs = passage(text).signs
    runs = searched(text, name=False).runs
    assert bool(signs & Sign.AT) == any("@" in run.text for run in runs)
    assert bool(signs & Sign.PLATE) == any(province_before(text, run.start) >= 0 for run in runs)


@example("２0121234-0121234")
@given(st.lists(st.sampled_from(["0121234", "12-34", "１", "2", "-", ". ", "年", "（", "A"]), max_size=6).map("".join))
def test_no_row_that_is_long_enough_for_a_number_is_passed_over(text: str) -> None:
    """Seven digits are enough, whatever may part them, unless they are a day or, at the beginning, a file's name."""
    numbers = [
        run
        for run in searched(text, name=False).runs
        if _DIGITS.search(run.text) and not _DAY.fullmatch(run.text) and (run.start or _NUMBERED_DAY(run.text) is None)
    ]
    assert [*passage(text).runs] == numbers
    assert bool(passage(text).signs & Sign.DIGITS) == bool(numbers)


@given(st.text("王欧阳司马小明·、，, 　局a", max_size=14))
def test_a_row_of_names_begins_where_the_pattern_says_so(words: str) -> None:
    """What is refused without the pattern, the pattern refuses."""
    assert _begins_a_row(words) == (_ROW_OF_NAMES.match(words) is not None)


@given(st.text("第五条王小明、 ：名单·1.　", max_size=14))
def test_a_line_that_begins_no_names_holds_none(line: str) -> None:
    """What is passed over by its first character would give no names."""
    assert not line or _may_begin_names(line) or _only_names(line) == []


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["110105", "320506", "510104", "650102"]))
    day = draw(st.dates().filter(lambda one: 1900 <= one.year <= 2026))
    body = f"{region}{day:%Y%m%d}{draw(st.integers(1, 999)):03}"
    return body + str(ric.calc_check_digit(body + "0"))


@given(
    number=resident_ids(),
    gap=st.sampled_from(["", " ", "-", "\u3000", "\u200b", "\u202f", "\u2007", "\u200e"]),
    wide=st.booleans(),
)
def test_every_valid_identity_number_is_found(number: str, gap: str, wide: bool) -> None:
    """Whatever the day and the region, grouped or not, full-width or not, it is certain and in canonical form."""
    written = gap.join((number[:6], number[6:14], number[14:]))
    if wide:
        written = "".join(chr(ord(char) + 0xFEE0) if char.isalnum() else char for char in written)
    (match,) = find("resident-id", f"号码：{written}。")
    assert (match.value, match.certain) == (number, True)


@given(number=resident_ids(), wrong=st.integers(1, 9))
def test_identity_number_with_a_false_check_digit_is_doubtful(number: str, wrong: int) -> None:
    """One digit changed makes it a warning, not nothing."""
    changed = number[:-1] + str((int(number[-1], 36) + wrong) % 10)
    if changed[-1] != number[-1] and not luhn.is_valid(changed):
        assert [match.certain for match in find("resident-id", f"身份证号：{changed}")] == [False]


@given(number=resident_ids(), at=st.integers(1, 17), end=st.sampled_from(["\n", "  \n", "\n> ", "\n  | "]))
def test_identity_number_over_the_end_of_a_line_is_found_once(number: str, at: int, end: str) -> None:
    """Wherever a narrow column breaks it; a wrong one is two numbers of some rows."""
    found = find("resident-id", f"身份证号\n{number[:at]}{end}{number[at:]}\n王强")
    assert [match.value for match in found if match.certain].count(number) == 1
    wrong = number[:-1] + str((int(number[-1], 36) + 1) % 10)
    found = find("resident-id", f"\n{wrong[:at]}{end}{wrong[at:]}\n")
    assert not any(match.certain for match in found if len(match.value) == len(wrong))


@given(
    st.lists(st.from_regex(r"\A[0-9]{1,9}\Z"), min_size=2, max_size=6), st.sampled_from(["\n", " ", "  \n", ",", "|"])
)
def test_figures_of_tables_are_no_fault(figures: list[str], between: str) -> None:
    """Short numbers over the ends of lines, such as begin like those of foreigners."""
    for name in ("resident-id", "mobile", "bank-card", "landline"):
        find(name, between.join(figures))
        find(name, between.join(("911", *figures, "123456789")))


def test_short_number_that_begins_like_a_foreigners_is_none() -> None:
    """It has no birthday to be looked at."""
    assert find("resident-id", "911\n23456789 0") == []


def test_identity_number_of_a_foreigner_with_permanent_residence() -> None:
    """9, province, nationality, birthday; the code of an organisation begins with 9 too and is public."""
    body = "91115619850101001"
    number = body + str(ric.calc_check_digit(body + "0"))
    assert [match.certain for match in find("resident-id", f"证号 {number}")] == [True]


def _figures() -> st.SearchStrategy[str]:
    """Pieces of numbers as tables have them, over lines and beside words that make a recogniser look closely."""
    numbers = st.sampled_from(["911156198501010012", "11010519491231002X", "13812345678", "6222021234567890123"])
    begun = st.builds(lambda number, size: number[:size], numbers, st.integers(1, 19))
    ended = st.builds(lambda number, size: number[-size:], numbers, st.integers(1, 19))
    between = st.sampled_from(["\n", "\n", " \n", " ", "-", "|", "身份证号", "卡号：", "电话", "护照"])
    return st.lists(st.tuples(begun, between, ended, between).map("".join), min_size=1, max_size=4).map("".join)


@given(_figures())
def test_figures_never_stop_a_recogniser(text: str) -> None:
    """Whatever they look like: a recogniser that raises stops the build of the whole cluster."""
    for name in RECOGNISERS:
        assert all(text[match.start : match.end] for match in find(name, text))


def test_figures_that_begin_like_a_foreigners_number_are_none() -> None:
    """A short figure at the end of a line, and the next below it, stopped the build."""
    assert find("resident-id", "9113456789\n12") == []


@pytest.mark.parametrize("name", ["resident-id", "mobile", "bank-card", "landline"])
@given(data=st.data())
def test_canonical_form_has_digits_only(name: str, data: st.DataObject) -> None:
    """Separators never enter the value by which a match is exempted."""
    number = data.draw(st.sampled_from(RECOGNISED[name]))
    around = st.text("0123456789 -", max_size=20)
    for text in (number, f"{data.draw(around)}，{number} {data.draw(around)}"):
        found = find(name, text)
        assert found
        for match in found:
            assert match.value.isalnum()
            assert text[match.start : match.end].strip()


@given(st.text(max_size=60))
def test_folding_keeps_every_place(text: str) -> None:
    """Folded text has the same length, so that places in it are places in the source."""
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("name", RECOGNISERS)
@given(data=st.data())
def test_matches_lie_within_the_text(name: str, data: st.DataObject) -> None:
    """No recogniser fails, and each match is a stretch of the text that it was given."""
    known = data.draw(st.sampled_from(RECOGNISED[name]))
    text = data.draw(st.sampled_from([known, known[:-1], known[1:], f"{known}{known}"]))
    text = data.draw(st.sampled_from([text, f"{data.draw(texts())}{text}{data.draw(texts())}"]))
    assert find(name, known)
    for match in find(name, text):
        assert 0 <= match.start < match.end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["010-55500001", "（010）55500001", "电话：55500001", "+86-10-55500001"],
)
def test_own_telephone_is_allowed_in_any_form(text: str) -> None:
    """A unit's contact may be written with or without area code and country code."""
    assert find("landline", text) == []


@pytest.mark.parametrize("text", ["a@b.com", "A@B.COM", "zwgk@sfj.gov.cn", "x@a.example"])
def test_addresses_of_offices_are_allowed(text: str) -> None:
    """A unit's own mail address and those under gov.cn are no personal data."""
    assert find("email", f"邮箱：{text}") == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("机密-方案", True),
        ("方案（秘密）", True),
        ("内部资料", True),
        ("[机密]会议纪要", True),
        ("保密协议", False),
        ("商业秘密保护指南", False),
        ("内部审计报告", False),
        ("机密文件柜采购公告", False),
    ],
)
def test_marks_in_names_of_files(name: str, found: bool) -> None:
    """A name that is marked is found; a name that speaks of secrecy is not."""
    assert bool(find("secrecy-mark", f"{name}.pdf", file_name=True)) is found


def test_level_alone_on_a_line_is_a_mark_and_in_a_sentence_is_none() -> None:
    """The position decides, not the word."""
    assert len(find("secrecy-mark", "# 通知\n\n秘密\n\n正文")) == 1
    assert find("secrecy-mark", "国家秘密分为绝密、机密、秘密三级。\n\n属于秘密的，应当标明。") == []


def test_numbers_of_units_of_measure_are_no_telephones() -> None:
    """An amount is not a telephone number."""
    assert find("mobile", "合计13812345678元，面积13912345678平方米，占15012345678.25万元") == []


def test_digests_and_addresses_are_no_numbers() -> None:
    """Hexadecimal digests and web addresses with long numbers raise no block."""
    text = "sha256: 3f13812345678a1985031200219f86d081884c7d659a2feaa0c55ad015a3bf4f https://a.cn/art/13812345678.html"
    assert all(not match.certain for name in ("mobile", "resident-id", "bank-card") for match in find(name, text))


@given(
    st.lists(
        st.sampled_from(
            ["住址：", "漕溪路", "250弄", "12号", "3号楼", "2单元", "风荷里", "3-2-501", "501室", "政府", "，"]
        ),
        max_size=9,
    )
)
def test_homes_of_a_line_stand_apart_and_in_order(pieces: list[str]) -> None:
    """Where two forms of one home meet, one is told, and the certain one rather."""
    found = find("home-address", "".join(pieces))
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("name", "piece", "times"),
    [
        ("sensitive-name-list", "王小明，男，吸毒", 0),
        ("name-list", "王小明、", 0),
        ("sensitive-name-list", "）、吸毒", 0),
        ("sensitive-name-list", "王小明（吸毒）、", 0),
        ("sensitive-name-list", "王\n明、吸毒", 0),
        ("home-address", "漕溪路250弄12号", 1),
        ("home-address", "风荷里3-2-501", 1),
        ("resident-id", "1201031985\n06123429 ", 1),
        ("mobile", "1、3、8、1、", 0),
        ("resident-id", "110105/19491231/", 0),
        ("resident-id", "一三八1", 0),
        ("secrecy-mark", "\u0332机", 0),
        ("secrecy-mark", "\u202e机", 0),
    ],
)
def test_a_long_line_takes_no_time_by_its_square(name: str, piece: str, times: int) -> None:
    """Whatever an attachment holds: this is done at once, or not in an hour."""
    assert len(find(name, piece * 40_000)) == 40_000 * times
