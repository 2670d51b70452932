"""Heads and feet of a Word document that no page has: package → parts. Pure.

A document keeps those of first and of even pages when it is told to have none; programs show them no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from generator.clearance.inspect.package import Package
from generator.clearance.inspect.xml import attribute, local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SWITCHED_OFF = frozenset({"0", "false", "off"})
_PROSE = re.compile(r"[\u3400-\u9fff]{4}|[A-Za-z]{4,} [A-Za-z]|[0-9]{7}")
"""Words or a number that somebody wrote: 第 1 页 is none, and is left behind everywhere."""


def unseen_margins(package: Package, root: Element) -> frozenset[str]:
    """The parts that are heads or feet of no page, of a document with that main part."""
    targets = {one.id: one.target for one in package.relations.get(package.main, ()) if not one.external}
    sections = [one for one in root.iter() if local(one.tag) == "sectPr"]
    shown = {"default", ""}
    if any(_is_on(one, "titlePg") for one in sections):  # what one section has, later ones have from it
        shown.add("first")
    settings = (
        parse_tree(package.archive.read(name), package.allowance) for name in package.related(package.main, "settings")
    )
    if any(_is_on(one, "evenAndOddHeaders") for one in settings):
        shown.add("even")
    seen = {
        targets.get(attribute(one, "id"), "")
        for section in sections
        for one in section
        if local(one.tag) in {"headerReference", "footerReference"} and attribute(one, "type") in shown
    }
    return package.targets("header", "footer") - seen


def hide_words(lines: Mapping[str, Iterable[str]], unseen: frozenset[str]) -> bool:
    """Whether such a part has words that stand on no page; ``lines`` are those of all parts."""
    kept = [*_wordings(lines, unseen)]
    if not kept:
        return False
    shown = "\n".join(map(_bare, (line for part, own in lines.items() if part not in unseen for line in own)))
    return any(words not in shown for words in kept)


def _wordings(lines: Mapping[str, Iterable[str]], parts: frozenset[str]) -> Iterator[str]:
    return (_bare(line) for part in parts for line in lines.get(part, ()) if _PROSE.search(line))


def _bare(line: str) -> str:
    return "".join(line.split())


def _is_on(parent: Element, name: str) -> bool:
    return any(local(one.tag) == name and attribute(one, "val").lower() not in _SWITCHED_OFF for one in parent)
