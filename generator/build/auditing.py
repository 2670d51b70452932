"""After the tree is written: prove that nothing withheld stands in it. Effects: reads the tree, packs and cache.

The proof itself is ``clearance.audit``; here it meets the files. A file found clean of every fingerprint is
remembered by its digest and the fingerprints', so that the proof is cheap enough to run always.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from generator.build.cache import OutputState
from generator.build.executor import Workers, chunked
from generator.build.facts import reference
from generator.build.learning import PACKS, Knowledge
from generator.build.packs import BodyRef, PackReader
from generator.build.progress import Progress
from generator.build.settings import Settings
from generator.build.shared import Shared
from generator.clearance.audit import (
    Leak,
    Scan,
    Scanner,
    file_leaks,
    has_tombstone,
    item_texts,
    item_values,
    leaks,
    together,
    withheld_files,
    withheld_prints,
)
from generator.clearance.audit_views import kind_of
from generator.clearance.fingerprints import Fingerprints, without
from generator.clearance.folding import SEPARATOR, Words
from generator.clearance.gate import ClearedItem, Screening
from generator.model import ItemBody, ItemFacts

_CHUNK = 60
_FEW = 80
_TOGETHER = 200
"""Items whose front matter is looked through at a time."""
PRINTS = "prints.bin"

Decoders = Mapping[str, Callable[[bytes], Iterable[str]]]


@dataclass(frozen=True)
class AuditContext:
    """What every scan needs."""

    prints: Fingerprints
    known: frozenset[str]
    decoders: Decoders
    out: Path
    packs: Path
    base_urls: Mapping[str, str]


class Owner(NamedTuple):
    """The cleared item of which a file is made: its page, an attachment, a text for snippets."""

    facts: ItemFacts
    body: tuple[str, int, int]


class AuditTask(NamedTuple):
    """A chunk of files, with the owner of each that has one."""

    context: Shared[AuditContext]
    files: Sequence[tuple[str, Owner | None]]


@dataclass(frozen=True)
class ExplainContext:
    """What is looked for in every cleared item, when cheaper explanations did not suffice."""

    prints: Fingerprints
    keys: Words
    packs: Path
    base_urls: Mapping[str, str]


class ExplainTask(NamedTuple):
    """A chunk of cleared items."""

    context: Shared[ExplainContext]
    owners: Sequence[Owner]


@dataclass(frozen=True)
class AuditResult:
    """The proof, or what stands against it."""

    leaks: tuple[Leak, ...]
    dirty: frozenset[str]
    """Paths that hold any fingerprint, however explained: they are looked at in every build."""
    prints_digest: str


class Remembered(NamedTuple):
    """What the build before proved: the files of ``outputs`` are clean of these fingerprints, but for ``dirty``."""

    prints_digest: str
    dirty: frozenset[str]
    outputs: Mapping[str, OutputState]


def scan_chunk(task: AuditTask) -> list[Scan]:
    """Scan a chunk of files as they lie on disk."""
    context = task.context.get()
    scanner = Scanner(context.prints, known=context.known, decoders=context.decoders)
    found: list[Scan] = []
    with PackReader(context.packs) as packs:
        for path, owner in task.files:
            data = (context.out / path).read_bytes()
            if owner is None:
                found.append(scanner.scan(path, data))
                continue
            body = packs.body(BodyRef(*owner.body))
            base_url = context.base_urls.get(owner.facts.id.partition("/")[0], "")
            found.append(scanner.scan(path, data, own=(owner.facts, body), base_url=base_url))
    return found


def audit(
    settings: Settings,
    screening: Screening,
    knowledge: Knowledge,
    entries: Mapping[str, OutputState],
    remembered: Remembered,
    configuration: Mapping[str, bytes],
    decoders: Decoders,
    base_urls: Mapping[str, str],
    crew: Workers,
    progress: Progress,
) -> AuditResult:
    """Scan every file that is not remembered as clean; gives the leaks.

    ``configuration`` are the files of definitions and theme: what they say, they may say in public.
    """
    screening = _without_exposed(screening)
    said = (data.decode("utf-8", "replace") for data in configuration.values())
    prints = _load_prints(settings, screening, knowledge).less((*said, *_values(screening.cleared, base_urls)))
    clean = remembered.outputs if remembered.prints_digest == prints.digest else {}
    cleared = {one.id: one for one in screening.cleared}
    published = {file.published_sha256 for one in screening.cleared for file in one.facts.attachments}
    work: list[tuple[str, Owner | None]] = []
    textless: list[str] = []
    for path, entry in sorted(entries.items()):
        if path not in remembered.dirty and clean.get(path) == entry:
            continue
        if decoders.get(kind_of(path)) is no_text:
            textless.append(path)
            continue
        one = cleared.get(entry.source)
        work.append((path, Owner(one.facts, knowledge.states[one.facts.path].body) if one else None))
    context = AuditContext(
        prints=prints,
        known=frozenset(published) | {hashlib.sha256(data).hexdigest() for data in configuration.values()},
        decoders=decoders,
        out=settings.out.resolve(),
        packs=(settings.cache / PACKS).resolve(),
        base_urls=base_urls,
    )
    scans = _scan(settings, context, work, crew, progress)
    scans += _scan_names(prints, textless)
    unexplained = _explain(settings, screening, knowledge, prints, scans, base_urls, crew)
    explained = np.setdiff1d(together(scans), unexplained)
    found = leaks(prints, scans, explained)
    found += file_leaks(((path, entry.sha256) for path, entry in entries.items()), withheld_files(screening))
    dirty = frozenset(scan.path for scan in scans if scan.touched or not scan.readable)
    return AuditResult(tuple(sorted(set(found))), dirty, prints.digest)


def no_text(data: bytes) -> tuple[str, ...]:
    """Reads a format that holds no running text: of such a file only the name is looked at."""
    return ()


def _scan_names(prints: Fingerprints, paths: Sequence[str]) -> list[Scan]:
    """Thousands of names at once; one by one only when something stands in one of them."""
    nothing = np.empty(0, np.uint64)
    if not prints.hits(SEPARATOR.join(paths)).size:
        return []
    return [Scan(path, prints.hits(path), nothing) for path in paths]


def _without_exposed(screening: Screening) -> Screening:
    """What is withheld explains nothing, even if a preview's screening came here by mistake."""
    held = {one.id for one in screening.withheld}
    return replace(screening, cleared=tuple(one for one in screening.cleared if one.id not in held))


