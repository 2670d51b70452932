"""The published manifest: what the tree holds, byte by byte, and when it changes. Pure, but for ``load_manifest``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter, itemgetter
from pathlib import Path

import msgspec

from generator import __version__
from generator.errors import UsageError

MANIFEST_NAME = "manifest.json"
_encoder = msgspec.json.Encoder()


class ManifestFile(msgspec.Struct, frozen=True, order=True):
    """One file of the tree: path, size in bytes and SHA-256; nothing of its source."""

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Every file of the tree but the manifest itself and the marker, in the order of their paths."""

    format: int = 1
    generator: str = __version__
    next_change_at: datetime | None = None
    files: tuple[ManifestFile, ...] = ()


_decoder = msgspec.json.Decoder(ManifestFile)
_FILES = b'"files":['
_BEFORE, _BETWEEN, _AFTER = b"\n", b",\n", b"\n]}\n"


def encode_manifest(files: Iterable[ManifestFile], next_change_at: datetime | None) -> bytes:
    """The manifest's bytes: one file a line, so that two manifests can be compared by eye."""
    ordered = sorted(files, key=attrgetter("path"))
    # JSON writes no bare line end within a string: those that stand there part the files.
    lines = _encoder.encode_lines(ordered).removesuffix(b"\n").replace(b"}\n{", b"}" + _BETWEEN + b"{")
    return _opening(next_change_at) + lines + _AFTER


def mend_manifest(before: bytes, changed: Mapping[str, ManifestFile | None], next_change_at: datetime | None) -> bytes:
    """What ``encode_manifest`` gives of the files of ``before`` after these changes; ``None``: the file is gone."""
    start, end = before.index(_FILES) + len(_FILES) + len(_BEFORE), len(before) - len(_AFTER)
    kept: list[bytes | memoryview] = []
    view, at = memoryview(before), start
    for path, file in sorted(changed.items(), key=itemgetter(0)):
        place = _place(before, at, end, path)
        if place > at:
            kept.append(view[at : place - len(_BETWEEN) if place < end else end])
        if file is not None:
            kept.append(_encoder.encode(file))
        at = _after(before, place, end) if place < end and _path_at(before, place, end) == path else place
    if at < end:
        kept.append(view[at:end])
    return _opening(next_change_at) + _BETWEEN.join(kept) + _AFTER


def _place(data: bytes, low: int, high: int, path: str) -> int:
    """Where the first line begins, of those from ``low`` to ``high``, that is not before this path; else ``high``."""
    end = high
    while low < high:
        # A line that begins in the lower half, or else the first.
        middle = max(low, data.rfind(_BEFORE, low, (low + high) // 2) + 1)
        if _path_at(data, middle, end) < path:
            low = _after(data, middle, end)
        else:
            high = middle
    return low


def _after(data: bytes, start: int, end: int) -> int:
    """Where the line after the one at ``start`` begins."""
    found = data.find(_BEFORE, start, end)
    return end if found < 0 else found + len(_BEFORE)


def _path_at(data: bytes, start: int, end: int) -> str:
    found = data.find(_BEFORE, start, end)
    line = data[start:end] if found < 0 else data[start : found - 1]  # but for the comma
    return _decoder.decode(line).path


def _opening(next_change_at: datetime | None) -> bytes:
    head = msgspec.json.encode(Manifest(next_change_at=next_change_at))
    return head[: head.rindex(b"]")] + _BEFORE


def parse_manifest(data: bytes) -> Manifest:
    """The manifest in ``data``; raises ``UsageError`` when it is none."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"清单文件无法读取 (the manifest cannot be read): {error}") from error
    if manifest.format != 1:
        raise UsageError(f"清单格式 {manifest.format} 不认识 (unknown manifest format)")
    return manifest


def load_manifest(out: Path) -> tuple[Manifest, str]:
    """The manifest of a tree and its own SHA-256; raises ``UsageError`` where the tree is unfinished."""
    try:
        data = (out / MANIFEST_NAME).read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"{out} 里没有清单：构建没有完成，请重新构建。The tree has no manifest: its build did not finish."
        ) from None
    return parse_manifest(data), hashlib.sha256(data).hexdigest()
