"""Facts and evidence → screening, catalogue, links: what spans items, at every run. Effects: reads evidence."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from generator.build.inputs import Inputs
from generator.build.learning import Knowledge
from generator.build.settings import Settings
from generator.clearance.audit import identical_copies
from generator.clearance.evidence import load_evidence
from generator.clearance.gate import ClearedItem, Screening, exposed, screen
from generator.clearance.reasons import without_unfit
from generator.clearance.rules import review_due
from generator.content.definitions import place_in
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.model import Verdict
from generator.render.pages import check_options
from generator.site.catalogue import Catalogue, assemble
from generator.site.links import Resolution, resolve

_BODY_MATTERS = frozenset({Verdict.PUBLISHED, Verdict.SCHEDULED, Verdict.BLOCKED, Verdict.GROUP, Verdict.FAULTY})
"""Verdicts under which an item means to appear: faults in its body are its editor's business now."""


@dataclass(frozen=True)
class Assembly:
    """What may be published, arranged."""

    screening: Screening
    catalogue: Catalogue
    resolution: Resolution
    diagnostics: tuple[Diagnostic, ...]
    verified: Mapping[str, str]
    """Signatures that hold, to be remembered."""
    rules: str
    """Digest of the negative list by which all were looked through."""
    next_word_at: datetime | None
    """When one of the diagnostics falls away by itself, though nothing that is published changes."""


class _Known:
    """The ids of all items of the content folder: only what cannot be linked to is looked for among them."""

    def __init__(self, paths: Container[str]) -> None:
        self._paths = paths

    def __contains__(self, item: object) -> bool:
        return f"{item}.md" in self._paths or f"{item}/index.md" in self._paths


def arrange(settings: Settings, inputs: Inputs, knowledge: Knowledge, verified: Mapping[str, str]) -> Assembly:
    """Screen every item and arrange those that passed; ``verified`` are signatures of an earlier run."""
    evidence = load_evidence(settings.content, settings.sites, inputs.cluster, verified=verified, state=settings.state)
    screening = screen(knowledge.facts.values(), evidence, inputs.cluster, now=settings.now)
    screening = without_unfit(screening, inputs.rules)
    if settings.kind == "preview":
        screening = exposed(screening)
    catalogue = assemble(inputs.cluster, screening.cleared, screening.tombstones, settings.now)
    resolution = resolve(catalogue, _Known(knowledge.facts))
    early = [one for one in screening.cleared if _is_dated_ahead(one, settings.now)]
    found = [
        *knowledge.tree.diagnostics,
        *screening.diagnostics,
        *catalogue.diagnostics,
        *resolution.diagnostics,
        *identical_copies(screening),
        *review_due(inputs.rules, settings.now.date()),
        *check_options(catalogue, inputs.theme, partial(place_in, settings.sites)),
        *_of_items(screening),
        *map(_dated_ahead, early),
    ]
    # What did not hold is tried again: it may be the program for signatures that was missing.
    holding = {key: signer for key, signer in evidence.verified.items() if signer}
    next_word_at = min((one.item.updated for one in early if one.item.updated is not None), default=None)
    return Assembly(
        _with_pages(screening, catalogue),
        catalogue,
        resolution,
        in_order(found),
        holding,
        inputs.rules.digest,
        next_word_at,
    )


def _is_dated_ahead(one: ClearedItem, now: datetime) -> bool:
    """Whether the item is public, and its page names a day of correction that has not come."""
    updated = one.item.updated
    return updated is not None and updated > now >= one.item.date


def _dated_ahead(one: ClearedItem) -> Diagnostic:
    """Somebody may think that the correction waits for its day."""
    path = f"content/{one.facts.path}"
    return diagnostic("updated-to-come", path, *one.item.place_of("updated"), severity="warning")


def _with_pages(screening: Screening, catalogue: Catalogue) -> Screening:
    """Without items whose name was taken: what has no page has no files and is not found by searching."""
    if len(catalogue.items) == len(screening.cleared):
        return screening
    return replace(screening, cleared=tuple(one for one in screening.cleared if one.id in catalogue.items))


def _of_items(screening: Screening) -> Iterable[Diagnostic]:
    """Diagnostics of the items themselves; of one that does not mean to appear, only those of its front matter."""
    for one in screening.cleared:
        yield from one.facts.diagnostics
    for withheld in screening.withheld:
        if withheld.facts.item is None or withheld.verdict in _BODY_MATTERS:
            yield from withheld.facts.diagnostics
