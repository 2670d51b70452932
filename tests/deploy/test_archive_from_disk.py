"""The archive of a unit, opened from disk in a real browser as at a kiosk."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from generator.errors import ExitCode
from tests.deploy_project import BODY, Project

if TYPE_CHECKING:
    from playwright.sync_api import Page, Playwright

pytestmark = [pytest.mark.xdist_group("browser")]

HOME = "https://www.shi.example/"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two units; one item of the archived unit links to the other unit, one is withheld."""
    made = Project(tmp_path_factory.mktemp("archive"))
    made.write("sfj/notice/jia", body=BODY + "\n参见[另一单位](../../jyglj/notice/yi.md)。\n探监须知在这里。\n")
    made.write("sfj/service/bing", body=BODY + "\n公证收费标准。\n")
    made.write("sfj/notice/mi", body=BODY + "\nCANARY不公开。\n", cleared="false")
    made.write("jyglj/notice/yi", body=BODY + "\n监狱会见预约。\n")
    return made


@pytest.fixture(scope="module")
def unpacked(project: Project) -> Path:
    """The archive, unpacked."""
    assert project.run("archive", "sfj", "--jobs", "1", "--write", str(project.root / "sfj.zip")) == 0
    with zipfile.ZipFile(project.root / "sfj.zip") as archive:
        archive.extractall(project.root / "unpacked")
    return project.root / "unpacked" / "sfj"


def test_same_content_gives_the_same_bytes(
    project: Project, unpacked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second archive, made in another folder at another time of day, is the same file; what is said of it is true."""
    first = (project.root / "sfj.zip").read_bytes()
    assert project.run("archive", "sfj", "--write", str(project.root / "again" / "sfj.zip")) == 0
    assert (project.root / "again" / "sfj.zip").read_bytes() == first
    files = [path for path in unpacked.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]
    assert f"sfj.zip：{len(files)} 个文件" in capsys.readouterr().out


def test_unknown_unit_is_a_usage_error(project: Project) -> None:
    """The name is checked before anything is built."""
    assert project.run("archive", "nobody") == ExitCode.USAGE


def test_archive_holds_the_unit_and_nothing_uncleared(unpacked: Path) -> None:
    """Its pages and its words; of another unit only links to the real site."""
    names = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}
    assert {"index.html", "notice/jia.html", "service/bing.html", "search.html", "SHA256SUMS"} <= names
    data = b"".join(path.read_bytes() for path in unpacked.rglob("*") if path.is_file())
    assert b"CANARY" not in data
    assert "监狱会见预约".encode() not in data
    assert f'href="{HOME}jyglj/notice/yi.html"'.encode() in (unpacked / "notice/jia.html").read_bytes()


def test_every_link_inside_leads_to_a_file(unpacked: Path) -> None:
    """Relative links name files of the archive; all others are absolute."""
    for page in unpacked.rglob("*.html"):
        for href in re.findall(r'(?:href|src)="([^"]+)"', page.read_text("utf-8")):
            parts = urlsplit(href)
            if not parts.scheme and parts.path:
                assert (page.parent / unquote(parts.path)).resolve().is_file(), (page.name, href)


@pytest.fixture
def page(driver: Playwright, chromium_program: str) -> Iterator[Page]:
    """A page of the system's Chromium that notes every complaint and every request that is not to the disk."""
    chromium = driver.chromium.launch(executable_path=chromium_program, args=["--no-sandbox", "--disable-gpu"])
    opened = chromium.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda one: complaints.append(one.url) if not one.url.startswith("file:") else None)
    yield opened
    chromium.close()
    assert complaints == []


@pytest.mark.browser
def test_search_works_from_disk(unpacked: Path, page: Page) -> None:
    """Typed on the home page, answered on the search page, and the result opens from disk."""
    page.goto((unpacked / "index.html").as_uri())
    page.locator("input[name=q]").first.fill("公证收费")
    page.locator("input[name=q]").first.press("Enter")
    link = page.locator("[data-search-app] a[href$='service/bing.html']").first
    link.wait_for()
    link.click()
    assert page.url == (unpacked / "service" / "bing.html").as_uri()
    assert "bing" in page.title()


@pytest.mark.browser
def test_suggestions_work_from_disk(unpacked: Path, page: Page) -> None:
    """The box of a deep page suggests titles from the same index."""
    page.goto((unpacked / "service" / "bing.html").as_uri())
    box = page.locator("input[name=q]").first
    box.click()
    box.press_sequentially("关于jia")
    page.locator("[role=option]").first.wait_for()
    assert "关于" in page.locator("[role=option]").first.inner_text()


@pytest.mark.browser
def test_name_of_another_unit_leads_to_its_site_on_the_web(unpacked: Path, page: Page) -> None:
    """Its pages are not in the archive."""
    page.goto((unpacked / "search.html").as_uri())
    page.fill("[data-search] input", "市监狱管理局电话")
    page.press("[data-search] input", "Enter")
    link = page.locator(".search-sites a")
    link.wait_for()
    assert link.get_attribute("href") == f"{HOME}jyglj/index.html"
