"""The texts beside the index, from which search shows its snippets. Effects: reads packs, writes the tree.

``write_chunk`` runs in workers. The files of an item depend on its text alone and share a name
that is a digest of it, so that an item whose text is unchanged costs a look at the ledger. For the audit
each file is read back as soon as it is written: whoever would read it later had to look up again what it
is to hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from generator.build.cache import OutputState
from generator.build.executor import Workers, chunked
from generator.build.fs import FileSystem
from generator.build.learning import PACKS, Knowledge
from generator.build.packs import BodyRef, PackReader
from generator.build.rendering import put
from generator.build.scanning import bytes_of
from generator.build.settings import Settings
from generator.build.shared import Shared
from generator.build.tree import Tree
from generator.clearance.gate import ClearedItem
from generator.search.index import ItemTexts
from generator.search.names import TEXTS

_CHUNK: Final = 128
_FEW: Final = 64


@dataclass(frozen=True)
class TextContext:
    """What every chunk needs."""

    out: Path
    packs: Path
    fs: FileSystem
    audited: bool


class TextJob(NamedTuple):
    """One cleared item whose text files are to be written."""

    item: str
    name: bytes
    body: BodyRef


class TextTask(NamedTuple):
    """A chunk of items."""

    context: Shared[TextContext]
    jobs: Sequence[TextJob]


class ReadBack(NamedTuple):
    """A file that was read after it was written, and held the texts of a body and nothing else."""

    entry: OutputState
    body: BodyRef


class Texts(NamedTuple):
    """Text files that workers write while the build goes on."""

    bodies: Mapping[str, BodyRef]
    """Of each item the body whose texts they were to write."""
    written: Iterator[list[tuple[str, OutputState, bool]]]

    def finish(self, tree: Tree) -> dict[str, ReadBack]:
        """Wait for every file; gives, by path, those that were found to be what they are to be."""
        found = {}
        for written in self.written:
            for path, entry, same in written:
                tree.add(path, entry)
                if same:
                    found[path] = ReadBack(entry, self.bodies[entry.source])
        return found


def begin_texts(
    settings: Settings,
    knowledge: Knowledge,
    texts: Sequence[ItemTexts],
    tree: Tree,
    crew: Workers,
    *,
    audited: bool,
) -> Texts:
    """Keep the text files that are as they should be and begin to write the others."""
    return _begin(settings, _not_kept(texts, tree, knowledge), tree, crew, audited=audited)


def begin_changed_texts(
    settings: Settings,
    knowledge: Knowledge,
    texts: Sequence[ItemTexts],
    unchanged: Mapping[str, ClearedItem],
    tree: Tree,
    crew: Workers,
    *,
    audited: bool,
) -> Texts:
    """The same where the index was mended: ``texts`` are those of items that are other, all others are ``unchanged``.

    What stands in the tree for an item that is as it was is what should.
    """
    jobs = _not_kept(texts, tree, knowledge)
    lost = tree.keep_of(TEXTS, unchanged.keys())
    jobs += [_job(unchanged[item], name, knowledge) for item, name in sorted(lost.items())]
    return _begin(settings, jobs, tree, crew, audited=audited)


def _not_kept(texts: Sequence[ItemTexts], tree: Tree, knowledge: Knowledge) -> list[TextJob]:
    return [
        _job(one.cleared, one.name, knowledge)
        for one in texts
        if not all(tree.keep(path, one.name) for path in one.paths)
    ]


def _job(cleared: ClearedItem, name: bytes, knowledge: Knowledge) -> TextJob:
    return TextJob(cleared.id, name, knowledge.body_of(cleared.facts.path))


def _begin(settings: Settings, jobs: Sequence[TextJob], tree: Tree, crew: Workers, *, audited: bool) -> Texts:
    if not jobs:
        return Texts({}, iter(()))
    tree.unseal()
    context = TextContext(settings.out.resolve(), (settings.cache / PACKS).resolve(), settings.fs, audited)
    shared = Shared(settings.fs, settings.cache.resolve(), context)
    lying = sorted(jobs, key=attrgetter("body"))  # neighbours in the index lie in as many packs: each would be opened
    tasks = [TextTask(shared, chunk) for chunk in chunked(lying, _CHUNK)]
    bodies = {job.item: job.body for job in jobs}
    return Texts(bodies, crew.begin(write_chunk, tasks, small=len(jobs) <= _FEW))


def write_chunk(task: TextTask) -> list[tuple[str, OutputState, bool]]:
    """Write the text files of a chunk of items; gives their ledger entries, and whether they hold just that."""
    context = task.context.get()
    written = []
    with PackReader(context.packs) as packs:
        for job in task.jobs:
            for path, data in packs.text_files(job.body):
                entry = put(context.fs, context.out, path, data, job.name, job.item)
                written.append((path, entry, context.audited and bytes_of(context.out, path) == data))
    return written
