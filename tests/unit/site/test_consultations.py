"""The period in which the public may comment."""

from __future__ import annotations

from datetime import date

import pytest

from generator.site.consultations import Consultation, read_consultation
from tests.site_support import clear, make_catalogue, make_facts


def _read(today: date, **extra: object) -> Consultation | None:
    (one,) = clear(make_facts("a/notice/c", day="2026-05-06", extra=extra))
    return read_consultation(one, today)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 5, 31), "upcoming"),
        (date(2026, 6, 1), "open"),
        (date(2026, 6, 30), "open"),
        (date(2026, 7, 1), "closed"),
    ],
)
def test_consultation_is_open_from_its_first_day_to_its_last(today: date, state: str) -> None:
    """Both days count."""
    found = _read(today, consultation_opens="2026-06-01", consultation_closes="2026-06-30")
    assert found is not None
    assert found.state == state


def test_consultation_without_opening_opens_with_publication() -> None:
    """Only the closing day is needed."""
    found = _read(date(2026, 5, 6), consultation_closes="2026-06-30")
    assert found is not None
    assert (found.starts, found.state) == (date(2026, 5, 6), "open")


def test_item_without_closing_day_is_no_consultation() -> None:
    """An item that merely has other keys of its own is not listed."""
    assert _read(date(2026, 5, 6), consultation_contact="电话") is None


def test_consultations_of_a_unit_are_listed_by_their_end() -> None:
    """What is open longest comes first, and what is over last."""
    ends = {"a": "2026-05-30", "b": "2026-07-01", "c": "2026-06-15", "d": "2026-07-01"}
    facts = [make_facts(f"a/notice/{slug}", extra={"consultation_closes": day}) for slug, day in ends.items()]
    listed = make_catalogue(*facts).units["a"].consultations
    assert [one.item.item.slug for one in listed] == ["b", "d", "c", "a"]
