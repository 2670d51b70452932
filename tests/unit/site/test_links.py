"""Where the links of items lead."""

from __future__ import annotations

import pytest

from generator.model import Link
from generator.site.links import Resolution, resolve
from tests.site_support import item_link, make_catalogue, make_cluster, make_facts


def _resolve(*facts: object, hosts: dict[str, str] | None = None) -> Resolution:
    catalogue = make_catalogue(*facts, cluster=make_cluster(hosts=hosts))  # type: ignore[arg-type]
    return resolve(catalogue, {one.id for one in facts})  # type: ignore[attr-defined]


def test_link_to_a_published_item_is_its_page() -> None:
    """Within the unit and across units."""
    resolution = _resolve(
        make_facts("a/policy/x", links=(item_link("a/notice/y"), item_link("b/notice/z"))),
        make_facts("a/notice/y"),
        make_facts("b/notice/z"),
    )
    assert resolution.of("a/policy/x") == ("../notice/y.html", "../../b/notice/z.html")
    assert not resolution.diagnostics


def test_link_to_a_unit_with_its_own_host_is_absolute() -> None:
    """The address crosses the origin."""
    resolution = _resolve(
        make_facts("a/policy/x", links=(item_link("b/notice/z"),)),
        make_facts("b/notice/z"),
        hosts={"b": "https://b.example/"},
    )
    assert resolution.of("a/policy/x") == ("https://b.example/notice/z.html",)


def test_links_to_missing_and_withheld_items_look_the_same_in_public() -> None:
    """Both are plain text; only the editor is told which of the two it is, and where."""
    resolution = _resolve(
        make_facts("a/policy/x", links=(item_link("a/notice/none"), item_link("a/notice/secret"))),
        make_facts("a/notice/secret", cleared=False),
    )
    assert resolution.of("a/policy/x") == (None, None)
    assert [(found.path, found.line, found.column, found.code) for found in resolution.diagnostics] == [
        ("content/a/policy/x.md", 9, 3, "link-missing"),
        ("content/a/policy/x.md", 9, 3, "link-not-cleared"),
    ]


def test_link_to_a_missing_place_is_a_warning_and_a_link() -> None:
    """An anchor that the item does not have opens the item at its beginning."""
    resolution = _resolve(
        make_facts("a/policy/x", links=(item_link("a/notice/y", "t1"), item_link("a/notice/y", "t2"))),
        make_facts("a/notice/y", anchors="t0 t1"),
    )
    assert resolution.of("a/policy/x") == ("../notice/y.html#t1", "../notice/y.html#t2")
    assert [(found.code, found.severity) for found in resolution.diagnostics] == [("link-anchor-missing", "warning")]


def test_link_to_a_file_is_that_of_the_item_itself() -> None:
    """Files and images of the bundle are links; one that was not inspected is plain text and a fault."""
    links = (Link(kind="file", target="表 1.pdf"), Link(kind="image", target="none.png", line=4, column=2))
    resolution = _resolve(make_facts("a/policy/x", links=links, files=("表 1.pdf",)))
    assert resolution.of("a/policy/x") == ("x/%E8%A1%A8%201.pdf", None)
    assert [(found.code, found.line) for found in resolution.diagnostics] == [("link-file-missing", 4)]


@pytest.mark.parametrize("key", ["interprets", "related", "feedback"])
def test_relation_to_what_is_not_published_is_a_fault_at_its_key(key: str) -> None:
    """Front matter that names another item is checked like a link."""
    targets = ("a/policy/none", "a/policy/secret")
    changes = [{"extra": {"feedback": target}} if key == "feedback" else {key: (target,)} for target in targets]
    resolution = _resolve(
        *(
            make_facts(f"a/notice/n{number}", lines=f"{key}:5:7", **change)  # type: ignore[arg-type]
            for number, change in enumerate(changes)
        ),
        make_facts("a/policy/secret", cleared=False),
    )
    assert [(found.code, found.line, found.column) for found in resolution.diagnostics] == [
        ("relation-missing", 5, 7),
        ("relation-not-cleared", 5, 7),
    ]
    assert all(dict(found.params) == {"key": key} for found in resolution.diagnostics)
