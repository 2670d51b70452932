"""The comparison with lunr: it finds what differs, and lunr's own lookup does not mislead it."""

from __future__ import annotations

from generator.search.folding import folding
from generator.search.passages import cut_passages
from generator.search.postings import short_texts
from generator.search.reader import IndexReader
from generator.search.verification import (
    agree,
    ask_reference,
    compare_postings,
    compare_scores,
    reference_index,
    sample_queries,
)
from tests.search_support import Paper, build, paper

PAPERS = [
    paper(
        f"sfj/policy/n{number}",
        f"关于会见的通知{number}",
        f"法释〔20{number % 30:02}〕{number}号，{number}年{number * 7}月第{number}条",
        document_number=f"示司发〔2026〕{number}号",
    )
    for number in range(60)
]


def texts_of(one: Paper) -> tuple[str, ...]:
    assert one.facts.item is not None
    cut = cut_passages(one.blocks, one.attachments)
    parts = [passage.text for passage in cut.passages]
    return (*short_texts(one.facts.item), "\n".join(parts[: cut.of_body]), "\n".join(parts[cut.of_body :]))


TEXTS = {one.facts.id: texts_of(one) for one in PAPERS}
BUILT = build(PAPERS)


def test_index_agrees_with_the_reference() -> None:
    """Scores of sampled queries and counts of sampled terms are those of the texts."""
    reader = IndexReader(BUILT.files.__getitem__)
    numbers = {reader.result(document).item: document for document in range(reader.count)}
    queries = sample_queries(TEXTS, folding(), 40)
    assert compare_scores(reader, reference_index(TEXTS, folding()), queries) == []
    assert compare_postings(reader, TEXTS, numbers) == []


def test_index_of_other_texts_does_not_agree() -> None:
    """A changed text is found out by scores and by counts."""
    other = build([*PAPERS[:-1], paper(PAPERS[-1].facts.id, "改了", "会见会见会见")])
    reader = IndexReader(other.files.__getitem__)
    numbers = {reader.result(document).item: document for document in range(reader.count)}
    assert compare_scores(reader, reference_index(TEXTS, folding()), [("会见",), ("#2026-59",)]) != []
    assert compare_postings(reader, TEXTS, numbers) != []


def test_reference_knows_every_term_of_its_texts() -> None:
    """lunr's automaton loses terms of digits when there are many of them; the reference must not."""
    texts = {
        f"n{number}": (f"〔{1900 + number % 200}〕{number}号 {number * 37} {number * 911}",) + ("",) * 5
        for number in range(4000)
    }
    reference = reference_index(texts, folding())
    assert [
        number for number in range(4000) if not ask_reference(reference, [f"#{1900 + number % 200}-{number}"])
    ] == []
    assert ask_reference(reference, ["没有"]) == []


def test_ties_go_by_item_and_last_bits_do_not_count() -> None:
    """Equal scores are compared in the order of the items; a difference beyond the tolerance is one."""
    assert agree([("b", 1.0), ("a", 1.0)], [("a", 1.0 + 1e-12), ("b", 1.0)])
    assert not agree([("a", 1.0)], [("a", 1.0 + 1e-6)])
    assert not agree([("a", 1.0)], [("b", 1.0)])
    assert not agree([("a", 1.0)], [])


def test_index_of_nothing_agrees_with_nothing() -> None:
    """A cluster of which nothing is cleared yet has no query to ask and no term to count."""
    reader = IndexReader(build([]).files.__getitem__)
    assert sample_queries({}, folding(), 40) == []
    assert compare_scores(reader, reference_index({}, folding()), [("会见",)]) == []
    assert compare_postings(reader, {}, {}) == []
