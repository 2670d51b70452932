"""A whole build: determinism, refusals, the no-op, recovery from faults."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from generator.build import executor, facts
from generator.build.cache import code_digest
from generator.build.compiled import load_compiled
from generator.build.fs import FileSystem, folder_held
from generator.build.manifest import load_manifest
from generator.build.pipeline import build, check
from generator.build.progress import Silent
from generator.build.report import load_report
from generator.errors import ConfigError, LockedError, UsageError
from tests.build.cluster import NOW, REPOSITORY, SmallCluster, digests


@pytest.fixture
def cluster(tmp_path: Path) -> SmallCluster:
    made = SmallCluster(tmp_path)
    for number in range(6):
        made.write(f"sfj/policy/p{number}", title=f"第{number}号办法", body="第一条 为了公开。\n\n第二条 依法公开。")
    made.write("jyglj/service/huijian", title="会见须知", body="见[办法](item:sfj/policy/p1)。")
    made.write(
        "heping/decision/secret", title="未审查的决定", cleared="false", body="这一句绝不能出现在公开的网站上面。"
    )
    return made


def test_the_tree_is_the_same_with_any_number_of_jobs_and_in_any_folder(cluster: SmallCluster, tmp_path: Path) -> None:
    """Output is a function of content, configuration, theme and now."""
    cluster.build("serial")
    for jobs in (1, 2, 8):
        cluster.build_with(f"jobs{jobs}", executor="processes", jobs=jobs)
        assert digests(tmp_path / f"jobs{jobs}") == digests(tmp_path / "serial")
    other = tmp_path / "elsewhere" / "深"
    moved = SmallCluster(other)
    for path in cluster.content.rglob("*.md"):
        target = moved.content / path.relative_to(cluster.content)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    moved.build("out")
    assert digests(other / "out") == digests(tmp_path / "serial")


def test_the_manifest_is_the_tree(cluster: SmallCluster, tmp_path: Path) -> None:
    """The manifest names every file but itself and the marker, with its size and digest."""
    cluster.build()
    manifest, sha256 = load_manifest(tmp_path / "out")
    listed = {file.path: file.sha256 for file in manifest.files}
    there = {path: digest for path, digest in digests(tmp_path / "out").items() if digest != "folder"}
    del there["manifest.json"], there[".mingtang"]
    assert listed == there
    assert load_report(tmp_path / "out-private" / "state").manifest_sha256 == sha256


def test_a_second_build_has_nothing_to_do(cluster: SmallCluster, tmp_path: Path) -> None:
    """With the same inputs nothing is read, written or deleted, and the same is said."""
    first = cluster.build()
    time.sleep(0.02)
    cluster.build()  # the first one's sources may have been too young to be believed
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    again = cluster.build()
    assert (again.read, again.written, again.deleted) == (0, (), ())
    assert again.screening is None
    assert again.diagnostics == first.diagnostics
    assert (again.published, again.withheld) == (first.published, first.withheld)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


def test_texts_of_the_index_that_are_lost_or_altered_are_made_again_beside_an_edit(
    cluster: SmallCluster, tmp_path: Path
) -> None:
    """An edit mends the index and keeps the texts of all other items: only of what stands as it was written."""
    for number in range(4):
        cluster.write(f"sfj/policy/text-{number}", title=f"第{number}件", body=f"正文之{number}。")
    cluster.build_with("out", executor="processes", jobs=2)
    texts = sorted((tmp_path / "out" / "search" / "text").iterdir())
    texts[0].unlink()
    texts[1].write_text("别的", "utf-8")
    cluster.write("sfj/policy/text-0", title="第0件", body="改过。")
    cluster.build_with("out", executor="processes", jobs=2)
    assert digests(tmp_path / "out") == cluster.build_clean()


@pytest.mark.parametrize("goes", ["deleted", "uncleared"])
def test_ledger_and_sources_keep_no_name_of_what_went(cluster: SmallCluster, tmp_path: Path, goes: str) -> None:
    """They are else written with what changed alone, beside the whole, in which the old names stand."""
    path = cluster.write("sfj/policy/zhongyao-mima", title="其一")
    cluster.write("sfj/policy/other", title="其二")
    cluster.build_with("out")
    path.unlink() if goes == "deleted" else cluster.write("sfj/policy/zhongyao-mima", cleared="false")
    cluster.build_with("out")
    cache = tmp_path / "out-private" / "cache"
    parts = ["outputs.bin", "outputs-since.bin"] + ["sources.bin", "sources-since.bin"] * (goes == "deleted")
    assert all(b"zhongyao-mima" not in (cache / part).read_bytes() for part in parts)
    cluster.write("sfj/policy/other", title="其二", body="改过。")
    whole = (cache / "outputs.bin").read_bytes()
    cluster.build_with("out")
    assert (cache / "outputs.bin").read_bytes() == whole


def test_an_output_folder_that_is_not_ours_is_refused_untouched(cluster: SmallCluster, tmp_path: Path) -> None:
    """A non-empty folder without our marker is a usage error, and stays as it was."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "论文.doc").write_text("x")
    with pytest.raises(UsageError):
        cluster.build()
    assert list(digests(tmp_path / "out")) == ["论文.doc"]


