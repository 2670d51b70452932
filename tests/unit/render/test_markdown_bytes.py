"""What is faster than Python-Markdown gives Python-Markdown's own bytes."""

from __future__ import annotations

import html
from collections.abc import Iterable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.extensions.toc import unique

from generator.model import Rendered
from generator.render import markdown
from generator.render.anchors import body_id
from generator.render.markdown import Converted, convert, convert_pieces
from generator.render.markdown_dialect import reference_markdown
from generator.render.markdown_fast import FastMarkdown, TooComplex
from generator.render.markdown_plain import PlainHeading, Run, split
from generator.render.markdown_simple import PlainList, PlainTable
from tests.unit.render.markdown_samples import LAWS, MARKDOWN, NASTY, laws

REFERENCE = reference_markdown()
FAST = FastMarkdown()
HERE = {"item_id": "sfj/policy/banfa", "path": "content/sfj/policy/banfa.md"}

BLOCKS = (
    *(
        "\n\n",
        "\n\n",
        "\n\n",
        "\n",
        " ",
        "　",
        "甲",
        "第一条 乙",
        "（一）丙",
        "(1)丁",
        "“戊”",
        "1. ",
        "1．",
        "１. ",
        "٣. ",
    ),
    *("1.己", "- 庚", "|", "| a |", "|---|", "# 题", ": ", "!!! ", ">", "\xa0", "a", "\t", "==", "<", "a@b"),
)

needs_laws = pytest.mark.skipif(not LAWS.exists(), reason="../shared/corpus/laws.tar.xz is not there")


def clean(text: str) -> str:
    """The text as ``convert`` hands it on."""
    return markdown._cleaned(text)


def of_reference(text: str) -> str:
    return REFERENCE.reset().convert(text)


def html_of_list(piece: PlainList) -> str:
    opening = f'<ol start="{piece.start}">' if piece.start not in ("", "1") else "<ol>" if piece.start else "<ul>"
    items = "".join(f"<li>{html.escape(item, quote=False)}</li>\n" for item in piece.items)
    return f"{opening}\n{items}</{opening[1:3]}>"


def html_of_table(piece: PlainTable) -> str:
    def row(tag: str, cells: list[str]) -> str:
        sides = [f' align="{side}"' if side else "" for side in piece.alignments]
        parts = [
            f"<{tag}{side}>{html.escape(cell, quote=False)}</{tag}>" for side, cell in zip(sides, cells, strict=True)
        ]
        return "<tr>\n" + "\n".join(parts) + "\n</tr>\n"

    head, *rows = piece.rows
    body = "".join(row("td", cells) for cells in rows)
    return f"<table>\n<thead>\n{row('th', head)}</thead>\n<tbody>\n{body}</tbody>\n</table>"


def of_pieces(text: str) -> str:
    """Python-Markdown's HTML put together from our pieces, before it is sanitised."""
    parts: list[str] = []
    ids: set[str] = set()
    for piece in convert_pieces(text, FAST):
        if isinstance(piece, Converted):
            parts.append(piece.html)
        elif isinstance(piece, PlainHeading):
            name = unique(body_id(piece.text), ids)
            parts.append(f'<h{piece.level} id="{name}">{html.escape(piece.text, quote=False)}</h{piece.level}>')
        elif isinstance(piece, PlainList):
            parts.append(html_of_list(piece))
        elif isinstance(piece, PlainTable):
            parts.append(html_of_table(piece))
        else:
            parts += [f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in piece]
    return "\n".join(parts)


def whole(text: str, _markdown: Markdown, *, unmarked: bool) -> list[Converted]:
    """In place of ``convert_pieces``: the whole from Python-Markdown itself."""
    return [Converted(of_reference(text))]


def made(text: str) -> Rendered:
    return convert(text, **HERE, first_line=1)


def in_the_long_way(text: str, patch: pytest.MonkeyPatch) -> Rendered:
    with patch.context() as context:
        context.setattr(markdown, "convert_pieces", whole)
        return made(text)


def assert_same(texts: Iterable[str], patch: pytest.MonkeyPatch) -> int:
    count = 0
    for text in texts:
        assert of_pieces(clean(text)) == of_reference(clean(text))
        assert made(text) == in_the_long_way(text, patch)
        count += 1
    return count


