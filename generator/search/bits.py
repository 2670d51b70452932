"""Many small numbers ↔ bits, in bulk. Pure.

A code is a unary quotient, a remainder of ``k`` bits, or both. The quotients of a block
stand in one stream, the remainders in another, so that both can be read and written by
whole arrays: Rice codes have a given ``k``, Elias gamma codes take ``k`` from the quotient.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]

_SHORT_LENGTHS = np.frexp(np.arange(1 << 16, dtype=np.float64))[1].astype(np.uint8)


class Codes(NamedTuple):
    """Codes of one kind in order; those of one block stand together."""

    quotients: NDArray[np.int32] | None
    """Unary parts, or none at all."""
    widths: NDArray[np.uint8] | None
    """Bits of the remainders, or no remainders at all."""
    remainders: NDArray[np.uint32] | None

    @property
    def sizes(self) -> NDArray[np.int32]:
        """Bits of each code."""
        if self.quotients is None:
            assert self.widths is not None
            return self.widths.astype(np.int32)
        sizes = self.quotients + np.int32(1)
        if self.widths is not None:
            sizes += self.widths
        return sizes


def choose(condition: NDArray[np.bool_], first: Codes, second: Codes) -> Codes:
    """The codes of ``first`` where the condition holds, else those of ``second``; both must have both parts."""
    quotients, widths, remainders = (
        np.where(condition, one, other)
        for one, other in zip(first, second, strict=True)
        if one is not None and other is not None
    )
    return Codes(quotients, widths, remainders)


def unary(values: Ints) -> Codes:
    """Unary codes of numbers from 0."""
    return Codes(values.astype(np.int32), None, None)


def rice(values: Ints, widths: NDArray[np.uint8]) -> Codes:
    """Rice codes of numbers from 0."""
    numbers = values.astype(np.uint32)
    quotients = numbers >> widths
    return Codes(quotients.astype(np.int32), widths, numbers - (quotients << widths))


def gamma(values: Ints) -> Codes:
    """Elias gamma codes of numbers from 1."""
    widths = bit_lengths(values) - np.uint8(1)
    numbers = values.astype(np.uint32)
    return Codes(widths.astype(np.int32), widths, numbers - (np.uint32(1) << widths))


def fixed(values: Ints, widths: NDArray[np.uint8]) -> Codes:
    """Remainders alone."""
    return Codes(None, widths, values.astype(np.uint32))


def bit_lengths(values: Ints) -> NDArray[np.uint8]:
    """``int.bit_length`` of each number, below 2 ** 32."""
    if len(values) == 0 or int(values.max()) < 1 << 16:
        return _SHORT_LENGTHS[values]
    high = values >> 16
    lengths: NDArray[np.uint8] = np.where(
        high > 0, _SHORT_LENGTHS[high] + np.uint8(16), _SHORT_LENGTHS[values & 0xFFFF]
    )
    return lengths


def rice_widths(universe: Ints | int, counts: Ints) -> NDArray[np.uint8]:
    """The Rice parameter for the gaps of ``counts`` numbers that are spread over ``universe``.

    Whole numbers only, since the client computes the same.
    """
    spread = (11 * universe >> 4) // (counts + 1)
    return bit_lengths(np.maximum(spread, 1)) - np.uint8(1)


class Packed(NamedTuple):
    """The two streams of several blocks; block ``i`` is the bytes from ``*_edges[i]`` to ``[i + 1]``."""

    unary: bytes
    unary_edges: Ints
    binary: bytes
    binary_edges: Ints


def pack(sections: Sequence[tuple[Codes, Ints]], blocks: int) -> Packed:
    """Write blocks that begin on a byte and hold the codes of every section one after the other.

    Args:
        sections: codes, and where in them each block begins and the last ends (``blocks + 1`` numbers).
    """
    unary_ends = [
        (np.cumsum(codes.quotients + np.int32(1), dtype=np.int64), edges)
        for codes, edges in sections
        if codes.quotients is not None
    ]
    shifts, unary_edges = _place(unary_ends, blocks)
    bits = np.zeros(int(unary_edges[-1]) * 8, np.uint8)
    for (ends, edges), shift in zip(unary_ends, shifts, strict=True):
        ends += np.repeat(shift - 1, np.diff(edges))
        bits[ends] = 1
    low = [
        (codes.widths, codes.remainders, edges)
        for codes, edges in sections
        if codes.widths is not None and codes.remainders is not None
    ]
    low_ends = [(np.cumsum(widths, dtype=np.int64), edges) for widths, _, edges in low]
    shifts, binary_edges = _place(low_ends, blocks)
    words = np.zeros((int(binary_edges[-1]) + 7) // 8 + 1, np.uint64)
    for (widths, remainders, _), (ends, edges), shift in zip(low, low_ends, shifts, strict=True):
        ends += np.repeat(shift, np.diff(edges))
        _write(words, ends, widths, remainders)
    binary = words.astype(">u8").tobytes()[: int(binary_edges[-1])]
    return Packed(np.packbits(bits).tobytes(), unary_edges, binary, binary_edges)


def _place(ends: Sequence[tuple[Ints, Ints]], blocks: int) -> tuple[list[Ints], Ints]:
    """How far the bits of each section must be moved in each block, and the byte at which each block begins."""
    totals = [np.concatenate(((0,), bits))[edges] for bits, edges in ends]
    sizes = np.array([np.diff(total) for total in totals], np.int64).reshape(len(ends), blocks)
    byte_edges = np.concatenate(((0,), np.cumsum((sizes.sum(axis=0) + 7) >> 3)))
    starts = byte_edges[:-1] * 8 + np.concatenate((np.zeros((1, blocks), np.int64), np.cumsum(sizes, axis=0)))[:-1]
    return [start - total[:-1] for start, total in zip(starts, totals, strict=False)], byte_edges


def _write(words: NDArray[np.uint64], ends: Ints, widths: NDArray[np.uint8], remainders: NDArray[np.uint32]) -> None:
    some = np.flatnonzero(widths)
    if not len(some):
        return
    end, value = ends[some], remainders[some].astype(np.uint64)
    # The last bit of a code stands in word ``last``; what does not fit there spills to the word before.
    last = (end - 1) >> 6
    room = (-end & 63).astype(np.uint64)
    firsts = np.flatnonzero(np.concatenate(((True,), last[1:] != last[:-1])))
    words[last[firsts]] |= np.add.reduceat(value << room, firsts)
    spilt = np.flatnonzero((end - widths[some]) >> 6 != last)
    words[last[spilt] - 1] |= value[spilt] >> (np.uint64(64) - room[spilt])


class Unpacker:
    """Reads the codes of one block, as many at a time as the caller knows of."""

    def __init__(self, unary: bytes, binary: bytes) -> None:
        ones = np.flatnonzero(np.unpackbits(np.frombuffer(unary, np.uint8)))
        self._quotients: Ints = np.diff(ones, prepend=-1) - 1
        self._binary = np.frombuffer(binary + b"\0\0\0\0\0", np.uint8).astype(np.int64)
        self._next = 0
        self._bit = 0

    def unary(self, count: int) -> Ints:
        """The next quotients; raises ``ValueError`` when the block is too short."""
        found = self._quotients[self._next : self._next + count]
        if len(found) != count:
            raise ValueError("the block is cut short")
        self._next += count
        return found

    def fixed(self, widths: NDArray[Any]) -> Ints:
        """The next remainders of these widths (at most 25 bits)."""
        ends = np.cumsum(widths, dtype=np.int64)
        total = int(ends[-1]) if len(ends) else 0
        starts = ends - widths + self._bit
        self._bit += total
        at = starts >> 3
        window = self._binary
        if len(window) * 8 < self._bit + 40:
            raise ValueError("the block is cut short")
        word = (window[at] << 24) | (window[at + 1] << 16) | (window[at + 2] << 8) | window[at + 3]
        wide = widths.astype(np.int64)
        found: Ints = (word >> (32 - (starts & 7) - wide)) & ((1 << wide) - 1)
        return found

    def rice(self, widths: NDArray[Any]) -> Ints:
        """The next Rice codes."""
        quotients = self.unary(len(widths))
        return (quotients << widths.astype(np.int64)) | self.fixed(widths)

    def gamma(self, count: int) -> Ints:
        """The next Elias gamma codes."""
        widths = self.unary(count)
        return (1 << widths) | self.fixed(widths)
