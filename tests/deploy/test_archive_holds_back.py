"""What the cluster withholds is in no archive: neither in its pages nor in its index."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path

import pytest

from tests.deploy_project import BODY, Project

HELD, KEPT = "sfj/notice/held", "sfj/notice/kept"
SENTENCE = "梧桐巷七号院居民乙某的迁居登记情况"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A unit with an item that is to be held back, and one that stays."""
    made = Project(tmp_path)
    made.write(HELD, body=f"{BODY}\n{SENTENCE}。\n")
    made.write(KEPT)
    made.write("jyglj/notice/other")
    return made


def places(project: Project, needle: str) -> list[str]:
    """The files of the unit's archive, those of its index among them, that hold the words."""
    path = project.root / "sfj.zip"
    assert project.run("archive", "sfj", "--jobs", "1", "--write", str(path)) == 0
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    script = files["sfj/assets/archive-index.js"].decode()
    index = json.loads(script.partition(" = ")[2].rstrip(";\n"))
    files |= {f"index/{name}": base64.b64decode(data) for name, data in index.items()}
    assert "sfj/notice/kept.html" in files
    return [name for name, data in files.items() if needle.encode() in data]


def test_words_of_a_public_item_are_found(project: Project) -> None:
    """The look of these tests sees what there is: in the page, and in the index."""
    found = places(project, SENTENCE)
    assert "sfj/notice/held.html" in found
    assert any(name.startswith("index/") for name in found)


def test_item_whose_group_waits_for_another_unit(project: Project) -> None:
    """The member that is not cleared lies in another unit."""
    project.write(HELD, body=f"{BODY}\n{SENTENCE}。\n", release_group="zu1")
    project.write("jyglj/notice/waits", cleared="false", release_group="zu1")
    assert places(project, SENTENCE) == []


def test_copy_of_what_another_unit_withdrew(project: Project) -> None:
    """The withdrawal lies in another unit."""
    text = (project.root / "content" / f"{HELD}.md").read_text("utf-8")
    (project.root / "content" / "jyglj/notice/held.md").write_text(text.replace("unit: sfj", "unit: jyglj"), "utf-8")
    assert project.run("withdraw", "jyglj/notice/held", "--reason", "误发") == 0
    assert places(project, SENTENCE) == []


def test_withdrawal_whose_file_was_deleted(project: Project) -> None:
    """The builds remember it, and so does an archive."""
    assert project.run("withdraw", HELD, "--reason", "误发") == 0
    assert project.run("build", "--jobs", "1") == 0
    for path in (project.root / "content" / "sfj" / "_withdrawn").iterdir():
        path.unlink()
    assert places(project, SENTENCE) == []
