"""A lock in an object store: an object that can be made only once, and that expires. Effects: the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from generator.build.fs import FileSystem
from generator.deploy.shell import FarSideError
from generator.errors import LockedError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

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
        """Take the lock, or one that has expired; raises ``LockedError`` naming who holds it."""
        for _ in range(2):
            if self._make(holder):
                return
            text = self._read()
            if self._end_of(text) > self._clock() and not self._is_ours(text):
                raise LockedError(f"{self._name}：另一个发布正在进行：{text}。Another deploy is running: {text}")
            with failures(self._name):
                self._client.delete_object(Bucket=self._bucket, Key=self._key)
        raise LockedError(f"{self._name}：另一个发布正在进行。Another deploy is running.")

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
        if self._read() != self._held:
            self._held = ""
            raise LockedError(
                f"{self._name}：锁已被另一个发布接管，停在这里。Another deploy has taken over the lock: stopped."
            )
        body = self._body(self._held.partition(" ")[2])
        with failures(self._name):
            self._client.put_object(Bucket=self._bucket, Key=self._key, Body=body)
        self._note(body)

    def give_back(self) -> None:
        """Free the lock if it is ours still."""
        if self._held:
            with suppress(FarSideError), failures(self._name):
                if self._read() == self._held:
                    self._client.delete_object(Bucket=self._bucket, Key=self._key)
            self._held = ""

    def _read(self) -> str:
        with failures(self._name):
            return self._client.get_object(Bucket=self._bucket, Key=self._key)["Body"].read().decode("utf-8", "replace")

    def _body(self, holder: str) -> bytes:
        return f"{(self._clock() + _TERM).isoformat()} {holder}".encode()

    def _note(self, body: bytes) -> None:
        """Remember what is written in the lock."""
        self._held, self._until = body.decode(), self._clock() + _TERM
        self._fs.write(self._memory, body, mode=0o600)

    def _make(self, holder: str) -> bool:
        from botocore.exceptions import ClientError

        body = self._body(holder)
        try:
            self._client.put_object(Bucket=self._bucket, Key=self._key, Body=body, IfNoneMatch="*")
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") in (409, 412):
                return False
            raise FarSideError(f"{self._name}：对象存储出错 (the object store failed): {error}") from None
        self._note(body)
        return True
