"""``python -m generator``: hands over to the command line."""

import os
import sys
from contextlib import suppress

from generator.cli import main
from generator.commands.memory import give_back_large_arrays, start_no_matrix_threads


def _open_what_is_closed() -> None:
    """Let nothing else be opened under the number of a standard stream that was closed before we began."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(2, "w")


if __name__ == "__main__":
    if sys.getfilesystemencoding() != "utf-8":
        # A locale of another encoding would read other names from disk, and withhold what has files under such names.
        os.execv(sys.executable, [sys.executable, "-X", "utf8", "-m", "generator", *sys.argv[1:]])
    _open_what_is_closed()
    give_back_large_arrays()
    start_no_matrix_threads()
    kept: list[object] = []
    status = main(kept=kept)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # Everything is written and closed: taking a cluster's worth of values apart would only keep an editor waiting.
    os._exit(status)
