"""The frozen values that stages hand to each other. Pure.

Definitions (``Cluster`` ``Unit`` ``Category``) come from ``sites/``; ``Item`` is
what one source file says; ``ItemFacts`` and ``ItemBody`` are all that may be learned from an item and its bundle
alone, and are what the cache holds. None of them says that an item may be published: only ``clearance.gate`` does.
"""

from __future__ import annotations

from datetime import date as Day
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import force_setattr

from generator.diagnostics import Diagnostic

SHANGHAI = timezone(timedelta(hours=8))
"""Asia/Shanghai as it has been since 1991: a fixed offset needs no zone files on the machine."""

# --- definitions ------------------------------------------------------------------


class Category(Struct, frozen=True, kw_only=True):
    """A column (栏目) that every unit may fill."""

    id: str
    name: str
    name_en: str
    parent: str | None = None
    rhythm: str = "none"
    """How often it is updated: ``news`` two weeks, ``notice`` six months, ``yearly``, ``none``."""
    description: str = ""


class Contact(Struct, frozen=True, kw_only=True):
    """How the public reaches a unit."""

    telephone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    hours: str = ""


class Unit(Struct, frozen=True, kw_only=True):
    """One organ with a site of its own in the cluster."""

    id: str
    name: str
    short_name: str
    kind: str
    """``bureau``, ``administration``, ``center`` or ``district``."""
    parent: str | None = None
    host: str | None = None
    """Base URL, ending in ``/``, when the unit has a host of its own; else it is ``<portal>/<id>/``."""
    clearance: str = "flag"
    """``flag``, ``record`` or ``signed``."""
    site_code: str = ""
    icp: str = ""
    police: str = ""
    organiser: str = ""
    contact: Contact = Contact()
    accent: str = ""
    """``#rrggbb``; empty takes the theme's colour for the kind."""
    accent_dark: str = ""
    emblem: str = ""
    """One or two Han for the seal-like emblem."""
    description: str = ""
    theme_options: dict[str, str] = {}


class Cluster(Struct, frozen=True, kw_only=True):
    """The whole: portal, units and categories, in the order of their definition."""

    name: str
    base_url: str
    """Of the portal, ending in ``/``."""
    time_zone: str = "Asia/Shanghai"
    theme: str = "default"
    theme_options: dict[str, Any] = {}
    """Checked against the theme by ``render``: navigation, needs (我要办), example queries …"""
    notice: str = ""
    """A sentence that every page shows, such as that this is a demonstration."""
    organiser: str = ""
    description: str = ""
    site_code: str = ""
    icp: str = ""
    police: str = ""
    contact: Contact = Contact()
    units: tuple[Unit, ...] = ()
    categories: tuple[Category, ...] = ()

    def unit(self, unit_id: str) -> Unit:
        """The unit with that id; raises ``KeyError``."""
        for unit in self.units:
            if unit.id == unit_id:
                return unit
        raise KeyError(unit_id)

    def category(self, category_id: str) -> Category:
        """The category with that id; raises ``KeyError``."""
        for category in self.categories:
            if category.id == category_id:
                return category
        raise KeyError(category_id)


# --- one item, as its source says ---------------------------------------------------


class AttachmentRef(Struct, frozen=True, kw_only=True):
    """A file that an item names: in ``attachments``, ``image`` or in the body."""

    name: str
    """Path relative to the item's folder, as written, ``/`` between parts."""
    safe_name: str
    """The name under which it is published, one path part."""
    title: str
    line: int = 0
    column: int = 0


