"""What the report says of the repository that holds the content."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from generator.authoring.history import last_changes
from generator.build.background import in_background
from generator.build.finishing import commit_asked, commit_of


def _git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=甲", "-c", "user.email=a@example.org"]
    done = subprocess.run(["git", "-C", str(folder), *identity, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_commit_says_whether_the_content_is_what_was_committed(tmp_path: Path) -> None:
    """A change beside the content is no change of it."""
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").write_text("一")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "一")
    (tmp_path / "beside").touch()
    head = _git(tmp_path, "rev-parse", "HEAD")
    assert commit_of(content) == head
    (content / "b.md").write_text("二")
    assert commit_of(content) == f"{head}+"


def test_name_that_is_no_utf8_is_a_change_like_any_other(tmp_path: Path) -> None:
    """Many have told git to quote no names: it then gives the bytes of one that was unpacked from a foreign archive."""
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "commit", "-q", "--allow-empty", "-m", "一")
    _git(tmp_path, "config", "core.quotePath", "false")
    Path(os.fsdecode(os.fsencode(tmp_path) + "/公告.md".encode("gbk"))).touch()
    assert commit_of(tmp_path) == f"{_git(tmp_path, 'rev-parse', 'HEAD')}+"


def test_asking_leaves_the_index_alone(tmp_path: Path) -> None:
    """Git would mend it, for which it locks it: an editor's own commit fails meanwhile, or for good if we kill git."""
    path = tmp_path / "a.md"
    path.write_text("一")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "一")
    os.utime(path, (1, 1))  # the same text, with a time that the index does not know
    before = (tmp_path / ".git/index").read_bytes()
    head = _git(tmp_path, "rev-parse", "HEAD")
    assert commit_of(tmp_path) == head
    assert last_changes(tmp_path, ["a.md"])
    assert (tmp_path / ".git/index").read_bytes() == before


def test_nobody_waits_for_an_answer_that_is_not_taken(tmp_path: Path) -> None:
    """Git tells of more files than a pipe holds, and a copy of this process keeps that open: a failed build ends."""
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "commit", "-q", "--allow-empty", "-m", "一")
    for number in range(3000):
        (tmp_path / f"{number:04}-{'很长的名称' * 5}").touch()
    with ExitStack() as held, commit_asked(tmp_path):
        held.enter_context(in_background(lambda: time.sleep(3600)))


def test_without_repository_or_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report is written all the same."""
    assert commit_of(tmp_path) == ""
    (tmp_path / "content").mkdir()
    _git(tmp_path, "init", "-q")
    assert commit_of(tmp_path / "content") == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit_of(tmp_path) == ""
