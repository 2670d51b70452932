"""generator.build.standing: what an early look, or the build before, may be believed of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from generator.build.cache import sealed
from generator.build.manifest import MANIFEST_NAME
from generator.build.standing import OUTCOME, load_outcome, survey_early, survey_unless_seen
from generator.content.definitions import load_cluster
from tests.build.cluster import SmallCluster


@pytest.fixture
def cluster(tmp_path: Path) -> SmallCluster:
    made = SmallCluster(tmp_path)
    made.write("sfj/policy/a")
    return made


def test_an_early_look_is_taken_where_the_same_places_are_defined(cluster: SmallCluster) -> None:
    """What came into the folder after the look is for the next build."""
    settings = cluster.settings()
    before, surveyed = survey_early(settings)
    cluster.write("sfj/policy/later")
    assert survey_unless_seen(settings, lambda: (before, surveyed), load_cluster(cluster.sites)) is surveyed


@pytest.mark.parametrize("defined", ["categories.yml", "cluster.yml"])
def test_it_is_looked_again_where_other_places_are_defined(cluster: SmallCluster, defined: str) -> None:
    """Definitions may be saved between the look and their being read: no item may be judged by two of them."""
    settings = cluster.settings()
    seen = survey_early(settings)
    path = cluster.sites / defined
    if defined == "categories.yml":
        added, more = "sfj/added/b", "- {id: added, name: 新增类别, name_en: Added}\n"
        path.write_text(path.read_text("utf-8") + more, "utf-8")
    else:
        added, unit = "xin/policy/b", "id: xin\nname: 新增单位\nshort_name: 新增\nkind: center\nemblem: 新\n"
        (cluster.sites / "units" / "xin.yml").write_text(unit, "utf-8")
        path.write_text(path.read_text("utf-8").replace("units: [", "units: [xin, "), "utf-8")
    cluster.write(added)
    tree, _ = survey_unless_seen(settings, lambda: seen, load_cluster(cluster.sites))
    assert added in {item.id for item in tree.items}


def test_what_the_last_build_said_is_read_back(cluster: SmallCluster) -> None:
    """Faults and counts, bound to the very manifest that it wrote."""
    cluster.write("sfj/policy/b", body="见[办法](item:sfj/policy/none)。")
    result = cluster.build()
    outcome = load_outcome(cluster.settings())
    assert outcome is not None
    assert outcome.diagnostics == result.diagnostics != ()
    assert (outcome.published, outcome.withheld) == (2, {})
    assert outcome.bound_to == hashlib.sha256((cluster.root / "out" / MANIFEST_NAME).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data.replace(b"policy/b.md", b"policy/c.md"),
        lambda data: data.partition(b"\n")[2],
        lambda data: b"".join(sealed(b"\xc1")),
        lambda data: b"".join(sealed(msgspec.msgpack.encode({"bound_to": "", "published": "many"}))),
    ],
)
def test_what_cannot_be_read_is_not_said_again(cluster: SmallCluster, damaged: Callable[[bytes], bytes] | None) -> None:
    """Lost, torn, with a bit flipped, of another form: the next build says all anew, and heals it."""
    cluster.write("sfj/policy/b", body="见[办法](item:sfj/policy/none)。")
    first = cluster.build()
    path = cluster.settings().cache / OUTCOME
    if damaged is None:
        path.unlink()
    else:
        path.write_bytes(damaged(path.read_bytes()))
    assert load_outcome(cluster.settings()) is None
    again = cluster.build()
    assert again.screening is not None
    assert again.diagnostics == first.diagnostics
    assert load_outcome(cluster.settings()) is not None
