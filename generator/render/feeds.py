"""A feed's entries → Atom (RFC 4287). Pure.

Ids are the items' addresses; ``updated`` follows corrections, whose note is the
entry's content. A feed without entries has the oldest moment, since it may not
have none.
"""

from __future__ import annotations

import re
from html import escape as escape_markup

from generator.render.page import Context

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 may not even name."""
_EMPTY = "2000-01-01T00:00:00+08:00"


def render_feed(context: Context, correction: str) -> bytes:
    """The feed; ``correction`` is the word before a note of change."""
    entries = context["entries"]
    updated = max((entry["updated"] for entry in entries), default=_EMPTY)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        f"<id>{escape(context['self'])}</id>",
        f"<title>{escape(context['title'])}</title>",
        f"<updated>{updated}</updated>",
        f'<link rel="self" type="application/atom+xml" href="{escape(context["self"])}"/>',
        f'<link rel="alternate" type="text/html" href="{escape(context["home"])}"/>',
    ]
    if context["notice"]:
        lines.append(f"<subtitle>{escape(context['notice'])}</subtitle>")
    for entry in entries:
        lines += _entry(entry, correction)
    return "\n".join([*lines, "</feed>", ""]).encode()


def _entry(entry: Context, correction: str) -> list[str]:
    lines = [
        "<entry>",
        f"<id>{escape(entry['id'])}</id>",
        f"<title>{escape(entry['title'])}</title>",
        f'<link rel="alternate" type="text/html" href="{escape(entry["id"])}"/>',
        f"<published>{entry['published']}</published>",
        f"<updated>{entry['updated']}</updated>",
        f"<author><name>{escape(entry['author'])}</name></author>",
        f'<category term="{escape(entry["category"])}" label="{escape(entry["label"])}"/>',
    ]
    if entry["summary"]:
        lines.append(f"<summary>{escape(entry['summary'])}</summary>")
    if entry["change_note"]:
        lines.append(f'<content type="text">{escape(correction)}：{escape(entry["change_note"])}</content>')
    return [*lines, "</entry>"]


def escape(text: str) -> str:
    """The text as XML has it, without characters that XML forbids."""
    return escape_markup(_FORBIDDEN.sub("", text))
