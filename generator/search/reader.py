"""The files of an index → answers in Python, with lunr as the engine. Reads through the function it is given.

For a query lunr needs only the postings of the query's own terms. ``assemble`` makes a real
``lunr.index.Index`` of them, whose scores are those of the full index; ``ranking`` adds what
the client adds. Terminal, evaluation and verification ask through this module.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
import numpy as np

from generator.errors import GeneratorError
from generator.search.bits import Ints
from generator.search.columns import COLUMNS, PER_BLOCK, Chunk, decode_chunk
from generator.search.directory import Entries, decode_entries
from generator.search.folding import folding
from generator.search.names import ENTRY, page_path, result_path, shard_path, single_path
from generator.search.postings import FIELDS
from generator.search.presence import key_of, term_of
from generator.search.publish import FORMAT
from generator.search.rows import select
from generator.search.sealed import Reader
from generator.search.shards import Postings, decode_shard
from generator.search.weights import Weights

_T = TypeVar("_T")
_Term = TypeVar("_Term", int, str)
_DIGITS: Final = 3
"""lunr rounds scores to so many decimals."""


class IndexUnreadableError(GeneratorError):
    """There is no index, or it is damaged."""


class Entry(msgspec.Struct, frozen=True):
    """``entry.json``, as far as it is read here."""

    format: int
    documents: int
    bits: int
    k1: float
    b: float
    fields: list[tuple[str, float, float]]
    units: list[tuple[str, str, str]]
    categories: list[tuple[str, str, str]]
    validities: list[str]
    columns: list[str]
    weights: Weights
    root: str
    thesaurus: str


class Result(NamedTuple):
    """What is shown of a document."""

    item: str
    title: str
    number: str
    address: str
    """From the portal's root, or absolute."""


def _joined(chunks: Sequence[Chunk], entry: Entry) -> dict[str, Ints]:
    """The columns of all chunks as one; raises ``ValueError`` when they are not those of the entry."""
    columns: dict[str, Ints] = {
        name: np.concatenate([chunk.columns[name] for chunk in chunks]) if chunks else np.zeros(0, np.int64)
        for name in COLUMNS
    }
    values: dict[str, Sequence[object]] = {
        "unit": entry.units,
        "category": entry.categories,
        "validity": entry.validities,
    }
    if any(len(column) != entry.documents for column in columns.values()) or any(
        columns[name].max(initial=0) >= max(1, len(held)) for name, held in values.items()
    ):
        raise ValueError("columns of another index")
    return columns


def _reach(firsts: Sequence[_Term], low: _Term, high: _Term) -> slice:
    """What begins between the two, and the one before, which may reach there."""
    return slice(max(0, bisect_right(firsts, low) - 1), bisect_right(firsts, high))


