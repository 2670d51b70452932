"""Draws the figures that build_speed.py left in its work folder: docs/performance.svg.

    python tests/benchmarks/plot.py --work DIR [--out docs/performance.svg]

One row a contender, one bar a size; seconds on a logarithmic axis.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator
from html import escape
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
LEFT, WIDTH, BAR, GAP = 190, 560, 12, 10
LEAST, MOST = 0.1, 1000.0
SHADES = ("#9db8d9", "#5b88c0", "#1f4f8f", "#0b2545")


def main() -> None:
    """Write the drawing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=REPOSITORY / "docs" / "performance.svg")
    args = parser.parse_args()
    files = sorted(args.work.glob("build-speed-*.json"), key=lambda path: int(path.stem.rpartition("-")[2]))
    figures = {int(path.stem.rpartition("-")[2]): json.loads(path.read_text("utf-8")) for path in files}
    args.out.write_text(drawing(figures), "utf-8")


def drawing(figures: dict[int, dict[str, dict[str, dict[str, float]]]]) -> str:
    """The SVG of the figures by size, kind of run and contender."""
    parts: list[str] = []
    top = 40
    for kind in ("cold", "one edit"):
        parts.append(f'<text x="0" y="{top}" class="head">{kind}</text>')
        top += 14
        for name in dict.fromkeys(name for one in figures.values() for name in one[kind]):
            sizes = {size: one[kind][name]["seconds"] for size, one in figures.items() if name in one[kind]}
            parts.append(f'<text x="{LEFT - 8}" y="{top + BAR}" text-anchor="end">{escape(name)}</text>')
            for rank, (size, seconds) in enumerate(sizes.items()):
                y = top + rank * (BAR + 2)
                end = place(seconds)
                shade = SHADES[list(figures).index(size) % len(SHADES)]
                parts.append(f'<rect x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR}" fill="{shade}"/>')
                parts.append(f'<text x="{end + 4:.1f}" y="{y + BAR - 2}">{size:,}: {seconds:.2f} s</text>')
            top += len(sizes) * (BAR + 2) + GAP
        top += 24
    style = "text{font:11px sans-serif;fill:#222}.head{font-weight:bold;font-size:13px}line{stroke:#ccc}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 120} {top}" role="img" '
        f'aria-label="Seconds of builds by contender and number of items"><style>{style}</style>'
        f"{''.join(axis(top))}{''.join(parts)}</svg>\n"
    )


def place(seconds: float) -> float:
    """Where on the axis a duration lies."""
    share = math.log(max(seconds, LEAST) / LEAST) / math.log(MOST / LEAST)
    return LEFT + WIDTH * share


def axis(bottom: int) -> Iterator[str]:
    """Lines at the powers of ten."""
    for power in range(-1, 4):
        x = place(10.0**power)
        yield f'<line x1="{x:.1f}" y1="24" x2="{x:.1f}" y2="{bottom}"/>'
        yield f'<text x="{x:.1f}" y="16" text-anchor="middle">{10.0**power:g} s</text>'


if __name__ == "__main__":
    main()
