"""What open pages are told, and who listens. No disk, no network: threads only."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from generator.diagnostics import Diagnostic


class Fault(msgspec.Struct, frozen=True):
    """One line of the overlay."""

    place: str
    severity: str
    message: str
    hint: str


class News(msgspec.Struct, frozen=True):
    """After a build: which files of the tree changed, and what is faulty now."""

    changed: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    version: int = 0
    """How many times news was posted; a page that was served at another version looks again."""


def faults_of(diagnostics: Sequence[Diagnostic]) -> tuple[Fault, ...]:
    """The errors among the diagnostics, as the overlay shows them; warnings are for the terminal."""
    return tuple(
        Fault(
            place=":".join(str(part) for part in (one.path, one.line, one.column) if part),
            severity=one.severity,
            message=one.text(),
            hint=one.hint(),
        )
        for one in diagnostics
        if one.severity == "error"
    )


class Board:
    """Hands each news to every listener; a new listener is first told the faults that stand."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[queue.SimpleQueue[News | None]] = set()
        self._faults: tuple[Fault, ...] = ()
        self._closed = False
        self.version = 0

    def post(self, news: News) -> None:
        """Tell every listener."""
        with self._lock:
            self.version += 1
            self._faults = news.faults
            for listener in self._listeners:
                listener.put(msgspec.structs.replace(news, version=self.version))

    def close(self) -> None:
        """End every listener's wait."""
        with self._lock:
            self._closed = True
            for listener in self._listeners:
                listener.put(None)

    @contextmanager
    def listening(self) -> Iterator[queue.SimpleQueue[News | None]]:
        """A queue of news until the block ends; ``None`` says that the preview is over."""
        listener: queue.SimpleQueue[News | None] = queue.SimpleQueue()
        with self._lock:
            self._listeners.add(listener)
            listener.put(None if self._closed else News(faults=self._faults, version=self.version))
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)
