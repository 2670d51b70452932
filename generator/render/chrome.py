"""Definitions and theme → the frame of a page: head, header, footer. Pure.

A frame is the same for all pages of a folder that stand under the same entry of
the navigation, so it is rendered once for them and reused as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from generator.model import Cluster, Unit
from generator.render.government import site_tags
from generator.render.page import Page
from generator.render.theme import Theme, emblem_of
from generator.site import paths
from generator.site.addresses import Addresses

Link = Callable[[str], str]

EVERY_PAGE_SCRIPT = "search-box.js"
SEARCH_PAGE_SCRIPT = "search-page.js"
KEPT_FRAMES = 512


class Frame:
    """The rendered parts around the content of a page."""

    __slots__ = ("base", "footer", "head", "header", "report")

    def __init__(self, head: str, header: str, footer: str, base: str, report: str) -> None:
        self.head = Markup(head)
        self.header = Markup(header)
        self.footer = Markup(footer)
        self.base = base
        self.report = report


class _Ends(NamedTuple):
    """What of a frame is the same under every entry of the navigation."""

    head: str
    footer: str
    base: str
    report: str


class Frames:
    """Renders frames and keeps the recent ones."""

    def __init__(self, theme: Theme, cluster: Cluster, environment_of: Callable[[str], Environment]) -> None:
        self._theme = theme
        self._cluster = cluster
        self._environment_of = environment_of
        self._addresses = Addresses(cluster)
        self._units: dict[str, Unit] = {unit.id: unit for unit in cluster.units}
        self._categories = {category.id: category.name for category in cluster.categories}
        self._kept = lru_cache(maxsize=KEPT_FRAMES)(self._make)
        self._kept_ends = lru_cache(maxsize=KEPT_FRAMES)(self._make_ends)

    def of(self, page: Page) -> Frame:
        """The frame of a page."""
        rooted = page.template == "not_found.html"
        return self._kept(page.path.rpartition("/")[0], page.unit, page.current, page.exact, page.navigation, rooted)

    def _make(
        self, folder: str, site: str, current: str, exact: bool, navigation: tuple[str, ...], rooted: bool
    ) -> Frame:
        ends = self._kept_ends(folder, site, rooted)
        header = self._header(site, self._linker(folder, rooted), current, exact, navigation)
        return Frame(ends.head, self._render(site, "chrome_header.html", header), ends.footer, ends.base, ends.report)

    def _make_ends(self, folder: str, site: str, rooted: bool) -> _Ends:
        link = self._linker(folder, rooted)
        about = link(paths.site_page(site, "about.html"))
        return _Ends(
            head=self._render(site, "chrome_head.html", self._head(site, link)) + "\n",
            footer=self._render(site, "chrome_footer.html", self._footer(site, link, about)),
            base=self._base(folder, rooted),
            report=f"{about}#mt-report",
        )

    def _render(self, site: str, name: str, context: Mapping[str, Any]) -> str:
        return self._environment_of(site).get_template(name).render(context).strip()

    def _base(self, folder: str, rooted: bool) -> str:
        """The folder of the origin, seen from a page."""
        here = f"{folder}/page" if folder else "page"
        if not rooted:
            return self._addresses.base(here)
        return self._addresses.rooted(paths.home(self._addresses.origin(here))).removesuffix("index.html")

    def _linker(self, folder: str, rooted: bool) -> Link:
        """Links from a folder; from the root of the origin for a page that is served at any depth."""
        here = f"{folder}/page" if folder else "page"
        addresses = self._addresses
        if not rooted:
            return lambda page: addresses.link(here, page)
        origin = addresses.origin(here)
        return lambda page: addresses.rooted(page) if addresses.origin(page) == origin else addresses.absolute(page)

    def _head(self, site: str, link: Link) -> dict[str, Any]:
        unit = self._units.get(site)

        def asset(name: str) -> str | None:
            path = self._theme.asset(site, name)
            return None if path is None else link(path)

        return {
            "meta": site_tags(self._cluster, unit),
            "stylesheets": [asset("site.css"), asset("unit.css")],
            "icon": asset("emblem.svg"),
            "feed": link(paths.site_page(site, "feed.xml")),
            "site_name": self.site_name(site),
            "scripts": [href for name in (EVERY_PAGE_SCRIPT,) if (href := asset(name))],
        }

    def _header(self, site: str, link: Link, current: str, exact: bool, navigation: tuple[str, ...]) -> dict[str, Any]:
        units = self._cluster.units
        mark = "page" if exact else "true"
        entries = [("home", "", paths.home(site))]
        for category in navigation:
            page = paths.category_page(site, category) if site else paths.portal_category_page(category)
            entries.append((category, self._categories[category], page))
        entries.append(("about", "", paths.site_page(site, "about.html")))
        strings = self._theme.strings
        return {
            "portal": link(paths.home(paths.PORTAL)),
            "cluster_name": self._cluster.name,
            "units": [
                {"name": unit.short_name, "href": link(paths.home(unit.id)), "current": unit.id == site}
                for unit in units
            ]
            if len(units) <= self._theme.options.switcher_limit
            else [],
            "units_page": link("units.html"),
            "home": link(paths.home(site)),
            "emblem": self._emblem(site),
            "site_name": self.site_name(site),
            "search": link(paths.site_page(site, "search.html")),
            "navigation": [
                {"name": name or strings[key], "href": link(page), "current": mark if key == current else ""}
                for key, name, page in entries
            ],
            "notice": self._cluster.notice,
        }

    def _footer(self, site: str, link: Link, about: str) -> dict[str, Any]:
        definition = self._units.get(site) or self._cluster
        return {
            "about": about,
            "report": f"{about}#mt-report",
            "site_map": link(paths.site_page(site, "site-map.html")),
            "units_page": link("units.html"),
            "accessibility": link(paths.site_page(site, "accessibility.html")),
            "feed": link(paths.site_page(site, "feed.xml")),
            "organiser": definition.organiser or definition.name,
            "telephone": definition.contact.telephone,
            "address": definition.contact.address,
            "site_code": definition.site_code,
            "icp": definition.icp,
            "police": definition.police,
            "police_code": "".join(re.findall(r"[0-9]+", definition.police)),
        }

    def _emblem(self, site: str) -> str:
        unit = self._units.get(site)
        return emblem_of(unit) if unit else self._theme.options.emblem or self._cluster.name[:1]

    def site_name(self, site: str) -> str:
        """The name that a site bears."""
        return self._units[site].name if site else self._cluster.name
