"""What each page of the tree is called: names → paths, ``/`` between parts. Pure.

A site is ``""`` (the portal, at the root of the tree) or the id of a unit (in
``<unit>/``). These names are promised to readers and to search engines: they
change only together with redirects.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

PORTAL = ""
"""The site at the root of the tree."""

PORTAL_FOLDERS = frozenset({"assets", "search", "categories", "archive"})
"""Folders of the portal, which no unit may be named after."""

UNIT_FOLDERS = frozenset({"assets", "search", "archive"})
"""Folders of a unit's site, which no category may be named after."""

SITE_PAGES = (
    "404.html",
    "about.html",
    "accessibility.html",
    "catalogue.json",
    "consultations.html",
    "feed.xml",
    "robots.txt",
    "search.html",
    "site-map.html",
    "sitemap.xml",
    "units.html",
)
"""Files at the root of a site, besides its home; not every site has them all."""

LIST_LENGTH = 20
"""Items on one page of a category's list."""

ARCHIVE_LENGTH = 200
"""Items on one page of a year's archive."""

RESERVED_SLUG = r"index|page-\d+"
"""Folded names of list pages, which no item may have, as a regular expression."""


def folded(path: str) -> str:
    """The path as a file system that ignores case and composition sees it."""
    return path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def pages_of(items: int, length: int) -> int:
    """How many pages a list of so many items has."""
    return -(-items // length)


def site_page(site: str, name: str) -> str:
    """A page or file at the root of a site, such as ``about.html``."""
    return f"{site}/{name}" if site else name


def home(site: str) -> str:
    """The first page of a site."""
    return site_page(site, "index.html")


def item_page(item_id: str) -> str:
    """The page of the item ``<unit>/<category>/<slug>``."""
    return f"{item_id}.html"


def attachment(item_id: str, safe_name: str) -> str:
    """A published file of an item."""
    return f"{item_id}/{safe_name}"


def category_page(unit: str, category: str, number: int = 1) -> str:
    """Page ``number`` of a category's list, counted from 1."""
    return f"{unit}/{category}/index.html" if number == 1 else f"{unit}/{category}/page-{number}.html"


def archive_page(site: str, year: int, number: int = 1) -> str:
    """Page ``number`` of what a site published in a year."""
    return site_page(site, f"archive/{year}.html" if number == 1 else f"archive/{year}-{number}.html")


def portal_category_page(category: str) -> str:
    """The portal's page of one category over all units."""
    return f"categories/{category}.html"


def site_asset(site: str, name: str) -> str:
    """A static file of the theme, under its hashed name."""
    return site_page(site, f"assets/{name}")


def redirect_page(unit: str, former: str) -> str | None:
    """The file that stands at a former address, or ``None`` when only a web server can answer there.

    Args:
        unit: whose root ``former`` is relative to.
        former: as in ``redirect_from``: ``old/1.html``, ``old/`` or ``view.jsp?id=1``.
    """
    name = former.lstrip("/")
    parts = name.split("/")
    if "?" in name or "#" in name or any(part in (".", "..") for part in parts) or "" in parts[:-1]:
        return None
    if name.endswith("/"):
        return f"{unit}/{name}index.html"
    return f"{unit}/{name}" if name.lower().endswith((".html", ".htm")) else None


def folders_above(path: str) -> Iterator[str]:
    """The folders in which a file stands, the nearest first: none of them can be a file."""
    at = path.rfind("/")
    while at > 0:
        yield path[:at]
        at = path.rfind("/", 0, at)
