"""When sources last changed, as git tells it. Effects: runs git; reads file times where there is no git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from generator.model import SHANGHAI

_AS_ON_DISK = "surrogateescape"
"""How names are decoded that may be no UTF-8: as Python gives those of files."""


def last_changes(content: Path, paths: Iterable[str]) -> dict[str, date]:
    """The day in China of the last change of each source (relative to ``content``), by path.

    Of one that git does not know, or that was changed since, the day of its file time.
    """
    wanted = set(paths)
    if not wanted:
        return {}
    changed = _uncommitted(content)
    found = {path: day for path, day in _committed(content, wanted - changed).items() if path in wanted}
    for path in wanted - found.keys():
        try:
            found[path] = _day((content / path).stat().st_mtime)
        except OSError:
            continue
    return found


def _committed(content: Path, wanted: set[str]) -> dict[str, date]:
    command = ["git", "-C", str(content), "-c", "core.quotePath=false", "log", "--relative", "--name-only"]
    command += ["--no-renames", "--no-show-signature", "--format=%x00%ct", "--", "."]
    found: dict[str, date] = {}
    day: date | None = None
    try:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors=_AS_ON_DISK
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                text = line.rstrip("\n")
                if text.startswith("\0"):
                    day = _day(int(text[1:]))
                elif text in wanted and day is not None:
                    found.setdefault(text, day)
                    if len(found) == len(wanted):
                        process.terminate()
                        break
    except OSError:
        return {}
    return found


def _day(moment: float) -> date:
    """Wherever the machine believes to stand, and whoever committed: its clock may be that of a server."""
    return datetime.fromtimestamp(moment, SHANGHAI).date()


def _uncommitted(content: Path) -> set[str]:
    command = ["git", "--no-optional-locks", "-C", str(content), "-c", "core.quotePath=false"]
    command += ["status", "--porcelain", "-z", "--", "."]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors=_AS_ON_DISK, check=False)
    except OSError:
        return set()
    prefix = subprocess.run(
        ["git", "-C", str(content), "rev-parse", "--show-prefix"],
        capture_output=True,
        text=True,
        errors=_AS_ON_DISK,
        check=False,
    ).stdout.strip()
    return {entry[3:].removeprefix(prefix) for entry in done.stdout.split("\0") if len(entry) > 3}


def differs_since(content: Path, commit: str, withdrawn: Iterable[str] = ()) -> bool:
    """Whether any source differs from that commit, but for those of withdrawn items; evidence is no source.

    True as well where git cannot tell.
    """
    git = ["git", "-C", str(content)]
    only = ["--", ".", ":(exclude,glob)**/_withdrawn/*", ":(exclude,glob)**/_clearance/*"]
    only += [f":(exclude,literal){item}{end}" for item in sorted(withdrawn) for end in (".md", "")]
    try:
        changed = subprocess.run([*git, "diff", "--quiet", commit.rstrip("+"), *only], capture_output=True, check=False)
        new = subprocess.run(
            [*git, "ls-files", "--others", "--exclude-standard", *only], capture_output=True, check=False
        )
    except OSError:
        return True
    return changed.returncode != 0 or new.returncode != 0 or bool(new.stdout.strip())
