"""Content of another time or of some units: what is no file of the content folder does not become one."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

import pytest

from generator.build.fs import FileSystem
from generator.clearance.evidence import REFUSED, load_refused
from generator.clearance.records import encode_records
from generator.deploy.earlier import export_content, link_content, tell_decisions
from generator.errors import UsageError
from tests.unit.clearance.clearance_makers import make_facts, make_item, make_record


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A unit with a file, and beside it links to a file and to a folder outside of the content."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.md").write_text("从未提交审查的内容", "utf-8")
    folder = tmp_path / "content" / "alpha" / "notice"
    folder.mkdir(parents=True)
    (folder / "plain.md").write_text("内容", "utf-8")
    (folder / "folder").symlink_to(outside)
    (folder / "file.md").symlink_to(outside / "index.md")
    (folder / "beside.md").symlink_to("plain.md")
    return tmp_path / "content"


def test_decisions_are_told_once(tmp_path: Path) -> None:
    """However often builds of their own are told what was decided, and what they know themselves stays."""
    told, known = (
        make_record(make_facts(make_item(f"jyglj/policy/{slug}")), path=f"content/{slug}.yml", conclusion="不予公开")
        for slug in ("a", "b")
    )
    state, target = tmp_path / "state", tmp_path / "target"
    for folder, record in ((state, told), (target, known)):
        folder.mkdir()
        (folder / REFUSED).write_bytes(encode_records([record]))
    for _ in range(2):
        tell_decisions(FileSystem(), state, target)
        assert [one.path for one in load_refused(target)] == ["content/a.yml", "content/b.yml"]
    assert [one.path for one in load_refused(state)] == ["content/a.yml"]


def test_link_does_not_become_what_it_leads_to(content: Path, tmp_path: Path) -> None:
    """A hold builds of this folder, and a build reads no link."""
    link_content(content, tmp_path / "target", ["alpha"])
    folder = tmp_path / "target" / "alpha" / "notice"
    assert (folder / "plain.md").read_text("utf-8") == "内容"
    assert all((folder / name).is_symlink() for name in ("folder", "file.md", "beside.md"))


def test_committed_link_stops_no_export(content: Path, tmp_path: Path) -> None:
    """Git stores links, and a build of that commit read none: going back to it leaves them out."""
    git(content, "init", "--quiet")
    git(content, "add", "--all")
    git(content, "commit", "--quiet", "-m", "x")
    export_content(content, "HEAD", tmp_path / "target")
    found = [path for path in (tmp_path / "target").rglob("*") if path.is_symlink() or path.is_file()]
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["target/alpha/notice/plain.md"]
    assert found[0].read_text("utf-8") == "内容"


def test_python_of_an_older_distribution_unpacks_a_commit(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian 12 has 3.11.2, of which the archives know no filters."""
    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    test_committed_link_stops_no_export(content, tmp_path)


def test_committed_name_that_leads_out_is_no_content(content: Path, tmp_path: Path) -> None:
    """Git makes none, stores what others made, and gives none out."""
    git(content, "init", "--quiet")
    blob = git(content, "hash-object", "-w", "alpha/notice/plain.md").strip()
    inner = git(content, "mktree", given=f"100644 blob {blob}\tastray\n").strip()
    tree = git(content, "mktree", given=f"100644 blob {blob}\tplain.md\n040000 tree {inner}\t..\n").strip()
    with pytest.raises(UsageError):
        export_content(content, tree, tmp_path / "target")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("astray")] == []


def git(folder: Path, *words: str, given: str = "") -> str:
    """What git says."""
    command = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example", *words]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout
