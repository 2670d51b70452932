"""generator.build.pairtable: what is wanted is found, each at its place, and nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from generator.build.pairtable import PairTable

FEW = st.integers(0, 300)
HAN = st.builds(lambda first, second: first << 16 | second, st.integers(0x4E00, 0x4E40), st.integers(0x4E00, 0x4E40))
ALIKE = st.builds(lambda number: number << 26, st.integers(0, 63))
"""Their products have the same last bits, and many of them the same first ones."""
KEYS = st.one_of(FEW, HAN, ALIKE, st.integers(0, 0xFFFF_FFFF))


@given(wanted=st.sets(KEYS, max_size=400), asked=st.lists(KEYS, max_size=400))
def test_each_key_is_told_whether_and_which_it_is(wanted: set[int], asked: list[int]) -> None:
    """Also where several share a slot, and where nothing is wanted or asked."""
    pairs, keys = sorted(wanted), [*asked, *wanted]
    found = PairTable(np.array(pairs, np.uint32)).find(np.array(keys, np.uint32))
    assert found.asked.tolist() == sorted(set(found.asked.tolist()))
    told = dict(zip(found.asked.tolist(), found.places.tolist(), strict=True))
    assert {number: place for number, place in told.items() if place >= 0} == {
        number: pairs.index(key) for number, key in enumerate(keys) if key in wanted
    }


def test_what_shares_a_slot_is_found_in_a_table_of_its_own() -> None:
    """So many pairs that hundreds share their slots, and some even the slots of the next table."""
    pairs = np.arange(0x4E00_4E00, 0x4E00_4E00 + 3 * 40_000, 3, np.uint32)
    random = np.sort(np.random.default_rng(1).choice(1 << 32, 40_000, replace=False).astype(np.uint32))
    for wanted in (pairs, random):
        found = PairTable(wanted).find(np.concatenate((wanted, wanted + np.uint32(1))))
        own = found.asked < wanted.size
        assert found.places.compress(own).tolist() == found.asked.compress(own).tolist() == [*range(wanted.size)]
        strangers = np.flatnonzero(~np.isin(wanted + np.uint32(1), wanted)) + wanted.size
        assert not (found.places.compress(np.isin(found.asked, strangers)) >= 0).any()
