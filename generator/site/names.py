"""Which names are taken: definitions, cleared items and redirects → collisions. Pure.

Two files of the tree may not have the same name on a file system that ignores
case. Who keeps a name does not depend on the order of reading: generated pages,
then items by id, then attachments, then redirects by item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from generator.clearance.gate import ClearedItem
from generator.diagnostics import Diagnostic, diagnostic
from generator.model import Cluster, Tombstone
from generator.site import paths


@dataclass(frozen=True, slots=True)
class Redirect:
    """A former address of an item."""

    unit: str
    former: str
    """As in ``redirect_from``, relative to the unit's root."""
    page: str | None
    """The file that sends readers on; ``None`` when only the web server can."""
    item: str


def check_definitions(cluster: Cluster) -> tuple[Diagnostic, ...]:
    """Faults in the names of units and categories that would make files collide."""
    found: list[Diagnostic] = []
    seen: set[str] = set()
    for unit in cluster.units:
        name = paths.folded(unit.id)
        if name in paths.PORTAL_FOLDERS or name in seen:
            found.append(diagnostic("unit-name-taken", f"sites/units/{unit.id}.yml", name=unit.id))
        seen.add(name)
    seen = set()
    for category in cluster.categories:
        name = paths.folded(category.id)
        if name in paths.UNIT_FOLDERS or name in seen:
            found.append(diagnostic("category-name-taken", "sites/categories.yml", name=category.id))
        seen.add(name)
    hosts = {cluster.base_url}
    for unit in cluster.units:
        if unit.host in hosts:
            found.append(diagnostic("host-taken", f"sites/units/{unit.id}.yml", host=unit.host))
        elif unit.host:
            hosts.add(unit.host)
    return tuple(found)


def keep_distinct(cleared: Iterable[ClearedItem]) -> tuple[list[ClearedItem], list[Diagnostic]]:
    """The items, by id, without those whose page or files have a taken name."""
    kept: list[ClearedItem] = []
    found: list[Diagnostic] = []
    taken: set[str] = set()
    for one in sorted(cleared, key=lambda cleared_item: cleared_item.facts.id):
        facts = one.facts
        name = paths.folded(facts.id)
        where = f"content/{facts.path}"
        if paths.is_reserved_slug(facts.id.rpartition("/")[2]):
            found.append(diagnostic("item-name-reserved", where))
        elif name in taken:
            found.append(diagnostic("item-name-taken", where))
        elif _doubled([attachment.safe_name for attachment in facts.attachments]):
            found.append(diagnostic("attachment-name-taken", where, *_place(one, "attachments")))
        else:
            taken.add(name)
            kept.append(one)
    return kept, found


def _doubled(names: Collection[str]) -> bool:
    return len(names) > 1 and len({paths.folded(name) for name in names}) < len(names)


def _place(one: ClearedItem, key: str) -> tuple[int, int]:
    return one.item.lines.get(key, (0, 0))


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
    items: Iterable[ClearedItem], generated: Collection[str]
) -> tuple[dict[str, list[Redirect]], list[Diagnostic]]:
    """By unit, the former addresses that are free, in order.

    Args:
        items: all that are published.
        generated: every page of the units concerned that is no item's, folded.
    """
    items = list(items)
    wanting = sorted((one for one in items if one.item.redirect_from), key=lambda one: one.id)
    if not wanting:
        return {}, []
    units = {one.item.unit for one in wanting}
    taken = set(generated) | _files(one for one in items if one.item.unit in units)
    redirects: dict[str, list[Redirect]] = defaultdict(list)
    found: list[Diagnostic] = []
    for one in wanting:
        unit = one.item.unit
        for former in one.item.redirect_from:
            page = paths.redirect_page(unit, former)
            name = paths.folded(page or f"{unit}/{former.lstrip('/')}")
            if _is_taken(name, unit, taken):
                where = f"content/{one.facts.path}"
                found.append(diagnostic("redirect-name-taken", where, *_place(one, "redirect_from")))
                continue
            taken.add(name)
            redirects[unit].append(Redirect(unit, former.lstrip("/"), page, one.id))
    return redirects, found


def _files(items: Iterable[ClearedItem]) -> set[str]:
    names = set()
    for one in items:
        names.add(paths.folded(paths.item_page(one.id)))
        names.update(paths.folded(paths.attachment(one.id, file.safe_name)) for file in one.facts.attachments)
    return names


def _is_taken(name: str, unit: str, taken: Collection[str]) -> bool:
    """Whether a file has the name, is a folder of it, or the folder belongs to the theme or the index."""
    first, *parts = name.split("/")
    if name in taken or parts[0] in {"assets", "search"}:
        return True
    above = [first]
    for part in parts[:-1]:
        above.append(part)
        if "/".join(above) in taken:
            return True
    return any(other.startswith(f"{name}/") for other in taken)
