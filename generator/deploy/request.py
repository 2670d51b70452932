"""What an operator asks of a deploy, as one value; and how its targets are opened. Effects: opens connections."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from generator.build.fs import FileSystem
from generator.deploy.definition import Definition, LocalTarget, S3Target, Target
from generator.deploy.farside import FarSide, Say
from generator.deploy.gates import Consent
from generator.deploy.parts import parts_of
from generator.deploy.plan import Plan
from generator.deploy.server import Server
from generator.deploy.shell import Shell, local_transport, ssh_transport
from generator.errors import UsageError
from generator.model import Cluster


class Request(Struct, frozen=True, kw_only=True):
    """Everything that an operator asks for. ``now`` is aware; ``environment`` is where secrets come from."""

    content: Path
    sites: Path
    out: Path
    cache: Path
    state: Path
    cluster: Cluster
    definition: Definition
    now: datetime
    by: str
    environment: Mapping[str, str]
    say: Say
    targets: tuple[str, ...] = ()
    """Names; empty for all."""
    consent: Consent = Consent()
    dry_run: bool = False
    commit: str | None = None
    """Of the content, where it was not built from the repository itself."""
    commits: Mapping[str, str] = {}
    """Units that are held at an earlier commit."""
    rolled_back_to: str = ""
    report_state: Path | None = None
    """Where the report of the build is, when it is not in ``state``."""
    jobs: int = 0
    fs: FileSystem = FileSystem()


class Outcome(Struct, frozen=True, kw_only=True):
    """What a deploy did, target by target."""

    plans: tuple[Plan, ...]
    switched: tuple[str, ...]
    travelled: int


def chosen(request: Request) -> tuple[Target, ...]:
    """The targets that were asked for; raises ``UsageError`` for an unknown one."""
    return named_targets(request.definition, request.targets)


def named_targets(definition: Definition, names: Sequence[str]) -> tuple[Target, ...]:
    """The targets of these names, all without any; raises ``UsageError`` for an unknown one."""
    known = {target.name: target for target in definition.targets}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"没有这个发布目标 unknown target: {unknown[0]}（{'、'.join(known)}）")
    return tuple(known[name] for name in (names or known))


@contextmanager
def opened(request: Request, target: Target) -> Iterator[FarSide]:
    """The far side of a target, closed again at the end."""
    store = request.state / "releases" / target.name
    if isinstance(target, S3Target):
        from generator.deploy.objectstore import open_store

        with open_store(target, request, parts_of(request.cluster), store) as side:
            yield side
        return
    with tempfile.TemporaryDirectory(prefix="mingtang-") as folder:
        transport = (
            local_transport(target)
            if isinstance(target, LocalTarget)
            else ssh_transport(target, request.environment, Path(folder) / "control")
        )
        with Shell(transport, target.name) as shell:
            yield Server(target.name, shell, store, request.fs, request.say)
