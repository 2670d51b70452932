"""One piece of work in a process beside this one, while this one does something else. Effects: a process.

A thread would not do: between two system calls it would wait for whoever computes. The process is a copy of this
one: what it changes in memory is lost with it, what it writes are files of the cache that are believed by their
digests, and what it raises is raised here.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import FileIO
from typing import Any, TypeVar

from generator.errors import GeneratorError

R = TypeVar("R")

_BLOCK = 1 << 20
_LENGTH = struct.Struct("<Q")
"""Stands before an answer: its end is not that of the pipe, which whatever the process started may hold open."""
_STANDARD = 2
"""The last of the standard streams."""


class BackgroundDied(GeneratorError):
    """The process ended without an answer."""


@contextmanager
def in_background(function: Callable[[], R], *, alone: bool = False) -> Iterator[Callable[[], R]]:
    """Begin ``function`` and give what waits for its result; at the end of the block nobody waits any more.

    ``alone``: it is done here, when it is asked for, because there is no processor to spare. So it is in a process
    with threads: a copy of that might wait for ever for a thread that it does not have.
    """
    if alone or not can_copy():
        yield function
        return
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _answer(function, writing)
    os.close(writing)
    with FileIO(reading) as answer:
        try:
            yield partial(_received, answer, child)
        finally:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def can_copy() -> bool:
    """Whether a copy of this process would be whole: it would have none of the threads but this one."""
    return threading.active_count() == 1


def _received(answer: FileIO, child: int) -> Any:
    head = _read(answer, _LENGTH.size)
    data = _read(answer, *_LENGTH.unpack(head)) if head else None
    if data is None:  # it ended before it had answered, or while it did
        raise BackgroundDied(f"后台进程 {child} 没有完成就结束了，请重新构建。A background process died; build again.")
    done, result = pickle.loads(data)
    if not done:
        raise result
    return result


def _read(answer: FileIO, size: int) -> bytes | None:
    """So many bytes; ``None`` when fewer come."""
    data = bytearray()
    while len(data) < size:
        block = answer.read(min(size - len(data), _BLOCK))
        if not block:
            return None
        data += block
    return bytes(data)


def _answer(function: Callable[[], object], writing: int) -> None:
    """In the child: answer, and end without what this process would do at its end."""
    status = 1
    try:
        # The lock and the sockets of the parent must not outlive it here.
        for name in os.listdir("/dev/fd"):
            if int(name) > _STANDARD and int(name) != writing:
                with suppress(OSError):
                    os.close(int(name))
        try:
            answer = pickle.dumps((True, function()))
        except Exception as error:
            answer = pickle.dumps((False, error))
        view = memoryview(_LENGTH.pack(len(answer)) + answer)
        while view:
            view = view[os.write(writing, view[:_BLOCK]) :]
        status = 0
    except (OSError, KeyboardInterrupt):
        pass  # nobody waits for the answer
    finally:
        os._exit(status)
