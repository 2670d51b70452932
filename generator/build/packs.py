"""Bodies of items on disk: append-only pack files, each record checked by its digests. Effects: the cache folder.

A record is ``magic, six lengths, six digests`` and six sections, each read and checked apart: the HTML as
it is, the headings, the files of text for search, the postings, the texts that those files do not tell, and the
source's bytes. What every build reads lies before what few items are read for. A section whose digest does not
match is never believed: ``PackError`` makes ``pipeline`` build again from nothing.
"""

from __future__ import annotations

import hashlib
import os
import resource
import struct
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from xxhash import xxh3_128_digest

from generator.build.cache import SourceState
from generator.build.fs import FileSystem
from generator.model import Heading, ItemBody, TextBlock
from generator.search.passages import MOST, ItemPassages, Passage

_HEADER = struct.Struct("<4s6I" + 6 * "16s")
_SIZES = struct.Struct("<6I")
_MAGIC = b"MTP7"
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
    sizes: bytes = b""
    """Of its sections, where this very build has written it: a worker made the digests of these bytes moments ago, and
    nobody makes them again, nor reads the record's head for where they lie."""


class _Said(msgspec.Struct, frozen=True, array_like=True):
    blocks: tuple[TextBlock, ...] = ()
    attachment_texts: tuple[tuple[str, str], ...] = ()
    of_body: int | None = None
    """So many passages of the text files are the body's, the others its attachments'; all of them tell the rest too,
    where that is not written beside them."""


_encode = msgspec.msgpack.Encoder().encode
_headings = msgspec.msgpack.Decoder(tuple[Heading, ...])
_said = msgspec.msgpack.Decoder(_Said)
_text_files = msgspec.msgpack.Decoder(tuple[tuple[str, bytes], ...])
_passages = msgspec.json.Decoder(list[tuple[str, str]])


Record = tuple[bytes, ...]
"""The head of a record and its sections. They are never joined: that would take as long as a digest of them."""


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


def draft_body(body: ItemBody, cut: ItemPassages | None = None) -> BodyDraft:
    """The record of one body but for its postings and its source.

    Where it has text files, ``cut`` is what stands in them, and nearly always all that blocks and attachments say. It
    is not written twice then: what is read is the same but for white space, and for where a block or a text ends.
    """
    of_body = cut.of_body if cut else None
    told = cut is not None and len(cut.passages) < MOST
    said = _Said(of_body=of_body) if told else _Said(body.blocks, body.attachment_texts, of_body)
    sections = (
        _encoded(body.html),
        _encode(body.headings),
        _encode(body.text_files),
        _encode(said),
    )
    return BodyDraft(sections, tuple(map(_digest, sections)))


def _texts(
    section: bytes, files: Iterable[tuple[str, bytes]]
) -> tuple[tuple[TextBlock, ...], tuple[tuple[str, str], ...]]:
    """Blocks, and texts of attachments by name."""
    said = _said.decode(section)
    if said.of_body is None or said.blocks or said.attachment_texts:
        return said.blocks, said.attachment_texts
    passages = [one for _, data in files for one in _passages.decode(data)]
    blocks = tuple(TextBlock(anchor=anchor, text=text) for anchor, text in passages[: said.of_body])
    rest = "\n".join(text for _, text in passages[said.of_body :])
    return blocks, (("", rest),) if rest else ()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(section: bytes) -> str:
    return section.decode("utf-8", "surrogatepass")


def _digest_of_source(section: bytes) -> bytes:
    return hashlib.sha256(section).digest()[:_DIGEST_SIZE]


