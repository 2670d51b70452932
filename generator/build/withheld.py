"""The fingerprints of all that is withheld, kept in the cache. Effects: the cache folder; reads the packs.

What may be said in public (definitions, theme, and what cleared items say beside their bodies) is taken out
of them beforehand, since it stands in many files and proves nothing. Both are made again only when what they
are made of changed.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec
from xxhash import xxh3_128

from generator.build import cache
from generator.build.executor import Workers, chunked
from generator.build.learning import PACKS, Knowledge
from generator.build.packs import BodyRef, PackReader
from generator.build.settings import Settings
from generator.build.shared import pickled
from generator.clearance.audit import has_tombstone
from generator.clearance.audit_texts import Publisher, Voice, item_values, withheld_prints
from generator.clearance.fingerprints import Fingerprints, ItemPrints
from generator.clearance.folding import SEPARATOR
from generator.clearance.gate import ClearedItem, Screening
from generator.clearance.sieve import Sieve
from generator.content.source import MAX_SOURCE_BYTES
from generator.model import ItemBody, ItemFacts
from generator.site.paths import (
    ARCHIVE_LENGTH,
    LIST_LENGTH,
    PORTAL,
    SITE_PAGES,
    archive_page,
    category_page,
    pages_of,
    portal_category_page,
    site_page,
)

ASKED = "asked.bin"
PRINTS = "prints.bin"
"""The rest: what was taken out, and the key of what was left."""
_KEY = 16
_CHUNK, _FEW = 25, 40
_TOGETHER = 40
"""Items whose values are one text: where one has a character that is compared in a way of its own, all are read so."""


class Asked(NamedTuple):
    """What is looked for in the finished files, and what was in the build before, where that was other."""

    prints: Fingerprints
    before: Fingerprints | None


class PrintsTask(NamedTuple):
    """A chunk of withheld items: what is known of each, where its body lies, whether its address is withheld too."""

    packs: Path
    items: Sequence[tuple[ItemFacts, tuple[str, int, int, bytes], bool]]


class Ahead(NamedTuple):
    """Fingerprints that workers make while items are screened, when there is nothing else for them to do."""

    paths: Sequence[str]
    """Of the sources."""
    prints: Iterator[ItemPrints]
    """In their order."""


NOTHING_AHEAD = Ahead((), iter(()))


def begin_ahead(settings: Settings, knowledge: Knowledge, crew: Workers) -> Ahead:
    """Set workers, if they are there, to reading what nothing can clear, as its front matter says that it is not."""
    if not crew.started:
        return NOTHING_AHEAD
    facts = [one for one in knowledge.facts.values() if one.item is None or not one.item.confidentiality_cleared]
    items = _begin(settings, knowledge, [(one, True) for one in facts], crew)
    return Ahead([one.path for one in facts], items)


def begin_prints(
    settings: Settings,
    screening: Screening,
    knowledge: Knowledge,
    configuration: Mapping[str, bytes],
    publishers: Mapping[str, Publisher],
    crew: Workers,
    *,
    ahead: Ahead,
    believed: bool,
) -> Callable[[], Asked]:
    """Set workers to reading what is withheld, unless that was read before or is, ``ahead``.

    What is given back waits for them, and gives the fingerprints of all that is withheld without what may be said.
    ``configuration`` are the files of definitions and theme: what they say, they may say in public. ``believed``:
    the build before was one of this very program, so that what it looked for can be compared.
    """
    withheld = _withheld_key(settings, screening, knowledge)
    stones = [f"{one.id}.html" for one in screening.tombstones]  # where their pages stand
    digest = hashlib.blake2b(withheld, digest_size=_KEY)
    digest.update(b"".join([one.facts.said_digest for one in screening.cleared]))
    digest.update(hashlib.blake2b(msgspec.msgpack.encode((configuration, publishers, stones))).digest())
    key = digest.digest()
    stored = _read(settings, ASKED)
    if stored is not None and stored.key == key:
        same = stored.prints()
        return lambda: Asked(same, None)
    others = _read(settings, PRINTS)
    rest = others.rest_of(stored) if others is not None and others.key == withheld else None
    old = stored.prints() if stored is not None and (believed or rest is not None) else None
    known = old.joined_with(rest.prints()) if old is not None and rest is not None else None
    items = _begin_items(settings, screening, knowledge, crew, ahead) if known is None else iter(())

    def finish() -> Asked:
        prints = Fingerprints(list(items)) if known is None else known
        texts = [data.decode("utf-8", "replace") for data in configuration.values()]
        texts += _values(screening.cleared, publishers)
        texts.append(_own_names(screening.cleared, configuration, publishers))
        texts.append(SEPARATOR.join(stones))
        asked, taken = prints.parted(Sieve(prints).keys_in(texts))
        _store(settings, ASKED, key, *pickled(asked))
        _store(settings, PRINTS, withheld, key, *pickled(taken))
        return Asked(asked, old if believed else None)

    return finish


def _withheld_key(settings: Settings, screening: Screening, knowledge: Knowledge) -> bytes:
    digest = hashlib.blake2b(cache.code_digest().encode(), digest_size=_KEY)
    for one in screening.withheld:
        address = not has_tombstone(one.id, screening.tombstones)
        digest.update(f"{one.path}\0{knowledge.states[one.path].key.hex()}\0{address}\n".encode())
    for refused in knowledge.tree.refused:
        digest.update(refused.encode("utf-8", "surrogateescape"))
        digest.update(_refused(settings, refused))
    return digest.digest()


def _begin_items(
    settings: Settings, screening: Screening, knowledge: Knowledge, crew: Workers, ahead: Ahead
) -> Iterator[ItemPrints]:
    withheld = {one.path: (one.facts, not has_tombstone(one.id, screening.tombstones)) for one in screening.withheld}
    begun = {path for path in ahead.paths if withheld.get(path, (None, False))[1]}
    left = [one for path, one in withheld.items() if path not in begun]
    items = _begin(settings, knowledge, left, crew)
    made = (prints for path, prints in zip(ahead.paths, ahead.prints, strict=True) if path in begun)
    return chain(made, items, (_prints_of_refused(settings, path) for path in knowledge.tree.refused))


def _begin(
    settings: Settings, knowledge: Knowledge, withheld: Sequence[tuple[ItemFacts, bool]], crew: Workers
) -> Iterator[ItemPrints]:
    """The fingerprints of items, each with whether its address is withheld too."""
    items = [(facts, knowledge.body_of(facts.path)[:], address) for facts, address in withheld]
    packs = (settings.cache / PACKS).resolve()
    tasks = (PrintsTask(packs, chunk) for chunk in chunked(items, _CHUNK))
    return chain.from_iterable(crew.begin(prints_of_chunk, tasks, small=len(items) <= _FEW))


def _prints_of_refused(settings: Settings, path: str) -> ItemPrints:
    from generator.content.item import source_parts  # such files are few, and what reads them takes long to load

    facts = ItemFacts(id=path, path=path, item=None)
    front, body = source_parts(_refused(settings, path))
    text = ItemBody(html="", headings=(), blocks=(), front_text=front, source_text=body)
    return withheld_prints(facts, text, address=False)


def prints_of_chunk(task: PrintsTask) -> list[ItemPrints]:
    """The fingerprints of a chunk of withheld items."""
    with PackReader(task.packs) as packs:
        return [
            withheld_prints(facts, packs.body(BodyRef(*body)), address=address) for facts, body, address in task.items
        ]


def _refused(settings: Settings, path: str) -> bytes:
    """A Markdown file that is no item because of where it stands."""
    try:
        with (settings.content / path).open("rb") as file:
            return file.read(MAX_SOURCE_BYTES + 1)
    except OSError:
        return b""


def _values(cleared: Sequence[ClearedItem], publishers: Mapping[str, Publisher]) -> Iterator[str]:
    """What cleared items say beside their bodies, many items at a time."""
    units = {one.item.unit for one in cleared}
    voices = {unit: Voice(publishers.get(unit, Publisher())) for unit in units}
    for chunk in chunked(cleared, _TOGETHER):
        yield SEPARATOR.join([item_values(one.facts, voices[one.item.unit]) for one in chunk])


def _own_names(
    cleared: Sequence[ClearedItem], configuration: Mapping[str, bytes], publishers: Mapping[str, Publisher]
) -> str:
    """How the site calls pages and headings of its own, and where they are.

    An item may be called alike, such as a year's report, and any text may say where a list is.
    """
    base_urls = {unit: publisher.base_url for unit, publisher in publishers.items()}
    years = Counter(one.item.date.year for one in cleared)
    lists = Counter((one.item.unit, one.item.category) for one in cleared)
    pages = [*SITE_PAGES, "index.html"]
    for year, items in sorted(years.items()):
        pages += [archive_page(PORTAL, year, number + 1) for number in range(pages_of(items, ARCHIVE_LENGTH))]
    found = [portal_category_page(category) for category in sorted({category for _, category in lists})]
    for unit in sorted(base_urls):
        found += [site_page(unit, page) for page in pages]
    for (unit, category), items in sorted(lists.items()):
        found += [category_page(unit, category, number + 1) for number in range(pages_of(items, LIST_LENGTH))]
    absolute = [
        f"{base_urls[site]}{page}" for site, _, page in (one.partition("/") for one in found) if site in base_urls
    ]
    portals = {url.removesuffix(f"{unit}/") for unit, url in base_urls.items() if url.endswith(f"/{unit}/")}
    absolute += [f"{portal}{page}" for portal in sorted(portals) for page in (*pages, *found)]
    strings = [data.decode("utf-8", "replace") for name, data in configuration.items() if "/strings/" in name]
    dated = [line for text in strings for line in text.split("\n") if "{year}" in line]
    headings = [line.replace("{year}", str(year)) for line in dated for year in sorted(years)]
    names = [page.rpartition("/")[2] for page in found]
    return SEPARATOR.join((*pages, *found, *absolute, *names, *headings))


class _Stored(NamedTuple):
    """Fingerprints that a build left, under a key; they may be of another program, unless the key is ours."""

    key: bytes
    data: memoryview

    def prints(self) -> Fingerprints:
        """Only of this program: its objects are others than ours."""
        prints: Fingerprints = pickle.loads(self.data)
        return prints

    def rest_of(self, asked: _Stored | None) -> _Stored | None:
        """What was taken out of all fingerprints to have those."""
        fits = asked is not None and asked.key == self.data[:_KEY]
        return self._replace(data=self.data[_KEY:]) if fits else None


def _store(settings: Settings, name: str, *data: bytes) -> None:
    """A key first."""
    settings.fs.write(settings.cache / name, _label(name), _seal(data), *data, mode=0o600)


def _read(settings: Settings, name: str) -> _Stored | None:
    try:
        data = memoryview((settings.cache / name).read_bytes())
    except OSError:
        return None
    start = len(_label(name))
    seal, rest = data[start : start + _KEY], data[start + _KEY :]
    if data[:start] != _label(name) or seal != _seal([rest]):
        return None
    return _Stored(bytes(rest[:_KEY]), rest[_KEY:])


def _seal(data: Iterable[bytes | memoryview]) -> bytes:
    """By which one flipped bit is seen, at a twentieth of what SHA-256 takes; the folder is its owner's alone."""
    digest = xxh3_128()
    for piece in data:
        digest.update(piece)
    return digest.digest()


def _label(name: str) -> bytes:
    """Stands first in the file: another file of the cache, put in its place, has a seal that holds as well."""
    return f"{name}\n".encode()
