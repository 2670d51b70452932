"""Which names units, categories and items may have, and how names are shown. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ee5d\U00030000-\U000323af"
"""Unified ideographs, as the inside of a character class: they have one form only (NFC = NFD)."""

ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
"""The id of a unit, a category or a theme: a folder and a part of every address."""
SLUG = re.compile(rf"(?![_-])[a-z0-9_{HAN}-]+")
MAX_SLUG_BYTES = 180
"""A file name has at most 255 bytes, and ``.html.br`` comes behind the slug."""

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
"""Names that Windows keeps for devices: a tree with such a file cannot be copied there."""
RESERVED_SLUGS = _DEVICES | {"index", "404", "feed", "search", "assets"}
"""The list page of a category's folder, and names that mean something at the root of a site."""
RESERVED_PAGES = re.compile(r"page-[0-9]+")
"""Further pages of a category's list."""
EMBLEM = re.compile(f"[{HAN}]{{1,2}}")
"""One or two Han for the seal-like emblem of a site."""
RESERVED_IDS = _DEVICES | {"index", "404", "feed", "search", "assets", "archive", "categories", "units", "portal"}
"""Folders and pages of the portal's root and of a unit's root (``site.paths``), and what a release calls the portal."""

_UNDECODED = re.compile("[\ud800-\udfff]")


def is_device(name: str) -> bool:
    """Whether Windows takes a file of that name, without its extension, for a device."""
    return name.casefold() in _DEVICES


def is_reserved_slug(slug: str) -> bool:
    """Whether the site itself may make a page of that name in a category's folder."""
    return slug in RESERVED_SLUGS or RESERVED_PAGES.fullmatch(slug) is not None


_RESERVED = "|".join((*sorted(RESERVED_SLUGS), RESERVED_PAGES.pattern))
_SOUND = re.compile(rf"(?:(?!(?:{_RESERVED})/)[a-z0-9][a-z0-9_-]{{0,{MAX_SLUG_BYTES - 1}}}/)*")


def are_sound(slugs: Iterable[str]) -> bool:
    """Whether all are slugs of small ASCII letters, none of them reserved or too long: told of many at once."""
    return _SOUND.fullmatch("".join([f"{slug}/" for slug in slugs])) is not None


def is_utf8(name: str) -> bool:
    """Whether a name, as the system gives it, was UTF-8: for other bytes it has half surrogates."""
    return _UNDECODED.search(name) is None


def folded(name: str) -> str:
    """Equal for names that some file system, or some reader, takes for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())


def shown(path: str) -> str:
    """A path for a message: what a terminal would obey or cannot show is written as an escape."""
    if path.isprintable():
        return path
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in path)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that somebody most likely meant, if one is near enough."""
    from difflib import get_close_matches  # only a fault needs it

    wanted = folded(name).replace("-", "_").replace(" ", "_")
    candidates = {folded(one).replace("-", "_"): one for one in known}
    if len(wanted) > 60:
        return None
    # Han names are short: one wrong character of two is still half right.
    cutoff = 0.72 if wanted.isascii() else 0.5
    close = get_close_matches(wanted, candidates, n=1, cutoff=cutoff)
    return candidates[close[0]] if close else None
