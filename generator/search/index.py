"""ClearedItems and their postings → the files of the search index. Effects: spills to a given folder.

    build_index(documents, postings, definitions, write, spill, previous=None) -> IndexResult

Documents are numbered by date, then id, so that what is published next is appended. With the
``Previous`` index at hand only what changed is made again; without it, or when it cannot be
used, all is made from the postings. Either way the files are the same, byte for byte. Nothing
but ``ClearedItem`` comes in, so no word of a withheld item can come out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np

from generator.clearance.gate import ClearedItem
from generator.model import Cluster, OutputFile
from generator.search.bits import Ints
from generator.search.directory import Listed
from generator.search.encoding import BucketTask, Extent, Spread, encode_bucket, encode_rows
from generator.search.folding import Folding
from generator.search.names import content_name, shard_path
from generator.search.passages import files_for, text_path
from generator.search.postings import ItemPostings, decode_postings
from generator.search.presence import Presence, wanted_terms
from generator.search.publish import Halves, summary_files
from generator.search.rows import Buckets, WordRows
from generator.search.shards import Shard
from generator.search.thesaurus import Thesaurus
from generator.search.update import Change, Measures, Updated, update_han, update_words

STATE_FORMAT: Final = 1
SOURCE: Final = "search"
_MOST_CHANGED: Final = 0.1
"""Share of changed documents above which making all anew is quicker."""


class IndexDocument(NamedTuple):
    """One document of the index."""

    cleared: ClearedItem
    key: bytes
    """Other whenever the item's postings may be other."""


class Definitions(NamedTuple):
    """What the index takes from ``sites/``."""

    cluster: Cluster
    thesaurus: Thesaurus
    table: Folding


class Previous(NamedTuple):
    """The index of the last build; its files must be what that build wrote."""

    state: bytes
    """``IndexResult.state`` of that build."""
    read: Callable[[str], bytes]
    """The bytes of one of its files, by path."""
    postings: Callable[[str], bytes | None]
    """The postings with which an item (by id) went in, if they are still known."""


class ItemTexts(NamedTuple):
    """The text files of one item."""

    cleared: ClearedItem
    name: bytes
    """Other whenever their content is other."""
    paths: tuple[str, ...]


class IndexResult(NamedTuple):
    """What became of the index."""

    kept: frozenset[str]
    """Files of the previous index that stay as they are; all others of it go."""
    state: bytes
    """For the next build; private."""
    texts: tuple[ItemTexts, ...]
    """The text files that go with it; ``passages.text_files`` makes them, item by item."""
    updated: bool
    """The previous index was mended rather than made anew."""


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


class _Shards(NamedTuple):
    han: list[Listed]
    words: list[Listed]
    present: frozenset[str]


def build_index(
    documents: Sequence[IndexDocument],
    postings: Callable[[IndexDocument], bytes],
    definitions: Definitions,
    write: Callable[[OutputFile], None],
    spill: Path,
    previous: Previous | None = None,
    spread: Spread = map,
) -> IndexResult:
    """Make the index of the cluster.

    Args:
        documents: in any order.
        postings: ``encode_postings`` of a document; called at most once for each.
        write: takes each file that is new or changed, as soon as it is made.
        spill: an existing folder for temporary files.
        spread: ``map``, or what does the same with many processes that see ``spill``.
    """
    ordered = sorted(documents, key=lambda one: (one.cleared.item.date, one.cleared.id))
    state = _usable(previous)
    wanted = wanted_terms(definitions.thesaurus, definitions.table)
    bits = max(1, len(ordered).bit_length())
    sink = _Sink(write, state)
    made: tuple[list[DocumentFacts], _Shards] | None = None
    presence = Presence(wanted, definitions.table)
    if state is not None and previous is not None and state.bits == bits and state.wanted == wanted:
        made = _mend(ordered, postings, previous, state, sink, presence)
    facts, shards = made or _make(ordered, postings, Presence(wanted, definitions.table), bits, sink, spill, spread)
    halves = Halves(shards.han, shards.words)
    cleared = [one.cleared for one in ordered]
    for file in summary_files(cleared, facts, halves, bits, *definitions, shards.present):
        sink.put(file)
    new = State(STATE_FORMAT, bits, facts, shards.han, shards.words, wanted, shards.present, frozenset(sink.others))
    texts = tuple(map(_texts, cleared, facts))
    return IndexResult(frozenset(sink.kept), msgspec.msgpack.encode(new), texts, made is not None)


def _texts(cleared: ClearedItem, facts: DocumentFacts) -> ItemTexts:
    numbers = range(files_for(facts.passages))
    return ItemTexts(cleared, facts.text, tuple(text_path(facts.text, number) for number in numbers))


