"""Cleared items → the search index in the tree, mended where the last one is at hand. Effects: tree and cache.

In two steps, so that other work is done while workers make the shards, or a copy of this process mends them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from generator.build.auditing import no_text
from generator.build.background import can_copy, in_background
from generator.build.cache import Memory, sealed, unsealed
from generator.build.executor import Workers
from generator.build.inputs import Inputs
from generator.build.learning import PACKS, Knowledge
from generator.build.packs import PackError, PackReader, reference
from generator.build.progress import Progress
from generator.build.rendering import key_of, put
from generator.build.screening import Assembly
from generator.build.settings import Settings
from generator.build.texts import ReadBack, Texts, begin_changed_texts, begin_texts
from generator.build.tree import Tree
from generator.clearance.gate import ClearedItem
from generator.model import OutputFile
from generator.search.index import SOURCE, Definitions, IndexResult, ItemTexts, begin_index, mend_index
from generator.search.mending import IndexDocument, Previous
from generator.search.names import INDEX

STATE = "index.bin"
SPILL = "spill"
_FEW = 30
"""More changed items are worth all processors, one after another."""


DECODERS: Mapping[str, Callable[[bytes], Iterable[str]]] = {"bin": no_text}
"""Readers for the audit, by extension: binary files of the index hold terms, which are compared apart."""


class Mended(NamedTuple):
    """The last index with its changes, as another process hands it over."""

    files: Sequence[OutputFile]
    """Those that are new."""
    kept: frozenset[str]
    state: bytes
    texts: Sequence[tuple[str, bytes, tuple[str, ...]]]
    """Of each item that is other than in the last index, by id; see ``ItemTexts``."""


class Indexing(NamedTuple):
    """An index for whose shards and texts workers were set to work; from ``begin_indexing``."""

    settings: Settings
    tree: Tree
    written: Callable[[], IndexResult]
    """Waits until every file of the index itself is written."""
    texts: Texts

    def write(self) -> None:
        """Write what is not written yet of the index itself; it is that of a build from nothing, whatever is reused."""
        settings = self.settings
        result = self.written()
        for path in result.kept:
            self.tree.keep_as_written(path)
        shutil.rmtree(_spill(settings), ignore_errors=True)
        settings.fs.write(settings.cache / STATE, *sealed(result.state), mode=0o600)

    def finish(self) -> Mapping[str, ReadBack]:
        """Wait for the texts beside it; gives those that were read back."""
        return self.texts.finish(self.tree)


@contextmanager
def begin_mending(
    settings: Settings,
    inputs: Inputs,
    knowledge: Knowledge,
    assembly: Assembly,
    tree: Tree,
    memory: Memory | None,
    crew: Workers,
) -> Iterator[Callable[[], Mended | None]]:
    """Mend the index in a copy of this process, where little changed; what is given back waits for it.

    ``None``: it is for ``begin_indexing`` to make.
    """
    few = len(knowledge.changed) <= _FEW and crew.jobs > 1 and not crew.started and can_copy()
    if not few or not _is_whole(tree, memory):
        yield lambda: None
        return
    with in_background(partial(_mend, settings, inputs, knowledge, assembly, memory)) as mended:
        yield mended


def _mend(
    settings: Settings,
    inputs: Inputs,
    knowledge: Knowledge,
    assembly: Assembly,
    memory: Memory | None,
) -> Mended | None:
    files: list[OutputFile] = []
    with PackReader(settings.cache / PACKS) as packs:
        previous = _previous(settings, memory, packs)
        if previous is None:
            return None
        read = partial(_postings, packs, knowledge)
        begun = mend_index(_documents(knowledge, assembly), read, _definitions(inputs), files.append, previous)
        if begun is None:
            return None
        result = begun.finish()
    texts = [(one.cleared.id, one.name, one.paths) for one in begun.changed_texts()]
    return Mended(files, result.kept, result.state, texts)


def begin_indexing(
    settings: Settings,
    inputs: Inputs,
    knowledge: Knowledge,
    assembly: Assembly,
    tree: Tree,
    memory: Memory | None,
    mended: Mended | None,
    crew: Workers,
    progress: Progress,
    *,
    audited: bool,
) -> Indexing:
    """Read the postings of what is cleared, and set the workers to work; or take the index as it was ``mended``."""
    write = partial(_write, settings, tree)
    if mended is not None:
        cleared = {one.id: one for one in _searchable(assembly)}
        texts = [ItemTexts(cleared.pop(item), name, paths) for item, name, paths in mended.texts]

        def handed_over() -> IndexResult:
            for file in mended.files:
                write(file)
            return IndexResult(mended.kept, mended.state, updated=True)

        begun_texts = begin_changed_texts(settings, knowledge, texts, cleared, tree, crew, audited=audited)
        return Indexing(settings, tree, handed_over, begun_texts)

    documents = _documents(knowledge, assembly)
    progress.stage("index", len(documents))
    spill = _spill(settings)
    shutil.rmtree(spill, ignore_errors=True)
    spill.mkdir(mode=0o700)
    packs = PackReader(settings.cache / PACKS)

    def postings(document: IndexDocument) -> bytes:
        progress.advance(1)
        return _postings(packs, knowledge, document)

    previous = _previous(settings, memory, packs) if _is_whole(tree, memory) else None
    begun = begin_index(documents, postings, _definitions(inputs), write, spill, previous, crew.begin)

    def made() -> IndexResult:
        with packs:
            return begun.finish()

    texts_of_all = begin_texts(settings, knowledge, begun.texts(), tree, crew, audited=audited)
    return Indexing(settings, tree, made, texts_of_all)


def _write(settings: Settings, tree: Tree, file: OutputFile) -> None:
    """Write a file of the index itself, unless it stands as it should."""
    if not tree.keep(file.path, key_of(file)):
        tree.unseal()
        tree.add(file.path, put(settings.fs, settings.out, file.path, file.data, key_of(file), file.source))


def _documents(knowledge: Knowledge, assembly: Assembly) -> list[IndexDocument]:
    return [IndexDocument(one, knowledge.states[one.facts.path].key) for one in _searchable(assembly)]


def _searchable(assembly: Assembly) -> list[ClearedItem]:
    held = {one.id for one in assembly.screening.withheld}  # a preview shows these, but nobody needs to find them
    return [one for one in assembly.screening.cleared if one.id not in held]


def _postings(packs: PackReader, knowledge: Knowledge, document: IndexDocument) -> bytes:
    return packs.postings(knowledge.body_of(document.cleared.facts.path))


def _definitions(inputs: Inputs) -> Definitions:
    return Definitions(inputs.cluster, inputs.thesaurus, inputs.table)


def _spill(settings: Settings) -> Path:
    return settings.cache.resolve() / SPILL


def _is_whole(tree: Tree, memory: Memory | None) -> bool:
    """Whether every file of the last index is the very one that was written."""
    # A build that found a leak deleted files: what it made is not the last index.
    return memory is not None and not memory.head.leaked and tree.holds_all_of(INDEX.removesuffix("/"), SOURCE)


def _previous(settings: Settings, memory: Memory | None, packs: PackReader) -> Previous | None:
    """The last index; see ``_is_whole``."""
    if memory is None:
        return None
    try:
        state = unsealed((settings.cache / STATE).read_bytes())
    except OSError:
        return None
    if state is None:
        return None
    sources = memory.sources

    def read(path: str) -> bytes:
        return (settings.out / path).read_bytes()

    def postings(item_id: str) -> bytes | None:
        known = sources.get(f"{item_id}.md") or sources.get(f"{item_id}/index.md")
        try:
            return packs.postings(reference(known)) if known else None
        except PackError:
            return None

    return Previous(state, read, postings)
