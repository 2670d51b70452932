"""Postings ↔ shards: the files that hold the postings of neighbouring terms. Pure.

A shard is cut out of the sorted terms where its content says so (as backup programs cut
files), never by counting from the start, so that a change moves only the cuts near it and
an index brought up to date equals one made anew, byte for byte.

Layout: format, size of document numbers (bits), parameter of the term gaps, number of terms;
for words their front-coded strings; length of the unary stream; the two streams of ``bits``;
CRC-32 of all before. The codes, section by section, each in the order of the terms:

1. gap of the first character (gamma), 2. of the second (Rice, or gamma after a new first),
3. which fields have the term, 4. documents in each (gamma), 5. gaps of the documents (Rice),
6. frequencies (gamma), 7. in how many passages (how many fewer than could be, unary),
8. the passage where it is one (fixed width), 9. gaps of the passages where they are more (Rice).

Frequencies stand there, not scores: what changes with every document (their number, average
lengths) is in the entry file alone. ``docs/search.md`` describes the format for readers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from generator.search.bits import (
    Codes,
    Ints,
    Section,
    Unpacker,
    bit_lengths,
    changes,
    choose,
    fixed,
    gamma,
    pack,
    rice,
    rice_widths,
    section,
    totals,
    unary,
)
from generator.search.postings import BODY, FIELDS
from generator.search.sealed import Reader, front_code, front_decode, sealed, varint

HAN_SHARD: Final = 0
WORD_SHARD: Final = 1
_HEAD: Final = 3
"""Bytes: kind, size of document numbers, parameter of the term gaps."""
_BODY_ONLY: Final = 1 << BODY
_TITLE_AND_BODY: Final = _BODY_ONLY | 1
_MASK_BITS: Final = len(FIELDS)
_FIRST_HAN: Final = 0x3000
_LEAST: Final = 1280
_MOST: Final = 3072
_ALONE: Final = 1536
"""Bytes from which a term has a file of its own."""
_CUT_BITS: Final = 28
"""One term in 16 may end a shard that is large enough."""
_TERM_COST: Final = 16


class Postings(NamedTuple):
    """Postings sorted by term, field, document; one element each, but for ``places``."""

    terms: NDArray[np.uint32]
    """Key of a pair of Han, or place of the word in ``strings``."""
    fields: NDArray[np.uint8]
    documents: Ints
    frequencies: Ints
    spreads: Ints
    """In how many passages; 0 in the short fields."""
    places: Ints
    """The passages, ascending within each posting."""
    strings: Sequence[str] = ()


class Shard(NamedTuple):
    """One shard with the first and last of its terms."""

    first: int
    last: int
    closed: bool
    """It ends here whatever term comes next."""
    data: bytes


def term_hashes(keys: Ints) -> Ints:
    """Spreads the keys of Han pairs over 32 bits."""
    hashes: Ints = keys * 2654435761 & 0xFFFFFFFF
    return hashes


def word_hash(word: str) -> int:
    """Spreads words over 32 bits."""
    return crc32(word.encode())


class _Sections(NamedTuple):
    """Sections 3 to 9 of every term; the bits of each term; and its key."""

    sections: list[Section]
    sizes: Ints
    keys: Ints


def _posting_sections(postings: Postings, passages: Ints, bits: int) -> _Sections:
    terms, documents, spreads = postings.terms, postings.documents, postings.spreads
    new_term = changes(terms)
    term_starts, list_starts = np.flatnonzero(new_term), np.flatnonzero(new_term | changes(postings.fields))
    edges = np.append(term_starts, len(terms))
    counts = np.diff(list_starts, append=len(terms))
    in_doc = passages.take(documents)
    room = np.minimum(postings.frequencies, in_doc)
    open_ = np.flatnonzero((room > 1) & (spreads > 0))
    one, more = np.flatnonzero(spreads == 1), np.flatnonzero(spreads > 1)
    wide = spreads.take(more)
    begins = np.cumsum(wide) - wide
    alone = totals(spreads).take(one)
    others = np.ones(len(postings.places), bool)
    others[alone] = False
    lists = np.searchsorted(list_starts, edges)
    masks = np.bitwise_or.reduceat(np.uint8(1) << postings.fields.take(list_starts), lists[:-1])
    list_codes = gamma(counts)
    gap_codes = rice(_gaps(documents, list_starts), np.repeat(rice_widths(1 << bits, counts), counts))
    tf_codes = gamma(postings.frequencies)
    fewer_codes = unary(room.take(open_) - spreads.take(open_))
    one_codes = fixed(postings.places.take(alone), bit_lengths(in_doc.take(one) - 1))
    more_widths = np.repeat(rice_widths(in_doc.take(more), wide), wide)
    more_codes = rice(_gaps(postings.places.take(np.flatnonzero(others)), begins), more_widths)
    sections = [
        section(_mask_codes(masks), np.arange(len(edges))),
        section(list_codes, lists),
        section(gap_codes, edges),
        section(tf_codes, edges),
        section(fewer_codes, np.searchsorted(open_, edges)),
        section(one_codes, np.searchsorted(one, edges)),
        section(more_codes, np.append(begins, len(more_widths))[np.searchsorted(more, edges)]),
    ]
    sizes = np.sum([one.sizes for one in sections], axis=0)
    return _Sections(sections, sizes, terms.take(term_starts).astype(np.int64))


def _gaps(values: Ints, starts: Ints) -> Ints:
    """How many numbers are left out before each; at ``starts`` another run of ascending numbers begins."""
    gaps = values - 1
    gaps[1:] -= values[:-1]
    gaps[starts] = values.take(starts)
    return gaps


def _mask_codes(masks: NDArray[np.uint8]) -> Codes:
    quotients = np.where(masks == _BODY_ONLY, 0, np.where(masks == _TITLE_AND_BODY, 1, 2)).astype(np.int32)
    widths = np.where(quotients == 2, _MASK_BITS, 0).astype(np.uint8)
    return Codes(quotients, widths, np.where(quotients == 2, masks, 0).astype(np.uint32))


def _cut(sizes: list[int], may_end: list[bool], starts_anew: set[int]) -> list[tuple[int, bool]]:
    """Where each shard ends (index of the term after it), and whether it does so whatever comes next."""
    ends: list[tuple[int, bool]] = []
    held = 0
    for index, size in enumerate(sizes):
        alone = size >= _ALONE * 8
        full = held >= _MOST * 8
        if held and (alone or full or index in starts_anew):
            ends.append((index, full))
            held = 0
        held += size
        if alone or (held >= _LEAST * 8 and may_end[index]):
            ends.append((index + 1, True))
            held = 0
    if held:
        ends.append((len(sizes), held >= _MOST * 8))
    return ends


def encode_shards(
    postings: Postings, passages: Ints, bits: int, groups: Callable[[Ints], Ints] | None = None
) -> list[Shard]:
    """Cut postings into shards and encode them.

    Args:
        passages: how many each document has.
        bits: so many bits hold any document number.
        groups: number of the group of each term key; no shard holds terms of two. ``None`` when all are of one.
    """
    if not len(postings.terms):
        return []
    sections, sizes, keys = _posting_sections(postings, passages, bits)
    sizes += _TERM_COST
    anew = set((np.flatnonzero(np.diff(groups(keys))) + 1).tolist()) if groups is not None else set()
    words = [postings.strings[key] for key in keys.tolist()] if postings.strings else []
    if words:
        sizes += np.fromiter((len(word) * 8 for word in words), np.int64, len(words))
        hashes = np.fromiter(map(word_hash, words), np.int64, len(words))
    else:
        hashes = term_hashes(keys)
    ends = _cut(sizes.tolist(), (hashes >> _CUT_BITS == 0).tolist(), anew)
    edges = np.array([0, *(end for end, _ in ends)])
    parts = _encode(sections, keys, words, edges, bits)
    return [
        Shard(int(keys[low]), int(keys[high - 1]), closed, data)
        for low, (high, closed), data in zip(edges.tolist(), ends, parts, strict=False)
    ]


def _encode(sections: list[Section], keys: Ints, words: list[str], edges: Ints, bits: int) -> list[bytes]:
    gap_widths = np.zeros(len(edges) - 1, np.uint8)
    if not words:
        term_sections, gap_widths = _term_sections(keys, edges)
        sections = term_sections + sections
    packed = pack(sections, edges)
    parts = []
    for index, (low, high) in enumerate(pairwise(edges.tolist())):
        unary_part = packed.unary[packed.unary_edges[index] : packed.unary_edges[index + 1]]
        binary_part = packed.binary[packed.binary_edges[index] : packed.binary_edges[index + 1]]
        head = bytes((WORD_SHARD if words else HAN_SHARD, bits, int(gap_widths[index]))) + varint(high - low)
        if words:
            strings = front_code(words[low:high])
            head += varint(len(strings)) + strings
        parts.append(sealed(head + varint(len(unary_part)) + unary_part + binary_part))
    return parts


def _term_sections(keys: Ints, edges: Ints) -> tuple[list[Section], NDArray[np.uint8]]:
    """Sections 1 and 2, and the parameter of the gaps of each shard."""
    firsts, seconds = keys >> 16, np.maximum((keys & 0xFFFF) - _FIRST_HAN, 0)
    first_gaps = np.diff(firsts, prepend=_FIRST_HAN)
    first_gaps[edges[:-1]] = firsts[edges[:-1]] - _FIRST_HAN
    anew = first_gaps != 0
    anew[edges[:-1]] = True
    gaps = np.where(anew, 0, np.diff(seconds, prepend=0) - 1)
    totals = np.add.reduceat(gaps, edges[:-1])
    numbers = np.add.reduceat((~anew).astype(np.int64), edges[:-1])
    widths = rice_widths(totals, numbers)
    new, old = gamma(seconds + 1), rice(gaps, np.repeat(widths, np.diff(edges)))
    each = np.arange(len(keys) + 1)
    return [section(gamma(first_gaps + 1), each), section(choose(anew, new, old), each)], widths


# --- reading --------------------------------------------------------------------


def decode_shard(data: bytes, passages: Ints) -> Postings:
    """Undo the encoding of one shard; raises ``ValueError`` when its bytes are damaged."""
    keys, strings, bits, unpacker = _open(data)
    count = len(keys)
    masks = _decode_masks(unpacker, count)
    pairs = np.array([(masks >> field) & 1 for field in range(_MASK_BITS)], bool).T
    list_terms, list_fields = np.nonzero(pairs)
    counts = unpacker.gamma(len(list_terms))
    gaps = unpacker.rice(np.repeat(rice_widths(1 << bits, counts), counts))
    total = np.cumsum(gaps + 1)
    starts = np.cumsum(counts) - counts
    documents = total - np.repeat(total[starts] - gaps[starts], counts)
    if len(documents) and int(documents.max()) >= len(passages):
        raise ValueError("a document number is too large")
    frequencies = unpacker.gamma(len(gaps))
    fields = np.repeat(list_fields, counts).astype(np.uint8)
    in_doc = passages[documents]
    room = np.where(fields >= BODY, np.minimum(frequencies, in_doc), 0)
    spreads = room.copy()
    open_ = np.flatnonzero(room > 1)
    spreads[open_] -= unpacker.unary(len(open_))
    places = _decode_places(unpacker, spreads, in_doc)
    return Postings(
        np.repeat(keys[list_terms], counts).astype(np.uint32), fields, documents, frequencies, spreads, places, strings
    )


class _Opened(NamedTuple):
    """A shard of which the terms are read and the postings come next."""

    keys: Ints
    strings: list[str]
    bits: int
    unpacker: Unpacker


def _open(data: bytes) -> _Opened:
    reader = Reader(data)
    kind, bits, gap_width = reader.take(_HEAD)
    count = reader.varint()
    strings = front_decode(reader.take(reader.varint()), count) if kind == WORD_SHARD else []
    unary_part = reader.take(reader.varint())
    unpacker = Unpacker(unary_part, reader.rest())
    keys = np.arange(count) if kind == WORD_SHARD else _decode_terms(unpacker, count, gap_width)
    return _Opened(keys, strings, bits, unpacker)


def decode_dictionary(data: bytes) -> tuple[Ints, list[str]]:
    """The terms of one shard: keys of pairs of Han, or words; raises ``ValueError`` when its bytes are damaged."""
    if data[:1] != bytes((WORD_SHARD,)):
        return _open(data).keys, []
    reader = Reader(data)
    reader.take(_HEAD)
    count = reader.varint()
    strings = front_decode(reader.take(reader.varint()), count)
    reader.take(reader.varint())  # nobody unpacks the postings, but a shard without them is damaged
    return np.empty(0, np.int64), strings


def _decode_terms(unpacker: Unpacker, count: int, gap_width: int) -> Ints:
    first_widths = unpacker.unary(count)
    second_quotients = unpacker.unary(count)
    first_gaps = ((1 << first_widths) | unpacker.fixed(first_widths)) - 1
    anew = first_gaps != 0
    anew[:1] = True
    widths = np.where(anew, second_quotients, gap_width)
    low = unpacker.fixed(widths)
    values = np.where(anew, (1 << widths) + low - 1, ((second_quotients << widths) | low) + 1)
    return keys_of_gaps(np.cumsum(first_gaps), values, anew)


def keys_of_gaps(firsts: Ints, values: Ints, anew: NDArray[np.bool_]) -> Ints:
    """The keys of pairs of Han: of first characters from the least Han on, and of what is added to the seconds."""
    # Within one first character the seconds add up; each new first starts from its own value.
    sums = np.cumsum(values)
    group = np.maximum.accumulate(np.where(anew, np.arange(len(values)), 0))
    seconds = sums - sums[group] + values[group]
    return (firsts + _FIRST_HAN << 16) | np.where(seconds > 0, seconds + _FIRST_HAN, 0)


def _decode_masks(unpacker: Unpacker, count: int) -> Ints:
    quotients = unpacker.unary(count)
    low = unpacker.fixed(np.where(quotients == 2, _MASK_BITS, 0))
    return np.where(quotients == 0, _BODY_ONLY, np.where(quotients == 1, _TITLE_AND_BODY, low))


def _decode_places(unpacker: Unpacker, spreads: Ints, in_doc: Ints) -> Ints:
    owner = np.repeat(np.arange(len(spreads)), spreads)
    several = spreads[owner] > 1
    places = np.empty(len(owner), np.int64)
    places[~several] = unpacker.fixed(bit_lengths(in_doc[owner[~several]] - 1))
    many = owner[several]
    gaps = unpacker.rice(rice_widths(in_doc[many], spreads[many]))
    total = np.cumsum(gaps + 1)
    begins = np.flatnonzero(np.diff(many, prepend=-1))
    base = np.repeat(total[begins] - gaps[begins], np.diff(begins, append=len(many)))
    places[several] = total - base
    return places
