"""Bodies of items on disk: append-only pack files, each record checked by its digests. Effects: the cache folder.

A record is ``magic, six lengths, six digests`` and six sections, each read and checked apart: the HTML as
it is, the headings, the files of text for search, the postings, the other texts, and the source's bytes. What
every build reads lies before what few items are read for. A section whose digest does not match is never
believed: ``PackError`` makes ``pipeline`` build again from nothing.
"""

from __future__ import annotations

import hashlib
import os
import resource
import struct
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.build.cache import SourceState
from generator.build.fs import FileSystem
from generator.model import Heading, ItemBody, TextBlock

_HEADER = struct.Struct("<4s6I" + 6 * "16s")
_MAGIC = b"MTP6"
_DIGEST_SIZE = 16
_MOST_OPEN = 1 << 16
_SHARE = 4
"""Of the files that a process may have open; there are others, and other readers."""
_HTML, _HEADINGS, _TEXT_FILES, _POSTINGS, _SAID, _SOURCE = range(6)


class PackError(Exception):
    """A record is missing, cut or altered; never leaves ``build``, but where the disk loses what was just written."""


class BodyRef(NamedTuple):
    """Where the body of an item lies."""

    pack: str
    offset: int
    length: int
    fresh: bool = False
    """Written by this very build: a worker made the digests of these bytes moments ago, and nobody makes them again."""


class _Said(msgspec.Struct, frozen=True, array_like=True):
    blocks: tuple[TextBlock, ...]
    attachment_texts: tuple[tuple[str, str], ...]


_encode = msgspec.msgpack.Encoder().encode
_headings = msgspec.msgpack.Decoder(tuple[Heading, ...])
_said = msgspec.msgpack.Decoder(_Said)
_text_files = msgspec.msgpack.Decoder(tuple[tuple[str, bytes], ...])


Record = tuple[bytes, ...]
"""The parts of a record. They are never joined: that would take as long as a digest of them."""


class Source(NamedTuple):
    """The bytes of an item's file as they were read; none where it could not be read."""

    data: bytes
    digest: bytes
    """SHA-256."""


def source_of(data: bytes) -> Source:
    """These bytes, digested once for all that asks for it."""
    return Source(data, hashlib.sha256(data).digest())


class BodyDraft(NamedTuple):
    """The record of one body but for its postings and its source."""

    sections: tuple[bytes, ...]
    digests: tuple[bytes, ...]

    @property
    def shown_digest(self) -> bytes:
        """What is other whenever a page shows something else of the body, its HTML or its headings."""
        return self.digests[_HTML] + self.digests[_HEADINGS]

    def record(self, postings: bytes, source: Source) -> Record:
        """The record."""
        sections = (*self.sections[:_POSTINGS], postings, *self.sections[_POSTINGS:], source.data)
        own, of_source = self.digests, source.digest[:_DIGEST_SIZE]
        digests = (*own[:_POSTINGS], _digest(postings), *own[_POSTINGS:], of_source)
        return _HEADER.pack(_MAGIC, *map(len, sections), *digests), *sections


def draft_body(body: ItemBody) -> BodyDraft:
    """The record of one body but for its postings and its source."""
    sections = (
        _encoded(body.html),
        _encode(body.headings),
        _encode(body.text_files),
        _encode(_Said(body.blocks, body.attachment_texts)),
    )
    return BodyDraft(sections, tuple(map(_digest, sections)))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(section: bytes) -> str:
    return section.decode("utf-8", "surrogatepass")


def _digest(section: bytes) -> bytes:
    return hashlib.sha256(section).digest()[:_DIGEST_SIZE]


def reference(state: SourceState) -> BodyRef:
    """Where the body lies."""
    return BodyRef(*state.body)


class PackWriter:
    """Collects records for one pack file, which appears whole or not at all."""

    def __init__(self, fs: FileSystem, folder: Path, name: str) -> None:
        self._fs = fs
        self._path = folder / name
        self._name = name
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, record: Record) -> BodyRef:
        """Take one record; gives the place where it will lie."""
        ref = BodyRef(self._name, self._size, sum(map(len, record)))
        self._parts += record
        self._size += ref.length
        return ref

    def close(self) -> None:
        """Write the pack, if it holds anything, for its owner only."""
        if self._parts:
            self._fs.write(self._path, *self._parts, mode=0o600)
            self._parts.clear()


