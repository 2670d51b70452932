"""Files of our own that a disk or a person damaged: told as such, or taken for absent, and never a traceback.

msgspec tells bytes that are no UTF-8 by another exception than everything else that it cannot read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.build.fs import FileSystem
from generator.build.manifest import parse_manifest
from generator.build.report import REPORT_NAME, load_report
from generator.clearance.evidence import load_refused, load_remembered
from generator.clearance.remembered import REFUSED, REMEMBERED
from generator.clearance.trail import parse_trail
from generator.deploy import compression
from generator.deploy.digests import Memory
from generator.errors import UsageError
from generator.search.evaluation import load_queries

DAMAGES = {"no data": b"{", "another shape": b"[1, 2]", "empty": b""}
NO_UTF8 = {
    "report": b'{"manifest_sha256": "\xff"}',
    "remembered withdrawals": b'[{"number": "\xff"}]',
    "remembered refusals": b'[{"path": "\xff"}]',
    "queries": b'{"\xff": []}',
    "manifest": b'{"files": [{"path": "\xff"}]}',
    "digests": b"\x81\xa1\xff\x92\x94\x00\x00\x00\x00\xa1a",
    "siblings": b'{"\xff": {}}',
    "trail": b'{"item": "\xff"}',
}
"""A text of each that is no UTF-8."""


def _at(name: str, load: Callable[[Path], object]) -> Callable[[Path, bytes], object]:
    def loading(folder: Path, data: bytes) -> object:
        (folder / name).write_bytes(data)
        return load(folder)

    return loading


REFUSING: dict[str, Callable[[Path, bytes], object]] = {
    "report": _at(REPORT_NAME, load_report),
    "remembered withdrawals": _at(REMEMBERED, load_remembered),
    "remembered refusals": _at(REFUSED, load_refused),
    "queries": _at("queries.json", lambda folder: load_queries(folder / "queries.json", None)),
    "manifest": lambda folder, data: parse_manifest(data),
}
FORGIVING: dict[str, Callable[[Path, bytes], object]] = {
    "digests": _at("digests.bin", lambda folder: Memory(folder / "digests.bin", FileSystem()).known("a", (0, 0, 0, 0))),
    "siblings": _at(compression.INDEX_NAME, compression._load_index),
    "trail": lambda folder, data: parse_trail(data),
}


@pytest.mark.parametrize("damage", ["no UTF-8", *DAMAGES])
@pytest.mark.parametrize("what", REFUSING)
def test_what_must_be_read_is_refused_in_words(tmp_path: Path, what: str, damage: str) -> None:
    """The operator is told, and exits with a usage error."""
    with pytest.raises(UsageError):
        REFUSING[what](tmp_path, DAMAGES.get(damage, NO_UTF8[what]))


@pytest.mark.parametrize("damage", ["no UTF-8", *DAMAGES])
@pytest.mark.parametrize("what", FORGIVING)
def test_what_can_be_made_again_is_passed_over(tmp_path: Path, what: str, damage: str) -> None:
    """A damaged memory is an empty one."""
    assert not FORGIVING[what](tmp_path, DAMAGES.get(damage, NO_UTF8[what]))
