"""The terms of many shards at once: what an audit reads of an index, and nothing of the postings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.search.bits import Ints
from generator.search.sealed import CHECKSUM, check_seal, varint_at
from generator.search.shards import HAN_SHARD, keys_of_gaps

_PADDING = b"\0\0\0\0"
_FIXED = 3
"""Bytes before the number of terms."""
_BEGINNING = 2
"""Bytes of unary codes for each term."""


class Dictionaries(NamedTuple):
    """The keys of many shards in one array, as thousands of small ones take longer to make than to read."""

    keys: Ints
    counts: Ints
    """How many each shard has."""


def decode_han_dictionaries(shards: Sequence[bytes]) -> Dictionaries:
    """The keys of many shards of pairs of Han, as ``decode_dictionary`` gives them one by one.

    Raises ``ValueError`` when one of them is damaged, or holds words.
    """
    if not shards:
        return Dictionaries(np.empty(0, np.int64), np.empty(0, np.int64))
    counts, gap_widths, unary, binary, ends_of = np.array([_header(data) for data in shards], np.int64).T
    starts = np.cumsum(counts) - counts
    first_widths, second_quotients = _quotients(shards, unary, binary, counts)
    block = np.repeat(np.arange(len(shards)), counts)
    window = np.frombuffer(b"".join([*shards, _PADDING]), np.uint8)
    behind = np.cumsum(ends_of + CHECKSUM) - CHECKSUM
    begins = (behind - ends_of + binary) * 8
    remainders, ends = _fixed(window, first_widths, begins, starts, block)
    first_gaps = ((1 << first_widths) | remainders) - 1
    anew = first_gaps != 0
    anew[starts.compress(counts > 0)] = True
    widths = np.where(anew, second_quotients, gap_widths.take(block))
    low, ends = _fixed(window, widths, ends, starts, block)
    if bool((ends > behind * 8).any()):
        raise ValueError("a block is cut short")
    values = np.where(anew, (1 << widths) + low - 1, ((second_quotients << widths) | low) + 1)
    totals = np.cumsum(first_gaps)
    before = np.concatenate(((0,), totals)).take(starts)
    return Dictionaries(keys_of_gaps(totals - before.take(block), values, anew), counts)


def _header(data: bytes) -> tuple[int, int, int, int, int]:
    """The number of terms, the parameter of their gaps, and where the two streams begin and the second ends."""
    check_seal(data)
    end = len(data) - CHECKSUM
    if end < _FIXED or data[0] != HAN_SHARD:
        raise ValueError("no shard of pairs of Han")
    count, at = varint_at(data, _FIXED, end)
    size, at = varint_at(data, at, end)
    if at + size > end or 2 * count > 8 * size:  # each term has two codes, and each of these one bit at least
        raise ValueError("cut short")
    return count, data[_FIXED - 1], at, at + size, end


def _quotients(
    shards: Sequence[bytes], begins: Ints, ends: Ints, counts: Ints, *, whole: bool = False
) -> tuple[Ints, Ints]:
    """The unary codes of both sections, of all shards one after the other."""
    # Behind them stand those of the postings, which are many more: the beginning is enough, as a rule.
    read = ends if whole else np.minimum(ends, begins + _BEGINNING * (counts + 1))
    parts = [data[begin:end] for data, begin, end in zip(shards, begins.tolist(), read.tolist(), strict=True)]
    starts = np.cumsum(counts) - counts
    edges = np.concatenate(((0,), np.cumsum(read - begins))) * 8
    # Numpy looks for what is not nought among booleans in a tenth of the time that it takes among numbers.
    ones = np.flatnonzero(np.unpackbits(np.frombuffer(b"".join(parts), np.uint8)).view(np.bool_))
    firsts = np.searchsorted(ones, edges)
    if bool((np.diff(firsts) < 2 * counts).any()):
        if whole:
            raise ValueError("a block is cut short")
        return _quotients(shards, begins, ends, counts, whole=True)
    within = np.arange(int(counts.sum())) - np.repeat(starts - firsts[:-1], counts)
    behind = within + np.repeat(counts, counts)
    first = ones.take(within) - ones.take(within - 1) - 1
    held = counts > 0
    first[starts.compress(held)] = ones.take(firsts[:-1].compress(held)) - edges[:-1].compress(held)
    return first, ones.take(behind) - ones.take(behind - 1) - 1


def _fixed(window: NDArray[np.uint8], widths: Ints, begins: Ints, starts: Ints, block: Ints) -> tuple[Ints, Ints]:
    """The next remainder of each term of each shard, from bit ``begins`` on; and the bit behind each shard's last."""
    totals = np.cumsum(widths)
    edges = np.concatenate(((0,), totals))
    before = edges.take(starts)
    places = totals - widths + (begins - before).take(block)
    if len(places) and int(places.max()) >> 3 > len(window) - len(_PADDING):
        raise ValueError("a block is cut short")
    at = places >> 3
    word = np.zeros(len(at), np.int64)
    for offset in range(4):
        word = (word << 8) | window.take(at + offset, mode="clip")
    found = (word >> (32 - (places & 7) - widths)) & ((1 << widths) - 1)
    return found, begins + edges.take(np.append(starts[1:], len(widths))) - before
