"""A body that cannot be converted withholds its item."""

from __future__ import annotations

from pathlib import Path

from generator.build.facts import facts_of
from generator.clearance.rules import load_rules
from generator.content.definitions import load_cluster
from generator.content.item import parse_item
from generator.content.source import scan
from tests.conftest import REPOSITORY, MakeTree

FRONT = "---\ntitle: 题\ndate: 2026-01-01\nunit: sfj\ncategory: policy\nconfidentiality_cleared: true\n---\n"


def test_item_with_a_refused_body_is_faulty(make_tree: MakeTree) -> None:
    """An empty page must not stand for a text that was too complex to convert."""
    content: Path = make_tree({"sfj/policy/a.md": FRONT + "[" * 10_000}, "content")
    sites = REPOSITORY / "sites"
    cluster = load_cluster(sites)
    (source,) = scan(content, cluster).items
    parsed = parse_item(source, (content / source.path).read_bytes(), cluster)
    assert parsed.item is not None
    facts, body, named = facts_of(content, load_rules(sites, cluster), source, parsed)
    assert facts.item is None
    assert [found.code for found in facts.diagnostics] == ["markdown-too-complex"]
    assert (body.html, body.blocks, named) == ("", (), ())
