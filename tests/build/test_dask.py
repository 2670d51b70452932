"""The two maps on a real Dask cluster of two workers; one is killed in the middle."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.build import machines
from generator.build.executor import WorkerDied, workers
from generator.errors import UsageError
from tests.build.cluster import REPOSITORY, SmallCluster, digests
from tests.unit.build.test_executor import die_holding


class DaskCluster:
    """A scheduler and two workers, each a process of its own that finds the code in the folder where it starts."""

    def __init__(self, folder: Path, *, code: Path = REPOSITORY, workers: int = 2) -> None:
        self._code = code
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", folder=folder)
        self.address = self._address()
        self.workers = [self._worker(folder) for _ in range(workers)]

    def _start(self, role: str, *arguments: str, folder: Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + role, *arguments],
            cwd=self._code,
            env={**os.environ, "PYTHONPATH": "", "DASK_TEMPORARY_DIRECTORY": str(folder)},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )

    def _address(self) -> str:
        assert self.scheduler.stderr is not None
        for line in self.scheduler.stderr:
            found = re.search(r"tcp://(127\.0\.0\.1:\d+)", line)
            if found:
                threading.Thread(target=self.scheduler.stderr.read, daemon=True).start()
                return found[1]
        raise AssertionError("the scheduler did not start")

    def _worker(self, folder: Path) -> subprocess.Popen[str]:
        worker = self._start(
            "worker", f"tcp://{self.address}", "--nthreads", "1", "--no-nanny", "--no-dashboard", folder=folder
        )
        assert worker.stderr is not None
        threading.Thread(target=worker.stderr.read, daemon=True).start()
        return worker

    def stop(self) -> None:
        """End every process."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[DaskCluster]:
    cluster = DaskCluster(tmp_path / "dask")
    yield cluster
    cluster.stop()


@pytest.fixture
def cluster(tmp_path: Path) -> SmallCluster:
    made = SmallCluster(tmp_path)
    for number in range(400):
        made.write(
            f"sfj/policy/p{number:03d}", title=f"第{number}号办法", body="第一条 为了公开。\n\n第二条 依法公开。"
        )
    return made


def test_the_tree_is_the_same_over_dask(dask: DaskCluster, cluster: SmallCluster, tmp_path: Path) -> None:
    """Two workers of a Dask cluster give the bytes that this process gives."""
    cluster.build("serial")
    cluster.build_with("dask-out", executor=f"dask://{dask.address}")
    assert digests(tmp_path / "dask-out") == digests(tmp_path / "serial")


@contextmanager
def killed_in_the_middle(folder: Path, processes: Sequence[subprocess.Popen[str]]) -> Iterator[None]:
    """Processes are killed when the build of ``dask-out`` has begun to read."""

    def kill_when_it_has_begun() -> None:
        packs = folder / "dask-out-private" / "cache" / "packs"
        while not (packs.is_dir() and any(packs.iterdir())):
            time.sleep(0.005)
        for process in processes:
            process.send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill_when_it_has_begun)
    killer.start()
    yield
    killer.join()


def test_a_worker_killed_in_the_middle_changes_nothing(
    dask: DaskCluster, cluster: SmallCluster, tmp_path: Path
) -> None:
    """Its tasks go to the other worker and the build ends in the right tree."""
    cluster.build("serial")

    with killed_in_the_middle(tmp_path, dask.workers[:1]):
        cluster.build_with("dask-out", executor=f"dask://{dask.address}")
    assert dask.workers[0].wait() == -signal.SIGKILL
    assert digests(tmp_path / "dask-out") == digests(tmp_path / "serial")


@pytest.mark.parametrize(("code", "told"), [("none", "运行不了"), ("older", "不是同一版本")])
def test_a_cluster_of_other_code_is_refused(cluster: SmallCluster, tmp_path: Path, code: str, told: str) -> None:
    """It would give other bytes, or none: started elsewhere, or before the repository was updated."""
    (tmp_path / "none").mkdir()
    shutil.copytree(REPOSITORY / "generator", tmp_path / "older" / "generator")
    (tmp_path / "older" / "generator" / "added.py").touch()
    dask = DaskCluster(tmp_path / "dask", code=tmp_path / code, workers=0)
    try:
        with pytest.raises(UsageError, match=told):
            cluster.build_with("dask-out", executor=f"dask://{dask.address}")
    finally:
        dask.stop()


def test_an_address_without_a_scheduler_is_a_usage_error(cluster: SmallCluster) -> None:
    """The operator is told which address does not answer."""
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:9"):
        cluster.build_with("dask-out", executor="dask://127.0.0.1:9")


@pytest.mark.parametrize("patience", [30.0, 0.01])
def test_a_scheduler_killed_in_the_middle_is_told_of(
    dask: DaskCluster, cluster: SmallCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    """It is no bug of ours, and the next build, by whatever executor, ends in the right tree.

    Whether the result that is waited for is told of first, or it is asked who works on it.
    """
    monkeypatch.setattr(machines, "_PATIENCE", patience)
    with killed_in_the_middle(tmp_path, [dask.scheduler]), pytest.raises(WorkerDied, match=dask.address):
        cluster.build_with("dask-out", executor=f"dask://{dask.address}")
    cluster.build("serial")
    cluster.build("dask-out")
    assert digests(tmp_path / "dask-out") == digests(tmp_path / "serial")


def test_a_build_does_not_wait_for_ever_for_workers_that_are_all_gone(
    dask: DaskCluster, cluster: SmallCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may come back within a minute; then somebody is told to start them."""
    monkeypatch.setattr(machines, "_PATIENCE", 0.2)
    monkeypatch.setattr(machines, "_BACK", 0.5)
    with killed_in_the_middle(tmp_path, dask.workers), pytest.raises(WorkerDied, match="没有工作进程"):
        cluster.build_with("dask-out", executor=f"dask://{dask.address}")


def test_a_cluster_without_workers_is_told_of(
    cluster: SmallCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduler alone takes every task, and does none."""
    monkeypatch.setattr(machines, "_COMING", 0.5)
    dask = DaskCluster(tmp_path / "dask", workers=0)
    try:
        with pytest.raises(WorkerDied, match="没有工作进程"):
            cluster.build_with("dask-out", executor=f"dask://{dask.address}")
    finally:
        dask.stop()


def test_work_that_kills_one_worker_after_another_is_given_up(tmp_path: Path) -> None:
    """As an item does for which no machine has the memory: the item is named."""
    dask = DaskCluster(tmp_path / "dask", workers=4)
    try:
        holding = tmp_path / "holding"
        with workers(f"dask://{dask.address}", 0, holding) as crew, pytest.raises(WorkerDied, match=r"sfj/甲\.md"):
            list(crew.begin(die_holding, [holding]))
    finally:
        dask.stop()
