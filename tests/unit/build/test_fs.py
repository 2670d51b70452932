"""generator.build.fs: atomic writes, faults, the lock."""

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.build.fs import TEMPORARY, FileSystem, locked
from generator.errors import LockedError, say_system_error
from tests.build.cluster import REPOSITORY


def failing(operation: str) -> FileSystem:
    def before(name: str, path: Path) -> None:
        if name == operation:
            raise OSError(errno.ENOSPC, "no space", str(path))

    return FileSystem(before)


def test_write_makes_folders_and_replaces_content(tmp_path: Path) -> None:
    """A write makes the folders that it needs and leaves exactly the new bytes."""
    target = tmp_path / "a" / "b" / "c.html"
    FileSystem().write(target, b"old, and longer")
    stat = FileSystem().write(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.st_size == 3


@pytest.mark.parametrize(
    "name",
    ["公" * 79 + ".html", "会" * 85, "x" * 255, os.fsdecode(b"\xff" * 255)],
    ids=["page", "han", "ascii", "bytes"],
)
def test_a_name_may_be_as_long_as_the_system_lets_it_be(tmp_path: Path, name: str) -> None:
    """Limits are in bytes, of which a Han character has three; the temporary file beside it has a shorter name."""
    source, target = tmp_path / "source", tmp_path / "sent" / name
    seen: list[int] = []

    def look(operation: str, path: Path) -> None:
        if operation == "rename":
            seen.extend(len(os.fsencode(one)) for one in os.listdir(path.parent) if one.startswith(TEMPORARY))

    FileSystem(look).write(target, b"written")
    assert target.read_bytes() == b"written"
    source.write_bytes(b"copied")
    FileSystem(look).copy(source, target)
    assert target.read_bytes() == b"copied"
    assert len(seen) == 2
    assert max(seen) < 143, "as much as an encrypted folder takes"


@pytest.mark.parametrize("at_once", [1, 3, 7, 1 << 20])
def test_write_takes_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """More than the system takes in one call, empty ones among them, however little it writes of them each time."""
    whole = os.writev

    def some(handle: int, pieces: list[memoryview]) -> int:
        return whole(handle, [memoryview(b"".join(pieces))[:at_once]])

    assert (
        FileSystem().write(tmp_path / "empty", b"", b"").st_size == FileSystem().write(tmp_path / "none").st_size == 0
    )
    few = [b"ab", b"", b"c", b"defgh", b""]
    many = [b"%d" % number for number in range(5000)]
    assert FileSystem().write(tmp_path / "many", *many).st_size == len(b"".join(many))
    assert (tmp_path / "many").read_bytes() == b"".join(many)
    monkeypatch.setattr(os, "writev", some)
    FileSystem().write(tmp_path / "few", *few)
    assert (tmp_path / "few").read_bytes() == b"".join(few)


@pytest.mark.parametrize("operation", ["write", "rename"])
def test_write_leaves_the_old_file_when_it_fails(tmp_path: Path, operation: str) -> None:
    """A failed write changes nothing and leaves no temporary file."""
    target = tmp_path / "page.html"
    target.write_bytes(b"old")
    with pytest.raises(OSError, match="no space"):
        failing(operation).write(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("operation", ["copy", "rename"])
def test_copy_leaves_the_old_file_when_it_fails(tmp_path: Path, operation: str) -> None:
    """A failed copy changes nothing and leaves no temporary file."""
    source, target = tmp_path / "source.pdf", tmp_path / "out" / "target.pdf"
    source.write_bytes(b"new")
    target.parent.mkdir()
    target.write_bytes(b"old")
    with pytest.raises(OSError, match="no space"):
        failing(operation).copy(source, target)
    assert target.read_bytes() == b"old"
    assert [path.name for path in target.parent.iterdir()] == ["target.pdf"]


def test_copy_gives_the_digest_of_what_it_wrote(tmp_path: Path) -> None:
    """The digest is of the copied bytes, read once."""
    source = tmp_path / "source.pdf"
    source.write_bytes(b"x" * 3_000_000)
    stat, digest = FileSystem().copy(source, tmp_path / "target.pdf")
    assert stat.st_size == 3_000_000
    import hashlib

    assert digest == hashlib.sha256(b"x" * 3_000_000).hexdigest()


def test_private_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    """A mode given to ``write`` holds, whatever stood there before."""
    target = tmp_path / "report.json"
    FileSystem().write(target, b"{}")
    FileSystem().write(target, b"{}", mode=0o600)
    assert target.stat().st_mode & 0o777 == 0o600


def test_lock_names_its_holder_when_not_waiting(tmp_path: Path) -> None:
    """The second of two builds is told who holds the lock."""
    second = locked(tmp_path / "lock", "build", wait=False)
    with locked(tmp_path / "lock", "build", wait=False), pytest.raises(LockedError, match=f"build, pid {os.getpid()}"):
        second.__enter__()
    with locked(tmp_path / "lock", "build", wait=False):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_told_of_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """As some network drives are: who reads it knows which folder to put elsewhere, and by which option."""

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OSError, match="lock") as refused, locked(tmp_path / "lock", "build", wait=False):
        pass
    said = say_system_error(refused.value)
    assert str(tmp_path / "lock") in said
    assert "--cache" in said


def _hold(path: Path) -> None:
    with locked(path, "build", wait=False):
        (path.parent / "held").touch()
        time.sleep(600)


def test_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    """A lock whose holder was killed is not stale: the kernel has freed it."""
    holder = multiprocessing.get_context("spawn").Process(target=_hold, args=(tmp_path / "lock",))
    holder.start()
    while not (tmp_path / "held").exists():
        time.sleep(0.01)
    with pytest.raises(LockedError), locked(tmp_path / "lock", "build", wait=False):
        pass
    os.kill(holder.pid or 0, signal.SIGKILL)
    holder.join()
    with locked(tmp_path / "lock", "build", wait=False):
        pass


def test_append_adds_whole_lines_for_the_owner_only(tmp_path: Path) -> None:
    """The trail grows at its end and nobody else may read it."""
    log = tmp_path / "state" / "trail.jsonl"
    FileSystem().append(log, b"one\n")
    FileSystem().append(log, b"two\n")
    assert log.read_bytes() == b"one\ntwo\n"
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("operation", ["write", "append"])
def test_what_must_last_is_on_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    """A power cut after the rename would leave a file of no bytes where the withdrawals are remembered."""
    target = tmp_path / "kept"
    seen: list[tuple[bool, int]] = []
    monkeypatch.setattr(os, "fsync", lambda handle: seen.append((target.exists(), os.fstat(handle).st_size)))
    if operation == "write":
        FileSystem().write(target, b"data", durable=True)
        FileSystem().write(tmp_path / "other", b"data")
    else:
        FileSystem().append(target, b"data")
    assert seen == [(operation == "append", 4)]


@pytest.mark.parametrize("operation", ["write", "create", "copy"])
def test_folder_in_the_way_of_a_file_is_named(tmp_path: Path, operation: str) -> None:
    """Whoever is told to move it away must not look for a temporary file."""
    target, source = tmp_path / "record.json", tmp_path / "source"
    target.mkdir()
    source.touch()
    with pytest.raises(OSError, match="record") as refusal:
        getattr(FileSystem(), operation)(*((source, target) if operation == "copy" else (target, b"{}")))
    assert (refusal.value.filename, refusal.value.filename2) == (str(target), None)


def test_file_that_stands_is_replaced_and_never_written_into(tmp_path: Path) -> None:
    """Another folder may share it by a hard link, and a longer one would keep its end."""
    (tmp_path / "old").write_bytes(b"a longer text")
    os.link(tmp_path / "old", tmp_path / "new")
    FileSystem().create(tmp_path / "new", b"short")
    assert ((tmp_path / "old").read_bytes(), (tmp_path / "new").read_bytes()) == (b"a longer text", b"short")


def test_temporary_names_are_recognisable(tmp_path: Path) -> None:
    """Whoever finds a temporary file can tell that it is ours."""
    seen: list[str] = []
    FileSystem(lambda operation, path: seen.extend(one.name for one in tmp_path.iterdir())).write(tmp_path / "x", b"x")
    assert seen
    assert all(name.startswith(TEMPORARY) for name in seen)


FULL = """
import resource, sys
from pathlib import Path
from generator.build.fs import FileSystem

resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
target = Path(sys.argv[2])
if sys.argv[1] == "copy":
    FileSystem().copy(Path(sys.executable), target)
else:
    getattr(FileSystem(), sys.argv[1])(target, bytes(10000))
"""
"""Writes ten thousand bytes where there is room for six: the first call writes what it can and says no word."""


@pytest.mark.parametrize("operation", ["append", "write", "create", "copy"])
def test_what_does_not_fit_is_not_written_in_part(tmp_path: Path, operation: str) -> None:
    """A log keeps its whole lines and no half of one, and the error says of which file it is."""
    target = tmp_path / "log"
    if operation == "append":
        target.write_bytes(b"first\n")
    done = subprocess.run(
        [sys.executable, "-c", FULL, operation, str(target)], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert str(target) in done.stderr.splitlines()[-1]
    assert [path.read_bytes() for path in tmp_path.iterdir()] == ([b"first\n"] if operation == "append" else [])


def test_what_is_appended_is_no_part_of_a_line_that_a_crash_cut_off(tmp_path: Path) -> None:
    """Whoever reads the log passes over that one alone."""
    log = tmp_path / "log"
    log.write_bytes(b"one\ntw")
    FileSystem().append(log, b"three\n")
    assert log.read_bytes() == b"one\ntw\nthree\n"
