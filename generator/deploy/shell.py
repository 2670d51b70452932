"""A POSIX shell on the far side, spoken to line by line. Effects: one process, and what it is told to do.

One shell serves a whole deploy: its connection is made once, and the lock that it takes lives exactly
as long as it does. When the deployer is killed, or the line is cut, the shell reads the end of its
input and ends; a command that it runs at that moment still holds the lock until it is done.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from generator.deploy.definition import LocalTarget, SshTarget
from generator.errors import GeneratorError, UsageError

IDENTITY_VARIABLE = "MINGTANG_SSH_IDENTITY"
_KEPT_LINES = 50
_REFUSALS = (
    (
        "has changed and you have requested strict checking",
        "服务器的主机密钥变了，没有连接。可能有人冒充服务器：向服务器管理员核对指纹，确认换过密钥，再改 known_hosts。"
        "The server's host key has changed: somebody may pose as it. Compare fingerprints first.",
    ),
    (
        "Host key verification failed",
        "known_hosts 里没有这台服务器的主机密钥，没有连接。向服务器管理员核对指纹后写进 known_hosts。"
        "The server's host key is unknown: compare its fingerprint, then put it into known_hosts.",
    ),
    (
        "Permission denied (",
        "服务器不接受这个账户或私钥，没有连接。检查 deploy.yml 的 user 和 MINGTANG_SSH_IDENTITY。"
        "The server accepts neither this account nor this key.",
    ),
)
"""What ssh says when it does not connect, and what that means; trying again does not help."""


class FarSideError(GeneratorError):
    """The far side, or the line to it, failed; what is served has not changed."""


class Answer(NamedTuple):
    """What a script printed, and its exit status."""

    status: int
    output: str


class Transport(NamedTuple):
    """How to reach a far side: the command that starts a shell there, and rsync's view of a folder there."""

    shell: tuple[str, ...]
    remote_shell: str
    """rsync's ``-e``; empty on this machine."""
    host: str
    """rsync's ``host:``; empty on this machine."""
    folder: str


def local_transport(target: LocalTarget) -> Transport:
    """A folder of this machine."""
    return Transport(("sh",), "", "", str(target.path.resolve()))


def ssh_transport(target: SshTarget, environment: Mapping[str, str], control: Path) -> Transport:
    """A server; keys come from the agent or ``MINGTANG_SSH_IDENTITY``, and no question is ever asked.

    ``control`` is the socket through which rsync uses the connection that the shell has made.
    """
    options = [
        *("-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=20"),
        *("-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4", "-p", str(target.port)),
    ]
    if target.known_hosts is not None:
        options += ["-o", f"UserKnownHostsFile={target.known_hosts.resolve()}"]
    if identity := environment.get(IDENTITY_VARIABLE):
        options += ["-i", identity, "-o", "IdentitiesOnly=yes"]
    login = f"{target.user}@{target.host}" if target.user else target.host
    master = ["-o", "ControlMaster=yes", "-o", f"ControlPath={control}", "-o", "ControlPersist=no"]
    shared = ["-o", "ControlMaster=no", "-o", f"ControlPath={control}"]
    host = f"[{target.host}]" if ":" in target.host else target.host
    return Transport(
        ("ssh", "-T", *master, *options, "--", login, "exec sh -s"),
        shlex.join(["ssh", *shared, *options]),
        f"{target.user}@{host}:" if target.user else f"{host}:",
        target.path,
    )


class Shell:
    """Runs scripts on the far side, one after the other; a context manager that ends it."""

    def __init__(self, transport: Transport, name: str) -> None:
        self._name = name
        self.transport = transport
        environment = {**os.environ, "LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}
        for variable in [one for one in environment if one.startswith(("AWS_", "MINGTANG_SIGNING"))]:
            del environment[variable]
        try:
            self._process = subprocess.Popen(
                transport.shell,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
            )
        except OSError as error:
            raise UsageError(f"无法运行 {transport.shell[0]} (cannot be run): {error.strerror}") from None
        self._complaints: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._number = 0

    def run(self, script: str) -> Answer:
        """Run a script as the body of a function with empty input; raises ``FarSideError`` when the shell is gone."""
        self._number += 1
        mark = f"mingtang-{os.getpid()}-{self._number}"
        text = f"step() {{\n{script}\n}}\nstep </dev/null\nprintf '\\n%s %d\\n' {mark} $?\n"
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(text.encode())
            self._process.stdin.flush()
        except OSError:
            raise self._lost() from None
        return self._read(mark)

    def check(self, script: str) -> str:
        """As ``run``; raises ``FarSideError`` with what was complained of when the status is not 0."""
        answer = self.run(script)
        if answer.status != 0:
            raise FarSideError(f"{self._name}: {self.complaint() or f'status {answer.status}'}")
        return answer.output

    def complaint(self) -> str:
        """The last that the far side complained of."""
        self._listener.join(0.2)
        return " ".join(line for line in self._complaints[-3:] if line)

    def _read(self, mark: str) -> Answer:
        assert self._process.stdout is not None
        lines: list[bytes] = []
        for line in self._process.stdout:
            if line.startswith(mark.encode() + b" "):
                output = b"".join(lines)
                return Answer(int(line.split()[1]), output.removesuffix(b"\n").decode("utf-8", "replace"))
            lines.append(line)
        raise self._lost()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._complaints.append(line.decode("utf-8", "replace").rstrip())
            del self._complaints[:-_KEPT_LINES]

    def _lost(self) -> FarSideError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._listener.join(1)
        heard = "\n".join(self._complaints)
        why = next((text for words, text in _REFUSALS if words in heard), None)
        if why is not None:
            return FarSideError(f"{self._name}：{why}")
        said = self.complaint() or f"status {self._process.returncode}"
        return FarSideError(f"{self._name}：连接中断 (the connection is lost): {said}")

    def close(self) -> None:
        """End the shell, and the lock with it."""
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(5)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Shell:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
