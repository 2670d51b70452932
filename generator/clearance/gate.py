"""The gate: the only place that makes a ``ClearedItem``. Pure.

Default deny: an item passes only when nothing forbids it. Everything after this
stage accepts ``ClearedItem`` and nothing else (ARCHITECTURE, invariant 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NoReturn, final

from generator.clearance.evidence import Evidence
from generator.clearance.rulings import Ruling, Rulings
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.model import SHANGHAI, Cluster, Item, ItemFacts, Tombstone, Verdict, WithheldItem

_SEAL = object()

_IN_GOOD_ORDER = frozenset({Verdict.PUBLISHED, Verdict.SCHEDULED, Verdict.EXPIRED, Verdict.WITHDRAWN})
"""Verdicts of a member that do not hold its release group back: only time or a withdrawal keeps it off."""

_PASSING = frozenset({Verdict.PUBLISHED, Verdict.SCHEDULED})
_CHANGING = _PASSING | {Verdict.BLOCKED, Verdict.NO_RECORD, Verdict.VOID, Verdict.REFUSED}
"""Verdicts that time may change: of the last four, a member that expires holds its release group back no more."""
_WAITING = frozenset({Verdict.NO_RECORD, Verdict.REFUSED, Verdict.BLOCKED})
"""Verdicts that an approval may change whose day comes."""


@final
class ClearedItem:
    """An item that may be published now. Only ``screen`` makes one, and none can be copied or unpickled."""

    __slots__ = ("facts", "id", "item")

    facts: ItemFacts
    item: Item
    """The front matter."""
    id: str
    """``<unit>/<category>/<slug>``."""

    def __init__(self, facts: ItemFacts, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only clearance.gate makes a ClearedItem")
        assert facts.item is not None  # the gate passes no item without front matter
        object.__setattr__(self, "facts", facts)
        object.__setattr__(self, "item", facts.item)
        object.__setattr__(self, "id", facts.id)

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("a ClearedItem has no other kinds")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a ClearedItem is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a ClearedItem is immutable")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a ClearedItem does not leave its process: hand on its id")


@dataclass(frozen=True)
class Screening:
    """The gate's answer for the whole cluster."""

    cleared: tuple[ClearedItem, ...]
    withheld: tuple[WithheldItem, ...]
    next_change_at: datetime | None
    """When the next item appears or expires."""
    next_clearance_at: datetime | None = None
    """When the day of an approval begins that is all that an item lacks. Internal: nobody cleared the item before."""
    tombstones: tuple[Tombstone, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    """Why items that say they are cleared are not published; faults of the evidence itself."""
    records: Mapping[str, str] = field(default_factory=dict)
    """Item id → number of the clearance record by which it passed or was held back. Internal."""
    evidence: Evidence = field(default_factory=Evidence)
    """What it was judged by. Internal."""


def screen(
    facts: Iterable[ItemFacts],
    evidence: Evidence,
    cluster: Cluster,
    *,
    now: datetime,
) -> Screening:
    """Part the items into those that may be published at ``now`` and those withheld.

    Nothing is judged without evidence and the policies of units: whoever forgot either would clear by the flag alone.
    """
    everything = tuple(facts)
    now = now.astimezone(SHANGHAI)  # moments of one and the same zone are compared without asking it
    present = {one.id for one in everything} if evidence.records else frozenset[str]()
    rulings = Rulings(evidence, cluster, now, present)
    ruled = [*map(rulings.of, everything)]
    _hold_groups(everything, ruled)
    cleared: list[ClearedItem] = []
    withheld: list[WithheldItem] = []
    for one, ruling in zip(everything, ruled, strict=True):
        if ruling.verdict is Verdict.PUBLISHED:
            cleared.append(ClearedItem(one, _SEAL))
        else:
            withheld.append(_withheld(one, ruling))
    return Screening(
        cleared=tuple(cleared),
        withheld=tuple(withheld),
        next_change_at=_next_change(everything, ruled, now),
        next_clearance_at=_next_clearance(everything, ruled, rulings),
        tombstones=_tombstones(evidence),
        diagnostics=in_order([*evidence.diagnostics, *(said for one in ruled for said in one.diagnostics)]),
        records={one.id: ruling.record for one, ruling in zip(everything, ruled, strict=True) if ruling.record},
        evidence=evidence,
    )


def _withheld(facts: ItemFacts, ruling: Ruling) -> WithheldItem:
    until = facts.item.date if facts.item and ruling.verdict is Verdict.SCHEDULED else None
    return WithheldItem(
        id=facts.id, path=facts.path, verdict=ruling.verdict, facts=facts, record=ruling.record, until=until
    )


def _hold_groups(everything: Sequence[ItemFacts], ruled: list[Ruling]) -> None:
    """Hold back every member of a release group of which one member is not cleared.

    One whose front matter cannot be believed counts as a member of the groups that it seems to name.
    """
    groups: dict[str, list[int]] = {}
    for number, one in enumerate(everything):
        named = one.claimed_groups if one.item is None else (one.item.release_group,) if one.item.release_group else ()
        for group in named:
            groups.setdefault(group, []).append(number)
    for members in groups.values():
        waiting = sorted(everything[one].id for one in members if ruled[one].verdict not in _IN_GOOD_ORDER)
        if len(members) == 1:  # its fellow may be there under a group that is misspelt
            _tell(members[0], "group-alone", everything, ruled)
        if not waiting:
            continue
        for number in members:
            if ruled[number].verdict in _PASSING:
                _tell(number, "group-waits", everything, ruled, waiting="、".join(waiting))
                ruled[number] = ruled[number]._replace(verdict=Verdict.GROUP)


def _tell(number: int, code: str, everything: Sequence[ItemFacts], ruled: list[Ruling], **params: str) -> None:
    """Say something of the release group of an item that means to appear."""
    one, ruling = everything[number], ruled[number]
    if ruling.verdict in _PASSING:
        line, column = one.item.place_of("release_group") if one.item else (0, 0)
        said = diagnostic(code, f"content/{one.path}", line, column, severity="warning", **params)
        ruled[number] = ruling._replace(diagnostics=(*ruling.diagnostics, said))


def _next_change(everything: Sequence[ItemFacts], ruled: Sequence[Ruling], now: datetime) -> datetime | None:
    """When time alone will change what is public. The manifest tells it: no draft's dates may be among these."""
    moments = []
    for one, (verdict, _, _) in zip(everything, ruled, strict=True):
        if verdict not in _CHANGING or one.item is None:
            continue
        item = one.item
        if verdict is Verdict.SCHEDULED:
            moments.append(item.date)
        if item.expires_on is not None and item.expires_on > now and (verdict in _PASSING or item.release_group):
            moments.append(item.expires_on)
    return min(moments, default=None)


def _next_clearance(everything: Sequence[ItemFacts], ruled: Sequence[Ruling], rulings: Rulings) -> datetime | None:
    """The first day on which an approval of that day lets an item pass. Its release group is not asked."""
    for day in rulings.approvals_to_come():
        then = rulings.at(day)
        waiting = (one for one, ruling in zip(everything, ruled, strict=True) if ruling.verdict in _WAITING)
        if any(then.of(one).verdict in _PASSING for one in waiting):
            return day
    return None


def _tombstones(evidence: Evidence) -> tuple[Tombstone, ...]:
    """One for each item with a withdrawal that wants it; of several, the latest speaks."""
    found: dict[str, Tombstone] = {}
    for one in sorted(evidence.withdrawals, key=lambda one: (one.withdrawn_on, one.path)):
        parts = one.item.split("/")
        if one.tombstone and len(parts) == 3:
            found[one.item] = Tombstone(
                id=one.item, unit=parts[0], category=parts[1], withdrawn_on=one.withdrawn_on, reason=one.reason
            )
    return tuple(found[item] for item in sorted(found))


def exposed(screening: Screening) -> Screening:
    """Everything that has front matter, for the preview on loopback, whose folder no release is made of.

    ``withheld`` stays as it is, so that the audit of a release made this way by mistake would name every item.
    """
    more = [ClearedItem(one.facts, _SEAL) for one in screening.withheld if one.facts.item is not None]
    cleared = sorted((*screening.cleared, *more), key=lambda one: one.id)
    return replace(screening, cleared=tuple(cleared))
