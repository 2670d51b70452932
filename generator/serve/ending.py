"""Ends the preview when it is asked to. Effects: the process's signals, a pipe, a thread."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ended_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` in a thread of its own on Ctrl-C or ``kill``, until the block ends. Main thread only.

    Python calls a signal's handler between two steps of the main thread. A signal that comes when that thread has
    looked for the last time and is about to wait is seen when the wait is over, which may be never; and a handler
    that sets the event for which the thread waits takes a lock that this very thread may hold. The pipe is written
    to at once, whatever the threads do (https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd).
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)

    def listen() -> None:
        while told := os.read(reading, 64):  # nothing when the block has ended
            if any(number in _SIGNALS for number in told):
                stop()

    listener = threading.Thread(target=listen, daemon=True)
    handlers = {number: signal.signal(number, _ignore) for number in _SIGNALS}
    listened = signal.set_wakeup_fd(writing)
    listener.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(listened)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(writing)
        listener.join()
        os.close(reading)


def _ignore(number: int, frame: object) -> None:
    """The pipe tells."""
