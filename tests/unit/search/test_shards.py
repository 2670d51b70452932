"""Shards: what is encoded is decoded, whatever it is; damage is seen; cuts depend on content alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.search.postings import BODY
from generator.search.sealed import Reader, front_code, front_decode, sealed, varint
from generator.search.shards import Postings, decode_dictionary, decode_shard, encode_shards
from generator.search.update import merge

HAN = [
    0x3005 << 16,
    0x4E00 << 16 | 0x4E01,
    0x4E00 << 16 | 0x9FFF,
    0x4E00 << 16,
    0x9FA5 << 16 | 0x4E00,
    0xFAFF << 16 | 0x3400,
]
WORDS = ["#2016-13", "a", "abc", "abd", "zz", "\U00020000\U00020001"]
PASSAGES = np.array([1, 2, 7, 300, 1], np.int64)
BITS = 3

ENTRY = st.tuples(st.integers(0, 5), st.integers(0, BODY + 1), st.integers(0, len(PASSAGES) - 1))


@st.composite
def postings(draw: st.DrawFn, words: bool) -> Postings:
    """Some postings in order."""
    keys = sorted(HAN)
    rows: list[tuple[int, int, int, int, list[int]]] = []
    for term, field, document in sorted(draw(st.sets(ENTRY, min_size=1, max_size=40))):
        frequency = draw(st.integers(1, 900))
        places: list[int] = []
        if field >= BODY:
            room = min(frequency, int(PASSAGES[document]))
            places = sorted(draw(st.sets(st.integers(0, int(PASSAGES[document]) - 1), min_size=1, max_size=room)))
        rows.append((term if words else keys[term], field, document, frequency, places))
    return Postings(
        np.array([row[0] for row in rows], np.uint32),
        np.array([row[1] for row in rows], np.uint8),
        np.array([row[2] for row in rows], np.int64),
        np.array([row[3] for row in rows], np.int64),
        np.array([len(row[4]) for row in rows], np.int64),
        np.array([place for row in rows for place in row[4]], np.int64),
        tuple(sorted(WORDS)) if words else (),
    )


def plain(some: Postings) -> list[Any]:
    """All that the postings say; words by name."""
    terms = [some.strings[term] if some.strings else term for term in some.terms.tolist()]
    return [terms, *(column.tolist() for column in some[1:6])]


@settings(max_examples=150)
@given(st.data(), st.booleans())
def test_decoding_undoes_encoding(data: st.DataObject, words: bool) -> None:
    """Terms, fields, documents, frequencies and places come back; so do the terms read alone."""
    given_ = data.draw(postings(words))
    shards = encode_shards(given_, PASSAGES, BITS, groups=lambda keys: keys)
    assert len(shards) == len(set(given_.terms.tolist()))
    back = [decode_shard(shard.data, PASSAGES) for shard in shards]
    if words:
        assert [term for part in back for term in plain(part)[0]] == plain(given_)[0]
        assert [decode_dictionary(shard.data)[1] for shard in shards] == [list(part.strings) for part in back]
    else:
        assert plain(merge(back)) == plain(given_)
        assert [decode_dictionary(shard.data)[0].tolist() for shard in shards] == [[shard.first] for shard in shards]
    whole = encode_shards(given_, PASSAGES, BITS)
    assert [part for shard in whole for part in plain(decode_shard(shard.data, PASSAGES))[0]] == plain(given_)[0]


@given(st.data())
def test_damage_is_seen(data: st.DataObject) -> None:
    """A bit that is other, or an end that is missing, is an error and never another answer."""
    (shard, *_) = encode_shards(data.draw(postings(False)), PASSAGES, BITS)
    place = data.draw(st.integers(0, len(shard.data) * 8 - 1))
    broken = bytearray(shard.data)
    broken[place // 8] ^= 1 << place % 8
    for wrong in (bytes(broken), shard.data[: data.draw(st.integers(0, len(shard.data) - 1))]):
        with pytest.raises(ValueError, match=r"cut short|damaged"):
            decode_shard(wrong, PASSAGES)


def test_document_beyond_the_last_is_damage() -> None:
    """A shard of another index may be whole; it must not be read with the columns of this one."""
    one = np.array([1], np.int64)
    shard = encode_shards(
        Postings(np.array([HAN[1]], np.uint32), np.zeros(1, np.uint8), one * 4, one, one * 0, one[:0]), PASSAGES, BITS
    )[0]
    with pytest.raises(ValueError, match="too large"):
        decode_shard(shard.data, PASSAGES[:4])


def test_no_postings_give_no_shard() -> None:
    """An empty cluster has none."""
    none = np.zeros(0, np.int64)
    empty = Postings(none.astype(np.uint32), none.astype(np.uint8), none, none, none, none)
    assert encode_shards(empty, PASSAGES, BITS) == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), unique=True).map(sorted))
def test_front_coding_comes_back(words: list[str]) -> None:
    """Sorted words of any script."""
    assert front_decode(front_code(words), len(words)) == words


def test_front_coding_says_nothing_twice() -> None:
    """All that a word begins with as the one before did is left out, and nothing behind the first other byte."""
    assert front_code(["ab", "abc", "ac", "b"]) == b"\x00\x02ab\x02\x01c\x01\x01c\x00\x01b"
    assert front_code(["机密", "机构", "机构"]) == b"\x00\x06" + "机密".encode() + b"\x03\x03\xe6\x9e\x84\x06\x00"


@given(st.lists(st.integers(0, 2**53)), st.binary(max_size=9))
def test_reader_gives_what_was_written(numbers: list[int], rest: bytes) -> None:
    """Numbers, then what is left; more than there is is an error."""
    reader = Reader(sealed(b"".join(map(varint, numbers)) + rest))
    assert [reader.varint() for _ in numbers] == numbers
    assert reader.rest() == rest
    with pytest.raises(ValueError, match="cut short"):
        reader.byte()
