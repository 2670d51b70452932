"""The pages that every site has beside its items, as data: about, site map, search … Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.render.page import Anchor, Outline, Page, contact_values
from generator.render.pages_home import consultation_entries
from generator.site import paths


def service_pages(outline: Outline, site: str) -> Iterator[Page]:
    """About and contact, accessibility, site map, search, consultations, 404; on the portal the list of units."""
    yield _about(outline, site)
    yield _page(outline, site, "accessibility", {"contact": _contact(outline, site)})
    yield _page(outline, site, "site-map", {"groups": _map_groups(outline, site)})
    yield _search(outline, site)
    if not site:
        yield _units(outline)
    groups = _consultations(outline, site)
    if groups:
        yield _page(outline, site, "consultations", {"groups": groups})
    yield _not_found(outline, site)


def _page(outline: Outline, site: str, name: str, context: dict[str, Any]) -> Page:
    page = paths.site_page(site, f"{name}.html")
    return Page(
        path=page,
        template=f"{name.replace('-', '_')}.html",
        unit=site,
        source=f"{name}:{site or 'portal'}",
        current=name,
        exact=True,
        navigation=outline.navigation[site],
        context={"home": outline.link(page, paths.home(site)), **context},
    )


def _contact(outline: Outline, site: str) -> dict[str, str]:
    return contact_values(outline.units[site].contact if site else outline.cluster.contact)


def _about(outline: Outline, site: str) -> Page:
    page = paths.site_page(site, "about.html")
    data = [("feed", "feed.xml")]
    if site:
        data.append(("catalogue_data", "catalogue.json"))
    if site in outline.catalogue.addresses.origins:
        data.append(("sitemap_data", "sitemap.xml"))
    definition = outline.units[site] if site else outline.cluster
    return _page(
        outline,
        site,
        "about",
        {
            "name": definition.name,
            "description": definition.description,
            "contact": _contact(outline, site),
            "organiser": definition.organiser or definition.name,
            "site_code": definition.site_code,
            "data": [{"key": key, "href": outline.link(page, paths.site_page(site, name))} for key, name in data],
        },
    )


def _search(outline: Outline, site: str) -> Page:
    page = paths.site_page(site, "search.html")
    units = [] if site else outline.cluster.units
    return _page(
        outline,
        site,
        "search",
        {
            "categories": outline.category_links(page, site),
            "years": outline.year_links(page, site),
            "units": [Anchor(outline.link(page, paths.home(unit.id)), unit.short_name) for unit in units],
        },
    )


def _units(outline: Outline) -> Page:
    page = "units.html"
    groups = [
        {
            "kind": kind,
            "units": [
                {
                    "name": unit.name,
                    "href": href,
                    "description": unit.description,
                    "contact": _contact(outline, unit.id),
                }
                for unit, href in units
            ],
        }
        for kind, units in outline.unit_groups(page)
    ]
    return _page(outline, paths.PORTAL, "units", {"groups": groups})


def _map_groups(outline: Outline, site: str) -> list[dict[str, Any]]:
    page = paths.site_page(site, "site-map.html")
    names = ["search", "about", "accessibility", *(() if site else ("units",))]
    if _consultations(outline, site):
        names.append("consultations")
    groups: list[dict[str, Any]] = [
        {"key": "categories", "links": _category_tree(outline, page, site)},
        {"key": "by_year", "links": outline.year_links(page, site)},
        {
            "key": "this_site",
            "links": [Anchor(outline.link(page, paths.site_page(site, f"{name}.html")), name) for name in names],
        },
    ]
    if not site:
        links = [Anchor(href, unit.short_name) for _, units in outline.unit_groups(page) for unit, href in units]
        groups.insert(0, {"key": "units", "links": links})
    return [group for group in groups if group["links"]]


def _category_tree(outline: Outline, page: str, site: str) -> list[Anchor]:
    return [
        Anchor(outline.link(page, outline.category_page(site, category)), outline.categories[category].name)
        for category in outline.filled[site]
    ]


def _consultations(outline: Outline, site: str) -> list[dict[str, Any]]:
    page = paths.site_page(site, "consultations.html")
    units = outline.catalogue.units
    found = list(units[site].consultations) if site else [one for unit in units.values() for one in unit.consultations]
    found.sort(key=lambda one: (-one.ends.toordinal(), one.item.id))
    groups = []
    for state in ("open", "upcoming", "closed"):
        members = [one for one in found if one.state == state]
        if members:
            groups.append({"state": state, "list": consultation_entries(outline, page, members, unit=not site)})
    return groups


def _not_found(outline: Outline, site: str) -> Page:
    rooted = outline.catalogue.addresses.rooted
    return Page(
        path=paths.site_page(site, "404.html"),
        template="not_found.html",
        unit=site,
        source=f"404:{site or 'portal'}",
        navigation=outline.navigation[site],
        context={
            "home": rooted(paths.home(site)),
            "search": rooted(paths.site_page(site, "search.html")),
            "site_map": rooted(paths.site_page(site, "site-map.html")),
        },
    )
