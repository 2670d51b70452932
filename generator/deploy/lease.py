"""A lock in an object store: an object that can be made only once, and that expires. Effects: the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.build.fs import FileSystem
from generator.deploy.shell import FarSideError
from generator.errors import LockedError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_s3 import S3Client

_NOT_FOUND = 404
_CHANGED = (_NOT_FOUND, 409, 412)
"""What a store answers when an object is not what it was to be."""
_TRIES = 3
_TERM = timedelta(minutes=30)
"""How long a lock holds when its holder was killed; a store frees nothing by itself."""


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def failures(name: str) -> Iterator[None]:
    """Turns what the store complains of into ``FarSideError``."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise FarSideError(f"{name}：对象存储出错 (the object store failed): {error}") from None


class _Found(NamedTuple):
    """What stands in the lock, and the mark by which the store knows just this."""

    text: str
    etag: str


class Lease:
    """The lock of one target."""

    def __init__(
        self,
        name: str,
        client: S3Client,
        bucket: str,
        key: str,
        memory: Path,
        fs: FileSystem,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """``memory`` remembers what was written into the lock, so that a killed deploy's own is known again."""
        self._memory = memory
        self._fs = fs
        self._name = name
        self._client = client
        self._bucket = bucket
        self._key = key
        self._clock = clock
        self._held = ""
        """What we wrote into the lock, while it is ours."""
        self._until = clock()

    def take(self, holder: str) -> None:
        """Take the lock, or one that has expired; raises ``LockedError`` naming who holds it.

        Only what is as it was read is written over, so that of several who find an expired lock one gets it. Of a store
        that knows no conditions the last who writes does: ``confirm`` tells the others.
        """
        for _ in range(_TRIES):
            found = self._read()
            if found is not None and self._end_of(found.text) > self._clock() and not self._is_ours(found.text):
                raise self._busy(found.text)
            if self._write(self._body(holder), found):
                return
        raise self._busy("?")

    def confirm(self) -> None:
        """Make sure that the lock is ours; raises ``LockedError`` when it is no more."""
        found = self._read()
        if found is None or found.text != self._held:
            raise self._lost()

    def _end_of(self, text: str) -> datetime:
        """Until when a lock holds; raises ``LockedError`` for one that none of us wrote."""
        with suppress(ValueError):
            end = datetime.fromisoformat(text.partition(" ")[0])
            if end.tzinfo is not None:
                return end
        raise LockedError(
            f"{self._name}：锁 {self._key} 不是本程序写的；确认没有别的发布，再从存储桶里删去它。"
            "The lock is none of ours: make sure that no other deploy is running, and delete it."
        )

    def _is_ours(self, text: str) -> bool:
        """Whether a deploy from this very state folder made it: only one runs at a time, so it was killed."""
        return self._memory.is_file() and self._memory.read_text("utf-8") == text

    def keep(self) -> None:
        """Prolong the lock when half of its term is over; raises ``LockedError`` when it is ours no more.

        More than a term is left only by a clock that was set back since.
        """
        if not self._held or _TERM / 2 < self._until - self._clock() <= _TERM:
            return
        found = self._read()
        if found is None or found.text != self._held:
            raise self._lost()
        if not self._write(self._body(self._held.partition(" ")[2]), found):
            raise self._lost()

    def give_back(self) -> None:
        """Free the lock if it is ours still. One that has expired is left for whoever takes it over."""
        if self._held and self._until > self._clock():
            with suppress(FarSideError):
                found = self._read()
                if found is not None and found.text == self._held:
                    with failures(self._name):
                        self._client.delete_object(Bucket=self._bucket, Key=self._key)
        self._held = ""

    def _busy(self, holder: str) -> LockedError:
        return LockedError(f"{self._name}：另一个发布正在进行：{holder}。Another deploy is running: {holder}")

    def _lost(self) -> LockedError:
        self._held = ""
        return LockedError(
            f"{self._name}：锁已被另一个发布接管，停在这里。Another deploy has taken over the lock: stopped."
        )

    def _read(self) -> _Found | None:
        from botocore.exceptions import ClientError

        with failures(self._name):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._key)
            except ClientError as error:
                if _status(error) == _NOT_FOUND:
                    return None
                raise
            return _Found(answer["Body"].read().decode("utf-8", "replace"), answer["ETag"])

    def _body(self, holder: str) -> bytes:
        return f"{(self._clock() + _TERM).isoformat()} {holder}".encode()

    def _write(self, body: bytes, found: _Found | None) -> bool:
        """Write the lock if it is as it was found; gives whether it is ours now."""
        from botocore.exceptions import ClientError

        with failures(self._name):
            try:
                if found is None:
                    self._client.put_object(Bucket=self._bucket, Key=self._key, Body=body, IfNoneMatch="*")
                else:
                    self._client.put_object(Bucket=self._bucket, Key=self._key, Body=body, IfMatch=found.etag)
            except ClientError as error:
                if _status(error) not in _CHANGED:
                    raise
                now = self._read()  # it is ours where only the answer to a first try was lost
                if now is None or now.text.encode() != body:
                    return False
        self._held, self._until = body.decode(), self._clock() + _TERM
        self._fs.write(self._memory, body, mode=0o600)
        return True


def _status(error: ClientError) -> int:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
