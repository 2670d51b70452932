"""Which host serves which part of the tree. Pure.

A release is one state of the whole cluster. The portal's host serves everything but the folders
of units with a host of their own; such a unit's host serves its folder as its root, and the
release's one index at its own ``/search/`` (an alias in the web server, a copy on object stores).
"""

from __future__ import annotations

import re
from urllib.parse import quote

from msgspec import Struct

from generator.model import Cluster

PORTAL = "portal"
"""The name of the portal's part in ``sites/deploy.yml``; no unit may bear it (a reserved id)."""

SEARCH = "search/"
_EXTENSIONS = r"(?:\.[A-Za-z0-9]+)+"
_ASSET = r"(?:[^/]+/)?assets/(?:.+/)?[^/]*[.-][0-9a-f]{8,64}" + _EXTENSIONS
_INDEX_FILE = r"search/(?:.+/)?(?:[^/]*[.-])?[0-9a-f]{8,64}" + _EXTENSIONS
HASHED_PATTERN = f"(?:{_ASSET}|{_INDEX_FILE})"
"""Of a path without leading slash; the web server's configuration uses the same."""

_HASHED = re.compile(HASHED_PATTERN)


class Part(Struct, frozen=True):
    """What one host serves: ``root`` is its folder of the tree, empty or ending in ``/``."""

    name: str
    base_url: str
    root: str


def parts_of(cluster: Cluster) -> tuple[Part, ...]:
    """The portal, then each unit with a host of its own, in the order of their definition."""
    own = (Part(unit.id, unit.host, f"{unit.id}/") for unit in cluster.units if unit.host)
    return (Part(PORTAL, cluster.base_url, ""), *own)


def owner(path: str, parts: tuple[Part, ...]) -> Part:
    """The part that a file of the tree belongs to; the index belongs to the portal's."""
    for part in parts:
        if part.root and path.startswith(part.root):
            return part
    return parts[0]


def served_by(path: str, part: Part, parts: tuple[Part, ...]) -> str | None:
    """The path under which a host serves a file of the tree; ``None`` when it does not."""
    if part.root and path.startswith(SEARCH):
        return path
    if owner(path, parts).name != part.name:
        return None
    return path.removeprefix(part.root)


def address(part: Part, served: str) -> str:
    """The absolute URL of a file as a host serves it."""
    return part.base_url + quote(served)


def is_hashed(path: str) -> bool:
    """Whether the name holds a digest of the content: such a file never changes, and may be cached for ever.

    Only in ``assets/`` and ``search/``, so that no item's own name is taken for one.
    """
    return _HASHED.fullmatch(path) is not None


def is_entry(path: str) -> bool:
    """Whether the file is the index's entry: of fixed name, it says which hashed files make the index."""
    return path.startswith(SEARCH) and not is_hashed(path)


def is_theme_asset(path: str) -> bool:
    """Whether the file is a hashed asset of the theme, which holds no word of any item."""
    return is_hashed(path) and not path.startswith(SEARCH)
