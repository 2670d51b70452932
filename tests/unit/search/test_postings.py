"""Postings say what ``tokens`` defines, and of each item the same whoever is looked at with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.search.folding import folding
from generator.search.passages import ItemPassages, Passage, text_files
from generator.search.postings import (
    ATTACHMENTS,
    BODY,
    FIELDS,
    SHORT,
    ItemText,
    decode_postings,
    decode_terms,
    encode_postings,
    encode_together,
    short_texts,
)
from generator.search.presence import term_of
from generator.search.tokens import tokens
from tests.site_support import make_facts

TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("法律法律援助监狱〔〕[]（）年第号条十百〇零五四 　201６abＡé̀\u200bⅢ㈠㎡½"),
        st.sampled_from("\U00020000\U0003104f\U0001d7d8\ud840\udc00監獄薴䓣朱鹮々。，\n\r\t\0"),
    ),
    max_size=60,
)
REFERENCE = st.sampled_from(
    ["第五十四条", "第 54 条", "〔2016〕13号", "2016年第 5 号", "（2016） 7号", "12016 13号", "a" * 70]
)
SEGMENT = st.one_of(TEXT, st.lists(st.one_of(TEXT, REFERENCE), max_size=4).map("".join))


@st.composite
def item_texts(draw: st.DrawFn) -> ItemText:
    item = make_facts(
        "sfj/policy/a",
        draw(SEGMENT),
        document_number=draw(SEGMENT),
        keywords=tuple(draw(st.lists(TEXT, max_size=2))),
        summary=draw(SEGMENT),
    ).item
    assert item is not None
    passages = tuple(Passage("", text) for text in draw(st.lists(SEGMENT, min_size=1, max_size=4)))
    cut = ItemPassages(passages, draw(st.integers(0, len(passages))))
    return ItemText(item, cut, text_files(item.id, cut).name)


def check(one: ItemText, data: bytes) -> None:
    """``data`` says of each segment what ``tokens`` finds in it."""
    table, read = folding(), decode_postings(data)
    segments = [*short_texts(one.item), *(passage.text for passage in one.cut.passages)]
    found = [tokens(text, table) for text in segments]
    expected = Counter((term, number) for number, terms in enumerate(found) for term in terms)
    keys = zip(map(term_of, read.keys.tolist()), read.segments.tolist(), read.counts.tolist(), strict=True)
    terms = map(read.words.strings.__getitem__, read.words.places.tolist())
    words = zip(terms, read.words.segments.tolist(), read.words.counts.tolist(), strict=True)
    told = [((term, segment), count) for term, segment, count in (*keys, *words)]
    assert dict(told) == {term: min(count, 0xFFFF) for term, count in expected.items()}
    assert len(told) == len(expected)
    rows = list(zip(read.keys.tolist(), read.segments.tolist(), strict=True))
    assert rows == sorted(rows)
    assert read.words.strings == sorted(read.words.strings)
    assert (read.passages, read.of_body, read.text) == (len(one.cut.passages), one.cut.of_body, one.name)
    lengths = [0] * len(FIELDS)
    for number, terms_of in enumerate(found):
        field = number if number < SHORT else BODY if number < SHORT + one.cut.of_body else ATTACHMENTS
        lengths[field] += len(terms_of)
    assert list(read.lengths) == lengths


def check_terms(together: list[bytes]) -> None:
    """The terms alone are those that the whole postings tell."""
    each, terms = [decode_postings(data) for data in together], decode_terms(together)
    assert terms.keys.tolist() == [key for one in each for key in one.keys.tolist()]
    assert list(terms.counts) == [one.keys.size for one in each]
    assert list(terms.strings) == [one.words.strings for one in each]


@given(texts=st.lists(item_texts(), max_size=4))
def test_postings_are_the_tokens_of_each_segment(texts: list[ItemText]) -> None:
    """Counted as the definition counts them, and not otherwise in company."""
    together = encode_together(texts)
    assert together == [encode_postings(one.item, one.cut, folding()) for one in texts]
    check_terms(together)
    for one, data in zip(texts, together, strict=True):
        check(one, data)


def test_what_folding_adds_and_takes_away_moves_no_word() -> None:
    """A text of which folding makes one as long is not cut where it was cut before."""
    facts = make_facts("sfj/policy/a", "5㎡", document_number="5e\u0301 6", summary="法律㈠援\u200b\u200b助 a")
    assert facts.item is not None
    cut = ItemPassages((Passage("", "㎡ a1"), Passage("", "\u200bb 第\u200b㈠条")), 1)
    check(ItemText(facts.item, cut, text_files("sfj/policy/a", cut).name), encode_postings(facts.item, cut))


def test_items_of_every_size_go_together() -> None:
    """What has many segments or counts is written wide, and what goes with it is not."""
    facts = [make_facts("sfj/policy/a", title) for title in ("无", "法" * 70_000, "法" * 300, "x " * 70_000)]
    cuts = [ItemPassages((Passage("", "法律"),) * count, count) for count in (1, 2, 300, 1, 70)]
    texts = [
        ItemText(one.item, cut, text_files(one.id, cut).name) for one in facts for cut in cuts if one.item is not None
    ]
    together = encode_together(texts)
    for one, data in zip(texts, together, strict=True):
        assert data == encode_postings(one.item, one.cut)
        check(one, data)
    assert {data[1] for data in together} == {0, 1}
    check_terms(together)


def test_more_items_than_a_byte_can_count_go_together() -> None:
    """The number of each is sorted by all of its digits."""
    facts = [make_facts(f"sfj/policy/a{number}", f"第{number}号法律") for number in range(300)]
    cut = ItemPassages((Passage("", "法律援助"),), 1)
    texts = [ItemText(one.item, cut, text_files(one.id, cut).name) for one in facts if one.item is not None]
    assert encode_together(texts) == [encode_postings(one.item, one.cut) for one in texts]


@pytest.mark.parametrize("decode", [decode_postings, lambda data: decode_terms([data])], ids=["whole", "terms"])
@pytest.mark.parametrize("data", [b"", b"\0" * 60, b"\x01" + b"\0" * 10, "cut"])
def test_postings_of_another_format_or_cut_short_are_not_read(
    decode: Callable[[bytes], object], data: bytes | str
) -> None:
    """Neither whole nor for their terms alone."""
    item = make_facts("sfj/policy/a", "会见须知").item
    assert item is not None
    if isinstance(data, str):
        data = encode_postings(item, ItemPassages((Passage("", "会见须知，ab1"),), 1))[:-1]
    with pytest.raises(ValueError, match=r"format|short"):
        decode(data)
