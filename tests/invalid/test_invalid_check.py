"""The whole command says what the readers say: nothing is lost, doubled or added on the way to the editor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.cli import main
from tests.invalid.invalid_cases import TODAY, Case, read, write
from tests.invalid.test_invalid import CASES

SAMPLE = [
    (table, name)
    for table, cases in CASES.items()
    if table != "deploy"  # of which a check says nothing
    for name in [name for name, case in cases.items() if case.content][::9]
]
"""Every ninth case: each run loads the whole theme."""


def check(folder: Path, form: str) -> int:
    """``python -m generator check`` of a case's folder, with everything it keeps beside it."""
    options = {name: str(folder / name) for name in ("content", "sites", "cache", "state", "out")}
    if (folder / "themes").is_dir():
        options["themes"] = str(folder / "themes")
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return main(["check", *arguments, "--executor", "serial", "--today", TODAY.date().isoformat(), "--format", form])


def status(table: str, case: Case) -> int:
    if table in ("sites", "theme", "rules"):
        return 2
    return 0 if case.warning else 1


@pytest.mark.parametrize(("table", "name"), SAMPLE)
def test_check_prints_what_the_readers_found(
    table: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same lines, with the folders that were typed; the exit status says whose fault it is."""
    case = CASES[table][name]
    folder = write(case, tmp_path / "case")
    assert check(folder, "text") == status(table, case)
    printed = "".join(capsys.readouterr())
    for root in ("content", "sites", "themes"):
        printed = printed.replace(str(folder / root), root)
    said = [line for line in printed.splitlines() if ": error[" in line or ": warning[" in line]
    assert said == read(folder, whole=case.whole).lines().splitlines()


def test_check_gives_the_same_as_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--format json`` has place, code, and both languages of each."""
    folder = write(CASES["tree"]["many faults in many items"], tmp_path / "case")
    assert check(folder, "json") == 1
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    expected = read(folder).diagnostics
    assert [(one["code"], one["line"], one["column"]) for one in found] == [
        (one.code, one.line, one.column) for one in expected
    ]
    assert [one["message"] for one in found] == [{"zh": one.text("zh"), "en": one.text("en")} for one in expected]
    assert [one["hint"] for one in found] == [{"zh": one.hint("zh"), "en": one.hint("en")} for one in expected]
