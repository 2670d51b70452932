"""Compare an index with the full lunr index of the same items, and the tokenisers with each other; prints JSON.

    python tests/benchmarks/search_parity.py RECORDS TREE QUERIES

lunr.py builds its index of all items and all their text, nothing is sampled; npm's lunr loads it and is asked
every query of QUERIES; the client's ``scoreTerms`` is asked the same from TREE. Takes about 6 GB of memory.
lunr itself loses some terms (see ``generator.search.verification``): these are named, and queries that hold one
count as different unless they agree all the same, but not for the greatest difference.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from generator.search.folding import folding
from generator.search.passages import cut_passages
from generator.search.postings import short_texts
from generator.search.question import understand
from generator.search.tokens import tokens
from generator.search.verification import COMPARED, agree, reference_index
from tests.benchmarks.search_records import Record, read
from tests.node_client import ask_client

MOST = 100


def main() -> None:
    """Compare and print."""
    records, tree, queries = map(Path, sys.argv[1:])
    os.environ["NODE_OPTIONS"] = "--max-old-space-size=8000"
    table = folding()
    texts = {record.facts.id: fields(record) for record in read(records)}
    judged = [one["query"] for kind in json.loads(queries.read_bytes()).values() for one in kind]
    asked = [terms for terms in (understand(query, table).terms for query in judged) if terms]
    with tempfile.TemporaryDirectory() as folder:
        every = [text for of_item in texts.values() for text in of_item]
        said = Path(folder) / "texts.json"
        said.write_text(json.dumps(every), encoding="utf-8")
        (theirs,), _ = ask_client(tree, ["digests", str(said)])
        ours = [hashlib.sha256("\0".join(tokens(text, table)).encode()).hexdigest() for text in every]
        oracle = Path(folder) / "lunr.json"
        with oracle.open("w", encoding="utf-8") as out:
            json.dump(reference_index(texts, table).serialize(), out)
        size = oracle.stat().st_size
        known = sorted({term for terms in asked for term in terms})
        (full, lost, *sharded), _ = ask_client(
            tree, ["lunr", str(oracle), asked, MOST], ["lost", known], *(["scoreTerms", terms] for terms in asked)
        )
    whole = [not set(terms) & set(lost) for terms in asked]
    differences = [
        abs(one[1] - other[1])
        for mine, reference, counts in zip(sharded, full, whole, strict=True)
        for one, other in zip(mine[:COMPARED], reference[:COMPARED], strict=True)
        if counts
    ]
    wrong = [
        (terms, mine[:COMPARED], reference[:COMPARED])
        for terms, mine, reference in zip(asked, sharded, full, strict=True)
        if not agree(mine, reference)
    ]
    for one in wrong:
        sys.stderr.write(json.dumps(one, ensure_ascii=False) + "\n")
    report = {
        "documents": len(texts),
        "texts": len(every),
        "characters": sum(map(len, every)),
        "other_tokens": sum(one != other for one, other in zip(ours, theirs, strict=True)),
        "queries": len(asked),
        "same": len(asked) - len(wrong),
        "greatest_difference": max(differences),
        "lost_by_lunr": lost,
        "comparable": sum(whole),
        "lunr_bytes": size,
    }
    print(json.dumps(report))


def fields(record: Record) -> tuple[str, ...]:
    """The text of each field, as the index defines it."""
    assert record.facts.item is not None
    cut = cut_passages(record.blocks, record.attachment_texts)
    parts = [passage.text for passage in cut.passages]
    return (*short_texts(record.facts.item), "\n".join(parts[: cut.of_body]), "\n".join(parts[cut.of_body :]))


if __name__ == "__main__":
    main()
