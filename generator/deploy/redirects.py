"""Former addresses → tables for the web server. Pure, but for ``load_old_addresses``.

Two tables belong to each release, so that no line ever names an item that is not public in it:

- ``redirects.map``: keys are host and decoded path; from ``redirect_from`` and old addresses without a query;
- ``addresses.map``: keys are host and path with query, as asked; for the pages of a former CMS.

``sites/old-addresses.yml`` lists the old addresses of a former CMS: ``from`` a full URL, or a path on
the portal; ``to`` an item, a unit or a full https URL.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from msgspec import Struct

from generator.content.fields import Fields, load_yaml
from generator.content.values import Reader
from generator.content.yamlnodes import Document, Limits, Node, Sequence
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.errors import ConfigError
from generator.model import Cluster
from generator.site import paths
from generator.site.addresses import Addresses

FILE_NAME = "old-addresses.yml"
LOGICAL_PATH = "sites/old-addresses.yml"
_LIMITS = Limits(length=20_000_000, nodes=1_000_000)
_MAX_BYTES = 64 * 1024 * 1024
_LONGEST = 8_000
"""Characters of an address: what a web server takes."""
_UNSAFE = re.compile(r"[\x00-\x20\x7f\"\\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ITEM = re.compile(r"[^/\s]+/[^/\s]+/[^/\s]+")


class OldAddress(Struct, frozen=True):
    """One line of ``old-addresses.yml``: host and path with query, and where it leads."""

    host: str
    address: str
    to: str
    line: int


class Tables(Struct, frozen=True):
    """The two tables, as nginx's ``map`` includes them, and which old addresses lead nowhere now."""

    redirects: bytes
    addresses: bytes
    dropped: tuple[OldAddress, ...]


def load_old_addresses(sites: Path, cluster: Cluster) -> tuple[OldAddress, ...]:
    """The old addresses, if there are any; raises ``ConfigError`` with every fault."""
    path = sites / FILE_NAME
    if not os.path.lexists(path):
        return ()
    found, faults = parse_old_addresses(load_yaml(path, LOGICAL_PATH, _LIMITS, _MAX_BYTES), cluster)
    if faults:
        raise ConfigError(faults)
    return found


def parse_old_addresses(document: Document, cluster: Cluster) -> tuple[tuple[OldAddress, ...], tuple[Diagnostic, ...]]:
    """What ``old-addresses.yml`` says: the good lines, and every fault."""
    faults = [one for one in document.diagnostics if one.severity == "error"]
    root = document.root
    if root is None or faults:
        return (), in_order(faults)
    if not isinstance(root, Sequence):
        return (), (_fault(root, "- from: …  to: …"),)
    reader = Reader(LOGICAL_PATH)
    portal = urlsplit(cluster.base_url).hostname or ""
    found: dict[str, OldAddress] = {}
    for node in root.items:
        one = _entry(Fields(reader, node, required=("from", "to")), node, portal)
        if one is None:
            continue
        key = f"{one.host}{one.address}".casefold()
        if key in found:
            reader.fault("deploy-old-address-doubled", node, first=found[key].line)
        else:
            found[key] = one
    return tuple(found.values()), in_order(reader.found)


def _entry(fields: Fields, node: Node, portal: str) -> OldAddress | None:
    """One line; nothing where it is faulty, which is told."""
    said = len(fields.reader.found)
    nodes = ((key, fields.written(key)) for key in ("from", "to"))
    came, to = ("" if one is None else fields.reader.line(one, key, _LONGEST) or "" for key, one in nodes)
    if not came or not to:
        return None
    parts = _split(came)
    good = parts.scheme in ("", "http", "https") and parts.path.startswith("/")
    if not good or _UNSAFE.search(came) or _CONTROL.search(unquote(came)):
        fields.fault("deploy-old-address", "from", expected="/path?query | https://host/path?query")
    target = _split(to)
    leads = (target.scheme == "https" and target.hostname) or (not target.scheme and not target.netloc)
    if not leads or _UNSAFE.search(to):
        fields.fault("deploy-old-address", "to", expected="unit/category/slug | unit | https://…")
    if len(fields.reader.found) > said:
        return None
    address = parts.path + (f"?{parts.query}" if parts.query else "")
    return OldAddress(parts.hostname or portal, address, to, node.line)


def _split(url: str) -> SplitResult:
    """The parts of an address; where its host is none, such as one with a full-width colon, a scheme is unknown."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("faulty:")


def _fault(node: Node, expected: str) -> Diagnostic:
    return diagnostic("deploy-old-address", LOGICAL_PATH, node.line, node.column, expected=expected)


def make_tables(
    cluster: Cluster, redirects: Mapping[str, str], old: Iterable[OldAddress], public: Collection[str]
) -> Tables:
    """The tables of a release.

    Args:
        cluster: whose hosts serve the release.
        redirects: former path (below the tree, perhaps with a query) → the file that took its place.
        old: addresses of a former CMS.
        public: every file that the release serves; a line that leads to none of them is left out.
    """
    addresses = Addresses(cluster)
    table: dict[str, dict[str, str]] = {"path": {}, "query": {}}
    dropped = []
    for one in old:
        target = _target(one.to, addresses, public)
        if target is None:
            dropped.append(one)
        else:
            _add(table, one.host, one.address, target)
    for former, page in sorted(redirects.items()):
        if page in public:
            path, mark, query = former.partition("?")
            place = urlsplit(addresses.absolute(path))
            address = unquote(place.path)
            _add(table, place.hostname or "", address + mark + query, addresses.absolute(page))
            if address.endswith("/index.html"):
                _add(
                    table,
                    place.hostname or "",
                    address.removesuffix("index.html") + mark + query,
                    addresses.absolute(page),
                )
    return Tables(_encode(table["path"]), _encode(table["query"]), tuple(dropped))


def old_hosts(cluster: Cluster, old: Iterable[OldAddress]) -> tuple[str, ...]:
    """Hosts of a former CMS that are none of the cluster's own."""
    own = {urlsplit(cluster.base_url).hostname, *(urlsplit(unit.host).hostname for unit in cluster.units if unit.host)}
    return tuple(sorted({one.host for one in old} - own))


def _target(to: str, addresses: Addresses, public: Collection[str]) -> str | None:
    if to.startswith("https://"):
        return to
    page = paths.item_page(to) if _ITEM.fullmatch(to) else paths.home(to.strip("/"))
    return addresses.absolute(page) if page in public else None


def _add(table: dict[str, dict[str, str]], host: str, address: str, target: str) -> None:
    """Later lines win: a former address of an item is stronger than a list that somebody once exported."""
    path, mark, query = address.partition("?")
    if mark:
        table["query"][f"{host}{quote(unquote(path))}?{query}".lower()] = target
    else:
        table["path"][f"{host}{unquote(path)}".lower()] = target


def _encode(table: Mapping[str, str]) -> bytes:
    lines = (f'"{_escaped(key)}" "{_escaped(value)}";\n' for key, value in sorted(table.items()))
    return "".join(line for line in lines if not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", line)).encode()


def parse_table(data: bytes) -> tuple[tuple[str, str], ...]:
    """Former URL and target of each line that ``make_tables`` wrote."""
    pairs = []
    for line in data.decode().split("\n")[:-1]:
        key, value = (one.replace('\\"', '"').replace("\\\\", "\\") for one in line[1:-2].split('" "'))
        pairs.append((f"https://{quote(key, safe='/?&=%:;,+@!$()*~-._')}", value))
    return tuple(pairs)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
