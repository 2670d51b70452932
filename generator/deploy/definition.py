"""``sites/deploy.yml``: where releases go, and the rules that they keep. ``load_definition`` touches the disk.

Secrets never stand in it: ssh takes them from the agent or ``MINGTANG_SSH_IDENTITY``, object stores
from ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY``, signing from ``MINGTANG_SIGNING_KEY``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from generator.content.fields import Fields, load_yaml
from generator.content.values import MAX_TEXT, Reader
from generator.content.yamlnodes import Document, Node, Scalar, Sequence
from generator.content.yamlnodes import Mapping as MappingNode
from generator.deploy.parts import Part
from generator.diagnostics import in_order
from generator.errors import ConfigError, UsageError

FILE_NAME = "deploy.yml"
LOGICAL_PATH = "sites/deploy.yml"

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?")
_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ENDPOINT = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/?")
_PREFIX = re.compile(r"[A-Za-z0-9._/-]*")
_ABSOLUTE = re.compile(r"/[^\x00-\x1f\\]*[^\x00-\x1f\\/]/*")
_PORTS = range(1, 65536)
_SECRETIVE = re.compile(r"pass(word|phrase)?|secret.*|.*access_key.*|token|private_key|identity", re.IGNORECASE)

_KEYS = ("keep", "grace_hours", "deletion_cap", "public_key", "webserver")
_TARGET_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "local": (("path",), ("sites", "reload")),
    "ssh": (("host", "path"), ("port", "user", "known_hosts", "sites", "reload")),
    "s3": (("endpoint", "bucket", "site"), ("region", "prefix")),
}
"""Kind of target → keys that it must have, and that it may have."""


class LocalTarget(Struct, frozen=True, kw_only=True, tag="local"):
    """A folder on this machine, or one that is mounted here."""

    name: str
    path: Path
    sites: tuple[str, ...]
    reload: str = ""


class SshTarget(Struct, frozen=True, kw_only=True, tag="ssh"):
    """A server with OpenSSH and rsync."""

    name: str
    host: str
    path: str
    sites: tuple[str, ...]
    port: int = 22
    user: str = ""
    known_hosts: Path | None = None
    reload: str = ""
    """A command that makes the web server read its configuration again; run when the redirects changed."""


class S3Target(Struct, frozen=True, kw_only=True, tag="s3"):
    """A bucket, or a part of one, that one host is served from."""

    name: str
    endpoint: str
    bucket: str
    sites: tuple[str, ...]
    """Exactly one."""
    region: str = ""
    prefix: str = ""


Target = LocalTarget | SshTarget | S3Target


class WebServer(Struct, frozen=True, kw_only=True):
    """What the written web-server configuration must know beyond the cluster itself."""

    path: str = "/srv/mingtang"
    """The target's folder as the web server sees it."""
    certificates: str = "/etc/ssl/mingtang"
    """Holds ``<host>/fullchain.pem`` and ``<host>/privkey.pem`` for each host."""
    listen: str = ""
    """Address to listen on; empty takes every one, IPv4 and IPv6."""
    http: int = 80
    https: int = 443
    brotli: bool = True
    hsts_days: int = 365


class Definition(Struct, frozen=True, kw_only=True):
    """All of ``sites/deploy.yml``."""

    targets: tuple[Target, ...]
    keep: int = 10
    """Releases that stay on a server."""
    grace_hours: int = 24
    """How long readers in the middle of a session still find hashed files that have left the tree."""
    deletion_cap: int = 20
    """Percent of a release's files that may go without ``--allow-deletions``."""
    public_key: Path | None = None
    webserver: WebServer = WebServer()


def load_definition(sites: Path, parts: tuple[Part, ...]) -> Definition:
    """Read ``deploy.yml`` of the folder; raises ``ConfigError`` with every fault, ``UsageError`` without a file."""
    path = sites / FILE_NAME
    if not os.path.lexists(path):
        raise UsageError(f"没有 {path}，不知道发布到哪里。There is no {path}: nowhere to release to.")
    return parse_definition(load_yaml(path, LOGICAL_PATH), sites, parts)


def parse_definition(document: Document, sites: Path, parts: tuple[Part, ...]) -> Definition:
    """What ``deploy.yml`` says; paths in it are relative to ``sites`` (keys) or its parent (folders)."""
    faults = [one for one in document.diagnostics if one.severity == "error"]
    if faults:
        raise ConfigError(in_order(faults))
    reader = _Reader(LOGICAL_PATH)
    fields = Fields(reader, document.root, required=("targets",), optional=_KEYS)
    definition = Definition(
        targets=_targets(fields, _Place(sites, tuple(part.name for part in parts))),
        keep=fields.number("keep", 10, range(1, 1001)),
        grace_hours=fields.number("grace_hours", 24, range(24 * 90 + 1)),
        deletion_cap=fields.number("deletion_cap", 20, range(101)),
        public_key=_beside(fields, "public_key", sites),
        webserver=_webserver(fields),
    )
    if reader.found:
        raise ConfigError(in_order(reader.found))
    return definition


class _Place(NamedTuple):
    """What a target is read with: the folder of definitions, and the names of all sites."""

    folder: Path
    sites: tuple[str, ...]


