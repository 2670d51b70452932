"""What somebody typed → what is looked up: the terminal's side of ``search-query.js``. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from generator.search.folding import HAN, Folding
from generator.search.tokens import query_tokens, tokens

_LONGEST: Final = 1000
_MOST_TOKENS: Final = 120
_MOST_OFFICIAL: Final = 12
_ASKING = re.compile(
    "什么时候|为什么|有没有|能不能|要不要|是不是|会不会|可不可以|该怎么办|怎么办|什么|怎么|如何|是否|多少|哪些|哪里|怎样|请问|的话|吗|呢|吧"
)


class Added(NamedTuple):
    """A lay word of the question and the official ones searched with it."""

    lay: tuple[str, ...]
    official: tuple[tuple[str, tuple[str, ...]], ...]
    """Each with its tokens."""


class Question(NamedTuple):
    """A question, understood."""

    text: str
    terms: list[str]
    lone: list[str]
    """Single Han, when there is nothing else."""


def understand(text: str, table: Folding) -> Question:
    """The terms of a question; never raises."""
    text = text[:_LONGEST]
    asked = _ASKING.sub(" ", text)
    asked = asked if asked.strip() else text
    found = query_tokens(asked, table)[:_MOST_TOKENS]
    lone = [term for term in found if len(term) == 1 and table.kind[ord(term)] == HAN]
    terms = [term for term in found if term not in lone]
    return Question(asked, terms, list(dict.fromkeys(lone))[:4] if not terms else [])


def also_search(question: Question, thesaurus: Sequence[Sequence[str]], table: Folding) -> list[Added]:
    """The official words for the lay words of a question, without those that it holds already."""
    folded = table.fold(question.text)
    added: set[str] = set()
    found: list[Added] = []
    for lay, *words in thesaurus:
        if lay not in folded:
            continue
        fresh = [word for word in words if word not in added and table.fold(word) not in folded]
        added.update(fresh)
        if fresh and len(added) <= _MOST_OFFICIAL:
            official = tuple((word, tuple(tokens(word, table))) for word in fresh)
            found.append(Added(tuple(tokens(lay, table)), official))
    return found
