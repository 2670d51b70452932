"""What small changes cost on their way to a loopback ssh server: seconds, processor seconds and bytes, index included.

    .venv/bin/python tests/benchmarks/deploy_travel.py --work /tmp/bench --items 10000

A project in git, as a bureau has it: its first release, one edited item, one new item, a takedown
(withdraw, build and release in one command) and a rollback. Wall time is that of the command;
processor time is that of the command with all that it starts, and that of the server.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.benchmarks.corpora import REPOSITORY, corpus, definitions
from tests.deploy_servers import Sshd, sshd

LIMITS = {"edit": (1_000_000, 10.0), "new": (6_000_000, 10.0), "takedown": (None, 30.0), "rollback": (None, 5.0)}
"""Bytes and seconds that issue 6 allows: of the release alone, but of the whole command for a takedown."""
_CLEARED = "confidentiality_cleared: true"
_FACTORS = {"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9}
_TICKS = os.sysconf("SC_CLK_TCK")


class Took(NamedTuple):
    """What a command took, and what it said."""

    wall: float
    here: float
    """Processor seconds of the command and all that it started."""
    there: float
    """Processor seconds of the server."""
    output: str


class Bench:
    """A copy of the corpus as a project that releases to ``server``."""

    def __init__(self, root: Path, content: Path, sites: Path, server: Sshd, *, cleared_only: bool) -> None:
        self.root = root
        self.server = server
        root.mkdir(parents=True)
        shutil.copytree(content, root / "content", copy_function=os.link)
        if cleared_only:
            for path in (root / "content").rglob("*.md"):
                if _CLEARED not in path.read_text("utf-8")[:4000]:
                    path.unlink()
        shutil.copytree(sites, root / "sites")
        target = server.target("main", root / "served", ("portal",))
        (root / "sites" / "deploy.yml").write_text(
            "targets:\n  main:\n    kind: ssh\n"
            f"    host: {target.host}\n    port: {target.port}\n    user: {target.user}\n"
            f"    path: {target.path}\n    known_hosts: {target.known_hosts}\n",
            "utf-8",
        )
        (root / ".gitignore").write_text("/public/\n/served/\n/.mingtang/\n", "utf-8")
        self.git("init", "--quiet")
        self.environment = {**os.environ, "MINGTANG_SSH_IDENTITY": str(server.identity), "PYTHONPATH": str(REPOSITORY)}

    def git(self, *arguments: str) -> None:
        """Run git in the project."""
        subprocess.run(
            ["git", "-C", self.root, "-c", "user.name=x", "-c", "user.email=x@x.example", *arguments], check=True
        )

    def run(self, *arguments: str) -> Took:
        """Type a command in the project."""
        before, far, started = os.times(), _waited_for(self.server.process.pid), time.perf_counter()
        command = [sys.executable, "-m", "generator", *arguments, "--themes", str(REPOSITORY / "themes")]
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        wall = time.perf_counter() - started
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stdout[-3000:]}")
        after = os.times()
        here = after.children_user + after.children_system - before.children_user - before.children_system
        time.sleep(0.3)  # until the server has seen its session's end
        return Took(wall, here, _waited_for(self.server.process.pid) - far, done.stdout)

    def release(self, name: str) -> None:
        """Commit, build and deploy, and print what it took."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", name)
        built = self.run("build")
        report(name, self.run("deploy"), f"after a build of {built.wall:.1f} s ({built.here:.1f} s cpu)")

    def take_down(self, path: Path) -> None:
        """Take an item down, and print what it took."""
        item = str(path.relative_to(self.root / "content")).removesuffix(".md")
        took = self.run("takedown", item, "--reason", "测试")
        report("takedown", took, laps(took.output))


def _waited_for(process: int) -> float:
    """Processor seconds of those of a process's descendants that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / _TICKS


def report(name: str, took: Took, more: str = "") -> None:
    """One line of figures, with the limits where there are any."""
    found = re.search(r"传送 ([\d.]+) (B|KB|MB|GB)。", took.output)
    travelled = float(found[1]) * _FACTORS[found[2]] if found else 0.0
    size, seconds = LIMITS.get(name, (None, None))
    wanted = f" (≤ {size / 1e6:.0f})" if size else ""
    quick = f" (≤ {seconds:.0f})" if seconds else ""
    times = f"{took.wall:7.2f} s{quick:<7}  cpu {took.here:6.2f} s here {took.there:6.2f} s there"
    print(f"{name:<9} {times}  travelled {travelled / 1e6:8.3f} MB{wanted:<6} {more}", flush=True)


def laps(output: str) -> str:
    """The steps of a takedown, as it prints them."""
    return ", ".join(f"{name} {seconds} s" for name, seconds in re.findall(r"\S+ (\w+)：([\d.]+) 秒", output))


def edit(path: Path, text: str) -> None:
    """Change a file without touching the corpus that it is linked to."""
    old = path.read_text("utf-8")
    path.unlink()
    path.write_text(old + text, "utf-8")


def add(path: Path, like: Path) -> None:
    """A new item of today with the front matter of another, and a body that nothing else has."""
    front = like.read_text("utf-8").split("---\n", 2)[1].replace("title: ", "title: 新增的", 1)
    front = re.sub(r"^date: .*$", f"date: {time.strftime('%Y-%m-%d')}", front, count=1, flags=re.M)
    lines = (
        f"第{number}号窗口办理新增事项{number * 7919}，受理时间为每日{number % 12 + 1}时。" for number in range(1, 80)
    )
    path.write_text(f"---\n{front}---\n\n" + "\n\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Run everything once."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--work", type=Path, required=True)
    options.add_argument("--items", type=int, default=10_000)
    options.add_argument("--content", type=Path, default=None, help="use this corpus instead of making one")
    options.add_argument("--cleared-only", action="store_true", help="leave the corpus's uncleared items out")
    given = options.parse_args()
    work = given.work.resolve()
    root = work / "deploy-travel"
    if (root / "project" / "served").exists():
        subprocess.run(["chmod", "-R", "u+w", root / "project" / "served"], check=True)
    shutil.rmtree(root, ignore_errors=True)
    content = given.content or corpus(work, given.items)
    with sshd(root / "sshd") as server:
        bench = Bench(root / "project", content, definitions(work, 20), server, cleared_only=given.cleared_only)
        bench.release("first")
        items = sorted((bench.root / "content").glob("*/policy/*.md"))
        cleared = [path for path in items if _CLEARED in path.read_text("utf-8")[:2000]]
        edit(cleared[0], "\n\n本次修改补充一段：办理时限自受理之日起计算。\n")
        bench.release("edit")
        add(cleared[1].with_name("zengjia-yijian.md"), cleared[1])
        bench.release("new")
        bench.take_down(cleared[3])
        edit(cleared[2], "\n\n再改一处。\n")
        bench.release("again")
        report("rollback", bench.run("deploy", "--rollback"))


if __name__ == "__main__":
    main()
