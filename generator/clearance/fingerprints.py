"""Fingerprints: hashes of every 16-character window of a text. Pure.

Text is *folded* first: NFKC, lower case, and without white space and invisible
characters, so that markup, line breaks, full-width forms and zero-width characters
hide nothing. A window is hashed by doubling (2, 4, 8, 16 characters), in whole
arrays; two equal windows always agree, and two different ones agree by chance once
in 2⁶⁴. Names shorter than a window (a title, a number) are *needles*, matched whole.
"""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WINDOW = 16
SEPARATOR = "\uffff"
"""A noncharacter between strings that are not read as one."""
SHORTEST_NEEDLE = 4
"""Folded characters; a shorter name (公示) says nothing about where it comes from."""

Words = NDArray[np.uint64]
Codes = NDArray[np.uint32]

_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
_DROP = 0xFFFFFFFF
_HARD = 0xFFFFFFFE
_FILTER_BITS = 22
_FOLDED = (
    (0x0, 0x3400),
    (0xA000, 0xAC00),
    (0xF900, 0x10000),
    (0x1D000, 0x1F800),
    (0x2F800, 0x2FA20),
    (0xE0000, 0xE0200),
)
"""Ranges of code points outside which every character stands for itself."""


@cache
def _table() -> Codes:
    """Code point → folded code point, ``_DROP``, or ``_HARD`` where one character becomes several."""
    table = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    for first, end in _FOLDED:
        for code in range(first, end):
            character = chr(code)
            folded = unicodedata.normalize("NFKC", character)
            if len(folded) == 1 and folded.isalpha():
                lower = folded.lower()
                table[code] = ord(lower) if len(lower) == 1 else ord(folded)
            elif unicodedata.category(character) in _INVISIBLE or _is_selector(code) or not folded.strip():
                table[code] = _DROP
            elif len(folded) > 1 or unicodedata.combining(character):
                table[code] = _HARD
            else:
                table[code] = ord(folded)
    return table


_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def _is_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or code == 0x034F


def fold(text: str) -> Codes:
    """The code points that are compared."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded: Codes = _table().take(codes)
    if folded.size and (folded == _HARD).any():
        codes = np.frombuffer(unicodedata.normalize("NFKC", text).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        folded = _table().take(codes)
        folded = np.where(folded == _HARD, codes, folded)
    kept: Codes = folded.compress(folded != _DROP)
    return kept


class Spans(NamedTuple):
    """Hashes of all spans of 4, 8 and 16 characters of one folded text, by their first position."""

    four: Words
    eight: Words
    sixteen: Words


def spans(codes: Codes) -> Spans:
    """Hash every span of a folded text."""
    if codes.size < 4:
        nothing = np.empty(0, np.uint64)
        return Spans(nothing, nothing, nothing)
    # Four characters of 16 bits are a word as they stand; those beyond the first plane lose their upper bits,
    # which can make two windows agree that differ, never two differ that agree.
    short = codes.astype(np.uint16)
    four: Words = np.ndarray((short.size - 3,), np.uint64, short.data, 0, (2,)).copy()
    eight = _double(four, 4, _ODD[0])
    return Spans(four, eight, _double(eight, 8, _ODD[1]))


def _double(hashes: Words, step: int, factor: int) -> Words:
    """From hashes of spans of ``step`` characters to those of twice as many."""
    if hashes.size <= step:
        return hashes[:0]
    doubled: Words = hashes[:-step] * np.uint64(factor)
    doubled += hashes[step:]
    doubled ^= doubled >> np.uint64(32)
    doubled *= np.uint64(factor)
    return doubled


def windows(text: str) -> Words:
    """Hashes of all 16-character windows of ``text``, in order."""
    return spans(fold(text)).sixteen


def _unbroken(text: str) -> Words:
    """The windows in which no ``SEPARATOR`` stands: one that spans two texts is no text of an item."""
    codes = fold(text)
    hashes = spans(codes).sixteen
    breaks = np.flatnonzero(codes == ord(SEPARATOR))
    if not breaks.size or not hashes.size:
        return hashes
    broken = np.zeros(codes.size + 1, np.int32)
    np.add.at(broken, np.maximum(breaks - WINDOW + 1, 0), 1)
    np.add.at(broken, breaks + 1, -1)
    kept: Words = hashes.compress(np.cumsum(broken)[: hashes.size] == 0)
    return kept


class Needle(NamedTuple):
    """A name matched whole: its length, and the hashes of its first and last span."""

    length: int
    head: int
    tail: int

    @property
    def key(self) -> int:
        """What stands for it among the hits."""
        mixed = f"{self.length}:{self.head}:{self.tail}".encode()
        return int.from_bytes(hashlib.blake2b(mixed, digest_size=8).digest(), "little")


def needle(name: str) -> Needle | None:
    """The needle of a name; ``None`` for one too short to mean anything."""
    codes = fold(name)
    if codes.size < SHORTEST_NEEDLE:
        return None
    all_spans = spans(codes)
    of_base = all_spans[_base(codes.size)]
    return Needle(int(codes.size), int(of_base[0]), int(of_base[-1]))


def _base(length: int) -> int:
    """Which of ``Spans`` a needle of that length is looked up by."""
    return 0 if length < 8 else 1 if length < 16 else 2


class ItemPrints(NamedTuple):
    """The fingerprints of one withheld item."""

    id: str
    windows: Words
    needles: tuple[Needle, ...]


def prints_of(item_id: str, texts: Iterable[str], names: Iterable[str]) -> ItemPrints:
    """Windows of an item's texts and of its names, and needles of its names."""
    names = tuple(names)
    found = [_unbroken(text) for text in (*texts, *names)]
    together = np.unique(np.concatenate(found)) if found else np.empty(0, np.uint64)
    needles = {one for name in names if (one := needle(name)) is not None}
    return ItemPrints(item_id, together, tuple(sorted(needles)))


