"""Progress on a real terminal, in a log and beside data."""

from __future__ import annotations

import os
import pty
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from generator.build.progress import Silent
from generator.commands.progress import LogProgress, progress_for

HIDDEN, SHOWN = b"\x1b[?25l", b"\x1b[?25h"
"""What hides the cursor of a terminal, and what shows it again."""


@pytest.mark.parametrize("fault", [None, KeyboardInterrupt, OSError])
def test_the_cursor_is_there_again_when_a_build_is_over(
    monkeypatch: pytest.MonkeyPatch, fault: type[BaseException] | None
) -> None:
    """However it ended: nobody else shows it again, as the process ends without taking anything apart."""
    ours, theirs = pty.openpty()
    said = bytearray()
    reading = threading.Thread(target=_read, args=(ours, said))
    reading.start()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        with suppress(KeyboardInterrupt, OSError), progress_for("text") as progress:
            progress.stage("parse", 1000)
            progress.advance(500)
            if fault is not None:
                raise fault
        threads = [thread.name for thread in threading.enumerate() if thread not in (reading, threading.main_thread())]
    reading.join(20)
    os.close(ours)
    assert HIDDEN in said
    assert said.rindex(SHOWN) > said.rindex(HIDDEN)
    assert not [name for name in threads if "Refresh" in name]


def _read(handle: int, said: bytearray) -> None:
    while True:
        try:
            data = os.read(handle, 1 << 16)
        except OSError:  # nobody writes any more
            return
        if not data:
            return
        said += data


def test_no_bar_in_a_log_and_nothing_beside_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A log takes lines; whoever asks for data gets nothing else."""
    with (tmp_path / "log").open("w") as log:
        monkeypatch.setattr(sys, "stderr", log)
        with progress_for("text") as progress:
            assert isinstance(progress, LogProgress)
        with progress_for("json") as progress:
            assert isinstance(progress, Silent)
