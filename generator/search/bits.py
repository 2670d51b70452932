"""Many small numbers ↔ bits, in bulk. Pure.

A code is a unary quotient, a remainder of ``k`` bits, or both. The quotients of a block
stand in one stream, the remainders in another, so that both can be read and written by
whole arrays: Rice codes have a given ``k``, Elias gamma codes take ``k`` from the quotient.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Codes(NamedTuple):
    """Codes in order: quotient (−1: no unary part), width and value of the remainder."""

    quotients: Ints
    widths: Ints
    remainders: Ints

    @property
    def sizes(self) -> Ints:
        """Bits of each code."""
        return self.quotients + 1 + self.widths


def bit_lengths(values: Ints) -> Ints:
    """``int.bit_length`` of each number, below 2 ** 53."""
    exponents: Ints = np.frexp(values.astype(np.float64))[1].astype(np.int64)
    return exponents


def rice(values: Ints, widths: Ints) -> Codes:
    """Rice codes of numbers from 0."""
    return Codes(values >> widths, widths, values & ((1 << widths) - 1))


def gamma(values: Ints) -> Codes:
    """Elias gamma codes of numbers from 1."""
    widths = bit_lengths(values) - 1
    return Codes(widths, widths, values - (1 << widths))


def fixed(values: Ints, widths: Ints) -> Codes:
    """Remainders alone."""
    return Codes(np.full(len(values), -1), widths, values)


def rice_widths(universe: Ints, counts: Ints) -> Ints:
    """The Rice parameter for the gaps of ``counts`` numbers that are spread over ``universe``.

    Whole numbers only, since the client computes the same.
    """
    spread = (11 * universe >> 4) // (counts + 1)
    return bit_lengths(np.maximum(spread, 1)) - 1


class Packed(NamedTuple):
    """The two streams of several blocks; block ``i`` is the bytes from ``*_edges[i]`` to ``[i + 1]``."""

    unary: bytes
    unary_edges: Ints
    binary: bytes
    binary_edges: Ints


def pack(codes: Codes, edges: Ints) -> Packed:
    """Write codes; block ``i`` holds those from ``edges[i]`` to ``edges[i + 1]`` and begins on a byte."""
    unary, unary_edges = _pack_unary(codes.quotients, edges)
    binary, binary_edges = _pack_binary(codes.widths, codes.remainders, edges)
    return Packed(unary, unary_edges, binary, binary_edges)


def _placed(sizes: Ints, edges: Ints) -> tuple[Ints, Ints]:
    """The bit after each code, and the byte at which each block begins and the last one ends."""
    ends = np.cumsum(sizes)
    total = np.concatenate(((0,), ends))
    block_bytes = (total[edges[1:]] - total[edges[:-1]] + 7) >> 3
    byte_edges = np.concatenate(((0,), np.cumsum(block_bytes)))
    shift = byte_edges[:-1] * 8 - total[edges[:-1]]
    ends += np.repeat(shift, np.diff(edges))
    return ends, byte_edges


def _pack_unary(quotients: Ints, edges: Ints) -> tuple[bytes, Ints]:
    ends, byte_edges = _placed(quotients + 1, edges)
    bits = np.zeros(int(byte_edges[-1]) * 8, np.uint8)
    bits[ends[quotients >= 0] - 1] = 1
    return np.packbits(bits).tobytes(), byte_edges


def _pack_binary(widths: Ints, remainders: Ints, edges: Ints) -> tuple[bytes, Ints]:
    ends, byte_edges = _placed(widths, edges)
    some = widths > 0
    end, value = ends[some], remainders[some].astype(np.uint64)
    words = np.zeros((int(byte_edges[-1]) + 7) // 8 + 1, np.uint64)
    if len(end):
        # The last bit of a code stands in word ``last``; what does not fit there spills to the word before.
        last = (end - 1) >> 6
        room = ((last + 1) * 64 - end).astype(np.uint64)
        first_of_word = np.flatnonzero(np.concatenate(((True,), last[1:] != last[:-1])))
        words[last[first_of_word]] = np.add.reduceat(value << room, first_of_word)
        spilt = np.flatnonzero((end - widths[some]) >> 6 != last)
        words[last[spilt] - 1] |= value[spilt] >> (np.uint64(64) - room[spilt])
    return words.astype(">u8").tobytes()[: int(byte_edges[-1])], byte_edges


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

    def fixed(self, widths: Ints) -> Ints:
        """The next remainders of these widths (at most 25 bits)."""
        ends = np.cumsum(widths)
        total = int(ends[-1]) if len(ends) else 0
        starts = ends - widths + self._bit
        self._bit += total
        at = starts >> 3
        if len(self._binary) * 8 < self._bit + 40:
            raise ValueError("the block is cut short")
        window = self._binary
        word = (window[at] << 24) | (window[at + 1] << 16) | (window[at + 2] << 8) | window[at + 3]
        found: Ints = (word >> (32 - (starts & 7) - widths)) & ((1 << widths) - 1)
        return found

    def rice(self, widths: Ints) -> Ints:
        """The next Rice codes."""
        quotients = self.unary(len(widths))
        return (quotients << widths) | self.fixed(widths)

    def gamma(self, count: int) -> Ints:
        """The next Elias gamma codes."""
        widths = self.unary(count)
        return (1 << widths) | self.fixed(widths)
