"""generator.search.radix: numbers sorted digit by digit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from generator.search.radix import sort_by_digits


@given(high=arrays.arrays(np.uint64, st.integers(0, 60), elements=st.integers(0, (1 << 40) - 1)))
def test_numbers_are_sorted_by_their_digits(high: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> None:
    """All of the number but what ascends already, in digits of one byte and of two; one reads more than is its own."""
    numbers = high << np.uint64(24) | np.arange(high.size, dtype=np.uint64)
    found = sort_by_digits(numbers, (24, np.uint8), (32, np.uint16), (48, np.uint16))
    assert found.tolist() == sorted(numbers.tolist())
    assert sort_by_digits(numbers, (24, np.uint16), (32, np.uint16), (48, np.uint16)).tolist() == found.tolist()


def test_numbers_alike_in_all_digits_stay_in_their_order() -> None:
    """What is no digit is not looked at."""
    numbers = np.array([0x0205, 0x0109, 0x0203, 0x0101], np.uint64)
    assert sort_by_digits(numbers, (8, np.uint8)).tolist() == [0x0109, 0x0101, 0x0205, 0x0203]
