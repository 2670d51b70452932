"""A built sample cluster on a loopback server, and the system's Chromium to look at it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

REPOSITORY = Path(__file__).resolve().parents[2]
TODAY = "2026-11-24"
"""The sample is written for this day: then one consultation is open and one notice waits."""


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample cluster's public tree, built once."""
    folder = tmp_path_factory.mktemp("sample")
    run = subprocess.run(
        [
            *(sys.executable, "-m", "generator", "build"),
            *("--out", str(folder / "public"), "--cache", str(folder / "cache")),
            *("--state", str(folder / "state"), "--today", TODAY),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / "public"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address(sample: Path) -> Iterator[str]:
    """Base URL of the sample, ending in ``/``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(sample)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def browser(driver: Playwright, chromium_program: str) -> Iterator[Browser]:
    """The system's Chromium, without a window and without traffic of its own."""
    chromium = driver.chromium.launch(
        executable_path=chromium_program,
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    )
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility engine as a script."""
    engine = REPOSITORY / "tests/node_modules/axe-core/axe.min.js"
    if not engine.is_file():
        pytest.skip("axe-core is not installed (tests/setup.sh)")
    return engine.read_text(encoding="utf-8")
