"""Lists of items → their pages, as data: categories, years, and both over the cluster. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from generator.clearance.gate import ClearedItem
from generator.render.page import Anchor, Entry, Outline, Page
from generator.site import paths
from generator.site.catalogue import LATEST


def list_pages(outline: Outline, unit: str, category: str) -> Iterator[Page]:
    """A category's list, ``LIST_LENGTH`` items a page."""
    definition = outline.categories[category]
    listed = outline.catalogue.units[unit].sections[category].listed
    total = paths.pages_of(len(listed), paths.LIST_LENGTH)
    years = _years_of(outline, unit, category)
    for number in range(1, total + 1):
        page = paths.category_page(unit, category, number)
        shown = listed[(number - 1) * paths.LIST_LENGTH : number * paths.LIST_LENGTH]
        yield Page(
            path=page,
            template="list.html",
            unit=unit,
            source=f"list:{unit}/{category}",
            current=category,
            exact=number == 1,
            navigation=outline.navigation[unit],
            context={
                "category": category,
                "heading": definition.name,
                "number": number,
                "description": definition.description,
                "breadcrumb": _trail(outline, page, unit, category),
                "entries": [outline.entry(page, one, summary=True, pinned=True) for one in shown],
                "pages": pagination(number, total, partial(_list_link, outline, page, unit, category)),
                "older": False,
                "children": _children(outline, page, unit, category),
                "categories": outline.category_links(page, unit, category),
                "years": years,
                "units": [],
            },
        )


def _children(outline: Outline, page: str, site: str, category: str) -> list[Anchor]:
    """The categories right under one that have items on a site, or under them."""
    return [
        Anchor(outline.link(page, outline.category_page(site, child)), outline.categories[child].name)
        for child in outline.filled[site]
        if outline.categories[child].parent == category
    ]


