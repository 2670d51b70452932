"""How many items are looked at together does not show in what is learned of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build import facts as facts_module
from generator.build.facts import ParseContext, ParseTask, facts_of, learn_chunk
from generator.build.fs import FileSystem
from generator.build.learned import decode_learned
from generator.build.packs import PackReader, reference
from generator.build.shared import Shared
from generator.clearance.rules import load_rules
from generator.content.definitions import load_cluster
from generator.content.item import parse_item
from generator.content.source import scan
from generator.model import ItemBody, ItemFacts
from tests.conftest import REPOSITORY, MakeTree

FRONT = "---\ntitle: 题{}\ndate: 2026-01-01\nunit: sfj\ncategory: policy\nconfidentiality_cleared: {}\n---\n"


@pytest.mark.parametrize("together", [1, 2_000, 1 << 20])
def test_item_is_learned_alike_in_any_company(
    make_tree: MakeTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """Cleared or not, refused or known already."""
    texts = {
        f"sfj/policy/n{number}.md": FRONT.format(number, ["true", "false"][number % 3 == 1]) + body
        for number, body in enumerate(
            ["第五十四条 法律援助", "密", "[" * 10_000, "㈠\U00020000", "朱鹮" * 900, "", "法"]
        )
    }
    texts["sfj/policy/n2/附.csv"] = "甲,乙"  # a file, which makes its item the last of a batch
    content = make_tree(texts, "content")
    sites = REPOSITORY / "sites"
    cluster = load_cluster(sites)
    rules = load_rules(sites, cluster)
    sources = scan(content, cluster).items
    monkeypatch.setattr(facts_module, "_TOGETHER", together)
    context = ParseContext(content, cluster, rules, b"key", tmp_path, tmp_path / "packs", tmp_path, 0, FileSystem())
    (tmp_path / "packs").mkdir()
    shared = Shared(context.fs, tmp_path, context)
    learned = decode_learned(learn_chunk(ParseTask(shared, "a.pack", sources, [None] * len(sources))))
    assert [one.path for one in learned] == [source.path for source in sources]
    packs = PackReader(tmp_path / "packs")
    alone: list[tuple[ItemFacts, ItemBody]] = []
    for source, one in zip(sources, learned, strict=True):
        assert one.facts is not None
        parsed = parse_item(source, (content / source.path).read_bytes(), cluster)
        facts, body, _ = facts_of(content, rules, source, parsed)
        alone.append((facts, body))
        assert (one.facts, packs.body(reference(one.state))) == (facts, body)
    assert [bool(body.postings) for _, body in alone] == [number not in (1, 2, 4) for number in range(len(alone))]
    known = [one.state for one in learned]
    changed = content / sources[3].path
    changed.write_text(changed.read_text(encoding="utf-8") + "改", encoding="utf-8")
    again = decode_learned(learn_chunk(ParseTask(shared, "b.pack", sources, known)))
    assert [one.facts is None for one in again] == [number != 3 for number in range(len(sources))]
    assert [one.path for one in again] == [source.path for source in sources]
    assert [one.state.body == old.body for one, old in zip(again, known, strict=True)].count(False) == 1
    assert packs.body(reference(again[3].state)).blocks != alone[3][1].blocks
