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

from generator.errors import UsageError

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""Git's name of a tree without files: what a first commit is compared with."""


def staged_items(content: Path, base: str = "HEAD") -> tuple[str, ...]:
    """The ids of items of which any file is staged and differs from ``base``; ``unit/file`` for what is no item.

    Also of those that lost a file: not of what is gone altogether. Raises ``UsageError`` while a merge waits for
    somebody to settle its conflicts: of such a file three versions are staged, and none of them is meant.
    """
    if torn := _names(
        git(content, "diff", "--cached", "--name-only", "-z", "--diff-filter=U", "--relative", "--", ".")
    ):
        raise UsageError(f"合并的冲突还没有解决：{'、'.join(torn)}。改好后 git add。A merge has unsettled conflicts.")
    changed = _changed(content, base, "d")
    if lost := _changed(content, base, "D") - changed:
        changed |= lost & {_item_of(name) for name in _staged_names(content)}
    return tuple(sorted(changed))


def _changed(content: Path, base: str, statuses: str) -> set[str]:
    listed = git(
        content, "diff", "--cached", "--name-only", "-z", "--no-renames", f"--diff-filter={statuses}", "--relative",
        commit_or_nothing(content, base), "--", ".",
    )  # fmt: skip
    return {_item_of(name) for name in _names(listed)}


def _staged_names(content: Path) -> list[str]:
    """Every staged file, relative to the content folder: too many to be named to git one by one."""
    return _names(git(content, "ls-files", "-z", "--cached", "--", "."))


def _names(listed: bytes) -> list[str]:
    return [name for name in listed.decode("utf-8", "surrogateescape").split("\0") if name]


@contextmanager
def staged(content: Path, items: Iterable[str]) -> Iterator[Path]:
    """A folder with the staged files of these items, for as long as the context lasts."""
    prefix = git(content, "rev-parse", "--show-prefix").decode().strip()
    wanted = set(items)
    names = [f"{prefix}{name}" for name in _staged_names(content) if _item_of(name) in wanted]
    listed = "\0".join(names).encode("utf-8", "surrogateescape")
    with tempfile.TemporaryDirectory(prefix="mingtang-staged-") as folder:
        top = git(content, "rev-parse", "--show-toplevel").decode().strip()
        git(Path(top), "checkout-index", "-z", "--stdin", "-f", f"--prefix={folder}/", data=listed)
        found = Path(folder, prefix)
        found.mkdir(parents=True, exist_ok=True)
        yield found


@contextmanager
def staged_folder(folder: Path, base: str = "HEAD") -> Iterator[tuple[Path, bool]]:
    """A folder as it is staged, and whether that differs from ``base``; one that no repository holds is as it lies."""
    top = git(folder, "rev-parse", "--show-toplevel", check=False).decode().strip()
    names = git(folder, "ls-files", "-z", "--cached", "--full-name", "--", ".") if top else b""
    against = ["--name-only", commit_or_nothing(folder, base), "--", "."] if top else []
    changed = bool(top and git(folder, "diff", "--cached", *against))
    if not names and not changed:
        yield folder, False
        return
    prefix = git(folder, "rev-parse", "--show-prefix").decode().strip()
    with tempfile.TemporaryDirectory(prefix="mingtang-staged-") as laid_out:
        git(Path(top), "checkout-index", "-z", "--stdin", "-f", f"--prefix={laid_out}/", data=names)
        found = Path(laid_out, prefix)
        found.mkdir(parents=True, exist_ok=True)
        yield found, changed


@contextmanager
def committed(content: Path, commit: str) -> Iterator[Path]:
    """A folder with the content as a commit has it; raises ``UsageError`` for an unknown commit."""
    top = Path(git(content, "rev-parse", "--show-toplevel").decode().strip())
    known_commit(content, commit)
    prefix = git(content, "rev-parse", "--show-prefix").decode().strip()
    with tempfile.TemporaryDirectory(prefix="mingtang-commit-") as folder:
        index = {"GIT_INDEX_FILE": f"{folder}/index"}
        git(top, "read-tree", commit, more=index)
        names = git(top, "ls-files", "-z", "--cached", "--", prefix or ".", more=index)
        git(top, "checkout-index", "-z", "--stdin", f"--prefix={folder}/tree/", data=names, more=index)
        found = Path(folder, "tree", prefix)
        found.mkdir(parents=True, exist_ok=True)
        yield found


@contextmanager
def committed_definitions(sites: Path, commit: str) -> Iterator[Path]:
    """The definitions as that commit has them; as they lie where no repository knows it of them."""
    known = commit_or_nothing(sites, commit)
    if known == EMPTY_TREE or not git(sites, "ls-tree", "--name-only", known, check=False):
        yield sites
        return
    with committed(sites, commit) as found:
        yield found


def _item_of(name: str) -> str:
    return "/".join(name.split("/")[:3]).removesuffix(".md")


def commit_or_nothing(folder: Path, named: str) -> str:
    """What git is to compare with: that commit, or nothing at all where there is none yet."""
    known = git(folder, "rev-parse", "--verify", "--quiet", f"{named}^{{commit}}", check=False).strip()
    return known.decode() or EMPTY_TREE


def known_commit(folder: Path, named: str) -> str:
    """That commit; raises ``UsageError`` where there is none."""
    known = commit_or_nothing(folder, named)
    if known == EMPTY_TREE:
        raise UsageError(f"没有这个提交或分支：{named}。No such commit or branch.")
    return known


def merged_heads(folder: Path) -> list[str]:
    """What the next commit merges into ``HEAD``; nothing when no merge is under way."""
    named = git(folder, "rev-parse", "--git-path", "MERGE_HEAD").decode("utf-8", "surrogateescape").strip()
    heads = folder / named  # git names it as seen from the folder
    return heads.read_text("ascii").split() if heads.is_file() else []


def git(
    folder: Path, *arguments: str, data: bytes | None = None, check: bool = True, more: dict[str, str] | None = None
) -> bytes:
    """What git says, in that folder; raises ``UsageError`` with its complaint."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, input=data, capture_output=True, check=False, env=_environment() | (more or {}))
    except FileNotFoundError:
        raise UsageError("找不到 git，请先安装。git is missing: install it.") from None
    if check and done.returncode != 0:
        if not in_repository(folder):
            raise UsageError(f"{folder} 不在 git 仓库里，没有可以比较的版本。It is in no git repository.")
        said = done.stderr.decode("utf-8", "replace").strip()
        raise UsageError(f"git {arguments[0]} 失败：{said}。git failed: {said}")
    return done.stdout


def in_repository(folder: Path) -> bool:
    """Whether a repository holds the folder; raises ``UsageError`` where git will not say, as of another user's."""
    command = ["git", "-C", str(folder), "rev-parse", "--git-dir"]
    done = subprocess.run(command, capture_output=True, check=False, env=_environment() | {"LC_ALL": "C"})
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode != 0 and "not a git repository" not in said:
        raise UsageError(f"git 不读 {folder} 的版本库：{said}。git does not read the repository.")
    return done.returncode == 0


def _environment() -> dict[str, str]:
    """Ours, with the folder named for which a hook's ``GIT_DIR`` stands.

    In a worktree beside the first git tells hooks its folder alone, and that of the files is then the one in which it
    is called: another for each ``-C``. So it is where the files' folder was named to it, which it passes on as ``.``.
    """
    found = dict(os.environ)
    if "GIT_DIR" in found:
        found |= {name: os.path.abspath(found.get(name, ".")) for name in ("GIT_DIR", "GIT_WORK_TREE")}
    return found
