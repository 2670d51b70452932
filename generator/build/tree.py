"""One build's hold on the output folder: what stands, what is written, what goes. Effects: the output folder.

The manifest is removed before the first change, so that a tree whose build did not end has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from generator.build.cache import OutputState
from generator.build.fs import FileSystem
from generator.build.manifest import MANIFEST_NAME
from generator.build.outputs import KEY_PART, Differences, folders_above, why


class Tree:
    """The output folder during one build.

    ``look`` gives how it differs from the ledger, before anything is changed; it is asked once, when that is needed.
    """

    def __init__(
        self,
        fs: FileSystem,
        out: Path,
        ledger: Mapping[str, OutputState],
        look: Callable[[], Differences],
        asked: str = "",
    ) -> None:
        self._fs = fs
        self._out = out
        self._ledger = ledger
        self._look = look
        self._unsealed = False
        self._cleared: set[str] = set()
        self._dropped: set[str] = set()
        self.entries: dict[str, OutputState] = {}
        """The ledger of this build, as it grows."""
        self.written: list[str] = []
        self.deleted: list[str] = []
        self.manifest = b""
        """The manifest of the build before, once it is removed."""
        self._asked = asked
        self.reason = ""
        """Why the file that was asked for was written or kept."""

    @cached_property
    def _seen(self) -> Differences:
        return self._look()

    @cached_property
    def _folders(self) -> Mapping[str, Mapping[str, OutputState]]:
        """The ledger by first folder."""
        found: dict[str, dict[str, OutputState]] = {}
        folder, files = "", dict[str, OutputState]()
        for path, entry in self._ledger.items():  # most follow one of the same folder
            if not (folder and path.startswith(folder)):
                first = path.partition("/")[0]
                folder, files = f"{first}/", found.setdefault(first, {})
            files[path] = entry
        return found

    @property
    def untouched(self) -> bool:
        """Whether the folder holds exactly what the build before left, manifest included."""
        seen = self._seen
        return seen.sealed and not seen.other and not seen.lost and not seen.bare

    def unseal(self) -> None:
        """The tree is about to change: it is unfinished from now on."""
        if self._seen.sealed and not self._unsealed:
            with suppress(OSError):
                self.manifest = (self._out / MANIFEST_NAME).read_bytes()
            self._fs.remove(self._out / MANIFEST_NAME)
            self._unsealed = True

    def clear_strangers(self) -> None:
        """Delete what the ledger does not know: leftovers of a build that was cut off, or other people's files.

        Empty folders too: one may stand where a file is to be written.
        """
        strangers = sorted(path for path in self._seen.other if path not in self._ledger)
        if strangers or self._seen.bare:
            self.unseal()
        for path in strangers:
            self._fs.remove(self._out / path)
            self._cleared.add(path)
        self.deleted += strangers
        self._drop_empty_folders(strangers)

    def _stands(self, path: str) -> OutputState | None:
        """The ledger's entry when the file on disk is the very one that was written."""
        return None if path in self._seen.other or path in self._seen.lost else self._ledger.get(path)

    def keep(self, path: str, key: bytes) -> bool:
        """Keep the file if it is the very one that was written for ``key``."""
        entry = self._stands(path)
        kept = entry is not None and entry.key == key
        if path == self._asked:
            self.reason = self._why(path, key, kept=kept)
        if entry is None or not kept:
            return False
        self.entries[path] = entry
        return True

    def holds_all_of(self, folder: str, source: str) -> bool:
        """Whether every file of that source in a first folder is on disk as the build before wrote it."""
        mine = {path for path, entry in self._folders.get(folder, {}).items() if entry.source == source}
        return bool(mine) and mine.isdisjoint(self._seen.other) and mine.isdisjoint(self._seen.lost)

    def keep_of(self, below: str, sources: Set[str]) -> dict[str, bytes]:
        """Keep every file of these sources below a folder, for whatever key; gives source and key of what is lost."""
        other, lost = self._seen.other, self._seen.lost
        files = self._folders.get(below.partition("/")[0], {})
        mine = {path: entry for path, entry in files.items() if entry.source in sources and path.startswith(below)}
        missing = [path for path in (*other, *lost) if path in mine]
        gone = {mine[path].source: mine.pop(path).key for path in missing}
        self.entries.update(mine)
        if self._asked in mine:
            self.reason = self._why(self._asked, mine[self._asked].key, kept=True)
        return gone

    def keep_as_written(self, path: str) -> None:
        """Keep a file of which its maker knows that the build before wrote it right."""
        self.entries[path] = self._ledger[path]
        if path == self._asked:
            self.reason = self._why(path, self._ledger[path].key, kept=True)

    def keep_pages_of(self, unit: str) -> bool:
        """Keep every page of a unit's site, if all are as they were written; site maps are the portal's."""
        files = self._folders.get(unit, {})
        pages = {path: entry for path, entry in files.items() if _is_page(entry)}
        if not pages or not pages.keys().isdisjoint(self._seen.other) or not pages.keys().isdisjoint(self._seen.lost):
            return False
        self.entries.update(pages)
        if self._asked in pages:
            self.reason = self._why(self._asked, pages[self._asked].key, kept=True)
        return True

    def _why(self, path: str, key: bytes, *, kept: bool) -> str:
        known = self._ledger.get(path)
        if kept:
            return f"沿用 {path}：所依据的一切都没有变化 (kept: nothing that it depends on changed)"
        return f"重写 {path}：{why(known.key if known else None, key)}"

    def add(self, path: str, entry: OutputState) -> None:
        """A file was written."""
        self.entries[path] = entry
        self.written.append(path)

    def drop(self, path: str) -> None:
        """Take a file of this build out again: the audit found something in it."""
        self.unseal()
        self._fs.remove(self._out / path)
        self.entries.pop(path, None)
        self._dropped.add(path)
        self.written = [one for one in self.written if one != path]

    def changed(self) -> frozenset[str]:
        """Paths that came, went or are other than in the ledger of the build before; to be asked after pruning."""
        return frozenset().union(self.written, self.deleted, self._seen.lost, self._dropped)

    def prune(self) -> None:
        """Delete every file that this build does not have, and every folder that is left empty."""
        lost, kept = self._seen.lost, self.entries
        left = {path for path in self._ledger if path not in kept and path not in lost}
        gone = sorted(left.union(path for path in self._seen.other - self._cleared if path not in kept))
        if gone:
            self.unseal()
        for path in gone:
            self._fs.remove(self._out / path)
        self.deleted += gone
        self._drop_empty_folders(gone)

    def _drop_empty_folders(self, gone: Iterable[str]) -> None:
        """Those that held nothing, or nothing but what is gone."""
        for folder in sorted(self._seen.bare | folders_above(gone), reverse=True):  # the deepest first
            self._fs.remove_folder(self._out / folder)


def _is_page(entry: OutputState) -> bool:
    """Whether it is a page of the site in whose folder it stands; site maps are the portal's, wherever they stand."""
    return len(entry.key) == 3 * KEY_PART and not entry.source.startswith("sitemap:")
