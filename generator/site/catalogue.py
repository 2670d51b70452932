"""ClearedItems → Catalogue: what each site lists, and what belongs together. Pure.

    assemble(cluster, cleared, tombstones, now) -> Catalogue

Made of the facts of cleared items alone, without bodies: a million items fit in
memory, since lists hold references and nothing is copied. Nothing of a withheld
item can be in it, because no function here is ever given one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from generator.clearance.gate import ClearedItem
from generator.diagnostics import Diagnostic, in_order
from generator.model import Cluster, Tombstone, Unit
from generator.site import names, paths
from generator.site.addresses import Addresses
from generator.site.consultations import Consultation, next_turn, read_consultation
from generator.site.names import Redirect

_date_of = attrgetter("facts.item.date")

LATEST = 50
"""How many newest items a site and its feed know."""


@dataclass(frozen=True, slots=True)
class Section:
    """One category of one unit."""

    listed: Sequence[ClearedItem]
    """What its list shows, those of its subcategories too: pinned first, then newest first."""
    own: Sequence[ClearedItem]
    """Its own items, newest first: the order of previous and next."""


@dataclass(frozen=True, slots=True)
class UnitCatalogue:
    """What one unit has published."""

    unit: Unit
    sections: Mapping[str, Section]
    """By category id, in the order of definition; empty ones are absent."""
    latest: Sequence[ClearedItem]
    """The newest ``LATEST``, newest first."""
    years: Mapping[int, Sequence[ClearedItem]]
    """By year of publication, newest year first; within it by category, then newest first."""
    consultations: Sequence[Consultation]
    """Those that end last come first."""
    redirects: Sequence[Redirect]
    tombstones: Sequence[Tombstone]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the whole cluster has published at ``now``."""

    cluster: Cluster
    addresses: Addresses
    items: Mapping[str, ClearedItem]
    """By id, newest first."""
    units: Mapping[str, UnitCatalogue]
    """Every unit, in the order of definition."""
    latest: Sequence[ClearedItem]
    interpreted_by: Mapping[str, Sequence[str]]
    """Item id → ids of the items that interpret it, newest first."""
    next_change_at: datetime | None
    """When a consultation next opens or closes; items that appear or expire are the gate's to tell."""
    diagnostics: tuple[Diagnostic, ...] = field(default=())

    def redirects(self) -> Iterable[Redirect]:
        """Every former address, for web servers."""
        for unit in self.units.values():
            yield from unit.redirects


def assemble(
    cluster: Cluster, cleared: Iterable[ClearedItem], tombstones: Iterable[Tombstone], now: datetime
) -> Catalogue:
    """Order and relate what may be published at ``now``."""
    kept, found = names.keep_distinct(cleared)
    kept.sort(key=_date_of, reverse=True)  # stable: equal moments stay in order of id
    items = {one.facts.id: one for one in kept}
    by_unit: dict[str, list[ClearedItem]] = {unit.id: [] for unit in cluster.units}
    moved: list[ClearedItem] = []
    interpreting: list[ClearedItem] = []
    for one in kept:
        item = one.item
        by_unit[item.unit].append(one)
        if item.redirect_from:
            moved.append(one)
        if item.interprets:
            interpreting.append(one)
    stones = names.live_tombstones(tombstones, items.keys(), cluster)
    redirects, taken = _redirects(cluster, moved, by_unit, stones)
    units = {
        unit.id: _assemble_unit(
            unit, cluster, by_unit.pop(unit.id), redirects.get(unit.id, ()), stones.get(unit.id, ()), now
        )
        for unit in cluster.units
    }
    turns = [next_turn(one, now) for unit in units.values() for one in unit.consultations]
    return Catalogue(
        cluster=cluster,
        addresses=Addresses(cluster),
        items=items,
        units=units,
        latest=tuple(kept[:LATEST]),
        interpreted_by=_interpreted_by(interpreting, items),
        next_change_at=min((turn for turn in turns if turn is not None), default=None),
        diagnostics=in_order([*found, *taken]),
    )


