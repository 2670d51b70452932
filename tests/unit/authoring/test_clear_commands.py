"""``clear``, ``withdraw`` and ``explain`` as they are typed."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.authoring.desk import open_desk
from generator.cli import main
from generator.errors import ExitCode, UsageError
from tests.build.cluster import SmallCluster

ITEM = "jyglj/policy/huijian"
BY = [
    "--drafter=张三,2026-09-01",
    "--department=李四,2026-09-01,同意公开",
    "--secrecy=王五,2026-09-02,不涉密，同意公开",
    "--approver=赵六,2026-09-03",
    "--basis=条例第二十条",
    "--conclusion=同意公开",
    "--yes",
]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def cluster(tmp_path: Path) -> SmallCluster:
    made = SmallCluster(tmp_path)
    made.write(ITEM, title="会见须知", body="会见的正文。")
    return made


@pytest.fixture
def run(cluster: SmallCluster, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command; gives the exit status and what it said."""

    def type_command(command: str, *arguments: str) -> tuple[int, str]:
        folders = [f"--{name}={getattr(cluster, name)}" for name in ("content", "sites", "themes")]
        folders += [f"--out={cluster.root / 'out'}", f"--cache={cluster.root / 'p/cache'}"]
        folders += [f"--state={cluster.root / 'p/state'}", "--now=2026-11-24T09:00", "--executor=serial"]
        status = main([command, *arguments, *folders])
        said = capsys.readouterr()
        return status, said.out + said.err

    return type_command


def records(cluster: SmallCluster) -> list[Path]:
    return sorted((cluster.content / "jyglj" / "_clearance").glob("*.yml"))


def demand(cluster: SmallCluster, policy: str) -> None:
    path = cluster.sites / "units" / "jyglj.yml"
    path.write_text(f"{path.read_text('utf-8')}clearance: {policy}\n", "utf-8")


def test_clear_shows_what_would_be_published_and_writes_the_record(cluster: SmallCluster, run: Run) -> None:
    """And says what the item will be with it."""
    demand(cluster, "record")
    status, said = run("clear", ITEM, *BY)
    assert status == ExitCode.FINE
    assert all(word in said for word in ("会见须知", "会见的正文。", "公开 published"))
    assert len(records(cluster)) == 1
    assert "公开 published" in run("explain", ITEM)[1]


def test_clear_shows_what_a_page_holds_besides_its_text(cluster: SmallCluster, run: Run) -> None:
    """A link may lead to the inner network, and words may show only under a resting mouse: readers get both."""
    text = '见[公告](https://neibu.example/?a=1&b=2 "内部")、[须知](item:sfj/policy/x)、<abbr title="全称">简</abbr>。'
    cluster.write("jyglj/policy/links", body=f"# 标题\n\n{text}[^1]\n\n[^1]: 注。")
    _, said = run("clear", "--show", "jyglj/policy/links")
    assert "链接地址 address：https://neibu.example/?a=1&b=2" in said
    assert "链接条目 item：sfj/policy/x" in said
    assert [word in said for word in ("title：内部", "title：全称", "#fn", "mt-link")] == [True, True, False, False]


def test_clear_says_what_is_missing_instead_of_asking_a_script(run: Run, cluster: SmallCluster) -> None:
    """``--yes`` asks nothing: what is missing is named, and nothing is written."""
    status, said = run("clear", ITEM, "--drafter=张三", "--yes")
    assert status == ExitCode.USAGE
    assert all(name in said for name in ("--department", "--secrecy", "--approver", "--basis", "--conclusion"))
    assert records(cluster) == []


def test_branches_that_clear_different_items_agree_after_the_merge(cluster: SmallCluster, run: Run) -> None:
    """Both begin with the same evidence, so both count on to the same number; the letters behind it differ."""
    other = "jyglj/policy/tanfang"
    cluster.write(other, title="探访须知", body="探访的正文。")
    run("clear", ITEM, *BY)
    (mine,) = records(cluster)
    aside = mine.rename(cluster.root / mine.name)
    run("clear", other, *BY)
    aside.rename(mine)
    assert len(records(cluster)) == 2
    assert "evidence-number" not in run("check")[1]


