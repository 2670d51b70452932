"""Records of packs, for tests."""

from __future__ import annotations

from generator.build.packs import Record, draft_body, source_of
from generator.model import ItemBody


def encode_body(body: ItemBody, source: bytes = b"") -> Record:
    """The record of one body, whose ``source_text`` is that of ``source``."""
    return draft_body(body).record(body.postings, source_of(source))
