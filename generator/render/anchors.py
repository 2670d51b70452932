"""Text of a heading, an article or a fragment → the id under which a body can be linked to. Pure.

Every id inside a body is an article (``art-32``), a footnote (``fn-1``, ``fnref-1``),
begins with ``h-`` or holds a character outside ASCII. The page's own ids are plain
ASCII of other forms, so the two never collide, whatever an editor writes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

NUMERAL = r"[零〇○一二两三四五六七八九十百千0-9０-９]"
ARTICLE = rf"第({NUMERAL}{{1,12}})条(?:之({NUMERAL}{{1,6}}))?"
"""An article label; groups: its number and, for 第十条之一, the number after 之."""

MAX_LENGTH = 64

_DIGITS = {
    "零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000}

_LABEL = re.compile(ARTICLE)
_ARTICLE_ALONE = re.compile(rf"{ARTICLE}(?=\s|$)")
_KEPT = re.compile(r"art-[0-9]+(?:-[0-9]+)?(?:_[0-9]+)?\Z")
_FOOTNOTE = re.compile(r"fn(?:ref[0-9]*)?-")
_EDGES = re.compile(r"\A[\W_]+|\W+\Z")
_NOT_WORD = re.compile(r"\W+")


def numeral(text: str) -> int:
    """The value of a Chinese, Arabic or full-width numeral below 10,000 (三十二 → 32, 一〇三 → 103)."""
    if text.isdecimal():
        return int(text)
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS.get(char, char)) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char] if char in _DIGITS else int(char)
    return total + digit


@lru_cache(maxsize=4096)
def article_id(number: str, after: str | None) -> str:
    """``art-120`` or ``art-120-1`` from the two groups of ``ARTICLE``."""
    return f"art-{numeral(number)}" if after is None else f"art-{numeral(number)}-{numeral(after)}"


@lru_cache(maxsize=4096)
def label_id(label: str) -> str | None:
    """The id of an article of just this label, if it is one."""
    match = _LABEL.fullmatch(label)
    return None if match is None else article_id(match[1], match[2])


def body_id(text: str) -> str:
    """The id that a heading of this text gets, that a fragment ``#text`` means, or an explicit id becomes.

    Idempotent. Spaces between Han do not count, so that 总　则 and 总则 are the same.
    """
    if text.startswith(("art-", "fn")):
        if _KEPT.match(text):
            return text
        if _FOOTNOTE.match(text):
            return "-".join(text.split())
    words = unicodedata.normalize("NFKC", text)
    if not (words[:1].isalnum() and words[-1:].isalnum()):
        words = _EDGES.sub("", words)
    article = _ARTICLE_ALONE.match(words)
    if article:
        return article_id(article[1], article[2])
    if not words.isalnum():
        words = _without_gaps(words)
    slug = words.lower()
    if not slug.isalnum():
        slug = _NOT_WORD.sub("-", slug)
    slug = slug[:MAX_LENGTH].strip("-")
    if not slug.isascii() or slug.startswith("h-"):
        return slug
    return f"h-{slug or 'section'}"


def _without_gaps(words: str) -> str:
    """Without the spaces between Han, and one for any others."""
    joined = ""
    for part in words.split():
        joined += part if not joined or (_is_han(joined[-1]) and _is_han(part[0])) else f" {part}"
    return joined


def _is_han(character: str) -> bool:
    # Compared, as a pattern with so large sets takes milliseconds to compile, at the start of every command.
    return "⺀" <= character <= "鿿" or "豈" <= character <= "﫿"


def slugify(text: str, _separator: str) -> str:
    """``body_id`` in the form that Python-Markdown's table of contents asks for."""
    return body_id(text)
