"""Pairs of Han by number: which of thousands of keys are among those that are wanted. Pure."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.clearance.folding import Places

Pairs = NDArray[np.uint32]
Numbers = NDArray[np.int32]

_MIXER = 0x9E3779B1
_BITS = 32
_ROOM = 2
"""Slots for each pair. Few pairs share one, and the marks of all slots fit in a processor's own cache."""
_FREE, _SHARED, _OWN = 0, 2, 1
"""Marks of slots; that of one which a single pair has is odd, and tells most strangers."""
_MARK = np.uint32(5)
_NONE = -1


class Standing(NamedTuple):
    """Which of the keys that were asked may be wanted, ascending, and beside each the place of the pair that it is."""

    asked: Places
    places: Numbers
    """``-1`` beside one that is not wanted."""


class PairTable:
    """Pairs, each once, in slots by the leading bits of their mixed keys.

    Where several fall into one slot it is the last one's, and the others have a table of their own.
    """

    def __init__(self, pairs: Pairs, mixer: int = _MIXER) -> None:
        bits = max(8, (pairs.size * _ROOM).bit_length())
        self._pairs = pairs
        self._mixer, self._shift = np.uint32(mixer), np.uint32(_BITS - bits)
        mixed = pairs * self._mixer
        slots = self._slots(mixed)
        places = np.arange(pairs.size, dtype=np.int32)
        self._places = np.zeros(1 << bits, np.int32)
        self._places[slots] = places
        crowded = places.compress(self._places.take(slots) != places)
        self._marks = np.full(1 << bits, _FREE, np.uint8)
        self._marks[slots] = _marks(mixed)
        self._marks[slots.take(crowded)] = _SHARED
        self._crowded = np.append(crowded, np.int32(_NONE))
        # Each table has fewer pairs than the one before, as who has a slot is in no further one.
        self._rest = PairTable(pairs.take(crowded), mixer * _MIXER * _MIXER % (1 << _BITS)) if crowded.size else None

    def find(self, keys: Pairs) -> Standing:
        """Those of ``keys`` that are wanted, and some others."""
        mixed = keys * self._mixer
        slots = self._slots(mixed)
        marks = self._marks.take(slots, mode="clip")
        likely = marks == _marks(mixed)
        likely |= marks == _SHARED
        asked = np.flatnonzero(likely)
        if not asked.size:
            return Standing(asked, np.empty(0, np.int32))
        some = keys.take(asked)
        places = self._places.take(slots.take(asked), mode="clip")
        others = np.flatnonzero(self._pairs.take(places) != some)
        places[others] = _NONE
        if self._rest is not None:
            further = self._rest.find(some.take(others))
            places[others.take(further.asked)] = self._crowded.take(further.places)
        return Standing(asked, places)

    def _slots(self, mixed: Pairs) -> Places:
        return (mixed >> self._shift).astype(np.int64)


def _marks(mixed: Pairs) -> NDArray[np.uint8]:
    marks = (mixed >> _MARK).astype(np.uint8)
    marks |= np.uint8(_OWN)
    return marks
