"""A page as data: what it shows and nothing else. Pure.

    key = digests of theme and code, of the body, and of msgpack(page)

decides whether a page is written again, so a context holds only what the page
shows. The frame of a page (header, navigation, footer) depends on the
definitions, the theme, and ``navigation`` and ``current`` below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from msgspec import Struct, to_builtins

from generator.clearance.gate import ClearedItem
from generator.model import Category, Cluster, Contact, Unit
from generator.site import paths
from generator.site.catalogue import Catalogue, families_of
from generator.site.links import Resolution

Context = Mapping[str, Any]

_TEXTS = (
    "change_note",
    "issuer",
    "source",
    "author",
    "document_number",
    "index_number",
    "topic",
    "genre",
    "disclosure",
    "validity",
)
_DAYS = ("issued", "formed_on", "effective_on")
_MOMENTS = ("updated", "expires_on")
_texts_of = attrgetter(*_TEXTS)
_days_of = attrgetter(*_DAYS)
_moments_of = attrgetter(*_MOMENTS)

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
        sizes: width and height in pixels of each that is an image, where known.
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
    sizes: tuple[tuple[int, int] | None, ...] = ()


class Entry(Struct, frozen=True, gc=False, array_like=True):
    """One line of a list; an empty text is left out."""

    href: str
    title: str
    date: str
    unit: str = ""
    number: str = ""
    summary: str = ""
    validity: str = ""
    pinned: bool = False


class Anchor(Struct, frozen=True, gc=False, array_like=True):
    """A link of a list of links."""

    href: str
    name: str
    current: bool = False
    count: int = 0
    """How many items are there; 0 shows nothing."""


class Outline:
    """What planning asks again and again: definitions by id, navigation by site, the facts of a unit's items."""

    def __init__(self, catalogue: Catalogue, resolution: Resolution, navigation: tuple[str, ...], most: int) -> None:
        self.catalogue = catalogue
        self.resolution = resolution
        self.cluster: Cluster = catalogue.cluster
        self.link = catalogue.addresses.link
        self._shown: dict[str, Context] = {}
        self._shown_unit = ""
        self.categories: dict[str, Category] = {one.id: one for one in self.cluster.categories}
        self.units: dict[str, Unit] = {one.id: one for one in self.cluster.units}
        self.families = families_of(self.cluster)
        filled = {unit: set(own.sections) for unit, own in catalogue.units.items()}
        filled[paths.PORTAL] = {category for own in filled.values() for category in own}
        wanted = navigation or tuple(one.id for one in self.cluster.categories if one.parent is None)
        self.filled: dict[str, tuple[str, ...]] = {
            site: tuple(category for category in self.categories if category in own) for site, own in filled.items()
        }
        self.navigation: dict[str, tuple[str, ...]] = {
            site: tuple(category for category in wanted if category in own)[:most] for site, own in filled.items()
        }

    def shown(self, one: ClearedItem) -> Context:
        """What pages and open data tell of an item: its own facts, without those that are empty.

        Dates are ISO, moments to the minute.
        """
        facts = one.facts
        if facts.id in self._shown:
            return self._shown[facts.id]
        item = one.item
        if item.unit != self._shown_unit:
            self._shown, self._shown_unit = {}, item.unit
        shown: dict[str, Any] = {
            "title": item.title,
            "date": item.date.isoformat(timespec="minutes"),
            "summary": facts.summary,
        }
        for name, text in zip(_TEXTS, _texts_of(item), strict=True):
            if text:
                shown[name] = text
        for name, day in zip(_DAYS, _days_of(item), strict=True):
            if day:
                shown[name] = day.isoformat()
        for name, moment in zip(_MOMENTS, _moments_of(item), strict=True):
            if moment:
                shown[name] = moment.isoformat(timespec="minutes")
        if item.keywords:
            shown["keywords"] = item.keywords
        self._shown[facts.id] = shown
        return shown

    def site_name(self, site: str) -> str:
        """The name that a site bears."""
        return self.units[site].name if site else self.cluster.name

    def entry(
        self, page: str, one: ClearedItem, *, unit: bool = False, summary: bool = False, pinned: bool = False
    ) -> Entry:
        """One line of a list, with the unit's name, the summary and the mark of pinned items where asked for."""
        facts = one.facts
        item = one.item
        return Entry(
            self.link(page, f"{facts.id}.html"),
            item.title,
            item.date.date().isoformat(),
            self.units[item.unit].short_name if unit else "",
            item.document_number,
            shortened(facts.summary) if summary else "",
            item.validity,
            pinned and item.pinned,
        )

    def count(self, category: str) -> int:
        """How many items the cluster has in a category and in those under it."""
        units = self.catalogue.units.values()
        return sum(len(unit.sections[category].listed) for unit in units if category in unit.sections)

    def category_links(self, page: str, site: str, current: str = "") -> list[Anchor]:
        """The categories of a site that have items, without those under another."""
        return [
            Anchor(
                self.link(page, self.category_page(site, category)),
                self.categories[category].name,
                category == current,
            )
            for category in self.top(site)
        ]

    def top(self, site: str) -> list[str]:
        """The categories of a site that have items and are under no other."""
        filled = self.filled[site]
        return [category for category in filled if self.categories[category].parent not in filled]

    @staticmethod
    def category_page(site: str, category: str) -> str:
        """Where a site lists a category."""
        return paths.category_page(site, category) if site else paths.portal_category_page(category)

    def year_links(self, page: str, site: str, current: int = 0) -> list[Anchor]:
        """The years in which a site published, newest first."""
        return [
            Anchor(self.link(page, paths.archive_page(site, year)), str(year), year == current)
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


def contact_values(contact: Contact) -> dict[str, str]:
    """How to reach a unit, with ``dial``: the number that a phone can dial, where there is just one."""
    values: dict[str, str] = to_builtins(contact)
    dial = re.sub(r"[ ()（）-]", "", contact.telephone)
    return {**values, "dial": dial if re.fullmatch(r"\+?[0-9]{5,15}", dial) else ""}


def shortened(text: str) -> str:
    """A summary as lists show it."""
    return text if len(text) <= SUMMARY_LENGTH else text[: SUMMARY_LENGTH - 1].rstrip("，、；：（《“ ") + "…"
