"""Text → tokens, the same in Python and JavaScript. Pure.

A run of Han gives its overlapping pairs (a lone one gives itself); any other run of
letters and digits is one word; all else separates. Two kinds of reference give one
token more, so that every spelling of it is found: a document number ``〔2016〕13号`` →
``#2016-13`` and an article ``第五十四条`` → ``#54条``. Folding comes first (``folding``).

``tokens`` is the definition; ``scan`` says the same in bulk, for indexing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.search.folding import HAN, WORD, Folding

_YEAR: Final = "((?:19|20)[0-9]{2})"
DOCUMENT_NUMBER: Final = (
    r"(?:[〔\[(【] {0,2}" + _YEAR + r" {0,2}[〕\])】] {0,2}|(?<![0-9])" + _YEAR + " {0,2}(?:年| ) {0,2})"
    "(?:第 {0,2})?([0-9]{1,5}) {0,2}号"
)
ARTICLE: Final = "第 {0,2}([0-9]{1,5}|[〇零一二三四五六七八九十百千]{1,9}) {0,2}条"
_DOCUMENT_NUMBER = re.compile(DOCUMENT_NUMBER)
_ARTICLE = re.compile(ARTICLE)
_DOCUMENT_NUMBER_END = re.compile(DOCUMENT_NUMBER + r"\Z")
_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_NUMBER_MARK: Final = ord("号")
LONGEST_WORD: Final = 64
"""Code points; what is longer is no word and is cut."""
_WINDOW: Final = 32
"""Longer than any reference."""


@lru_cache(8192)
def chinese_number(text: str) -> int:
    """``五十四`` → 54, ``一〇二`` → 102; plain digits too. Every string of numerals has a value."""
    if text.isdecimal():
        return int(text)
    total = current = 0
    for character in text:
        if character in _UNITS:
            total += (current or 1) * _UNITS[character]
            current = 0
        else:
            current = current * 10 + _DIGITS[character]
    return total + current


def _document_number(match: re.Match[str]) -> str:
    return f"#{match[1] or match[2]}-{int(match[3])}"


def _article(match: re.Match[str]) -> str:
    return f"#{chinese_number(match[1])}条"


def tokens(text: str, table: Folding) -> list[str]:
    """The tokens of ``text``: those of its runs in reading order, then its references."""
    folded = table.fold(text)
    found = [token for kind, run in _runs(folded, table) for token in _of_run(kind, run)]
    found += map(_document_number, _DOCUMENT_NUMBER.finditer(folded))
    found += map(_article, _ARTICLE.finditer(folded))
    return found


def query_tokens(text: str, table: Folding) -> list[str]:
    """The same for a query: an article is looked up by its number alone, so that 第五十四条 and 第54条 are alike."""
    folded = table.fold(text)
    articles = list(map(_article, _ARTICLE.finditer(folded)))
    return tokens(_ARTICLE.sub(" ", folded), table) + articles


def _runs(folded: str, table: Folding) -> Iterator[tuple[int, str]]:
    kinds = [int(table.kind[ord(character)]) for character in folded]
    start = 0
    for end in range(1, len(folded) + 1):
        if end == len(folded) or kinds[end] != kinds[start]:
            if kinds[start] in (HAN, WORD):
                yield kinds[start], folded[start:end]
            start = end


def _of_run(kind: int, run: str) -> list[str]:
    if kind == WORD or len(run) == 1:
        return [run[:LONGEST_WORD]]
    return [run[index : index + 2] for index in range(len(run) - 1)]


class Scan(NamedTuple):
    """The tokens of a folded text with their places (index of their first code point, or of their end)."""

    keys: NDArray[np.uint32]
    """Han terms of the basic plane: first ``<< 16`` | second, or 0 for a lone one."""
    places: NDArray[np.int64]
    """One for each key."""
    words: list[tuple[str, int]]
    """All other tokens."""


def scan(codes: NDArray[np.uint32], table: Folding) -> Scan:
    """What ``tokens`` finds in the text of ``codes``, already folded."""
    kind = table.kind[codes]
    han = np.zeros(len(codes) + 2, bool)
    np.equal(kind, HAN, out=han[1:-1])
    here, following, before = han[1:-1], han[2:], han[:-2]
    pairs = np.flatnonzero(here & following)
    lone = np.flatnonzero(here & ~following & ~before)
    words: list[tuple[str, int]] = []
    text = codes.tobytes().decode("utf-32-le", "surrogatepass")
    if codes.size and int(codes.max()) > 0xFFFF:
        beyond = codes > 0xFFFF
        odd = beyond[pairs] | beyond[np.minimum(pairs + 1, len(codes) - 1)]
        words += [(text[place : place + 2], place) for place in pairs[odd].tolist()]
        words += [(text[place], place) for place in lone[beyond[lone]].tolist()]
        pairs, lone = pairs[~odd], lone[~beyond[lone]]
    keys = np.concatenate(((codes[pairs] << 16) | codes[pairs + 1], codes[lone] << 16))
    word = np.zeros(len(codes) + 2, np.int8)
    np.equal(kind, WORD, out=word[1:-1].view(bool))
    edges = np.diff(word)
    starts, ends = np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist()
    words += [(text[start : min(end, start + LONGEST_WORD)], start) for start, end in zip(starts, ends, strict=True)]
    words += _references(codes, text)
    return Scan(keys, np.concatenate((pairs, lone)), words)


def _references(codes: NDArray[np.uint32], text: str) -> Iterator[tuple[str, int]]:
    # A reference holds its mark once, at its end, and begins within a window before it.
    for place in np.flatnonzero(codes == _NUMBER_MARK).tolist():
        if text[place - 1 : place].isdecimal() or text[place - 1 : place] == " ":
            match = _DOCUMENT_NUMBER_END.search(text, max(0, place - _WINDOW), place + 1)
            if match is not None:
                yield _document_number(match), place
    for match in _ARTICLE.finditer(text):
        yield _article(match), match.end() - 1