def _usable(previous: Previous | None) -> State | None:
    if previous is None:
        return None
    try:
        state = msgspec.msgpack.decode(previous.state, type=State)
    except msgspec.DecodeError:
        return None
    return state if state.format == STATE_FORMAT else None


class _Sink:
    """Passes on what is new and notes what stays."""

    def __init__(self, write: Callable[[OutputFile], None], state: State | None) -> None:
        self._write = write
        self._before: set[str] = set()
        if state is not None:
            self._before = {shard_path(one.name) for one in (*state.han, *state.words)} | state.others
        self._written: set[str] = set()
        self.kept: set[str] = set()
        self.others: set[str] = set()

    def put(self, file: OutputFile) -> None:
        """Take a file that is no shard."""
        self.others.add(file.path)
        self._pass(file.path, file.data, always=file.path.endswith("entry.json"))

    def shard(self, name: bytes, data: bytes) -> None:
        """Take a shard."""
        self._pass(shard_path(name), data)

    def keep(self, name: bytes) -> None:
        """Note that a shard stays."""
        self.kept.add(shard_path(name))

    def _pass(self, path: str, data: bytes, *, always: bool = False) -> None:
        if path in self._before and not always:
            self.kept.add(path)
        elif path not in self._written:
            self._written.add(path)
            self._write(OutputFile(path=path, data=data, source=SOURCE))


# --- from nothing -----------------------------------------------------------------


def _make(
    ordered: Sequence[IndexDocument],
    postings: Callable[[IndexDocument], bytes],
    presence: Presence,
    bits: int,
    sink: _Sink,
    spill: Path,
    spread: Spread,
) -> tuple[list[DocumentFacts], _Shards]:
    facts: list[DocumentFacts] = []
    words = WordRows()
    with Buckets(spill) as buckets:
        for number, document in enumerate(ordered):
            item = decode_postings(postings(document))
            facts.append(_facts(document, item))
            buckets.add(number, item)
            words.add(number, item)
        measures = Extent(*_passages(facts), bits)
        tasks = [BucketTask(path, measures, presence) for path in buckets.parted()]
        han = []
        for encoded in spread(encode_bucket, tasks):
            presence.found |= encoded.present
            han += [_listed(shard, Listed(shard.first, "", b"", False), sink) for shard in encoded.shards]
    found = words.sorted()
    listed = [
        _listed(shard, Listed(0, found.strings[shard.first], b"", False), sink)
        for shard in encode_rows(found.rows, measures, presence, found.strings)
    ]
    return facts, _Shards(han, listed, presence.found)


def _facts(document: IndexDocument, item: ItemPostings) -> DocumentFacts:
    return DocumentFacts(document.cleared.id, document.key, item.passages, item.of_body, item.text, item.lengths)


def _passages(facts: Sequence[DocumentFacts]) -> tuple[Ints, Ints]:
    passages = np.fromiter((one.passages for one in facts), np.int64, len(facts))
    return passages, np.fromiter((one.of_body for one in facts), np.int64, len(facts))


def _listed(shard: Shard, described: Listed, sink: _Sink) -> Listed:
    name = content_name(shard.data)
    sink.shard(name, shard.data)
    return Listed(described.first, described.word, name, shard.closed)


# --- from the last index -------------------------------------------------------------


def _mend(
    ordered: Sequence[IndexDocument],
    postings: Callable[[IndexDocument], bytes],
    previous: Previous,
    state: State,
    sink: _Sink,
    presence: Presence,
) -> tuple[list[DocumentFacts], _Shards] | None:
    """The previous index with its changes; ``None`` when it is easier, or only possible, to make it anew."""
    changed = _changed(ordered, state.documents)
    if changed is None:
        return None
    try:
        changes = [_change(number, ordered, postings, previous, state) for number in changed]
        facts = _facts_after(ordered, state, changes)
        passages, of_body = _passages(facts)
        measures = Measures(_passages(state.documents)[0], passages, of_body, state.bits)
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
    return facts, _Shards(halves[0].listed, halves[1].listed, present)


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
        _facts(one, news[number]) if number in news else state.documents[number] for number, one in enumerate(ordered)
    ]


def _present_after(before: frozenset[str], halves: Sequence[Updated], presence: Presence) -> frozenset[str]:
    """Which terms of the thesaurus stand in the index now: judged anew for those that changed."""
    touched: frozenset[str] = frozenset()
    for half in halves:
        touched |= presence.among(half.touched)
        for postings in half.mended:
            presence.note(postings)
    return (before - touched) | presence.found
