"""What the index's files are called: after their content, but for the entry. Pure."""

from __future__ import annotations

from typing import Final

from xxhash import xxh3_128_digest

NAME_BYTES: Final = 7
INDEX: Final = "search/"
"""Before the paths of all files of the index."""
TEXTS: Final = "search/text/"
"""Before the paths of the texts from which search shows its snippets."""
ENTRY: Final = "search/entry.json"
"""The only file of the index with a fixed name."""


def content_name(data: bytes) -> bytes:
    """The name of a file with these bytes: whoever has it under this name has these very bytes."""
    return xxh3_128_digest(data)[:NAME_BYTES]


def shard_path(name: bytes) -> str:
    """Where a shard lies."""
    return f"search/shards/{name.hex()}.bin"


def page_path(name: bytes) -> str:
    """Where a page of the directory of shards lies."""
    return f"search/pages/{name.hex()}.bin"


def result_path(name: bytes) -> str:
    """Where a block of results lies."""
    return f"search/results/{name.hex()}.json"


def single_path(kind: str, name: bytes, extension: str) -> str:
    """Where one of the few large files lies: ``columns``, ``root``, ``folding``, ``thesaurus``."""
    return f"search/{kind}-{name.hex()}.{extension}"
