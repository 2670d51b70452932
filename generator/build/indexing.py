"""Cleared items → the search index in the tree, mended where the last one is at hand. Effects: tree and cache.

In two steps, so that other work is done while workers make the shards.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from generator.build.auditing import no_text
from generator.build.cache import Memory, sealed, unsealed
from generator.build.executor import Workers
from generator.build.inputs import Inputs
from generator.build.learning import PACKS, Knowledge
from generator.build.packs import PackError, PackReader, reference
from generator.build.progress import Progress
from generator.build.rendering import key_of, put
from generator.build.screening import Assembly
from generator.build.settings import Settings
from generator.build.texts import Texts, begin_texts
from generator.build.tree import Tree
from generator.model import OutputFile
from generator.search.index import BegunIndex, Definitions, begin_index
from generator.search.mending import IndexDocument, Previous

STATE = "index.bin"
SPILL = "spill"


DECODERS: Mapping[str, Callable[[bytes], Iterable[str]]] = {"bin": no_text}
"""Readers for the audit, by extension: binary files of the index hold terms, which are compared apart."""


class Indexing:
    """An index for whose shards and texts workers were set to work; from ``begin_indexing``."""

    def __init__(self, settings: Settings, tree: Tree, begun: BegunIndex, texts: Texts, packs: PackReader) -> None:
        self._settings = settings
        self._tree = tree
        self._begun = begun
        self._texts = texts
        self._packs = packs

    def finish(self) -> None:
        """Write what is not written yet; the result is that of a build from nothing, whatever is reused."""
        settings, tree = self._settings, self._tree
        with self._packs:
            result = self._begun.finish()
        for path in result.kept:
            tree.keep_as_written(path)
        self._texts.finish(tree)
        shutil.rmtree(_spill(settings), ignore_errors=True)
        settings.fs.write(settings.cache / STATE, sealed(result.state), mode=0o600)


def begin_indexing(
    settings: Settings,
    inputs: Inputs,
    knowledge: Knowledge,
    assembly: Assembly,
    tree: Tree,
    memory: Memory | None,
    crew: Workers,
    progress: Progress,
) -> Indexing:
    """Read the postings of what is cleared, and set the workers to work."""
    states = knowledge.states
    held = {one.id for one in assembly.screening.withheld}  # a preview shows these, but nobody needs to find them
    cleared = [one for one in assembly.screening.cleared if one.id not in held]
    documents = [IndexDocument(one, states[one.facts.path].key) for one in cleared]
    progress.stage("index", len(documents))
    spill = _spill(settings)
    shutil.rmtree(spill, ignore_errors=True)
    spill.mkdir(mode=0o700)

    def write(file: OutputFile) -> None:
        if not tree.keep(file.path, key_of(file)):
            tree.unseal()
            tree.add(file.path, put(settings.fs, settings.out, file.path, file.data, key_of(file), file.source))

    packs = PackReader(settings.cache / PACKS)

    def postings(document: IndexDocument) -> bytes:
        progress.advance(1)
        return packs.postings(reference(states[document.cleared.facts.path]))

    begun = begin_index(
        documents,
        postings,
        Definitions(inputs.cluster, inputs.thesaurus, inputs.table),
        write,
        spill,
        _previous(settings, tree, memory, packs),
        crew.begin,
    )
    return Indexing(settings, tree, begun, begin_texts(settings, knowledge, begun.texts, tree, crew), packs)


def _spill(settings: Settings) -> Path:
    return settings.cache.resolve() / SPILL


def _previous(settings: Settings, tree: Tree, memory: Memory | None, packs: PackReader) -> Previous | None:
    """The last index, if every file of it is the very one that was written."""
    # A build that found a leak deleted files: what it made is not the last index.
    if memory is None or not memory.head.inputs or not tree.holds_all_of("search"):
        return None
    try:
        state = unsealed((settings.cache / STATE).read_bytes())
    except OSError:
        return None
    if state is None:
        return None
    by_id = {path.removesuffix(".md").removesuffix("/index"): known for path, known in memory.sources.items()}

    def read(path: str) -> bytes:
        return (settings.out / path).read_bytes()

    def postings(item_id: str) -> bytes | None:
        known = by_id.get(item_id)
        try:
            return packs.postings(reference(known)) if known else None
        except PackError:
            return None

    return Previous(state, read, postings)
