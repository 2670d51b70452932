"""The internal report of a build: what a release, ``explain`` and the trail ask. Never published.

Effects: ``load_report`` and ``save_report`` touch the state folder, readable by its owner only.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from generator.build.fs import FileSystem
from generator.errors import UsageError

REPORT_NAME = "report.json"

Kind = Literal["release", "preview"]


class ItemReport(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one item and the files that it owns in the tree."""

    verdict: str
    path: str
    digest: str = ""
    record: str = ""
    """Number of the clearance record that let it pass or held it back."""
    files: tuple[str, ...] = ()
    until: datetime | None = None


class BuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """One build, as those who answer for it need to know it."""

    manifest_sha256: str
    """Of ``manifest.json``; binds this report to one tree."""
    kind: Kind
    now: datetime
    commit: str = ""
    """Of the repository that holds the content; empty outside git; ends in ``+`` when it has uncommitted changes."""
    next_change_at: datetime | None = None
    audit_passed: bool = False
    faults: int = 0
    """Diagnostics of severity ``error``, over all units."""
    items: dict[str, ItemReport] = {}
    withdrawn: dict[str, str] = {}
    """Item id → date of its withdrawal."""
    redirects: dict[str, str] = {}
    """Former address → present address, both paths in the tree: the release's web server answers 301."""
    tombstones: tuple[str, ...] = ()
    """Pages in the place of withdrawn items: the release's web server answers 410."""


def save_report(fs: FileSystem, state: Path, report: BuildReport) -> None:
    """Write the report, readable by its owner only."""
    fs.write(state / REPORT_NAME, msgspec.json.encode(report), mode=0o600)


def load_report(state: Path) -> BuildReport:
    """The report of the last build; raises ``UsageError`` where there is none or it cannot be read."""
    path = state / REPORT_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=BuildReport)
    except FileNotFoundError:
        raise UsageError(
            f"还没有构建记录，请先运行 make build。No build report at {path}: run `make build` first."
        ) from None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"构建记录无法读取，请重新构建。The build report {path} cannot be read: {error}") from error
