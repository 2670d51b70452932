"""A page as data: what it shows and nothing else. Pure.

    key = blake2b(msgpack(page) + body digest + theme digest + code version)

decides whether a page is written again, so a context holds only what the page
shows. The frame of a page (header, navigation, footer) depends on the
definitions, the theme, and ``navigation`` and ``current`` below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from generator.clearance.gate import ClearedItem
from generator.model import Category, Cluster, Unit
from generator.site import paths
from generator.site.catalogue import Catalogue
from generator.site.links import Resolution

Context = Mapping[str, Any]

SUMMARY_LENGTH = 110
"""Characters of a summary in a list."""


class Page(Struct, frozen=True, kw_only=True):
    """One file to be rendered.

    Attributes:
        path: in the tree.
        template: ``<name>.html`` of the theme, or ``@<name>`` for a file of data.
        unit: the site, ``""`` for the portal.
        source: the owner: an item's id or ``<kind>:<place>``.
        item: id of the item whose body it shows, or ``""``.
        current: the entry of the navigation that it stands under: ``home``, a
            category's id, ``about`` …
        exact: whether it is that entry's very page.
        navigation: ids of the categories in the navigation.
        links: the address, or nothing, for each placeholder of the body.
        context: what the template shows.
    """

    path: str
    template: str
    unit: str
    source: str
    context: Context
    item: str = ""
    current: str = ""
    exact: bool = False
    navigation: tuple[str, ...] = ()
    links: tuple[str | None, ...] = ()


class Outline:
    """What planning asks again and again: definitions by id, navigation by site."""

    def __init__(self, catalogue: Catalogue, resolution: Resolution, navigation: tuple[str, ...], most: int) -> None:
        self.catalogue = catalogue
        self.resolution = resolution
        self.cluster: Cluster = catalogue.cluster
        self.link = catalogue.addresses.link
        self.categories: dict[str, Category] = {one.id: one for one in self.cluster.categories}
        self.units: dict[str, Unit] = {one.id: one for one in self.cluster.units}
        filled = {unit: set(own.sections) for unit, own in catalogue.units.items()}
        filled[paths.PORTAL] = {category for own in filled.values() for category in own}
        wanted = navigation or tuple(one.id for one in self.cluster.categories if one.parent is None)
        self.filled: dict[str, tuple[str, ...]] = {
            site: tuple(category for category in self.categories if category in own) for site, own in filled.items()
        }
        self.navigation: dict[str, tuple[str, ...]] = {
            site: tuple(category for category in wanted if category in own)[:most] for site, own in filled.items()
        }

    def site_name(self, site: str) -> str:
        """The name that a site bears."""
        return self.units[site].name if site else self.cluster.name

    def entry(self, page: str, one: ClearedItem, *, unit: bool = False, summary: bool = False) -> dict[str, Any]:
        """One line of a list."""
        item = one.item
        return {
            "href": self.link(page, paths.item_page(one.facts.id)),
            "title": item.title,
            "date": item.date.date().isoformat(),
            "unit": self.units[item.unit].short_name if unit else "",
            "number": item.document_number,
            "summary": shortened(one.facts.summary) if summary else "",
            "validity": item.validity,
            "pinned": item.pinned and summary,
        }

    def category_links(self, page: str, site: str, current: str = "") -> list[dict[str, Any]]:
        """The categories of a site that have items."""
        return [
            {
                "href": self.link(page, self.category_page(site, category)),
                "name": self.categories[category].name,
                "current": category == current,
            }
            for category in self.filled[site]
            if self.categories[category].parent not in self.filled[site]
        ]

    @staticmethod
    def category_page(site: str, category: str) -> str:
        """Where a site lists a category."""
        return paths.category_page(site, category) if site else paths.portal_category_page(category)

    def year_links(self, page: str, site: str, current: int = 0) -> list[dict[str, Any]]:
        """The years in which a site published, newest first."""
        return [
            {
                "href": self.link(page, paths.archive_page(site, year)),
                "name": str(year),
                "current": year == current,
            }
            for year in self.years(site)
        ]

    def years(self, site: str) -> list[int]:
        """The years in which a site published, newest first."""
        if site:
            return list(self.catalogue.units[site].years)
        return sorted({year for unit in self.catalogue.units.values() for year in unit.years}, reverse=True)

    def unit_groups(self, page: str) -> list[tuple[str, list[tuple[Unit, str]]]]:
        """Units with their home, by kind, in the order of definition."""
        groups: dict[str, list[tuple[Unit, str]]] = {}
        for unit in self.cluster.units:
            groups.setdefault(unit.kind, []).append((unit, self.link(page, paths.home(unit.id))))
        return list(groups.items())


def shortened(text: str) -> str:
    """A summary as lists show it."""
    return text if len(text) <= SUMMARY_LENGTH else text[: SUMMARY_LENGTH - 1].rstrip("，、；：（《“ ") + "…"
