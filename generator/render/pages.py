"""Catalogue → every page of the tree, as data. Pure.

    plan_pages(catalogue, resolution, theme) -> Iterator[Page]
    plan_sites(catalogue, resolution, theme, identity) -> Iterator[SitePlan]    the same, site by site
    check_options(catalogue, theme) -> tuple[Diagnostic, …]     entries of 我要办 that lead nowhere

Pages come site by site and folder by folder, so that a worker that renders a run
of them needs few frames; the portal, which takes longest to plan, last. Feeds, site maps, ``robots.txt`` and
the catalogues of open data are pages too, with a template that begins with ``@``.

In a cluster of a hundred thousand items planning is the greater part of building
one edit. What a unit's pages show is known by a *fingerprint* that costs a
hundredth of planning them: a build that remembers it need not plan that unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from generator.clearance.gate import ClearedItem
from generator.diagnostics import Diagnostic
from generator.render.fingerprint import site_fingerprint
from generator.render.options import MOST_NAVIGATION, Locate, nowhere
from generator.render.page import Outline, Page
from generator.render.pages_data import data_pages, site_maps
from generator.render.pages_home import check_needs, portal_home, unit_home
from generator.render.pages_item import item_pages, redirect_pages, tombstone_pages
from generator.render.pages_list import archive_pages, list_pages, portal_archives, portal_categories
from generator.render.pages_service import service_pages
from generator.render.theme import Theme
from generator.site import paths
from generator.site.catalogue import Catalogue
from generator.site.links import Resolution


class SitePlan(NamedTuple):
    """The pages of one site, not yet planned."""

    site: str
    """``""`` for the portal, else a unit. The site maps of all origins are the portal's."""
    fingerprint: bytes
    """Of all that the pages show; empty for the portal, which shows something of every unit."""
    pages: Callable[[], Iterator[Page]]


def plan_sites(
    catalogue: Catalogue, resolution: Resolution, theme: Theme, identity: Callable[[ClearedItem], bytes]
) -> Iterator[SitePlan]:
    """Every site with its fingerprint: equal fingerprints promise equal pages.

    Args:
        catalogue: what is published.
        resolution: where links lead.
        theme: whose digest, with the definitions, is part of every fingerprint.
        identity: a digest of an item's facts.
    """
    outline = Outline(catalogue, resolution, theme.options.navigation, MOST_NAVIGATION)
    for unit in outline.units:
        fingerprint = site_fingerprint(catalogue, resolution, theme.digest, unit, identity)
        yield SitePlan(unit, fingerprint, partial(_unit_pages, outline, theme, unit))
    yield SitePlan(paths.PORTAL, b"", partial(_portal_pages, outline, theme))


def plan_pages(catalogue: Catalogue, resolution: Resolution, theme: Theme) -> Iterator[Page]:
    """Every page of the portal and of each unit's site."""
    outline = Outline(catalogue, resolution, theme.options.navigation, MOST_NAVIGATION)
    for unit in outline.units:
        yield from _unit_pages(outline, theme, unit)
    yield from _portal_pages(outline, theme)


def _portal_pages(outline: Outline, theme: Theme) -> Iterator[Page]:
    yield portal_home(outline, theme.options)
    yield from service_pages(outline, paths.PORTAL)
    yield from portal_categories(outline)
    yield from portal_archives(outline)
    yield from data_pages(outline, paths.PORTAL)
    yield from site_maps(outline)


def _unit_pages(outline: Outline, theme: Theme, unit: str) -> Iterator[Page]:
    yield unit_home(outline, unit, theme.unit_options[unit])
    yield from service_pages(outline, unit)
    yield from archive_pages(outline, unit)
    yield from data_pages(outline, unit)
    for category in outline.filled[unit]:
        yield from list_pages(outline, unit, category)
        yield from item_pages(outline, unit, category)
    yield from tombstone_pages(outline, unit)
    yield from redirect_pages(outline, unit)


def check_options(catalogue: Catalogue, theme: Theme, locate: Locate = nowhere) -> tuple[Diagnostic, ...]:
    """Warnings for entries of 我要办 whose item is not published; the portal leaves them out."""
    return check_needs(catalogue, theme.options, locate)


__all__ = ["Page", "SitePlan", "check_options", "plan_pages", "plan_sites"]