def _redirects(
    cluster: Cluster,
    moved: Sequence[ClearedItem],
    by_unit: Mapping[str, Sequence[ClearedItem]],
    stones: Mapping[str, Sequence[Tombstone]],
) -> tuple[Mapping[str, Sequence[Redirect]], list[Diagnostic]]:
    units = {one.item.unit for one in moved}
    items = (one for unit in units for one in by_unit[unit])
    generated = {paths.folded(page) for unit in units for page in _generated(unit, cluster, by_unit[unit])}
    generated |= {paths.folded(paths.item_page(stone.id)) for own in stones.values() for stone in own}
    return names.redirects_of(moved, items, generated)


def _assemble_unit(
    unit: Unit,
    cluster: Cluster,
    items: Sequence[ClearedItem],
    redirects: Sequence[Redirect],
    tombstones: Sequence[Tombstone],
    now: datetime,
) -> UnitCatalogue:
    own: dict[str, list[ClearedItem]] = {category.id: [] for category in cluster.categories}
    pinned: set[str] = set()
    years: dict[int, dict[str, list[ClearedItem]]] = {}
    consultations: list[Consultation] = []
    for one in items:
        item = one.item
        category = item.category
        own[category].append(one)
        years.setdefault(item.date.year, {}).setdefault(category, []).append(one)
        if item.pinned:
            pinned.add(category)
        if item.extra and (consultation := read_consultation(one, now.date())) is not None:
            consultations.append(consultation)
    consultations.sort(key=lambda one: (-one.ends.toordinal(), one.item.id))
    return UnitCatalogue(
        unit=unit,
        sections=_sections(cluster, own, items, pinned),
        latest=tuple(items[:LATEST]),
        years={
            year: tuple(one for category in own if category in groups for one in groups[category])
            for year, groups in years.items()
        },
        consultations=tuple(consultations),
        redirects=tuple(redirects),
        tombstones=tuple(tombstones),
    )


def _sections(
    cluster: Cluster, own: Mapping[str, list[ClearedItem]], items: Sequence[ClearedItem], pinned: Set[str]
) -> dict[str, Section]:
    families = families_of(cluster)
    sections: dict[str, Section] = {}
    for category in cluster.categories:
        mine: Sequence[ClearedItem] = own[category.id]
        family = families[category.id]
        listed = mine if len(family) == 1 else [one for one in items if one.item.category in family]
        if not listed:
            continue
        if pinned & family:
            listed = sorted(listed, key=_is_not_pinned)  # stable: newest first among the pinned, and among the rest
        sections[category.id] = Section(listed=listed, own=mine)
    return sections


def _is_not_pinned(one: ClearedItem) -> bool:
    return not one.item.pinned


def families_of(cluster: Cluster) -> dict[str, frozenset[str]]:
    """Each category with itself and all that are under it."""
    parents = {category.id: category.parent for category in cluster.categories}
    families: dict[str, set[str]] = defaultdict(set)
    for category in parents:
        above: str | None = category
        while above is not None and category not in families[above]:
            families[above].add(category)
            above = parents[above]
    return {category: frozenset(family) for category, family in families.items()}


def _interpreted_by(kept: Iterable[ClearedItem], items: Mapping[str, ClearedItem]) -> dict[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in kept:
        for policy in one.item.interprets:
            if policy in items and one.facts.id not in found[policy]:
                found[policy].append(one.facts.id)
    return {policy: tuple(interpretations) for policy, interpretations in found.items()}


def _generated(unit: str, cluster: Cluster, items: Sequence[ClearedItem]) -> Iterable[str]:
    """Pages of a unit that are no item's, where a redirect could be meant to stand.

    A list may be longer here than it is, never shorter.
    """
    yield paths.home(unit)
    for name in paths.SITE_PAGES:
        yield paths.site_page(unit, name)
    years = Counter(one.item.date.year for one in items)
    for category in cluster.categories:
        for number in range(1, paths.pages_of(len(items), paths.LIST_LENGTH) + 1):
            yield paths.category_page(unit, category.id, number)
    for year, count in years.items():
        for number in range(1, paths.pages_of(count, paths.ARCHIVE_LENGTH) + 1):
            yield paths.archive_page(unit, year, number)
