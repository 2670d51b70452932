"""The last index with its changes: what of an index is remembered, and how it is brought up to date. Pure.

What cannot be mended, since it is damaged or too much changed, is for ``index`` to make anew; the files are
the same either way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

import msgspec
import numpy as np

from generator.clearance.gate import ClearedItem
from generator.search.bits import Ints
from generator.search.directory import Listed
from generator.search.postings import ItemPostings, decode_postings
from generator.search.presence import Presence
from generator.search.publish import Shards
from generator.search.update import Change, Measures, Updated, update_han, update_words

_MOST_CHANGED: Final = 0.1
"""Share of changed documents above which making all anew is quicker."""


class IndexDocument(NamedTuple):
    """One document of the index."""

    cleared: ClearedItem
    key: bytes
    """Other whenever the item's postings may be other."""


class Previous(NamedTuple):
    """The index of the last build; its files must be what that build wrote."""

    state: bytes | memoryview
    """``IndexResult.state`` of that build."""
    read: Callable[[str], bytes]
    """The bytes of one of its files, by path."""
    postings: Callable[[str], bytes | None]
    """The postings with which an item (by id) went in, if they are still known."""


class DocumentFacts(msgspec.Struct, frozen=True, array_like=True):
    """What the index remembers of a document."""

    id: str
    key: bytes
    passages: int
    of_body: int
    text: bytes
    lengths: tuple[int, ...]


class State(msgspec.Struct, frozen=True, array_like=True):
    """The private memory of an index."""

    format: int
    bits: int
    documents: list[DocumentFacts]
    han: list[Listed]
    words: list[Listed]
    wanted: frozenset[str]
    """Terms of the thesaurus …"""
    present: frozenset[str]
    """… and those of them that stand in some document."""
    others: frozenset[str]
    """Paths of all files but the shards."""
    blocks: list[bytes]
    """Names of the blocks of results, in order."""


class Sink(Protocol):
    """Takes the shards."""

    def shard(self, name: bytes, data: bytes) -> None:
        """Take one that is new."""

    def keep(self, name: bytes) -> None:
        """Note that one stays."""


def document_facts(document: IndexDocument, item: ItemPostings) -> DocumentFacts:
    """What is remembered of one document."""
    return DocumentFacts(document.cleared.id, document.key, item.passages, item.of_body, item.text, item.lengths)


def passages_of(facts: Sequence[DocumentFacts]) -> tuple[Ints, Ints]:
    """How many passages each document has, and how many of them belong to its body."""
    passages = np.fromiter((one.passages for one in facts), np.int32, len(facts))
    return passages, np.fromiter((one.of_body for one in facts), np.int32, len(facts))


def mend(
    ordered: Sequence[IndexDocument],
    postings: Callable[[IndexDocument], bytes],
    previous: Previous,
    state: State,
    sink: Sink,
    presence: Presence,
) -> tuple[list[DocumentFacts], Shards, Sequence[int]] | None:
    """The previous index with its changes, and the numbers of the documents that are other, came or went.

    ``None`` when it is easier, or only possible, to make it anew.
    """
    changed = _changed(ordered, state.documents)
    if changed is None:
        return None
    try:
        changes = [_change(number, ordered, postings, previous, state) for number in changed]
        facts = _facts_after(ordered, state, changes)
        passages, of_body = passages_of(facts)
        measures = Measures(passages_of(state.documents)[0], passages, of_body, state.bits)
        halves = [
            update(listed, changes, measures, previous.read)
            for update, listed in ((update_han, state.han), (update_words, state.words))
        ]
    except (ValueError, OSError, LookupError):
        # Damaged or gone: what is there cannot be mended. The postings can always be read anew.
        return None
    before = {one.name for one in (*state.han, *state.words)}
    for half in halves:
        for one in half.listed:
            if one.name in before:
                sink.keep(one.name)
            else:
                sink.shard(one.name, half.written[one.name])
    present = _present_after(state.present, halves, presence)
    return facts, Shards(halves[0].listed, halves[1].listed, present), changed


def _changed(ordered: Sequence[IndexDocument], before: Sequence[DocumentFacts]) -> list[int] | None:
    """Numbers of the documents that differ, when all others have kept theirs and enough have."""
    most = max(8, int(len(before) * _MOST_CHANGED))
    shared = min(len(ordered), len(before))
    changed = list(range(shared, max(len(ordered), len(before))))
    for number in range(shared):
        if ordered[number].cleared.id != before[number].id:
            return None
        if ordered[number].key != before[number].key:
            changed.append(number)
    return sorted(changed) if len(changed) <= most else None


def _change(
    number: int,
    ordered: Sequence[IndexDocument],
    postings: Callable[[IndexDocument], bytes],
    previous: Previous,
    state: State,
) -> Change:
    old = new = None
    if number < len(state.documents):
        data = previous.postings(state.documents[number].id)
        if data is None:
            raise LookupError("the old postings are gone")
        old = decode_postings(data)
    if number < len(ordered):
        new = decode_postings(postings(ordered[number]))
    return Change(number, old, new)


def _facts_after(ordered: Sequence[IndexDocument], state: State, changes: Sequence[Change]) -> list[DocumentFacts]:
    news = {change.number: change.new for change in changes if change.new is not None}
    return [
        document_facts(one, news[number]) if number in news else state.documents[number]
        for number, one in enumerate(ordered)
    ]


def _present_after(before: frozenset[str], halves: Sequence[Updated], presence: Presence) -> frozenset[str]:
    """Which terms of the thesaurus stand in the index now: judged anew for those that changed."""
    touched: frozenset[str] = frozenset()
    for half in halves:
        touched |= presence.among(half.touched)
        for postings in half.mended:
            presence.note(postings)
    return (before - touched) | presence.found
