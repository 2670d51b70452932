"""PNG images: bytes → what their metadata tell, the same image without it, and whether there is more in it. Pure."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from generator.clearance.inspect.exif import GPS, ORIENTATION, exif_tags, orientation_exif
from generator.clearance.inspect.found import Refused

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP mDCV cLLI acTL fcTL fdAT".split())
_FRAMES = frozenset({b"fcTL", b"fdAT"})
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of an interlaced picture: first column and row of each pass, and its steps."""
_STEP = 1 << 20


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(data):
        header = data[at : at + 8]
        if len(header) < 8:
            raise Refused("attachment-unreadable")
        length, kind = struct.unpack(">I4s", header)
        chunk = data[at : at + 12 + length]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise Refused("attachment-unreadable")
        yield kind, chunk
        at += len(chunk)
        if kind == b"IEND":
            if data[at:].strip(b"\x00"):
                raise Refused("attachment-trailing-data")
            return
    raise Refused("attachment-unreadable")


def png_removed(data: bytes) -> tuple[set[str], tuple[int, int]]:
    """What is left out of the image, and its size."""
    removed: set[str] = set()
    size = (0, 0)
    for kind, chunk, kept in _kept(data):
        if kind == b"IHDR" and len(chunk) == 25:
            size = struct.unpack(">II", chunk[8:16])
        elif kept != chunk:
            if kind == b"eXIf":
                removed |= {"exif", "gps"} if GPS in exif_tags(chunk[8:-4]) else {"exif"}
            else:
                removed.add("xmp" if b"XML:com.adobe.xmp" in chunk[:64] else "comment")
    return removed, size


def _kept(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Each chunk, and what of it the picture needs; frames are none of it where no list announces them."""
    animated = False
    for kind, chunk in _chunks(data):
        animated = animated or kind == b"acTL"
        if kind in _KEPT and (animated or kind not in _FRAMES):
            yield kind, chunk, chunk
        else:
            yield kind, chunk, _oriented(kind, chunk)


def png_parts(data: bytes) -> Iterator[bytes]:
    """The image without its metadata, in pieces."""
    yield _SIGNATURE
    for _, _, kept in _kept(data):
        yield kept


def check_png(data: bytes) -> None:
    """Raise ``Refused`` where there is more in the packed data than the picture, or behind them."""
    unpacker, left = zlib.decompressobj(), 0
    for kind, chunk in _chunks(data):
        if kind == b"IHDR":
            left = _length(chunk)
        if kind != b"IDAT":
            continue
        packed = chunk[8:-4]
        while packed and not unpacker.eof and left >= 0:
            try:
                left -= len(unpacker.decompress(packed, _STEP))
            except zlib.error:
                raise Refused("attachment-unreadable") from None
            packed = unpacker.unconsumed_tail
        if packed or unpacker.unused_data or left < 0:
            raise Refused("attachment-trailing-data")


def _length(header: bytes) -> int:
    """How long the unpacked data of a picture are."""
    width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", header[8:21])
    bits = depth * _CHANNELS.get(color, 4)
    length = 0
    for column, row, across, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = (width - column + across - 1) // across, (height - row + down - 1) // down
        length += rows * (1 + (columns * bits + 7) // 8) if columns > 0 and rows > 0 else 0
    return length


def _oriented(kind: bytes, chunk: bytes) -> bytes:
    turned = exif_tags(chunk[8:-4]).get(ORIENTATION, 1) if kind == b"eXIf" else 1
    if not 2 <= turned <= 8:
        return b""
    body = b"eXIf" + orientation_exif(turned)
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
