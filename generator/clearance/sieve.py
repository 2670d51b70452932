"""The sieve: many texts at once → which fingerprints stand in which of them. Pure.

It answers what ``Fingerprints.hits`` answers for each text, at a tenth of the cost, because it
reads a few dozen files as one array and looks at every fourth place only. A window of
16 characters holds, wherever it stands, one span of 12 that begins at a multiple of four: these
spans are the *anchors*. A name shorter than that is anchored by spans of four, or of two. Where an
anchor stands, the windows and names around it are compared in full, so nothing is found that does
not stand there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.clearance.anchors import LONG, MIDDLE, SHORTEST, NameAnchors
from generator.clearance.fingerprints import Fingerprints, once
from generator.clearance.folding import FACTORS, Places, Short, Words, anchors_of
from generator.clearance.joined import USUAL, Joined, JoinedData, JoinedMarkup, spelt
from generator.clearance.keytable import mostly_once, portions, repeated, runs

_AT_ONCE = 1 << 18
"""Characters that are looked through as one array."""
_FEWEST_BITS = 16
_MOST_BITS = 26


class Form(Enum):
    """What a passage is, and so what of it is said together."""

    TEXT = Joined
    DATA = JoinedData
    MARKUP = JoinedMarkup


class Passage(NamedTuple):
    """A text to look through."""

    text: str
    exact: bool = False
    """Texts that are not read as one are parted in it, so that whatever is found in it stands there."""
    form: Form = Form.TEXT


class Found(NamedTuple):
    """Pairs of a passage's number and a key that stands in it, and the passages that must be read one by one."""

    passages: Places
    keys: Words
    odd: frozenset[int]
    """With characters that are compared in a way of their own, or with angles that are no tag's."""


