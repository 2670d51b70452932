"""``build --explain``: why a file of the tree was rebuilt, kept or deleted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli import main
from tests.build.cluster import NOW, SmallCluster

Ask = Callable[[str], str]


@pytest.fixture
def cluster(tmp_path: Path) -> SmallCluster:
    made = SmallCluster(tmp_path)
    for number in range(3):
        made.write(f"sfj/policy/p{number}", title=f"第{number}号办法", body=f"第一条 其{number}。")
    return made


@pytest.fixture
def ask(cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Builds, and gives what is said last."""
    monkeypatch.chdir(cluster.root)

    def asked(path: str) -> str:
        assert main(["build", "--now", NOW.isoformat(), "--executor", "serial", "--explain", path]) == 0
        return capsys.readouterr().out.splitlines()[-1]

    return asked


def test_each_fate_of_a_file_is_told(cluster: SmallCluster, ask: Ask) -> None:
    """What it was that changed, where something did."""
    page = "public/sfj/policy/p1.html"
    assert "以前没有" in ask(page)
    cluster.write("sfj/policy/p1", title="第1号办法", body="改过。")
    assert "正文或附件" in ask(page)
    cluster.write("sfj/policy/p2", title="第2号办法", body="改过。")
    assert "沿用" in ask(page)
    assert "沿用" in ask(page)
    (cluster.root / page).write_text("手改")
    assert "磁盘上的文件" in ask(page)
    (cluster.content / "sfj" / "policy" / "p1.md").unlink()
    assert "已删除" in ask(page)
    assert "不在这次的网站里" in ask(page)


def test_a_file_of_the_index_that_is_taken_over_is_kept(cluster: SmallCluster, ask: Ask) -> None:
    """Nobody looked whether to write it: it is part of the tree all the same."""
    for number in range(40):
        cluster.write(f"jyglj/policy/p{number}", title=f"第{number}号办法", body=f"第一条 之{number}。")
    ask("index.html")
    said = []
    for path in sorted((cluster.root / "public" / "search").glob("*.bin")):
        cluster.write("sfj/policy/p1", title="第1号办法", body=f"改过 {path.name}。")
        said.append(ask(f"public/search/{path.name}"))
    assert any("沿用" in one for one in said)
    assert all("沿用" in one or "删除" in one or not (cluster.root / one.split()[0]).exists() for one in said)


@pytest.mark.parametrize("form", ["public/{}", "./public/{}", "public//{}", "{}", "ABSOLUTE"])
def test_a_path_may_be_typed_in_any_way(cluster: SmallCluster, ask: Ask, form: str) -> None:
    """As the shell completes it, as another program prints it."""
    path = "sfj/policy/p1.html"
    typed = os.path.abspath(f"public/{path}") if form == "ABSOLUTE" else form.format(path)
    assert ask(typed).startswith(f"重写 {path}")
