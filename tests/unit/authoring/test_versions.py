"""What is staged and what a commit holds, with a real git."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from generator.authoring.history import differs_since, last_changes
from generator.authoring.versions import check_staged, committed, staged_items
from generator.clearance.rules import load_rules
from generator.content.definitions import load_cluster
from tests.build.cluster import SmallCluster

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
IDENTITY = "11010519491231002X"


class Repository(SmallCluster):
    """A cluster in a repository of its own."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.git("init", "-q")
        self.write("sfj/policy/old", title="旧", body="旧的正文。")

    def git(self, *arguments: str) -> str:
        who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@x.example", "GIT_COMMITTER_NAME": "a"}
        who |= {"GIT_COMMITTER_EMAIL": "a@x.example", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=clean | who, capture_output=True, text=True, check=True
        )
        return done.stdout

    def commit(self) -> str:
        self.git("add", "content", "sites")
        self.git("commit", "-q", "-m", "x")
        return self.git("rev-parse", "HEAD").strip()

    def codes(self, base: str = "HEAD") -> list[str]:
        cluster = load_cluster(self.sites)
        return [one.code for one in check_staged(self.content, cluster, load_rules(self.sites, cluster), base)]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_staged_item_is_checked_as_it_is_staged(repository: Repository) -> None:
    """Not as it lies on disk; and uncleared ones too, since the history keeps them."""
    repository.commit()
    path = repository.write("jyglj/policy/a", cleared="false", body=f"张三，{IDENTITY}。")
    assert repository.codes() == []
    repository.git("add", "content")
    assert repository.codes() == ["negative-list-block"]
    path.write_text(path.read_text("utf-8").replace(IDENTITY, "略"), "utf-8")
    assert repository.codes() == ["negative-list-block"]
    repository.git("add", "content")
    assert repository.codes() == []


def test_staged_attachment_is_inspected(repository: Repository) -> None:
    """An exchanged attachment brings its item with it."""
    repository.write("jyglj/policy/a", attachments="[b.csv]", body="见附件。")
    (repository.content / "jyglj/policy/a").mkdir()
    file = repository.content / "jyglj/policy/a/b.csv"
    file.write_text("姓名\n张三\n", "utf-8")
    repository.commit()
    file.write_text(f"姓名,号码\n张三,{IDENTITY}\n", "utf-8")
    repository.git("add", "content")
    assert repository.codes() == ["negative-list-attachment"]


def test_faulty_front_matter_is_told_before_it_is_committed(repository: Repository) -> None:
    """The first commit of a repository is compared with nothing."""
    repository.write("jyglj/policy/a", cleared='"true"')
    repository.git("add", "content")
    assert repository.codes() == ["clearance-flag-type"]
    assert staged_items(repository.content) == ("jyglj/policy/a", "sfj/policy/old")


def test_deleted_item_is_not_checked(repository: Repository) -> None:
    """What goes needs no check."""
    repository.commit()
    repository.git("rm", "-q", "content/sfj/policy/old.md")
    assert staged_items(repository.content) == ()


def test_item_names_in_chinese_and_with_spaces_are_found(repository: Repository) -> None:
    """Git's quoting of names is not taken for names."""
    repository.commit()
    repository.write("jyglj/policy/通知 一", cleared="false")
    repository.git("add", "content")
    assert staged_items(repository.content) == ("jyglj/policy/通知 一",)


def test_commit_is_compared_with_an_older_one(repository: Repository) -> None:
    """What a pre-receive hook asks: the index of the new commit against the old one."""
    old = repository.commit()
    repository.write("jyglj/policy/a", cleared="false", body=f"张三，{IDENTITY}。")
    repository.commit()
    assert repository.codes() == []
    assert repository.codes(old) == ["negative-list-block"]


def test_content_of_a_commit_is_laid_out(repository: Repository) -> None:
    """Whatever has changed since, here and in the index."""
    commit = repository.commit()
    repository.write("sfj/policy/old", body="新的正文。")
    repository.git("add", "content")
    with committed(repository.content, commit) as folder:
        assert "旧的正文" in (folder / "sfj/policy/old.md").read_text("utf-8")
    assert "新的正文" in repository.git("diff", "--cached")


def test_last_change_of_a_source_is_its_commits_day(repository: Repository) -> None:
    """And of one that changed since, or was never committed, the day of its file."""
    repository.commit()
    day = repository.git("log", "-1", "--format=%cs").strip()
    os.utime(repository.content / "sfj/policy/old.md", (0, 0))
    assert last_changes(repository.content, ["sfj/policy/old.md"])["sfj/policy/old.md"].isoformat() == day
    new = repository.write("sfj/policy/new")
    os.utime(new, (86400 * 365, 86400 * 365))
    assert last_changes(repository.content, ["sfj/policy/new.md"])["sfj/policy/new.md"].year in (1970, 1971)


def test_content_differs_since_a_commit_by_sources_only(repository: Repository) -> None:
    """A withdrawal is no source, nor is what was withdrawn."""
    commit = repository.commit()
    folder = repository.content / "sfj" / "_withdrawn"
    folder.mkdir()
    (folder / "x.yml").write_text("a: b\n", "utf-8")
    assert not differs_since(repository.content, commit)
    (repository.content / "sfj/policy/old.md").unlink()
    assert differs_since(repository.content, commit)
    assert not differs_since(repository.content, commit, ["sfj/policy/old"])
    repository.write("sfj/policy/new")
    assert differs_since(repository.content, commit, ["sfj/policy/old"])
