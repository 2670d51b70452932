"""The walk over the content folder."""

from __future__ import annotations

import errno
import os
import pickle
from contextlib import nullcontext
from pathlib import Path

import pytest

from generator.content.source import FileStat, load_source, scan
from tests.conftest import MakeTree
from tests.unit.content.content_makers import CLUSTER


def test_items_stand_as_files_or_folders(make_tree: MakeTree) -> None:
    """Both layouts give the same kind of item, sorted by id, with the files of the item's own folder."""
    content = make_tree(
        {
            "sfj/policy/b/index.md": "b",
            "sfj/policy/b/附件.pdf": "x",
            "sfj/policy/b/图/1.png": "x",
            "sfj/policy/a.md": "a",
            "sfj/policy/a/a.pdf": "x",
            "jyglj/notice/会见.md": "c",
        }
    )
    tree = scan(content, CLUSTER)
    assert tree.diagnostics == ()
    assert [(one.id, one.path, [file.name for file in one.bundle]) for one in tree.items] == [
        ("jyglj/notice/会见", "jyglj/notice/会见.md", []),
        ("sfj/policy/a", "sfj/policy/a.md", ["a.pdf"]),
        ("sfj/policy/b", "sfj/policy/b/index.md", ["图/1.png", "附件.pdf"]),
    ]


def test_stat_is_what_git_compares(make_tree: MakeTree) -> None:
    """Size, both times in nanoseconds and the inode of file and bundle."""
    content = make_tree({"sfj/notice/a.md": "abc", "sfj/notice/a/b.pdf": "x"})
    item = scan(content, CLUSTER).items[0]
    for stat, path in ((item.stat, "sfj/notice/a.md"), (item.bundle[0].stat, "sfj/notice/a/b.pdf")):
        real = (content / path).stat()
        assert stat == FileStat(real.st_size, real.st_mtime_ns, real.st_ctime_ns, real.st_ino)
    assert pickle.loads(pickle.dumps(item)) == item


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        "_withdrawn/a.yml",
        "sfj/_clearance/a-1234.yml",
        "sfj/notice/_draft.md",
        "sfj/notice/.a.md.swp",
        "sfj/notice/a.md~",
        "sfj/notice/#a.md#",
        "sfj/notice/a.md.tmp",
        "sfj/notice/4913",
        "sfj/notice/Thumbs.db",
        "sfj/notice/.DS_Store",
        "sfj/notice/a/~$申请表.docx",
        "sfj/notice/a/_raw.xlsx",
    ],
)
def test_hidden_and_temporary_files_are_no_content(make_tree: MakeTree, path: str) -> None:
    """Neither items nor faults: records of other stages and what editors leave behind."""
    content = make_tree({"sfj/notice/a.md": "a", path: "x"})
    tree = scan(content, CLUSTER)
    assert tree.diagnostics == ()
    assert [(one.id, one.bundle) for one in tree.items] == [("sfj/notice/a", ())]


def test_refused_markdown_is_listed(make_tree: MakeTree) -> None:
    """Whatever looks like an item and is none is known, so that nobody thinks it published."""
    files = [
        "a.md",
        "caizheng/notice/a.md",
        "sfj/a.md",
        "sfj/notice/2024/a.md",
        "sfj/notice/A.md",
        "sfj/notice/b.markdown",
        "sfj/notice/c.md",
        "sfj/notice/c/index.md",
        "sfj/notice/d/e.md",
        "sfj/notice/index.md",
        "sfj/wenjian/a.md",
    ]
    tree = scan(make_tree({**dict.fromkeys(files, "x"), "sfj/notice/d/index.md": "x"}), CLUSTER)
    assert list(tree.refused) == files
    assert [one.id for one in tree.items] == ["sfj/notice/d"]


def test_what_is_no_file_is_not_refused_markdown(make_tree: MakeTree) -> None:
    """In a folder of a name that is none: of what is refused every byte is read, and a pipe or a device has no end."""
    content = make_tree({"caizheng/notice/a.Markdown": "x"})
    (content / "caizheng/notice/b.md").symlink_to("/dev/zero")
    os.mkfifo(content / "caizheng/notice/c.md")
    assert scan(content, CLUSTER).refused == ("caizheng/notice/a.Markdown",)


def test_links_are_never_followed(make_tree: MakeTree, tmp_path: Path) -> None:
    """A link inside a bundle, to a file or a folder, brings nothing in."""
    outside = make_tree({"secret.pdf": "x"}, "outside")
    content = make_tree({"sfj/notice/a.md": "a", "sfj/notice/a/b.pdf": "x"}, "content")
    (content / "sfj/notice/a/secret.pdf").symlink_to(outside / "secret.pdf")
    (content / "sfj/notice/a/folder").symlink_to(outside)
    tree = scan(content, CLUSTER)
    assert [file.name for file in tree.items[0].bundle] == ["b.pdf"]
    assert [one.code for one in tree.diagnostics] == ["symbolic-link", "symbolic-link"]


def test_content_folder_itself_may_be_a_link(make_tree: MakeTree, tmp_path: Path) -> None:
    """Which folder is read is the operator's choice."""
    make_tree({"sfj/notice/a.md": "a"}, "real")
    (tmp_path / "content").symlink_to(tmp_path / "real")
    assert [one.id for one in scan(tmp_path / "content", CLUSTER).items] == ["sfj/notice/a"]


