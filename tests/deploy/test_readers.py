"""Readers in a loop through nginx while one deploy follows the other."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.deploy.webclient import Client
from tests.deploy_servers import missing, nginx
from tests.deploy_support import Workshop, cluster

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(bool(missing("nginx", "rsync")), reason=missing("nginx", "rsync")),
]

COMMON = {f"alpha/notice/common{number}": "常" for number in range(4)}
ONE = COMMON | {"alpha/notice/one": "一", "beta/notice/one": "一"}
TWO = COMMON | {"alpha/notice/two": "二", "beta/notice/two": "二"}
PORTAL = "https://www.shi.example/"


class Reader(threading.Thread):
    """Reads as a browser does: a page, what it names, the index's entry, its shards."""

    def __init__(self, client: Client, may_go: frozenset[str], *, removals: bool) -> None:
        super().__init__(daemon=True)
        self.client = client
        self.may_go = may_go
        self.removals = removals
        self.stopping = threading.Event()
        self.rounds = 0
        self.failures: list[str] = []

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self.read()
            except Exception as error:
                self.failures.append(repr(error))
            self.rounds += 1

    def read(self) -> None:
        home = self.get("index.html").decode()
        for item in sorted(set(re.findall(r"(?:alpha|beta)/notice/\w+", home))):
            page = self.get(f"{item}.html", removable=item in self.may_go)
            self.assets_of(page.decode())
        self.assets_of(home)
        self.index()

    def assets_of(self, page: str) -> None:
        for href in set(re.findall(r'href="/([^"]+)"', page)):
            self.get(href)

    def index(self) -> None:
        """As the client: when a shard is not there, the entry is read again, and must name another."""
        seen: set[str] = set()
        while True:
            shards = json.loads(self.get("search/index.json"))["shards"]
            answers = {shard: self.client.get(PORTAL + shard).status for shard in shards}
            lost = {shard for shard, status in answers.items() if status != 200}
            if not lost:
                return
            if not self.removals or lost & seen:
                self.failures.append(f"the entry names {sorted(lost)}, which are not there")
                return
            seen |= lost

    def get(self, path: str, *, removable: bool = False) -> bytes:
        answer = self.client.get(PORTAL + path)
        if answer.status != 200 and not (removable and answer.status == 404):
            self.failures.append(f"{path}: {answer.status}")
        return answer.body if answer.status == 200 else b""


def alternate(root: Path, between: Callable[[Workshop, int], None], may_go: frozenset[str], *, removals: bool) -> None:
    workshop = Workshop(root, cluster())
    workshop.build_site(ONE)
    workshop.deploy()
    hosts = ["www.shi.example"]
    with nginx(root / "nginx", workshop.cluster, workshop.served, hosts) as server:
        readers = [Reader(Client(server.address, server.certificate), may_go, removals=removals) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(10):
            between(workshop, number)
            workshop.deploy()
        for reader in readers:
            reader.stopping.set()
        for reader in readers:
            reader.join()
        assert [failure for reader in readers for failure in reader.failures] == []
        assert all(reader.rounds >= 10 for reader in readers)
        assert complaints(server.log.read_text("utf-8"), may_go) == []


def complaints(log: str, may_go: frozenset[str]) -> list[str]:
    """What nginx says went wrong, but for a page that went between its looking for it and its opening it: a 404."""
    gone = tuple(f'/{item}.html" failed (2: ' for item in sorted(may_go))
    return [
        line for line in log.splitlines() if "error" in line and not ("open()" in line and any(map(line.count, gone)))
    ]


def test_only_a_page_that_may_go_may_be_missed_in_the_log() -> None:
    """Another page, or another fault of the same page, stays a complaint."""
    line = '[error] 9#9: *12 open() "/srv/current/public/beta/notice/{}.html" failed ({}), client: 127.0.0.1'
    may_go = frozenset({"beta/notice/one"})
    assert complaints(line.format("one", "2: No such file or directory"), may_go) == []
    for page, fault in (("common0", "2: No such file or directory"), ("one", "13: Permission denied")):
        assert complaints(line.format(page, fault), may_go) != []


def test_edits_are_never_noticed(tmp_path: Path) -> None:
    """Ten deploys that change pages, assets and index: no request fails, no page names what is not there."""

    def edit(workshop: Workshop, number: int) -> None:
        workshop.build_site({item: f"{text}{number % 2}" for item, text in ONE.items()}, flavour=str(number % 2))

    alternate(tmp_path, edit, frozenset(), removals=False)


def test_removed_pages_alone_are_missed(tmp_path: Path) -> None:
    """Ten deploys between two contents: nothing fails but the pages that a release removed."""

    def swap(workshop: Workshop, number: int) -> None:
        items, others = (TWO, ONE) if number % 2 == 0 else (ONE, TWO)
        gone = {item: "expired" for item in others if item not in items}
        workshop.build_site(items, flavour=str(number % 2), withheld=gone)

    may_go = frozenset(ONE.keys() ^ TWO.keys())
    alternate(tmp_path, swap, may_go, removals=True)
