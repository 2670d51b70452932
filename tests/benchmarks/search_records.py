"""What the index is made of, as a file of records: so that its build is measured alone, and the oracle sees the same.

A record is the facts, the blocks and the readable attachments of one item, one JSON line each.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec

from generator.build import cache
from generator.build.learning import PACKS
from generator.build.packs import PackReader, reference
from generator.build.pipeline import check
from generator.build.settings import Settings
from generator.model import Item, ItemFacts, TextBlock
from tests.benchmarks.corpora import SHARED

ARTICLE = re.compile(r"^\s*(?:\*\*)?(第[〇零一二三四五六七八九十百千0-9]+条(?:之[一二三四五六七八九十]+)?)", re.M)
ZONE = timezone(timedelta(hours=8))


class Record(msgspec.Struct):
    """One item."""

    facts: ItemFacts
    blocks: tuple[TextBlock, ...]
    attachment_texts: tuple[tuple[str, str], ...] = ()


def write(file: Path, records: Iterable[Record]) -> int:
    """Write records; gives their number."""
    count = 0
    with file.open("wb") as out:
        for count, record in enumerate(records, 1):  # noqa: B007
            out.write(msgspec.json.encode(record) + b"\n")
    return count


def read(file: Path) -> Iterator[Record]:
    """Read them one by one."""
    decoder = msgspec.json.Decoder(Record)
    with file.open("rb") as lines:
        for line in lines:
            yield decoder.decode(line)


def of_build(settings: Settings) -> Iterator[Record]:
    """The cleared items of a built cluster with the texts that the build read."""
    screening = check(settings).screening
    memory = cache.load_memory(settings.cache, cache.code_digest())
    assert screening is not None
    assert memory is not None, "the cluster was built by other code"
    with PackReader(settings.cache / PACKS) as packs:
        for one in screening.cleared:
            body = packs.texts(reference(memory.sources[one.facts.path]))
            yield Record(one.facts, body.blocks, body.attachment_texts)


def of_articles(laws: Path, names: dict[str, str]) -> Iterator[Record]:
    """Each article of each law as a document of its own; a law without articles is one.

    Args:
        names: takes the law of each document, by item id.
    """
    sys.path.insert(0, str(SHARED / "bench"))
    from laws_as_items import SKIP
    from laws_as_items import read as read_law

    units = ["sfj", "jyglj", "jdglj", "flyz", "nankai", "heping"]
    paths = sorted(path for path in laws.rglob("*.md") if path.name not in SKIP)
    for number, path in enumerate(paths):
        title, day, body = read_law(path)
        marks = [(match.start(), match[1]) for match in ARTICLE.finditer(body)] or [(0, "")]
        ends = [start for start, _ in marks[1:]] + [len(body)]
        for place, ((start, name), end) in enumerate(zip(marks, ends, strict=True)):
            unit, slug = units[number % len(units)], f"law-{number:04d}-{place}"
            names[f"{unit}/policy/{slug}"] = path.relative_to(laws).as_posix()
            yield _article(unit, slug, f"{title} {name}".strip(), day, body[start:end])


def _article(unit: str, slug: str, title: str, day: str, text: str) -> Record:
    item = Item(
        id=f"{unit}/policy/{slug}",
        path=f"{unit}/policy/{slug}.md",
        unit=unit,
        category="policy",
        slug=slug,
        title=title,
        date=datetime.fromisoformat(day).replace(tzinfo=ZONE),
        confidentiality_cleared=True,
    )
    lines = (line.strip("# *\u3000") for line in text.splitlines())
    return Record(
        ItemFacts(id=item.id, path=item.path, item=item),
        tuple(TextBlock(anchor="", text=line) for line in lines if line),
    )
