"""Numbers sorted digit by digit, the last digit first. Pure.

numpy sorts digits of at most 16 bits by counting, and compares whatever is longer: three or four short ones take less
than half of the time that whole numbers do. Numbers that agree in all digits stay in the order in which they came, so
that what ascends already need not be a digit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
Digit = tuple[int, type[np.uint8] | type[np.uint16]]
"""From which bit on it is read, and as what; higher bits that fall into it do no harm where they are sorted later."""


def sort_by_digits(numbers: Numbers, *digits: Digit) -> Numbers:
    """The numbers in the order of these digits, of which the first one counts least."""
    for shift, kind in digits:
        order = (numbers >> np.uint64(shift)).astype(kind).argsort(kind="stable")
        numbers = numbers.take(order)
    return numbers
