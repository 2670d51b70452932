"""Fingerprints of what is withheld: windows of its texts, and its names whole. Pure.

A *needle* is a name shorter than a window (a title, a number, an address), matched
whole. What is found is told in *keys*: a key is the hash of a window or stands for a needle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from generator.clearance.anchors import Anchors, OwnedAnchors, anchors_of_names, windows_of
from generator.clearance.folding import (
    WINDOW,
    Places,
    Short,
    Spans,
    Words,
    fold,
    fold_together,
    shortened,
    spans,
    spans_at,
)
from generator.clearance.keytable import KeyTable, among, order_of, portions, repeated, runs
from generator.clearance.needles import SIZES, Needle, base_of, needles_of

_PIECE = 100_000
"""Characters that are hashed at a time: their hashes take 24 times the room."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)

_Number = TypeVar("_Number", bound=np.generic)


class ItemPrints(NamedTuple):
    """The fingerprints of one withheld item."""

    id: str
    windows: Words
    """In no order; some may be there twice."""
    needles: tuple[Needle, ...]
    anchors: Anchors


def prints_of(item_id: str, texts: Iterable[str], names: Iterable[str], whole: Iterable[str] = ()) -> ItemPrints:
    """Windows of an item's texts and names, and needles of its names.

    ``whole`` are names of which a part says nothing, such as addresses and digests: they are needles only.
    """
    read, named, only = [*texts], [*names], [*whole]
    codes, starts = fold_together([*read, *named, *only])
    windows, anchors = windows_of(codes[: starts[len(read) + len(named)]])
    codes, starts = codes[starts[len(read)] :], starts[len(read) :] - starts[len(read)]
    firsts, sizes, all_spans = starts[:-1], np.diff(starts) - 1, spans(codes)
    of_names = anchors_of_names(shortened(codes), all_spans.four, firsts, sizes)
    needles = tuple(sorted(needles_of(all_spans, firsts, sizes)))
    return ItemPrints(item_id, windows, needles, of_names._replace(texts=anchors))


