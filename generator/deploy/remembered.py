"""What is remembered of releases, for whoever cannot ask a server. Effects: the state folder.

``due`` must know when what is served changes by itself. The built tree alone does not tell: after a build whose deploy
failed it is of now, while what has expired is still served.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from generator.build.fs import FileSystem
from generator.deploy.records import RECORD_NAME, parse_record
from generator.errors import UsageError

_FOLDER = "releases"
_NAME = "next-change"


def note_moment(fs: FileSystem, state: Path, target: str, moment: datetime | None) -> None:
    """Remember when the next item appears in, or has to leave, what the target serves."""
    text = moment.isoformat() if moment is not None else ""
    fs.write(state / _FOLDER / target / _NAME, f"{text}\n".encode(), mode=0o600)


def keep_moments(fs: FileSystem, state: Path, targets: Collection[str]) -> None:
    """Forget the notes of targets that there are no more."""
    for path in (state / _FOLDER).glob(f"*/{_NAME}"):
        if path.parent.name not in targets:
            fs.remove(path)


def load_moments(state: Path) -> Mapping[str, datetime | None]:
    """The note of each target; one that cannot be read says nothing."""
    found: dict[str, datetime | None] = {}
    for path in sorted((state / _FOLDER).glob(f"*/{_NAME}")):
        text = path.read_text("utf-8", "replace").strip()
        try:
            found[path.parent.name] = datetime.fromisoformat(text) if text else None
        except ValueError:
            continue
    return found


def was_released(state: Path, item: str) -> bool:
    """Whether a release that stands on some target holds the item."""
    for path in (state / _FOLDER).glob(f"*/*/{RECORD_NAME}"):
        with suppress(UsageError):
            if item in parse_record(path.read_bytes()).items:
                return True
    return False


def last_commits(state: Path) -> tuple[str, ...]:
    """The commit of the newest release that stands on each target; of those that are said to have one."""
    newest = {path.parent.parent: path for path in sorted((state / _FOLDER).glob(f"*/*/{RECORD_NAME}"))}
    found = []
    for path in newest.values():
        with suppress(UsageError):
            found.append(parse_record(path.read_bytes()).commit)
    return tuple(filter(None, found))
