"""What a build remembers: pieces of facts, and what is not believed."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

import pytest

from generator.build.cache import Changed, Head, Memory, encode_memory, load_memory, machine_digest, save_memory
from generator.build.fs import FileSystem
from generator.model import ItemFacts

CODE = "code"


def _facts(*paths: str, summary: str = "") -> dict[str, ItemFacts]:
    return {path: ItemFacts(id=path.removesuffix(".md"), path=path, item=None, summary=summary) for path in paths}


def _save(folder: Path, facts: dict[str, ItemFacts], changed: Set[str] | None, fs: FileSystem | None = None) -> None:
    before = load_memory(folder, CODE)
    head = Head(code=CODE, machine=machine_digest(folder), parts=before.head.parts if before else {})
    others: Set[str] | None = set() if before else None
    encoded = encode_memory(folder, head.parts, {}, {}, facts, Changed(others, others, changed))
    save_memory(fs or FileSystem(), folder, head, encoded)


def _loaded(folder: Path) -> Memory:
    memory = load_memory(folder, CODE)
    assert memory is not None
    return memory


def test_one_item_that_changed_costs_one_piece(tmp_path: Path) -> None:
    """The others are neither encoded nor written, and all are read back."""
    facts = _facts(*(f"sfj/{category}/{number}.md" for category in ("decision", "policy") for number in range(100)))
    _save(tmp_path, facts, None)
    assert _loaded(tmp_path).facts() == facts
    facts |= _facts("sfj/policy/7.md", summary="改过")
    written: list[str] = []
    fs = FileSystem(before=lambda operation, path: written.append(path.name) if operation == "write" else None)
    _save(tmp_path, facts, {"sfj/policy/7.md"}, fs)
    assert len(written) == 2
    assert written[-1] == "head.json"
    assert _loaded(tmp_path).facts() == facts


def test_what_went_is_forgotten_and_what_came_is_known(tmp_path: Path) -> None:
    """Whatever pieces they fall into."""
    facts = _facts("sfj/policy/a.md", "sfj/policy/b.md")
    _save(tmp_path, facts, None)
    after = {path: one for path, one in facts.items() if path.endswith("b.md")} | _facts("sfj/policy/c.md")
    _save(tmp_path, after, {"sfj/policy/a.md", "sfj/policy/c.md"})
    assert _loaded(tmp_path).facts() == after


@pytest.mark.parametrize("damage", ["lost", "cut", "flipped", "of another build"])
def test_no_facts_are_believed_when_one_piece_is_not_what_was_written(tmp_path: Path, damage: str) -> None:
    """Not those of the other pieces either: they are facts of one build."""
    _save(tmp_path, _facts(*(f"sfj/category-{number}/a.md" for number in range(400))), None)
    piece = tmp_path / "facts-07.bin"
    data = piece.read_bytes()
    if damage == "lost":
        piece.unlink()
    elif damage == "cut":
        piece.write_bytes(data[:-1])
    elif damage == "flipped":
        piece.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    else:
        piece.write_bytes((tmp_path / "facts-08.bin").read_bytes())
    assert _loaded(tmp_path).facts() is None


def test_a_head_without_facts_says_so(tmp_path: Path) -> None:
    """Then all of them are stored."""
    _save(tmp_path, {}, frozenset())
    assert not _loaded(tmp_path).has_facts
    _save(tmp_path, {}, None)
    assert _loaded(tmp_path).has_facts
    assert _loaded(tmp_path).facts() == {}


def test_a_cache_of_other_code_or_of_another_folder_is_not_believed(tmp_path: Path) -> None:
    """Inodes and times mean nothing elsewhere."""
    folder = tmp_path / "cache"
    folder.mkdir()
    _save(folder, {}, None)
    assert load_memory(folder, CODE) is not None
    assert load_memory(folder, "other") is None
    folder.rename(tmp_path / "old")
    folder.mkdir()
    for part in (tmp_path / "old").iterdir():
        part.rename(folder / part.name)
    assert load_memory(folder, CODE) is None
