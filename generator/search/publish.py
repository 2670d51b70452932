"""Documents and shards → the files that readers begin with. Pure.

The columns, the blocks of results, the directory, the thesaurus, the folding table and the
entry are made again in every build; they are small, and most of them come out as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from datetime import date as Day
from typing import Any, Final, NamedTuple, Protocol

import msgspec
import numpy as np

from generator.clearance.gate import ClearedItem
from generator.model import Cluster, Item, OutputFile
from generator.search.bits import Ints
from generator.search.columns import CHUNK, PER_BLOCK, encode_chunk
from generator.search.directory import Listed, encode_directory
from generator.search.folding import Folding, encode_folding, unfolded_exceptions
from generator.search.names import ENTRY, content_name, page_path, result_path, single_path
from generator.search.postings import FIELDS
from generator.search.thesaurus import Thesaurus
from generator.search.tokens import tokens
from generator.search.weights import BOOSTS, K1, WEIGHTS, B
from generator.site.catalogue import families_of

FORMAT: Final = 1
DAY_ZERO: Final = Day(1900, 1, 1)
SOURCE: Final = "search"


class Facts(Protocol):
    """What is known of a document from its postings."""

    @property
    def passages(self) -> int: ...
    @property
    def text(self) -> bytes: ...
    @property
    def lengths(self) -> tuple[int, ...]: ...


class Shards(NamedTuple):
    """Where the terms of an index lie, and which of the thesaurus are among them."""

    han: list[Listed]
    words: list[Listed]
    present: frozenset[str]


class Blocks(NamedTuple):
    """The blocks of results, ``PER_BLOCK`` documents in each, as they are remembered from one index to the next."""

    names: list[bytes]
    """Of this index, as they become known."""
    before: Sequence[bytes]
    """Of the index before, if it is being mended …"""
    changed: Set[int]
    """… and the numbers of the blocks in which a document is other than it was."""
    keep: Callable[[str], bool]
    """Told of a file that need not be made, since it is that of the index before; whether it is there."""


def summary_files(
    documents: Sequence[ClearedItem],
    facts: Sequence[Facts],
    shards: Callable[[], Shards],
    bits: int,
    cluster: Cluster,
    thesaurus: Thesaurus,
    table: Folding,
    blocks: Blocks,
) -> Iterator[OutputFile]:
    """Every file of the index but shards and texts; the entry comes last.

    Args:
        documents: in the order of their numbers, and their ``facts`` likewise.
        shards: asked for only when what does not depend on them is made.
        bits: so many bits hold any document number.
        blocks: takes the names of the blocks of results.
    """
    values = units, categories, validities = _values(cluster, documents)
    lengths = np.array([one.lengths for one in facts], np.int64).reshape(len(facts), len(FIELDS))
    columns = _columns(documents, facts, lengths, values)
    chunks: list[str] = []
    yield from _results(documents, facts, columns, chunks, blocks)
    made = shards()
    directory = encode_directory(made.han, made.words)
    yield from (OutputFile(path=page_path(content_name(one)), data=one, source=SOURCE) for one in directory.pages)
    singles = {
        "root": (directory.root, "bin"),
        "folding": (encode_folding(table), "bin"),
        "thesaurus": (_thesaurus(thesaurus, table, made.present), "json"),
    }
    for kind, (data, extension) in singles.items():
        yield OutputFile(path=single_path(kind, content_name(data), extension), data=data, source=SOURCE)
    entry = {
        "format": FORMAT,
        "portal": cluster.base_url,
        "documents": len(documents),
        "bits": bits,
        "k1": K1,
        "b": B,
        "fields": [[name, boost, _mean(column)] for name, boost, column in zip(FIELDS, BOOSTS, lengths.T, strict=True)],
        "units": [_unit(cluster, unit) for unit in units],
        "categories": [_category(cluster, category) for category in categories],
        "validities": validities,
        "columns": chunks,
        "weights": WEIGHTS,
        "unfolded": unfolded_exceptions(table),
        **{kind: content_name(data).hex() for kind, (data, _) in singles.items()},
    }
    yield OutputFile(path=ENTRY, data=msgspec.json.encode(entry), source=SOURCE)


def _results(
    documents: Sequence[ClearedItem],
    facts: Sequence[Facts],
    columns: Sequence[Ints],
    chunks: list[str],
    blocks: Blocks,
) -> Iterator[OutputFile]:
    """What is shown of the documents, and the columns that rank them; ``chunks`` takes the columns' names."""
    for start in range(0, len(documents), CHUNK):
        first = len(blocks.names)
        for at in range(start, min(start + CHUNK, len(documents)), PER_BLOCK):
            number = at // PER_BLOCK
            known = blocks.before[number] if number < len(blocks.before) and number not in blocks.changed else b""
            if known and blocks.keep(result_path(known)):
                blocks.names.append(known)
                continue
            data = _block(documents[at : at + PER_BLOCK], facts[at : at + PER_BLOCK])
            blocks.names.append(content_name(data))
            yield OutputFile(path=result_path(blocks.names[-1]), data=data, source=SOURCE)
        data = encode_chunk([column[start : start + CHUNK] for column in columns], blocks.names[first:])
        chunks.append(content_name(data).hex())
        yield OutputFile(path=single_path("columns", content_name(data), "bin"), data=data, source=SOURCE)


