"""Gates before a release: each reason to refuse, and that nothing else is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from generator.build.report import BuildReport, ItemReport
from generator.deploy.gates import (
    Consent,
    check_build,
    check_deletions,
    check_last,
    check_rules,
    check_withdrawals,
    live_items,
)
from generator.deploy.records import Record
from generator.model import Verdict
from tests.deploy_support import NOW

DELIBERATE = {Verdict.WITHDRAWN, Verdict.UNCLEARED, Verdict.EXPIRED}


def report(verdicts: dict[str, str] | None = None, **more: Any) -> BuildReport:
    items = {
        item: ItemReport(verdict=verdict, path=f"{item}.md", files=(f"{item}.html",))
        for item, verdict in (verdicts or {}).items()
    }
    fields: dict[str, Any] = {"manifest_sha256": "0" * 64, "kind": "release", "now": NOW, "audit_passed": True}
    return BuildReport(**{**fields, "items": items, **more})


def last(*items: str, now: datetime = NOW - timedelta(days=1)) -> Record:
    return Record(
        release="20260301T010000Z-00000000",
        at=now,
        by="tester",
        commit="",
        now=now,
        next_change_at=None,
        manifest_sha256="0" * 64,
        items={item: (f"{item}.html",) for item in items},
    )


def codes(reasons: Any) -> list[str]:
    return [one.code for one in reasons]


def test_good_build_passes() -> None:
    """A clean build of today is refused for nothing."""
    assert codes(check_build(report({"u/c/a": "published"}), NOW, Consent())) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"audit_passed": False}, "deploy-audit"),
        ({"faults": 1}, "deploy-faults"),
        ({"now": NOW + timedelta(seconds=1)}, "deploy-future"),
        ({"next_change_at": NOW}, "deploy-due"),
        ({"next_change_at": NOW - timedelta(days=1)}, "deploy-due"),
    ],
)
def test_bad_build_is_refused(more: dict[str, Any], code: str) -> None:
    """Each gate of the build refuses alone, by its code."""
    assert codes(check_build(report(**more), NOW, Consent())) == [code]


def test_item_that_appears_later_does_not_refuse() -> None:
    """A build is of today until the moment of its next change."""
    assert codes(check_build(report(next_change_at=NOW + timedelta(seconds=1)), NOW, Consent())) == []


def test_withdrawal_filed_after_the_build_refuses() -> None:
    """A tree that still publishes what is withdrawn by now is not released, under that id or another."""
    tree = report({"u/c/a": "published", "u/c/b": "uncleared"}, withdrawn={"u/c/x": "2026-03-01"})
    assert codes(check_withdrawals(tree, ["u/c/a", "u/c/x"])) == ["deploy-withdrawn"]
    assert codes(check_withdrawals(tree, ["u/c/b"])) == ["deploy-withdrawn"]
    assert codes(check_withdrawals(tree, ["u/c/x"])) == []


def test_tree_of_another_negative_list_refuses() -> None:
    """Also one of which nobody knows the list."""
    assert codes(check_rules(report(rules="a"), "a")) == []
    assert codes(check_rules(report(rules="b"), "a")) == codes(check_rules(report(), "a")) == ["deploy-rules"]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_live_item_vanishes_only_on_purpose(verdict: Verdict) -> None:
    """Withdrawal, plain false and expiry take an item off; every other verdict is named until confirmed."""
    found = codes(check_last(report({"u/c/a": verdict}), last("u/c/a"), Consent()))
    if verdict in DELIBERATE or verdict is Verdict.PUBLISHED:
        assert found == []
    else:
        assert found == ["deploy-vanished"]
        assert (
            codes(check_last(report({"u/c/a": verdict}), last("u/c/a"), Consent(confirmed=frozenset({"u/c/a"})))) == []
        )


def test_deleted_item_may_go() -> None:
    """An item whose source is gone was deleted on purpose; the cap on deletions guards against accidents."""
    assert codes(check_last(report(), last("u/c/a"), Consent())) == []


def test_confirming_what_does_not_vanish_is_refused() -> None:
    """A misspelt ``--confirm`` is not taken for consent to something else."""
    consent = Consent(confirmed=frozenset({"u/c/typo"}))
    assert codes(check_last(report({"u/c/a": "void"}), last("u/c/a"), consent)) == [
        "deploy-vanished",
        "deploy-confirm-stray",
    ]
    assert codes(check_last(report(withdrawn={"u/c/typo": "2026-03-01"}), last(), consent)) == []


def test_older_tree_is_refused() -> None:
    """What was built before the live release is not released over it, unless it is a rollback."""
    newer = last(now=NOW + timedelta(seconds=1))
    assert codes(check_last(report(), newer, Consent())) == ["deploy-older"]
    assert codes(check_last(report(), newer, Consent(older=True))) == []
    assert codes(check_last(report(), last(now=NOW), Consent())) == []


@given(total=st.integers(1, 400), gone=st.integers(0, 400), cap=st.integers(0, 100))
def test_deletions_are_capped_exactly(total: int, gone: int, cap: int) -> None:
    """More than ``cap`` percent of the files may go only with consent."""
    gone = min(gone, total)
    before = [f"u/c/{number}.html" for number in range(total)]
    refused = codes(check_deletions(before, before[gone:], cap, Consent()))
    assert (refused == ["deploy-deletions"]) == (gone * 100 > cap * total)
    assert codes(check_deletions(before, before[gone:], cap, Consent(deletions=True))) == []


def test_hashed_files_do_not_count_as_deletions() -> None:
    """The index's files get new names with every change."""
    before = ["a.html", *(f"search/t{number}.0123456789ab.bin" for number in range(100))]
    assert codes(check_deletions(before, ["a.html"], 20, Consent())) == []


def test_live_items_are_the_published_ones() -> None:
    """Only the verdict ``published`` counts, and each item's files go with it."""
    assert live_items(report({"u/c/b": "published", "u/c/a": "void"})) == {"u/c/b": ("u/c/b.html",)}


def test_texts_for_snippets_do_not_leave_with_an_edit() -> None:
    """They are named after their bytes: an item that was edited has other ones, and is the same item."""
    files = ("u/c/a.html", "u/c/a/x.pdf", "search/text/0123456789ab.json")
    published = {"u/c/a": ItemReport(verdict="published", path="u/c/a.md", files=files)}
    assert live_items(structs.replace(report(), items=published)) == {"u/c/a": ("u/c/a.html", "u/c/a/x.pdf")}
