"""The internal report of a build: what a release, ``explain`` and the trail ask. Never published.

Effects: ``load_*`` and ``save_report`` touch the state folder, readable by its owner only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from generator.build.fs import FileSystem
from generator.errors import UsageError
from generator.model import Cluster

REPORT_NAME = "report.json"

Kind = Literal["release", "preview"]


class ItemReport(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one item and the files that it owns in the tree."""

    verdict: str
    path: str
    digest: str = ""
    record: str = ""
    """Number of the clearance record that let it pass or held it back."""
    files: tuple[str, ...] = ()
    until: datetime | None = None


class ReportHead(msgspec.Struct, frozen=True, kw_only=True):
    """One build, as those who answer for it need to know it, but for its items."""

    manifest_sha256: str
    """Of ``manifest.json``; binds this report to one tree."""
    kind: Kind
    now: datetime
    commit: str = ""
    """Of the repository that holds the content; empty outside git; ends in ``+`` when it has uncommitted changes."""
    next_change_at: datetime | None = None
    """As the manifest says, and what else is made of a build that readers may see."""
    next_clearance_at: datetime | None = None
    """When an item passes by an approval whose day comes: said nowhere else, as nobody cleared the item before."""
    audit_passed: bool = False
    faults: int = 0
    """Diagnostics of severity ``error``, over all units."""
    counts: dict[str, dict[str, int]] = {}
    """Unit → verdict → number of items."""
    withdrawn: dict[str, str] = {}
    """Item id → date of its withdrawal."""
    redirects: dict[str, str] = {}
    """Former address → present address, both paths in the tree: the release's web server answers 301."""
    hosts: dict[str, str] = {}
    """See ``hosts_of``."""
    rules: str = ""
    """Digest of the negative list by which every item was looked through."""
    tombstones: tuple[str, ...] = ()
    """Pages in the place of withdrawn items: the release's web server answers 410."""

    @property
    def next_build_at(self) -> datetime | None:
        """When time alone makes another build of the same sources."""
        return min((one for one in (self.next_change_at, self.next_clearance_at) if one is not None), default=None)


class BuildReport(ReportHead, frozen=True, kw_only=True):
    """One build and every item of it."""

    items: dict[str, ItemReport] = {}


def hosts_of(cluster: Cluster) -> dict[str, str]:
    """The unit that each host is of, empty for the portal, and its base address: between them links are absolute."""
    return {"": cluster.base_url} | {unit.id: unit.host for unit in cluster.units if unit.host}


_ITEMS = b',"items":{\n'
_BETWEEN = b",\n"
_END = b"\n}}\n"


def item_line(item: str, report: ItemReport) -> bytes:
    """One item as it stands in the file."""
    return msgspec.json.encode(item) + b":" + msgspec.json.encode(report)


def join_lines(lines: Iterable[bytes]) -> bytes:
    """All items as they stand in the file."""
    return _BETWEEN.join(lines)


def split_lines(items: bytes) -> dict[str, bytes]:
    """The line of each item."""
    # An id is made of slugs, in which nothing is to be escaped.
    return {line[1 : line.index(b'"', 1)].decode(): line for line in items.split(_BETWEEN)} if items else {}


def mend_lines(items: bytes, changed: Mapping[str, bytes]) -> tuple[bytes, dict[str, bytes]]:
    """The items with these lines instead of those of the same ids, and what stood there; ``KeyError``: one is new."""
    places: list[tuple[int, int, str]] = []
    for item in changed:
        opening = f'"{item}":'.encode()
        found = items.find(b"\n" + opening)
        if found < 0 and not items.startswith(opening):
            raise KeyError(item)
        end = items.find(_BETWEEN, found + 1)
        places.append((found + 1, len(items) if end < 0 else end, item))
    parts: list[bytes | memoryview] = []
    at, view = 0, memoryview(items)
    for start, end, item in sorted(places):
        parts += [view[at:start], changed[item]]
        at = end
    return b"".join([*parts, view[at:]]), {item: items[start:end] for start, end, item in places}


def save_report(fs: FileSystem, state: Path, head: ReportHead, items: bytes) -> str:
    """Write the report, readable by its owner only: JSON, with a line for each item. Gives the file's SHA-256.

    ``items`` are as ``join_lines`` puts them.
    """
    data = b"".join((msgspec.json.encode(head)[:-1], _ITEMS, items, _END))
    fs.write(state / REPORT_NAME, data, mode=0o600)
    return hashlib.sha256(data).hexdigest()


def load_items(state: Path, known: str = "") -> tuple[bytes, str]:
    """The items of the last report as ``join_lines`` puts them, and the file's SHA-256; raises as ``load_report``.

    A file that is the ``known`` one, by its digest, need not be taken apart; of any other every line is read.
    """
    data = _read(state)
    digest = hashlib.sha256(data).hexdigest()
    if digest == known:
        start = data.index(_ITEMS) + len(_ITEMS)  # JSON writes no bare line end within a string
        return data[start : -len(_END)], digest
    report = _decoded(data, BuildReport, state)
    return join_lines(item_line(item, one) for item, one in report.items.items()), digest


def parse_line(line: bytes) -> ItemReport:
    """The item of a line."""
    return msgspec.json.decode(line.partition(b":")[2], type=ItemReport)


def load_head(state: Path) -> tuple[ReportHead, str]:
    """The report of the last build without its items, and the file's SHA-256; raises as ``load_report`` does."""
    data = _read(state)
    return _decoded(data, ReportHead, state), hashlib.sha256(data).hexdigest()


def load_report(state: Path) -> BuildReport:
    """The report of the last build; raises ``UsageError`` where there is none or it cannot be read."""
    return _decoded(_read(state), BuildReport, state)


R = TypeVar("R")


def _decoded(data: bytes, kind: type[R], state: Path) -> R:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(state, error) from error


def _read(state: Path) -> bytes:
    path = state / REPORT_NAME
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"还没有构建记录，请先运行 make build。No build report at {path}: run `make build` first."
        ) from None
    except OSError as error:
        raise _unreadable(state, error) from error


def _unreadable(state: Path, error: Exception) -> UsageError:
    return UsageError(f"构建记录无法读取，请重新构建。The build report {state / REPORT_NAME} cannot be read: {error}")
