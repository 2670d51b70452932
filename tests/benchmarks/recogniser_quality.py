"""Precision and recall of the recognisers on the labelled lines, and false alarms on real laws.

python -m tests.benchmarks.recogniser_quality [FOLDER OF LAWS] [--faults]
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from generator.clearance.recognise import RECOGNISERS, passage

LABELLED = Path(__file__).parent.parent / "recognisers" / "labelled.tsv"
ALLOWED = frozenset({"01055500300", "01055500001", "zwgk@sfj.shili.example", "示例市中心区明堂路1号"})


class Line(NamedTuple):
    """A labelled line: what must be found in it for certain, and what only as doubtful."""

    number: int
    certain: frozenset[str]
    doubtful: frozenset[str]
    text: str


class Score(NamedTuple):
    """Counts over lines: found and right, found and wrong, missed, and blocked though only doubtful or clean."""

    right: int
    wrong: int
    missed: int
    overblocked: int

    @property
    def precision(self) -> float:
        """Share of the finds that are right."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Share of what is there that is found."""
        return self.right / max(self.right + self.missed, 1)


def labelled() -> Iterator[Line]:
    """The lines of the set."""
    for number, line in enumerate(LABELLED.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            continue
        label, _, text = line.partition("\t")
        names = set() if label == "-" else set(label.split(","))
        doubtful = {name.removesuffix("?") for name in names if name.endswith("?")}
        certain = {name for name in names if not name.endswith("?")}
        yield Line(number, frozenset(certain), frozenset(doubtful), text.replace("\\n", "\n").replace("\\t", "\t"))


def recognised(text: str) -> dict[str, bool]:
    """The recognisers that find something in ``text``, and whether any of it is certain."""
    looked = passage(text, ALLOWED)
    found: dict[str, bool] = {}
    for form in (looked, *((looked.read.passage,) if looked.read else ())):
        for name, recogniser in RECOGNISERS.items():
            if recogniser.sign & form.signs:
                for match in recogniser.find(form):
                    found[name] = found.get(name, False) or match.certain
    return found


def scores() -> dict[str, Score]:
    """The score of each recogniser over the whole set."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    over: Counter[str] = Counter()
    for line in labelled():
        found = recognised(line.text)
        for name in RECOGNISERS:
            expected = name in line.certain or name in line.doubtful
            right[name] += expected and name in found
            wrong[name] += not expected and name in found
            missed[name] += expected and name not in found
            over[name] += found.get(name, False) and name not in line.certain
    return {name: Score(right[name], wrong[name], missed[name], over[name]) for name in RECOGNISERS}


def faults() -> Iterator[str]:
    """Each line on which a recogniser errs."""
    for line in labelled():
        found = recognised(line.text)
        missed = sorted((line.certain | line.doubtful) - found.keys())
        wrong = sorted(found.keys() - line.certain - line.doubtful)
        over = sorted(name for name in line.doubtful if found.get(name))
        under = sorted(name for name in line.certain if name in found and not found[name])
        if missed or wrong or over or under:
            yield f"{line.number}: missed {missed} wrong {wrong} over {over} under {under}: {line.text!r}"


def laws(texts: Iterable[str]) -> tuple[int, Counter[str], Counter[str]]:
    """Number of laws, and of those that each recogniser would block or warn of."""
    blocked: Counter[str] = Counter()
    warned: Counter[str] = Counter()
    number = 0
    for text in texts:
        number += 1
        for name, certain in recognised(text).items():
            (blocked if certain else warned)[name] += 1
    return number, blocked, warned


def main(arguments: list[str]) -> None:
    """Print the table."""
    print(f"{'recogniser':22}{'right':>6}{'wrong':>6}{'missed':>7}{'over':>6}{'precision':>11}{'recall':>8}")
    total = [0, 0, 0, 0]
    for name, score in scores().items():
        total = [sum(pair) for pair in zip(total, score, strict=True)]
        print(
            f"{name:22}{score.right:6}{score.wrong:6}{score.missed:7}{score.overblocked:6}"
            f"{score.precision:11.3f}{score.recall:8.3f}"
        )
    every = Score(*total)
    print(f"{'all':22}{every.right:6}{every.wrong:6}{every.missed:7}{every.overblocked:6}", end="")
    print(f"{every.precision:11.3f}{every.recall:8.3f}   {sum(1 for _ in labelled())} lines")
    if "--faults" in arguments:
        print(*faults(), sep="\n")
    for folder in (Path(one) for one in arguments if not one.startswith("-")):
        started = time.perf_counter()
        number, blocked, warned = laws(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md")))
        print(
            f"{number} laws: certain {dict(blocked)} doubtful {dict(warned)} in {time.perf_counter() - started:.1f} s"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