class Fingerprints:
    """The fingerprints of everything withheld, ready to be looked for.

    ``hits`` gives *keys*: a key is the hash of a window or stands for a needle.
    """

    def __init__(self, items: Sequence[ItemPrints]) -> None:
        ordered = sorted(items, key=lambda one: one.id)
        self.ids = tuple(one.id for one in ordered)
        self._window_keys, self._window_owner = _owned([one.windows for one in ordered])
        needles = sorted({(one, number) for number, of in enumerate(ordered) for one in of.needles})
        self._needle_owner = {one.key: number for one, number in reversed(needles)}
        self._needles = tuple(
            _NeedleSet([one for one, _ in needles if _base(one.length) == base], base) for base in range(3)
        )
        self._filter = _filter_of(self._window_keys)
        digest = hashlib.sha256(self._window_keys.tobytes())
        digest.update(repr([one for one, _ in needles]).encode())
        self.digest = digest.hexdigest()

    def __len__(self) -> int:
        return int(self._window_keys.size) + len(self._needle_owner)

    def __reduce__(self) -> tuple[object, ...]:
        # the filter is made again on the far side: it is larger than the keys
        return (
            _restore,
            (self.ids, self._window_keys, self._window_owner, self._needle_owner, self._needles, self.digest),
        )

    def hits(self, text: str) -> Words:
        """The keys of all fingerprints that stand in ``text``, sorted, each once."""
        if not len(self):
            return np.empty(0, np.uint64)
        all_spans = spans(fold(text))
        found = [_members(self._window_keys, self._filter, all_spans.sixteen)]
        found += [needles.hits(all_spans) for needles in self._needles]
        return np.unique(np.concatenate(found))

    def unexplained(self, keys: Words, texts: Iterable[str]) -> Words:
        """``keys`` without those that stand in any of ``texts``."""
        for text in texts:
            if not keys.size:
                break
            keys = np.setdiff1d(keys, self.hits(text), assume_unique=True)
        return keys

    def narrowed(self, keys: Words) -> Fingerprints:
        """These keys alone, to be looked for among many texts at less cost."""
        wanted = set(keys.tolist())
        kept = np.isin(self._window_keys, keys)
        needles = [one for of in self._needles for one in of.needles() if one.key in wanted]
        return _restore(
            self.ids,
            self._window_keys[kept],
            self._window_owner[kept],
            {key: owner for key, owner in self._needle_owner.items() if key in wanted},
            tuple(_NeedleSet([one for one in needles if _base(one.length) == base], base) for base in range(3)),
            self.digest,
        )

    def owners(self, keys: Words) -> tuple[str, ...]:
        """The withheld items to which these keys belong."""
        numbers = {self._needle_owner[int(key)] for key in keys if int(key) in self._needle_owner}
        places = np.searchsorted(self._window_keys, keys)
        for place, key in zip(places, keys, strict=True):
            if place < self._window_keys.size and self._window_keys[place] == key:
                numbers.add(int(self._window_owner[place]))
        return tuple(self.ids[number] for number in sorted(numbers))

    def is_needle(self, key: int) -> bool:
        """Whether a key stands for a name matched whole."""
        return key in self._needle_owner


