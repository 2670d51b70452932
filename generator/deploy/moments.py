"""When what a target serves changes by itself: a note for each target. Effects: the state folder.

``due`` must know without asking a server. The built tree alone does not tell: after a build whose deploy failed it is
of now, while what has expired is still served.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from generator.build.fs import FileSystem

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
