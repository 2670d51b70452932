"""One item → all that the index needs of it, compact. Pure.

The result depends on the item alone, neither on other items nor on the cluster, and is
cached by the build. It lists how often each term stands in each *segment*: segments 0 to 3
are the short fields, then comes every passage of the text (``passages``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from struct import Struct
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.model import Item
from generator.search.folding import COMPLEX, Folding, folding
from generator.search.passages import ItemPassages, text_files
from generator.search.radix import sort_by_digits
from generator.search.tokens import Scan, scan

FORMAT: Final = 1
"""Raised whenever the same item would give other bytes."""
FIELDS: Final = ("title", "number", "keywords", "summary", "body", "attachments")
SHORT: Final = 4
"""The first passage is segment ``SHORT``."""
BODY: Final = 4
ATTACHMENTS: Final = 5
_HEADER = Struct("<BBHHII7s6I")
_SIZES = Struct("<BBHHII")
"""What it begins with."""
_MOST_COUNT: Final = 0xFFFF
_SEPARATOR: Final = "\n"
_NONE: Final = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
"""Comes behind every row."""
_BYTE: Final = 256
_encode = msgspec.msgpack.Encoder().encode
_decode_words = msgspec.msgpack.Decoder(tuple[list[str], bytes, bytes, bytes]).decode
_decode_strings = msgspec.msgpack.Decoder(tuple[list[str], msgspec.Raw, msgspec.Raw, msgspec.Raw]).decode


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


class ItemsTerms(NamedTuple):
    """The terms of several items, but not where they stand."""

    keys: NDArray[np.uint32]
    """Of all items, one after the other; those of an item ascend and repeat."""
    counts: Sequence[int]
    """How many keys each item has."""
    strings: Sequence[Sequence[str]]


class ItemText(NamedTuple):
    """An item, its passages, and the name of its text files."""

    item: Item
    cut: ItemPassages
    name: bytes


def encode_postings(item: Item, cut: ItemPassages, table: Folding | None = None) -> bytes:
    """The postings of one item.

    Args:
        cut: the passages of its text.
        table: of ``folding``, when the caller has it at hand.
    """
    return encode_together([ItemText(item, cut, text_files(item.id, cut).name)], table)[0]


def encode_together(texts: Sequence[ItemText], table: Folding | None = None) -> list[bytes]:
    """The postings of each of several items (fewer than 65,535), for less than one by one.

    They are looked at as one text, in which each segment of each item is told by a number: its item's ``<< 48`` |
    its own. What comes of an item does not depend on the others.
    """
    if not texts:
        return []
    segments = [[*short_texts(one.item), *(passage.text for passage in one.cut.passages)] for one in texts]
    codes, kinds, sizes = _look_up([*chain.from_iterable(segments)], table or folding())
    found = scan(codes, kinds)
    numbers = [item << 48 | segment for item, each in enumerate(segments) for segment in range(len(each))]
    owners = np.array(numbers, np.uint64).repeat(sizes)
    rows, counts = _counted(found.keys, owners.take(found.places), len(texts))
    words = _words_of(found.words, owners.take(found.word_places), len(texts))
    lengths = _lengths(found, texts, sizes)
    ends = rows.searchsorted(np.arange(1, len(texts) + 1, dtype=np.uint64) << np.uint64(48)).tolist()
    keys = (rows >> np.uint64(16)).astype("<u4").tobytes()
    columns = {width: (rows.astype(f"<u{width}").tobytes(), counts.astype(f"<u{width}").tobytes()) for width in (1, 2)}
    most = int(counts.max(initial=0))
    encoded: list[bytes] = []
    start = 0
    for one, each, of_item, of_field, end in zip(texts, segments, words, lengths, ends, strict=True):
        wide = len(each) > 255 or (most > 255 and int(counts[start:end].max(initial=0)) > 255)
        width = 2 if wide else 1
        packed = _encode_words(of_item)
        head = FORMAT, wide, len(each) - SHORT, one.cut.of_body, end - start, len(packed), one.name, *of_field
        rest = (column[width * start : width * end] for column in columns[width])
        encoded.append(b"".join((_HEADER.pack(*head), keys[4 * start : 4 * end], *rest, packed)))
        start = end
    return encoded


def _counted(
    keys: NDArray[np.uint32], owners: NDArray[np.uint64], items: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint16]]:
    """Item, key and segment of each term of a segment as one number, ascending, and how often it stands there."""
    rows = keys.astype(np.uint64)
    rows <<= np.uint64(16)
    rows |= owners
    # Items, and their segments, come in their order.
    item = (48, np.uint8 if items <= _BYTE else np.uint16)
    every = np.append(sort_by_digits(rows, (16, np.uint16), (32, np.uint16), item), _NONE)
    rows = every[:-1]
    last = (every[1:] != every[:-1]).nonzero()[0]
    counts = np.diff(last, prepend=-1)
    return rows.take(last), np.minimum(counts, _MOST_COUNT).astype(np.uint16)


def _words_of(words: Sequence[str], owners: NDArray[np.uint64], items: int) -> list[dict[str, list[int]]]:
    """For each item its words, each with the segments in which it stands."""
    found: list[dict[str, list[int]]] = [{} for _ in range(items)]
    in_segment = owners.astype(np.uint16).tolist()
    for word, item, segment in zip(words, (owners >> np.uint64(48)).tolist(), in_segment, strict=True):
        of_item = found[item]
        if word in of_item:
            of_item[word].append(segment)
        else:
            of_item[word] = [segment]
    return found


def _encode_words(words: Mapping[str, list[int]]) -> bytes:
    strings = sorted(words)[:_MOST_COUNT]
    places: list[int] = []
    segments: list[int] = []
    counts: list[int] = []
    for place, word in enumerate(strings):
        of_word = words[word]
        if len(of_word) == 1:
            places.append(place)
            segments += of_word
            counts.append(1)
            continue
        last = None
        for segment in sorted(of_word):
            if segment != last:
                places.append(place)
                segments.append(segment)
                counts.append(0)
                last = segment
            counts[-1] += 1
    if max(counts, default=0) > _MOST_COUNT:
        counts = [min(count, _MOST_COUNT) for count in counts]
    pack = _shorts(len(places)).pack
    return _encode((strings, *(pack(*column) for column in (places, segments, counts))))


@lru_cache(256)
def _shorts(count: int) -> Struct:
    return Struct(f"<{count}H")


def short_texts(item: Item) -> tuple[str, str, str, str]:
    """The texts of the short fields, in the order of ``FIELDS``."""
    numbers = "\n".join(filter(None, (item.document_number, item.index_number)))
    return item.title, numbers, "\n".join(item.keywords), item.summary


def _look_up(segments: Sequence[str], table: Folding) -> tuple[NDArray[np.uint32], NDArray[np.uint8], list[int]]:
    """The folded segments with a separator before each and at the end; their kinds; how long each is with its own."""
    codes, kinds = table.look_up(_SEPARATOR.join(("", *segments, "")))
    sizes = [len(segment) + 1 for segment in segments]
    if kinds.max(initial=0) == COMPLEX:
        # Few segments have such characters, and putting others in their place is slow.
        at = (kinds == COMPLEX).nonzero()[0]
        odd = {*np.cumsum(sizes).searchsorted(at, "right").tolist()}
        spelt = [each.translate(table.several) if number in odd else each for number, each in enumerate(segments)]
        return _look_up(spelt, table)
    return codes, kinds, sizes


def _lengths(found: Scan, texts: Sequence[ItemText], sizes: Sequence[int]) -> list[list[int]]:
    """For each item the tokens in each of its fields."""
    ends = [0, *accumulate(sizes)]
    edges: list[int] = []
    first = 0
    for one in texts:
        passages = first + SHORT
        edges += (*ends[first:passages], ends[passages], ends[passages + one.cut.of_body])
        first = passages + len(one.cut.passages)
    fields = np.array(edges)
    lengths = np.diff(found.places.searchsorted(fields), append=len(found.places))
    lengths += np.bincount(fields.searchsorted(found.word_places, "right") - 1, minlength=len(fields))
    by_item: list[list[int]] = lengths.reshape(len(texts), len(FIELDS)).tolist()
    return by_item


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
    strings, *columns = _decode_words(data[at:])
    words = WordPostings(strings, *(np.frombuffer(column, "<u2") for column in columns))
    return ItemPostings(passages, of_body, text, tuple(lengths), keys, segments, counts, words)


def decode_terms(each: Iterable[bytes]) -> ItemsTerms:
    """The keys and the strings alone, of several items; raises as ``decode_postings``."""
    keys: list[bytes] = []
    counts: list[int] = []
    strings: list[list[str]] = []
    for data in each:
        if len(data) < _HEADER.size or data[0] != FORMAT:
            raise ValueError("postings of another format")
        _, wide, _, _, count, packed = _SIZES.unpack_from(data)
        behind = _HEADER.size + 4 * count
        at = behind + (4 if wide else 2) * count
        if len(data) != at + packed:
            raise ValueError("postings are cut short")
        keys.append(data[_HEADER.size : behind])
        counts.append(count)
        strings.append(_decode_strings(data[at:])[0])
    return ItemsTerms(np.frombuffer(b"".join(keys), "<u4"), counts, strings)
