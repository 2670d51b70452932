"""A body that cannot be converted withholds its item."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build.facts import facts_of
from generator.clearance.rules import load_rules
from generator.content.definitions import load_cluster
from generator.content.item import parse_item
from generator.content.source import scan
from tests.conftest import REPOSITORY, MakeTree

FRONT = "---\ntitle: 题\ndate: 2026-01-01\nunit: sfj\ncategory: policy\nconfidentiality_cleared: true\n---\n"


@pytest.mark.parametrize(
    ("written", "code"),
    [("[" * 10_000, "markdown-too-complex"), ("7 " * 50_000, "body-heavy")],
    ids=["marks", "figures"],
)
def test_item_with_a_refused_body_is_faulty(make_tree: MakeTree, written: str, code: str) -> None:
    """An empty page must not stand for a text that nobody could convert, nor one be shown that nobody screened."""
    content: Path = make_tree({"sfj/policy/a.md": FRONT + written}, "content")
    sites = REPOSITORY / "sites"
    cluster = load_cluster(sites)
    (source,) = scan(content, cluster).items
    parsed = parse_item(source, (content / source.path).read_bytes(), cluster)
    assert parsed.item is not None
    facts, body, named = facts_of(content, load_rules(sites, cluster), source, parsed)
    assert facts.item is None
    assert [found.code for found in facts.diagnostics] == [code]
    assert (body.html, body.blocks, named) == ("", (), ())
