"""Real input, where ../shared is there: 44 items of which three are not cleared, and a corpus made of the laws.

What must not be in the output is told here by means of its own: whole files as text, without tags and white space.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.corpora import laws

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"
CORPUS_ITEMS = 400

pytestmark = pytest.mark.skipif(not (SHARED / "real").is_dir(), reason="../shared is not there")


def build(content: Path, out: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "generator", "build", "--format", "json", "--content", content, "--out", out]
    command += ["--cache", out.parent / "cache", "--state", out.parent / "state", "--now", "2026-11-24T09:00"]
    done = subprocess.run(list(map(str, command)), cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    summary: dict[str, object] = json.loads(done.stdout)["summary"]
    return summary


def bare(text: str) -> str:
    """The text that is read, without white space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", html.unescape(re.sub(r"<[^>]*>", "", text))))


def texts(tree: Path) -> Iterator[str]:
    for path in sorted(tree.rglob("*")):
        if path.is_file():
            yield bare(path.read_bytes().decode("utf-8", "replace")) + path.name


def sentences(source: str) -> set[str]:
    """The sentences of an item and its title, of at least eight characters."""
    title = re.search(r"^title:\s*(.+)$", source, re.MULTILINE)
    body = source.split("---", 2)[2]
    found = {bare(one) for one in re.split(r"[。；！？\n]", re.sub(r"[#*|`>\[\]_-]", "", body))}
    return {one for one in found | ({bare(title[1])} if title else set()) if len(one) >= 8}


def test_real_items_are_published_but_for_those_not_cleared(tmp_path: Path) -> None:
    """41 of 44 over six units; no sentence of the other three that is in no cleared item as well."""
    content = SHARED / "real" / "content"
    summary = build(content, tmp_path / "out")
    assert summary["published"] == 41
    assert summary["withheld"] == {"uncleared": 3}
    sources = {path: path.read_text("utf-8") for path in sorted(content.rglob("*.md"))}
    assert len(sources) == 44
    held = {path for path, text in sources.items() if "confidentiality_cleared: true" not in text}
    assert len(held) == 3
    cleared = "\uffff".join(
        bare(text.split("---", 2)[2]) + bare(text) for text in map(sources.get, sources.keys() - held) if text
    )
    secret = {one for path in held for one in sentences(sources[path]) if one not in cleared}
    assert len(secret) > 20
    assert {path.relative_to(content).parts[0] for path in sources} == {
        path.parent.name
        for path in (tmp_path / "out").glob("*/catalogue.json")
        if json.loads(path.read_bytes())["items"]
    }
    assert [one for text in texts(tmp_path / "out") for one in secret if one in text] == []


def test_corpus_leaks_nothing_and_counts_agree(tmp_path: Path) -> None:
    """No mark of an uncleared item anywhere; lists, archives, catalogues, site map and search count the same items."""
    command = [
        sys.executable,
        SHARED / "bench" / "make_corpus.py",
        "--laws",
        laws(tmp_path),
        "--out",
        tmp_path / "content",
    ]
    subprocess.run([*map(str, command), "--items", str(CORPUS_ITEMS)], check=True)
    out = tmp_path / "out"
    summary = build(tmp_path / "content", out)
    assert not any("UNCLEARED-" in text for text in texts(out))
    item = re.compile(r"([a-z]+)/([a-z-]+)/(\d{8}-\d+)\.html$")
    pages = {match[0] for path in out.rglob("*.html") if (match := item.search(path.relative_to(out).as_posix()))}
    mapped = {
        match[0]
        for path in out.glob("sitemap*.xml")
        for address in re.findall(r"<loc>([^<]+)</loc>", path.read_text("utf-8"))
        if (match := item.search(address))
    }
    catalogued = sum(len(json.loads(path.read_bytes())["items"]) for path in out.glob("*/catalogue.json"))
    found = {"lists": set[str](), "archives": set[str]()}
    for path in out.glob("*/*/*.html"):
        kind = "archives" if path.parent.name == "archive" else "lists"
        if kind == "archives" or re.match(r"(index|page-\d+)\.html$", path.name):
            unit = path.relative_to(out).parts[0]
            found[kind] |= {f"{unit}/{slug}" for slug in re.findall(r'(\d{8}-\d+)\.html"', path.read_text("utf-8"))}
    count = summary["published"]
    assert isinstance(count, int)
    assert 0 < count < CORPUS_ITEMS
    assert pages == mapped
    documents = json.loads((out / "search" / "entry.json").read_bytes())["documents"]
    counts = (len(pages), catalogued, len(found["lists"]), len(found["archives"]), documents)
    assert counts == (count,) * 5
    assert (out / "feed.xml").read_text("utf-8").count("<entry>") == min(count, 50)
