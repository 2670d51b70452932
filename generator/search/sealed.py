"""The bytes that files of the index are made of: numbers, sorted words, a checksum at the end. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

_SMALL = tuple(bytes((value,)) for value in range(128))
_WHOLE = crc32(bytes(4) + crc32(bytes(4)).to_bytes(4, "little"))
"""The CRC-32 of whatever its own CRC-32 stands behind."""
CHECKSUM = 4
"""So many bytes it takes."""


def varint(value: int) -> bytes:
    """Seven bits a byte, lowest first."""
    if value < 128:
        return _SMALL[value]
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def sealed(data: bytes) -> bytes:
    """The data with its CRC-32, by which a reader sees that it is whole."""
    return data + crc32(data).to_bytes(4, "little")


def check_seal(data: bytes) -> None:
    """Raises ``ValueError`` for what ``sealed`` did not make."""
    if len(data) < CHECKSUM or crc32(data) != _WHOLE:
        raise ValueError("damaged or cut short")


def varint_at(data: bytes, at: int, end: int) -> tuple[int, int]:
    """The number of ``varint`` that begins at ``at``, and where it ends; raises ``ValueError`` where none does."""
    value = shift = 0
    for place in range(at, end):
        byte = data[place]
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place + 1
        shift += 7
    raise ValueError("cut short")


def front_code(words: Sequence[str]) -> bytes:
    """Sorted words, each as the length it shares with the one before, the length of the rest, the rest."""
    out = bytearray()
    before = b""
    for word in words:
        encoded = word.encode("utf-8", "replace")
        shared = _shared(encoded, before)
        out += varint(shared) + varint(len(encoded) - shared) + encoded[shared:]
        before = encoded
    return bytes(out)


def _shared(one: bytes, other: bytes) -> int:
    """How many bytes both begin with: as numbers they differ from the first other byte on."""
    size = min(len(one), len(other))
    differing = int.from_bytes(one[:size], "big") ^ int.from_bytes(other[:size], "big")
    return size - (differing.bit_length() + 7) // 8


def front_decode(data: bytes, count: int) -> list[str]:
    """Undo ``front_code``."""
    words = []
    before = b""
    at, end = 0, len(data)
    for _ in range(count):
        shared, at = varint_at(data, at, end)
        size, at = varint_at(data, at, end)
        before = before[:shared] + data[at : at + size]
        at += size
        words.append(before.decode("utf-8", "replace"))
    if at > end:
        raise ValueError("cut short")
    return words


class Reader:
    """Reads the bytes of a sealed file in order; raises ``ValueError`` when they are damaged."""

    def __init__(self, data: bytes) -> None:
        check_seal(data)
        self._data = data[:-CHECKSUM]
        self._at = 0

    def byte(self) -> int:
        """The next byte."""
        return self.take(1)[0]

    def varint(self) -> int:
        """The next number of ``varint``."""
        value, self._at = varint_at(self._data, self._at, len(self._data))
        return value

    def take(self, count: int) -> bytes:
        """The next bytes."""
        found = self._data[self._at : self._at + count]
        if len(found) != count:
            raise ValueError("cut short")
        self._at += count
        return found

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data) - self._at)
