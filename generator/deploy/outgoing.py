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
        raise DeployRefused([str(reason("deploy-tree-changed", count=len(changed), names=named(changed)))])
    return size


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
