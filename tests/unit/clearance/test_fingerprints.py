"""generator.clearance.fingerprints: made of many texts at once, they are those of each text and each name alone."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from generator.clearance.anchors import NO_ANCHORS, Anchors, NameAnchors, OwnedAnchors
from generator.clearance.fingerprints import Fingerprints, ItemPrints, prints_of
from generator.clearance.folding import (
    SEPARATOR,
    WINDOW,
    Codes,
    Words,
    anchors_of,
    fold,
    fours,
    pairs,
    shortened,
    spans,
)
from generator.clearance.needles import Needle

HARD = "…㎡①e\u0301"
SPREAD = f"会见须知戒毒令司法〔〕0123abC .{HARD}\n가가\U0002f800𠮷{SEPARATOR}\U0001ffff"
LONG = "按照有关规定应当依法办理登记手续的，由司法行政机关负责"
TEXT = st.lists(st.text(SPREAD, max_size=40) | st.sampled_from([LONG, LONG[:20], LONG[4:]]), max_size=4).map("".join)
NAME = st.text("会见须知ab.…\U0002f800" + SEPARATOR, max_size=40)


def _needle(codes: Codes) -> set[Needle]:
    size = codes.size
    base = 0 if size < 8 else 1 if size < 16 else 2
    of_base = spans(codes)[base]
    return {Needle(size, int(of_base[0]), int(of_base[-1]))} if size >= 4 else set()


def _last(all_spans: Words) -> list[tuple[int, int]]:
    return [(int(all_spans[place]), place) for place in range(all_spans.size - 4, all_spans.size)]


def _of_names(names: Iterable[Codes]) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[int]]:
    """Anchors of names that are anchored by spans of twelve, of four and of two."""
    long, middle, two = list[tuple[int, int]](), list[tuple[int, int]](), list[int]()
    for codes in names:
        if codes.size >= 15:
            long += _last(anchors_of(fours(codes), 4))
        elif codes.size >= 7:
            middle += _last(fours(codes))
        elif codes.size >= 4:
            two += pairs(shortened(codes))[:2].tolist()
    return long, middle, two


def _windows(texts: Iterable[Codes]) -> tuple[set[int], set[int]]:
    """Of each text that no separator parts, and the first four spans of twelve in each of them."""
    windows, anchors = set[int](), set[int]()
    for codes in texts:
        hashes, twelves = spans(codes).sixteen.tolist(), anchors_of(fours(codes), 4).tolist()
        for place, window in enumerate(hashes):
            if ord(SEPARATOR) not in codes[place : place + WINDOW]:
                windows.add(window)
                anchors |= set(twelves[place : place + 4])
    return windows, anchors


def _pairs(names: NameAnchors) -> list[tuple[int, int]]:
    return list(zip(names.spans.tolist(), names.before.tolist(), strict=True))


@given(texts=st.lists(TEXT, max_size=5), names=st.lists(NAME, max_size=4), whole=st.lists(NAME, max_size=3))
def test_prints_of_many_texts_are_those_of_each(texts: list[str], names: list[str], whole: list[str]) -> None:
    """Windows and their anchors; needles and theirs, of which each name has its own."""
    prints = prints_of("a/b/c", texts, names, whole)
    named, only = [fold(one) for one in names], [fold(one) for one in whole]
    windows, anchors = _windows([*map(fold, texts), *named])
    assert set(prints.windows.tolist()) == windows
    assert set(prints.anchors.texts.tolist()) == anchors
    assert prints.needles == tuple(sorted(set[Needle]().union(*map(_needle, [*named, *only]))))
    long, middle, two = _of_names([*named, *only])
    assert _pairs(prints.anchors.long) == long
    assert _pairs(prints.anchors.middle) == middle
    assert prints.anchors.two.tolist() == two


def test_a_text_that_is_there_in_several_forms_is_hashed_once() -> None:
    """As its source, its page and its plain text, which differ in white space and marks."""
    text = "".join(chr(0x4E00 + 7 * number) for number in range(2000))
    once = prints_of("a/b/c", [text], [])
    forms = prints_of("a/b/c", [text, text, f"**{text[:900]}** {text[900:]}", f"# {text}"], [])
    assert forms.windows.tolist() == once.windows.tolist()
    near = prints_of("a/b/c", [text, f"1. {text[:900]}（{text[900:]}）"], [])
    assert once.windows.size < near.windows.size < 1.2 * once.windows.size
    assert once.anchors.texts.size < near.anchors.texts.size < 1.2 * once.anchors.texts.size


def _items(texts: list[tuple[str, str]]) -> list[ItemPrints]:
    return [prints_of(f"a/b/{number}", [text], [name]) for number, (text, name) in enumerate(texts)]


def _told(prints: Fingerprints) -> list[object]:
    return [prints.digest, prints.keys.tolist(), [prints.owners(prints.keys[at : at + 1]) for at in range(len(prints))]]


@given(texts=st.lists(st.tuples(TEXT, NAME), max_size=4))
def test_each_key_is_its_first_items(texts: list[tuple[str, str]]) -> None:
    """Of two items that say the same, the first by its name is told."""
    items = _items(texts)
    prints = Fingerprints(items[::-1])
    for key in prints.keys.tolist():
        names = [one.id for one in items if key in (*one.windows.tolist(), *(needle.key for needle in one.needles))]
        assert prints.owners(np.array([key], np.uint64)) == (min(names),)


@given(texts=st.lists(st.tuples(TEXT, NAME), max_size=4), data=st.data())
def test_what_is_left_and_what_was_taken_out_are_all_again(texts: list[tuple[str, str]], data: st.DataObject) -> None:
    """With their owners; and what is left is found as it is among all."""
    prints = Fingerprints(_items(texts))
    standing = np.array(sorted(data.draw(st.sets(st.sampled_from([*prints.keys.tolist(), 7])))), np.uint64)
    left, taken = prints.parted(standing)
    assert sorted((*left.keys.tolist(), *taken.keys.tolist())) == prints.keys.tolist()
    assert not set(left.keys.tolist()) & set(standing.tolist())
    again = left.joined_with(taken)
    assert _told(again) == _told(prints)
    for text, name in texts:
        found = prints.hits(text + name).tolist()
        assert again.hits(text + name).tolist() == found
        assert left.hits(text + name).tolist() == [key for key in found if key not in standing.tolist()]


def test_anchors_of_some_items_are_theirs() -> None:
    """Of every kind; those of the others are left out, and what is left can be narrowed again."""
    items = _items([(LONG, "会见须知会见"), (LONG[4:], "会见须知会见须知"), ("", "关于会见须知的若干规定的通知一二")])
    of_all = OwnedAnchors([one.anchors for one in items])

    def told(anchors: Anchors) -> list[list[int]]:
        long, middle = anchors.long, anchors.middle
        words = (anchors.texts, long.spans, long.before, middle.spans, middle.before, anchors.two)
        return [one.tolist() for one in words]

    for first, last in ((0, 3), (0, 1), (1, 2), (2, 3), (1, 3)):
        owners = np.zeros(3, np.bool_)
        owners[first:last] = True
        some = of_all.of(owners)
        assert told(some.of_all) == told(OwnedAnchors([one.anchors for one in items[first:last]]).of_all)
        assert told(some.of(np.array([True, False, False])).of_all) == told(
            items[0].anchors if first == 0 else NO_ANCHORS
        )
