"""What ``sites``, ``themes`` and the evidence folders hold, as bytes. Effects: reads them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from generator.build.settings import Settings
from generator.content.names import is_utf8
from generator.diagnostics import diagnostic, in_order
from generator.errors import ConfigError


def configuration_texts(settings: Settings) -> Mapping[str, bytes]:
    """Every file of ``sites`` and ``themes`` by its logical path: what they say, they may say in public.

    Raises ``ConfigError`` for names that are no UTF-8: such a file could be neither read by its name nor published.
    """
    found: dict[str, bytes] = {}
    for name, folder in (("sites", settings.sites), ("themes", settings.themes)):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found[f"{name}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    faults = [diagnostic("name-encoding", name) for name in found if not is_utf8(name)]
    if faults:
        raise ConfigError(in_order(faults))
    return found


def digest_of(texts: Mapping[str, bytes]) -> str:
    """Digest of names and bytes."""
    digest = hashlib.blake2b(digest_size=16)
    for name, data in texts.items():
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def evidence_digest(content: Path) -> str:
    """Digest of every file that the gate judges by beside the items."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(content.glob("*/_*/*")):
        if path.is_file():
            digest.update(os.fsencode(f"{path.relative_to(content).as_posix()}\0"))
            digest.update(hashlib.blake2b(path.read_bytes(), digest_size=16).digest())
    return digest.hexdigest()
