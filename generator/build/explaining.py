"""Which cleared item says what was found in a file that is not its own. Effects: reads the packs.

Lists, feeds and catalogues quote items. What they quote is looked up in the item that was found to say it
before, if it is unchanged; then in what the owners of other files were just found to say; and only then in
every cleared item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from generator.build.executor import Workers, chunked
from generator.build.learning import PACKS, Knowledge
from generator.build.packs import BodyRef, PackReader
from generator.build.settings import Settings
from generator.build.shared import Shared
from generator.clearance.audit_texts import Publisher, below_each_other, beside_each_other, item_texts
from generator.clearance.fingerprints import Fingerprints, once, without
from generator.clearance.folding import SEPARATOR, Words
from generator.clearance.gate import ClearedItem, Screening
from generator.clearance.scanner import Quote
from generator.clearance.sieve import Sieve

_ROWS, _TOGETHER = 5000, 100
"""Rows of a list that are looked through at once, and those of them that are one text."""
_CHUNK = 60
_FEW = 80
_date_of = attrgetter("item.date")

OwnerRef = tuple[str, str, tuple[str, int, int, bytes]]
"""The id of a cleared item, its source, and where its body lies (``BodyRef``).

Plain, as thousands of them go to other processes. What it says beside its body needs no look: that is taken out of the
fingerprints beforehand (``withheld``).
"""

Said = Mapping[str, tuple[bytes, bytes]]
"""Source of a cleared item → the key of its state, and what it was found to say, as bytes of keys."""


@dataclass(frozen=True)
class ExplainContext:
    """What is looked for in every cleared item, when cheaper explanations did not suffice."""

    prints: Fingerprints
    keys: Words
    packs: Path


class ExplainTask(NamedTuple):
    """A chunk of cleared items."""

    context: Shared[ExplainContext]
    owners: Sequence[OwnerRef]


class Explanation(NamedTuple):
    """What is explained, by whom, and what is not."""

    said: Mapping[str, Sequence[Words]]
    """By source of a cleared item."""
    unexplained: Words

    def to_remember(self, knowledge: Knowledge) -> dict[str, tuple[bytes, bytes]]:
        """See ``Said``."""
        return {
            path: (knowledge.states[path].key, once(np.concatenate(parts)).tobytes())
            for path, parts in sorted(self.said.items())
        }

    def with_quotes(self, quotes: Iterable[Quote]) -> Explanation:
        """More is explained."""
        said, left = {path: [*parts] for path, parts in self.said.items()}, self.unexplained
        for quote in quotes:
            if not left.size:
                break
            rest = without(left, quote.keys)
            if rest.size < left.size:
                said.setdefault(quote.path, []).append(without(left, rest))
                left = rest
        return Explanation(said, left)


def explain_by_quotes(
    screening: Screening, knowledge: Knowledge, keys: Words, quotes: Sequence[Quote], remembered: Said
) -> Explanation:
    """Look for each of ``keys`` (sorted, each once) in what items are known to say."""
    return Explanation({}, keys).with_quotes((*_still_said(remembered, screening, knowledge), *quotes))


def explain_by_places(
    screening: Screening, prints: Fingerprints, explanation: Explanation, publishers: Mapping[str, Publisher]
) -> Explanation:
    """Look for what is not explained in how pages name the items beside theirs, which no item says alone.

    Worked out at need: a build in which all is explained need not put so much together.
    """
    if not explanation.unexplained.size:
        return explanation
    left, sieve = explanation.unexplained, Sieve(prints.narrowed(explanation.unexplained))
    for rows in _rows_of_lists(screening, publishers):
        while left.size and (some := [*islice(rows, _ROWS)]):
            left = without(left, sieve.keys_in(SEPARATOR.join(few) for few in chunked(some, _TOGETHER)))
        if not left.size:
            break
    return explanation._replace(unexplained=left)


def _rows_of_lists(screening: Screening, publishers: Mapping[str, Publisher]) -> Iterator[Iterator[str]]:
    """What stands beside each other in lists: first what pages say of their neighbours, which mostly explains it."""
    ordered = sorted(screening.cleared, key=_date_of, reverse=True)  # as the catalogue has them
    own: dict[tuple[str, str], list[ClearedItem]] = {}
    for one in ordered:
        own.setdefault((one.item.unit, one.item.category), []).append(one)
    for (unit, _), items in own.items():
        yield beside_each_other([one.item for one in items], publishers.get(unit, Publisher()))
    larger: dict[tuple[str, str], list[ClearedItem]] = {}
    for one in ordered:
        for key in ((one.item.unit, ""), ("", one.item.category), ("", "")):  # of a site, and of the portal
            larger.setdefault(key, []).append(one)
    for items in chain(own.values(), larger.values()):
        yield below_each_other([one.facts for one in items])


def explain_by_items(
    settings: Settings,
    screening: Screening,
    knowledge: Knowledge,
    prints: Fingerprints,
    explanation: Explanation,
    crew: Workers,
) -> Explanation:
    """Look for what is not explained in every cleared item."""
    left = explanation.unexplained
    if not left.size:
        return explanation
    owners = [(one.id, one.facts.path, knowledge.body_of(one.facts.path)[:]) for one in screening.cleared]
    context = ExplainContext(prints.narrowed(left), left, (settings.cache / PACKS).resolve())
    shared = Shared(settings.fs, settings.cache.resolve(), context)
    tasks = (ExplainTask(shared, chunk) for chunk in chunked(owners, _CHUNK))
    found = crew.map(explain_chunk, tasks, small=len(owners) <= _FEW)
    return explanation.with_quotes(quote for quotes in found for quote in quotes)


def _still_said(remembered: Said, screening: Screening, knowledge: Knowledge) -> Iterator[Quote]:
    """What items said in the build before that are cleared today, and unchanged."""
    cleared = {one.facts.path for one in screening.cleared}
    for path, (key, keys) in remembered.items():
        if path in cleared and knowledge.states[path].key == key:
            yield Quote(path, np.frombuffer(keys, np.uint64))


def explain_chunk(task: ExplainTask) -> list[Quote]:
    """The keys that stand in a chunk of cleared items, each for the first that says it."""
    context = task.context.get()
    rest = context.keys
    found = []
    with PackReader(context.packs) as packs:
        for _, path, at in task.owners:
            body = packs.texts(BodyRef(*at))
            left = without(rest, context.prints.hits(SEPARATOR.join(item_texts("", body))))
            if left.size < rest.size:
                found.append(Quote(path, without(rest, left)))
                rest = left
    return found
