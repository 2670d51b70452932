"""generator.build.scanning: what is looked through is the whole file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build import scanning
from generator.clearance import scanner


@pytest.mark.parametrize("size", [0, 1, 7, 1000])
def test_a_file_is_read_whole_however_little_a_call_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """File systems over a network may give less than was asked for."""
    data = bytes(number % 251 for number in range(size))
    (tmp_path / "a").write_bytes(data)
    read = os.read
    monkeypatch.setattr(os, "read", lambda handle, count: read(handle, min(count, 7)))
    assert scanning.bytes_of(tmp_path, "a") == data


@given(sizes=st.lists(st.integers(1, 300), max_size=30))
def test_every_file_is_in_one_chunk_beside_those_of_its_item(sizes: list[int]) -> None:
    """In their order; a chunk is one group of the scanner, and as large as may be."""
    work: list[scanning.Written] = [
        (None, [f"{number}/{one}" for one in range(size)]) for number, size in enumerate(sizes)
    ]
    chunks = [*scanning._chunked(work)]
    assert [one for chunk in chunks for one in chunk] == work
    assert all(chunks)
    files = [sum(len(paths) for _, paths in chunk) for chunk in chunks]
    assert all(count <= scanner._GROUP or len(chunk) == 1 for count, chunk in zip(files, chunks, strict=True))
    assert all(
        count + len(following[0][1]) > scanner._GROUP for count, following in zip(files[:-1], chunks[1:], strict=True)
    )
