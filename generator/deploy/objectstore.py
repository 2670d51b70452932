"""Releases on an S3-compatible object store: one bucket (or prefix) is one host. Effects: the store; the state folder.

A store cannot switch by one rename, so the order keeps readers safe: hashed files, which nothing
names yet; then pages; then the index's entry and the release manifest; then deletions. What stands
in the store is told by its own listing, by size and MD5 (``etags``), so an interrupted deploy, or a file
that somebody changed, is mended by the next one. Compressed siblings and status 410 are beyond a store.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from generator.deploy.compose import Before, Release, Shipped
from generator.deploy.definition import S3Target
from generator.deploy.etags import ETags, plain
from generator.deploy.farside import FarState
from generator.deploy.lease import Lease, failures
from generator.deploy.nginx import CONTENT_TYPES, IMMUTABLE, REVALIDATE
from generator.deploy.parts import Part, is_entry, is_hashed, served_by
from generator.deploy.plan import Plan
from generator.deploy.records import (
    GONE,
    PUBLIC,
    RECORD_NAME,
    RELEASE_NAME,
    SIGNATURE_NAME,
    SUMS_NAME,
    HistoryEntry,
    Record,
    history_entry,
    parse_history,
    parse_record,
    parse_release,
    parse_sums,
)
from generator.deploy.shell import FarSideError
from generator.deploy.tree import named
from generator.deploy.wording import reason
from generator.errors import DeployRefused, UsageError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from generator.deploy.request import Request

MARKER = ".mingtang-target"
LOCK = ".mingtang-lock"
_HISTORY = "history.jsonl"
_LIVE = "live"
_PENDING = "pending"
_ETAGS = "etags.json"
_BATCH = 1000


class Stored(Struct, frozen=True):
    """One object of the listing."""

    size: int
    etag: str


class ObjectStore:
    """One target's bucket, open for one deploy."""

    def __init__(
        self, target: S3Target, client: S3Client, parts: tuple[Part, ...], store: Path, request: Request
    ) -> None:
        self.name = target.name
        self.travelled = 0
        self._target = target
        self._client = client
        self._part = next(part for part in parts if part.name in target.sites)
        self._parts = parts
        self._store = store
        self._fs = request.fs
        self._say = request.say
        self._adopts = request.consent.deletions
        self._lease = Lease(target.name, client, target.bucket, target.prefix + LOCK, store / "lease", request.fs)
        self._etags = ETags(request.fs, store / _ETAGS)
        self._waiting: dict[str, tuple[str, Shipped]] = {}
        self._obsolete: list[str] = []

    # --- looking --------------------------------------------------------------------

    def take(self, holder: str) -> FarState:
        """Lock the target by an object that may be made only once; raises ``LockedError`` when it is locked."""
        listing = self._listing()
        if listing and self._key(MARKER) not in listing:
            raise UsageError(
                f"{self.name}：存储桶里已有别的文件，也没有 Mingtang 的标记，不予使用。"
                "The bucket is not empty and does not bear our marker; nothing was touched."
            )
        self._lease.take(holder)
        if self._key(MARKER) not in listing:
            self._put(MARKER, b"", "text/plain", REVALIDATE)
        self._recognise(listing)
        return self.peek()

    def _recognise(self, listing: Mapping[str, Stored]) -> None:
        """What is live must be what this state folder remembers, else nobody could tell what vanishes."""
        if self._key(RELEASE_NAME) not in listing:
            return
        with failures(self.name):
            answer = self._client.get_object(Bucket=self._target.bucket, Key=self._key(RELEASE_NAME))
            live = parse_release(answer["Body"].read()).release
        if self._remembered(_PENDING) == live:
            self._fs.write(self._store / _LIVE, live.encode(), mode=0o600)
        if self._remembered(_LIVE) != live and not self._adopts:
            raise DeployRefused([str(reason("deploy-store-unknown", target=self.name, release=live))])

    def _remembered(self, name: str) -> str:
        place = self._store / name
        return place.read_text("utf-8").strip() if place.is_file() else ""

    def peek(self) -> FarState:
        """What is known of the store: the last release that this state folder remembers of it."""
        live = self._remembered(_LIVE)
        record = self._store / live / RECORD_NAME
        if not live or not record.is_file():
            return FarState()
        return FarState(current=live, releases={live: hashlib.sha256(record.read_bytes()).hexdigest()})

    def state(self) -> FarState:
        """What is known of the store now."""
        return self.peek()

    def record(self, release: str, state: FarState) -> Record:
        """The record of the live release."""
        return parse_record((self._store / release / RECORD_NAME).read_bytes())

    def before(self, state: FarState) -> Before | None:
        """The live release, as this state folder remembers it."""
        if not state.current:
            return None
        folder = self._store / state.current
        manifest = parse_release((folder / RELEASE_NAME).read_bytes())
        return Before(self.record(state.current, state), manifest, parse_sums((folder / SUMS_NAME).read_bytes()))

    def history(self) -> tuple[HistoryEntry, ...]:
        """Every release that was made from this state folder."""
        place = self._store / _HISTORY
        return parse_history(place.read_bytes() if place.is_file() else b"", self.name, self._say)

    def redirects(self) -> tuple[tuple[str, str], ...]:
        """None: a store cannot redirect; the pages at former addresses do."""
        return ()

    # --- sending --------------------------------------------------------------------

    def stage(self, release: Release, plan: Plan, state: FarState, outgoing: Path) -> None:
        """Upload the hashed files, which nothing names yet."""
        listing = self._listing()
        wanted = self._wanted(release)
        kept = {self._key(MARKER), self._key(LOCK)}
        self._obsolete = sorted(listing.keys() - {self._key(path) for path in wanted} - kept)
        self._waiting = {
            path: (name, file) for path, (name, file) in wanted.items() if not self._stands(path, listing, file)
        }
        size = sum(file.size for _, file in self._waiting.values())
        self._say(
            f"{self.name}：上传 {len(self._waiting)} 个文件 uploading {len(self._waiting)} files, {size / 1e6:.1f} MB"
        )
        self._upload(path for path in list(self._waiting) if is_hashed(path))

    def switch(self, release: Release, reload: str | None) -> None:
        """Upload pages, then the index's entry and the release manifest; verify; then delete what is no more."""
        self._lease.confirm()
        self._prepare_memory(release)
        last = {RELEASE_NAME, SIGNATURE_NAME}
        self._upload(path for path in list(self._waiting) if not is_entry(path) and path not in last)
        self._upload(path for path in list(self._waiting) if path not in last)
        self._upload(list(self._waiting))
        self._verify(release)
        self._delete(self._obsolete)
        self._remember(release)

    def back(self, release: Record, to_leave: str, by: str, now: datetime, *, keep_link: bool, reload: str) -> None:
        """A store holds one release only: going back means releasing again."""
        raise FarSideError(f"{self.name}：对象存储不能直接切换。An object store cannot switch back.")

    def intact(self, release: Release, state: FarState) -> bool:
        """Whether the listing shows each file of the release, and nothing else."""
        listing, wanted = self._listing(), self._wanted(release)
        ours = {self._key(path) for path in (*wanted, MARKER, LOCK)}
        statements = (RELEASE_NAME, SIGNATURE_NAME)
        return listing.keys() <= ours and all(
            path in statements or self._stands(path, listing, file) for path, (_, file) in wanted.items()
        )

    def verify_release(self, release: str) -> set[str]:
        """A store holds one release only."""
        return {"?"}

    def destroy(self, releases: Iterable[str]) -> None:
        """Forget earlier releases; their objects are gone already."""
        live = self.peek().current
        for release in releases:
            folder = self._store / release
            if release != live and folder.is_dir():
                for path in folder.iterdir():
                    self._fs.remove(path)
                self._fs.remove_folder(folder)

    def close(self) -> None:
        """Give the lock back."""
        self._etags.keep()
        self._lease.give_back()

    # --- the store ------------------------------------------------------------------

    def _wanted(self, release: Release) -> dict[str, tuple[str, Shipped]]:
        """Path as served → path in the release, and the file: no siblings; tombstones in their places."""
        found = {}
        for file in release.manifest.files:
            served = served_by(file.path, self._part, self._parts)
            if served is not None:
                name = (GONE if file.gone else PUBLIC) + file.path
                found[served] = (name, release.files[name])
        for name in (RELEASE_NAME, SIGNATURE_NAME):
            place = PUBLIC + self._part.root + name
            if place in release.files:
                found[name] = (place, release.files[place])
        return found

    def _upload(self, paths: Iterable[str]) -> None:
        for path in paths:
            name, file = self._waiting.pop(path)
            if file.source is None and file.data is None:
                raise FarSideError(f"{self.name}：{path} 已不在存储桶里 (is no longer in the bucket)")
            data = file.data if file.data is not None else Path(str(file.source)).read_bytes()
            if hashlib.sha256(data).hexdigest() != file.sha256:
                raise DeployRefused([str(reason("deploy-tree-changed", count=1, names=name))])
            kind = CONTENT_TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream")
            charset = "; charset=utf-8" if kind.startswith("text/") or kind.endswith(("json", "xml")) else ""
            self._put(path, data, kind + charset, IMMUTABLE if is_hashed(path) else REVALIDATE)

    def _put(self, path: str, data: bytes, kind: str, cache: str) -> None:
        """The store itself refuses bytes that do not have the MD5 that goes with them."""
        md5 = hashlib.md5(data, usedforsecurity=False)
        self._lease.keep()
        with failures(self.name):
            answer = self._client.put_object(
                Bucket=self._target.bucket,
                Key=self._key(path),
                Body=data,
                ContentMD5=base64.b64encode(md5.digest()).decode(),
                ContentType=kind,
                CacheControl=cache,
            )
        self._etags.note(self._key(path), plain(answer["ETag"]), md5.hexdigest())
        self.travelled += len(data)

    def _verify(self, release: Release) -> None:
        listing = self._listing()
        wrong = [path for path, (_, file) in self._wanted(release).items() if not self._stands(path, listing, file)]
        if wrong:
            names = named(sorted(wrong))
            raise DeployRefused([str(reason("deploy-far-side", target=self.name, count=len(wrong), names=names))])

    def _delete(self, keys: list[str]) -> None:
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            self._lease.keep()
            with failures(self.name):
                answer = self._client.delete_objects(
                    Bucket=self._target.bucket, Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True}
                )
            if answer.get("Errors"):
                raise FarSideError(f"{self.name}：有 {len(answer['Errors'])} 个文件删不掉 (cannot be deleted)")

    def _listing(self) -> dict[str, Stored]:
        found = {}
        with failures(self.name):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._target.bucket, Prefix=self._target.prefix
            )
            for page in pages:
                for one in page.get("Contents", []):
                    found[one["Key"]] = Stored(one["Size"], plain(one["ETag"]))
        return found

    def _stands(self, path: str, listing: Mapping[str, Stored], file: Shipped) -> bool:
        """Whether the store has the file: same size and MD5. Of a carried file only its presence is known."""
        stored = listing.get(self._key(path))
        if stored is None or (file.data is None and file.source is None):
            return stored is not None
        if stored.size != file.size:
            return False
        md5 = _md5_of(Path(str(file.source))) if file.data is None else _digest(file.data)
        return self._etags.tells(self._key(path), stored.etag, md5)

    def _key(self, path: str) -> str:
        return self._target.prefix + path

    # --- memory ------------------------------------------------------------

    def _prepare_memory(self, release: Release) -> None:
        """Remember the release before it can be seen, so that a kill in between leaves no unknown one live."""
        folder = self._store / release.id
        manifest = release.files[PUBLIC + self._part.root + RELEASE_NAME].data
        record = release.files[RECORD_NAME].data
        for name, data in ((RELEASE_NAME, manifest), (RECORD_NAME, record), (SUMS_NAME, release.sums)):
            assert data is not None
            self._fs.write(folder / name, data, mode=0o600)
        self._fs.write(self._store / _PENDING, release.id.encode(), mode=0o600)

    def _remember(self, release: Release) -> None:
        live = self._remembered(_LIVE)
        self._fs.write(self._store / _LIVE, release.id.encode(), mode=0o600)
        if live and live != release.id:
            self.destroy([live])
        entry = history_entry(release.record)
        self._fs.append(self._store / _HISTORY, msgspec.json.encode(entry) + b"\n")


def _digest(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _md5_of(path: Path) -> str:
    with path.open("rb") as reader:
        return hashlib.file_digest(reader, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


@contextmanager
def open_store(target: S3Target, request: Request, parts: tuple[Part, ...], store: Path) -> Iterator[ObjectStore]:
    """A client of the store, with credentials from the environment only; raises ``UsageError`` without them."""
    side = ObjectStore(target, _client(target, request.environment), parts, store, request)
    try:
        yield side
    finally:
        side.close()


def _client(target: S3Target, environment: Mapping[str, str]) -> S3Client:
    import boto3
    from botocore.config import Config

    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise UsageError(f"{target.name}：请设置环境变量 {'、'.join(missing)}。Set these environment variables.")
    return boto3.client(
        "s3",
        endpoint_url=target.endpoint,
        region_name=target.region or "us-east-1",
        aws_access_key_id=environment[names[0]],
        aws_secret_access_key=environment[names[1]],
        aws_session_token=environment.get("AWS_SESSION_TOKEN"),
        config=Config(
            retries={"max_attempts": 5, "mode": "standard"},
            connect_timeout=20,
            read_timeout=60,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
