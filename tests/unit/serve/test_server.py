"""The preview's web server, request by request."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.serve.events import Board
from generator.serve.server import PreviewServer

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
