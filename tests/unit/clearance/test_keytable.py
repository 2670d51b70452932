"""generator.clearance.keytable: what numpy says of the same arrays."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from generator.clearance.keytable import KeyTable, among, mostly_once, order_of, repeated, runs

WORDS = st.lists(st.integers(0, 40) | st.integers(0, 2**64 - 1), max_size=60).map(
    lambda some: np.array(sorted(some), np.uint64)
)


@given(ordered=WORDS)
def test_runs_are_what_numpy_finds_unique(ordered: np.ndarray) -> None:
    """Words, first places and counts, of nothing as well."""
    words, firsts, counts = np.unique(ordered, return_index=True, return_counts=True)
    found = runs(ordered)
    assert found.words.tolist() == words.tolist()
    assert found.firsts.tolist() == firsts.tolist()
    assert found.counts.tolist() == counts.tolist()
    assert np.repeat(found.words, found.counts).tolist() == ordered.tolist()


@given(words=WORDS, known=WORDS)
def test_members_are_what_numpy_finds_in_both(words: np.ndarray, known: np.ndarray) -> None:
    """Asked one by one, or of a table."""
    assert among(words, known).tolist() == np.isin(words, known).tolist()
    assert KeyTable(np.unique(known)).standing_in(words).tolist() == words[np.isin(words, known)].tolist()


@given(counts=st.lists(st.integers(0, 5), max_size=20))
def test_what_is_repeated_has_its_turn_beside_it(counts: list[int]) -> None:
    """Each place as often as it is counted, from nought on."""
    places, nth = repeated(np.array(counts, np.int64))
    expected = [(place, turn) for place, count in enumerate(counts) for turn in range(count)]
    assert list(zip(places.tolist(), nth.tolist(), strict=True)) == expected


@given(words=st.lists(st.integers(0, 40) | st.integers(0, 2**64 - 1), max_size=60))
def test_order_is_that_of_a_stable_sort(words: list[int]) -> None:
    """Of equal words the first is first."""
    some = np.array(words, np.uint64)
    assert order_of(some).tolist() == np.argsort(some, kind="stable").tolist()


@given(words=st.lists(st.integers(0, 40) | st.integers(0, 2**64 - 1), max_size=60), repeated=st.integers(1, 4))
def test_each_word_is_kept(words: list[int], repeated: int) -> None:
    """Also where two lie in one place of the table."""
    some = np.array(words * repeated, np.uint64)
    assert set(some[mostly_once(some)].tolist()) == set(words)


def test_hardly_a_word_is_kept_twice() -> None:
    """Of hashes."""
    some = np.random.default_rng(1).integers(0, 2**64, 3000, np.uint64)
    assert 3000 <= np.count_nonzero(mostly_once(np.concatenate((some, some[::-1], some)))) < 3600
