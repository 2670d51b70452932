"""Passages hold the whole text in order, and their files the same name whoever computes it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from generator.model import TextBlock
from generator.search.passages import PER_FILE, TARGET, Passage, cut_passages, text_files

LINE = st.text(st.sampled_from("法律。；a \n\t"), max_size=40)
LONG = st.tuples(LINE, st.integers(1, 120)).map(lambda drawn: drawn[0] * drawn[1])


@given(texts=st.lists(st.one_of(LINE, LONG), max_size=12), attached=st.lists(LONG, max_size=2))
def test_passages_are_the_text_in_order(texts: list[str], attached: list[str]) -> None:
    """Nothing is lost but blanks, none is far longer than wanted, and each begins where its block does."""
    blocks = [TextBlock(anchor=f"a{number}", text=text) for number, text in enumerate(texts)]
    cut = cut_passages(blocks, [("f.txt", text) for text in attached])
    said = "".join("".join(passage.text.split()) for passage in cut.passages)
    assert said == "".join("".join(text.split()) for text in (*texts, *attached))
    assert all(len(passage.text) < 4 * TARGET for passage in cut.passages)
    for passage in cut.passages[: cut.of_body]:
        if passage.text:
            first = passage.text.split("\n")[0]
            assert first in " ".join(texts[int(passage.anchor[1:])].split()) or first in texts[int(passage.anchor[1:])]
    files = text_files("a", cut)
    held = [[Passage(*one) for one in json.loads(data)] for _, data in files.named()]
    assert [one for some in held for one in some] == [*cut.passages]
    assert all(0 < len(some) <= PER_FILE for some in held)


def test_text_files_are_named_after_what_stands_in_them() -> None:
    """Nobody's old copy is ever another's text: each is other where a text, its anchor or its item is."""
    cut = cut_passages([TextBlock(anchor="a", text="甲")])
    names = {
        text_files(item, cut_passages([TextBlock(anchor=anchor, text=text)])).name
        for item, anchor, text in (("x", "a", "甲"), ("x", "a", "乙"), ("x", "b", "甲"), ("y", "a", "甲"))
    }
    assert len(names) == 4
    assert text_files("x", cut).name in names
    assert [path for path, _ in text_files("x", cut).named()] == [
        f"search/text/{text_files('x', cut).name.hex()}-0.json"
    ]
