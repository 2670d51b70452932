"""The audit trail: what changed of the verdicts from one build to the next. Pure.

Internal: one JSON object a line, appended to a log that only its owner may read.
It says which item, by its id; it never holds a title or a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

TRAIL_NAME = "trail.jsonl"
GONE = "gone"
"""What stands for the verdict on an item that is no longer in the content folder."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What one build made of one item."""

    verdict: str
    digest: str = ""
    record: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the trail."""

    at: datetime
    """The build's "now"."""
    item: str
    verdict: str
    before: str = ""
    """The verdict of the build before; empty for an item that it did not know."""
    digest: str = ""
    record: str = ""
    commit: str = ""


def changes(before: Mapping[str, Seen], after: Mapping[str, Seen], *, at: datetime, commit: str) -> tuple[Change, ...]:
    """Every item of which verdict, content or record differ, by id."""
    found = []
    for item in sorted(before.keys() | after.keys()):
        earlier, now = before.get(item), after.get(item, Seen(verdict=GONE))
        if earlier == now:
            continue
        was = earlier.verdict if earlier else ""
        found.append(
            Change(
                at=at, item=item, verdict=now.verdict, before=was, digest=now.digest, record=now.record, commit=commit
            )
        )
    return tuple(found)


def encode_changes(found: tuple[Change, ...]) -> bytes:
    """The lines to append."""
    return b"".join(msgspec.json.encode(one) + b"\n" for one in found)


def parse_trail(data: bytes) -> tuple[Change, ...]:
    """The lines of a trail, oldest first; a line that a crash cut off is passed over."""
    found = []
    for line in data.splitlines():
        try:
            found.append(msgspec.json.decode(line, type=Change))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return tuple(found)
