"""An archive written anew with some members replaced or left out. Effects: writes to the given stream.

Kept members are copied packed as they are and replaced ones stored unpacked, so
the result depends on no compressor; times, attributes and extra fields, which
tell of the machine, are blank.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import BinaryIO

from generator.clearance.inspect.archive import Archive, member_name

_UTF8 = 0x800
_DAY = 0x21  # 1980-01-01, the first day that ZIP knows


def rewrite(archive: Archive, out: BinaryIO, replaced: Mapping[str, bytes | None]) -> None:
    """Write ``archive`` to ``out``; ``replaced`` gives new bytes by name, or ``None`` to leave a member out."""
    directory: list[bytes] = []
    offset = 0
    for member in archive.members:
        name = member_name(member)
        if name in replaced and replaced[name] is None:
            continue
        encoded = name.encode("utf-8")
        data = replaced.get(name)
        if data is not None:
            method, crc, packed, size = 0, zlib.crc32(data), len(data), len(data)
        else:
            method, crc, packed, size = member.compress_type, member.CRC, member.compress_size, member.file_size
        common = struct.pack("<HHHHHIIIHH", 20, _UTF8, method, 0, _DAY, crc, packed, size, len(encoded), 0)
        out.write(b"PK\x03\x04" + common + encoded)
        if data is not None:
            out.write(data)
        else:
            for block in archive.raw(member):
                out.write(block)
        directory.append(
            b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, offset) + encoded
        )
        offset += 4 + len(common) + len(encoded) + packed
    entries = b"".join(directory)
    out.write(entries)
    out.write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(directory), len(directory), len(entries), offset, 0))
