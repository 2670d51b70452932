"""What an item said before, as git tells it: digests of its earlier bodies and attachments. Effects: runs git."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from generator.authoring.versions import git, in_repository
from generator.clearance.digests import normalise_text, text_digest
from generator.clearance.withdrawals import MIN_TEXT
from generator.content.item import source_parts


class Earlier(NamedTuple):
    """SHA-256 digests of all versions of an item that are in the history, today's among them."""

    bodies: frozenset[str] = frozenset()
    """Of normalised bodies that are long enough to be told from others."""
    attachments: frozenset[str] = frozenset()
    """Of its other files, whether it named them or not."""
    shallow: bool = False
    """Whether the history was cloned without its beginning, so that there may be more."""
    stood: bool = False
    """Whether any version holds its source, however short."""


def earlier_versions(content: Path, item_id: str) -> Earlier | None:
    """Every version of an item under this id, on any branch; ``None`` where there is no history to ask.

    Raises ``UsageError`` where there is one that cannot be read.
    """
    if shutil.which("git") is None or not in_repository(content):
        return None
    bodies, attachments, stood = set[str](), set[str](), False
    for path, blob in sorted(set(_blobs(content, item_id))):
        raw = git(content, "cat-file", "blob", blob)
        if path in (f"{item_id}.md", f"{item_id}/index.md"):
            stood = True
            body = source_parts(raw)[1]
            if len(normalise_text(body)) >= MIN_TEXT:
                bodies.add(text_digest(body))
        else:
            attachments.add(hashlib.sha256(raw).hexdigest())
    shallow = git(content, "rev-parse", "--is-shallow-repository").strip() == b"true"
    return Earlier(frozenset(bodies), frozenset(attachments), shallow, stood)


def _blobs(content: Path, item_id: str) -> Iterator[tuple[str, str]]:
    """Path and name of each version of each file of the item."""
    listed = git(
        content, "log", "--all", "-m", "--format=", "--raw", "--no-abbrev", "--no-renames", "-z", "--relative",
        "--no-show-signature", "--", f":(literal){item_id}.md", f":(literal){item_id}",
    ).decode("utf-8", "surrogateescape").split("\0")  # fmt: skip
    # In turn what changed, as ``:mode mode blob blob status``, and of which path.
    for change, path in zip(listed[0::2], listed[1::2], strict=False):
        modes = change.removeprefix(":").split()[:2]
        for mode, blob in zip(modes, change.split()[2:4], strict=True):
            if mode.startswith("100"):  # a file: neither one that is new or gone, nor a link or another repository
                yield path, blob
