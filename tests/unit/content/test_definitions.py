"""The cluster's definitions; their faults stand in ``tests/invalid/cases_sites.py``."""

from __future__ import annotations

import pytest

from generator.content.definitions import load_cluster
from generator.errors import ConfigError, ExitCode
from generator.model import Category, Cluster, Contact, Unit
from tests.conftest import REPOSITORY, MakeTree

FULL = {
    "cluster.yml": """\
name: 示例网站群
base_url: https://sfj.shili.example/
time_zone: Asia/Shanghai
theme: default
theme_options:
  needs: [{label: 会见, to: item:sfj/notice/a}]
  limit: 8
  compact: true
  nothing: null
  code: "010"
notice: 演示
description: 说明
organiser: 办公室
site_code: "9999000001"
icp: 示ICP备1号
police: 示公网安备1号
contact: {telephone: 010-55500001, email: a@b.example, address: 路1号, postcode: "000000", hours: 工作日}
units: [jyglj, sfj]
""",
    "units/sfj.yml": "id: sfj\nname: 示例市司法局\nshort_name: 司法局\nkind: bureau\nparent: null\nhost: null\n",
    "units/jyglj.yml": """\
id: jyglj
name: 示例市监狱管理局
short_name: 监狱局
kind: administration
parent: sfj
host: https://jyglj.shili.example:8443/
clearance: signed
accent: "#8b1e1e"
accent_dark: "#F0a0A0"
emblem: 狱
theme_options: {hero: plain}
""",
    "categories.yml": "- {id: notice, name: 通知公告, name_en: Notices, rhythm: notice}\n"
    "- {id: tender, name: 采购, name_en: Tenders, parent: notice, description: 说明}\n",
    "negative-list.yml": "whatever: [\n",
}


def test_every_key_is_read(make_tree: MakeTree) -> None:
    """Definitions come in the order of the list, with each value as its type."""
    assert load_cluster(make_tree(FULL)) == Cluster(
        name="示例网站群",
        base_url="https://sfj.shili.example/",
        theme_options={
            "needs": [{"label": "会见", "to": "item:sfj/notice/a"}],
            "limit": 8,
            "compact": True,
            "nothing": None,
            "code": "010",
        },
        notice="演示",
        description="说明",
        organiser="办公室",
        site_code="9999000001",
        icp="示ICP备1号",
        police="示公网安备1号",
        contact=Contact(
            telephone="010-55500001", email="a@b.example", address="路1号", postcode="000000", hours="工作日"
        ),
        units=(
            Unit(
                id="jyglj",
                name="示例市监狱管理局",
                short_name="监狱局",
                kind="administration",
                parent="sfj",
                host="https://jyglj.shili.example:8443/",
                clearance="signed",
                accent="#8b1e1e",
                accent_dark="#F0a0A0",
                emblem="狱",
                theme_options={"hero": "plain"},
            ),
            Unit(id="sfj", name="示例市司法局", short_name="司法局", kind="bureau"),
        ),
        categories=(
            Category(id="notice", name="通知公告", name_en="Notices", rhythm="notice"),
            Category(id="tender", name="采购", name_en="Tenders", parent="notice", description="说明"),
        ),
    )


def test_sample_cluster_is_right() -> None:
    """The repository's own definitions have the twenty units and ten categories that it promises."""
    cluster = load_cluster(REPOSITORY / "sites")
    assert " ".join(unit.id for unit in cluster.units) == (
        "sfj jyglj jdglj flyz heping hedong hexi nankai hebei hongqiao dongli xiqing jinnan beichen wuqing baodi "
        "binhai ninghe jinghai jizhou"
    )
    assert " ".join(category.id for category in cluster.categories) == (
        "decision execution management service result key-area policy interpretation response notice"
    )
    assert cluster.notice


def test_a_thousand_units_are_read(make_tree: MakeTree) -> None:
    """A province's cluster is defined like a city's."""
    names = [f"unit-{n:04d}" for n in range(1000)]
    files = {f"units/{name}.yml": f"id: {name}\nname: 一\nshort_name: 一\nkind: district\n" for name in names}
    files["cluster.yml"] = f"name: 省\nbase_url: https://a.example/\nunits: [{', '.join(names)}]\n"
    files["categories.yml"] = FULL["categories.yml"]
    assert len(load_cluster(make_tree(files)).units) == 1000


def test_faults_are_an_operators_and_come_together(make_tree: MakeTree) -> None:
    """One exception carries every fault of every file, sorted; the exit status is that of a usage error."""
    files = {**FULL, "units/sfj.yml": "id: x\n", "categories.yml": "- {id: A}\n"}
    with pytest.raises(ConfigError) as caught:
        load_cluster(make_tree(files))
    found = caught.value.diagnostics
    assert list(found) == sorted(found)
    assert {one.path for one in found} == {"sites/units/sfj.yml", "sites/categories.yml"}
    assert len(found) == 7
    assert caught.value.exit_code == ExitCode.USAGE
