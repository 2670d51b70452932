"""The workers of a Dask cluster, which are not ours: they may have other code, or be gone. Effects: the network."""

from __future__ import annotations

from concurrent.futures import CancelledError, Executor, Future, wait
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from generator.build.executor import WorkerDied, Workers
from generator.errors import UsageError

R = TypeVar("R")

_PATIENCE = 30.0
"""Seconds that a task may take before it is asked whether there is still somebody who does it."""
_COMING = 10.0
"""Seconds in which the workers of a cluster must be there."""
_BACK = 60.0
"""Seconds in which one of them must be back when all are gone."""


class DaskWorkers(Workers):
    """Those of a cluster: its scheduler gives the tasks of a worker that dies to others, as long as there are any."""

    def __init__(self, client: Any, address: str, jobs: int, holding: Path) -> None:
        super().__init__(self._executor_of_client, jobs, holding, client.close)
        self._client = client
        self._address = address

    def _executor_of_client(self) -> Executor:
        """A new one each time: one that was shut down takes nothing more."""
        if self._client.status != "running":
            raise _lost(self._address)
        executor: Executor = self._client.get_executor(pure=False, retries=3)
        return executor

    def wait_for(self, future: Future[R]) -> R:
        """The result; raises ``WorkerDied`` where nobody is left who could give one."""
        from distributed.comm.core import CommClosedError
        from distributed.scheduler import KilledWorker

        while not wait([future], _PATIENCE).done:
            _find_workers(self._client, self._address, _BACK)
        try:
            return future.result()
        except KilledWorker:
            raise WorkerDied(self.what_died()) from None
        except (CommClosedError, CancelledError) as error:  # nobody but a lost scheduler cancels what is waited for
            raise _lost(self._address) from error

    def close(self) -> None:
        """Take back what is not done; a scheduler that is gone needs not be told, and cannot."""
        from distributed.client import ClosedClientError

        with suppress(OSError, ClosedClientError):
            super().close()


def dask_workers(address: str, jobs: int, holding: Path) -> Workers:
    """The workers of the scheduler at ``HOST:PORT``.

    Raises ``UsageError`` where they cannot be used, and ``WorkerDied`` where there are none.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "使用 dask:// 需要安装 distributed，见 docs/building.md。distributed is not installed."
        ) from None
    try:
        client = Client(f"tcp://{address}", timeout="10s", set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError) as error:
        raise UsageError(f"连不上 Dask 调度器 {address} (cannot reach the Dask scheduler): {error}") from error
    try:
        _refuse_other_code(client, address)
        if not client.nthreads():  # type: ignore[no-untyped-call]
            _find_workers(client, address, _COMING)
            _refuse_other_code(client, address)
    except BaseException:
        client.close()  # type: ignore[no-untyped-call]
        raise
    threads = sum(client.nthreads().values())  # type: ignore[no-untyped-call]
    return DaskWorkers(client, address, max(2, jobs or threads), holding)


def _find_workers(client: Any, address: str, seconds: float) -> None:
    """Wait for a worker; raises ``WorkerDied`` when none comes."""
    try:
        client.wait_for_workers(1, timeout=seconds)
    except TimeoutError:
        raise WorkerDied(
            f"Dask {address} 上没有工作进程：启动 dask worker，再构建一次，见 docs/building.md。It has no workers."
        ) from None
    except (OSError, AttributeError) as error:  # a client that has lost its scheduler has none that it could ask
        raise _lost(address) from error


def _lost(address: str) -> WorkerDied:
    return WorkerDied(
        f"与 Dask 调度器 {address} 的连接断了：检查调度器，再构建一次。The Dask scheduler is gone; build again."
    )


def _refuse_other_code(client: Any, address: str) -> None:
    """Raise ``UsageError`` unless the scheduler and every worker run this very code: others would give other bytes."""
    from generator.build.cache import code_digest

    hint = "在每台机器的仓库文件夹里用同一版本重新启动，见 docs/building.md"
    try:
        found = {client.run_on_scheduler(code_digest), *client.run(code_digest).values()}
    except (ImportError, AttributeError, RuntimeError) as error:  # what a process says that cannot import it
        raise UsageError(
            f"Dask {address} 的调度器或工作机上运行不了 Mingtang：{hint}。It cannot run our code: {error}"
        ) from error
    if found != {code_digest()}:
        raise UsageError(
            f"Dask {address} 上的程序或库与这里的不是同一版本：{hint}。It runs another version of our code."
        )