class Fingerprints:
    """The fingerprints of everything withheld, ready to be looked for."""

    def __init__(self, items: Sequence[ItemPrints]) -> None:
        ordered = sorted(items, key=lambda one: one.id)
        self.ids = tuple(one.id for one in ordered)
        keys, self._window_owner = _owned([one.windows for one in ordered])
        self._windows = KeyTable(keys)
        needles = sorted({(one, number) for number, of in enumerate(ordered) for one in of.needles})
        self._needle_owner = {one.key: number for one, number in reversed(needles)}
        self._needles = _needle_sets([one for one, _ in needles])
        self._anchors = OwnedAnchors([one.anchors for one in ordered])

    @cached_property
    def digest(self) -> str:
        """Of all keys: clean files are remembered under it."""
        digest = hashlib.sha256(self._windows.keys.data)
        digest.update(repr(sorted(self._needle_owner)).encode())
        return digest.hexdigest()

    def __len__(self) -> int:
        return int(self._windows.keys.size) + len(self._needle_owner)

    @property
    def longest(self) -> int:
        """The most folded characters that anything has which is looked for."""
        return max(WINDOW, *(one.length for of in self._needles for one in of.needles()), 0)

    def reach(self, text: str) -> int:
        """So many folded characters at either end of a text show whatever stands half in it and half beside it.

        Of a name that reaches further the first span or the last stands whole in the text, which most texts have not.
        """
        return self.longest if self._needles[-1].ends_in(spans(fold(text))) else WINDOW

    def __getstate__(self) -> dict[str, object]:
        # the table is made again on the far side: it is larger than its keys
        # what is made of the others is as well
        kept = {name: value for name, value in self.__dict__.items() if name != "keys"}
        return kept | {"_windows": self._windows.keys, "digest": self.digest}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        keys = state["_windows"]
        assert isinstance(keys, np.ndarray)
        self._windows = KeyTable(keys)

    def hits(self, text: str) -> Words:
        """The keys of all fingerprints that stand in ``text``, sorted, each once."""
        if not len(self):
            return np.empty(0, np.uint64)
        codes = fold(text)
        found = []
        longest = self.longest
        for start in range(0, max(codes.size, 1), _PIECE):  # what is looked for stands whole in one of them
            all_spans = spans(codes[start : start + _PIECE + longest])
            found += [self._windows.standing_in(all_spans.sixteen)]
            found += [needles.standing_in(all_spans) for needles in self._needles]
        return once(np.concatenate(found))

    def windows_at(self, codes: Short, starts: Places) -> tuple[Places, Words]:
        """The windows that begin at these places of a folded text: places and keys, side by side."""
        whole = starts.compress(starts <= codes.size - WINDOW)
        hashes = spans_at(codes, whole, 2)
        at = self._windows.places(hashes)
        return whole.take(at), hashes.take(at)

    def names_at(self, codes: Short, starts: Places, shortest: int, longest: int) -> tuple[Places, Words]:
        """The same of needles of ``shortest`` to ``longest`` characters, as an anchor is of some lengths only."""
        found = [(starts[:0], np.empty(0, np.uint64))]
        for needles, low, high in zip(self._needles, (4, 8, 16), (7, 15, longest), strict=True):
            if low <= longest and high >= shortest:
                found.append(needles.standing_at(codes, starts))
        return np.concatenate([places for places, _ in found]), np.concatenate([keys for _, keys in found])

    def unexplained(self, keys: Words, texts: Iterable[str]) -> Words:
        """``keys`` (sorted, each once) without those that stand in any of ``texts``."""
        for text in texts:
            if not keys.size:
                break
            all_spans = spans(fold(text))
            found = [KeyTable(keys).standing_in(all_spans.sixteen)]
            if self._needle_owner and bool(among(keys, self._needle_keys()).any()):
                found += [needles.standing_in(all_spans) for needles in self._needles]
            keys = without(keys, once(np.concatenate(found)))
        return keys

    def known(self, keys: Words) -> Words:
        """Those of ``keys`` that are looked for."""
        kept: Words = keys.compress(among(keys, self._windows.keys) | among(keys, self._needle_keys()))
        return kept

    def _needle_keys(self) -> Words:
        return np.sort(np.fromiter(self._needle_owner, np.uint64, len(self._needle_owner)))

    def without(self, standing: Words) -> Fingerprints:
        """But for these keys (sorted, each once): what proves nothing need not be looked for."""
        return self.parted(standing)[0]

    def parted(self, standing: Words) -> tuple[Fingerprints, Fingerprints]:
        """Those that are left ``without`` them, and those taken out: these cannot be looked for, without anchors."""
        needles, windows = self._needle_keys(), self._among_windows(standing)
        left = self._only(~windows, set(without(needles, standing).tolist()), self._anchors)
        return left, self._only(windows, set(within(needles, standing).tolist()), OwnedAnchors([]))

    def joined_with(self, taken: Fingerprints) -> Fingerprints:
        """What was ``parted``."""
        places = np.searchsorted(self._windows.keys, taken._windows.keys)
        windows = np.insert(self._windows.keys, places, taken._windows.keys)
        owners = np.insert(self._window_owner, places, taken._window_owner)
        needles = {one for prints in (self, taken) for of in prints._needles for one in of.needles()}
        return self._with(windows, owners, self._needle_owner | taken._needle_owner, needles, self._anchors)

    def _among_windows(self, standing: Words) -> NDArray[np.bool_]:
        """Which windows they are: few beside all."""
        keys = self._windows.keys
        found = np.zeros(keys.size, np.bool_)
        if keys.size:
            places = np.minimum(np.searchsorted(keys, standing), keys.size - 1)
            found[places.compress(keys.take(places) == standing)] = True
        return found

    @property
    def anchors(self) -> Anchors:
        """Of every item that owns a key, and of others; some belong to no key that is left."""
        return self._anchors.of_all

    @cached_property
    def keys(self) -> Words:
        """Every key, sorted, each once."""
        return once(np.concatenate([self._windows.keys, self._needle_keys()]))

    def narrowed(self, keys: Words) -> Fingerprints:
        """These keys alone, to be looked for among many texts at less cost."""
        keys = once(keys)
        kept, wanted = among(self._windows.keys, keys), set(within(self._needle_keys(), keys).tolist())
        owners = np.zeros(len(self.ids), np.bool_)
        owners[self._window_owner[kept]] = True
        owners[[self._needle_owner[key] for key in wanted]] = True
        return self._only(kept, wanted, self._anchors.of(owners))

    def _only(self, kept: NDArray[np.bool_], wanted: Set[int], anchors: OwnedAnchors) -> Fingerprints:
        """These windows, and these needles."""
        owner = {key: owner for key, owner in self._needle_owner.items() if key in wanted}
        needles = [one for of in self._needles for one in of.needles() if one.key in wanted]
        return self._with(self._windows.keys[kept], self._window_owner[kept], owner, needles, anchors)

    def _with(
        self,
        windows: Words,
        window_owner: NDArray[np.uint32],
        needle_owner: Mapping[int, int],
        needles: Iterable[Needle],
        anchors: OwnedAnchors,
    ) -> Fingerprints:
        """Others, of the same items."""
        other = Fingerprints([])
        other.ids, other._anchors = self.ids, anchors
        other._windows, other._window_owner = KeyTable(windows), window_owner
        other._needle_owner, other._needles = dict(needle_owner), _needle_sets(sorted(needles))
        return other

    def owners(self, keys: Words) -> tuple[str, ...]:
        """The withheld items to which these keys belong."""
        numbers = {self._needle_owner[int(key)] for key in keys if int(key) in self._needle_owner}
        places = np.searchsorted(self._windows.keys, keys)
        for place, key in zip(places, keys, strict=True):
            if place < self._windows.keys.size and self._windows.keys[place] == key:
                numbers.add(int(self._window_owner[place]))
        return tuple(self.ids[number] for number in sorted(numbers))

    def is_needle(self, key: int) -> bool:
        """Whether a key stands for a name matched whole."""
        return key in self._needle_owner


