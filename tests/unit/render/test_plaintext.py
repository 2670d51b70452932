"""Plain text of a body, and its summary."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model import TextBlock
from generator.render.plaintext import flatten, join_lines, summarise


def blocks(*texts: str) -> list[TextBlock]:
    return [TextBlock(anchor="", text=text) for text in texts]


@pytest.mark.parametrize(
    ("text", "joined"),
    [("甲\n乙", "甲乙"), ("甲 \n 乙", "甲乙"), ("甲，\n乙", "甲，乙"), ("甲\nb", "甲\nb"), ("a\nb", "a\nb")],
)
def test_line_ends_vanish_only_between_han(text: str, joined: str) -> None:
    """A line end between two Han would show as a space; beside Latin it is one."""
    assert join_lines(text) == joined


WIDE = "⺀-〿㇀-鿿豈-﫿︰-﹏＀-￯"
BREAK = re.compile(rf"(?<=[{WIDE}])[ ]*\n[ ]*(?=[{WIDE}])")


@given(st.one_of(st.text("甲a \n　\n", max_size=20), st.text()))
def test_line_ends_vanish_as_they_are_defined(text: str) -> None:
    """Between two of these sets, past spaces."""
    assert join_lines(text) == BREAK.sub("", text)


def test_line_ends_vanish_beside_every_wide_character() -> None:
    """Of all characters."""
    for code in range(sys.maxunicode + 1):
        for text in (f"{chr(code)}\n甲", f"甲\n{chr(code)}"):
            assert join_lines(text) == BREAK.sub("", text)


def test_flatten_makes_one_line_of_single_spaces() -> None:
    """Runs of spaces of any kind are one space."""
    assert flatten("第一章　总\xa0 则\n\n正文 a\nb ") == "第一章 总 则 正文 a b"


def test_summary_ends_with_a_sentence() -> None:
    """Of the sentences that fit, all."""
    text = blocks("为了规范工作，制定本办法。本办法适用于全市。" + "第三句很长" * 20 + "。")
    assert summarise(text, 40) == "为了规范工作，制定本办法。本办法适用于全市。"


def test_summary_passes_over_headings_and_dates() -> None:
    """A heading or a date of adoption says nothing about the content."""
    assert (
        summarise(blocks("第一章 总则", "2021年8月20日通过", "第一条 为了甲，制定本法。"))
        == "第一条 为了甲，制定本法。"
    )


def test_summary_breaks_at_a_pause_when_no_sentence_fits() -> None:
    """Where the first sentence is too long, the cut is at a comma and shown."""
    assert (
        summarise(blocks("甲乙丙丁戊己庚辛壬癸，子丑寅卯辰巳午未申酉戌亥，" * 3), 30)
        == "甲乙丙丁戊己庚辛壬癸，子丑寅卯辰巳午未申酉戌亥…"
    )


@given(st.lists(st.text()), st.integers(1, 200))
def test_summary_never_exceeds_its_limit(texts: list[str], limit: int) -> None:
    """Any text, any limit."""
    assert len(summarise(blocks(*texts), limit)) <= limit
