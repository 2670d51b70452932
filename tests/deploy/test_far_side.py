"""The far side looks at the whole of what it holds; where it cannot, nothing passes for verified."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.deploy import request, scripts, server
from generator.deploy.definition import LocalTarget
from generator.deploy.records import is_id
from generator.deploy.request import opened
from generator.deploy.scripts import (
    back_script,
    destroy_script,
    open_script,
    prepare_script,
    remove_script,
    resume_script,
    switch_script,
    verify_script,
)
from generator.deploy.shell import FarSideError, Transport, local_transport
from generator.errors import DeployRefused, GeneratorError, UsageError
from tests.deploy_servers import Sshd
from tests.deploy_support import ORDINARY, Workshop, cluster, everywhere, site

MakeWorkshop = Callable[..., Workshop]
ITEMS = {"alpha/notice/a": "内容"}


@pytest.mark.parametrize("tool", ["split", "stdbuf", "find"])
def test_check_that_cannot_be_made_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str) -> None:
    """A server without one of the tools gets no release, whatever else works there."""
    workshop = Workshop(tmp_path / "workshop", cluster())
    workshop.build_site(ITEMS)
    tools = tmp_path / "tools"
    tools.mkdir()
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in Path(folder).iterdir() if Path(folder).is_dir() else []:
            if program.name != tool and not (tools / program.name).is_symlink():
                (tools / program.name).symlink_to(program)
    assert shutil.which(tool, path=str(tools)) is None
    monkeypatch.setenv("PATH", str(tools))
    with pytest.raises(GeneratorError) as refusal:
        workshop.deploy()
    assert not (workshop.served / "current").exists(), refusal.value
    monkeypatch.undo()
    workshop.deploy()
    assert workshop.served_file("index.html").read_bytes() == site(ITEMS)["index.html"]


@pytest.mark.parametrize("damage", ["other size", "other bytes", "other list"])
def test_release_that_arrives_damaged_is_never_served(
    make_workshop: MakeWorkshop, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """A disk that alters what it is given, however often: the release before stays, and the file is named."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    before = (workshop.served / "current").resolve()
    whole, name = server.send, "SHA256SUMS" if damage == "other list" else "public/index.html"

    def damaging(*arguments: Any) -> int:
        travelled = whole(*arguments)
        damaged = workshop.served / "incoming" / name
        data, times = damaged.read_bytes(), damaged.stat()
        damaged.unlink()
        damaged.write_bytes(b"x" if damage == "other size" else data.swapcase())
        os.utime(damaged, ns=(times.st_atime_ns, times.st_mtime_ns))
        return travelled

    monkeypatch.setattr(server, "send", damaging)
    workshop.build_site(ITEMS | {"alpha/notice/b": "又"})
    with pytest.raises(DeployRefused, match=rf"\[deploy-far-side\].*{name}"):
        workshop.deploy()
    assert (workshop.served / "current").resolve() == before
    monkeypatch.undo()
    workshop.deploy()
    assert "alpha/notice/b" in workshop.served_file("index.html").read_text("utf-8")


def test_file_planted_on_the_server_is_named_and_removed(make_workshop: MakeWorkshop) -> None:
    """A file that no release holds does not pass from release to release, and stops none."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    folder = workshop.served_file("alpha")
    folder.chmod(0o755)
    (folder / "planted.html").write_text("x", "utf-8")
    workshop.build_site(ITEMS | {"alpha/notice/b": "又"})
    workshop.deploy()
    assert any("deploy-tampered" in line and "alpha/planted.html" in line for line in workshop.said)
    assert not workshop.served_file("alpha/planted.html").exists()


def test_name_of_a_planted_file_is_no_command(make_workshop: MakeWorkshop) -> None:
    """Whoever can write into a folder that is served gets nothing done by the deploy that cleans up after him."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    folder = workshop.served_file("")
    folder.chmod(0o755)
    release = folder.parent.resolve()
    release.chmod(0o755)
    planted = [release / name for name in ("MINGTANG-END", "zz; touch taken", "zz$(touch taken)")]
    for path in planted:
        path.write_text("x", "utf-8")
    workshop.build_site(ITEMS | {"alpha/notice/b": "又"})
    workshop.deploy()
    assert list(workshop.root.rglob("taken")) == []
    assert not any((workshop.served / "current" / path.name).exists() for path in planted)


