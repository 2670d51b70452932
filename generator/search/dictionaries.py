"""The terms of many shards at once: what an audit reads of an index, and nothing of the postings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.search.bits import Ints
from generator.search.sealed import Reader
from generator.search.shards import HAN_SHARD, keys_of_gaps

_PADDING = b"\0\0\0\0"
_BEGINNING = 2
"""Bytes of unary codes for each term."""


class _Header(NamedTuple):
    terms: int
    gap_width: int
    unary: bytes
    binary: bytes


def decode_han_dictionaries(shards: Sequence[bytes]) -> list[Ints]:
    """The keys of each of many shards of pairs of Han, as ``decode_dictionary`` gives them one by one.

    Raises ``ValueError`` when one of them is damaged, or holds words.
    """
    if not shards:
        return []
    headers = [_header(data) for data in shards]
    counts = np.array([one.terms for one in headers], np.int64)
    starts = np.cumsum(counts) - counts
    first_widths, second_quotients = _quotients(headers, counts, starts)
    block = np.repeat(np.arange(len(headers)), counts)
    window = np.frombuffer(b"".join([one.binary for one in headers]) + _PADDING, np.uint8)
    sizes = np.array([len(one.binary) for one in headers], np.int64)
    begins = (np.cumsum(sizes) - sizes) * 8
    remainders, ends = _fixed(window, first_widths, begins, starts, block)
    first_gaps = ((1 << first_widths) | remainders) - 1
    anew = first_gaps != 0
    anew[starts.compress(counts > 0)] = True
    gap_widths = np.array([one.gap_width for one in headers], np.int64)
    widths = np.where(anew, second_quotients, gap_widths.take(block))
    low, ends = _fixed(window, widths, ends, starts, block)
    if bool((ends > begins + sizes * 8).any()):
        raise ValueError("a block is cut short")
    values = np.where(anew, (1 << widths) + low - 1, ((second_quotients << widths) | low) + 1)
    totals = np.cumsum(first_gaps)
    before = np.concatenate(((0,), totals)).take(starts)
    keys = keys_of_gaps(totals - before.take(block), values, anew)
    return np.split(keys, starts[1:])


def _header(data: bytes) -> _Header:
    reader = Reader(data)
    kind, _, gap_width = reader.take(3)
    if kind != HAN_SHARD:
        raise ValueError("a shard of words")
    count = reader.varint()
    return _Header(count, gap_width, reader.take(reader.varint()), reader.rest())


def _quotients(headers: Sequence[_Header], counts: Ints, starts: Ints, *, whole: bool = False) -> tuple[Ints, Ints]:
    """The unary codes of both sections, of all shards one after the other."""
    # Behind them stand those of the postings, which are many more: the beginning is enough, as a rule.
    parts = [one.unary if whole else one.unary[: _BEGINNING * (one.terms + 1)] for one in headers]
    sizes = np.array([len(part) for part in parts], np.int64)
    edges = np.concatenate(((0,), np.cumsum(sizes))) * 8
    ones = np.flatnonzero(np.unpackbits(np.frombuffer(b"".join(parts), np.uint8)))
    firsts = np.searchsorted(ones, edges)
    if bool((np.diff(firsts) < 2 * counts).any()):
        if whole:
            raise ValueError("a block is cut short")
        return _quotients(headers, counts, starts, whole=True)
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
