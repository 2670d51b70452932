"""``python -m generator``: hands over to the command line."""

import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

_OURS = Path(__file__).resolve().parent.parent / ".venv" / "bin" / "python"
"""The Python that ``make`` sets up."""


def _hand_over() -> None:
    """Go on under the Python that has what we need: manuals say ``python``, and few know that there are several."""
    if os.access(_OURS, os.X_OK) and Path(sys.prefix) != _OURS.parent.parent:
        os.execv(_OURS, [str(_OURS), "-m", "generator", *sys.argv[1:]])
    print("缺少运行所需的库，请先运行 make build。Libraries are missing: run make build first.", file=sys.stderr)
    sys.exit(2)


def _open_what_is_closed() -> None:
    """Let nothing else be opened under the number of a standard stream that was closed before we began."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(2, "w")


def _run(kept: list[object]) -> int:
    from generator.cli import main
    from generator.commands.memory import give_back_large_arrays, start_no_matrix_threads, take_short_turns

    give_back_large_arrays()
    start_no_matrix_threads()
    take_short_turns()
    return main(kept=kept)


if __name__ == "__main__":
    if find_spec("msgspec") is None:
        _hand_over()
    if sys.getfilesystemencoding() != "utf-8":
        # A locale of another encoding would read other names from disk, and withhold what has files under such names.
        os.execv(sys.executable, [sys.executable, "-X", "utf8", "-m", "generator", *sys.argv[1:]])
    _open_what_is_closed()
    kept: list[object] = []
    status = _run(kept)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # Everything is written and closed: taking a cluster's worth of values apart would only keep an editor waiting.
    os._exit(status)
