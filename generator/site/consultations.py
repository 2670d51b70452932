"""An item's consultation dates → its state on a day. Pure.

重大行政决策程序暂行条例 (国令713号) 15: the draft, the way and the period of
comment are published; 32: what became of the comments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Literal

from generator.clearance.gate import ClearedItem

State = Literal["upcoming", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Consultation:
    """The period in which the public may comment on an item."""

    item: ClearedItem
    starts: Day
    ends: Day
    """The last day on which comments are taken."""
    state: State
    contact: str
    feedback: str
    """Id of the item that tells what became of the comments, or ``""``."""


def read_consultation(one: ClearedItem, today: Day) -> Consultation | None:
    """The consultation that the front matter speaks of, as it stands ``today``."""
    extra = one.item.extra
    ends = _day(extra.get("consultation_closes"))
    if ends is None:
        return None
    starts = _day(extra.get("consultation_opens")) or one.item.date.date()
    state: State = "upcoming" if today < starts else "open" if today <= ends else "closed"
    return Consultation(
        item=one,
        starts=starts,
        ends=ends,
        state=state,
        contact=str(extra.get("consultation_contact", "")),
        feedback=str(extra.get("feedback", "")),
    )


def _day(value: object) -> Day | None:
    """A day, also as the cache hands it back: in ISO form."""
    return value if isinstance(value, Day) else Day.fromisoformat(value) if isinstance(value, str) and value else None


def next_turn(one: Consultation, now: datetime) -> datetime | None:
    """When the consultation next changes its state: at 00:00, in the zone of ``now``."""
    if one.state == "closed":
        return None
    day = one.starts if one.state == "upcoming" else one.ends + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)
