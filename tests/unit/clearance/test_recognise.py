"""Edges of the recognisers that the labelled lines do not show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from generator.clearance.recognise import RECOGNISERS, Match, passage
from generator.clearance.recognise.passage import fold


def find(name: str, text: str, *, file_name: bool = False) -> list[Match]:
    looked = passage(text, frozenset({"01055500001", "a@b.com"}), name=file_name)
    recogniser = RECOGNISERS[name]
    return list(recogniser.find(looked)) if recogniser.sign & looked.signs else []


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["110105", "320506", "510104", "650102"]))
    day = draw(st.dates().filter(lambda one: 1900 <= one.year <= 2026))
    body = f"{region}{day:%Y%m%d}{draw(st.integers(1, 999)):03}"
    return body + str(ric.calc_check_digit(body + "0"))


@given(number=resident_ids(), gap=st.sampled_from(["", " ", "-", "\u3000", "\u200b"]), wide=st.booleans())
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


@given(st.text(alphabet="0123456789 -", min_size=1, max_size=40))
def test_canonical_form_has_digits_only(text: str) -> None:
    """Separators never enter the value by which a match is exempted."""
    for name in ("resident-id", "mobile", "bank-card", "landline"):
        for match in find(name, text):
            assert match.value.isalnum()
            assert text[match.start : match.end].strip()


@given(st.text(max_size=60))
def test_folding_keeps_every_place(text: str) -> None:
    """Folded text has the same length, so that places in it are places in the source."""
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("name", RECOGNISERS)
@given(text=st.text(max_size=80))
def test_matches_lie_within_the_text(name: str, text: str) -> None:
    """No recogniser fails, and each match is a stretch of the text that it was given."""
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
