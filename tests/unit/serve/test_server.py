"""The preview's web server, request by request."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from generator.serve.events import Board
from generator.serve.server import PreviewServer
from generator.site.headers import SECURITY_HEADERS

LARGE = 64_000_000
"""Bytes: more than a connection takes before anybody reads."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PreviewServer]:
    (tmp_path / "index.html").write_text("<html><head></head><body>首页</body></html>", "utf-8")
    with open(tmp_path / "large.bin", "wb") as large:
        large.truncate(LARGE)
    made = PreviewServer(tmp_path, Board(), 0)
    serving = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield made
    made.shutdown()
    made.server_close()
    serving.join()


def test_a_browser_that_leaves_early_is_not_news(server: PreviewServer, capfd: pytest.CaptureFixture[str]) -> None:
    """It closes while the file is on its way, as a reload does; no traceback for the editor to wonder at."""
    standing = set(threading.enumerate())
    with socket.create_connection(("127.0.0.1", server.server_port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(b"GET /large.bin HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(4) == b"HTTP"
        handlers = set(threading.enumerate()) - standing
        assert handlers
    for handler in handlers:
        handler.join(20)
        assert not handler.is_alive()
    assert capfd.readouterr().err == ""


def test_whatever_else_goes_wrong_with_a_request_is_said(
    server: PreviewServer, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours is not taken for a browser that left."""

    def broken(*_: object) -> None:
        raise ValueError("ours")

    monkeypatch.setattr(server, "finish_request", broken)
    with socket.create_connection(("127.0.0.1", server.server_port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        connection.recv(4)
    assert "ValueError: ours" in capfd.readouterr().err


def ask(server: PreviewServer, path: str) -> HTTPResponse:
    """The answer to a request of a browser, or of somebody else."""
    connection = HTTPConnection("127.0.0.1", server.server_port)
    connection.putrequest("GET", path)
    connection.endheaders()
    return connection.getresponse()


def test_nobody_else_is_answered(server: PreviewServer) -> None:
    """Not from another machine, and not a page of another site whose name was made to lead here."""
    assert server.socket.getsockname()[0] == "127.0.0.1"
    for host, status in (("evil.example", 403), ("evil.example:80", 403), ("", 403), ("localhost", 200)):
        connection = HTTPConnection("127.0.0.1", server.server_port)
        connection.request("GET", "/index.html", headers={"Host": host})
        answer = connection.getresponse()
        assert (answer.status, "首页".encode() in answer.read()) == (status, status == 200)


@pytest.mark.parametrize(
    "path",
    [
        *("/" + "a" * 300, "/" + "a/" * 3000, "/[", "/%00", "/fifo", "/index.html/x"),
        *("/../outside.txt", "/%2e%2e/outside.txt", "/link", "/__preview__/../server.py", "/__preview__//etc/passwd"),
    ],
)
def test_what_is_no_file_of_the_tree_is_not_found(
    server: PreviewServer, tmp_path: Path, capfd: pytest.CaptureFixture[str], path: str
) -> None:
    """Whatever was asked for: a name that cannot be one is no fault of ours to be told of at length."""
    (tmp_path.parent / "outside.txt").write_text("draussen", "utf-8")
    (tmp_path / "link").symlink_to(tmp_path.parent / "outside.txt")
    os.mkfifo(tmp_path / "fifo")
    answer = ask(server, path)
    assert answer.status == 404
    assert b"404" in answer.read()
    assert capfd.readouterr().err == ""


def test_a_folder_is_shown_under_a_name_that_ends_as_such(server: PreviewServer, tmp_path: Path) -> None:
    """Under another its relative links lead elsewhere, and the page is not told that it changed."""
    (tmp_path / "sfj").mkdir()
    (tmp_path / "sfj" / "index.html").write_text("<html><head></head><body>司法局</body></html>", "utf-8")
    moved = ask(server, "/sfj?x")
    assert (moved.status, moved.headers["Location"]) == (301, "/sfj/")
    assert "司法局" in ask(server, "/sfj/").read().decode()


def test_a_page_is_served_as_a_release_is(server: PreviewServer) -> None:
    """What browsers refuse there they refuse here, and nothing else, such as a theme's fonts; nothing is kept."""
    told = ask(server, "/index.html").headers
    assert [(name, told[name]) for name, _ in SECURITY_HEADERS] == list(SECURITY_HEADERS)
    assert (told["Cache-Control"], told["X-Robots-Tag"]) == ("no-store", "noindex")


def test_who_asks_for_the_head_alone_gets_no_body(server: PreviewServer) -> None:
    """What followed would be taken for the answer to the next request."""
    connection = HTTPConnection("127.0.0.1", server.server_port)
    connection.request("HEAD", "/index.html")
    answer = connection.getresponse()
    assert answer.read() == b""
    connection.request("GET", "/index.html")
    assert "首页" in connection.getresponse().read().decode()
