"""One item → all that the index needs of it, compact. Pure.

The result depends on the item alone, neither on other items nor on the cluster, and is
cached by the build. It lists how often each term stands in each *segment*: segments 0 to 3
are the short fields, then comes every passage of the text (``passages``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from struct import Struct
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.model import Item
from generator.search.folding import Folding, folding
from generator.search.passages import ItemPassages, text_name
from generator.search.tokens import scan

FORMAT: Final = 1
"""Raised whenever the same item would give other bytes."""
FIELDS: Final = ("title", "number", "keywords", "summary", "body", "attachments")
SHORT: Final = 4
"""The first passage is segment ``SHORT``."""
BODY: Final = 4
ATTACHMENTS: Final = 5
_HEADER = Struct("<BBHHII7s6I")
_MOST_COUNT: Final = 0xFFFF


class WordPostings(NamedTuple):
    """The terms that are no pair of Han of the basic plane; arrays run in parallel, sorted."""

    strings: list[str]
    """Each term once, sorted."""
    places: NDArray[np.uint16]
    """In ``strings``."""
    segments: NDArray[np.uint16]
    counts: NDArray[np.uint16]


class ItemPostings(NamedTuple):
    """``encode_postings`` undone; arrays run in parallel, one element a (term, segment)."""

    passages: int
    of_body: int
    text: bytes
    """Name of the item's text files."""
    lengths: tuple[int, ...]
    """Tokens in each field."""
    keys: NDArray[np.uint32]
    """Ascending."""
    segments: NDArray[np.uint16]
    counts: NDArray[np.uint16]
    words: WordPostings


def encode_postings(item: Item, cut: ItemPassages, table: Folding | None = None) -> bytes:
    """The postings of one item.

    Args:
        cut: the passages of its text.
        table: of ``folding``, when the caller has it at hand.
    """
    table = table or folding()
    kept = cut.passages
    segments = [*short_texts(item), *(passage.text for passage in kept)]
    codes, sizes = _codes(segments, table)
    found = scan(codes, table)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    owners = owner.take(found.places)
    rows = found.keys.astype(np.uint64)
    rows <<= np.uint64(16)
    rows |= owners.view(np.uint64)
    rows.sort()
    starts = np.flatnonzero(np.concatenate(((True,), rows[1:] != rows[:-1]))[: len(rows)])
    counts = np.minimum(np.diff(starts, append=len(rows)), _MOST_COUNT)
    rows = rows.take(starts)
    in_segment = rows.astype(np.uint16)
    words = Counter((word, int(owner[place])) for word, place in found.words)
    lengths = _lengths(owners, words, cut.of_body)
    wide = max(len(segments), int(counts.max(initial=0))) > 255
    dtype = np.uint16 if wide else np.uint8
    packed = _encode_words(words)
    header = _HEADER.pack(
        FORMAT, wide, len(kept), cut.of_body, len(rows), len(packed), text_name(item.id, cut), *lengths
    )
    keys = (rows >> 16).astype("<u4")
    return b"".join(
        (header, keys.tobytes(), in_segment.astype(dtype).tobytes(), counts.astype(dtype).tobytes(), packed)
    )


def _encode_words(words: Counter[tuple[str, int]]) -> bytes:
    strings: list[str] = []
    places: list[int] = []
    segments: list[int] = []
    counts: list[int] = []
    last = None
    for (word, segment), count in sorted(words.items()):
        if word != last:
            if len(strings) == _MOST_COUNT:
                break
            strings.append(word)
            last = word
        places.append(len(strings) - 1)
        segments.append(segment)
        counts.append(min(count, _MOST_COUNT))
    form = Struct(f"<{len(places)}H")
    return msgspec.msgpack.encode((strings, *(form.pack(*column) for column in (places, segments, counts))))


def short_texts(item: Item) -> tuple[str, str, str, str]:
    """The texts of the short fields, in the order of ``FIELDS``."""
    numbers = "\n".join(filter(None, (item.document_number, item.index_number)))
    return item.title, numbers, "\n".join(item.keywords), item.summary


def _codes(segments: Sequence[str], table: Folding) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The folded segments with a separator after each, and how many code points each has with it."""
    codes = table.codes("\n".join(segments) + "\n")
    sizes = np.fromiter(map(len, segments), np.int64, len(segments)) + 1
    if int(sizes.sum()) == len(codes):
        return codes, sizes
    each = [table.codes(segment + "\n") for segment in segments]
    return np.concatenate(each), np.fromiter(map(len, each), np.int64, len(each))


def _lengths(owners: NDArray[np.int64], words: Counter[tuple[str, int]], of_body: int) -> list[int]:
    edges = [0, 1, 2, 3, SHORT, SHORT + of_body, 1 << 16]
    totals = np.bincount(owners, minlength=SHORT + 1)
    lengths = [int(totals[low:high].sum()) for low, high in pairwise(edges)]
    for (_, segment), count in words.items():
        field = segment if segment < SHORT else BODY if segment < SHORT + of_body else ATTACHMENTS
        lengths[field] += count
    return lengths


def decode_postings(data: bytes) -> ItemPostings:
    """Undo ``encode_postings``; raises ``ValueError`` for bytes of another format."""
    if len(data) < _HEADER.size or data[0] != FORMAT:
        raise ValueError("postings of another format")
    _, wide, passages, of_body, count, packed, text, *lengths = _HEADER.unpack_from(data)
    width = 2 if wide else 1
    dtype = "<u2" if wide else "u1"
    at = _HEADER.size
    keys = np.frombuffer(data, "<u4", count, at)
    segments = np.frombuffer(data, dtype, count, at + 4 * count)
    counts = np.frombuffer(data, dtype, count, at + (4 + width) * count)
    at += (4 + 2 * width) * count
    if len(data) != at + packed:
        raise ValueError("postings are cut short")
    strings, *columns = msgspec.msgpack.decode(data[at:], type=tuple[list[str], bytes, bytes, bytes])
    words = WordPostings(strings, *(np.frombuffer(column, "<u2") for column in columns))
    return ItemPostings(passages, of_body, text, tuple(lengths), keys, segments, counts, words)
