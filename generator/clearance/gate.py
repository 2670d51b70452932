"""The gate: the only place that makes a ``ClearedItem``. Pure.

Default deny: an item passes only when nothing forbids it. Everything after this
stage accepts ``ClearedItem`` and nothing else (ARCHITECTURE, invariant 1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import final

from generator.model import Item, ItemFacts, Verdict, WithheldItem

_SEAL = object()


@final
class ClearedItem:
    """An item that may be published now. Only ``screen`` makes one."""

    __slots__ = ("facts",)

    facts: ItemFacts

    def __init__(self, facts: ItemFacts, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only clearance.gate makes a ClearedItem")
        object.__setattr__(self, "facts", facts)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a ClearedItem is immutable")

    @property
    def item(self) -> Item:
        """The front matter."""
        item = self.facts.item
        assert item is not None  # the gate passes no item without front matter
        return item

    @property
    def id(self) -> str:
        """``<unit>/<category>/<slug>``."""
        return self.facts.id


@dataclass(frozen=True)
class Screening:
    """The gate's answer for the whole cluster."""

    cleared: tuple[ClearedItem, ...]
    withheld: tuple[WithheldItem, ...]
    next_change_at: datetime | None
    """When the next item appears or expires."""


def screen(facts: Iterable[ItemFacts], now: datetime) -> Screening:
    """Part the items into those that may be published at ``now`` and those withheld."""
    cleared: list[ClearedItem] = []
    withheld: list[WithheldItem] = []
    changes: list[datetime] = []
    for one in facts:
        verdict = _verdict(one, now)
        item = one.item
        if item is not None:
            changes += [moment for moment in (item.date, item.expires_on) if moment is not None and moment > now]
        if verdict is Verdict.PUBLISHED:
            cleared.append(ClearedItem(one, _SEAL))
        else:
            withheld.append(WithheldItem(id=one.id, path=one.path, verdict=verdict, facts=one))
    return Screening(tuple(cleared), tuple(withheld), min(changes, default=None))


def _verdict(facts: ItemFacts, now: datetime) -> Verdict:
    item = facts.item
    if item is None:
        return Verdict.FAULTY
    if item.confidentiality_cleared is not True or item.draft:
        return Verdict.UNCLEARED
    if item.audience != "public":
        return Verdict.AUDIENCE
    if any(finding.severity == "block" and not finding.exempt for finding in facts.findings):
        return Verdict.BLOCKED
    if item.expires_on is not None and item.expires_on <= now:
        return Verdict.EXPIRED
    if item.date > now:
        return Verdict.SCHEDULED
    return Verdict.PUBLISHED
