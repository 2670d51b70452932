"""generator.build.report: JSON with a line for each item."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from generator.build.fs import FileSystem
from generator.build.report import (
    REPORT_NAME,
    BuildReport,
    ItemReport,
    ReportHead,
    item_line,
    join_lines,
    load_head,
    load_items,
    load_report,
    mend_lines,
    parse_line,
    save_report,
    split_lines,
)
from generator.errors import UsageError

NOW = datetime(2026, 11, 24, tzinfo=UTC)
HEAD = ReportHead(
    manifest_sha256="0" * 64, kind="release", now=NOW, redirects={'a",\n"b': "c"}, counts={"sfj": {"published": 1}}
)
ITEMS = {
    "sfj/policy/a": ItemReport(verdict="published", path="sfj/policy/a.md", files=("a.html", 'b",\n"c.html')),
    "sfj/policy/b": ItemReport(verdict="scheduled", path="sfj/policy/b.md", until=NOW, record='第"1"号\n'),
}


def _joined(items: dict[str, ItemReport]) -> bytes:
    return join_lines(item_line(item, one) for item, one in items.items())


def _saved(state: Path, items: dict[str, ItemReport] = ITEMS) -> str:
    return save_report(FileSystem(), state, HEAD, _joined(items))


@pytest.mark.parametrize("items", [{}, dict(list(ITEMS.items())[:1]), ITEMS])
def test_what_is_saved_is_read_whole_by_lines_or_without_items(tmp_path: Path, items: dict[str, ItemReport]) -> None:
    """Whatever characters stand in it; and it is JSON to anyone."""
    digest = _saved(tmp_path, items)
    report = load_report(tmp_path)
    assert report == BuildReport(**msgspec.structs.asdict(HEAD), items=items)
    assert load_head(tmp_path) == (HEAD, digest)
    assert load_items(tmp_path) == load_items(tmp_path, known=digest) == (_joined(items), digest)
    assert {item: parse_line(line) for item, line in split_lines(_joined(items)).items()} == items
    assert list(json.loads((tmp_path / REPORT_NAME).read_text("utf-8"))["items"]) == list(items)


def test_a_report_of_another_layout_has_the_same_lines(tmp_path: Path) -> None:
    """As JSON, it says the same."""
    _saved(tmp_path)
    lines, digest = load_items(tmp_path)
    path = tmp_path / REPORT_NAME
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")), indent=1), "utf-8")
    others, other = load_items(tmp_path)
    assert others == lines
    assert other != digest


@pytest.mark.parametrize("load", [load_report, load_head, load_items])
@pytest.mark.parametrize("damage", ["lost", "cut", "a quotation mark"])
def test_a_report_that_is_lost_or_cut_is_a_usage_error(tmp_path: Path, load: object, damage: str) -> None:
    """It says to build again."""
    _saved(tmp_path)
    path = tmp_path / REPORT_NAME
    if damage == "lost":
        path.unlink()
    else:
        data = path.read_bytes()
        path.write_bytes(data[:-5] if damage == "cut" else data.replace(b"sfj/policy/a.md", b'sfj/policy/a"md'))
    assert callable(load)
    with pytest.raises(UsageError, match=r"重新构建|make build"):
        load(tmp_path)


@pytest.mark.parametrize("changed", [(), (0,), (1,), (2,), (0, 2), (0, 1, 2)])
def test_lines_are_exchanged_where_they_stand(changed: tuple[int, ...]) -> None:
    """The first, the last, several; an id that begins with another, or stands in another's files, is not mistaken."""
    names = ["sfj/policy/a", "sfj/policy/ab", "sfj/policy/b"]
    files = ("sfj/policy/a.html", 'x\n"sfj/policy/b":')
    before = {name: ItemReport(verdict="published", path=f"{name}.md", files=files) for name in names}
    other = {names[number]: ItemReport(verdict="published", path=f"{names[number]}.md") for number in changed}
    new, old = mend_lines(_joined(before), {name: item_line(name, one) for name, one in other.items()})
    assert new == _joined(before | other)
    assert {name: parse_line(line) for name, line in old.items()} == {name: before[name] for name in other}


def test_a_new_item_is_not_mended_in() -> None:
    """Where it stands is for the whole to say."""
    with pytest.raises(KeyError):
        mend_lines(_joined(ITEMS), {"sfj/policy/c": b"?"})
    with pytest.raises(KeyError):
        mend_lines(b"", {"sfj/policy/c": b"?"})
