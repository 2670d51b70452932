"""How this program and its workers ask the system for memory. Effects: this process, and those it starts."""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3
_LARGE = 1 << 20


def give_back_large_arrays() -> None:
    """Let what a large array took go back to the system as soon as the array is gone.

    glibc raises the size from which it does so with each array that is freed, up to 32 MB, and then keeps a
    hundred megabytes in each process that nobody uses. Other C libraries know no such setting and need none.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_M_MMAP_THRESHOLD, _LARGE)
