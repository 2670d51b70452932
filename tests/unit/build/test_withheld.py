"""generator.build.withheld: whoever reads what is withheld, and when, the fingerprints are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build import withheld
from generator.build.withheld import ASKED, PRINTS
from generator.clearance.fingerprints import Fingerprints
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


def _stored(house: House, name: str = "out") -> Fingerprints:
    """What a build looked for and left."""
    stored = withheld._read(house.settings(name), ASKED)
    assert stored is not None
    return stored.prints()


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
    alone, together = (_stored(house, name) for name in ("alone", "together"))
    assert len(alone) > 100
    assert (together.ids, together.digest) == (alone.ids, alone.digest)
    assert asked[:61].count(("sfj/policy/gone", True)) == 1
    assert sorted(asked[62:]) == [("sfj/policy/gone", False), ("sfj/policy/to-come", True)]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Withheld items whose text is read."""
    paths = list[str]()
    begin = withheld._begin

    def noted(settings: object, knowledge: object, items: list[tuple[object, bool]], crew: object) -> object:
        paths.extend(facts.id for facts, _ in items)  # type: ignore[attr-defined]
        return begin(settings, knowledge, items, crew)  # type: ignore[arg-type]

    monkeypatch.setattr(withheld, "_begin", noted)
    return paths


def test_what_a_cleared_item_says_anew_has_nothing_withheld_read_again(house: House, read: list[str]) -> None:
    """What it said before and says no more is looked for again, as if it had never been said."""
    house.write("sfj/policy/shown", title="公开的一件，又叫第12件和第17件的说明")
    house.build_with("out", jobs=1)
    said = _stored(house)
    assert len(read) == 63
    read.clear()
    house.write("sfj/policy/shown", title="公开的一件", body="公开的一件的正文。")
    house.build_with("out", jobs=1)
    assert read == []
    again = _stored(house)
    house.build_with("anew", jobs=1)
    assert (again.ids, again.digest) == (_stored(house, "anew").ids, _stored(house, "anew").digest)
    assert again.owners(again.keys) == _stored(house, "anew").owners(again.keys)
    assert len(again) > len(said)


@pytest.mark.parametrize("harm", ["gone", "another", "flipped"])
@pytest.mark.parametrize("name", [ASKED, PRINTS])
def test_what_is_not_there_as_it_was_is_made_again(house: House, read: list[str], name: str, harm: str) -> None:
    """Either file: without the other it does not say what is withheld."""
    house.build_with("out", jobs=1)
    before, cache = _stored(house), house.settings("out").cache
    data = bytearray((cache / name).read_bytes())
    data[-20] ^= 8
    if harm == "gone":
        (cache / name).unlink()
    else:
        (cache / name).write_bytes((cache / "head.json").read_bytes() if harm == "another" else data)
    read.clear()
    house.write("sfj/policy/shown", title="公开的一件", body="公开的一件，正文改了。")
    house.build_with("out", jobs=1)
    assert len(read) == 63
    assert _stored(house).ids == before.ids
    assert _stored(house).digest == before.digest