def test_the_output_folder_may_be_a_link(cluster: SmallCluster, tmp_path: Path) -> None:
    """To a larger disk, the tree is built, kept and pruned there as anywhere, the link stays."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk", target_is_directory=True)
    cluster.build("out")
    assert cluster.build("out").written == ()
    (cluster.content / "sfj/policy/p0.md").unlink()
    (tmp_path / "disk" / "stranger.html").touch()
    cluster.build("out")
    assert (tmp_path / "out").is_symlink()
    assert digests(tmp_path / "disk") == cluster.build_clean()


def test_a_second_build_at_once_is_told_who_holds_the_lock(cluster: SmallCluster) -> None:
    """Without waiting, the second build names the first."""
    from generator.build.fs import locked

    settings = cluster.settings()
    with locked(settings.cache / "lock", "release", wait=False), pytest.raises(LockedError, match=str(os.getpid())):
        cluster.build_with(wait=False)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("warm", [False, True])
def test_after_a_failed_file_operation_the_next_build_ends_in_the_clean_tree(
    cluster: SmallCluster, tmp_path: Path, code: int, warm: bool
) -> None:
    """The n-th file operation fails: never a sealed wrong tree, and the next build recovers without help."""
    clean = cluster.build_clean()
    tried = 0
    for n in range(1, 10_000, 5 if warm else 37):
        if not warm:
            for name in ("out", "out-private"):
                shutil.rmtree(tmp_path / name, ignore_errors=True)
        cluster.write("sfj/policy/p2", title=f"改过{n}", body=f"第{n}稿。")
        failing = _Failing(n, code)
        with _expected(code):
            cluster.build("out", fs=FileSystem(failing))
        tried += failing.failed
        _assert_unsealed_or_whole(tmp_path / "out")
        cluster.write("sfj/policy/p2", title="第2号办法", body="第一条 为了公开。\n\n第二条 依法公开。")
        cluster.build("out")
        assert digests(tmp_path / "out") == clean
        if not failing.failed:
            break
    assert tried >= 5


@contextmanager
def _expected(code: int) -> Iterator[None]:
    """The injected fault, if it comes to that, and no other."""
    try:
        yield
    except OSError as error:
        if error.errno != code:
            raise


class _Failing:
    """Lets the n-th operation fail."""

    def __init__(self, n: int, code: int) -> None:
        self.n, self.code, self.count, self.failed = n, code, 0, False

    def __call__(self, operation: str, path: Path) -> None:
        self.count += 1
        if self.count == self.n:
            self.failed = True
            raise OSError(self.code, os.strerror(self.code), str(path))


def _assert_unsealed_or_whole(tree: Path) -> None:
    """A tree with a manifest is the manifest's, whatever happened."""
    if (tree / "manifest.json").exists():
        manifest, _ = load_manifest(tree)
        there = {path: digest for path, digest in digests(tree).items() if digest != "folder"}
        assert {file.path: file.sha256 for file in manifest.files} == {
            path: digest for path, digest in there.items() if path not in {"manifest.json", ".mingtang"}
        }


