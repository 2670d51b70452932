"""What an item says, in every form in which it may stand in a file: for fingerprints, and for explaining them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from generator.clearance.audit_views import attribute_values, markup_views, tag_text
from generator.clearance.fingerprints import ItemPrints, prints_of
from generator.clearance.folding import SEPARATOR, WINDOW
from generator.content.schema import BY_NAME
from generator.model import AttachmentFacts, Heading, Item, ItemBody, ItemFacts

_said = attrgetter(
    *("title", "change_note", "issuer", "source", "author", "document_number", "index_number"),
    *("summary", "topic", "genre", "disclosure", "image"),
)
"""Fields of an item that are texts and are shown."""
_REFERENCES = frozenset({"feedback"})
"""Keys of ``extra`` that name other items."""
_KEY = re.compile(rf"^(?:{'|'.join(sorted(map(re.escape, BY_NAME), key=len, reverse=True))})[ \t]*[:：]", re.MULTILINE)
"""At the beginning of a line: what is written in a value of several lines is indented."""
_FENCED = re.compile(r"---[ \t]*\n.*?^---[ \t]*$", re.MULTILINE | re.DOTALL)
_NAMING = "|".join(
    name for name, (key, _) in BY_NAME.items() if key.name in ("title", "document_number", "index_number")
)
_NAMING_LINE = re.compile(rf"^(?:{_NAMING})[ \t]*[:：][ \t]*(.+?)[ \t]*$", re.MULTILINE)


_LISTED = (",", "、")
"""What stands between keywords where they are listed in a row."""


class Wording(NamedTuple):
    """How pages name the facts of an item; all of it stands in definitions and theme."""

    facts: tuple[tuple[str, str], ...] = ()
    """The keys whose values a page lists, with their labels, in its order."""
    names: Mapping[str, str] = MappingProxyType({})
    """What is shown for the id of a category, and for a state of validity."""
    ways: Mapping[str, str] = MappingProxyType({})
    """The same of a category below those above it."""
    body: str = ""
    """Between the facts and the text."""
    cite: str = ""
    report: str = ""
    previous: str = ""
    next: str = ""


class Publisher(NamedTuple):
    """The unit of an item, as its pages say it."""

    name: str = ""
    short_name: str = ""
    base_url: str = ""
    """Of its site, for absolute links."""
    wording: Wording = Wording()


_NO_PUBLISHER = Publisher()


def withheld_prints(facts: ItemFacts, body: ItemBody, *, address: bool = True) -> ItemPrints:
    """Fingerprints of a withheld item: its text in every form, its names, its attachments.

    ``address=False`` for an item with a tombstone, whose address stays public.
    """
    values = attribute_values(markup_views(body.html).tags)
    texts = [*_written(body), SEPARATOR.join(values), *_body_texts(body)]
    digests = (digest for one in facts.attachments for digest in (one.sha256, one.published_sha256))
    whole = [*digests, *(_addresses(facts.id) if address else ())]
    return prints_of(facts.id, texts, _names(facts, body), whole)


def _written(body: ItemBody) -> tuple[str, str]:
    """Front matter, parted at its keys, and body: a page names one value after another by the same Chinese names."""
    front, text = body.front_text, body.source_text
    if not front and (fenced := _FENCED.match(text)):  # of a file that was not read as an item, for its encoding
        front, text = text[: fenced.end()], text[fenced.end() :]
    return _KEY.sub(SEPARATOR, front), text


def item_texts(values: str, body: ItemBody) -> Iterator[str]:
    """Everything that a cleared item may put before the public, for explaining what was found; the shortest first.

    ``values`` are its ``item_values``.
    """
    headings = [heading.text for heading in body.headings]
    yield SEPARATOR.join([values, *headings])
    yield from _body_texts(body)
    yield SEPARATOR.join(map(tag_text, markup_views(body.html).tags))


def item_values(facts: ItemFacts, publisher: Publisher = _NO_PUBLISHER) -> str:
    """What a cleared item says beside its body, on its page and on others: titles, names, numbers, addresses.

    Also as pages write them: the title as it is cited and beside day and unit, addresses as links from other folders.
    Not its references to other items: that it names one does not make that one public.
    """
    item = facts.item
    if item is None:
        return ""
    moments = (item.date, item.updated, item.expires_on)  # as machines read them
    values = [*_said(item), *item.keywords, facts.summary, *_rows(item, facts.summary, publisher)]
    for moment in [one.isoformat() for one in moments if one is not None]:
        values += [f"{item.title} {moment}", f"{moment[:10]} {item.title}"]  # as lists and feeds put them
    values += [between.join(item.keywords) for between in _LISTED]
    values += [text for key, value in item.extra.items() if key not in _REFERENCES for text in _strings(value)]
    pages = [f"{facts.id}.html", f"{facts.id}.json", *(f"{item.unit}/{old}" for old in item.redirect_from)]
    for file in facts.attachments:
        pages.append(f"{facts.id}/{file.safe_name}")
        values += [file.title, file.name, file.safe_name, file.sha256, file.published_sha256]
    for page in pages:  # as links from another unit; from its own, and from elsewhere
        within = page.partition("/")[2]
        values += [f"../../{page}", f"../{within}", f"{publisher.base_url}{within}" if publisher.base_url else ""]
    return SEPARATOR.join(filter(None, values))


def _rows(item: Item, beginning: str, publisher: Publisher) -> Iterator[str]:
    """What pages set beside a title: how it may be cited, the name of its page, the way to it, a line of a list."""
    day, title, issuer = item.date.isoformat()[:10], item.title, item.issuer or publisher.name
    wording, (_, category, slug) = publisher.wording, item.id.split("/")
    yield f"。{wording.cite} {issuer}：《{title}》，{day}，{publisher.base_url}{category}/{slug}.html {wording.report}"
    yield f"{title} - {publisher.name}"
    way, moment = f"{publisher.name}{wording.ways.get(category, '')}", _moment(item)
    facts = _facts(item, issuer, moment, wording)
    yield f"{way} {title} {issuer} {moment} {facts} {wording.body} {beginning[:WINDOW]}"
    yield f"{title} {day} {publisher.short_name} {item.document_number}"


def beside_each_other(items: Sequence[Item], publisher: Publisher) -> Iterator[str]:
    """How the pages of a list, the newest first, end: where each is, and the items before and behind its own."""
    wording = publisher.wording
    for place, item in enumerate(items):
        older = f"{wording.previous} {items[place + 1].title}" if place + 1 < len(items) else ""
        newer = f"{wording.next} {items[place - 1].title}" if place else ""
        yield f"{publisher.base_url}{item.category}/{item.slug}.html {wording.report} {older} {newer}"


def _facts(item: Item, issuer: str, moment: str, wording: Wording) -> str:
    """What the page of an item lists of it, each with its label."""
    names = wording.names
    shown = {
        "issuer": issuer,
        "date": moment,
        "category": names.get(item.category, ""),
        "validity": names.get(item.validity, ""),
        "keywords": "；".join(item.keywords),
    }
    return "".join(
        f"{label}{value}"
        for key, label in wording.facts
        if (value := shown[key] if key in shown else getattr(item, key))
    )


def _moment(item: Item) -> str:
    """When it appeared, with the time of day where one was given."""
    moment = item.date.isoformat(" ", "minutes")[:16]
    return moment.removesuffix(" 00:00")


def said_digest(item: Item, summary: str, attachments: Sequence[AttachmentFacts]) -> bytes:
    """16 bytes that are other whenever ``item_values`` may say something else; where keys stand is not said."""
    # As a tuple: whether a field that has its default is written depends on where the value came from.
    values = (msgspec.structs.astuple(msgspec.structs.replace(item, lines="")), summary, attachments)
    return blake2b(msgspec.msgpack.encode(values), digest_size=16).digest()


def _body_texts(body: ItemBody) -> Iterator[str]:
    yield from markup_views(body.html).plain
    said = "\n".join(block.text for block in body.blocks)
    yield said
    yield SEPARATOR.join(heading.text for heading in body.headings)
    yield from contents_lists(body.headings, said[: 4 * WINDOW])
    yield from (text for _, text in body.attachment_texts)


def contents_lists(headings: Sequence[Heading], beginning: str) -> Iterator[str]:
    """The headings down to each level, before the text: so a page lists them, and so do a law's own contents."""
    for level in sorted({heading.level for heading in headings}):
        yield "\n".join([*(one.text for one in headings if one.level <= level), beginning])


def _strings(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def _names(facts: ItemFacts, body: ItemBody) -> Iterator[str]:
    item = facts.item
    if item is not None:
        yield from (item.title, item.document_number, item.index_number)
        for ref in item.attachments:
            yield from (ref.name, ref.safe_name, ref.title)
    else:
        head = f"{body.front_text}\n{body.source_text}"[:4096]
        yield from (line.strip("'\"") for line in _NAMING_LINE.findall(head))


def _addresses(item_id: str) -> Iterator[str]:
    _, category, slug = item_id.split("/")
    yield from (item_id, f"{category}/{slug}.html", f"{slug}.html")
