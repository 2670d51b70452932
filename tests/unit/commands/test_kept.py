"""What a command leaves is the caller's: the program ends without taking it apart."""

from __future__ import annotations

from pathlib import Path

from generator.build.result import BuildResult
from generator.cli import main
from tests.build.cluster import SmallCluster


def test_caller_gets_what_a_build_made(tmp_path: Path) -> None:
    """With everything that it had in hand; nobody who does not ask is given it."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/p1", title="办法", body="正文。")
    folders = [
        part for name in ("content", "sites", "themes", "out", "cache") for part in (f"--{name}", str(tmp_path / name))
    ]
    kept: list[object] = []
    arguments = ["build", *folders, "--state", str(tmp_path / "state"), "--jobs", "1"]
    assert main(arguments, kept) == 0
    (result,) = kept
    assert isinstance(result, BuildResult)
    assert len(result.made_of) == 10
    assert main(arguments) == 0
    assert len(kept) == 1
