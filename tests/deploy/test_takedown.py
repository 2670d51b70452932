"""One command takes an item down: from a server over ssh, from every release that stands there, and from every copy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.authoring.withdrawing import CANNOT_BE_RECALLED
from generator.cli import main
from generator.deploy import pipeline
from generator.errors import ExitCode
from tests.deploy_project import BODY, Project
from tests.deploy_servers import Sshd, missing
from tests.deploy_support import everywhere

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(bool(missing("sshd", "rsync", "git")), reason=missing("sshd", "rsync", "git")),
]

TAKEN = "sfj/notice/chekuang"
SENTENCE = "梧桐巷七号院居民乙某的迁居登记情况另行公布。"
ATTACHMENT = "迁居登记明细甲乙丙丁"
NEEDLES = ("chekuang", "梧桐巷七号院", ATTACHMENT)
"""The item's name, its words and its attachment's: in a page, a list, a feed, a neighbour or a map of the site."""


@pytest.fixture
def project(tmp_path: Path, ssh_server: Sshd, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Three releases on a server, all with the item; each release is another state of another item."""
    monkeypatch.setenv("MINGTANG_SSH_IDENTITY", str(ssh_server.identity))
    made = Project(tmp_path)
    target = ssh_server.target("main", made.served, ())
    (tmp_path / "sites" / "deploy.yml").write_text(
        f"targets:\n  main: {{kind: ssh, host: {target.host}, port: {target.port}, user: {target.user}, "
        f"path: {target.path}, known_hosts: {target.known_hosts}}}\n",
        "utf-8",
    )
    for number in range(4):
        made.write(f"sfj/notice/linju{number}", date=f"2026-10-0{number + 1}")
    made.write(TAKEN, body=f"{BODY}\n{SENTENCE}\n", date="2026-10-02", attachments="[mingxi.txt]")
    folder = tmp_path / "content" / TAKEN
    folder.mkdir()
    (folder / "mingxi.txt").write_text(f"{ATTACHMENT}\n", "utf-8")
    made.commit()
    made.release()
    for number in range(2):
        made.write("jyglj/notice/qita", body=f"{BODY}\n第{number}稿。\n")
        made.commit()
        made.release()
    return made


def answers(project: Project, capsys: pytest.CaptureFixture[str], question: str) -> list[str]:
    """The items that the served index finds."""
    capsys.readouterr()
    assert main(["search", "query", question, "--out", str(project.page("").resolve()), "--format", "json"]) == 0
    return [row["item"] for row in json.loads(capsys.readouterr().out)["results"]]


def traces(project: Project) -> list[str]:
    return [place for needle in NEEDLES for place in everywhere(project.served, needle)]


