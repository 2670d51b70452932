"""The hooks, with a real git: what they refuse, and what they let pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from generator.clearance.withdrawals import withdrawal_name
from generator.commands import hooks
from generator.errors import UsageError
from tests.build.cluster import REPOSITORY, SmallCluster

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
IDENTITY = "11010519491231002X"


def environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = {f"GIT_{role}_{what}": "a@x.example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    code = {"PYTHONPATH": str(REPOSITORY), "PYTHON": sys.executable, "MINGTANG": str(REPOSITORY)}
    return clean | who | code | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallCluster:
    """A cluster in a repository with the pre-commit hook, whose Python is this one."""
    made = SmallCluster(tmp_path / "work")
    git(made.root, "init", "-q", "-b", "main")
    monkeypatch.chdir(made.root)
    assert hooks.install.callback is not None
    hooks.install.callback(force=False)
    hook = made.root / ".git/hooks/pre-commit"
    hook.write_text(hook.read_text("utf-8").replace("python=python3", f'python="{sys.executable}"'), "utf-8")
    return made


def serve_pushes(cluster: SmallCluster, folder: Path) -> Path:
    """A repository with the pre-receive hook, of which the cluster's is a clone."""
    server = folder / "server.git"
    git(folder, "init", "-q", "--bare", "-b", "main", str(server))
    shutil.copy(REPOSITORY / "docs" / "pre-receive", server / "hooks" / "pre-receive")
    git(cluster.root, "remote", "add", "origin", str(server))
    return server


def test_pre_commit_refuses_what_the_history_must_not_hold(cluster: SmallCluster) -> None:
    """An identity number in a draft is refused; masked, the commit passes."""
    path = cluster.write("jyglj/policy/a", cleared="false", body=f"张三，{IDENTITY}。")
    git(cluster.root, "add", "content", "sites")
    refused = git(cluster.root, "commit", "-q", "-m", "x")
    assert refused.returncode != 0
    assert "negative-list-block" in refused.stdout + refused.stderr
    assert IDENTITY not in refused.stdout + refused.stderr
    path.write_text(path.read_text("utf-8").replace(IDENTITY, "略"), "utf-8")
    again = git(cluster.root, "commit", "-q", "-m", "x")
    assert again.returncode != 0  # what is staged is what it was
    assert "再 git add" in again.stdout + again.stderr
    git(cluster.root, "add", "content")
    assert git(cluster.root, "commit", "-q", "-m", "x").returncode == 0


def test_pre_commit_finds_its_python_in_another_worktree(cluster: SmallCluster, tmp_path: Path) -> None:
    """Only the first has been set up; the hook is that of all."""
    ours = cluster.root / ".venv" / "bin" / "python"
    ours.parent.mkdir(parents=True)
    ours.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    ours.chmod(0o755)
    hook = cluster.root / ".git/hooks/pre-commit"
    hook.write_text(hook.read_text("utf-8").replace(f'python="{sys.executable}"', "python=missing"), "utf-8")
    git(cluster.root, "add", "content", "sites", "themes")
    assert git(cluster.root, "commit", "-q", "-m", "x").returncode == 0
    other = tmp_path / "other"
    git(cluster.root, "worktree", "add", "-q", str(other))
    written = cluster.write("jyglj/policy/a", body=IDENTITY)
    (other / "content/jyglj/policy").mkdir(parents=True)
    shutil.copy(written, other / "content/jyglj/policy")
    git(other, "add", "content")
    refused = git(other, "commit", "-q", "-m", "x")
    assert refused.returncode != 0
    assert "negative-list-block" in refused.stderr


