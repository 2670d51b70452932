"""What a file says word for word as something that was looked at already is left out of it. Pure.

Two things need no look of their own: what the cleared item that owns a file says in the very same bytes, the
body on its page and the texts for snippets, which that item explains whatever stands in it; and what page
after page repeats around it, once that was found to hold nothing. Of both so much text is kept at either end
that what stands half within and half without is still found. Pages are taken as bytes, so that only what is
left of them is decoded.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from generator.clearance.audit_views import has_escapes
from generator.clearance.fingerprints import Fingerprints
from generator.clearance.folding import SEPARATOR, WINDOW
from generator.clearance.sieve import Passage, Sieve

_SIGHT = 64
"""Bytes by which a body is looked for before it is compared."""
_LEAST = 1000
"""A shorter stretch is not worth its ends."""
_OFTEN = 3
"""Times that a stretch must be repeated among the pages of a group."""
_MOST_KNOWN = 2000
_ROOM = 6
"""Bytes in which there is a Han, as markup goes; where there is none, more are looked through."""
_NOT_LEADING = bytes(set(range(256)) - set(range(0xE5, 0xE9)))
_CONTINUES, _CONTINUED = 0xC0, 0x80
"""The bits by which a byte is told that is not the first of its character, and what they are."""
_BREAK = SEPARATOR.encode()
_FRAME = (
    (b'\n<meta name="viewport"', b'\n<meta name="ColumnName"'),
    (b'\n<meta name="ColumnName"', b'\n<meta name="ArticleTitle"'),
    (b"\n<body", b"\n<main"),
    (b"\n<main", b"\n<h1"),
    (b"\n</main>", b"\n</html>"),
)
"""Between what repeated stretches lie. A theme without these elements costs time, nothing else."""
_TAG = re.compile(rb"<[^<>]*>")
_SURE = re.compile("[\u5000-\u8fff0-9A-Za-z]")
"""Characters that are one each when they are folded."""
_NO_ANGLES = bytes(set(range(256)) - set(b"<>"))
_DOCTYPE = 2
"""Where a declaration of the document's type may begin, but no comment."""


class Rest(NamedTuple):
    """What is left of a file."""

    data: bytes
    ends: bytes = b""
    """The ends of what was left out, which stand in ``data`` too: the item that owns the file says them."""


def rest_of_page(page: bytes, body: bytes, longest: int) -> Rest:
    """A page without the body that stands in it, but for the ends of its text.

    ``longest`` is the most characters that anything has which is looked for. A Han is one character folded as it
    is written, so that as many of them at either end suffice; without them the page is given back as it is.
    """
    at = page.find(body[:_SIGHT]) if len(body) >= _LEAST else -1
    if at < 0 or not page.startswith(body, at) or (b"!" in body and b"<!" in body):
        return Rest(page)
    ends = _ends(body, longest)
    return Rest(page) if ends is None else Rest(b"".join((page[:at], ends, page[at + len(body) :])), ends)


def has_comments(markup: bytes) -> bool:
    """Whether there may be any: a declaration of the document's type is none."""
    return markup.find(b"!", _DOCTYPE + 1) >= 0 and markup.find(b"<!", _DOCTYPE) >= 0


class Apart(NamedTuple):
    """Markup without escapes, its text apart from its tags."""

    text: bytes
    tags: Sequence[bytes]
    """What stands between the angles of each."""


