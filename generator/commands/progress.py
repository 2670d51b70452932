"""Progress for people: a bar on a terminal, plain lines in a log, nothing in ``--format json``. Effects: stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from generator.build.progress import Progress, Silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

STAGES = {
    "parse": "读取内容",
    "render": "生成页面",
    "index": "建立检索",
    "audit": "泄漏核查",
    "release": "准备发布",
}
_BAR_FROM = 200
"""A stage with less work than this is over before a bar can be read."""


class TerminalProgress:
    """A bar with stage, items, rate and time left; loaded only when a stage is long."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        """Begin a bar for a long stage."""
        self.close()
        if total < _BAR_FROM:
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task(STAGES.get(name, name), total=total, rate="")

    def advance(self, count: int) -> None:
        """Move the bar."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, count)
            speed = self._bar.tasks[0].speed
            self._bar.update(self._task, rate=f"{speed:,.0f}/秒" if speed else "")

    def waiting(self, holder: str) -> None:
        """Say who holds the lock."""
        click.echo(f"等待另一个进程结束：{holder} …", err=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = self._task = None


class LogProgress:
    """One line every ten seconds of a stage."""

    _EVERY = 10.0

    def __init__(self) -> None:
        self._name, self._total, self._done, self._said = "", 0, 0, 0.0

    def stage(self, name: str, total: int) -> None:
        """Begin counting."""
        self._name, self._total, self._done, self._said = STAGES.get(name, name), total, 0, time.monotonic()

    def advance(self, count: int) -> None:
        """Count, and say so now and then."""
        self._done += count
        if time.monotonic() - self._said >= self._EVERY:
            self._said = time.monotonic()
            click.echo(f"{self._name} {self._done}/{self._total}", err=True)

    def waiting(self, holder: str) -> None:
        """Say who holds the lock."""
        click.echo(f"等待另一个进程结束：{holder} …", err=True)

    def close(self) -> None:
        """Nothing to take away."""


@contextmanager
def progress_for(form: str) -> Iterator[Progress]:
    """The listener that fits where the output goes; at the end the terminal is as it was, whatever happened."""
    if form == "json":
        yield Silent()
        return
    listener = TerminalProgress() if sys.stderr.isatty() else LogProgress()
    try:
        yield listener
    finally:
        listener.close()
