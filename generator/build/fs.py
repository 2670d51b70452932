"""Every write to disk: atomic, lockable, and with faults injectable. Effects: the disk.

Invariants: a file is never seen half-written (a temporary name, then ``rename``);
a failed write leaves neither the target changed nor a temporary file; names that
begin with ``TEMPORARY`` are ours and may be removed by whoever finds them.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from generator.errors import LockedError

TEMPORARY = ".mingtang-tmp-"
_BLOCK = 1 << 20
_LONGEST = 80
"""Bytes of a name that are kept in that of a temporary file: names have at most 255, in encrypted folders 143."""
_MOST_PIECES = 1024
"""That the system takes at once (``IOV_MAX``)."""


@dataclass(frozen=True)
class FileSystem:
    """The operations that the build uses; ``before`` is called first and may raise ``OSError`` (tests)."""

    before: Callable[[str, Path], None] | None = None

    def check(self, operation: str, path: Path) -> None:
        """Let a test make the operation fail."""
        if self.before is not None:
            self.before(operation, path)

    def read(self, path: Path) -> bytes:
        """The whole file."""
        self.check("read", path)
        return path.read_bytes()

    def write(self, path: Path, *data: bytes, mode: int = 0o644, durable: bool = False) -> os.stat_result:
        """Replace ``path`` by ``data``, piece after piece, atomically; makes its folders; gives the new file's stat."""
        self.check("write", path)
        temporary = f"{path.parent}/{_temporary_name(path)}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        try:
            handle = os.open(temporary, flags, mode)
        except FileNotFoundError:
            self.make_folder(path.parent)
            handle = os.open(temporary, flags, mode)
        try:
            try:
                _write_all(handle, data)
                if durable:
                    os.fsync(handle)
            finally:
                os.close(handle)
            self.check("rename", path)
            os.replace(temporary, path)
        except BaseException as error:
            with suppress(OSError):
                os.unlink(temporary)
            if isinstance(error, OSError):
                _named(error, path)
            raise
        return os.stat(path)

    def create(self, path: Path | str, data: bytes) -> os.stat_result:
        """Write a file of an unsealed tree; gives its stat.

        Where nothing stands yet it is written in place, which costs half the system calls: a tree whose build was cut
        off has no manifest, and a file that its ledger does not know is deleted by the next build. What stands is
        replaced atomically. A ``str`` will do: to make a ``Path`` of it takes as long as to open the file.
        """
        if self.before is not None:
            self.check("write", Path(path))
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            return self.write(Path(path), data)
        except FileNotFoundError:
            self.make_folder(Path(path).parent)
            return self.create(path, data)
        try:
            try:
                while data:
                    data = data[os.write(handle, data) :]
                return os.fstat(handle)
            finally:
                os.close(handle)
        except BaseException as error:
            with suppress(OSError):
                os.unlink(path)
            if isinstance(error, OSError):
                _named(error, path)
            raise

    def copy(self, source: Path, target: Path) -> tuple[os.stat_result, str]:
        """Copy a file atomically in blocks; gives the new file's stat and SHA-256."""
        self.check("copy", target)
        self.make_folder(target.parent)
        temporary = target.parent / _temporary_name(target)
        digest = hashlib.sha256()
        try:
            with source.open("rb") as reader, temporary.open("wb") as writer:
                while block := reader.read(_BLOCK):
                    digest.update(block)
                    writer.write(block)
            self.check("rename", target)
            os.replace(temporary, target)
        except BaseException as error:
            with suppress(OSError):
                temporary.unlink()
            if isinstance(error, OSError):
                _named(error, target)
            raise
        return target.stat(), digest.hexdigest()

    def make_folder(self, path: Path, *, mode: int = 0o755) -> None:
        """Make a folder and those above it."""
        self.check("mkdir", path)
        path.mkdir(parents=True, exist_ok=True, mode=mode)

    def remove(self, path: Path) -> None:
        """Remove a file or a symbolic link; one that is gone already is no fault."""
        self.check("remove", path)
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder; one that is gone or not empty is left."""
        self.check("rmdir", path)
        with suppress(FileNotFoundError, OSError):
            path.rmdir()

    def append(self, path: Path, data: bytes, *, mode: int = 0o600) -> None:
        """Append whole lines to a log and force them to disk: all of them or none."""
        self.check("append", path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, mode)
        try:
            before = os.fstat(handle).st_size
            cut = before > 0 and os.pread(handle, 1, before - 1) != b"\n"  # by a crash: what comes is no part of it
            try:
                _write_all(handle, (b"\n", data) if cut else (data,))
                os.fsync(handle)
            except BaseException:
                os.ftruncate(handle, before)
                raise
        except OSError as error:
            _named(error, path)
            raise
        finally:
            os.close(handle)


def _temporary_name(path: Path) -> str:
    return f"{TEMPORARY}{os.getpid()}-{os.fsencode(path.name)[:_LONGEST].decode('utf-8', 'ignore')}"


def _write_all(handle: int, pieces: Sequence[bytes]) -> None:
    """Write all, without joining it: to copy a megabyte takes half as long as to write it.

    A call writes less when the disk is nearly full, and says nothing.
    """
    left = [memoryview(piece) for piece in pieces if piece]
    while left:
        written = os.writev(handle, left[:_MOST_PIECES])
        whole = 0
        while whole < len(left) and written >= len(left[whole]):
            written -= len(left[whole])
            whole += 1
        del left[:whole]
        if written:
            left[0] = left[0][written:]


def _named(error: OSError, path: Path | str) -> None:
    """Let the error say at which file it happened: what writes to a descriptor knows none.

    Nor is a temporary file, which is gone by now, what anybody should look for.
    """
    if error.filename is None or TEMPORARY in os.fspath(error.filename):
        error.filename, error.filename2 = os.fspath(path), None


_LOOKS = 20


@contextmanager
def locked(path: Path, purpose: str, *, wait: bool, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the lock file ``path``; the kernel frees it when its holder dies, so none is ever stale.

    Raises ``LockedError`` naming the holder when it is held and ``wait`` is false.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _lock(handle, wait=wait, on_wait=on_wait)
            os.ftruncate(handle, 0)
            note = {"pid": os.getpid(), "host": socket.gethostname(), "purpose": purpose}
            os.pwrite(handle, json.dumps(note).encode(), 0)
        except OSError as error:
            _named(error, path)
            raise
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _lock(handle: int, *, wait: bool, on_wait: Callable[[str], None] | None) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _holder(handle)
        if not wait:
            raise LockedError(f"另一个进程正在使用：{holder}。Held by another process: {holder}") from None
        if on_wait is not None:
            on_wait(holder)
        fcntl.flock(handle, fcntl.LOCK_EX)


@contextmanager
def folder_held(folder: Path, *, wait: bool, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold a folder itself, in which no lock file may lie; raises ``LockedError`` as ``locked`` does.

    Builds that share no cache, and hence no lock file, may still be given one output folder. Where a file system knows
    no locks of folders, as some network drives, nothing is held.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                raise LockedError(
                    f"另一个进程正在写这个文件夹：{folder}。Another process is writing to this folder."
                ) from None
            if on_wait is not None:
                on_wait(os.fspath(folder))
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError:
            pass
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    for _ in range(_LOOKS):
        try:
            note = json.loads(os.pread(handle, 1000, 0))
            return f"{note['purpose']}, pid {note['pid']} @ {note['host']}"
        except (ValueError, KeyError):
            time.sleep(0.01)  # who has the lock writes its name just after
    return "pid ?"
