"""Build an index from records on one core, apart from all else, and print what it cost, as JSON.

    python tests/benchmarks/search_build.py RECORDS OUT

Tokenising (``encode_postings``) and indexing (``begin_index``) are what the limit is for; reading the records is
not counted, cutting and writing the texts for snippets is counted apart. Memory is the peak of the whole process.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from generator.content.definitions import load_cluster
from generator.model import ItemFacts, OutputFile
from generator.search.folding import folding
from generator.search.index import Definitions, begin_index
from generator.search.mending import IndexDocument
from generator.search.passages import cut_passages, text_files
from generator.search.postings import encode_postings
from generator.search.thesaurus import load_thesaurus
from tests.benchmarks.corpora import REPOSITORY
from tests.benchmarks.search_records import read
from tests.site_support import clear

NOW = datetime(2030, 1, 1, tzinfo=timezone(timedelta(hours=8)))


class Clock:
    """Adds up the CPU seconds of each kind of work."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def on(self, work: str) -> Iterator[None]:
        """Count what is done within."""
        start = time.process_time()
        yield
        self.seconds[work] = self.seconds.get(work, 0.0) + time.process_time() - start


def main() -> None:
    """Build and print."""
    records, out = map(Path, sys.argv[1:])
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    clock = Clock()
    facts: list[ItemFacts] = []
    places: dict[str, tuple[int, int]] = {}
    characters = 0

    def write(file: OutputFile) -> None:
        path = out / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)

    with tempfile.TemporaryDirectory(dir=out.parent) as folder, (Path(folder) / "postings").open("w+b") as spilt:
        with clock.on("tokenise"):
            table = folding()
        for record in read(records):
            item = record.facts.item
            assert item is not None
            facts.append(record.facts)
            characters += sum(len(block.text) for block in record.blocks)
            with clock.on("tokenise"):
                cut = cut_passages(record.blocks, record.attachment_texts)
                postings = encode_postings(item, cut, table)
                places[record.facts.id] = (spilt.tell(), len(postings))
                spilt.write(postings)
            with clock.on("texts"):
                for path, data in text_files(record.facts.id, cut).named():
                    write(OutputFile(path=path, data=data, source=record.facts.id))
        after_reading = _peak()

        def postings_of(document: IndexDocument) -> bytes:
            start, size = places[document.cleared.id]
            return os.pread(spilt.fileno(), size, start)

        spilt.flush()
        sites = REPOSITORY / "sites"
        definitions = Definitions(load_cluster(sites), load_thesaurus(sites), table)
        documents = [IndexDocument(one, b"") for one in clear(*facts, now=NOW)]
        with clock.on("index"):
            begin_index(documents, postings_of, definitions, write, Path(folder)).finish()
    cost = {"documents": len(documents), "characters": characters, **clock.seconds}
    print(json.dumps(cost | {"rss": _peak(), "rss_tokenise": after_reading}))


def _peak() -> float:
    """MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