def _kill_at(cluster: SmallCluster, delays: list[float], tmp_path: Path) -> None:
    clean = cluster.build_clean()
    command = [sys.executable, "-m", "generator", "build", "--now", NOW.isoformat(), "--jobs", "2"]
    for option in ("content", "sites", "themes", "out"):
        command += [f"--{option}", str(tmp_path / option)]
    command += ["--cache", str(tmp_path / "k" / "cache"), "--state", str(tmp_path / "k" / "state")]
    for number, delay in enumerate(delays):
        cluster.write("sfj/policy/p3", title=f"改过{number}")
        process = subprocess.Popen(command, cwd=REPOSITORY, start_new_session=True, stdout=subprocess.DEVNULL)
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _assert_unsealed_or_whole(tmp_path / "out")
        cluster.write("sfj/policy/p3", title="第3号办法", body="第一条 为了公开。\n\n第二条 依法公开。")
        subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL)
        assert digests(tmp_path / "out") == clean


def test_after_a_kill_the_next_build_ends_in_the_clean_tree(cluster: SmallCluster, tmp_path: Path) -> None:
    """Killed at ten moments of a build, the next one needs no help."""
    _kill_at(cluster, [0.05 + 0.06 * n for n in range(10)], tmp_path)


@pytest.mark.soak
def test_after_a_kill_the_next_build_ends_in_the_clean_tree_three_hundred_times(
    cluster: SmallCluster, tmp_path: Path
) -> None:
    """The same at 300 moments."""
    _kill_at(cluster, [0.02 + 0.0025 * n for n in range(300)], tmp_path)


