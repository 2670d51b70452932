"""How this program and its workers ask the system for memory and threads. Effects: this process, and those it starts.

Both are asked for before numpy is loaded: its library for matrices looks once, when it is loaded.
"""

from __future__ import annotations

import ctypes
import os

_M_MMAP_THRESHOLD = -3
_LARGE = 1 << 20
_THREADS = "OPENBLAS_NUM_THREADS"


def give_back_large_arrays() -> None:
    """Let what a large array took go back to the system as soon as the array is gone.

    glibc raises the size from which it does so with each array that is freed, up to 32 MB, and then keeps a
    hundred megabytes in each process that nobody uses. Other C libraries know no such setting and need none.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_M_MMAP_THRESHOLD, _LARGE)


def start_no_matrix_threads() -> None:
    """Let numpy's library for matrices start no threads, unless the operator asked for some.

    Nothing here multiplies matrices, and the threads that it starts while it is loaded keep every processor
    busy for some hundredths of a second, in each worker too.
    """
    os.environ.setdefault(_THREADS, "1")
