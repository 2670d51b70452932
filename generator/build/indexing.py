"""Cleared items → search index in the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from generator.build.cache import Memory
from generator.build.inputs import Inputs
from generator.build.learning import Knowledge
from generator.build.progress import Progress
from generator.build.screening import Assembly
from generator.build.settings import Settings
from generator.build.tree import Tree

DECODERS: Mapping[str, Callable[[bytes], Iterable[str]]] = {}


def index(
    settings: Settings,
    inputs: Inputs,
    knowledge: Knowledge,
    assembly: Assembly,
    tree: Tree,
    memory: Memory | None,
    progress: Progress,
) -> None:
    """Write the index."""
