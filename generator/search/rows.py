"""Many items' postings → sorted postings of a range of terms. Effects: spills to a given folder.

All (term, document, segment) rows of a cluster do not fit in memory, so they are parted by
the first character of the term into buckets on disk, and each bucket is sorted by itself.
Memory grows with the largest bucket, not with the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from generator.search.bits import Ints, changes, totals
from generator.search.postings import BODY, SHORT, ItemPostings, WordPostings
from generator.search.radix import sort_by_digits
from generator.search.shards import Postings

HEADS: Final = tuple(
    map(
        ord,
        "三且为事五人以会作信公关决判务十单发合员品国城失定家展干府当得成投损收新明期村核民法消物生登的监禁第算织罪育行要议请资进部门隐",
    )
)
"""First characters at which a bucket begins, and therefore a shard too: about equal shares of ordinary text."""
BUCKETS: Final = len(HEADS) + 1
_GROUP: Final = 100_000
"""Rows that are parted at a time: so few that no array of theirs is one of those whose memory is given back at once."""
_BUCKETS: Final = np.arange(BUCKETS, dtype=np.uint8)
BUCKET_OF = np.searchsorted(np.array(HEADS), np.arange(0x10000), side="right").astype(np.uint8)
_NONE = np.zeros(0, np.uint16)
_ROW: Final = 29
"""Bits of a row's or a document's number where it shares a word with a term and a field."""
_NUMBER: Final = np.uint64((1 << _ROW) - 1)


def bucket_of(key: int) -> int:
    """The bucket of a Han term."""
    return int(BUCKET_OF[key >> 16])


class Rows(NamedTuple):
    """One element each (term, document, segment), in the order of documents and segments."""

    keys: NDArray[np.uint32]
    values: NDArray[np.uint64]
    """Document, segment and count in one number, so that a row is moved in one piece; see ``_values``."""


def _values(documents: NDArray[np.uint32], segments: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.uint64]:
    values = documents.astype(np.uint64)
    values <<= np.uint64(16)
    values |= segments
    values <<= np.uint64(16)
    values |= counts
    return values


class Words(NamedTuple):
    """Rows of the terms that are no pairs of Han; keys are places in ``strings``."""

    rows: Rows
    strings: tuple[str, ...]


def join_rows(items: Sequence[tuple[int, ItemPostings]]) -> Rows:
    """The Han rows of items, given with their document numbers in ascending order."""
    if not items:
        return Rows(np.zeros(0, np.uint32), np.zeros(0, np.uint64))
    documents = np.array([number for number, _ in items], np.uint32)
    return Rows(
        np.concatenate([item.keys for _, item in items]),
        _values(
            np.repeat(documents, [len(item.keys) for _, item in items]),
            np.concatenate([item.segments for _, item in items]),
            np.concatenate([item.counts for _, item in items]),
        ),
    )


class WordRows:
    """Collects the word rows of items in the order of their document numbers."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__  # a word that is new gets the next number
        self._parts: list[tuple[int, NDArray[np.uint32], WordPostings]] = []

    def add(self, document: int, item: ItemPostings) -> None:
        """Take in the words of one item."""
        numbers, words = self._numbers, item.words
        if words.strings:
            known = np.array([*map(numbers.__getitem__, words.strings)], np.uint32)
            # Without its strings, of which most items have the same.
            self._parts.append((document, known[words.places], words._replace(strings=[])))

    def sorted(self) -> Words:
        """All rows, keyed by the sorted strings."""
        strings = sorted(self._numbers)
        ranks = np.zeros(len(strings), np.uint32)
        ranks[[self._numbers[word] for word in strings]] = np.arange(len(strings), dtype=np.uint32)
        parts = self._parts or [(0, np.zeros(0, np.uint32), WordPostings([], _NONE, _NONE, _NONE))]
        rows = Rows(
            ranks[np.concatenate([numbers for _, numbers, _ in parts])],
            _values(
                np.repeat(
                    np.array([document for document, _, _ in parts], np.uint32),
                    [numbers.size for _, numbers, _ in parts],
                ),
                np.concatenate([words.segments for _, _, words in parts]),
                np.concatenate([words.counts for _, _, words in parts]),
            ),
        )
        return Words(rows, tuple(strings))


