"""Queries with their right answers → how good the ranking is. ``load_queries`` reads a file; the rest is pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from generator.errors import UsageError

DEPTH: Final = 10
_SEEN: Final = 50
"""The first right answer beyond this counts as not found."""


class Judged(msgspec.Struct, frozen=True):
    """One query and the items that answer it."""

    query: str
    relevant: list[str]


class Quality(NamedTuple):
    """Means over the queries of one kind."""

    queries: int
    ndcg: float
    recall: float
    reciprocal_rank: float
    unanswered: int
    """Queries for which nothing at all was found."""


def load_queries(file: Path, mapping: Path | None = None) -> dict[str, list[Judged]]:
    """Read queries by kind: ``{"questions": [{"query": …, "relevant": [item id, …]}, …], …}``.

    Args:
        mapping: ``{item id: name}``, when the file names the answers otherwise than by id.

    Raises ``UsageError`` when a file cannot be read as such.
    """
    try:
        kinds = msgspec.json.decode(file.read_bytes(), type=dict[str, list[Judged]])
        names = msgspec.json.decode(mapping.read_bytes(), type=dict[str, str]) if mapping else None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"读不出这个文件：{error}。A file of queries cannot be read.") from error
    if names is None:
        return kinds
    ids = {name: item for item, name in names.items()}
    return {
        kind: [Judged(one.query, [ids[name] for name in one.relevant if name in ids]) for one in queries]
        for kind, queries in kinds.items()
    }


def evaluate(kinds: Mapping[str, Sequence[Judged]], ask: Callable[[str], Sequence[str]]) -> dict[str, Quality]:
    """Ask every query that has an answer; ``ask`` gives item ids, best first."""
    return {
        kind: _quality([(one, list(ask(one.query))) for one in queries if one.relevant])
        for kind, queries in kinds.items()
    }


def _quality(asked: Sequence[tuple[Judged, list[str]]]) -> Quality:
    count = max(1, len(asked))
    return Quality(
        len(asked),
        sum(ndcg(found, one.relevant) for one, found in asked) / count,
        sum(recall(found, one.relevant) for one, found in asked) / count,
        sum(reciprocal_rank(found, one.relevant) for one, found in asked) / count,
        sum(not found for _, found in asked),
    )


def ndcg(found: Sequence[str], relevant: Sequence[str]) -> float:
    """Normalised discounted cumulative gain of the first ``DEPTH``, every right answer worth the same."""
    right = set(relevant)
    gain = sum(1 / math.log2(rank + 2) for rank, item in enumerate(found[:DEPTH]) if item in right)
    return gain / sum(1 / math.log2(rank + 2) for rank in range(min(DEPTH, len(right))))


def recall(found: Sequence[str], relevant: Sequence[str]) -> float:
    """Share of the right answers that stand among the first ``DEPTH``."""
    return len(set(found[:DEPTH]) & set(relevant)) / len(set(relevant))


def reciprocal_rank(found: Sequence[str], relevant: Sequence[str]) -> float:
    """One by the place of the first right answer."""
    right = set(relevant)
    return next((1 / (rank + 1) for rank, item in enumerate(found[:_SEEN]) if item in right), 0.0)
