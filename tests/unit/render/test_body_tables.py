"""Tables: scopes, alignment, numbers."""

from __future__ import annotations

import pytest

from generator.render.markdown import convert


def table(markdown: str) -> str:
    return convert(markdown, item_id="a/b/c", path="content/a/b/c.md", first_line=1).html


def test_table_has_scopes_and_a_frame_that_scrolls() -> None:
    """Header cells say what they head; a wide table scrolls within its frame, by keyboard too."""
    html = table("| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n")
    assert html.startswith('<div class="table-scroll" role="group" aria-label="表格" tabindex="0"><table>')
    assert '<th scope="col">甲</th>' in html
    assert html.endswith("</table></div>")


def test_alignment_is_a_class() -> None:
    """No inline style and no ``align``."""
    html = table("| 甲 | 乙 | 丙 | 丁 |\n|:--|:-:|--:|---|\n| a | b | c | d |\n")
    assert [f'class="align-{side}"' in html for side in ("left", "center", "right")] == [True] * 3
    assert "style=" not in html
    assert " align=" not in html


@pytest.mark.parametrize("cells", [("1,200.50", "-3"), ("12%", "—"), ("￥5", ""), ("1", "2 ％"), ("０", "１")])
def test_column_of_numbers_is_marked(cells: tuple[str, str]) -> None:
    """Numbers stand under each other at the right, the head of their column too."""
    html = table(f"| 项 | 数 |\n|---|---|\n| 甲 | {cells[0]} |\n| 乙 | {cells[1]} |\n")
    assert html.count('class="number"') == 3
    assert '<th class="number" scope="col">数</th>' in html


@pytest.mark.parametrize("cells", [("1", "约2"), ("2026年", "1"), ("—", "无"), ("", ""), ("1.2.3", "1")])
def test_column_of_other_things_is_not_marked(cells: tuple[str, str]) -> None:
    """One cell that is no number, or none that is, and the column is text."""
    assert "number" not in table(f"| 项 | 数 |\n|---|---|\n| 甲 | {cells[0]} |\n| 乙 | {cells[1]} |\n")


def test_head_without_words_is_left_out() -> None:
    """Markdown demands a head; an empty one would be read out as empty headers."""
    html = table("|  |  |\n|---|---|\n| 甲 | 1 |\n")
    assert "<th" not in html
    assert "<tbody>" in html


def test_raw_table_keeps_spans_and_its_own_scopes() -> None:
    """Where cells span, columns cannot be counted; row headers get their scope."""
    html = table(
        "<table><caption>表1</caption><tr><th colspan='2'>甲</th></tr>"
        "<tr><th>乙</th><td align='right'>1</td></tr></table>"
    )
    assert "<caption>表1</caption>" in html
    assert '<th colspan="2" scope="colgroup">甲</th>' in html
    assert '<th scope="row">乙</th>' in html
    assert '<td class="align-right">1</td>' in html


def test_table_inside_a_table_is_dressed_once() -> None:
    """Only the innermost table is; the outer one is layout."""
    html = table("<table><tr><td><table><tr><td>1</td></tr></table></td></tr></table>")
    assert html.count("table-scroll") == 1
    assert html.count("<table>") == html.count("</table>") == 2
