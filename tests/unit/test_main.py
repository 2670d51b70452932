"""``python -m generator`` as systems of other settings start it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.build.cluster import NOW, REPOSITORY, SmallCluster, digests


def command(cluster: SmallCluster) -> list[str]:
    words = [sys.executable, "-m", "generator", "build", "--now", NOW.isoformat(), "--executor", "serial"]
    for option in ("content", "sites", "themes", "out"):
        words += [f"--{option}", str(cluster.root / option)]
    return [*words, "--cache", str(cluster.root / "c" / "cache"), "--state", str(cluster.root / "c" / "state")]


def test_the_encoding_of_the_locale_does_not_matter(tmp_path: Path) -> None:
    """Names on disk are UTF-8, whatever the terminal speaks; an item with a file under such a name is public."""
    cluster = SmallCluster(tmp_path)
    (cluster.content / "sfj" / "policy" / "a").mkdir(parents=True)
    (cluster.content / "sfj" / "policy" / "a" / "表.txt").write_text("甲", "utf-8")
    cluster.write("sfj/policy/a", attachments="[表.txt]")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command(cluster), cwd=REPOSITORY, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "out") == cluster.build_clean()


@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_stream_that_was_closed_is_no_fault(tmp_path: Path, closed: str) -> None:
    """As some that start programs by the clock leave them."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a")
    shell = ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *command(cluster)]
    done = subprocess.run(shell, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
