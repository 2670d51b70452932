"""generator.build.scanning: what is looked through is the whole file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.build import scanning


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
