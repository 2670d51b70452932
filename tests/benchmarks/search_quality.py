"""Search on the 3,475 laws: quality, bytes, time, size, beside Pagefind on the same pages.

    python tests/benchmarks/search_quality.py [--work FOLDER] [--pagefind PYTHON]

Makes one item of each law, builds the cluster with our build, and asks the built tree through its own client
in Node. Pagefind runs when the Python that is named (by default that of `make bench`'s peers) has it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.corpora import REPOSITORY, SHARED, laws
from tests.benchmarks.measure import measure

NODE = REPOSITORY / "tests" / "node"
DEV = SHARED / "search" / "dev.json"
PAGEFIND_QUERIES = 100


def main() -> None:
    """Print every figure of "Must show"."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(os.environ.get("MINGTANG_BENCH", ".mingtang/bench")))
    parser.add_argument("--pagefind", type=Path, default=None)
    given = parser.parse_args()
    if not DEV.exists():
        print("../shared is absent: nothing to measure")
        return
    work = given.work.resolve() / "search"
    work.mkdir(parents=True, exist_ok=True)
    mapping = items(work)
    tree = work / "public"
    command = [sys.executable, "-m", "generator", "build", "--content", work / "items", "--out", tree]
    command += ["--cache", work / "cache", "--state", work / "state", "--timing"]
    build = measure(list(map(str, command)), cwd=REPOSITORY)
    print(f"build, all of it: {build.seconds:.1f} s, {build.cpu:.1f} s of cores, {build.rss:.0f} MB")
    sizes(tree)
    table("ours", json.loads(node("measure.mjs", tree, DEV, mapping))["kinds"])
    peer = given.pagefind or given.work.resolve() / "peers" / "bin" / "python"
    if peer.exists():
        pagefind(work, tree, peer, mapping)
    else:
        print("Pagefind is not installed: `make bench` installs it, or name a Python that has it by --pagefind")


def items(work: Path) -> Path:
    """The laws as items, made once; gives the map from item to law."""
    mapping = work / "map.json"
    if not mapping.exists():
        script = SHARED / "bench" / "laws_as_items.py"
        command = [sys.executable, script, "--laws", laws(work), "--out", work / "items", "--map", mapping]
        subprocess.run(list(map(str, command)), check=True)
    return mapping


def sizes(tree: Path) -> None:
    """Bytes of the index, and of the texts for snippets."""
    files = [path for path in (tree / "search").rglob("*") if path.is_file() and path.suffix not in (".br", ".gz")]
    texts = [path for path in files if path.relative_to(tree / "search").parts[0] == "text"]
    total, of_texts = (sum(path.stat().st_size for path in some) for some in (files, texts))
    print(f"index: {(total - of_texts) / 1e6:.2f} MB in {len(files) - len(texts)} files, texts {of_texts / 1e6:.1f} MB")


def node(script: str, *arguments: object) -> str:
    """What a script prints."""
    done = subprocess.run(
        ["node", str(NODE / script), *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return done.stdout


def table(name: str, kinds: dict[str, dict[str, float]]) -> None:
    """One line a kind of query."""
    print(
        f"\n{name:<18}{'queries':>8}{'nDCG@10':>9}{'MRR':>7}{'nothing':>9}{'KB median':>11}{'KB p95':>8}{'ms p95':>8}"
    )
    for kind, one in kinds.items():
        print(
            f"{kind:<18}{one['queries']:>8}{one['ndcg']:>9.3f}{one['mrr']:>7.3f}{one['nothing']:>9.1%}"
            f"{one['bytesMedian'] / 1000:>11.0f}{one['bytes95'] / 1000:>8.0f}{one.get('time95', float('nan')):>8.1f}"
        )


def pagefind(work: Path, tree: Path, python: Path, mapping: Path) -> None:
    """Pagefind on the same item pages, the first queries of each kind."""
    site = work / "pagefind-site"
    shutil.rmtree(site, ignore_errors=True)
    for page in tree.glob("*/policy/law-*.html"):
        target = site / page.relative_to(tree)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, target)
    run = measure([str(python), "-m", "pagefind", "--site", str(site)])
    print(f"\nPagefind: {run.seconds:.1f} s, {run.rss:.0f} MB")
    table("Pagefind", json.loads(node("measure_pagefind.mjs", site, DEV, mapping, PAGEFIND_QUERIES)))


if __name__ == "__main__":
    main()
