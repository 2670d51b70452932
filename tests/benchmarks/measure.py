"""Runs a command and measures it as a whole: wall clock, and peak memory over its process tree.

Memory is sampled from /proc, summed over the command and all its descendants: ``rss`` counts shared pages once for
each process (the harsher figure), ``pss`` once in all. The kernel walks every page to tell the latter, which takes a
tenth of a core when it is asked ten times a second: who keeps all cores busy pays for that, others do not.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICK = 0.1
"""Seconds between samples."""
_SPARED = 50
"""Times as long as the kernel took to tell what is shared it is not asked again."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Run:
    """One run of a command: seconds, and megabytes at the peak."""

    seconds: float
    cpu: float
    rss: float
    pss: float


def measure(command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Run:
    """Run ``command`` to its end; raises ``CalledProcessError`` with its output when it fails."""
    # As on a user's machine, where Python keeps what it compiled.
    given = {key: value for key, value in (env or os.environ).items() if key != "PYTHONDONTWRITEBYTECODE"}
    os.sync()  # what the one before has written is not to be brought to disk at the expense of this one
    before = os.times()
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    peak = _Peak(process.pid)
    sampler = threading.Thread(target=peak.watch)
    sampler.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - start
    peak.done.set()
    sampler.join()
    after = os.times()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output[-4000:])
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(seconds, cpu, peak.rss, peak.pss)


class _Peak:
    def __init__(self, root: int) -> None:
        self._root = root
        self.rss = self.pss = 0.0
        self.done = threading.Event()

    def watch(self) -> None:
        again = 0.0
        while not self.done.wait(_TICK):
            tree = self._tree()
            self.rss = max(self.rss, sum(map(_rss, tree)))
            if (asked := time.perf_counter()) >= again:
                self.pss = max(self.pss, sum(map(_pss, tree)))
                again = time.perf_counter() + _SPARED * (time.perf_counter() - asked)

    def _tree(self) -> list[int]:
        found, waiting = [], [self._root]
        while waiting:
            process = waiting.pop()
            found.append(process)
            try:
                for task in os.listdir(f"/proc/{process}/task"):
                    children = Path(f"/proc/{process}/task/{task}/children").read_text()
                    waiting += [int(child) for child in children.split()]
            except (OSError, ValueError):
                continue
        return found


def _rss(process: int) -> float:
    """MB, as the kernel counts them anyhow; nothing for a process that has ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE / (1 << 20)
    except (OSError, IndexError):
        return 0


def _pss(process: int) -> float:
    """MB, each page divided by the processes that share it; nothing for a process that has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0)


def medians(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    return Run(*(statistics.median(getattr(run, name) for run in runs) for name in ("seconds", "cpu", "rss", "pss")))


def in_turn(contenders: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, Run]:
    """Every contender once a round, so that all meet the same machine; the median of each."""
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            runs[name].append(run())
    return {name: medians(values) for name, values in runs.items()}