def test_number_that_another_record_bears_is_refused(cluster: SmallCluster, run: Run) -> None:
    """Nothing that is filed can be altered, so it is said before."""
    other = "jyglj/policy/tanfang"
    cluster.write(other, title="探访须知", body="探访的正文。")
    run("clear", ITEM, *BY, "--number=审-1")
    status, said = run("clear", other, *BY, "--number=审-1")
    assert (status, "审-1 已用于" in said) == (ExitCode.USAGE, True)
    assert len(records(cluster)) == 1


def test_one_number_is_not_for_two_items(cluster: SmallCluster, run: Run) -> None:
    """Said before the first is written."""
    cluster.write("jyglj/policy/tanfang", title="探访须知", body="探访的正文。")
    assert run("clear", ITEM, "jyglj/policy/tanfang", *BY, "--number=审-1")[0] == ExitCode.USAGE
    assert records(cluster) == []


def test_item_that_nothing_can_clear_is_told_before_anybody_is_asked(cluster: SmallCluster, run: Run) -> None:
    """Whoever has typed four names and their opinions should not hear then that the header is faulty."""
    path = cluster.content / f"{ITEM}.md"
    path.write_text(path.read_text("utf-8").replace("date: ", "date: 2026-13-"), "utf-8")
    status, said = run("clear", ITEM)
    assert (status, "头部有误，请先改正" in said, "承办人姓名" in said) == (ExitCode.USAGE, True, False)


def test_step_that_cannot_be_is_asked_for_again(
    cluster: SmallCluster, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, and for itself alone: nobody types four names and their opinions a second time."""
    typed = ["张三", "2026-09-02", "李四", "2026-09-01", "同意", "李四", "2026-09-02", "同意"]
    typed += [
        "张三主任",
        "2026-09-02",
        "不涉密",
        "王五",
        "2026-09-02",
        "不涉密",
        "赵六",
        "2027-01-01",
        "赵六",
        "2026-09-03",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join((*typed, "条例第二十条", "同意公开", "y", ""))))
    status, said = run("clear", ITEM)
    assert (status, said.count("请重新填写")) == (ExitCode.FINE, 3)
    assert len(records(cluster)) == 1


def test_what_cannot_be_is_asked_for_again_in_chinese(
    cluster: SmallCluster, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two persons for one role, a day in the office's own spelling, half a conclusion."""
    typed = ["张三，钱七", "2026-09-01", "张三", "2026/09/01", "2026-09-01", "李四", "2026-09-01", "同意"]
    typed += ["王五", "2026-09-02", "不涉密", "赵六", "2026-09-03", "条例第二十条", "同意", "同意公开", "y", ""]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(typed)))
    status, said = run("clear", ITEM)
    assert status == ExitCode.FINE
    assert [said.count(words) for words in ("只写一个人", "2026-11-17 的样子", "其中一个")] == [1, 1, 1]
    assert "does not match" not in said
    (record,) = records(cluster)
    assert "by: 张三\n  date: '2026-09-01'\ndepartment" in record.read_text("utf-8")