def test_pre_commit_finds_the_files_where_their_folder_is_named(cluster: SmallCluster) -> None:
    """As some editors and scripts call git; it tells the hook of a folder called ``.``."""
    named = [f"--git-dir={cluster.root / '.git'}", f"--work-tree={cluster.root}"]
    path = cluster.write("jyglj/policy/a")
    git(cluster.root, "add", "content", "sites")
    committed = git(cluster.root, *named, "commit", "-q", "-m", "x")
    assert committed.returncode == 0, committed.stderr
    path.write_text(path.read_text("utf-8") + f"\n张三，{IDENTITY}。\n", "utf-8")
    refused = git(cluster.content, *named, "commit", "-q", "-a", "-m", "x")
    assert refused.returncode != 0
    assert "negative-list-block" in refused.stderr


def test_installing_replaces_our_own_hook_only(cluster: SmallCluster) -> None:
    """Somebody else's hook is not overwritten without ``--force``."""
    assert hooks.install.callback is not None
    hooks.install.callback(force=False)
    hook = cluster.root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nexit 0\n", "utf-8")
    with pytest.raises(UsageError):
        hooks.install.callback(force=False)
    hooks.install.callback(force=True)
    assert hooks.MARK in hook.read_text("utf-8")
    assert hook.stat().st_mode & 0o111


def test_pre_receive_refuses_a_secret_that_a_later_commit_removes(cluster: SmallCluster, tmp_path: Path) -> None:
    """Each pushed commit is looked at: taking a secret out again does not take it out of the history."""
    server = serve_pushes(cluster, tmp_path)
    path = cluster.write("jyglj/policy/a", cleared="false")
    git(cluster.root, "add", "content", "sites")
    git(cluster.root, "commit", "-q", "-m", "clean")
    pushed = git(cluster.root, "push", "-q", "origin", "main")
    assert pushed.returncode == 0, pushed.stderr
    text = path.read_text("utf-8")
    path.write_text(text + f"\n张三，{IDENTITY}。\n", "utf-8")
    git(cluster.root, "commit", "-q", "-a", "--no-verify", "-m", "secret")
    path.write_text(text, "utf-8")
    git(cluster.root, "commit", "-q", "-a", "-m", "gone again")
    refused = git(cluster.root, "push", "-q", "origin", "main")
    assert refused.returncode != 0
    assert "negative-list-block" in refused.stderr
    assert IDENTITY not in refused.stderr
    assert git(server, "rev-list", "--count", "main").stdout.strip() == "1"


def test_pre_receive_refuses_what_no_commit_holds(cluster: SmallCluster, tmp_path: Path) -> None:
    """A tag on a file brings it into the repository as well as a commit does; one on a commit is fine."""
    server = serve_pushes(cluster, tmp_path)
    secret = cluster.write("jyglj/policy/a", cleared="false", body=IDENTITY)
    blob = git(cluster.root, "hash-object", "-w", str(secret)).stdout.strip()
    secret.unlink()
    cluster.write("jyglj/policy/b", cleared="false")
    git(cluster.root, "add", "content", "sites")
    git(cluster.root, "commit", "-q", "-m", "clean")
    git(cluster.root, "tag", "-a", "-m", "x", "v1")
    git(cluster.root, "tag", "file", blob)
    pushed = git(cluster.root, "push", "-q", "origin", "v1")
    assert pushed.returncode == 0, pushed.stderr
    refused = git(cluster.root, "push", "-q", "origin", "file")
    assert refused.returncode != 0
    assert git(server, "tag").stdout.split() == ["v1"]


def test_pre_receive_refuses_a_deleted_withdrawal(cluster: SmallCluster, tmp_path: Path) -> None:
    """A commit that takes a withdrawal away is refused, though the working tree of nobody is there to compare."""
    serve_pushes(cluster, tmp_path)
    raw = b"a: b\n"
    path = cluster.content / "sfj" / "_withdrawn" / withdrawal_name("old", date(2026, 11, 20), raw)
    path.parent.mkdir()
    path.write_bytes(raw)
    git(cluster.root, "add", "content", "sites")
    git(cluster.root, "commit", "-q", "-m", "withdrawn")
    pushed = git(cluster.root, "push", "-q", "origin", "main")
    assert pushed.returncode == 0, pushed.stderr
    path.unlink()
    git(cluster.root, "add", "content")
    refused = git(cluster.root, "commit", "-q", "-m", "gone")
    assert refused.returncode != 0
    assert "evidence-deleted" in refused.stdout + refused.stderr
    git(cluster.root, "commit", "-q", "--no-verify", "-m", "gone")
    refused = git(cluster.root, "push", "-q", "origin", "main")
    assert refused.returncode != 0
    assert "evidence-deleted" in refused.stderr