class Exemption(Struct, frozen=True, kw_only=True):
    """A reasoned permission for one match of one rule of the negative list."""

    rule: str
    match: str
    digest: str
    reason: str
    by: str


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The front matter of one item, typed. Times are aware, in the cluster's zone."""

    id: str
    """``<unit>/<category>/<slug>``."""
    path: str
    """Of the source, relative to the content folder, ``/`` between parts."""
    unit: str
    category: str
    slug: str
    title: str
    date: datetime
    confidentiality_cleared: bool
    draft: bool = False
    audience: str = "public"
    issued: Day | None = None
    formed_on: Day | None = None
    updated: datetime | None = None
    change_note: str = ""
    issuer: str = ""
    source: str = ""
    author: str = ""
    document_number: str = ""
    index_number: str = ""
    keywords: tuple[str, ...] = ()
    summary: str = ""
    topic: str = ""
    genre: str = ""
    disclosure: str = ""
    validity: str = ""
    effective_on: Day | None = None
    expires_on: datetime | None = None
    """The moment from which the item is off the site; a bare date means its 00:00 of the day after."""
    pinned: bool = False
    redirect_from: tuple[str, ...] = ()
    attachments: tuple[AttachmentRef, ...] = ()
    image: str = ""
    interprets: tuple[str, ...] = ()
    """Item ids that this one interprets."""
    related: tuple[str, ...] = ()
    release_group: str = ""
    exemptions: tuple[Exemption, ...] = ()
    extra: dict[str, Any] = {}
    """Keys that an item type adds (consultation dates …), already checked."""
    lines: str = ""
    """``key:line:column`` of each key's value, for diagnostics of later stages; a table would be slow to read."""

    def place_of(self, key: str, otherwise: tuple[int, int] = (0, 0)) -> tuple[int, int]:
        """Line and column of a key's value."""
        found = (word.split(":") for word in self.lines.split())
        return next(((int(line), int(column)) for name, line, column in found if name == key), otherwise)

    def __post_init__(self) -> None:
        # MessagePack knows moments but no zones: an item from the cache must show the same hour as a parsed one.
        # Each by name: this is run for every item of every build.
        if self.date.tzinfo is not SHANGHAI:
            force_setattr(self, "date", self.date.astimezone(SHANGHAI))
        if self.updated is not None and self.updated.tzinfo is not SHANGHAI:
            force_setattr(self, "updated", self.updated.astimezone(SHANGHAI))
        if self.expires_on is not None and self.expires_on.tzinfo is not SHANGHAI:
            force_setattr(self, "expires_on", self.expires_on.astimezone(SHANGHAI))


class ParsedItem(Struct, frozen=True, kw_only=True):
    """What ``content`` makes of one source file."""

    id: str
    path: str
    item: Item | None
    """``None`` when the front matter is faulty: the item is withheld."""
    body: str
    """Markdown, LF line ends; the whole decoded text where no front matter could be told from it."""
    body_line: int = 1
    """Line of the source on which ``body`` begins."""
    front_text: str = ""
    """The front matter as written; only the leak audit and the negative list read it."""
    diagnostics: tuple[Diagnostic, ...] = ()


# --- what may be learned from an item alone ------------------------------------------


