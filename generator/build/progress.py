"""How a build tells what it is doing, without knowing who listens; and the time that each stage took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Told of stages as they begin and of work as it is done."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins; ``total`` units of work are expected, 0 when unknown."""

    def advance(self, count: int) -> None:
        """``count`` more units of the stage are done."""

    def waiting(self, holder: str) -> None:
        """Another process holds the lock."""


class Silent:
    """Listens to nothing."""

    def stage(self, name: str, total: int) -> None:
        """Ignored."""

    def advance(self, count: int) -> None:
        """Ignored."""

    def waiting(self, holder: str) -> None:
        """Ignored."""


class Timings:
    """Wall-clock seconds by stage, in the order of first use; for people, never for output."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Add the time of the block to ``stage``."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start
