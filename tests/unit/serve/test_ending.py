"""A signal ends the preview, whichever thread it reaches and whatever that thread is at."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from generator.serve.ending import ended_by_signals

NUMBERS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def _as_on_a_terminal() -> Iterator[None]:
    """Where tests run in the background the shell has them ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_is_heard_while_the_main_thread_waits(number: signal.Signals) -> None:
    """It reaches another thread, so nothing wakes the main one: as when it comes just before the wait begins."""
    stopped = threading.Event()

    def send() -> None:
        time.sleep(0.3)  # by then the main thread waits
        signal.pthread_kill(threading.get_ident(), number)

    with ended_by_signals(stopped.set):
        threading.Thread(target=send).start()
        assert stopped.wait(20)


def test_a_second_signal_is_heard_too_and_nothing_after_the_block() -> None:
    """Ctrl-C twice, as people in a hurry do; what stood before stands again."""
    before = [signal.getsignal(number) for number in NUMBERS]
    calls = threading.Semaphore(0)
    with ended_by_signals(calls.release):
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
            assert calls.acquire(timeout=20)
    assert [signal.getsignal(number) for number in NUMBERS] == before
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert not calls.acquire(blocking=False)
