"""Feeds, site maps, ``robots.txt`` and open data, as data. Pure.

The catalogue of open data, ``<unit>/catalogue.json``, is documented in
``docs/open-data.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.clearance.gate import ClearedItem
from generator.render.page import Context, Outline, Page, shortened
from generator.site import paths
from generator.site.addresses import Addresses

SITEMAP_LENGTH = 50_000
"""Most addresses in one site map (sitemaps.org)."""

_UNLISTED = frozenset({"not_found.html", "redirect.html", "tombstone.html", "search.html"})


def data_pages(outline: Outline, site: str) -> Iterator[Page]:
    """The feed of a site, and its catalogue if it is a unit's; ``robots.txt`` for each origin."""
    yield _feed(outline, site)
    if site:
        yield _catalogue(outline, site)
    if site in outline.catalogue.addresses.origins:
        yield Page(
            path=paths.site_page(site, "robots.txt"),
            template="@robots",
            unit=site,
            source=f"robots:{site or 'portal'}",
            context={"sitemap": outline.catalogue.addresses.absolute(paths.site_page(site, "sitemap.xml"))},
        )


def _feed(outline: Outline, site: str) -> Page:
    absolute = outline.catalogue.addresses.absolute
    page = paths.site_page(site, "feed.xml")
    latest = outline.catalogue.units[site].latest if site else outline.catalogue.latest
    return Page(
        path=page,
        template="@feed",
        unit=site,
        source=f"feed:{site or 'portal'}",
        context={
            "title": outline.site_name(site),
            "self": absolute(page),
            "home": absolute(paths.home(site)),
            "notice": outline.cluster.notice,
            "entries": [_feed_entry(outline, one) for one in latest],
        },
    )


def _feed_entry(outline: Outline, one: ClearedItem) -> dict[str, str]:
    item = one.item
    published = item.date.isoformat(timespec="seconds")
    return {
        "id": outline.catalogue.addresses.absolute(paths.item_page(one.facts.id)),
        "title": item.title,
        "published": published,
        "updated": item.updated.isoformat(timespec="seconds") if item.updated else published,
        "author": item.issuer or outline.units[item.unit].name,
        "category": item.category,
        "label": outline.categories[item.category].name,
        "summary": shortened(one.facts.summary),
        "change_note": item.change_note,
    }


def _catalogue(outline: Outline, unit: str) -> Page:
    sections = outline.catalogue.units[unit].sections
    return Page(
        path=paths.site_page(unit, "catalogue.json"),
        template="@catalogue",
        unit=unit,
        source=f"catalogue:{unit}",
        context={
            "unit": unit,
            "name": outline.units[unit].name,
            "notice": outline.cluster.notice,
            "items": [_record(outline, one) for section in sections.values() for one in section.own],
        },
    )


def _record(outline: Outline, one: ClearedItem) -> tuple[str, str, Context, list[tuple[str, str, str, int, str]]]:
    """Id, category, facts, and of each file: address, title, kind, bytes and SHA-256."""
    item_id = one.facts.id
    absolute = outline.catalogue.addresses.absolute
    files = [
        (absolute(paths.attachment(item_id, file.safe_name)), file.title, file.kind, file.size, file.published_sha256)
        for file in one.facts.attachments
    ]
    return item_id, one.item.category, outline.shown(one), files


def _changed(facts: Context) -> str:
    changed: str = facts.get("updated") or facts["date"]
    return changed[:10]


class SiteMaps:
    """Gathers the addresses of each origin while pages are planned, at most one site map's at a time."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._waiting: dict[str, list[tuple[str, str]]] = {origin: [] for origin in addresses.origins}
        self._parts: dict[str, list[str]] = {origin: [] for origin in addresses.origins}

    def take(self, page: Page) -> Iterator[Page]:
        """Note a page; yields a part of the site map when it is full."""
        if page.template.startswith("@") or page.template in _UNLISTED:
            return
        origin = self._addresses.origin(page.path)
        waiting = self._waiting[origin]
        if len(waiting) == SITEMAP_LENGTH:
            yield self._part(origin)
            waiting = self._waiting[origin]
        changed = _changed(page.context["facts"]) if page.item else ""
        waiting.append((self._addresses.absolute(page.path), changed))

    def finish(self) -> Iterator[Page]:
        """The site map of each origin; where there are parts, the last part and the index of parts."""
        for origin in self._addresses.origins:
            if self._parts[origin]:
                yield self._part(origin)
                yield self._map(origin, "sitemap.xml", "@sitemap_index", {"parts": self._parts[origin]})
            else:
                yield self._map(origin, "sitemap.xml", "@sitemap", {"pages": self._waiting[origin]})

    def _part(self, origin: str) -> Page:
        name = f"sitemap-{len(self._parts[origin]) + 1}.xml"
        pages, self._waiting[origin] = self._waiting[origin], []
        part = self._map(origin, name, "@sitemap", {"pages": pages})
        self._parts[origin].append(self._addresses.absolute(part.path))
        return part

    @staticmethod
    def _map(origin: str, name: str, template: str, context: dict[str, Any]) -> Page:
        return Page(
            path=paths.site_page(origin, name),
            template=template,
            unit=origin,
            source=f"sitemap:{origin or 'portal'}",
            context=context,
        )
