"""What ``build`` and ``check`` say at their end."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli import main
from tests.build.cluster import SmallCluster


@pytest.mark.parametrize("command", ["build", "check"])
def test_numbers_of_a_unit_are_its_own(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An editor of one unit is not shown what the whole cluster holds under that unit's name."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    cluster.write("sfj/policy/b", cleared="false", body="另一件的正文。")
    for number in range(3):
        cluster.write(f"jyglj/policy/p{number}", body=f"第 {number} 件的正文。")
    folders = [f"--{name}={tmp_path / name}" for name in ("content", "sites", "themes", "out", "cache", "state")]
    assert main([command, *folders, "--jobs=1", "--now=2026-11-24T09:00", "--unit=sfj"]) == 0
    assert "sfj：公开 1 条，未公开 1 条\n" in capsys.readouterr().out


def test_faults_of_other_units_explain_the_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who is shown no error and given the status of one is told where it is."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    cluster.write("jyglj/policy/b", cleared="True")
    folders = [f"--{name}={tmp_path / name}" for name in ("content", "sites", "themes", "out", "cache", "state")]
    assert main(["check", *folders, "--jobs=1", "--now=2026-11-24T09:00", "--unit=sfj"]) == 1
    said = capsys.readouterr().out
    assert "jyglj/policy/b" not in said
    assert "其他单位还有错误 1 处" in said
