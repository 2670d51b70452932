"""generator.search.dictionaries: many dictionaries at once are what they are one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.search.dictionaries import decode_han_dictionaries
from generator.search.postings import BODY
from generator.search.sealed import sealed, varint
from generator.search.shards import HAN_SHARD, WORD_SHARD, Postings, decode_dictionary, encode_shards

HAN = st.one_of(st.integers(0x3400, 0x4DBF), st.integers(0x4E00, 0x9FFF), st.just(0x3005))
KEYS = st.sets(st.builds(lambda first, second: first << 16 | second, HAN, st.just(0) | HAN), min_size=1, max_size=80)


def shards_of(keys: set[int], spread: int) -> list[bytes]:
    """The shards of terms that all stand in as many documents."""
    terms = np.repeat(np.array(sorted(keys), np.uint32), spread)
    count = len(terms)
    some = Postings(
        terms,
        np.full(count, BODY, np.uint8),
        np.tile(np.arange(spread), len(keys)),
        np.ones(count, np.int64),
        np.ones(count, np.int64),
        np.zeros(count, np.int64),
    )
    return [shard.data for shard in encode_shards(some, np.ones(spread, np.int64), max(1, spread.bit_length()))]


@settings(max_examples=60)
@given(st.lists(st.tuples(KEYS, st.sampled_from([1, 3, 200])), min_size=1, max_size=6))
def test_they_are_what_they_are_one_by_one(groups: list[tuple[set[int], int]]) -> None:
    """Whatever terms they hold and however much of each shard are postings."""
    shards = [data for keys, spread in groups for data in shards_of(keys, spread)]
    expected = [decode_dictionary(data)[0].tolist() for data in shards]
    read = decode_han_dictionaries(shards)
    assert [keys.tolist() for keys in np.split(read.keys, np.cumsum(read.counts)[:-1])] == expected
    assert {key for keys in expected for key in keys} == {key for keys, _ in groups for key in keys}


@given(st.data())
def test_damage_is_seen(data: st.DataObject) -> None:
    """One byte changed or lost in one of them."""
    shards = shards_of(data.draw(KEYS), 3)
    number = data.draw(st.integers(0, len(shards) - 1))
    at = data.draw(st.integers(0, len(shards[number]) - 1))
    spoilt = bytearray(shards[number])
    spoilt[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match=r"."):
        decode_han_dictionaries([*shards[:number], bytes(spoilt), *shards[number + 1 :]])
    with pytest.raises(ValueError, match=r"."):
        decode_han_dictionaries([*shards[:number], shards[number][:at], *shards[number + 1 :]])


@pytest.mark.parametrize(
    ("kind", "unary", "binary"),
    [(HAN_SHARD, b"\xff", b""), (HAN_SHARD, b"\x0f" * 40, b""), (WORD_SHARD, b"\xff" * 40, b"")],
    ids=["codes end early", "remainders end early", "a shard of words"],
)
def test_a_shard_that_promises_more_than_it_holds_is_refused(kind: int, unary: bytes, binary: bytes) -> None:
    """Even if its checksum is right."""
    promised = sealed(bytes((kind, 3, 9)) + varint(30) + varint(len(unary)) + unary + binary)
    with pytest.raises(ValueError, match=r"."):
        decode_han_dictionaries([promised])


def test_no_shards_have_no_terms() -> None:
    """An index of nothing."""
    assert [column.tolist() for column in decode_han_dictionaries([])] == [[], []]
