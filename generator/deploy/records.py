"""What a release says of itself: the public signed manifest, and the record kept beside it. Pure.

``release.json`` is public and signed: every file that is served, with its compressed siblings,
by digest. ``record.json`` is for those who answer for the releases: it stands outside what the
web server serves, and names only items that are live in that release, so that destroying the
release destroys the last mention of what it held. ``SHA256SUMS`` lists every file of the
release's folder, so that the far side can check itself with the tools that it has.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from generator import __version__
from generator.errors import UsageError

RELEASE_NAME = "release.json"
SIGNATURE_NAME = "release.json.sig"
RECORD_NAME = "record.json"
SUMS_NAME = "SHA256SUMS"
PUBLIC = "public/"
GONE = "gone/"
SERVER = "server/"
REDIRECTS_NAME = SERVER + "redirects.map"
ADDRESSES_NAME = SERVER + "addresses.map"

_ID = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")

Commit = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{0,64}\+?\Z")]
"""As a build's report has it. Git is asked for it: in a record that a stranger wrote it might be an option."""


class ReleasedFile(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """One public file: digests are SHA-256 in hexadecimal, ``br`` and ``gz`` of the compressed siblings."""

    path: str
    size: int
    sha256: str
    br: str = ""
    gz: str = ""
    gone: bool = False
    """A tombstone: served with status 410."""
    moved: str = ""
    """A former address: a web server that knows redirects answers 301 to this URL, others serve the page."""


class ReleaseManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The public statement of what a release serves."""

    format: int = 1
    release: str
    released_at: datetime
    generator: str = __version__
    manifest_sha256: str
    """Of the build's ``manifest.json``."""
    hosts: dict[str, str] = {}
    """Base URL of each host, and the folder of the tree that is its root."""
    tables: dict[str, str] = {}
    """SHA-256 of what the web server reads beside the files, by its path in the release's folder."""
    files: tuple[ReleasedFile, ...]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much a release holds, and how it differs from the one before."""

    items: int = 0
    files: int = 0
    size: int = 0
    added: int = 0
    changed: int = 0
    deleted: int = 0


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known of a release to follow it, to roll back to it and to destroy it."""

    release: str
    at: datetime
    by: str
    commit: Commit
    now: datetime
    """As of when the tree was built."""
    next_change_at: datetime | None
    manifest_sha256: str
    items: dict[str, tuple[str, ...]]
    """Live items and the files of the tree that each owns."""
    commits: dict[str, Commit] = {}
    """Units that were held back at an earlier commit (``--hold``)."""
    carried: dict[str, datetime] = {}
    """Hashed files of earlier releases that are still served, and when they left the tree."""
    rolled_back_to: str = ""
    signer: str = ""
    """Fingerprint of the key that signed it; empty where none did."""
    terms: str = ""
    """Digest of what cleared all that it holds beside records: negative list, signers, what units ask for."""
    counts: Counts = Counts()


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What stays of a release when it is gone: nothing that names an item."""

    release: str
    at: datetime
    by: str
    commit: Commit
    commits: dict[str, Commit] = {}
    rolled_back_to: str = ""
    counts: Counts


def history_entry(record: Record) -> HistoryEntry:
    """The line that a release leaves in the history."""
    return HistoryEntry(
        release=record.release,
        at=record.at,
        by=record.by,
        commit=record.commit,
        commits=record.commits,
        rolled_back_to=record.rolled_back_to,
        counts=record.counts,
    )


def parse_history(data: bytes, target: str, say: Callable[[str], None]) -> tuple[HistoryEntry, ...]:
    """Every switch, oldest first; a line that cannot be read, such as one that was cut off, is told and passed over."""
    entries = []
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            entries.append(msgspec.json.decode(line, type=HistoryEntry))
        except (msgspec.DecodeError, UnicodeDecodeError):
            say(f"{target}：history.jsonl 第 {number} 行读不出，略过。A line cannot be read and is passed over.")
    return tuple(entries)


def release_id(now: datetime, manifest_sha256: str, last: str | None) -> str:
    """A new release's id: its second in UTC, later than that of the last one, and its tree's digest.

    The second is also the time of every file that the release changes. Web servers tell versions
    of a file by time and size, so no two releases may share one.
    """
    second = now.astimezone(UTC).replace(microsecond=0)
    if last is not None:
        second = max(second, id_time(last) + timedelta(seconds=1))
    return f"{second.strftime(_ID)}-{manifest_sha256[:8]}"


def id_time(release: str) -> datetime:
    """The second of a release; raises ``UsageError`` for what is no release's id."""
    try:
        return datetime.strptime(release.partition("-")[0], _ID).replace(tzinfo=UTC)
    except ValueError:
        raise UsageError(f"不是发布编号 (not the id of a release): {release}") from None


def is_id(name: str) -> bool:
    """Whether this is the name of a release."""
    try:
        id_time(name)
    except UsageError:
        return False
    return _NAME.fullmatch(name) is not None


def encode_release(manifest: ReleaseManifest) -> bytes:
    """The public manifest's bytes: one file a line, so that two can be compared by eye."""
    head = msgspec.json.encode(msgspec.structs.replace(manifest, files=()))
    lines = b",\n".join(map(msgspec.json.encode, sorted(manifest.files)))
    return head[: head.rindex(b"[]")] + b"[\n" + lines + b"\n]}\n"


def parse_release(data: bytes) -> ReleaseManifest:
    """Read a public manifest; raises ``UsageError`` when it is none."""
    try:
        manifest = msgspec.json.decode(data, type=ReleaseManifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"发布清单无法读取 (the release manifest cannot be read): {error}") from None
    if manifest.format != 1:
        raise UsageError(f"发布清单格式不认识 (unknown format of the release manifest): {manifest.format}")
    return manifest


def parse_record(data: bytes) -> Record:
    """Read a record; raises ``UsageError`` when it is none."""
    try:
        return msgspec.json.decode(data, type=Record)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"发布记录无法读取 (a release's record cannot be read): {error}") from None


def encode_sums(files: Mapping[str, str]) -> bytes:
    """Path → digest, as ``sha256sum -c`` reads it, in the order of the paths' bytes."""
    return "".join(f"{files[path]}  {path}\n" for path in sorted(files)).encode()


def parse_sums(data: bytes) -> dict[str, str]:
    """What ``encode_sums`` wrote; raises ``UsageError`` when it is something else."""
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").split("\n")[:-1]:
        digest, mark, path = line.partition("  ")
        if mark == "" or len(digest) != 64:
            raise UsageError("发布的校验清单无法读取 (the release's list of digests cannot be read)")
        found[path] = digest
    return found


def listing_digest(paths: Iterable[str]) -> str:
    """SHA-256 of the sorted paths, one a line: what the far side compares its own listing with."""
    return hashlib.sha256("".join(f"{path}\n" for path in sorted(paths)).encode()).hexdigest()
