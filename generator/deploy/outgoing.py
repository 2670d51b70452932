"""The files that will travel, gathered in one folder with their final times and modes. Effects: that folder.

Files are copied, and digested while they are: what was checked at the gate is what is sent, even if
somebody edits the tree meanwhile. Nothing of the tree itself is touched.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from generator.build.fs import FileSystem
from generator.deploy.compose import Release, Shipped
from generator.deploy.records import GONE, PUBLIC, SERVER, id_time
from generator.deploy.tree import named
from generator.deploy.wording import reason
from generator.errors import DeployRefused

_READABLE = 0o444
_PRIVATE = 0o400
_AT_ONCE = 4 << 20
"""Larger files are copied in blocks."""


def fill_outgoing(fs: FileSystem, folder: Path, release: Release, paths: Iterable[str]) -> int:
    """Gather these files of a release afresh; gives their bytes. Raises ``DeployRefused`` where one has changed."""
    empty_folder(folder)
    fs.make_folder(folder, mode=0o700)
    second = id_time(release.id).timestamp()
    size = 0
    changed = []
    for path in paths:
        file = release.files[path]
        target = folder / path
        if not _gather(fs, file, target):
            changed.append(path)
            continue
        os.chmod(target, _READABLE if path.startswith((PUBLIC, GONE, SERVER)) else _PRIVATE)
        os.utime(target, (second, second))
        size += file.size
    if changed:
        _refuse(fs, release, changed)
    return size


def _refuse(fs: FileSystem, release: Release, changed: list[str]) -> NoReturn:
    """Say what is not as it should be; damaged siblings are forgotten, so that the next deploy compresses anew."""
    spoilt = [path for path in changed if _is_of_cache(path, release.files[path])]
    edited = [path for path in changed if path not in spoilt]
    for path in spoilt:
        fs.remove(Path(str(release.files[path].source)))
    pairs = (("deploy-tree-changed", edited), ("deploy-cache-damaged", spoilt))
    raise DeployRefused([str(reason(code, count=len(found), names=named(found))) for code, found in pairs if found])


def _is_of_cache(path: str, file: Shipped) -> bool:
    """Whether the file is a compressed sibling: one of the tree bears there the name that it is released under."""
    return file.source is not None and not file.source.endswith(f"/{path.partition('/')[2]}")


def _gather(fs: FileSystem, file: Shipped, target: Path) -> bool:
    """Put one file into the fresh folder; false where its bytes are not what they should be."""
    if file.data is not None:
        fs.create(target, file.data)
        return True
    if file.source is None:
        return False
    source = Path(file.source)
    if file.size > _AT_ONCE:
        return fs.copy(source, target)[1] == file.sha256
    try:
        data = fs.read(source)
    except FileNotFoundError:
        return False
    fs.create(target, data)
    return hashlib.sha256(data).hexdigest() == file.sha256


def empty_folder(folder: Path) -> None:
    """Remove what an earlier release left here."""
    shutil.rmtree(folder, ignore_errors=True)
