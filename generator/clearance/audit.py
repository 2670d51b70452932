"""The leak audit: a proof over the finished files that nothing withheld stands in them. Pure.

It believes nothing of how the files were made: it decodes each of them and looks for
the fingerprints of all that is withheld. A fingerprint that stands in a cleared item, in
configuration or in the theme proves nothing and raises no alarm. In order of cost:

1. ``Scanner.scan`` each file (a map), explained by the cleared item that owns the file;
2. what is left, by configuration and theme (``Fingerprints.unexplained``);
3. what is left, by every cleared item (a map of ``Fingerprints.hits`` over ``item_texts``);
4. what is left are ``leaks``.

What the audit cannot read, and whose digest it does not know, does not leave either.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from generator.clearance.audit_views import Views, attribute_values, kind_of, markup_views, tag_text, views
from generator.clearance.fingerprints import Fingerprints, ItemPrints, once, prints_of, without
from generator.clearance.folding import SEPARATOR, WINDOW, Words
from generator.clearance.gate import Screening
from generator.diagnostics import Diagnostic, diagnostic
from generator.model import ItemBody, ItemFacts, Tombstone

Decoder = Callable[[bytes], Iterable[str]]

_SAID = (
    *("title", "change_note", "issuer", "source", "author", "document_number", "index_number"),
    *("summary", "topic", "genre", "disclosure", "image"),
)
"""Fields of an item that are texts and are shown."""
_REFERENCES = frozenset({"feedback"})
"""Keys of ``extra`` that name other items."""
_NAMING_LINE = re.compile(
    r"^(?:title|标题|document_number|文号|index_number|索引号)[ \t]*[:：][ \t]*(.+?)[ \t]*$", re.MULTILINE
)
_MEMO = 100_000
_NOTHING: Words = np.empty(0, np.uint64)


class Leak(NamedTuple):
    """Something withheld that stands in an output file."""

    path: str
    item: str
    """Empty where the file cannot be read, so that nobody knows."""
    reason: str
    """``text``, ``name``, ``attachment`` or ``unreadable``."""

    def diagnostic(self, source: str) -> Diagnostic:
        """For the editor of the item whose source is ``source``; quotes nothing of it."""
        if self.reason == "unreadable":
            return diagnostic("leak-unreadable", self.path)
        return diagnostic("leak", source, file=self.path, reason=self.reason)


class Scan(NamedTuple):
    """What was found in one file: keys of fingerprints that its owner does not explain."""

    path: str
    keys: Words
    quoted: Words
    """Keys that stand in the file and in its owner alike: the owner is cleared, so they are explained everywhere."""
    readable: bool = True

    @property
    def touched(self) -> bool:
        """Whether any fingerprint stands in the file, explained or not."""
        return bool(self.keys.size or self.quoted.size)


# --- texts of items -------------------------------------------------------------------


def withheld_prints(facts: ItemFacts, body: ItemBody, *, address: bool = True) -> ItemPrints:
    """Fingerprints of a withheld item: its text in every form, its names, its attachments.

    ``address=False`` for an item with a tombstone, whose address stays public.
    """
    values = attribute_values(markup_views(body.html).tags)
    texts = [body.source_text, SEPARATOR.join(values), *_body_texts(body)]
    digests = (digest for one in facts.attachments for digest in (one.sha256, one.published_sha256))
    whole = [*digests, *(_addresses(facts.id) if address else ())]
    return prints_of(facts.id, texts, _names(facts, body), whole)


def item_texts(facts: ItemFacts, body: ItemBody, base_url: str = "") -> Iterator[str]:
    """Everything that a cleared item may put before the public, for explaining what was found; the shortest first.

    ``base_url`` is that of the item's own unit, for absolute links to it.
    """
    headings = [heading.text for heading in body.headings]
    yield SEPARATOR.join([item_values(facts, base_url), *headings])
    yield from _body_texts(body)
    yield SEPARATOR.join(map(tag_text, markup_views(body.html).tags))


def item_values(facts: ItemFacts, base_url: str = "") -> str:
    """What a cleared item says beside its body, on its page and on others: titles, names, numbers, addresses.

    Not its references to other items: that it names one does not make that one public.
    """
    item = facts.item
    if item is None:
        return ""
    values = [getattr(item, name) for name in _SAID]
    values += [*item.keywords, facts.summary]
    values += [text for key, value in item.extra.items() if key not in _REFERENCES for text in _strings(value)]
    pages = [f"{facts.id}.html", f"{facts.id}.json", *(f"{item.unit}/{old}" for old in item.redirect_from)]
    for file in facts.attachments:
        pages.append(f"{facts.id}/{file.safe_name}")
        values += [file.title, file.name, file.safe_name, file.sha256, file.published_sha256]
    if base_url:
        pages += [f"{base_url}{page.partition('/')[2]}" for page in pages]
    return SEPARATOR.join(filter(None, [*values, *pages]))


def _said(body: ItemBody) -> Iterator[str]:
    """The plain texts of an item, each as a whole."""
    yield "\n".join(block.text for block in body.blocks)
    yield from (text for _, text in body.attachment_texts)


def _body_texts(body: ItemBody) -> Iterator[str]:
    yield from markup_views(body.html).plain
    said = "\n".join(block.text for block in body.blocks)
    yield said
    yield SEPARATOR.join(heading.text for heading in body.headings)
    # A page lists the headings down to some level, one after the other, before its text, as a law's own contents do.
    for level in sorted({heading.level for heading in body.headings}):
        yield "\n".join([*(one.text for one in body.headings if one.level <= level), said[: 4 * WINDOW]])
    yield from (text for _, text in body.attachment_texts)


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
        yield from (line.strip("'\"") for line in _NAMING_LINE.findall(body.source_text[:4096]))


def _addresses(item_id: str) -> Iterator[str]:
    _, category, slug = item_id.split("/")
    yield from (item_id, f"{category}/{slug}.html", f"{slug}.html")


# --- the scan ----------------------------------------------------------------------------


class Scanner:
    """Looks through files for fingerprints; one a worker.

    ``known`` are SHA-256 digests of files that are cleared as they are (attachments of
    cleared items as published, assets of the theme); ``decoders`` read formats of other
    stages, by extension.
    """

    def __init__(
        self,
        prints: Fingerprints,
        *,
        known: frozenset[str] = frozenset(),
        decoders: Mapping[str, Decoder] | None = None,
    ) -> None:
        self._prints = prints
        self._known = known
        self._decoders = dict(decoders or {})
        self._clean_tags: set[str] = set()

    def scan(
        self, path: str, data: bytes, *, own: tuple[ItemFacts, ItemBody] | None = None, base_url: str = ""
    ) -> Scan:
        """Fingerprints in a file's name and texts that its owner, a *cleared* item, does not explain."""
        if self._known and hashlib.sha256(data).hexdigest() in self._known:
            texts: Views | None = Views((), ())
        elif (decoder := self._decoders.get(kind_of(path))) is not None:
            texts = Views(tuple(decoder(data)), ())
        else:
            texts = views(path, data, own[1].html, _said(own[1])) if own else views(path, data)
        if texts is None:
            return Scan(path, self._prints.hits(path), _NOTHING, readable=False)
        found = [self._prints.hits(SEPARATOR.join((path, *texts.plain))), self._in_tags(texts.tags)]
        keys = once(np.concatenate(found))
        if not keys.size or own is None:
            return Scan(path, keys, _NOTHING)
        rest = self._prints.unexplained(keys, item_texts(*own, base_url))
        return Scan(path, rest, without(keys, rest))

    def _in_tags(self, tags: Iterable[str]) -> Words:
        """What stands in tags. Those that recur from page to page are decoded and searched once, if they are clean."""
        new = [tag for tag in tags if tag not in self._clean_tags]
        if not new:
            return _NOTHING
        found = self._prints.hits(SEPARATOR.join(map(tag_text, new)))
        if not found.size:
            if len(self._clean_tags) > _MEMO:
                self._clean_tags.clear()
            self._clean_tags.update(new)
        return found


