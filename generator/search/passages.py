"""An item's text → passages: what is scored beside the document, shown as snippet and linked to. Pure.

Passages are made of whole blocks while that is possible, so that an edit moves only the
passages near it. Their text lies outside the index, in files of a few neighbours each,
fetched only for what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import msgspec
from xxhash import xxh3_128

from generator.model import TextBlock
from generator.search.names import NAME_BYTES, TEXTS

TARGET: Final = 400
"""Characters at which a passage is full."""
MOST: Final = 65_000
"""Passages of one item; what text there is beyond them is not indexed."""
PER_FILE: Final = 6
"""Most passages in one text file."""
_SENTENCE_END = re.compile(r"[。！？；!?;]")


class Passage(NamedTuple):
    """A stretch of an item's text."""

    anchor: str
    """Id of the heading or article at which it begins; ``""`` for the page itself."""
    text: str


class ItemPassages(NamedTuple):
    """All passages of an item: those of the body, then those of its attachments."""

    passages: tuple[Passage, ...]
    of_body: int


def files_for(passages: int) -> int:
    """How many text files hold so many passages."""
    return -(-passages // PER_FILE)


def cut_passages(blocks: Iterable[TextBlock], attachment_texts: Iterable[tuple[str, str]] = ()) -> ItemPassages:
    """Cut the text of one item; there is always at least one passage, empty if need be."""
    passages = list(_cut(blocks))
    of_body = len(passages)
    for _, text in attachment_texts:
        passages += _cut(TextBlock(anchor="", text=line) for line in text.splitlines())
    kept = tuple(passages[:MOST]) or (Passage("", ""),)
    return ItemPassages(kept, min(of_body, len(kept)))


def _cut(blocks: Iterable[TextBlock]) -> Iterator[Passage]:
    anchor, parts, length = "", list[str](), 0
    for block in blocks:
        text = block.text
        text = " ".join(text.split()) if "\n" in text else text.strip()
        for piece in (text,) if len(text) <= 2 * TARGET else _pieces(text):
            if not piece:
                continue
            if not parts:
                anchor = block.anchor
            parts.append(piece)
            length += len(piece)
            if length >= TARGET:
                yield Passage(anchor, "\n".join(parts))
                parts, length = [], 0
    if parts:
        yield Passage(anchor, "\n".join(parts))


def _pieces(text: str) -> Iterator[str]:
    """Parts of a block that is too long, each of which ends with a sentence if possible."""
    while len(text) > 2 * TARGET:
        ends = [match.end() for match in _SENTENCE_END.finditer(text, TARGET // 2, 2 * TARGET)]
        end = next((one for one in ends if one >= TARGET), ends[-1] if ends else 2 * TARGET)
        yield text[:end]
        text = text[end:]
    yield text


def text_path(name: bytes, number: int) -> str:
    """Where the ``number``-th text file of an item lies."""
    return f"{TEXTS}{name.hex()}-{number}.json"


class ItemFiles(NamedTuple):
    """The text files of one item."""

    name: bytes
    """They share it: a digest of all that stands in them."""
    data: tuple[bytes, ...]

    def named(self) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of each."""
        return ((text_path(self.name, number), data) for number, data in enumerate(self.data))


def text_files(item_id: str, cut: ItemPassages) -> ItemFiles:
    """The text files of one cleared item: ``[[anchor, text], …]`` for the passages of each."""
    files, count = files_for(len(cut.passages)), len(cut.passages)
    edges = [-(-number * count // files) for number in range(files + 1)]
    data = tuple([encode_text(cut.passages[start:end]) for start, end in pairwise(edges)])
    digest = xxh3_128(item_id.encode())
    for one in data:
        digest.update(one)
    return ItemFiles(digest.digest()[:NAME_BYTES], data)


def encode_text(passages: Sequence[Passage]) -> bytes:
    """The bytes of one text file; a lone surrogate becomes a replacement character."""
    try:
        return msgspec.json.encode(passages)
    except UnicodeEncodeError:
        return msgspec.json.encode([[part.encode("utf-8", "replace").decode() for part in one] for one in passages])
