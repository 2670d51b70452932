"""The two maps of a build, run in this process, in a pool of processes or on a Dask cluster.

One code path: a function of one task, and tasks in order in, results in the same order out. A
worker that dies is replaced and its tasks are run again, once; then the error names what it held.
Effects: processes; a small note per worker in the ``holding`` folder.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from generator.errors import GeneratorError, UsageError

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 6
"""Tasks that each worker is given before their results are taken: this process may be busy with something else."""
_END = b"\0"
"""Of the name in a note: no path holds it."""


class WorkerDied(GeneratorError):
    """A worker died twice at the same work."""


class _Pending(NamedTuple):
    """A task that was given to workers."""

    task: Any
    future: Future[Any]
    executor: Executor | None
    again: bool
    """It was given out before, to a pool that broke."""


class Workers:
    """Runs functions over tasks; made by ``workers``, which also ends it."""

    def __init__(
        self,
        start: Callable[[], Executor | None],
        jobs: int,
        holding: Path,
        leave: Callable[[], object] = lambda: None,
    ) -> None:
        self._start = start
        self.leave = leave
        """Called once when the build is over: workers that are not ours are left, not ended."""
        self._executor: Executor | None = None
        self._holding = holding
        self.jobs = jobs

    @property
    def started(self) -> bool:
        """Whether there are workers already."""
        return self._executor is not None

    def alone(self) -> Workers:
        """For a copy of this process: all is done there, as workers that it started would outlive it."""
        return Workers(lambda: None, 1, self._holding)

    def map(self, function: Callable[[T], R], tasks: Iterable[T], *, small: bool = False) -> Iterator[R]:
        """Results in the order of the tasks; ``small`` work is done here, without starting workers.

        Workers begin at once with the first tasks, and are given others as results are taken.
        """
        if small or self.jobs == 1:
            return map(function, tasks)
        source = iter(tasks)
        first = deque(self._submit(function, task) for task in islice(source, _AHEAD * self.jobs))
        return self._spread(function, source, first)

    def begin(self, function: Callable[[T], R], tasks: Iterable[T], *, small: bool = False) -> Iterator[R]:
        """As ``map``, but workers begin at once: this process may do other work before it takes the results.

        All tasks are taken from ``tasks`` before it returns, wherever the work is done.
        """
        if small or self.jobs == 1:
            return map(function, [*tasks])
        return self._spread(function, iter(()), deque(self._submit(function, task) for task in tasks))

    def _spread(self, function: Callable[[T], R], source: Iterator[T], pending: deque[_Pending]) -> Iterator[R]:
        while True:
            while len(pending) < _AHEAD * self.jobs:
                task = next(source, None)
                if task is None:
                    break
                pending.append(self._submit(function, task))
            if not pending:
                return
            first = pending[0]
            try:
                result: R = self.wait_for(first.future)
            except (BrokenExecutor, CancelledError):
                if first.again:
                    raise WorkerDied(self.what_died()) from None
                pending = self._replace(function, pending, first.executor)
                continue
            pending.popleft()
            yield result

    def wait_for(self, future: Future[R]) -> R:
        """The result of a task that was given out."""
        return future.result()

    def _submit(self, function: Callable[[T], R], task: T, *, again: bool = False) -> _Pending:
        if self._executor is None:
            self._executor = self._start()
        assert self._executor is not None  # jobs == 1 never comes here
        try:
            return _Pending(task, self._executor.submit(function, task), self._executor, again)
        except BrokenExecutor as error:
            broken: Future[R] = Future()
            broken.set_exception(error)
            return _Pending(task, broken, self._executor, again)

    def _replace(
        self, function: Callable[[T], R], pending: deque[_Pending], broken: Executor | None
    ) -> deque[_Pending]:
        """A pool that lost a worker gives no more results: run again, in another, what it has not done.

        Several maps may be under way. The first that meets the broken pool ends it; the others find a new one.
        """
        if self._executor is broken:
            self.close()
        return deque(
            one if _good(one.future) or one.executor is not broken else self._submit(function, one.task, again=True)
            for one in pending
        )

    def what_died(self) -> str:
        """What the workers held, for whoever reads that one of them died again."""
        notes: list[str] = []
        for note in self._holding.glob("*"):
            with suppress(FileNotFoundError):  # of a worker that goes on, and is done by now
                notes.append(note.read_bytes().partition(_END)[0].decode())
        held = sorted({*filter(None, notes)})
        where = "、".join(held) or "?"
        return f"工作进程两次中止，当时正在处理：{where}。A worker died twice; workers held: {where}"

    def close(self) -> None:
        """End the workers."""
        executor, self._executor = self._executor, None
        if executor is not None:
            from concurrent.futures import ProcessPoolExecutor

            if isinstance(executor, ProcessPoolExecutor):
                executor.shutdown(wait=True, cancel_futures=True)
            else:  # Dask's knows no ``cancel_futures``: it cancels when it is not to wait
                executor.shutdown(wait=False)


def _good(future: Future[R]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


class Holding:
    """A worker's note of the item it holds, so that its death can be reported by name."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / str(os.getpid())
        self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)

    def note(self, name: str) -> None:
        """This worker now holds ``name``."""
        os.pwrite(self._handle, name.encode() + _END, 0)  # behind it is what a longer name left: cutting takes as long

    def __enter__(self) -> Holding:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        os.close(self._handle)
        with suppress(OSError):
            self._path.unlink()


def chunked(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Consecutive slices of at most ``size``."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


@contextmanager
def workers(executor: str, jobs: int, holding: Path) -> Iterator[Workers]:
    """The workers that ``--executor`` and ``--jobs`` ask for; raises ``UsageError`` for an unknown one."""
    count = jobs or len(os.sched_getaffinity(0))
    if executor == "serial" or (executor == "processes" and count == 1):
        crew = Workers(lambda: None, 1, holding)
    elif executor == "processes":
        crew = Workers(lambda: _pool(count), count, holding)
    elif executor.startswith("dask://"):
        from generator.build.machines import dask_workers

        crew = dask_workers(executor.removeprefix("dask://"), jobs, holding)
    else:
        raise UsageError(f"不认识的执行器 unknown executor: {executor} (serial, processes, dask://HOST:PORT)")
    try:
        yield crew
    finally:
        crew.close()
        crew.leave()


def _pool(count: int) -> Executor:
    from concurrent.futures import ProcessPoolExecutor  # an edit starts no workers, and need not wait for this

    return ProcessPoolExecutor(count, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """In a worker: Ctrl-C is the parent's, and when the parent is killed, so is this process.

    A worker that is interrupted while it takes a task may leave the queue's lock taken, for which the others then
    wait, and the parent for them. One that outlives its parent waits for tasks for ever; until it is gone it holds
    the lock of the build, so that no other build begins while it may still write.
    """
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
