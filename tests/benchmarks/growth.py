"""How time and memory grow: cold build and one edit at several sizes, per item; and memory per item of the catalogue.

python tests/benchmarks/growth.py --work DIR --sizes 3000,10000,30000,100000 [--units 20] [--rounds 1]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from build_speed import Mingtang
from corpora import corpus
from measure import medians


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--sizes", default="3000,10000,30000")
    parser.add_argument("--units", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    work = args.work.resolve()
    for size in map(int, args.sizes.split(",")):
        ours = Mingtang(work, corpus(work, size, args.units), size, args.units)
        cold = medians([ours.cold() for _ in range(args.rounds)])
        edit = medians([ours.edit() for _ in range(args.rounds)])
        again = medians([ours.again() for _ in range(args.rounds)])
        print(
            f"{size:>9,} items  cold {cold.seconds:8.2f} s = {cold.seconds / size * 1000:6.3f} ms/item"
            f"  {cold.rss:7.0f} MB rss = {cold.rss / size * 1024:6.1f} kB/item"
            f"  one edit {edit.seconds:6.2f} s  {edit.rss:6.0f} MB  nothing {again.seconds:6.2f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
