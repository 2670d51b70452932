"""When a build may say that there is nothing to do: only while a clean one would leave and say the same."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from generator.build import stages
from generator.build.inputs import Definitions
from generator.build.manifest import load_manifest
from generator.build.report import load_report
from generator.build.result import BuildResult
from generator.build.settings import Settings
from generator.clearance.records import Step
from generator.cli import main
from tests.build.cluster import NOW, REPOSITORY, SHANGHAI, SmallCluster, digests
from tests.deploy_support import ORDINARY
from tests.unit.clearance.clearance_makers import make_record, record_file


@pytest.fixture
def cluster(tmp_path: Path) -> SmallCluster:
    made = SmallCluster(tmp_path)
    for number in range(3):
        made.write(f"sfj/policy/p{number}", title=f"第{number}号办法", body="第一条 为了公开。")
    return made


def settled(cluster: SmallCluster) -> BuildResult:
    """Build until there is nothing to do: sources may be too young at first to be believed unread."""
    while True:
        result = cluster.build()
        if result.screening is None:
            return result
        time.sleep(0.02)


STRAYS = ["sfj/policy/坏 名字.md", "sfj/nirgends/a.md", "sfj/policy/a.txt", "sfj/policy/leer/bild.png"]


@pytest.mark.parametrize("path", STRAYS)
def test_what_is_no_item_is_told_of_when_it_comes_and_not_when_it_went(cluster: SmallCluster, path: str) -> None:
    """No item changes with it, and yet there is something to say."""
    assert settled(cluster).diagnostics == ()
    stray = cluster.content / path
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("不是条目。", "utf-8")
    told = cluster.build().diagnostics
    assert len(told) == 1
    assert settled(cluster).diagnostics == told
    stray.unlink()
    if stray.parent.name != "policy":
        stray.parent.rmdir()
    assert cluster.build().diagnostics == ()


def test_words_of_a_file_that_is_no_item_are_looked_for_when_it_changes(cluster: SmallCluster) -> None:
    """They are withheld like those of an item."""
    stray = cluster.content / "sfj" / "policy" / "坏 名字.md"
    stray.write_text("别的话。", "utf-8")
    settled(cluster)
    before = (cluster.settings().cache / "asked.bin").read_bytes()
    stray.write_text("会见室的门牌号码是三百二十一，钥匙放在值班室的第二个抽屉。", "utf-8")
    cluster.build()
    assert (cluster.settings().cache / "asked.bin").read_bytes() != before
    assert digests(cluster.root / "out") == cluster.build_clean()


@pytest.mark.parametrize("inside", [[], ["fremd.html"], ["leer/"]])
@pytest.mark.parametrize("place", ["sfj/policy/p1.html", "sfj/neu", "manifest.json"])
def test_a_folder_that_was_made_in_the_tree_goes(cluster: SmallCluster, place: str, inside: list[str]) -> None:
    """Whether it stands in the place of a file or in its own, whatever is in it."""
    settled(cluster)
    folder = cluster.root / "out" / place
    folder.unlink(missing_ok=True)
    for path in [folder / name for name in inside] or [folder]:
        path.parent.mkdir(exist_ok=True)
        path.touch() if path.suffix == ".html" and path != folder else path.mkdir()
    cluster.build()
    assert digests(cluster.root / "out") == cluster.build_clean()


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("file", ["out/manifest.json", "out-private/state/report.json"])
def test_what_a_build_said_is_said_anew_where_somebody_altered_it(
    cluster: SmallCluster, file: str, edited: bool
) -> None:
    """A deploy believes both, and would refuse the tree after every further build; an edit beside it mends both."""
    cluster.write("sfj/policy/p3", title="第三号办法", body="第三条 依法公开。")
    settled(cluster)
    path = cluster.root / file
    right = path.read_text("utf-8")
    assert "sfj/policy/p3" in right
    path.write_text(right.replace("sfj/policy/p3", "sfj/policy/p4"), "utf-8")
    if edited:
        cluster.write("sfj/policy/p0", title="第零号办法", body="另一条 为了公开。")
    cluster.build()
    clean = cluster.build_clean()
    assert digests(cluster.root / "out") == clean
    report = load_report(cluster.settings().state)
    assert report.manifest_sha256 == clean["manifest.json"]
    assert report.items.keys() == {f"sfj/policy/p{number}" for number in range(4)}


def test_a_rule_whose_day_of_review_passed_is_told_of(cluster: SmallCluster) -> None:
    """The tree is the same, what is to be said of it is not."""
    rules = cluster.sites / "negative-list.yml"
    day = (NOW + timedelta(days=3)).date()
    rules.write_text(re.sub(r"review: [0-9-]+", f"review: {day}", rules.read_text("utf-8")), "utf-8")
    assert settled(cluster).diagnostics == ()
    assert cluster.build(now=NOW + timedelta(days=3)).screening is None
    assert {one.code for one in cluster.build(now=NOW + timedelta(days=4)).diagnostics} == {"rule-review-due"}


def test_a_correction_that_is_dated_ahead_is_told_of_until_its_day(cluster: SmallCluster) -> None:
    """Its page is public, and names a day that has not come; nothing is published or due on that day."""
    cluster.write("sfj/policy/p1", updated="2026-11-24 18:00", change_note="更正电话。")
    cluster.write("sfj/policy/p2", updated="2026-11-24 08:00")
    cluster.write("sfj/policy/later", body="到时再说。", date="2026-11-25", updated="2026-11-26")
    told = settled(cluster).diagnostics
    assert [(one.code, one.path, one.line, one.severity) for one in told] == [
        ("updated-to-come", "content/sfj/policy/p1.md", 6, "warning")
    ]
    assert load_report(cluster.settings().state).next_change_at == datetime(2026, 11, 25, tzinfo=SHANGHAI)
    before = cluster.build(now=NOW + timedelta(hours=8, minutes=59))
    assert (before.screening, before.diagnostics) == (None, told)
    after = cluster.build(now=NOW + timedelta(hours=9))
    assert (after.diagnostics, after.written) == ((), ())


def test_an_approval_whose_day_comes_is_built_and_due_and_told_to_nobody(
    cluster: SmallCluster, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the report says when: the manifest is public, and nobody cleared the item yet."""

    def due(now: datetime) -> int:
        settings = cluster.settings()
        folders = ["--out", settings.out, "--content", settings.content, "--sites", settings.sites]
        return main(["due", *map(str, folders), "--state", str(settings.state), "--now", now.isoformat()])

    cluster.write("sfj/policy/p1", updated="2026-11-30")
    screening = cluster.build().screening
    assert screening is not None
    (facts,) = (one.facts for one in screening.cleared if one.id == "sfj/policy/p1")
    day = datetime(2026, 11, 26, tzinfo=SHANGHAI)
    record = record_file(make_record(facts, approver=Step(by="赵六", date=day.date())))
    folder = cluster.content / "sfj" / "_clearance"
    folder.mkdir()
    (folder / record.name).write_bytes(record.raw)
    settled(cluster)
    page = cluster.root / "out" / "sfj/policy/p1.html"
    assert not page.exists()
    assert (load_manifest(cluster.root / "out")[0].next_change_at, due(day - timedelta(seconds=1))) == (None, 1)
    assert cluster.build(now=day - timedelta(seconds=1)).screening is None
    assert due(day) == 0
    assert "2026-11-26 00:00" in capsys.readouterr().out
    cluster.build(now=day)
    assert page.exists()
    assert digests(cluster.root / "out") == cluster.build_clean(now=day)
    assert due(day) == 1


