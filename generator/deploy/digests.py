"""Digests of a tree's files, read once and believed afterwards by git's rule. Effects: reads the tree; one cache file.

A file is believed unread when size, mtime, ctime and inode are what they were when it was read, and
all its times were well before that look: whoever writes to it later leaves another ctime, even within
one tick of the clock. The cache file may be deleted at any time, names only files of the tree as it
stands, and is readable by its owner only.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from generator.build.cache import Stat, sealed, unsealed
from generator.build.executor import chunked
from generator.build.fs import FileSystem

_BLOCK = 1 << 20
_SETTLED = 1_000_000_000
"""Nanoseconds since the last change of a file before its stat is believed: more than any tick of a file system."""


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was when it was read."""

    stat: Stat
    sha256: str


class Memory:
    """What is remembered of one tree; ``path`` is the cache file, ``None`` for none."""

    def __init__(self, path: Path | None, fs: FileSystem) -> None:
        self._path = path
        self._fs = fs
        self._seen = _load(path) if path is not None else {}
        self._moment = time.time_ns()

    def known(self, path: str, stat: Stat) -> str | None:
        """The digest of a file that is, by git's rule, the one that was read."""
        seen = self._seen.get(path)
        return seen.sha256 if seen is not None and seen.stat == stat else None

    def keep(self, found: Mapping[str, Stat], digests: Mapping[str, str]) -> None:
        """Remember these digests, read after ``found`` was surveyed, and nothing else."""
        settled = self._moment - _SETTLED
        self._seen = {
            path: Seen(found[path], digest)
            for path, digest in digests.items()
            if max(found[path][1], found[path][2]) < settled
        }
        if self._path is not None:
            self._fs.write(self._path, *sealed(msgspec.msgpack.encode(self._seen)), mode=0o600)


def read_digests(folder: Path, paths: Collection[str]) -> dict[str, str]:
    """The digest of each file as it is on disk now; a file that cannot be read has none."""

    def digests(chunk: Sequence[str]) -> list[tuple[str, str]]:
        return [(path, digest) for path in chunk if (digest := _digest_or_none(folder / path)) is not None]

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return dict(pair for found in pool.map(digests, chunked(sorted(paths), 256)) for pair in found)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as reader:
        while block := reader.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _digest_or_none(path: Path) -> str | None:
    try:
        return digest_of(path)
    except OSError:
        return None


def _load(path: Path) -> dict[str, Seen]:
    """A damaged or absent file is an empty memory: everything is read again."""
    try:
        data = unsealed(path.read_bytes())
        return {} if data is None else msgspec.msgpack.decode(data, type=dict[str, Seen])
    except (OSError, msgspec.DecodeError):
        return {}
