"""Feeds, site maps, ``robots.txt`` and open data, as data. Pure.

The catalogue of open data, ``<unit>/catalogue.json``, is documented in
``docs/open-data.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from generator.clearance.gate import ClearedItem
from generator.render.page import Context, Outline, Page, shortened
from generator.render.pages_service import service_pages
from generator.site import paths

SITEMAP_LENGTH = 50_000
"""Most addresses in one site map (sitemaps.org)."""

_UNLISTED = frozenset({"not_found.html", "search.html"})


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


def site_maps(outline: Outline) -> Iterator[Page]:
    """The site map of each origin; above ``SITEMAP_LENGTH`` addresses in parts, with an index of them."""
    for origin in outline.catalogue.addresses.origins:
        addresses = _listed(outline, origin)
        first = list(islice(addresses, SITEMAP_LENGTH))
        following = list(islice(addresses, SITEMAP_LENGTH))
        if not following:
            yield _map(origin, "sitemap.xml", "@sitemap", {"pages": first})
            continue
        parts: list[str] = []
        while first:
            part = _map(origin, f"sitemap-{len(parts) + 1}.xml", "@sitemap", {"pages": first})
            parts.append(outline.catalogue.addresses.absolute(part.path))
            yield part
            first, following = following, list(islice(addresses, SITEMAP_LENGTH))
        yield _map(origin, "sitemap.xml", "@sitemap_index", {"parts": parts})


def _map(origin: str, name: str, template: str, context: Context) -> Page:
    return Page(
        path=paths.site_page(origin, name),
        template=template,
        unit=origin,
        source=f"sitemap:{origin or 'portal'}",
        context=context,
    )


def _listed(outline: Outline, origin: str) -> Iterator[tuple[str, str]]:
    """Every page of an origin that is worth finding, with the day of an item's last change."""
    absolute = outline.catalogue.addresses.absolute
    sites = [origin] if origin else [paths.PORTAL, *outline.units]
    for site in sites:
        if outline.catalogue.addresses.origin(paths.home(site)) != origin:
            continue
        for page in _general(outline, site):
            yield absolute(page), ""
        if not site:
            continue
        for section in outline.catalogue.units[site].sections.values():
            items = [one.item for one in section.own]
            pages = outline.catalogue.addresses.items(site, [item.id for item in items])
            yield from zip(pages, [(item.updated or item.date).date().isoformat() for item in items], strict=True)


def _general(outline: Outline, site: str) -> Iterator[str]:
    """The pages of a site that are no item's."""
    yield paths.home(site)
    yield from (page.path for page in service_pages(outline, site) if page.template not in _UNLISTED)
    if not site:
        yield from (paths.portal_category_page(category) for category in outline.filled[site])
        yield from (paths.archive_page(site, year) for year in outline.years(site))
        return
    own = outline.catalogue.units[site]
    for category, section in own.sections.items():
        for number in range(1, paths.pages_of(len(section.listed), paths.LIST_LENGTH) + 1):
            yield paths.category_page(site, category, number)
    for year, members in own.years.items():
        for number in range(1, paths.pages_of(len(members), paths.ARCHIVE_LENGTH) + 1):
            yield paths.archive_page(site, year, number)
