"""The published manifest: what the tree holds, byte by byte, and when it changes. Pure, but for ``load_manifest``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
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


def encode_manifest(files: Iterable[ManifestFile], next_change_at: datetime | None) -> bytes:
    """The manifest's bytes: one file a line, so that two manifests can be compared by eye."""
    ordered = sorted(files, key=attrgetter("path"))
    head = msgspec.json.encode(Manifest(next_change_at=next_change_at))
    # JSON writes no bare line end within a string: those that stand there part the files.
    lines = _encoder.encode_lines(ordered).removesuffix(b"\n").replace(b"}\n{", b"},\n{")
    opening = head[: head.rindex(b"[]")]
    return opening + b"[\n" + lines + b"\n]}\n"


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


def by_path(manifest: Manifest) -> Mapping[str, ManifestFile]:
    """The files of a manifest by their paths."""
    return {file.path: file for file in manifest.files}
