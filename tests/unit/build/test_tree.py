"""One build's hold on the output folder."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from generator.build.cache import OutputState
from generator.build.fs import FileSystem
from generator.build.outputs import KEY_PART, differences, stamp_of
from generator.build.tree import Tree


def _tree(out: Path, ledger: dict[str, OutputState]) -> Tree:
    return Tree(FileSystem(), out, ledger, lambda: differences(out, ledger))


def _built(out: Path, *paths: str) -> dict[str, OutputState]:
    for path in paths:
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(path)
    (out / "manifest.json").touch()
    return {path: OutputState(b"k", len(path), b"", stamp_of((out / path).stat()), "test") for path in paths}


def test_a_file_is_kept_only_as_it_was_written_and_for_its_key(tmp_path: Path) -> None:
    """Another key, other bytes or no file: it is written again."""
    ledger = _built(tmp_path, "a/1", "a/2", "a/3")
    assert _tree(tmp_path, ledger).untouched
    (tmp_path / "a/2").write_text("other")
    (tmp_path / "a/3").unlink()
    tree = _tree(tmp_path, ledger)
    assert not tree.untouched
    assert [tree.keep("a/1", b"k"), tree.keep("a/2", b"k"), tree.keep("a/3", b"k"), tree.keep("a/1", b"l")] == [
        True,
        False,
        False,
        False,
    ]
    assert tree.entries == {"a/1": ledger["a/1"]}


def test_what_belongs_to_nobody_goes_with_its_folders(tmp_path: Path) -> None:
    """Strangers go at once, and what this build does not have at its end; the manifest before either."""
    ledger = _built(tmp_path, "kept/1", "gone/deep/2", "lost/3")
    (tmp_path / "stranger").mkdir()
    (tmp_path / "stranger/4").touch()
    (tmp_path / "lost/3").unlink()
    tree = _tree(tmp_path, ledger)
    tree.clear_strangers()
    assert not (tmp_path / "manifest.json").exists()
    assert not (tmp_path / "stranger").exists()
    assert tree.keep("kept/1", b"k")
    tree.prune()
    assert tree.deleted == ["stranger/4", "gone/deep/2"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["1", "kept"]


def test_the_folder_is_looked_at_once_and_only_when_needed(tmp_path: Path) -> None:
    """What looks may still be at it when the build begins."""
    ledger = _built(tmp_path, "a")
    looks = []

    def look() -> object:
        looks.append(1)
        return differences(tmp_path, ledger)

    tree = Tree(FileSystem(), tmp_path, ledger, look)  # type: ignore[arg-type]
    assert looks == []
    tree.clear_strangers()
    tree.prune()
    assert looks == [1]


def test_files_of_some_sources_are_kept_but_for_what_is_lost(tmp_path: Path) -> None:
    """Below one folder alone, and for whatever key; of what is lost or altered its maker is told."""
    ledger = _built(tmp_path, "search/text/1", "search/text/2", "search/text/3", "search/4", "other/5")
    sources = dict(zip(ledger, ["a", "b", "c", "a", "a"], strict=True))
    ledger = {path: msgspec.structs.replace(entry, source=sources[path]) for path, entry in ledger.items()}
    (tmp_path / "search/text/2").unlink()
    (tmp_path / "search/text/3").write_text("other")
    tree = _tree(tmp_path, ledger)
    assert tree.keep_of("search/text/", {"a", "b"}) == {"b": b"k"}
    assert tree.entries == {"search/text/1": ledger["search/text/1"]}
    assert tree.keep_of("search/text/", {"c"}) == {"c": b"k"}


@pytest.mark.parametrize("damage", ["", "edited", "lost"])
def test_pages_of_a_site_are_kept_together_or_not_at_all(tmp_path: Path, damage: str) -> None:
    """What its fingerprint says of them holds only while each is the file that was written."""
    ledger = _built(tmp_path, "a/1.html", "a/2.html", "a/map.xml", "b/3.html")
    page = {"a/1.html": "item", "a/2.html": "item", "a/map.xml": "sitemap:a", "b/3.html": "item"}
    ledger = {
        path: msgspec.structs.replace(entry, key=b"k" * 3 * KEY_PART, source=page[path])
        for path, entry in ledger.items()
    }
    if damage == "edited":
        (tmp_path / "a/2.html").write_text("other")
    elif damage == "lost":
        (tmp_path / "a/2.html").unlink()
    tree = _tree(tmp_path, ledger)
    assert tree.keep_pages_of("a") == (damage == "")
    assert tree.entries.keys() == (set() if damage else {"a/1.html", "a/2.html"})
    assert tree.holds_all_of("a", "item") == (damage == "")
    assert tree.keep_pages_of("b")
    assert not tree.keep_pages_of("c")


def test_only_folders_in_which_something_went_are_looked_at_for_emptiness(tmp_path: Path) -> None:
    """Those above them too, and those that held nothing before."""
    ledger = _built(tmp_path, "a/b/c/1", "a/2", "d/3")
    (tmp_path / "bare/below").mkdir(parents=True)
    removed: list[str] = []
    fs = FileSystem(before=lambda operation, path: removed.append(path.name) if operation == "rmdir" else None)
    tree = Tree(fs, tmp_path, ledger, lambda: differences(tmp_path, ledger))
    assert tree.keep("a/2", b"k")
    assert tree.keep("d/3", b"k")
    tree.prune()
    assert removed == ["below", "bare", "c", "b", "a"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "d"]
    assert tree.changed() == {"a/b/c/1"}


def test_a_folder_in_the_place_of_a_file_goes_before_anything_is_written(tmp_path: Path) -> None:
    """An empty one is nobody's file, but where it stands none can be written; elsewhere it is not as it was left."""
    ledger = _built(tmp_path, "a/1", "a/2")
    (tmp_path / "a/1").unlink()
    (tmp_path / "a/1/below").mkdir(parents=True)
    tree = _tree(tmp_path, ledger)
    tree.clear_strangers()
    assert not (tmp_path / "a/1").exists()
    assert not (tmp_path / "manifest.json").exists()
    ledger = _built(tmp_path, "a/1", "a/2")
    (tmp_path / "bare").mkdir()
    assert not _tree(tmp_path, ledger).untouched
