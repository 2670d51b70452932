"""Search on the 3,475 laws: quality, bytes, time, size, cost, parity with lunr, beside Pagefind on the same pages.

    python tests/benchmarks/search_quality.py [--work FOLDER] [--pagefind PROGRAM …] [--articles] [--without PART …]

Makes one item of each law, builds the cluster with our build, and asks the built tree through its own client in
Node; builds the index alone on one core; compares it with lunr.py's in lunr.js. ``--articles`` does the same, but
for the comparison, with every article of every law as a document. PROGRAM is ``pagefind_extended`` or a Python
that has Pagefind, by default that of `make bench`'s peers.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from generator.build.settings import Settings
from tests.benchmarks import search_records
from tests.benchmarks.corpora import REPOSITORY, SHARED, laws
from tests.benchmarks.measure import measure

HERE = Path(__file__).resolve().parent
NODE = REPOSITORY / "tests" / "node"
DEV = SHARED / "search" / "dev.json"
EVERY = 10
PARTS = ("alone", "ours", "parity", "pagefind")
LIMITS = {"questions": ("ndcg", 0.60), "keywords": ("ndcg", 0.36), "titles": ("mrr", 0.87)} | {
    "document_numbers": ("mrr", 0.99)
}


@dataclass(frozen=True)
class Bench:
    """Where the benchmark works."""

    work: Path

    @property
    def tree(self) -> Path:
        """The built cluster."""
        return self.work / "public"

    @property
    def mapping(self) -> Path:
        """Item → law."""
        return self.work / "map.json"

    @property
    def records(self) -> Path:
        """What its index is made of."""
        return self.work / "laws.jsonl"


def main() -> None:
    """Print every figure of "Must show"."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(os.environ.get("MINGTANG_BENCH", ".mingtang/bench")))
    parser.add_argument("--pagefind", type=Path, action="append")
    parser.add_argument("--articles", action="store_true")
    parser.add_argument("--without", choices=PARTS, action="append", default=[])
    given = parser.parse_args()
    if not DEV.exists():
        print("../shared is absent: nothing to measure")
        return
    bench = Bench(given.work.resolve() / "search")
    bench.work.mkdir(parents=True, exist_ok=True)
    build(bench)
    sizes("index", bench.tree)
    if "alone" not in given.without:
        alone(bench.records, bench.work / "alone")
        same = (bench.work / "alone/search/entry.json").read_bytes() == (bench.tree / "search/entry.json").read_bytes()
        print(f"  the same bytes as the cluster's: {same}")
    if "ours" not in given.without:
        ours(bench)
    if "parity" not in given.without:
        parity(bench)
    if "pagefind" not in given.without:
        for program in given.pagefind or [given.work.resolve() / "peers" / "bin" / "python"]:
            pagefind(bench, program)
    if given.articles:
        articles(bench)
    shutil.rmtree(bench.work / "aside")


def build(bench: Bench) -> None:
    """The laws as items, the cluster of them, and what its index is made of."""
    if not bench.mapping.exists():
        script = SHARED / "bench" / "laws_as_items.py"
        command = [sys.executable, script, "--laws", laws(bench.work), "--out", bench.work / "items"]
        subprocess.run(list(map(str, [*command, "--map", bench.mapping])), check=True)
    aside = bench.work / "aside"  # files are created slowly while many have just been deleted
    aside.mkdir(exist_ok=True)
    for folder in (bench.tree, bench.work / "cache", bench.work / "state"):
        if folder.exists():
            folder.rename(aside / folder.name)
    command = [sys.executable, "-m", "generator", "build", "--content", bench.work / "items", "--out", bench.tree]
    command += ["--cache", bench.work / "cache", "--state", bench.work / "state"]
    run = measure(list(map(str, command)), cwd=REPOSITORY)
    print(f"build, all of it: {run.seconds:.1f} s, {run.cpu:.1f} s of cores, {run.rss:.0f} MB")
    settings = Settings(
        content=bench.work / "items",
        sites=REPOSITORY / "sites",
        themes=REPOSITORY / "themes",
        out=bench.tree,
        cache=bench.work / "cache",
        state=bench.work / "state",
        now=datetime.now().astimezone(),
    )
    search_records.write(bench.records, search_records.of_build(settings))


def sizes(name: str, tree: Path) -> None:
    """Bytes of the index, and of the texts for snippets."""
    files = [path for path in (tree / "search").rglob("*") if path.is_file() and path.suffix not in (".br", ".gz")]
    texts = [path for path in files if path.relative_to(tree / "search").parts[0] == "text"]
    total, of_texts = (sum(path.stat().st_size for path in some) for some in (files, texts))
    print(
        f"{name}: {(total - of_texts) / 1e6:.2f} MB in {len(files) - len(texts)} files, texts {of_texts / 1e6:.1f} MB"
    )


