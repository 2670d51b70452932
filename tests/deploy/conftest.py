"""A far side for each test: a folder, or the same folder behind a real sshd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.deploy.definition import Definition
from generator.model import Cluster
from tests.deploy_servers import Sshd, missing, sshd
from tests.deploy_support import Workshop, cluster

MakeWorkshop = Callable[..., Workshop]


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """One sshd for all tests of a process."""
    reason = missing("sshd", "ssh", "ssh-keygen", "rsync")
    if reason:
        pytest.skip(reason)
    with sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(params=["local", pytest.param("ssh", marks=pytest.mark.server)])
def make_workshop(request: pytest.FixtureRequest, tmp_path: Path) -> MakeWorkshop:
    """``make_workshop()``: a workshop whose only target is a folder, or that folder over ssh."""
    if reason := missing("rsync", "flock"):
        pytest.skip(reason)
    server: Sshd | None = request.getfixturevalue("ssh_server") if request.param == "ssh" else None

    def make(of: Cluster | None = None) -> Workshop:
        workshop = Workshop(tmp_path, of or cluster())
        if server is not None:
            sites = workshop.definition.targets[0].sites
            workshop.definition = Definition(targets=(server.target("main", workshop.served, sites),))
            workshop.environment["MINGTANG_SSH_IDENTITY"] = str(server.identity)
        return workshop

    return make
