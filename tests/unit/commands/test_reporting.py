"""What ``build`` and ``check`` say at their end."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest

from generator.clearance.withdrawals import Withdrawal, format_withdrawal, withdrawal_name
from generator.cli import main
from generator.commands.reporting import of_unit
from generator.diagnostics import diagnostic
from tests.build.cluster import SmallCluster


def commit(folder: Path) -> None:
    for words in (["init", "-q"], ["add", "content", "sites"], ["commit", "-q", "-m", "x"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@x.example"]
        subprocess.run(["git", *who, *words], cwd=folder, check=True)


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


def test_report_on_a_unit_is_of_no_other_that_begins_alike() -> None:
    """Faults of definitions concern everybody; those of another unit do not."""
    paths = ("content/sf/policy/a.md", "content/sfj/policy/a.md", "sites/cluster.yml", "themes/default/theme.yml")
    found = [diagnostic("key-missing", path, key="x") for path in paths]
    assert [one.path for one in of_unit(found, "sf")] == [path for path in paths if "sfj" not in path]
    assert of_unit(found, None) == found


def test_faults_of_definitions_are_shown_where_the_last_folder_given_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of an option that is given twice the last holds, in one word or in two."""
    cluster = SmallCluster(tmp_path)
    (cluster.root / "sites" / "cluster.yml").write_text("name: 甲\n")
    folders = [f"--{name}={tmp_path / name}" for name in ("content", "themes", "out", "cache", "state")]
    assert main(["check", *folders, "--sites=nowhere", "--sites", str(tmp_path / "sites")]) == 2
    assert f"{tmp_path}/sites/cluster.yml:1" in capsys.readouterr().err


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
    commit(tmp_path)
    cluster.write("sfj/policy/a", cleared="已通过")
    folders = [f"--{name}={tmp_path / name}" for name in ("content", "sites", "themes", "out", "cache", "state")]
    assert main(["check", *folders, "--jobs=1", "--now=2026-11-24T09:00", "--against=HEAD"]) == 1
    said = capsys.readouterr().out
    assert "sfj/policy/a.md:6:26: error[clearance-flag-type]" in said
    assert "sfj/policy/b.md" not in said
    assert main(["check", *folders, "--against=nosuch"]) == 2
    assert "没有这个提交或分支：nosuch" in capsys.readouterr().err


def test_check_against_compares_definitions_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a laxer rule would let out, and what a stricter one would take off, is a change as any other."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a", body="电话 13812345678。")
    cluster.write("jyglj/policy/b", body="另一件的正文。")
    commit(tmp_path)
    rules, unit = cluster.sites / "negative-list.yml", cluster.sites / "units/jyglj.yml"
    rules.write_text(rules.read_text("utf-8").replace("- id: mobile\n", "- id: mobile\n    scope: {units: [heping]}\n"))
    unit.write_text(f"{unit.read_text('utf-8')}clearance: record\n", "utf-8")
    folders = [f"--{name}={tmp_path / name}" for name in ("content", "sites", "themes", "out", "cache", "state")]
    assert main(["check", *folders, "--jobs=1", "--now=2026-11-24T09:00", "--against=HEAD"]) == 1
    said = capsys.readouterr().out
    assert "会公开 publishes：1\n  sfj/policy/a\n" in said
    assert "注意：jyglj/policy/b 会从网上消失" in said


def test_check_against_tells_of_guards_that_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A branch that lowers one publishes nothing itself: it is the next that does."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    unit = cluster.sites / "units/jyglj.yml"
    plain = unit.read_text("utf-8")
    unit.write_text(f"{plain}clearance: record\n", "utf-8")
    commit(tmp_path)
    folders = [f"--{name}={tmp_path / name}" for name in ("content", "sites", "themes", "out", "cache", "state")]
    typed = ["check", *folders, "--jobs=1", "--now=2026-11-24T09:00", "--against=HEAD"]
    assert main(typed) == 0
    assert "注意" not in capsys.readouterr().out
    unit.write_text(plain, "utf-8")
    (cluster.sites / "allowed_signers").write_text("# 张三\n", "utf-8")
    assert main(typed) == 0
    said = capsys.readouterr().out
    assert "会公开 publishes：0" in said
    assert "注意：sites/units/jyglj.yml 单位的审查要求由 record 改为 flag" in said
    assert "注意：sites/allowed_signers 有改动" in said
    assert main([*typed, "--format=json"]) == 0
    found = json.loads(capsys.readouterr().out)["guards"]
    assert [one["path"] for one in found] == ["sites/allowed_signers", "sites/units/jyglj.yml"]


def test_check_against_knows_a_deletion_from_an_item_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Written twice, neither is published: nobody meant that."""
    cluster = SmallCluster(tmp_path)
    for slug in "ab":
        cluster.write(f"sfj/policy/{slug}", body=f"第 {slug} 件的正文。")
    commit(tmp_path)
    (cluster.content / "sfj/policy/a").mkdir()
    (cluster.content / "sfj/policy/a/index.md").write_bytes((cluster.content / "sfj/policy/a.md").read_bytes())
    (cluster.content / "sfj/policy/b.md").unlink()
    folders = [f"--{name}={tmp_path / name}" for name in ("content", "sites", "themes", "out", "cache", "state")]
    assert main(["check", *folders, "--jobs=1", "--now=2026-11-24T09:00", "--against=HEAD"]) == 1
    said = capsys.readouterr().out
    assert "error[item-doubled]" in said
    assert "注意：sfj/policy/a 会从网上消失" in said
    assert "注意：sfj/policy/b" not in said


def test_check_against_fails_for_evidence_that_would_be_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though no item vanishes: it would let one come back."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    raw = b"a: b\n"
    path = cluster.content / "sfj" / "_withdrawn" / withdrawal_name("old", date(2026, 11, 20), raw)
    path.parent.mkdir()
    path.write_bytes(raw)
    commit(tmp_path)
    path.unlink()
    folders = [f"--{name}={tmp_path / name}" for name in ("content", "sites", "themes", "out", "cache", "state")]
    assert main(["check", *folders, "--jobs=1", "--now=2026-11-24T09:00", "--against=HEAD"]) == 1
    said = capsys.readouterr().out
    assert "error[evidence-deleted]" in said
    assert "会撤下 unpublishes：0" in said


def test_check_against_reads_out_what_tombstones_would_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Though no item comes, changes or goes: their words are public, and no record clears them."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    commit(tmp_path)
    made = Withdrawal(
        path="",
        number="w-1",
        item="sfj/policy/old",
        withdrawn_on=date(2026, 11, 20),
        by="赵六",
        reason="依法\n撤销",
        tombstone=True,
    )
    raw = format_withdrawal(made)
    path = cluster.content / "sfj" / "_withdrawn" / withdrawal_name("old", made.withdrawn_on, raw)
    path.parent.mkdir()
    path.write_bytes(raw)
    folders = [f"--{name}={tmp_path / name}" for name in ("content", "sites", "themes", "out", "cache", "state")]
    assert main(["check", *folders, "--jobs=1", "--now=2026-11-24T09:00", "--against=HEAD"]) == 0
    assert "会显示撤回说明 tombstones：1\n  sfj/policy/old：依法 撤销\n" in capsys.readouterr().out
