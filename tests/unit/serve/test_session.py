"""generator.serve.session: what happens between two builds of a preview."""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from generator.build.fs import locked
from generator.build.pipeline import LOCK
from generator.errors import UsageError
from generator.serve import session as module
from generator.serve.ending import ended_by_signals
from generator.serve.session import Session
from tests.build.cluster import NOW, SmallCluster


def until(happened: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_change_that_fell_due_while_a_build_cannot_be_made_is_not_tried_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The definitions are broken when an item is to appear: it waits until somebody mends them."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/soon", date=f'"{(NOW + timedelta(minutes=1)).isoformat()}"')
    moment, calls = NOW, [0]
    build = module.build

    def counting(settings: object, _: object) -> object:
        calls[0] += 1
        if calls[0] > 1:
            raise UsageError("坏了")
        return build(settings)  # type: ignore[arg-type]

    def clock() -> datetime:
        return moment

    monkeypatch.setattr(module, "build", counting)
    said: list[str] = []
    session = Session(cluster.settings(), clock, 0, lambda text, _: said.append(text), poll=None)
    running = threading.Thread(target=session.run, args=(lambda: None,))
    running.start()
    while not said:
        time.sleep(0.01)
    moment = NOW + timedelta(hours=1)
    (cluster.sites / "cluster.yml").touch()
    time.sleep(1.5)
    session.stop()
    running.join(20)
    assert not running.is_alive()
    assert 2 <= calls[0] < 6  # else ten a second


def test_complaint_of_the_system_is_told_as_every_command_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the file, in the editor's language, not as Python prints it."""

    def failing(*_: object) -> None:
        session.stop()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "preview/index.html")

    monkeypatch.setattr(module, "build", failing)
    said: list[str] = []
    session = Session(SmallCluster(tmp_path).settings(), lambda: NOW, 0, lambda text, _: said.append(text), poll=None)
    session.run(lambda: None)
    assert len(said) == 1
    assert "磁盘或系统错误 preview/index.html：磁盘满了" in said[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_preview_that_waits_for_another_build_says_so_and_can_be_ended(tmp_path: Path, number: signal.Signals) -> None:
    """Somebody else's build may take long, or hang: whoever waits for it is not bound to."""
    settings = SmallCluster(tmp_path).settings()
    said: list[str] = []
    session = Session(settings, lambda: NOW, 0, lambda text, _: said.append(text), poll=None)
    running = threading.Thread(target=session.run, args=(lambda: said.append("ready"),))
    with ended_by_signals(session.stop), locked(settings.cache / LOCK, "release", wait=False):
        running.start()
        while not said:
            time.sleep(0.01)
        time.sleep(0.5)
        os.kill(os.getpid(), number)
        running.join(20)
        assert not running.is_alive()
    assert len(said) == 1
    assert "另一个进程" in said[0]


def test_preview_is_built_when_the_other_build_is_over(tmp_path: Path) -> None:
    """Nobody need save anything for that."""
    settings = SmallCluster(tmp_path).settings()
    said: list[str] = []
    session = Session(settings, lambda: NOW, 0, lambda text, _: said.append(text), poll=None)
    running = threading.Thread(target=session.run, args=(session.stop,))
    with locked(settings.cache / LOCK, "release", wait=False):
        running.start()
        while not said:
            time.sleep(0.01)
    running.join(60)
    assert not running.is_alive()
    assert "已更新" in said[-1]


def test_preview_ends_in_the_midst_of_a_build(tmp_path: Path) -> None:
    """The first one of a large cluster takes minutes; and nobody is sent to look at what is half made."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    settings, said = cluster.settings(), list[str]()

    def clock() -> datetime:
        session.stop()
        return NOW

    session = Session(settings, clock, 0, lambda text, _: said.append(text), poll=None)
    session.run(lambda: said.append("ready"))
    assert said == []
    assert not (settings.out / "index.html").exists()


def test_clock_that_stands_still_makes_nothing_due(tmp_path: Path) -> None:
    """With ``--now`` shortly before an item appears: it never does, and need not be looked for again and again."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/soon", date=f'"{(NOW + timedelta(seconds=1)).isoformat()}"')
    said: list[str] = []
    session = Session(cluster.settings(), lambda: NOW, 0, lambda text, _: said.append(text), poll=None)
    threading.Timer(3.5, session.stop).start()
    session.run(lambda: None)
    assert len(said) == 1