def _scan(
    settings: Settings,
    context: AuditContext,
    work: Sequence[tuple[str, Owner | None]],
    crew: Workers,
    progress: Progress,
) -> list[Scan]:
    if not work:
        return []
    shared = Shared(settings.fs, settings.cache.resolve(), context)
    progress.stage("audit", len(work))
    scans: list[Scan] = []
    tasks = (AuditTask(shared, chunk) for chunk in chunked(work, _CHUNK))
    for result in crew.map(scan_chunk, tasks, small=len(work) <= _FEW):
        scans += result
        progress.advance(len(result))
    return scans


def _explain(
    settings: Settings,
    screening: Screening,
    knowledge: Knowledge,
    prints: Fingerprints,
    scans: Sequence[Scan],
    base_urls: Mapping[str, str],
    crew: Workers,
) -> Words:
    """The keys found that stand in no cleared item either; the owners of files explain most of them."""
    quoted = [scan.quoted for scan in scans if scan.quoted.size]
    keys = together(scans)
    if quoted:
        keys = np.setdiff1d(keys, np.concatenate(quoted))
    if not keys.size:
        return keys
    context = ExplainContext(prints.narrowed(keys), keys, (settings.cache / PACKS).resolve(), base_urls)
    shared = Shared(settings.fs, settings.cache.resolve(), context)
    owners = [Owner(one.facts, knowledge.states[one.facts.path].body) for one in screening.cleared]
    tasks = (ExplainTask(shared, chunk) for chunk in chunked(owners, _CHUNK))
    for explained in crew.map(explain_chunk, tasks, small=len(owners) <= _FEW):
        keys = without(keys, explained)
    return keys


def _values(cleared: Sequence[ClearedItem], base_urls: Mapping[str, str]) -> Iterator[str]:
    """What cleared items say beside their bodies, many items at a time."""
    for chunk in chunked(cleared, _TOGETHER):
        yield SEPARATOR.join(item_values(one.facts, base_urls.get(one.item.unit, "")) for one in chunk)


def explain_chunk(task: ExplainTask) -> Words:
    """The keys that stand in a chunk of cleared items."""
    context = task.context.get()
    rest = context.keys
    with PackReader(context.packs) as packs:
        for owner in task.owners:
            body = packs.body(BodyRef(*owner.body))
            base_url = context.base_urls.get(owner.facts.id.partition("/")[0], "")
            said = SEPARATOR.join(item_texts(owner.facts, body, base_url))
            rest = without(rest, context.prints.hits(said))
    return without(context.keys, rest)


def _load_prints(settings: Settings, screening: Screening, knowledge: Knowledge) -> Fingerprints:
    """The fingerprints of all that is withheld, made again only when that changed."""
    digest = hashlib.blake2b(digest_size=16)
    for one in screening.withheld:
        address = not has_tombstone(one.id, screening.tombstones)
        digest.update(f"{one.path}\0{knowledge.states[one.path].key.hex()}\0{address}\n".encode())
    for refused in knowledge.tree.refused:
        digest.update(refused.encode("utf-8", "surrogateescape"))
        digest.update(_refused(settings, refused).encode("utf-8", "surrogatepass"))
    key = digest.digest()
    path = settings.cache / PRINTS
    stored = _stored(path, key)
    if stored is not None:
        return stored
    items = []
    with PackReader(settings.cache / PACKS) as packs:
        for one in screening.withheld:
            body = packs.body(reference(knowledge.states[one.path]))
            address = not has_tombstone(one.id, screening.tombstones)
            items.append(withheld_prints(one.facts, body, address=address))
    for refused in knowledge.tree.refused:
        facts = ItemFacts(id=refused, path=refused, item=None)
        text = ItemBody(html="", headings=(), blocks=(), source_text=_refused(settings, refused))
        items.append(withheld_prints(facts, text, address=False))
    prints = Fingerprints(items)
    data = pickle.dumps(prints)
    settings.fs.write(path, key + hashlib.blake2b(data, digest_size=16).digest() + data, mode=0o600)
    return prints


def _refused(settings: Settings, path: str) -> str:
    """The text of a Markdown file that is no item because of where it stands."""
    try:
        return (settings.content / path).read_bytes()[: 1 << 20].decode("utf-8", "replace")
    except OSError:
        return ""


def _stored(path: Path, key: bytes) -> Fingerprints | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    body = memoryview(data)[32:]
    if data[:16] != key or hashlib.blake2b(body, digest_size=16).digest() != data[16:32]:
        return None
    stored = pickle.loads(body)
    return stored if isinstance(stored, Fingerprints) else None
