"""Attachments that cannot be read, or are written to, while a build reads them: of that nothing is remembered."""

from __future__ import annotations

import errno
import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from generator.build.result import BuildResult
from generator.clearance import attachments
from generator.clearance.inspect import opened
from tests.build.cluster import NOW, SmallCluster, digests

ITEM, NAME = "sfj/policy/a", "表.txt"
DIRTY, CLEAN = "身份证号码 11010519491231002X", "没有什么好说的，就是一个表格而已"


@pytest.fixture
def cluster(tmp_path: Path) -> SmallCluster:
    made = SmallCluster(tmp_path)
    made.write(ITEM, attachments=f"[{NAME}]")
    (made.content / ITEM).mkdir()
    return made


def build(cluster: SmallCluster, now: datetime = NOW) -> BuildResult:
    """Build what is old enough to be believed unread."""
    time.sleep(0.02)
    return cluster.build(now=now)


@pytest.mark.parametrize("later", [DIRTY, CLEAN])
def test_what_was_found_in_a_file_is_not_taken_for_what_is_in_another(
    cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch, later: str
) -> None:
    """It was digested, then saved without the number, then looked through; and the old one was put back in time."""
    cluster.write(ITEM, attachments=f"[{NAME}]", date=f"{NOW + timedelta(days=1):%Y-%m-%d}")
    path = cluster.content / ITEM / NAME
    path.write_text(DIRTY, "utf-8")
    inspect = opened.inspect_stream

    def meanwhile(file: BinaryIO, *rest: object) -> str:
        path.write_text(CLEAN, "utf-8")
        return inspect(file, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(opened, "inspect_stream", meanwhile)
        build(cluster)
    path.write_text(later, "utf-8")
    then = NOW + timedelta(days=2)
    assert build(cluster, then).withheld == ({"blocked": 1} if later == DIRTY else {})
    assert digests(cluster.root / "out") == cluster.build_clean(now=then)


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES, errno.ESTALE])
def test_a_file_that_could_not_be_read_is_read_again(
    cluster: SmallCluster, monkeypatch: pytest.MonkeyPatch, code: int, after: int
) -> None:
    """A network drive was away, a word processor held it: none of its stamps tells that this is over."""
    (cluster.content / ITEM / NAME).write_text(CLEAN, "utf-8")
    digest, calls = attachments._digest, [0]

    def failing(file: BinaryIO) -> str:
        calls[0] += 1
        if calls[0] > after:
            raise OSError(code, os.strerror(code))
        return digest(file)

    with monkeypatch.context() as patched:
        patched.setattr(attachments, "_digest", failing)
        for _ in range(2):
            calls[0] = 0
            assert build(cluster).withheld == {"blocked": 1}
    assert build(cluster).withheld == {}
    assert digests(cluster.root / "out") == cluster.build_clean()
    assert build(cluster).screening is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nkein PDF", b"\x89PNG\r\n\x1a\nkein Bild"])
def test_a_file_that_nobody_could_read_is_not_read_again(cluster: SmallCluster, data: bytes) -> None:
    """Its bytes are at fault: while they are the same there is nothing to do."""
    for name in (NAME, "a.pdf", "a.png"):
        (cluster.content / ITEM / name).write_bytes(data)
    cluster.write(ITEM, attachments="[a.pdf, a.png]")
    assert build(cluster).withheld == {"blocked": 1}
    build(cluster)
    assert build(cluster).screening is None
