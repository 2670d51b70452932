"""The live preview: watch, build, tell. Effects: builds into the preview folder, serves it on loopback.

One thread builds, one for each request serves. Whatever goes wrong in a build is shown in the open pages and
never ends the preview: the next change may mend it.
"""

from __future__ import annotations

import dataclasses
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime

from generator.build.pipeline import build
from generator.build.progress import Silent
from generator.build.result import BuildResult
from generator.build.settings import Settings
from generator.diagnostics import Diagnostic
from generator.errors import ConfigError, GeneratorError, LockedError, say_system_error
from generator.serve.events import Board, Fault, News, faults_of
from generator.serve.server import PreviewServer
from generator.serve.watch import Watcher

Say = Callable[[str, Sequence[Diagnostic]], None]
_LOOKS_AGAIN = 0.1
"""Seconds until a folder is tried again in which another process builds."""


class _UntilStopped(Silent):
    """Ends a build when the preview is to end, as Ctrl-C ends one that stands alone: a large one takes minutes."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    def stage(self, name: str, total: int) -> None:
        """Asked at the beginning of each stage."""
        self.advance(0)

    def advance(self, count: int) -> None:
        """Asked as work is done."""
        if self._stopping.is_set():
            raise KeyboardInterrupt


class Session:
    """One run of ``serve``."""

    def __init__(
        self, settings: Settings, clock: Callable[[], datetime], port: int, say: Say, poll: bool | None
    ) -> None:
        self._settings = dataclasses.replace(settings, wait=False)
        self._clock = clock
        self._say = say
        self._board = Board()
        self._server = PreviewServer(settings.out, self._board, port)
        configured = [settings.sites, settings.themes]
        self._watcher = Watcher([settings.content, *configured], through=configured, poll=poll)
        self._stopping = threading.Event()

    @property
    def address(self) -> str:
        """Where to look."""
        return self._server.address

    @property
    def polling(self) -> bool:
        """Whether changes are looked for rather than told of."""
        return self._watcher.polling

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until ``stop``; ``ready`` is called when the first build is done."""
        serving = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        with self._watcher:
            serving.start()
            try:
                self._rebuild()
                if not self._stopping.is_set():
                    ready()
                while not self._stopping.is_set():
                    if self._watcher.wait(self._until_change()) or self._is_due():
                        self._rebuild()
            finally:
                self._board.close()
                self._server.shutdown()
                self._server.server_close()

    def stop(self) -> None:
        """Let ``run`` return."""
        self._stopping.set()
        self._watcher.poke()

    def _until_change(self) -> float:
        """Seconds until an item appears or expires by itself; at most an hour."""
        if self._next_change_at is None:
            return 3600.0
        return min(3600.0, max(0.1, (self._next_change_at - self._clock()).total_seconds()))

    def _is_due(self) -> bool:
        """Whether an item has appeared or expired by itself: by a clock that stands still none ever does.

        When nobody knows, as after a build that failed, it is time to look again.
        """
        return self._next_change_at is None or self._clock() >= self._next_change_at

    _next_change_at: datetime | None = None

    def _rebuild(self) -> None:
        if self._stopping.is_set():
            return
        start = time.perf_counter()
        try:
            result = self._build()
        except KeyboardInterrupt:
            return
        except ConfigError as error:
            self._broken(faults_of(error.diagnostics), error.diagnostics)
        except (GeneratorError, OSError) as error:
            said = say_system_error(error) if isinstance(error, OSError) else str(error)
            self._broken((Fault("", "error", said, ""),), ())
        except Exception:
            self._broken((Fault("", "error", f"程序内部错误：{traceback.format_exc(limit=-1)}", ""),), ())
        else:
            self._built(result, time.perf_counter() - start)

    def _build(self) -> BuildResult:
        """One build, as soon as no other process builds there; raises ``KeyboardInterrupt`` when told to stop."""
        listener, said = _UntilStopped(self._stopping), False
        while True:
            listener.advance(0)
            try:
                return build(dataclasses.replace(self._settings, now=self._clock()), listener)
            except LockedError as error:
                if not said:
                    self._say(f"等待：{error}", ())
                said = True
                self._stopping.wait(_LOOKS_AGAIN)

    def _built(self, result: BuildResult, seconds: float) -> None:
        self._next_change_at = result.report.next_change_at if result.report else None
        changed = tuple(sorted({*result.written, *result.deleted}))
        self._board.post(News(changed, faults_of(result.diagnostics)))
        self._say(f"已更新 {len(changed)} 个文件，用时 {seconds:.2f} 秒", result.diagnostics)

    def _broken(self, faults: tuple[Fault, ...], found: Sequence[Diagnostic]) -> None:
        self._next_change_at = None  # it may have passed, and would be tried again at once, and again
        self._board.post(News((), faults))
        self._say("没有更新：" + ("；".join(fault.message for fault in faults) if not found else "设置有误"), found)
