"""generator.build.standing: an early look at the content folder holds for the units and categories that it knew."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build.standing import survey_early, survey_unless_seen
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
