"""A plain HTTP client that fetches what a reader would, and follows nothing by itself. Effects: the network."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from msgspec import Struct

from generator import __version__
from generator.errors import GeneratorError, UsageError

_TIMEOUT = 30.0
_TRIES = 2
_LARGEST = 4 << 30
_WRITTEN = "".join(map(chr, range(33, 127)))
"""What stands in an address as it is: escapes too, of which there may be some already."""


class Response(Struct, frozen=True):
    """What a server answered; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class FetchError(GeneratorError):
    """The server cannot be reached or does not speak HTTP."""


class Client:
    """Keeps one connection for each thread and host.

    ``connect`` sends every request to one address, whatever host its URL names: a server can be
    looked at before the name service leads to it. ``authority`` is a file of further trusted certificates.
    """

    def __init__(self, connect: tuple[str, int] | None = None, authority: Path | None = None) -> None:
        self._connect = connect
        self._local = threading.local()
        self._context = ssl.create_default_context()
        if authority is not None:
            try:
                self._context.load_verify_locations(authority)
            except OSError as error:
                raise UsageError(f"证书 {authority} 无法读取 (the certificate cannot be read): {error}") from None

    def get(self, url: str, headers: Mapping[str, str] = {}) -> Response:
        """Fetch one URL; raises ``FetchError`` after a second try, ``UsageError`` for what is none."""
        key, target = _parted(url)
        sent = {"User-Agent": f"mingtang/{__version__}", "Accept-Encoding": "identity", **headers}
        for attempt in range(_TRIES):
            connection = self._connection(*key)
            try:
                connection.request("GET", target, headers=sent)
                answer = connection.getresponse()
                body = answer.read(_LARGEST)
                if answer.length:  # reading a number of bytes tells of none that did not come
                    raise http.client.IncompleteRead(body, answer.length)
                return Response(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self._connections().pop(key, None)
                if attempt == _TRIES - 1:
                    raise FetchError(f"{url} 无法读取 (cannot be fetched): {error}") from None
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close the connections of this thread."""
        for connection in self._connections().values():
            connection.close()
        self._connections().clear()

    def _connections(self) -> dict[tuple[str, str, int], http.client.HTTPConnection]:
        if not hasattr(self._local, "connections"):
            self._local.connections = {}
        found: dict[tuple[str, str, int], http.client.HTTPConnection] = self._local.connections
        return found

    def _connection(self, scheme: str, host: str, port: int) -> http.client.HTTPConnection:
        known = self._connections()
        key = (scheme, host, port)
        if key not in known:
            if scheme == "https":
                known[key] = _Https(host, port or 443, self._context, self._connect)
            else:
                known[key] = _Http(host, port or 80, self._connect)
        return known[key]


def _parted(url: str) -> tuple[tuple[str, str, int], str]:
    """Scheme, host and port of a URL, and what is asked for there."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 0
    except ValueError:
        host, port = None, 0
    if not host or parts.scheme not in ("http", "https"):
        raise UsageError(f"不是网址 (not a URL): {url}")
    target = quote(parts.path, safe=_WRITTEN) or "/"
    if parts.query:
        target += f"?{quote(parts.query, safe=_WRITTEN)}"
    return (parts.scheme, host, port), target


class _Http(http.client.HTTPConnection):
    """Connects where it is told to, and still names the host of the URL."""

    def __init__(self, host: str, port: int, connect: tuple[str, int] | None) -> None:
        super().__init__(host, port, timeout=_TIMEOUT)
        self._address = connect or (host, port)

    def connect(self) -> None:
        self.sock = socket.create_connection(self._address, _TIMEOUT)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class _Https(_Http):
    """The same over TLS; the certificate must be the host's."""

    default_port = 443

    def __init__(self, host: str, port: int, context: ssl.SSLContext, connect: tuple[str, int] | None) -> None:
        super().__init__(host, port, connect)
        self._tls = context

    def connect(self) -> None:
        super().connect()
        self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)
