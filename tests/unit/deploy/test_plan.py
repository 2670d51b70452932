"""What a release will change, as operators read it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from generator.build.manifest import ManifestFile
from generator.build.report import BuildReport, ItemReport
from generator.deploy.compose import Before, Ingredients, Release, compose, is_live, left
from generator.deploy.parts import parts_of
from generator.deploy.plan import Change, format_plan, human_size, make_plan
from generator.deploy.records import Record, parse_sums
from generator.model import Verdict
from tests.deploy_support import NOW, cluster

PARTS = parts_of(cluster())


def released(
    files: dict[str, str],
    items: dict[str, tuple[str, ...]],
    before: Before | None = None,
    *,
    hour: int = 0,
    bridging: bool = False,
) -> Release:
    """A release of files (path → digest's first digit)."""
    made_of = Ingredients(
        out=Path("public"),
        files={path: ManifestFile(path, 10, digit * 64) for path, digit in files.items()},
        siblings={},
        sibling_path=lambda digest, suffix: digest + suffix,
        tombstones=frozenset(),
        moved={},
        redirects=b"",
        addresses=b"",
        parts=PARTS,
        sign=None,
        grace=timedelta(hours=24),
    )
    record = Record(
        release=f"20260302T{hour:02d}0000Z-00000000",
        at=NOW + timedelta(hours=hour),
        by="tester",
        commit="",
        now=NOW + timedelta(hours=hour),
        next_change_at=None,
        manifest_sha256="0" * 64,
        items=items,
    )
    return compose(made_of, PARTS, record, before, bridging=bridging)


def as_before(release: Release) -> Before:
    return Before(release.record, release.manifest, parse_sums(release.sums))


FIRST = {"index.html": "1", "alpha/notice/a.html": "2", "alpha/notice/b.html": "3", "search/t.0123456789ab.bin": "4"}
ITEMS = {"alpha/notice/a": ("alpha/notice/a.html",), "alpha/notice/b": ("alpha/notice/b.html",)}


def test_plan_names_what_readers_will_notice() -> None:
    """New, edited and gone items, with the reason, and the files by kind."""
    before = as_before(released(FIRST, ITEMS))
    files = {"index.html": "5", "alpha/notice/a.html": "6", "alpha/notice/c.html": "7"}
    items = {"alpha/notice/a": ("alpha/notice/a.html",), "alpha/notice/c": ("alpha/notice/c.html",)}
    release = released(files, items, before, hour=1)
    report = BuildReport(
        manifest_sha256="0" * 64,
        kind="release",
        now=NOW,
        items={
            "alpha/notice/a": ItemReport(verdict="published", path="a.md"),
            "alpha/notice/b": ItemReport(verdict="withdrawn", path="b.md"),
        },
    )
    plan = make_plan("main", release, before, report, ["alpha", "beta"], ["20260302T000000Z-00000000"])
    assert (plan.new_items, plan.edited_items) == (("alpha/notice/c",), ("alpha/notice/a",))
    assert plan.gone_items == (("alpha/notice/b", "withdrawn"),)
    assert Change("added", "public/alpha/notice/c.html", 10) in plan.changes
    assert Change("changed", "public/index.html", 10) in plan.changes
    assert set(plan.paths("deleted")) == {"public/alpha/notice/b.html", "public/search/t.0123456789ab.bin"}
    text = format_plan(plan)
    assert "alpha        新增      1  改动      1  删除      1  撤回    1" in text
    assert "search       新增      0  改动      0  删除      1" in text
    assert "合计 total   新增" in text
    assert "alpha/notice/b（已撤回 withdrawn）" in text
    assert "20260302T000000Z-00000000" in text


def test_every_verdict_has_a_name_for_operators() -> None:
    """Why an item leaves is told in words, not in the program's own terms."""
    before = as_before(released(FIRST, ITEMS))
    release = released({"index.html": "1"}, {}, before, hour=1)
    for verdict in Verdict:
        if verdict != Verdict.PUBLISHED:
            reports = {item: ItemReport(verdict=verdict, path="x.md") for item in ITEMS}
            report = BuildReport(manifest_sha256="0" * 64, kind="release", now=NOW, items=reports)
            text = format_plan(make_plan("main", release, before, report, ["alpha"], []))
            assert f"alpha/notice/a（{verdict}" not in text
            assert f" {verdict}）" in text


def test_same_content_is_live() -> None:
    """Two releases of one tree differ in nothing but what they say of themselves."""
    first = released(FIRST, ITEMS)
    again = released(FIRST, ITEMS, as_before(first), hour=1)
    report = BuildReport(manifest_sha256="0" * 64, kind="release", now=NOW)
    assert "没有变化" in format_plan(make_plan("main", again, as_before(first), report, ["alpha"], []))
    assert is_live(again, as_before(first))
    assert not is_live(released({**FIRST, "index.html": "9"}, ITEMS, as_before(first), hour=1), as_before(first))
    assert not is_live(first, None)


def test_attachment_named_like_a_statement_counts() -> None:
    """Only the statements at the roots are left out of the comparison."""
    deep = {**FIRST, "alpha/notice/a/release.json": "8"}
    before = as_before(released(deep, ITEMS))
    assert not is_live(released({**deep, "alpha/notice/a/release.json": "9"}, ITEMS, before, hour=1), before)


def test_index_file_is_carried_until_its_grace_is_over() -> None:
    """A hashed file stays for a day after it left the tree, counted from when it left."""
    before = as_before(released(FIRST, ITEMS))
    files = {path: digit for path, digit in FIRST.items() if not path.startswith("search/")}
    second = released(files, ITEMS, before, hour=1)
    third = released(files, ITEMS, as_before(second), hour=20)
    fourth = released(files, ITEMS, as_before(third), hour=25)
    carried = [one.record.carried.keys() for one in (second, third, fourth)]
    assert [list(keys) for keys in carried] == [["search/t.0123456789ab.bin"], ["search/t.0123456789ab.bin"], []]
    assert "public/search/t.0123456789ab.bin" not in fourth.files


def test_what_has_left_is_told_by_item_and_by_file() -> None:
    """An item that is gone, and a file that an item no longer has; new items and files are neither."""
    earlier = released(FIRST, {**ITEMS, "alpha/notice/a": ("alpha/notice/a.html", "alpha/notice/a/x.pdf")}).record
    now = {"alpha/notice/a": ("alpha/notice/a.html", "alpha/notice/a/y.pdf"), "alpha/notice/new": ("n.html",)}
    assert left(earlier, now) == ("alpha/notice/a/x.pdf", "alpha/notice/b")


def test_sizes_are_for_people() -> None:
    """Bytes, kilobytes, megabytes, gigabytes."""
    assert [human_size(size) for size in (0, 999, 1000, 1500, 2_500_000, 3_000_000_000)] == [
        "0 B",
        "999 B",
        "1.0 KB",
        "1.5 KB",
        "2.5 MB",
        "3.0 GB",
    ]


def test_bridge_keeps_what_has_room() -> None:
    """A file stays beside its successors, but for one whose place is a folder now, or lies below what is a file."""
    files = {"a/old.html": "1", "a/page": "2", "a/folder/old.html": "3", "a/kept.html": "4"}
    before = as_before(released(files, {}))
    release = released({"a/page/new.html": "5", "a/folder": "6", "a/kept.html": "7"}, {}, before, hour=1, bridging=True)
    kept = {path: file.sha256[0] for path, file in release.files.items() if path.startswith("public/a/")}
    assert kept == {
        "public/a/old.html": "1",
        "public/a/page/new.html": "5",
        "public/a/folder": "6",
        "public/a/kept.html": "7",
    }
