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
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.clearance.anchors import LONG, MIDDLE, SHORTEST, NameAnchors
from generator.clearance.fingerprints import Fingerprints
from generator.clearance.folding import FACTORS, SEPARATOR, Places, Short, Words, anchors_of, plain_table
from generator.clearance.keytable import portions, repeated, runs

_AT_ONCE = 1 << 18
"""Characters that are looked through as one array."""
_FEWEST_BITS = 16
_MOST_BITS = 26
_ODD, _DROPPED = 0xFFFD, 0xFFFE
"""Folded codes of what is compared in a way of its own, and of what is not compared."""
_USUAL = ("…", unicodedata.normalize("NFKC", "…"))
"""What is nearly always the one character in a text that must be written out."""
_BREAK = 0xFFF9
"""Stands between texts, and for a separator in a text: in no fingerprint."""
_WORD = 64
_OPENED, _CLOSED = ord("<"), ord(">")


class Passage(NamedTuple):
    """A text to look through."""

    text: str
    exact: bool = False
    """Texts that are not read as one are parted in it, so that whatever is found in it stands there."""


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
        return self._found([one.text for one in passages], _Joined)

    def find_in_markup(self, pages: Sequence[str]) -> Found:
        """What stands in each of many pieces of markup without comments: in its text, and in each of its tags."""
        return self._found(pages, _JoinedMarkup)

    def _found(self, texts: Sequence[str], join: type[_Joined]) -> Found:
        found = [Found(np.empty(0, np.int64), np.empty(0, np.uint64), frozenset())]
        if len(self._prints):
            found += [self._find(start, some, join) for start, some in _batches(texts)]
        return Found(
            np.concatenate([one.passages for one in found]),
            np.concatenate([one.keys for one in found]),
            frozenset(chain.from_iterable(one.odd for one in found)),
        )

    def _find(self, start: int, given: Sequence[str], join: type[_Joined]) -> Found:
        """The same of a few, of which the first has the number ``start``."""
        usual, written = _USUAL
        texts = [text.replace(usual, written) if usual in text else text for text in given]
        joined = join(texts)
        odd = joined.torn()
        if strange := joined.strange():
            for number, characters in strange.items():
                spelt = _spelt(texts[number], characters)
                texts[number] = spelt or ""
                if spelt is None:
                    odd.add(number)
        if strange or odd:
            joined = join(["" if number in odd else text for number, text in enumerate(texts)])
        found = [*self._standing_in(joined.codes)]
        places = np.concatenate([one for one, _ in found])
        keys = np.concatenate([one for _, one in found])
        owners = joined.owners(places) + start if places.size else places
        return Found(owners, keys, frozenset(number + start for number in odd))

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
    mixed = words.astype(np.uint64)
    mixed *= np.uint64(FACTORS[0])
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(FACTORS[1])
    return mixed


