"""ClearedItems and their postings → the files of the search index. Effects: spills to a given folder.

    begin_index(documents, postings, definitions, write, spill, previous=None).finish() -> IndexResult

Documents are numbered by date, then id, so that what is published next is appended. With the
``Previous`` index at hand only what changed is made again; without it, or when it cannot be
used, all is made from the postings. Either way the files are the same, byte for byte. Nothing
but ``ClearedItem`` comes in, so no word of a withheld item can come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from generator.clearance.gate import ClearedItem
from generator.model import Cluster, OutputFile
from generator.search.columns import PER_BLOCK
from generator.search.directory import Listed
from generator.search.encoding import BucketTask, Encoded, Extent, Spread, encode_bucket, encode_rows
from generator.search.folding import Folding
from generator.search.mending import (
    DocumentFacts,
    IndexDocument,
    Previous,
    State,
    document_facts,
    mend,
    passages_of,
)
from generator.search.names import content_name, shard_path
from generator.search.passages import files_for, text_path
from generator.search.postings import decode_postings
from generator.search.presence import Presence, wanted_terms
from generator.search.publish import Blocks, Shards, summary_files
from generator.search.rows import Buckets, WordRows
from generator.search.shards import Shard
from generator.search.thesaurus import Thesaurus

STATE_FORMAT: Final = 2
SOURCE: Final = "search"

_id_of, _date_of = attrgetter("cleared.id"), attrgetter("cleared.item.date")


class Definitions(NamedTuple):
    """What the index takes from ``sites/``."""

    cluster: Cluster
    thesaurus: Thesaurus
    table: Folding


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
    updated: bool
    """The previous index was mended rather than made anew."""


class _Making(NamedTuple):
    """Shards that are being made."""

    buckets: Buckets
    words: WordRows
    extent: Extent
    presence: Presence
    encoded: Iterable[Encoded]


@dataclass(frozen=True)
class BegunIndex:
    """An index of which the facts are known, while its shards are still being made; from ``begin_index``."""

    cleared: Sequence[ClearedItem]
    facts: list[DocumentFacts]
    made: Shards | _Making
    definitions: Definitions
    bits: int
    sink: _Sink
    wanted: frozenset[str]
    changed: Sequence[int] | None = None
    """Numbers of the documents that are other than in the index before, came or went; ``None``: all may be."""
    blocks_before: Sequence[bytes] = ()
    """Names of the blocks of results of the index before, where it is mended."""

    def texts(self) -> tuple[ItemTexts, ...]:
        """The text files that go with the index; ``passages.text_files`` makes them, item by item."""
        return tuple(map(_texts, self.cleared, self.facts))

    def changed_texts(self) -> tuple[ItemTexts, ...]:
        """Those of the documents that are ``changed``."""
        every = range(len(self.facts)) if self.changed is None else self.changed
        return tuple(_texts(self.cleared[one], self.facts[one]) for one in every if one < len(self.facts))

    def finish(self) -> IndexResult:
        """Write what is new, and tell what stays."""
        sink, shards = self.sink, cache(self._shards)
        blocks = Blocks([], self.blocks_before, {one // PER_BLOCK for one in self.changed or ()}, sink.keep_other)
        for file in summary_files(self.cleared, self.facts, shards, self.bits, *self.definitions, blocks):
            sink.put(file)
        han, words, present = shards()
        state = State(
            format=STATE_FORMAT,
            bits=self.bits,
            documents=self.facts,
            han=han,
            words=words,
            wanted=self.wanted,
            present=present,
            others=frozenset(sink.others),
            blocks=blocks.names,
        )
        updated = not isinstance(self.made, _Making)
        return IndexResult(frozenset(sink.kept), msgspec.msgpack.encode(state), updated)

    def _shards(self) -> Shards:
        return _make(self.made, self.sink) if isinstance(self.made, _Making) else self.made


def begin_index(
    documents: Sequence[IndexDocument],
    postings: Callable[[IndexDocument], bytes],
    definitions: Definitions,
    write: Callable[[OutputFile], None],
    spill: Path,
    previous: Previous | None = None,
    spread: Spread = map,
) -> BegunIndex:
    """Read the postings, and set workers to making shards of them.

    Args:
        documents: in any order.
        postings: ``encode_postings`` of a document; called at most once for each.
        write: takes each file that is new or changed, as soon as it is made.
        spill: an existing folder for temporary files.
        spread: ``map``, or what does the same with many processes that see ``spill``.
    """
    mended = None if previous is None else mend_index(documents, postings, definitions, write, previous)
    if mended is not None:
        return mended
    ordered, bits = _numbered(documents)
    wanted = wanted_terms(definitions.thesaurus, definitions.table)
    made = _begin(ordered, postings, Presence(wanted, definitions.table), bits, spill, spread)
    sink = _Sink(write, _usable(previous))
    return BegunIndex([one.cleared for one in ordered], *made, definitions, bits, sink, wanted)


def mend_index(
    documents: Sequence[IndexDocument],
    postings: Callable[[IndexDocument], bytes],
    definitions: Definitions,
    write: Callable[[OutputFile], None],
    previous: Previous,
) -> BegunIndex | None:
    """The previous index with its changes, as ``begin_index`` makes it; ``None`` when it must be made from nothing."""
    ordered, bits = _numbered(documents)
    state = _usable(previous)
    wanted = wanted_terms(definitions.thesaurus, definitions.table)
    if state is None or state.bits != bits or state.wanted != wanted:
        return None
    sink = _Sink(write, state)
    made = mend(ordered, postings, previous, state, sink, Presence(wanted, definitions.table))
    if made is None:
        return None
    facts, shards, changed = made
    cleared = [one.cleared for one in ordered]
    return BegunIndex(cleared, facts, shards, definitions, bits, sink, wanted, changed, state.blocks)


def _numbered(documents: Sequence[IndexDocument]) -> tuple[list[IndexDocument], int]:
    """The documents in the order of their numbers, and the bits in which any of these fits."""
    ordered = sorted(sorted(documents, key=_id_of), key=_date_of)
    return ordered, max(1, len(ordered).bit_length())


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

    def keep_other(self, path: str) -> bool:
        """Note that a file that is no shard stays, if it is there."""
        if path not in self._before:
            return False
        self.others.add(path)
        self.kept.add(path)
        return True

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


def _begin(
    ordered: Sequence[IndexDocument],
    postings: Callable[[IndexDocument], bytes],
    presence: Presence,
    bits: int,
    spill: Path,
    spread: Spread,
) -> tuple[list[DocumentFacts], _Making]:
    facts: list[DocumentFacts] = []
    words, buckets = WordRows(), Buckets(spill)
    for number, document in enumerate(ordered):
        item = decode_postings(postings(document))
        facts.append(document_facts(document, item))
        buckets.add(number, item)
        words.add(number, item)
    extent = Extent(*passages_of(facts), bits)
    tasks = [BucketTask(path, extent, presence) for path in buckets.parted()]
    return facts, _Making(buckets, words, extent, presence, spread(encode_bucket, tasks))


def _make(making: _Making, sink: _Sink) -> Shards:
    presence, han = making.presence, list[Listed]()
    with making.buckets:
        found = making.words.sorted()
        of_words = [*encode_rows(found.rows, making.extent, presence, found.strings)]  # while workers make the others
        for encoded in making.encoded:
            presence.found |= encoded.present
            han += [_listed(shard, Listed(shard.first, "", b"", False), sink) for shard in encoded.shards]
    words = [_listed(shard, Listed(0, found.strings[shard.first], b"", False), sink) for shard in of_words]
    return Shards(han, words, presence.found)


def _listed(shard: Shard, described: Listed, sink: _Sink) -> Listed:
    name = content_name(shard.data)
    sink.shard(name, shard.data)
    return Listed(described.first, described.word, name, shard.closed)
