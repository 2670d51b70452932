"""generator.build.witnesses: each term is found in the first item that has it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build import witnesses
from generator.build.fs import FileSystem
from generator.build.packs import PackWriter
from generator.build.shared import Shared
from generator.build.witnesses import WitnessContext, WitnessTask, find_in_items, term_ids
from generator.clearance.fingerprints import once
from generator.model import ItemBody, TextBlock
from generator.search.passages import cut_passages
from generator.search.postings import encode_postings
from generator.search.terms import item_terms
from tests.unit.build.pack_makers import encode_body
from tests.unit.clearance.clearance_makers import make_item

TEXTS = st.lists(st.text("会见须知戒毒令司法ab1 9\n，𠮷", max_size=60) | st.none(), max_size=6)


@given(texts=TEXTS, odd=st.booleans())
def test_every_term_is_found_in_the_first_item_that_has_it(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str | None], odd: bool
) -> None:
    """Half of all terms are asked for, and some that nobody has; an item without postings has none."""
    folder = tmp_path_factory.mktemp("packs")
    item = make_item()
    postings = [
        b"" if text is None else encode_postings(item, cut_passages([TextBlock(anchor="", text=text)]))
        for text in texts
    ]
    writer = PackWriter(FileSystem(), folder, "one.pack")
    refs = [writer.add(encode_body(ItemBody(html="", headings=(), blocks=(), postings=one))) for one in postings]
    writer.close()
    terms = [set(term_ids(item_terms(one)).tolist()) if one else set() for one in postings]
    some = sorted(set[int]().union(*terms))[int(odd) :: 2]
    wanted = once(np.array([*some, 3, 1 << 47 | 5], np.uint64))
    bodies = [(number + 10, ref) for number, ref in enumerate(refs)]
    task = WitnessTask(Shared(FileSystem(), folder, WitnessContext(wanted, folder)), bodies)
    found = find_in_items(task)
    with pytest.MonkeyPatch.context() as patch:  # what was learnt of words, or forgotten of them, changes nothing
        patch.setattr(witnesses, "_MOST_STRANGERS", 0)
        for again in (find_in_items(task), find_in_items(task)):
            assert [column.tolist() for column in again] == [column.tolist() for column in found]
    assert dict(zip(wanted.take(found.places).tolist(), found.items.tolist(), strict=True)) == {
        term: 10 + next(number for number, of in enumerate(terms) if term in of) for term in some
    }
    assert wanted.take(found.places).tolist() == some
