"""Simple lists and tables skip Python-Markdown, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.render.markdown_simple import MAX_SIMPLE, PlainList, PlainTable, read_simple
from tests.unit.render.test_markdown_bytes import clean, in_the_long_way, made, of_pieces, of_reference

ITEMS = (
    "甲",
    "（一）乙 丙",
    "第三条　丁",
    "2021.5.1 起",
    "a > b",
    "己\xa0 ",
    "庚：",
    "x.md",
    "-",
    "=",
    "1.",
    "甲!!!",
    "@",
)
ODD_ITEMS = (
    *ITEMS,
    "",
    " ",
    "　",
    "**粗**",
    "a|b",
    "# 题",
    "- 子",
    "1. 子",
    "> 引",
    ": 义",
    "&amp;",
    "<a@b.c>",
    "[x]",
    "`",
)
CELLS = (
    " 甲 ",
    "1,200.50 ",
    "",
    " ",
    "—",
    "-3",
    "１２％",
    "\xa0",
    "　",
    "a > b",
    ":-",
    "---",
    "2026年1月2日",
    "甲  乙",
)
ODD_CELLS = (*CELLS, "`", "\\", "<b>", "*甲*", "colspan=2", "&", "#", "{: .x }", "[x]", "!!! note", "\t")
SEPARATORS = ("---", ":--", "--:", ":-:", " - ", "", ":", "=")


def lists(items: tuple[str, ...]) -> st.SearchStrategy[str]:
    marks = st.sampled_from(("1. ", "2.  ", "003. ", "12345. ", "- ", "* ", " 1. ", "1.", "    - "))
    same = marks.flatmap(lambda mark: st.lists(st.sampled_from(items).map(lambda item: mark + item), min_size=1))
    mixed = st.lists(st.tuples(marks, st.sampled_from(items)).map("".join), min_size=1)
    return st.one_of(same, mixed).map("\n".join)


def tables(cells: tuple[str, ...]) -> st.SearchStrategy[str]:
    def of_width(width: int) -> st.SearchStrategy[str]:
        row = st.lists(st.sampled_from(cells), min_size=width, max_size=width).map(lambda row: f"|{'|'.join(row)}|")
        marks = st.lists(st.sampled_from(SEPARATORS), min_size=width, max_size=width).map("|".join)
        other = st.sampled_from(("|a|", "a|b|c", "|", "|a|b|c|d|", "| 甲 | 乙 | ", "甲"))
        rows = st.lists(st.one_of(row, row, row, other), max_size=4)
        return st.tuples(row, marks, rows).map(lambda made: "\n".join((made[0], f"|{made[1]}|", *made[2])))

    return st.integers(1, 3).flatmap(of_width)


BETWEEN = st.sampled_from(
    ("\n", "\n\n", "\n\n\n", "\n\n正文\n\n", "\n\n## 题\n\n", "\n\n　\n\n", "\n\n    码\n\n", "\n题\n")
)
SIMPLE = st.one_of(lists(ITEMS), tables(CELLS))
ODD = st.one_of(lists(ODD_ITEMS), tables(ODD_CELLS))


def assert_same(text: str) -> None:
    text = clean(text)
    assert of_pieces(text) == of_reference(text)
    assert made(text) == in_the_long_way(text, pytest.MonkeyPatch())


@settings(max_examples=300, deadline=None)
@given(SIMPLE)
def test_simple_blocks_are_python_markdowns(text: str) -> None:
    """Bytes and outcome of lists and tables in every simple form are those of the reference."""
    assert_same(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.one_of(SIMPLE, ODD), BETWEEN).map("".join), max_size=4).map("".join))
def test_blocks_that_are_almost_simple_are_python_markdowns(text: str) -> None:
    """Markup, other widths, other marks and neighbours that reach in give the same as ever."""
    assert_same(f"各区：\n\n{text}")


@pytest.mark.soak
@settings(max_examples=30_000, deadline=None)
@given(st.lists(st.tuples(st.one_of(SIMPLE, ODD), BETWEEN).map("".join), max_size=4).map("".join))
def test_very_many_blocks_that_are_almost_simple_are_python_markdowns(text: str) -> None:
    """A long campaign of the test above."""
    assert_same(f"各区：\n\n{text}")


def test_common_lists_and_tables_are_simple() -> None:
    """What announcements hold costs no parser."""
    assert read_simple("1. 甲\n2.  第三条 乙\n") == PlainList("1", ["甲", "第三条 乙"])
    assert read_simple("3. 甲") == PlainList("3", ["甲"])
    assert read_simple("- 甲\n- 2021.5.1 起\n\n\n") == PlainList("", ["甲", "2021.5.1 起"])
    assert read_simple("\n| 项目 | 数 |\n|---|--:|\n| 甲 |1|\n||—|") == PlainTable(
        ["", "right"], [["项目", "数"], ["甲", "1"], ["", "—"]]
    )


@pytest.mark.parametrize(
    "source",
    [
        *(
            "- 甲\n\n- 乙",
            "- 甲\n  续行",
            "- 甲\n1. 乙",
            "- - 甲",
            "- **甲**",
            "- 甲 | 乙",
            "1. 甲\n- 乙",
            "* 甲",
            "-",
            "-甲",
        ),
        *(
            "- # 甲",
            "- ![图](a.png)",
            "- a < b",
            "- 甲\n{: .note }",
            "12345. 甲",
            "- 甲\n\n　\n\n",
            "- 甲\n\n    续段",
            "-  ",
        ),
        *("|甲|\n|-|\n|1|", "|甲|乙|\n|-|-|", "|甲|乙|\n|-|-|\n|1|", "|甲|乙|\n|-|-|\n|`|`|", "||　|\n|-|-|\n|1|2|"),
        *("甲|乙\n-|-\n1|2", "|甲|乙|\n|=|-|\n|1|2|", "|甲|乙|\n|-|-|\n|1|2|\n表注", "|甲|乙|\n|-|-|\n|1|colspan=2|"),
        *("    码", "> 引", "正文", "- 甲\n" * MAX_SIMPLE),
    ],
    ids=lambda source: source[:20],
)
def test_anything_else_is_not(source: str) -> None:
    """When in doubt, Python-Markdown sees it, and what it refuses stays refused."""
    assert read_simple(source) is None
