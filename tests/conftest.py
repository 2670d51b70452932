"""What every test may use: ``make_tree``; and a guard that raises when a test writes where it must not."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

REPOSITORY = Path(__file__).resolve().parent.parent
_kept = {} if os.access(REPOSITORY, os.W_OK) else {"database": None}  # else it complains, which is a failure
settings.register_profile("mingtang", deadline=None, **_kept)  # a busy machine is no fault
settings.load_profile("mingtang")

UPDATE_GOLDEN = os.environ.get("UPDATE_GOLDEN") == "1"

MakeTree = Callable[..., Path]


@pytest.fixture
def make_tree(tmp_path: Path) -> MakeTree:
    """``make_tree({"a/b.md": "text", "c.pdf": b"…"}, "content")`` writes files below ``tmp_path``."""

    def make(files: Mapping[str, str | bytes], under: str = ".") -> Path:
        folder = tmp_path / under
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return make


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """The one Playwright of a process: a second could not start while the first runs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """The system's Chromium; where it is missing the test is skipped, and in CI it fails."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium on this machine (tests/setup.sh)")
    return program


# --- the guard -----------------------------------------------------------------------

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = {"os.remove": 1, "os.rename": 2, "os.mkdir": 1, "os.rmdir": 1, "os.truncate": 1, "os.chmod": 1}
"""Audit events that change the disk, with the number of their leading arguments that are paths."""
_CACHES = frozenset({"__pycache__", ".hypothesis", ".pytest_cache", ".mypy_cache", ".import_linter_cache", ".cache"})


class WroteOutsideError(AssertionError):
    """A test, or the code under test, changed a file that is not a temporary one."""


def _guard(
    allowed: tuple[str, ...], golden: tuple[str, ...], running: list[bool]
) -> Callable[[str, tuple[Any, ...]], None]:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if not running:
            return
        if event == "open":
            paths = arguments[:1] if isinstance(arguments[2], int) and arguments[2] & _WRITING else ()
        elif event in _CHANGING:
            relative_to_folder = any(isinstance(one, int) and one != -1 for one in arguments[_CHANGING[event] :])
            paths = () if relative_to_folder and event != "os.mkdir" else arguments[: _CHANGING[event]]
        else:
            return
        for path in paths:
            if event == "os.mkdir" and os.path.isdir(path):
                continue
            if isinstance(path, int):  # an open file: it was looked at when it was opened
                continue
            real = os.path.realpath(os.fsdecode(path))
            # The clone itself may lie in the temporary folder.
            ours = (real + os.sep).startswith(str(REPOSITORY) + os.sep)
            fine = (real + os.sep).startswith(golden if ours else allowed)
            if not fine and _CACHES.isdisjoint(Path(real).parts):
                raise WroteOutsideError(f"{event} outside the temporary folder: {real}")

    return hook


@pytest.fixture(scope="session", autouse=True)
def _write_guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Installed once a process: an audit hook cannot be taken out again, only put to sleep."""
    roots = {tempfile.gettempdir(), str(tmp_path_factory.getbasetemp()), "/dev", "/proc"}
    golden = tuple(f"{REPOSITORY / name}{os.sep}" for name in ("tests", "docs") if UPDATE_GOLDEN)
    running = [True]
    sys.addaudithook(_guard(tuple(os.path.realpath(root) + os.sep for root in roots), golden, running))
    yield
    running.clear()
