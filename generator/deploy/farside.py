"""What a deploy asks of a target, whatever it is. Pure: the contract, and how the parts of it are opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from generator.deploy.compose import Before, Release
from generator.deploy.plan import Plan
from generator.deploy.records import HistoryEntry, Record

Say = Callable[[str], None]


class FarState(Struct, frozen=True, kw_only=True):
    """What a target holds."""

    current: str = ""
    incoming: str = ""
    """Identity of an unfinished release, if one is there."""
    releases: Mapping[str, str] = {}
    """Complete releases, and the digest of the record of each."""


class FarSide(Protocol):
    """One target, open for one deploy."""

    name: str
    travelled: int
    """Bytes that went to and fro."""

    def take(self, holder: str) -> FarState:
        """Lock the target and tidy what a killed deploy left; raises ``LockedError`` when it is locked."""

    def peek(self) -> FarState:
        """Look without locking or changing anything."""

    def state(self) -> FarState:
        """What the target holds now."""

    def record(self, release: str, state: FarState) -> Record:
        """The record of a release that the target holds."""

    def before(self, state: FarState) -> Before | None:
        """The release that is served now."""

    def stage(self, release: Release, plan: Plan, state: FarState, outgoing: Path) -> None:
        """Bring everything there that readers do not notice, and verify it."""

    def switch(self, release: Release, reload: str | None) -> None:
        """Serve the staged release; ``reload`` makes the web server read its tables, ``None``: they are the same."""

    def back(self, release: Record, to_leave: str, by: str, now: datetime, *, keep_link: bool, reload: str) -> None:
        """Serve an earlier release that stands complete there; ``reload`` where its tables are others."""

    def intact(self, release: Release, state: FarState) -> bool:
        """Whether what is served is, byte by byte, what ``release`` holds besides its statements."""

    def verify_release(self, release: str) -> set[str]:
        """The files of a complete release that are not what they were."""

    def history(self) -> tuple[HistoryEntry, ...]:
        """Every switch, oldest first."""

    def redirects(self) -> tuple[tuple[str, str], ...]:
        """Former address and target of each redirect that the web server should know."""

    def destroy(self, releases: Iterable[str]) -> None:
        """Remove what is left of earlier releases."""
