"""The dialect of bodies: Python-Markdown's extensions and their settings. Pure.

``reference_markdown`` is Python-Markdown as its authors made it; everything that
is faster here is tested to give its bytes.
"""

from __future__ import annotations

from typing import Any

from markdown import Markdown

from generator.render.anchors import slugify

EXTENSIONS = ("tables", "footnotes", "attr_list", "def_list", "admonition", "toc", "sane_lists")

SETTINGS: dict[str, dict[str, Any]] = {
    # ``align`` instead of ``style``: the sanitiser knows it and makes it a class.
    "tables": {"use_align_attribute": True},
    "footnotes": {"SEPARATOR": "-", "BACKLINK_TITLE": "返回正文中的注释 {}", "BACKLINK_TEXT": "↩"},
    "toc": {"slugify": slugify, "separator": "-"},
}


def reference_markdown() -> Markdown:
    """A new instance of Python-Markdown itself in this dialect."""
    return Markdown(extensions=list(EXTENSIONS), extension_configs=SETTINGS)
