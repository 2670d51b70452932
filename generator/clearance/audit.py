"""The leak audit: a proof over the finished files that nothing withheld stands in them. Pure.

It believes nothing of how the files were made: it decodes each of them and looks for
the fingerprints of all that is withheld. A fingerprint that stands in a cleared item, in
configuration or in the theme proves nothing and raises no alarm. In order of cost:

1. ``scanner.Scanner`` each file (a map), explained by the cleared item that owns the file;
2. what is left, by configuration and theme (``Fingerprints.unexplained``);
3. what is left, by every cleared item (a map of ``Fingerprints.hits`` over ``item_texts``);
4. what is left are ``leaks``.

What the audit cannot read, and whose digest it does not know, does not leave either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from generator.clearance.fingerprints import Fingerprints, once, without
from generator.clearance.folding import WINDOW, Words
from generator.clearance.gate import Screening
from generator.clearance.scanner import Scan
from generator.diagnostics import Diagnostic, diagnostic
from generator.model import Tombstone

_NOTHING: Words = np.empty(0, np.uint64)


class Leak(NamedTuple):
    """Something withheld that stands in an output file."""

    path: str
    item: str
    """Empty where the file cannot be read, so that nobody knows."""
    reason: str
    """``text``, ``name``, ``attachment``, ``term`` or ``unreadable``."""

    def diagnostic(self, source: str) -> Diagnostic:
        """For the editor of the item whose source is ``source``; quotes nothing of it."""
        if self.reason == "unreadable":
            return diagnostic("leak-unreadable", self.path)
        if self.reason == "term":
            return diagnostic("leak-term", self.path)
        return diagnostic("leak", source, file=self.path, reason=self.reason)


def leaks(prints: Fingerprints, scans: Iterable[Scan], explained: Words) -> tuple[Leak, ...]:
    """What stands in the files and is explained by nothing."""
    found: list[Leak] = []
    scans = tuple(scans)
    open_keys = without(together(scans), explained)
    for scan in scans:
        if not scan.readable:
            found.append(Leak(scan.path, "", "unreadable"))
        keys = scan.keys.compress(np.isin(scan.keys, open_keys)) if open_keys.size else _NOTHING
        named = {key for key in keys.tolist() if prints.is_needle(key)}
        for reason, of_reason in (
            ("text", [key for key in keys.tolist() if key not in named]),
            ("name", sorted(named)),
        ):
            for item in prints.owners(np.array(of_reason, np.uint64)):
                found.append(Leak(scan.path, item, reason))
    return tuple(sorted(set(found)))


def together(scans: Iterable[Scan]) -> Words:
    """All keys that wait for an explanation."""
    return once(np.concatenate([np.empty(0, np.uint64), *(scan.keys for scan in scans)]))


def withheld_files(screening: Screening) -> dict[str, str]:
    """SHA-256 → item of each attachment that no cleared item has as well."""
    cleared = {
        digest
        for one in screening.cleared
        for file in one.facts.attachments
        for digest in (file.sha256, file.published_sha256)
    }
    return {
        digest: one.id
        for one in screening.withheld
        for file in one.facts.attachments
        for digest in (file.sha256, file.published_sha256)
        if digest not in cleared
    }


def file_leaks(files: Iterable[tuple[str, str]], withheld: Mapping[str, str]) -> tuple[Leak, ...]:
    """Output files, as path and SHA-256, that are a withheld attachment."""
    return tuple(Leak(path, withheld[digest], "attachment") for path, digest in files if digest in withheld)


def identical_copies(screening: Screening) -> tuple[Diagnostic, ...]:
    """Withheld items whose body is that of a cleared one: of these the audit can prove nothing.

    One that is shorter than a window (见附件。) is that of many, and nothing would be looked for anyway.
    A preview's screening has the withheld themselves among the cleared.
    """
    held = {one.id for one in screening.withheld}
    withheld = {
        one.facts.text_digest for one in screening.withheld if one.facts.length >= WINDOW and one.facts.text_digest
    }
    public = (one for one in screening.cleared if one.facts.text_digest in withheld and one.id not in held)
    cleared = {one.facts.text_digest: one.id for one in public}
    return tuple(
        diagnostic("copy-unprovable", f"content/{one.path}", severity="warning", other=cleared[one.facts.text_digest])
        for one in screening.withheld
        if one.facts.length >= WINDOW and one.facts.text_digest in cleared
    )


def has_tombstone(item_id: str, tombstones: Iterable[Tombstone]) -> bool:
    """Whether an item's address stays public."""
    return any(one.id == item_id for one in tombstones)
