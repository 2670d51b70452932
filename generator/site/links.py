"""Catalogue → addresses of every link that items make, and faults in them. Pure.

    resolve(catalogue, known) -> Resolution
        .links: item id → one address or None for each placeholder of its body
        .diagnostics

A link to what is missing and a link to what is not cleared give the same
``None``, so that the public page is the same in both cases; only the editor is
told which of the two it was.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from generator.clearance.gate import ClearedItem
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.model import Link
from generator.site import paths
from generator.site.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where the links of cleared items lead."""

    links: Mapping[str, tuple[str | None, ...]]
    """Only items whose body has links."""
    diagnostics: tuple[Diagnostic, ...]

    def of(self, item_id: str) -> tuple[str | None, ...]:
        """The addresses of one item's placeholders, in their order."""
        return self.links.get(item_id, ())


def resolve(catalogue: Catalogue, known: Container[str]) -> Resolution:
    """Find every link's page.

    Args:
        catalogue: all that may be linked to.
        known: ids of all items of the content folder, the withheld too; only
            the wording of diagnostics depends on it.
    """
    links: dict[str, tuple[str | None, ...]] = {}
    found: list[Diagnostic] = []
    for item_id, one in catalogue.items.items():
        if one.facts.links:
            addresses, faults = _resolve_body(catalogue, one, known)
            links[item_id] = addresses
            found += faults
        item = one.item
        if item.interprets or item.related or item.extra:  # hardly any
            found += _check_relations(catalogue, one, known)
    return Resolution(links=links, diagnostics=in_order(found))


def _resolve_body(
    catalogue: Catalogue, one: ClearedItem, known: Container[str]
) -> tuple[tuple[str | None, ...], list[Diagnostic]]:
    found: list[Diagnostic] = []
    addresses: list[str | None] = []
    page = paths.item_page(one.id)
    files = {file.name: file.safe_name for file in one.facts.attachments}
    for link in one.facts.links:
        where = (f"content/{one.facts.path}", link.line, link.column)
        if link.kind != "item":
            name = files.get(link.target)
            if name is None and link.target:  # without a target, the name itself was at fault, and is told already
                found.append(diagnostic("link-file-missing", *where))
            file = None if name is None else paths.attachment(one.id, name)
            addresses.append(None if file is None else catalogue.addresses.link(page, file))
            continue
        target = catalogue.items.get(link.target)
        if target is None:
            found.append(diagnostic("link-not-cleared" if link.target in known else "link-missing", *where))
            addresses.append(None)
            continue
        if not _has_anchor(target, link):
            found.append(diagnostic("link-anchor-missing", *where, severity="warning"))
        addresses.append(catalogue.addresses.link(page, paths.item_page(target.id), link.anchor))
    return tuple(addresses), found


def _has_anchor(target: ClearedItem, link: Link) -> bool:
    return not link.anchor or link.anchor in target.facts.anchors.split()


def _check_relations(catalogue: Catalogue, one: ClearedItem, known: Container[str]) -> Iterator[Diagnostic]:
    item = one.item
    feedback = item.extra.get("feedback") if item.extra else None
    named = [("interprets", item.interprets), ("related", item.related)]
    if isinstance(feedback, str) and feedback:
        named.append(("feedback", (feedback,)))
    for key, targets in named:
        for target in targets:
            if target not in catalogue.items:
                code = "relation-not-cleared" if target in known else "relation-missing"
                yield diagnostic(code, f"content/{one.facts.path}", *item.place_of(key), key=key)
