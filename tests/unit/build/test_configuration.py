"""generator.build.configuration: the files of definitions and theme."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.build.pipeline import check
from generator.build.settings import private_folder
from generator.errors import ConfigError
from tests.build.cluster import SmallCluster

GBK = "\u4e2d".encode("gbk")
PLACES = {
    "a unit": b"sites/units/%b.yml",
    "a template": b"themes/default/templates/%b.html",
    "an asset": b"themes/default/assets/%b.css",
    "a folder": b"themes/default/assets/%b/a.css",
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