def once(words: NDArray[_Number]) -> NDArray[_Number]:
    """Sorted, each once.

    Quicker than ``np.unique`` for the few hundred that a page has; and that loads ``numpy.ma`` in each process.
    """
    if words.size < 2:
        return words
    ordered = np.sort(words)
    kept: NDArray[_Number] = ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]
    return kept


def without(words: Words, taken: Words) -> Words:
    """``words`` without ``taken``; ``taken`` is sorted."""
    kept: Words = words.compress(~among(words, taken))
    return kept


def within(words: Words, kept: Words) -> Words:
    """Those of ``words`` that are in ``kept``, which is sorted."""
    left: Words = words.compress(among(words, kept))
    return left


def _owned(parts: Sequence[Words]) -> tuple[Words, NDArray[np.uint32]]:
    """All keys, sorted, each once, with the number of the first part that has it."""
    if not parts:
        return np.empty(0, np.uint64), np.empty(0, np.uint32)
    owner = np.repeat(np.arange(len(parts), dtype=np.uint32), [part.size for part in parts])
    keys = np.concatenate(parts)
    order = order_of(keys)
    keys = keys.take(order)
    first = np.ones(keys.size, np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first], owner.take(order[first])


def _needle_sets(needles: Sequence[Needle]) -> tuple[_NeedleSet, ...]:
    return tuple(_NeedleSet([one for one in needles if base_of(one.length) == base], base) for base in range(3))


