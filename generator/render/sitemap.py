"""Addresses → ``sitemap.xml`` (sitemaps.org) and ``robots.txt``. Pure."""

from __future__ import annotations

from html import escape

from generator.render.page import Context

_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def render_sitemap(context: Context) -> bytes:
    """The pages of one origin, or a part of them, with the day of the last change where it is known."""
    lines = [_HEAD, f"<urlset {_SPACE}>"]
    for address, changed in context["pages"]:
        mark = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(address)}</loc>{mark}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def render_sitemap_index(context: Context) -> bytes:
    """The parts of a site map that is too long for one file."""
    lines = [_HEAD, f"<sitemapindex {_SPACE}>"]
    lines += [f"<sitemap><loc>{escape(address)}</loc></sitemap>" for address in context["parts"]]
    return "\n".join([*lines, "</sitemapindex>", ""]).encode()


def render_robots(context: Context) -> bytes:
    """``robots.txt`` of one origin: all that is published may be read."""
    return f"User-agent: *\nAllow: /\nSitemap: {context['sitemap']}\n".encode()
