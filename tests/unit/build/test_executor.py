"""generator.build.executor: several maps at once, and workers that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from generator.build.executor import Holding, WorkerDied, workers
from generator.build.fs import locked
from generator.errors import LockedError


class Task(NamedTuple):
    number: int
    fatal: Path | None = None


def double(task: Task) -> int:
    """Twice the number; the first to find the file takes it away and dies."""
    if task.fatal is not None and task.fatal.exists():
        task.fatal.unlink()
        os._exit(1)
    time.sleep(0.01)
    return 2 * task.number


def die(task: Task) -> int:
    """Whoever takes it is gone."""
    os._exit(1)


def die_holding(task: Path) -> int:
    """Whoever takes it is gone, after other work."""
    with Holding(task) as holding:
        holding.note("sfj/policy/内容较长的名称.md")
        holding.note("sfj/甲.md")
        os._exit(1)


def test_what_a_dead_worker_held_is_named(tmp_path: Path) -> None:
    """The last item that it noted, and nothing of a longer name before it."""
    with workers("processes", 2, tmp_path) as crew, pytest.raises(WorkerDied, match=r"held: sfj/甲\.md$"):
        list(crew.begin(die_holding, [tmp_path]))


def test_several_maps_survive_one_worker(tmp_path: Path) -> None:
    """A worker dies while three maps are under way and read in turn: each gives all its results, in order."""
    fatal = tmp_path / "fatal"
    fatal.touch()
    with workers("processes", 2, tmp_path / "holding") as crew:
        begun = [
            crew.begin(double, [Task(number + 100 * at, fatal if number == 5 else None) for number in range(40)])
            for at in range(3)
        ]
        results = list(zip(*begun, strict=True))
    assert not fatal.exists()
    assert results == [(2 * number, 2 * number + 200, 2 * number + 400) for number in range(40)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_is_begun_before_results_are_taken(tmp_path: Path, jobs: int) -> None:
    """Of a map the first tasks are given out at once, of a map that is begun all; neither gives any twice."""
    taken: list[int] = []

    def tasks() -> Iterator[Task]:
        for number in range(40):
            taken.append(number)
            yield Task(number)

    with workers("processes", jobs, tmp_path / "holding") as crew:
        for start, first in ((crew.map, 12 if jobs == 2 else 0), (crew.begin, 40)):
            taken.clear()
            results = start(double, tasks())
            assert len(taken) == first
            assert list(results) == [2 * number for number in range(40)]
            assert taken == list(range(40))


def test_a_map_that_is_begun_after_a_death_runs(tmp_path: Path) -> None:
    """A pool that is found broken at the next map is replaced."""
    fatal = tmp_path / "fatal"
    fatal.touch()
    with workers("processes", 2, tmp_path / "holding") as crew:
        first = crew.begin(double, [Task(1, fatal)])
        while fatal.exists():
            pass
        second = crew.begin(double, [Task(number) for number in range(20)])
        assert list(second) == [2 * number for number in range(20)]
        assert list(first) == [2]


def test_work_that_kills_every_worker_is_given_up(tmp_path: Path) -> None:
    """Two deaths at the same work are told."""
    with workers("processes", 2, tmp_path / "holding") as crew, pytest.raises(WorkerDied):
        list(crew.begin(die, [Task(1)]))


BUILDING = """\
import sys
from pathlib import Path
from generator.build.executor import workers
from generator.build.fs import locked
from tests.unit.build.test_executor import linger

folder = Path(sys.argv[1])
with locked(folder / "lock", "build", wait=False), workers("processes", 2, folder / "holding") as crew:
    list(crew.begin(linger, [folder] * 200))
"""
"""A build of two seconds that holds its lock."""


def linger(folder: Path) -> None:
    """Says who took it, and takes a while."""
    (folder / str(os.getpid())).touch()
    time.sleep(0.02)


@pytest.fixture
def building(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process with two workers that are at work."""
    command = [sys.executable, "-c", BUILDING, str(tmp_path)]
    with subprocess.Popen(command) as process:
        while len([*tmp_path.glob("[0-9]*")]) < 2:
            assert process.poll() is None
            time.sleep(0.005)
        yield process
        process.kill()


def test_the_lock_is_free_soon_after_its_holder_was_killed(building: subprocess.Popen[bytes], tmp_path: Path) -> None:
    """Workers hold it too, as long as they may still write; when nobody gives them work any more they end."""
    building.kill()
    building.wait()
    until = time.monotonic() + 20
    while True:
        try:
            with locked(tmp_path / "lock", "build", wait=False):
                return
        except LockedError:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_an_interrupt_is_for_the_parent_alone(tmp_path: Path) -> None:
    """A terminal sends Ctrl-C to all; a worker that died of it could keep the queue's lock, and all would wait."""
    with workers("processes", 2, tmp_path / "holding") as crew:
        before = {*crew.begin(who, [0.02] * 20)}
        for worker in before:
            os.kill(worker, signal.SIGINT)
        assert {*crew.begin(who, [0.02] * 20)} <= before


def who(seconds: float) -> int:
    """Which worker took it, and some time."""
    time.sleep(seconds)
    return os.getpid()
