"""What one edited and one new item cost on their way to a loopback ssh server: bytes and seconds, index included.

    .venv/bin/python tests/benchmarks/deploy_travel.py --work /tmp/bench --items 10000

Prints, for the first release, an edit, a new item, a takedown (withdraw, build and release in one
command) and a rollback: seconds of the build, seconds of the deploy, and bytes that travelled.
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

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.benchmarks.corpora import REPOSITORY, corpus, definitions
from tests.deploy_servers import Sshd, sshd

LIMITS = {"edit": (1_000_000, 10.0), "new": (6_000_000, 10.0), "takedown": (None, 30.0), "rollback": (None, 5.0)}
"""Bytes and seconds that issue 6 allows."""


class Bench:
    """A copy of the corpus as a project that releases to ``server``."""

    def __init__(self, root: Path, content: Path, sites: Path, server: Sshd, *, cleared_only: bool) -> None:
        self.root = root
        root.mkdir(parents=True)
        shutil.copytree(content, root / "content", copy_function=os.link)
        if cleared_only:
            for path in (root / "content").rglob("*.md"):
                if "confidentiality_cleared: true" not in path.read_text("utf-8")[:4000]:
                    path.unlink()
        shutil.copytree(sites, root / "sites")
        target = server.target("main", root / "served", ("portal",))
        (root / "sites" / "deploy.yml").write_text(
            "targets:\n  main:\n    kind: ssh\n"
            f"    host: {target.host}\n    port: {target.port}\n    user: {target.user}\n"
            f"    path: {target.path}\n    known_hosts: {target.known_hosts}\n",
            "utf-8",
        )
        self.environment = {**os.environ, "MINGTANG_SSH_IDENTITY": str(server.identity), "PYTHONPATH": str(REPOSITORY)}

    def run(self, *arguments: str, fine: tuple[int, ...] = (0,)) -> tuple[float, str]:
        """Type a command in the project; gives seconds and output."""
        started = time.perf_counter()
        command = [sys.executable, "-m", "generator", *arguments, "--themes", str(REPOSITORY / "themes")]
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode not in fine:
            raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stdout[-3000:]}")
        return time.perf_counter() - started, done.stdout

    def release(self, name: str) -> None:
        """Build and deploy, and print what it took."""
        built, _ = self.run("build")
        deployed, output = self.run("deploy")
        report(name, built, deployed, output)


def report(name: str, built: float, deployed: float, output: str) -> None:
    """One line of figures, with the limits where there are any."""
    found = re.search(r"传送 ([\d.]+) (B|KB|MB|GB)。", output)
    factor = {"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9}
    travelled = float(found[1]) * factor[found[2]] if found else 0.0
    size, seconds = LIMITS.get(name, (None, None))
    wanted = f"  (≤ {size / 1e6:.0f} MB)" if size else ""
    quick = f"  (≤ {seconds:.0f} s)" if seconds else ""
    times = f"build {built:7.2f} s   deploy {deployed:7.2f} s{quick}"
    print(f"{name:<9} {times}   travelled {travelled / 1e6:8.3f} MB{wanted}")
    sys.stdout.flush()


def edit(path: Path, text: str) -> None:
    """Change a file without touching the corpus that it is linked to."""
    old = path.read_text("utf-8")
    path.unlink()
    path.write_text(old + text, "utf-8")


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
    if (root / "served").exists():
        subprocess.run(["chmod", "-R", "u+w", root / "served"], check=True)
    shutil.rmtree(root, ignore_errors=True)
    content = given.content or corpus(work, given.items)
    with sshd(root / "sshd") as server:
        bench = Bench(root / "project", content, definitions(work, 20), server, cleared_only=given.cleared_only)
        bench.release("first")
        items = sorted((bench.root / "content").glob("*/policy/*.md"))
        cleared = [path for path in items if "confidentiality_cleared: true" in path.read_text("utf-8")[:2000]]
        edit(cleared[0], "\n\n本次修改补充一段：办理时限自受理之日起计算。\n")
        bench.release("edit")
        fresh = cleared[1].with_name("zengjia-yijian.md")
        text = cleared[1].read_text("utf-8").replace("title: ", "title: 新增的", 1)
        fresh.write_text(
            re.sub(r"^date: .*$", f"date: {time.strftime('%Y-%m-%d')}", text, count=1, flags=re.M), "utf-8"
        )
        bench.release("new")
        took, output = bench.run("takedown", str(fresh.relative_to(bench.root / "content"))[:-3], "--reason", "测试")
        report("takedown", 0, took, output)
        edit(cleared[2], "\n\n再改一处。\n")
        bench.release("again")
        took, output = bench.run("deploy", "--rollback")
        report("rollback", 0, took, output)


if __name__ == "__main__":
    main()
