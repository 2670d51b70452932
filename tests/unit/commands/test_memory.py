"""What this program asks of the system before it loads anything large."""

from __future__ import annotations

import os
import platform
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


_FAULTS = """
import resource
import numpy
from generator.commands.memory import give_back_large_arrays

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def resident():
    return int(open("/proc/self/statm").read().split()[1])

give_back_large_arrays()
for round in range(300):
    if round == 100:
        before = faults()
    small = [numpy.ones(64 << 10) for _ in range(20)]
    del small
print((faults() - before) // 200)
before = resident()
for size in (4, 16, 24):
    large = numpy.ones(size << 17)
    del large
print((resident() - before) // 256)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the setting is one of glibc")
def test_small_arrays_are_kept_and_large_ones_given_back() -> None:
    """Faults a round of twenty arrays of half a megabyte; megabytes that are left of three large arrays."""

    done = subprocess.run([sys.executable, "-c", _FAULTS], capture_output=True, text=True, check=True)
    faults, left = map(int, done.stdout.split())
    assert faults < 20
    assert left == 0


_TURNS = """
import sys, threading, time
from generator.commands.memory import take_short_turns

def turns():
    # How often another thread comes to its turn while this one computes without a pause.
    count, over = 0, threading.Event()
    def take():
        nonlocal count
        while not over.is_set():
            time.sleep(0)
            count += 1
    other = threading.Thread(target=take)
    other.start()
    end = time.process_time() + 0.5
    while time.process_time() < end:
        pass
    over.set()
    other.join()
    return count

before = turns()
take_short_turns()
print(before, turns())
"""


def test_other_threads_soon_come_to_their_turn() -> None:
    """Those that hand tasks to workers do, while this process computes."""
    done = subprocess.run([sys.executable, "-c", _TURNS], capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    assert after > 3 * before > 0
