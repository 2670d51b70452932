"""What the sample cluster shows: it is what a newcomer sees first, and what many tests build."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from generator.authoring.staging import check_staged
from generator.content.definitions import load_cluster
from generator.content.item import load_item
from generator.content.source import scan
from generator.model import SHANGHAI, Cluster, Item

REPOSITORY = Path(__file__).resolve().parents[2]
CONTENT = REPOSITORY / "content"
DAY = datetime(2026, 11, 24, tzinfo=SHANGHAI)
"""The day for which the sample is written."""


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    """The sample's definitions."""
    return load_cluster(REPOSITORY / "sites")


@pytest.fixture(scope="module")
def items(cluster: Cluster) -> list[Item]:
    """Every item of the sample; each must be free of faults."""
    found = []
    for source in scan(CONTENT, cluster).items:
        parsed = load_item(CONTENT, source, cluster)
        assert parsed.item is not None, source.path
        found.append(parsed.item)
    return found


@pytest.fixture(scope="module")
def published(items: list[Item]) -> dict[str, Item]:
    """Those that are on the sites on the sample's day."""
    return {
        one.id: one
        for one in items
        if one.confidentiality_cleared
        and not one.draft
        and one.date <= DAY
        and (one.expires_on is None or one.expires_on > DAY)
    }


def test_check_finds_nothing_to_say_about_the_sample(tmp_path: Path) -> None:
    """The sample is an example: no fault, no warning, no leak."""
    run = subprocess.run(
        [
            *(sys.executable, "-m", "generator", "check", "--today", "2026-11-24", "--format", "json"),
            *("--cache", str(tmp_path / "cache"), "--state", str(tmp_path / "state")),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["diagnostics"] == []


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_sample_may_be_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own hooks refuse nothing of it, withheld items among it, when somebody begins with a copy."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    shutil.copytree(CONTENT, tmp_path / "content")
    shutil.copytree(REPOSITORY / "sites", tmp_path / "sites")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    assert check_staged(tmp_path / "content", tmp_path / "sites") == ()


def test_every_unit_and_category_is_alive(cluster: Cluster, published: dict[str, Item]) -> None:
    """At least 60 items are published, of every category, and no unit's site is empty."""
    assert len(published) >= 60
    assert {one.category for one in published.values()} == {one.id for one in cluster.categories}
    assert {one.unit for one in published.values()} == {one.id for one in cluster.units}


def test_the_sample_has_news(published: dict[str, Item]) -> None:
    """The portal's home was updated within two weeks (检查指标), and a third of all is of this half year."""
    assert max(one.date for one in published.values()) > DAY.replace(day=10)
    recent = [one for one in published.values() if one.date >= DAY.replace(month=6, day=1)]
    assert len(recent) * 3 >= len(published)


def test_some_items_are_withheld_with_their_files(items: list[Item]) -> None:
    """At least five wait for clearance, some with attachments; one more for its day, one is over."""
    uncleared = [one for one in items if not one.confidentiality_cleared]
    assert len(uncleared) >= 5
    assert sum(bool(one.attachments) for one in uncleared) >= 2
    assert any(one.date > DAY for one in items)
    assert any(one.expires_on is not None and one.expires_on <= DAY for one in items)


def test_policies_are_interpreted_in_time(published: dict[str, Item]) -> None:
    """At least six policies have an interpretation, published within three working days."""
    pairs = [(one, published[target]) for one in published.values() for target in one.interprets]
    assert len({policy.id for _, policy in pairs if policy.category == "policy"}) >= 6
    fresh = [(one, policy) for one, policy in pairs if policy.validity != "amended"]
    assert all(0 <= (one.date.date() - policy.date.date()).days <= 5 for one, policy in fresh)


def test_every_state_that_a_page_can_show_occurs(published: dict[str, Item]) -> None:
    """Each validity, a correction, a pinned item, old addresses, an open and a closed consultation, pictures."""
    shown = list(published.values())
    assert {one.validity for one in shown} >= {"effective", "expired", "repealed", "amended"}
    assert any(one.updated and one.change_note for one in shown)
    assert any(one.pinned for one in shown)
    assert any(one.redirect_from for one in shown)
    assert sum(bool(one.image) for one in shown) >= 5
    assert sum(bool(one.attachments) for one in shown) >= 5
    closes = sorted(str(one.extra["consultation_closes"]) for one in shown if "consultation_closes" in one.extra)
    assert closes[0] < DAY.date().isoformat() <= closes[-1]
    assert all(one.extra["feedback"] in published for one in shown if "feedback" in one.extra)


def test_index_numbers_are_unique_and_of_their_unit(items: list[Item]) -> None:
    """No index number stands twice, and each begins with the code of its unit."""
    numbers = [one.index_number for one in items if one.index_number]
    assert Counter(numbers).most_common(1)[0][1] == 1
    codes = {(one.unit, one.index_number.partition("/")[0]) for one in items if one.index_number}
    assert len(codes) == len({unit for unit, _ in codes}) == len({code for _, code in codes})


def test_both_languages_of_keys_are_shown() -> None:
    """Editors find examples with English and with Chinese key names."""
    first = Counter(path.read_text(encoding="utf-8").split("\n")[1].split(":")[0] for path in CONTENT.rglob("*.md"))
    assert set(first) == {"title", "标题"}
