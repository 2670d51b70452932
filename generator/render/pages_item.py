"""Items → their pages, redirects and tombstones, as data. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator.clearance.gate import ClearedItem
from generator.model import AttachmentFacts, ItemFacts
from generator.render.page import Anchor, Outline, Page
from generator.site import paths
from generator.site.consultations import Consultation

LONG = 2000
"""Characters from which a document gets a contents rail."""


def item_pages(outline: Outline, unit: str, category: str) -> Iterator[Page]:
    """The pages of a category's own items, newest first."""
    own = outline.catalogue.units[unit].sections[category].own
    consultations = {one.item.id: one for one in outline.catalogue.units[unit].consultations}
    navigation = outline.navigation[unit]
    folder = f"{unit}/{category}/"
    anchors = [Anchor(outline.link(folder, paths.item_page(one.facts.id)), one.item.title) for one in own]
    last = len(own) - 1
    for index, one in enumerate(own):
        facts = one.facts
        item_id = facts.id
        page = paths.item_page(item_id)
        context: dict[str, Any] = {"facts": outline.shown(one)}
        if index < last:
            context["previous"] = anchors[index + 1]
        if index:
            context["next"] = anchors[index - 1]
        if facts.length > LONG:
            context["long"] = True
        if facts.attachments:
            context |= _files(outline, page, one)
        relations = _relations(outline, page, one)
        if relations:
            context["relations"] = relations
        if item_id in consultations:
            context["consultation"] = _consultation(outline, page, consultations[item_id])
        yield Page(
            path=page,
            template="item.html",
            unit=unit,
            source=item_id,
            item=item_id,
            current=category,
            navigation=navigation,
            links=outline.resolution.links.get(item_id, ()),
            sizes=_sizes(facts) if facts.attachments and facts.links else (),
            context=context,
        )


def _sizes(facts: ItemFacts) -> tuple[tuple[int, int] | None, ...]:
    known = {file.name: (file.width, file.height) for file in facts.attachments if file.width}
    return tuple(known.get(link.target) if link.kind == "image" else None for link in facts.links) if known else ()


def _files(outline: Outline, page: str, one: ClearedItem) -> dict[str, Any]:
    def link(file: AttachmentFacts) -> str:
        return outline.link(page, paths.attachment(one.id, file.safe_name))

    item = one.item
    by_name = {file.name: file for file in one.facts.attachments}
    shown: dict[str, Any] = {}
    listed = [by_name[ref.name] for ref in item.attachments if ref.name in by_name]
    if listed:
        shown["attachments"] = [(link(file), file.title, file.kind, file.size) for file in listed]
    pictures = [link.target for link in one.facts.links if link.kind == "image" and link.target in by_name]
    image = by_name.get(item.image or next(iter(pictures), ""))
    if image is not None:
        shown["image"] = (link(image), image.width, image.height, image.name not in pictures)
    return shown


def _relations(outline: Outline, page: str, one: ClearedItem) -> list[tuple[str, list[dict[str, Any]]]]:
    item = one.item
    interpreted_by = outline.catalogue.interpreted_by.get(one.facts.id, ())
    if not (item.interprets or item.related or interpreted_by):
        return []
    named: tuple[tuple[str, Iterable[str]], ...] = (
        ("interprets", item.interprets),
        ("interpreted_by", interpreted_by),
        ("related", item.related),
    )
    items = outline.catalogue.items
    relations = []
    for key, targets in named:
        published = [items[target] for target in dict.fromkeys(targets) if target in items]
        if published:
            relations.append((key, [_card(outline, page, item.unit, target) for target in published]))
    return relations


def _card(outline: Outline, page: str, unit: str, one: ClearedItem) -> dict[str, str]:
    item = one.item
    return {
        "href": outline.link(page, paths.item_page(one.facts.id)),
        "title": item.title,
        "date": item.date.date().isoformat(),
        "unit": outline.units[item.unit].short_name if item.unit != unit else "",
    }


def _consultation(outline: Outline, page: str, one: Consultation) -> dict[str, Any]:
    feedback = outline.catalogue.items.get(one.feedback)
    return {
        "state": one.state,
        "starts": one.starts.isoformat(),
        "ends": one.ends.isoformat(),
        "contact": one.contact,
        "feedback": None
        if feedback is None
        else Anchor(outline.link(page, paths.item_page(feedback.id)), feedback.item.title),
    }


def redirect_pages(outline: Outline, unit: str) -> Iterator[Page]:
    """The pages that stand at former addresses."""
    for redirect in outline.catalogue.units[unit].redirects:
        if redirect.page is not None:
            target = paths.item_page(redirect.item)
            yield Page(
                path=redirect.page,
                template="redirect.html",
                unit=unit,
                source=f"redirect:{redirect.item}",
                context={
                    "href": outline.link(redirect.page, target),
                    "canonical": outline.catalogue.addresses.absolute(target),
                },
            )


def tombstone_pages(outline: Outline, unit: str) -> Iterator[Page]:
    """What stands where withdrawn items stood: date and reason."""
    for stone in outline.catalogue.units[unit].tombstones:
        page = paths.item_page(stone.id)
        yield Page(
            path=page,
            template="tombstone.html",
            unit=unit,
            source=f"tombstone:{stone.id}",
            navigation=outline.navigation[unit],
            context={
                "home": outline.link(page, paths.home(unit)),
                "withdrawn_on": stone.withdrawn_on.isoformat(),
                "reason": stone.reason,
            },
        )
