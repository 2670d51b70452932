"""Plain paragraphs at once, and what may be taken as it stands."""

from __future__ import annotations

import sys

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.clearance.shown import _MARKUP
from generator.render import body
from generator.render.body import is_even, is_even_if_unmarked
from generator.render.markdown import _CLEAN
from generator.render.markdown_plain import _INLINE_CHARS, is_unmarked, split
from generator.render.plaintext import escape, flatten
from tests.unit.render.test_markdown_bytes import clean, in_the_long_way, made

WORDS = (
    *(
        "第三条",
        "第十条之一",
        "第三十二条",
        "第第",
        "第",
        "条",
        "（一）",
        "(12)",
        "一、",
        "1．",
        "12.",
        "1.5",
        "２０",
        "之",
        "一",
    ),
    *(
        " ",
        " ",
        "　",
        "\xa0",
        "  ",
        "\u2003",
        "\n",
        "的规定",
        "甲乙",
        "<甲>",
        ">",
        "。",
        "；",
        "：",
        "各区司法局：",
        "，",
    ),
    *(
        "示例市司法局",
        "2026年1月2日",
        "二〇二六年一月二日",
        "\n\n",
        "\n\n",
        "\n\n",
        "\n\n",
        "\n\n## 题\n\n",
        " \n",
        "x",
    ),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_plain_paragraphs_are_those_of_the_long_way(text: str) -> None:
    """Labels, salutations, names and dates with every kind of space, whether the body is even or not."""
    assert made(text) == in_the_long_way(text, pytest.MonkeyPatch())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_an_even_body_taken_unevenly_is_the_same(text: str) -> None:
    """Evenness only saves work, and so does being unmarked."""
    rendered = made(text)
    with pytest.MonkeyPatch().context() as patch:
        patch.setattr("generator.render.markdown.is_unmarked", lambda _: False)
        assert msgspec.structs.replace(made(text), unmarked=rendered.unmarked) == rendered
        patch.setattr("generator.render.markdown.is_even", lambda _: False)
        assert msgspec.structs.replace(made(text), unmarked=rendered.unmarked) == rendered


def test_characters_of_an_even_text_are_their_own_html_and_text() -> None:
    """Of all characters: all but those that HTML may not hold, are escaped, or are a space other than the usual one."""
    for code in range(sys.maxunicode + 1):
        line = f"文{chr(code)}字"
        if code != ord("\n"):
            unchanged = line == escape(line) == flatten(line) == clean(line)
            assert is_even(line) == (_CLEAN.fullmatch(line) is not None and unchanged)


def test_characters_of_an_unmarked_text_mean_nothing_within_a_line() -> None:
    """They are even but for the ideographic space, and none is a mark, for this module or for the negative list."""
    for code in range(sys.maxunicode + 1):
        line = f"文{chr(code)}字"
        if code != ord("\n") and is_unmarked(line):
            assert is_even(line) is is_even_if_unmarked(line) is (chr(code) != "\u3000")
            assert _CLEAN.fullmatch(line)
            assert line == escape(line) == clean(line)
            assert chr(code) not in f"{_INLINE_CHARS}{_MARKUP}{{<]\t\r"


@given(
    st.one_of(st.text("第一条文 　\n:#|-.1=", max_size=60), st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
)
def test_an_unmarked_text_is_split_and_even_as_any(text: str) -> None:
    """What its characters say need not be asked again."""
    if is_unmarked(text):
        assert split(text, unmarked=True) == split(text)
        assert is_even_if_unmarked(text) == is_even(text)


@pytest.mark.parametrize("text", ["甲 ", "甲  乙", "甲 \n乙", "甲　乙", "甲\t乙", "甲\xa0乙", "a<b", "a>b", "甲\x00"])
def test_text_that_is_not_even(text: str) -> None:
    """Spaces that do not show, and what HTML writes otherwise."""
    assert not is_even(text)


def test_usual_text_is_even() -> None:
    """Else nothing would be gained."""
    assert is_even("## 第一章 总则\n\n第一条 为了“甲”，《乙》。\n\n- a & b\n")
    assert is_unmarked("## 第一章　总则\n\n第一条　为了“甲”，《乙》：\n\n- a, b: c\n\n1. 甲（乙）\n")
    assert all(char in body._LEVEL_STARTS for char in "（(一二十0９")