def test_item_that_is_declined_keeps_none_of_the_others_back(
    cluster: SmallCluster, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several items each is asked for, and only what was said yes to is written."""
    items = [ITEM, "jyglj/policy/b", "jyglj/policy/c"]
    for item in items[1:]:
        cluster.write(item, body=f"正文 {item}")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\nn\ny\n"))
    status, said = run("clear", *items, *BY[:-1])
    assert (status, f"{items[1]} 没有写出" in said) == (ExitCode.FINE, True)
    assert [path.name[:2] for path in records(cluster)] == ["c-", "hu"]


def test_clear_takes_the_path_of_the_file_for_the_item(cluster: SmallCluster, run: Run) -> None:
    """Whatever an editor's shell completes."""
    assert run("clear", "--show", str(cluster.content / f"{ITEM}.md"))[0] == ExitCode.FINE
    status, said = run("clear", "--show", "jyglj/policy/nichts")
    assert status == ExitCode.USAGE
    assert "nichts" in said


@pytest.mark.parametrize(("day", "conclusion"), [("2027-09-03", "不予公开"), ("2026-10-02", "同意公开")])
def test_record_with_a_day_that_cannot_be_is_not_written(
    cluster: SmallCluster, run: Run, day: str, conclusion: str
) -> None:
    """Of several records the latest holds: one of a day to come, or after publication, could never be put right."""
    mistyped = [f"--approver=赵六,{day}", f"--conclusion={conclusion}"]
    status, said = run("clear", ITEM, *BY, *mistyped)
    assert (status, "批准日期" in said) == (ExitCode.USAGE, True)
    assert records(cluster) == []
    assert run("clear", ITEM, *BY)[0] == ExitCode.FINE
    assert run("check")[0] == ExitCode.FINE


def test_permission_that_a_refusal_overrules_is_not_written(cluster: SmallCluster, run: Run) -> None:
    """It would change nothing, and the hint of the refusal, to clear the item again, was what led to it."""
    run("clear", ITEM, *BY, "--conclusion=不予公开")
    status, said = run("clear", ITEM, *BY)
    assert (status, "没有写出" in said, len(records(cluster))) == (ExitCode.USAGE, True, 1)
    assert run("clear", ITEM, *BY, "--conclusion=依申请公开")[0] == ExitCode.FINE
    assert "公开 published" in run("clear", ITEM, *BY, "--approver=赵六,2026-09-04")[1]


def test_second_clearing_of_the_same_content_changes_nothing(cluster: SmallCluster, run: Run) -> None:
    """Records are immutable: the same decision twice is refused under the same number."""
    run("clear", ITEM, *BY, "--number=n-1")
    before = [path.read_bytes() for path in records(cluster)]
    status, _ = run("clear", ITEM, *BY, "--number=n-1")
    assert status == ExitCode.USAGE
    assert [path.read_bytes() for path in records(cluster)] == before


def test_file_of_evidence_is_never_written_over(cluster: SmallCluster) -> None:
    """Whatever gave it the name of another."""
    desk = open_desk(cluster.settings())
    path = desk.file("jyglj", "_clearance", "a.yml", b"a")
    with pytest.raises(UsageError):
        desk.file("jyglj", "_clearance", "a.yml", b"b")
    assert path.read_bytes() == b"a"


def test_moved_item_is_cleared_again_by_its_earlier_decision(cluster: SmallCluster, run: Run) -> None:
    """The diagnostic names the way, and the way works."""
    demand(cluster, "record")
    run("clear", ITEM, *BY)
    shutil.move(cluster.content / f"{ITEM}.md", cluster.content / "jyglj/policy/xuzhi.md")
    status, said = run("check")
    assert status == ExitCode.CONTENT_FAULTS
    assert "record-moved" in said
    assert "--move" in said
    assert run("clear", "--move", "--yes", "jyglj/policy/xuzhi")[0] == ExitCode.FINE
    assert run("check")[0] == ExitCode.FINE


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_four_signatures_publish_under_the_policy_signed(cluster: SmallCluster, run: Run) -> None:
    """Each signs with a key of their own; the role follows from the key."""
    demand(cluster, "signed")
    lines = []
    for name in ("张三", "李四", "王五", "赵六", "外人"):
        key = cluster.root / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
        lines.append(f"{name} {key.with_suffix('.pub').read_text()}")
    (cluster.sites / "allowed_signers").write_text("".join(lines), "utf-8")
    run("clear", ITEM, *BY)
    assert "承办人 张三、部门负责人 李四、保密审查人 王五、批准人 赵六" in run("clear", "--status")[1]
    for name in ("王五", "张三", "赵六"):
        assert run("clear", ITEM, f"--sign={cluster.root / name}")[0] == ExitCode.FINE
    assert "部门负责人 李四" in run("clear", "--status")[1]
    assert run("clear", ITEM, f"--sign={cluster.root / '外人'}")[0] == ExitCode.USAGE
    assert run("clear", ITEM, f"--sign={cluster.root / '李四'}")[0] == ExitCode.FINE
    assert run("check")[0] == ExitCode.FINE
    assert "等待 0 条" in run("clear", "--status")[1]


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
@pytest.mark.parametrize("policy", ["record", "signed"])
def test_what_is_signed_already_keeps_none_of_the_others_back(cluster: SmallCluster, run: Run, policy: str) -> None:
    """Who was interrupted signs the same items again, under whatever policy; no signature is called void for that."""
    demand(cluster, policy)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", cluster.root / "key"], check=True)
    (cluster.sites / "allowed_signers").write_text(f"张三 {(cluster.root / 'key.pub').read_text()}", "utf-8")
    other = "jyglj/policy/b"
    cluster.write(other, body="另一条的正文。")
    run("clear", ITEM, other, *BY)
    assert run("clear", ITEM, f"--sign={cluster.root / 'key'}")[0] == ExitCode.FINE
    status, said = run("clear", ITEM, other, f"--sign={cluster.root / 'key'}")
    assert (status, "承办人已经签过" in said, "已由承办人签名" in said) == (ExitCode.FINE, True, True)
    assert len([*(cluster.content / "jyglj/_clearance").glob("*.drafter.sig")]) == 2


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_signature_of_a_revoked_key_leads_to_a_new_record(cluster: SmallCluster, run: Run) -> None:
    """Signatures are not altered: who may sign with another key now is told to have the item cleared anew."""
    demand(cluster, "signed")
    for name in ("旧", "新"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", cluster.root / name]
        subprocess.run(command, check=True)
    signers = cluster.sites / "allowed_signers"
    signers.write_text(f"张三 {(cluster.root / '旧.pub').read_text()}", "utf-8")
    run("clear", ITEM, *BY)
    assert run("clear", ITEM, f"--sign={cluster.root / '旧'}")[0] == ExitCode.FINE
    signers.write_text(f"张三 {(cluster.root / '新.pub').read_text()}", "utf-8")
    status, said = run("clear", ITEM, f"--sign={cluster.root / '新'}")
    assert (status, "重新送审" in said) == (ExitCode.USAGE, True)
    run("clear", ITEM, *BY)
    assert run("clear", ITEM, f"--sign={cluster.root / '新'}")[0] == ExitCode.FINE


SIGN = """
import os, pathlib, sys
from generator.clearance.signatures import sign
os.open(os.ttyname(0), os.O_RDWR)  # the terminal is this session's
print(len(sign(b"a: b", pathlib.Path(sys.argv[1]))))
"""


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_passphrase_is_asked_for_on_the_terminal(tmp_path: Path) -> None:
    """On a desktop too, where a program for passphrases is seldom installed."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "geheim", "-C", "", "-f", key], check=True)
    ours, theirs = os.openpty()
    command = [sys.executable, "-c", SIGN, str(key)]
    desktop = {**os.environ, "DISPLAY": ":99", "SSH_ASKPASS": "/nonexistent"}
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env=desktop, start_new_session=True
    ) as asking:
        os.close(theirs)
        asked = b""
        while b"passphrase" not in asked:
            asked += os.read(ours, 1000)
        os.write(ours, b"geheim\n")
        assert asking.stdout is not None
        assert int(asking.stdout.read()) > 100
    os.close(ours)


def test_key_that_is_not_there_is_named(cluster: SmallCluster, run: Run) -> None:
    """Rather than what ssh-keygen says of the public key that it looks for."""
    demand(cluster, "signed")
    (cluster.sites / "allowed_signers").write_text("", "utf-8")
    run("clear", ITEM, *BY)
    status, said = run("clear", ITEM, "--sign=missing")
    assert (status, "没有这个密钥文件：missing" in said) == (ExitCode.USAGE, True)


def test_register_is_written_for_its_owner_only(cluster: SmallCluster, run: Run, tmp_path: Path) -> None:
    """It holds names of persons."""
    run("clear", ITEM, *BY)
    target = tmp_path / "register.csv"
    status, _ = run("clear", f"--register={target}", "--from=2026-01-01", "--to=2026-12-31")
    assert status == ExitCode.FINE
    assert "王五" in target.read_text("utf-8-sig")
    assert target.stat().st_mode & 0o077 == 0
    assert run("clear", f"--register={target}")[0] == ExitCode.USAGE
    assert run("clear", f"--register={target}", "--from=2026-12-31", "--to=2026-01-01")[0] == ExitCode.USAGE


def test_register_says_which_records_it_does_not_list(cluster: SmallCluster, run: Run) -> None:
    """A damaged record is no row: without a word the register would pass for whole."""
    run("clear", ITEM, *BY)
    typed = ["clear", "--register", "--from=2026-01-01", "--to=2026-12-31"]
    assert "没有列入" not in run(*typed)[1]
    (record,) = records(cluster)
    record.write_bytes(record.read_bytes() + b"#")
    assert f"没有列入台账（make check 说明原因）：content/jyglj/_clearance/{record.name}" in run(*typed)[1]
    assert "没有列入" not in run(*typed, "--unit=sfj")[1]


def test_register_of_no_days_or_into_no_folder_is_refused(run: Run, tmp_path: Path) -> None:
    """An empty register would pass for a year without decisions; a mistyped folder is not made."""
    path = tmp_path / "nosuch" / "a.csv"
    assert run("clear", f"--register={path}", "--from=2026-01-01", "--to=2026-12-31")[0] == ExitCode.USAGE
    assert not path.parent.exists()
    path = tmp_path / "a.csv"
    assert run("clear", f"--register={path}", "--from=2026-12-31", "--to=2026-01-01")[0] == ExitCode.USAGE
    assert not path.exists()


def test_mask_names_what_it_cannot_write_over(cluster: SmallCluster, run: Run) -> None:
    """A number that markup parts is blocked by the check: the command must not say that nothing is to be done."""
    cluster.write(ITEM, title="会见须知", body="请拨打138<b>1234</b>5678。")
    status, said = run("mask", ITEM)
    assert (status, "未动、请人工核对 left for you to judge：mobile 1" in said) == (ExitCode.FINE, True)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_mask_leaves_line_ends_and_all_else(cluster: SmallCluster, run: Run, end: str) -> None:
    """What was masked is all that differs, whatever saved the file."""
    path = cluster.write(ITEM, title="会见须知", body="请拨打13812345678。\n\n  缩进  \n")
    text = path.read_text("utf-8").replace("\n", end)
    path.write_bytes(text.encode())
    assert run("mask", ITEM, "--write")[0] == ExitCode.FINE
    assert path.read_bytes().decode() == text.replace("13812345678", r"138\*\*\*\*5678")


def test_mask_leaves_who_may_read_the_file(cluster: SmallCluster, run: Run) -> None:
    """A draft that its editor keeps from others stays so."""
    path = cluster.write(ITEM, title="会见须知", body="请拨打13812345678。")
    path.chmod(0o600)
    assert run("mask", ITEM, "--write")[0] == ExitCode.FINE
    assert "13812345678" not in path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600


def test_withdraw_files_the_withdrawal_and_says_what_cannot_be_recalled(cluster: SmallCluster, run: Run) -> None:
    """The next build has nothing of it; a second withdrawal is refused."""
    run("build")
    assert (cluster.root / "out" / f"{ITEM}.html").is_file()
    status, said = run("withdraw", ITEM, "--reason=内容有误", "--by=赵六")
    assert status == ExitCode.FINE
    assert "Atom" in said
    assert "docs/withdrawal.md" in said
    run("build")
    assert not (cluster.root / "out" / f"{ITEM}.html").exists()
    assert "内容有误" in run("explain", ITEM)[1]
    assert run("withdraw", ITEM, "--reason=x")[0] == ExitCode.USAGE


@pytest.mark.parametrize("reason", ["《会见须知》有误", "误发手机13812345678", "会见应当提前三日预约，携带有效证件"])
def test_withdraw_refuses_a_reason_that_a_tombstone_must_not_show(cluster: SmallCluster, run: Run, reason: str) -> None:
    """The audit would stop every build for it, and a withdrawal cannot be altered. Otherwise nobody sees it."""
    cluster.write(ITEM, title="会见须知", body="会见应当提前三日预约，携带有效证件，按时到达。")
    assert run("withdraw", ITEM, f"--reason={reason}", "--tombstone")[0] == ExitCode.USAGE
    assert not (cluster.content / "jyglj" / "_withdrawn").exists()
    assert run("withdraw", ITEM, f"--reason={reason}")[0] == ExitCode.FINE
    run("build")
    assert (cluster.root / "out" / "manifest.json").exists()


def test_withdraw_takes_no_item_that_never_was(cluster: SmallCluster, run: Run) -> None:
    """Who mistypes in haste would believe the real one gone; what was deleted may still be withdrawn."""
    status, said = run("withdraw", "jyglj/policy/huijan", "--reason=内容有误")
    assert (status, f"是不是 {ITEM}？" in said) == (ExitCode.USAGE, True)
    assert not (cluster.content / "jyglj/_withdrawn").exists()
    assert run("withdraw", "jyglj/policy/huijan", "--reason=内容有误", "--gone")[0] == ExitCode.FINE
    assert run("build")[0] == ExitCode.FINE
    (cluster.content / f"{ITEM}.md").unlink()
    assert run("withdraw", ITEM, "--reason=内容有误")[0] == ExitCode.FINE


def test_nothing_is_republished_that_was_not_withdrawn(cluster: SmallCluster, run: Run) -> None:
    """A number that is none would stand in a record for ever, and bring nothing back."""
    run("withdraw", ITEM, "--reason=内容有误", "--number=撤1")
    cluster.write("jyglj/policy/again", title="会见须知", body="会见的正文。")
    assert run("clear", "jyglj/policy/again", *BY, "--republish=撤2")[0] == ExitCode.USAGE
    assert records(cluster) == []
    assert run("clear", "jyglj/policy/again", *BY, "--republish=撤1")[0] == ExitCode.FINE


def test_withdraw_binds_again_what_was_published_again(cluster: SmallCluster, run: Run) -> None:
    """Text and attachment: who shows them by an earlier permission goes too, and who only has them does not count."""

    def write(item: str) -> None:
        cluster.write(item, title="名册", body="同一段正文，长到可以与别的分开。", attachments="[biao.txt]")
        (cluster.content / item).mkdir()
        (cluster.content / item / "biao.txt").write_text("同一张表", "utf-8")

    def withdraw(item: str) -> str:
        said = run("withdraw", item, "--reason", "依法撤销")[1]
        assert "仍会公开" not in said
        return said.partition("撤回编号 ")[2].partition("）")[0]

    again = [f"jyglj/policy/{name}" for name in ("a", "b", "c")]
    write(ITEM)
    first = withdraw(ITEM)
    for item in again[:2]:
        write(item)
        assert "公开 published" in run("clear", item, *BY, f"--republish={first}")[1]
    second = withdraw(again[0])
    assert "已撤回 withdrawn" in run("explain", again[1])[1]
    write(again[2])
    assert "已撤回 withdrawn" in run("clear", again[2], *BY, f"--republish={first}")[1]
    assert "公开 published" in run("clear", again[2], *BY, f"--republish={second}")[1]


def test_withdraw_binds_the_text_of_an_item_whose_header_is_faulty(cluster: SmallCluster, run: Run) -> None:
    """A typo in the header at that moment must not let the text come back under another name."""
    body = "会见应当提前三日预约，携带有效证件，按时到达。"
    path = cluster.write(ITEM, title="会见须知", body=body)
    path.write_text(path.read_text("utf-8").replace("date: ", "dat: "), "utf-8")
    assert run("withdraw", ITEM, "--reason=内容有误")[0] == ExitCode.FINE
    cluster.write("jyglj/policy/other", title="别的", body=body)
    run("build")
    assert not (cluster.root / "out" / "jyglj/policy/other.html").exists()


def test_withdraw_binds_what_the_history_knows(
    cluster: SmallCluster, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text that was mended before it was withdrawn does not come back as it was, whoever kept a copy."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    who = ["-c", "user.name=a", "-c", "user.email=a@x.example", "-c", "commit.gpgsign=false"]
    body = "会见应当提前三日预约，携带有效证件，按时到达。"
    said = []
    for number, text in enumerate((body, f"{body}另行通知的除外。")):
        cluster.write(ITEM, title="会见须知", body=text)
        said.append(run("withdraw", f"jyglj/policy/none-{number}", "--reason=试", "--gone")[1])
        for arguments in (["init", "-q"], ["add", "content"], ["commit", "-q", "-m", "x"]):
            subprocess.run(["git", *who, *arguments], cwd=cluster.root, check=True)
    assert "没有可读的版本库" in said[0]
    assert "没有可读的版本库" not in said[1]
    assert "1 个旧版正文" in run("withdraw", ITEM, "--reason=内容有误")[1]
    cluster.write("jyglj/policy/other", title="别的", body=body)
    run("build")
    assert not (cluster.root / "out" / "jyglj/policy/other.html").exists()


def test_withdraw_refuses_where_the_history_cannot_be_read(
    cluster: SmallCluster, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be mended in a minute, and what was not bound then never is."""
    subprocess.run(["git", "init", "-q"], cwd=cluster.root, check=True)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    status, said = run("withdraw", ITEM, "--reason=内容有误")
    assert (status, "safe.directory" in said) == (ExitCode.USAGE, True)
    assert not (cluster.content / "jyglj/_withdrawn").exists()


def test_withdraw_says_that_a_shallow_clone_knows_not_all(
    cluster: SmallCluster, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Earlier texts that are not there are not bound, and nobody would know."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    who = ["-c", "user.name=a", "-c", "user.email=a@x.example", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "content"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *who, *arguments], cwd=cluster.root, check=True)
    assert "浅克隆" not in run("withdraw", "jyglj/policy/none-1", "--reason=试", "--gone")[1]
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=cluster.root, check=True, capture_output=True).stdout
    (cluster.root / ".git" / "shallow").write_bytes(commit)
    assert "浅克隆" in run("withdraw", ITEM, "--reason=内容有误")[1]


def test_withdraw_deletes_source_and_files_where_asked(cluster: SmallCluster, run: Run) -> None:
    """``--delete`` leaves the withdrawal alone of the item."""
    cluster.write(ITEM, title="会见须知", body="见附件。", attachments="[a.txt]")
    folder = cluster.content / ITEM
    folder.mkdir()
    (folder / "a.txt").write_text("附件", "utf-8")
    (folder / "alles").symlink_to(cluster.root, target_is_directory=True)
    run("withdraw", ITEM, "--reason=内容有误", "--delete")
    assert not folder.exists()
    left = sorted(path.relative_to(cluster.content).as_posix() for path in (cluster.content / "jyglj").rglob("*.*"))
    assert [path.partition("_withdrawn/")[0] for path in left] == ["jyglj/"]


def test_deleting_an_item_deletes_nothing_behind_a_link(cluster: SmallCluster, run: Run) -> None:
    """A link that stands where the item's files would: it goes, and what it leads to is somebody else's."""
    elsewhere = cluster.root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").write_text("别人的文件", "utf-8")
    (cluster.content / ITEM).symlink_to(elsewhere, target_is_directory=True)
    assert run("withdraw", ITEM, "--reason=内容有误", "--delete")[0] == ExitCode.FINE
    assert (elsewhere / "kept.txt").is_file()
    assert not (cluster.content / ITEM).is_symlink()


@pytest.mark.parametrize(
    ("item", "code"),
    [("sfj/policy/A", "slug-form"), ("sfj/policy/b", "item-doubled"), ("nirgends/policy/c", "unit-folder-unknown")],
)
def test_explain_says_why_a_file_is_no_item(cluster: SmallCluster, run: Run, item: str, code: str) -> None:
    """Its editor sees the file, and would not believe that there is none."""
    for path in ("sfj/policy/A.md", "sfj/policy/b.md", "sfj/policy/b/index.md", "nirgends/policy/c.md"):
        (cluster.content / path).parent.mkdir(parents=True, exist_ok=True)
        (cluster.content / path).write_text("x", "utf-8")
    run("build")
    status, said = run("explain", item)
    assert (status, f"error[{code}" in said, said.count("error[")) == (ExitCode.FINE, True, 1)
    assert "内容中没有" not in said
    assert "经过" not in said
    assert "内容中没有 sfj/policy/nix" in run("explain", "sfj/policy/nix")[1]


def test_explain_of_what_never_was_is_refused(cluster: SmallCluster, run: Run) -> None:
    """A name with a slip in it is no item that is kept back; one that was there once has something to be told of."""
    run("build")
    status, said = run("explain", ITEM.replace("huijian", "huijan"))
    assert (status, f"是不是 {ITEM}？" in said) == (ExitCode.USAGE, True)
    (cluster.content / f"{ITEM}.md").unlink()
    assert run("explain", ITEM)[0] == ExitCode.FINE
    run("build")
    status, said = run("explain", ITEM)
    assert (status, "published → gone" in said) == (ExitCode.FINE, True)
    other = "jyglj/policy/other"
    assert run("explain", other)[0] == ExitCode.USAGE
    run("withdraw", other, "--reason=误发", "--gone")
    assert run("explain", other)[0] == ExitCode.FINE


def test_explain_shows_what_is_wrong_with_the_evidence(cluster: SmallCluster, run: Run) -> None:
    """The item's own hint sends its editor there: which file it is, and how to mend it, stands in no other line."""
    demand(cluster, "signed")
    (cluster.sites / "allowed_signers").write_text("* ssh-ed25519 AAAA\n", "utf-8")
    run("clear", ITEM, *BY)
    said = run("explain", ITEM)[1]
    assert all(f"error[{code}]" in said for code in ("record-unsigned", "signers-pattern"))
    (record,) = records(cluster)
    record.write_bytes(record.read_bytes() + b"x")
    said = run("explain", ITEM)[1]
    assert f"_clearance/{record.name}: error[record-altered]" in said
    assert "signers-pattern" not in said
    run("withdraw", ITEM, "--reason=依法撤销")
    run("build")
    (withdrawal,) = (cluster.content / "jyglj/_withdrawn").iterdir()
    withdrawal.unlink()
    said = run("explain", ITEM)[1]
    assert f"_withdrawn/{withdrawal.name}: error[withdrawal-gone]" in said
    assert "：依法撤销 withdrawn" in said
    cluster.write("jyglj/policy/other", body="另一条的正文。")
    for said in (run("explain", "jyglj/policy/other")[1], run("clear", "jyglj/policy/other", *BY)[1]):
        assert not any(f"error[{code}]" in said for code in ("record-altered", "withdrawal-gone"))


@pytest.mark.parametrize("item", [ITEM, "jyglj/policy/会见指南"])
def test_explain_tells_where_an_item_appears(cluster: SmallCluster, run: Run, item: str) -> None:
    """Its page, and every file that links to it, in whatever letters its name is written there."""
    cluster.write(item, title="会见须知", body="会见的正文。")
    run("build")
    said = run("explain", item)[1]
    assert f"{item}.html" in said
    assert "jyglj/policy/index.html（链接" in said
    assert "sitemap.xml" in said
    assert "（新） → published" in said
