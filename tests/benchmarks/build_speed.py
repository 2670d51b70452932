"""Builds the same content with Mingtang, Hugo, Hugo + Pagefind and Pelican, in turn, and prints medians and ratios.

    python tests/benchmarks/build_speed.py --work DIR --items 10000 [--rounds 5] [--peers hugo,pagefind,newest,pelican]

``pagefind`` is the one that PyPI has, ``newest`` the one that npm has, which indexes Chinese otherwise.

Cold: nothing is left of the run before. Edit: one character of one item in the middle of the cluster is changed, and
the whole command is timed, start-up included. Memory is the peak over the process tree (see measure.py). The peers
come from requirements/bench.txt and package-lock.json into an environment of their own (``--peers-env``; see run.sh).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from corpora import REPOSITORY, SHARED, corpus, definitions
from measure import Run, in_turn, measure


class Mingtang:
    """Ours: search index and leak audit included."""

    def __init__(self, work: Path, content: Path, items: int, units: int) -> None:
        self.home = work / f"mingtang-{items}"
        self.content = content
        self.command = [
            *(sys.executable, "-m", "generator", "build", "--content", str(content)),
            *("--sites", str(definitions(work, units)), "--themes", str(REPOSITORY / "themes")),
            *(
                "--out",
                str(self.home / "out"),
                "--cache",
                str(self.home / "cache"),
                "--state",
                str(self.home / "state"),
            ),
            *("--now", "2026-11-24T09:00"),
        ]

    def cold(self) -> Run:
        """From nothing."""
        discard(self.home)
        return measure(self.command, cwd=REPOSITORY)

    def edit(self) -> Run:
        """After one edit."""
        touch_one(self.content)
        return measure(self.command, cwd=REPOSITORY)

    def again(self) -> Run:
        """With nothing changed."""
        return measure(self.command, cwd=REPOSITORY)


class Hugo:
    """The tuned Hugo site of ../shared/bench/hugo, with or without an index by Pagefind."""

    def __init__(self, work: Path, content: Path, environment: Path, name: str, indexer: Sequence[str] = ()) -> None:
        self.home = work / name
        self.program = environment / "bin" / "hugo"
        self.indexer = indexer
        if not self.home.exists():
            shutil.copytree(SHARED / "bench" / "hugo", self.home)
        link = self.home / "content"
        if not link.is_symlink():
            link.symlink_to(content)

    def cold(self) -> Run:
        """From nothing; Hugo keeps no cache of pages between runs, so this is also its rebuild."""
        discard(self.home / "public")
        return self._run()

    def edit(self) -> Run:
        """After one edit, over the output that is there."""
        return self._run()

    def _run(self) -> Run:
        first = measure([str(self.program), "--quiet"], cwd=self.home)
        if not self.indexer:
            return first
        second = measure([*self.indexer, "--site", "public", "--quiet"], cwd=self.home)
        return Run(
            first.seconds + second.seconds,
            first.cpu + second.cpu,
            max(first.rss, second.rss),
            max(first.pss, second.pss),
        )


class Pelican:
    """Pelican with its default theme and cache, on the same Markdown."""

    def __init__(self, work: Path, content: Path, environment: Path, items: int) -> None:
        self.home = work / f"pelican-{items}"
        self.home.mkdir(exist_ok=True)
        self.python = environment / "bin" / "python"
        self._copy(content)
        (self.home / "pelicanconf.py").write_text(
            "SITENAME='x'\nTIMEZONE='Asia/Shanghai'\nDEFAULT_LANG='zh'\nLOAD_CONTENT_CACHE=True\n"
            "CACHE_CONTENT=True\nDEFAULT_PAGINATION=20\n",
            "utf-8",
        )

    def _copy(self, content: Path) -> None:
        """Pelican reads ``Key: value`` headers rather than YAML fences."""
        target = self.home / "content"
        if target.exists():
            return
        for path in content.rglob("*.md"):
            lines = path.read_text("utf-8").split("---\n", 2)[1].splitlines()
            keys = dict(line.split(": ", 1) for line in lines)
            body = path.read_text("utf-8").split("---\n", 2)[2]
            status = "published" if keys["confidentiality_cleared"] == "true" else "draft"
            head = f"Title: {keys['title']}\nDate: {keys['date']}\nCategory: {keys['category']}\nStatus: {status}\n"
            (target / path.parent.name).mkdir(parents=True, exist_ok=True)
            name = f"{keys['unit']}-{path.name}"
            (target / path.parent.name / name).write_text(f"{head}Slug: {name[:-3]}\n\n{body}", "utf-8")

    def cold(self) -> Run:
        """From nothing."""
        for name in ("output", "cache"):
            discard(self.home / name)
        return self._run()

    def edit(self) -> Run:
        """After one edit."""
        touch_one(self.home / "content")
        return self._run()

    def _run(self) -> Run:
        return measure([str(self.python), "-m", "pelican", "-s", "pelicanconf.py", "-q"], cwd=self.home)


def _peer(name: str, work: Path, content: Path, environment: Path, items: int) -> tuple[str, Hugo | Pelican]:
    if name == "pelican":
        return name, Pelican(work, content, environment, items)
    if name == "hugo":
        return name, Hugo(work, content, environment, f"hugo-{items}")
    from_npm = environment / "node_modules" / ".bin" / "pagefind"
    indexer = [str(from_npm)] if name == "newest" else [str(environment / "bin" / "python"), "-m", "pagefind"]
    said = subprocess.run([*indexer, "--version"], capture_output=True, text=True, check=True).stdout
    return f"hugo + {said.strip()}", Hugo(work, content, environment, f"hugo-{items}-{name}", indexer)


def discard(folder: Path) -> None:
    """Take a folder out of the way without deleting it yet.

    ext4 looks at every inode deleted within the last seconds before it gives out a new one: deleting thousands of files
    just before a run would make each file of that run ten times as dear to create, for every contender.
    """
    if folder.exists():
        trash = folder.parent / "trash"
        trash.mkdir(exist_ok=True)
        folder.rename(trash / f"{folder.name}-{time.monotonic_ns()}")


def touch_one(content: Path) -> None:
    """Change one character of the item in the middle."""
    paths = sorted(path for path in content.rglob("*.md") if "UNCLEARED" not in path.read_text("utf-8"))
    path = paths[len(paths) // 2]
    text = path.read_text("utf-8")
    path.write_text(text[:-1] + ("。" if text.endswith("改\n") else "改") + "\n", "utf-8")


def main() -> None:
    """Run every contender in turn and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--units", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", default="hugo")
    parser.add_argument("--peers-env", type=Path, default=None)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    work = args.work.resolve()
    content = corpus(work, args.items, args.units)
    environment = (args.peers_env or work / "peers").resolve()
    ours = Mingtang(work, content, args.items, args.units)
    cold: dict[str, Callable[[], Run]] = {"mingtang": ours.cold}
    edit: dict[str, Callable[[], Run]] = {"mingtang": ours.edit, "mingtang, nothing changed": ours.again}
    for name in filter(None, args.peers.split(",")):
        label, peer = _peer(name, work, content, environment, args.items)
        cold[label], edit[label] = peer.cold, peer.edit
    results = {"cold": in_turn(cold, args.rounds), "one edit": in_turn(edit, args.rounds)}
    for trash in work.rglob("trash"):
        shutil.rmtree(trash)
    _print(args.items, results, args.rounds)
    figures = {kind: {name: vars(run) for name, run in runs.items()} for kind, runs in results.items()}
    (work / f"build-speed-{args.items}.json").write_text(json.dumps(figures, indent=1), "utf-8")


def _print(items: int, results: dict[str, dict[str, Run]], rounds: int) -> None:
    print(f"{items:,} items, median of {rounds}")
    for kind, runs in results.items():
        base = runs.get("hugo")
        for name, run in runs.items():
            ratio = f"  {run.seconds / base.seconds:5.2f} × hugo" if base and name != "hugo" else ""
            memory = f"{run.rss:7.0f} MB rss {run.pss:7.0f} MB pss"
            print(f"{kind:9} {name:26} {run.seconds:8.2f} s  {run.cpu:8.2f} s cpu  {memory}{ratio}")


if __name__ == "__main__":
    main()