class _Joined:
    """Texts as one folded array."""

    behind = SEPARATOR
    """Stands behind each text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._codes, self._ends = _encoded(texts, self.behind)
        self._folded = self._table().take(self._codes)
        self._kept = self._folded < _DROPPED
        self.codes = self._taken()

    def _table(self) -> Short:
        return _table()

    def _taken(self) -> Short:
        return self._folded.compress(self._kept)

    def torn(self) -> set[int]:
        """Texts in which it is not sure what is a tag."""
        return set()

    def strange(self) -> dict[int, set[str]]:
        """Texts that cannot be read together with others, with the characters that are why."""
        odd = np.flatnonzero(self._folded == _ODD)
        found: dict[int, set[str]] = {}
        owners = np.searchsorted(self._ends, odd, side="right")
        for owner, code in zip(owners.tolist(), self._codes.take(odd).tolist(), strict=True):
            found.setdefault(owner, set()).add(chr(code))
        return found

    def owners(self, places: Places) -> Places:
        """The texts in which places of ``codes`` lie."""
        owners: Places = np.searchsorted(np.cumsum(self._sizes(self._kept)), places, side="right")
        return owners

    def _sizes(self, kept: NDArray[np.bool_]) -> Places:
        """How many characters are kept of each text."""
        edges = pairwise([0, *self._ends.tolist()])
        return np.array([np.count_nonzero(kept[start:end]) for start, end in edges], np.int64)


class _JoinedMarkup(_Joined):
    """Pieces of markup as one folded array: first the text of each, then the tags of each, all of them apart."""

    behind = f"{SEPARATOR}<>"
    """With a tag: where all angles are those of tags, those of each piece are."""

    def _table(self) -> Short:
        return _table_of_markup()

    def _taken(self) -> Short:
        self._opened, self._closed = self._codes == _OPENED, self._codes == _CLOSED
        # From the first angle on, and up to the second, so that one of them is left to part a tag from the next.
        self._within = _toggled(self._opened | self._closed)
        self._text, self._tags = self._kept > self._within, self._kept & self._within
        return np.concatenate((self._folded.compress(self._text), self._folded.compress(self._tags)))

    def torn(self) -> set[int]:
        if not ((self._opened > self._within) | (self._closed & self._within)).any():
            return set()
        angles = np.flatnonzero(self._opened | self._closed)
        whose = np.searchsorted(self._ends, angles, side="right")
        nth = np.arange(whose.size) - np.searchsorted(whose, whose)
        return set(whose.compress(self._opened.take(angles) != (nth % 2 == 0)).tolist())

    def owners(self, places: Places) -> Places:
        sizes = np.concatenate((self._sizes(self._text), self._sizes(self._tags)))
        owners: Places = np.searchsorted(np.cumsum(sizes), places, side="right") % self._ends.size
        return owners


def _toggled(edges: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of each place whether the number of edges up to it, itself included, is odd: told of 64 places at once."""
    packed = np.zeros(-(-edges.size // _WORD), np.uint64)
    packed.view(np.uint8)[: -(-edges.size // 8)] = np.packbits(edges, bitorder="little")
    for shift in (1, 2, 4, 8, 16, 32):
        packed ^= packed << np.uint64(shift)
    before = np.bitwise_xor.accumulate(packed >> np.uint64(_WORD - 1))
    packed[1:] ^= np.negative(before[:-1])
    return np.unpackbits(packed.view(np.uint8), count=edges.size, bitorder="little").view(np.bool_)


def _encoded(texts: Sequence[str], behind: str) -> tuple[Short, Places]:
    """The texts as one, each with something behind it, and where each of them ends."""
    joined = f"{behind.join(texts)}{behind}"
    codes = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), np.uint16)
    if codes.size == len(joined):
        return codes, np.cumsum([len(text) + len(behind) for text in texts])
    # Characters beyond the first plane are two code units.
    return codes, np.cumsum([len(text.encode("utf-16-le", "surrogatepass")) // 2 + len(behind) for text in texts])


@cache
def _table() -> Short:
    """Code unit → folded code, ``_DROPPED``, or ``_ODD`` for what is not folded one by one."""
    folded, dropped, hard = plain_table()
    short = np.where(folded >= _BREAK, _ODD, folded).astype(np.uint16)
    short[hard] = _ODD
    short[dropped] = _DROPPED
    # Surrogates; and letters that NFKC joins with those that follow, as soon as it is applied to any of them.
    short[0xD800:0xE000] = _ODD
    short[0x0300:0x0370] = short[0x0900:0x1200] = short[0x1B00:0x1C00] = _ODD
    short[ord(SEPARATOR)] = _BREAK
    return short


@cache
def _table_of_markup() -> Short:
    """The same where a tag is parted from the next."""
    table = _table().copy()
    table[_OPENED] = _BREAK
    return table


def _spelt(text: str, characters: set[str]) -> str | None:
    """With characters that become several written out (… as three dots); ``None`` if that depends on others."""
    for one in characters:
        written = unicodedata.normalize("NFKC", one)
        codes = [ord(character) for character in written]
        if len(written) < 2 or max(codes) > 0xFFFF or (_table().take(codes) == _ODD).any():
            return None
        text = text.replace(one, written)
    return text
