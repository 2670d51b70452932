"""What ``build`` and ``check`` say at their end."""

from __future__ import annotations

import subprocess
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


def test_check_against_says_why_an_item_would_vanish(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where and how to mend it, and not that it has to be mended alone."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    cluster.write("sfj/policy/b", cleared="false", body="另一件的正文。", pinned="yes")
    for words in (["init", "-q"], ["add", "content", "sites"], ["commit", "-q", "-m", "x"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@x.example"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True)
    cluster.write("sfj/policy/a", cleared="已通过")
    folders = [f"--{name}={tmp_path / name}" for name in ("content", "sites", "themes", "out", "cache", "state")]
    assert main(["check", *folders, "--jobs=1", "--now=2026-11-24T09:00", "--against=HEAD"]) == 1
    said = capsys.readouterr().out
    assert "sfj/policy/a.md:6:26: error[clearance-flag-type]" in said
    assert "sfj/policy/b.md" not in said
    assert main(["check", *folders, "--against=nosuch"]) == 2
    assert "没有这个提交或分支：nosuch" in capsys.readouterr().err
