"""The sample cluster, built, released over ssh and read through nginx in a real browser.

Once with every unit as a sub-path of the portal, once with two units on hosts of their own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest

from generator.content.definitions import load_cluster
from generator.deploy.compose import Before
from generator.deploy.records import parse_release
from generator.deploy.verification import probe_host
from generator.deploy.webclient import Client
from generator.model import Cluster
from tests.conftest import REPOSITORY
from tests.deploy_servers import Nginx, Sshd, missing, nginx

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright
    from playwright.sync_api import Request as PageRequest

pytestmark = [
    pytest.mark.server,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(bool(missing("nginx", "sshd", "rsync")), reason=missing("nginx", "sshd", "rsync")),
]

TODAY = "2026-11-24T09:00"
PORTAL = "https://sfj.shili.example/"
OWN = {"jyglj": "https://jyglj.shili.example/", "flyz": "https://flyz.shili.example/"}


class Sample:
    """The sample as it stands on the server."""

    def __init__(self, root: Path, cluster: Cluster, server: Nginx) -> None:
        self.root = root
        self.cluster = cluster
        self.server = server
        self.client = Client(server.address, server.certificate)
        self.public = root / "served" / "current" / "public"

    @property
    def bases(self) -> list[str]:
        """The base URL of each host."""
        return [self.cluster.base_url, *(unit.host for unit in self.cluster.units if unit.host)]


def type_command(root: Path, server: Sshd, *arguments: str) -> None:
    """Run the generator as an operator does."""
    environment = {**os.environ, "MINGTANG_SSH_IDENTITY": str(server.identity), "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "generator", *arguments, "--themes", str(REPOSITORY / "themes")]
    done = subprocess.run(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module", params=["sub-paths", "own hosts"])
def sample(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, ssh_server: Sshd
) -> Iterator[Sample]:
    root = tmp_path_factory.mktemp("sample")
    shutil.copytree(REPOSITORY / "content", root / "content")
    shutil.copytree(REPOSITORY / "sites", root / "sites")
    if request.param == "own hosts":
        for unit, host in OWN.items():
            path = root / "sites" / "units" / f"{unit}.yml"
            path.write_text(path.read_text("utf-8").replace("host: null", f"host: {host}"), "utf-8")
    target = ssh_server.target("main", root / "served", [])
    (root / "sites" / "deploy.yml").write_text(
        f"targets:\n  main: {{kind: ssh, host: {target.host}, port: {target.port}, user: {target.user}, "
        f"path: {target.path}, known_hosts: {target.known_hosts}}}\n",
        "utf-8",
    )
    (root / "sites" / "old-addresses.yml").write_text("- {from: '/col/show.jsp?id=1', to: jyglj}\n", "utf-8")
    type_command(root, ssh_server, "build", "--now", TODAY)
    type_command(root, ssh_server, "deploy", "--now", TODAY)
    cluster = load_cluster(root / "sites")
    hosts = [urlsplit(PORTAL).netloc, *(urlsplit(host).netloc for host in OWN.values())]
    with nginx(root / "nginx", cluster, root / "served", hosts) as server:
        yield Sample(root, cluster, server)


def before(sample: Sample) -> Before:
    from generator.deploy.records import parse_record, parse_sums

    release = sample.public.parent
    record = parse_record((release / "record.json").read_bytes())
    sums = parse_sums((release / "SHA256SUMS").read_bytes())
    return Before(record, parse_release((sample.public / "release.json").read_bytes()), sums)


def test_every_file_is_served_as_released(sample: Sample) -> None:
    """Digests, headers, types, compressed variants and the page for what is missing, on every host."""
    manifest = before(sample).manifest
    for base in sample.bases:
        assert probe_host(sample.client, base, manifest) == ()


def test_every_link_of_a_page_leads_somewhere(sample: Sample) -> None:
    """Every link, asset and picture of the home pages answers 200 through the web server."""
    for base in sample.bases:
        text = sample.client.get(base).body.decode()
        for href in sorted(set(re.findall(r'(?:href|src)="([^"#]+)', text))):
            url = urljoin(base, href.replace("&amp;", "&"))
            if urlsplit(url).netloc in {urlsplit(one).netloc for one in sample.bases}:
                assert sample.client.get(url).status == 200, (base, href)


def test_former_cms_address_leads_to_the_unit(sample: Sample) -> None:
    """The table of old addresses belongs to the release."""
    answer = sample.client.get(f"{PORTAL}col/show.jsp?id=1")
    sample.server.reload()
    answer = sample.client.get(f"{PORTAL}col/show.jsp?id=1")
    unit = next(unit for unit in sample.cluster.units if unit.id == "jyglj")
    expected = f"{unit.host}index.html" if unit.host else f"{PORTAL}jyglj/index.html"
    assert (answer.status, answer.headers["location"]) == (301, expected)


# --- in a browser ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(sample: Sample, driver: Playwright, chromium_program: str) -> Iterator[Browser]:
    """The system's Chromium, with every host of the cluster led to the server under test."""
    rules = ", ".join(f"MAP {urlsplit(base).netloc}:443 127.0.0.1:{sample.server.https}" for base in sample.bases)
    chromium = driver.chromium.launch(
        executable_path=chromium_program,
        args=["--no-sandbox", "--disable-gpu", "--disable-quic", f"--host-resolver-rules={rules}"],
    )
    yield chromium
    chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when the browser complains, as it does of a broken policy."""
    context = browser.new_context(ignore_https_errors=True)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))

    def note_failure(request: PageRequest) -> None:
        if request.failure != "net::ERR_ABORTED":  # so ends what is still on its way when the reader goes on
            complaints.append(f"failed: {request.url} ({request.failure})")

    opened.on("requestfailed", note_failure)
    yield opened
    context.close()
    assert complaints == []


@pytest.mark.browser
def test_pages_read_under_the_strict_policy(sample: Sample, page: Page) -> None:
    """Home, unit, list and item are styled and quiet under the Content-Security-Policy."""
    for base in sample.bases:
        page.goto(base, wait_until="load")
        assert page.evaluate("getComputedStyle(document.body).fontFamily") != ""
        assert page.evaluate("document.styleSheets.length") > 0
    unit = next(unit for unit in sample.cluster.units if unit.id == "jyglj")
    address = unit.host or f"{PORTAL}jyglj/"
    page.goto(f"{address}service/huijian-xuzhi.html", wait_until="load")
    assert "会见" in page.title()


@pytest.mark.browser
def test_search_answers_on_every_host(sample: Sample, page: Page) -> None:
    """The client on each host reads the one index at its own ``/search/`` and links to the right hosts."""
    for base in sample.bases:
        page.goto(base, wait_until="load")
        found = page.evaluate(_ASK, [_core(sample, base), base])
        assert found["total"] > 0
        first = found["results"][0]
        assert first["item"].startswith("jyglj/")
        answer = page.goto(urljoin(base, first["url"]), wait_until="load")
        assert answer is not None
        assert answer.status == 200


@pytest.mark.browser
def test_question_typed_in_a_box_is_answered(sample: Sample, page: Page) -> None:
    """A reader types in the box of a unit's page and comes to results with that unit's items."""
    unit = next(unit for unit in sample.cluster.units if unit.id == "jyglj")
    page.goto(unit.host or f"{PORTAL}jyglj/", wait_until="load")
    page.locator("input[name=q]").first.fill("会见")
    page.locator("input[name=q]").first.press("Enter")
    page.wait_for_selector("[data-search-app] a[href*='huijian']")
    assert "会见" in page.locator("[data-search-app] a[href*='huijian']").first.inner_text()


_ASK = """async ([core, portal]) => {
    const {openSearch} = await import(core);
    const index = await openSearch(portal, {fetch: (...more) => fetch(...more)});
    return await index.query("探监要带什么证件", {limit: 10});
}"""


def _core(sample: Sample, base: str) -> str:
    host = next((unit for unit in sample.cluster.units if unit.host == base), None)
    folder: Any = sample.public / host.id if host else sample.public
    return f"{base}assets/{next(folder.glob('assets/search-core.*.js')).name}"
