"""What each site lists, and what belongs together."""

from __future__ import annotations

from datetime import date

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from generator.model import Tombstone
from generator.render.pages import plan_pages
from generator.site.catalogue import LATEST, Catalogue, assemble
from generator.site.links import resolve
from tests.site_support import NOW, clear, make_catalogue, make_cluster, make_facts, make_theme


def _ids(items: object) -> list[str]:
    return [one.id for one in items]  # type: ignore[attr-defined]


def test_lists_are_newest_first_and_pinned_before_all() -> None:
    """Pinning moves an item in lists only: neighbours keep the order of time."""
    catalogue = make_catalogue(
        make_facts("a/notice/old", day="2024-01-01", pinned=True),
        make_facts("a/notice/new", day="2026-01-01"),
        make_facts("a/notice/mid", day="2025-01-01"),
    )
    section = catalogue.units["a"].sections["notice"]
    assert _ids(section.listed) == ["a/notice/old", "a/notice/new", "a/notice/mid"]
    assert _ids(section.own) == ["a/notice/new", "a/notice/mid", "a/notice/old"]
    assert _ids(catalogue.units["a"].latest) == ["a/notice/new", "a/notice/mid", "a/notice/old"]


def test_items_of_one_moment_are_in_order_of_id() -> None:
    """The order never depends on the order of reading."""
    names = ["c", "a", "b"]
    catalogue = make_catalogue(*(make_facts(f"a/notice/{name}") for name in names))
    assert _ids(catalogue.latest) == ["a/notice/a", "a/notice/b", "a/notice/c"]


def test_category_lists_what_is_under_it() -> None:
    """A category's list shows its subcategories' items too; neighbours stay within the category itself."""
    catalogue = make_catalogue(make_facts("a/policy/x", day="2026-01-01"), make_facts("a/rule/y", day="2026-02-01"))
    sections = catalogue.units["a"].sections
    assert _ids(sections["policy"].listed) == ["a/rule/y", "a/policy/x"]
    assert _ids(sections["policy"].own) == ["a/policy/x"]
    assert _ids(sections["rule"].listed) == ["a/rule/y"]
    assert "notice" not in sections


def test_years_are_newest_first_and_grouped_by_category() -> None:
    """A year's archive is in the order of categories."""
    catalogue = make_catalogue(
        make_facts("a/notice/n", day="2025-12-31"),
        make_facts("a/policy/p", day="2025-01-01"),
        make_facts("a/policy/q", day="2026-01-01"),
    )
    years = catalogue.units["a"].years
    assert list(years) == [2026, 2025]
    assert _ids(years[2025]) == ["a/policy/p", "a/notice/n"]


def test_latest_is_bounded() -> None:
    """Feeds and homes know the newest only."""
    catalogue = make_catalogue(*(make_facts(f"a/notice/n{number:03d}") for number in range(LATEST + 5)))
    assert len(catalogue.latest) == len(catalogue.units["a"].latest) == LATEST


def test_interpretation_is_known_from_both_sides() -> None:
    """A policy knows its interpretations, newest first, and each once."""
    catalogue = make_catalogue(
        make_facts("a/policy/p"),
        make_facts("a/interpretation/i", day="2026-05-07", interprets=("a/policy/p", "a/policy/p")),
        make_facts("b/interpretation/j", day="2026-05-08", interprets=("a/policy/p",)),
    )
    assert catalogue.interpreted_by == {"a/policy/p": ("b/interpretation/j", "a/interpretation/i")}


def test_tombstone_stands_only_where_no_item_does() -> None:
    """A tombstone of a unit that is gone, or under a live item, is not shown."""
    stones = [
        Tombstone(id=item, unit=item.split("/")[0], category="notice", withdrawn_on=date(2026, 1, 2), reason="撤销")
        for item in ("a/notice/x", "a/notice/gone", "zz/notice/y")
    ]
    catalogue = assemble(make_cluster(), clear(make_facts("a/notice/x")), stones, NOW)
    assert _ids(catalogue.units["a"].tombstones) == ["a/notice/gone"]


def test_next_change_is_when_a_consultation_opens_or_closes() -> None:
    """The morning on which it opens, or that after its last day; a closed one changes no more."""

    def next_change(opens: str, closes: str) -> str | None:
        extra = {"consultation_opens": opens, "consultation_closes": closes}
        moment = make_catalogue(make_facts("a/notice/c", extra=extra)).next_change_at
        return None if moment is None else moment.isoformat()

    assert next_change("2026-11-01", "2026-12-01") == "2026-12-02T00:00:00+08:00"
    assert next_change("2026-11-30", "2026-12-30") == "2026-11-30T00:00:00+08:00"
    assert next_change("2026-10-01", "2026-10-30") is None


_SLUGS = st.sampled_from([f"s{number}" for number in range(6)])
_FACTS = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["policy", "rule", "notice"]), _SLUGS),
    st.tuples(st.booleans(), st.booleans(), st.integers(2024, 2026), st.booleans()),
    max_size=12,
)


def _facts_of(drawn: dict[tuple[str, str, str], tuple[bool, bool, int, bool]]) -> list[object]:
    ids = ["/".join(key) for key in drawn]
    facts = []
    for (unit, category, slug), (cleared, draft, year, pinned) in drawn.items():
        item_id = f"{unit}/{category}/{slug}"
        passes = cleared and not draft
        facts.append(
            make_facts(
                item_id,
                title=f"{'公开' if passes else 'WITHHELD'}{slug}",
                cleared=cleared,
                draft=draft,
                day=f"{year}-03-04",
                pinned=pinned,
                summary="" if passes else "WITHHELD summary",
                document_number="" if passes else "WITHHELD〔2026〕1号",
                interprets=tuple(other for other in ids if other != item_id)[:2],
                related=tuple(ids)[-2:],
                redirect_from=(f"old/{slug}.html" if passes else f"old/WITHHELD-{category}-{slug}.html",),
                files=("表.pdf",) if passes else ("WITHHELD.pdf",),
            )
        )
    return facts


def _encoded(catalogue: Catalogue, known: set[str]) -> bytes:
    resolution = resolve(catalogue, known)
    pages = list(plan_pages(catalogue, resolution, make_theme()))
    said = [found.format(language) for found in resolution.diagnostics for language in ("zh", "en")]
    said += [found.format(language) for found in catalogue.diagnostics for language in ("zh", "en")]
    return msgspec.msgpack.encode((pages, said), order="deterministic")


@given(_FACTS)
def test_nothing_of_a_withheld_item_is_in_catalogue_pages_or_messages(
    drawn: dict[tuple[str, str, str], tuple[bool, bool, int, bool]],
) -> None:
    """Titles, summaries, numbers, former addresses and files of withheld items are nowhere (invariant 1)."""
    facts = _facts_of(drawn)
    encoded = _encoded(make_catalogue(*facts), {"/".join(key) for key in drawn})  # type: ignore[arg-type]
    assert b"WITHHELD" not in encoded


@given(_FACTS, st.randoms(use_true_random=False))
def test_pages_do_not_depend_on_the_order_of_items(
    drawn: dict[tuple[str, str, str], tuple[bool, bool, int, bool]], random: object
) -> None:
    """The same items in any order give the same pages, byte for byte (invariant 2)."""
    facts = _facts_of(drawn)
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    known = {"/".join(key) for key in drawn}
    first = _encoded(make_catalogue(*facts), known)  # type: ignore[arg-type]
    assert _encoded(make_catalogue(*shuffled), known) == first  # type: ignore[arg-type]
