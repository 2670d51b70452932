"""Whether a file may be believed unread: git's rule. Effects: ``survey`` reads folders and the clock.

A file is the one that was read when size, mtime, ctime and inode are what they were, and all were older than the
scan that saw it: what was written within the same tick as a scan could be written again without a trace. How long a
tick is depends on where the file lies.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

from generator.build.cache import SourceState, Stat
from generator.content.source import FileStat, SourceItem, SourceTree, scan
from generator.model import Cluster

Survey = tuple[SourceTree, int]
"""The content folder as it stands, and the moment (ns) before which its files are older than this look."""

FILE_CLOCK = 5 if sys.platform == "linux" else time.CLOCK_REALTIME
"""Linux' CLOCK_REALTIME_COARSE, which Python does not name."""


_TICKS = ((1_000_000_000, 2_000_000_000), (10_000_000, 10_000_000))
"""Of stamps that are a multiple of the one the longest tick is the other: old ext and many network drives count whole
seconds, FAT every other one, exFAT hundredths. Finer stamps hardly ever are such multiples."""


def survey(content: Path, cluster: Cluster) -> Survey:
    """Look at the content folder, by the units and categories that are defined."""
    started = file_clock()
    return scan(content, cluster), started


def file_clock() -> int:
    """Now, by the clock with which files are stamped: on many kernels it stands still between two ticks.

    By a finer clock, a file that is written twice within a tick, before and after the look, would seem old enough.
    """
    return time.clock_gettime_ns(FILE_CLOCK)


def may_be_since(stamp: int, moment: int) -> bool:
    """Whether a file that bears this stamp may have been written at or after a moment (both ns)."""
    if stamp + _TICKS[0][1] <= moment:
        return False
    return stamp + next((tick for multiple, tick in _TICKS if not stamp % multiple), 1) > moment


def unread_unchanged(tree: SourceTree, states: Mapping[str, SourceState]) -> bool:
    """Whether every item is, by git's rule, the one that was read, and none came or went."""
    return len(tree.items) == len(states) and all(
        (state := states.get(source.path)) is not None and is_unread_unchanged(source, state) for source in tree.items
    )


def strays_digest(content: Path, tree: SourceTree) -> str:
    """Digest of what is wrong with the content folder itself, and of all Markdown in it that is no item.

    Of that no state is remembered: editors are told of it, and its words are looked for in what is published.
    """
    digest = hashlib.blake2b(msgspec.msgpack.encode(tree.diagnostics), digest_size=16)
    for path in tree.refused:
        try:
            said = hashlib.blake2b((content / path).read_bytes(), digest_size=16).digest()
        except OSError:
            said = b""
        digest.update(os.fsencode(path) + b"\0" + said)
    return digest.hexdigest()


def stat_tuple(stat: FileStat) -> Stat:
    """The four values of git's rule."""
    return (stat.size, stat.mtime_ns, stat.ctime_ns, stat.inode)


def believable(source: SourceItem, scanned_ns: int) -> Stat | None:
    """The source's stat, or ``None`` where a later look could not tell that the file changed."""
    stats = [source.stat, *(file.stat for file in source.bundle)]
    stamps = (stamp for stat in stats for stamp in (stat.mtime_ns, stat.ctime_ns))
    if any(may_be_since(stamp, scanned_ns) for stamp in stamps):
        return None
    return stat_tuple(source.stat)


def is_unread_unchanged(source: SourceItem, known: SourceState) -> bool:
    """Git's rule: every stat is what it was, and was older than the scan that saw it."""
    stat = source.stat
    if known.stat != (stat.size, stat.mtime_ns, stat.ctime_ns, stat.inode):
        return False
    if not source.bundle:
        return not known.bundle
    return known.bundle == tuple((file.name, stat_tuple(file.stat)) for file in source.bundle)
