"""Shards of the last build + changed documents → the shards of this one. Pure, but for the reader it is given.

Only shards that hold a changed term are read, mended and cut again. Cutting goes on into the
following shards until it meets an old cut that does not depend on what comes after it; from
there on everything is as it was. The result is that of a build from nothing, byte for byte.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

import numpy as np

from generator.search.bits import Ints
from generator.search.directory import Listed
from generator.search.names import content_name, shard_path
from generator.search.postings import ItemPostings, WordPostings
from generator.search.rows import BUCKET_OF, BUCKETS, WordRows, batches, bucket_of, join_postings, join_rows, select
from generator.search.shards import Postings, Shard, decode_shard, encode_shards

_ALL: Final = 1 << 29


class Change(NamedTuple):
    """One document that is new, gone or other than it was."""

    number: int
    old: ItemPostings | None
    new: ItemPostings | None


class Measures(NamedTuple):
    """What shards are read and written with."""

    old_passages: Ints
    passages: Ints
    of_body: Ints
    bits: int


class Updated(NamedTuple):
    """The shards of one half of the directory after the update."""

    listed: list[Listed]
    written: dict[bytes, bytes]
    """Name and bytes of the new ones."""
    mended: list[Postings]
    """The postings of the ranges that were cut again."""
    touched: Collection[int] | Collection[str]
    """The terms whose postings changed."""


class _Gathered(NamedTuple):
    """The postings of several runs, and the least term key of each run."""

    postings: Postings
    lows: Ints


class _Run(NamedTuple):
    """Neighbouring shards that are cut again together: ``low`` to ``high``, exclusive."""

    low: int
    high: int


def update_han(
    listed: Sequence[Listed], changes: Sequence[Change], measures: Measures, read: Callable[[str], bytes]
) -> Updated:
    """Mend the shards of Han terms; raises ``ValueError`` when an old shard is damaged."""
    touched = np.concatenate([_changed_keys(change) for change in changes]) if changes else np.zeros(0, np.int64)
    keys = np.unique(touched).tolist()
    rows = join_rows([(change.number, change.new) for change in changes if change.new is not None])
    added = join_postings([*batches(rows, measures.of_body, _ALL)] or [_NOTHING])
    firsts = [shard.first for shard in listed]
    places = {max(0, bisect_right(firsts, key) - 1) for key in keys}
    mender = _Mender(listed, {change.number for change in changes}, measures, read)

    def gather(runs: Sequence[_Run]) -> _Gathered:
        lows, highs = _bounds(runs, firsts, 0, 1 << 32)
        run_of = np.searchsorted(lows, added.terms, "right") - 1
        inside = np.flatnonzero((run_of >= 0) & (added.terms < np.array(highs)[run_of]))
        return _Gathered(merge([*mender.olds(runs), select(added, inside)]), np.array(lows))

    return mender.mend(places, keys, gather, lambda run, key: Listed(key, "", b"", False))


def update_words(
    listed: Sequence[Listed], changes: Sequence[Change], measures: Measures, read: Callable[[str], bytes]
) -> Updated:
    """Mend the shards of words; raises ``ValueError`` when an old shard is damaged."""
    rows = WordRows()
    touched: set[str] = set()
    for change in changes:
        touched |= _changed_words(change)
        if change.new is not None:
            rows.add(change.number, change.new)
    words = rows.sorted()
    added = join_postings([*batches(words.rows, measures.of_body, _ALL)] or [_NOTHING], words.strings)
    firsts = [shard.word for shard in listed]
    places = {max(0, bisect_right(firsts, word) - 1) for word in touched}
    mender = _Mender(listed, {change.number for change in changes}, measures, read)

    def gather(runs: Sequence[_Run]) -> _Gathered:
        lows, highs = _bounds(runs, firsts, "", "\U0010ffff" * 65)
        run_of = [bisect_right(lows, word) - 1 for word in words.strings]
        inside = np.array(
            [run >= 0 and word < highs[run] for run, word in zip(run_of, words.strings, strict=True)], bool
        )
        chosen = np.flatnonzero(inside[added.terms]) if len(added.terms) else np.zeros(0, np.int64)
        parts = [*mender.olds(runs), select(added, chosen)]
        strings = sorted({word for part in parts for word in part.strings})
        ranks = {word: rank for rank, word in enumerate(strings)}
        merged = merge([_ranked(part, ranks) for part in parts])
        return _Gathered(merged._replace(strings=strings), np.array([bisect_left(strings, low) for low in lows]))

    return mender.mend(places, touched, gather, lambda run, key: Listed(0, run.strings[key], b"", False))


T = TypeVar("T", int, str)


def _bounds(runs: Sequence[_Run], firsts: Sequence[T], least: T, beyond: T) -> tuple[list[T], list[T]]:
    """The least term of each run, and the least that comes after it."""
    lows = [least if run.low == 0 else firsts[run.low] for run in runs]
    return lows, [firsts[run.high] if run.high < len(firsts) else beyond for run in runs]


def merge(parts: Sequence[Postings]) -> Postings:
    """Postings that are in order each, in order together."""
    joined = join_postings([part._replace(strings=()) for part in parts])
    place = joined.terms.astype(np.uint64) << 32 | joined.fields.astype(np.uint64) << 29
    # A stable sort of what is sorted in long stretches is a merge.
    return select(joined, np.argsort(place | joined.documents.astype(np.uint64), kind="stable"))


_NONE = np.zeros(0, np.int64)
_NOTHING = Postings(np.zeros(0, np.uint32), np.zeros(0, np.uint8), _NONE, _NONE, _NONE, _NONE)


def _ranked(postings: Postings, ranks: dict[str, int]) -> Postings:
    table = np.array([ranks[word] for word in postings.strings], np.uint32)
    terms = table[postings.terms] if len(postings.terms) else postings.terms
    return postings._replace(terms=terms, strings=())


def _changed_keys(change: Change) -> Ints:
    """Terms whose postings differ: all of both versions when the passages were counted anew."""
    old, new = change.old, change.new
    if old is None or new is None or (old.passages, old.of_body) != (new.passages, new.of_body):
        return np.concatenate([side.keys for side in (old, new) if side is not None]).astype(np.int64)
    before, after = (
        (side.keys.astype(np.uint64) << 32) | (side.segments.astype(np.uint64) << 16) | side.counts
        for side in (old, new)
    )
    return (np.setxor1d(before, after) >> 32).astype(np.int64)


def _changed_words(change: Change) -> set[str]:
    old, new = change.old, change.new
    if old is None or new is None or (old.passages, old.of_body) != (new.passages, new.of_body):
        return {word for side in (old, new) if side is not None for word in side.words.strings}
    return {word for word, _, _ in _word_rows(old.words) ^ _word_rows(new.words)}


def _word_rows(words: WordPostings) -> set[tuple[str, int, int]]:
    named = (words.strings[place] for place in words.places.tolist())
    return set(zip(named, words.segments.tolist(), words.counts.tolist(), strict=True))


class _Mender:
    """Reads old shards, replaces the postings of changed documents, cuts anew."""

    def __init__(
        self, listed: Sequence[Listed], documents: set[int], measures: Measures, read: Callable[[str], bytes]
    ) -> None:
        self._listed = listed
        self._changed = np.zeros(max([len(measures.old_passages), *(number + 1 for number in documents)]), bool)
        self._changed[sorted(documents)] = True
        self._measures = measures
        self._read = read
        self._held: dict[int, Postings] = {}

    def olds(self, runs: Sequence[_Run]) -> list[Postings]:
        """The old shards of these runs without the postings of changed documents."""
        return [self._old(index) for run in runs for index in range(run.low, run.high)]

    def _old(self, index: int) -> Postings:
        if index not in self._held:
            data = self._read(shard_path(self._listed[index].name))
            postings = decode_shard(data, self._measures.old_passages)
            gone = self._changed[postings.documents]
            self._held[index] = select(postings, np.flatnonzero(~gone)) if gone.any() else postings
        return self._held[index]

    def mend(
        self,
        places: Iterable[int],
        touched: Collection[int] | Collection[str],
        gather: Callable[[Sequence[_Run]], _Gathered],
        describe: Callable[[Postings, int], Listed],
    ) -> Updated:
        """Cut the shards at ``places`` again, and as many beside them as it takes."""
        waiting = self._widened(_runs(places, len(self._listed)))
        done: dict[_Run, list[Listed]] = {}
        written: dict[bytes, bytes] = {}
        mended: list[Postings] = []
        while waiting:
            postings, lows = gather(waiting)
            mended.append(postings)
            cut = self._cut(postings, lows)
            longer: list[_Run] = []
            for run, shards in zip(waiting, cut, strict=True):
                if shards and not shards[-1].closed and not self._ends_anyway(run.high, shards[-1].last):
                    longer.append(_Run(run.low, run.high + 1))
                    continue
                done[run] = [self._entry(shard, describe(postings, shard.first), written) for shard in shards]
            waiting = _joined(longer, done)
        listed: list[Listed] = []
        at = 0
        for run, entries in sorted(done.items()):
            listed += self._listed[at : run.low]
            listed += entries
            at = run.high
        listed += self._listed[at:]
        return Updated(listed, written, mended, touched)

    def _cut(self, postings: Postings, lows: Ints) -> list[list[Shard]]:
        """The shards of each run."""
        by_words = len(postings.strings) > 0

        def groups(keys: Ints) -> Ints:
            run_of: Ints = np.searchsorted(lows, keys, "right")
            return run_of if by_words else run_of * BUCKETS + BUCKET_OF[keys >> 16]

        shards: list[list[Shard]] = [[] for _ in lows]
        for shard in encode_shards(postings, self._measures.passages, self._measures.bits, groups):
            shards[int(np.searchsorted(lows, shard.first, "right")) - 1].append(shard)
        return shards

    @staticmethod
    def _entry(shard: Shard, described: Listed, written: dict[bytes, bytes]) -> Listed:
        name = content_name(shard.data)
        written[name] = shard.data
        return Listed(described.first, described.word, name, shard.closed)

    def _ends_anyway(self, end: int, last: int) -> bool:
        """Whether a cut stands before shard ``end`` whatever its terms are; ``last`` is the term before it."""
        if end >= len(self._listed):
            return True
        after = self._listed[end]
        return not after.word and bucket_of(last) != bucket_of(after.first)

    def _widened(self, runs: list[_Run]) -> list[_Run]:
        """Runs that begin where a cut stands whatever becomes of their first term."""
        widened: list[_Run] = []
        for low, high in runs:
            while (
                low > 0 and not self._listed[low - 1].closed and not self._ends_anyway(low, self._listed[low - 1].first)
            ):
                low -= 1
            if widened and widened[-1].high >= low:
                low = min(low, widened[-1].low)
                high = max(high, widened.pop().high)
            widened.append(_Run(low, high))
        return widened


def _runs(places: Iterable[int], count: int) -> list[_Run]:
    """Neighbouring places taken together."""
    runs: list[_Run] = []
    for place in sorted(places):
        if runs and runs[-1].high == place:
            runs[-1] = _Run(runs[-1].low, place + 1)
        else:
            runs.append(_Run(place, min(place + 1, count)))
    return runs


def _joined(longer: Iterable[_Run], done: dict[_Run, list[Listed]]) -> list[_Run]:
    """Runs that grew, taken together with those that they have reached, which are cut once more."""
    joined: list[_Run] = []
    for run in longer:
        if joined and run.low <= joined[-1].high:
            run = _Run(joined[-1].low, max(joined.pop().high, run.high))
        joined.append(run)
    met: list[_Run] = []
    for run in joined:
        for other in [one for one in done if (run.low < one.high and one.low < run.high) or one.low == run.high]:
            del done[other]
            run = _Run(min(run.low, other.low), max(run.high, other.high))
        if met and run.low <= met[-1].high:
            run = _Run(met[-1].low, max(met.pop().high, run.high))
        met.append(run)
    return met