def test_a_copy_of_the_process_starts_no_workers(cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit after which hundreds of terms must be found in other items than before, of which there are many."""
    parent, pool = os.getpid(), executor._pool

    def started(count: int) -> Executor:
        assert os.getpid() == parent
        return pool(count)

    monkeypatch.setattr(executor, "_pool", started)
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # of other tests: here the process is copied
    terms = "".join(chr(0x4E00 + 7 * number) for number in range(900))
    for number in range(80):
        cluster.write(
            f"sfj/decision/d{number:02}", title=f"第{number}号决定", body=terms if number in {3, 60} else "正文。"
        )
    assert cluster.build_with(executor="processes", jobs=2).leaks == ()
    cluster.write("sfj/decision/d03", title="第3号决定", body="正文。")
    assert cluster.build_with(executor="processes", jobs=2).leaks == ()
    assert digests(cluster.root / "out") == cluster.build_clean()


@pytest.mark.parametrize("sound", ["", "negative-list.yml"])
def test_faults_of_all_configuration_are_told_together(cluster: SmallCluster, tmp_path: Path, sound: str) -> None:
    """Even where workers read content while the theme is looked at; nothing is written, and the next build is whole."""
    for number in range(100):
        cluster.write(f"sfj/decision/d{number:03}", title=f"第{number}号决定")
    good = {}
    for path in (
        cluster.sites / "negative-list.yml",
        cluster.sites / "thesaurus.yml",
        cluster.themes / "default/theme.yml",
    ):
        if path.name != sound:
            good[path] = path.read_bytes()
            path.write_bytes(b"- {")
    with pytest.raises(ConfigError) as refused:
        cluster.build_with(executor="processes", jobs=2)
    assert {one.path.rpartition("/")[2] for one in refused.value.diagnostics} == {path.name for path in good}
    assert not [path for path in (tmp_path / "out").rglob("*") if path.suffix == ".html"]
    for path, data in good.items():
        path.write_bytes(data)
    cluster.build_with(executor="processes", jobs=2)
    assert digests(tmp_path / "out") == cluster.build_clean()


def test_what_is_read_again_lies_in_other_packs(cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts are found damaged after reading began: what that still writes must not stand where all is written anew."""
    cluster.build()
    for path in cluster.settings().cache.glob("facts-*.bin"):
        path.write_bytes(path.read_bytes() + b" ")
    cluster.write("sfj/policy/p0", title="另一个办法")
    packs: list[str] = []
    task = facts.ParseTask

    def noted(context: object, pack: str, *rest: object) -> object:
        packs.append(pack)
        return task(context, pack, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(facts, "ParseTask", noted)
    cluster.build()
    assert len(packs) == len(set(packs)) == 2


def test_a_damaged_body_in_the_cache_is_made_again(cluster: SmallCluster, tmp_path: Path) -> None:
    """A flipped bit in any pack costs a build from nothing, and never more."""
    cluster.build()
    for pack in (cluster.settings().cache / "packs").iterdir():
        data = bytearray(pack.read_bytes())
        for place in range(100, len(data), 200):
            data[place] ^= 8
        pack.write_bytes(bytes(data))
    page = cluster.themes / "default" / "templates" / "layout.html"
    page.write_text(page.read_text("utf-8").replace("</body>", "<!-- 改 --></body>"), "utf-8")
    result = cluster.build()
    assert result.leaks == ()
    assert digests(tmp_path / "out") == cluster.build_clean()
    assert cluster.build().written == ()


def test_damaged_compiled_templates_are_made_again(cluster: SmallCluster, tmp_path: Path) -> None:
    """The next build compiles, and keeps what it compiled."""
    cluster.build()
    kept = cluster.settings().cache / "templates.bin"
    data = bytearray(kept.read_bytes())
    data[len(data) // 2] ^= 8
    kept.write_bytes(bytes(data))
    cluster.write("sfj/policy/another", title="又一件")
    cluster.build()
    assert digests(tmp_path / "out") == cluster.build_clean()
    assert load_compiled(cluster.settings().cache, code_digest()) is not None


@pytest.mark.parametrize("name", ["asked.bin", "folding.bin", "index.bin", "outcome.bin", "templates.bin", "terms.bin"])
def test_a_file_of_the_cache_in_the_place_of_another_is_not_believed(
    cluster: SmallCluster, tmp_path: Path, name: str
) -> None:
    """As a backup that was put back by hand leaves it: its seal holds, but it is of something else."""
    cluster.build()
    folder = cluster.settings().cache
    (folder / name).write_bytes((folder / "head.json").read_bytes())
    cluster.write("sfj/policy/another", title="又一件")
    assert cluster.build().leaks == ()
    assert digests(tmp_path / "out") == cluster.build_clean()


def test_nothing_of_an_uncleared_item_is_in_the_tree(cluster: SmallCluster, tmp_path: Path) -> None:
    """Its title, its sentence and its slug are nowhere."""
    result = cluster.build()
    assert result.leaks == ()
    assert result.withheld["uncleared"] == 1
    for path in (tmp_path / "out").rglob("*"):
        assert "secret" not in path.name
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            assert "未审查的决定" not in text
            assert "这一句绝不能" not in text


def test_diagnostics_as_data_are_those_of_the_text(cluster: SmallCluster, tmp_path: Path) -> None:
    """``--format json`` gives the same diagnostics, in both languages, and the counts."""
    cluster.write("sfj/policy/bad", cleared='"true"')
    command = [sys.executable, "-m", "generator", "check", "--now", NOW.isoformat(), "--format", "json"]
    for option in ("content", "sites", "themes"):
        command += [f"--{option}", str(tmp_path / option)]
    command += ["--cache", str(tmp_path / "k" / "cache"), "--state", str(tmp_path / "k" / "state")]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    data = json.loads(done.stdout)
    codes = {one["code"] for one in data["diagnostics"]}
    assert any("clear" in code or "bool" in code for code in codes)
    assert data["summary"]["withheld"] == {"faulty": 1, "uncleared": 1}
    assert all(one["message"]["zh"] and one["message"]["en"] for one in data["diagnostics"])


def test_nothing_is_left_of_what_one_build_alone_reads(cluster: SmallCluster) -> None:
    """Else the cache grows with each build that sets workers to work, and by what is withheld."""
    folder = cluster.settings().cache
    (folder / "holding").mkdir(parents=True)
    killed = [folder / "shared-00.pickle", folder / ".mingtang-tmp-1-head.json", folder / "holding" / "1"]
    for path in killed:
        path.touch()
    for number in range(100):
        cluster.write(f"sfj/decision/d{number:03}", title=f"第{number}号决定")
    cluster.build_with(executor="processes", jobs=2)
    assert not [*folder.glob("shared-*"), *folder.glob("holding/*"), *(path for path in killed if path.exists())]


def test_builds_that_share_nothing_but_the_output_wait_for_each_other(cluster: SmallCluster, tmp_path: Path) -> None:
    """Started in other folders, or with other caches, or after the cache was deleted under a build."""
    cluster.build()
    other = {"cache": tmp_path / "other" / "cache", "state": tmp_path / "other" / "state"}
    waited: list[str] = []

    class Told(Silent):
        def waiting(self, holder: str) -> None:
            waited.append(holder)
            held.close()

    with ExitStack() as held:
        held.enter_context(folder_held(tmp_path / "out", wait=False))
        with pytest.raises(LockedError, match="out"):
            cluster.build_with(wait=False, **other)
        build(dataclasses.replace(cluster.settings(), **other), Told())  # type: ignore[arg-type]
    assert waited == [str(tmp_path / "out")]
    assert digests(tmp_path / "out") == cluster.build_clean()


def test_what_is_kept_of_a_build_is_its_owners_alone(cluster: SmallCluster) -> None:
    """It holds the words of items that are not cleared, and code that the next build runs."""
    before = os.umask(0o022)
    try:
        cluster.build()
        cluster.write("sfj/policy/p1", title="第一号办法", body="第一条 另有规定。")
        cluster.build()
    finally:
        os.umask(before)
    settings = cluster.settings()
    for folder in (settings.cache, settings.state):
        found = [path for path in folder.rglob("*") if path.is_file()]
        assert found
        assert [path for path in found if path.stat().st_mode & 0o077] == []
        assert folder.stat().st_mode & 0o077 == 0


def test_a_check_leaves_no_bodies_behind(cluster: SmallCluster) -> None:
    """What it reads no later build knows of; what the last build wrote stays."""
    packs = cluster.settings().cache / "packs"
    for _ in range(2):
        check(cluster.settings())
        assert [*packs.iterdir()] == []
    cluster.build()
    kept = {path.name for path in packs.iterdir()}
    cluster.write("sfj/policy/p1", title="另一个办法")
    check(cluster.settings())
    assert {path.name for path in packs.iterdir()} == kept
    cluster.build()
    assert digests(cluster.root / "out") == cluster.build_clean()


def test_faults_of_all_definitions_are_told_together(cluster: SmallCluster) -> None:
    """Also where the cluster has some: what stands in other files need not wait until those are mended."""
    for name in ("units/sfj.yml", "negative-list.yml", "thesaurus.yml"):
        with (cluster.sites / name).open("a", encoding="utf-8") as file:
            file.write("\nunknown: x\n")
    with pytest.raises(ConfigError) as refused:
        cluster.build()
    assert [(one.path, one.code) for one in refused.value.diagnostics] == [
        ("sites/negative-list.yml", "key-unknown-here"),
        ("sites/thesaurus.yml", "thesaurus-official"),
        ("sites/units/sfj.yml", "key-unknown-here"),
    ]


def test_an_entry_of_the_home_page_that_leads_nowhere_is_found_where_it_stands(cluster: SmallCluster) -> None:
    """In the definitions as they are now, though nothing else of them changed."""
    cluster.write("sfj/policy/a")
    path = cluster.sites / "cluster.yml"
    before = path.read_text("utf-8")
    for above in ("", "# 说明\n"):
        path.write_text(f"{above}{before}theme_options:\n  needs: [{{label: 办, to: item:sfj/policy/b}}]\n", "utf-8")
        (found,) = [one for one in cluster.build().diagnostics if one.code == "need-unpublished"]
        assert (found.path, found.line, found.column) == ("sites/cluster.yml", 9 + bool(above), 26)