class IndexReader:
    """One index, read as needed; what was read is kept."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """``read`` gives the bytes of a file by its path (``search/…``).

        Raises ``IndexUnreadableError`` when there is no index that can be read.
        """
        self._read = read
        try:
            self.entry = msgspec.json.decode(read(ENTRY), type=Entry)
            if self.entry.format != FORMAT:
                raise ValueError("an index of another format")
            chunks = [
                decode_chunk(read(single_path("columns", bytes.fromhex(name), "bin"))) for name in self.entry.columns
            ]
            root = Reader(read(single_path("root", bytes.fromhex(self.entry.root), "bin")))
            self._han, self._words = decode_entries(root), decode_entries(root)
            self.columns = _joined(chunks, self.entry)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise IndexUnreadableError(
                f"检索库读不出来，请先生成网站（build）。The index cannot be read: {error}"
            ) from error
        self._blocks = [name for chunk in chunks for name in chunk.blocks]
        self._pages: dict[bytes, Entries] = {}
        self._shards: dict[bytes, Postings] = {}
        self.table = folding()

    @property
    def count(self) -> int:
        """How many documents there are."""
        return self.entry.documents

    @cached_property
    def thesaurus(self) -> list[list[str]]:
        """Folded lay word and its official words."""
        path = single_path("thesaurus", bytes.fromhex(self.entry.thesaurus), "json")
        return self._load(path, lambda data: msgspec.json.decode(data, type=list[list[str]]))

    def postings(self, terms: Iterable[str]) -> dict[str, Postings]:
        """The postings of each term that the index has."""
        found: dict[str, Postings] = {}
        for term in dict.fromkeys(terms):
            key = key_of(term, self.table)
            shard = self._shard_of(key, term)
            if shard is None:
                continue
            if key is None:
                place = bisect_right(shard.strings, term) - 1
                key = place if place >= 0 and shard.strings[place] == term else -1
            chosen = np.flatnonzero(shard.terms == key)
            if len(chosen):
                found[term] = select(shard, chosen)
        return found

    def beginning(self, han: str, most: int = 24) -> dict[str, Postings]:
        """The postings of the terms that begin with one Han, from at most ``most`` shards."""
        key = key_of(han, self.table)
        found: dict[str, Postings] = {}
        if key is None:  # beyond the basic plane: its terms are words
            for name in self._between(self._words, attrgetter("words"), han, f"{han}\U0010ffff", most):
                shard = self._shard(name)
                for place, word in enumerate(shard.strings):
                    if word.startswith(han):
                        found[word] = select(shard, np.flatnonzero(shard.terms == place))
            return found
        for name in self._between(self._han, attrgetter("firsts"), key, key + 0xFFFF, most):
            shard = self._shard(name)
            for term in np.unique(shard.terms[(shard.terms >> 16) == key >> 16]).tolist():
                found[term_of(term)] = select(shard, np.flatnonzero(shard.terms == term))
        return found

    def _between(
        self, root: Entries, firsts: Callable[[Entries], Sequence[_Term]], low: _Term, high: _Term, most: int
    ) -> list[bytes]:
        """Names of the shards that may hold terms from ``low`` to ``high``."""
        names: list[bytes] = []
        for page in root.names[_reach(firsts(root), low, high)]:
            entries = self._page(page)
            names += entries.names[_reach(firsts(entries), low, high)]
        return names[:most]

    def _shard_of(self, key: int | None, term: str) -> Postings | None:
        root = self._words if key is None else self._han
        page = bisect_right(root.words, term) - 1 if key is None else bisect_right(root.firsts, key) - 1
        if page < 0:
            return None
        entries = self._page(root.names[page])
        place = bisect_right(entries.words, term) - 1 if key is None else bisect_right(entries.firsts, key) - 1
        return self._shard(entries.names[place])

    def _page(self, name: bytes) -> Entries:
        if name not in self._pages:
            self._pages[name] = self._load(page_path(name), lambda data: decode_entries(Reader(data)))
        return self._pages[name]

    def _shard(self, name: bytes) -> Postings:
        if name not in self._shards:
            passages = self.columns["passages"]
            self._shards[name] = self._load(shard_path(name), lambda data: decode_shard(data, passages))
        return self._shards[name]

    def _load(self, path: str, decode: Callable[[bytes], _T]) -> _T:
        try:
            return decode(self._read(path))
        except OSError as error:
            raise IndexUnreadableError(f"检索库缺文件：{path}。A file of the index is missing.") from error
        except (ValueError, msgspec.MsgspecError) as error:
            raise IndexUnreadableError(f"检索库损坏：{path}。The index is damaged.") from error

    def result(self, document: int) -> Result:
        """What is shown of a document."""
        path = result_path(self._blocks[document // PER_BLOCK])
        block = self._load(path, lambda data: msgspec.json.decode(data, type=list[tuple[str, str, str, str]]))
        if document % PER_BLOCK >= len(block):
            raise IndexUnreadableError(f"检索库损坏：{path}。The index is damaged.")
        slug, title, number, _ = block[document % PER_BLOCK]
        unit, _, base = self.entry.units[int(self.columns["unit"][document])]
        category = self.entry.categories[int(self.columns["category"][document])][0]
        return Result(f"{unit}/{category}/{slug}", title, number, f"{base}{category}/{slug}.html")

    # --- lunr ---------------------------------------------------------------------

    def assemble(self, found: Mapping[str, Postings]) -> Any:
        """A ``lunr.index.Index`` of these postings; its references are document numbers.

        It answers any query over these terms as the full index would: a document's score is a
        sum over the query's terms, and what else goes into it stands in the columns.
        """
        from lunr.index import Index
        from lunr.pipeline import Pipeline
        from lunr.token_set import TokenSet
        from lunr.vector import Vector

        inverted: dict[str, dict[str, Any]] = {}
        vectors: dict[str, Any] = {}
        for number, term in enumerate(sorted(found)):
            postings = found[term]
            entry: dict[str, Any] = {"_index": number, **{name: {} for name in FIELDS}}
            scores = self.scores(postings)
            for field, document, score in zip(
                postings.fields.tolist(), postings.documents.tolist(), scores.tolist(), strict=True
            ):
                entry[FIELDS[field]][str(document)] = {}
                vector = vectors.setdefault(f"{FIELDS[field]}/{document}", Vector())
                vector.insert(number, round(score, _DIGITS))
            inverted[term] = entry
        return Index(inverted, vectors, TokenSet.from_list(sorted(found)), list(FIELDS), Pipeline())

    def rarity(self, postings: Postings) -> float:
        """lunr's inverse document frequency."""
        documents = len(postings.documents)
        return math.log(1 + abs((self.count - documents + 0.5) / (documents + 0.5)))

    def scores(self, postings: Postings) -> np.ndarray[Any, np.dtype[np.float64]]:
        """lunr's score of each posting, unrounded."""
        k1, b = self.entry.k1, self.entry.b
        scores = np.empty(len(postings.documents))
        for number, (name, boost, mean) in enumerate(self.entry.fields):
            chosen = np.flatnonzero(postings.fields == number)
            lengths = self.columns[name][postings.documents[chosen]]
            frequencies = postings.frequencies[chosen]
            divisor = k1 * (1 - b + b * (lengths / mean)) + frequencies if len(chosen) else frequencies
            scores[chosen] = self.rarity(postings) * ((k1 + 1) * frequencies) / divisor * boost
        return scores

    def score_terms(self, terms: Iterable[str], most: int = 100) -> list[tuple[int, float]]:
        """Documents and lunr's scores of a query of these terms, best first, as lunr itself gives them."""
        from lunr.query import Query

        found = self.postings(terms)
        if not found:
            return []
        query = Query(list(FIELDS))
        for term in terms:
            if term in found:
                query.term(term, use_pipeline=False)
        hits = self.assemble(found).query(query)
        return [(int(hit["ref"]), float(hit["score"])) for hit in hits[:most]]
