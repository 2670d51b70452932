"""Kills at random points: the site is wholly old or wholly new, and the next deploy succeeds."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.deploy.records import parse_sums
from generator.errors import GeneratorError, LockedError
from tests.deploy_support import Workshop, site

MakeWorkshop = Callable[..., Workshop]

OLD = {f"alpha/notice/a{number}": f"旧{number}" for number in range(12)}
NEW = {f"alpha/notice/a{number}": f"新{number}" for number in range(2, 14)}
_PATIENCE = 30.0
"""Seconds for what a killed deploy left behind to end."""


def states(root: Path) -> dict[str, Path]:
    return {path.name: path for path in root.iterdir()}


def served_items(workshop: Workshop) -> dict[str, str]:
    """What is served, after checking that every file of it is what its own release says."""
    release = (workshop.served / "current").resolve()
    sums = parse_sums((release / "SHA256SUMS").read_bytes())
    found = {str(path.relative_to(release)): path for path in release.rglob("*") if path.is_file()}
    assert found.keys() == sums.keys() | {"SHA256SUMS"}
    for path, digest in sums.items():
        assert hashlib.sha256(found[path].read_bytes()).hexdigest() == digest, path
    for items in (OLD, NEW):
        wanted = {f"public/{path}": data for path, data in site(items).items()}
        if all(path in found and found[path].read_bytes() == data for path, data in wanted.items()):
            return items
    raise AssertionError("the site is neither old nor new")


def deploy_and_kill(workshop: Workshop, after: float, *, whole_group: bool) -> bool:
    """Start a deploy and kill it after so many seconds, alone or with its shell and connections; was it killed?"""

    def child() -> None:
        os.setsid()
        try:
            workshop.deploy()
        except GeneratorError:
            os._exit(3)
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(after)
    killed = process.is_alive()
    if killed and process.pid is not None:
        try:
            (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            os.kill(process.pid, signal.SIGKILL)
    process.join()
    return killed


def deploy_when_free(workshop: Workshop) -> None:
    """The next deploy; what is left of a killed one may hold the lock for a moment."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            workshop.deploy()
        except LockedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def campaign(workshop: Workshop, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    withheld = [item for item in OLD if item not in NEW]
    workshop.build_site(OLD)
    workshop.deploy()
    started = time.monotonic()
    workshop.build_site(NEW, flavour="", withheld=dict.fromkeys(withheld, "expired"))
    workshop.deploy()
    takes = time.monotonic() - started
    for number in range(kills):
        items, gone = (OLD, [item for item in NEW if item not in OLD]) if number % 2 == 0 else (NEW, withheld)
        before = served_items(workshop)
        workshop.build_site(items, withheld=dict.fromkeys(gone, "expired"))
        killed = deploy_and_kill(workshop, chance.uniform(0, takes), whole_group=chance.random() < 0.5)
        after = served_items(workshop)
        assert after in (before, items)
        if not killed:
            assert after == items
        deploy_when_free(workshop)
        assert served_items(workshop) == items
        releases = states(workshop.served / "releases")
        assert list(releases) == [(workshop.served / "current").resolve().name], "what left stays in no release"
        assert not (workshop.served / "incoming").exists()


def test_killed_deploy_leaves_old_or_new(make_workshop: MakeWorkshop) -> None:
    """Five kills at random moments, of the deploy alone or of its connections too."""
    campaign(make_workshop(), 5, seed=20260302)


@pytest.mark.soak
def test_killed_deploy_leaves_old_or_new_fifty_times(make_workshop: MakeWorkshop) -> None:
    """Fifty kills at random moments."""
    campaign(make_workshop(), 50, seed=int(time.time()))


def test_interrupted_transfer_is_resumed(make_workshop: MakeWorkshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What had arrived before the kill is not sent again when the same tree is deployed."""
    from generator.deploy.server import Server

    workshop = make_workshop()
    workshop.build_site(OLD)
    workshop.deploy()
    workshop.build_site(OLD | {"beta/notice/new": "新"})
    with monkeypatch.context() as patched:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(Server, "_verify_incoming", killed)
        with pytest.raises(KeyboardInterrupt):
            workshop.deploy()
    first = (workshop.served / "incoming.id").read_text("utf-8")
    workshop.now = workshop.now.replace(second=30)
    workshop.deploy()
    assert any("继续上次中断的发布" in line for line in workshop.said)
    assert (workshop.served / "current").resolve().name == first.split()[0]
    assert workshop.served_file("beta/notice/new.html").is_file()