class Sieve:
    """Fingerprints, made ready for many texts at once."""

    def __init__(self, prints: Fingerprints) -> None:
        self._prints = prints
        anchors = prints.anchors
        self._texts = _Bits(anchors.texts)
        self._long = _Names(anchors.long)
        self._middle = _Names(anchors.middle._replace(spans=_mixed(anchors.middle.spans)))
        self._pairs = _Bits(_mixed(anchors.two))

    def find(self, passages: Sequence[Passage]) -> Found:
        """What stands in each passage; of odd passages nothing is told."""
        places, keys, odd = [np.empty(0, np.int64)], [np.empty(0, np.uint64)], set[int]()
        for form in Form if len(self._prints) else ():
            numbers = [number for number, one in enumerate(passages) if one.form is form]
            for start, some in _batches([passages[number].text for number in numbers]):
                found = self._find(some, form.value)
                whose = np.array(numbers[start : start + len(some)], np.int64)
                places.append(whose.take(found.passages))
                keys.append(found.keys)
                odd |= {numbers[start + number] for number in found.odd}
        return Found(np.concatenate(places), np.concatenate(keys), frozenset(odd))

    def keys_in(self, texts: Iterable[str]) -> Words:
        """What stands in any of these texts, sorted, each once."""
        passages = [Passage(text) for text in texts if text]
        found = self.find(passages)
        odd = (self._prints.hits(passages[number].text) for number in sorted(found.odd))
        keys = np.concatenate([found.keys, *odd])
        return once(keys[mostly_once(keys)])  # thousands of items have some of it in common

    def _find(self, given: Sequence[str], join: type[Joined]) -> Found:
        """The same of a few."""
        usual, written = USUAL
        texts = [text.replace(usual, written) if usual in text else text for text in given]
        joined = join(texts)
        odd = joined.torn()
        if strange := joined.strange():
            for number, characters in strange.items():
                as_spelt = spelt(texts[number], characters)
                texts[number] = as_spelt or ""
                if as_spelt is None:
                    odd.add(number)
        if strange or odd:
            joined = join(["" if number in odd else text for number, text in enumerate(texts)])
        found = [*self._standing_in(joined.codes)]
        places = np.concatenate([one for one, _ in found])
        keys = np.concatenate([one for _, one in found])
        return Found(joined.owners(places) if places.size else places, keys, frozenset(odd))

    def _standing_in(self, codes: Short) -> Iterator[tuple[Places, Words]]:
        """The places at which something begins, with its keys: looked for where an anchor stands."""
        prints, fours = self._prints, codes[: codes.size // 4 * 4].view(np.uint64)
        twelves = anchors_of(fours, 1)
        yield prints.windows_at(codes, _before(self._texts.places(twelves), 4))
        for starts in self._long.begins(twelves):
            yield prints.names_at(codes, starts, LONG, sys.maxsize)
        if self._middle.used:
            for starts in self._middle.begins(_mixed(fours)):
                yield prints.names_at(codes, starts, MIDDLE, LONG - 1)
        if self._pairs.used:
            pairs = codes[: codes.size // 2 * 2].view(np.uint32)
            yield prints.names_at(codes, _before(self._pairs.places(_mixed(pairs)), 2), SHORTEST, MIDDLE - 1)


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """As many at a time as stay near the processor, each time with the number of the first."""
    start = size = 0
    for number, text in enumerate(texts):
        size += len(text)
        if size >= _AT_ONCE:
            yield start, texts[start : number + 1]
            start, size = number + 1, 0
    if start < len(texts):
        yield start, texts[start:]


class _Bits:
    """Which hashes may be known: two tables over different bits, so that few strangers pass both."""

    def __init__(self, hashes: Words) -> None:
        self.used = bool(hashes.size)
        # At most an eighth of a table is taken, so that one stranger in 64 or fewer passes both.
        bits = min(max(int(hashes.size).bit_length() + 3, _FEWEST_BITS), _MOST_BITS)
        self._high = np.uint64(64 - bits)
        self._low = np.uint64(64 - 2 * bits)
        self._mask = np.int64((1 << bits) - 1)
        self._first = np.zeros(1 << bits if self.used else 1, np.bool_)
        self._second = self._first.copy()
        if self.used:
            self._first[self._leading(hashes)] = True
            self._second[self._next(hashes)] = True

    def _leading(self, hashes: Words) -> Places:
        leading: Places = (hashes >> self._high).view(np.int64)
        return leading

    def _next(self, hashes: Words) -> Places:
        following: Places = (hashes >> self._low).view(np.int64) & self._mask
        return following

    def places(self, hashes: Words) -> Places:
        """The places of those that may be known."""
        if not self.used or not hashes.size:
            return np.empty(0, np.int64)
        maybe = np.flatnonzero(self._first.take(self._leading(hashes), mode="wrap"))
        second = self._second.take(self._next(hashes.take(maybe)), mode="wrap")
        places: Places = maybe.compress(second)
        return places


class _Names:
    """The anchors of names, each with the places at which its name may begin."""

    def __init__(self, anchors: NameAnchors) -> None:
        order = np.lexsort((anchors.before, anchors.spans))
        self._before = anchors.before.take(order)
        self._spans, self._firsts, self._counts = runs(anchors.spans.take(order))
        self._bits = _Bits(self._spans)
        self.used = self._bits.used

    def begins(self, hashes: Words) -> Iterator[Places]:
        """Where a name may begin, given the hashes at every fourth place; not too many places at a time."""
        maybe = self._bits.places(hashes)
        if not maybe.size:
            return
        asked = hashes.take(maybe)
        which = np.minimum(np.searchsorted(self._spans, asked), self._spans.size - 1)
        known = self._spans.take(which) == asked
        maybe, which = maybe.compress(known), which.compress(known)
        ends, firsts, counts = maybe * 4, self._firsts.take(which), self._counts.take(which)
        for start, end in portions(counts):
            places, nth = repeated(counts[start:end])
            starts = ends[start:end].take(places) - self._before.take(firsts[start:end].take(places) + nth)
            yield starts.compress(starts >= 0)


def _before(blocks: Places, size: int) -> Places:
    """The places at which something may begin of which one of the first ``size`` spans is that block."""
    starts = (blocks[:, None] * size - np.arange(size)).ravel()
    kept: Places = starts.compress(starts >= 0)
    return kept


def _mixed(words: NDArray[np.unsignedinteger]) -> Words:
    mixed: Words = words * np.uint64(FACTORS[0])
    return mixed
