"""Items that somebody took off since the build: sources → ids. Effects: reads the content folder.

A release is made of a tree that may be hours old. What was withdrawn since is told by the evidence; what was
un-cleared since is told here, by the headers of the few sources that were touched after the build.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from generator.build.manifest import MANIFEST_NAME
from generator.content.item import load_item
from generator.content.source import scan
from generator.deploy.request import Request
from generator.model import Item

_MARGIN_NS = 60 * 10**9
"""Sources are read while a build goes on, and the manifest is written at its end."""


def uncleared_since(request: Request, live: Iterable[str]) -> tuple[str, ...]:
    """Those of the items in the tree of which the source now says that they are not to be public."""
    built = (request.out / MANIFEST_NAME).stat().st_mtime_ns - _MARGIN_NS
    touched = {item for item in live if _is_touched(request.content, item, built)}
    if not touched:
        return ()
    sources = (one for one in scan(request.content, request.cluster).items if one.id in touched)
    items = (load_item(request.content, source, request.cluster).item for source in sources)
    return tuple(sorted(one.id for one in items if one is not None and not _is_meant(one)))


def _is_touched(content: Path, item: str, since_ns: int) -> bool:
    return any(max(stat.st_mtime_ns, stat.st_ctime_ns) >= since_ns for stat in _stats(content, item))


def _stats(content: Path, item: str) -> Iterator[os.stat_result]:
    for path in (content / f"{item}.md", content / item / "index.md"):
        try:
            yield path.stat()
        except OSError:
            continue


def _is_meant(item: Item) -> bool:
    """Whether the header lets the item be public: what else withholds it, a build says."""
    return item.confidentiality_cleared is True and item.draft is False and item.audience == "public"
