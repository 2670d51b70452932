"""Benchmarks are run by hand and seldom: here they keep up with the code that they measure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.search_records import of_build
from tests.build.cluster import REPOSITORY, SmallCluster

FOLDER = REPOSITORY / "tests" / "benchmarks"
IMPORT = "import sys, importlib\nfor name in sys.argv[1:]: importlib.import_module(name)"


def test_every_benchmark_finds_what_it_measures() -> None:
    """What they take from the code is there, under the names that they know."""
    names = sorted(path.stem for path in FOLDER.glob("*.py"))
    assert "search_quality" in names
    paths = {"PYTHONPATH": f"{REPOSITORY}{os.pathsep}{FOLDER}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, *names], env={**os.environ, **paths}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_records_of_a_build_are_the_texts_of_its_cleared_items(tmp_path: Path) -> None:
    """From them the oracle of the search makes its index."""
    cluster = SmallCluster(tmp_path)
    cluster.write("sfj/policy/a", body="依法公开。")
    cluster.write("sfj/policy/b", cleared="false", body="不公开。")
    cluster.build()
    (record,) = of_build(cluster.settings())
    assert (record.facts.id, [block.text for block in record.blocks]) == ("sfj/policy/a", ["依法公开。"])
