"""What this program asks of the system before it loads anything large."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_COUNT = """
import os
from generator.commands.memory import start_no_matrix_threads
start_no_matrix_threads()
import numpy
print(os.environ["OPENBLAS_NUM_THREADS"], len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts threads in /proc")
@pytest.mark.parametrize(("asked", "said"), [({}, "1 1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2 ")])
def test_numpy_starts_no_threads_unless_asked_to(asked: dict[str, str], said: str) -> None:
    """The operator's own wish stands."""
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"} | asked
    done = subprocess.run([sys.executable, "-c", _COUNT], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(said)
