"""The recognisers against labelled lines and against real laws."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.clearance.recognise import RECOGNISERS
from tests.benchmarks.recogniser_quality import labelled, laws, recognised, scores

LAWS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "laws.tar.xz"


def test_labelled_set_is_large_and_covers_every_recogniser() -> None:
    """At least 500 lines, a third of them without anything, and ten for each recogniser."""
    lines = list(labelled())
    assert len(lines) >= 500
    assert sum(not line.certain and not line.doubtful for line in lines) >= len(lines) // 3
    for name in RECOGNISERS:
        assert sum(name in line.certain or name in line.doubtful for line in lines) >= 10


@pytest.mark.parametrize("name", RECOGNISERS)
def test_recogniser_keeps_its_quality(name: str) -> None:
    """Precision and recall do not fall below what was reached; nothing doubtful blocks."""
    score = scores()[name]
    assert score.precision >= 0.95
    assert score.recall >= 0.95
    assert score.overblocked <= 1


def test_every_line_of_doubt_is_only_a_warning() -> None:
    """What fails its check digit, or is quoted, is found but never certain."""
    for line in labelled():
        found = recognised(line.text)
        for name in line.doubtful:
            assert found.get(name) is False, line


@pytest.mark.skipif(not LAWS.is_file(), reason="the laws are not beside the repository")
def test_laws_raise_no_block_and_hardly_a_warning() -> None:
    """3,475 laws: nothing but what only warns, and at most 0.5 % of them are warned of."""
    number, blocked, warned = laws(_texts())
    assert number >= 3_400
    assert blocked.keys() <= {"landline"}
    assert sum(blocked.values()) + sum(warned.values()) <= number * 0.005


def _texts() -> Iterator[str]:
    with tarfile.open(LAWS) as packed:
        for member in packed:
            file = packed.extractfile(member) if member.name.endswith(".md") else None
            if file is not None:
                yield file.read().decode()
