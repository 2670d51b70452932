"""The built tree as a release sees it: whole, untouched and of the report at hand. Effects: reads the tree.

What a gate may refuse is returned as ``Reason``; nothing is believed that was not read, now or, by
git's rule, before (``digests``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from generator.build.manifest import MANIFEST_NAME, Manifest, ManifestFile, load_manifest
from generator.build.outputs import MARKER_NAME, marker_kind, scan_tree
from generator.build.report import BuildReport, load_report
from generator.content.names import shown
from generator.deploy.digests import Memory, read_digests
from generator.deploy.wording import Reason, reason
from generator.errors import DeployRefused, UsageError

_NAMED = 10
"""How many files a refusal names; the rest are counted."""
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")


class BuiltTree(Struct, frozen=True):
    """A finished build: where it is, what it holds, and what is known of it."""

    out: Path
    manifest: Manifest
    report: BuildReport
    files: Mapping[str, ManifestFile]
    """Everything that is published: the manifest's files and the manifest itself."""


def load_tree(out: Path, state: Path) -> BuiltTree:
    """The tree with its report; raises ``DeployRefused`` for one that is unfinished, a preview or not ours."""
    kind = marker_kind(out)
    if kind is None:
        raise DeployRefused([str(reason("deploy-no-tree", path=out))])
    if kind != "release":
        raise DeployRefused([str(reason("deploy-preview", path=out))])
    try:
        manifest, digest = load_manifest(out)
    except UsageError:
        raise DeployRefused([str(reason("deploy-unfinished", path=out))]) from None
    report = load_report(state)
    if report.manifest_sha256 != digest or report.kind != "release":
        raise DeployRefused([str(reason("deploy-other-report", path=out))])
    files = {file.path: file for file in manifest.files}
    files[MANIFEST_NAME] = ManifestFile(MANIFEST_NAME, (out / MANIFEST_NAME).stat().st_size, digest)
    return BuiltTree(out, manifest, report, files)


def check_tree(tree: BuiltTree, memory: Memory) -> tuple[Reason, ...]:
    """Every way in which the tree differs from its manifest, byte by byte."""
    found, folders = scan_tree(tree.out)
    listed = found.keys() & tree.files.keys()
    known = {path: digest for path in listed if (digest := memory.known(path, found[path])) is not None}
    unread = found.keys() - known.keys()  # no file that was read before is a link
    links = {path for path in (*unread, *folders) if (tree.out / path).is_symlink()}
    digests = known | read_digests(tree.out, listed - known.keys())
    memory.keep(found, {path: digest for path, digest in digests.items() if path not in links})
    missing = sorted(tree.files.keys() - found.keys())
    extra = sorted(path for path in found.keys() - tree.files.keys() if path != MARKER_NAME)
    changed = sorted(path for path in listed if digests.get(path) != tree.files[path].sha256)
    unsafe = sorted(path for path in tree.files if _UNSAFE.search(path) or path.startswith(("/", ".")))
    pairs = (
        ("deploy-tree-missing", missing),
        ("deploy-tree-extra", extra),
        ("deploy-tree-changed", changed),
        ("deploy-tree-link", sorted(links)),
        ("deploy-tree-name", unsafe),
    )
    return tuple(reason(code, count=len(paths), names=named(paths)) for code, paths in pairs if paths)


def named(paths: list[str]) -> str:
    """The first few of them, for a message: some were made up by whoever wrote to the tree, or to a server."""
    return "、".join(map(shown, paths[:_NAMED])) + (" …" if len(paths) > _NAMED else "")
