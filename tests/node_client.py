"""The search client in Node, for tests that are marked ``node``."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parent
SCRIPTS = TESTS.parent / "themes" / "default" / "assets" / "js"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
needs_lunr = pytest.mark.skipif(
    not (TESTS / "node_modules" / "lunr").is_dir(), reason="lunr is not installed: run `make setup` (npm ci in tests/)"
)


def ask_client(root: Path, *calls: list[Any], faults: dict[str, str] | None = None) -> tuple[list[Any], list[str]]:
    """The answers of the client, and the paths that it fetched. Lone surrogates may be asked."""
    request = {"scripts": str(client_scripts()), "root": str(root), "calls": list(calls), "faults": faults or {}}
    done = subprocess.run(
        ["node", str(TESTS / "node" / "client.mjs")],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    return said["answers"], said["fetched"]


@cache
def client_scripts() -> Path:
    """The client beside a ``package.json`` that tells every Node that these are modules."""
    folder = Path(tempfile.mkdtemp(prefix="mingtang-client-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for script in SCRIPTS.glob("search-*.js"):
        shutil.copy(script, folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return folder