def test_a_clock_that_was_set_back_takes_back_what_was_not_public_yet(cluster: SmallCluster) -> None:
    """No file changed, and nothing is to come by what the build before knew."""
    cluster.write("sfj/policy/new", body="到时再说。", date="2026-11-24")
    settled(cluster)
    before = NOW - timedelta(days=1)
    cluster.build(now=before)
    assert not (cluster.root / "out" / "sfj/policy/new.html").exists()
    assert digests(cluster.root / "out") == cluster.build_clean(now=before)


def test_the_report_names_the_commit_that_holds_what_was_built(cluster: SmallCluster) -> None:
    """Built first and committed then, as editors do: a release of it could not be made again from the commit before."""

    def git(*words: str) -> str:
        command = ["git", "-C", str(cluster.content), "-c", "user.name=a", "-c", "user.email=a@a.example", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit() -> str:
        return load_report(cluster.settings().state).commit

    git("init")
    settled(cluster)
    assert commit() == ""
    git("add", ".")
    git("commit", "-m", "1")
    cluster.build()
    assert commit() == git("rev-parse", "HEAD")
    cluster.write("sfj/policy/new", title="新的办法")
    settled(cluster)
    assert commit() == git("rev-parse", "HEAD") + "+"
    git("add", ".")
    git("commit", "-m", "2")
    cluster.build()
    assert commit() == git("rev-parse", "HEAD")
    assert cluster.build().screening is None


def test_evidence_that_may_not_be_read_is_not_taken_for_none(cluster: SmallCluster) -> None:
    """As that of a withdrawal by root, who lets nobody in: a clean build ends there, and so does any other."""
    command = [*ORDINARY, sys.executable, "-m", "generator", "build", "--now", NOW.isoformat(), "--executor", "serial"]
    for option in ("content", "sites", "themes", "out"):
        command += [f"--{option}", str(cluster.root / option)]
    command += ["--cache", str(cluster.settings().cache), "--state", str(cluster.settings().state)]

    def build() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    for _ in range(2):
        assert build().returncode == 0
        time.sleep(0.02)  # of files that are too young nothing is believed
    folder = cluster.content / "sfj" / "_withdrawn"
    folder.mkdir(mode=0)
    for _ in range(2):
        refused = build()
        assert refused.returncode != 0
        assert "_withdrawn" in refused.stderr
    folder.chmod(0o755)
    assert build().returncode == 0


@pytest.mark.parametrize("changes", ["unit", "theme", "evidence"])
def test_what_changed_while_it_was_read_and_changed_back_is_read_again(
    cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch, changes: str
) -> None:
    """The build went by something else than what it had compared: of what it left nothing is known by that."""
    title = cluster.themes / "default" / "strings" / "zh-CN.yml"
    file, before, after = {
        "unit": (cluster.sites / "units" / "sfj.yml", "市司法局", "市司法局（改）"),
        "theme": (title, title.read_text("utf-8").splitlines()[-1], title.read_text("utf-8").splitlines()[-1] + "改"),
        "evidence": (cluster.content / "sfj" / "_withdrawn" / "p1.yml", "", ""),
    }[changes]
    load = stages.load_definitions

    def meanwhile(settings: Settings) -> Definitions:
        if changes == "evidence":
            file.parent.mkdir()
            file.write_text("item: sfj/policy/p1\n", "utf-8")
        else:
            file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")
        return load(settings)

    settled(cluster)
    cluster.write("sfj/policy/p2", title="另一个办法")
    time.sleep(0.02)
    with monkeypatch.context() as patched:
        patched.setattr(stages, "load_definitions", meanwhile)
        cluster.build()
    if changes == "evidence":
        shutil.rmtree(file.parent)
    else:
        file.write_text(file.read_text("utf-8").replace(after, before), "utf-8")
    time.sleep(0.02)
    cluster.build()
    assert digests(cluster.root / "out") == cluster.build_clean()
