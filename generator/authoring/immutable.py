"""Clearance records, signatures and withdrawals are written once: what a change does to them. Effects: runs git.

Who deletes a withdrawal would bring content back, and who alters a record would clear what nobody read. Builds
hold out against both; here the change is refused before it is anybody else's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from generator.authoring.versions import commit_or_nothing, git, known_commit
from generator.clearance import records, withdrawals
from generator.clearance.records import canonical_bytes
from generator.diagnostics import Diagnostic, diagnostic, in_order

_FOLDERS = (records.FOLDER, withdrawals.FOLDER)
_ENDS = (".yml", ".sig")


def tampered_in_index(content: Path, base: str, merged: Sequence[str] = ()) -> tuple[Diagnostic, ...]:
    """Evidence of ``base`` that is staged to be deleted or altered, and of what is ``merged`` into it.

    Of two parents that have a file of evidence in two versions, a merge may keep either.
    """
    parents = [commit_or_nothing(content, base), *(known_commit(content, one) for one in merged)]
    return in_order(
        found
        for parent in parents
        for found in _tampered(content, parent, cached=True)
        if found.code != "evidence-changed" or not _stands_in(content, found.path, parents)
    )


def _stands_in(content: Path, path: str, commits: Sequence[str]) -> bool:
    """Whether any of these commits has exactly what is staged there."""
    name = path.removeprefix("content/")
    blob = git(content, "rev-parse", f":./{name}")
    return any(
        git(content, "rev-parse", "--verify", "--quiet", f"{one}:./{name}", check=False) == blob for one in commits
    )


def tampered_since(content: Path, commit: str) -> tuple[Diagnostic, ...]:
    """Evidence that this branch deletes or alters, as it lies on disk: what merging it into ``commit`` would lose.

    What ``commit`` received since the branch left it is not lost by merging.
    """
    fork = git(content, "merge-base", commit, "HEAD", check=False).decode().strip()
    return in_order(_tampered(content, fork or commit, cached=False))


def _tampered(content: Path, base: str, *, cached: bool) -> Iterator[Diagnostic]:
    listed = git(
        content, "diff", *(["--cached"] if cached else []), "--name-status", "-z", "--no-renames",
        "--diff-filter=DMT", "--relative", base, "--", ".",
    ).decode("utf-8", "surrogateescape").split("\0")  # fmt: skip
    for status, name in zip(listed[0::2], listed[1::2], strict=False):
        folder = name.split("/")[-2] if name.count("/") == 2 else ""
        if folder not in _FOLDERS or not name.endswith(_ENDS):
            continue
        if status == "D":
            # A record that cannot be believed may be thrown away, as its diagnostic says; a withdrawal never.
            if name.endswith(".sig") or not _is_damaged(folder, name, git(content, "show", f"{base}:./{name}")):
                yield diagnostic("evidence-deleted", f"content/{name}")
        elif status == "T" or not _faithful(name, _now(content, name, cached=cached)):
            yield diagnostic("evidence-changed", f"content/{name}")


def _is_damaged(folder: str, name: str, raw: bytes) -> bool:
    """Whether it is a record that clears nothing, altered or not: rules may be stricter now than when it was made."""
    return folder == records.FOLDER and not isinstance(records.parse_record(raw, f"content/{name}"), records.Record)


def _now(content: Path, name: str, *, cached: bool) -> bytes:
    return git(content, "show", f":./{name}") if cached else (content / name).read_bytes()


def _faithful(name: str, raw: bytes) -> bool:
    """Whether these are the bytes after which the file was named: then a change only restores it."""
    return name.endswith(f"-{hashlib.sha256(canonical_bytes(raw)).hexdigest()[:8]}.yml")