def test_item_is_nowhere_on_the_server(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """It was in pages, lists, feeds, neighbours, the map, the index and three releases; then it is in none."""
    for needle in NEEDLES:
        assert len(everywhere(project.served, needle)) >= 3, needle
    neighbour = project.page("sfj/notice/linju1.html")
    assert "chekuang" in neighbour.read_text("utf-8") + project.page("sfj/notice/linju2.html").read_text("utf-8")
    assert answers(project, capsys, "梧桐巷七号院") == [TAKEN]
    capsys.readouterr()
    assert project.run("takedown", TAKEN, "--reason", "误发个人信息", "--by", "王某") == 0
    said = capsys.readouterr().out
    assert all(line in said for line in CANNOT_BE_RECALLED)
    assert traces(project) == []
    assert answers(project, capsys, "梧桐巷七号院居民的迁居登记") != [TAKEN]
    assert TAKEN not in answers(project, capsys, "公告")
    assert "sfj/notice/linju1" in answers(project, capsys, "linju1的公告")
    assert len(project.releases()) == 1


def test_it_is_recorded_with_the_time_that_each_step_took(project: Project) -> None:
    """Who, why, when, how long and from where; in the state folder, for the owner only."""
    assert project.run("takedown", TAKEN, "--reason", "误发个人信息", "--by", "王某") == 0
    record = project.root / "state" / "takedowns.jsonl"
    line = json.loads(record.read_text("utf-8"))
    assert (line["item"], line["by"], line["reason"], line["targets"]) == (TAKEN, "王某", "误发个人信息", ["main"])
    assert line["at"].startswith("2026-11-02T09:00:00")
    assert list(line["seconds"]) == ["撤回 withdraw", "生成 build", "发布 release"]
    assert all(seconds >= 0 for seconds in line["seconds"].values())
    assert record.stat().st_mode & 0o077 == 0


def test_unfinished_work_of_others_stays_at_home(project: Project) -> None:
    """An edit that nobody has released, and an item that nobody has, do not go out with it."""
    project.write("jyglj/notice/qita", body=f"{BODY}\n尚未发布的一稿。\n")
    project.write("jyglj/notice/xinde")
    assert project.run("takedown", TAKEN, "--reason", "误发个人信息") == 0
    assert traces(project) == []
    assert everywhere(project.served, "尚未发布的一稿") == []
    assert everywhere(project.served, "xinde") == []
    assert project.page("jyglj/notice/qita.html").is_file()


def test_what_was_released_without_a_commit_is_named_when_it_leaves(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """The takedown comes first; that another item went with it must not be read as that one's deletion."""
    project.write("jyglj/notice/xinde")
    project.release()
    project.write("jyglj/notice/qita", body=f"{BODY}\n尚未发布的一稿。\n")
    capsys.readouterr()
    assert project.run("takedown", TAKEN, "--reason", "误发个人信息") == 0
    assert "上次发布时还没有提交" in capsys.readouterr().out
    assert traces(project) == []
    assert not project.page("jyglj/notice/xinde.html").exists()


def test_what_nobody_committed_is_taken_down_as_well(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """It leaves because it is withdrawn, and for no other reason."""
    project.write("jyglj/notice/xinde")
    project.release()
    project.write("jyglj/notice/qita", body=f"{BODY}\n尚未发布的一稿。\n")
    capsys.readouterr()
    assert project.run("takedown", "jyglj/notice/xinde", "--reason", "误发个人信息") == 0
    assert "上次发布时还没有提交" not in capsys.readouterr().out
    assert everywhere(project.served, "xinde") == []


def test_unit_that_had_nothing_yet_holds_up_no_takedown(project: Project) -> None:
    """Where other changes wait, all units stay as they were released: one of them had no content at all then."""
    project.remove("jyglj/notice/qita")
    project.commit()
    assert project.run("build", "--jobs", "1") == 0
    assert project.run("deploy", "--confirm", "jyglj/notice/qita", "--allow-deletions") == 0
    project.write("jyglj/notice/xinde")
    assert project.run("takedown", TAKEN, "--reason", "误发个人信息") == 0
    assert traces(project) == []
    assert everywhere(project.served, "xinde") == []


def test_interrupted_takedown_goes_on(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off between the withdrawal and the release, it is run again as it was typed."""

    def broken(*_: object) -> None:
        raise OSError("the line is cut")

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "_stage", broken)
        assert project.run("takedown", TAKEN, "--reason", "误发个人信息") != ExitCode.FINE
    assert traces(project) != []
    assert project.run("takedown", TAKEN, "--reason", "误发个人信息") == 0
    assert traces(project) == []


def test_rollback_afterwards_does_not_bring_it_back(project: Project) -> None:
    """The releases that held it are destroyed; what is built in their place is built without it."""
    earlier = project.releases()
    assert project.run("takedown", TAKEN, "--reason", "误发个人信息") == 0
    project.commit()
    assert project.run("deploy", "--rollback", earlier[0]) == 0
    assert traces(project) == []


def release_with_own_theme(project: Project) -> Path:
    themes = project.with_own_theme()
    project.write("jyglj/notice/qita", body=f"{BODY}\n定稿。\n")
    project.commit()
    project.release()
    return themes


@pytest.mark.parametrize("committed", [True, False])
def test_unfinished_definitions_and_themes_stay_at_home(project: Project, committed: bool) -> None:
    """A unit renamed and a word of the theme changed, neither released, do not go out with it."""
    themes = release_with_own_theme(project)
    renamed, strings = project.root / "sites/units/sfj.yml", themes / "default/strings/zh-CN.yml"
    renamed.write_text(renamed.read_text("utf-8").replace("name: ", "name: 改名后的", 1), "utf-8")
    strings.write_text(strings.read_text("utf-8").replace("site_map: ", "site_map: 改过的", 1), "utf-8")
    if committed:
        project.commit()

    assert project.run("takedown", TAKEN, "--reason", "误发个人信息") == 0

    assert traces(project) == []
    assert everywhere(project.served, "改名后的") == everywhere(project.served, "改过的") == []


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("broken", ["sites/categories.yml", "themes/default/templates/item.html"])
def test_faulty_definitions_and_themes_hold_up_no_takedown(project: Project, broken: str, committed: bool) -> None:
    """Those that were released are there, whatever became of them since."""
    release_with_own_theme(project)
    (project.root / broken).write_text("{% broken: [\n", "utf-8")
    if committed:
        project.commit()

    assert project.run("takedown", TAKEN, "--reason", "误发个人信息") == 0

    assert traces(project) == []
    assert project.page("sfj/notice/linju1.html").is_file()


def test_definitions_that_were_never_sound_are_told(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no version can be used, the item is still on the site: that is said, and what is wrong here."""
    broken = project.root / "sites/categories.yml"
    broken.write_text("{% broken: [\n", "utf-8")
    project.forget_history()
    capsys.readouterr()

    assert project.run("takedown", TAKEN, "--reason", "误发个人信息") == ExitCode.USAGE

    said = capsys.readouterr().err
    assert f"没有下架，{TAKEN} 还在网上" in said
    assert "sites/categories.yml:1" in said
    assert traces(project) != []
