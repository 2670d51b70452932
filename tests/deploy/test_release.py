"""One release after another to a folder and to a server over ssh: what stands there, and what is refused."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.deploy import request
from generator.deploy.definition import SshTarget
from generator.deploy.listing import format_releases, live_release
from generator.deploy.records import Record
from generator.deploy.request import opened
from generator.deploy.rollback import roll_back
from generator.deploy.server import Server
from generator.deploy.shell import Shell, Transport
from generator.errors import DeployRefused, LockedError, UsageError
from tests.deploy_support import NOW, Workshop, cluster, everywhere, page, site

MakeWorkshop = Callable[..., Workshop]
ITEMS = {f"alpha/notice/a{number}": f"内容{number}" for number in range(6)} | {"beta/notice/b": "乙"}


def current(workshop: Workshop) -> Path:
    return (workshop.served / "current").resolve()


def releases(workshop: Workshop) -> list[str]:
    return sorted(path.name for path in (workshop.served / "releases").iterdir())


def without(*gone: str) -> dict[str, str]:
    return {item: text for item, text in ITEMS.items() if item not in gone}


def test_first_release_serves_the_tree(make_workshop: MakeWorkshop) -> None:
    """Every file of the tree is served with its bytes, and checks against its own list of digests."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    for path in workshop.out.rglob("*"):
        if path.is_file() and path.name != ".mingtang":
            assert workshop.served_file(str(path.relative_to(workshop.out))).read_bytes() == path.read_bytes()
    done = subprocess.run(
        ["sha256sum", "-c", "--quiet", "--strict", "SHA256SUMS"],
        cwd=current(workshop),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_release_is_read_only_and_its_record_private(make_workshop: MakeWorkshop) -> None:
    """Public files are readable by all and writable by none; the record is its owner's alone."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    for path in [current(workshop), *current(workshop).rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        private = path.name in ("record.json", "SHA256SUMS")
        assert mode == (0o400 if private else 0o555 if path.is_dir() else 0o444), path


@pytest.mark.parametrize("umask", [0o027, 0o077], ids=oct)
def test_web_server_can_read_what_a_careful_account_released(make_workshop: MakeWorkshop, umask: int) -> None:
    """The umask of whoever deploys says nothing of what the public may read."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    before = os.umask(umask)
    try:
        workshop.deploy()
    finally:
        os.umask(before)
    folders = [current(workshop), *(path for path in current(workshop).rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o555}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (workshop.served, current(workshop).parent)} == {0o755}
    assert workshop.served_file("index.html").stat().st_mode & 0o444 == 0o444


def test_unchanged_files_are_shared_with_the_release_before(make_workshop: MakeWorkshop) -> None:
    """Only what changed takes room and travels; what is shared keeps its time."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    first = current(workshop)
    workshop.build_site(ITEMS | {"alpha/notice/a1": "改"})
    workshop.deploy()
    second = current(workshop)
    assert first != second
    same, changed = "public/alpha/notice/a2.html", "public/alpha/notice/a1.html"
    assert os.path.samefile(first / same, second / same)
    assert not os.path.samefile(first / changed, second / changed)
    assert b"\xe6\x94\xb9" not in (first / changed).read_bytes()
    assert (second / changed).stat().st_mtime > (first / changed).stat().st_mtime


def test_changed_file_never_keeps_its_time(make_workshop: MakeWorkshop) -> None:
    """Two releases in one second still differ by the time of the file, by which web servers tell versions."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    before = workshop.served_file("index.html").stat().st_mtime
    workshop.now -= timedelta(minutes=1)
    workshop.build_site(ITEMS | {"alpha/notice/new": "新"})
    workshop.deploy()
    assert workshop.served_file("index.html").stat().st_mtime == before + 1


def test_deploying_the_same_tree_again_does_nothing(make_workshop: MakeWorkshop) -> None:
    """A release that would change nothing is not made."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    before = current(workshop)
    assert workshop.deploy().switched == ()
    assert current(workshop) == before
    assert len(releases(workshop)) == 1


def test_dry_run_shows_the_plan_and_changes_nothing(make_workshop: MakeWorkshop) -> None:
    """``--dry-run`` prints what the real run prints, by unit, and leaves the far side alone."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    outcome = workshop.deploy(dry_run=True)
    assert not workshop.served.exists()
    assert outcome.switched == ()
    assert any("首次发布" in line and re.search(r"alpha\s+新增\s+\d+", line) for line in workshop.said)
    workshop.deploy()
    workshop.build_site(without("alpha/notice/a3"), withheld={"alpha/notice/a3": "withdrawn"})
    before = subprocess.run(["ls", "-laiR", workshop.served], capture_output=True, check=True).stdout
    plan = workshop.deploy(dry_run=True).plans[0]
    assert plan.gone_items == (("alpha/notice/a3", "withdrawn"),)
    assert len(plan.destroyed) == 1
    assert subprocess.run(["ls", "-laiR", workshop.served], capture_output=True, check=True).stdout == before


def test_list_of_releases_shows_what_a_stranger_wrote_as_escapes(make_workshop: MakeWorkshop) -> None:
    """The history lies on the server: nothing in it is a command of the operator's terminal, or a line of the list."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    history = workshop.served / "history.jsonl"
    history.write_text(history.read_text("utf-8").replace('"tester"', '"\\u001b[2J\\n王某"'), "utf-8")
    lines = format_releases(workshop.request(), workshop.definition.targets[0]).split("\n")
    assert len(lines) == 2
    assert "王某" in lines[1]
    assert lines[1].isprintable()


@pytest.mark.parametrize("made", [False, True])
def test_nothing_is_taken_for_a_target_that_is_not_there_yet(
    make_workshop: MakeWorkshop, monkeypatch: pytest.MonkeyPatch, made: bool
) -> None:
    """Its folder is still to be made, or was only just made; the shell begins in that of another target."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    monkeypatch.chdir(workshop.served)
    target = workshop.definition.targets[0]
    if isinstance(target, SshTarget):
        monkeypatch.setattr(request, "Shell", partial(_begun_in, workshop.served))
    new = workshop.root / "new"
    target = msgspec.structs.replace(target, name="new", path=str(new) if isinstance(target, SshTarget) else new)
    workshop.definition = msgspec.structs.replace(workshop.definition, targets=(target,))
    if made:
        new.mkdir()
    plan = workshop.deploy(dry_run=True).plans[0]
    assert (plan.since, plan.destroyed) == ("", ())
    assert "还没有发布过" in format_releases(workshop.request(), target)
    with pytest.raises(DeployRefused, match="deploy-nothing-served"):
        live_release(workshop.request())


def _begun_in(folder: Path, transport: Transport, name: str) -> Shell:
    *ssh, command = transport.shell
    return Shell(transport._replace(shell=(*ssh, f"cd {folder}; {command}")), name)


def test_withdrawn_item_is_nowhere_after_the_deploy(make_workshop: MakeWorkshop) -> None:
    """Page, siblings, index and the earlier releases that hold it go with the deploy that removes it."""
    workshop = make_workshop()
    workshop.build_site(ITEMS | {"alpha/notice/canary": "金丝雀CANARY"})
    workshop.deploy()
    workshop.build_site(ITEMS | {"alpha/notice/canary": "金丝雀CANARY", "beta/notice/b": "二"})
    workshop.deploy()
    assert everywhere(workshop.served, "CANARY")
    workshop.build_site(ITEMS, withheld={"alpha/notice/canary": "withdrawn"})
    workshop.deploy()
    assert everywhere(workshop.served, "CANARY") == []
    assert everywhere(workshop.served, "canary") == []
    assert everywhere(workshop.root / "cache", "CANARY") == []
    assert everywhere(workshop.state / "releases", "canary") == []
    assert len(releases(workshop)) == 1


def test_release_without_the_item_is_kept(make_workshop: MakeWorkshop) -> None:
    """Only releases that hold what has left are destroyed."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    workshop.build_site(ITEMS | {"alpha/notice/new": "新"})
    workshop.deploy()
    workshop.build_site(ITEMS | {"beta/notice/b": "改"}, withheld={"alpha/notice/new": "expired"})
    workshop.deploy()
    assert len(releases(workshop)) == 2


def test_attachment_that_leaves_destroys_as_an_item_does(make_workshop: MakeWorkshop) -> None:
    """A file that an item no longer has is gone from the server too."""
    workshop = make_workshop()
    files = site(ITEMS)
    owned = {item: [f"{item}.html"] for item in ITEMS}
    attached = {**files, "alpha/notice/a1/表.txt": page("CANARY")}
    workshop.build(attached, owned | {"alpha/notice/a1": ["alpha/notice/a1.html", "alpha/notice/a1/表.txt"]})
    workshop.deploy()
    workshop.build(files, owned)
    workshop.deploy()
    assert everywhere(workshop.served, "CANARY") == []


def test_hashed_files_stay_for_readers_in_a_session(make_workshop: MakeWorkshop) -> None:
    """Assets and index files of the release before stay reachable for a while, with their siblings."""
    workshop = make_workshop()
    workshop.build_site(ITEMS, flavour="one")
    workshop.deploy()
    old = [path for path in site(ITEMS, flavour="one") if path.startswith(("assets/", "search/t0"))]
    workshop.build_site(ITEMS | {"alpha/notice/new": "新"}, flavour="two")
    workshop.deploy()
    assert len(old) == 2
    for path in old:
        assert workshop.served_file(path).is_file()
        assert workshop.served_file(f"{path}.br").is_file()
    workshop.now += timedelta(hours=25)
    workshop.build_site(ITEMS | {"alpha/notice/new": "新", "alpha/notice/newer": "新"}, flavour="two")
    workshop.deploy()
    assert not any(workshop.served_file(path).exists() for path in old)


def test_index_of_a_release_that_held_what_left_does_not_stay(make_workshop: MakeWorkshop) -> None:
    """Words of a withdrawn item may stand in old index files: these go at once, the theme's assets stay."""
    workshop = make_workshop()
    workshop.build_site(ITEMS, flavour="one")
    workshop.deploy()
    asset, shard = sorted(path for path in site(ITEMS, flavour="one") if path.startswith(("assets/", "search/t0")))
    workshop.build_site(without("alpha/notice/a1"), flavour="two", withheld={"alpha/notice/a1": "withdrawn"})
    workshop.deploy()
    assert workshop.served_file(asset).is_file()
    assert not workshop.served_file(shard).exists()


def test_index_of_what_was_taken_back_does_not_stay_reachable(make_workshop: MakeWorkshop) -> None:
    """The first rollback keeps the index of what it left; the second goes behind an item that this knows."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    for text in ("新", "新而又新"):
        workshop.build_site(ITEMS | {"alpha/notice/new": text})
        workshop.deploy()
    newest = current(workshop)
    assert roll_back(workshop.request(), workshop.root, None) is None
    assert (workshop.served / "left").resolve() == newest
    assert roll_back(workshop.request(), workshop.root, None) is None
    assert current(workshop).name == releases(workshop)[0]
    assert not (workshop.served / "left").is_symlink()


def test_retention_prunes_the_oldest(make_workshop: MakeWorkshop) -> None:
    """``keep`` releases stay; the one that is served is always among them."""
    workshop = make_workshop()
    workshop.definition = msgspec.structs.replace(workshop.definition, keep=2)
    for number in range(4):
        workshop.build_site(ITEMS | {"beta/notice/b": f"第{number}版"})
        workshop.deploy()
    assert releases(workshop)[-1] == current(workshop).name
    assert len(releases(workshop)) == 2
    assert len((workshop.served / "history.jsonl").read_text("utf-8").splitlines()) == 4


def test_room_is_made_before_anything_is_sent(make_workshop: MakeWorkshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full: the runbook says to keep fewer releases, and to deploy again."""
    workshop = make_workshop()
    for number in range(4):
        workshop.build_site(ITEMS | {"beta/notice/b": f"第{number}版"})
        workshop.deploy()
    before = releases(workshop)
    workshop.definition = msgspec.structs.replace(workshop.definition, keep=2)
    seen: list[list[str]] = []
    stage = Server.stage

    def watched(self: Server, *more: Any) -> None:
        seen.append(releases(workshop))
        stage(self, *more)

    monkeypatch.setattr(Server, "stage", watched)
    workshop.build_site(ITEMS | {"beta/notice/b": "又一版"})
    workshop.deploy()
    assert seen == [before[-2:]]
    assert releases(workshop) == [before[-1], current(workshop).name]


def test_file_in_the_way_of_a_folder_is_no_obstacle(make_workshop: MakeWorkshop) -> None:
    """A file becomes a folder in the next release, and the other way round."""
    workshop = make_workshop()
    files, owned = site(ITEMS), {item: [f"{item}.html"] for item in ITEMS}
    workshop.build({**files, "alpha/x": b"file", "alpha/y/z.txt": b"in a folder"}, owned)
    workshop.deploy()
    workshop.build({**files, "alpha/x/z.txt": b"in a folder", "alpha/y": b"file"}, owned)
    workshop.deploy()
    assert workshop.served_file("alpha/x/z.txt").read_bytes() == b"in a folder"
    assert workshop.served_file("alpha/y").read_bytes() == b"file"


def test_odd_names_travel_unharmed(make_workshop: MakeWorkshop) -> None:
    """Spaces, quotes, globs, dashes and Chinese in a name are part of the name."""
    workshop = make_workshop()
    names = [
        "alpha/附件 一.txt",
        "alpha/-rf",
        "alpha/a'b\"c.txt",
        "alpha/*?[x].txt",
        "alpha/$(id).txt",
        "alpha/~",
        "alpha/x: OK",
    ]
    files = {**site(ITEMS), **{name: page(name) for name in names}}
    owned = {item: [f"{item}.html"] for item in ITEMS}
    workshop.build(files, owned)
    workshop.deploy()
    for name in names:
        assert workshop.served_file(name).read_bytes() == page(name)
    workshop.build(site(ITEMS), owned)
    workshop.deploy(deletions=True)
    assert not any(workshop.served_file(name).exists() for name in names)


def test_tampered_file_on_the_server_is_named_and_mended(make_workshop: MakeWorkshop) -> None:
    """A file that somebody changed on the server does not survive the next release unseen."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    victim = workshop.served_file("alpha/notice/a2.html").resolve()
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes().replace("内容".encode(), "窜改".encode()))
    workshop.build_site(ITEMS | {"alpha/notice/a1": "改"})
    workshop.deploy()
    assert (
        workshop.served_file("alpha/notice/a2.html").read_bytes()
        == (workshop.out / "alpha/notice/a2.html").read_bytes()
    )
    assert any("deploy-tampered" in line and "a2.html" in line for line in workshop.said)


def test_deploying_the_same_tree_mends_what_was_tampered_with(make_workshop: MakeWorkshop) -> None:
    """A deploy that changes nothing still checks every file on the server."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    victim = workshop.served_file("index.html").resolve()
    victim.chmod(0o644)
    victim.write_bytes(b"phishing")
    assert workshop.deploy().switched != ()
    assert workshop.served_file("index.html").read_bytes() == (workshop.out / "index.html").read_bytes()
    assert any("deploy-tampered" in line and "index.html" in line for line in workshop.said)


def test_second_deploy_is_told(make_workshop: MakeWorkshop) -> None:
    """While one deploy holds the target, another is told who does, and changes nothing."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    with opened(workshop.request(), workshop.definition.targets[0]) as side:
        side.take("somebody else")
        with pytest.raises(LockedError, match="somebody else"):
            workshop.deploy()
    workshop.deploy()


def test_foreign_folder_is_left_alone(make_workshop: MakeWorkshop) -> None:
    """A target folder that is not empty and not ours is a usage error."""
    workshop = make_workshop()
    workshop.served.mkdir()
    (workshop.served / "precious.txt").write_text("x")
    workshop.build_site(ITEMS)
    with pytest.raises(UsageError):
        workshop.deploy()
    assert sorted(path.name for path in workshop.served.iterdir()) == ["precious.txt"]


def test_record_names_only_live_items(make_workshop: MakeWorkshop) -> None:
    """The record on the server says who, when and what is live, and nothing of what is withheld."""
    workshop = make_workshop()
    workshop.build_site(ITEMS, withheld={"alpha/notice/secret": "uncleared"}, commit="c0ffee")
    workshop.deploy()
    record = msgspec.json.decode((current(workshop) / "record.json").read_bytes(), type=Record)
    assert (record.by, record.commit, record.counts.items) == ("tester", "c0ffee", len(ITEMS))
    assert record.items.keys() == ITEMS.keys()
    assert everywhere(workshop.served, "secret") == []


def test_tombstone_and_tables_lie_beside_what_is_public(make_workshop: MakeWorkshop) -> None:
    """A tombstone is no ordinary page, and the tables are not served."""
    workshop = make_workshop()
    files = {**site(ITEMS), "alpha/notice/gone.html": page("已撤下"), "alpha/old.html": page("已移至")}
    workshop.build(
        files,
        {item: [f"{item}.html"] for item in ITEMS},
        tombstones=["alpha/notice/gone.html"],
        redirects={"alpha/old.html": "alpha/notice/a1.html"},
    )
    workshop.deploy()
    assert not workshop.served_file("alpha/notice/gone.html").exists()
    assert (current(workshop) / "gone/alpha/notice/gone.html").read_bytes() == page("已撤下")
    assert b"alpha/old.html" in (current(workshop) / "server/redirects.map").read_bytes()
    statement = json.loads(workshop.served_file("release.json").read_bytes())
    assert [one["path"] for one in statement["files"] if one.get("gone")] == ["alpha/notice/gone.html"]


def test_reload_is_asked_for_only_when_tables_change(make_workshop: MakeWorkshop) -> None:
    """The web server reads its tables again when there is something new in them."""
    workshop = make_workshop()
    target = msgspec.structs.replace(workshop.definition.targets[0], reload=f"echo x >> {workshop.root}/reloaded")
    workshop.definition = msgspec.structs.replace(workshop.definition, targets=(target,))
    workshop.build_site(ITEMS)
    workshop.deploy()
    workshop.build_site(ITEMS | {"beta/notice/b": "改"})
    workshop.deploy()
    assert (workshop.root / "reloaded").read_text("utf-8").count("x") == 1


def test_reload_that_nobody_set_is_asked_of_the_operator(make_workshop: MakeWorkshop) -> None:
    """When the tables change, and not at the first release, before which no web server has read any."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    workshop.build_site(ITEMS | {"beta/notice/b": "改"})
    workshop.deploy()
    assert not any("did not reload" in line for line in workshop.said)
    files = site(ITEMS) | {"alpha/old.html": page("已移至")}
    items = {item: [f"{item}.html"] for item in ITEMS}
    workshop.build(files, items, redirects={"alpha/old.html": "alpha/notice/a1.html"})
    workshop.deploy()
    assert sum("did not reload" in line for line in workshop.said) == 1


# --- gates ----------------------------------------------------------------------------


def refused(workshop: Workshop, **more: object) -> list[str]:
    with pytest.raises(DeployRefused) as error:
        workshop.deploy(**more)  # type: ignore[arg-type]
    return [reason.partition("]")[0].lstrip("[") for reason in error.value.reasons]


def test_refused_release_changes_nothing(make_workshop: MakeWorkshop) -> None:
    """A gate says no before anything moves."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    before = current(workshop)
    (workshop.out / "index.html").write_bytes(b"edited")
    (workshop.out / "alpha" / "extra.html").write_bytes(b"extra")
    (workshop.out / "beta" / "index.html").unlink()
    assert refused(workshop) == ["deploy-tree-missing", "deploy-tree-extra", "deploy-tree-changed"]
    assert current(workshop) == before
    assert len(releases(workshop)) == 1


@pytest.mark.parametrize("name", ["alpha/a\nb.html", "alpha/a\\b.html", ".git/config"])
def test_name_that_would_mislead_the_far_side_is_refused(make_workshop: MakeWorkshop, name: str) -> None:
    """A list of digests has a name a line, and what begins with a dot is the target's own."""
    workshop = make_workshop()
    workshop.build(site(ITEMS) | {name: b"x"}, {})
    assert refused(workshop) == ["deploy-tree-name"]
    assert not workshop.served.exists()


@pytest.mark.parametrize("name", ["公告.html".encode("gbk"), b"\x1b[2J.html"], ids=repr)
def test_name_that_no_terminal_should_show_is_told_all_the_same(tmp_path: Path, name: bytes) -> None:
    """An archive was unpacked into the tree: names may be of another encoding, or commands of a terminal."""
    workshop = Workshop(tmp_path, cluster())
    workshop.build_site(ITEMS)
    Path(os.fsdecode(os.fsencode(workshop.out) + b"/" + name)).touch()
    with pytest.raises(DeployRefused, match=r"\[deploy-tree-extra\].*html") as refusal:
        workshop.deploy()
    assert all(line.isprintable() for reason in refusal.value.reasons for line in reason.split("\n"))


@pytest.mark.parametrize(
    ("build", "code"),
    [
        ({"kind": "preview"}, "deploy-preview"),
        ({"faults": 2}, "deploy-faults"),
        ({"audit_passed": False}, "deploy-audit"),
        ({"next_change_at": NOW}, "deploy-due"),
    ],
)
def test_tree_that_may_not_leave_is_refused(tmp_path: Path, build: dict[str, object], code: str) -> None:
    """A preview, a faulty, unproved or outdated tree is refused by name."""
    workshop = Workshop(tmp_path, cluster())
    workshop.build_site(ITEMS, **build)
    assert refused(workshop) == [code]
    assert not workshop.served.exists()


def test_unfinished_tree_is_refused(tmp_path: Path) -> None:
    """Without a manifest, and without our marker, nothing is released."""
    workshop = Workshop(tmp_path, cluster())
    workshop.build_site(ITEMS)
    manifest = (workshop.out / "manifest.json").read_bytes()
    (workshop.out / "manifest.json").unlink()
    assert refused(workshop) == ["deploy-unfinished"]
    (workshop.out / "manifest.json").write_bytes(manifest + b"\n")
    assert refused(workshop) == ["deploy-other-report"]
    (workshop.out / ".mingtang").unlink()
    assert refused(workshop) == ["deploy-no-tree"]


def test_item_that_vanishes_by_accident_is_named_until_confirmed(make_workshop: MakeWorkshop) -> None:
    """A live item whose clearance is void makes the release refuse, until somebody says yes to just that item."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    workshop.build_site(without("alpha/notice/a1"), withheld={"alpha/notice/a1": "void"})
    assert refused(workshop) == ["deploy-vanished"]
    assert refused(workshop, confirmed=["alpha/notice/a2"]) == ["deploy-vanished", "deploy-confirm-stray"]
    workshop.deploy(confirmed=["alpha/notice/a1"])
    assert not workshop.served_file("alpha/notice/a1.html").exists()


def test_older_tree_is_refused(make_workshop: MakeWorkshop) -> None:
    """A tree that was built before the one that is live does not replace it."""
    workshop = make_workshop()
    workshop.build_site(ITEMS)
    workshop.deploy()
    workshop.now -= timedelta(hours=1)
    workshop.build_site(ITEMS | {"beta/notice/b": "旧"})
    assert refused(workshop) == ["deploy-older"]


def test_many_deletions_are_refused_until_allowed(make_workshop: MakeWorkshop) -> None:
    """A content folder that lost a unit does not take the unit off the net by itself."""
    workshop = make_workshop()
    many = {f"alpha/notice/n{number}": "x" for number in range(30)}
    workshop.build_site(many)
    workshop.deploy()
    workshop.build_site({"alpha/notice/n0": "x"})
    assert refused(workshop) == ["deploy-deletions"]
    workshop.deploy(deletions=True)


def test_secrets_reach_neither_shell_nor_log(make_workshop: MakeWorkshop) -> None:
    """The far side's shell does not get signing and store secrets, and nothing that is said holds them."""
    workshop = make_workshop()
    target = msgspec.structs.replace(workshop.definition.targets[0], reload=f"env > {workshop.root}/seen")
    workshop.definition = msgspec.structs.replace(workshop.definition, targets=(target,))
    os.environ["AWS_SECRET_ACCESS_KEY"] = os.environ["MINGTANG_SIGNING_PASSPHRASE"] = "open-sesame"
    try:
        workshop.build_site(ITEMS)
        workshop.deploy()
    finally:
        del os.environ["AWS_SECRET_ACCESS_KEY"], os.environ["MINGTANG_SIGNING_PASSPHRASE"]
    assert "open-sesame" not in (workshop.root / "seen").read_text("utf-8")
    assert not any("open-sesame" in line for line in workshop.said)
