"""Postings → the order in which the client shows documents: the terminal's side of ``search-rank.js``. Pure.

Tests compare the two, so that what an editor measures with ``search evaluate`` is what readers see.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.search.folding import OTHER, Folding
from generator.search.question import Added, also_search, understand
from generator.search.reader import IndexReader
from generator.search.shards import Postings

Floats = NDArray[np.float64]
_TITLE: Final = 0
_NUMBER: Final = 1
_LONGEST_TITLE: Final = 200


class Answer(NamedTuple):
    """The documents found, best first, and the official words that were searched too."""

    documents: list[tuple[int, float]]
    also_searched: list[str]


def answer(index: IndexReader, text: str) -> Answer:
    """Answer a question. Exact phrases and excluded words are for the client: they need the texts."""
    question = understand(text, index.table)
    added = also_search(question, index.thesaurus, index.table)
    official = [words for one in added for _, words in one.official]
    found = index.postings([*question.terms, *(term for words in official for term in words)])
    own = {term: found[term] for term in dict.fromkeys(question.terms) if term in found}
    for han in question.lone:
        own |= index.beginning(han)
    ranking = _Ranking(index, own, question.terms, found, added)
    hits = ranking.lone_hits() if question.lone else ranking.hits()
    asked = _characters(question.text, index.table)
    for document in ranking.titled(hits):
        ranking.reward_title(document, asked, _characters(index.result(document).title, index.table))
    ordered = sorted(hits, key=lambda document: (-ranking.scores[document], -document))
    words = [word for one in added for word, terms in one.official if all(term in found for term in terms)]
    return Answer([(document, float(ranking.scores[document])) for document in ordered], words)


def _characters(text: str, table: Folding) -> list[int]:
    codes = table.codes(text[:_LONGEST_TITLE])
    kept: list[int] = codes[table.kind[codes] != OTHER].tolist()
    return kept


class _Ranking:
    def __init__(
        self,
        index: IndexReader,
        own: Mapping[str, Postings],
        terms: list[str],
        found: Mapping[str, Postings],
        added: list[Added],
    ) -> None:
        self._index = index
        self._weights = index.entry.weights
        count = index.count
        passages = index.columns["passages"]
        self._first: NDArray[Any] = np.concatenate(((0,), np.cumsum(passages)))
        self._passages = np.zeros(int(self._first[-1]))
        self._norms = self._passage_norms(passages)
        self.scores = np.zeros(count)
        self._cover, self._in_title, self._title_terms = np.zeros(count), np.zeros(count), np.zeros(count)
        self._numbered = np.zeros(count, bool)
        self._rarities = {term: index.rarity(postings) for term, postings in own.items()}
        self._total = sum(self._rarities.values())
        self._asked = self._total + math.log(1 + count) * len(set(terms) - own.keys())
        counts = Counter(terms)
        for term, postings in own.items():
            self._add(postings, counts.get(term, 1))
            self._note_cover(term, postings)
        for term in {term for one in added for _, words in one.official for term in words}:
            if term not in own and term in found:
                self._add(found[term], self._weights.official)
        for one in added:
            self._cover_official(one, found)
        self._combine()

    def _passage_norms(self, passages: NDArray[Any]) -> Floats:
        columns, weights = self._index.columns, self._weights
        lengths = columns["body"] + columns["attachments"]
        mean = lengths.sum() / max(1, int(passages.sum())) or 1.0
        b = weights.passage_b
        norms: Floats = weights.passage_k1 * (1 - b + b * (lengths / passages / mean))
        return norms

    def _add(self, postings: Postings, weight: float) -> None:
        np.add.at(self.scores, postings.documents, weight * self._index.scores(postings))
        frequencies = postings.frequencies / np.maximum(postings.spreads, 1)
        factor = weight * self._index.rarity(postings) * (self._weights.passage_k1 + 1)
        each = factor * frequencies / (self._norms[postings.documents] + frequencies)
        places = np.repeat(self._first[postings.documents], postings.spreads) + postings.places
        np.add.at(self._passages, places, np.repeat(each, postings.spreads))

    def _note_cover(self, term: str, postings: Postings) -> None:
        rarity = self._rarities[term]
        self._cover[np.unique(postings.documents)] += rarity
        titles = postings.documents[postings.fields == _TITLE]
        self._in_title[titles] += rarity
        self._title_terms[titles] += 1
        if term.startswith("#") and "-" in term:
            self._numbered[postings.documents[postings.fields <= _NUMBER]] = True

    def _cover_official(self, one: Added, found: Mapping[str, Postings]) -> None:
        evidence = np.zeros(self._index.count)
        whole = 0.0
        for term in one.lay:
            rarity = self._rarities.get(term)
            whole += math.log(1 + self._index.count) if rarity is None else rarity
            if rarity and term in found:
                evidence[np.unique(found[term].documents)] += rarity
        for _, terms in one.official:
            held = np.zeros(self._index.count, np.int64)
            for term in terms:
                if term in found:
                    held[np.unique(found[term].documents)] += 1
            chosen = (held >= len(terms)) & (evidence < whole)
            self._cover[chosen] += whole - evidence[chosen]
            evidence[chosen] = whole

    def _combine(self) -> None:
        weights = self._weights
        if not len(self.scores):
            return
        scored = self.scores > 0
        best = np.zeros(len(self.scores))
        rest = self._passages.copy()
        owner = np.repeat(np.arange(len(self.scores)), np.diff(self._first))
        for share in weights.passage_shares:
            top = np.maximum.reduceat(rest, self._first[:-1])
            best += share * top
            ties = np.flatnonzero((rest == top[owner]) & (rest > 0))
            _, firsts = np.unique(owner[ties], return_index=True)
            rest[ties[firsts]] = 0
        self.scores[scored] += weights.passages * best[scored]
        in_title = self._in_title / self._total if self._total else self._in_title
        exact = in_title * np.minimum(1, self._title_terms / np.maximum(1, self._index.columns["title"]))
        self.scores *= 1 + weights.title_cover * in_title**6 + weights.title_exact * exact**2
        self.scores[self._numbered] *= weights.document_number

    def lone_hits(self) -> list[int]:
        """All documents with a single character that was asked for."""
        hits: list[int] = np.flatnonzero(self.scores > 0).tolist()
        return hits

    def hits(self) -> list[int]:
        """The documents that say enough."""
        scored = self.scores > 0
        most = float(self._cover[scored].max(initial=0))
        if not most or most < self._weights.least * self._asked:
            return []
        enough = self._cover >= self._weights.hit * most
        strong = self.scores >= self._weights.strong * self.scores.max()
        hits: list[int] = np.flatnonzero(scored & (enough | strong)).tolist()
        return hits

    def titled(self, hits: list[int]) -> list[int]:
        """The documents whose titles are worth comparing with the question."""
        best = sorted(hits, key=lambda document: (-self.scores[document], -document))[: self._weights.compared]
        return [one for one in best if self._in_title[one] >= self._weights.title_like * self._total]

    def reward_title(self, document: int, asked: list[int], title: list[int]) -> None:
        """Take into account how much of the question stands in a title, in order."""
        common = _common_in_order(asked, title)
        share = common / max(1, len(asked))
        closeness = 0.5 + 0.5 * common / max(1, len(title))
        self.scores[document] *= 1 + self._weights.title_order * share**16 * closeness


def _common_in_order(left: list[int], right: list[int]) -> int:
    """Length of the longest common subsequence."""
    before = [0] * (len(right) + 1)
    for one in left:
        row = [0]
        for at, other in enumerate(right):
            row.append(before[at] + 1 if one == other else max(before[at + 1], row[at]))
        before = row
    return before[-1]