@pytest.mark.parametrize("name", ["x$(touch taken)", "x; touch taken"])
def test_name_of_a_release_is_no_command(tmp_path: Path, name: str) -> None:
    """The folder's own names are asked of the far side: what a stranger called a release there is only a name."""
    made = [
        prepare_script("x", name),
        verify_script(f"releases/{name}"),
        switch_script(name, "{}"),
        back_script(name, name, "{}"),
        destroy_script([name]),
    ]
    (tmp_path / "releases" / name).mkdir(parents=True)
    (tmp_path / "releases" / name / "SHA256SUMS").touch()
    (tmp_path / "trash").mkdir()
    steps = "\n".join(f"step{n}() {{\n{script}\n}}\nstep{n} </dev/null" for n, script in enumerate(made))
    done = subprocess.run(["sh"], input=steps, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert list(tmp_path.rglob("taken")) == [], done.stderr
    assert (tmp_path / "history.jsonl").exists(), done.stderr


def test_name_of_an_unfinished_release_leads_nowhere(make_workshop: MakeWorkshop) -> None:
    """Folders are made of the name, on this machine too: what is none is not gone on with."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    end = hashlib.sha256((workshop.out / "manifest.json").read_bytes()).hexdigest()[:8]
    workshop.served.mkdir()
    (workshop.served / ".mingtang-target").touch()
    (workshop.served / "incoming.id").write_text(f"20990101T000000Z-/../../../astray-{end} x\n", "utf-8")
    workshop.deploy()
    assert is_id((workshop.served / "current").resolve().name)
    assert list(workshop.root.rglob("astray*")) == []


def test_nothing_is_removed_where_there_is_no_unfinished_release(tmp_path: Path) -> None:
    """The script fails, and the shell stays in the target's folder."""
    (tmp_path / "trash").mkdir()
    script = f"cd {tmp_path} && step() {{\n{remove_script(['a'])}\n}}\nstep && exit 1\nls"
    done = subprocess.run(["sh"], input=script, capture_output=True, text=True, check=False)
    assert done.stdout == "trash\n"


def test_deploying_the_same_tree_removes_what_was_planted(make_workshop: MakeWorkshop) -> None:
    """Nothing to release does not mean that nothing is looked at."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    folder = workshop.served_file("alpha")
    folder.chmod(0o755)
    (folder / "planted.html").symlink_to("index.html")
    workshop.deploy()
    assert not workshop.served_file("alpha/planted.html").is_symlink()


def test_list_that_was_rewritten_beside_a_file_is_not_believed(make_workshop: MakeWorkshop) -> None:
    """Whoever can write there makes the release agree with itself; what it should be is known here."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    release = (workshop.served / "current").resolve()
    page, sums = release / "public" / "index.html", release / "SHA256SUMS"
    before = hashlib.sha256(page.read_bytes()).hexdigest()
    for path in (release, page.parent, page, sums):
        path.chmod(0o755)
    page.write_bytes(b"phishing")
    sums.write_text(sums.read_text("utf-8").replace(before, hashlib.sha256(b"phishing").hexdigest()), "utf-8")
    workshop.deploy()
    assert workshop.served_file("index.html").read_bytes() == site(ITEMS)["index.html"]


@pytest.mark.parametrize("name", [b"x\nx", "公告.html".encode("gbk"), b"x\n/y\nz", b" ", b"\x1b[2J"], ids=repr)
def test_file_whose_name_hides_it_is_removed(make_workshop: MakeWorkshop, name: bytes) -> None:
    """Two lines that are alike are, in a list of names, none that stands there once; others are no text at all."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    release = (workshop.served / "current").resolve()
    release.chmod(0o755)
    planted = Path(os.fsdecode(os.fsencode(release) + b"/" + name))
    planted.parent.mkdir(exist_ok=True)
    planted.write_text("planted", "utf-8")
    workshop.deploy()
    assert any("deploy-tampered" in line for line in workshop.said)
    assert "".join(workshop.said).replace("\n", "").isprintable()
    assert everywhere(workshop.served / "current", "planted") == []
    assert workshop.deploy().switched == ()


def test_release_that_is_served_is_never_destroyed(make_workshop: MakeWorkshop) -> None:
    """Whoever asks for it."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    with opened(workshop.request(), workshop.definition.targets[0]) as side:
        current = side.take("tester").current
        with pytest.raises(GeneratorError):
            side.destroy([current])
    assert workshop.served_file("index.html").read_bytes() == site(ITEMS)["index.html"]


def test_release_that_cannot_be_destroyed_is_told(make_workshop: MakeWorkshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is of another account, and holds what was withdrawn: nobody may believe that it is gone. The others are."""
    workshop = make_workshop()
    names = []
    for number in range(3):
        workshop.build_site(ITEMS | {"alpha/notice/b": f"梧桐巷{number}号院"})
        workshop.deploy()
        names.append((workshop.served / "current").resolve().name)

    def held(releases: list[str]) -> str:
        return destroy_script(releases).replace("mv ", f'[ "$one" != {names[0]} ] && mv ', 1)

    monkeypatch.setattr(scripts, "destroy_script", held)
    workshop.build_site(ITEMS)
    with pytest.raises(FarSideError, match="没有全部销毁"):
        workshop.deploy()
    served = (workshop.served / "current").resolve().name
    assert {one.name for one in (workshop.served / "releases").iterdir()} == {names[0], served}
    monkeypatch.undo()
    workshop.deploy()
    assert everywhere(workshop.served, "梧桐巷") == []


def test_target_that_destroys_nothing_keeps_no_other_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was withdrawn leaves every server that lets it go, in the first deploy."""
    targets = [LocalTarget(name=name, path=tmp_path / name, sites=("portal",)) for name in ("first", "second")]
    workshop = Workshop(tmp_path, cluster(), targets)
    workshop.build_site(ITEMS | {"alpha/notice/b": "梧桐巷七号院"})
    workshop.deploy()
    destroy = server.Server.destroy

    def failing(self: server.Server, releases: Any) -> None:
        if self.name == "first":
            raise FarSideError("first cannot")
        destroy(self, releases)

    monkeypatch.setattr(server.Server, "destroy", failing)
    workshop.build_site(ITEMS)
    with pytest.raises(FarSideError, match="first cannot"):
        workshop.deploy()
    assert everywhere(tmp_path / "first", "梧桐巷七号院") != []
    assert everywhere(tmp_path / "second", "梧桐巷七号院") == []


def test_release_that_was_never_switched_to_is_none(make_workshop: MakeWorkshop) -> None:
    """The deploy was killed when it stood in its place, and the link did not lead to it yet: it is sent again."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    first = (workshop.served / "current").resolve()
    workshop.build_site(ITEMS | {"alpha/notice/b": "又"})
    workshop.deploy()
    second = (workshop.served / "current").resolve()
    (workshop.served / "current").rename(workshop.served / "current.next")
    (workshop.served / "current").symlink_to(f"releases/{first.name}")
    with opened(workshop.request(), workshop.definition.targets[0]) as side:
        assert side.take("tester").releases.keys() == {first.name}
    workshop.deploy()
    assert (workshop.served / "current").resolve() == second
    assert {one.name for one in (workshop.served / "releases").iterdir()} == {first.name, second.name}


def test_read_only_release_is_taken_back_by_whoever_may_not_do_everything(tmp_path: Path) -> None:
    """As above: root alone moves a folder that may not be written to."""
    place = tmp_path / "releases" / "20260302T010000Z-0a1b2c3d"
    place.mkdir(parents=True)
    (tmp_path / ".mingtang-target").touch()
    (tmp_path / "current.next").symlink_to(f"releases/{place.name}")
    place.chmod(0o555)
    script = f"step() {{\n{open_script(str(tmp_path), 'tester')}\n}}\nstep"
    done = subprocess.run([*ORDINARY, "sh"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert not place.exists()
    assert (tmp_path / "incoming").is_dir()


@pytest.mark.parametrize("script", [prepare_script("x y", None), resume_script()], ids=["anew", "resumed"])
def test_unfinished_release_that_is_read_only_stops_no_account(tmp_path: Path, script: str) -> None:
    """Its links were made, or it was about to be switched to, when the deploy was killed."""
    folder = tmp_path / "incoming" / "public" / "alpha"
    folder.mkdir(parents=True)
    (folder / "a.html").touch()
    folder.chmod(0o555)
    step = f"step() {{\n{script}\n}}\nstep && mkdir -p incoming/public/alpha && touch incoming/public/alpha/b.html"
    done = subprocess.run([*ORDINARY, "sh"], input=step, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "b.html").exists()


def test_release_of_which_no_links_could_be_made_is_not_gone_on_with(tmp_path: Path) -> None:
    """The id beside it would be that of another, and what is missing pass for what was tampered with."""
    (tmp_path / "incoming.id").write_text("x y\n", "utf-8")
    script = f"step() {{\n{prepare_script('z y', 'no-such-release')}\n}}\nstep"
    assert subprocess.run(["sh"], input=script, capture_output=True, text=True, cwd=tmp_path, check=False).returncode
    assert not (tmp_path / "incoming.id").exists()


@pytest.mark.parametrize("way", ["new", "earlier"])
def test_release_is_on_disk_before_it_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """A power cut after the switch would leave files of no bytes; one soon after it, the link of before."""
    (tmp_path / "incoming").mkdir()
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "sync"
    fake.write_text('#!/bin/sh\necho "$* $(readlink current)" >> forced\n', "utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    script = switch_script("x", "{}") if way == "new" else back_script("x", "", "{}")
    subprocess.run(
        ["sh"], input=f"step() {{\n{script}\n}}\nmkdir releases && step", text=True, cwd=tmp_path, check=True
    )
    first = ["-f releases/x "] if way == "new" else []
    assert (tmp_path / "forced").read_text("utf-8").splitlines() == [*first, "-f . releases/x"]


def test_language_of_the_servers_account_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most servers sort names by a language's rules, where ``a-b`` and ``a/b`` lie otherwise than as bytes."""
    languages = tmp_path / "languages"
    languages.mkdir()
    if not Path("/usr/share/i18n/locales/zh_CN").exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no languages on this machine (tests/setup.sh)")
    subprocess.run(["localedef", "-i", "zh_CN", "-f", "UTF-8", str(languages / "zh_CN.UTF-8")], check=True)

    def chinese(target: LocalTarget) -> Transport:
        account = ("env", "LC_ALL=zh_CN.UTF-8", f"LOCPATH={languages}", "sh")
        return local_transport(target)._replace(shell=account)

    monkeypatch.setattr(request, "local_transport", chinese)
    workshop = Workshop(tmp_path / "workshop", cluster())
    workshop.build_site(ITEMS | {"alpha/notice/a-b": "一", "alpha/notice/ab": "二"})
    workshop.deploy()
    workshop.deploy()
    assert any("已经是最新" in line for line in workshop.said)


@pytest.mark.parametrize("damage", ["damaged", "lost"])
def test_release_that_nobody_can_read_is_destroyed(make_workshop: MakeWorkshop, damage: str) -> None:
    """It may hold what has left: it stops no deploy, and does not stay."""
    workshop = make_workshop()
    workshop.build_site(ITEMS | {"alpha/notice/b": "梧桐巷七号院"})
    workshop.deploy()
    first = (workshop.served / "current").resolve()
    workshop.build_site(ITEMS | {"alpha/notice/b": "另一稿"})
    workshop.deploy()
    _spoil(first, damage)
    shutil.rmtree(workshop.state / "releases")
    workshop.build_site(ITEMS)
    workshop.deploy()
    assert not first.exists()
    assert everywhere(workshop.served, "梧桐巷七号院") == []


@pytest.mark.parametrize("damage", ["damaged", "lost"])
def test_damaged_record_of_what_is_served_is_remembered(make_workshop: MakeWorkshop, damage: str) -> None:
    """Who made the release knows what it holds, and the next deploy mends it; another machine says which it is."""
    workshop = make_workshop()
    workshop.build_site(ITEMS | {"alpha/notice/b": "另"})
    workshop.deploy()
    first = (workshop.served / "current").resolve()
    _spoil(first, damage)
    aside = shutil.move(workshop.state / "releases", workshop.root / "aside")
    workshop.build_site(ITEMS)
    with pytest.raises(UsageError, match=first.name):
        workshop.deploy()
    shutil.rmtree(workshop.state / "releases", ignore_errors=True)
    shutil.move(aside, workshop.state / "releases")
    workshop.deploy()
    assert not first.exists()
    assert (workshop.served / "current" / "record.json").is_file()


def test_line_of_the_history_that_was_cut_off_hides_no_other(make_workshop: MakeWorkshop) -> None:
    """A full disk can cut a line off: what was before it, and what comes after, is still told."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    first = (workshop.served / "current").resolve().name
    with (workshop.served / "history.jsonl").open("a", encoding="utf-8") as history:
        history.write('{"release":"2026')
    workshop.build_site(ITEMS | {"alpha/notice/b": "又"})
    workshop.deploy()
    second = (workshop.served / "current").resolve().name
    with opened(workshop.request(), workshop.definition.targets[0]) as side:
        side.peek()
        assert [entry.release for entry in side.history()] == [first, second]


@pytest.mark.parametrize("name", ["SHA256SUMS", "public/release.json"])
def test_damaged_list_of_what_is_served_stops_no_deploy(make_workshop: MakeWorkshop, name: str) -> None:
    """Nobody knows which files are there: all are sent, and none is left that should not be."""
    workshop = make_workshop()
    workshop.build_site(ITEMS | {"alpha/notice/b": "梧桐巷七号院"})
    workshop.deploy()
    damaged = workshop.served / "current" / name
    damaged.chmod(0o644)
    damaged.write_text("{", "utf-8")
    shutil.rmtree(workshop.state / "releases")
    workshop.build_site(ITEMS)
    workshop.deploy()
    assert any("清单坏了" in line for line in workshop.said)
    assert everywhere(workshop.served, "梧桐巷七号院") == []
    assert not workshop.served_file("alpha/notice/b.html").exists()


def test_folder_among_the_releases_that_is_none_stops_nothing(make_workshop: MakeWorkshop) -> None:
    """Somebody's own copy is named, and left alone."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    shutil.copytree((workshop.served / "current").resolve(), workshop.served / "releases" / "my copy")
    workshop.build_site(ITEMS | {"alpha/notice/b": "又"})
    workshop.deploy()
    assert any("my copy" in line for line in workshop.said)
    assert (workshop.served / "releases" / "my copy").is_dir()


def _spoil(release: Path, damage: str) -> None:
    release.chmod(0o755)
    record = release / "record.json"
    record.unlink()
    if damage == "damaged":
        record.write_text("{", "utf-8")


def test_folder_that_cannot_be_made_is_told_with_the_reason(make_workshop: MakeWorkshop) -> None:
    """What the server's shell complained of is part of the message."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.served.write_text("a file stands where the folder should be", "utf-8")
    with pytest.raises(GeneratorError, match=r"(?i)not a directory|file exists"):
        workshop.deploy()


@pytest.mark.parametrize("name", [".mingtang-target", ".lock"])
def test_folder_that_cannot_be_written_to_is_told_with_the_reason(make_workshop: MakeWorkshop, name: str) -> None:
    """A disk that is read-only, or files of another account: trying again, as after a lost connection, is of no use."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    (workshop.served / ".mingtang-target").parent.mkdir()
    (workshop.served / ".mingtang-target").touch()
    (workshop.served / name).unlink(missing_ok=True)
    (workshop.served / name).mkdir()  # by which root is stopped as well
    with pytest.raises(GeneratorError, match="无法使用") as refusal:
        workshop.deploy()
    assert name in str(refusal.value)


@pytest.mark.server
@pytest.mark.parametrize(("host_key", "said"), [("", "unknown"), ("another", "has changed")])
def test_server_that_may_be_another_is_not_connected_to(
    tmp_path: Path, ssh_server: Sshd, host_key: str, said: str
) -> None:
    """The message says what it means, and not how to make it go away."""
    known = tmp_path / "known_hosts"
    if host_key:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
        kind, key = (tmp_path / "key.pub").read_text("utf-8").split()[:2]
        host_key = f"[127.0.0.1]:{ssh_server.port} {kind} {key}\n"
    known.write_text(host_key, "utf-8")
    target = msgspec.structs.replace(ssh_server.target("main", tmp_path / "served", ("portal",)), known_hosts=known)
    workshop = Workshop(tmp_path / "workshop", cluster(), [target])
    workshop.environment["MINGTANG_SSH_IDENTITY"] = str(ssh_server.identity)
    workshop.build_site(ITEMS)
    with pytest.raises(GeneratorError, match=said) as refusal:
        workshop.deploy()
    assert "ssh-keygen" not in str(refusal.value)
    assert "连接中断" not in str(refusal.value)
