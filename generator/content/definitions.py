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
from generator.content.yamlnodes import Node, Scalar, Sequence
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
_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?")
_USUAL_PORT = re.compile(":(?:80|443)$")
_PATH = re.compile(r"/(?:[A-Za-z0-9._~-]+/)*")


class _Defined(NamedTuple):
    """A unit or category with the fields it was read from, where its faults are reported."""

    value: Unit | Category
    fields: Fields


class _Listed(NamedTuple):
    """The units that ``cluster.yml`` lists, in their order, each with the place of its id."""

    order: dict[str, Node]
    whole: bool
    """Whether no member of the list is faulty, which could be any unit."""


def load_cluster(sites: Path) -> Cluster:
    """The cluster that ``sites`` defines; raises ``ConfigError`` with every fault of its definitions."""
    found: list[Diagnostic] = []
    readers: list[Reader] = []
    cluster, listed = _load_portal(sites, found, readers)
    mistyped = _mistyped(sites, listed, found) if listed.whole else {}
    order = [one for one in listed.order if one not in mistyped]
    if not order and not listed.whole:  # what is wrong in the files of units need not wait for the list to be mended
        order = [file.stem for file in _files_of_units(sites)]
    units = _load_units(sites, order, found, readers)
    categories, whole = _load_categories(sites, found, readers)
    _check_parents(units, {*listed.order, *mistyped.values()}, whole=listed.whole)
    _check_parents(categories, {one.value.id for one in categories}, whole=whole)
    _check_hosts(cluster.base_url, units)
    found += (one for reader in readers for one in reader.found)
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


def _load_portal(sites: Path, found: list[Diagnostic], readers: list[Reader]) -> tuple[Cluster, _Listed]:
    """The cluster without its units and categories, and the ids of its units."""
    document = load_yaml(sites / "cluster.yml", "sites/cluster.yml")
    found += document.diagnostics
    if document.root is None and document.diagnostics:
        return Cluster(name="", base_url=""), _Listed({}, whole=False)
    reader = Reader("sites/cluster.yml")
    readers.append(reader)
    fields = Fields(reader, document.root, required=("name", "base_url", "units"), optional=_CLUSTER)
    listed = _list_units(fields)
    fields.line("time_zone", "", _TIME_ZONE, "time-zone")
    cluster = Cluster(
        name=fields.needed("name"),
        base_url=_base_url(fields, "base_url", fields.needed("base_url")),
        theme=fields.line("theme", "default", ID, "theme-form"),
        theme_options=_options(fields),
        notice=fields.line("notice"),
        **_common(fields),
    )
    return cluster, listed


def _list_units(fields: Fields) -> _Listed:
    """At least one, each once."""
    node, reader, order = fields.written("units"), fields.reader, dict[str, Node]()
    said = len(reader.found)
    if (isinstance(node, Scalar) and node.absent) or (isinstance(node, Sequence) and not node.items):
        fields.fault("value-empty", "units", key="units")
    for member in fields.members("units"):
        unit_id = reader.line(member, "units")
        fault = "id-duplicate" if unit_id in order else _id_fault(unit_id)
        if fault:
            reader.fault(fault, member)
        elif unit_id is not None:
            order[unit_id] = member
    return _Listed(order, whole=node is not None and len(reader.found) == said)


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


def _load_categories(sites: Path, found: list[Diagnostic], readers: list[Reader]) -> tuple[list[_Defined], bool]:
    """The categories, and whether each of them has an id."""
    path = "sites/categories.yml"
    document = load_yaml(sites / "categories.yml", path)
    found += document.diagnostics
    if document.root is None and document.diagnostics:
        return [], False
    if not isinstance(document.root, Sequence) or not document.root.items:
        found.append(diagnostic("definition-not-list", path, 1, 1))
        return [], False
    reader = Reader(path)
    readers.append(reader)
    categories: dict[str, _Defined] = {}
    whole = True
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
        whole = whole and bool(category.id) and not fault
        categories.setdefault(category.id, _Defined(category, fields))
    return list(categories.values()), whole


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
    found = {
        key.value: fields.reader.text(value, key.value)
        for key, value in node.entries
        if not isinstance(value, Scalar) or not (value.absent or not value.value.strip())
    }
    return {key: value for key, value in found.items() if value is not None}


def _base_url(fields: Fields, key: str, url: str) -> str:
    """An address that links may be put behind: with scheme and host, ending in ``/``."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        _ = parts.port  # of which there are not so many
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


def _check_parents(members: Iterable[_Defined], known: set[str], *, whole: bool) -> None:
    """Parents exist, and nobody is its own ancestor; one that is not known may be whose id is faulty, if any is."""
    parents: dict[str, str] = {}
    fields: Mapping[str, Fields] = {one.value.id: one.fields for one in members}
    for one in members:
        parent = one.value.parent
        if parent is None:
            continue
        if parent not in known and not whole:
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
    """No two sites have one address, by whichever scheme: a web server knows its sites by their names."""
    taken = {_served(portal)}
    for one in units:
        host = one.value.host if isinstance(one.value, Unit) else None
        if host and _served(host) in taken:
            one.fields.fault("host-duplicate", "host")
        elif host:
            taken.add(_served(host))


def _served(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return _USUAL_PORT.sub("", parts.netloc), parts.path


def _mistyped(sites: Path, listed: _Listed, found: list[Diagnostic]) -> Mapping[str, str]:
    """The listed ids that have no file, and those that were meant, which have; files that nobody lists are told too."""
    files = {file.stem: file for file in _files_of_units(sites)}
    others = files.keys() - listed.order.keys()
    mistyped: dict[str, str] = {}
    for unit_id, node in listed.order.items():
        near = None if unit_id in files else nearest(unit_id, others - set(mistyped.values()))
        if near is not None:
            mistyped[unit_id] = near
            found.append(diagnostic("unit-misspelt", "sites/cluster.yml", node.line, node.column, near=near))
    for unit_id in others - set(mistyped.values()):
        found.append(diagnostic("unit-unlisted", f"sites/units/{shown(files[unit_id].name)}"))
    return mistyped


def _files_of_units(sites: Path) -> list[Path]:
    folder = sites / "units"
    return sorted(folder.glob("*.yml")) if folder.is_dir() else []
