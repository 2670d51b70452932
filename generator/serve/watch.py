"""Tells when anything below some folders changed. Effects: file-system events, or polling where none arrive."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from watchdog.events import FileSystemEvent, FileSystemEventHandler

from generator.build.configuration import linked_folders

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

_SILENT = frozenset({"opened", "closed", "closed_no_write"})
_NOISE = re.compile(r"/\.git(/|$)|/(\.[^/]*\.sw[a-p]|4913|[^/]*~|#[^/]*#|\.#[^/]*|~\$[^/]*|\.DS_Store)$")
"""What git and editors write for themselves, in a path below a watched folder."""
_DEAF = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "vboxsf", "drvfs", "prl_fs", "virtiofs", "ceph", "lustre"}
)
"""File systems whose changes by other machines give no events here; and those that a program makes (``fuse.…``)."""
_OCTAL = re.compile(r"\\([0-7]{3})")
"""How a list of mounts writes spaces and the like."""
_QUIET = 0.03
"""Seconds without a further change after which a burst is over: editors write a file in several steps."""
_PATIENCE = 1.0
"""Seconds after which a burst is built although it goes on, such as a large ``git checkout``."""


class Watcher:
    """Collects changes below ``folders``; a folder that vanishes and comes back is still watched.

    ``through``: those of which builds also read the folders to which links in them lead.
    """

    def __init__(self, folders: Sequence[Path], *, through: Sequence[Path] = (), poll: bool | None = None) -> None:
        # A folder that is moved away and back is told twice, of which watchdog warns and which does no harm.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
        # Nor need an editor read that one of its threads is being ended.
        logging.getLogger("watchdog").addHandler(logging.NullHandler())
        self._given = [folder.resolve() for folder in folders]
        self._through = through
        self._folders = self._watched()
        self.polling = any(_is_deaf(folder) for folder in self._folders) if poll is None else poll
        self._changed = threading.Event()
        self._remade = threading.Event()
        self._inodes = [_inode(folder) for folder in self._folders]
        self._observer: BaseObserver | None = None

    def _watched(self) -> list[Path]:
        """The folders, and those that lie elsewhere and are read as if they lay there."""
        linked = (path.resolve() for folder in self._through for path in linked_folders(folder))
        return [*self._given, *sorted(set(linked).difference(self._given))]

    def _start(self) -> None:
        """Watch; or look for changes, where the system gives no more events."""
        try:
            self._observer = self._observe()
            self._observer.start()
        except OSError:  # each folder takes one of the watches of the user's, of which there may be few left
            if self.polling:
                raise
            self._stop()
            self.polling = True
            self._observer = self._observe()
            self._observer.start()

    def _stop(self) -> None:
        if self._observer is not None:
            self._observer.unschedule_all()
            self._observer.stop()

    def _observe(self) -> BaseObserver:
        if self.polling:
            from watchdog.observers.polling import PollingObserverVFS

            # Links are not followed, as no build follows any but those of ``through``: behind it may lie anything.
            observer: BaseObserver = PollingObserverVFS(os.lstat, os.scandir, polling_interval=0.5)
        else:
            from watchdog.observers import Observer

            observer = Observer(timeout=0.05)
        handler = _Handler(self._changed, self._remade, self._folders)
        # The parent is watched too, flat: its events tell when a watched folder is deleted and made again.
        for parent in sorted({folder.parent for folder in self._folders}):
            observer.schedule(handler, str(parent), recursive=False)
        for folder in self._folders:
            if folder.is_dir():
                observer.schedule(handler, str(folder), recursive=True)
        return observer

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for a burst of changes and for its end; false when none came in time."""
        if not self._changed.wait(timeout):
            return False
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            self._changed.clear()
            if not self._changed.wait(_QUIET):
                break
        self._changed.clear()
        self._mend()
        return True

    def _mend(self) -> None:
        """Watch again what was deleted and made anew: its old watch is on a folder that is gone.

        The number alone does not tell: what is made next may be given that of what was deleted.
        """
        folders = self._watched()
        inodes = [_inode(folder) for folder in folders]
        if self._remade.is_set() or (folders, inodes) != (self._folders, self._inodes):
            self._remade.clear()
            self._folders, self._inodes = folders, inodes
            self._stop()
            self._start()

    def poke(self) -> None:
        """Let ``wait`` return."""
        self._changed.set()

    def __enter__(self) -> Watcher:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        if self._observer is not None:
            self._observer.join()


class _Handler(FileSystemEventHandler):
    def __init__(self, changed: threading.Event, remade: threading.Event, folders: Sequence[Path]) -> None:
        self._changed = changed
        self._remade = remade
        self._folders = tuple(str(folder) for folder in folders)

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _SILENT or (event.is_directory and event.event_type == "modified"):
            return
        for path in (event.src_path, event.dest_path):
            name = os.fsdecode(path)
            if name in self._folders:
                self._remade.set()
            if any(self._tells(name, folder) for folder in self._folders):
                self._changed.set()

    @staticmethod
    def _tells(name: str, folder: str) -> bool:
        """Whether it is the folder, or below it and no file that an editor or git writes for itself."""
        return name == folder or (name.startswith(f"{folder}{os.sep}") and not _NOISE.search(name, len(folder)))


def _inode(folder: Path) -> int:
    try:
        return folder.stat().st_ino
    except OSError:
        return 0


def _is_deaf(folder: Path) -> bool:
    """Whether the folder lies on a network or shared drive."""
    try:
        mounts = Path("/proc/mounts").read_text("utf-8", "replace")
    except OSError:
        return False
    kind = file_system_of(folder, mounts)
    return kind in _DEAF or kind.startswith("fuse.")


def file_system_of(folder: Path, mounts: str) -> str:
    """The kind of file system on which a folder lies, by the longest mount point above it, of two by the later."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2 and len(fields[1]) >= len(best) and folder.is_relative_to(_OCTAL.sub(_sign, fields[1])):
            best, kind = fields[1], fields[2]
    return kind


def _sign(match: re.Match[str]) -> str:
    return chr(int(match[1], 8))
