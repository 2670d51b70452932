"""EXIF blocks of images, whatever file they stand in: bytes → tags. Pure."""

from __future__ import annotations

import struct

ORIENTATION = 0x0112
GPS = 0x8825


def orientation_exif(turned: int) -> bytes:
    """An EXIF block that says how the picture lies, and nothing else."""
    return b"MM\x00*\x00\x00\x00\x08\x00\x01" + struct.pack(">HHIHH", ORIENTATION, 3, 1, turned, 0) + b"\x00" * 4


def exif_tags(tiff: bytes) -> dict[int, int]:
    """The tags of the first directory of an EXIF block, each with its value as a short; broken ones have none."""
    order = {b"MM": ">", b"II": "<"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return {}
    tags: dict[int, int] = {}
    (at,) = struct.unpack(order + "I", tiff[4:8])
    if at + 2 > len(tiff):
        return {}
    (count,) = struct.unpack(order + "H", tiff[at : at + 2])
    for number in range(min(count, 256)):
        entry = tiff[at + 2 + 12 * number : at + 14 + 12 * number]
        if len(entry) == 12:
            tag, _, _, value = struct.unpack(order + "HHIH", entry[:10])
            tags[tag] = value
    return tags
