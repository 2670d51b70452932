"""generator.build.unread: a file that could have been written again without a trace is not believed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec
import pytest

from generator.build.unread import FILE_CLOCK, believable, may_be_since, stat_tuple, survey
from generator.content.source import FileStat, SourceFile, SourceItem
from generator.model import Category, Cluster, Unit

CLUSTER = Cluster(
    name="示例",
    base_url="https://a.example/",
    units=(Unit(id="sfj", name="示例局", short_name="局", kind="bureau"),),
    categories=(Category(id="notice", name="通知", name_en="Notices"),),
)


def test_the_look_is_dated_by_the_clock_of_files(tmp_path: Path) -> None:
    """A scan that begins within a tick is not dated after files that are still to be written within that tick."""
    for _ in range(100):
        _, started = survey(tmp_path, CLUSTER)
        assert started <= time.clock_gettime_ns(FILE_CLOCK)


def test_a_file_as_young_as_the_look_is_read_again(tmp_path: Path) -> None:
    """Only a file that is older than the scan by its own stamps is believed unread later."""
    path = tmp_path / "sfj" / "notice" / "a.md"
    path.parent.mkdir(parents=True)
    path.write_text("x", "utf-8")
    tree, _ = survey(tmp_path, CLUSTER)
    (source,) = tree.items
    stamp = max(source.stat.mtime_ns, source.stat.ctime_ns)
    assert believable(source, stamp) is None
    assert believable(source, stamp + 1) == (1, source.stat.mtime_ns, source.stat.ctime_ns, os.stat(path).st_ino)


SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("stamp", "tick"),
    [
        (1_790_000_000 * SECOND, 2 * SECOND),  # FAT, and all that count whole seconds
        (1_790_000_000 * SECOND + 330_000_000, 10_000_000),  # exFAT
        (1_790_000_000 * SECOND + 330_000_001, 1),
    ],
)
@pytest.mark.parametrize("time_of", ["mtime_ns", "ctime_ns"])
def test_a_stamp_may_be_that_of_a_later_moment(stamp: int, tick: int, time_of: str) -> None:
    """Disks that count whole seconds stamp what was written after the look as if it had been before."""
    assert may_be_since(stamp, stamp + tick - 1)
    assert not may_be_since(stamp, stamp + tick)
    stat = msgspec.structs.replace(FileStat(size=1, mtime_ns=7, ctime_ns=7, inode=7), **{time_of: stamp})
    old = FileStat(size=1, mtime_ns=7, ctime_ns=7, inode=7)
    alone = SourceItem("sfj/notice/a", "sfj/notice/a.md", "sfj", "notice", "a", stat)
    beside = msgspec.structs.replace(alone, stat=old, bundle=(SourceFile("表.txt", stat),))
    for source in (alone, beside):
        assert believable(source, stamp + tick - 1) is None
        assert believable(source, stamp + tick) == stat_tuple(source.stat)
