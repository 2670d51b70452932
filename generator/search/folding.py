"""What characters count as the same: one table, made here, read by both tokenisers. Pure.

Folding works code point by code point and looks at no neighbour, so that Python and
JavaScript cannot disagree whatever Unicode version each of them knows: compatibility
forms become plain ones (Ａ → A, ㈠ → (一)), letters lose case and diacritics, traditional
Han become simplified (OpenCC), marks and invisible characters vanish. What a letter or
digit is stands in the same table. The client reads ``encode_folding``'s bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import starmap
from typing import Final, NamedTuple, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

OTHER: Final = 0
"""Separates words."""
WORD: Final = 1
"""A letter or digit that is no Han: a word is a run of them."""
HAN: Final = 2
"""Taken in overlapping pairs."""
COMPLEX: Final = 3
"""Folds to nothing or to several characters: looked up in ``Folding.several``."""

HAN_RANGES: Final = (
    (0x3005, 0x3005),
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
_FOLDED_RANGES: Final = (
    (0x0000, 0x33FF),
    (0xA000, 0xABFF),
    (0xD7A4, 0xD7FF),
    (0xF900, 0x1FFFF),
    (0x2F800, 0x2FA1F),
    (0xE0000, 0xE01EF),
)
"""Outside them (Han, Hangul, private use, unassigned) a character changes only from traditional to simplified."""
_WORD_RANGES: Final = tuple(sorted((*_FOLDED_RANGES, (0xAC00, 0xD7A3))))
_WORD: Final = re.compile(r"[^\W_]+")
_ROW: Final = 16
_TRADITIONAL_RANGES: Final = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))
_INVISIBLE: Final = frozenset(("Mn", "Me", "Cf"))
_Dumped: TypeAlias = tuple[bytes, bytes, dict[int, str], tuple[tuple[int, int], ...], bytes]
_BREAK: Final = "\n"
"""Is no suspect, and in no decomposition."""


class Folding(NamedTuple):
    """The table: arrays over all code points."""

    single: NDArray[np.uint32]
    """What each code point becomes; itself by default."""
    kind: NDArray[np.uint8]
    """Of the *folded* character; ``COMPLEX`` where ``several`` has it."""
    several: dict[int, str]
    """What becomes of a ``COMPLEX`` one; for ``str.translate``."""
    word_ranges: tuple[tuple[int, int], ...]
    encoded: bytes = b""
    """For the client, where it is known; see ``encode_folding``."""

    def fold(self, text: str) -> str:
        """The folded text; a lone surrogate stays as it is."""
        return self.codes(text).tobytes().decode("utf-32-le", "surrogatepass")

    def codes(self, text: str) -> NDArray[np.uint32]:
        """The folded code points."""
        folded, kinds = self.look_up(text)
        if kinds.max(initial=OTHER) == COMPLEX:
            return self.codes(text.translate(self.several))
        return folded

    def look_up(self, text: str) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """What each code point of ``text`` becomes, and of what kind that is; ``COMPLEX`` ones are left as they are."""
        places = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.intp)
        return self.single.take(places), self.kind.take(places)


@cache
def folding() -> Folding:
    """The table of this Python's Unicode and of OpenCC's dictionary (made once a process, which takes 0.03 s)."""
    single: dict[int, int] = {}
    several: dict[int, str] = {}
    for code, target in _changes():
        if len(target) == 1:
            single[code] = ord(target)
        else:
            several[code] = target
    codes, targets = (np.fromiter(column, "<u4", len(single)) for column in (single.keys(), single.values()))
    return _table(codes, targets, several, tuple(_words()))


def dump_folding(table: Folding) -> bytes:
    """The table for ``load_folding``, which takes a fifth of the time that making one takes."""
    codes = np.flatnonzero(table.single != np.arange(0x110000, dtype=np.uint32)).astype("<u4")
    columns = codes.tobytes(), table.single[codes].astype("<u4").tobytes()
    return msgspec.msgpack.encode((*columns, table.several, table.word_ranges, encode_folding(table)))


def load_folding(data: bytes) -> Folding:
    """Undo ``dump_folding``; raises ``msgspec.DecodeError`` for bytes of another kind."""
    codes, targets, several, words, encoded = msgspec.msgpack.decode(data, type=_Dumped)
    table = _table(np.frombuffer(codes, "<u4"), np.frombuffer(targets, "<u4"), several, words)
    return table._replace(encoded=encoded)


def _table(
    codes: NDArray[np.uint32],
    targets: NDArray[np.uint32],
    several: dict[int, str],
    words: tuple[tuple[int, int], ...],
) -> Folding:
    single = np.arange(0x110000, dtype=np.uint32)
    single[codes] = targets
    base = np.zeros(0x110000, np.uint8)
    for first, last in words:
        base[first : last + 1] = WORD
    for first, last in HAN_RANGES:
        base[first : last + 1] = HAN
    kind = base[single]
    kind[list(several)] = COMPLEX
    return Folding(single, kind, several, words)


def _characters(first: int, last: int) -> str:
    return np.arange(first, last + 1, dtype="<u4").tobytes().decode("utf-32-le")


def _words() -> Iterator[tuple[int, int]]:
    """Runs of letters and digits: of what regular expressions call words, without what only joins them."""
    for first, last in _WORD_RANGES:
        for run in _WORD.finditer(_characters(first, last)):
            yield first + run.start(), first + run.end() - 1


def _changes() -> Iterator[tuple[int, str]]:
    simplified = _simplified()
    suspects = _suspects()
    # All at once: nothing reaches across the breaks between them, neither order nor the form of a last letter.
    plain = unicodedata.normalize("NFKD", _BREAK.join(suspects))
    lowered = unicodedata.normalize("NFKD", plain.lower())
    kinds = {one: unicodedata.category(one) for one in {*lowered}}
    for source, spelt in zip(suspects, lowered.split(_BREAK), strict=True):
        target = _folded(spelt, simplified, kinds)
        if target != source:
            yield ord(source), target
    yield from ((ord(source), target) for source, target in simplified.items())


def _suspects() -> list[str]:
    """Every character that may change, but for traditional ones, and some that do not.

    Most stand in rows of which none does, which is seen at once.
    """
    found: list[str] = []
    for first, last in _FOLDED_RANGES:
        characters = _characters(first, last)
        for row in (characters[start : start + _ROW] for start in range(0, len(characters), _ROW)):
            if not unicodedata.is_normalized("NFKD", row) or row.lower() != row:
                found += row
            elif not row.isalnum():
                kinds = [*map(unicodedata.category, row)]
                if not _INVISIBLE.isdisjoint(kinds):
                    found += [one for one, kind in zip(row, kinds, strict=True) if kind in _INVISIBLE]
    return found


def _folded(spelt: str, simplified: Mapping[str, str], kinds: Mapping[str, str]) -> str:
    """What becomes of a character that is ``spelt`` so, decomposed and lower case."""
    if len(spelt) == 1:
        return "" if kinds[spelt] in _INVISIBLE else simplified.get(spelt, spelt)
    kept = [simplified.get(one, one) for one in spelt if kinds[one] not in _INVISIBLE]
    if not any(unicodedata.category(one)[0] in "LN" or one in "()[]" for one in kept):
        # Only its being a separator matters, and one separator is as good as another.
        return (kept[0] if len(kept) == 1 else " ") if kept else ""
    return "".join(kept)


def _simplified() -> dict[str, str]:
    """Traditional → simplified, one character for one, both in the basic plane."""
    from opencc import OpenCC

    sources = "".join(starmap(_characters, _TRADITIONAL_RANGES))
    targets = OpenCC("t2s").convert(_BREAK.join(sources)).split(_BREAK)
    pairs = zip(sources, targets, strict=True)
    return {
        source: target for source, target in pairs if source != target and len(target) == 1 and target < "\U00010000"
    }


def encode_folding(table: Folding) -> bytes:
    """The table for the client: variable-length numbers, runs of regular changes taken together.

    Word ranges as (gap, length); then runs of single changes as (gap, step, count, signed
    difference to the target); then the others as (gap, number of characters, the characters).
    """
    if table.encoded:
        return table.encoded
    out = bytearray()
    _put(out, len(table.word_ranges))
    end = 0
    for first, last in table.word_ranges:
        _put(out, first - end)
        _put(out, last - first)
        end = last
    changed = np.flatnonzero(table.single != np.arange(0x110000, dtype=np.uint32)).tolist()
    runs = list(_regular([(code, int(table.single[code]) - code) for code in changed if code not in table.several]))
    _put(out, len(runs))
    end = 0
    for first, step, count, difference in runs:
        _put(out, first - end)
        _put(out, (count - 1) << 1 | (step - 1))
        _put(out, (difference << 1) ^ (difference >> 63))
        end = first + step * (count - 1)
    _put(out, len(table.several))
    end = 0
    for code, target in sorted(table.several.items()):
        _put(out, code - end)
        _put(out, len(target))
        for one in target:
            _put(out, ord(one))
        end = code
    return bytes(out)


def _put(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _regular(changes: list[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Runs of the same difference at every code point, or at every second one (Aa Bb …)."""
    index = 0
    while index < len(changes):
        first, difference = changes[index]
        step = 0
        last = index
        while last + 1 < len(changes) and changes[last + 1][1] == difference:
            gap = changes[last + 1][0] - changes[last][0]
            if gap > 2 or (step and gap != step):
                break
            step = gap
            last += 1
        yield first, step or 1, last - index + 1, difference
        index = last + 1


def unfolded_exceptions(table: Folding) -> str:
    """Characters of GB 2312 beyond ASCII that folding changes, in order.

    Every JavaScript engine can list GB 2312 (by decoding it). A text of ASCII and of that
    set less these folds by lowering ASCII alone, and the client needs no table for it.
    """
    every = bytes(byte for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF) for byte in (high, low))
    codes = np.frombuffer(every.decode("gb2312", "ignore").encode("utf-32-le"), np.uint32)
    return "".join(sorted(map(chr, codes[table.single[codes] != codes].tolist())))
