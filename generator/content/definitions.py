"""``sites/`` → ``Cluster``: portal, units and categories. Effects: reads the definition files.

``sites/cluster.yml`` names the units in their order, ``sites/units/<id>.yml``
defines each, ``sites/categories.yml`` is the list of categories. Every fault of
all these files is reported at once. Other files in ``sites/`` belong to other
stages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from msgspec.structs import replace

from generator.content.fields import Fields, load_yaml, place_at, plain_data
from generator.content.names import EMBLEM, ID, RESERVED_IDS, nearest, shown
from generator.content.values import Reader
from generator.content.yamlnodes import Mapping as MappingNode
from generator.content.yamlnodes import Sequence
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.errors import ConfigError
from generator.model import Category, Cluster, Contact, Unit

KINDS = ("bureau", "administration", "center", "district")
CLEARANCES = ("flag", "record", "signed")
RHYTHMS = ("none", "news", "notice", "yearly")

_CONTACT = ("telephone", "email", "address", "postcode", "hours")
_COMMON = ("site_code", "icp", "police", "organiser", "contact", "description", "theme_options")
_UNIT = ("parent", "host", "clearance", "accent", "accent_dark", "emblem", *_COMMON)
_CLUSTER = ("time_zone", "theme", "notice", *_COMMON)

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_SITE_CODE = re.compile(r"\d{10}|bm\d{8}", re.ASCII)
"""Inferred from real pages (NORMS §1)."""
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_TIME_ZONE = re.compile(re.escape("Asia/Shanghai"))
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")
_PATH = re.compile(r"/(?:[A-Za-z0-9._~-]+/)*")


class _Defined(NamedTuple):
    """A unit or category with the fields it was read from, where its faults are reported."""

    value: Unit | Category
    fields: Fields


def load_cluster(sites: Path) -> Cluster:
    """The cluster that ``sites`` defines; raises ``ConfigError`` with every fault of its definitions."""
    found: list[Diagnostic] = []
    readers: list[Reader] = []
    cluster, order = _load_portal(sites, found, readers)
    units = _load_units(sites, order, found, readers)
    categories = _load_categories(sites, found, readers)
    _check_parents(units, set(order))
    _check_parents(categories, {one.value.id for one in categories})
    _check_hosts(cluster.base_url, units)
    found += (one for reader in readers for one in reader.found)
    found += _unlisted(sites, order)
    if any(one.severity == "error" for one in found):
        raise ConfigError(in_order(found))
    return replace(
        cluster,
        units=tuple(one.value for one in units if isinstance(one.value, Unit)),
        categories=tuple(one.value for one in categories if isinstance(one.value, Category)),
    )


def place_in(sites: Path, path: str, *steps: str | int, of_key: bool = False) -> tuple[int, int]:
    """Line and column of a value in a definition file, to which keys and numbers of members lead.

    For who finds at fault what has been read long ago: the file is read again. Zeros where it cannot be.
    """
    return place_at(load_yaml(sites / path.removeprefix("sites/"), path).root, *steps, of_key=of_key)


def _load_portal(sites: Path, found: list[Diagnostic], readers: list[Reader]) -> tuple[Cluster, list[str]]:
    """The cluster without its units and categories, and the ids of its units in their order."""
    document = load_yaml(sites / "cluster.yml", "sites/cluster.yml")
    found += document.diagnostics
    if document.root is None and document.diagnostics:
        return Cluster(name="", base_url=""), []
    reader = Reader("sites/cluster.yml")
    readers.append(reader)
    fields = Fields(reader, document.root, required=("name", "base_url", "units"), optional=_CLUSTER)
    order: list[str] = []
    for member in fields.members("units"):
        unit_id = reader.line(member, "units")
        fault = "id-duplicate" if unit_id in order else _id_fault(unit_id)
        if fault:
            reader.fault(fault, member)
        elif unit_id is not None:
            order.append(unit_id)
    fields.line("time_zone", "", _TIME_ZONE, "time-zone")
    cluster = Cluster(
        name=fields.needed("name"),
        base_url=_base_url(fields, "base_url", fields.needed("base_url")),
        theme=fields.line("theme", "default", ID, "theme-form"),
        theme_options=_options(fields),
        notice=fields.line("notice"),
        **_common(fields),
    )
    return cluster, order


def _load_units(sites: Path, order: Iterable[str], found: list[Diagnostic], readers: list[Reader]) -> list[_Defined]:
    units = []
    for unit_id in order:
        path = f"sites/units/{unit_id}.yml"
        document = load_yaml(sites / "units" / f"{unit_id}.yml", path)
        found += document.diagnostics
        if document.root is None and document.diagnostics:
            continue
        reader = Reader(path)
        readers.append(reader)
        fields = Fields(reader, document.root, required=("id", "name", "short_name", "kind"), optional=_UNIT)
        units.append(_Defined(_unit(unit_id, fields), fields))
    return units


def _unit(unit_id: str, fields: Fields) -> Unit:
    written = fields.needed("id")
    if written and written != unit_id:
        fields.fault("unit-id-file", "id", name=unit_id)
    host = fields.line("host")
    return Unit(
        id=unit_id,
        name=fields.needed("name"),
        short_name=fields.needed("short_name"),
        kind=fields.choice("kind", KINDS, KINDS[0], required=True),
        parent=fields.line("parent") or None,
        host=_base_url(fields, "host", host) if host else None,
        clearance=fields.choice("clearance", CLEARANCES, CLEARANCES[0]),
        accent=fields.line("accent", "", _COLOUR, "colour-form"),
        accent_dark=fields.line("accent_dark", "", _COLOUR, "colour-form"),
        emblem=fields.line("emblem", "", EMBLEM, "emblem-form"),
        theme_options=_text_options(fields),
        **_common(fields),
    )


def _load_categories(sites: Path, found: list[Diagnostic], readers: list[Reader]) -> list[_Defined]:
    path = "sites/categories.yml"
    document = load_yaml(sites / "categories.yml", path)
    found += document.diagnostics
    if document.root is None and document.diagnostics:
        return []
    if not isinstance(document.root, Sequence) or not document.root.items:
        found.append(diagnostic("definition-not-list", path, 1, 1))
        return []
    reader = Reader(path)
    readers.append(reader)
    categories: dict[str, _Defined] = {}
    for member in document.root.items:
        fields = Fields(
            reader, member, required=("id", "name", "name_en"), optional=("parent", "rhythm", "description")
        )
        category = Category(
            id=fields.needed("id"),
            name=fields.needed("name"),
            name_en=fields.needed("name_en"),
            parent=fields.line("parent") or None,
            rhythm=fields.choice("rhythm", RHYTHMS, RHYTHMS[0]),
            description=fields.line("description"),
        )
        fault = "id-duplicate" if category.id in categories else _id_fault(category.id or None)
        if fault:
            fields.fault(fault, "id")
        categories.setdefault(category.id, _Defined(category, fields))
    return list(categories.values())


# --- shared parts -------------------------------------------------------------------


def _common(fields: Fields) -> dict[str, Any]:
    """What the portal and every unit alike have."""
    return {
        "site_code": fields.line("site_code", "", _SITE_CODE, "site-code-form"),
        "icp": fields.line("icp"),
        "police": fields.line("police"),
        "organiser": fields.line("organiser"),
        "description": fields.line("description"),
        "contact": _contact(fields.inner("contact", optional=_CONTACT)),
    }


def _contact(fields: Fields | None) -> Contact:
    if fields is None:
        return Contact()
    return Contact(
        telephone=fields.line("telephone"),
        email=fields.line("email", "", _EMAIL, "email-form"),
        address=fields.line("address"),
        postcode=fields.line("postcode"),
        hours=fields.line("hours"),
    )


def _options(fields: Fields) -> dict[str, Any]:
    """Free configuration, which the theme checks."""
    node = fields.get("theme_options")
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        fields.fault("options-form", "theme_options")
        return {}
    options: dict[str, Any] = plain_data(node)
    return options


def _text_options(fields: Fields) -> dict[str, str]:
    node = fields.get("theme_options")
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        fields.fault("options-form", "theme_options")
        return {}
    reader = fields.reader
    found = {key.value: reader.text(value, "theme_options") for key, value in node.entries}
    return {key: value for key, value in found.items() if value is not None}


def _base_url(fields: Fields, key: str, url: str) -> str:
    """An address that links may be put behind: with scheme and host, ending in ``/``."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    plain = not parts.query and not parts.fragment and "?" not in url and "#" not in url
    if parts.scheme in ("http", "https") and plain and _HOST.fullmatch(parts.netloc) and _PATH.fullmatch(parts.path):
        return url
    fields.fault("url-form", key, key=key)
    return ""


