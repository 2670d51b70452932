"""generator.serve.watch: when a burst of changes is over."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from generator.serve import watch
from generator.serve.watch import Watcher, file_system_of
from tests.build.cluster import REPOSITORY


def test_a_burst_is_waited_for_as_long_as_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand changes one upon the other, as ``git checkout`` makes them, are one; however many there are."""
    monkeypatch.setattr(watch, "_QUIET", 0.25)  # the thread that changes may have to wait for a processor
    monkeypatch.setattr(watch, "_PATIENCE", 20.0)
    ended = []

    def change() -> None:
        until = time.monotonic() + 0.6
        while time.monotonic() < until:
            watcher.poke()
            time.sleep(0.0005)
        ended.append(time.monotonic())

    with Watcher([tmp_path]) as watcher:
        changing = threading.Thread(target=change)
        changing.start()
        assert watcher.wait(20)
        assert ended
        changing.join()


def test_a_burst_without_end_is_not_waited_for_without_end(tmp_path: Path) -> None:
    """Something writes all the time: what stands by now is shown."""
    end = threading.Event()

    def change() -> None:
        while not end.wait(0.005):
            watcher.poke()

    with Watcher([tmp_path]) as watcher:
        changing = threading.Thread(target=change)
        changing.start()
        assert watcher.wait(20)
        end.set()
        changing.join()


def test_where_there_are_no_more_events_changes_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every folder takes a watch, of which a user has so many: a large cluster is previewed all the same."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr("watchdog.observers.inotify.InotifyEmitter.on_thread_start", refuse)
    with Watcher([tmp_path]) as watcher:
        assert watcher.polling
        (tmp_path / "a.md").write_text("x", "utf-8")
        assert watcher.wait(20)


def test_a_folder_that_came_back_under_its_old_number_is_still_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system gives the number of what was deleted to what is made next, and the old watch is gone."""
    monkeypatch.setattr(watch, "_inode", lambda folder: 1)
    folder = tmp_path / "content"
    folder.mkdir()
    with Watcher([folder]) as watcher:
        shutil.rmtree(folder)
        folder.mkdir()
        while watcher.wait(0.5):
            pass
        (folder / "a.md").write_text("x", "utf-8")
        assert watcher.wait(20)


@pytest.mark.parametrize("above", ["备份~", "4913", ".git"])
def test_only_names_below_the_folder_are_those_of_an_editor(tmp_path: Path, above: str) -> None:
    """Wherever the cluster itself lies; below it what editors write for themselves is no change."""
    folder = tmp_path / above / "content"
    folder.mkdir(parents=True)
    with Watcher([folder]) as watcher:
        (folder / "a.md~").write_text("x", "utf-8")
        assert not watcher.wait(0.5)
        (folder / "a.md").write_text("x", "utf-8")
        assert watcher.wait(20)


@pytest.mark.parametrize("poll", [False, True])
def test_what_lies_behind_a_link_is_not_looked_at(tmp_path: Path, poll: bool) -> None:
    """No build reads it; looking through a whole drive, again and again, would never end."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "link").symlink_to(tmp_path / "elsewhere")
    with Watcher([tmp_path / "content"], poll=poll) as watcher:
        while watcher.wait(0.7):
            pass
        (tmp_path / "elsewhere" / "a.md").write_text("x", "utf-8")
        assert not watcher.wait(1.5)
        (tmp_path / "content" / "a.md").write_text("x", "utf-8")
        assert watcher.wait(20)


@pytest.mark.parametrize("poll", [False, True])
def test_a_theme_that_lies_elsewhere_is_looked_at(tmp_path: Path, poll: bool) -> None:
    """Builds read it through the link: a theme of its own repository, put in, or put elsewhere, meanwhile too."""
    themes = tmp_path / "themes"
    for name in ("themes", "one", "two"):
        (tmp_path / name).mkdir()
    link = themes / "own"
    link.symlink_to(tmp_path / "one")
    with Watcher([themes], through=[themes], poll=poll) as watcher:

        def is_told(of: str) -> bool:
            while watcher.wait(0.7):
                pass
            (tmp_path / of / "theme.yml").write_text(f"{time.monotonic()}", "utf-8")
            return watcher.wait(2)

        assert is_told("one")
        assert not is_told("two")
        link.unlink()
        link.symlink_to(tmp_path / "two")
        assert is_told("two")
        assert not is_told("one")


def test_what_watchdog_tells_of_itself_is_not_told_to_editors() -> None:
    """It complains of its own threads when a folder is watched anew; without a log such a line goes to the terminal."""
    code = (
        "import logging, pathlib, generator.serve.watch as watch\n"
        "watch.Watcher([pathlib.Path('.')])\n"
        "logging.getLogger('watchdog.observers.inotify').error('the thread is inactive')\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "")


MOUNTS = r"""/dev/sda1 / ext4 rw,relatime 0 0
server:/gongxiang /mnt/gong\040xiang nfs4 rw 0 0
/dev/sdb1 /mnt/gong\040xiang/local xfs rw 0 0
old /srv ext4 rw 0 0
//server/srv /srv cifs rw 0 0
//server/x /srv/明堂 cifs rw 0 0
gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
tmpfs
"""


@pytest.mark.parametrize(
    ("folder", "kind", "polling"),
    [
        ("/daten/content", "ext4", False),
        ("/mnt/gong xiang/content", "nfs4", True),
        ("/mnt/gong xiang/local/content", "xfs", False),
        ("/mnt/gong", "ext4", False),
        ("/srv/content", "cifs", True),
        ("/srv/明堂/content", "cifs", True),
        ("/run/user/1000/gvfs/smb-share/content", "fuse.gvfsd-fuse", True),
    ],
)
def test_changes_on_a_shared_drive_are_looked_for(
    folder: str, kind: str, polling: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing tells of what another machine writes there; unless somebody says otherwise."""
    assert file_system_of(Path(folder), MOUNTS) == kind
    monkeypatch.setattr(Path, "read_text", lambda *_: MOUNTS)
    assert [Watcher([Path(folder)], poll=poll).polling for poll in (None, True, False)] == [polling, True, False]
