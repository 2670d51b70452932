"""The guard itself is tested: a guard that never raises guards nothing."""

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, MakeTree, WroteOutsideError


def test_guard_raises_on_write_into_repository() -> None:
    """Opening a file of the repository for writing raises before anything is written."""
    victim = REPOSITORY / "guard-was-here.txt"
    with pytest.raises(WroteOutsideError):
        victim.write_text("x")
    assert not victim.exists()


def test_guard_raises_on_removal_and_rename_in_repository(tmp_path: Path) -> None:
    """Removing, or renaming into, the repository raises."""
    with pytest.raises(WroteOutsideError):
        (REPOSITORY / "guard-was-never-here.txt").unlink()
    source = tmp_path / "a"
    source.write_text("x")
    with pytest.raises(WroteOutsideError):
        source.rename(REPOSITORY / "guard-was-here.txt")


def test_make_tree_writes_text_and_bytes(make_tree: MakeTree) -> None:
    """Text is written as UTF-8, bytes as they are."""
    folder = make_tree({"a/b.md": "明堂\n", "c.bin": b"\xff\x00"}, "content")
    assert (folder / "a" / "b.md").read_bytes() == "明堂\n".encode()
    assert (folder / "c.bin").read_bytes() == b"\xff\x00"
