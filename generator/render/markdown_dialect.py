"""The dialect of bodies: Python-Markdown's extensions and their settings. Pure.

``reference_markdown`` is Python-Markdown as its authors made it; everything that
is faster here is tested to give its bytes.
"""

from __future__ import annotations

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.admonition import AdmonitionExtension
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension

from generator.render.anchors import slugify


def tables() -> TableExtension:
    """Alignment as an attribute, which the sanitiser knows and makes a class; not as a style."""
    return TableExtension(use_align_attribute=True)


def contents() -> TocExtension:
    """Headings with ids of their Chinese text; ``[TOC]`` for a table of contents."""
    return TocExtension(slugify=slugify, separator="-")


def extensions() -> list[Extension]:
    """New instances of all extensions: one converter's, which they belong to."""
    return [
        tables(),
        FootnoteExtension(SEPARATOR="-", BACKLINK_TITLE="返回正文中的注释 {}", BACKLINK_TEXT="↩"),
        AttrListExtension(),
        DefListExtension(),
        AdmonitionExtension(),
        contents(),
        SaneListExtension(),
    ]


def reference_markdown() -> Markdown:
    """A new instance of Python-Markdown itself in this dialect."""
    return Markdown(extensions=extensions())
