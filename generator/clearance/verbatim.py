"""What a file says word for word as something that was looked at already is left out of it. Pure.

Two things on a page need no look of their own: the body of the cleared item that owns it, which that item
explains whatever stands in it; and what page after page repeats around it, once that was found to hold
nothing. Of both so much text is kept at either end that what stands half within and half without is still
found. Pages are taken as bytes, so that only what is left of them is decoded.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from generator.clearance.audit_views import has_escapes, strip_tags
from generator.clearance.fingerprints import Fingerprints
from generator.clearance.folding import SEPARATOR
from generator.clearance.sieve import Passage, Sieve
from generator.model import ItemBody

_SIGHT = 64
"""Bytes, or characters, by which a stretch is looked for before it is compared."""
_LEAST = 1000
"""A shorter stretch is not worth its ends."""
_OFTEN = 3
"""Times that a stretch must be repeated among the pages of a group."""
_MOST_KNOWN = 2000
_TAIL = 40
"""Times the text that is wanted: so much of a body is looked through for the end of its text."""
_FRAME = (
    (b'\n<meta name="viewport"', b'\n<meta name="ColumnName"'),
    (b"\n<body", b"\n<main"),
    (b"\n</main>", b"\n</html>"),
)
"""Between what repeated stretches lie. A theme without these elements costs time, nothing else."""
_TAG = re.compile(rb"<[^<>]*>")

_texts = msgspec.json.Decoder(list[tuple[str, str]])


def rest_of_page(page: bytes, html: str, longest: int) -> bytes:
    """A page without the body ``html`` that stands in it, but for the ends of its text.

    ``longest`` is the most characters that anything has which is looked for. A Han is one character folded as it
    is written, so that as many of them at either end suffice; without them the page is given back as it is.
    """
    body = html.encode("utf-8", "surrogatepass")
    at = page.find(body[:_SIGHT]) if len(body) >= _LEAST else -1
    if at < 0 or not page.startswith(body, at) or b"<!" in body:
        return page
    ends = _ends(html, longest)
    return page if ends is None else b"".join((page[:at], ends.encode(), page[at + len(body) :]))


def rest_of_passages(data: bytes, said: str) -> bytes:
    """What a file of passages for snippets has beside what its item says; another file as it is."""
    try:
        found = _texts.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return data
    rest = []
    at = 0
    for anchor, text in found:
        rest.append(anchor)
        at = max(said.find(text[:_SIGHT], at), 0)
        if not said.startswith(text, at) and text not in said:
            rest.append(text)
    return SEPARATOR.join(rest).encode()


def said_by(body: ItemBody) -> str:
    """What an item says in its passages: a part of what ``audit_texts.item_texts`` gives, no text joined to another."""
    blocks = "\n".join([block.text for block in body.blocks])
    return SEPARATOR.join([blocks, *(text for _, text in body.attachment_texts)])


def _is_sure(markup: bytes) -> bool:
    """Whether it is sure what is a tag and what is text."""
    tags = len(_TAG.findall(markup))
    return markup.count(b"<") == tags == markup.count(b">") and b"<!" not in markup


def _ends(markup: str, longest: int) -> str | None:
    """Both ends of the text between tags, each with as many Han; ``None`` when they would meet."""
    leading = _leading(longest, "<", ">").match(markup)
    trailing = _leading(longest, ">", "<").match(markup[: -_TAIL * longest : -1])
    if leading is None or trailing is None or leading.end() + trailing.end() >= len(markup):
        return None
    return f"{strip_tags(leading[0])}{SEPARATOR}{strip_tags(trailing[0][::-1])}"


@cache
def _leading(count: int, opened: str, closed: str) -> re.Pattern[str]:
    between = f"[^\u4e00-\u9fff{opened}]*(?:{opened}[^{closed}]*{closed}[^\u4e00-\u9fff{opened}]*)*"
    return re.compile(f"(?:{between}[\u4e00-\u9fff]){{{count}}}")


class Repeated:
    """What pages repeat around their bodies, and was found to hold nothing; one for a set of fingerprints."""

    def __init__(self, prints: Fingerprints) -> None:
        self.sieve = Sieve(prints)
        self._longest = prints.longest
        self._short: dict[bytes, bytes] = {}
        """Each stretch that was looked at → what takes its place: itself where something was found."""
        self._clean: set[tuple[str, bytes]] = set()

    def shortened(self, pages: Sequence[bytes]) -> list[bytes]:
        """The pages with the text alone of what they repeat, or the ends of it."""
        parted = [list(_parts(page)) for page in pages]
        self._learn(Counter(part for parts in parted for part in parts[1::2]))
        short = self._short
        return [b"".join([short.get(part, part) for part in parts]) for parts in parted]

    def is_clean(self, kind: str, asset: bytes) -> bool:
        """Whether the very same bytes were found to hold nothing, as the assets of one site are those of another."""
        return (kind, hashlib.sha256(asset).digest()) in self._clean

    def note_clean(self, kind: str, asset: bytes) -> None:
        """Remember that nothing stands in these bytes."""
        self._clean.add((kind, hashlib.sha256(asset).digest()))

    def _learn(self, counted: Counter[bytes]) -> None:
        """Look through what is repeated often and not known yet, each stretch on its own."""
        often = [part for part, count in counted.items() if count >= _OFTEN and part not in self._short]
        texts = [part.decode("utf-8", "replace") for part in often]
        if not often or len(self._short) + len(often) > _MOST_KNOWN:
            return
        found = self.sieve.find([Passage(text, markup=True) for text in texts])
        touched = found.odd | set(found.passages.tolist())
        for number, (part, text) in enumerate(zip(often, texts, strict=True)):
            clean = number not in touched and "\ufffd" not in text and not has_escapes(text) and _is_sure(part)
            self._short[part] = (_ends(text, self._longest) or strip_tags(text)).encode() if clean else part


def _parts(page: bytes) -> Iterator[bytes]:
    """What is a page's own, and what others may have too, by turns."""
    at = 0
    for opened, closed in _FRAME:
        start = page.find(opened, at)
        end = page.find(closed, start) if start >= 0 else -1
        if end >= 0:
            yield page[at:start]
            yield page[start:end]
            at = end
    yield page[at:]
