"""The first pages of the portal and of each unit, as data. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from generator.diagnostics import Diagnostic, diagnostic
from generator.render.options import CLUSTER_FILE, Locate, Need, Options
from generator.render.page import Anchor, Outline, Page, contact_values
from generator.site import paths
from generator.site.catalogue import Catalogue
from generator.site.consultations import Consultation

PORTAL_LATEST = 15
UNIT_LATEST = 8
SECTION_LENGTH = 5
MOST_CONSULTATIONS = 5


def portal_home(outline: Outline, options: Options) -> Page:
    """The portal's first page."""
    page = paths.home(paths.PORTAL)
    search = outline.link(page, "search.html")
    running = [one for unit in outline.catalogue.units.values() for one in unit.consultations if one.state == "open"]
    running.sort(key=lambda one: (one.ends, one.item.id))
    return Page(
        path=page,
        template="portal_home.html",
        unit=paths.PORTAL,
        source="home:portal",
        current="home",
        exact=True,
        navigation=outline.navigation[paths.PORTAL],
        context={
            "heading": outline.cluster.name,
            "description": outline.cluster.description,
            "search": search,
            "examples": [Anchor(f"{search}?q={quote(words, safe='')}", words) for words in options.example_queries],
            "needs": [
                {"label": need.label, "hint": need.hint, "href": href}
                for need in options.needs
                if (href := _need_link(outline, page, need)) is not None
            ],
            "consultations": consultation_entries(outline, page, running[:MOST_CONSULTATIONS], unit=True),
            "latest": [outline.entry(page, one, unit=True) for one in outline.catalogue.latest[:PORTAL_LATEST]],
            "categories": _counted_categories(outline, page),
            "years": outline.year_links(page, paths.PORTAL),
            "groups": [
                {"kind": kind, "units": [Anchor(href, unit.short_name) for unit, href in units]}
                for kind, units in outline.unit_groups(page)
            ],
        },
    )


def _counted_categories(outline: Outline, page: str) -> list[Anchor]:
    return [
        Anchor(
            outline.link(page, paths.portal_category_page(category)),
            outline.categories[category].name,
            count=outline.count(category),
        )
        for category in outline.top(paths.PORTAL)
    ]


def _need_link(outline: Outline, page: str, need: Need) -> str | None:
    kind, _, target = need.to.partition(":")
    if kind == "search":
        return f"{outline.link(page, 'search.html')}?q={quote(target, safe='')}"
    if kind == "unit":
        return outline.link(page, paths.home(target))
    if kind == "item":
        return outline.link(page, paths.item_page(target)) if target in outline.catalogue.items else None
    site, _, category = target.rpartition("/")
    return outline.link(page, outline.category_page(site, category)) if category in outline.filled[site] else None


def check_needs(catalogue: Catalogue, options: Options, locate: Locate) -> tuple[Diagnostic, ...]:
    """A warning for each entry of 我要办 whose item is not published."""
    found = []
    for number, need in enumerate(options.needs):
        target = need.to.removeprefix("item:")
        if target != need.to and target not in catalogue.items:
            at = locate(CLUSTER_FILE, "theme_options", "needs", number, "to")
            found.append(diagnostic("need-unpublished", CLUSTER_FILE, *at, severity="warning", target=target))
    return tuple(found)


def unit_home(outline: Outline, unit: str, options: Mapping[str, str]) -> Page:
    """A unit's first page."""
    page = paths.home(unit)
    own = outline.catalogue.units[unit]
    running = sorted((one for one in own.consultations if one.state == "open"), key=lambda one: (one.ends, one.item.id))
    return Page(
        path=page,
        template="unit_home.html",
        unit=unit,
        source=f"home:{unit}",
        current="home",
        exact=True,
        navigation=outline.navigation[unit],
        context={
            "heading": own.unit.name,
            "tagline": options.get("tagline", ""),
            "description": own.unit.description,
            "contact": contact_values(own.unit.contact),
            "consultations": consultation_entries(outline, page, running[:MOST_CONSULTATIONS]),
            "latest": [outline.entry(page, one) for one in own.latest[:UNIT_LATEST]],
            "sections": [_section(outline, page, unit, category) for category in outline.top(unit)],
            "children": [
                Anchor(outline.link(page, paths.home(child.id)), child.short_name)
                for child in outline.cluster.units
                if child.parent == unit
            ],
            "years": outline.year_links(page, unit),
        },
    )


def _section(outline: Outline, page: str, unit: str, category: str) -> dict[str, Any]:
    listed = outline.catalogue.units[unit].sections[category].listed
    return {
        "id": category,
        "name": outline.categories[category].name,
        "href": outline.link(page, paths.category_page(unit, category)),
        "entries": [outline.entry(page, one, pinned=True) for one in listed[:SECTION_LENGTH]],
        "more": len(listed) > SECTION_LENGTH,
    }


def consultation_entries(
    outline: Outline, page: str, consultations: Iterable[Consultation], *, unit: bool = False
) -> list[dict[str, Any]]:
    """Consultations as lists show them."""
    return [
        {
            "href": outline.link(page, paths.item_page(one.item.id)),
            "title": one.item.item.title,
            "unit": outline.units[one.item.item.unit].short_name if unit else "",
            "state": one.state,
            "ends": one.ends.isoformat(),
        }
        for one in consultations
    ]
