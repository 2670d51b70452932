"""A timer asks ``due`` and deploys: what has expired leaves, whatever became of an earlier try."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from generator.cli import main
from generator.deploy import pipeline
from generator.errors import ExitCode
from tests.conftest import REPOSITORY
from tests.deploy_project import BODY, Project
from tests.deploy_servers import missing

pytestmark = pytest.mark.skipif(bool(missing("rsync", "flock", "git")), reason=missing("rsync", "flock", "git"))

A, B = "sfj/notice/jia", "jyglj/notice/yi"
NOT_DUE = 1


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two items, one of which expires at the end of 5 November, released."""
    made = Project(tmp_path)
    made.write(A)
    made.write(B, expires_on="2026-11-05")
    made.commit()
    made.release()
    return made


def due(project: Project, *more: str) -> int:
    """What a timer is told at the project's time."""
    places = {"out": "public", "sites": "sites", "state": "state"}
    folders = [part for name, place in places.items() for part in (f"--{name}", str(project.root / place))]
    return main(["due", *folders, "--now", project.now.isoformat(), *more])


def test_it_is_due_from_the_moment_on(project: Project) -> None:
    """Not a second before it, and not once it is released."""
    project.now = datetime(2026, 11, 5, 23, 59, 59)
    assert due(project) == NOT_DUE
    project.now = datetime(2026, 11, 6)
    assert due(project) == ExitCode.FINE
    project.release()
    assert due(project) == NOT_DUE
    assert not project.page(f"{B}.html").exists()


def test_what_has_expired_is_due_while_it_is_served(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tree was built, and the line to the server cut: the timer tries again."""

    def broken(*_: object) -> None:
        raise OSError("the line is cut")

    project.now = datetime(2026, 11, 6)
    assert project.run("build", "--jobs", "1") == 0
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "_stage", broken)
        assert project.run("deploy", "--jobs", "1") != ExitCode.FINE
    assert project.page(f"{B}.html").exists()
    assert due(project) == ExitCode.FINE
    with (project.root / "sites" / "deploy.yml").open("a", encoding="utf-8") as settings:
        settings.write("  another: {kind: local, path: another}\n")
    assert due(project, "--target", "local") == ExitCode.FINE
    assert due(project, "--target", "another") == NOT_DUE
    project.release()
    assert due(project) == NOT_DUE


def test_misspelt_target_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a target that there is not nothing is ever due, and a timer would wait for ever."""
    project.now = datetime(2026, 11, 5)
    assert due(project, "--target", "lokal") == ExitCode.USAGE
    assert "lokal（local）" in capsys.readouterr().err


def test_unfinished_tree_is_due(project: Project) -> None:
    """A build that was killed left no manifest, so that nobody knows what is scheduled."""
    (project.root / "public" / "manifest.json").unlink()
    assert due(project) == ExitCode.FINE


def test_tree_that_was_cleaned_away_is_due_when_what_is_served_is(project: Project) -> None:
    """Without a tree, and without anything served, there is nothing to ask."""
    shutil.rmtree(project.root / "public")
    assert due(project) == NOT_DUE
    project.now = datetime(2026, 11, 6)
    assert due(project) == ExitCode.FINE
    shutil.rmtree(project.root / "state")
    assert due(project) == ExitCode.USAGE


def test_target_that_is_no_more_is_forgotten(project: Project) -> None:
    """What a former server still serves asks for no deploy every five minutes."""
    settings = project.root / "sites" / "deploy.yml"
    settings.write_text(settings.read_text("utf-8").replace("local:", "new:"), "utf-8")
    project.now = datetime(2026, 11, 6)
    project.release()
    assert due(project) == NOT_DUE


def test_rollback_is_not_undone_by_the_timer(project: Project) -> None:
    """An item that appeared since is taken back on purpose; an expiry is still met."""
    project.write("sfj/notice/xin", date="2026-11-03T09:00")
    project.write(A, body=BODY + "\n第二版。\n")
    project.commit()
    project.release()
    project.now = datetime(2026, 11, 3, 9)
    assert due(project) == ExitCode.FINE
    project.release()
    assert project.page("sfj/notice/xin.html").exists()
    assert project.run("deploy", "--rollback") == 0
    assert not project.page("sfj/notice/xin.html").exists()
    assert due(project) == NOT_DUE
    project.now = datetime(2026, 11, 6)
    assert due(project) == ExitCode.FINE


@pytest.mark.parametrize(("asked", "told"), [(0, 0), (NOT_DUE, 1), (ExitCode.USAGE, 255), (137, 255)])
def test_documented_timer_fails_where_nobody_knows(tmp_path: Path, asked: int, told: int) -> None:
    """To systemd every status from 1 to 254 is a reason to skip the work, without a word."""
    lines = (REPOSITORY / "docs" / "building.md").read_text("utf-8").splitlines()
    (condition,) = (line.partition("=")[2] for line in lines if line.startswith("ExecCondition="))
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nexit {int(asked)}\n")
    program.chmod(0o755)
    words = [word.replace("/srv/mingtang/.venv/bin/python", str(program)) for word in shlex.split(condition)]
    command = [word.replace("$$", "$") for word in words]  # systemd's way to write the sign
    assert str(program) in command[-1]
    assert subprocess.run(command, check=False).returncode == told
