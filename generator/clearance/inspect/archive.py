"""ZIP archives, bounded: file → members that may be read. Effects: reads the given file.

Names that leave their folder, links, duplicates, overlapping or encrypted members
and disguised sizes are refused before anything is unpacked: two programs may read
such an archive differently.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from generator.clearance.inspect.found import Allowance, Budget, Refused

_END = b"PK\x05\x06"
_END_LENGTH = 22
_ENTRY_LENGTH = 46 + 512
_LOCAL_LENGTH = 30
_UTF8 = 0x800
_ENCRYPTED = 0x1
_DESCRIBED = 0x8
_NO_DESCRIPTION = frozenset({0})
_DESCRIPTIONS = frozenset({0, 12, 16, 20, 24})
"""Lengths of what may follow a member whose header did not know its size."""
_USUAL_EXTRAS = frozenset({0x0001, 0x000A, 0x5455, 0x5855, 0x7875, 0xA220, 0xCAFE, 0xD935})
"""Large sizes, times, owners, room for alignment."""


class Archive:
    """An opened archive whose directory is sound."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self.file = file
        self._budget = budget
        self.limits = budget.limits
        _check_directory(file, budget)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError):
            raise Refused("attachment-unreadable") from None
        self.members = tuple(self._zip.infolist())
        budget.enter(len(self.members))
        self.has_remnants = False
        """Whether there is more in the file than its members: comments, deleted members, fields that nobody knows."""
        self.names = {_name(member): member for member in self.members if not member.is_dir()}
        self._check_members()

    def allowance(self) -> Allowance:
        """What may be read of it as one document."""
        return Allowance(self._budget)

    def _check_members(self) -> None:
        seen: set[str] = set()
        spans: list[tuple[int, int]] = []
        for number, member in enumerate(self.members, start=1):
            place = f">{number}"
            folded = _name(member).casefold()
            filled = member.is_dir() and member.file_size > 0
            if folded in seen or filled or not _is_safe(_name(member)) or _is_link(member):
                raise Refused("attachment-refused-member", place)
            seen.add(folded)
            if member.flag_bits & _ENCRYPTED:
                raise Refused("attachment-encrypted", place)
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Refused("attachment-unreadable", place)
            limits = self.limits
            swollen = member.file_size > 1 << 20 and member.file_size > limits.ratio * max(member.compress_size, 1)
            if swollen or member.file_size > limits.member:
                raise Refused("attachment-refused-bomb", place)
            self._budget.spend(member.file_size, place)
            spans.append((member.header_offset, member.header_offset + _LOCAL_LENGTH + member.compress_size))
        spans.sort()
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            raise Refused("attachment-refused-bomb")
        if spans and spans[0][0] != 0:
            raise Refused("attachment-trailing-data")
        self.has_remnants = any(member.comment for member in self.members) or self._has_gaps()

    def _has_gaps(self) -> bool:
        """Whether anything stands between members, or in their headers, that programs do not write there."""
        members = sorted(self.members, key=lambda one: one.header_offset)
        ends = [*(one.header_offset for one in members[1:]), self._zip.start_dir]
        for member, end in zip(members, ends, strict=False):
            self.file.seek(member.header_offset)
            header = self.file.read(_LOCAL_LENGTH)
            if len(header) != _LOCAL_LENGTH:
                return True
            name_length, extra_length = struct.unpack("<HH", header[26:30])
            self.file.seek(name_length, 1)
            extras = (member.extra, self.file.read(extra_length))
            gap = end - member.header_offset - _LOCAL_LENGTH - name_length - extra_length - member.compress_size
            described = _DESCRIPTIONS if member.flag_bits & _DESCRIBED else _NO_DESCRIPTION
            if gap not in described or not all(map(_is_usual, extras)):
                return True
        return False

    def read(self, name: str) -> bytes:
        """A member's bytes; raises ``Refused`` when they are not what the directory says."""
        member = self.names[name]
        try:
            with self._zip.open(member) as stream:
                data = stream.read(member.file_size + 1)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, zlib.error, NotImplementedError):
            raise Refused("attachment-unreadable") from None
        if len(data) != member.file_size:
            raise Refused("attachment-refused-bomb")
        return data

    def raw(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """A member's packed bytes as they stand in the file."""
        self.file.seek(member.header_offset)
        header = self.file.read(_LOCAL_LENGTH)
        if len(header) != _LOCAL_LENGTH or header[:4] != b"PK\x03\x04":
            raise Refused("attachment-unreadable")
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        self.file.seek(name_length + extra_length, 1)
        left = member.compress_size
        while left:
            block = self.file.read(min(left, 1 << 20))
            if not block:
                raise Refused("attachment-unreadable")
            left -= len(block)
            yield block


def _check_directory(file: BinaryIO, budget: Budget) -> None:
    """Bound the directory before it is parsed, whatever it says of itself."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - _END_LENGTH - 0xFFFF))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        raise Refused("attachment-unreadable")
    directory, _, comment = struct.unpack("<IIH", tail[at + 12 : at + _END_LENGTH])
    if comment or len(tail) - at > _END_LENGTH:
        raise Refused("attachment-trailing-data")
    if directory > budget.limits.members * _ENTRY_LENGTH:
        raise Refused("attachment-refused-bomb")
    file.seek(0)


def _name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def member_name(member: zipfile.ZipInfo) -> str:
    """The name as people see it: archives made in China name their members in GBK without saying so."""
    return _name(member)


def _is_safe(name: str) -> bool:
    parts = name.rstrip("/").split("/")
    return (
        "\\" not in name
        and ":" not in name
        and "\x00" not in name
        and all(part not in {"", ".", ".."} and part.isprintable() for part in parts)
    )


def _is_usual(extra: bytes) -> bool:
    """Whether the fields of a header are those that programs write."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack("<HH", extra[at : at + 4])
        at += 4 + length
        if kind not in _USUAL_EXTRAS:
            return False
    return at >= len(extra)


def _is_link(member: zipfile.ZipInfo) -> bool:
    mode = member.external_attr >> 16
    return mode != 0 and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
