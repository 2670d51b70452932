"""Finished files → what of the withheld stands in them, by many processes. Effects: reads tree and packs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from generator.build.executor import Workers
from generator.build.explaining import OwnerRef
from generator.build.packs import BodyRef, PackReader
from generator.build.shared import Shared
from generator.clearance.fingerprints import Fingerprints, within
from generator.clearance.folding import Words
from generator.clearance.scanner import File, Owner, Scan, Scanned, Scanner
from generator.clearance.verbatim import Repeated

_CHUNK = 400
_FEW = 80
_AT_ONCE = 1 << 18
"""Bytes: nearly every file of a tree is smaller."""

Written = tuple[OwnerRef | None, Sequence[str]]
"""Files of the tree, and the cleared item of which they are made."""

Decoders = Mapping[str, Callable[[bytes], Iterable[str]]]


@dataclass(frozen=True)
class AuditContext:
    """What every scan needs."""

    prints: Fingerprints
    known: frozenset[str]
    decoders: Decoders
    out: Path
    packs: Path

    @cached_property
    def repeated(self) -> Repeated:
        """Made once a process: its tables are larger than what they are made of."""
        return Repeated(self.prints)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "repeated"}


class AuditTask(NamedTuple):
    """A chunk of files."""

    context: Shared[AuditContext]
    files: Sequence[Written]


def scan_chunk(task: AuditTask) -> Scanned:
    """Scan a chunk of files as they lie on disk."""
    context = task.context.get()
    scanner = Scanner(
        context.prints,
        known=context.known,
        decoders=context.decoders,
        repeated=lambda: context.repeated,
        again=partial(bytes_of, context.out),
    )
    with PackReader(context.packs) as packs:
        scanned = scanner.scan_all(_files(context.out, packs, task.files))
    return scanned._replace(files=sum(len(paths) for _, paths in task.files))


def _files(out: Path, packs: PackReader, written: Sequence[Written]) -> Iterator[File]:
    body = lru_cache(maxsize=1)(packs.texts)  # the files of an item follow each other
    texts = lru_cache(maxsize=1)(partial(packs.text_files, checked=False))
    for ref, paths in written:
        owner = None
        if ref is not None:
            item, source, place = ref
            at = BodyRef(*place)
            html, headings = partial(packs.html, at), partial(packs.headings, at)
            owner = Owner(item, source, partial(body, at), html, partial(texts, at), headings=headings)
        for path in paths:
            yield File(path, bytes_of(out, path), owner)


def bytes_of(out: Path, path: str) -> bytes:
    """A file as it lies on disk."""
    handle = os.open(f"{out}/{path}", os.O_RDONLY)
    try:
        data = os.read(handle, _AT_ONCE)
        while more := os.read(handle, _AT_ONCE):  # a call may give less than there is
            data += more
        return data
    finally:
        os.close(handle)


def looked_at_again(context: AuditContext, scans: Sequence[Scan], unexplained: Words) -> list[Scan]:
    """The scans, and exact those in which something stands that nobody is known to say."""
    scanner = Scanner(context.prints, known=context.known, decoders=context.decoders)
    found = []
    for scan in scans:
        if not scan.exact and within(scan.keys, unexplained).size:
            again = scanner.scan(scan.path, bytes_of(context.out, scan.path))
            scan = again._replace(keys=within(again.keys, scan.keys))
        found.append(scan)
    return found


def begin_scan(
    shared: Shared[AuditContext],
    work: Sequence[Written],
    crew: Workers,
) -> Iterator[Scanned]:
    """Set workers to looking through files."""
    if not work:
        return iter(())
    small = sum(len(paths) for _, paths in work) <= _FEW
    if not small and crew.jobs > 1:
        shared.write()
    tasks = (AuditTask(shared, chunk) for chunk in _chunked(work))
    return crew.begin(scan_chunk, tasks, small=small)


def _chunked(work: Sequence[Written]) -> Iterator[Sequence[Written]]:
    """At most ``_CHUNK`` files at a time, which are looked through as one; those of one item together."""
    start = held = 0
    for number, (_, paths) in enumerate(work):
        if held and held + len(paths) > _CHUNK:
            yield work[start:number]
            start, held = number, 0
        held += len(paths)
    if start < len(work):
        yield work[start:]