def _years_of(outline: Outline, unit: str, category: str) -> list[Anchor]:
    """The years in which the category has items: where its part of the unit's archive begins."""
    family = outline.families[category]
    page = paths.category_page(unit, category)
    found = []
    for year, members in outline.catalogue.units[unit].years.items():
        for index, one in enumerate(members):
            if one.item.category in family:
                archive = paths.archive_page(unit, year, index // paths.ARCHIVE_LENGTH + 1)
                found.append(Anchor(outline.link(page, archive, f"mt-{one.item.category}"), str(year)))
                break
    return found


def _list_link(outline: Outline, page: str, unit: str, category: str, number: int) -> str:
    return outline.link(page, paths.category_page(unit, category, number))


def _archive_link(outline: Outline, page: str, unit: str, year: int, number: int) -> str:
    return outline.link(page, paths.archive_page(unit, year, number))


def _trail(outline: Outline, page: str, unit: str, category: str) -> list[tuple[str, str]]:
    """Home, the categories above, and the category itself without a link."""
    above = []
    parent = outline.categories[category].parent
    while parent is not None:
        if parent in outline.filled[unit]:
            above.append((outline.categories[parent].name, outline.link(page, outline.category_page(unit, parent))))
        parent = outline.categories[parent].parent
    home = (outline.site_name(unit), outline.link(page, paths.home(unit)))
    return [home, *reversed(above), (outline.categories[category].name, "")]


def pagination(number: int, total: int, link: Callable[[int], str]) -> dict[str, Any] | None:
    """The numbers of a list's pages as links: the first, the last, and those near ``number``; 0 is a gap."""
    if total < 2:
        return None
    near = sorted({1, total, *range(max(1, number - 2), min(total, number + 2) + 1)})
    numbers: list[tuple[int, str]] = []
    for one in near:
        if numbers and one - numbers[-1][0] > 1:
            numbers.append((0, ""))
        numbers.append((one, link(one)))
    return {
        "current": number,
        "previous": link(number - 1) if number > 1 else "",
        "next": link(number + 1) if number < total else "",
        "numbers": numbers,
    }


def archive_pages(outline: Outline, unit: str) -> Iterator[Page]:
    """What a unit published in each year, by category, ``ARCHIVE_LENGTH`` items a page."""
    for year, members in outline.catalogue.units[unit].years.items():
        total = paths.pages_of(len(members), paths.ARCHIVE_LENGTH)
        for number in range(1, total + 1):
            page = paths.archive_page(unit, year, number)
            shown = members[(number - 1) * paths.ARCHIVE_LENGTH : number * paths.ARCHIVE_LENGTH]
            yield Page(
                path=page,
                template="archive.html",
                unit=unit,
                source=f"archive:{unit}/{year}",
                navigation=outline.navigation[unit],
                context={
                    "year": year,
                    "number": number,
                    "breadcrumb": [(outline.site_name(unit), outline.link(page, paths.home(unit))), (str(year), "")],
                    "groups": _groups(outline, page, shown),
                    "pages": pagination(number, total, partial(_archive_link, outline, page, unit, year)),
                    "years": outline.year_links(page, unit, year),
                },
            )


def _groups(outline: Outline, page: str, shown: Sequence[ClearedItem]) -> list[dict[str, Any]]:
    groups: dict[str, list[Entry]] = {}
    for one in shown:
        groups.setdefault(one.item.category, []).append(outline.entry(page, one))
    return [
        {"id": category, "name": outline.categories[category].name, "entries": entries}
        for category, entries in groups.items()
    ]


def portal_categories(outline: Outline) -> Iterator[Page]:
    """The newest of each category over the cluster, and every unit's own list of it."""
    newest: dict[str, list[ClearedItem]] = {category: [] for category in outline.filled[paths.PORTAL]}
    full = set()
    for one in outline.catalogue.items.values():
        category: str | None = one.item.category
        while category is not None and category in newest and category not in full:
            newest[category].append(one)
            if len(newest[category]) == LATEST:
                full.add(category)
            category = outline.categories[category].parent
    for category, members in newest.items():
        definition = outline.categories[category]
        page = paths.portal_category_page(category)
        yield Page(
            path=page,
            template="list.html",
            unit=paths.PORTAL,
            source=f"list:{category}",
            current=category,
            exact=True,
            navigation=outline.navigation[paths.PORTAL],
            context={
                "category": category,
                "heading": definition.name,
                "number": 1,
                "description": definition.description,
                "breadcrumb": _trail(outline, page, paths.PORTAL, category),
                "entries": [outline.entry(page, one, unit=True, summary=True) for one in members],
                "pages": None,
                "older": outline.count(category) > len(members),
                "children": _children(outline, page, paths.PORTAL, category),
                "categories": outline.category_links(page, paths.PORTAL, category),
                "years": [],
                "units": [
                    Anchor(outline.link(page, paths.category_page(unit.id, category)), unit.short_name)
                    for unit in outline.cluster.units
                    if category in outline.filled[unit.id]
                ],
            },
        )


def portal_archives(outline: Outline) -> Iterator[Page]:
    """For each year the units that published in it, with counts."""
    for year in outline.years(paths.PORTAL):
        page = paths.archive_page(paths.PORTAL, year)
        yield Page(
            path=page,
            template="portal_archive.html",
            unit=paths.PORTAL,
            source=f"archive:{year}",
            navigation=outline.navigation[paths.PORTAL],
            context={
                "year": year,
                "number": 1,
                "breadcrumb": [(outline.cluster.name, outline.link(page, paths.home(paths.PORTAL))), (str(year), "")],
                "units": [
                    Anchor(
                        outline.link(page, paths.archive_page(unit.id, year)),
                        unit.short_name,
                        count=len(outline.catalogue.units[unit.id].years[year]),
                    )
                    for unit in outline.cluster.units
                    if year in outline.catalogue.units[unit.id].years
                ],
                "years": outline.year_links(page, paths.PORTAL, year),
            },
        )
