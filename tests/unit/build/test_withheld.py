"""generator.build.withheld: whoever reads what is withheld, and when, the fingerprints are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build import withheld
from generator.build.withheld import PRINTS
from tests.leaks.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    """More than is read without workers; some of it is withheld for another reason than its flag."""
    made = House(tmp_path)
    for number in range(60):
        made.write(f"sfj/policy/held-{number}", title=f"第{number}件", cleared="false", body=f"第{number}件的正文。")
    made.write("sfj/policy/to-come", title="将来的一件", date="2027-01-01", body="到那一天才公开的正文。")
    made.write("sfj/policy/faulty", title="[", body="头部有误的一件的正文。")
    made.write("sfj/policy/gone", title="撤回的一件", cleared="false", body="撤回的一件的正文。")
    made.write("sfj/policy/shown", title="公开的一件", body="公开的一件的正文。")
    made.withdraw("sfj/policy/gone", tombstone=True)
    return made


def test_what_is_read_ahead_is_what_is_read_afterwards(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """That an item has a tombstone, whose address is no secret, is not known yet when its flag is."""
    house.build_with("alone", jobs=1)
    asked = list[tuple[str, bool]]()
    begin = withheld._begin

    def noted(settings: object, knowledge: object, items: list[tuple[object, bool]], crew: object) -> object:
        asked.extend((facts.id, address) for facts, address in items)  # type: ignore[attr-defined]
        return begin(settings, knowledge, items, crew)  # type: ignore[arg-type]

    monkeypatch.setattr(withheld, "_begin", noted)
    house.build_with("together", executor="processes", jobs=2)
    alone, together = (withheld._stored(house.settings(name), PRINTS) for name in ("alone", "together"))
    assert alone is not None
    assert together is not None
    assert len(alone) > 100
    assert (together.ids, together.digest) == (alone.ids, alone.digest)
    assert asked[:61].count(("sfj/policy/gone", True)) == 1
    assert sorted(asked[62:]) == [("sfj/policy/gone", False), ("sfj/policy/to-come", True)]
