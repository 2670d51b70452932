"""Content folder → the list of its items, without reading any. Effects: reads folders; ``load_source`` reads a file.

An item is ``<unit>/<category>/<slug>.md`` or ``<unit>/<category>/<slug>/index.md``;
in either case its files lie in ``<unit>/<category>/<slug>/``, so that no item can
name another's. Whatever looks like an item but stands elsewhere is a fault, never
overlooked. Symbolic links are never followed. Names that begin with ``.`` or ``_``
(clearance records, withdrawals, version control) and editors' temporary files are
not content.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from stat import S_IFREG, S_ISREG
from typing import Any

from msgspec import Struct

from generator.content.names import MAX_SLUG_BYTES, SLUG, are_sound, folded, is_reserved_slug, is_utf8, nearest, shown
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.model import Cluster

MAX_SOURCE_BYTES = 8 * 1024 * 1024
"""Of one Markdown file. The longest Chinese code has about 0.4 MB."""

_DEPTH = 4
"""Folders inside a bundle."""
_DECISIONS = ("_clearance", "_withdrawn")
_is_plain = re.compile(r"[a-z0-9][a-z0-9_-]*\.md").fullmatch
"""No editor gives its temporary files such names."""
_MARKDOWN = (".md", ".markdown", ".mdown")
"""What files are called that somebody meant to be items; only the first is an item's."""
_name_of, _id_of = attrgetter("name"), attrgetter("id")
_TEMPORARY = re.compile(
    r"~\$.*|.*~|#.*#|.*\.(?:sw[a-z]|tmp|temp|bak|crdownload|part)|4913|thumbs\.db|desktop\.ini", re.I
)


class FileStat(Struct, frozen=True, gc=False):
    """What git compares before it believes a file unchanged."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class SourceFile(Struct, frozen=True, gc=False):
    """A file of an item's own folder; only those that the item names are ever published."""

    name: str
    """Relative to the item's folder, ``/`` between parts."""
    stat: FileStat


class SourceItem(Struct, frozen=True, gc=False):
    """Where one item stands. Picklable."""

    id: str
    """``<unit>/<category>/<slug>``."""
    path: str
    """Of the Markdown file, relative to the content folder, ``/`` between parts."""
    unit: str
    category: str
    slug: str
    stat: FileStat
    bundle: tuple[SourceFile, ...] = ()
    """Sorted by name."""

    @property
    def folder(self) -> str:
        """The item's own folder, relative to the content folder; it need not exist."""
        return self.id


class SourceTree(Struct, frozen=True):
    """What the content folder holds."""

    items: tuple[SourceItem, ...]
    """Sorted by id."""
    diagnostics: tuple[Diagnostic, ...]
    refused: tuple[str, ...] = ()
    """Markdown files that are no items because of where or how they stand; sorted paths."""


def scan(content: Path, cluster: Cluster) -> SourceTree:
    """List every item of ``content``, and everything there that can be none.

    A folder that is missing or cannot be listed is a diagnostic, not an
    exception: the rest of the cluster is still built.
    """
    return _Scan(os.fspath(content), cluster).tree()


