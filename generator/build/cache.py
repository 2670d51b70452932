"""What a build remembers of the one before. Effects: the cache folder.

Rules. (1) A cached fact depends on one item, its bundle, the rules and the code, never on another item.
(2) A file counts as unread-unchanged only when size, mtime, ctime and inode are what they were *and* it was
older than the scan that saw it. (3) A cache of other code, of another machine, cut, altered or half-written is
not believed: ``load_memory`` gives ``None`` and the build is a cold one. (4) The head is written last and
names the digests of the parts, so parts of two builds are never mixed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sysconfig
from collections.abc import Iterator, Mapping, Set
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import msgspec

from generator.build.fs import FileSystem
from generator.build.parts import Part, digest_of_part, load_part
from generator.model import ItemFacts

Stat = tuple[int, int, int, int]
"""Size, mtime_ns, ctime_ns, inode."""


class SourceState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How one item's source looked when it was read, and where its body lies."""

    key: bytes
    """Of the item's bytes, its bundle's bytes, the rules and the code."""
    stat: Stat | None
    """``None``: too young when it was read to be believed unread."""
    bundle: tuple[tuple[str, Stat], ...]
    named: tuple[tuple[str, str], ...]
    """Name and SHA-256 of each file of the bundle that the item names."""
    body: tuple[str, int, int]


class OutputState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file of the tree: the ledger's entry. Of the few values of which a large cluster has many."""

    key: bytes
    size: int
    digest: bytes
    """SHA-256."""
    stamp: bytes
    """Of its stat; see ``outputs.stamp_of``."""
    source: str

    @property
    def sha256(self) -> str:
        """The digest as it is published."""
        return self.digest.hex()


HEAD = "head.json"
_PIECES = tuple(f"facts-{number:02x}" for number in range(64))
"""The parts that hold facts, an item in each by its folder: one item that changed costs a small part of them all.

A piece is written whole, so that nothing is left of what an item said before. Items that follow each other lie side
by side in it, and so in memory, once they are read: every stage goes through them in that order.
"""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What must agree before anything of a cache is believed."""

    code: str
    machine: str
    inputs: str = ""
    """Digest of configuration, theme and source states: equal inputs need no work. Empty after a leak,
    and where one of the files changed while the build was reading them."""
    leaked: bool = False
    """Files were deleted for what stood in them: what was made then is not all there."""
    decisions: str = ""
    """See ``configuration.decisions_digest``."""
    strays: str = ""
    """See ``unread.strays_digest``."""
    now: datetime | None = None
    next_change_at: datetime | None = None
    """From this moment on there is something else to write, or to say."""
    next_review: date | None = None
    """After this day there is more to say of the rules."""
    parse_key: str = ""
    """Digest of all that facts depend on beside items."""
    manifest: str = ""
    """SHA-256 of the manifest: binds the outcome to this head."""
    report: str = ""
    """SHA-256 of the report."""
    verdicts: str = ""
    """Digest of the verdicts on all items."""
    theme: str = ""
    """Digest of a theme that was found faultless."""
    sites: dict[str, str] = {}
    """Unit → fingerprint of its pages."""
    verified: dict[str, str] = {}
    """Signatures of clearance records that were found to hold; see ``clearance.signatures.verify_record``."""
    units: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    parts: dict[str, str] = {}


class Memory(msgspec.Struct, kw_only=True):
    """The remembered build; ``facts`` are decoded only when asked for."""

    head: Head
    sources: dict[str, SourceState]
    outputs: dict[str, OutputState]
    folder: Path

    @property
    def parse_key(self) -> bytes:
        """Digest of all that the facts depended on beside items."""
        return bytes.fromhex(self.head.parse_key)

    def facts(self) -> dict[str, ItemFacts] | None:
        """Facts by source path; ``None`` when any piece of them cannot be believed."""
        found: dict[str, ItemFacts] = {}
        for name in _PIECES:
            data = load_part(self.folder, name, self.head.parts)
            if data is None:
                return None
            try:
                found.update((facts.path, facts) for facts in _FACTS.decode(data))
            except msgspec.DecodeError:
                return None
        return found

    @property
    def has_facts(self) -> bool:
        """Whether facts were stored; whether they can be believed is seen when they are read."""
        return all(name in self.head.parts for name in _PIECES)


class Changed(NamedTuple):
    """Paths that came, went or are other than the memory has them; ``None``: all are written anew."""

    sources: Set[str] | None = None
    outputs: Set[str] | None = None
    facts: Set[str] | None = None


_SOURCES: Part[SourceState] = Part("sources", SourceState)
_OUTPUTS: Part[OutputState] = Part("outputs", OutputState)
_FACTS = msgspec.msgpack.Decoder(list[ItemFacts])
_encode = msgspec.msgpack.Encoder().encode


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Digest of this package and of the versions of the libraries installed beside it; found once a process."""
    digest = hashlib.blake2b(digest_size=16)
    package = str(Path(__file__).resolve().parent.parent)
    for path in sorted(_modules(package)):
        with open(path, "rb", buffering=0) as file:
            digest.update(path.removeprefix(package).encode() + b"\0" + file.read())
    libraries = sorted(name for name in os.listdir(sysconfig.get_path("purelib")) if name.endswith(".dist-info"))
    digest.update("\0".join([platform.python_version(), *libraries]).encode())
    return digest.hexdigest()


