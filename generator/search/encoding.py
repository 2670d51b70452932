"""Rows of a range of terms → shards: the part of an index that many processes make. Effects: reads the spill folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from generator.search.bits import Ints
from generator.search.presence import Presence
from generator.search.rows import Rows, batches, join_postings, read_bucket, select
from generator.search.shards import Postings, Shard, encode_shards

_BATCH: Final = 300_000
"""Rows that are encoded at a time."""


class Extent(NamedTuple):
    """What every shard depends on beside its own rows."""

    passages: Ints
    """Of each document."""
    of_body: Ints
    """How many of them belong to its body."""
    bits: int
    """In which any document number fits."""


class BucketTask(NamedTuple):
    """A bucket to be encoded."""

    path: Path
    extent: Extent
    presence: Presence


class Encoded(NamedTuple):
    """The shards of a bucket, and the wanted terms that stand in them."""

    shards: list[Shard]
    present: frozenset[str]


Spread = Callable[[Callable[[BucketTask], Encoded], Iterable[BucketTask]], Iterable[Encoded]]


def encode_bucket(task: BucketTask) -> Encoded:
    """The shards of one bucket."""
    shards = list(encode_rows(read_bucket(task.path), task.extent, task.presence))
    return Encoded(shards, task.presence.found)


def encode_rows(rows: Rows, extent: Extent, presence: Presence, strings: tuple[str, ...] = ()) -> Iterator[Shard]:
    """The shards of rows. The last shard of a batch is cut again with the terms that follow."""
    waiting: Postings | None = None
    for batch in batches(rows, extent.of_body, _BATCH):
        if waiting is not None:
            *whole, last = encode_shards(waiting, extent.passages, extent.bits)
            yield from whole
            rest = select(waiting, np.flatnonzero(waiting.terms >= last.first))
            batch = join_postings((rest, batch))
        waiting = batch._replace(strings=strings)
        presence.note(waiting)
    if waiting is not None:
        yield from encode_shards(waiting, extent.passages, extent.bits)
