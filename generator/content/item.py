"""Bytes of one source file → ``ParsedItem``. Pure but for ``load_item``.

Default deny: any fault in the front matter leaves ``ParsedItem.item`` empty, so
that nothing after this stage can publish it. Faults of all keys are collected.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from generator.content.decoding import decode
from generator.content.frontmatter import FrontMatter, Keys, parse_front_matter
from generator.content.keys import KeyReader
from generator.content.names import HAN
from generator.content.schema import BY_NAME, REQUIRED, suggest
from generator.content.source import MAX_SOURCE_BYTES, SourceItem, load_source
from generator.content.yamlnodes import FRONT_MATTER, Scalar
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.model import Cluster, Item, ParsedItem

_GROUP_LINE = re.compile(
    rf"""^[ \t]*["']?([\w{HAN}-]{{4,32}})["']?[ \t]*[:：][ \t]*["']?([\w－-]+)["']?[ \t]*(?:#.*)?\r?$""",
    re.MULTILINE,
)
_MOST_GUESSED = 50
"""Faults up to which a meant key is looked for: it takes time, and such a header is no slip of the finger."""


def parse_item(source: SourceItem, raw: bytes, cluster: Cluster) -> ParsedItem:
    """What the source says, or everything that is wrong with it. Never raises for any bytes."""
    path = f"content/{source.path}"
    decoded = decode(raw, path, limit=MAX_SOURCE_BYTES)
    if not decoded.readable:
        return ParsedItem(
            id=source.id, path=source.path, item=None, body=decoded.text, diagnostics=in_order(decoded.diagnostics)
        )
    front = parse_front_matter(decoded.text, path)
    found = [*decoded.diagnostics, *front.diagnostics]
    keys = front.keys
    if any(one.code == "merge-conflict" for one in decoded.diagnostics):  # nothing else can be read aright
        found, keys = [*decoded.diagnostics], None
    if decoded.faulty:  # which says where the character stands
        found = [one for one in found if one.code != "yaml-character"]
    item = None
    if keys is not None:
        reader = KeyReader(source, cluster)
        values = _read(reader, keys)
        found += reader.found
        if not any(one.severity == "error" for one in found):
            item = Item(
                id=source.id,
                path=source.path,
                unit=source.unit,
                category=source.category,
                slug=source.slug,
                lines=_lines(tuple(reader.lines_of_keys.items())),
                **values,
            )
            found += _warnings(item, front, path)
    return ParsedItem(
        id=source.id,
        path=source.path,
        item=item,
        body=front.body,
        body_line=front.body_line,
        front_text=front.text,
        diagnostics=in_order(found) if found else (),
    )


def source_parts(raw: bytes) -> tuple[str, str]:
    """Front matter and body of a source, parted as ``parse_item`` parts them."""
    decoded = decode(raw, "", limit=MAX_SOURCE_BYTES)
    if not decoded.readable:
        return "", decoded.text
    front = parse_front_matter(decoded.text, "")
    return front.text, front.body


@lru_cache(maxsize=256)
def _lines(places: tuple[tuple[str, tuple[int, int]], ...]) -> str:
    """One value for all items that are laid out alike: they are most of a cluster."""
    return " ".join(f"{key}:{line}:{column}" for key, (line, column) in places)


def claimed_groups(parsed: ParsedItem) -> tuple[str, ...]:
    """The release groups of which an item seems to be whose front matter is faulty, or whose body is refused.

    Its fellows must wait for it, and a fault anywhere in the header loses what the header says.
    """
    header = (parsed.front_text or parsed.body)[: FRONT_MATTER.length]
    found: dict[str, None] = {}
    for written, group in _GROUP_LINE.findall(header):
        known = BY_NAME.get(written)
        key = known[0] if known else suggest(written)
        if key is not None and key.name == "release_group":
            found[unicodedata.normalize("NFKC", group).casefold()] = None
    return tuple(found)


def load_item(content: Path, source: SourceItem, cluster: Cluster) -> ParsedItem:
    """Read and parse one item; a file that cannot be read is a withheld item with a diagnostic."""
    try:
        raw = load_source(content, source)
    except OSError:
        return unreadable(source)
    return parse_item(source, raw, cluster)


def unreadable(source: SourceItem) -> ParsedItem:
    """The item whose file was listed by the scan and cannot be read now."""
    found = diagnostic("file-unreadable", f"content/{source.path}")
    return ParsedItem(id=source.id, path=source.path, item=None, body="", diagnostics=(found,))


def _read(reader: KeyReader, keys: Keys) -> dict[str, Any]:
    """The value of every key that has one; faults are left with the reader."""
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    meant: set[str] = set()
    for written, (place, node) in keys.items():
        known = BY_NAME.get(written)
        if known is None:
            meant.add(_unknown(reader, place))
            continue
        key, han = known
        if key.name in reader.lines_of_keys:
            reader.fault("key-duplicate", place, first=reader.lines_of_keys[key.name][0])
            continue
        reader.lines_of_keys[key.name] = (node.line, node.column)
        if not place.plain or place.column != 1:
            reader.fault("key-form", place)
            continue
        value = reader.value(key, han, place, node)
        if value is not None:
            (extra if key.extra else values)[key.name] = value
    for key in REQUIRED:
        if key.name not in reader.lines_of_keys and key.name not in meant:
            flag = key.name == "confidentiality_cleared"
            code = "clearance-flag-missing" if flag else "key-missing"
            reader.found.append(diagnostic(code, reader.path, 1, 1, key=key.label))
    reader.check_together(values, extra)
    for name in ("unit", "category"):
        values.pop(name, None)
    if extra:
        values["extra"] = extra
    return values


def _unknown(reader: KeyReader, key: Scalar) -> str:
    """Take down a key that is none; gives the name of the key that was meant, if that can be told.

    The key is not quoted: it may be a sentence of the body.
    """
    name, colon, _ = key.value.partition("：")
    if colon and name.strip() in BY_NAME:
        reader.found.append(diagnostic("colon-full-width", reader.path, key.line, key.column + len(name)))
        return BY_NAME[name.strip()][0].name
    near = suggest(key.value) if len(reader.found) < _MOST_GUESSED else None
    if near is None:
        reader.fault("key-unknown", key)
        return ""
    reader.fault("key-misspelt", key, near=" / ".join((near.name, near.zh[0])))
    return near.name


def _warnings(item: Item, front: FrontMatter, path: str) -> list[Diagnostic]:
    """What is no fault, but hardly meant."""
    found = []

    def warn(code: str, key: str) -> None:
        found.append(diagnostic(code, path, *item.place_of(key), severity="warning"))

    if item.expires_on is not None and item.expires_on <= item.date:
        warn("expires-before-date", "expires_on")
    if item.updated is not None and item.updated.date() < item.date.date():
        warn("updated-before-date", "updated")
    if item.change_note and item.updated is None:
        warn("change-without-updated", "change_note")
    if not front.body.strip() and not item.attachments:
        found.append(diagnostic("body-empty", path, front.body_line, severity="warning"))
    return found
