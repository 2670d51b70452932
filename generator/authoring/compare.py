"""What a change of the content would publish, change and unpublish: two screenings → lists. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from generator.clearance.gate import Screening
from generator.model import ItemFacts, Verdict

DELETED = "deleted"
LOST = "lost"
"""Its source lies there and is taken for no item: written twice, in a folder of no unit, under a name of none."""
MEANT = frozenset({Verdict.UNCLEARED, Verdict.EXPIRED, Verdict.WITHDRAWN})
"""Verdicts by which an item goes because somebody said so; any other is an accident until confirmed."""


class Change(NamedTuple):
    """One item of which the public tree would differ."""

    item: str
    path: str
    """Of its source, relative to the content folder."""
    verdict: str
    """After the change; ``deleted`` when its source is gone, ``lost`` when it is there and no item."""
    meant: bool
    """False for an item that would vanish without a withdrawal, a plain ``false``, an expiry or a deletion."""


class Guard(NamedTuple):
    """One of the things by which it is decided what may be published, and which a change of definitions may loosen."""

    path: str
    before: str
    """What the unit wants beside the flag; for a file its digest, empty where there is none."""
    after: str


class Stone(NamedTuple):
    """What would stand in place of an item that was withdrawn: words that nobody cleared."""

    item: str
    reason: str


class Comparison(NamedTuple):
    """What readers would notice."""

    publishes: tuple[Change, ...]
    changes: tuple[Change, ...]
    unpublishes: tuple[Change, ...]
    tombstones: tuple[Stone, ...] = ()

    @property
    def accidents(self) -> tuple[Change, ...]:
        """Items that would vanish and that nobody took off."""
        return tuple(one for one in self.unpublishes if not one.meant)


def compare(before: Screening, after: Screening, lies: Callable[[str], bool] = lambda item: False) -> Comparison:
    """The difference of two states of the content, each list in order of ids.

    ``lies`` tells whether there is a file still of an item that is none any more: nobody deleted that.
    """
    earlier = {one.id: one.facts for one in before.cleared}
    now = {one.id: one.facts for one in after.cleared}
    return Comparison(
        publishes=tuple(_change(now[item], Verdict.PUBLISHED) for item in sorted(now.keys() - earlier.keys())),
        changes=tuple(
            _change(now[item], Verdict.PUBLISHED)
            for item in sorted(now.keys() & earlier.keys())
            if _shown(now[item]) != _shown(earlier[item])
        ),
        unpublishes=tuple(_gone(earlier, now, after, lies)),
        tombstones=tuple(Stone(one.id, one.reason) for one in after.tombstones if one not in before.tombstones),
    )


def compare_guards(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Guard, ...]:
    """Those that are no longer what they were, by path."""
    paths = sorted(before.keys() | after.keys())
    return tuple(
        Guard(path, before.get(path, ""), after.get(path, "")) for path in paths if before.get(path) != after.get(path)
    )


def _gone(
    earlier: dict[str, ItemFacts], now: dict[str, ItemFacts], after: Screening, lies: Callable[[str], bool]
) -> Iterator[Change]:
    withheld = {one.id: one for one in after.withheld}
    for item in sorted(earlier.keys() - now.keys()):
        if item in withheld:
            verdict = withheld[item].verdict
            yield Change(item, withheld[item].path, str(verdict), verdict in MEANT)
        else:
            there = lies(item)
            yield Change(item, earlier[item].path, LOST if there else DELETED, not there)


def _change(facts: ItemFacts, verdict: Verdict) -> Change:
    return Change(facts.id, facts.path, str(verdict), True)


def _shown(facts: ItemFacts) -> tuple[object, ...]:
    """What makes two versions of an item differ in public."""
    pinned = facts.item.pinned if facts.item else False
    redirects = facts.item.redirect_from if facts.item else ()
    return facts.digest, tuple((one.safe_name, one.published_sha256) for one in facts.attachments), pinned, redirects