class Heading(Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """A heading or an article (第三十二条) that can be linked to."""

    level: int
    id: str
    text: str


class Link(Struct, frozen=True, kw_only=True, gc=False):
    """A link or image of the body, numbered as its placeholder ``mt-link:<n>`` in the HTML."""

    kind: str
    """``item`` (to another item), ``file`` (of the bundle), ``image`` (of the bundle)."""
    target: str
    """``item``: an item id; else a name relative to the item's folder."""
    anchor: str = ""
    line: int = 0
    column: int = 0


class TextBlock(Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """A paragraph, heading, list item or table row of the plain text, in reading order."""

    anchor: str
    """Id of the nearest heading or article at or before it; ``""`` before the first."""
    text: str


class Rendered(Struct, frozen=True, kw_only=True):
    """What ``render.markdown`` makes of a body. ``unmarked``: none of its characters means anything within a line."""

    html: str
    """Sanitised; every internal ``href``/``src`` is a placeholder ``mt-link:<n>``."""
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    blocks: tuple[TextBlock, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    unmarked: bool = False


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A match of the negative list, or something hidden in an attachment: ``block`` or ``warn``. Never quotes it."""

    rule: str
    severity: str
    path: str
    line: int
    column: int
    masked: str
    digest: str
    """SHA-256 of the match, for exemptions."""
    attachment: str = ""
    place: str = ""
    """Where in the attachment: ``p3`` a page, ``s2!C14`` a sheet's cell, ``>2`` a member of an archive."""
    exempt: bool = False
    secrecy: bool = False


class AttachmentFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file of a bundle that the item names, inspected."""

    name: str
    safe_name: str
    title: str
    kind: str
    """Extension without the dot, lower case."""
    size: int
    """Bytes as published (after strippable metadata is removed)."""
    sha256: str
    """Of the source file."""
    published_sha256: str
    """Of the published bytes; equal to ``sha256`` unless metadata is stripped."""
    stripped: bool = False
    readable: bool = True
    """False: no text could be read; blocked unless attested in the clearance record."""
    removed: tuple[str, ...] = ()
    """What is left out of the published bytes: ``author``, ``exif``, ``gps``, ``revisions`` …"""
    width: int = 0
    height: int = 0


class ItemFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything of one item that screening and assembling need: no body. Cached."""

    id: str
    path: str
    item: Item | None
    diagnostics: tuple[Diagnostic, ...] = ()
    findings: tuple[Finding, ...] = ()
    attachments: tuple[AttachmentFacts, ...] = ()
    links: tuple[Link, ...] = ()
    anchors: str = ""
    """Ids that can be linked to, with a space between."""
    summary: str = ""
    """The item's own summary, or the beginning of its text."""
    length: int = 0
    """Characters of plain text."""
    digest: str = ""
    """SHA-256 of the normalised item: shown front matter and body; what clearance binds to."""
    text_digest: str = ""  # SHA-256 of the normalised body alone; withdrawals bind to it
    body_digest: str = ""
    said_digest: bytes = b""
    """Of the encoded ``ItemBody``; of what the item may say beside it (``clearance.audit_texts``)."""
    claimed_groups: tuple[str, ...] = ()
    """Release groups to which an item without sound front matter seems to belong: they wait for it."""


class ItemBody(Struct, frozen=True, kw_only=True):
    """The heavy part of an item, read only by rendering, indexing and the audit. Cached."""

    html: str
    headings: tuple[Heading, ...]
    blocks: tuple[TextBlock, ...]
    attachment_texts: tuple[tuple[str, str], ...] = ()
    """Safe name and readable text of each attachment."""
    postings: bytes = b""
    """As ``search.postings`` encodes them."""
    text_files: tuple[tuple[str, bytes], ...] = ()
    """Path and bytes of each file from which search shows its snippets, as ``search.passages`` makes them."""
    front_text: str = ""
    source_text: str = ""
    """The front matter and the body of the source, decoded, for the leak audit's fingerprints."""


# --- verdicts ---------------------------------------------------------------------


class Verdict(StrEnum):
    """Why an item is, or is not, in the public tree."""

    PUBLISHED = "published"
    UNCLEARED = "uncleared"
    """The flag is plainly ``false`` (or ``draft`` is ``true``)."""
    FAULTY = "faulty"
    """A fault in the front matter or in what it names."""
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    AUDIENCE = "audience"
    BLOCKED = "blocked"
    """The negative list or an attachment's inspection blocks it."""
    NO_RECORD = "no-record"
    VOID = "void"
    """A clearance record exists, but the content has changed since."""
    REFUSED = "refused"
    """The record's conclusion is not to publish."""
    GROUP = "group"
    """Another item of its release group is not cleared."""
    WITHDRAWN = "withdrawn"


class WithheldItem(Struct, frozen=True, kw_only=True):
    """An item that must not leave, with the reason."""

    id: str
    path: str
    verdict: Verdict
    facts: ItemFacts
    record: str = ""
    until: datetime | None = None
    """``scheduled``: when it appears."""


class Tombstone(Struct, frozen=True, kw_only=True):
    """What stays of a withdrawn item where law wants it: no title, no text."""

    id: str
    unit: str
    category: str
    withdrawn_on: Day
    reason: str


# --- output -----------------------------------------------------------------------


class OutputFile(Struct, frozen=True, kw_only=True):
    """A file of the public tree as a value, with its owner."""

    path: str
    """Relative to the output folder, ``/`` between parts."""
    data: bytes
    source: str
    """The item id, or the reason (``list:jyglj/policy``, ``feed:sfj``, ``theme``, ``search``)."""
