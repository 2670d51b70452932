"""Where a build reads and writes, and as of when: every choice an operator has, as one value."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from generator.build.fs import FileSystem
from generator.build.report import Kind


@dataclass(frozen=True)
class Settings:
    """The arguments of ``build``. ``now`` is aware and the only clock that output may depend on."""

    content: Path
    sites: Path
    themes: Path
    out: Path
    cache: Path
    """Facts and ledger: may be deleted at any time; the next build is then a cold one."""
    state: Path
    """Report, trail and releases: must be kept."""
    now: datetime
    kind: Kind = "release"
    executor: str = "processes"
    """``serial``, ``processes`` or ``dask://HOST:PORT``."""
    jobs: int = 0
    """Worker processes; 0 takes one for each core."""
    wait: bool = True
    """Wait for another build of the same folder, or refuse."""
    explain: str = ""
    """A path of the tree whose fate the result explains."""
    fs: FileSystem = field(default_factory=FileSystem)


def private_folder(out: Path, content: Path) -> Path:
    """The default home of cache and state: one for each pair of output and content folder."""
    pair = f"{out.resolve()}\0{content.resolve()}"
    return Path(".mingtang") / f"{out.resolve().name}-{hashlib.sha256(os.fsencode(pair)).hexdigest()[:10]}"
