"""What clearance binds to: digests of an item as it would be shown. Pure.

Bound is all that reaches the public: every field of ``Item`` but those in
``UNBOUND``, and the body. A field that stands at its default is left out, so
that a key added to the format later voids no older record.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import Enum
from operator import attrgetter
from typing import Any

import msgspec
from msgspec.structs import fields

from generator.model import AttachmentRef, Item, ItemFacts, ParsedItem

UNBOUND = frozenset(
    {
        "id",  # where the item stands is bound by the record's own ``item``
        "path",
        "unit",
        "category",
        "slug",
        "confidentiality_cleared",
        "draft",
        "pinned",  # order in lists
        "redirect_from",  # earlier addresses; set when an item moves
        "release_group",
        "lines",
    }
)
BODY = "body"
"""Name of the body among the parts."""

_BOUND = tuple((field.name, field.required, field.default) for field in fields(Item) if field.name not in UNBOUND)
_bound_values = attrgetter(*(name for name, _, _ in _BOUND))
_encode = msgspec.json.Encoder(order="deterministic").encode
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
_NO_MARKUP = re.compile(r"[^!-/:-@\[-`{-~]+")
_CODE = 4
"""Blanks before a line from which on it is code."""


def normalise_text(text: str) -> str:
    """NFC, LF line ends, white space at the ends reduced to what Markdown reads: code, a hard break or nothing."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    composed = unicodedata.normalize("NFC", text)
    # Some signs are composed to a backquote or a semicolon, and a combining stroke takes a ``>`` away: that is no
    # other spelling of a text, since what is a comment in the one may be shown in the other.
    if composed is text or _NO_MARKUP.sub("", composed) == _NO_MARKUP.sub("", text):
        text = composed
    if " \n" in text or "\t" in text or text.endswith(" "):
        text = _TRAILING.sub(lambda match: "  " if match.group().startswith("  ") else "", text)
    stripped = text.strip("\n ")
    if text.startswith(("\n", " ")):
        indentation = text[: len(text) - len(text.lstrip("\n "))].rpartition("\n")[2]
        if len(indentation) >= _CODE and stripped:
            stripped = indentation + stripped
    return stripped + "\n"


def text_digest(body: str) -> str:
    """SHA-256 of the normalised body."""
    return hashlib.sha256(normalise_text(body).encode()).hexdigest()


def front_parts(item: Item) -> dict[str, str]:
    """SHA-256 of each front-matter field that is bound and set; ``extra`` has one part a key."""
    parts: dict[str, str] = {}
    for (name, required, default), value in zip(_BOUND, _bound_values(item), strict=True):
        if name == "extra":
            parts.update({f"extra.{key}": _part(one) for key, one in value.items()})
        elif required or (value and value != default):
            parts[name] = _part(value)
    return parts


def combine(parts: Mapping[str, str]) -> str:
    """One digest of all parts, whatever their order."""
    lines = (f"{name}:{parts[name]}\n" for name in sorted(parts))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def item_parts(item: Item, text: str) -> dict[str, str]:
    """The parts of an item whose body has the digest ``text``."""
    return front_parts(item) | {BODY: text}


def item_digest(parsed: ParsedItem, text: str = "") -> str:
    """SHA-256 of the normalised item; empty when its front matter is faulty, as nothing can clear it.

    ``text`` is the digest of its body, where that is known.
    """
    if parsed.item is None:
        return ""
    return combine(item_parts(parsed.item, text or text_digest(parsed.body)))


def attachment_digests(facts: ItemFacts) -> dict[str, str]:
    """SHA-256 of the source file of each attachment, by its name: what is bound beside the item itself."""
    return {one.name: one.sha256 for one in facts.attachments}


def _part(value: object) -> str:
    return hashlib.sha256(_encode(_plain(value))).hexdigest()


def _plain(value: object) -> Any:
    """The value as plain data: text in NFC, moments in ISO form, no positions in the source."""
    match value:
        case Enum():
            return _plain(value.value)
        case str():
            return unicodedata.normalize("NFC", value)
        case date():  # and datetime
            return value.isoformat()
        case AttachmentRef():
            return [_plain(value.name), _plain(value.title)]
        case msgspec.Struct():
            return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
        case Mapping():
            return {_plain(str(key)): _plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(one) for one in value]
        case _:
            return value
