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


def changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each value is the first or other than the one before."""
    found = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def totals(sizes: NDArray[Any]) -> Ints:
    """0, and the sum of all up to each."""
    sums = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=sums[1:])
    return sums


class _Stream(NamedTuple):
    """What of a section stands in one of the two streams."""

    ends: Ints
    """0, and the bit after each code, counted from the first."""
    edges: Ints
    """The first code of each group, and the one after the last group."""


class Section(NamedTuple):
    """Codes of one kind, in groups: those of one term stand together. Made by ``section``."""

    unary: _Stream | None
    binary: _Stream | None
    widths: NDArray[np.uint8]
    remainders: NDArray[np.uint32]
    """Widths and remainders of the codes in the binary stream: of those that have bits there."""

    @property
    def sizes(self) -> Ints:
        """Bits of each group."""
        return np.diff(sum(one.ends.take(one.edges) for one in (self.unary, self.binary) if one is not None))


def section(codes: Codes, edges: Ints) -> Section:
    """Codes in groups.

    Args:
        codes: in order.
        edges: where in them each group begins and the last ends.
    """
    unary = binary = None
    widths, remainders = np.zeros(0, np.uint8), np.zeros(0, np.uint32)
    if codes.quotients is not None:
        unary = _Stream(totals(codes.quotients + np.int32(1)), edges)
    if codes.widths is not None and codes.remainders is not None:
        widths, remainders = codes.widths, codes.remainders
        some = np.flatnonzero(widths != 0)
        if len(some) < len(widths):
            widths, remainders, edges = widths.take(some), remainders.take(some), np.searchsorted(some, edges)
        binary = _Stream(totals(widths), edges)
    return Section(unary, binary, widths, remainders)


class Packed(NamedTuple):
    """The two streams of several blocks; block ``i`` is the bytes from ``*_edges[i]`` to ``[i + 1]``."""

    unary: bytes
    unary_edges: Ints
    binary: bytes
    binary_edges: Ints


def pack(sections: Sequence[Section], cuts: Ints) -> Packed:
    """Write blocks that begin on a byte and hold the codes of every section one after the other.

    Args:
        sections: of the same groups; their ``ends`` are written over.
        cuts: the first group of each block, and the one after the last block.
    """
    streams = [one.unary for one in sections if one.unary is not None]
    unary_edges = _place(streams, cuts)
    bits = np.zeros(int(unary_edges[-1]) * 8, np.uint8)
    for stream in streams:
        bits[stream.ends[1:] - 1] = 1
    low = [(one.binary, one.widths, one.remainders) for one in sections if one.binary is not None]
    binary_edges = _place([stream for stream, _, _ in low], cuts)
    words = np.zeros((int(binary_edges[-1]) + 7) // 8 + 1, np.uint64)
    for stream, widths, remainders in low:
        _write(words, stream.ends[1:], widths, remainders)
    binary = words.astype(">u8").tobytes()[: int(binary_edges[-1])]
    return Packed(np.packbits(bits).tobytes(), unary_edges, binary, binary_edges)


def _place(streams: Sequence[_Stream], cuts: Ints) -> Ints:
    """Move the ends of each stream to where its codes stand; the byte at which each block begins, and the last ends."""
    edges = [stream.edges[cuts] for stream in streams]
    totals = [stream.ends[one] for stream, one in zip(streams, edges, strict=True)]
    sizes = np.array([np.diff(total) for total in totals], np.int64).reshape(len(streams), len(cuts) - 1)
    byte_edges = np.zeros(len(cuts), np.int64)
    np.cumsum((sizes.sum(axis=0) + 7) >> 3, out=byte_edges[1:])
    starts = byte_edges[:-1] * 8 + np.cumsum(sizes, axis=0) - sizes
    for stream, start, total, edge in zip(streams, starts, totals, edges, strict=True):
        stream.ends[1:] += np.repeat(start - total[:-1], np.diff(edge))
    return byte_edges


def _write(words: NDArray[np.uint64], ends: Ints, widths: NDArray[np.uint8], remainders: NDArray[np.uint32]) -> None:
    """Write remainders of at least one bit that end before ``ends``, which are written over."""
    if not len(ends):
        return
    # The last bit of a code stands in word ``last``; what does not fit there spills to the word before.
    last = ends
    last -= 1
    bit = (last & 63).astype(np.uint8)
    last >>= 6
    room = (np.uint8(63) - bit).astype(np.uint64)
    firsts = np.flatnonzero(changes(last))
    words[last.take(firsts)] |= np.add.reduceat(remainders << room, firsts)
    spilt = np.flatnonzero(widths > bit + np.uint8(1))
    words[last.take(spilt) - 1] |= remainders.take(spilt) >> (np.uint64(64) - room.take(spilt))


class Unpacker:
    """Reads the codes of one block, as many at a time as the caller knows of."""

    def __init__(self, unary: bytes, binary: bytes) -> None:
        ones = np.flatnonzero(np.unpackbits(np.frombuffer(unary, np.uint8)).view(np.bool_))
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
