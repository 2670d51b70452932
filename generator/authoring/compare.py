"""What a change of the content would publish, change and unpublish: two screenings → lists. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from generator.clearance.gate import Screening
from generator.model import ItemFacts, Verdict

DELETED = "deleted"
MEANT = frozenset({Verdict.UNCLEARED, Verdict.EXPIRED, Verdict.WITHDRAWN})
"""Verdicts by which an item goes because somebody said so; any other is an accident until confirmed."""


class Change(NamedTuple):
    """One item of which the public tree would differ."""

    item: str
    path: str
    """Of its source, relative to the content folder."""
    verdict: str
    """After the change; ``deleted`` when its source is gone."""
    meant: bool
    """False for an item that would vanish without a withdrawal, a plain ``false``, an expiry or a deletion."""


class Comparison(NamedTuple):
    """What readers would notice."""

    publishes: tuple[Change, ...]
    changes: tuple[Change, ...]
    unpublishes: tuple[Change, ...]

    @property
    def accidents(self) -> tuple[Change, ...]:
        """Items that would vanish and that nobody took off."""
        return tuple(one for one in self.unpublishes if not one.meant)


def compare(before: Screening, after: Screening) -> Comparison:
    """The difference of two states of the content, each list in order of ids."""
    earlier = {one.id: one.facts for one in before.cleared}
    now = {one.id: one.facts for one in after.cleared}
    return Comparison(
        publishes=tuple(_change(now[item], Verdict.PUBLISHED) for item in sorted(now.keys() - earlier.keys())),
        changes=tuple(
            _change(now[item], Verdict.PUBLISHED)
            for item in sorted(now.keys() & earlier.keys())
            if _shown(now[item]) != _shown(earlier[item])
        ),
        unpublishes=tuple(_gone(earlier, now, after)),
    )


def _gone(earlier: dict[str, ItemFacts], now: dict[str, ItemFacts], after: Screening) -> Iterator[Change]:
    withheld = {one.id: one for one in after.withheld}
    for item in sorted(earlier.keys() - now.keys()):
        if item in withheld:
            verdict = withheld[item].verdict
            yield Change(item, withheld[item].path, str(verdict), verdict in MEANT)
        else:
            yield Change(item, earlier[item].path, DELETED, True)


def _change(facts: ItemFacts, verdict: Verdict) -> Change:
    return Change(facts.id, facts.path, str(verdict), True)


def _shown(facts: ItemFacts) -> tuple[object, ...]:
    """What makes two versions of an item differ in public."""
    pinned = facts.item.pinned if facts.item else False
    redirects = facts.item.redirect_from if facts.item else ()
    return facts.digest, tuple((one.safe_name, one.published_sha256) for one in facts.attachments), pinned, redirects