def alone(records: Path, out: Path) -> None:
    """The cost of an index on one core, split from the build of pages."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    cost = run_script("search_build.py", records, out)
    both = cost["tokenise"] + cost["index"]
    print(
        f"index alone, one core, {cost['documents']:,} documents, {cost['characters'] / 1e6:.1f} M characters: "
        f"tokenise {cost['tokenise']:.1f} s + index {cost['index']:.1f} s = {both:.1f} s of CPU, "
        f"peak {cost['rss']:.0f} MB; texts for snippets {cost['texts']:.1f} s"
    )


def ours(bench: Bench) -> None:
    """Our own figures, and those of each half of the queries."""
    kinds = json.loads(node("measure.mjs", bench.tree, DEV, bench.mapping, bench.tree / "assets"))["kinds"]
    table("ours", kinds)
    for kind, (figure, limit) in LIMITS.items():
        even, odd = kinds[kind][f"{figure}Halves"]
        print(f"  {kind}, even and odd queries apart: {figure} {even:.3f} and {odd:.3f} (limit {limit})")


def parity(bench: Bench) -> None:
    """The full lunr index beside ours, and the tokenisers beside each other."""
    found = run_script("search_parity.py", bench.records, bench.tree, DEV)
    print(
        f"\nparity: {found['same']} of {found['queries']} queries have the top 10 of the full lunr index in lunr.js "
        f"({found['lunr_bytes'] / 1e6:.0f} MB of JSON), {found['queries'] - found['comparable']} ask for a term that "
        f"lunr itself loses ({' '.join(found['lost_by_lunr'])}), greatest difference of the others "
        f"{found['greatest_difference']:.1e}; "
        f"tokenisers differ on {found['other_tokens']} of {found['texts']} texts of {found['characters'] / 1e6:.1f} M "
        "characters"
    )


def articles(bench: Bench) -> None:
    """Every article of every law as a document; the index is made by the builder alone. Asks every sixth query."""
    names: dict[str, str] = {}
    records, mapping, out = (bench.work / name for name in ("articles.jsonl", "articles-map.json", "articles"))
    search_records.write(records, search_records.of_articles(laws(bench.work), names))
    mapping.write_text(json.dumps(names, ensure_ascii=False), "utf-8")
    print("\narticles as documents")
    alone(records, out)
    sizes("index", out)
    some = bench.work / "some-queries.json"
    kinds = {kind: judged[::6] for kind, judged in json.loads(DEV.read_bytes()).items()}
    some.write_text(json.dumps(kinds, ensure_ascii=False), "utf-8")
    table("articles", json.loads(node("measure.mjs", out, some, mapping, bench.tree / "assets"))["kinds"])


def pagefind(bench: Bench, program: Path) -> None:
    """Pagefind on the same item pages, every ``EVERY``-th query."""
    if not program.exists():
        print(f"\nPagefind is not installed: `make bench` installs it ({program.name})")
        return
    command = [str(program), "-m", "pagefind"] if program.name.startswith("python") else [str(program)]
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    site = bench.work / "pagefind-site"
    shutil.rmtree(site, ignore_errors=True)
    for page in bench.tree.glob("*/policy/law-*.html"):
        target = site / page.relative_to(bench.tree)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, target)
    run = measure([*command, "--site", str(site)])
    size = sum(path.stat().st_size for path in (site / "pagefind").rglob("*") if path.is_file())
    cost = f"{run.seconds:.1f} s, {run.cpu:.1f} s of cores, {run.rss:.0f} MB; {size / 1e6:.1f} MB on disk"
    print(f"\nPagefind {version}: {cost}")
    table("Pagefind", json.loads(node("measure_pagefind.mjs", site, DEV, bench.mapping, EVERY)))


def table(name: str, kinds: dict[str, dict[str, float]]) -> None:
    """One line a kind of query."""
    heads = {"queries": 8, "nDCG@10": 9, "Recall@10": 11, "MRR": 7, "nothing": 9, "KB median": 11, "KB p95": 8}
    print(f"\n{name:<18}" + "".join(f"{head:>{width}}" for head, width in heads.items()) + f"{'ms p95':>8}")
    for kind, one in kinds.items():
        print(
            f"{kind:<18}{one['queries']:>8}{one['ndcg']:>9.3f}{one['recall']:>11.3f}{one['mrr']:>7.3f}"
            f"{one['nothing']:>9.1%}{one['bytesMedian'] / 1000:>11.0f}{one['bytes95'] / 1000:>8.0f}"
            f"{one.get('time95', float('nan')):>8.1f}"
        )


def node(script: str, *arguments: object) -> str:
    """What a script for Node prints."""
    done = subprocess.run(["node", str(NODE / script), *map(str, arguments)], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def run_script(script: str, *arguments: object) -> dict[str, Any]:
    """What one of our scripts prints, in a process of its own."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    return dict(json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))


if __name__ == "__main__":
    main()
