"""The live preview in a real Chromium: a save refreshes the page, a fault shows, mending takes it away."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.build.cluster import NOW, REPOSITORY, SmallCluster

pytestmark = pytest.mark.browser


class Preview:
    """A running ``serve`` over a small cluster."""

    def __init__(self, cluster: SmallCluster, *options: str) -> None:
        self.cluster = cluster
        command = [sys.executable, "-m", "generator", "serve", "--port", "0", "--now", NOW.isoformat(), *options]
        for option in ("content", "sites", "themes"):
            command += [f"--{option}", str(cluster.root / option)]
        command += ["--out", str(cluster.root / "preview")]
        command += ["--cache", str(cluster.root / "c" / "cache"), "--state", str(cluster.root / "c" / "state")]
        self.process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+/", line)
            if found:
                self.address = found[0]
                break
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def stop(self) -> int:
        """End it as Ctrl-C does; gives its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@pytest.fixture
def cluster(tmp_path: Path) -> SmallCluster:
    made = SmallCluster(tmp_path)
    made.write("sfj/policy/huijian", title="会见办法", body="\n\n".join(f"第{n}段。" for n in range(60)))
    made.write("sfj/policy/mimi", title="未审查的办法", cleared="false", body="还没有审查的正文。")
    return made


@pytest.fixture
def preview(cluster: SmallCluster) -> Iterator[Preview]:
    running = Preview(cluster)
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def page(preview: Preview, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    yield opened
    context.close()


def test_a_save_refreshes_the_open_page_where_it_was(preview: Preview, page: Page) -> None:
    """The page changes by itself and stays scrolled."""
    page.goto(f"{preview.address}sfj/policy/huijian.html")
    expect(page.locator("h1")).to_have_text("会见办法")
    page.evaluate("scrollTo(0, 600)")
    preview.cluster.write(
        "sfj/policy/huijian", title="会见办法（新）", body="\n\n".join(f"第{n}段。" for n in range(60))
    )
    expect(page.locator("h1")).to_have_text("会见办法（新）")
    page.wait_for_function("scrollY > 400")


def test_a_fault_shows_as_an_overlay_and_goes_when_mended(preview: Preview, page: Page) -> None:
    """The overlay names file, line and hint; it goes with the fault."""
    page.goto(f"{preview.address}sfj/policy/huijian.html")
    preview.cluster.write("sfj/policy/huijian", title="会见办法", cleared='"true"')
    overlay = page.locator("#mt-preview-faults")
    expect(overlay).to_be_visible()
    expect(overlay).to_contain_text("content/sfj/policy/huijian.md:6")
    expect(overlay).to_contain_text("提示")
    preview.cluster.write("sfj/policy/huijian", title="会见办法", body="改好了。")
    expect(overlay).to_be_hidden()
    expect(page.locator("main")).to_contain_text("改好了。")


@pytest.mark.parametrize(
    ("path", "broken"),
    [("themes/default/templates/about.html", "{% if %}"), ("sites/cluster.yml", "name: [没有关上\n")],
)
def test_a_broken_template_or_definition_does_not_end_the_preview(
    preview: Preview, page: Page, path: str, broken: str
) -> None:
    """Syntax errors show and go like any other fault."""
    page.goto(preview.address)
    file = preview.cluster.root / path
    right = file.read_text("utf-8")
    file.write_text(broken, "utf-8")
    expect(page.locator("#mt-preview-faults")).to_contain_text(path)
    file.write_text(right, "utf-8")
    expect(page.locator("#mt-preview-faults")).to_be_hidden()


def test_an_uncleared_item_is_shown_with_a_watermark(preview: Preview, page: Page) -> None:
    """The editor sees it; nobody can take it for published."""
    page.goto(f"{preview.address}sfj/policy/mimi.html")
    expect(page.locator("main")).to_contain_text("还没有审查的正文。")
    expect(page.locator(".preview-watermark")).to_contain_text("不得外传")
    page.goto(f"{preview.address}sfj/policy/huijian.html")
    expect(page.locator(".preview-watermark")).to_have_count(0)


def test_a_deleted_folder_and_a_burst_of_changes_are_survived(preview: Preview, page: Page) -> None:
    """A folder that goes and comes back, and a thousand changes at once, as ``git checkout`` makes them."""
    page.goto(f"{preview.address}sfj/policy/huijian.html")
    preview.cluster.content.joinpath("sfj").rename(preview.cluster.root / "away")
    expect(page.locator("h1")).not_to_have_text("会见办法")
    (preview.cluster.root / "away").rename(preview.cluster.content / "sfj")
    for number in range(1000):
        preview.cluster.write(f"jyglj/policy/p{number % 100}", title=f"第{number}稿")
    expect(page.locator("h1")).to_have_text("会见办法")
    page.goto(f"{preview.address}jyglj/policy/index.html")
    expect(page.locator("main")).to_contain_text("第900稿")


def test_only_loopback_names_are_answered(preview: Preview) -> None:
    """A name of somebody else's that points here reads nothing: the preview shows uncleared items."""
    import http.client

    port = int(preview.address.rsplit(":", 1)[1].strip("/"))
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/sfj/policy/mimi.html", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    assert answer.status == 403
    assert "审查" not in answer.read().decode()


def test_ctrl_c_ends_it_cleanly(preview: Preview) -> None:
    """Exit status 0, no traceback, the port free."""
    assert preview.stop() == 0


def test_polling_sees_changes_where_no_events_arrive(cluster: SmallCluster, browser: Browser) -> None:
    """With ``--poll``, as on network drives, a save is seen too."""
    running = Preview(cluster, "--poll")
    try:
        page = browser.new_page()
        page.goto(f"{running.address}sfj/policy/huijian.html")
        running.cluster.write("sfj/policy/huijian", title="轮询看到的")
        expect(page.locator("h1")).to_have_text("轮询看到的", timeout=20_000)
        page.close()
    finally:
        running.stop()


def test_any_number_of_pages_may_be_open(preview: Preview, browser: Browser) -> None:
    """A browser opens six connections to a server, and no more: each page must not keep one for itself."""
    context = browser.new_context()
    pages = [context.new_page() for _ in range(8)]
    for page in pages:
        page.goto(f"{preview.address}sfj/policy/huijian.html", timeout=10_000)
    preview.cluster.write("sfj/policy/huijian", title="都看到的")
    for page in pages:
        expect(page.locator("h1")).to_have_text("都看到的")
    pages[0].close()
    preview.cluster.write("sfj/policy/huijian", title="都看到的", cleared='"true"')
    for page in pages[1:]:
        expect(page.locator("#mt-preview-faults")).to_be_visible()
    context.close()


def test_a_page_looks_again_when_the_preview_is_back(cluster: SmallCluster, browser: Browser) -> None:
    """It was ended and started again at the same port: what was built in between nobody told."""
    first = Preview(cluster)
    page = browser.new_page()
    page.goto(f"{first.address}sfj/policy/huijian.html")
    assert first.stop() == 0
    cluster.write("sfj/policy/huijian", title="其间改的")
    second = Preview(cluster, "--port", first.address.rsplit(":", 1)[1].strip("/"))
    try:
        expect(page.locator("h1")).to_have_text("其间改的", timeout=20_000)
        page.close()
    finally:
        second.stop()
