"""Passages hold the whole text in order, and their files the same name whoever computes it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.model import TextBlock
from generator.search.passages import TARGET, cut_passages, text_files, text_name

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
    assert list(text_files("a", cut)) == list(text_files("a", cut, text_name("a", cut)))