def _modules(package: str) -> Iterator[str]:
    for folder, _, files in os.walk(package):
        yield from (f"{folder}/{name}" for name in files if name.endswith(".py"))


def machine_digest(folder: Path) -> str:
    """Digest of this machine and this very cache folder: inodes and times mean nothing elsewhere."""
    stat = folder.stat()
    return hashlib.blake2b(f"{platform.node()}\0{stat.st_dev}\0{stat.st_ino}".encode(), digest_size=16).hexdigest()


def load_memory(folder: Path, code: str) -> Memory | None:
    """What the build before left, or ``None`` where it may not be believed."""
    try:
        head = _load_head(folder, code)
        if head is None or head.machine != machine_digest(folder):
            return None
        sources, outputs = _SOURCES.load(folder, head.parts), _OUTPUTS.load(folder, head.parts)
        if sources is None or outputs is None:
            return None
        return Memory(head=head, sources=sources, outputs=outputs, folder=folder)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def load_verified(folder: Path, code: str) -> Mapping[str, str]:
    """Signatures that the build before found to hold, whatever folder it was of; none where it may not be believed."""
    try:
        head = _load_head(folder, code)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return {} if head is None else head.verified


def _load_head(folder: Path, code: str) -> Head | None:
    data = unsealed((folder / HEAD).read_bytes())
    head = None if data is None else msgspec.json.decode(data, type=Head)
    return head if head is not None and head.code == code else None


def forget(fs: FileSystem, folder: Path) -> None:
    """Make sure that a build which does not end leaves no head to believe."""
    fs.remove(folder / HEAD)


def encode_memory(
    folder: Path,
    parts: Mapping[str, str],
    sources: Mapping[str, SourceState],
    outputs: Mapping[str, OutputState],
    facts: Mapping[str, ItemFacts],
    changed: Changed,
) -> dict[str, bytes]:
    """The parts of a memory that are to be written; ``changed`` is what is other than under the ``parts`` of a head."""
    return {
        **_SOURCES.files(folder, parts, sources, changed.sources),
        **_OUTPUTS.files(folder, parts, outputs, changed.outputs),
        **_pieces_of(facts, changed.facts),
    }


def save_memory(fs: FileSystem, folder: Path, head: Head, encoded: Mapping[str, bytes]) -> None:
    """Remember a finished build; the parts that are not ``encoded`` are those of the head."""
    parts = dict(head.parts)
    for name, data in encoded.items():
        digest = digest_of_part(data)
        if parts.get(name) != digest or not (folder / f"{name}.bin").exists():
            fs.write(folder / f"{name}.bin", data, mode=0o600)
        parts[name] = digest
    fs.write(folder / HEAD, *sealed(msgspec.json.encode(msgspec.structs.replace(head, parts=parts))), mode=0o600)


def _pieces_of(facts: Mapping[str, ItemFacts], changed: Set[str] | None) -> dict[str, bytes]:
    """The pieces to write."""
    wanted = range(len(_PIECES)) if changed is None else sorted(set(map(_piece, changed)))
    pieces: dict[int, list[ItemFacts]] = {number: [] for number in wanted}
    for path in [path for path in facts if _piece(path) in pieces] if pieces else ():
        pieces[_piece(path)].append(facts[path])
    return {_PIECES[number]: _encode(piece) for number, piece in pieces.items()}


def _piece(path: str) -> int:
    """Which part holds an item's facts: that of its unit and category."""
    folder = path[: path.find("/", path.find("/") + 1)]
    return crc32(folder.encode("utf-8", "surrogateescape")) % len(_PIECES)


def sealed(*data: bytes) -> tuple[bytes, ...]:
    """The pieces of data behind a digest of them, so that one flipped bit is seen: it could still be read as something.

    They are written one after the other: to join megabytes only for that would take longer than to write them.
    """
    return (f"{digest_of_part(*data)}\n".encode(), *data)


def unsealed(data: bytes) -> memoryview | None:
    """What was sealed, or ``None`` when it is not that any more."""
    start = data.find(b"\n") + 1
    rest = memoryview(data)[start:]  # of sixty megabytes no second copy
    return rest if data[: start - 1] == digest_of_part(rest).encode() else None
