"""generator.build.configuration: the files of definitions and theme."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from generator.build import configuration
from generator.build.configuration import configuration_texts, touched_since
from generator.build.pipeline import check
from generator.build.settings import private_folder
from generator.errors import ConfigError
from tests.build.cluster import SmallCluster, digests

GBK = "\u4e2d".encode("gbk")
PLACES = {
    "a unit": b"sites/units/%b.yml",
    "a template": b"themes/default/templates/%b.html",
    "an asset": b"themes/default/assets/%b.css",
    "a folder": b"themes/default/assets/%b/a.css",
}
EDITS = {
    "assets/css/base.css": "\n.new { color: red; }\n",
    "jyglj.yml": 'contact: {telephone: "010-55500009"}\n',
}


@pytest.mark.parametrize("place", PLACES)
def test_names_that_are_no_utf8_are_faults(tmp_path: Path, place: str) -> None:
    """As archives leave them, made where file names are GBK; a check says so like a build."""
    cluster = SmallCluster(tmp_path)
    cluster.build()
    path = os.path.join(os.fsencode(tmp_path), PLACES[place] % GBK)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(b"a")
    for said in (cluster.build, lambda: check(cluster.settings())):
        with pytest.raises(ConfigError) as refused:
            said()
        (fault,) = refused.value.diagnostics
        assert (fault.code, fault.path) == ("name-encoding", PLACES[place].decode().replace("%b", r"\udcd6\udcd0"))
    os.unlink(path)
    assert cluster.build().diagnostics == ()


def test_a_name_among_the_evidence_that_is_no_utf8_is_read_like_any_other(tmp_path: Path) -> None:
    """Nobody asks for such a file; that it lies there, and what it says, is noticed all the same."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    file = cluster.content / "sfj/_clearance" / os.fsdecode(GBK + b".txt")
    file.parent.mkdir()
    file.write_text("甲", "utf-8")
    assert cluster.build().published == 1
    file.write_text("乙", "utf-8")
    assert cluster.build().screening is not None


def test_a_folder_whose_name_is_no_utf8_has_a_private_one(tmp_path: Path) -> None:
    """Each its own, as every other."""
    names = [os.fsdecode(GBK), os.fsdecode(GBK + GBK), "内容"]
    assert len({private_folder(tmp_path / "public", tmp_path / name) for name in names}) == len(names)


@pytest.mark.parametrize("folder", ["sites", "themes/default/assets"])
def test_a_file_that_goes_while_its_folder_is_read_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """Editors write beside a file and delete what they wrote; nobody would tell the preview to build again."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    file = tmp_path / folder / "a.tmp"
    file.touch()
    read = Path.read_bytes

    def gone(path: Path) -> bytes:
        if path.name == file.name:
            raise FileNotFoundError(path)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", gone)
    assert cluster.build().published == 1


@pytest.mark.parametrize(("folder", "file"), [("themes/default", "assets/css/base.css"), ("sites/units", "jyglj.yml")])
def test_a_folder_that_is_a_link_is_compared_like_any_other(tmp_path: Path, folder: str, file: str) -> None:
    """A theme may be kept in a repository of its own; an edit of it must not wait for an edit of something else."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    shutil.move(tmp_path / folder, tmp_path / "elsewhere")
    (tmp_path / folder).symlink_to(tmp_path / "elsewhere")
    cluster.build()
    assert not cluster.build().written
    path = tmp_path / "elsewhere" / file
    path.write_text(path.read_text("utf-8") + EDITS[file], "utf-8")
    assert cluster.build().written
    assert digests(tmp_path / "out") == cluster.build_clean()


def test_what_is_hidden_beside_a_theme_is_no_part_of_it(tmp_path: Path) -> None:
    """As the history of a theme that is a repository: nobody reads it, and what it says may not be said for it."""
    cluster = SmallCluster(tmp_path)
    before = configuration_texts(cluster.settings())
    history = cluster.themes / "default" / ".git" / "objects"
    history.mkdir(parents=True)
    (history / "a").write_text("内部的话", "utf-8")
    assert configuration_texts(cluster.settings()) == before
    shutil.move(cluster.themes / "default", tmp_path / "elsewhere")
    (cluster.themes / "default").symlink_to(tmp_path / "elsewhere")
    assert configuration_texts(cluster.settings()) == before


def test_a_hidden_file_that_looks_like_a_unit_is_told_of_at_once(tmp_path: Path) -> None:
    """As some systems leave one beside each file: the definitions are listed by how names end."""
    cluster = SmallCluster(tmp_path)
    cluster.build()
    (cluster.sites / "units" / "._sfj.yml").write_text("a", "utf-8")
    for said in (cluster.build, cluster.build_clean):
        with pytest.raises(ConfigError):
            said()


def test_an_edit_of_a_linked_folder_during_a_build_is_noticed(tmp_path: Path) -> None:
    """Whatever the file says when the build is over."""
    cluster = SmallCluster(tmp_path)
    shutil.move(cluster.themes / "default", tmp_path / "elsewhere")
    (cluster.themes / "default").symlink_to(tmp_path / "elsewhere")
    file = tmp_path / "elsewhere" / "theme.yml"
    moment = os.lstat(cluster.themes / "default").st_ctime_ns + 1
    time.sleep(0.02)  # the clock of files stands still between two ticks
    assert not touched_since(cluster.settings(), moment)
    file.write_bytes(file.read_bytes())
    assert touched_since(cluster.settings(), moment)


def test_a_disk_that_counts_whole_seconds_may_hide_an_edit_during_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stamps an edit with the second in which the build began, as if that had been before."""
    second = 1_790_000_000_000_000_000
    monkeypatch.setattr(configuration, "_changes", lambda settings: iter([second]))
    settings = SmallCluster(tmp_path).settings()
    assert touched_since(settings, second + 400_000_000)
    assert not touched_since(settings, second + 3_000_000_000)
