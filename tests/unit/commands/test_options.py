"""The options that commands share: what cannot be meant is refused before anything is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli import main
from generator.commands.options import SHANGHAI, moment, settings_from
from generator.errors import ExitCode, UsageError


def options(root: Path, **given: str) -> dict[str, object]:
    """As the command line gives them, of folders below ``root``."""
    found: dict[str, object] = dict.fromkeys(("cache", "state", "now_text", "today_text"))
    for name in ("content", "sites", "themes"):
        (root / name).mkdir(exist_ok=True)
        found[name] = root / name
    found |= {"out": root / "public", "executor": "serial", "jobs": 0}
    return found | {name: root / folder for name, folder in given.items()}


@pytest.mark.parametrize(
    ("option", "folder"),
    [
        *(("out", "sites/public"), ("out", "themes"), ("cache", "public/cache"), ("cache", "themes/cache")),
        *(("state", "public"), ("state", "x/../public/state"), ("state", "sites/state")),
        *(("out", "content/public"), ("out", "content/sfj/policy"), ("out", "content")),
        *(("content", "public/content"), ("sites", "public"), ("themes", "public/x/themes")),
    ],
)
def test_what_is_made_lies_apart(tmp_path: Path, option: str, folder: str) -> None:
    """The tree would be read as content or definitions, or the build would delete what it remembers or reads."""
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    with pytest.raises(UsageError, match=f"--{option}"):
        settings_from(options(tmp_path, **{option: folder}))


def test_folders_beside_each_other_are_fine(tmp_path: Path) -> None:
    """Names that begin alike too; and what content passes by may lie within it."""
    settings = settings_from(options(tmp_path, cache="public-cache", state="sites-state"))
    assert settings.cache == tmp_path / "public-cache"
    assert settings_from(options(tmp_path, state="content/.mingtang/state")).state.is_relative_to(tmp_path / "content")


@pytest.mark.parametrize("text", ["0001-01-01T00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-13-01", "gestern"])
def test_a_moment_that_there_is_not_is_refused(text: str) -> None:
    """Some have no counterpart in Beijing."""
    with pytest.raises(UsageError, match="2026-11-24T09:00"):
        moment(text, None)
    assert moment("2026-11-24T01:00Z", None).isoformat() == moment("2026-11-24T09:00", None).isoformat()
    assert moment(None, "2026-11-24").tzinfo is SHANGHAI


@pytest.mark.parametrize("text", ["2026-13-01", "2026-11-24T09:00", "24.11.2026"])
def test_a_day_is_written_as_one(text: str) -> None:
    """And nobody is told to give a time of day, which would be refused again."""
    with pytest.raises(UsageError, match=r"例如 2026-11-24。"):
        moment(None, text)


@pytest.mark.parametrize(("now", "today"), [("0001-01-01T00:00", None), ("9999-12-31", None), (None, "1899-12-31")])
def test_a_year_that_no_item_can_have_is_refused(now: str | None, today: str | None) -> None:
    """The day before the first of all days has no name, and what is asked of it ended in a traceback."""
    with pytest.raises(UsageError, match="1900"):
        moment(now, today)


@pytest.mark.parametrize("executor", ["foo", "dask://", "dask://host", "dask://host:port", "serial "])
def test_executor_is_refused_before_anything_is_done(executor: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where nothing has changed, so that no workers would be asked for."""
    assert main(["build", "--executor", executor]) == ExitCode.USAGE
    assert "dask://HOST:PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        *(["explain", "a/b/c"], ["clear", "a/b/c"], ["mask", "a/b/c"], ["serve"], ["archive", "a"]),
        *(["withdraw", "a/b/c", "--reason", "x"], ["takedown", "a/b/c", "--reason", "x"]),
    ],
    ids=lambda arguments: arguments[0],
)
def test_what_says_nothing_as_json_takes_no_format(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A script that asked for JSON would else be given sentences."""
    assert main([*arguments, "--format", "json"]) == ExitCode.USAGE
    assert "--format" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--staged", "--against", "HEAD"], ["--against", "HEAD", "--unit", "sfj"], ["--staged", "--timing"]]
)
def test_options_of_check_that_exclude_each_other_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """One of them would else be passed over, and the answer be taken for that of both."""
    assert main(["check", *arguments]) == ExitCode.USAGE
    assert "--against" in capsys.readouterr().err
