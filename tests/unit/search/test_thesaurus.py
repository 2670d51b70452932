"""``sites/thesaurus.yml``: what editors write is taken as written, and every fault is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.content.fields import load_yaml
from generator.errors import ConfigError
from generator.search.thesaurus import load_thesaurus, parse_thesaurus
from tests.conftest import REPOSITORY, MakeTree


def faults(make_tree: MakeTree, text: str) -> list[tuple[str, int]]:
    """Code and line of each."""
    folder = make_tree({"thesaurus.yml": text})
    found = parse_thesaurus(load_yaml(folder / "thesaurus.yml", "thesaurus.yml"), "thesaurus.yml")[1]
    return [(one.code, one.line) for one in found]


def test_entries_are_sorted_and_stripped(make_tree: MakeTree) -> None:
    """The order of the file does not show in the index."""
    folder = make_tree({"thesaurus.yml": "探监: [会见]\n坐牢: [服刑 , 监禁]\n"})
    assert load_thesaurus(folder) == (("坐牢", ("服刑", "监禁")), ("探监", ("会见",)))


def test_cluster_may_have_none(tmp_path: Path) -> None:
    """No file and an empty one are an empty thesaurus."""
    assert load_thesaurus(tmp_path) == ()
    (tmp_path / "thesaurus.yml").write_text("# nothing yet\n", "utf-8")
    assert load_thesaurus(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- 坐牢\n", [("thesaurus-shape", 1)]),
        ("坐牢: [服刑]\n牢: [监狱]\n", [("thesaurus-word", 2)]),
        ("坐牢: [服]\n", [("thesaurus-word", 1)]),
        ("坐牢: 服刑\n", [("thesaurus-official", 1)]),
        ("坐牢: []\n", [("thesaurus-official", 1)]),
        ("坐牢: [甲乙, 丙丁, 戊己, 庚辛, 壬癸, 子丑]\n", [("thesaurus-official", 1)]),
        ("坐牢: [服刑, 坐牢]\n", [("thesaurus-itself", 1)]),
        (f"坐牢: [{'长' * 21}]\n", [("thesaurus-word", 1)]),
    ],
)
def test_fault_is_named_with_its_line(make_tree: MakeTree, text: str, expected: list[tuple[str, int]]) -> None:
    """A word of one character, a missing list, too many words, a word for itself."""
    assert faults(make_tree, text) == expected


def test_warning_refuses_nothing(tmp_path: Path) -> None:
    """A file saved under Windows, with CRLF line ends, is read like any other definition."""
    (tmp_path / "thesaurus.yml").write_bytes("探监: [会见]\r\n坐牢: [服刑]\r\n".encode())
    assert load_thesaurus(tmp_path) == (("坐牢", ("服刑",)), ("探监", ("会见",)))


def test_thesaurus_with_faults_is_refused(make_tree: MakeTree) -> None:
    """All faults are told at once."""
    folder = make_tree({"thesaurus.yml": "坐: [服刑]\n探监: 会见\n"})
    with pytest.raises(ConfigError) as caught:
        load_thesaurus(folder)
    assert len(caught.value.diagnostics) == 2


def test_ours_has_no_faults() -> None:
    """The thesaurus of the sample is one that editors can extend."""
    assert len(load_thesaurus(REPOSITORY / "sites")) > 100


def test_line_ends_of_another_system_are_no_fault(tmp_path: Path) -> None:
    """As in all other definitions they are a warning: an editor on Windows stops no build."""
    (tmp_path / "thesaurus.yml").write_bytes("坐牢: [服刑]\r\n".encode())
    assert load_thesaurus(tmp_path) == (("坐牢", ("服刑",)),)
