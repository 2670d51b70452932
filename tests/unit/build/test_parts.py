"""generator.build.parts: what was written whole, and what became other since."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.parts import Part, digest_of_part

PART: Part[int] = Part("numbers", int)


class _Folder:
    """A cache with this part alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: dict[str, str] = {}
        self.written: list[str] = []

    def save(self, now: dict[str, int], changed: set[str] | None) -> None:
        files = PART.files(self.folder, self.digests, now, changed)
        self.written = sorted(files)
        for name, data in files.items():
            (self.folder / f"{name}.bin").write_bytes(data)
            self.digests[name] = digest_of_part(data)

    def load(self) -> dict[str, int] | None:
        return PART.load(self.folder, self.digests)


def _hundreds(count: int) -> dict[str, int]:
    return {f"path {number}": number for number in range(count)}


@given(steps=st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3)), min_size=1, max_size=8))
def test_what_is_loaded_is_what_was_last_saved(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, int]]
) -> None:
    """Whatever came, changed, went and came again in between."""
    cache = _Folder(tmp_path_factory.mktemp("cache"))
    before: dict[str, int] | None = None
    for now in steps:
        changed = None
        if before is not None:
            changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        cache.save(now, changed)
        assert cache.load() == now
        before = now


def test_a_few_changes_are_written_beside_the_whole(tmp_path: Path) -> None:
    """Until they are many; and all at once when nothing may stay."""
    cache, now = _Folder(tmp_path), _hundreds(10_000)
    cache.save(now, None)
    now["path 7"] = 0
    cache.save(now, {"path 7"})
    assert cache.written == ["numbers-since"]
    del now["path 8"]
    cache.save(now, {"path 8"})
    assert cache.written == ["numbers-since"]
    assert cache.load() == now
    many = {f"path {number}": -1 for number in range(1000)}
    now |= many
    cache.save(now, set(many))
    assert cache.written == ["numbers", "numbers-since"]
    now["path 9"] = 1
    cache.save(now, None)
    assert cache.written == ["numbers", "numbers-since"]
    assert cache.load() == now


@pytest.mark.parametrize("name", ["numbers", "numbers-since"])
@pytest.mark.parametrize("damage", ["lost", "cut", "flipped"])
def test_neither_file_is_believed_without_the_other(tmp_path: Path, name: str, damage: str) -> None:
    """A whole without its changes is the memory of another build."""
    cache = _Folder(tmp_path)
    cache.save(_hundreds(1000), None)
    cache.save(_hundreds(1001), {"path 1000"})
    file = tmp_path / f"{name}.bin"
    data = file.read_bytes()
    file.write_bytes(data[:-1] if damage == "cut" else bytes([data[0] ^ 1]) + data[1:])
    if damage == "lost":
        file.unlink()
    assert cache.load() is None


def test_changes_that_cannot_be_read_are_not_built_upon(tmp_path: Path) -> None:
    """The whole is written again."""
    cache = _Folder(tmp_path)
    cache.save(_hundreds(1000), None)
    (tmp_path / "numbers-since.bin").write_bytes(b"?")
    cache.save(_hundreds(1001), {"path 1000"})
    assert cache.written == ["numbers", "numbers-since"]
    assert cache.load() == _hundreds(1001)
