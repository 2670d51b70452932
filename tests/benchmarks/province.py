"""A province: a thousand units and up to a million items. What one machine needs in time and memory, and how it grows.

    python tests/benchmarks/province.py --work DIR [--sizes 10000,100000,1000000] [--catalogue 1000000] [--units 1000]

Whole builds, smallest size first, as far as the disk goes: a size that would not fit is named and left out. Then what
spans items (facts, gate, catalogue) for ``--catalogue`` items: their facts are those of the first build, each copy with
an address, a title and digests of its own, made and read piece by piece as a build reads them from its cache.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from build_speed import Mingtang
from corpora import REPOSITORY, corpus, definitions
from measure import Run

_PER_ITEM = 110_000
"""Bytes on disk that an item of the corpus takes: source, output, cache and state."""
_PIECE = 10_000


def main() -> None:
    """Build and count, or be the process in which the catalogue is counted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--catalogue", type=int, default=1_000_000)
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--count-only", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    work = args.work.resolve()
    sizes = [int(size) for size in args.sizes.split(",")]
    if args.count_only:
        _count(Mingtang(work, corpus(work, sizes[0], args.units), sizes[0], args.units), args.catalogue, args.units)
        return
    _build(work, sizes, args.units)
    if args.catalogue:
        _in_a_process_of_its_own(work, args)


def _build(work: Path, sizes: list[int], units: int) -> None:
    first: tuple[int, Run] | None = None
    for size in sizes:
        free = shutil.disk_usage(work).free
        if size * _PER_ITEM > free:
            print(f"{size:>9,} items need {size * _PER_ITEM / 1e9:.0f} GB of disk, {free / 1e9:.0f} are free: left out")
            continue
        ours = Mingtang(work, corpus(work, size, units), size, units)
        cold, edit = ours.cold(), ours.edit()
        first = first or (size, cold)
        time_growth = cold.seconds / size / (first[1].seconds / first[0])
        memory_growth = cold.rss / size / (first[1].rss / first[0])
        print(
            f"{size:>9,} items, {units} units: cold {cold.seconds:8.1f} s = {cold.seconds / size * 1000:5.2f} ms/item"
            f" ({time_growth:.2f} × the first)  {cold.rss:7.0f} MB = {cold.rss / size * 1024:5.1f} kB/item"
            f" ({memory_growth:.2f} ×)  one edit {edit.seconds:6.2f} s {edit.rss:6.0f} MB",
            flush=True,
        )


def _in_a_process_of_its_own(work: Path, args: argparse.Namespace) -> None:
    command = [sys.executable, str(Path(__file__).resolve()), "--count-only", "--work", str(work)]
    command += ["--sizes", args.sizes, "--catalogue", str(args.catalogue), "--units", str(args.units)]
    subprocess.run(command, check=True)


def _count(ours: Mingtang, wanted: int, units: int) -> None:
    """Print what the facts, the gate and the catalogue of so many items take."""
    import gc

    sys.path.insert(0, str(REPOSITORY))
    from generator.build import cache
    from generator.clearance.evidence import Evidence
    from generator.clearance.gate import screen
    from generator.content.definitions import load_cluster
    from generator.model import SHANGHAI, ItemFacts
    from generator.site.catalogue import assemble

    gc.disable()  # as a build does
    memory = cache.load_memory(ours.home / "cache", cache.code_digest())
    known = memory.facts() if memory else None
    if not known:
        raise SystemExit("the first size was not built by this very code")
    models = list(known.values())
    cluster = load_cluster(definitions(ours.home.parent, units))
    decode = msgspec.msgpack.Decoder(list[ItemFacts]).decode
    base, start = _resident(), time.perf_counter()
    steps: list[tuple[str, float, float]] = []

    def step(name: str) -> None:
        steps.append((name, time.perf_counter() - start, _resident() - base))

    facts = [one for piece in _pieces(models, wanted) for one in decode(piece)]
    step("facts")
    now = datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)
    screening = screen(facts, Evidence(), cluster, now=now)
    step("gate")
    catalogue = assemble(cluster, screening.cleared, screening.tombstones, now)
    step("catalogue")
    print(f"{len(facts):,} items in memory, {len(catalogue.items):,} of them in the catalogue of {units} units:")
    before_seconds = before_size = 0.0
    for name, seconds, size in steps:
        print(
            f"  {name:10} {seconds - before_seconds:7.1f} s  {(size - before_size) / 1e6:8.0f} MB"
            f" = {(size - before_size) / len(facts):6.0f} bytes/item"
        )
        before_seconds, before_size = seconds, size
    print(f"  peak       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:17.0f} MB")


def _pieces(models: list[object], wanted: int) -> Iterator[bytes]:
    """Encoded facts of so many items, each copy told apart by its number."""
    encode = msgspec.msgpack.Encoder().encode
    for start in range(0, wanted, _PIECE):
        numbers = range(start, min(start + _PIECE, wanted))
        yield encode([_copy(models[number % len(models)], number // len(models)) for number in numbers])


def _copy(facts: object, number: int) -> object:
    """The facts of another item like this one."""
    replace = msgspec.structs.replace
    item = facts.item  # type: ignore[attr-defined]
    name = f"{facts.id}-{number:04d}"  # type: ignore[attr-defined]
    digest = hashlib.sha256(name.encode()).hexdigest()
    if item is not None:
        slug = name.rpartition("/")[2]
        item = replace(item, id=name, path=f"{name}.md", slug=slug, title=f"{item.title}之{number}")
    return replace(facts, id=name, path=f"{name}.md", item=item, digest=digest, text_digest=digest)  # type: ignore[type-var]


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return float(pages * resource.getpagesize())


if __name__ == "__main__":
    main()
