"""Raster images: bytes → what their metadata tell; and the same image without it. Pure.

Pixels are never encoded anew: the file's own segments are copied, those that only
describe (EXIF with GPS, XMP, IPTC, comments, thumbnails) are left out. An EXIF
orientation is kept, since without it the picture would be shown turned.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from generator.clearance.inspect.exif import GPS, ORIENTATION, exif_tags, orientation_exif
from generator.clearance.inspect.found import Contents, Limits, Refused
from generator.clearance.inspect.png import check_png, png_parts, png_removed

_WEBP_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_GIF_SHOWN = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""Extensions that say how the picture is shown: how often it repeats, in which colours."""
_JFIF_LENGTH = 18
"""Of a JFIF segment without a picture of its own."""
_ADOBE_LENGTH = 16
_JPEG_PICTURE = frozenset(range(0xC0, 0xD0)) - {0xC8} | {0xDB}
"""Markers of segments without which there is no picture: frames and tables."""
_JPEG_LENGTHS = {0xDC: 6, 0xDD: 6}
"""Of a number of lines, and of an interval between marks in a scan."""
_JPEG_CONDITIONING = 68
"""Of all tables that a picture packed by arithmetic may have."""
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)


def inspect_image(kind: str, data: bytes, contents: Contents, limits: Limits) -> None:
    """Size and metadata of one image, and what hangs on behind its end."""
    removed, size = _REMOVED[kind](data)
    contents.removable |= removed
    contents.width, contents.height = size
    if size[0] * size[1] > limits.pixels:
        raise Refused("attachment-refused-pixels")
    if size[0] * size[1] == 0:
        raise Refused("attachment-unreadable")
    if kind == "png":
        check_png(data)


def stripped_image(kind: str, data: bytes) -> bytes:
    """The image without its metadata; equal to ``data`` where there is none to remove."""
    return b"".join(_PARTS[kind](data))


