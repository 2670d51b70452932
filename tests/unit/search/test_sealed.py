"""The bytes that files of the index are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.search.sealed import Reader, front_code, front_decode, sealed, varint


@given(st.lists(st.integers(0, 1 << 40)), st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_what_was_written_is_read(numbers: list[int], words: list[str]) -> None:
    """Numbers and words of any size, one behind the other."""
    words.sort()
    data = b"".join(map(varint, numbers)) + front_code(words)
    reader = Reader(sealed(data))
    assert [reader.varint() for _ in numbers] == numbers
    assert front_decode(reader.rest(), len(words)) == words
    assert reader.rest() == b""


def test_words_share_their_beginnings() -> None:
    """That is what they are sorted for."""
    assert front_code(["会见", "会见室"]) == b"\x00\x06" + "会见".encode() + b"\x06\x03" + "室".encode()


@pytest.mark.parametrize("damage", ["", "\x01", "abc", "x会见"])
def test_what_is_not_whole_is_not_read(damage: str) -> None:
    """Cut short, longer or changed: the checksum is another."""
    whole = sealed("会见".encode())
    for data in (whole[:-1], whole[1:], whole + b"\0", damage.encode()):
        with pytest.raises(ValueError, match="damaged"):
            Reader(data)


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff\xff"])
def test_number_that_does_not_end_is_cut_short(data: bytes) -> None:
    """It is never taken for a smaller one, nor for none."""
    with pytest.raises(ValueError, match="cut short"):
        Reader(sealed(data)).varint()


def test_no_more_is_taken_than_there_is() -> None:
    """Bytes that are missing are not made up for by fewer."""
    reader = Reader(sealed(b"ab"))
    assert reader.byte() == ord("a")
    with pytest.raises(ValueError, match="cut short"):
        reader.take(2)
    assert reader.rest() == b"b"


@given(words=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), cut=st.integers(1))
def test_words_that_are_cut_short_are_not_read(words: list[str], cut: int) -> None:
    """Neither fewer nor shorter ones are taken for them."""
    words.sort()
    data = front_code(words)
    with pytest.raises(ValueError, match="cut short"):
        front_decode(data[: len(data) - 1 - cut % len(data)], len(words))
