"""A unit's published items → ``catalogue.json``, the open data. Pure. See ``docs/open-data.md``."""

from __future__ import annotations

import json

from generator.render.page import Context


def render_catalogue(context: Context) -> bytes:
    """JSON with one item a line, so that two versions can be compared line by line."""
    head = {"version": 1, "unit": context["unit"], "name": context["name"]}
    if context["notice"]:
        head["notice"] = context["notice"]
    head["count"] = len(context["items"])
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
    items = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in context["items"])
    return f'{text},"items":[\n{items}\n]}}\n'.encode()
