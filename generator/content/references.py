"""How one item names another: ``<unit>/<category>/<slug>``, ``item:…`` or a relative path. Pure."""

from __future__ import annotations

import posixpath


def parse_reference(written: str, source_path: str) -> str | None:
    """The id that ``written`` names in the file ``source_path``, or ``None`` when it is no such name.

    An id has three parts, with or without ``item:`` in front. A relative path
    ends in ``.md`` and is taken from the folder of the file, as Markdown editors
    take it; it may not leave the content folder. Whether the item exists is not
    asked here.
    """
    if written.startswith("item:"):
        return _three(written[5:].split("/"))
    if not written.endswith(".md"):
        return _three(written.split("/"))
    if written.startswith("/") or "\\" in written or ":" in written:
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source_path), written))
    parts = path[:-3].split("/")
    if len(parts) == 4 and parts[3] == "index":
        del parts[3]
    return _three(parts)


def _three(parts: list[str]) -> str | None:
    if len(parts) != 3 or any(part in ("", ".", "..") or part.strip() != part for part in parts):
        return None
    return "/".join(parts)
