"""The directory of shards: which shard holds a term. Pure.

A cluster has thousands of shards, so their names are kept in pages, and the root lists
the pages: a query reads the root once and a page for each term it looks up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from generator.search.names import NAME_BYTES, content_name
from generator.search.sealed import Reader, front_code, front_decode, sealed, varint
from generator.search.shards import word_hash

_LEAST: Final = 24
_MOST: Final = 96
_CUT_BITS: Final = 27
"""One shard in 32 may end a page."""


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A shard in the directory."""

    first: int
    """Key of its first Han term; 0 for a shard of words."""
    word: str
    """Its first word; empty for a shard of Han."""
    name: bytes
    closed: bool
    """It ends where it does whatever term comes next."""


class Directory(NamedTuple):
    """The files of the directory."""

    root: bytes
    pages: tuple[bytes, ...]


def encode_directory(han: Sequence[Listed], words: Sequence[Listed]) -> Directory:
    """The root and the pages for shards in order."""
    pages: list[bytes] = []
    root = b""
    for shards in (han, words):
        chunks = _cut(shards)
        encoded = [_encode(chunk, [shard.name for shard in chunk]) for chunk in chunks]
        pages += encoded
        root += _encode([chunk[0] for chunk in chunks], [content_name(page) for page in encoded], seal=False)
    return Directory(sealed(root), tuple(pages))


def _cut(shards: Sequence[Listed]) -> list[Sequence[Listed]]:
    """Pages end where the shards' own terms say so, as shards do."""
    chunks: list[Sequence[Listed]] = []
    start = 0
    for index, shard in enumerate(shards):
        held = index - start
        if held >= _MOST or (held >= _LEAST and _may_begin(shard)):
            chunks.append(shards[start:index])
            start = index
    if start < len(shards):
        chunks.append(shards[start:])
    return chunks


def _may_begin(shard: Listed) -> bool:
    spread = word_hash(shard.word) if shard.word else shard.first * 2654435761 & 0xFFFFFFFF
    return spread >> _CUT_BITS == 0


def _encode(shards: Sequence[Listed], names: Sequence[bytes], *, seal: bool = True) -> bytes:
    """Number of entries, their first terms (Han: gaps; words: front-coded), their names."""
    data = varint(len(shards))
    words = [shard.word for shard in shards if shard.word]
    data += bytes((bool(words),))
    if words:
        strings = front_code(words)
        data += varint(len(strings)) + strings
    else:
        before = 0
        for shard in shards:
            data += varint(shard.first - before)
            before = shard.first
    data += b"".join(names)
    return sealed(data) if seal else data


class Entries(NamedTuple):
    """A page or a half of the root, read."""

    firsts: list[int]
    words: list[str]
    """Instead of ``firsts`` when the shards are of words."""
    names: list[bytes]


def decode_entries(reader: Reader) -> Entries:
    """Read what ``_encode`` wrote; raises ``ValueError`` when it is damaged."""
    count = reader.varint()
    firsts: list[int] = []
    words: list[str] = []
    if reader.byte():
        words = front_decode(reader.take(reader.varint()), count)
    else:
        key = 0
        for _ in range(count):
            key += reader.varint()
            firsts.append(key)
    names = reader.take(count * NAME_BYTES)
    return Entries(firsts, words, [names[at : at + NAME_BYTES] for at in range(0, len(names), NAME_BYTES)])
