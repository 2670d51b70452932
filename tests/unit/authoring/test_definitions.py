"""Definitions and theme as commits have them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from generator.authoring.definitions import Definitions, earlier_definitions


class Repository:
    """A folder of definitions and one of themes, each with one file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = Definitions(root / "sites", root / "themes")
        for folder in self.now[:2]:
            Path(folder).mkdir()

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.root), "-c", "user.name=x", "-c", "user.email=x@example", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def write(self, sites: str, themes: str) -> None:
        for folder, text in zip(self.now[:2], (sites, themes), strict=True):
            (Path(folder) / "file").write_text(text, "utf-8")

    def commit(self, *places: str) -> str:
        self.git("add", "--", *(places or (".",)))
        self.git("commit", "--quiet", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def read(self, *commits: str) -> list[tuple[str, str, str]]:
        """Of each version what it says, and its commit."""
        with earlier_definitions(self.now, commits) as versions:
            return [
                ((one.sites / "file").read_text(), (one.themes / "file").read_text(), one.commit) for one in versions
            ]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    made.git("init", "--quiet")
    return made


def test_versions_stand_in_the_order_of_the_commits_and_end_with_what_lies_here(repository: Repository) -> None:
    repository.write("1", "1")
    first = repository.commit()
    repository.write("2", "1")
    second = repository.commit()
    repository.write("2", "3")

    assert repository.read(first, second) == [("1", "1", first), ("2", "1", second), ("2", "3", "")]


def test_version_that_is_as_the_next_one_is_none(repository: Repository) -> None:
    """Nothing is tried twice; a commit of a tree that was changed beside it ends in a plus."""
    repository.write("1", "1")
    commit = repository.commit()

    assert repository.read(f"{commit}+", "HEAD") == [("1", "1", "")]


def test_folder_that_a_commit_does_not_know_is_as_the_next_version_has_it(repository: Repository) -> None:
    repository.write("1", "1")
    first = repository.commit("sites")
    second = repository.commit("themes")
    repository.write("1", "2")

    assert repository.read(first, second) == [("1", "1", second), ("1", "2", "")]


@pytest.mark.parametrize("commit", ["", "0123456789012345678901234567890123456789"])
def test_commit_that_nobody_knows_has_no_version(repository: Repository, commit: str) -> None:
    repository.write("1", "1")
    repository.commit()

    assert repository.read(commit) == [("1", "1", "")]


def test_without_a_repository_there_is_what_lies_here(tmp_path: Path) -> None:
    alone = Repository(tmp_path)
    alone.write("1", "1")

    assert alone.read("HEAD") == [("1", "1", "")]
