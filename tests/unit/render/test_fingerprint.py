"""What lets a build skip the planning of a unit."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.clearance.gate import ClearedItem
from generator.model import Cluster, ItemFacts, Tombstone
from generator.render.page import Page
from generator.render.pages import plan_pages, plan_sites
from generator.site.catalogue import assemble
from generator.site.links import resolve
from tests.site_support import NOW, ZONE, clear, item_link, make_cluster, make_facts, make_theme

Sites = dict[str, tuple[bytes, list[Page]]]


def _identity(one: ClearedItem) -> bytes:
    return msgspec.msgpack.encode(one.facts, order="deterministic")


def _sites(
    facts: list[ItemFacts], *, stones: tuple[Tombstone, ...] = (), now: datetime = NOW, cluster: Cluster | None = None
) -> Sites:
    cluster = cluster or make_cluster()
    catalogue = assemble(cluster, clear(*facts, now=now), stones, now)
    resolution = resolve(catalogue, {one.id for one in facts})
    plans = plan_sites(catalogue, resolution, make_theme(cluster), _identity)
    return {plan.site: (plan.fingerprint, list(plan.pages())) for plan in plans}


def _item(unit: str, title: str, year: int, cleared: bool, mark: int, redirect: bool) -> ItemFacts:
    other = "b" if unit == "a" else "a"
    return make_facts(
        f"{unit}/notice/x",
        title=title,
        day=f"{year}-05-06",
        cleared=cleared,
        pinned=mark == 1,
        links=(item_link(f"{other}/notice/x"),) if mark == 2 else (),
        related=(f"{other}/notice/x",) if mark == 3 else (),
        interprets=(f"{other}/notice/x",) if mark == 4 else (),
        extra={"consultation_closes": "2026-11-24", "feedback": f"{other}/notice/x"} if mark == 5 else {},
        redirect_from=("old.html",) if redirect else (),
    )


_KIND = st.tuples(
    st.sampled_from("甲乙"), st.sampled_from([2025, 2026]), st.booleans(), st.integers(0, 5), st.booleans()
)
_STATE = st.tuples(
    _KIND, _KIND, st.sampled_from([NOW, datetime(2026, 11, 25, tzinfo=ZONE)]), st.sampled_from(["", "撤销", "无效"])
)
State = tuple[tuple[str, int, bool, int, bool], tuple[str, int, bool, int, bool], datetime, str]
_STONE = Tombstone(id="a/notice/gone", unit="a", category="notice", withdrawn_on=date(2026, 1, 2), reason="撤销")


def _sites_in(state: State) -> Sites:
    one, other, now, reason = state
    stones = (msgspec.structs.replace(_STONE, reason=reason),) if reason else ()
    return _sites([_item("a", *one), _item("b", *other)], now=now, stones=stones)


@settings(max_examples=300)
@given(_STATE, _STATE, st.integers(0, 3))
def test_equal_fingerprints_promise_equal_pages(before: State, drawn: State, changed: int) -> None:
    """Whatever one thing changes, in a unit, beside it or with the day: where pages change, so does the fingerprint."""
    after: State = (*before[:changed], drawn[changed], *before[changed + 1 :])  # type: ignore[assignment]
    old, new = _sites_in(before), _sites_in(after)
    for unit in ("sfj", "a", "b"):
        if old[unit][0] == new[unit][0]:
            assert old[unit][1] == new[unit][1]


def test_edit_in_one_unit_leaves_the_others_unplanned() -> None:
    """That is what fingerprints are for."""
    before = _sites([make_facts("a/notice/x"), make_facts("b/notice/y")])
    after = _sites([make_facts("a/notice/x", title="改"), make_facts("b/notice/y")])
    assert [unit for unit in before if before[unit][0] != after[unit][0]] == ["a"]


def test_definitions_and_theme_are_in_every_fingerprint() -> None:
    """A renamed unit stands in the switcher of all sites."""
    facts = [make_facts("a/notice/x")]
    cluster = make_cluster()
    renamed = msgspec.structs.replace(cluster, name="另一个网站群")
    before, after = _sites(facts), _sites(facts, cluster=renamed)
    assert all(before[unit][0] != after[unit][0] for unit in ("sfj", "a", "b"))


def test_sites_have_the_pages_that_are_planned_at_once() -> None:
    """Site by site or in one go: the same pages in the same order."""
    facts = [make_facts("a/notice/x"), make_facts("b/rule/y")]
    cluster = make_cluster()
    catalogue = assemble(cluster, clear(*facts), (_STONE,), NOW)
    at_once = list(plan_pages(catalogue, resolve(catalogue, ()), make_theme(cluster)))
    assert [page for _, pages in _sites(facts, stones=(_STONE,)).values() for page in pages] == at_once
