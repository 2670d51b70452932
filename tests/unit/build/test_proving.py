"""generator.build.proving: what stands in files of the index is read as it is, and what cannot be read is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from generator.build.proving import ReadTask, _numbered, read_terms
from generator.build.witnesses import term_ids
from generator.search.folding import folding
from generator.search.terms import index_terms
from tests.search_support import build, paper


@given(st.lists(st.integers(0, 40)))
def test_terms_are_numbered_in_their_order(terms: list[int]) -> None:
    """Each once, and each that was given knows which it is."""
    numbered = _numbered(np.array(terms, np.uint64))
    assert numbered.terms.tolist() == sorted(set(terms))
    assert numbered.terms.take(numbered.numbers).tolist() == terms


def test_each_file_that_can_be_read_is_read_beside_damaged_ones(tmp_path: Path) -> None:
    """A shard of pairs, one of words and a page are cut short: the other files say what they say without them."""
    files = build(
        [paper(f"sfj/policy/n{number}", f"第{number}号办法", f"会见须知{number}abc") for number in range(3)]
    ).files
    paths = sorted(path for path in files if path.endswith(".bin") or path.startswith("search/thesaurus-"))
    shards = [path for path in paths if path.startswith("search/shards/")]
    of_pairs, of_words = (next(path for path in shards if files[path][0] == kind) for kind in (0, 1))
    damaged = {of_pairs, of_words, next(path for path in paths if path.startswith("search/pages/"))}
    for path in paths:
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files[path][:-1] if path in damaged else files[path])
    for chosen, missing in ((paths, damaged), ([path for path in paths if path not in damaged], set[str]())):
        read = read_terms(ReadTask(tmp_path, tmp_path, chosen))
        assert set(read.unreadable) == missing
        assert sorted(read.paths) == [path for path in paths if path not in damaged]
        parts = np.split(read.terms, np.cumsum(read.sizes)[:-1])
        for path, terms in zip(read.paths, parts, strict=True):
            assert terms.tolist() == term_ids(index_terms([(path, files[path])], folding())).tolist()