def _columns(
    documents: Sequence[ClearedItem],
    facts: Sequence[Facts],
    lengths: Ints,
    values: tuple[list[str], list[str], list[str]],
) -> list[Ints]:
    """The columns for filters, sorting and lengths, in the order in which the client reads them."""
    units, categories, validities = ({value: place for place, value in enumerate(ones)} for ones in values)
    items = [one.item for one in documents]
    zero = DAY_ZERO.toordinal()
    return [
        np.array([units[one.unit] for one in items], np.int64),
        np.array([categories[one.category] for one in items], np.int64),
        np.array([validities[one.validity] for one in items], np.int64),
        np.array([max(0, one.date.toordinal() - zero) for one in items], np.int64),
        *lengths.T,
        np.array([one.passages for one in facts], np.int64),
    ]


def _values(cluster: Cluster, documents: Sequence[ClearedItem]) -> tuple[list[str], list[str], list[str]]:
    """What the columns count, in the order of the definitions.

    All units, since the page of each asks the index for its name; of the others only what some document has,
    and the categories under which these stand.
    """
    items = [one.item for one in documents]
    own = {one.category for one in items}
    categories = {above for above, family in families_of(cluster).items() if not own.isdisjoint(family)}
    return (
        [unit.id for unit in cluster.units],
        [category.id for category in cluster.categories if category.id in categories],
        sorted({one.validity for one in items}),
    )


def _mean(column: Ints) -> float:
    return float(column.sum() / len(column)) if len(column) else 0.0


def _unit(cluster: Cluster, unit_id: str) -> list[str]:
    """Id, name, and what stands before ``<category>/<slug>.html``: absolute for a host of its own."""
    unit = cluster.unit(unit_id)
    return [unit_id, unit.short_name or unit.name, unit.host or f"{unit_id}/"]


def _category(cluster: Cluster, category_id: str) -> list[str]:
    """Id, name, and under which it stands, if any."""
    category = cluster.category(category_id)
    return [category_id, category.name, category.parent or ""]


def _block(documents: Sequence[ClearedItem], facts: Sequence[Facts]) -> bytes:
    """A block of results: slug, title, document number, name of the text files."""
    return msgspec.json.encode([_result(one.item, fact.text) for one, fact in zip(documents, facts, strict=True)])


def _result(item: Item, text: bytes) -> list[Any]:
    return [item.slug, item.title, item.document_number, text.hex()]


def _thesaurus(thesaurus: Thesaurus, table: Folding, present: frozenset[str]) -> bytes:
    """Folded lay word and its official words, without those that stand in no document."""
    entries = []
    for lay, official in thesaurus:
        found = [word for word in official if present.issuperset(tokens(word, table))]
        if found:
            entries.append([table.fold(lay), *found])
    return msgspec.json.encode(entries)
