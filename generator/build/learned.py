"""What reading a source comes to. Apart from what reads: who takes the outcome need not load that."""

from __future__ import annotations

from typing import NamedTuple

from generator.build.cache import SourceState
from generator.model import ItemFacts


class Learned(NamedTuple):
    """The outcome for one source; ``facts=None``: its bytes are those already known."""

    path: str
    facts: ItemFacts | None
    state: SourceState
