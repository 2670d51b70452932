"""Which names are taken, and who keeps them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.site.paths import folders_above, redirect_page
from tests.site_support import make_catalogue, make_facts, plan


def _codes(*facts: object) -> list[tuple[str, str]]:
    return [(found.path, found.code) for found in make_catalogue(*facts).diagnostics]  # type: ignore[arg-type]


@pytest.mark.parametrize("slug", ["index", "INDEX", "page-2", "page-10"])
def test_item_named_like_a_list_page_is_left_out(slug: str) -> None:
    """List pages keep their names."""
    catalogue = make_catalogue(make_facts(f"a/notice/{slug}"))
    assert not catalogue.items
    assert [found.code for found in catalogue.diagnostics] == ["item-name-reserved"]


def test_items_that_differ_by_case_are_a_fault_of_the_later() -> None:
    """Of two items with one name on a case-blind disk the first by id stays, whatever was read first."""
    one, other = make_facts("a/notice/Bericht"), make_facts("a/notice/bericht")
    for order in ((one, other), (other, one)):
        catalogue = make_catalogue(*order)
        assert list(catalogue.items) == ["a/notice/Bericht"]
        assert [found.path for found in catalogue.diagnostics] == ["content/a/notice/bericht.md"]


def test_items_that_differ_by_composition_are_a_fault() -> None:
    """é as one character or two is one name to some file systems."""
    assert _codes(make_facts("a/notice/\u00e9"), make_facts("a/notice/e\u0301")) == [
        ("content/a/notice/\u00e9.md", "item-name-taken")
    ]


def test_attachments_of_one_name_leave_the_item_out() -> None:
    """Two files of an item cannot be published under one name."""
    assert _codes(make_facts("a/notice/x", files=("表.pdf", "a.PDF", "A.pdf"))) == [
        ("content/a/notice/x.md", "attachment-name-taken")
    ]


@pytest.mark.parametrize(
    "former",
    [
        "index.html",
        "notice/index.html",
        "NOTICE/other.html",
        "search.html",
        "archive/2026.html",
        "assets/x.html",
        "search/x.html",
        "notice/other/表.html",
        "notice/other.html/old.html",
    ],
)
def test_former_address_where_something_stands_is_left_out(former: str) -> None:
    """Pages, items, files, and the folders of theme and index keep their names against redirects."""
    facts = [
        make_facts("a/notice/other", files=("表.html",)),
        make_facts("a/notice/x", redirect_from=(former,), lines="redirect_from:7:3"),
    ]
    catalogue = make_catalogue(*facts)
    assert not catalogue.units["a"].redirects
    assert [(found.code, found.line, found.column) for found in catalogue.diagnostics] == [
        ("redirect-name-taken", 7, 3)
    ]


def test_former_address_claimed_twice_belongs_to_the_first_item() -> None:
    """Of two items with one former address the first by id has it."""
    facts = [
        make_facts("a/notice/y", redirect_from=("old/1.html",)),
        make_facts("a/notice/x", redirect_from=("OLD/1.html", "old/2.html")),
    ]
    redirects = make_catalogue(*facts).units["a"].redirects
    assert [(one.page, one.item) for one in redirects] == [
        ("a/OLD/1.html", "a/notice/x"),
        ("a/old/2.html", "a/notice/x"),
    ]


def test_same_former_address_in_two_units_is_free() -> None:
    """Former addresses are relative to the unit's root."""
    facts = [make_facts(f"{unit}/notice/x", redirect_from=("old.html",)) for unit in ("a", "b")]
    assert not make_catalogue(*facts).diagnostics


@pytest.mark.parametrize(
    ("former", "page"),
    [
        ("old/1.html", "a/old/1.html"),
        ("/old/1.HTM", "a/old/1.HTM"),
        ("old/", "a/old/index.html"),
        ("view.jsp?id=1", None),
        ("old.shtml", None),
        ("../x.html", None),
        ("a//x.html", None),
    ],
)
def test_redirect_page_is_a_file_only_for_html(former: str, page: str | None) -> None:
    """What a static file cannot answer is left to the web server."""
    assert redirect_page("a", former) == page


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["x", "X", "page-2", "y", "index"]),
            st.sampled_from(
                ["", "x.html", "notice/y.html", "notice/X.html", "notice/x/1.html", "old/a.html", "old/A.html"]
            ),
        ),
        unique_by=lambda pair: pair[0],
        max_size=5,
    )
)
def test_no_two_files_of_the_tree_share_a_name(drawn: list[tuple[str, str]]) -> None:
    """Whatever items are called and wherever they stood, every path of the tree is one file's, case or not."""
    facts = [
        make_facts(f"a/notice/{slug}", redirect_from=(former,) if former else (), files=("1.pdf",))
        for slug, former in drawn
    ]
    pages = [path.casefold() for path in plan(*facts)]
    assert len(set(pages)) == len(pages)
    folders = {path.rsplit("/", depth)[0] for path in pages for depth in range(1, path.count("/") + 1)}
    assert not folders & set(pages)


def test_folders_above_a_file_are_told_nearest_first() -> None:
    """However short their names."""
    assert list(folders_above("a/b/c.html")) == ["a/b", "a"]
    assert list(folders_above("c.html")) == []
