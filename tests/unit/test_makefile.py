"""What ``make`` runs, and with which Python it sets everything up."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY


def _interpreter(path: Path, *, profiled: bool = False, usable: bool = True) -> Path:
    """An interpreter that answers the questions of the Makefile, each by the module that it asks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    answers = f"*CONFIG_ARGS*) exit {int(not profiled)} ;; *ensurepip*) exit {int(not usable)} ;;"
    path.write_text(f'#!/bin/sh\ncase "$2" in {answers} esac\nexit 9\n', encoding="utf-8")
    path.chmod(0o755)
    return path


def _chosen(tmp_path: Path, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHON", "MAKEFLAGS")}
    environment["PATH"] = f"{tmp_path / 'bin'}:{environment['PATH']}"
    command = ["make", "-s", "--eval", "show: ; @echo $(PYTHON)", "show"]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment | variables, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("profiled", "usable", "chosen"),
    [(True, True, "python3"), (False, True, "DISTRIBUTED"), (False, False, "python3"), (True, False, "python3")],
)
def test_the_distributions_python_stands_in_for_one_that_was_built_without_profiles(
    tmp_path: Path, profiled: bool, usable: bool, chosen: str
) -> None:
    _interpreter(tmp_path / "bin" / "python3", profiled=profiled)
    distributed = _interpreter(tmp_path / "distribution" / "python3", usable=usable)

    assert _chosen(tmp_path, DISTRIBUTED=str(distributed)) == chosen.replace("DISTRIBUTED", str(distributed))


def test_a_python_that_is_named_is_taken(tmp_path: Path) -> None:
    _interpreter(tmp_path / "bin" / "python3")

    assert _chosen(tmp_path, PYTHON="python3.13") == "python3.13"


def test_without_a_distributions_python_the_one_of_the_path_is_taken(tmp_path: Path) -> None:
    _interpreter(tmp_path / "bin" / "python3")

    assert _chosen(tmp_path, DISTRIBUTED=str(tmp_path / "missing")) == "python3"


def _asked(tmp_path: Path, *given: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """What ``make`` asks of our program, one command a line."""
    asked = tmp_path / "asked"
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n', encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "run.stamp").touch()
    command = ["make", f"VENV={tmp_path}", f"PY={python}", *given]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return done, asked.read_text("utf-8").splitlines() if asked.exists() else []


def test_an_archive_of_no_unit_is_refused_before_anything_is_built(tmp_path: Path) -> None:
    done, asked = _asked(tmp_path, "archive")
    assert (done.returncode, asked) == (2, [])
    assert "make archive UNIT=jyglj" in done.stdout


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (
            ("deploy", "ARGS=--allow-deletions"),
            ["-m generator build", "-m generator deploy --allow-deletions"],
        ),
        (
            ("archive", "UNIT=jyglj", "ARGS=--to /srv"),
            ["-m generator build --unit jyglj", "-m generator archive jyglj --to /srv"],
        ),
    ],
)
def test_options_are_for_the_command_that_was_asked_for(
    tmp_path: Path, given: tuple[str, ...], asked: list[str]
) -> None:
    """The build before it knows no such options."""
    assert _asked(tmp_path, *given)[1] == asked


@pytest.mark.parametrize(("given", "port"), [((), "--port 8000"), (("PORT=8001",), "--port 8001")])
def test_another_port_is_named_alike_for_every_preview(given: tuple[str, ...], port: str) -> None:
    """Where one is in use, nobody has to know which of the two takes an option."""
    command = ["make", "-n", "-o", ".venv/run.stamp", "serve", *given]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert f"generator serve {port}" in done.stdout
