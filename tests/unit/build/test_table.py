"""generator.build.table: the table of search is made once, and what is believed is what making it would give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from generator.build import cache, table
from generator.build.fs import FileSystem
from generator.search.folding import Folding, folding


def _same(one: Folding, other: Folding) -> bool:
    return (
        np.array_equal(one.single, other.single)
        and np.array_equal(one.kind, other.kind)
        and (one.several, one.word_ranges) == (other.several, other.word_ranges)
    )


def test_kept_table_is_the_one_that_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second build, and workers, make none."""
    made = folding()
    assert _same(table.kept_folding(FileSystem(), tmp_path), made)
    monkeypatch.setattr(table, "folding", None)
    assert _same(table.kept_folding(FileSystem(), tmp_path), made)
    table.folding_table.cache_clear()
    assert _same(table.folding_table(tmp_path), made)
    table.folding_table.cache_clear()


@pytest.mark.parametrize("fault", ["none", "cut", "flipped", "other code", "other kind"])
def test_what_cannot_be_believed_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """And kept in its place."""
    kept = tmp_path / table.FILE
    table.kept_folding(FileSystem(), tmp_path)
    good = kept.read_bytes()
    if fault == "none":
        kept.unlink()
    elif fault == "cut":
        kept.write_bytes(good[:-7])
    elif fault == "flipped":
        kept.write_bytes(good[:500] + bytes([good[500] ^ 1]) + good[501:])
    elif fault == "other code":
        monkeypatch.setattr(cache, "code_digest", lambda: "other")
    else:
        kept.write_bytes(b"".join(cache.sealed(cache.code_digest().encode() + b"\n\x90")))
    assert _same(table.kept_folding(FileSystem(), tmp_path), folding())
    assert (kept.read_bytes() == good) == (fault != "other code")
