"""Other versions of the content than the one on disk: what is staged, and what a commit holds. Effects: runs git.

Which index and which repository are meant is git's own business (``GIT_DIR``,
``GIT_INDEX_FILE``), so that the same check serves a pre-commit and a pre-receive hook.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.build.facts import facts_of
from generator.clearance.rules import Rules
from generator.clearance.screening import diagnose
from generator.content.item import load_item
from generator.content.source import scan
from generator.diagnostics import Diagnostic, in_order
from generator.errors import UsageError
from generator.model import Cluster

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""Git's name of a tree without files: what a first commit is compared with."""


def check_staged(content: Path, cluster: Cluster, rules: Rules, base: str = "HEAD") -> tuple[Diagnostic, ...]:
    """Everything wrong with the staged items that differ from ``base``.

    Uncleared ones too: what is committed stays in the history, whatever its flag says.
    """
    changed = staged_items(content, base)
    if not changed:
        return ()
    with staged(content, changed) as folder:
        tree = scan(folder, cluster)
        found = list(tree.diagnostics)
        for source in tree.items:
            parsed = load_item(folder, source, cluster)
            facts, _, _ = facts_of(folder, rules, source, parsed)
            found += (*facts.diagnostics, *diagnose(facts.findings, facts.item))
    return in_order(found)


def staged_items(content: Path, base: str = "HEAD") -> tuple[str, ...]:
    """The ids of items of which any file is staged and differs from ``base``; ``unit/file`` for what is no item."""
    known = _git(content, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}", check=False).strip()
    names = _git(
        content, "diff", "--cached", "--name-only", "-z", "--no-renames", "--diff-filter=d", "--relative",
        known.decode() or EMPTY_TREE, "--", ".",
    )  # fmt: skip
    return tuple(sorted({_item_of(name) for name in names.decode("utf-8", "surrogateescape").split("\0") if name}))


@contextmanager
def staged(content: Path, items: Iterable[str]) -> Iterator[Path]:
    """A folder with the staged files of these items, for as long as the context lasts."""
    prefix = _git(content, "rev-parse", "--show-prefix").decode().strip()
    wanted = [f":(top,literal){prefix}{item}{end}" for item in items for end in ("", ".md")]
    names = _git(content, "ls-files", "-z", "--cached", "--full-name", "--", *wanted)
    with tempfile.TemporaryDirectory(prefix="mingtang-staged-") as folder:
        top = _git(content, "rev-parse", "--show-toplevel").decode().strip()
        _git(Path(top), "checkout-index", "-z", "--stdin", "-f", f"--prefix={folder}/", data=names)
        found = Path(folder, prefix)
        found.mkdir(parents=True, exist_ok=True)
        yield found


@contextmanager
def committed(content: Path, commit: str) -> Iterator[Path]:
    """A folder with the content as a commit has it; raises ``UsageError`` for an unknown commit."""
    top = Path(_git(content, "rev-parse", "--show-toplevel").decode().strip())
    prefix = _git(content, "rev-parse", "--show-prefix").decode().strip()
    with tempfile.TemporaryDirectory(prefix="mingtang-commit-") as folder:
        index = {"GIT_INDEX_FILE": f"{folder}/index"}
        _git(top, "read-tree", commit, more=index)
        names = _git(top, "ls-files", "-z", "--cached", "--", prefix or ".", more=index)
        _git(top, "checkout-index", "-z", "--stdin", f"--prefix={folder}/tree/", data=names, more=index)
        found = Path(folder, "tree", prefix)
        found.mkdir(parents=True, exist_ok=True)
        yield found


def _item_of(name: str) -> str:
    parts = name.split("/")
    return "/".join(parts[:3]).removesuffix(".md") if len(parts) > 3 else name.removesuffix(".md")


def _git(
    folder: Path, *arguments: str, data: bytes | None = None, check: bool = True, more: dict[str, str] | None = None
) -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, input=data, capture_output=True, check=False, env={**os.environ, **(more or {})})
    except FileNotFoundError:
        raise UsageError("找不到 git，请先安装。git is missing: install it.") from None
    if check and done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise UsageError(f"git {arguments[0]} 失败：{said}。git failed: {said}")
    return done.stdout
