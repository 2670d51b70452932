"""The files that will travel, gathered in one folder with their final times and modes. Effects: that folder.

Files are copied, and digested while they are: what was checked at the gate is what is sent, even if
somebody edits the tree meanwhile. Nothing of the tree itself is touched.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from generator.build.fs import FileSystem
from generator.deploy.compose import Release
from generator.deploy.records import GONE, PUBLIC, SERVER, id_time
from generator.deploy.tree import named
from generator.deploy.wording import reason
from generator.errors import DeployRefused

_READABLE = 0o444
_PRIVATE = 0o400


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
        if file.data is not None:
            fs.write(target, file.data)
        elif file.source is None or fs.copy(file.source, target)[1] != file.sha256:
            changed.append(path)
            continue
        os.chmod(target, _READABLE if path.startswith((PUBLIC, GONE, SERVER)) else _PRIVATE)
        os.utime(target, (second, second))
        size += file.size
    if changed:
        raise DeployRefused([str(reason("deploy-tree-changed", count=len(changed), names=named(changed)))])
    return size


def empty_folder(folder: Path) -> None:
    """Remove what an earlier release left here."""
    shutil.rmtree(folder, ignore_errors=True)