@pytest.mark.parametrize("text", NASTY)
def test_bytes_are_python_markdowns_for_each_construct(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every construct of the dialect, alone and where it meets others, gives the same HTML and the same outcome."""
    assert_same([text], monkeypatch)


@pytest.mark.parametrize("first", NASTY)
def test_bytes_are_python_markdowns_for_each_pair(first: str) -> None:
    """No construct reaches into one that follows it, unless it does so in Python-Markdown."""
    for second in NASTY:
        text = clean(f"{first}\n\n正文\n\n{second}")
        assert of_pieces(text) == of_reference(text)


@settings(max_examples=400, deadline=None)
@given(MARKDOWN)
def test_bytes_are_python_markdowns_for_any_mixture(text: str) -> None:
    """Whatever is mixed, the HTML before sanitising is the same."""
    text = clean(text)
    try:
        ours = of_pieces(text)
    except TooComplex:
        assume(False)
    assert ours == of_reference(text)


@settings(max_examples=200, deadline=None)
@given(MARKDOWN)
def test_outcome_is_the_same_both_ways_for_any_mixture(text: str) -> None:
    """A plain paragraph that skips parser and sanitiser ends in the same HTML, headings, links and text."""
    ours = made(text)
    assume(not any(markdown.is_refusal(found) for found in ours.diagnostics))
    assert ours == in_the_long_way(text, pytest.MonkeyPatch())


@needs_laws
def test_bytes_are_python_markdowns_for_a_sample_of_laws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each twentieth of the real laws."""
    assert assert_same(laws(20), monkeypatch) > 100


@needs_laws
@pytest.mark.soak
def test_bytes_are_python_markdowns_for_every_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """All real laws."""
    assert assert_same(laws(1), monkeypatch) > 3000


@pytest.mark.soak
@settings(max_examples=50_000, deadline=None)
@given(MARKDOWN)
def test_bytes_are_python_markdowns_for_very_many_mixtures(text: str) -> None:
    """A long campaign of the test above."""
    text = clean(text)
    try:
        ours = of_pieces(text)
    except TooComplex:
        assume(False)
    assert ours == of_reference(text)


def test_plain_blocks_skip_python_markdown() -> None:
    """Blocks without markup are known at once, even lists and tables; anything else is a run of its own."""
    text = "第一条 甲\n\n## 标题\n乙\n丙\n\n- 丁\n- 戊\n\n己\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- *庚*\n\n- 辛\n"
    assert split(text) == [
        ["第一条 甲"],
        PlainHeading(2, "标题"),
        ["乙\n丙"],
        PlainList("", ["丁", "戊"]),
        ["己"],
        Run("| a | b |\n|---|---|\n| 1 | 2 |\n\n- *庚*\n\n- 辛\n\n\n"),
    ]


def test_paragraphs_that_follow_each_other_are_one_piece() -> None:
    """However each of them was told: by its first character, or by all rules."""
    text = "\n甲\n\n\n\n　乙\n丙\n\n（一）丁\n\n2. 戊\n\n2．己\n\n# 题\n\na\n\n庚"
    assert split(text) == [
        ["甲", "乙\n丙", "（一）丁"],
        PlainList("2", ["戊"]),
        ["2．己"],
        PlainHeading(1, "题"),
        ["a", "庚"],
    ]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(BLOCKS), max_size=12).map("".join))
def test_paragraphs_told_by_their_first_character_are_those_of_all_rules(text: str) -> None:
    """A body in which something is marked is looked at block by block: its pieces are the same."""
    with pytest.MonkeyPatch().context() as patch:
        found = split(text)
        patch.setattr("generator.render.markdown_plain._INLINE_CHARS", text[:1])
        assert split(text) == found


@pytest.mark.parametrize(
    "text", ["<div>\n\n甲", "甲\n\n[^1]: 注", "甲\n\n: 乙", "[TOC]\n\n甲", "甲\n{: #id }", "## *甲*", "> # 甲\n\n乙"]
)
def test_nothing_is_split_where_a_block_reaches_further(text: str) -> None:
    """A construct that may touch other blocks sends the whole body to Python-Markdown."""
    assert split(text) is None


def test_every_inline_pattern_has_a_trigger() -> None:
    """A new version of Python-Markdown with another pattern must be looked at: it would run always, which is slow."""
    inline = FAST.treeprocessors["inline"]
    assert all(triggers != ("",) for _, triggers in inline._patterns)


def test_converter_that_holds_back_emphasis_is_not_settled() -> None:
    """Emphasis found but not yet used would reach into the next text: then the whole is converted instead."""
    converter = FastMarkdown()
    converter.convert("*甲* **乙**")
    assert converter.settled
    assert converter.delimiters is not None
    converter.delimiters.regions.append((0, 1, 2, 3, ("strong", "em"), 1))
    assert not converter.settled
