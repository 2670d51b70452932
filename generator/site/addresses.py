"""Paths of pages → links between them: the one place that makes links. Pure.

Relative within an origin, absolute between origins; percent-encoded; a link
names a file, never a folder, so that the tree also reads from disk.

    Addresses(cluster)
        .site(path) -> str                 "" or the unit in whose site the file is
        .origin(path) -> str               "" or the unit with a host of its own
        .link(from_page, to_page, anchor="") -> str
        .absolute(page) -> str             for canonical addresses, feeds, site maps
        .items(unit, ids) -> list[str]     the same for the pages of a unit's items
        .rooted(page) -> str               from the root of the origin, for 404 pages
        .base(from_page) -> str            the folder of the origin, seen from a page ("./", "../")
        .origins -> tuple[str, ...]        "" and each unit with a host of its own
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, urlsplit

from generator.model import Cluster
from generator.site.paths import PORTAL, item_page

_is_plain = re.compile(r"[A-Za-z0-9_.~/-]*").fullmatch


class Addresses:
    """Knows which unit has a host of its own, and links accordingly."""

    __slots__ = ("_bases", "_units", "origins")

    def __init__(self, cluster: Cluster) -> None:
        self._units = frozenset(unit.id for unit in cluster.units)
        self._bases: dict[str, str] = {unit.id: unit.host for unit in cluster.units if unit.host}
        self._bases[PORTAL] = cluster.base_url
        self.origins = (PORTAL, *(unit.id for unit in cluster.units if unit.host))

    def site(self, path: str) -> str:
        """The unit in whose folder the file is, else ``""``."""
        first = path.partition("/")[0]
        return first if first in self._units else PORTAL

    def origin(self, path: str) -> str:
        """The unit on whose own host the file is served, else ``""`` for the portal's host."""
        first = path.partition("/")[0]
        return first if first in self._bases else PORTAL

    def link(self, from_page: str, to_page: str, anchor: str = "") -> str:
        """A link to ``to_page`` (and a place in it) that works in ``from_page``."""
        if len(self.origins) == 1 or self.origin(from_page) == self.origin(to_page):
            folder, _, name = to_page.rpartition("/")
            here = from_page.rpartition("/")[0]
            address = _quoted(name) if here == folder else _climb(here, folder) + _quoted(name)
        else:
            address = self.absolute(to_page)
        return f"{address}#{quote(anchor, safe='')}" if anchor else address

    def absolute(self, page: str) -> str:
        """The full address of a page."""
        origin = self.origin(page)
        return self._bases[origin] + _quoted(self._within(page, origin))

    def items(self, unit: str, ids: Iterable[str]) -> list[str]:
        """The full addresses of the pages of a unit's items."""
        origin = self.origin(f"{unit}/")
        base = self._bases[origin]
        names = [self._within(item_page(item), origin) for item in ids]
        if not _is_plain("".join(names)):
            names = [_quoted(name) for name in names]
        return [base + name for name in names]

    def rooted(self, page: str) -> str:
        """The address of a page without scheme and host, for pages served at any depth."""
        return urlsplit(self.absolute(page)).path

    def base(self, from_page: str) -> str:
        """The folder that is the root of the page's origin, relative to the page."""
        depth = self._within(from_page, self.origin(from_page)).count("/")
        return "../" * depth or "./"

    @staticmethod
    def _within(page: str, origin: str) -> str:
        return page[len(origin) + 1 :] if origin else page


@lru_cache(maxsize=4096)
def _climb(from_folder: str, to_folder: str) -> str:
    """From one folder to another, ending in ``/`` unless they are the same."""
    here = from_folder.split("/") if from_folder else []
    there = to_folder.split("/") if to_folder else []
    shared = 0
    while shared < min(len(here), len(there)) and here[shared] == there[shared]:
        shared += 1
    steps = [".."] * (len(here) - shared) + [_quoted(part) for part in there[shared:]]
    return "".join(f"{step}/" for step in steps)


def _quoted(path: str) -> str:
    return path if _is_plain(path) else quote(path, safe="/")
