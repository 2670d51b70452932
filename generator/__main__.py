"""``python -m generator``: hands over to the command line."""

import os
import sys
from contextlib import suppress

from generator.cli import main
from generator.commands.memory import give_back_large_arrays, start_no_matrix_threads

if __name__ == "__main__":
    give_back_large_arrays()
    start_no_matrix_threads()
    kept: list[object] = []
    status = main(kept=kept)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # Everything is written and closed: taking a cluster's worth of values apart would only keep an editor waiting.
    os._exit(status)
