"""generator.build.indexing: in an edit a copy of the process mends the index, and the tree is that of a clean build."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from generator.build import indexing
from generator.build.packs import PackError
from generator.build.result import BuildResult
from tests.build.cluster import SmallCluster, digests


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallCluster:
    """A cluster that was built, and in which one item was edited and one added since."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # of other tests: here the process is copied
    made = SmallCluster(tmp_path)
    for number in range(40):
        made.write(f"sfj/policy/p{number}", title=f"第{number}号办法", body=f"第一条 为了公开第{number}件。")
    build(made)
    made.write("sfj/policy/p3", title="第3号办法", body="第一条 为了公开，改为另外的说法。")
    made.write("sfj/policy/new", title="新的办法", body="第一条 新近公开。", date="2026-10-02")
    return made


def build(cluster: SmallCluster) -> BuildResult:
    return cluster.build_with(executor="processes", jobs=2)


def refuse(*_: object) -> None:
    raise AssertionError


def test_index_is_mended_by_a_copy(cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process makes none, and writes what it is handed."""
    with monkeypatch.context() as patched:
        patched.setattr(indexing, "begin_index", refuse)
        written = build(cluster).written
    assert [path for path in written if path.startswith("search/shards/")]
    assert [path for path in written if path.startswith("search/text/")]
    assert digests(cluster.root / "out") == cluster.build_clean()


@pytest.mark.parametrize("fault", ["state", "no state", "shard", "an item goes"])
def test_index_that_cannot_be_mended_is_made_here(
    cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Nothing of a damaged one is believed, wherever the damage is seen."""
    state = cluster.root / "out-private" / "cache" / indexing.STATE
    if fault == "state":
        state.write_bytes(state.read_bytes()[:-1])
    elif fault == "no state":
        state.unlink()
    elif fault == "an item goes":  # and all that follow have other numbers
        cluster.write("sfj/policy/p7", title="第7号办法", cleared="false")
    else:
        next((cluster.root / "out" / "search" / "shards").rglob("*.bin")).unlink()
        monkeypatch.setattr(indexing, "_mend", refuse)
    assert build(cluster).read == (3 if fault == "an item goes" else 2)
    assert digests(cluster.root / "out") == cluster.build_clean()


def test_damaged_body_that_a_copy_meets_costs_a_build_from_nothing(
    cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it does where this process meets it."""

    def damaged(*_: object) -> None:
        raise PackError("damaged")

    monkeypatch.setattr(indexing, "_mend", damaged)
    assert build(cluster).read == 41
    assert digests(cluster.root / "out") == cluster.build_clean()


def test_many_changes_are_left_to_all_processors(cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy would work alone."""
    for number in range(indexing._FEW):
        cluster.write(f"sfj/policy/q{number}", title=f"另第{number}号办法", body="第一条 为了公开。")
    monkeypatch.setattr(indexing, "_mend", refuse)
    build(cluster)
    assert digests(cluster.root / "out") == cluster.build_clean()
