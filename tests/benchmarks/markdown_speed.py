"""Python-Markdown against ours, on the bodies of a content folder.

    python tests/benchmarks/markdown_speed.py CONTENT [--items 500] [--rounds 5]

Prints milliseconds of processor time for each item, the median of the rounds, taken
in turn: Python-Markdown with nh3 alone, our HTML before sanitising, and the whole
of ``convert`` with sanitising, links, headings and plain text.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import nh3

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from generator.render.markdown import convert, convert_pieces
from generator.render.markdown_dialect import reference_markdown
from generator.render.markdown_fast import FastMarkdown


def load_bodies(content: Path, items: int) -> list[str]:
    """The bodies of ``items`` files, spread evenly over the folder."""
    paths = sorted(content.rglob("*.md"))
    chosen = paths[:: max(1, len(paths) // items)][:items]
    return [path.read_text("utf-8").partition("\n---\n")[2] for path in chosen]


def processor_ms(work: Callable[[str], object], bodies: Sequence[str]) -> float:
    """Milliseconds of processor time for each body."""
    start = time.process_time()
    for body in bodies:
        work(body)
    return (time.process_time() - start) * 1000 / len(bodies)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("content", type=Path)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    bodies = load_bodies(arguments.content, arguments.items)
    reference, fast = reference_markdown(), FastMarkdown()
    works: dict[str, Callable[[str], object]] = {
        "Python-Markdown": lambda body: reference.reset().convert(body),
        "Python-Markdown and nh3": lambda body: nh3.clean(reference.reset().convert(body)),
        "ours, whole bodies": fast.convert,
        "ours, pieces": lambda body: convert_pieces(body, fast),
        "ours, everything": lambda body: convert(body, item_id="a/b/c", path="content/a/b/c.md", first_line=1),
    }
    rounds = [{name: processor_ms(work, bodies) for name, work in works.items()} for _ in range(arguments.rounds)]
    size = sum(map(len, bodies)) / len(bodies)
    print(f"{len(bodies)} bodies of {size:,.0f} characters, median of {arguments.rounds} rounds, ms an item")
    base = statistics.median(one["Python-Markdown and nh3"] for one in rounds)
    for name in works:
        median = statistics.median(one[name] for one in rounds)
        print(f"{name:26} {median:8.3f}   {base / median:6.1f} × as fast as Python-Markdown and nh3")


if __name__ == "__main__":
    main()
