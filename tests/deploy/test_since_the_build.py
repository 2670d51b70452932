"""A tree may be hours old: what was taken off meanwhile does not go out with it."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

import pytest

from generator.clearance.records import ROLES
from generator.commands.options import SHANGHAI
from generator.errors import ExitCode
from tests.deploy_project import Project
from tests.deploy_servers import missing

pytestmark = pytest.mark.skipif(bool(missing("rsync", "flock", "git")), reason=missing("rsync", "flock", "git"))

A, B = "sfj/notice/jia", "jyglj/notice/yi"


def built(root: Path) -> Project:
    """Two items, committed and built."""
    project = Project(root)
    project.write(A)
    project.write(B)
    project.commit()
    assert project.run("build", "--jobs", "1") == 0
    return project


@pytest.mark.parametrize("how", ["deleted", "cleared: flase"])
def test_item_taken_off_since_the_build_does_not_leave(
    tmp_path: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody built again: the deploy names the item, and releases nothing."""
    project = built(tmp_path)
    if how == "deleted":
        project.remove(B)
    else:
        key, _, value = how.partition(": ")
        project.write(B, **{key: value})
    capsys.readouterr()
    assert project.run("deploy", "--jobs", "1") == ExitCode.DEPLOY_REFUSED
    said = capsys.readouterr().err
    assert "[deploy-uncleared]" in said
    assert B in said
    assert A not in said
    assert not (project.served / "current").exists()


def test_item_taken_off_while_the_build_went_on_does_not_leave(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A large cluster takes minutes: its source was read at the beginning, and the manifest written at the end."""
    project = built(tmp_path)
    project.write(B, cleared="false")
    ended = time.time() + 600
    os.utime(project.root / "public" / "manifest.json", (ended, ended))
    capsys.readouterr()
    assert project.run("deploy", "--jobs", "1") == ExitCode.DEPLOY_REFUSED
    assert "[deploy-uncleared]" in capsys.readouterr().err


@pytest.mark.parametrize("how", ["moved here", "by another clock"])
def test_item_whose_source_seems_older_than_the_build_does_not_leave(
    tmp_path: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An editor's copy keeps its time when it is put in place; the disk's clock is not the one that the build asked."""
    project = Project(tmp_path)
    project.write(B)
    soon = time.time() + 30
    if how == "by another clock":
        project.now = datetime.fromtimestamp(soon, SHANGHAI).replace(tzinfo=None)
    assert project.run("build", "--jobs", "1") == 0
    project.write(B, cleared="false")
    if how == "moved here":
        os.utime(project.root / "content" / f"{B}.md", (0, 0))
    else:
        os.utime(project.root / "public" / "manifest.json", (soon, soon))
    capsys.readouterr()
    assert project.run("deploy", "--jobs", "1") == ExitCode.DEPLOY_REFUSED
    assert "[deploy-uncleared]" in capsys.readouterr().err


def test_item_refused_since_the_build_does_not_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The decision is filed, and its source still says that it is cleared: it goes out at no release."""
    project = built(tmp_path)
    steps = [f"--{role}={name},2026-03-01,不宜公开" for role, name in zip(ROLES, "甲乙丙丁", strict=True)]
    assert project.run("clear", B, *steps, "--basis=条例", "--conclusion=不予公开", "--yes") == 0
    project.commit()
    capsys.readouterr()
    assert project.run("deploy", "--jobs", "1") == ExitCode.DEPLOY_REFUSED
    said = capsys.readouterr().err
    assert "[deploy-uncleared]" in said
    assert (B in said, A in said) == (True, False)
    assert not (project.served / "current").exists()
