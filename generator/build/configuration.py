"""What ``sites``, ``themes`` and the evidence folders hold, as bytes. Effects: reads them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from generator.build.settings import Settings
from generator.build.unread import file_clock, may_be_since
from generator.clearance.remembered import REFUSED, REMEMBERED
from generator.content.names import is_utf8, shown
from generator.diagnostics import diagnostic, in_order
from generator.errors import ConfigError


class Configuration(NamedTuple):
    """What a build goes by beside items, as it was when the build began."""

    texts: Mapping[str, bytes]
    digest: str
    """Of these, the evidence and the kind of tree."""
    decisions: str
    """See ``decisions_digest``."""
    began: int
    """Before any of it was read, by the clock of files."""


def load_configuration(settings: Settings) -> Configuration:
    """Read all that is to be compared with what the build before went by."""
    began = file_clock()
    texts = configuration_texts(settings)
    digest = f"{settings.kind} {digest_of(texts)} {evidence_digest(settings.content)}"
    return Configuration(texts, digest, decisions_digest(settings.state), began)


def configuration_texts(settings: Settings) -> Mapping[str, bytes]:
    """Every file of ``sites`` and ``themes`` by its logical path: what they say, they may say in public.

    Raises ``ConfigError`` for names that are no UTF-8: such a file could be neither read by its name nor published.
    """
    found: dict[str, bytes] = {}
    for name, folder in (("sites", settings.sites), ("themes", settings.themes)):
        for path in sorted(path for place in (folder, *linked_folders(folder)) for path in _files_below(place)):
            if path.is_file():
                with suppress(FileNotFoundError):  # an editor's temporary file that is gone by now
                    found[f"{name}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    faults = [diagnostic("name-encoding", shown(name)) for name in found if not is_utf8(name)]
    if faults:
        raise ConfigError(in_order(faults))
    return found


def _files_below(folder: Path) -> Iterator[Path]:
    """Not in hidden folders, where nobody reads: a theme of its own repository has the whole history in one."""
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name[0] != "."]
        yield from (Path(where, name) for name in names)


def linked_folders(folder: Path) -> Iterator[Path]:
    """Folders that lie elsewhere and are read through a link: a theme, or the definitions of all units."""
    return (path for path in folder.glob("*") if path.name[0] != "." and path.is_symlink() and path.is_dir())


def digest_of(texts: Mapping[str, bytes]) -> str:
    """Digest of names and bytes."""
    digest = hashlib.blake2b(digest_size=16)
    for name, data in texts.items():
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def evidence_digest(content: Path) -> str:
    """Digest of every file that the gate judges by beside the items."""
    digest = hashlib.blake2b(digest_size=16)
    for folder in sorted(path for path in content.glob("*/_*") if path.is_dir()):
        within = folder.relative_to(content)
        try:
            names = sorted(os.listdir(folder))
        except OSError:  # who reads evidence says so; to ``glob`` it would be as good as empty
            digest.update(os.fsencode(f"{within.as_posix()}\0\0"))
            continue
        for path in (folder / name for name in names):
            if path.is_file():
                digest.update(os.fsencode(f"{(within / path.name).as_posix()}\0"))
                digest.update(hashlib.blake2b(path.read_bytes(), digest_size=16).digest())
    return digest.hexdigest()


def decisions_digest(state: Path) -> str:
    """Digest of the decisions that are remembered whether or not their files are still there.

    Builds of their own tell of what they find in the history, and a backup of the folder may be put back.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name in (REMEMBERED, REFUSED):
        with suppress(FileNotFoundError):
            digest.update(f"{name}\0".encode() + (state / name).read_bytes())
    return digest.hexdigest()


def touched_since(settings: Settings, moment: int) -> bool:
    """Whether any of these files, or a folder where one may have come or gone, changed at or after a moment (ns)."""
    try:
        return any(may_be_since(changed, moment) for changed in _changes(settings))
    except OSError:  # what cannot be looked at may have changed
        return True


def _changes(settings: Settings) -> Iterator[int]:
    """When the state of each last changed, which nobody can set back: a file may say again what it said before."""
    content = settings.content
    for folder in (content, *(path for path in content.iterdir() if path.name[0] != "." and path.is_dir())):
        yield folder.stat().st_ctime_ns
    read = (settings.sites, settings.themes)
    folders = (*read, *(linked for folder in read for linked in linked_folders(folder)), *content.glob("*/_*"))
    below = [os.fspath(path) for path in folders if path.is_dir()]
    while below:
        yield os.stat(below[-1]).st_ctime_ns
        with os.scandir(below.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name[0] != ".":
                        below.append(entry.path)
                    continue
                yield entry.stat(follow_symlinks=False).st_ctime_ns
                if entry.is_symlink():
                    with suppress(OSError):
                        yield entry.stat().st_ctime_ns
