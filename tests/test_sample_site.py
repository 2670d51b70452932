"""The sample cluster as it is built: valid HTML, links that arrive, counts that agree."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
VALIDATOR = REPOSITORY / "tests/node_modules/vnu-jar/build/dist/vnu.jar"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class _Links(HTMLParser):
    """Ids and addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            elif name in ("href", "src", "action") and value:
                self.links.append(value)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public tree of the sample, built by the command that editors type."""
    folder = tmp_path_factory.mktemp("sample")
    places = [f"--{name}={folder / name}" for name in ("out", "cache", "state")]
    command = [sys.executable, "-m", "generator", "build", *places, "--today", "2026-11-24"]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def pages(tree: Path) -> dict[Path, _Links]:
    """Every page of the sample."""
    return {path: _Links(path.read_text(encoding="utf-8")) for path in sorted(tree.rglob("*.html"))}


def test_every_page_is_valid_html(tree: Path) -> None:
    """The Nu HTML checker has nothing to say."""
    java = shutil.which("java")
    if java is None or not VALIDATOR.is_file():
        pytest.skip("no Java, or no vnu-jar (tests/setup.sh)")
    command = [java, "-Xss8m", "-jar", str(VALIDATOR), "--skip-non-html", "--format", "gnu", str(tree)]
    run = subprocess.run(command, capture_output=True, text=True)
    faults = [line for line in run.stderr.splitlines() if ": error" in line or ": info warning" in line]
    assert not faults
    assert run.returncode == 0


def _internal(page: Path, tree: Path, links: list[str]) -> Iterator[tuple[str, Path, str]]:
    for link in links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        name = unquote(parts.path)
        start = tree if name.startswith("/") else page.parent
        yield link, (start / name.lstrip("/")).resolve() if name else page, unquote(parts.fragment)


def test_every_internal_link_arrives(tree: Path, pages: dict[Path, _Links]) -> None:
    """Each names a file of the tree, and the place in it exists."""
    dead = [
        (page.relative_to(tree).as_posix(), link)
        for page, found in pages.items()
        for link, target, anchor in _internal(page, tree.resolve(), found.links)
        if not target.is_file() or (anchor and anchor not in pages[tree / target.relative_to(tree.resolve())].ids)
    ]
    assert not dead


def test_every_page_can_be_reached_from_the_portal(tree: Path, pages: dict[Path, _Links]) -> None:
    """Nothing is published that readers cannot find; former addresses and 404 pages are not for finding."""
    root = tree.resolve()
    seen: set[Path] = set()
    waiting = [tree / "index.html"]
    while waiting:
        page = waiting.pop()
        if page in seen or page not in pages:
            continue
        seen.add(page)
        waiting += [tree / target.relative_to(root) for _, target, _ in _internal(page, root, pages[page].links)]
    lost = [page.relative_to(tree).as_posix() for page in pages.keys() - seen]
    assert [name for name in lost if not name.endswith("404.html") and not _redirects(tree / name)] == []


def _redirects(page: Path) -> bool:
    return 'http-equiv="refresh"' in page.read_text(encoding="utf-8")


def test_every_page_says_that_this_is_a_demonstration(tree: Path) -> None:
    """The cluster's notice is on each page, 404 pages and redirects included."""
    silent = [path for path in tree.rglob("*.html") if "演示网站" not in path.read_text(encoding="utf-8")]
    assert not silent


def test_counts_of_catalogues_and_sitemap_agree(tree: Path) -> None:
    """Every item of the open data is a page and in the site map, and the other way round."""
    catalogued = {
        item["url"]
        for path in tree.glob("*/catalogue.json")
        for item in json.loads(path.read_text(encoding="utf-8"))["items"]
    }
    sitemap = ElementTree.fromstring((tree / "sitemap.xml").read_bytes())
    dated = {
        one.findtext(f"{SITEMAP}loc")
        for one in sitemap.findall(f"{SITEMAP}url")
        if one.find(f"{SITEMAP}lastmod") is not None
    }
    assert catalogued == dated
    assert len(catalogued) > 60
