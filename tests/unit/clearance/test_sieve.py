"""generator.clearance.sieve: finds in many texts at once what ``Fingerprints.hits`` finds in each."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.clearance import joined, keytable
from generator.clearance import sieve as module
from generator.clearance.audit_views import markup_views, tag_text
from generator.clearance.fingerprints import Fingerprints, prints_of
from generator.clearance.folding import SEPARATOR
from generator.clearance.sieve import Form, Passage, Sieve
from generator.clearance.verbatim import apart

ALPHABET = "会见须知戒毒令司法〔〕0123456789abC .，…①ＡＢ\n\u200b㎡é\u0301가ᄀ\U0002f800𠮷"
TEXT = st.text(ALPHABET, max_size=60)
NAMES = st.text("会见须知ab.", min_size=1, max_size=20)


def _sieve(texts: list[str], names: list[str]) -> tuple[Fingerprints, Sieve]:
    prints = Fingerprints([prints_of("a/b/c", texts, names)])
    return prints, Sieve(prints)


def _found(sieve: Sieve, passages: list[Passage]) -> tuple[list[set[int]], frozenset[int]]:
    found = sieve.find(passages)
    keys: list[set[int]] = [set() for _ in passages]
    for number, key in zip(found.passages.tolist(), found.keys.tolist(), strict=True):
        keys[number].add(key)
    return keys, found.odd


@given(withheld=st.lists(TEXT, max_size=3), names=st.lists(NAMES, max_size=3), data=st.data())
def test_it_finds_what_is_found_one_by_one(withheld: list[str], names: list[str], data: st.DataObject) -> None:
    """Of every passage that is not odd: the same keys, wherever a window lies and whatever the neighbours are."""
    pieces = st.sampled_from([*withheld, *names, "、"])
    texts = data.draw(st.lists(st.lists(pieces | TEXT, max_size=4).map("".join), max_size=5))
    prints, sieve = _sieve(withheld, names)
    keys, odd = _found(sieve, [Passage(text) for text in texts])
    for number, text in enumerate(texts):
        if number not in odd:
            assert keys[number] == set(prints.hits(text).tolist())


@given(texts=st.lists(TEXT, max_size=12), at_once=st.integers(1, 200))
def test_passages_that_are_looked_through_apart_are_numbered_as_one_list(texts: list[str], at_once: int) -> None:
    """Wherever one batch ends and the next begins."""
    _, sieve = _sieve(["会见须知戒毒令司法〔〕0123456789ab", *texts[:2]], ["会见须知"])
    whole = _found(sieve, [Passage(text) for text in texts])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_AT_ONCE", at_once)
        assert _found(sieve, [Passage(text) for text in texts]) == whole


ENDS = st.text("会见须", min_size=4, max_size=9).map(lambda text: f"关于会见{text}须知见会须知的通知")


@given(names=st.lists(ENDS | NAMES, min_size=1, max_size=9), data=st.data(), at_a_time=st.integers(1, 9))
def test_names_that_begin_and_end_alike_are_found_some_at_a_time(
    names: list[str], data: st.DataObject, at_a_time: int
) -> None:
    """A list of a large site holds many places at which each of many names may stand: their number bounds no memory."""
    _, sieve = _sieve([], names)
    texts = data.draw(st.lists(st.lists(st.sampled_from([*names, "、"]), max_size=6).map("".join), max_size=4))
    whole = _found(sieve, [Passage(text) for text in texts])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keytable, "_AT_A_TIME", at_a_time)
        assert _found(sieve, [Passage(text) for text in texts]) == whole


def test_portions_follow_each_other_and_are_small() -> None:
    """None holds more than fits beside the one place that is repeated most."""
    counts = np.array([5, 0, 200, 1, 1, 90, 60, 7])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keytable, "_AT_A_TIME", 100)
        cuts = [*keytable.portions(counts)]
    assert [place for start, end in cuts for place in range(start, end)] == [*range(8)]
    assert [counts[start:end].sum() for start, end in cuts if start < end] == [5, 292, 67]
    assert [*keytable.portions(counts[:0])] == []


@pytest.mark.parametrize("length", range(4, 40))
@pytest.mark.parametrize("before", range(9))
def test_every_length_at_every_place(length: int, before: int) -> None:
    """A name of any length is found at any distance from the beginning, and only in its own passage."""
    name = "".join(chr(0x4E00 + 7 * number) for number in range(length))
    prints, sieve = _sieve([], [name])
    texts = ["前" * before, "前" * before + name + "后", "无"]
    keys, odd = _found(sieve, [Passage(text) for text in texts])
    assert not odd
    assert [bool(one) for one in keys] == [False, True, False]
    assert keys[1] == set(prints.hits(texts[1]).tolist())


@pytest.mark.parametrize("text", ["𠮷", "e\u0301", "가ᄀ"])
def test_what_cannot_be_read_with_others_is_odd(text: str) -> None:
    """Characters that depend on their neighbours are told, and spoil no neighbour."""
    name = "会见须知一二三四五六"
    _, sieve = _sieve([], [name])
    keys, odd = _found(sieve, [Passage("好"), Passage(text), Passage(name), Passage(name)])
    assert odd == {1}
    assert [bool(one) for one in keys] == [False, False, True, True]


def test_characters_that_become_several_are_written_out() -> None:
    """An ellipsis reads as three dots on both sides."""
    _, sieve = _sieve(["按照有关规定…应当依法办理登记手续"], [])
    keys, odd = _found(sieve, [Passage("按照有关规定...应当依法办理登记手续")])
    assert not odd
    assert keys[0]
    keys, odd = _found(sieve, [Passage("按照有关规定…应当依法办理登记手续")])
    assert not odd
    assert keys[0]


def _in_markup(prints: Fingerprints, markup: str) -> set[int]:
    shown = markup_views(markup)
    return set(prints.hits(SEPARATOR.join((*shown.plain, *map(tag_text, shown.tags)))).tolist())


@given(withheld=TEXT, names=st.lists(NAMES, max_size=2), data=st.data())
def test_nothing_in_markup_is_missed(withheld: str, names: list[str], data: st.DataObject) -> None:
    """Text broken by tags, and text within tags, on whatever page it is and whatever stands on the others."""
    prints, sieve = _sieve([withheld], names)
    texts = st.sampled_from([withheld, withheld[:20], withheld[20:], *names, "\n", SEPARATOR, "会见"])
    tags = st.sampled_from(["<b>", "</b>", "<>", "<i title='会见须知'>", "<!doctype html>"]) | texts.map("<{}>".format)
    pages = data.draw(st.lists(st.lists(texts | tags | st.sampled_from("<>"), max_size=9).map("".join), max_size=6))
    found = sieve.find([Passage(page, form=Form.MARKUP) for page in pages])
    for number, page in enumerate(pages):
        if number not in found.odd:
            assert set(found.keys.compress(found.passages == number).tolist()) == _in_markup(prints, page)
    spelt_oddly = any(character in "①㎡é\u0301가ᄀ\U0002f800𠮷" for page in pages for character in page)
    torn = any(apart(page.encode()) is None for page in pages)
    assert spelt_oddly or torn or not found.odd


VALUES = st.recursive(
    st.text("会见须知ab:,]}[{ ", max_size=30) | st.integers(0, 99),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text("会见须知:,", max_size=20), one, max_size=3),
    max_leaves=9,
)


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in _strings(one)]
    return [text for one in value for text in _strings(one)] if isinstance(value, list) else [str(value)]


@given(values=st.lists(VALUES, max_size=4), compact=st.booleans(), data=st.data())
def test_nothing_in_data_is_missed(values: list[object], compact: bool, data: st.DataObject) -> None:
    """Each string of JSON is looked through on its own, whatever signs it begins or ends with."""
    texts = [_strings(value) for value in values]
    withheld = data.draw(st.sampled_from([one for of in texts for one in of] or ["会见"]))
    prints, sieve = _sieve([withheld], [withheld[:9], withheld[-5:]])
    written = [json.dumps(one, ensure_ascii=False, separators=(",", ":") if compact else None) for one in values]
    found = sieve.find([Passage(one, form=Form.DATA) for one in written])
    for number, of in enumerate(texts):
        keys = set(found.keys.compress(found.passages == number).tolist())
        assert set(prints.hits(SEPARATOR.join(of)).tolist()) <= keys
        assert keys <= set(prints.hits("".join(written[number].split('"'))).tolist())


def test_two_strings_of_data_are_not_read_as_one() -> None:
    """Nor a string with the sign before it, as front matter has it."""
    _, sieve = _sieve(["title: 会见须知一二三四五六七八九十甲乙丙"], ["会见须知一二三四"])
    passages = ['{"title":"会见须知一二三四五六七八九十"}', '["会见须知","一二三四"]', '{"会见须知":"一二三四"}']
    found = sieve.find([Passage(one, form=Form.DATA) for one in passages])
    assert set(found.passages.tolist()) == {0}
    assert found.keys.size == 1


@given(edges=st.lists(st.booleans(), max_size=300), repeated=st.integers(1, 3))
def test_places_within_tags_are_told_many_at_once(edges: list[bool], repeated: int) -> None:
    """As they are by counting the edges before each."""
    flags = np.array(edges * repeated, np.bool_)
    assert joined._toggled(flags).tolist() == (np.cumsum(flags) % 2 == 1).tolist()


@pytest.mark.parametrize("page", ["a < b", "a > b", "<a <b>>", "<p", "p>", "><"])
def test_markup_that_is_not_sure_is_odd(page: str) -> None:
    """An angle that is no tag's, or one within a tag; it spoils no neighbour."""
    name = "会见须知一二三四五六"
    _, sieve = _sieve([], [name])
    pages = [f"会见<b>须知一二</b>三四五六{page}", f"<p>会见须知<b>一二</b>三四五六{name}", page]
    found = sieve.find([Passage(one, form=Form.MARKUP) for one in pages])
    assert found.odd == {0, 2}
    assert set(found.passages.tolist()) == {1}


@pytest.mark.parametrize("place", [0, 99_980, 99_990, 99_999, 100_000, 100_001, 199_995])
@pytest.mark.parametrize("length", [9, 16, 40])
def test_a_long_text_is_searched_whole(place: int, length: int) -> None:
    """It is hashed in pieces, and what stands across an edge is found as well."""
    name = "".join(chr(0x4E00 + 7 * number) for number in range(length))
    prints = Fingerprints([prints_of("a/b/c", [], [name])])
    text = "前" * place + name + "后" * 50_000
    assert prints.hits(text).size == prints.hits(name).size > 0
