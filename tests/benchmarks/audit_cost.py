"""What the leak audit adds to a cold build: the same content built with and without it, in turn.

    python tests/benchmarks/audit_cost.py --work DIR --items 10000 [--rounds 5]

No command of ours builds without an audit: this script takes it out of the program that it starts for the
comparison, and that program's tree can only be thrown away.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path


def main() -> None:
    """Compare, or be what is compared."""
    if sys.argv[1:2] == ["unaudited"]:
        _build_without_audit(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--units", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    _compare(args.work.resolve(), args.items, args.units, args.rounds)


def _build_without_audit(arguments: list[str]) -> None:
    from generator.commands.memory import give_back_large_arrays, start_no_matrix_threads, take_short_turns

    give_back_large_arrays()
    start_no_matrix_threads()
    take_short_turns()

    from generator.build import stages
    from generator.build.withheld import NOTHING_AHEAD
    from generator.cli import main as command

    stages._begin_ahead = lambda *_: NOTHING_AHEAD
    stages._begin_audit = lambda *_: None
    sys.argv = ["generator", *arguments]
    kept: list[object] = []
    status = command(kept=kept)
    sys.stdout.flush()
    os._exit(status)  # as the program does


def _compare(work: Path, items: int, units: int, rounds: int) -> None:
    from build_speed import Mingtang, discard
    from corpora import REPOSITORY, corpus
    from measure import Run, in_turn, measure

    ours = Mingtang(work, corpus(work, items, units), items, units)
    unaudited = [sys.executable, str(Path(__file__).resolve()), "unaudited", *ours.command[3:]]

    def without() -> Run:
        discard(ours.home)
        return measure(unaudited, cwd=REPOSITORY, env=os.environ | {"PYTHONPATH": str(REPOSITORY)})

    results = in_turn({"audited": ours.cold, "unaudited": without}, rounds)
    for trash in work.rglob("trash"):
        shutil.rmtree(trash)
    print(f"{items:,} items, median of {rounds}")
    for name, run in results.items():
        print(f"{name:10} {run.seconds:7.2f} s  {run.cpu:7.2f} s cpu  {run.rss:6.0f} MB rss")
    print(f"the audit adds {results['audited'].seconds / results['unaudited'].seconds - 1:.1%}")


if __name__ == "__main__":
    main()
