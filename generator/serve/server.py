"""The preview's web server. Effects: a socket on loopback; reads the preview tree.

Only loopback, and only under a loopback name: the preview shows uncleared items, and a page from
elsewhere must not read them by pointing a name of its own at 127.0.0.1. The script that refreshes
a page is put in as the page is served and is never in the tree.
"""

from __future__ import annotations

import mimetypes
import queue
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec

from generator.errors import UsageError
from generator.serve.events import Board
from generator.site.headers import SECURITY_HEADERS

PREFIX = "/__preview__/"
_CLIENT = Path(__file__).resolve().parent / "client"
_HOOK = (
    f'<link rel="stylesheet" href="{PREFIX}preview.css">'
    f'<script type="module" src="{PREFIX}preview.js" data-version="%d" id="mt-preview"></script></head>'
)
_HEADERS = (*SECURITY_HEADERS, ("Cache-Control", "no-store"), ("X-Robots-Tag", "noindex"))
"""Those of a release, so that a page shows here what it will show there; and nothing of it is kept."""
_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HEARTBEAT = 15.0
"""Seconds between comments on an idle stream, by which a closed browser is noticed."""


class PreviewServer(ThreadingHTTPServer):
    """Serves one preview tree."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, tree: Path, board: Board, port: int) -> None:
        self.tree = tree.resolve()
        self.board = board
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise UsageError(
                f"端口 {port} 不能使用，请换一个：make serve PORT=8001（--port 8001）。Port {port}: {error.strerror}"
            ) from error

    @property
    def address(self) -> str:
        """Where to look."""
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves before it has read everything is not news; whatever else went wrong is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
        path = unquote(self.path.partition("?")[0])
        if host not in _NAMES:
            self._answer(HTTPStatus.FORBIDDEN, b"only as localhost", "text/plain")
        elif path == f"{PREFIX}events":
            self._stream()
        elif path.startswith(PREFIX):
            self._file(_CLIENT, path.removeprefix(PREFIX))
        else:
            self._file(self.server.tree, path.lstrip("/"))

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not news."""

    def _file(self, root: Path, name: str) -> None:
        path = _found(root, name)
        if path is not None and path.is_dir():
            if name and not name.endswith("/"):  # its links are relative, and it is told of as index.html
                self._answer(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", location=f"/{quote(name)}/")
                return
            path = _found(path, "index.html")
        status = HTTPStatus.OK
        if path is None or not path.is_file():
            path, status = root / "404.html", HTTPStatus.NOT_FOUND
        version = self.server.board.version  # before the file is read: a page may be newer than it says, never older
        try:
            data = path.read_bytes()
        except OSError:
            data = b"<!doctype html><html lang=zh-CN><head><title>404</title></head><body><p>404</p></body></html>"
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if path.suffix == ".html":
            data = data.replace(b"</head>", (_HOOK % version).encode(), 1)
        text = kind.startswith("text/") or kind in {"application/json", "application/xml", "application/javascript"}
        self._answer(status, data, f"{kind}; charset=utf-8" if text else kind)

    def _answer(self, status: HTTPStatus, data: bytes, kind: str, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in _HEADERS:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _stream(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        with self.server.board.listening() as listener:
            try:
                while True:
                    try:
                        news = listener.get(timeout=_HEARTBEAT)
                    except queue.Empty:
                        self.wfile.write(b": still here\n\n")
                    else:
                        if news is None:
                            return
                        self.wfile.write(b"data: " + msgspec.json.encode(news) + b"\n\n")
                    self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                return


def _found(root: Path, name: str) -> Path | None:
    """What stands below a folder under this name, whoever made the name up."""
    try:
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.exists() else None
    except (OSError, ValueError):  # longer than names may be, or none
        return None
