"""What is computed beside this process: its result, its faults, its end."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from io import FileIO
from pathlib import Path

import pytest

from generator.build.background import _LENGTH, BackgroundDied, _received, in_background


@pytest.fixture(autouse=True)
def lone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests of this process may have left threads that wait."""
    if "threads" not in request.node.name:
        monkeypatch.setattr(threading, "active_count", lambda: 1)


def test_the_result_comes_from_another_process() -> None:
    """However large it is."""
    with in_background(lambda: (os.getpid(), "密" * 1_000_000)) as wait:
        process, text = wait()
    assert process != os.getpid()
    assert text == "密" * 1_000_000


@pytest.mark.parametrize("alone", [True, False])
def test_a_fault_is_raised_where_the_result_is_asked_for(alone: bool) -> None:
    """As if it had been done here."""

    def look() -> list[str]:
        return os.listdir("/no/such/folder")

    with in_background(look, alone=alone) as wait, pytest.raises(FileNotFoundError):
        wait()


def test_a_process_that_dies_is_no_answer() -> None:
    """Nothing is made up in its place."""
    with in_background(lambda: os.kill(os.getpid(), signal.SIGKILL)) as wait, pytest.raises(BackgroundDied):
        wait()


def test_nobody_waits_after_the_block(tmp_path: Path) -> None:
    """A build that failed ends at once, and leaves no process behind."""

    def dawdle() -> None:
        (tmp_path / "process").write_text(str(os.getpid()))
        time.sleep(60)

    started = time.monotonic()
    with in_background(dawdle):
        while not (tmp_path / "process").exists() or not (tmp_path / "process").read_text():
            time.sleep(0.01)
    assert time.monotonic() - started < 30
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "process").read_text()), 0)


def test_no_lock_is_held_beside_the_parent(tmp_path: Path) -> None:
    """What the parent had open ends with the parent."""
    with (tmp_path / "lock").open("w") as lock:

        def is_open() -> bool:
            try:
                os.fstat(lock.fileno())
            except OSError:
                return False
            return True

        with in_background(is_open) as wait:
            assert wait() is False


def test_a_process_with_threads_is_not_copied() -> None:
    """The copy could wait for ever for a thread that it does not have."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        with in_background(os.getpid) as wait:
            assert wait() == os.getpid()
    finally:
        end.set()
        thread.join()


def test_nobody_waits_for_what_the_process_left_behind(tmp_path: Path) -> None:
    """It answers, and leaves a process that holds all that it had open."""

    def leave() -> int:
        left = os.fork()
        if not left:
            time.sleep(3)
            (tmp_path / "ended").touch()
            os._exit(0)
        return left

    with in_background(leave) as wait:
        left = wait()
        assert not (tmp_path / "ended").exists()
    os.kill(left, signal.SIGKILL)


@pytest.mark.parametrize("kept", [1, 10, -1])
def test_an_answer_that_is_cut_is_none(tmp_path: Path, kept: int) -> None:
    """The process was ended while it wrote."""
    answered = pickle.dumps((True, "密" * 100))
    (tmp_path / "answer").write_bytes((_LENGTH.pack(len(answered)) + answered)[:kept])
    with FileIO(tmp_path / "answer") as answer, pytest.raises(BackgroundDied):
        _received(answer, 0)
