"""The audit trail tells every change of verdict, and nothing else."""

from __future__ import annotations

from generator.clearance.trail import Seen, changes, encode_changes, parse_trail
from tests.unit.clearance.clearance_makers import NOW

BEFORE = {
    "sfj/policy/a": Seen(verdict="published", digest="d1", record="r1"),
    "sfj/policy/b": Seen(verdict="published", digest="d2"),
    "sfj/policy/c": Seen(verdict="uncleared", digest="d3"),
}


def test_tells_what_appeared_changed_and_went() -> None:
    """An item that left the folder is gone; one that is new was nothing before."""
    after = {
        "sfj/policy/a": Seen(verdict="void", digest="d9", record="r1"),
        "sfj/policy/c": BEFORE["sfj/policy/c"],
        "sfj/policy/d": Seen(verdict="published", digest="d4"),
    }
    found = changes(BEFORE, after, at=NOW, commit="abc")
    assert [(one.item, one.before, one.verdict) for one in found] == [
        ("sfj/policy/a", "published", "void"),
        ("sfj/policy/b", "published", "gone"),
        ("sfj/policy/d", "", "published"),
    ]
    assert {one.commit for one in found} == {"abc"}


def test_tells_a_new_record_or_a_new_text_under_the_same_verdict() -> None:
    """A changed item that stays published is a change all the same."""
    after = BEFORE | {"sfj/policy/a": Seen(verdict="published", digest="d5", record="r2")}
    (change,) = changes(BEFORE, after, at=NOW, commit="")
    assert (change.digest, change.record) == ("d5", "r2")


def test_says_nothing_when_nothing_changed() -> None:
    """A build that changes nothing adds no line."""
    assert encode_changes(changes(BEFORE, dict(BEFORE), at=NOW, commit="")) == b""


def test_trail_survives_a_line_that_was_cut_off() -> None:
    """A crash while appending loses the last line only."""
    found = changes({}, BEFORE, at=NOW, commit="")
    data = encode_changes(found)
    assert parse_trail(data) == found
    assert parse_trail(data[:-9]) == found[:-1]
