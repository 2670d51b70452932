"""What an object store calls the bytes that were put there. Effects: one file of the state folder.

A plain store's ETag is the MD5 of an object. One that encrypts what it holds under keys of its own, as public
bodies are asked to have it, gives another, which says nothing of the bytes: it is remembered beside their MD5,
and an object that bears it still is the one that was put there.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from generator.build.fs import FileSystem


class ETags:
    """The tags of one target's objects, by key."""

    def __init__(self, fs: FileSystem, place: Path) -> None:
        self._fs = fs
        self._place = place
        self._told = _load(place)
        self._is_kept = True

    def note(self, key: str, etag: str, md5: str) -> None:
        """An object was put, with these bytes, and was given this tag."""
        if etag == md5:
            return
        self._told[key] = (etag, md5)
        self._is_kept = False

    def tells(self, key: str, etag: str, md5: str) -> bool:
        """Whether an object that bears this tag now has the bytes of this MD5."""
        return etag == md5 or self._told.get(key) == (etag, md5)

    def keep(self) -> None:
        """Remember them for the next deploy; without them it sends everything again."""
        if not self._is_kept:
            self._fs.write(self._place, msgspec.json.encode(self._told), mode=0o600)
            self._is_kept = True


def _load(place: Path) -> dict[str, tuple[str, str]]:
    try:
        return msgspec.json.decode(place.read_bytes(), type=dict[str, tuple[str, str]])
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def plain(etag: str) -> str:
    """The tag as stores differ in writing it."""
    return etag.strip('"').lower()
