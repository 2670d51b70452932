"""The table by which search folds characters, kept from one build to the next. Effects: one file of the cache folder.

Making it takes longer than an edit's item takes to be read. It depends on this program, on Python's Unicode and
on OpenCC's dictionary, all of which the digest of the code and the libraries covers.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from generator.build import cache
from generator.build.fs import FileSystem
from generator.search.folding import Folding, dump_folding, folding, load_folding

FILE = "folding.bin"


@lru_cache(maxsize=1)
def folding_table(folder: Path) -> Folding:
    """The table that lies in the cache folder, or one that is made because what lies there cannot be believed."""
    return _kept(folder) or folding()


def kept_folding(fs: FileSystem, folder: Path) -> Folding:
    """The same, kept for the workers and the next build; only the first process of a build may write."""
    table = _kept(folder)
    if table is None:
        table = folding()
        fs.write(folder / FILE, *cache.sealed(cache.code_digest().encode(), b"\n", dump_folding(table)), mode=0o600)
    return table


def _kept(folder: Path) -> Folding | None:
    try:
        data = cache.unsealed((folder / FILE).read_bytes())
        code, _, dumped = bytes(data).partition(b"\n") if data is not None else (b"", b"", b"")
        return load_folding(dumped) if code.decode() == cache.code_digest() else None
    except (OSError, ValueError, msgspec.DecodeError):
        return None
