"""How this program and its workers use memory and threads. Effects: this process, and those it starts.

All is settled before numpy is loaded: its library for matrices looks once, when it is loaded.
"""

from __future__ import annotations

import ctypes
import os
import sys

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3
_LARGE = 4 << 20
_KEPT = 16 << 20
_MORE = 1 << 20
_THREADS = "OPENBLAS_NUM_THREADS"
_TURN = 0.0002
"""Seconds."""


def give_back_large_arrays() -> None:
    """Let what a large array took go back to the system as soon as the array is gone, but not what small ones took.

    glibc raises the size from which it does so with each array that is freed, up to 32 MB, and then keeps a
    hundred megabytes in each process that nobody uses. Once that size is set, it gives back all else as well when
    a tenth of a megabyte is free, to ask for it again at once: the system clears 5 GB in a build of 10,000 items.
    Most arrays of a build take one to three megabytes, many times over: they are no large ones.
    Other C libraries know no such settings and need none.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        for option, value in ((_M_MMAP_THRESHOLD, _LARGE), (_M_TRIM_THRESHOLD, _KEPT), (_M_TOP_PAD, _MORE)):
            set_option(option, value)


def start_no_matrix_threads() -> None:
    """Let numpy's library for matrices start no threads, unless the operator asked for some.

    Nothing here multiplies matrices, and the threads that it starts while it is loaded keep every processor
    busy for some hundredths of a second, in each worker too.
    """
    os.environ.setdefault(_THREADS, "1")


def take_short_turns() -> None:
    """Let the threads by which workers are given their tasks come to their turn while this process computes.

    A task passes through two threads, which wait for their turn some ten times on its way. At Python's five
    milliseconds each, workers had nothing to do for tenths of a second while this process planned their next work.
    """
    sys.setswitchinterval(_TURN)
