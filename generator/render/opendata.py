"""A unit's published items → ``catalogue.json``, the open data. Pure. See ``docs/open-data.md``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from generator.render.page import Context
from generator.site import paths

_json = msgspec.json.Encoder().encode


def render_catalogue(context: Context, absolute: Callable[[str], str]) -> bytes:
    """JSON with one item a line, so that two versions can be compared line by line.

    Args:
        context: of the page.
        absolute: path of a page → its address.
    """
    head = {"version": 1, "unit": context["unit"], "name": context["name"]}
    if context["notice"]:
        head["notice"] = context["notice"]
    head["count"] = len(context["items"])
    items = b",\n".join([_json(_record(absolute, *one)) for one in context["items"]])
    return b'%b,"items":[\n%b\n]}\n' % (_json(head)[:-1], items)


def _record(
    absolute: Callable[[str], str], item_id: str, category: str, facts: Context, files: list[Any]
) -> dict[str, Any]:
    record = {"id": item_id, "url": absolute(paths.item_page(item_id)), "category": category, **facts}
    if files:
        record["files"] = [
            {"url": address, "title": title, "type": kind, "size": size, "sha256": digest}
            for address, title, kind, size, digest in files
        ]
    return record
