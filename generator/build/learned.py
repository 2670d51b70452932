"""What reading a source comes to. Apart from what reads: who takes the outcome need not load that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from generator.build.cache import SourceState
from generator.model import ItemFacts


class Learned(NamedTuple):
    """The outcome for one source; ``facts=None``: its bytes are those already known."""

    path: str
    facts: ItemFacts | None
    state: SourceState
    sizes: bytes = b""
    """Of the record of its body that was just written, see ``BodyRef``."""


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(list[Learned])


def encode_learned(learned: Sequence[Learned]) -> bytes:
    """As it travels from a worker: as the cache holds facts, which takes half the time of pickling."""
    return _encode(learned)


def decode_learned(data: bytes) -> list[Learned]:
    """What was encoded."""
    return _decoder.decode(data)
