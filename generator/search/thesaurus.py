"""``sites/thesaurus.yml`` → lay words and the official ones that are searched with them.

``parse_thesaurus`` is pure; ``load_thesaurus`` reads the file. A cluster may have none.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from generator.content.fields import load_yaml
from generator.content.yamlnodes import Document, Mapping, Node, Scalar, Sequence
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.errors import ConfigError

FILE_NAME: Final = "thesaurus.yml"
PATH: Final = f"sites/{FILE_NAME}"
_MOST_OFFICIAL: Final = 5
_LONGEST: Final = 20

Thesaurus = tuple[tuple[str, tuple[str, ...]], ...]
"""Lay word → official words, sorted by lay word."""


def load_thesaurus(sites: Path) -> Thesaurus:
    """Read the thesaurus of ``sites``; raises ``ConfigError`` with every fault."""
    if not os.path.lexists(sites / FILE_NAME):
        return ()
    thesaurus, faults = parse_thesaurus(load_yaml(sites / FILE_NAME, PATH), PATH)
    if any(fault.severity == "error" for fault in faults):
        raise ConfigError(faults)
    return thesaurus


def parse_thesaurus(document: Document, path: str) -> tuple[Thesaurus, tuple[Diagnostic, ...]]:
    """The entries of a thesaurus, and every fault with its place."""
    faults = list(document.diagnostics)
    entries: list[tuple[str, tuple[str, ...]]] = []
    if isinstance(document.root, Mapping):
        for key, value in document.root.entries:
            if not _word(key):
                faults.append(diagnostic("thesaurus-word", path, key.line, key.column))
                continue
            official = _official(value, path, faults)
            if key.value.strip() in official:
                faults.append(diagnostic("thesaurus-itself", path, value.line, value.column))
            entries.append((key.value.strip(), official))
    elif document.root is not None:
        faults.append(diagnostic("thesaurus-shape", path, document.root.line, document.root.column))
    return tuple(sorted(entries)), in_order(faults)


def _official(value: Node, path: str, faults: list[Diagnostic]) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or not 1 <= len(value.items) <= _MOST_OFFICIAL:
        faults.append(diagnostic("thesaurus-official", path, value.line, value.column, most=_MOST_OFFICIAL))
        return ()
    for node in value.items:
        if not _word(node):
            faults.append(diagnostic("thesaurus-word", path, node.line, node.column))
    return tuple(node.value.strip() for node in value.items if isinstance(node, Scalar))


def _word(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.absent and 1 < len(node.value.strip()) <= _LONGEST
