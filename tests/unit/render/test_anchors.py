"""Ids of headings and articles."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.render import anchors
from generator.render.anchors import ARTICLE, MAX_LENGTH, article_id, body_id, label_id, numeral


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三十二", 32), ("一百", 100), ("一百零五", 105)),
        *(("一百二十", 120), ("二百三十四", 234), ("一千二百六十", 1260), ("一〇三", 103), ("一○三", 103)),
        *(("32", 32), ("３２", 32), ("两百", 200), ("1百", 100)),
    ],
)
def test_numeral_reads_every_way_of_writing(text: str, value: int) -> None:
    """Chinese with units, digit by digit, Arabic and full-width numerals are the same number."""
    assert numeral(text) == value


@given(st.integers(1, 9999))
def test_numeral_reads_what_is_written_with_units(number: int) -> None:
    """Every number of an article as statutes write it is read back."""
    digits = "零一二三四五六七八九"
    parts, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            parts += ("零" if zero and parts else "") + digits[digit] + name
        zero = not digit
    assert numeral(parts) == number


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("第一章 总则", "第一章总则"),
        ("第一章　总　则", "第一章总则"),
        ("（一）基本原则", "一-基本原则"),
        ("Main content", "h-main-content"),
        ("2026 Plan", "h-2026-plan"),
        ("第三条", "art-3"),
        ("第三十二条 会见", "art-32"),
        ("第一百三十三条之一", "art-133-1"),
        ("第三条的规定", "第三条的规定"),
        ("art-3", "art-3"),
        ("ＦＡＱ　常见问题", "faq-常见问题"),
        ("", "h-section"),
        ("！？", "h-section"),
        ("fn-注 一", "fn-注-一"),
    ],
)
def test_body_id_for_headings_and_fragments(text: str, wanted: str) -> None:
    """A heading and a link to it by its text come to the same id, whatever the spaces."""
    assert body_id(text) == wanted


@given(st.one_of(st.text(), st.text("第三条章一-_ ha1。:#", max_size=12)))
def test_body_id_is_idempotent(text: str) -> None:
    """An id that was made stays what it is when it is written as a fragment."""
    assert body_id(body_id(text)) == body_id(text)


BETWEEN_HAN = re.compile(r"(?<=[⺀-鿿豈-﫿])\s+(?=[⺀-鿿豈-﫿])")


def defined_id(text: str) -> str:
    """``body_id`` with every rule tried on every text."""
    if anchors._KEPT.match(text):
        return text
    if anchors._FOOTNOTE.match(text):
        return "-".join(text.split())
    words = anchors._EDGES.sub("", unicodedata.normalize("NFKC", text))
    article = anchors._ARTICLE_ALONE.match(words)
    if article:
        return article_id(article[1], article[2])
    slug = re.sub(r"\W+", "-", BETWEEN_HAN.sub("", words).lower())[:MAX_LENGTH].strip("-")
    return slug if not slug.isascii() or slug.startswith("h-") else f"h-{slug or 'section'}"


@given(
    st.one_of(
        st.text(), st.text("第三条章一-_ hＡ1。:#　", max_size=12), st.from_regex(r"(?:art|fn|fnref1)-?[0-9_\- 甲]*")
    )
)
def test_body_id_leaves_out_only_rules_that_change_nothing(text: str) -> None:
    """The quick looks beforehand agree with the rules."""
    assert body_id(text) == defined_id(text)


@given(st.text("第三十条之一 0", max_size=8))
def test_label_id_is_that_of_the_whole_label(text: str) -> None:
    """Only what is a label from beginning to end has the id of an article."""
    match = re.fullmatch(ARTICLE, text)
    assert label_id(text) == (match and article_id(match[1], match[2]))


@given(st.text())
def test_body_id_never_is_an_id_of_the_page(text: str) -> None:
    """Ids of a body are told from the page's own by their form."""
    found = body_id(text)
    assert found
    assert not found.isascii() or re.match(r"h-|art-[0-9]|fn(ref[0-9]*)?-", found)
    assert not re.search(r"\s", found)


def test_article_id_counts_with_its_after_number() -> None:
    """第十条之二 follows 第十条 and is another article."""
    match = re.fullmatch(ARTICLE, "第十条之二")
    assert match is not None
    assert article_id(match[1], match[2]) == "art-10-2"