def _restore(
    ids: tuple[str, ...],
    window_keys: Words,
    window_owner: NDArray[np.uint32],
    needle_owner: dict[int, int],
    needles: tuple[_NeedleSet, ...],
    digest: str,
) -> Fingerprints:
    made = Fingerprints.__new__(Fingerprints)
    made.ids = ids
    made._window_keys, made._window_owner = window_keys, window_owner
    made._needle_owner, made._needles, made.digest = needle_owner, needles, digest
    made._filter = _filter_of(window_keys)
    return made


def _owned(parts: Sequence[Words]) -> tuple[Words, NDArray[np.uint32]]:
    """All keys, sorted, each once, with the number of the first part that has it."""
    if not parts:
        return np.empty(0, np.uint64), np.empty(0, np.uint32)
    owner = np.repeat(np.arange(len(parts), dtype=np.uint32), [part.size for part in parts])
    keys, first = np.unique(np.concatenate(parts), return_index=True)
    return keys, owner[first]


def _filter_of(keys: Words) -> NDArray[np.bool_]:
    """Whether any key has these leading bits: most windows of clean text are told by it alone."""
    known = np.zeros(1 << _FILTER_BITS, np.bool_)
    known[_leading(keys)] = True
    return known


def _leading(keys: Words) -> NDArray[np.int64]:
    leading: NDArray[np.int64] = (keys >> np.uint64(64 - _FILTER_BITS)).view(np.int64)
    return leading


def _members(keys: Words, known: NDArray[np.bool_], asked: Words) -> Words:
    if not keys.size or not asked.size:
        return asked[:0]
    maybe = asked.compress(known.take(_leading(asked), mode="wrap"))
    if not maybe.size:
        return maybe
    places = np.minimum(np.searchsorted(keys, maybe), keys.size - 1)
    members: Words = maybe.compress(keys.take(places) == maybe)
    return members


class _NeedleSet:
    """Needles that are looked up by spans of one size."""

    def __init__(self, needles: Sequence[Needle], base: int) -> None:
        self._base = base
        self._size = (4, 8, 16)[base]
        self._heads = np.unique(np.array([one.head for one in needles], np.uint64))
        self._known = np.zeros(1 << 16, np.bool_)
        self._known[self._short(self._heads)] = True
        self._by_head: dict[int, list[Needle]] = {}
        for one in needles:
            self._by_head.setdefault(one.head, []).append(one)

    def needles(self) -> list[Needle]:
        """Every needle of the set."""
        return [one for of_head in self._by_head.values() for one in of_head]

    @staticmethod
    def _short(hashes: Words) -> NDArray[np.int64]:
        # the lowest 16 bits are the first character of a span of four, so mix before cutting
        short: NDArray[np.int64] = ((hashes * np.uint64(_ODD[0])) >> np.uint64(48)).view(np.int64)
        return short

    def hits(self, all_spans: Spans) -> Words:
        """Keys of the needles that stand in the text."""
        hashes = all_spans[self._base]
        if not self._heads.size or not hashes.size:
            return hashes[:0]
        maybe = np.flatnonzero(self._known.take(self._short(hashes), mode="wrap"))
        maybe = maybe[np.isin(hashes[maybe], self._heads)]
        found: set[int] = set()
        for position in maybe.tolist():
            for one in self._by_head[int(hashes[position])]:
                last = position + one.length - self._size
                if last < hashes.size and int(hashes[last]) == one.tail:
                    found.add(one.key)
        return np.array(sorted(found), np.uint64)