class Buckets:
    """The Han rows of a cluster, parted by first character, on disk while it is open."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"rows-{number}" for number in range(BUCKETS)]
        self._files = [[FileIO(one, "w") for one in _columns(path)] for path in self._paths]
        self._waiting: list[tuple[int, ItemPostings]] = []
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        for path in self._paths:
            for column in _columns(path):
                column.unlink()

    def _close(self) -> None:
        for files in self._files:
            for file in files:
                file.close()

    def add(self, document: int, item: ItemPostings) -> None:
        """Take in one item; document numbers must ascend."""
        self._waiting.append((document, item))
        self._held += len(item.keys)
        if self._held >= _GROUP:
            self._part()

    def _part(self) -> None:
        rows = join_rows(self._waiting)
        self._waiting, self._held = [], 0
        buckets = BUCKET_OF.take(rows.keys >> 16)
        order = np.argsort(buckets, kind="stable")
        keys, values = rows.keys.take(order), rows.values.take(order)
        ends = buckets.take(order).searchsorted(_BUCKETS, "right").tolist()
        for (of_keys, of_values), start, end in zip(self._files, [0, *ends], ends, strict=False):
            _write(of_keys, keys[start:end])
            _write(of_values, values[start:end])

    def parted(self) -> list[Path]:
        """Where the rows of each bucket lie, in the order of their terms: ``read_bucket`` gives them."""
        if self._waiting:
            self._part()
        self._close()
        return self._paths


def _columns(path: Path) -> tuple[Path, Path]:
    """The files of a bucket: its keys and its values."""
    return path.with_suffix(".keys"), path.with_suffix(".values")


def _write(file: FileIO, column: NDArray[Any]) -> None:
    view = column.view(np.uint8).data
    try:
        while view:
            view = view[file.write(view) :]
    except OSError as error:  # which names no file
        error.filename = file.name
        raise


def read_bucket(path: Path) -> Rows:
    """The rows of one bucket."""
    keys, values = _columns(path)
    return Rows(np.frombuffer(keys.read_bytes(), np.uint32), np.frombuffer(values.read_bytes(), np.uint64))


def batches(rows: Rows, of_body: Ints, size: int) -> Iterator[Postings]:
    """Sort rows by term, field, document and give them as postings, whole terms, about ``size`` rows at a time.

    Args:
        of_body: how many passages of each document belong to its body.
    """
    order = _order(rows, of_body)
    start = 0
    while start < len(order):
        end = len(order)
        if start + size < end:
            last = order[start + size - 1] | np.uint64(0xFFFFFFFF)
            end = int(np.searchsorted(order, last, "right"))
        yield _postings(order[start:end], rows.values)
        start = end


def _order(rows: Rows, of_body: Ints) -> NDArray[np.uint64]:
    """Term, field and number of each row in one number, sorted."""
    segments = (rows.values >> np.uint64(16)).astype(np.uint16)
    beyond_body = (of_body + SHORT).astype(np.uint16).take((rows.values >> np.uint64(32)).view(np.int64))
    order = rows.keys.astype(np.uint64)
    order <<= np.uint64(32 - _ROW)
    order |= np.minimum(segments, BODY).astype(np.uint8) + (segments >= beyond_body)
    order <<= np.uint64(_ROW)
    order |= np.arange(len(order), dtype=np.uint64)
    return sort_by_digits(order, (_ROW, np.uint8), (32, np.uint16), (48, np.uint16))


def _postings(order: NDArray[np.uint64], values: NDArray[np.uint64]) -> Postings:
    """The postings of rows: ``order`` gives term, field and place in ``values`` of each."""
    values = values.take((order & _NUMBER).view(np.int64))
    heads = order & ~_NUMBER  # term, field and document: what rows of one posting have in common
    heads |= values >> np.uint64(32)
    starts = np.flatnonzero(changes(heads))
    heads = heads.take(starts)
    fields = (heads >> np.uint64(_ROW)).astype(np.uint8) & np.uint8(7)
    spreads = np.diff(starts, append=len(order)).astype(np.int32)
    spreads *= fields >= BODY
    until = totals(values.astype(np.uint16))
    segments = (values >> np.uint64(16)).astype(np.uint16)
    return Postings(
        (heads >> np.uint64(32)).astype(np.uint32),
        fields,
        (heads & _NUMBER).astype(np.int32),
        np.diff(until.take(starts), append=until[-1]).astype(np.int32),
        spreads,
        segments.take(np.flatnonzero(segments >= SHORT)).astype(np.int32) - np.int32(SHORT),
    )


def join_postings(parts: Iterable[Postings], strings: Sequence[str] = ()) -> Postings:
    """Postings one after the other; their term keys must speak of the same ``strings``."""
    held = list(parts)
    return Postings(
        np.concatenate([part.terms for part in held]),
        np.concatenate([part.fields for part in held]),
        np.concatenate([part.documents for part in held]),
        np.concatenate([part.frequencies for part in held]),
        np.concatenate([part.spreads for part in held]),
        np.concatenate([part.places for part in held]),
        strings,
    )


def select(postings: Postings, chosen: Ints) -> Postings:
    """The postings at these indices, in this order, with their places."""
    starts = np.cumsum(postings.spreads) - postings.spreads
    spreads = postings.spreads[chosen]
    offsets = np.arange(int(spreads.sum())) - np.repeat(np.cumsum(spreads) - spreads, spreads)
    places = postings.places[np.repeat(starts[chosen], spreads) + offsets]
    return Postings(
        postings.terms[chosen],
        postings.fields[chosen],
        postings.documents[chosen],
        postings.frequencies[chosen],
        spreads,
        places,
        postings.strings,
    )