def two_branches(cluster: SmallCluster) -> Path:
    """``main``, where something was withdrawn, and ``side``, which knows nothing of it and is checked out."""
    cluster.write("jyglj/policy/a")
    git(cluster.root, "add", "content", "sites")
    git(cluster.root, "commit", "-q", "-m", "base")
    git(cluster.root, "branch", "side")
    raw = b"a: b\n"
    path = cluster.content / "sfj" / "_withdrawn" / withdrawal_name("old", date(2026, 11, 20), raw)
    path.parent.mkdir()
    path.write_bytes(raw)
    git(cluster.root, "add", "content")
    git(cluster.root, "commit", "-q", "-m", "withdrawn")
    git(cluster.root, "switch", "-q", "side")
    cluster.write("jyglj/policy/a", body="改过。")
    git(cluster.root, "commit", "-q", "-a", "-m", "side")
    return path


def test_pre_receive_refuses_a_merge_that_loses_a_withdrawal(cluster: SmallCluster, tmp_path: Path) -> None:
    """It stands in the other parent alone, and the branch moves forward all the same."""
    serve_pushes(cluster, tmp_path)
    two_branches(cluster)
    assert git(cluster.root, "push", "-q", "origin", "main").returncode == 0
    git(cluster.root, "merge", "-q", "-s", "ours", "-m", "merged", "main")
    refused = git(cluster.root, "push", "-q", "origin", "side:main")
    assert refused.returncode != 0
    assert "evidence-deleted" in refused.stderr
    git(cluster.root, "reset", "-q", "--hard", "HEAD^")
    git(cluster.root, "merge", "-q", "-m", "merged", "main")
    pushed = git(cluster.root, "push", "-q", "origin", "side:main")
    assert pushed.returncode == 0, pushed.stderr


def test_pre_commit_refuses_a_merge_that_loses_a_withdrawal(cluster: SmallCluster) -> None:
    """As somebody may leave it out when settling a conflict."""
    path = two_branches(cluster)
    git(cluster.root, "merge", "-q", "--no-commit", "main")
    git(cluster.root, "rm", "-q", "-f", str(path))
    refused = git(cluster.root, "commit", "-q", "-m", "merged")
    assert refused.returncode != 0
    assert "evidence-deleted" in refused.stderr
    git(cluster.root, "restore", "--staged", "--worktree", "--source=MERGE_HEAD", str(path))
    assert git(cluster.root, "commit", "-q", "-m", "merged").returncode == 0


def test_pre_receive_looks_at_the_commits_themselves(cluster: SmallCluster, tmp_path: Path) -> None:
    """Not at others that were pushed to stand for them."""
    serve_pushes(cluster, tmp_path)
    path = cluster.write("jyglj/policy/a", cleared="false")
    git(cluster.root, "add", "content", "sites")
    git(cluster.root, "commit", "-q", "-m", "clean")
    path.write_text(path.read_text("utf-8") + f"\n张三，{IDENTITY}。\n", "utf-8")
    git(cluster.root, "commit", "-q", "-a", "--no-verify", "-m", "secret")
    git(cluster.root, "replace", "HEAD", "HEAD^")
    assert git(cluster.root, "push", "-q", "origin", "refs/replace/*:refs/replace/*").returncode == 0
    refused = git(cluster.root, "push", "-q", "origin", "main")
    assert refused.returncode != 0
    assert "negative-list-block" in refused.stderr
