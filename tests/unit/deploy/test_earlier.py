"""Content of another time or of some units: what is no file of the content folder does not become one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from generator.deploy.earlier import export_content, link_content


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


def test_link_does_not_become_what_it_leads_to(content: Path, tmp_path: Path) -> None:
    """A hold builds of this folder, and a build reads no link."""
    link_content(content, tmp_path / "target", ["alpha"])
    folder = tmp_path / "target" / "alpha" / "notice"
    assert (folder / "plain.md").read_text("utf-8") == "内容"
    assert all((folder / name).is_symlink() for name in ("folder", "file.md", "beside.md"))


def test_committed_link_stops_no_export(content: Path, tmp_path: Path) -> None:
    """Git stores links, and a build of that commit read none: going back to it leaves them out."""
    git = ["git", "-C", str(content), "-c", "user.name=x", "-c", "user.email=x@example"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "x"]):
        subprocess.run([*git, *command], check=True)
    export_content(content, "HEAD", tmp_path / "target")
    found = [path for path in (tmp_path / "target").rglob("*") if path.is_symlink() or path.is_file()]
    assert [path.name for path in found] == ["plain.md"]
