"""The measures of relevance, by hand-counted examples; and the files that they read."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import UsageError
from generator.search.evaluation import Judged, evaluate, load_queries, ndcg, recall, reciprocal_rank
from tests.conftest import MakeTree


def test_measures_of_a_ranking_by_hand() -> None:
    """Right answers at places 1 and 3, of three there are."""
    found, right = ["a", "x", "b", "y"], ["a", "b", "c"]
    best = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(found, right) == pytest.approx((1 + 1 / math.log2(4)) / best)
    assert recall(found, right) == pytest.approx(2 / 3)
    assert reciprocal_rank(["x", "a"], right) == 0.5
    assert reciprocal_rank(["x"] * 50 + ["a"], right) == 0.0


ITEMS = st.lists(st.sampled_from("abcdefghijklmnop"), unique=True, max_size=16)


@given(found=ITEMS, right=ITEMS.filter(bool))
def test_measures_lie_between_nothing_and_all(found: list[str], right: list[str]) -> None:
    """The right answers first are worth 1, none of them 0, and no ranking is worth more."""
    for measure in (ndcg, recall, reciprocal_rank):
        assert 0 <= measure(found, right) <= 1 + 1e-12
    assert ndcg(right, right) == pytest.approx(1)
    assert ndcg([one for one in found if one not in right], right) == 0


def test_queries_without_an_answer_do_not_count() -> None:
    """Means go over the queries that can be answered; those that found nothing are counted apart."""
    kinds = {"words": [Judged("one", ["a"]), Judged("two", ["b"]), Judged("three", [])]}
    quality = evaluate(kinds, lambda query: ["a"] if query == "one" else [])["words"]
    assert (quality.queries, quality.ndcg, quality.reciprocal_rank, quality.unanswered) == (2, 0.5, 0.5, 1)
    assert evaluate({"none": []}, lambda query: [])["none"].queries == 0


def test_file_may_name_answers_by_other_names(make_tree: MakeTree) -> None:
    """A map from item to name translates them; names that it has not are no answers."""
    folder = make_tree(
        {
            "queries.json": '{"words": [{"query": "q", "relevant": ["law.md", "gone.md"]}]}',
            "map.json": '{"sfj/policy/a": "law.md"}',
        }
    )
    assert load_queries(folder / "queries.json")["words"][0].relevant == ["law.md", "gone.md"]
    assert load_queries(folder / "queries.json", folder / "map.json")["words"][0].relevant == ["sfj/policy/a"]


@pytest.mark.parametrize("text", ["", "[]", '{"words": [{"query": 1}]}', "\xff"])
def test_file_of_another_shape_is_refused(make_tree: MakeTree, text: str) -> None:
    """A usage error, with what is wrong."""
    folder = make_tree({"queries.json": text.encode("latin-1")})
    with pytest.raises(UsageError):
        load_queries(folder / "queries.json")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """As one that cannot be read."""
    with pytest.raises(UsageError):
        load_queries(tmp_path / "queries.json")
