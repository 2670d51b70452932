"""A page as data, and the body of its item → the bytes of a file. Pure.

    Renderer(theme, cluster, compiled=None).render(page, body=None) -> bytes   raises ConfigError for a failing template

One renderer serves many pages; make one in each worker.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import BytecodeCache, Environment, Template
from markupsafe import Markup

from generator.diagnostics import diagnostic
from generator.errors import ConfigError
from generator.model import Category, Cluster, ItemBody
from generator.render.article import citation, present
from generator.render.chrome import SEARCH_PAGE_SCRIPT, Frame, Frames
from generator.render.feeds import render_feed
from generator.render.government import Tags, article_tags, column_tags
from generator.render.opendata import render_catalogue
from generator.render.page import Context, Page
from generator.render.placeholders import resolve_links
from generator.render.sitemap import render_robots, render_sitemap, render_sitemap_index
from generator.render.templates import TEMPLATE_ERRORS, failing_line, make_environment
from generator.render.theme import Theme
from generator.site import paths
from generator.site.addresses import Addresses

_HEADINGS = {
    "about.html": "about",
    "accessibility.html": "accessibility",
    "consultations.html": "consultations",
    "not_found.html": "not_found",
    "search.html": "search_title",
    "site_map.html": "site_map",
    "tombstone.html": "withdrawn",
    "units.html": "units",
}
_CANONICAL_LESS = frozenset({"not_found.html", "tombstone.html"})


class Renderer:
    """Turns pages into files with one theme; ``compiled`` is asked for its templates before they are compiled."""

    def __init__(self, theme: Theme, cluster: Cluster, compiled: BytecodeCache | None = None) -> None:
        self._theme = theme
        self._compiled = compiled
        self._cluster = cluster
        self._addresses = Addresses(cluster)
        self._unit_names = {unit.id: unit.name for unit in cluster.units}
        self._categories: dict[str, Category] = {one.id: one for one in cluster.categories}
        self._environments: dict[str, Environment] = {}
        self._template = cache(self._find_template)
        self._column_tags = cache(self._make_column_tags)
        self._breadcrumb = cache(self._make_breadcrumb)
        self._frames = Frames(theme, cluster, self._environment)

    def render(self, page: Page, body: ItemBody | None = None) -> bytes:
        """The file of a page.

        Args:
            page: as planned.
            body: of the item ``page.item``; none for other pages.

        Raises:
            ConfigError: an expression of the template fails, such as a name that does not exist.
        """
        if page.template.startswith("@"):
            return self._render_data(page)
        try:
            if page.template == "redirect.html":
                context = {**page.context, "lang": self._theme.options.language, "notice": self._cluster.notice}
            else:
                context = self._context(page, body)
            return self._template(page.unit, page.template).render(context).encode()
        except TEMPLATE_ERRORS as error:
            raise self._failure(error, page) from error

    def _render_data(self, page: Page) -> bytes:
        if page.template == "@feed":
            return render_feed(page.context, self._theme.strings["correction"])
        if page.template == "@catalogue":
            return render_catalogue(page.context, self._addresses.absolute)
        render = {
            "@robots": render_robots,
            "@sitemap": render_sitemap,
            "@sitemap_index": render_sitemap_index,
        }[page.template]
        return render(page.context)

    def _context(self, page: Page, body: ItemBody | None) -> dict[str, Any]:
        frame = self._frames.of(page)
        canonical = "" if page.template in _CANONICAL_LESS else self._addresses.absolute(page.path)
        context: dict[str, Any] = {
            "lang": self._theme.options.language,
            "unit": page.unit,
            "chrome": frame,
            "canonical": canonical,
            "options": self._options(page.unit),
        }
        if page.item:
            if body is None:
                raise ValueError(f"{page.path}: an item's page needs its body")
            return {**context, **self._item(page, body, frame, canonical)}
        return {**context, **page.context, **self._titles(page)}

    def _item(self, page: Page, body: ItemBody, frame: Frame, canonical: str) -> dict[str, Any]:
        facts = page.context["facts"]
        category = self._categories[page.current]
        unit_name = self._unit_names[page.unit]
        document = Markup(resolve_links(body.html, page.links, page.sizes) if page.links else body.html)
        values = present(
            page.context, body, document, unit_name=unit_name, category=category, strings=self._theme.strings
        )
        publisher = values["publisher"]
        image = page.context.get("image")
        values["meta"] = self._column_tags(page.unit, page.current) + article_tags(
            facts,
            publisher=publisher,
            keywords=",".join(facts.get("keywords", ())),
            image=canonical.rpartition("/")[0] + "/" + image[0] if image else "",
            url=canonical,
        )
        values["head_title"] = f"{facts['title']} - {unit_name}"
        values["cite"] = citation(facts["title"], publisher, facts["date"][:10], canonical)
        values["report"] = frame.report
        values["breadcrumb"] = self._breadcrumb(page.path.rpartition("/")[0], page.unit, page.current)
        return values

    def _make_breadcrumb(self, folder: str, unit: str, category: str) -> tuple[tuple[str, str], ...]:
        """The way to the items of a category that stand in a folder."""
        here = f"{folder}/page"
        link = self._addresses.link
        trail = []
        above: str | None = category
        while above is not None:
            definition = self._categories[above]
            trail.append((definition.name, link(here, paths.category_page(unit, above))))
            above = definition.parent
        trail.append((self._unit_names[unit], link(here, paths.home(unit))))
        return tuple(reversed(trail))

    def _titles(self, page: Page) -> dict[str, Any]:
        """The heading, the title of the window and the meta tags of a page that is no item's."""
        strings = self._theme.strings
        context = page.context
        site = self._frames.site_name(page.unit)
        if "heading" in context:
            heading = context["heading"]
        elif "year" in context:
            heading = strings["year_title"].format(year=context["year"])
        else:
            heading = strings[_HEADINGS[page.template]]
        number = context.get("number", 1)
        numbered = f"{heading} {strings['page_number'].format(number=number)}" if number > 1 else heading
        values: dict[str, Any] = {
            "heading": heading,
            "head_title": site if page.current == "home" else f"{numbered} - {site}",
            "meta": [],
        }
        if "category" in context:
            values["meta"] = self._column_tags(page.unit, context["category"])
        if page.template in _HEADINGS and "breadcrumb" not in context:
            values["breadcrumb"] = [(site, context["home"]), (heading, "")]
        if page.template == "search.html":
            values |= self._scripts(page, SEARCH_PAGE_SCRIPT)
        return values

    def _scripts(self, page: Page, name: str) -> dict[str, list[str]]:
        """A page's own module, and all that it imports: fetched at once, not one after the other."""
        script = self._theme.asset(page.unit, name)
        needed = [self._theme.asset(page.unit, module) for module in self._theme.uses.get(name, ())]
        return {
            "page_scripts": [self._addresses.link(page.path, script)] if script else [],
            "page_preloads": [self._addresses.link(page.path, module) for module in needed if module],
        }

    def _make_column_tags(self, site: str, category: str) -> Tags:
        return column_tags(self._categories[category], self._frames.site_name(site))

    def _options(self, site: str) -> Context:
        texts = self._theme.options.texts
        return {**texts, **self._theme.unit_options[site]} if site else texts

    def _environment(self, site: str) -> Environment:
        """The templates of a site; sites without templates of their own share one environment."""
        key = site if site in self._theme.overrides else ""
        if key not in self._environments:
            templates = self._theme.templates_of(key)
            self._environments[key] = make_environment(templates, self._theme.strings, self._compiled)
        return self._environments[key]

    def _find_template(self, site: str, name: str) -> Template:
        return self._environment(site).get_template(name)

    def _failure(self, error: Exception, page: Page) -> Exception:
        name, line = failing_line(error, self._theme.templates_of(page.unit))
        if not name:
            return error
        own = name in self._theme.overrides.get(page.unit, {})
        folder = f"units/{page.unit}/templates" if own else "templates"
        path = f"themes/{self._theme.name}/{folder}/{name}"
        return ConfigError([diagnostic("template-failed", path, line, reason=str(error))])
