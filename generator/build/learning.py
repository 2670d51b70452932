"""Content folder → facts of every item, reading only what may have changed. Effects: reads content, writes packs."""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from generator.build.background import in_background
from generator.build.cache import Memory, SourceState
from generator.build.executor import Workers, chunked
from generator.build.inputs import Definitions
from generator.build.learned import Learned, decode_learned
from generator.build.packs import BodyRef
from generator.build.progress import Progress
from generator.build.settings import Settings
from generator.build.shared import Shared
from generator.build.unread import Survey, is_unread_unchanged
from generator.content.source import SourceItem, SourceTree
from generator.model import ItemFacts

PACKS = "packs"
HOLDING = "holding"
_CHUNK = 40
"""Items a task: long enough to be worth its messages, short enough that workers end together."""
_FEW = 30
"""Less work than this is done here: starting workers would take longer."""


@dataclass(frozen=True)
class Knowledge:
    """Everything learned of the content folder."""

    tree: SourceTree
    facts: Mapping[str, ItemFacts]
    """By source path, in the order of ids."""
    states: Mapping[str, SourceState]
    """By source path."""
    changed: frozenset[str]
    """Paths whose facts are not those of the build before."""
    read: frozenset[str]
    """Paths that were read: all other states are those of the build before."""
    sizes: Mapping[str, bytes]
    """Of the records that this build wrote, see ``BodyRef``."""

    def body_of(self, path: str) -> BodyRef:
        """Where the body of a source lies."""
        pack, offset, length = self.states[path].body
        return BodyRef(pack, offset, length, self.sizes.get(path, b""))


def parse_key(code: str, inputs: Definitions) -> bytes:
    """Digest of all that facts depend on beside the item and its bundle."""
    cluster = inputs.cluster
    names = ([unit.id for unit in cluster.units], [category.id for category in cluster.categories])
    digest = hashlib.blake2b(msgspec.json.encode((code, names, cluster.time_zone)), digest_size=16)
    digest.update(inputs.rules.digest.encode())
    return digest.digest()


@contextmanager
def begin_learning(
    settings: Settings,
    inputs: Definitions,
    code: str,
    surveyed: Survey,
    memory: Memory | None,
    crew: Workers,
    progress: Progress,
) -> Iterator[Callable[[], Knowledge]]:
    """Begin to read what may have changed; what is given back waits for the facts of every item.

    Those whose files are unchanged come from ``memory``.
    """
    tree, scanned_ns = surveyed
    key = parse_key(code, inputs)
    if memory is not None and not (memory.has_facts and memory.parse_key == key):
        memory = None
    old_states = memory.sources if memory is not None else {}
    states: dict[str, SourceState] = {}
    work: list[SourceItem] = []
    for source in tree.items:
        state = old_states.get(source.path)
        if state is not None and is_unread_unchanged(source, state):
            states[source.path] = state
        else:
            work.append(source)
    few = memory is not None and 0 < len(work) <= _FEW and crew.jobs > 1
    readers = crew.alone() if few else crew
    read = partial(_begin_reading, settings, inputs, key, work, old_states, scanned_ns, readers, progress)

    def finish() -> Knowledge:
        old_facts = (memory.facts() if memory is not None else None) or {}
        found = learned() if states.keys() <= old_facts.keys() else None
        if found is not None and all(one.facts is not None or one.path in old_facts for one in found):
            return _put_together(tree, states, old_facts, found)
        with begin_learning(settings, inputs, code, surveyed, None, crew, progress) as again:
            return again()

    begun: AbstractContextManager[Callable[[], list[Learned]]]
    # Few are read in a copy of this process, while the others' facts are decoded here.
    begun = in_background(lambda: [*read()]) if few else nullcontext(partial(list, read()))
    with begun as learned:
        yield finish


def _put_together(
    tree: SourceTree, states: dict[str, SourceState], old_facts: Mapping[str, ItemFacts], found: Sequence[Learned]
) -> Knowledge:
    """What was read, and what was known of all others, of which ``states`` are given."""
    states.update((one.path, one.state) for one in found)
    new = {one.path: one.facts for one in found if one.facts is not None}
    sizes = {one.path: one.sizes for one in found if one.sizes}
    ordered = {source.path: new.get(source.path) or old_facts[source.path] for source in tree.items}
    return Knowledge(tree, ordered, states, frozenset(new), frozenset(one.path for one in found), sizes)


def load_readers() -> None:
    """Load what reads items, half of all that a build loads, where this process has nothing better to do."""
    importlib.import_module("generator.build.facts")


def _begin_reading(
    settings: Settings,
    inputs: Definitions,
    key: bytes,
    work: Sequence[SourceItem],
    known: Mapping[str, SourceState],
    scanned_ns: int,
    crew: Workers,
    progress: Progress,
) -> Iterator[Learned]:
    if not work:
        return iter(())
    # Loaded by who reads, which in an edit is a copy of this process.
    from generator.build.facts import ParseContext, ParseTask, learn_chunk

    context = ParseContext(
        content=settings.content.resolve(),
        cluster=inputs.cluster,
        rules=inputs.rules,
        key=key,
        folder=settings.cache.resolve(),
        packs=(settings.cache / PACKS).resolve(),
        holding=(settings.cache / HOLDING).resolve(),
        scanned_ns=scanned_ns,
        fs=settings.fs,
    )
    shared = Shared(settings.fs, settings.cache.resolve(), context)
    # When what was known turns out not to be, all is read again while some of this may still be written.
    pack = f"{scanned_ns:x}-{'some' if known else 'all'}"
    tasks = [
        ParseTask(shared, f"{pack}-{number}.pack", chunk, [known.get(source.path) for source in chunk])
        for number, chunk in enumerate(chunked(work, _CHUNK))
    ]
    progress.stage("parse", len(work))
    return _decoded(crew.map(learn_chunk, tasks, small=len(work) <= _FEW), progress)


def _decoded(results: Iterable[bytes], progress: Progress) -> Iterator[Learned]:
    for result in results:
        found = decode_learned(result)
        yield from found
        progress.advance(len(found))


def tidy(settings: Settings, states: Mapping[str, SourceState], old: Iterable[SourceState]) -> None:
    """Forget bodies that no item has any more: packs without any are deleted, others are blanked in place.

    Called when the new head is on disk, so that nothing refers to what goes; ``old``: states that are no more.
    """
    folder = settings.cache / PACKS
    packs = {state.body[0] for state in states.values()}
    for name in sorted(os.listdir(folder) if folder.is_dir() else ()):
        if name not in packs:
            settings.fs.remove(folder / name)
    left = {state.body for state in old}
    for body in left.difference(state.body for state in states.values()) if left else ():
        if body[0] in packs:
            _blank(folder, body)


def _blank(folder: Path, body: tuple[str, int, int]) -> None:
    pack, offset, length = body
    with (folder / pack).open("r+b") as file:
        file.seek(offset)
        file.write(bytes(length))
