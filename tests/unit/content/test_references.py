"""Names of other items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.content.references import parse_reference


@pytest.mark.parametrize(
    ("written", "source", "found"),
    [
        ("jyglj/policy/b", "sfj/notice/a.md", "jyglj/policy/b"),
        ("item:jyglj/policy/b", "sfj/notice/a.md", "jyglj/policy/b"),
        ("b.md", "sfj/notice/a.md", "sfj/notice/b"),
        ("./b.md", "sfj/notice/a.md", "sfj/notice/b"),
        ("../policy/b.md", "sfj/notice/a.md", "sfj/policy/b"),
        ("../../jyglj/policy/b.md", "sfj/notice/a.md", "jyglj/policy/b"),
        ("../b.md", "sfj/notice/a/index.md", "sfj/notice/b"),
        ("../../policy/b/index.md", "sfj/notice/a/index.md", "sfj/policy/b"),
        ("b/index.md", "sfj/notice/a.md", "sfj/notice/b"),
    ],
)
def test_reference_names_an_item(written: str, source: str, found: str) -> None:
    """Ids as they are; paths from the folder of the file that names them."""
    assert parse_reference(written, source) == found


@pytest.mark.parametrize(
    "written",
    [
        "",
        "b",
        "policy/b",
        "a/b/c/d",
        "/jyglj/policy/b.md",
        "../../../policy/b.md",
        "../../../../etc/passwd.md",
        "jyglj//b",
        "jyglj/policy/..",
        "jyglj/policy/b.md",
        "https://example.org/b.md",
        "item:b",
        "item:../policy/b.md",
        "..\\policy\\b.md",
        "jyglj/policy/ b",
    ],
)
def test_anything_else_names_nothing(written: str) -> None:
    """Paths that leave the content folder, addresses and fragments are no references."""
    assert parse_reference(written, "sfj/notice/a.md") is None


@given(st.text(st.sampled_from("a/.:\\md "), max_size=20))
def test_a_reference_never_leaves_the_content(written: str) -> None:
    """Whatever is written, the id has three real parts."""
    found = parse_reference(written, "sfj/notice/a.md")
    assert found is None or (found.count("/") == 2 and not {"", ".", ".."} & set(found.split("/")))
