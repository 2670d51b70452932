"""``sites/deploy.yml``: where releases go, and the rules that they keep. ``load_definition`` touches the disk.

Secrets never stand in it: ssh takes them from the agent or ``MINGTANG_SSH_IDENTITY``, object stores
from ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY``, signing from ``MINGTANG_SIGNING_KEY``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from generator.content.decoding import decode
from generator.content.fields import MAX_BYTES
from generator.content.yamlnodes import Mapping as MappingNode
from generator.content.yamlnodes import Node, Scalar, Sequence, parse_yaml
from generator.deploy.parts import Part
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.errors import ConfigError, UsageError

FILE_NAME = "deploy.yml"
LOGICAL_PATH = "sites/deploy.yml"

T = TypeVar("T")

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?")
_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ENDPOINT = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/?")
_ABSOLUTE = re.compile(r"/[^\x00-\x1f\\]*[^\x00-\x1f\\/]/*")
_SECRETIVE = re.compile(r"pass(word|phrase)?|secret.*|.*access_key.*|token|private_key|identity", re.IGNORECASE)


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
    try:
        decoded = decode(path.read_bytes(), LOGICAL_PATH, limit=MAX_BYTES)
    except FileNotFoundError:
        raise UsageError(f"没有 {path}，不知道发布到哪里。There is no {path}: nowhere to release to.") from None
    if decoded.faulty:
        raise ConfigError(decoded.diagnostics)
    return parse_definition(decoded.text, sites, parts)


def parse_definition(text: str, sites: Path, parts: tuple[Part, ...]) -> Definition:
    """Read the text of ``deploy.yml``; paths in it are relative to ``sites`` (keys) or its parent (folders)."""
    faults: list[Diagnostic] = []
    document = parse_yaml(text, LOGICAL_PATH)
    if document.diagnostics:
        raise ConfigError(document.diagnostics)
    section = _Section(document.root, faults, "")
    nowhere: tuple[Target, ...] = ()
    targets = section.take("targets", _targets(sites, tuple(part.name for part in parts)), nowhere)
    definition = Definition(
        targets=targets,
        keep=section.take("keep", _number(1, 1000), 10),
        grace_hours=section.take("grace_hours", _number(0, 24 * 90), 24),
        deletion_cap=section.take("deletion_cap", _number(0, 100), 20),
        public_key=section.take("public_key", lambda node: sites / _text(node), None),
        webserver=section.take("webserver", _webserver, WebServer()),
    )
    section.close()
    if not targets and not faults:
        faults.append(diagnostic("deploy-key-missing", LOGICAL_PATH, 1, 1, key="targets"))
    if faults:
        raise ConfigError(in_order(faults))
    return definition


class _Wrong(Exception):
    """A value that cannot be used; ``expected`` says what could."""

    def __init__(self, node: Node | None, expected: str) -> None:
        super().__init__(expected)
        self.node = node
        self.expected = expected


class _Section:
    """A mapping whose keys are taken one by one; what is left at the end is unknown."""

    def __init__(self, node: Node | None, faults: list[Diagnostic], under: str) -> None:
        self._faults = faults
        self._under = under
        self._node = node
        self._left: dict[str, tuple[Scalar, Node]] = {}
        if isinstance(node, MappingNode):
            self._left = {key.value: (key, value) for key, value in node.entries}
        elif node is not None:
            faults.append(_at(node, "deploy-value", key=under or LOGICAL_PATH, expected="mapping"))

    def take(self, key: str, read: Callable[[Node], T], default: T) -> T:
        """The value of ``key``, or ``default`` where the key is absent or its value faulty."""
        if key not in self._left:
            return default
        _, node = self._left.pop(key)
        try:
            return read(node)
        except _Wrong as wrong:
            self._faults.append(_at(wrong.node or node, "deploy-value", key=self._name(key), expected=wrong.expected))
        except _Several as several:
            self._faults.extend(several.faults)
        return default

    def need(self, key: str, read: Callable[[Node], T], default: T) -> T:
        """As ``take``, and a fault where the key is absent."""
        if key not in self._left:
            place = self._node or Scalar("", True, 1, 1)
            self._faults.append(_at(place, "deploy-key-missing", key=self._name(key)))
        return self.take(key, read, default)

    def close(self) -> None:
        """Report every key that nobody took."""
        for name, (key, _) in self._left.items():
            code = "deploy-secret" if _SECRETIVE.fullmatch(name) else "deploy-key-unknown"
            self._faults.append(_at(key, code, key=self._name(name)))

    def _name(self, key: str) -> str:
        return f"{self._under}.{key}" if self._under else key


class _Several(Exception):
    """Faults of a value that is a mapping itself."""

    def __init__(self, faults: list[Diagnostic]) -> None:
        super().__init__(len(faults))
        self.faults = faults


def _at(node: Node, code: str, *, key: str, expected: str = "") -> Diagnostic:
    return diagnostic(code, LOGICAL_PATH, node.line, node.column, key=key, expected=expected)


def _text(node: Node, pattern: re.Pattern[str] | None = None, expected: str = "text") -> str:
    if not isinstance(node, Scalar) or node.absent:
        raise _Wrong(node, expected)
    if pattern is not None and not pattern.fullmatch(node.value):
        raise _Wrong(node, expected)
    if not node.value.isprintable():
        raise _Wrong(node, expected)
    return node.value


def _matching(pattern: re.Pattern[str], expected: str) -> Callable[[Node], str]:
    return lambda node: _text(node, pattern, expected)


def _folder(node: Node) -> str:
    return _text(node, _ABSOLUTE, "absolute path").rstrip("/")


def _number(low: int, high: int) -> Callable[[Node], int]:
    def read(node: Node) -> int:
        expected = f"{low}-{high}"
        value = _text(node, re.compile(r"\d{1,6}"), expected)
        if not low <= int(value) <= high:
            raise _Wrong(node, expected)
        return int(value)

    return read


def _boolean(node: Node) -> bool:
    if isinstance(node, Scalar) and node.plain and node.value in ("true", "false"):
        return node.value == "true"
    raise _Wrong(node, "true | false")


def _sites(known: tuple[str, ...]) -> Callable[[Node], tuple[str, ...]]:
    expected = "all | [" + ", ".join(known) + "]"

    def read(node: Node) -> tuple[str, ...]:
        if isinstance(node, Scalar) and node.value == "all":
            return known
        if not isinstance(node, Sequence) or not node.items:
            raise _Wrong(node, expected)
        names = tuple(_text(one, None, expected) for one in node.items)
        for one, name in zip(node.items, names, strict=True):
            if name not in known or names.count(name) > 1:
                raise _Wrong(one, expected)
        return names

    return read


def _targets(sites: Path, known: tuple[str, ...]) -> Callable[[Node], tuple[Target, ...]]:
    def read(node: Node) -> tuple[Target, ...]:
        if not isinstance(node, MappingNode):
            raise _Wrong(node, "mapping")
        faults: list[Diagnostic] = []
        found: list[Target] = []
        for key, value in node.entries:
            if not _NAME.fullmatch(key.value):
                faults.append(_at(key, "deploy-value", key=f"targets.{key.value}", expected=_NAME.pattern))
                continue
            section = _Section(value, faults, f"targets.{key.value}")
            target = _target(key.value, section, sites, known)
            section.close()
            if target is not None:
                found.append(target)
        if faults:
            raise _Several(faults)
        return tuple(found)

    return read


def _target(name: str, section: _Section, sites: Path, known: tuple[str, ...]) -> Target | None:
    kinds: Mapping[str, Callable[[str, _Section, Path, tuple[str, ...]], Target]] = {
        "local": _local,
        "ssh": _ssh,
        "s3": _s3,
    }
    kind = section.need("kind", _matching(re.compile("local|ssh|s3"), "local | ssh | s3"), "")
    return kinds[kind](name, section, sites, known) if kind else None


def _local(name: str, section: _Section, sites: Path, known: tuple[str, ...]) -> LocalTarget:
    return LocalTarget(
        name=name,
        path=sites.parent / section.need("path", _text, "."),
        sites=section.take("sites", _sites(known), known),
        reload=section.take("reload", _text, ""),
    )


def _ssh(name: str, section: _Section, sites: Path, known: tuple[str, ...]) -> SshTarget:
    return SshTarget(
        name=name,
        host=section.need("host", _matching(_HOST, "host name or address"), ""),
        port=section.take("port", _number(1, 65535), 22),
        user=section.take("user", _matching(_USER, "user name"), ""),
        path=section.need("path", _folder, ""),
        known_hosts=section.take("known_hosts", lambda node: sites / _text(node), None),
        sites=section.take("sites", _sites(known), known),
        reload=section.take("reload", _text, ""),
    )


def _s3(name: str, section: _Section, sites: Path, known: tuple[str, ...]) -> S3Target:
    def site(node: Node) -> tuple[str, ...]:
        value = _text(node)
        if value not in known:
            raise _Wrong(node, " | ".join(known))
        return (value,)

    prefix = section.take("prefix", _matching(re.compile(r"[A-Za-z0-9._/-]*"), "letters, digits, . _ - /"), "")
    return S3Target(
        name=name,
        endpoint=section.need("endpoint", _matching(_ENDPOINT, "https://HOST"), ""),
        region=section.take("region", _text, ""),
        bucket=section.need("bucket", _matching(_BUCKET, "bucket name"), ""),
        prefix=prefix.strip("/") + "/" if prefix.strip("/") else "",
        sites=section.need("site", site, known[:1]),
    )


def _webserver(node: Node) -> WebServer:
    faults: list[Diagnostic] = []
    section = _Section(node, faults, "webserver")
    plain = WebServer()
    found = WebServer(
        path=section.take("path", _folder, plain.path),
        certificates=section.take("certificates", _folder, plain.certificates),
        listen=section.take("listen", _matching(_HOST, "address"), plain.listen),
        http=section.take("http", _number(1, 65535), plain.http),
        https=section.take("https", _number(1, 65535), plain.https),
        brotli=section.take("brotli", _boolean, plain.brotli),
        hsts_days=section.take("hsts_days", _number(0, 1000), plain.hsts_days),
    )
    section.close()
    if faults:
        raise _Several(faults)
    return found
