"""A tree may be hours old: what was taken off meanwhile does not go out with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from generator.clearance.records import ROLES
from generator.commands.options import SHANGHAI
from generator.errors import ExitCode
from tests.deploy_project import Project
from tests.deploy_servers import missing
from tests.deploy_support import RULES

pytestmark = pytest.mark.skipif(bool(missing("rsync", "flock", "git")), reason=missing("rsync", "flock", "git"))

A, B = "sfj/notice/jia", "jyglj/notice/yi"
NAMES = "甲乙丙丁"


def built(root: Path) -> Project:
    """Two items, committed and built."""
    project = Project(root)
    project.write(A)
    project.write(B)
    project.commit()
    assert project.run("build", "--jobs", "1") == 0
    return project


def decide(project: Project, item: str, conclusion: str, day: str = "2026-03-01") -> None:
    """File a clearance record."""
    steps = [f"--{role}={name},{day},已阅" for role, name in zip(ROLES, NAMES, strict=True)]
    assert project.run("clear", item, *steps, "--basis=条例", f"--conclusion={conclusion}", "--yes") == 0


def demand(project: Project, unit: str, policy: str) -> None:
    """Let a unit ask for records, or for signatures."""
    path = project.root / "sites" / "units" / f"{unit}.yml"
    path.write_text(path.read_text("utf-8").replace("clearance: flag", f"clearance: {policy}"), "utf-8")


def signers(project: Project) -> Path:
    """The register of signers, with a new key for each of the four."""
    lines = []
    for name in NAMES:
        key = project.root / "keys" / name
        key.parent.mkdir(exist_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
        lines.append(f"{name} {key.with_suffix('.pub').read_text()}")
    register = project.root / "sites" / "allowed_signers"
    register.write_text("".join(lines), "utf-8")
    return register


def refused(project: Project, capsys: pytest.CaptureFixture[str], code: str, item: str = B) -> bool:
    """Whether a deploy says no for this reason, names that item alone, and releases nothing."""
    capsys.readouterr()
    status = project.run("deploy", "--jobs", "1")
    said = capsys.readouterr().err
    assert not (project.served / "current").exists()
    return (status, f"[{code}]" in said, item in said, A in said) == (ExitCode.DEPLOY_REFUSED, True, True, False)


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
    decide(project, B, "不予公开")
    project.commit()
    capsys.readouterr()
    assert project.run("deploy", "--jobs", "1") == ExitCode.DEPLOY_REFUSED
    said = capsys.readouterr().err
    assert "[deploy-uncleared]" in said
    assert (B in said, A in said) == (True, False)
    assert not (project.served / "current").exists()


def test_item_that_was_refused_once_and_cleared_later_leaves(tmp_path: Path) -> None:
    """The build knew both records, though they are as young as it: in a fresh clone all of them are."""
    project = Project(tmp_path)
    project.write(B)
    decide(project, B, "不予公开", "2026-03-01")
    decide(project, B, "同意公开", "2026-03-02")
    project.commit()
    project.release()
    assert project.page(f"{B}.html").exists()


def test_item_of_which_the_text_was_refused_elsewhere_since_does_not_leave(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under another title, it says the same: no build would publish it now."""
    project = built(tmp_path)
    copy = "jyglj/notice/copy"
    project.write(copy, title="另一个标题")
    text = (project.root / "content" / f"{B}.md").read_text("utf-8")
    body = text.partition("\n---\n")[2]
    place = project.root / "content" / f"{copy}.md"
    place.write_text(place.read_text("utf-8").partition("\n---\n")[0] + "\n---\n" + body, "utf-8")
    decide(project, copy, "不予公开")
    assert refused(project, capsys, "deploy-uncleared")


Spoil = Callable[[Project], None]


def _damage(project: Project) -> None:
    (record,) = (project.root / "content/jyglj/_clearance").glob("*.yml")
    record.write_text(record.read_text("utf-8") + "<<<<<<< ours\n", "utf-8")


