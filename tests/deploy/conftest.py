"""A far side for each test: a folder, or the same folder behind a real sshd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.deploy.definition import Definition, LocalTarget
from generator.deploy.shell import Transport, local_transport
from generator.model import Cluster
from tests.deploy_servers import Sshd, missing, sshd
from tests.deploy_support import ORDINARY, Workshop, cluster

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
def make_workshop(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeWorkshop:
    """``make_workshop()``: a workshop whose only target is a folder, or that folder over ssh.

    The folder's shell is that of an ordinary account, which servers give to deploys, even where root tests.
    """
    if reason := missing("rsync", "flock"):
        pytest.skip(reason)
    monkeypatch.setattr("generator.deploy.request.local_transport", _ordinary)
    server: Sshd | None = request.getfixturevalue("ssh_server") if request.param == "ssh" else None

    def make(of: Cluster | None = None) -> Workshop:
        workshop = Workshop(tmp_path, of or cluster())
        if server is not None:
            sites = workshop.definition.targets[0].sites
            workshop.definition = Definition(targets=(server.target("main", workshop.served, sites),))
            workshop.environment["MINGTANG_SSH_IDENTITY"] = str(server.identity)
        return workshop

    return make


def _ordinary(target: LocalTarget) -> Transport:
    plain = local_transport(target)
    return plain._replace(shell=(*ORDINARY, *plain.shell))
