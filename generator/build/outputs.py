"""The tree that a build leaves: marker, ledger, exact deletion. Effects: the output folder.

Every file of the tree has an owner in the ledger; what has none is deleted, but only in a folder
that bears our marker. The manifest is removed before the first change and written after the last.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Mapping, Set
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from generator.build.cache import OutputState, Stat
from generator.build.fs import FileSystem
from generator.build.manifest import MANIFEST_NAME
from generator.build.report import Kind
from generator.errors import UsageError

MARKER_NAME = ".mingtang"
_stamp = struct.Struct("<QqqQ").pack
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
KEY_PART = 12
"""Bytes of each of the digests that a page's key is made of: theme, body, values."""
_MARKER_TEXT = "mingtang {kind}\n这个文件夹由 Mingtang 生成，其中的文件会被自动改写和删除。\n"


def marker_kind(out: Path) -> Kind | None:
    """What kind of tree the folder says that it is; ``None`` without our marker."""
    try:
        first = (out / MARKER_NAME).read_text("utf-8").split("\n", 1)[0]
    except (OSError, UnicodeDecodeError):
        return None
    if first == "mingtang release":
        return "release"
    if first == "mingtang preview":
        return "preview"
    return None


def claim(fs: FileSystem, out: Path, kind: Kind) -> None:
    """Take the folder as ours; raises ``UsageError`` where it holds anything and does not bear our marker."""
    if out.is_symlink() and not out.exists():
        raise UsageError(f"输出位置是指向空处的链接：{out}。The output is a link that leads nowhere.")
    if out.exists() and not out.is_dir():
        raise UsageError(f"输出位置不是文件夹：{out}。The output is not a folder.")
    found = marker_kind(out)
    if found == kind:
        return
    if found is not None:
        raise UsageError(f"{out} 里是另一种输出（{found}），不能改作 {kind}。The folder holds a {found} tree.")
    if out.exists() and any(out.iterdir()):
        raise UsageError(
            f"输出文件夹 {out} 不是空的，也没有 Mingtang 的标记，为免误删，不予使用。"
            "The output folder is not empty and does not bear our marker; nothing was touched."
        )
    fs.write(out / MARKER_NAME, _MARKER_TEXT.format(kind=kind).encode())


def stat_of(stat: os.stat_result) -> Stat:
    """The four values by which a file is recognised as unchanged."""
    return (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)


def stamp_of(stat: os.stat_result) -> bytes:
    """The same, as it stands in the ledger."""
    return _stamp(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)


def scan_tree(out: Path) -> tuple[dict[str, Stat], list[str]]:
    """Every file below ``out`` (links are not followed) with its stat, and every folder, deepest last."""
    files: dict[str, Stat] = {}
    folders: list[str] = []
    stack = [""]
    while stack:
        prefix = stack.pop()
        try:
            entries = list(os.scandir(out / prefix if prefix else out))
        except FileNotFoundError:
            continue
        for entry in entries:
            path = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
                stack.append(f"{path}/")
            else:
                files[path] = stat_of(entry.stat(follow_symlinks=False))
    files.pop(MARKER_NAME, None)
    return files, sorted(folders)


class Differences(NamedTuple):
    """How a tree differs from the ledger of the build that left it."""

    other: Set[str]
    """Files that are not the ones that were written, or of which the ledger knows nothing."""
    lost: Set[str]
    """Files of the ledger that are not there."""
    bare: Set[str]
    """Folders without a file in them or below."""
    sealed: bool
    """Whether there is a manifest."""


def differences(out: Path, ledger: Mapping[str, OutputState]) -> Differences:
    """Compare every file below ``out`` with the ledger's entry, by the four values of its stat."""
    look = _Look(ledger)
    with suppress(FileNotFoundError):
        look.into(os.open(out, _FOLDER), "")  # may itself be a link: where the tree lies is the operator's choice
    strange = [path for path in look.other if path not in ledger]
    there = look.as_written + len(look.other) - len(strange)
    lost = set[str]() if there == len(ledger) else ledger.keys() - scan_tree(out)[0].keys()
    return Differences(look.other, lost, look.bare, look.sealed)


class _Look:
    """One walk over the tree. Each file of a large one is worth a millionth of a second: nothing is done twice."""

    def __init__(self, ledger: Mapping[str, OutputState]) -> None:
        self._ledger = ledger
        self.other: set[str] = set()
        self.bare: set[str] = set()
        self.as_written = 0
        self.sealed = False

    def into(self, folder: int, prefix: str) -> bool:
        """Look at a folder by its descriptor, which is closed; whether there is any file in it or below."""
        get, as_written, folders, held = self._ledger.get, 0, list[str](), False
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.name)
                        continue
                    path = prefix + entry.name
                    stat = entry.stat(follow_symlinks=False)
                    known = get(path)
                    if known is not None and known.stamp == stamp_of(stat):
                        as_written += 1
                    elif not self._is_ours(path):
                        self.other.add(path)
                        held = True
            self.as_written += as_written
            for name in folders:
                try:
                    below = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
                except FileNotFoundError:
                    continue
                held |= self.into(below, f"{prefix}{name}/")
        finally:
            os.close(folder)
        held = held or as_written > 0
        if prefix and not held:
            self.bare.add(prefix.removesuffix("/"))
        return held

    def _is_ours(self, path: str) -> bool:
        """Whether it is the marker or the manifest, of which the ledger knows nothing."""
        self.sealed = self.sealed or path == MANIFEST_NAME
        return path in (MARKER_NAME, MANIFEST_NAME)


def folders_above(paths: Iterable[str]) -> set[str]:
    """Every folder in which these files lie, and those above it."""
    found: set[str] = set()
    for folder in {path.rpartition("/")[0] for path in paths}:
        above = folder
        while above and above not in found:
            found.add(above)
            above = above.rpartition("/")[0]
    return found


def why(before: bytes | None, after: bytes) -> str:
    """What of a page changed, by its two keys."""
    if before is None:
        return "以前没有这个文件 (it was not there before)"
    if len(before) != len(after):
        return "文件的种类变了 (it is another kind of file now)"
    parts = (
        "主题或站点定义 (theme or definitions)",
        "正文或附件 (body or attachments)",
        "页面上的其他内容 (values on the page)",
    )
    changed = [
        name
        for number, name in enumerate(parts)
        if before[number * KEY_PART : (number + 1) * KEY_PART] != after[number * KEY_PART : (number + 1) * KEY_PART]
    ]
    if not changed:
        return "磁盘上的文件被改动或丢失 (the file on disk was changed or lost)"
    return "、".join(changed) + " 有变化 (changed)"
