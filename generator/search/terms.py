"""Which terms an index holds, and which terms items hold: what the audit compares. Pure.

    TermSet.union(map(item_terms, postings_of_the_cleared_items))
    index_terms(files_below_search, table).minus(that)              # must be empty

``index_terms``, or ``file_terms``, which tells them file by file, reads the bytes as they are served and believes
nothing that the build says of them. Every file is read that it is given, whether or not the entry file
lists it, so that an old shard that was left behind is seen too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from generator.clearance.fingerprints import once
from generator.search.dictionaries import Dictionaries, decode_han_dictionaries
from generator.search.directory import decode_entries
from generator.search.folding import Folding
from generator.search.postings import decode_terms
from generator.search.presence import key_of, term_of
from generator.search.sealed import Reader
from generator.search.shards import HAN_SHARD, decode_dictionary
from generator.search.tokens import tokens

_NONE: Final = np.zeros(0, np.uint32)
_JOINED: Final = 4_000_000
"""Keys that wait to be taken together."""


class TermSet(NamedTuple):
    """A set of terms. A cluster has hundreds of thousands, nearly all pairs of Han, so these stay numbers."""

    keys: NDArray[np.uint32]
    """Pairs of Han and single ones (``presence.term_of``), ascending, each once."""
    words: frozenset[str]
    """All other terms."""

    @classmethod
    def of(cls, keys: Iterable[NDArray[np.uint32]], words: Iterable[str]) -> Self:
        """The set of these terms, which may repeat."""
        return cls(once(np.concatenate((_NONE, *keys))), frozenset(words))

    @classmethod
    def union(cls, sets: Iterable[TermSet]) -> Self:
        """What stands in any of them; memory grows with the result."""
        waiting, held = [_NONE], 0
        words: set[str] = set()
        for one in sets:
            waiting.append(one.keys)
            held += len(one.keys)
            words |= one.words
            if held >= _JOINED:
                waiting, held = [once(np.concatenate(waiting))], 0
        return cls.of(waiting, words)

    def minus(self, other: TermSet) -> tuple[str, ...]:
        """The terms that ``other`` has not, sorted."""
        keys = np.setdiff1d(self.keys, other.keys, assume_unique=True)
        return tuple(sorted((*map(term_of, keys.tolist()), *(self.words - other.words))))

    def strings(self) -> frozenset[str]:
        """All terms as text."""
        return self.words.union(map(term_of, self.keys.tolist()))


def item_terms(postings: bytes) -> TermSet:
    """All terms of one item, from its encoded postings; raises ``ValueError`` for bytes of another format."""
    keys, _, (words,) = decode_terms([postings])
    # The keys ascend, so that no sorting is needed to have each once.
    first = np.concatenate(((True,), keys[1:] != keys[:-1]))[: len(keys)]
    return TermSet(keys[first], frozenset(words))


class FileTerms(NamedTuple):
    """The terms of many files. Nearly all are dictionaries of pairs of Han, of which none is looked at alone."""

    shards: Sequence[str]
    """Paths of the dictionaries of pairs of Han, whatever order the files were given in."""
    pairs: Dictionaries
    """What stands in them, one after the other."""
    others: Sequence[tuple[str, TermSet]]


def index_terms(files: Iterable[tuple[str, bytes]], table: Folding) -> TermSet:
    """All terms of an index, from the bytes of its files.

    These are the dictionaries of all shards, the terms by which the directory finds them, the terms of
    the titles and numbers that suggestions and results show, and those of the official words of the
    thesaurus. Lay words are no terms: they come from ``sites/`` and are shown to nobody. The texts for
    snippets hold no terms; the audit reads them as texts.

    Args:
        files: path (``search/…``) and bytes; other files are passed over.

    Raises ``ValueError``, naming the file, when one is damaged.
    """
    found = file_terms(tuple(files), table)
    return TermSet.union((TermSet.of([found.pairs.keys.astype(np.uint32)], ()), *(terms for _, terms in found.others)))


def file_terms(files: Sequence[tuple[str, bytes]], table: Folding) -> FileTerms:
    """The terms of each of many files of an index, each with its path; raises as ``index_terms``."""
    shards: list[tuple[str, bytes]] = []
    others: list[tuple[str, bytes]] = []
    for file in files:
        (shards if _is_han_shard(*file) else others).append(file)
    try:
        pairs = decode_han_dictionaries([data for _, data in shards])
    except ValueError:  # read one by one, it is told which of them is damaged
        shards, others, pairs = [], [*files], decode_han_dictionaries([])
    return FileTerms(
        [path for path, _ in shards], pairs, [(path, _of_file(path, data, table)) for path, data in others]
    )


def _is_han_shard(path: str, data: bytes) -> bool:
    return data[:1] == bytes((HAN_SHARD,)) and path.startswith("search/shards/")


def _of_file(path: str, data: bytes, table: Folding) -> TermSet:
    try:
        found, strings = _terms_of(path, data, table)
    except (ValueError, msgspec.MsgspecError) as error:
        raise ValueError(f"{path}: {error}") from error
    return TermSet.of([found], strings)


def _terms_of(path: str, data: bytes, table: Folding) -> tuple[NDArray[np.uint32], set[str]]:
    top, _, name = path.partition("/")
    if top != "search":
        return _NONE, set()
    if name.startswith("shards/"):
        keys, strings = decode_dictionary(data)
        return keys.astype(np.uint32), set(strings)
    if name.startswith("pages/"):
        return _firsts(Reader(data), halves=1)
    if name.startswith("root-"):
        return _firsts(Reader(data), halves=2)
    if name.startswith("results/"):
        results = msgspec.json.decode(data, type=list[tuple[str, str, str, str]])
        return _parted([text for _, title, number, _ in results for text in (title, number)], table)
    if name.startswith("thesaurus-"):
        return _parted(
            [word for _, *official in msgspec.json.decode(data, type=list[list[str]]) for word in official], table
        )
    return _NONE, set()


def _firsts(reader: Reader, halves: int) -> tuple[NDArray[np.uint32], set[str]]:
    entries = [decode_entries(reader) for _ in range(halves)]
    keys = np.array([key for one in entries for key in one.firsts], np.uint32)
    return keys, {word for one in entries for word in one.words}


def _parted(texts: Sequence[str], table: Folding) -> tuple[NDArray[np.uint32], set[str]]:
    """The terms of texts, keys and words apart."""
    keys: dict[str, int | None] = {}
    for text in texts:
        for term in tokens(text, table):
            if term not in keys:
                keys[term] = key_of(term, table)
    found = np.array([key for key in keys.values() if key is not None], np.uint32)
    return found, {term for term, key in keys.items() if key is None}
