"""``python -m generator search``: the sample cluster asked, verified and evaluated as an editor does it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

QUERIES = Path(__file__).with_name("sample_queries.json")
LEAST = {"questions": 0.66, "keywords": 0.7, "titles": 0.9, "document_numbers": 1.0}
"""nDCG@10 over the sample; a change of the ranking that costs more than a query or two is seen."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Output, cache and state of the sample cluster, built once, as options."""
    folder = tmp_path_factory.mktemp("sample")
    options = [f"--{name}={folder / name}" for name in ("out", "cache", "state")]
    done = run("build", *options, "--today", "2026-11-24")
    assert done.returncode == 0, done.stdout + done.stderr
    return options


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "generator", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)


def test_question_is_answered_in_the_terminal(places: list[str]) -> None:
    """Title, day, address; what was searched besides is named; a bare question needs no subcommand."""
    done = run("search", "怎么探监", places[0])
    assert done.returncode == 0
    assert "也搜索了：会见" in done.stdout
    assert "监狱会见须知" in done.stdout.split("  2. ")[0]
    assert "jyglj/service/huijian-xuzhi.html" in done.stdout


def test_options_may_stand_before_a_bare_question(places: list[str]) -> None:
    """Also words that begin like an option, after the mark that ends options."""
    said = json.loads(run("search", "--limit", "2", places[0], "--format=json", "会见").stdout)
    assert len(said["results"]) == 2
    done = run("search", places[0], "--", "-会见")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Commands" in run("search", "--help").stdout


def test_answer_can_be_had_as_json(places: list[str]) -> None:
    """The same for programs."""
    said = json.loads(run("search", "query", "监狱", "会见", places[0], "--format", "json", "--limit", "2").stdout)
    assert said["results"][0]["item"].startswith("jyglj/")
    assert len(said["results"]) == min(2, said["total"])


def test_withheld_words_find_nothing(places: list[str]) -> None:
    """A title that stands only in an item that is not cleared is answered by other items or none."""
    said = json.loads(run("search", "query", "冬季应急联勤桌面推演", places[0], "--format", "json").stdout)
    assert all("yingji-lianqin" not in one["item"] for one in said["results"])


def test_ranking_of_the_sample_does_not_get_worse(places: list[str]) -> None:
    """Everyday questions, words, titles and numbers over the sample, measured as editors measure."""
    done = run("search", "evaluate", str(QUERIES), places[0], "--format", "json")
    assert done.returncode == 0, done.stderr
    quality = json.loads(done.stdout)
    assert {kind: one["ndcg"] >= LEAST[kind] for kind, one in quality.items()} == dict.fromkeys(LEAST, True), quality
    assert sum(one["unanswered"] for one in quality.values()) <= 1
    assert "nDCG@10" in run("search", "evaluate", str(QUERIES), places[0]).stdout


def test_index_of_the_sample_is_lunrs(places: list[str]) -> None:
    """``verify`` finds no difference, all items compared and a sample of them."""
    for sample in ("1000", "20"):
        done = run("search", "verify", *places, "--today", "2026-11-24", "--sample", sample, "--format", "json")
        assert done.returncode == 0, done.stdout + done.stderr
        said = json.loads(done.stdout)
        assert (said["differences"], said["wrongPostings"]) == (0, 0)
        assert said["documents"] == min(int(sample), said["of"])


def test_no_index_is_a_clear_message(tmp_path: Path) -> None:
    """Before the first build the command says what to do."""
    done = run("search", "会见", f"--out={tmp_path}")
    assert done.returncode != 0
    assert "build" in done.stderr
    assert "Traceback" not in done.stderr
