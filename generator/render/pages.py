"""Catalogue → every page of the tree, as data. Pure.

    plan_pages(catalogue, resolution, theme) -> Iterator[Page]
    check_options(catalogue, theme) -> tuple[Diagnostic, …]     entries of 我要办 that lead nowhere

Pages come site by site and folder by folder, the portal first, so that a worker
that renders a run of them needs few frames. Feeds, site maps, ``robots.txt`` and
the catalogues of open data are pages too, with a template that begins with ``@``.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.render.options import MOST_NAVIGATION
from generator.render.page import Outline, Page
from generator.render.pages_data import SiteMaps, data_pages
from generator.render.pages_home import check_needs, portal_home, unit_home
from generator.render.pages_item import item_pages, redirect_pages, tombstone_pages
from generator.render.pages_list import archive_pages, list_pages, portal_archives, portal_categories
from generator.render.pages_service import service_pages
from generator.render.theme import Theme
from generator.site import paths
from generator.site.catalogue import Catalogue
from generator.site.links import Resolution


def plan_pages(catalogue: Catalogue, resolution: Resolution, theme: Theme) -> Iterator[Page]:
    """Every page of the portal and of each unit's site."""
    outline = Outline(catalogue, resolution, theme.options.navigation, MOST_NAVIGATION)
    maps = SiteMaps(catalogue.addresses)
    for page in _content_pages(outline, theme):
        yield from maps.take(page)
        yield page
    yield from maps.finish()


def _content_pages(outline: Outline, theme: Theme) -> Iterator[Page]:
    yield portal_home(outline, theme.options)
    yield from service_pages(outline, paths.PORTAL)
    yield from portal_categories(outline)
    yield from portal_archives(outline)
    yield from data_pages(outline, paths.PORTAL)
    for unit in outline.units:
        yield unit_home(outline, unit, theme.unit_options[unit])
        yield from service_pages(outline, unit)
        yield from archive_pages(outline, unit)
        yield from data_pages(outline, unit)
        for category in outline.filled[unit]:
            yield from list_pages(outline, unit, category)
            yield from item_pages(outline, unit, category)
        yield from tombstone_pages(outline, unit)
        yield from redirect_pages(outline, unit)


def check_options(catalogue: Catalogue, theme: Theme) -> tuple[Diagnostic, ...]:
    """Warnings for entries of 我要办 whose item is not published; the portal leaves them out."""
    return check_needs(catalogue, theme.options)


__all__ = ["Page", "check_options", "plan_pages"]
