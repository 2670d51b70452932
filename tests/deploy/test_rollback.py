"""Going back: by a switch where nothing has left since, else by a build under today's decisions."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from generator.build.fs import FileSystem
from generator.clearance.records import ROLES
from generator.cli import main
from generator.deploy import rollback
from generator.deploy.earlier import export_content
from generator.deploy.records import parse_record
from generator.deploy.signing import KEY_VARIABLE, save_keys
from generator.errors import ExitCode
from tests.deploy_project import BODY, Project
from tests.deploy_servers import missing
from tests.deploy_support import RULES, everywhere

pytestmark = pytest.mark.skipif(bool(missing("rsync", "flock", "git")), reason=missing("rsync", "flock", "git"))

A, B, CANARY = "sfj/notice/jia", "jyglj/notice/yi", "sfj/notice/canary"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two items, released once from a commit."""
    made = Project(tmp_path)
    made.write(A)
    made.write(B)
    made.commit()
    made.release()
    return made


def later(project: Project, **more: float) -> None:
    project.now += timedelta(**(more or {"minutes": 10}))


def test_rollback_of_an_edit_is_a_switch(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing has left: the earlier release is served again as it stood, and nothing is built."""
    before = project.page(f"{A}.html").read_bytes()
    first = project.releases()[0]
    later(project)
    project.write(A, body=BODY + "\n错误的修改。\n")
    project.commit()
    project.release()
    assert project.page(f"{A}.html").read_bytes() != before
    capsys.readouterr()
    assert project.run("deploy", "--rollback") == 0
    assert project.page(f"{A}.html").read_bytes() == before
    assert (project.served / "current").resolve().name == first
    said = capsys.readouterr().out
    assert f"已退回 {first}。" in said
    assert "重新构建" not in said


def test_web_server_reads_the_tables_of_the_release_that_it_went_back_to(project: Project) -> None:
    """Those of the release that was left may send readers where nothing stands now."""
    reloaded = project.root / "reloaded"
    definition = project.root / "sites" / "deploy.yml"
    text = definition.read_text("utf-8").replace("path: released", f"path: released, reload: 'echo x >> {reloaded}'")
    definition.write_text(text, "utf-8")
    for number, more in enumerate([{}, {"redirect_from": "[old/1.html]"}]):
        later(project)
        project.write(A, body=BODY + f"\n第{number}稿。\n", **more)
        project.release()
    assert reloaded.read_text("utf-8").count("x") == 1
    assert project.run("deploy", "--rollback") == 0
    assert reloaded.read_text("utf-8").count("x") == 2
    assert project.run("deploy", "--rollback") == 0
    assert reloaded.read_text("utf-8").count("x") == 2, "both had the same tables"


@pytest.mark.parametrize("leaves", [False, True], ids=["switch", "rebuild"])
def test_dry_run_of_a_rollback_changes_nothing(
    project: Project, leaves: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what would be served, and the server stays as it is: the release, the history and what stands there."""
    later(project)
    project.write(A, body=BODY + "\n修改。\n")
    if leaves:
        project.remove(B)
    project.commit()
    project.release()
    before = ((project.served / "current").resolve(), project.releases(), _history(project))
    later(project)
    capsys.readouterr()
    assert project.run("deploy", "--rollback", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "什么都没有改动" in said
    earlier = min(_history(project))  # destroyed or not, it is called by its name
    assert (f"不能直接切换回 {earlier}：" if leaves else f"将切换回 {earlier}。") in said
    assert ((project.served / "current").resolve(), project.releases(), _history(project)) == before


def test_hashed_files_of_the_release_that_was_left_stay_reachable(project: Project) -> None:
    """After a switch back, the web server finds the other release's assets beside it."""
    later(project)
    project.write(A, body=BODY + "\n修改。\n")
    project.release()
    left = (project.served / "current").resolve().name
    assert project.run("deploy", "--rollback") == 0
    assert (project.served / "left").resolve().name == left
    later(project)
    project.release()
    assert not (project.served / "left").exists()


def test_rollback_over_a_withdrawal_leaves_the_item_out(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Two releases back, what was withdrawn since is nowhere on the server: page, list, feed, earlier release."""
    later(project)
    project.write(CANARY, body=BODY + "\n金丝雀CANARY不应再现。\n")
    project.commit()
    project.release()
    later(project)
    project.write(B, body=BODY + "\n第二版。\n")
    project.commit()
    project.release()
    assert everywhere(project.served, "CANARY")
    later(project)
    assert project.run("withdraw", CANARY, "--reason", "依法撤回", "--by", "王某", "--number", "撤2026-1") == 0
    project.commit()
    project.release()
    assert everywhere(project.served, "CANARY") == []
    destroyed = sorted(name for name in _history(project) if name not in project.releases())
    assert len(destroyed) == 2
    for release in ([], [destroyed[0]], [destroyed[-1]]):
        later(project)
        capsys.readouterr()
        assert project.run("deploy", "--rollback", *release) == 0
        assert everywhere(project.served, "CANARY") == []
        assert everywhere(project.served, "canary.html") == []
        assert project.page(f"{A}.html").is_file()


def test_rollback_before_a_withdrawal_was_deployed_carries_it_out(project: Project) -> None:
    """Both releases hold the item, so that nothing has left between them: the withdrawal is in the repository alone."""
    later(project)
    project.write(A, body=BODY + "\n第二版。\n")
    project.commit()
    project.release()
    later(project)
    assert project.run("withdraw", B, "--reason", "依法撤回", "--by", "王某") == 0
    project.commit()
    assert project.page(f"{B}.html").exists()
    assert project.run("deploy", "--rollback", "--jobs", "1") == 0
    assert not project.page(f"{B}.html").exists()
    assert "第二版".encode() not in project.page(f"{A}.html").read_bytes()
    assert everywhere(project.served, "jyglj/notice/yi") == []


def test_rollback_past_a_stricter_negative_list_leaves_out_what_it_forbids(project: Project) -> None:
    """The text was put right since, so that nothing has left: the earlier one is what the new rule is there for."""
    later(project)
    forbidden = "内部测试号码"
    project.write(A, body=BODY + f"\n{forbidden}。\n")
    project.commit()
    project.release()
    later(project)
    project.write(A, body=BODY + "\n更正。\n")
    rules = project.root / "sites" / "negative-list.yml"
    more = f"  - {{id: words, kind: term, terms: [{forbidden}], basis: 规定, severity: block, review: 2027-06-30}}\n"
    rules.write_text(RULES + more, "utf-8")
    project.commit()
    project.release()
    later(project)
    assert project.run("deploy", "--rollback") == 0
    assert everywhere(project.served / "current" / "public", forbidden) == []
    assert project.page(f"{B}.html").exists()


@pytest.mark.parametrize("policy", ["record", "signed"])
def test_rollback_past_a_stricter_policy_leaves_out_what_nobody_cleared(project: Project, policy: str) -> None:
    """What is served has a record; what stood there before the unit asked for one has none."""
    later(project)
    project.write(B, body=BODY + "\n未经审查。\n")
    project.commit()
    project.release()
    later(project)
    project.write(B, body=BODY + "\n已经审查。\n")
    unit = project.root / "sites" / "units" / "jyglj.yml"
    if policy == "record":
        steps = [f"--{role}={name},2026-03-01,已阅" for role, name in zip(ROLES, "甲乙丙丁", strict=True)]
        assert project.run("clear", B, *steps, "--basis=条例", "--conclusion=同意公开", "--yes") == 0
    unit.write_text(unit.read_text("utf-8").replace("clearance: flag", f"clearance: {policy}"), "utf-8")
    project.commit()
    assert project.run("build", "--jobs", "1") in (0, ExitCode.CONTENT_FAULTS)
    if policy == "record":
        assert project.run("deploy", "--jobs", "1") == 0
    later(project)
    assert project.run("deploy", "--rollback", "--jobs", "1") == 0
    assert everywhere(project.served / "current" / "public", "未经审查") == []
    assert (project.page(f"{A}.html").exists(), project.page(f"{B}.html").exists()) == (True, False)


def test_rollback_past_a_new_key_is_signed_with_it(
    project: Project, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the old key signed nobody believes any more: whoever watches the site would take it for tampering."""
    definition = project.root / "sites" / "deploy.yml"
    plain = definition.read_text("utf-8")
    for number in (1, 2):
        later(project)
        private, public = tmp_path_factory.mktemp("keys") / "release.key", project.root / "sites" / f"{number}.pub"
        save_keys(FileSystem(), private, public, "")
        monkeypatch.setenv(KEY_VARIABLE, str(private))
        definition.write_text(f"public_key: {number}.pub\n{plain}", "utf-8")
        project.write(A, body=BODY + f"\n第{number}把钥匙。\n")
        project.commit()
        project.release()
    later(project)
    assert project.run("deploy", "--rollback", "--jobs", "1") == 0
    assert "第1把钥匙".encode() in project.page(f"{A}.html").read_bytes()
    folder = str(project.served / "current" / "public")
    assert main(["verify", folder, "--key", str(project.root / "sites" / "2.pub")]) == 0


def test_rollback_in_a_fresh_clone_keeps_what_was_refused_once_and_cleared_later(project: Project) -> None:
    """There every record is as young as the clone: which decision is the last, they say themselves."""
    for day, conclusion in (("2026-03-01", "不予公开"), ("2026-03-02", "同意公开")):
        steps = [f"--{role}={name},{day},已阅" for role, name in zip(ROLES, "甲乙丙丁", strict=True)]
        assert project.run("clear", B, *steps, "--basis=条例", f"--conclusion={conclusion}", "--yes") == 0
    later(project)
    project.write(A, body=BODY + "\n第二版。\n")
    project.commit()
    project.release()
    later(project)
    for path in (project.root / "content").rglob("*.yml"):
        path.touch()
    assert project.run("deploy", "--rollback", "--jobs", "1") == 0
    assert project.page(f"{B}.html").exists()
    assert "第二版".encode() not in project.page(f"{A}.html").read_bytes()


def test_rollback_to_a_release_that_was_put_back_leaves_out_what_has_left(project: Project, tmp_path: Path) -> None:
    """From a backup, or because the deploy that was to destroy it was killed: that it stands there says nothing."""
    first = project.releases()[0]
    shutil.copytree(project.served / "releases" / first, tmp_path / "backup", symlinks=True)
    later(project)
    project.remove(B)
    project.commit()
    project.release()
    assert first not in project.releases()
    (tmp_path / "backup").rename(project.served / "releases" / first)
    assert project.run("deploy", "--rollback", first, "--jobs", "1") == 0
    assert project.page(f"{A}.html").exists()
    assert not project.page(f"{B}.html").exists()


@pytest.mark.parametrize("named", [True, False])
def test_rollback_past_a_destroyed_release_rebuilds_its_content(
    project: Project, named: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commit's text comes back, what has left does not; and the history knows to which release, named or not."""
    first = project.releases()[0]
    before = project.page(f"{A}.html").read_bytes()
    later(project)
    project.write(A, body=BODY + "\n错误的修改。\n")
    project.remove(B)
    project.commit()
    project.release()
    assert f"已销毁 1 个含有已撤下内容的旧版本：{first}。" in capsys.readouterr().out
    assert first not in project.releases()
    later(project)
    assert project.run("deploy", "--rollback", *([first] if named else [])) == 0
    said = capsys.readouterr().out
    assert f"不能直接切换回 {first}：" in said
    assert parse_record((project.served / "current" / "record.json").read_bytes()).rolled_back_to == first
    assert re.search("按提交 [0-9a-f]{10} 的内容重新构建；今天已不公开的 1 个条目不放回。", said)
    assert "错误的修改".encode() not in project.page(f"{A}.html").read_bytes()
    assert BODY.splitlines()[0].encode() in before
    assert not project.page(f"{B}.html").exists()


def test_rebuild_that_fails_leaves_no_content_behind(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was laid out of an old commit may be what has left since."""
    first = project.releases()[0]
    later(project)
    project.remove(B)
    project.commit()
    project.release()

    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(rollback, "apply_decisions", broken)
    assert project.run("deploy", "--rollback", first) == ExitCode.USAGE
    assert list(project.root.rglob("rollback")) == []


def test_rebuild_with_a_file_that_is_not_public_today_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever left it there: the rebuilt tree is looked at before it is released."""
    first = project.releases()[0]
    later(project)
    project.remove(B)
    project.commit()
    project.release()
    served = (project.served / "current").resolve()
    monkeypatch.setattr(rollback, "keep_only", lambda *_: ())
    monkeypatch.setattr(rollback, "take_from", lambda *_: None)
    assert project.run("deploy", "--rollback", first) == ExitCode.DEPLOY_REFUSED
    said = capsys.readouterr().err
    assert "[deploy-rollback-stray]" in said
    assert B in said
    assert (project.served / "current").resolve() == served


def test_item_that_expired_since_stays_out(project: Project) -> None:
    """An expiry that no deploy has carried out yet is honoured by the rollback."""
    later(project)
    project.write(CANARY, body=BODY + "\nCANARY\n", expires_on="2026-11-05")
    project.commit()
    project.release()
    later(project)
    project.write(A, body=BODY + "\n改。\n")
    project.commit()
    project.release()
    later(project, days=10)
    assert project.run("deploy", "--rollback") == 0
    assert everywhere(project.served, "CANARY") == []


def test_item_that_appeared_since_is_taken_back_by_a_switch(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who goes back to before it appeared means that: the earlier release is not built anew to hold it."""
    later(project)
    project.write(CANARY, date="2026-11-05 09:00")
    project.commit()
    project.release()
    waiting = max(project.releases())
    later(project, days=10)
    project.release()
    assert project.page(f"{CANARY}.html").is_file()
    capsys.readouterr()
    assert project.run("deploy", "--rollback") == 0
    assert not project.page(f"{CANARY}.html").exists()
    assert (project.served / "current").resolve().name == waiting


def test_history_that_was_cut_off_hinders_no_rollback(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The disk was full when its last line was written: that is told, and what can be read is believed."""
    history = project.served / "history.jsonl"
    history.write_bytes(history.read_bytes()[:-40])
    later(project)
    project.write(A, body=BODY + "\n改。\n")
    project.commit()
    project.release()
    assert history.read_bytes().count(b"\n") == 2, "the new line is one of its own"
    capsys.readouterr()
    assert project.run("deploy", "--rollback") == 0
    assert "history.jsonl" in capsys.readouterr().out
    assert "改。".encode() not in project.page(f"{A}.html").read_bytes()


def test_unknown_release_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Going back to what never was is refused, and so is going back from the first release, or before it."""
    never = "20200101T000000Z-00000000"
    assert project.run("deploy", "--rollback", never) == ExitCode.DEPLOY_REFUSED
    assert f"[deploy-no-release] 没有可以退回的版本 {never}" in capsys.readouterr().err
    assert project.run("deploy", "--rollback") == ExitCode.DEPLOY_REFUSED
    assert "[deploy-no-earlier] local" in capsys.readouterr().err
    (project.root / "sites" / "deploy.yml").write_text("targets:\n  new: {kind: local, path: new}\n", "utf-8")
    assert project.run("deploy", "--rollback") == ExitCode.DEPLOY_REFUSED
    assert "[deploy-nothing-served] new" in capsys.readouterr().err


def test_damaged_release_is_not_gone_back_to(project: Project) -> None:
    """A file that was changed in an earlier release is noticed before it is served."""
    first = (project.served / "current").resolve()
    later(project)
    project.write(A, body=BODY + "\n改。\n")
    project.commit()
    project.release()
    victim = first / "public" / f"{A}.html"
    victim.chmod(0o644)
    victim.write_bytes(b"tampered")
    assert project.run("deploy", "--rollback") == 0
    assert b"tampered" not in project.page(f"{A}.html").read_bytes()
    assert "改。".encode() not in project.page(f"{A}.html").read_bytes()


def test_hold_releases_the_others_while_one_unit_stays(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A unit with a fault keeps its released state; the others go on."""
    held = project.page(f"{B}.html").read_bytes()
    commit = project.git("rev-parse", "HEAD").strip()[:10]
    later(project)
    project.write(A, body=BODY + "\n新的内容。\n")
    project.write(B, body=BODY + "\n半成品。\n", no_such_key="x")
    assert project.run("build", "--jobs", "1") == ExitCode.CONTENT_FAULTS
    assert project.run("deploy") == ExitCode.DEPLOY_REFUSED
    assert project.run("deploy", "--hold", "jyglj") == 0
    assert f"jyglj 维持提交 {commit} 的内容" in capsys.readouterr().out
    assert "新的内容".encode() in project.page(f"{A}.html").read_bytes()
    assert project.page(f"{B}.html").read_bytes() == held


def test_what_a_former_unit_withdrew_keeps_no_unit_from_being_held(project: Project) -> None:
    """Its decisions outlive it in the repository, and belong wherever the content of others is laid out."""
    assert project.run("withdraw", B, "--reason", "误发", "--delete") == 0
    project.commit()
    project.release()
    cluster, unit = project.root / "sites/cluster.yml", project.root / "sites/units/jyglj.yml"
    cluster.write_text(cluster.read_text("utf-8").replace("- jyglj\n", ""), "utf-8")
    unit.unlink()
    project.commit()
    later(project)
    project.release()
    later(project)
    project.write(A, body=BODY + "\n半成品。\n", no_such_key="x")
    assert project.run("build", "--jobs", "1") == ExitCode.CONTENT_FAULTS
    assert project.run("deploy", "--hold", "sfj") == 0
    assert project.page(f"{A}.html").is_file()


def test_hold_needs_a_commit_that_holds_what_is_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was released without one cannot be made again, and nothing else may take its place."""
    project = Project(tmp_path)
    project.write(A)
    project.write(B)
    project.release()
    later(project)
    project.write(A, body=BODY + "\n新的内容。\n")
    assert project.run("build", "--jobs", "1") == 0
    served = (project.served / "current").resolve()
    assert project.run("deploy", "--hold", "jyglj") == ExitCode.DEPLOY_REFUSED
    assert "[deploy-hold-unknown]" in capsys.readouterr().err
    assert (project.served / "current").resolve() == served


def test_release_with_a_held_unit_can_be_gone_back_to(project: Project) -> None:
    """The held unit's own commit belongs to the release, also when it must be rebuilt."""
    first = project.git("rev-parse", "HEAD").strip()
    later(project)
    project.write(A, body=BODY + "\n第二版。\n")
    project.write(B, body=BODY + "\n半成品。\n")
    project.write("jyglj/notice/faulty", no_such_key="x")
    second = project.commit()
    assert project.run("deploy", "--hold", "jyglj") == 0
    record = parse_record((project.served / "current" / "record.json").read_bytes())
    assert (record.commit, record.commits) == (second, {"jyglj": first})
    release = record.release
    later(project)
    project.remove("jyglj/notice/faulty")
    project.write("sfj/notice/bing")
    project.write(A, body=BODY + "\n第三版。\n")
    project.commit()
    project.release()
    later(project)
    project.remove("sfj/notice/bing")
    project.commit()
    project.release()
    assert "半成品".encode() in project.page(f"{B}.html").read_bytes()
    victim = project.served / "releases" / release / "public" / f"{A}.html"
    victim.chmod(0o644)
    victim.write_bytes(b"tampered, so that a switch will not do")
    later(project)
    assert project.run("deploy", "--rollback", release) == 0
    assert "第二版".encode() in project.page(f"{A}.html").read_bytes()
    assert "半成品".encode() not in project.page(f"{B}.html").read_bytes()


def test_hold_does_not_keep_what_was_withdrawn(project: Project) -> None:
    """Today's gate judges the held content."""
    later(project)
    assert project.run("withdraw", B, "--reason", "依法撤回", "--by", "王某", "--number", "撤2026-1") == 0
    project.write("jyglj/notice/faulty", no_such_key="x")
    assert project.run("deploy", "--hold", "jyglj") == 0
    assert not project.page(f"{B}.html").exists()
    assert everywhere(project.served, "yi.html") == []


def test_hold_follows_no_link(project: Project, tmp_path: Path) -> None:
    """What a build refuses to follow is no content of a release that holds another unit either."""
    elsewhere = tmp_path / "elsewhere"
    source = project.root / "content" / f"{CANARY}.md"
    project.write(CANARY, body=BODY + "\nCANARY\n")
    elsewhere.mkdir()
    source.rename(elsewhere / "index.md")
    source.with_suffix("").symlink_to(elsewhere, target_is_directory=True)
    assert project.run("deploy", "--hold", "jyglj") == ExitCode.DEPLOY_REFUSED
    assert everywhere(project.served, "CANARY") == []


def test_hold_follows_no_link_of_a_whole_unit(project: Project) -> None:
    """Whose items a build would miss, and say so."""
    later(project)
    unit = project.root / "content" / "sfj"
    unit.rename(project.root / "sfj")
    unit.symlink_to(project.root / "sfj", target_is_directory=True)
    assert project.run("deploy", "--hold", "jyglj") == ExitCode.DEPLOY_REFUSED


@pytest.mark.parametrize("target", ["/etc/hostname", "../../../../elsewhere", "yi.md"])
def test_link_that_somebody_once_committed_is_not_laid_out(project: Project, tmp_path: Path, target: str) -> None:
    """Wherever it leads: it was no content then, and an old commit can be gone back to all the same."""
    (project.root / "content/jyglj/notice/lianjie.md").symlink_to(target)
    commit = project.commit()
    export_content(project.root / "content", commit, tmp_path / "then")
    assert [path.name for path in sorted((tmp_path / "then").rglob("*.md"))] == ["yi.md", "jia.md"]


def test_rollback_leaves_out_what_is_no_longer_cleared(project: Project) -> None:
    """Nobody has released the decision yet: going back is no reason to serve the item on; a faulty one is served on."""
    project.write("jyglj/notice/faulty")
    project.write(A, body=BODY + "\n第二版。\n")
    project.commit()
    project.release()
    later(project)
    project.write(A, body=BODY + "\n错误的第三版。\n")
    project.commit()
    project.release()
    later(project)
    project.write(B, cleared="false")
    project.write("jyglj/notice/faulty", no_such_key="x")
    assert project.run("deploy", "--rollback") == 0
    assert "第二版".encode() in project.page(f"{A}.html").read_bytes()
    assert everywhere(project.served, "yi.html") == []
    assert project.page("jyglj/notice/faulty.html").is_file()


def test_rollback_leaves_out_what_was_refused(project: Project) -> None:
    """The decision is filed, and nobody has released it: going back serves the item on no more than a deploy would."""
    later(project)
    project.write(A, body=BODY + "\n错误的第二版。\n")
    project.commit()
    project.release()
    later(project)
    steps = [f"--{role}={name},2026-03-01,不宜公开" for role, name in zip(ROLES, "甲乙丙丁", strict=True)]
    assert project.run("clear", B, *steps, "--basis=条例", "--conclusion=不予公开", "--yes") == 0
    assert project.run("deploy", "--rollback") == 0
    assert "错误的第二版".encode() not in project.page(f"{A}.html").read_bytes()
    assert everywhere(project.served, "yi.html") == []


@pytest.mark.parametrize(
    "front",
    [{"cleared": "false"}, {"draft": "true"}, {"audience": "inmate"}, {"expires_on": "2026-11-02T09:05"}],
    ids=lambda front: next(iter(front)),
)
def test_hold_does_not_keep_what_is_public_no_more(
    project: Project, front: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A decision of today binds in a unit that is held, too; what is only faulty stays as it was."""
    later(project, minutes=1)
    project.write("jyglj/notice/faulty")
    project.commit()
    project.release()
    later(project)
    project.write(B, **front)
    project.write("jyglj/notice/faulty", no_such_key="x")
    capsys.readouterr()
    assert project.run("deploy", "--hold", "jyglj") == 0
    assert B in capsys.readouterr().out
    assert everywhere(project.served, "yi.html") == []
    assert project.page("jyglj/notice/faulty.html").is_file()


def test_hold_brings_nothing_back_that_left_without_a_commit(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """The item was deleted and the deletion released, and nobody committed it: the commit still has the item."""
    later(project)
    project.remove(B)
    project.release()
    later(project)
    project.write("jyglj/notice/faulty", no_such_key="x")
    capsys.readouterr()
    assert project.run("deploy", "--hold", "jyglj") == 0
    assert "可能比网上的旧" in capsys.readouterr().out
    assert everywhere(project.served, "yi.html") == []


def test_hold_takes_off_nothing_that_was_released_without_a_commit(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commit does not have the item, though its source stands there: that it is to vanish somebody has to say."""
    later(project)
    project.write("jyglj/notice/bing")
    project.release()
    later(project)
    project.write("jyglj/notice/faulty", no_such_key="x")
    capsys.readouterr()
    assert project.run("deploy", "--hold", "jyglj") == ExitCode.DEPLOY_REFUSED
    said = capsys.readouterr().err
    assert ("[deploy-held-lost]" in said, "jyglj/notice/bing" in said, B in said) == (True, True, False)
    assert project.page("jyglj/notice/bing.html").is_file()
    assert project.run("deploy", "--hold", "jyglj", "--confirm", "jyglj/notice/bing") == 0
    assert not project.page("jyglj/notice/bing.html").exists()


def test_hold_remembers_what_was_withdrawn(project: Project) -> None:
    """The text comes back under another name, and the withdrawal's file is gone: the builds of today remember it."""
    text = (project.root / "content" / f"{A}.md").read_text("utf-8")
    later(project)
    assert project.run("withdraw", A, "--reason", "误发", "--delete") == 0
    project.commit()
    project.release()
    later(project)
    for path in (project.root / "content" / "sfj" / "_withdrawn").iterdir():
        path.unlink()
    (project.root / "content" / "sfj/notice/lingyi.md").write_text(text, "utf-8")
    project.write("jyglj/notice/faulty", no_such_key="x")
    assert project.run("deploy", "--hold", "jyglj") == ExitCode.DEPLOY_REFUSED
    assert everywhere(project.served, "办理事项：jia") == []


def test_list_of_releases_says_who_when_and_what(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each switch, the live one marked, destroyed ones said to be."""
    later(project)
    project.remove(B)
    commit = project.commit()
    project.release()
    capsys.readouterr()
    assert project.run("releases", "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith(f"* {project.releases()[0]}")
    assert commit[:10] in lines[1]
    assert "1 条" in lines[1]
    assert "已销毁" in lines[2]


def _history(project: Project) -> list[str]:
    import json

    lines = (project.served / "history.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["release"] for line in lines]
