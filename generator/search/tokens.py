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
_NUMBER_MARK: Final = "号"
_BASIC: Final = 0xFFFF
"""Last of the basic plane."""
LONGEST_WORD: Final = 64
"""Code points; what is longer is no word and is cut."""
_WINDOW: Final = 32
"""Longer than any reference."""


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


@lru_cache(8192)
def _article(number: str) -> str:
    return f"#{chinese_number(number)}条"


def tokens(text: str, table: Folding) -> list[str]:
    """The tokens of ``text``: those of its runs in reading order, then its references."""
    folded = table.fold(text)
    found = [token for kind, run in _runs(folded, table) for token in _of_run(kind, run)]
    found += map(_document_number, _DOCUMENT_NUMBER.finditer(folded))
    found += map(_article, _ARTICLE.findall(folded))
    return found


def query_tokens(text: str, table: Folding) -> list[str]:
    """The same for a query: an article is looked up by its number alone, so that 第五十四条 and 第54条 are alike."""
    folded = table.fold(text)
    articles = list(map(_article, _ARTICLE.findall(folded)))
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
    places: NDArray[np.intp]
    """One for each key, ascending."""
    words: list[str]
    """All other tokens."""
    word_places: list[int]
    """One for each word."""


def scan(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> Scan:
    """What ``tokens`` finds in a text already folded that begins and ends with a separator; ``kinds`` of its codes."""
    text = codes.tobytes().decode("utf-32-le", "surrogatepass")
    han = kinds == HAN
    # Each Han begins a term but the last of several. What follows it is the other half of its pair, or no Han.
    begins = han[2:] >= han[:-2]
    begins &= han[1:-1]
    words, places = _words(text, kinds)
    if int(codes.max(initial=0)) > _BASIC:
        beyond = han & (codes > _BASIC)
        odd = begins & (beyond[1:-1] | beyond[2:])
        begins &= ~odd
        at = (odd.nonzero()[0] + 1).tolist()
        words += [text[place : place + 1 + int(han[place + 1])] for place in at]
        places += at
    references, ends = _references(text)
    words += references
    places += ends
    halves = codes * han
    keys = halves[1:-1] << 16
    keys |= halves[2:]
    here = begins.nonzero()[0]
    return Scan(keys.take(here), here + 1, words, places)


def _words(text: str, kinds: NDArray[np.uint8]) -> tuple[list[str], list[int]]:
    """The runs of letters and digits, and where each begins."""
    word = kinds == WORD
    edges = ((word[1:] != word[:-1]).nonzero()[0] + 1).tolist()
    starts, ends = edges[::2], edges[1::2]
    return [text[start:end][:LONGEST_WORD] for start, end in zip(starts, ends, strict=True)], starts


def _references(text: str) -> tuple[list[str], list[int]]:
    """The references, and where each ends."""
    articles = list(_ARTICLE.finditer(text))
    words, places = [_article(match[1]) for match in articles], [match.end() - 1 for match in articles]
    # A document number holds its mark once, at its end, and begins within a window before it.
    place = text.find(_NUMBER_MARK)
    while place >= 0:
        if text[place - 1].isdecimal() or text[place - 1] == " ":
            match = _DOCUMENT_NUMBER_END.search(text, max(0, place - _WINDOW), place + 1)
            if match is not None:
                words.append(_document_number(match))
                places.append(place)
        place = text.find(_NUMBER_MARK, place + 1)
    return words, places
