"""generator.build.outputs and manifest: the folder is ours, and holds exactly what is planned."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.cache import OutputState
from generator.build.fs import FileSystem
from generator.build.manifest import ManifestFile, encode_manifest, load_manifest, mend_manifest, parse_manifest
from generator.build.outputs import KEY_PART, claim, differences, marker_kind, scan_tree, stamp_of, why
from generator.errors import UsageError


def test_claim_refuses_a_folder_that_is_not_ours_and_leaves_it(tmp_path: Path) -> None:
    """A non-empty folder without our marker is a usage error, untouched."""
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(UsageError, match=r"thesis|不是空的"):
        claim(FileSystem(), tmp_path, "release")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


def test_claim_refuses_a_file(tmp_path: Path) -> None:
    """An output that is a file is a usage error."""
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError):
        claim(FileSystem(), tmp_path / "out", "release")


def test_claim_refuses_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    """As to a disk that is not mounted: nothing is made in its place."""
    (tmp_path / "out").symlink_to(tmp_path / "disk" / "out")
    with pytest.raises(UsageError, match="链接"):
        claim(FileSystem(), tmp_path / "out", "release")
    assert not (tmp_path / "disk").exists()


def test_claim_never_turns_a_preview_into_a_release(tmp_path: Path) -> None:
    """A preview shows uncleared items: its folder is refused for a release, and the reverse."""
    claim(FileSystem(), tmp_path / "preview", "preview")
    assert marker_kind(tmp_path / "preview") == "preview"
    with pytest.raises(UsageError):
        claim(FileSystem(), tmp_path / "preview", "release")
    claim(FileSystem(), tmp_path / "public", "release")
    with pytest.raises(UsageError):
        claim(FileSystem(), tmp_path / "public", "preview")


def test_a_file_differs_unless_it_is_the_very_one_that_was_written(tmp_path: Path) -> None:
    """A file edited by hand with size and time restored is another; one that went is lost; a new one is other."""
    path = tmp_path / "a.html"
    path.write_bytes(b"right")
    ledger = {"a.html": OutputState(b"k", 5, b"", stamp_of(path.stat()), "test")}
    assert differences(tmp_path, ledger) == (set(), set(), set(), False)
    stat = path.stat()
    path.write_bytes(b"wrong")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert differences(tmp_path, ledger).other == {"a.html"}
    path.rename(tmp_path / "b.html")
    (tmp_path / "manifest.json").touch()
    assert differences(tmp_path, ledger) == ({"b.html"}, {"a.html"}, set(), True)


KEY = bytes(3 * KEY_PART)
THEME, BODY = "主题或站点定义 (theme or definitions)", "正文或附件 (body or attachments)"
VALUES = "页面上的其他内容 (values on the page)"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ((0,), f"{THEME} 有变化 (changed)"),
        ((KEY_PART - 1,), f"{THEME} 有变化 (changed)"),
        ((KEY_PART,), f"{BODY} 有变化 (changed)"),
        ((2 * KEY_PART - 1,), f"{BODY} 有变化 (changed)"),
        ((2 * KEY_PART,), f"{VALUES} 有变化 (changed)"),
        ((3 * KEY_PART - 1,), f"{VALUES} 有变化 (changed)"),
        ((0, 2 * KEY_PART), f"{THEME}、{VALUES} 有变化 (changed)"),
        ((), "磁盘上的文件被改动或丢失 (the file on disk was changed or lost)"),
    ],
)
def test_what_of_a_page_changed_is_told_by_the_parts_of_its_key(changed: tuple[int, ...], said: str) -> None:
    """From the first byte of each to its last."""
    assert why(KEY, bytes(place in changed for place in range(3 * KEY_PART))) == said


def test_a_file_that_is_new_or_of_another_kind_has_no_parts_to_compare() -> None:
    """Nor has one of which the key is longer or shorter than it was."""
    assert why(None, KEY) == "以前没有这个文件 (it was not there before)"
    assert why(KEY[1:], KEY) == why(KEY, KEY[1:]) == "文件的种类变了 (it is another kind of file now)"


def test_scan_does_not_follow_links(tmp_path: Path) -> None:
    """A link out of the tree is a file to delete, never a folder to enter."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").write_text("")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "link").symlink_to(tmp_path / "elsewhere")
    files, folders = scan_tree(tmp_path / "out")
    assert list(files) == ["link"]
    assert folders == []


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


@given(
    files=st.lists(
        st.builds(ManifestFile, path=NAMES, size=st.integers(0, 10**9), sha256=st.just("0" * 64)),
        unique_by=lambda file: file.path,
        max_size=20,
    ),
    moment=st.none() | st.just(datetime(2026, 12, 1, tzinfo=UTC)),
)
def test_manifest_reads_back_sorted_whatever_the_order(files: list[ManifestFile], moment: datetime | None) -> None:
    """The manifest's bytes depend on the set of files only, and read back equal."""
    data = encode_manifest(files, moment)
    assert data == encode_manifest(reversed(files), moment)
    manifest = parse_manifest(data)
    assert list(manifest.files) == sorted(files)
    assert manifest.next_change_at == moment


FILES = st.dictionaries(
    NAMES | st.sampled_from(["a", "a/b", "a-b", "b"]), st.integers(0, 9).map(lambda size: (size, f"{size:064}"))
)


@given(before=FILES, after=FILES, moment=st.none() | st.just(datetime(2026, 12, 1, tzinfo=UTC)))
def test_a_mended_manifest_is_that_of_the_files_that_are_there_now(
    before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]], moment: datetime | None
) -> None:
    """Whatever came, went or is other; also where nothing was, or nothing is left."""
    changed = {
        path: ManifestFile(path, *after[path]) if path in after else None
        for path in before.keys() | after.keys()
        if before.get(path) != after.get(path)
    }
    old, new = ([ManifestFile(path, *file) for path, file in files.items()] for files in (before, after))
    assert mend_manifest(encode_manifest(old, None), changed, moment) == encode_manifest(new, moment)


def test_a_tree_without_manifest_is_unfinished(tmp_path: Path) -> None:
    """A tree whose build did not end cannot be taken for a finished one."""
    with pytest.raises(UsageError, match="没有清单"):
        load_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": 9}')
    with pytest.raises(UsageError, match="格式"):
        load_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"for')
    with pytest.raises(UsageError, match="无法读取"):
        load_manifest(tmp_path)