def _lose_a_signature(project: Project) -> None:
    next((project.root / "content/jyglj/_clearance").glob("*.secrecy.sig")).unlink()


def _revoke(project: Project) -> None:
    register = project.root / "sites" / "allowed_signers"
    register.write_text("".join(register.read_text("utf-8").splitlines(keepends=True)[1:]), "utf-8")


def _lose_the_register(project: Project) -> None:
    (project.root / "sites" / "allowed_signers").unlink()


def _lose_the_record(project: Project) -> None:
    shutil.rmtree(project.root / "content/jyglj/_clearance")


@pytest.mark.skipif(bool(missing("ssh-keygen")), reason=missing("ssh-keygen"))
@pytest.mark.parametrize("spoil", [_revoke, _lose_the_register, _lose_a_signature, _damage, _lose_the_record])
def test_item_that_the_signed_records_no_longer_clear_does_not_leave(
    tmp_path: Path, spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key is revoked because whoever has it may sign for anybody: what it signed waits for a new decision."""
    project = Project(tmp_path)
    project.write(A)
    project.write(B)
    demand(project, "jyglj", "signed")
    register = signers(project)
    decide(project, B, "同意公开")
    for name in NAMES:
        assert project.run("clear", B, f"--sign={project.root / 'keys' / name}") == 0
    project.commit()
    assert project.run("build", "--jobs", "1") == 0
    spoil(project)
    assert refused(project, capsys, "deploy-uncleared")
    project.git("checkout", "--", ".")
    register.write_text(register.read_text("utf-8") + "# 新来的同事\n", "utf-8")
    assert project.run("deploy", "--jobs", "1") == 0
    assert project.page(f"{B}.html").exists()


@pytest.mark.parametrize("policy", ["record", "signed"])
def test_item_of_a_unit_that_asks_for_more_since_does_not_leave(
    tmp_path: Path, policy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The build took the flag for enough."""
    project = built(tmp_path)
    demand(project, "jyglj", policy)
    assert refused(project, capsys, "deploy-uncleared")


def test_tree_does_not_leave_that_was_built_by_another_negative_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the new rule forbids may stand anywhere in it; a remark in the list is no rule."""
    project = built(tmp_path)
    path = project.root / "sites" / "negative-list.yml"
    more = "  - {id: words, kind: term, terms: [五个工作日], basis: 内部规定, severity: block, review: 2027-06-30}\n"
    path.write_text(RULES + more, "utf-8")
    assert refused(project, capsys, "deploy-rules", item="make build")
    path.write_text(f"{RULES}# 一条说明\n", "utf-8")
    assert project.run("deploy", "--jobs", "1") == 0


@pytest.mark.parametrize("changed", ["unit", "portal"])
def test_tree_does_not_leave_that_was_built_for_other_hosts(
    tmp_path: Path, changed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its pages link to where they were to be: on the new host they would lead nowhere."""
    project = built(tmp_path)
    sites = project.root / "sites"
    path, old, new = {
        "unit": (sites / "units/jyglj.yml", "host: null", "host: https://jyglj.shi.example/"),
        "portal": (sites / "cluster.yml", "https://www.shi.example/", "https://neu.shi.example/"),
    }[changed]
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert refused(project, capsys, "deploy-hosts", item="shi.example")
    project.release()


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "damaged"])
def test_withdrawal_since_the_build_binds_whatever_it_speaks_of(
    tmp_path: Path, whole: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A text under another id, in a tree that knows nothing of it; and of a damaged one, what it may mean."""
    project = built(tmp_path)
    item = "jyglj/notice/old" if whole else B
    assert project.run("withdraw", item, "--reason", "依法撤回", "--by", "王某", "--gone") == 0
    if not whole:
        (path,) = (project.root / "content/jyglj/_withdrawn").iterdir()
        path.write_text(path.read_text("utf-8") + "<<<<<<< ours\n", "utf-8")
    assert refused(project, capsys, "deploy-withdrawn" if whole else "deploy-uncleared", item=item)
