"""Fences, and python-frontmatter behind the strict handler."""

from __future__ import annotations

import frontmatter
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.content.frontmatter import _FENCE, FrontMatterFault, StrictHandler, _closing, parse_front_matter

HEADER = "---\ntitle: 通知\nconfidentiality_cleared: false\n---\n"


@pytest.mark.parametrize(
    "text",
    ["\ufeff" + HEADER, HEADER.replace("\n---\n", "\n--\n"), "---\ncleared：true\n---\n正文\n", "正文\n" + HEADER],
)
def test_library_fails_open_where_we_do_not(text: str) -> None:
    """The library's own handler takes each of these for a text without metadata; ours gives no keys and a fault."""
    assert frontmatter.parse(text)[0] == {}
    front = parse_front_matter(text, "x.md")
    assert front.keys is None
    assert front.diagnostics


def test_handler_raises_through_the_library() -> None:
    """``frontmatter.parse`` swallows ``ValueError`` only, so that ours comes through."""
    assert not issubclass(FrontMatterFault, ValueError)
    with pytest.raises(FrontMatterFault):
        frontmatter.parse("# 通知\n", handler=StrictHandler("x.md"))


def test_body_keeps_its_place_and_its_indent() -> None:
    """The library strips the body; ours begins where it begins, full-width blanks and all."""
    front = parse_front_matter("---\ntitle: 通知\n---\n\n　　第一条\n", "x.md")
    assert front.body.startswith("\n　　第一条")
    assert front.body_line == 4
    assert front.text == "title: 通知\n"


def test_rule_in_the_body_is_body() -> None:
    """Only the first fence behind the opening one closes the front matter."""
    front = parse_front_matter("---\ntitle: 通知\n---\n甲\n\n---\n\n乙\n", "x.md")
    assert front.keys is not None
    assert front.body == "甲\n\n---\n\n乙"


def test_fence_may_end_in_blanks_and_the_file() -> None:
    """Blanks behind a fence, and a file that ends with it, are no faults."""
    front = parse_front_matter("--- \ntitle: 通知\n---  ", "x.md")
    assert front.keys is not None
    assert front.body == ""


def test_indented_fence_in_a_block_is_text() -> None:
    """A rule inside a value does not close the front matter."""
    front = parse_front_matter("---\nsummary: |\n  甲\n  ---\n  乙\ntitle: 通知\n---\n正文\n", "x.md")
    assert front.keys is not None
    assert list(front.keys) == ["summary", "title"]


def test_exported_metadata_can_be_read_again() -> None:
    """What ``frontmatter.dumps`` writes through our handler, our reader reads."""
    post = frontmatter.Post("正文。", title="通知: 一", confidentiality_cleared=False, keywords=["会见", "监狱"])
    text = frontmatter.dumps(post, handler=StrictHandler("x.md"))
    front = parse_front_matter(text, "x.md")
    assert front.keys is not None
    assert list(front.keys) == ["title", "confidentiality_cleared", "keywords"]
    assert front.body.strip() == "正文。"


@given(st.text(st.sampled_from(list("-—. \n:：a标题tru")), max_size=60))
def test_keys_or_a_fault(text: str) -> None:
    """A text has keys or a fault; and without an opening fence all of it is kept."""
    front = parse_front_matter(text, "x.md")
    assert front.keys is not None or front.diagnostics
    assert front.keys is not None or front.body == text or text.startswith("---")


@given(st.text(st.sampled_from(list("- \na")), max_size=40), st.integers(0, 5))
def test_closing_fence_is_the_one_that_a_search_finds(text: str, start: int) -> None:
    """Looking from line to line gives the same fence, from the beginning of any line."""
    text = f"---\n{text}"
    starts = [at for at in range(len(text) + 1) if at and text[at - 1] == "\n"]
    at = starts[start % len(starts)]
    found, expected = _closing(text, at), _FENCE.search(text, at)
    assert (found and found.span()) == (expected and expected.span())


def test_comment_behind_a_flag_is_one() -> None:
    """Only texts can have a number sign of their own; a comment on its own line, or quotes, raise no doubt."""
    text = '---\ntitle: "通知 #2"\n# 张三\nconfidentiality_cleared: true  # 张三已审\n---\n正文\n'
    assert parse_front_matter(text, "content/a.md").diagnostics == ()


def test_number_sign_behind_a_text_is_told() -> None:
    """The place is that of the sign."""
    (found,) = parse_front_matter("---\ntitle: 通知 #2\n---\n正文\n", "content/a.md").diagnostics
    assert (found.code, found.severity, found.line, found.column) == ("comment-in-value", "warning", 2, 11)
