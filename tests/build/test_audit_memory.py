"""The audit's memory: what one build proved, the next one need not, and nothing that it must."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from generator.build import cache, scanning
from generator.build.rendering import put
from generator.build.scanning import AuditTask
from generator.build.tree import Tree
from generator.clearance.scanner import Scanned
from tests.build.cluster import SmallCluster

OTHER = "另一句起初谁也没有说过，后来成了不公开的内容。"
SECRET = "这一句只在没有通过审查的那一条里，别处不应当有。"


@pytest.fixture
def cluster(tmp_path: Path) -> SmallCluster:
    made = SmallCluster(tmp_path)
    for number in range(4):
        made.write(f"sfj/policy/p{number}", title=f"第{number}号办法", body=f"第一条 第{number}号的正文。")
    made.write("jyglj/policy/held", title="未通过的一条", cleared="false", body=SECRET)
    return made


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are looked at."""
    paths: list[str] = []
    scan = scanning.scan_chunk

    def noting(task: AuditTask) -> Scanned:
        paths.extend(path for _, some in task.files for path in some)
        return scan(task)

    monkeypatch.setattr(scanning, "scan_chunk", noting)
    return paths


def pages(paths: Sequence[str]) -> set[str]:
    return {path for path in paths if path.startswith("sfj/policy/p")}


def test_an_edit_has_only_changed_files_looked_at(cluster: SmallCluster, scanned: list[str]) -> None:
    """Files that are as they were when they were found clean stay so."""
    assert cluster.build().leaks == ()
    assert len(pages(scanned)) == 4
    scanned.clear()
    cluster.write("sfj/policy/p1", title="第1号办法", body="第一条 改过的正文。")
    assert cluster.build().leaks == ()
    assert pages(scanned) == {"sfj/policy/p1.html"}


def test_clearing_an_item_has_nothing_old_looked_at(cluster: SmallCluster, scanned: list[str]) -> None:
    """With less to look for, what was clean is clean."""
    cluster.build()
    scanned.clear()
    cluster.write("jyglj/policy/held", title="未通过的一条", cleared="true", body=SECRET)
    assert cluster.build().leaks == ()
    assert pages(scanned) == set()
    assert "jyglj/policy/held.html" in scanned


def test_what_is_withheld_anew_is_looked_for_everywhere(cluster: SmallCluster, scanned: list[str]) -> None:
    """A sentence that was public, and is withheld now, is found in a page that was not made again."""
    quoted = cluster.write("sfj/policy/p2", title="第2号办法", body=f"第一条 总则。\n\n{SECRET}")
    cluster.build()
    text = quoted.read_text("utf-8")
    quoted.write_text(text.replace("confidentiality_cleared: true", "confidentiality_cleared: false"), "utf-8")
    scanned.clear()
    assert cluster.build().leaks == ()
    assert pages(scanned) == {f"sfj/policy/p{number}.html" for number in (0, 1, 3)}


def test_what_is_withheld_anew_is_found_in_a_file_that_stayed(
    cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stray page was clean as long as nobody withheld its words; the very same file is a leak when somebody does."""
    prune = Tree.prune
    path = "sfj/stray.html"

    def prune_and_stray(tree: Tree) -> None:
        prune(tree)
        settings = cluster.settings()
        tree.unseal()
        if (settings.out / path).exists():
            tree.keep_as_written(path)
        else:
            tree.add(path, put(settings.fs, settings.out, path, f"<p>{OTHER}</p>".encode(), b"bug", "bug"))

    monkeypatch.setattr(Tree, "prune", prune_and_stray)
    monkeypatch.setattr(Tree, "clear_strangers", lambda tree: None)
    assert cluster.build().leaks == ()
    monkeypatch.setattr(Tree, "prune", lambda tree: tree.keep_as_written(path))
    cluster.write("jyglj/policy/neibu", title="内部的一条", cleared="false", body=OTHER)
    assert {leak.path for leak in cluster.build().leaks} == {path}


def test_nothing_is_believed_that_another_version_stored(
    cluster: SmallCluster, scanned: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change of the program its stored fingerprints are not even read."""
    cluster.build()
    private = cluster.settings().cache
    for name in ("asked.bin", "prints.bin", "terms.bin", "outcome.bin"):
        data = (private / name).read_bytes()
        (private / name).write_bytes(data[:32] + pickle.dumps(object()))
    monkeypatch.setattr(cache, "code_digest", lambda: "another")
    scanned.clear()
    assert cluster.build().leaks == ()
    assert len(pages(scanned)) == 4


@pytest.mark.parametrize("made", ["withheld.withheld_prints", "proving.file_terms"])
def test_what_another_version_stored_whole_is_made_again(
    cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch, made: str
) -> None:
    """Where no item is withheld, no key of an item says by which program its fingerprints were made."""
    (cluster.content / "jyglj" / "policy" / "held.md").unlink()
    (cluster.content / "jyglj" / "policy" / "坏 名字.md").write_text(SECRET, "utf-8")
    cluster.build()
    calls = []
    target = f"generator.build.{made}"
    module, name = target.rsplit(".", 1)
    original = getattr(sys.modules[module], name)
    monkeypatch.setattr(target, lambda *given, **named: (calls.append(1), original(*given, **named))[1])
    monkeypatch.setattr(cache, "code_digest", lambda: "another")
    assert cluster.build().leaks == ()
    assert calls
