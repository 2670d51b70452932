"""What a reader, or a program, could read in an output file: bytes → texts. Pure.

Every format is decoded to the texts that stand in it, and to what its escapes mean:
tags are taken out (so that markup within a word hides nothing) and kept aside with
their attributes; entities, JSON and CSS escapes, percent-encoding and XML within XML
are undone, one inside the other too.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from generator.clearance.folding import SEPARATOR

MARKUP = frozenset({"html", "htm", "xml", "svg", "xhtml", "atom", "rss", "xsl", "webmanifest"})
TEXT = frozenset({"txt", "css", "js", "mjs", "csv", "md", "map", "opml", "yml", "yaml", "ics"})
JSON = frozenset({"json", "webmanifest", "geojson", "jsonld"})

_DEPTH = 3
_TAG = re.compile(r"(<[^>]*>)")
_VALUE = re.compile(r'\b(?:alt|title|href|src|cite|abbr)="([^"]*)"')
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2})*")
_PERCENT_BYTES = re.compile(_PERCENT.pattern.encode())
_MARKS = re.compile(r"[<&%\\]")
"""One of these is in whatever ``_undo`` changes."""
_ESCAPE = re.compile(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|([0-9a-fA-F]{3,6})\s?)")


class Views(NamedTuple):
    """The texts of one file."""

    plain: tuple[str, ...]
    """Texts in reading order."""
    tags: tuple[str, ...]
    """Tags with their attributes, each once."""


def kind_of(path: str) -> str:
    """The extension, lower case, without the dot."""
    kind = path.rpartition(".")[2]
    return (path.rpartition("/")[2] if "/" in kind else kind).lower()


def views(path: str, data: bytes) -> Views | None:
    """The texts of a file by its format; ``None`` when no text can be read from it."""
    kind = kind_of(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if kind in JSON:
        return Views(tuple(_layers_of(_json(text))), ())
    if kind in MARKUP:
        return markup_views(text)
    if kind in TEXT or "\0" not in text:
        return Views(tuple(_layers(text)), ())
    return None


def strip_tags(markup: str) -> str:
    """The text between tags, entities as they stand."""
    return "".join(_TAG.split(markup)[::2])


def markup_views(markup: str) -> Views:
    """The texts of a piece of markup."""
    text = markup.replace("<![CDATA[", "").replace("]]>", "") if "<![CDATA[" in markup else markup
    parts = _TAG.split(text)
    plain = "".join(parts[::2])
    found = [*_layers(html.unescape(plain) if "&" in plain else plain)]
    if "<!--" in text:
        comments = SEPARATOR.join(_COMMENT.findall(text))
        found += _layers(html.unescape(strip_tags(comments)))
    return Views(tuple(found), tuple(dict.fromkeys(parts[1::2])))


def tag_text(tag: str) -> str:
    """What stands within a tag, with what its escapes mean."""
    inner = tag[1:-1]
    return SEPARATOR.join(_layers(html.unescape(inner) if "&" in inner else inner))


def attribute_values(tags: Iterable[str]) -> Iterator[str]:
    """The values of attributes that say something, as our renderer writes them, with what their escapes mean."""
    for tag in tags:
        yield from (tag_text(f"<{value}>") for value in _VALUE.findall(tag))


def _layers(text: str) -> Iterator[str]:
    """The text, and what it means when the escapes within it are undone, as often as there are any."""
    yield text
    for _ in range(_DEPTH):
        decoded = _undo(text)
        if decoded == text:
            return
        text = decoded
        yield text


def _layers_of(strings: Sequence[str]) -> Iterator[str]:
    """The same of many strings, few of which may mean something else than they say."""
    yield SEPARATOR.join(strings)
    for one in strings:
        if _MARKS.search(one):
            yield from meanings(one)


def meanings(text: str) -> list[str]:
    """What a text means when the escapes within it are undone, where that is something else than it says."""
    _, *meant = _layers(text)
    return meant


def has_escapes(text: bytes) -> bool:
    """Whether a text may mean something else than it says: entities, percent-encoding, escapes of data and style."""
    return b"&" in text or b"\\" in text or (b"%" in text and _PERCENT_BYTES.search(text) is not None)


def _undo(text: str) -> str:
    if "<" in text and ">" in text:
        parts = _TAG.split(text)
        text = SEPARATOR.join(("".join(parts[::2]), *(tag[1:-1] for tag in parts[1::2])))
    if "&" in text:
        text = html.unescape(text)
    if "%" in text:
        text = _PERCENT.sub(_unquoted, text)
    if "\\" in text:
        text = _ESCAPE.sub(_character, text)
    return text


def _unquoted(match: re.Match[str]) -> str:
    """What ``urllib.parse.unquote`` makes of it, which takes long over a text of Han."""
    return bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace")


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2] or match[3], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def _json(text: str) -> list[str]:
    """Every key and value; the text itself where it is no JSON."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return [text]
    found: list[str] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found += one
            waiting += reversed(one.values())
        elif isinstance(one, list):
            waiting += reversed(one)
        elif not isinstance(one, str):
            found.append(str(one))
        else:
            found.append(one)
    return found
