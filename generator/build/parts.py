"""Parts of the cache: what is remembered of each path, written whole, and what changed since. Effects: reads files.

After an edit of one item a hundred of a cluster's hundred thousand entries are other. Only those are written
then, beside the whole, until they are many or something is to be forgotten.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Set
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")

_FEW = 200
_SHARE = 20
"""A twentieth of the whole."""

_encode = msgspec.msgpack.Encoder().encode


class _Since(msgspec.Struct, Generic[T], frozen=True, array_like=True):
    """What became other since the whole was written."""

    entries: dict[str, T] = {}
    gone: list[str] = []


class Part(Generic[T]):
    """One mapping of the cache, in two files: ``<name>.bin`` and ``<name>-since.bin``."""

    def __init__(self, name: str, entry: Any) -> None:
        """``entry``: the type of its values."""
        self._names = (name, f"{name}-since")
        self._whole: msgspec.msgpack.Decoder[dict[str, T]] = msgspec.msgpack.Decoder(dict[str, entry])
        self._since: msgspec.msgpack.Decoder[_Since[T]] = msgspec.msgpack.Decoder(_Since[entry])

    def load(self, folder: Path, digests: Mapping[str, str]) -> dict[str, T] | None:
        """The mapping; ``None`` when a file is not the one that was written. Raises ``msgspec.DecodeError``."""
        whole, since = (load_part(folder, name, digests) for name in self._names)
        if whole is None or since is None:
            return None
        found, changes = self._whole.decode(whole), self._since.decode(since)
        for path in changes.gone:
            found.pop(path, None)
        found.update(changes.entries)
        return found

    def files(
        self, folder: Path, digests: Mapping[str, str], now: Mapping[str, T], changed: Set[str] | None
    ) -> dict[str, bytes]:
        """The files to write, so that ``load`` gives ``now``.

        ``changed``: paths that came, went or are other than ``load`` gave them; ``None``: nothing of what was
        written before may stay.
        """
        data = None if changed is None else load_part(folder, self._names[1], digests)
        if data is not None and changed is not None and self._names[0] in digests:
            before = self._since.decode(data)
            paths = changed | before.entries.keys() | frozenset(before.gone)
            if len(paths) <= max(_FEW, len(now) // _SHARE):
                entries = {path: now[path] for path in sorted(paths) if path in now}
                gone = sorted(paths - now.keys())
                return {self._names[1]: _encode(_Since(entries, gone))}
        return {self._names[0]: _encode(now), self._names[1]: _encode(_Since())}


def load_part(folder: Path, name: str, digests: Mapping[str, str]) -> bytes | mmap | None:
    """The bytes of a file of the cache, if they are those that were written. No copied process may keep them."""
    try:
        # Mapped: what is decoded at once need not be copied first. No file of the cache is written in place.
        with (folder / f"{name}.bin").open("rb") as file:
            data = mmap(file.fileno(), 0, access=ACCESS_READ) if os.fstat(file.fileno()).st_size else b""
    except OSError:
        return None
    return data if digests.get(name) == digest_of_part(data) else None


def digest_of_part(*data: bytes | memoryview | mmap) -> str:
    """What a head remembers of a file, of which these are the pieces."""
    # Tens of megabytes in an edit of one item: processors have instructions for this one.
    digest = hashlib.sha256()
    for piece in data:
        digest.update(piece)
    return digest.hexdigest()
