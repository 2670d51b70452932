"""Compressed siblings (``.br``, ``.gz``) of public files, deterministic and remembered by digest.

Effects: the cache folder, which may be deleted at any time. It holds compressed public files only,
and is pruned to those of the releases that still exist, so that it remembers nothing withdrawn.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.build.executor import Workers, chunked
from generator.build.fs import FileSystem

INDEX_NAME = "index.json"
BROTLI_QUALITY = 7
"""Of 11: level 9 takes ten times as long for 0.2 % of a page's bytes, level 11 twenty times for 8 %."""
GZIP_LEVEL = 9
SMALLEST = 256
"""Below this many bytes, nothing is won on the wire."""
LARGEST = 64 << 20
"""Above this, compressing would hold too much in memory; such files are attachments."""
_WORTH = 0.95
_CHUNK = 64
_ARCHIVES = frozenset({"7z", "br", "bz2", "gz", "rar", "xz", "zip", "zst"})
_DOCUMENTS = frozenset({"docx", "odt", "ods", "odp", "ofd", "pdf", "pptx", "xlsx"})
_MEDIA = frozenset({"avif", "gif", "jpeg", "jpg", "mp3", "mp4", "png", "webp", "woff", "woff2"})
_PACKED = _ARCHIVES | _DOCUMENTS | _MEDIA


class Sibling(msgspec.Struct, frozen=True, array_like=True):
    """A compressed file: size and SHA-256 of its own bytes."""

    size: int
    sha256: str


class Siblings(msgspec.Struct, frozen=True, array_like=True):
    """What a file compresses to; ``None`` where that is not worth a file."""

    br: Sibling | None = None
    gz: Sibling | None = None


class Plain(NamedTuple):
    """A file that may be worth compressing."""

    path: Path
    sha256: str


def is_compressible(path: str, size: int) -> bool:
    """Whether a file of that name and size is worth trying."""
    return SMALLEST <= size <= LARGEST and path.rpartition(".")[2].lower() not in _PACKED


def compress(data: bytes) -> tuple[bytes | None, bytes | None]:
    """The brotli and gzip forms of ``data``; ``None`` where one saves less than a twentieth. Pure."""
    import brotli

    if len(zlib.compress(data, 1)) >= len(data):  # packed already, as most of an index is: not worth a longer look
        return None, None
    worth = int(len(data) * _WORTH)
    br: bytes = brotli.compress(data, quality=BROTLI_QUALITY, lgwin=22)
    gz = gzip.compress(data, GZIP_LEVEL, mtime=0)
    return (br if len(br) < worth else None, gz if len(gz) < worth else None)


class CompressionCache:
    """Compressed bytes by the digest of what they compress."""

    def __init__(self, folder: Path, fs: FileSystem) -> None:
        self._folder = folder
        self._fs = fs
        self._known = _load_index(folder)

    def ensure(self, files: Iterable[Plain], workers: Workers) -> Mapping[str, Siblings]:
        """The siblings of each file by the digest of the file; what is not known is compressed now."""
        wanted = {file.sha256: file for file in files}
        standing = _standing(self._folder)
        missing = [file for digest, file in sorted(wanted.items()) if not self._holds(digest, standing)]
        tasks = [(self._folder, tuple(chunk)) for chunk in chunked(missing, _CHUNK)]
        for found in workers.map(_compress_chunk, tasks, small=len(missing) < 2 * _CHUNK):
            self._known.update(found)
        return {digest: self._known[digest] for digest in wanted if digest in self._known}

    def place(self, digest: str, suffix: str) -> str:
        """Where the compressed form of a file of that digest stands, as a plain path: there are very many."""
        return f"{self._folder}/{digest[:2]}/{digest}.{suffix}"

    def keep(self, digests: Iterable[str]) -> None:
        """Forget every file but those of these digests, and remember the rest for next time."""
        wanted = set(digests)
        for name in _standing(self._folder):
            if name.partition(".")[0] not in wanted:
                self._fs.remove(self._folder / name[:2] / name)
        self._known = {digest: known for digest, known in self._known.items() if digest in wanted}
        index = msgspec.json.encode(dict(sorted(self._known.items())))
        self._fs.write(self._folder / INDEX_NAME, index, mode=0o600)

    def _holds(self, digest: str, standing: Collection[str]) -> bool:
        known = self._known.get(digest)
        if known is None:
            return False
        pairs = ((known.br, "br"), (known.gz, "gz"))
        return all(one is None or f"{digest}.{suffix}" in standing for one, suffix in pairs)


def _place(folder: Path, digest: str, suffix: str) -> Path:
    return folder / digest[:2] / f"{digest}.{suffix}"


def _standing(folder: Path) -> set[str]:
    """The names of all compressed files: one look at each folder, not one at each file."""
    found: set[str] = set()
    with suppress(FileNotFoundError):
        for place in os.scandir(folder):
            if place.is_dir(follow_symlinks=False) and len(place.name) == 2:
                found.update(os.listdir(place.path))
    return found


def _load_index(folder: Path) -> dict[str, Siblings]:
    """A damaged or absent index is an empty one: everything is compressed again."""
    try:
        return msgspec.json.decode((folder / INDEX_NAME).read_bytes(), type=dict[str, Siblings])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def _compress_chunk(task: tuple[Path, Sequence[Plain]]) -> dict[str, Siblings]:
    folder, files = task
    fs = FileSystem()
    found = {}
    for file in files:
        data = file.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != file.sha256:
            continue  # changed under us: the staging of the plain file names it
        br, gz = compress(data)
        found[file.sha256] = Siblings(
            _save(fs, _place(folder, file.sha256, "br"), br), _save(fs, _place(folder, file.sha256, "gz"), gz)
        )
    return found


def _save(fs: FileSystem, path: Path, data: bytes | None) -> Sibling | None:
    if data is None:
        return None
    fs.write(path, data, mode=0o600)
    return Sibling(len(data), hashlib.sha256(data).hexdigest())