def _id_fault(name: str | None) -> str:
    """The code of what is wrong with an id; nothing when it is right, or missing and reported already."""
    if name is None:
        return ""
    if ID.fullmatch(name) is None:
        return "id-form"
    return "id-reserved" if name in RESERVED_IDS else ""


def _check_parents(members: Iterable[_Defined], known: set[str]) -> None:
    """Parents exist, and nobody is its own ancestor."""
    parents: dict[str, str] = {}
    fields: Mapping[str, Fields] = {one.value.id: one.fields for one in members}
    for one in members:
        parent = one.value.parent
        if parent is None:
            continue
        if parent not in known:
            near = nearest(parent, known)
            one.fields.fault("parent-unknown-near" if near else "parent-unknown", "parent", near=near or "")
        else:
            parents[one.value.id] = parent
    for start in parents:
        seen, at = [start], parents[start]
        while at in parents and at not in seen:
            seen.append(at)
            at = parents[at]
        if at == start:
            fields[start].fault("parent-cycle", "parent")


def _check_hosts(portal: str, units: Iterable[_Defined]) -> None:
    """No two sites have one address."""
    taken = {portal}
    for one in units:
        host = one.value.host if isinstance(one.value, Unit) else None
        if host and host in taken:
            one.fields.fault("host-duplicate", "host")
        elif host:
            taken.add(host)


def _unlisted(sites: Path, order: Iterable[str]) -> Iterable[Diagnostic]:
    """Definition files of units that the cluster does not name: most likely forgotten."""
    listed = set(order)
    folder = sites / "units"
    for file in sorted(folder.glob("*.yml")) if listed and folder.is_dir() else ():
        if file.stem not in listed:
            yield diagnostic("unit-unlisted", f"sites/units/{shown(file.name)}")