class _Reader(Reader):
    """As for all definitions; but what looks like a secret is no key that somebody mistyped."""

    def unknown_key(self, key: Scalar, known: Collection[str]) -> str | None:
        if _SECRETIVE.fullmatch(key.value):
            self.fault("deploy-secret", key, key=key.value)
            return None
        return super().unknown_key(key, known)

    def text(self, node: Node, label: str, limit: int = MAX_TEXT) -> str | None:
        """Text that may stand in a command, or in the configuration of a web server."""
        value = super().text(node, label, limit)
        if value is not None and not value.isprintable():
            self.fault("value-characters", node, key=label)
            return None
        return value


def _targets(fields: Fields, place: _Place) -> tuple[Target, ...]:
    node, reader = fields.get("targets"), fields.reader
    if not isinstance(node, MappingNode) or not node.entries:
        if fields.written("targets") is not None:
            fields.fault("deploy-targets", "targets")
        return ()
    found: list[Target | None] = []
    for key, value in node.entries:
        if _NAME.fullmatch(key.value):
            found.append(_target(key.value, value, reader, place))
        else:
            reader.fault("deploy-target-name", key)
    return tuple(one for one in found if one is not None)


def _target(name: str, node: Node, reader: Reader, place: _Place) -> Target | None:
    """By its kind; of one without, nobody knows which keys it may have."""
    entries = {key.value: value for key, value in node.entries} if isinstance(node, MappingNode) else {}
    if "kind" not in entries:
        every = {key for required, optional in _TARGET_KEYS.values() for key in (*required, *optional)}
        Fields(reader, node, required=("kind",), optional=sorted(every))
        return None
    kind = reader.choice(entries["kind"], "kind", {one: one for one in _TARGET_KEYS})
    if kind is None:
        return None
    required, optional = _TARGET_KEYS[kind]
    fields = Fields(reader, node, required=("kind", *required), optional=optional)
    return {"local": _local, "ssh": _ssh, "s3": _s3}[kind](name, fields, place)


def _local(name: str, fields: Fields, place: _Place) -> Target:
    return LocalTarget(
        name=name,
        path=place.folder.parent / fields.needed("path"),
        sites=_sites(fields, place.sites),
        reload=fields.line("reload"),
    )


def _ssh(name: str, fields: Fields, place: _Place) -> Target:
    return SshTarget(
        name=name,
        host=fields.line("host", "", _HOST, "deploy-host", needed=True),
        port=fields.number("port", 22, _PORTS),
        user=fields.line("user", "", _USER, "deploy-user"),
        path=_folder(fields, "path", "", needed=True),
        known_hosts=_beside(fields, "known_hosts", place.folder),
        sites=_sites(fields, place.sites),
        reload=fields.line("reload"),
    )


def _s3(name: str, fields: Fields, place: _Place) -> Target:
    prefix = fields.line("prefix", "", _PREFIX, "deploy-prefix").strip("/")
    return S3Target(
        name=name,
        endpoint=fields.line("endpoint", "", _ENDPOINT, "deploy-endpoint", needed=True),
        region=fields.line("region"),
        bucket=fields.line("bucket", "", _BUCKET, "deploy-bucket", needed=True),
        prefix=f"{prefix}/" if prefix else "",
        sites=(fields.choice("site", place.sites, place.sites[0], required=True),),
    )


def _sites(fields: Fields, known: tuple[str, ...]) -> tuple[str, ...]:
    """Which sites a target takes: all where nothing is said of it, never where nothing is said behind the key."""
    reader, node = fields.reader, fields.written("sites")
    if node is None or (isinstance(node, Scalar) and node.value == "all"):
        return known
    names: list[str] = []
    members = reader.sequence(node, "sites") if isinstance(node, Sequence) and node.items else None
    if members is None:
        reader.fault("deploy-sites", node, known="、".join(known))
    for member in members or ():
        name = reader.choice(member, "sites", {one: one for one in known})
        if name in names:
            reader.fault("list-duplicate", member, key="sites")
        elif name is not None:
            names.append(name)
    return tuple(names)


def _webserver(fields: Fields) -> WebServer:
    plain = WebServer()
    given = fields.inner("webserver", optional=WebServer.__struct_fields__)
    if given is None:
        return plain
    return WebServer(
        path=_folder(given, "path", plain.path),
        certificates=_folder(given, "certificates", plain.certificates),
        listen=given.line("listen", plain.listen, _HOST, "deploy-host"),
        http=given.number("http", plain.http, _PORTS),
        https=given.number("https", plain.https, _PORTS),
        brotli=given.flag("brotli", plain.brotli),
        hsts_days=given.number("hsts_days", plain.hsts_days, range(1001)),
    )


def _folder(fields: Fields, key: str, default: str, *, needed: bool = False) -> str:
    return fields.line(key, default, _ABSOLUTE, "deploy-folder", needed=needed).rstrip("/")


def _beside(fields: Fields, key: str, folder: Path) -> Path | None:
    """A file that is named relative to the definitions; where nothing is named behind the key, a name was forgotten."""
    name = fields.line(key, needed=True)
    return folder / name if name else None