_digest = xxh3_128_digest
"""Tells what a disk has altered, at a fortieth of what SHA-256 takes; the folder is its owner's alone."""
_DIGESTS: tuple[Callable[[bytes], bytes], ...] = (*(_digest,) * _SOURCE, _digest_of_source)
"""Of each section; that of the source is at hand, as its key is made of it."""


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
        sizes = [*map(len, record)]
        ref = BodyRef(self._name, self._size, sum(sizes), _SIZES.pack(*sizes[1:]))
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
        """Sections of a record in their order, each checked, unless this build wrote it.

        They are read apart from the head: a call to the system costs less than to copy the other sections.
        """
        if ref.sizes:
            return self._cut(ref, _SIZES.unpack(ref.sizes), numbers)
        magic, *rest = _HEADER.unpack(self._read(ref, 0, _HEADER.size))
        sizes, digests = rest[:6], rest[6:]
        if magic != _MAGIC:
            raise PackError(f"{ref.pack} is not a pack of this version")
        found = self._cut(ref, sizes, numbers)
        if checked and any(
            _DIGESTS[number](one) != digests[number] for one, number in zip(found, numbers, strict=True)
        ):
            raise PackError(f"{ref.pack} is altered")
        return found

    def _cut(self, ref: BodyRef, sizes: Sequence[int], numbers: tuple[int, ...]) -> list[bytes]:
        """Sections of a record of which the sizes of all are known."""
        if _HEADER.size + sum(sizes) != ref.length:
            raise PackError(f"{ref.pack} is not a pack of this version")
        first, last = numbers[0], numbers[-1]
        data = self._read(ref, _HEADER.size + sum(sizes[:first]), sum(sizes[first : last + 1]))
        if first == last:
            return [data]
        edges = [*accumulate(sizes[first:], initial=0)]
        return [data[edges[number - first] : edges[number - first + 1]] for number in numbers]

    def body(self, ref: BodyRef) -> ItemBody:
        """The body; raises ``PackError``."""
        from generator.content.item import (
            source_parts,  # what reads items; else nothing that is asked of packs needs it
        )

        html, headings, files, postings, of_texts, source = self._sections(ref, tuple(range(6)))
        text_files = _text_files.decode(files)
        blocks, attachment_texts = _texts(of_texts, text_files)
        front, text = source_parts(source)
        return ItemBody(
            html=_decoded(html),
            headings=_headings.decode(headings),
            blocks=blocks,
            attachment_texts=attachment_texts,
            postings=postings,
            text_files=text_files,
            front_text=front,
            source_text=text,
        )

    def texts(self, ref: BodyRef) -> ItemBody:
        """What the body says, without files, postings and source; raises ``PackError``."""
        html, headings, files, of_texts = self._sections(ref, (_HTML, _HEADINGS, _TEXT_FILES, _SAID))
        blocks, attachment_texts = _texts(of_texts, _text_files.decode(files))
        return ItemBody(
            html=_decoded(html),
            headings=_headings.decode(headings),
            blocks=blocks,
            attachment_texts=attachment_texts,
        )

    def passages(self, ref: BodyRef) -> ItemPassages:
        """What search finds the item by; raises ``PackError``."""
        files, of_texts = self._sections(ref, (_TEXT_FILES, _SAID))
        passages = [Passage(*one) for _, data in _text_files.decode(files) for one in _passages.decode(data)]
        return ItemPassages(tuple(passages), _said.decode(of_texts).of_body or 0)

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

    def all_postings(self, refs: Sequence[BodyRef]) -> list[bytes]:
        """The postings of each of many items; raises ``PackError``."""
        if not all(ref.sizes for ref in refs):
            return [self.postings(ref) for ref in refs]
        sizes = np.frombuffer(b"".join([ref.sizes for ref in refs]), "<u4").reshape(-1, len(_DIGESTS)).astype(np.int64)
        if (sizes.sum(axis=1) + _HEADER.size).tolist() != [ref.length for ref in refs]:
            raise PackError("a record is not of this version")
        starts = sizes[:, :_POSTINGS].sum(axis=1) + _HEADER.size
        return [*map(self._read, refs, starts.tolist(), sizes[:, _POSTINGS].tolist())]

    def close(self) -> None:
        """Close every file."""
        for handle in self._handles.values():
            os.close(handle)
        self._handles.clear()

    def __enter__(self) -> PackReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