# --- JPEG ----------------------------------------------------------------------------


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment; scans and the end of the image are marker 0, what follows it is marker 1."""
    at, scanned = 2, False
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if data[at : at + 2] == b"\xff\xd9" and scanned:
            yield 0, data[at : at + 2]
            yield 1, data[at + 2 :]
            return
        if at + 4 > len(data) or data[at] != 0xFF:
            raise Refused("attachment-unreadable")
        marker = data[at + 1]
        if marker == 0xDA:
            end = _scan_end(data, at)
            yield 0, data[at:end]
            at, scanned = end, True
            continue
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        yield marker, data[at : at + 2 + length]
        at += 2 + length


def _scan_end(data: bytes, at: int) -> int:
    """Where the entropy-coded data behind a start of scan end: at the next marker that is none of theirs."""
    if at + 4 > len(data):
        raise Refused("attachment-unreadable")
    length = int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    if length < 6 or length != 6 + 2 * data[at + 4]:
        raise Refused("attachment-unreadable")
    at += 2 + length
    found = _MARKER.search(data, at)
    if found is None:
        raise Refused("attachment-unreadable")
    return found.start()


def _is_jpeg_metadata(marker: int, segment: bytes) -> bool:
    if marker == 0:
        return False
    if marker == 0xE0:  # which may hold a small picture of what the large one no longer shows
        return not (segment[4:9] == b"JFIF\x00" and len(segment) == _JFIF_LENGTH)
    if marker == 0xEE:
        return not (segment[4:9] == b"Adobe" and len(segment) == _ADOBE_LENGTH)
    if marker == 0xE2:
        return not segment[4:].startswith(b"ICC_PROFILE\x00")
    if marker == 0xC4 or marker == 0xDB:
        _check_tables(marker, segment[4:])
    if marker in _JPEG_LENGTHS:
        return len(segment) != _JPEG_LENGTHS[marker]
    if marker == 0xCC:
        return len(segment) > _JPEG_CONDITIONING
    return marker not in _JPEG_PICTURE


def _check_tables(marker: int, tables: bytes) -> None:
    """Raise ``Refused`` where tables for decoding are longer or shorter than what stands in them."""
    at = 0
    while at < len(tables):
        wide = marker == 0xDB and tables[at] >> 4
        at += 17 + sum(tables[at + 1 : at + 17]) if marker == 0xC4 else 129 if wide else 65
    if at != len(tables):
        raise Refused("attachment-unreadable")


def _jpeg_removed(data: bytes) -> tuple[set[str], tuple[int, int]]:
    removed: set[str] = set()
    size = (0, 0)
    for marker, segment in _jpeg_segments(data):
        if marker == 1:
            tail = segment.strip(b"\x00\r\n ")
            if tail.startswith(b"\xff\xd8\xff"):
                removed.add("thumbnail")
            elif tail:
                raise Refused("attachment-trailing-data")
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            if len(segment) < 10 or len(segment) != 10 + 3 * segment[9]:
                raise Refused("attachment-unreadable")
            height, width = struct.unpack(">HH", segment[5:9])
            size = (width, height)
        elif _is_jpeg_metadata(marker, segment) and segment != _kept_of(marker, segment):
            removed |= {"thumbnail"} if marker == 0xE0 else _name_metadata(segment[4:])
    return removed, size


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    for marker, segment in _jpeg_segments(data):
        if marker == 0:
            yield segment
        elif marker == 1:
            return
        elif not _is_jpeg_metadata(marker, segment):
            yield segment
        else:
            yield _kept_of(marker, segment)


def _kept_of(marker: int, segment: bytes) -> bytes:
    """What of a segment of metadata the picture needs: how it lies, and how large its points are."""
    if marker == 0xE0 and segment[4:9] == b"JFIF\x00" and len(segment) > _JFIF_LENGTH:
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\x00\x00"
    if marker == 0xEE and segment[4:9] == b"Adobe" and len(segment) > _ADOBE_LENGTH:
        return b"\xff\xee\x00\x0e" + segment[4:_ADOBE_LENGTH]
    return _orientation_segment(segment) if marker == 0xE1 else b""


def _orientation_segment(segment: bytes) -> bytes:
    """An EXIF segment that holds the orientation alone; nothing when the image lies as it should."""
    body = segment[4:]
    if not body.startswith(b"Exif\x00\x00"):
        return b""
    turned = exif_tags(body[6:]).get(ORIENTATION, 1)
    if not 2 <= turned <= 8:
        return b""
    exif = b"Exif\x00\x00" + orientation_exif(turned)
    return b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif


def _name_metadata(body: bytes) -> set[str]:
    if body.startswith(b"Exif\x00\x00"):
        return {"exif", "gps"} if GPS in exif_tags(body[6:]) else {"exif"}
    if body.startswith(b"http://ns.adobe.com/"):
        return {"xmp", "gps"} if b"GPSLatitude" in body else {"xmp"}
    return {"iptc"} if body.startswith(b"Photoshop 3.0") else {"comment"}


# --- WebP ----------------------------------------------------------------------------


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if len(data) < 20:
        raise Refused("attachment-unreadable")
    (length,) = struct.unpack("<I", data[4:8])
    end = 8 + length
    if end > len(data):
        raise Refused("attachment-unreadable")
    if data[end:].strip(b"\x00"):
        raise Refused("attachment-trailing-data")
    at = 12
    while at + 8 <= end:
        kind, size = struct.unpack("<4sI", data[at : at + 8])
        chunk = data[at : at + 8 + size + size % 2]
        if len(chunk) < 8 + size:
            raise Refused("attachment-unreadable")
        yield kind, chunk
        at += len(chunk)


def _webp_removed(data: bytes) -> tuple[set[str], tuple[int, int]]:
    removed: set[str] = set()
    size = (0, 0)
    for kind, chunk in _webp_chunks(data):
        body = chunk[8:]
        if kind == b"EXIF":
            tags = exif_tags(body.removeprefix(b"Exif\x00\x00"))
            removed |= {"exif", "gps"} if GPS in tags else {"exif"}
        elif kind == b"XMP ":
            removed.add("xmp")
        elif kind not in _WEBP_KEPT:
            removed.add("comment")
        elif kind == b"VP8X" and len(body) >= 10:
            size = (int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1)
        elif kind == b"VP8 " and not size[0] and len(body) >= 10:
            width, height = struct.unpack("<HH", body[6:10])
            size = (width & 0x3FFF, height & 0x3FFF)
        elif kind == b"VP8L" and not size[0] and len(body) >= 5:
            bits = int.from_bytes(body[1:5], "little")
            size = ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    return removed, size


def _webp_parts(data: bytes) -> Iterator[bytes]:
    kept: list[bytes] = []
    for kind, chunk in _webp_chunks(data):
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if kind in _WEBP_KEPT:
            kept.append(chunk)
    yield b"RIFF" + struct.pack("<I", 4 + sum(map(len, kept))) + b"WEBP"
    yield from kept


# --- GIF -----------------------------------------------------------------------------


def _gif_blocks(data: bytes) -> Iterator[tuple[str, bytes]]:
    if len(data) < 14:
        raise Refused("attachment-unreadable")
    at = 13 + (3 * (2 << (data[10] & 7)) if data[10] & 0x80 else 0)
    yield "head", data[:at]
    while at < len(data):
        start = at
        mark = data[at]
        if mark == 0x3B:
            yield "end", data[at : at + 1]
            if data[at + 1 :].strip(b"\x00"):
                raise Refused("attachment-trailing-data")
            return
        if mark == 0x21:
            label = data[at + 1 : at + 2]
            at = _gif_skip(data, at + 2)
            yield _gif_extension(label, data[start + 3 : start + 14]), data[start:at]
        elif mark == 0x2C and at + 10 < len(data):
            packed = data[at + 9]
            at = _gif_skip(data, at + 11 + (3 * (2 << (packed & 7)) if packed & 0x80 else 0))
            yield "kept", data[start:at]
        else:
            raise Refused("attachment-unreadable")
    raise Refused("attachment-unreadable")


def _gif_extension(label: bytes, program: bytes) -> str:
    if label == b"\xff" and program == b"XMP DataXMP":
        return "xmp"
    return "kept" if label == b"\xf9" or (label == b"\xff" and program in _GIF_SHOWN) else "comment"


def _gif_skip(data: bytes, at: int) -> int:
    while at < len(data):
        length = data[at]
        at += length + 1
        if not length:
            return at
    raise Refused("attachment-unreadable")


def _gif_removed(data: bytes) -> tuple[set[str], tuple[int, int]]:
    removed = {kind for kind, _ in _gif_blocks(data) if kind in {"comment", "xmp"}}
    return removed, struct.unpack("<HH", data[6:10])


def _gif_parts(data: bytes) -> Iterator[bytes]:
    for kind, block in _gif_blocks(data):
        if kind not in {"comment", "xmp"}:
            yield block


_REMOVED = {
    "jpg": _jpeg_removed,
    "jpeg": _jpeg_removed,
    "png": png_removed,
    "gif": _gif_removed,
    "webp": _webp_removed,
}
_PARTS = {"jpg": _jpeg_parts, "jpeg": _jpeg_parts, "png": png_parts, "gif": _gif_parts, "webp": _webp_parts}
