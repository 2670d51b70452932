"""Many items' postings → sorted postings of a range of terms. Effects: spills to a given folder.

All (term, document, segment) rows of a cluster do not fit in memory, so they are parted by
the first character of the term into buckets on disk, and each bucket is sorted by itself.
Memory grows with the largest bucket, not with the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from generator.search.bits import Ints
from generator.search.postings import ATTACHMENTS, BODY, SHORT, ItemPostings, WordPostings
from generator.search.shards import Postings

HEADS: Final = tuple(
    map(
        ord,
        "三且为事五人以会作信公关决判务十单发合员品国城失定家展干府当得成投损收新明期村核民法消物生登的监禁第算织罪育行要议请资进部门隐",
    )
)
"""First characters at which a bucket begins, and therefore a shard too: about equal shares of ordinary text."""
BUCKETS: Final = len(HEADS) + 1
_GROUP: Final = 200_000
"""Rows that are parted at a time."""
BUCKET_OF = np.searchsorted(np.array(HEADS), np.arange(0x10000), side="right").astype(np.uint8)
_NONE = np.zeros(0, np.uint16)
_RECORD = np.dtype([("key", "<u4"), ("document", "<u4"), ("segment", "<u2"), ("count", "<u2")])


def bucket_of(key: int) -> int:
    """The bucket of a Han term."""
    return int(BUCKET_OF[key >> 16])


class Rows(NamedTuple):
    """One element each (term, document, segment), in the order of documents and segments."""

    keys: NDArray[np.uint32]
    documents: NDArray[np.uint32]
    segments: NDArray[np.uint16]
    counts: NDArray[np.uint16]


class Words(NamedTuple):
    """Rows of the terms that are no pairs of Han; keys are places in ``strings``."""

    rows: Rows
    strings: tuple[str, ...]


def join_rows(items: Sequence[tuple[int, ItemPostings]]) -> Rows:
    """The Han rows of items, given with their document numbers in ascending order."""
    sizes = [len(item.keys) for _, item in items]
    return Rows(
        np.concatenate([item.keys for _, item in items]) if items else np.zeros(0, np.uint32),
        np.repeat(np.array([number for number, _ in items], np.uint32), sizes),
        np.concatenate([item.segments for _, item in items]).astype(np.uint16) if items else np.zeros(0, np.uint16),
        np.concatenate([item.counts for _, item in items]).astype(np.uint16) if items else np.zeros(0, np.uint16),
    )


class WordRows:
    """Collects the word rows of items in the order of their document numbers."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._parts: list[tuple[int, NDArray[np.uint32], WordPostings]] = []

    def add(self, document: int, item: ItemPostings) -> None:
        """Take in the words of one item."""
        numbers, words = self._numbers, item.words
        if words.strings:
            known = np.array([numbers.setdefault(word, len(numbers)) for word in words.strings], np.uint32)
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
            np.repeat(
                np.array([document for document, _, _ in parts], np.uint32),
                [numbers.size for _, numbers, _ in parts],
            ),
            np.concatenate([words.segments for _, _, words in parts]),
            np.concatenate([words.counts for _, _, words in parts]),
        )
        return Words(rows, tuple(strings))


class Buckets:
    """The Han rows of a cluster, parted by first character, on disk while it is open."""

    def __init__(self, folder: Path) -> None:
        self._files: list[BinaryIO] = [(folder / f"rows-{number}").open("w+b") for number in range(BUCKETS)]
        self._waiting: list[tuple[int, ItemPostings]] = []
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files:
            file.close()
            Path(file.name).unlink()

    def add(self, document: int, item: ItemPostings) -> None:
        """Take in one item; document numbers must ascend."""
        self._waiting.append((document, item))
        self._held += len(item.keys)
        if self._held >= _GROUP:
            self._part()

    def _part(self) -> None:
        rows = join_rows(self._waiting)
        self._waiting, self._held = [], 0
        buckets = BUCKET_OF[rows.keys >> 16]
        order = np.argsort(buckets, kind="stable")
        records = np.empty(len(order), _RECORD)
        records["key"], records["document"] = rows.keys[order], rows.documents[order]
        records["segment"], records["count"] = rows.segments[order], rows.counts[order]
        ends = np.cumsum(np.bincount(buckets, minlength=BUCKETS)).tolist()
        for file, start, end in zip(self._files, [0, *ends], ends, strict=False):
            if end > start:
                file.write(records[start:end].tobytes())

    def parted(self) -> list[Path]:
        """The file of each bucket, in the order of their terms: ``read_bucket`` gives its rows."""
        if self._waiting:
            self._part()
        for file in self._files:
            file.flush()
        return [Path(file.name) for file in self._files]


def read_bucket(path: Path) -> Rows:
    """The rows of one bucket."""
    records = np.frombuffer(path.read_bytes(), _RECORD)
    return Rows(records["key"], records["document"], records["segment"], records["count"])


def batches(rows: Rows, of_body: Ints, size: int) -> Iterator[Postings]:
    """Sort rows by term, field, document and give them as postings, whole terms, about ``size`` rows at a time.

    Args:
        of_body: how many passages of each document belong to its body.
    """
    segments = rows.segments.astype(np.int64)
    located = segments >= SHORT
    in_body = segments - SHORT < of_body[rows.documents]
    fields = np.where(located, np.where(in_body, BODY, ATTACHMENTS), segments).astype(np.uint8)
    order = _stable_order(rows.keys, fields)
    keys = rows.keys[order]
    term_starts = np.flatnonzero(np.concatenate(((True,), keys[1:] != keys[:-1])))
    start = 0
    while start < len(keys):
        reach = int(np.searchsorted(term_starts, start + size))
        end = int(term_starts[reach]) if reach < len(term_starts) else len(keys)
        part = order[start:end]
        yield _postings(keys[start:end], fields[part], rows.documents[part], segments[part], rows.counts[part])
        start = end


def _stable_order(keys: NDArray[np.uint32], fields: NDArray[np.uint8]) -> Ints:
    # One sort of plain numbers is several times as quick as a stable argsort.
    packed = (keys.astype(np.uint64) << 32) | (fields.astype(np.uint64) << 29) | np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    return (packed & 0x1FFFFFFF).astype(np.int64)


def _postings(
    keys: NDArray[np.uint32],
    fields: NDArray[np.uint8],
    documents: NDArray[np.uint32],
    segments: Ints,
    counts: NDArray[np.uint16],
) -> Postings:
    new = np.concatenate(
        ((True,), (keys[1:] != keys[:-1]) | (fields[1:] != fields[:-1]) | (documents[1:] != documents[:-1]))
    )
    starts = np.flatnonzero(new)
    located = fields >= BODY
    return Postings(
        keys[starts],
        fields[starts],
        documents[starts].astype(np.int64),
        np.add.reduceat(counts.astype(np.int64), starts),
        np.where(located[starts], np.diff(starts, append=len(keys)), 0),
        segments[located] - SHORT,
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
