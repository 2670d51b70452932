"""Which names are taken: cleared items and redirects → collisions. Pure.

Two files of the tree may not have the same name on a file system that ignores
case. Who keeps a name does not depend on the order of reading: generated pages,
then items by id, then attachments, then redirects by item.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from generator.clearance.gate import ClearedItem
from generator.diagnostics import Diagnostic, diagnostic
from generator.model import Cluster, Tombstone
from generator.site import paths

_id_of = attrgetter("facts.id")
_SITE_FOLDERS = frozenset({"assets", "search"})
_is_reserved = re.compile(rf".*/(?:{paths.RESERVED_SLUG})").fullmatch
_one_is_reserved = re.compile(rf"/(?:{paths.RESERVED_SLUG})$", re.MULTILINE).search
"""Of many names, a line each."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """A former address of an item."""

    unit: str
    former: str
    """As in ``redirect_from``, relative to the unit's root."""
    page: str | None
    """The file that sends readers on; ``None`` when only the web server can."""
    item: str


def keep_distinct(cleared: Iterable[ClearedItem]) -> tuple[list[ClearedItem], list[Diagnostic]]:
    """The items, by id, without those whose page or files have a taken name."""
    ordered = sorted(cleared, key=_id_of)
    if _are_distinct(ordered):
        return ordered, []
    kept: list[ClearedItem] = []
    found: list[Diagnostic] = []
    taken: set[str] = set()
    for one in ordered:
        facts = one.facts
        name = paths.folded(facts.id)
        if _is_reserved(name):
            found.append(diagnostic("item-name-reserved", f"content/{facts.path}"))
        elif name in taken:
            found.append(diagnostic("item-name-taken", f"content/{facts.path}"))
        elif facts.attachments and _doubled([attachment.safe_name for attachment in facts.attachments]):
            found.append(
                diagnostic("attachment-name-taken", f"content/{facts.path}", *one.item.place_of("attachments"))
            )
        else:
            taken.add(name)
            kept.append(one)
    return kept, found


def _are_distinct(items: Sequence[ClearedItem]) -> bool:
    """Whether all can be kept: told at once of a hundred thousand, of which hardly ever one cannot."""
    names = [one.id for one in items]
    together = "\n".join(names)
    if paths.folded(together) != together or _one_is_reserved(together) or len(set(names)) < len(names):
        return False
    attachments = (one.facts.attachments for one in items)
    return not any(files and _doubled([file.safe_name for file in files]) for files in attachments)


def _doubled(names: Collection[str]) -> bool:
    return len(names) > 1 and len({paths.folded(name) for name in names}) < len(names)


def live_tombstones(
    tombstones: Iterable[Tombstone], items: Collection[str], cluster: Cluster
) -> dict[str, list[Tombstone]]:
    """By unit, the tombstones of units that still exist, in order, where no item stands."""
    units = {unit.id for unit in cluster.units}
    live: dict[str, list[Tombstone]] = defaultdict(list)
    for tombstone in sorted(tombstones, key=lambda one: one.id):
        if tombstone.unit in units and tombstone.id not in items:
            live[tombstone.unit].append(tombstone)
    return live


def redirects_of(
    moved: Iterable[ClearedItem], items: Iterable[ClearedItem], generated: Collection[str]
) -> tuple[dict[str, list[Redirect]], list[Diagnostic]]:
    """By unit, the former addresses that are free, in order.

    Args:
        moved: the items that have former addresses.
        items: all that are published in the units of those.
        generated: every page of those units that is no item's, folded.
    """
    taken = _Taken()
    for name in generated:
        taken.add(name)
    for name in _files(items):
        taken.add(name)
    redirects: dict[str, list[Redirect]] = defaultdict(list)
    found: list[Diagnostic] = []
    for one in sorted(moved, key=_id_of):
        unit = one.item.unit
        for former in one.item.redirect_from:
            page = paths.redirect_page(unit, former)
            name = paths.folded(page or f"{unit}/{former.lstrip('/')}")
            if taken.clashes(name):
                where = f"content/{one.facts.path}"
                found.append(diagnostic("redirect-name-taken", where, *one.item.place_of("redirect_from")))
            else:
                taken.add(name)
                redirects[unit].append(Redirect(unit, former.lstrip("/"), page, one.id))
    return redirects, found


def _files(items: Iterable[ClearedItem]) -> Iterator[str]:
    for one in items:
        yield paths.folded(paths.item_page(one.id))
        for file in one.facts.attachments:
            yield paths.folded(paths.attachment(one.id, file.safe_name))


class _Taken:
    """Names of files, and of the folders that they need."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, name: str) -> None:
        self._files.add(name)
        self._folders.update(paths.folders_above(name))

    def clashes(self, name: str) -> bool:
        """Whether a file has the name, needs it as a folder or is a folder of it, or theme or index own the place."""
        if name in self._files or name in self._folders or name.split("/")[1] in _SITE_FOLDERS:
            return True
        return any(folder in self._files for folder in paths.folders_above(name))
