"""Content as it was at an earlier commit, under today's decisions. Effects: runs git; writes the folder that it fills.

Clearance records and withdrawals are always today's: an earlier commit says what was written, never
whether it may be public now.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Collection, Iterable
from pathlib import Path

from generator.build.fs import FileSystem
from generator.clearance import records, withdrawals
from generator.clearance.evidence import load_refused, load_remembered
from generator.clearance.remembered import REFUSED, REMEMBERED
from generator.content.source import SourceItem, scan
from generator.errors import UsageError
from generator.model import Cluster

_DECISIONS = (records.FOLDER, withdrawals.FOLDER)


def export_content(content: Path, commit: str, target: Path, units: Iterable[str] = ()) -> None:
    """Write the content folder, or some units of it, as of ``commit`` into ``target``.

    A unit that had no content then has none there. Raises ``UsageError`` where the content is in no git repository, or
    the commit is not there.
    """
    tree, places = commit.rstrip("+"), ["."]
    if named := [*units]:
        places = _git(content, commit, "ls-tree", "--name-only", tree, "--", *named).decode().splitlines()
        if not places:
            return
    packed = _git(content, commit, "archive", "--format=tar", tree, "--", *places)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            _unpack(archive, member, target)


def _git(content: Path, commit: str, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(content), *arguments], capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"无法运行 git (cannot be run): {error.strerror}") from None
    if not commit or done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise UsageError(f"取不出提交 {commit or '?'} 的内容 (the content of that commit cannot be read): {said}")
    return done.stdout


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """Write a file or a folder of the archive. A link is no content, wherever it leads; of names git gives sound ones.

    By hand: ``extractall`` knows what to leave out only from Python 3.11.4 on.
    """
    data, place = archive.extractfile(member) if member.isfile() else None, target / member.name
    if data:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data.read())
    elif member.isdir():
        place.mkdir(parents=True, exist_ok=True)


def link_content(content: Path, target: Path, units: Iterable[str]) -> None:
    """Fill ``target`` with these units as they stand now; files are shared, never written to, and links stay links."""
    target.mkdir(parents=True, exist_ok=True)
    for unit in units:
        source = content / unit
        if source.is_symlink():
            _link(str(source), str(target / unit))
        elif source.is_dir():
            shutil.copytree(source, target / unit, copy_function=_link, symlinks=True, dirs_exist_ok=True)


def apply_decisions(content: Path, target: Path, units: Iterable[str]) -> None:
    """Replace records and withdrawals of the units by those of today."""
    for unit in units:
        for folder in _DECISIONS:
            shutil.rmtree(target / unit / folder, ignore_errors=True)
            if (content / unit / folder).is_dir():
                shutil.copytree(content / unit / folder, target / unit / folder)


def tell_decisions(fs: FileSystem, state: Path, target: Path) -> None:
    """Let builds that keep their records in ``target`` know all that was ever withdrawn or refused in ``state``."""
    withdrawn, refused = load_remembered(target), load_refused(target)
    if more := set(load_remembered(state)).difference(withdrawn):
        data = withdrawals.encode_withdrawals([*withdrawn, *more])
        fs.write(target / REMEMBERED, data, mode=0o600, durable=True)
    known = {one.path for one in refused}
    if new := [one for one in load_refused(state) if one.path not in known]:
        fs.write(target / REFUSED, records.encode_records([*refused, *new]), mode=0o600, durable=True)


def keep_only(target: Path, cluster: Cluster, items: Collection[str]) -> tuple[str, ...]:
    """Remove every item but these from the folder; gives the ids of what was removed."""
    removed = []
    for item in scan(target, cluster).items:
        if item.id not in items:
            _remove(target, item)
            removed.append(item.id)
    return tuple(sorted(removed))


def take_from(content: Path, target: Path, cluster: Cluster, items: Collection[str]) -> None:
    """Replace these items by what stands in ``content`` today, or remove them where nothing does."""
    for item in scan(target, cluster).items:
        if item.id in items:
            _remove(target, item)
    for item in scan(content, cluster).items:
        if item.id in items:
            names = (item.path, *(f"{item.folder}/{file.name}" for file in item.bundle))
            for name in names:
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                _link(str(content / name), str(target / name))


def _remove(target: Path, item: SourceItem) -> None:
    (target / item.path).unlink(missing_ok=True)
    for file in item.bundle:
        (target / item.folder / file.name).unlink(missing_ok=True)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
    return target
