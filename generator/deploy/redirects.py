"""Former addresses → tables for the web server. Pure, but for ``load_old_addresses``.

Two tables belong to each release, so that no line ever names an item that is not public in it:

- ``redirects.map``: keys are host and decoded path; from ``redirect_from`` and old addresses without a query;
- ``addresses.map``: keys are host and path with query, as asked; for the pages of a former CMS.

``sites/old-addresses.yml`` lists the old addresses of a former CMS: ``from`` a full URL, or a path on
the portal; ``to`` an item, a unit or a full https URL.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from msgspec import Struct

from generator.content.decoding import decode
from generator.content.yamlnodes import Limits, Node, Scalar, Sequence, parse_yaml
from generator.content.yamlnodes import Mapping as MappingNode
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.errors import ConfigError
from generator.model import Cluster
from generator.site import paths
from generator.site.addresses import Addresses

FILE_NAME = "old-addresses.yml"
LOGICAL_PATH = "sites/old-addresses.yml"
_LIMITS = Limits(length=20_000_000, nodes=1_000_000)
_MAX_BYTES = 64 * 1024 * 1024
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
    if not path.exists():
        return ()
    decoded = decode(path.read_bytes(), LOGICAL_PATH, limit=_MAX_BYTES)
    if decoded.faulty:
        raise ConfigError(decoded.diagnostics)
    found, faults = parse_old_addresses(decoded.text, cluster)
    if faults:
        raise ConfigError(faults)
    return found


def parse_old_addresses(text: str, cluster: Cluster) -> tuple[tuple[OldAddress, ...], tuple[Diagnostic, ...]]:
    """Read the text of ``old-addresses.yml``; gives the good lines and every fault."""
    document = parse_yaml(text, LOGICAL_PATH, limits=_LIMITS)
    if document.diagnostics:
        return (), document.diagnostics
    root = document.root
    if root is None:
        return (), ()
    if not isinstance(root, Sequence):
        return (), (_fault(root, "- from: …\n  to: …"),)
    portal = urlsplit(cluster.base_url).hostname or ""
    found: dict[str, OldAddress] = {}
    faults = []
    for node in root.items:
        one = _entry(node, portal)
        if isinstance(one, Diagnostic):
            faults.append(one)
            continue
        key = f"{one.host}{one.address}".casefold()
        if key in found:
            place = (LOGICAL_PATH, node.line, node.column)
            faults.append(diagnostic("deploy-old-address-doubled", *place, first=found[key].line))
        else:
            found[key] = one
    return tuple(found.values()), in_order(faults)


def _entry(node: Node, portal: str) -> OldAddress | Diagnostic:
    if not isinstance(node, MappingNode):
        return _fault(node, "from, to")
    values = {key.value: value for key, value in node.entries}
    came, to = values.get("from"), values.get("to")
    if set(values) != {"from", "to"} or not isinstance(came, Scalar) or not isinstance(to, Scalar):
        return _fault(node, "from, to")
    parts = _split(came.value)
    good = parts.scheme in ("", "http", "https") and parts.path.startswith("/")
    if not good or _UNSAFE.search(came.value) or _CONTROL.search(unquote(came.value)):
        return _fault(came, "/path?query | https://host/path?query")
    target = _split(to.value)
    leads = (target.scheme == "https" and target.hostname) or (not target.scheme and not target.netloc)
    if not leads or not to.value or _UNSAFE.search(to.value):
        return _fault(to, "unit/category/slug | unit | https://…")
    address = parts.path + (f"?{parts.query}" if parts.query else "")
    return OldAddress(parts.hostname or portal, address, to.value, node.line)


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
        target = _target(one.to, cluster, addresses, public)
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


def _target(to: str, cluster: Cluster, addresses: Addresses, public: Collection[str]) -> str | None:
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
    for line in data.decode().splitlines():
        key, value = (one.replace('\\"', '"').replace("\\\\", "\\") for one in line[1:-2].split('" "'))
        pairs.append((f"https://{quote(key, safe='/?&=%:;,+@!$()*~-._')}", value))
    return tuple(pairs)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