def leaks(prints: Fingerprints, scans: Iterable[Scan], explained: Words) -> tuple[Leak, ...]:
    """What stands in the files and is explained by nothing."""
    found: list[Leak] = []
    scans = tuple(scans)
    open_keys = np.setdiff1d(together(scans), explained)
    for scan in scans:
        if not scan.readable:
            found.append(Leak(scan.path, "", "unreadable"))
        keys = scan.keys.compress(np.isin(scan.keys, open_keys)) if open_keys.size else _NOTHING
        named = {key for key in keys.tolist() if prints.is_needle(key)}
        for reason, of_reason in (
            ("text", [key for key in keys.tolist() if key not in named]),
            ("name", sorted(named)),
        ):
            for item in prints.owners(np.array(of_reason, np.uint64)):
                found.append(Leak(scan.path, item, reason))
    return tuple(sorted(set(found)))


def together(scans: Iterable[Scan]) -> Words:
    """All keys that wait for an explanation."""
    keys = [scan.keys for scan in scans]
    return np.unique(np.concatenate(keys)) if keys else np.empty(0, np.uint64)


# --- digests, copies and terms -------------------------------------------------------------


def withheld_files(screening: Screening) -> dict[str, str]:
    """SHA-256 → item of each attachment that no cleared item has as well."""
    cleared = {
        digest
        for one in screening.cleared
        for file in one.facts.attachments
        for digest in (file.sha256, file.published_sha256)
    }
    return {
        digest: one.id
        for one in screening.withheld
        for file in one.facts.attachments
        for digest in (file.sha256, file.published_sha256)
        if digest not in cleared
    }


def file_leaks(files: Iterable[tuple[str, str]], withheld: Mapping[str, str]) -> tuple[Leak, ...]:
    """Output files, as path and SHA-256, that are a withheld attachment."""
    return tuple(Leak(path, withheld[digest], "attachment") for path, digest in files if digest in withheld)


def identical_copies(screening: Screening) -> tuple[Diagnostic, ...]:
    """Withheld items whose body is that of a cleared one: of these the audit can prove nothing."""
    cleared = {one.facts.text_digest: one.id for one in screening.cleared if one.facts.text_digest}
    return tuple(
        diagnostic("copy-unprovable", f"content/{one.path}", severity="warning", other=cleared[one.facts.text_digest])
        for one in screening.withheld
        if one.facts.length and one.facts.text_digest in cleared
    )


def unknown_terms(dictionary: Iterable[str], cleared: frozenset[str] | set[str]) -> tuple[str, ...]:
    """Terms of the search dictionaries that are no terms of cleared input: there must be none."""
    return tuple(sorted(term for term in set(dictionary) if term not in cleared))


def has_tombstone(item_id: str, tombstones: Iterable[Tombstone]) -> bool:
    """Whether an item's address stays public."""
    return any(one.id == item_id for one in tombstones)
