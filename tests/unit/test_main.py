"""``python -m generator`` as systems of other settings start it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import click
import pytest

from generator.cli import commands, main
from generator.commands import build as build_command
from generator.errors import ConfigError, DeployRefused, ExitCode, UsageError
from tests.build.cluster import NOW, REPOSITORY, SmallCluster, digests


def command(cluster: SmallCluster) -> list[str]:
    words = [sys.executable, "-m", "generator", "build", "--now", NOW.isoformat(), "--executor", "serial"]
    for option in ("content", "sites", "themes", "out"):
        words += [f"--{option}", str(cluster.root / option)]
    return [*words, "--cache", str(cluster.root / "c" / "cache"), "--state", str(cluster.root / "c" / "state")]


def test_the_encoding_of_the_locale_does_not_matter(tmp_path: Path) -> None:
    """Names on disk are UTF-8, whatever the terminal speaks; an item with a file under such a name is public."""
    cluster = SmallCluster(tmp_path)
    (cluster.content / "sfj" / "policy" / "a").mkdir(parents=True)
    (cluster.content / "sfj" / "policy" / "a" / "表.txt").write_text("甲", "utf-8")
    cluster.write("sfj/policy/a", attachments="[表.txt]")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command(cluster), cwd=REPOSITORY, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "out") == cluster.build_clean()


def test_python_without_our_libraries_hands_over_to_ours(tmp_path: Path) -> None:
    """Manuals say ``python -m generator``; which Python that is, and what it lacks, is nothing an editor knows."""
    venv.create(tmp_path / "bare", with_pip=False)
    shutil.copytree(REPOSITORY / "generator", tmp_path / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    typed = [tmp_path / "bare" / "bin" / "python", "-m", "generator", "build", "--help"]
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    alone = subprocess.run(typed, cwd=tmp_path, env=bare, capture_output=True, text=True, check=False)
    assert (alone.returncode, "make build" in alone.stderr) == (2, True)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (tmp_path / ".venv" / "bin" / "python").chmod(0o755)
    helped = subprocess.run(typed, cwd=tmp_path, env=bare, capture_output=True, text=True, check=False)
    assert (helped.returncode, "--timing" in helped.stdout) == (0, True), helped.stderr


@pytest.mark.parametrize("joined", [True, False])
def test_fault_of_definitions_is_told_in_the_folder_that_was_typed(
    tmp_path: Path, joined: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """However the option was typed: an editor opens the file by it."""
    cluster = SmallCluster(tmp_path)
    (cluster.sites / "cluster.yml").write_text("units: []\n", "utf-8")
    words = command(cluster)[3:]
    at = words.index("--sites")
    typed = [*words[:at], f"--sites={cluster.sites}", *words[at + 2 :]] if joined else words
    assert main(typed) == ExitCode.USAGE
    assert f"\n{cluster.sites}/cluster.yml:1:1: error" in f"\n{capsys.readouterr().err}"


def test_bug_is_told_where_no_file_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on a full disk: it is still one of ours by its status, and what went wrong can be sent in."""

    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(tempfile, "mkstemp", broken)
    monkeypatch.setattr(build_command, "settings_from", broken_code)
    assert main(["build"]) == ExitCode.BUG
    assert "KeyError" in capsys.readouterr().err


def broken_code(*_: object) -> None:
    raise KeyError("a bug")


@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_stream_that_was_closed_is_no_fault(tmp_path: Path, closed: str) -> None:
    """As some that start programs by the clock leave them."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    shell = ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *command(cluster)]
    done = subprocess.run(shell, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_output_that_nobody_reads_is_an_interruption(tmp_path: Path) -> None:
    """Whoever pipes a takedown into ``head`` must learn that it took nothing down."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command(cluster), cwd=REPOSITORY, stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert done.returncode == ExitCode.INTERRUPTED
    assert "可能没有做完" in done.stderr


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "磁盘满了；腾出空间"),
        (errno.EACCES, "没有权限；检查"),
        (errno.EROFS, "这里只能读"),
        (errno.EXDEV, ""),
    ],
)
def test_complaint_of_the_system_says_where_and_how_to_mend_it(
    number: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the operator's language, with the system's own words for whoever is asked, and with those alone otherwise."""

    def failing(*_: object) -> None:
        raise OSError(number, os.strerror(number), "public/index.html")

    monkeypatch.setattr(build_command, "settings_from", failing)
    assert main(["build"]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert said.startswith(f"磁盘或系统错误 public/index.html：{told}")
    assert os.strerror(number) in said


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.UsageError("x"), 2),
        (UsageError("x"), 2),
        (ConfigError([]), 2),
        (OSError(errno.ENOSPC, "x"), 2),
        (DeployRefused(["x"]), 4),
        (RuntimeError("x"), 3),
    ],
    ids=lambda one: type(one).__name__,
)
def test_every_way_to_end_has_its_status(
    raised: BaseException, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that the manual lists; only of a bug of ours is there a traceback, in a file."""

    def run(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(commands, "main", run)
    assert main(["build"]) == status
    kept = [path.read_text("utf-8") for path in tmp_path.glob("mingtang-bug-*.log")]
    assert len(kept) == (status == ExitCode.BUG)
    assert all("RuntimeError: x" in text for text in kept)