def test_undecodable_names_are_shown_escaped(make_tree: MakeTree) -> None:
    """A file name that is no UTF-8 is a fault that can be printed."""
    content = make_tree({"sfj/notice/a.md": "a"})
    try:
        (Path(os.fsdecode(os.fsencode(content) + b"/sfj/notice/\xff.md"))).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    tree = scan(content, CLUSTER)
    assert [(one.code, one.path) for one in tree.diagnostics] == [("slug-form", "content/sfj/notice/\\udcff.md")]
    assert tree.diagnostics[0].format().encode()


def test_undecodable_names_of_files_of_an_item_are_faults(make_tree: MakeTree) -> None:
    """As archives of another encoding leave them: such a file is left out, as nothing can name it."""
    content = make_tree({"sfj/notice/a/index.md": "a", "sfj/notice/a/b.pdf": "x"})
    folder = os.fsencode(content) + b"/sfj/notice/a/"
    try:
        Path(os.fsdecode(folder + b"\xb8\xbd.pdf")).write_text("x")
        Path(os.fsdecode(folder + b"\xff.md")).write_text("x")
        Path(os.fsdecode(folder + b"\xff")).mkdir()
        Path(os.fsdecode(folder + b"\xff/c.pdf")).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    tree = scan(content, CLUSTER)
    assert [[file.name for file in item.bundle] for item in tree.items] == [["b.pdf"]]
    assert tree.refused == ("sfj/notice/a/\udcff.md",)
    assert {(one.code, one.path) for one in tree.diagnostics} == {
        ("name-encoding", "content/sfj/notice/a/\\udcb8\\udcbd.pdf"),
        ("name-encoding", "content/sfj/notice/a/\\udcff.md"),
        ("name-encoding", "content/sfj/notice/a/\\udcff/c.pdf"),
    }


def test_empty_folders_are_nothing(make_tree: MakeTree) -> None:
    """What git does not keep is no fault either."""
    content = make_tree({"sfj/notice/a.md": "a"})
    (content / "sfj" / "policy").mkdir()
    (content / "sfj" / "notice" / "b").mkdir()
    assert scan(content, CLUSTER).diagnostics == ()


@pytest.mark.parametrize(
    "gone", ["sfj/notice/a.md", "sfj/notice/b/b.pdf", "sfj/说明.txt", "sfj/notice/b", "sfj/notice"]
)
def test_what_vanishes_while_it_is_looked_at_is_not_there(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    """As when another branch is checked out meanwhile: neither an exception nor a fault, and all else is seen."""
    files = ("jyglj/notice/c.md", "sfj/notice/a.md", "sfj/notice/b/index.md", "sfj/notice/b/b.pdf", "sfj/说明.txt")
    content = make_tree(dict.fromkeys(files, "x"), "content")
    listed = os.scandir

    def vanishing(folder: str) -> nullcontext[list[os.DirEntry[str]]]:
        entries = list(listed(folder))
        if Path(folder) == (content / gone).parent:
            (content / gone).rename(content.parent / "gone")
        return nullcontext(entries)

    monkeypatch.setattr(os, "scandir", vanishing)
    tree = scan(content, CLUSTER)
    monkeypatch.undo()
    assert tree == scan(content, CLUSTER)
    assert {one.code for one in tree.diagnostics} <= {"file-stray"}


def test_folder_that_may_be_listed_but_not_entered_is_a_fault(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lacks the ``x`` of its permissions, by which root is not stopped: the system's answer is given for it."""
    content = make_tree({"sfj/notice/a.md": "x", "sfj/policy/b.md": "x"})
    listed = os.scandir

    class Entry:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name, self.is_dir, self.is_symlink = entry.name, entry.is_dir, entry.is_symlink
            self.stat = self.refuse if entry.name == "a.md" else entry.stat

        def refuse(self, *, follow_symlinks: bool) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), self.name)

    monkeypatch.setattr(os, "scandir", lambda folder: nullcontext([Entry(one) for one in listed(folder)]))
    tree = scan(content, CLUSTER)
    assert [one.id for one in tree.items] == ["sfj/policy/b"]
    assert [(one.code, one.path) for one in tree.diagnostics] == [("file-unreadable", "content/sfj/notice/a.md")]


def test_reading_refuses_what_the_scan_did_not_see(make_tree: MakeTree) -> None:
    """A pipe or link put in a file's place after the scan raises instead of hanging or leaking."""
    content = make_tree({"sfj/notice/a.md": "a", "sfj/notice/b.md": "b"})
    a, b = scan(content, CLUSTER).items
    assert load_source(content, a) == b"a"
    (content / a.path).unlink()
    os.mkfifo(content / a.path)
    (content / b.path).unlink()
    (content / b.path).symlink_to("/etc/passwd")
    for source in (a, b):
        with pytest.raises(OSError):  # noqa: PT011 - the system's own words
            load_source(content, source)


@pytest.mark.parametrize("seen", [0, 1, 3, 9])
def test_all_is_read_whatever_the_size_was_said_to_be(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, seen: int
) -> None:
    """A file that grows or shrinks while it is opened is read to its end."""
    content = make_tree({"sfj/notice/a.md": "abc"})
    (source,) = scan(content, CLUSTER).items
    stat = os.stat(content / source.path)
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result((*stat[:6], seen, *stat[7:])))
    assert load_source(content, source) == b"abc"
