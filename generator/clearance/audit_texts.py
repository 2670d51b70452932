"""What an item says, in every form in which it may stand in a file: for fingerprints, and for explaining them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from generator.clearance.audit_views import Views, attribute_values, markup_views, tag_text
from generator.clearance.fingerprints import ItemPrints, prints_of
from generator.clearance.folding import SEPARATOR, WINDOW
from generator.content.schema import BY_NAME
from generator.model import AttachmentFacts, Heading, Item, ItemBody, ItemFacts

_SAID = ("source", "author", "index_number", "topic", "genre", "disclosure")
"""Fields of an item that are texts and are shown; those that stand in a row of any page (``_rows``) are not among them,
nor those that none lists."""
_IN_WORDS = ("issuer", "date", "category", "validity", "keywords")
"""Fields that a page lists otherwise than they are."""
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


class Voice:
    """A publisher made ready for thousands of items: what they have in common is put together once."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher, self.wording = publisher, publisher.wording
        keys = [key for key, _ in self.wording.facts]
        self.labels = [label for _, label in self.wording.facts]
        self.listed = attrgetter("title", "document_number", *keys)
        """The title, the number, and what pages list."""
        self.in_words = [keys.index(key) if key in keys else len(keys) for key in _IN_WORDS]
        self.said = attrgetter("change_note", "image", *(key for key in _SAID if key not in keys))
        """What pages do not list."""
        self.cite, self.report = f"。{self.wording.cite} ", f".html {self.wording.report}{SEPARATOR}"
        self.after_title, self.after_day = f" - {publisher.name}{SEPARATOR}", f" {publisher.short_name} "
        self.after_facts = f" {self.wording.body} "
        self.ways = {category: f"{publisher.name}{way}" for category, way in self.wording.ways.items()}


_NO_VOICE = Voice(Publisher())


def withheld_prints(facts: ItemFacts, body: ItemBody, *, address: bool = True) -> ItemPrints:
    """Fingerprints of a withheld item: its text in every form, its names, its attachments.

    ``address=False`` for an item with a tombstone, whose address stays public.
    """
    shown = markup_views(body.html)
    texts = [*_written(body), SEPARATOR.join(attribute_values(shown.tags)), *_body_texts(body, shown)]
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
    shown = markup_views(body.html)
    yield from _body_texts(body, shown)
    yield SEPARATOR.join(map(tag_text, shown.tags))


def item_values(facts: ItemFacts, voice: Voice = _NO_VOICE) -> str:
    """What a cleared item says beside its body, on its page and on others: titles, names, numbers, addresses.

    Also as pages write them: the title as it is cited and beside day and unit, addresses as links from other folders.
    Not its references to other items: that it names one does not make that one public. Nor once more what stands whole
    in another of these texts, such as the title alone: every character is looked through.
    """
    item = facts.item
    if item is None:
        return ""
    values = [_rows(item, facts, voice), facts.summary, *voice.said(item)]
    for between in _LISTED[: len(item.keywords)]:
        values.append(between.join(item.keywords))
    if item.summary != facts.summary:
        values.append(item.summary)
    for moment in (item.updated, item.expires_on):
        if moment is not None:
            values += _dated(item.title, moment.isoformat())
    for key, value in item.extra.items():
        if key not in _REFERENCES:
            values += _strings(value)
    for old in item.redirect_from:
        values += _addresses_of(f"{item.unit}/{old}", voice)
    for file in facts.attachments:
        values += _addresses_of(f"{facts.id}/{file.safe_name}", voice)
        values += (file.title, file.name, file.sha256, file.published_sha256)
    return SEPARATOR.join(filter(None, values))


def _rows(item: Item, facts: ItemFacts, voice: Voice) -> str:
    """What pages set beside a title: how it may be cited, the name of its page, the way to it, a line of a list.

    A line stands behind the unit of the one above, as in a letter the title behind that of its unit. And the addresses
    of its page and its data. All items have them: they are written as one text at once.
    """
    title, number, *listed = voice.listed(item)
    base_url, stamp, page = voice.publisher.base_url, item.date.isoformat(), facts.id
    issuer, day, time = item.issuer or voice.publisher.name, stamp[:10], stamp[11:16]
    moment, within = day if time == "00:00" else f"{day} {time}", page.partition("/")[2]
    way = voice.ways.get(item.category, voice.publisher.name)
    return (
        f"{voice.cite}{issuer}：《{title}》，{day}，{base_url}{within}{voice.report}"
        f"{title}{voice.after_title}"
        f"{way} {title} {issuer} {moment} {_facts(item, listed, issuer, moment, voice)}{voice.after_facts}"
        f"{facts.summary[:WINDOW]}{SEPARATOR}"
        f"{voice.publisher.short_name} {title} {day}{voice.after_day}{number}{SEPARATOR}"
        f"{title} {stamp}{SEPARATOR}{day} {title}{SEPARATOR}"
        f"../../{page}.html{SEPARATOR}../{within}.html{SEPARATOR}"
        f"../../{page}.json{SEPARATOR}../{within}.json{SEPARATOR}{base_url}{within}.json"
    )


def _dated(title: str, moment: str) -> tuple[str, str]:
    """As lists and feeds put it."""
    return f"{title} {moment}", f"{moment[:10]} {title}"


def _addresses_of(page: str, voice: Voice) -> tuple[str, str, str]:
    """As links from another unit; from its own, and from elsewhere."""
    within = page.partition("/")[2]
    return f"../../{page}", f"../{within}", f"{voice.publisher.base_url}{within}"


def beside_each_other(items: Sequence[Item], publisher: Publisher) -> Iterator[str]:
    """How the pages of a list, the newest first, end: where each is, and the items before and behind its own."""
    wording = publisher.wording
    for place, item in enumerate(items):
        older = f"{wording.previous} {items[place + 1].title}" if place + 1 < len(items) else ""
        newer = f"{wording.next} {items[place - 1].title}" if place else ""
        yield f"{publisher.base_url}{item.category}/{item.slug}.html {wording.report} {older} {newer}"


def below_each_other(facts: Sequence[ItemFacts]) -> Iterator[str]:
    """How a list goes on behind how an item begins: with the title of the next."""
    for one, after in pairwise(facts):
        if after.item is not None:
            yield f"{one.summary} {after.item.title}"


def _facts(item: Item, listed: list[Any], issuer: str, moment: str, voice: Voice) -> str:
    """What the page of an item lists of it, each with its label."""
    names = voice.wording.names
    words = (issuer, moment, names.get(item.category), names.get(item.validity), "；".join(item.keywords))
    listed.append("")
    for place, word in zip(voice.in_words, words, strict=True):
        listed[place] = word
    return "".join([f"{label}{value}" for label, value in zip(voice.labels, listed, strict=False) if value])


def said_digest(item: Item, summary: str, attachments: Sequence[AttachmentFacts]) -> bytes:
    """16 bytes that are other whenever ``item_values`` may say something else; where keys stand is not said."""
    # As a tuple: whether a field that has its default is written depends on where the value came from.
    values = (msgspec.structs.astuple(msgspec.structs.replace(item, lines="")), summary, attachments)
    return blake2b(msgspec.msgpack.encode(values), digest_size=16).digest()


def _body_texts(body: ItemBody, shown: Views) -> Iterator[str]:
    yield from shown.plain
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