class _NeedleSet:
    """Needles that are looked up by spans of one size.

    Numbers of documents begin alike by the hundred: where one may begin, each length that such a needle may have is
    asked for once, and not each needle.
    """

    def __init__(self, needles: Sequence[Needle], base: int) -> None:
        self._base = base
        self._size = SIZES[base]
        self._needles = needles
        # the leading bits of a span of four are its last character alone, so heads are mixed before they are looked up
        heads = np.array([one.head for one in needles], np.uint64) * _FACTOR
        lengths = np.array([one.length for one in needles], np.int64)
        tails = np.array([one.tail for one in needles], np.uint64)
        self._tails = np.sort(tails)
        wholes = _whole(heads, lengths, tails)
        order = np.argsort(wholes, kind="stable")
        self._wholes = wholes.take(order)
        self._keys = np.array([one.key for one in needles], np.uint64).take(order)
        order = np.lexsort((lengths, heads))
        heads, lengths = heads.take(order), lengths.take(order)
        kinds = np.flatnonzero(np.append(True, (np.diff(heads) != 0) | (np.diff(lengths) != 0))[: heads.size])
        self._lengths = lengths.take(kinds)
        begun, self._firsts, self._counts = runs(heads.take(kinds))
        self._heads = KeyTable(begun)

    def needles(self) -> Sequence[Needle]:
        """Every needle of the set."""
        return self._needles

    def ends_in(self, all_spans: Spans) -> bool:
        """Whether the first or the last span of a needle stands in the text."""
        hashes = all_spans[self._base]
        heads = self._heads.places(hashes * _FACTOR)
        return bool(heads.size or among(hashes, self._tails).any())

    def standing_in(self, all_spans: Spans) -> Words:
        """Keys of the needles that stand in the text."""
        hashes = all_spans[self._base]
        if not self._needles or not hashes.size:
            return hashes[:0]
        found = [hashes[:0]]
        for at, heads, lengths in self._begun(hashes * _FACTOR, hashes.size + self._size):
            found.append(once(self._same(heads, lengths, hashes.take(at + lengths - self._size))[1]))
        return once(np.concatenate(found))

    def standing_at(self, codes: Short, starts: Places) -> tuple[Places, Words]:
        """Keys of the needles that begin at these places of a folded text, beside the places."""
        within = starts.compress(starts <= codes.size - self._size)
        found = [(within[:0], np.empty(0, np.uint64))]
        if self._needles and within.size:
            mixed = spans_at(codes, within, self._base) * _FACTOR
            for at, heads, lengths in self._begun(mixed, codes.size + 1, within):
                same, keys = self._same(heads, lengths, spans_at(codes, at + lengths - self._size, self._base))
                found.append((at.take(same), keys))
        return np.concatenate([places for places, _ in found]), np.concatenate([keys for _, keys in found])

    def _begun(self, mixed: Words, end: int, starts: Places | None = None) -> Iterator[tuple[Places, Words, Places]]:
        """Where a needle may begin, its head, and a length with which it ends before ``end``; some at a time.

        ``starts`` are the places of ``mixed`` in the text, where it is not of all of them.
        """
        known = self._heads.places(mixed)
        heads = mixed.take(known)
        at = known if starts is None else starts.take(known)
        which = np.searchsorted(self._heads.keys, heads)
        firsts, counts = self._firsts.take(which), self._counts.take(which)
        for start, stop in portions(counts):
            places, nth = repeated(counts[start:stop])
            lengths = self._lengths.take(firsts[start:stop].take(places) + nth)
            whole = at[start:stop].take(places) + lengths < end
            places = places.compress(whole)
            yield at[start:stop].take(places), heads[start:stop].take(places), lengths.compress(whole)

    def _same(self, heads: Words, lengths: Places, tails: Words) -> tuple[Places, Words]:
        """Which of these are needles, and their keys."""
        asked = _whole(heads, lengths, tails)
        places = np.minimum(np.searchsorted(self._wholes, asked), self._wholes.size - 1)
        same = np.flatnonzero(self._wholes.take(places) == asked)
        return same, self._keys.take(places.take(same))


def _whole(heads: Words, lengths: Places, tails: Words) -> Words:
    """What a needle is told by as one word: two that differ agree by chance as rarely as two windows do."""
    mixed: Words = heads ^ (heads >> np.uint64(32))
    mixed += tails
    mixed *= _FACTOR
    mixed ^= mixed >> np.uint64(29)
    mixed += lengths.view(np.uint64)
    return mixed