def test_item_appears_when_its_time_has_come(tmp_path: Path) -> None:
    """Though nobody saves anything."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/soon", date=f'"{(NOW + timedelta(seconds=2)).isoformat()}"')
    began = time.monotonic()
    said: list[str] = []

    def clock() -> datetime:
        return NOW + timedelta(seconds=int(time.monotonic() - began))

    def say(text: str, _: object) -> None:
        said.append(text)
        if len(said) == 2:
            session.stop()

    session = Session(cluster.settings(), clock, 0, say, poll=None)
    ending = threading.Timer(60, session.stop)
    ending.start()
    session.run(lambda: None)
    ending.cancel()
    assert len(said) == 2


def test_item_whose_time_came_during_a_build_is_waited_for_no_more_than_an_instant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is the clock asked without end for one that is about to: it may be a hair behind that of the system."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/soon", date=f'"{(NOW + timedelta(seconds=1)).isoformat()}"')
    asked = iter([NOW, NOW + timedelta(seconds=0.999), NOW + timedelta(seconds=0.9999)])
    waited: list[float] = []
    said: list[str] = []

    def wait(_: object, timeout: float) -> bool:
        waited.append(timeout)
        return False

    def say(text: str, _: object) -> None:
        said.append(text)
        if len(said) == 2:
            session.stop()

    monkeypatch.setattr(module.Watcher, "wait", wait)
    session = Session(cluster.settings(), lambda: next(asked, NOW + timedelta(seconds=2)), 0, say, poll=None)
    session.run(lambda: None)
    assert waited == [0.1, 0.1]


def test_bug_of_ours_does_not_end_the_preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as such, and the next change may be built; whoever listens is let go at the end."""
    cluster = SmallCluster(tmp_path)
    build, said = module.build, list[str]()

    def failing_once(*arguments: object) -> object:
        if not said:
            raise ZeroDivisionError("ours")
        return build(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "build", failing_once)
    session = Session(cluster.settings(), lambda: NOW, 0, lambda text, _: said.append(text), poll=None)
    running = threading.Thread(target=session.run, args=(lambda: None,), daemon=True)
    running.start()
    until(lambda: bool(said))
    connection = HTTPConnection("127.0.0.1", int(session.address.rsplit(":", 1)[1].strip("/")), timeout=20)
    connection.request("GET", "/__preview__/events")
    stream = connection.getresponse()
    assert "程序内部错误" in stream.readline().decode()
    cluster.write("sfj/policy/a")
    until(lambda: len(said) == 2)
    session.stop()
    rest: list[bytes] = []
    reading = threading.Thread(target=lambda: rest.append(stream.read()), daemon=True)
    reading.start()
    reading.join(10)  # the stream ends, and sooner than by a heartbeat that finds nobody
    assert "sfj/policy/a.html" in b"".join(rest).decode()
    running.join(20)
    assert not running.is_alive()
    assert "ZeroDivisionError: ours" in said[0]
    assert "已更新" in said[1]


def test_an_edit_of_a_theme_that_lies_elsewhere_is_shown(tmp_path: Path) -> None:
    """As of one of its own repository, to which a link leads."""
    cluster = SmallCluster(tmp_path)
    (cluster.themes / "default").rename(tmp_path / "own")
    (cluster.themes / "default").symlink_to(tmp_path / "own")
    settings, said = cluster.settings(), list[str]()
    session = Session(settings, lambda: NOW, 0, lambda text, _: said.append(text), poll=None)
    running = threading.Thread(target=session.run, args=(lambda: None,))
    running.start()
    until(lambda: bool(said))
    try:
        page = tmp_path / "own" / "templates" / "layout.html"
        page.write_text(page.read_text("utf-8").replace("</body>", "<p>改过</p></body>"), "utf-8")
        until(lambda: len(said) == 2)
        assert "<p>改过</p>" in (settings.out / "about.html").read_text("utf-8")
    finally:
        session.stop()
        running.join(20)