def load_source(content: Path, source: SourceItem) -> bytes:
    """The bytes of an item's Markdown file, at most one more than ``MAX_SOURCE_BYTES``.

    Raises ``OSError`` when it cannot be read or has become a symbolic link since
    the scan; ``content.item.unreadable`` makes the item's fault of it.
    """
    descriptor = os.open(f"{content}/{source.path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        stat = os.fstat(descriptor)
        if not S_ISREG(stat.st_mode):
            raise OSError(f"not a regular file: {source.path}")
        data = os.read(descriptor, min(stat.st_size, MAX_SOURCE_BYTES) + 1)
        if len(data) == stat.st_size:  # one more was asked for: this is the end
            return data
        while len(data) <= MAX_SOURCE_BYTES and (more := os.read(descriptor, MAX_SOURCE_BYTES + 1 - len(data))):
            data += more
        return data
    finally:
        os.close(descriptor)


class _Scan:
    """One walk over the content folder."""

    def __init__(self, content: str, cluster: Cluster) -> None:
        self._content = content
        self._units = [unit.id for unit in cluster.units]
        self._categories = [category.id for category in cluster.categories]
        self._items: list[SourceItem] = []
        self._refused: list[str] = []
        self._found: list[Diagnostic] = []

    def tree(self) -> SourceTree:
        for unit in self._folders("", self._units, "unit-folder-unknown"):
            for category in self._folders(f"{unit}/", self._categories, "category-folder-unknown"):
                self._category(unit, category)
        self._items.sort(key=_id_of)
        return SourceTree(tuple(self._items), in_order(self._found), tuple(sorted(self._refused)))

    def _folders(self, below: str, known: list[str], unknown: str) -> Iterator[str]:
        """The folders of one level that are defined; everything else there is a fault."""
        for entry in self._entries(below):
            path = below + entry.name
            if not entry.is_dir(follow_symlinks=False):
                self._stray(entry, path)
            elif entry.name in known:
                yield entry.name
            elif not below and self._has_only_decisions(path):
                continue  # of a unit that left the cluster: they bind those that are there
            else:
                near = nearest(entry.name, known)
                params = {"near": near} if near else {"known": "、".join(known)}
                self._fault(f"{unknown}-near" if near else unknown, path, **params)
                self._refuse_below(path)

    def _has_only_decisions(self, unit: str) -> bool:
        if not any(os.path.isdir(f"{self._content}/{unit}/{folder}") for folder in _DECISIONS):
            return False
        for _, folders, files in os.walk(f"{self._content}/{unit}"):
            folders[:] = [name for name in folders if name[0] not in "._"]
            if any(name[0] not in "._" for name in files):
                return False
        return True

    def _category(self, unit: str, category: str) -> None:
        below = f"{unit}/{category}/"
        files: dict[str, os.DirEntry[str]] = {}
        folders: dict[str, os.DirEntry[str]] = {}
        for entry in self._entries(below):
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                folders[name] = entry
            elif not name.endswith(".md"):
                self._stray(entry, below + name)
            elif self._regular(entry, below + name):
                files[name[:-3]] = entry
        if not folders and are_sound(files):  # as in nearly every folder of a large cluster
            for slug, entry in files.items():
                stat, item = _file_stat(entry.stat(follow_symlinks=False)), below + slug
                self._items.append(SourceItem(item, f"{item}.md", unit, category, slug, stat))
            return
        for slug, entry in files.items():
            bundle = self._bundle(f"{below}{slug}") if slug in folders else ()
            if any(file.name == "index.md" for file in bundle):
                self._fault("item-doubled", f"{below}{slug}.md")
                self._refused += [f"{below}{slug}.md", f"{below}{slug}/index.md"]
            else:
                self._item(unit, category, slug, f"{below}{slug}.md", entry.stat(follow_symlinks=False), bundle)
        for slug in folders.keys() - files.keys():
            self._bundle_item(unit, category, slug)
        self._collisions(below, {**{slug: slug for slug in folders}, **{slug: f"{slug}.md" for slug in files}})

    def _bundle_item(self, unit: str, category: str, slug: str) -> None:
        folder = f"{unit}/{category}/{slug}"
        bundle = self._bundle(folder)
        source = next((file for file in bundle if file.name == "index.md"), None)
        if source is not None:
            rest = tuple(file for file in bundle if file is not source)
            self._item(unit, category, slug, f"{folder}/index.md", source.stat, rest)
        elif bundle:
            self._fault("folder-without-item", folder)
            self._refused += [f"{folder}/{file.name}" for file in bundle if file.name.endswith(".md")]

    def _item(
        self,
        unit: str,
        category: str,
        slug: str,
        path: str,
        stat: os.stat_result | FileStat,
        bundle: tuple[SourceFile, ...],
    ) -> None:
        for file in bundle:
            if file.name.endswith(".md"):
                self._fault("item-inside-item", f"{unit}/{category}/{slug}/{file.name}")
                self._refused.append(f"{unit}/{category}/{slug}/{file.name}")
        if SLUG.fullmatch(slug) is None:
            self._fault("slug-form", path)
        elif is_reserved_slug(slug):
            self._fault("slug-reserved", path)
        elif len(slug.encode()) > MAX_SLUG_BYTES:
            self._fault("slug-too-long", path, limit=MAX_SLUG_BYTES)
        else:
            known = stat if isinstance(stat, FileStat) else _file_stat(stat)
            self._items.append(SourceItem(f"{unit}/{category}/{slug}", path, unit, category, slug, known, bundle))
            return
        self._refused.append(path)

    def _bundle(self, folder: str) -> tuple[SourceFile, ...]:
        files: list[SourceFile] = []
        waiting = [("", 0)]
        while waiting:
            below, depth = waiting.pop()
            for entry in self._entries(f"{folder}/{below}"):
                name = below + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if depth < _DEPTH:
                        waiting.append((f"{name}/", depth + 1))
                    else:
                        self._fault("folder-too-deep", f"{folder}/{name}", limit=_DEPTH)
                elif not self._regular(entry, f"{folder}/{name}"):
                    continue
                elif not is_utf8(name):
                    self._fault("name-encoding", f"{folder}/{name}")
                    if name.endswith(".md"):
                        self._refused.append(f"{folder}/{name}")
                else:
                    files.append(SourceFile(name, _file_stat(entry.stat(follow_symlinks=False))))
        files.sort(key=lambda file: file.name)
        return tuple(files)

    def _collisions(self, below: str, names: dict[str, str]) -> None:
        """Names that differ here, but not on every disk or for every reader."""
        if all(map(SLUG.fullmatch, names)):  # such names are equal when they are folded alike
            return
        first: dict[str, str] = {}
        for slug in sorted(names, key=lambda slug: (SLUG.fullmatch(slug) is None, slug)):
            other = first.setdefault(folded(slug), slug)
            if other != slug:
                self._fault("slug-collides", below + names[slug], other=shown(names[other]))

    def _entries(self, below: str) -> list[os.DirEntry[str]]:
        """What a folder holds, sorted, without what is no content and without links."""
        try:
            with os.scandir(f"{self._content}/{below}") as listing:
                entries = [entry for entry in listing if entry.name[0] not in "._"]
        except OSError as error:
            if not (below and isinstance(error, FileNotFoundError)):  # else it was listed, and is gone by now
                self._fault("folder-unreadable", below.rstrip("/"))
            return []
        kept = []
        for entry in entries:
            if entry.is_symlink():
                self._fault("symbolic-link", below + entry.name)
            elif _is_plain(entry.name) or not _TEMPORARY.fullmatch(entry.name):
                kept.append(entry)
        kept.sort(key=_name_of)
        return kept

    def _regular(self, entry: os.DirEntry[str], path: str) -> bool:
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except FileNotFoundError:  # gone by now
            return False
        except OSError:  # a folder may let its files be listed and none be reached
            mode = S_IFREG
        if S_ISREG(mode) and mode & 0o444:
            return True
        self._fault("file-unreadable" if S_ISREG(mode) else "not-regular", path)
        return False

    def _stray(self, entry: os.DirEntry[str], path: str) -> None:
        if not self._regular(entry, path):
            return
        written = entry.name.lower().endswith(_MARKDOWN)
        if written:
            self._refused.append(path)
        self._fault("item-extension" if written and path.count("/") == 2 else "file-stray", path)

    def _refuse_below(self, folder: str) -> None:
        """Takes down the Markdown files of a folder that is no unit or category; links, pipes and devices are none."""
        for where, folders, files in os.walk(f"{self._content}/{folder}"):
            folders[:] = [name for name in folders if name[0] not in "._"]
            inside = os.path.relpath(where, self._content).replace(os.sep, "/")
            written = (name for name in files if name.lower().endswith(_MARKDOWN))
            self._refused += [f"{inside}/{name}" for name in written if _is_regular(f"{where}/{name}")]

    def _fault(self, code: str, path: str, **params: Any) -> None:
        place = f"content/{shown(path)}" if path else "content"
        self._found.append(diagnostic(code, place, **params))


def _is_regular(path: str) -> bool:
    try:
        return S_ISREG(os.lstat(path).st_mode)
    except OSError:  # gone by now
        return False


def _file_stat(stat: os.stat_result) -> FileStat:
    return FileStat(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