def apart(markup: bytes) -> Apart | None:
    """Text and tags; ``None`` where it takes more to tell them apart."""
    if has_comments(markup):
        return None
    angles = markup.translate(None, _NO_ANGLES)
    if angles != b"<>" * (len(angles) // 2):  # a stray one, or one within a tag
        return None
    parts = markup.replace(b">", b"<").split(b"<")
    return Apart(b"".join(parts[::2]), parts[1::2])


def _ends(markup: bytes, longest: int) -> bytes | None:
    """Both ends of the text between tags, each with as many Han at least; ``None`` when they would meet."""
    size = longest * _ROOM
    while 2 * size < len(markup):
        leading, trailing = _leading(markup, size), _trailing(markup, size)
        if _han(leading) >= longest and _han(trailing) >= longest:
            return b"".join((leading, _BREAK, trailing))
        size *= 2
    return None


def _leading(markup: bytes, size: int) -> bytes:
    """The text of about the first ``size`` bytes; what a cut leaves of a character or of a tag is left out."""
    while markup[size] & _CONTINUES == _CONTINUED:
        size -= 1
    cut = markup[:size]
    opened = cut.rfind(b"<")
    return _TAG.sub(b"", cut if cut.find(b">", opened) >= 0 or opened < 0 else cut[:opened])


def _trailing(markup: bytes, size: int) -> bytes:
    """The text of about the last ``size`` bytes."""
    at = len(markup) - size
    while markup[at] & _CONTINUES == _CONTINUED:
        at += 1
    cut = markup[at:]
    closed = cut.find(b">")
    return _TAG.sub(b"", cut if cut.rfind(b"<", 0, closed) >= 0 or closed < 0 else cut[closed + 1 :])


def _han(text: bytes) -> int:
    """How many Han there are at least.

    In UTF-8 these four bytes begin those from U+5000 to U+8FFF, and nothing else: most of them.
    """
    return len(text.translate(None, _NOT_LEADING))


class Parted(NamedTuple):
    """A page in pieces: by turns what is its own, and what others may have too."""

    parts: list[bytes]
    unknown: Sequence[int]
    """Which of the latter were not looked at yet."""


class _Stretch(NamedTuple):
    """Something that pages repeat."""

    closed: bytes
    """With what ends it, so that it is the same stretch wherever it is met."""
    size: int
    short: bytes


_NO_STRETCH = _Stretch(b"", 0, b"")


class Repeated:
    """What pages repeat around their bodies, and was found to hold nothing; one for a set of fingerprints."""

    def __init__(self, prints: Fingerprints) -> None:
        self._prints = prints
        self._short: dict[bytes, bytes] = {}
        """Each stretch that was looked at → what takes its place: itself where something was found."""
        self._clean: set[tuple[str, bytes]] = set()
        self._last = [_NO_STRETCH] * len(_FRAME)
        """What pages repeated last, as most of them repeat it once more."""

    @cached_property
    def sieve(self) -> Sieve:
        """Made when many files are looked at together."""
        return Sieve(self._prints)

    def parted(self, page: bytes) -> Parted:
        """A page with the text alone of what was looked at already, or the ends of it."""
        parts, unknown, at = list[bytes](), list[int](), 0
        for number, (opened, closed) in enumerate(_FRAME):
            start = page.find(opened, at)
            if start < 0:
                continue
            last = self._last[number]
            if last.closed and page.startswith(last.closed, start):
                end, part = start + last.size, last.short
            else:
                end = page.find(closed, start)
                if end < 0:
                    continue
                stretch = page[start:end]
                short = self._short.get(stretch)
                if short is None:
                    unknown.append(len(parts) + 1)
                else:
                    self._last[number] = _Stretch(stretch + closed, end - start, short)
                part = stretch if short is None else short
            parts += page[at:start], part
            at = end
        parts.append(page[at:])
        return Parted(parts, unknown)

    def shortened(self, pages: Sequence[Parted]) -> list[bytes]:
        """The pages with the text alone of what they repeat, or the ends of it."""
        self._learn(Counter(page.parts[number] for page in pages for number in page.unknown))
        short = self._short
        for page in pages:
            for number in page.unknown:
                page.parts[number] = short.get(page.parts[number], page.parts[number])
        return [b"".join(page.parts) for page in pages]

    def is_clean(self, kind: str, asset: bytes) -> bool:
        """Whether the very same bytes were found to hold nothing, as the assets of one site are those of another."""
        return (kind, hashlib.sha256(asset).digest()) in self._clean

    def note_clean(self, kind: str, asset: bytes) -> None:
        """Remember that nothing stands in these bytes."""
        self._clean.add((kind, hashlib.sha256(asset).digest()))

    def _learn(self, counted: Counter[bytes]) -> None:
        """Look through what is repeated often and not known yet, each stretch on its own."""
        often = [part for part, count in counted.items() if count >= _OFTEN and part not in self._short]
        if len(self._short) + len(often) > _MOST_KNOWN:  # files come unit by unit: those before are done with
            self._short.clear()
        parted = [apart(part) for part in often]
        texts = [_BREAK.join([one.text, *one.tags]) if one else part for one, part in zip(parted, often, strict=True)]
        for part, one, clean in zip(often, parted, self._hold_nothing(texts), strict=True):
            self._short[part] = _trimmed(one.text, self._prints) if one and clean else part

    def _hold_nothing(self, texts: Sequence[bytes]) -> list[bool]:
        """Of each text whether it is sure that nothing stands in it."""
        decoded = [text.decode("utf-8", "replace") for text in texts]
        found = self.sieve.find([Passage(text) for text in decoded])
        touched = found.odd | set(found.passages.tolist())
        return [
            number not in touched and "\ufffd" not in read and not has_escapes(text)
            for number, (text, read) in enumerate(zip(texts, decoded, strict=True))
        ]


def _trimmed(text: bytes, prints: Fingerprints) -> bytes:
    """A text, or both ends of it, each with as many characters at least that are one each when they are folded."""
    read = " ".join(text.decode().split())
    sure = [match.start() for match in _SURE.finditer(read)]
    if len(sure) > 2 * WINDOW and len(sure) > 2 * (reach := prints.reach(read)):
        read = f"{read[: sure[reach - 1] + 1]}{SEPARATOR}{read[sure[-reach] :]}"
    return read.encode()
