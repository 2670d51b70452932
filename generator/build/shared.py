"""A value that every task of a map needs, written once and read once in each worker. Effects: the cache folder."""

from __future__ import annotations

import hashlib
import pickle
import platform
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from generator.build.cache import code_digest
from generator.build.fs import FileSystem
from generator.errors import GeneratorError

T = TypeVar("T")

SHARED = "shared-"
"""With this the names of these files begin: when the build is over nobody reads them."""


def pickled(value: object) -> Sequence[bytes]:
    """The value in pieces, large arrays as they are: to join megabytes only to write them takes as long again."""
    pieces = _Pieces()
    pickle.dump(value, pieces)
    return pieces.found


class _Pieces:
    """What is pickled into it."""

    def __init__(self) -> None:
        self.found: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.found.append(bytes(data))


class OtherCode(GeneratorError):
    """A worker would make other bytes than this program."""


class Shared(Generic[T]):
    """A handle to a value that lies in the cache folder under the name of its own digest.

    The file is written by the build that reads it, for its owner only, and is never believed from an
    earlier build.
    """

    def __init__(self, fs: FileSystem, folder: Path, value: T) -> None:
        self._fs = fs
        self._folder = folder
        self._value: T | None = value

    def __getstate__(self) -> Path:
        """Written only when it leaves this process, and once."""
        return self.path

    def __setstate__(self, path: Path) -> None:
        self.path = path  # a handle may be sent on: Dask's scheduler unpacks tasks and packs them again
        self._value = None

    @cached_property
    def path(self) -> Path:
        """Where the value lies, once it is asked for: work that is done in this process needs no file."""
        data, digest = pickled(self._value), hashlib.blake2b(digest_size=12)
        for piece in data:
            digest.update(piece)
        path = self._folder / f"{SHARED}{digest.hexdigest()}.pickle"
        self._fs.write(path, _label(), *data, mode=0o600)
        return path

    def write(self) -> None:
        """Write it now, while workers are busy, not when the first task that needs it is to be sent."""
        _ = self.path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shared) and self.path == other.path

    def __hash__(self) -> int:
        return hash(self.path)

    def get(self) -> T:
        """The value.

        Raises ``OSError`` when the folder is not shared with this worker, and ``OtherCode`` when its code is not ours.
        """
        if self._value is not None:
            return self._value
        value: T = _load(self.path)
        return value


@lru_cache(maxsize=2)
def _load(path: Path) -> Any:
    with path.open("rb") as file:
        if file.readline() != _label():
            raise OtherCode(
                f"{platform.node()} 上的工作进程不是同一版本的程序，请重新启动它，见 docs/building.md。"
                "A worker runs another version of our code."
            )
        return pickle.load(file)


def _label() -> bytes:
    """Stands first, and is read before anything is unpickled: a worker may join a cluster while a build goes on."""
    return f"{code_digest()}\n".encode()
