"""Shards of the last build + changed documents → the shards of this one. Pure, but for the reader it is given.

Only shards that hold a changed term are read, mended and cut again. Cutting goes on into the
following shards until it meets an old cut that does not depend on what comes after it; from
there on everything is as it was. The result is that of a build from nothing, byte for byte.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from generator.search.bits import Ints
from generator.search.directory import Listed
from generator.search.names import content_name, shard_path
from generator.search.postings import ItemPostings, WordPostings
from generator.search.rows import BUCKET_OF, WordRows, batches, bucket_of, join_postings, join_rows, select
from generator.search.shards import Postings, decode_shard, encode_shards

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


class _Run(NamedTuple):
    """Neighbouring shards that are cut again together: ``low`` to ``high``, exclusive."""

    low: int
    high: int


def update_han(
    listed: Sequence[Listed], changes: Sequence[Change], measures: Measures, read: Callable[[str], bytes]
) -> Updated:
    """Mend the shards of Han terms; raises ``ValueError`` when an old shard is damaged."""
    touched = np.concatenate([_changed_keys(change) for change in changes]) if changes else np.zeros(0, np.uint32)
    rows = join_rows([(change.number, change.new) for change in changes if change.new is not None])
    added = join_postings([*batches(rows, measures.of_body, _ALL)] or [_NOTHING])
    firsts = [shard.first for shard in listed]
    keys = np.unique(touched).tolist()
    places = {max(0, bisect_right(firsts, key) - 1) for key in keys}
    mender = _Mender(listed, {change.number for change in changes}, measures, read)

    def gather(run: _Run) -> Postings:
        low = 0 if run.low == 0 else firsts[run.low]
        high = firsts[run.high] if run.high < len(firsts) else 1 << 32
        inside = np.flatnonzero((added.terms >= low) & (added.terms < high))
        return mender.merge([mender.old(index) for index in range(run.low, run.high)], select(added, inside))

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
    added = join_postings([*batches(words.rows, measures.of_body, _ALL)] or [_NOTHING])
    firsts = [shard.word for shard in listed]
    places = {max(0, bisect_right(firsts, word) - 1) for word in touched}
    mender = _Mender(listed, {change.number for change in changes}, measures, read)

    def gather(run: _Run) -> Postings:
        low = "" if run.low == 0 else firsts[run.low]
        inside = np.array(
            [low <= word and (run.high >= len(firsts) or word < firsts[run.high]) for word in words.strings], bool
        )
        chosen = np.flatnonzero(inside[added.terms]) if len(added.terms) else np.zeros(0, np.int64)
        old = [mender.old(index) for index in range(run.low, run.high)]
        strings = sorted({*(word for part in old for word in part.strings), *words.strings})
        ranks = {word: rank for rank, word in enumerate(strings)}
        fresh = select(added._replace(strings=words.strings), chosen)
        return mender.merge([_ranked(part, ranks) for part in old], _ranked(fresh, ranks))._replace(strings=strings)

    return mender.mend(places, touched, gather, lambda run, key: Listed(0, run.strings[key], b"", False))


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
        self._documents = np.array(sorted(documents), np.int64)
        self._measures = measures
        self._read = read
        self._held: dict[int, Postings] = {}

    def old(self, index: int) -> Postings:
        """An old shard without the postings of changed documents."""
        if index not in self._held:
            data = self._read(shard_path(self._listed[index].name))
            postings = decode_shard(data, self._measures.old_passages)
            kept = np.flatnonzero(~np.isin(postings.documents, self._documents))
            self._held[index] = select(postings, kept)
        return self._held[index]

    def merge(self, old: list[Postings], added: Postings) -> Postings:
        """Old and new postings in order."""
        joined = join_postings([*(part._replace(strings=()) for part in old), added._replace(strings=())])
        order = np.lexsort((joined.documents, joined.fields, joined.terms))
        return select(joined, order)

    def mend(
        self,
        places: Iterable[int],
        touched: Collection[int] | Collection[str],
        gather: Callable[[_Run], Postings],
        describe: Callable[[Postings, int], Listed],
    ) -> Updated:
        """Cut the shards at ``places`` again, and as many beside them as it takes."""
        runs = self._widened(_runs(places, len(self._listed)))
        done: dict[_Run, tuple[Postings, list[Listed]]] = {}
        written: dict[bytes, bytes] = {}
        while runs:
            run = runs.pop(0)
            postings = gather(run)
            shards = encode_shards(
                postings, self._measures.passages, self._measures.bits, None if postings.strings else BUCKET_OF
            )
            if shards and not shards[-1].closed and not self._ends_anyway(run.high, shards[-1].last):
                longer = _Run(run.low, run.high + 1)
                if runs and runs[0].low <= longer.high:
                    longer = _Run(run.low, max(longer.high, runs.pop(0).high))
                runs.insert(0, longer)
                continue
            entries = []
            for shard in shards:
                name = content_name(shard.data)
                written[name] = shard.data
                entry = describe(postings, shard.first)
                entries.append(Listed(entry.first, entry.word, name, shard.closed))
            done[run] = (postings, entries)
        listed: list[Listed] = []
        at = 0
        for run, (_, entries) in sorted(done.items()):
            listed += self._listed[at : run.low]
            listed += entries
            at = run.high
        listed += self._listed[at:]
        return Updated(listed, written, [postings for postings, _ in done.values()], touched)

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
