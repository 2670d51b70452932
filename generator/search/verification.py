"""Texts of documents and their index → whether both say the same, with lunr.py as the oracle. Pure.

lunr.py builds the full reference index of the same texts, knowing nothing of ours but the
tokeniser; the reader assembles the index of each query from the shards; scores must agree.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from typing import Any, Final, NamedTuple

from generator.search.folding import Folding
from generator.search.postings import FIELDS
from generator.search.reader import IndexReader
from generator.search.tokens import tokens
from generator.search.weights import BOOSTS, K1, B

TOLERANCE: Final = 1e-9
COMPARED: Final = 10
Texts = Mapping[str, Sequence[str]]
"""Item id → the text of each of ``FIELDS``."""


_SEED = 1
"""Whoever looks into a difference finds the same again."""


class Difference(NamedTuple):
    """A query for which index and reference disagree."""

    terms: tuple[str, ...]
    ours: list[tuple[str, float]]
    theirs: list[tuple[str, float]]


def reference_index(texts: Texts, table: Folding) -> Any:
    """lunr.py's own index of these texts; ``None`` without any. Takes about 7 µs and 100 bytes a character."""
    if not texts:
        return None  # lunr divides by the number of documents
    from lunr.builder import Builder
    from lunr.pipeline import Pipeline

    builder = Builder()
    builder.k1(K1)
    builder.b(B)
    builder.ref("id")
    for name, boost in zip(FIELDS, BOOSTS, strict=True):
        builder.field(name, boost)
    builder.pipeline = Pipeline()
    builder.search_pipeline = Pipeline()
    for item, fields in texts.items():
        # A list is taken as tokens already made.
        builder.add({"id": item} | {name: tokens(text, table) for name, text in zip(FIELDS, fields, strict=True)})
    index = builder.build()
    index.token_set = _WholeTerms(builder.inverted_index)
    return index


class _WholeTerms:
    """What a query's terms are looked up in, instead of lunr's automaton.

    lunr (both of them) takes two states of it for the same when their edges, written one after the other without a
    mark between them, read the same; digits make that happen. Of the 276,501 terms of the laws it loses
    ``#2025-1`` and ``#2025-4`` in this way. Only wildcards need an automaton, and no query here has any.
    """

    def __init__(self, terms: Container[str]) -> None:
        self._terms = terms

    def intersect(self, asked: Any) -> Any:
        """The automaton of the one term that is asked, or an empty one."""
        from lunr.token_set import TokenSet

        return asked if all(term in self._terms for term in asked.to_list()) else TokenSet()


def sample_queries(texts: Texts, table: Folding, count: int) -> list[tuple[str, ...]]:
    """Queries made of neighbouring and of scattered terms of the texts."""
    chosen = random.Random(_SEED)
    items = sorted(texts)
    queries: list[tuple[str, ...]] = []
    for number in range(count if items else 0):
        found = [term for text in texts[chosen.choice(items)] for term in tokens(text, table)]
        if not found:
            continue
        if number % 2:
            start = chosen.randrange(len(found))
            queries.append(tuple(found[start : start + chosen.randint(1, 12)]))
        else:
            queries.append(tuple(chosen.choices(found, k=chosen.randint(1, 6))))
    return queries


def compare_scores(reader: IndexReader, reference: Any, queries: Sequence[Sequence[str]]) -> list[Difference]:
    """The queries for which the first ``COMPARED`` results or their scores differ; ties go by item."""
    differences = []
    for terms in queries:
        ours = [(reader.result(document).item, score) for document, score in reader.score_terms(terms, reader.count)]
        theirs = ask_reference(reference, terms)
        if not agree(ours, theirs):
            differences.append(Difference(tuple(terms), _best(ours), _best(theirs)))
    return differences


def ask_reference(reference: Any, terms: Sequence[str]) -> list[tuple[str, float]]:
    """What the reference index says to a query of these terms."""
    from lunr.query import Query

    if reference is None or not terms:
        return []
    query = Query(list(FIELDS))
    for term in terms:
        query.term(term, use_pipeline=False)
    return [(str(hit["ref"]), float(hit["score"])) for hit in reference.query(query)]


def agree(ours: Sequence[tuple[str, float]], theirs: Sequence[tuple[str, float]]) -> bool:
    """Whether both give the same best results with the same scores."""
    best, expected = _best(ours), _best(theirs)
    return [item for item, _ in best] == [item for item, _ in expected] and all(
        abs(score - other) <= TOLERANCE for (_, score), (_, other) in zip(best, expected, strict=True)
    )


def _best(scored: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    # Scores that differ by rounding of the last bit are ties.
    return sorted(scored, key=lambda one: (-round(one[1], 9), one[0]))[:COMPARED]


def compare_postings(reader: IndexReader, texts: Texts, numbers: Mapping[str, int]) -> list[str]:
    """Look up some terms of each document in the index; gives ``item: term`` for each that is not as counted.

    Args:
        numbers: of the documents, by item id.
    """
    chosen = random.Random(_SEED)
    wrong = []
    for item in sorted(texts):
        counts = [Counter(tokens(text, reader.table)) for text in texts[item]]
        known = sorted(set().union(*counts))
        for term in chosen.sample(known, min(len(known), 8)):
            found = reader.postings([term]).get(term)
            held = {}
            if found is not None:
                mine = found.documents == numbers[item]
                held = dict(zip(found.fields[mine].tolist(), found.frequencies[mine].tolist(), strict=True))
            if held != {field: count[term] for field, count in enumerate(counts) if count[term]}:
                wrong.append(f"{item}: {term}")
    return wrong
