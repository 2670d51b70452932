"""What the plain HTTP client makes of addresses that are none and of answers that are cut off."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from generator.deploy.webclient import Client, FetchError
from generator.errors import UsageError

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345"


@contextmanager
def answering(*answers: bytes) -> Iterator[str]:
    """The address of a server that gives one of these bytes to each connection, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/a"
        thread.join(10)


def test_answer_that_was_cut_off_is_asked_for_again() -> None:
    """A line that breaks is no sign that somebody changed the page."""
    with answering(WHOLE[:-2], WHOLE) as url:
        assert Client().get(url).body == b"12345"


def test_answer_that_is_cut_off_every_time_is_an_error() -> None:
    """Whatever came of it is never compared with anything."""
    with answering(WHOLE[:-2], WHOLE[:-2]) as url, pytest.raises(FetchError):
        Client().get(url)


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example/", "x.example", "http:///a", "http://[::1/", "http://x.example:99999/", "http://x.example：80/"],
)
def test_address_that_is_none_is_an_error_of_usage(url: str) -> None:
    """Somebody typed it."""
    with pytest.raises(UsageError):
        Client().get(url)


def test_page_with_a_chinese_name_is_asked_for_as_browsers_do() -> None:
    """However the address was typed."""
    with answering(WHOLE) as url:
        assert Client().get(f"{url}/公告.html").status == 200
