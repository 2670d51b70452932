"""Digests that are remembered: believed by git's rule, and by nothing less."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from generator.build.fs import FileSystem
from generator.build.outputs import stat_of
from generator.deploy.digests import Memory, read_digests

FS = FileSystem()


def stats(folder: Path) -> dict[str, tuple[int, int, int, int]]:
    return {path.name: stat_of(path.lstat()) for path in folder.iterdir()}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two files that have lain still for longer than any clock's tick."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "a.html").write_bytes(b"alpha")
    (folder / "b.html").write_bytes(b"beta!")
    time.sleep(1.1)  # a ctime cannot be set
    return folder


def remember(tree: Path, cache: Path) -> None:
    memory = Memory(cache, FS)
    found = stats(tree)
    memory.keep(found, read_digests(tree, found))


def test_file_that_lay_still_is_believed(tree: Path, tmp_path: Path) -> None:
    """What was read once is known afterwards, and the cache file is the owner's alone."""
    cache = tmp_path / "digests.bin"
    remember(tree, cache)
    found = stats(tree)
    assert Memory(cache, FS).known("a.html", found["a.html"]) == hashlib.sha256(b"alpha").hexdigest()
    assert cache.stat().st_mode & 0o077 == 0


def test_edit_that_hides_its_size_and_time_is_seen(tree: Path, tmp_path: Path) -> None:
    """Same size, same mtime, same inode: the ctime gives it away."""
    cache = tmp_path / "digests.bin"
    remember(tree, cache)
    old = (tree / "a.html").stat()
    (tree / "a.html").write_bytes(b"ALPHA")
    os.utime(tree / "a.html", ns=(old.st_atime_ns, old.st_mtime_ns))
    assert (tree / "a.html").stat().st_ino == old.st_ino
    found = stats(tree)
    memory = Memory(cache, FS)
    assert memory.known("a.html", found["a.html"]) is None
    assert memory.known("b.html", found["b.html"]) is not None


def test_file_replaced_by_another_is_seen(tree: Path, tmp_path: Path) -> None:
    """Another inode is another file, whatever its times are."""
    cache = tmp_path / "digests.bin"
    remember(tree, cache)
    size, mtime, ctime, inode = stats(tree)["a.html"]
    assert Memory(cache, FS).known("a.html", (size, mtime, ctime, inode + 1)) is None


def test_file_changed_within_a_tick_of_the_look_is_not_remembered(tree: Path, tmp_path: Path) -> None:
    """What was written just before could be written again without another time: it is read every time."""
    (tree / "a.html").write_bytes(b"gamma")
    cache = tmp_path / "digests.bin"
    remember(tree, cache)
    found = stats(tree)
    memory = Memory(cache, FS)
    assert memory.known("a.html", found["a.html"]) is None
    assert memory.known("b.html", found["b.html"]) is not None


def test_file_with_a_time_to_come_is_not_remembered(tree: Path, tmp_path: Path) -> None:
    """A time in the future says nothing of when the file was written."""
    ahead = time.time_ns() + 3600 * 10**9
    found = {"a.html": (5, ahead, 1, 1)}
    memory = Memory(tmp_path / "digests.bin", FS)
    memory.keep(found, {"a.html": "0" * 64})
    assert memory.known("a.html", found["a.html"]) is None


@pytest.mark.parametrize("damage", [b"", b"\xff\x00", b"{}"])
def test_damaged_memory_is_an_empty_one(tree: Path, tmp_path: Path, damage: bytes) -> None:
    """Everything is read again."""
    cache = tmp_path / "digests.bin"
    cache.write_bytes(damage)
    assert Memory(cache, FS).known("a.html", stats(tree)["a.html"]) is None


def test_what_has_left_the_tree_is_forgotten(tree: Path, tmp_path: Path) -> None:
    """The memory names only files of the tree as it stands."""
    cache = tmp_path / "digests.bin"
    remember(tree, cache)
    (tree / "b.html").unlink()
    remember(tree, cache)
    assert b"b.html" not in cache.read_bytes()
