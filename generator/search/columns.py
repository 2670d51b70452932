"""What is kept of every document: columns for scoring, filtering and sorting. Pure.

Columns are cut into chunks of ``CHUNK`` documents, so that a new document touches the last
chunk alone. A column is a Rice code with the parameter that suits it, or nothing but its
value where all documents agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from generator.search.bits import Ints, Unpacker, pack, rice, section
from generator.search.names import NAME_BYTES
from generator.search.postings import FIELDS
from generator.search.sealed import Reader, sealed, varint

CHUNK: Final = 4096
PER_BLOCK: Final = 8
"""Documents in one block of results."""
COLUMNS: Final = ("unit", "category", "validity", "day", *FIELDS, "passages")
"""Places in the lists of ``entry.json``; days since 1900, each as its distance from the one before (the
first stands before the columns); tokens in each field; passages."""
_CONSTANT: Final = 255


class Chunk(NamedTuple):
    """A chunk of columns, read."""

    columns: dict[str, Ints]
    blocks: list[bytes]
    """Names of its blocks of results."""


def encode_chunk(columns: Sequence[Ints], blocks: Sequence[bytes]) -> bytes:
    """One chunk; the columns in the order of ``COLUMNS``, days as they are."""
    count = len(columns[0])
    first_day = int(columns[COLUMNS.index("day")][0])
    data = varint(count) + varint(first_day)
    for name, column in zip(COLUMNS, columns, strict=True):
        data += _encode_column(np.diff(column, prepend=first_day) if name == "day" else column)
    return sealed(data + b"".join(blocks))


def _encode_column(values: Ints) -> bytes:
    low, high = int(values.min()), int(values.max())
    if low == high:
        return bytes((_CONSTANT,)) + varint(low)
    above = values - low
    width = min(range(18), key=lambda k: int((above >> k).sum()) + k * len(above))
    codes = rice(above, np.full(len(above), width, np.uint8))
    packed = pack([section(codes, np.array([0, len(above)]))], np.array([0, 1]))
    return bytes((width,)) + varint(low) + varint(len(packed.unary)) + packed.unary + packed.binary


def decode_chunk(data: bytes) -> Chunk:
    """Undo ``encode_chunk``; raises ``ValueError`` when the bytes are damaged."""
    reader = Reader(data)
    count = reader.varint()
    first_day = reader.varint()
    columns = {name: _decode_column(reader, count) for name in COLUMNS}
    columns["day"] = np.cumsum(columns["day"]) + first_day
    rest = reader.rest()
    return Chunk(columns, [rest[at : at + NAME_BYTES] for at in range(0, len(rest), NAME_BYTES)])


def _decode_column(reader: Reader, count: int) -> Ints:
    width, low = reader.byte(), reader.varint()
    if width == _CONSTANT:
        return np.full(count, low)
    unary = reader.take(reader.varint())
    unpacker = Unpacker(unary, reader.take((count * width + 7) >> 3))
    return unpacker.rice(np.full(count, width)) + low