def _most_open() -> int:
    """How many packs a reader keeps open: a large cluster has more of them than a process may have files."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_OPEN if allowed == resource.RLIM_INFINITY else max(1, min(_MOST_OPEN, allowed // _SHARE))


class PackReader:
    """Reads records; keeps files open, so that a chunk of items costs few system calls."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handles: dict[str, int] = {}
        self._most = _most_open()

    def _read(self, ref: BodyRef, start: int, length: int) -> bytes:
        """A part of a record."""
        handle = self._handles.get(ref.pack)
        try:
            if handle is None:
                handle = self._open(ref.pack)
            data = os.pread(handle, length, ref.offset + start)
        except OSError as error:
            raise PackError(str(error)) from error
        if len(data) != length:
            raise PackError(f"{ref.pack} is cut")
        return data

    def _open(self, pack: str) -> int:
        if len(self._handles) >= self._most:
            os.close(self._handles.pop(next(iter(self._handles))))
        handle = self._handles[pack] = os.open(self._folder / pack, os.O_RDONLY)
        return handle

    def _section(self, ref: BodyRef, number: int) -> bytes:
        return self._sections(ref, (number,))[0]

    def _sections(self, ref: BodyRef, numbers: tuple[int, ...], *, checked: bool = True) -> list[bytes]:
        """Sections of a record in their order, each checked, unless it is fresh.

        They are read apart from the head: a call to the system costs less than to copy the other sections.
        """
        magic, *rest = _HEADER.unpack(self._read(ref, 0, _HEADER.size))
        sizes, digests = rest[:6], rest[6:]
        if magic != _MAGIC or _HEADER.size + sum(sizes) != ref.length:
            raise PackError(f"{ref.pack} is not a pack of this version")
        first, last = numbers[0], numbers[-1]
        data = self._read(ref, _HEADER.size + sum(sizes[:first]), sum(sizes[first : last + 1]))
        found = [data]
        if first != last:
            edges = [*accumulate(sizes[first:], initial=0)]
            found = [data[edges[number - first] : edges[number - first + 1]] for number in numbers]
        if (
            checked
            and not ref.fresh
            and any(_digest(one) != digests[number] for one, number in zip(found, numbers, strict=True))
        ):
            raise PackError(f"{ref.pack} is altered")
        return found

    def body(self, ref: BodyRef) -> ItemBody:
        """The body; raises ``PackError``."""
        from generator.content.item import (
            source_parts,  # what reads items; else nothing that is asked of packs needs it
        )

        html, headings, files, postings, of_texts, source = self._sections(ref, tuple(range(6)))
        said = _said.decode(of_texts)
        front, text = source_parts(source)
        return ItemBody(
            html=_decoded(html),
            headings=_headings.decode(headings),
            blocks=said.blocks,
            attachment_texts=said.attachment_texts,
            postings=postings,
            text_files=_text_files.decode(files),
            front_text=front,
            source_text=text,
        )

    def texts(self, ref: BodyRef) -> ItemBody:
        """What the body says, without files, postings and source; raises ``PackError``."""
        html, headings, of_texts = self._sections(ref, (_HTML, _HEADINGS, _SAID))
        said = _said.decode(of_texts)
        return ItemBody(
            html=_decoded(html),
            headings=_headings.decode(headings),
            blocks=said.blocks,
            attachment_texts=said.attachment_texts,
        )

    def headings(self, ref: BodyRef) -> tuple[Heading, ...]:
        """The headings alone; raises ``PackError``."""
        return _headings.decode(self._section(ref, _HEADINGS))

    def shown(self, ref: BodyRef) -> ItemBody:
        """What rendering needs of the body, and nothing else; raises ``PackError``."""
        html, headings = self._sections(ref, (_HTML, _HEADINGS))
        return ItemBody(html=_decoded(html), headings=_headings.decode(headings), blocks=())

    def html(self, ref: BodyRef) -> bytes:
        """The HTML as it lies here; raises ``PackError``.

        It is only compared with what was written to the tree, where other bytes would be seen.
        """
        return self._sections(ref, (_HTML,), checked=False)[0]

    def text_files(self, ref: BodyRef, *, checked: bool = True) -> tuple[tuple[str, bytes], ...]:
        """Path and bytes of each file of text for search; raises ``PackError``.

        They need no check where they are only compared with what was written to the tree.
        """
        try:
            return _text_files.decode(self._sections(ref, (_TEXT_FILES,), checked=checked)[0])
        except msgspec.MsgspecError as error:
            raise PackError(f"{ref.pack} is altered") from error

    def postings(self, ref: BodyRef) -> bytes:
        """The item's postings; raises ``PackError``."""
        return self._section(ref, _POSTINGS)

    def close(self) -> None:
        """Close every file."""
        for handle in self._handles.values():
            os.close(handle)
        self._handles.clear()

    def __enter__(self) -> PackReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
