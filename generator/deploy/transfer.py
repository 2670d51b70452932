"""Files to the far side by rsync, with progress. Effects: one rsync process, and what it copies."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from generator.build.fs import FileSystem
from generator.deploy.farside import Say
from generator.deploy.shell import FarSideError, Transport
from generator.errors import UsageError

_EVERY = 10.0
"""Seconds between two words about a long transfer."""
_PERCENT = re.compile(rb"(\d{1,3})%")
_COUNTED = re.compile(rb"^Total bytes (?:sent|received): ([\d,]+)", re.M)


def send(
    fs: FileSystem,
    transport: Transport,
    name: str,
    source: Path,
    folder: str,
    listed: Sequence[str],
    options: Sequence[str],
    say: Say,
) -> int:
    """Copy the listed files below ``source`` into ``folder`` of the far side; gives the bytes that travelled both ways.

    Files that are there already are replaced, never written into, since other releases share them.
    Raises ``FarSideError`` when rsync fails.
    """
    listing = source.with_name(f"{source.name}.list")
    fs.write(listing, "".join(f"{path}\0" for path in listed).encode(), mode=0o600)
    command = ["rsync", "-tps", "--stats", "--info=progress2", "--from0", f"--files-from={listing}", *options]
    if transport.remote_shell:
        command += ["-e", transport.remote_shell]
    command += [f"{source}/", f"{transport.host}{folder}/"]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C"},
        )
    except OSError as error:
        raise UsageError(f"无法运行 rsync (cannot be run): {error.strerror}") from None
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        complaints: list[bytes] = []
        listener = threading.Thread(
            target=lambda stream: complaints.extend(stream), args=(process.stderr,), daemon=True
        )
        listener.start()
        output = _follow(process.stdout, lambda percent: say(f"{name}：已传送 {percent}%"))
        listener.join()
    fs.remove(listing)
    if process.returncode != 0:
        said = b" ".join(complaints).decode("utf-8", "replace").split()[-40:]
        raise FarSideError(f"{name}：传送中断 (the transfer stopped): {' '.join(said)}")
    return sum(int(found.replace(b",", b"")) for found in _COUNTED.findall(output))


def _follow(stream: IO[bytes], say: Say) -> bytes:
    """Read to the end, and say now and then how far it is; gives the last of it."""
    last, spoken = b"", time.monotonic()
    while block := os.read(stream.fileno(), 1 << 16):
        last = (last + block)[-(1 << 16) :]
        found = _PERCENT.findall(block)
        if found and time.monotonic() - spoken >= _EVERY:
            spoken = time.monotonic()
            say(found[-1].decode())
    return last
