"""Text of a body without its markup: how its lines join, and a summary of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.model import TextBlock

_WIDE = (("⺀", "〿"), ("㇀", "鿿"), ("豈", "﫿"), ("︰", "﹏"), ("＀", "￯"))
"""First and last of the characters between which a line may end unseen. Compared, as a pattern with sets of so many
takes milliseconds to compile, at the start of every command."""
_BREAK = re.compile(r"(?<! )[ ]*\n[ ]*")

_SENTENCE = re.compile(r"[。！？；：]")
_ENDS = re.compile(r"[。！？](?:[”’」』）])?")
_PAUSES = re.compile(r"[；，、：]")
MIN_LENGTH = 24
"""Of a block that says something without a full stop; shorter ones are headings, dates, addressees."""


def escape(text: str) -> str:
    """Text without ``&`` as the sanitiser writes it."""
    if "<" in text or ">" in text or "\xa0" in text:
        return text.replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
    return text


def join_lines(text: str) -> str:
    """The text without line ends between two Han: they would show as spaces (CSS Text 3, segment breaks)."""
    return _BREAK.sub(_joined, text) if "\n" in text else text


def _joined(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    return "" if _is_wide(text[max(start - 1, 0) : start]) and _is_wide(text[end : end + 1]) else found[0]


def _is_wide(character: str) -> bool:
    return any(first <= character <= last for first, last in _WIDE)


def flatten(text: str) -> str:
    """The text on one line, runs of spaces (the ideographic one too) as one."""
    return " ".join(join_lines(text).split())


def summarise(blocks: Iterable[TextBlock], limit: int = 120) -> str:
    """The beginning of a text in at most ``limit`` characters, up to the end of a sentence where there is one.

    Headings, dates and other short lines before the first sentence are passed over.
    """
    parts: list[str] = []
    length = 0
    for block in blocks:
        if not parts and len(block.text) < MIN_LENGTH and not _SENTENCE.search(block.text):
            continue
        parts.append(block.text)
        length += len(block.text)
        if length > limit:
            break
    return _cut("".join(parts), limit)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    ends = [match.end() for match in _ENDS.finditer(text) if match.end() <= limit]
    if ends and ends[-1] >= limit // 3:
        return text[: ends[-1]]
    head = text[: limit - 1]
    pauses = [match.start() for match in _PAUSES.finditer(head) if match.start() >= limit // 2]
    return f"{head[: pauses[-1]] if pauses else head.rstrip()}…"
