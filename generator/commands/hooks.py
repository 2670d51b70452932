"""``hooks install``: a pre-commit hook that checks what is staged. Effects: writes into ``.git/hooks``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from generator.errors import ExitCode, UsageError

MARK = "# mingtang pre-commit"
HOOK = f"""#!/bin/sh
{MARK}
# 提交之前检查暂存的内容：负面清单、附件、写法。Checks what is staged before it is committed.
# 误报时先改正或写豁免；确需越过：git commit --no-verify（会留在服务器端检查中）。
root=$(git rev-parse --show-toplevel) || exit 1
cd "$root" || exit 1
main=$(cd "$(git rev-parse --git-common-dir)/.." && pwd) || exit 1
python=python3
for folder in "$main" "$root"; do
    if [ -x "$folder/.venv/bin/python" ]; then python=$folder/.venv/bin/python; fi
done
exec "$python" -m generator check --staged
"""


@click.group()
def hooks() -> None:
    """提交前检查。The pre-commit check."""


@hooks.command()
@click.option("--force", is_flag=True, help="替换已有的其他钩子 replace a hook that is not ours")
def install(force: bool) -> ExitCode:
    """安装 git 提交前检查。Install the pre-commit hook."""
    from generator.build.fs import FileSystem

    path = _hooks_folder() / "pre-commit"
    if path.exists() and MARK not in path.read_text(encoding="utf-8", errors="replace") and not force:
        raise UsageError(
            f"已有别的钩子：{path}。请合并，或用 --force 替换。Another hook is there; merge it or use --force."
        )
    FileSystem().write(path, HOOK.encode(), mode=0o755)
    click.echo(f"已安装 {path}。提交前会检查暂存的内容。Installed.")
    return ExitCode.FINE


def _hooks_folder() -> Path:
    """Where git looks for hooks, ``core.hooksPath`` included."""
    from generator.authoring.versions import git, in_repository

    named = git(Path(), "rev-parse", "--git-path", "hooks", check=False)
    if not named and not in_repository(Path()):
        raise UsageError("这里不是 git 仓库。This is no git repository.")
    return Path(os.fsdecode(named.removesuffix(b"\n")))
