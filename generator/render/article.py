"""An item's page as data → what ``item.html`` shows. Pure.

The order of the metadata is that of real disclosure pages (NORMS §4: 索引号,
发文字号, 主题分类, 体裁分类, 发布机构, 有效性, 成文日期, 发布日期).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.model import Category, ItemBody
from generator.render.page import Context

FACTS = (
    "index_number",
    "document_number",
    "issuer",
    "formed_on",
    "issued",
    "date",
    "effective_on",
    "validity",
    "topic",
    "genre",
    "category",
    "disclosure",
    "source",
    "author",
    "keywords",
)
"""What is listed of an item, in this order."""
_DAYS = frozenset({"formed_on", "issued", "effective_on"})
RAIL_HEADINGS = 3
"""Headings from which a long document gets a contents rail."""
_RAIL_DEPTH = 3


def present(
    context: Context, body: ItemBody, document: str, *, unit_name: str, category: Category, strings: Mapping[str, str]
) -> dict[str, Any]:
    """The values of the template that come from the item itself.

    Args:
        context: of the page.
        body: whose headings make the contents rail.
        document: its HTML with resolved links.
        unit_name: the publisher where none is named.
        category: the item's.
        strings: interface texts, for the names of states.
    """
    shown = context["facts"]
    date = shown["date"]
    publisher = shown.get("issuer") or unit_name
    validity = shown.get("validity", "")
    updated = shown.get("updated")
    return {
        "title": shown["title"],
        "publisher": publisher,
        "date": _moment(date),
        "date_iso": date,
        "banner": validity if validity and validity != "effective" else "",
        "facts": list(_facts(shown, publisher, category, strings)),
        "consultation": context.get("consultation"),
        "correction": {"iso": updated, "date": _moment(updated), "note": shown.get("change_note", "")}
        if updated
        else None,
        "long": context.get("long", False),
        "contents": _contents(body) if context.get("long") else [],
        "body": document,
        "attachments": [
            {"href": href, "title": title, "kind": kind.upper(), "size": file_size(size)}
            for href, title, kind, size in context.get("attachments", ())
        ],
        "image": context.get("image"),
        "relations": context.get("relations", ()),
        "previous": context.get("previous"),
        "next": context.get("next"),
    }


def _facts(
    shown: Context, publisher: str, category: Category, strings: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    for key in FACTS:
        if key == "issuer":
            yield key, publisher, ""
        elif key == "date":
            yield key, _moment(shown["date"]), shown["date"]
        elif key == "category":
            yield key, category.name, ""
        elif value := shown.get(key):
            if key == "validity":
                yield key, strings[f"validity_{value}"], ""
            elif key == "keywords":
                yield key, "；".join(value), ""
            else:
                yield key, value, value if key in _DAYS else ""


def _contents(body: ItemBody) -> list[tuple[int, str, str]]:
    headings = [(one.level, one.id, one.text) for one in body.headings if one.level <= _RAIL_DEPTH]
    return headings if len(headings) >= RAIL_HEADINGS else []


def _moment(iso: str) -> str:
    """``2024-05-06``, with the time of day where one was given."""
    return iso[:10] if iso[11:16] == "00:00" else f"{iso[:10]} {iso[11:16]}"


def file_size(size: int) -> str:
    """Bytes as readers know them: ``812 B``, ``56 KB``, ``1.2 MB``."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def citation(title: str, publisher: str, day: str, address: str) -> str:
    """How the page is cited; title marks inside title marks become single (GB/T 15834)."""
    inner = title.replace("《", "〈").replace("》", "〉")
    return f"{publisher}：《{inner}》，{day}，{address}"
