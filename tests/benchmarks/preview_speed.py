"""From save to refreshed page: edits an item of the sample cluster under ``serve`` and watches the page in Chromium.

    python tests/benchmarks/preview_speed.py --work DIR [--rounds 20]

The clock runs from just before the file is written until the page that was reloaded by itself shows the new title.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpora import REPOSITORY
from playwright.sync_api import Page, sync_playwright

_ITEM = "jyglj/policy/huijian-tongxin-guanli"


def main() -> None:
    """Print the median and the longest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    args = parser.parse_args()
    home = args.work.resolve() / "preview"
    shutil.rmtree(home, ignore_errors=True)
    for name in ("content", "sites", "themes"):
        shutil.copytree(REPOSITORY / name, home / name)
    source = home / "content" / f"{_ITEM}.md"
    with _serving(home) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=args.chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"{address}{_ITEM}.html")
        seconds = [_edit(source, page, number) for number in range(args.rounds)]
        browser.close()
    print(f"{args.rounds} edits, from save to refreshed page: median {statistics.median(seconds):.3f} s,", end=" ")
    print(f"longest {max(seconds):.3f} s")


def _edit(source: Path, page: Page, number: int) -> float:
    """Give the item another title; the seconds until the page shows it."""
    text = re.sub(r"^title:.*$", f"title: 第{number}次修改的办法", source.read_text("utf-8"), flags=re.MULTILINE)
    time.sleep(0.5)  # as an editor who reads what came of the edit before
    start = time.perf_counter()
    source.write_text(text, "utf-8")
    page.locator("h1", has_text=f"第{number}次修改的办法").wait_for()
    return time.perf_counter() - start


@contextmanager
def _serving(home: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "generator", "serve", "--port", "0", "--today", "2026-11-24"]
    for option in ("content", "sites", "themes"):
        command += [f"--{option}", str(home / option)]
    command += ["--out", str(home / "out"), "--cache", str(home / "cache"), "--state", str(home / "state")]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    found = (re.search(r"http://127\.0\.0\.1:\d+/", line) for line in process.stdout)
    address = next(match[0] for match in found if match)
    threading.Thread(target=process.stdout.read, daemon=True).start()
    try:
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


if __name__ == "__main__":
    main()
