"""The invariant of this stage: nothing but the literal flag makes an item cleared."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.content.item import parse_item, source_parts
from generator.content.source import MAX_SOURCE_BYTES
from tests.unit.content.content_makers import CLUSTER, REQUIRED, make_source

FLAG = re.compile(
    r"^(?:confidentiality_cleared[ ]*:[ ]+true|保密审查通过[ ]*:[ ]+(?:true|是))[ ]*(?:[ ]#.*)?\r?$".encode(), re.M
)

UNCLEARED = f"---\n{REQUIRED.replace('true', 'false')}summary: 概述 true 是\ndraft: false\n---\n正文 true 是。\n"
PIECES = [
    "---\n", "--- \n", "...\n", "title: 通知\n", "date: 2024-05-06\n", "unit: sfj\n", "category: notice\n",
    "confidentiality_cleared: true\n", "confidentiality_cleared: false\n", "confidentiality_cleared:\n", "  true\n",
    "保密审查通过: 是\n", "保密审查通过: 否\n", "保密审查通过：是\n", '"confidentiality_cleared": true\n',
    "? confidentiality_cleared\n", ": true\n", "{confidentiality_cleared: true}\n", "summary: |\n",
    "  confidentiality_cleared: true\n", "# confidentiality_cleared: true\n", "<<: *a\n", "&a\n", "\r\n", "\ufeff",
    "\u2028", "\x85", "\0", "\t", " ", "'", '"', "[", "]", "{", "}", "draft: true\n", "正文\n",
]  # fmt: skip


@st.composite
def headers(draw: st.DrawFn) -> str:
    """A header that lacks nothing but the flag, into which a few pieces were glued: pieces alone are never an item."""
    lines = ["title: 通知\n", "date: 2024-05-06\n", "unit: sfj\n", "category: notice\n"]
    flags = [piece for piece in PIECES if "cleared" in piece or "保密" in piece]
    pieces = draw(st.lists(st.sampled_from(flags), min_size=1, max_size=2)) + draw(
        st.lists(st.sampled_from(PIECES), max_size=2)
    )
    for piece in pieces:
        lines.insert(draw(st.integers(0, len(lines))), piece)
    return f"---\n{''.join(lines)}---\n正文\n"


def sources() -> st.SearchStrategy[bytes]:
    """Bytes, pieces, and what is nearly an item."""
    pieces = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
    return st.one_of(st.binary(max_size=400), pieces.map(str.encode), headers().map(str.encode))


def cleared(raw: bytes) -> bool:
    """Whether the bytes make an item that the gate may pass."""
    item = parse_item(make_source(), raw, CLUSTER).item
    return item is not None and item.confidentiality_cleared and not item.draft


@given(st.binary(max_size=400))
@example(b"\xff\xfe-\0-\0-\0\n\0")
@example(b"---\n" + b"a" * 70_000)
def test_any_bytes_neither_raise_nor_clear(raw: bytes) -> None:
    """Bytes make an item cleared only where the flag stands in them, on a line of its own."""
    if cleared(raw):
        assert FLAG.search(raw)


@settings(max_examples=400)
@given(st.one_of(headers(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)))
@example(f"---\n{REQUIRED}---\n")
@example("---\n\ufeffconfidentiality_cleared: true\ntitle: 通知\ndate: 2024-05-06\nunit: sfj\ncategory: notice\n---\n")
def test_shuffled_pieces_clear_only_with_the_flag(text: str) -> None:
    """However headers are cut and glued, an item is cleared only by the flag's own line."""
    if cleared(text.encode()):
        assert FLAG.search(text.encode())


@settings(max_examples=400)
@given(sources())
@example("---\n标题: 题\n---\n正文".encode("gb18030"))
@example("---\n标题: 题\n---\n正文".encode("utf-16"))
@example(b"---\na: b\n---\n" + b"a\n" * MAX_SOURCE_BYTES)
def test_what_the_audit_knows_of_a_source_is_what_was_parsed(raw: bytes) -> None:
    """The text that is looked for when the item is withheld, however faulty: front matter and body, all of it."""
    parsed = parse_item(make_source(), raw, CLUSTER)
    assert source_parts(raw) == (parsed.front_text, parsed.body)


@settings(max_examples=600)
@given(
    st.integers(0, len(UNCLEARED) - 1),
    st.sampled_from(["", *"true是:：\n\r\t #-'\"[]{}&*!?|>\ufeff\u2028\x85\0x"]),
    st.booleans(),
)
def test_one_changed_character_clears_nothing(at: int, character: str, insert: bool) -> None:
    """A slip of the finger anywhere in an uncleared item does not clear it: ``false`` is more than one away."""
    text = UNCLEARED[:at] + character + UNCLEARED[at if insert else at + 1 :]
    assert not cleared(text.encode())


@given(st.integers(0, len(f"---\n{REQUIRED}---\n") - 1), st.characters(codec="utf-8"))
def test_one_changed_character_never_doubles_as_the_flag(at: int, character: str) -> None:
    """In a cleared item a changed character leaves the flag's line literal, or the item withheld."""
    text = f"---\n{REQUIRED}---\n"
    raw = (text[:at] + character + text[at + 1 :]).encode()
    if cleared(raw):
        assert FLAG.search(raw)


@given(st.text(max_size=300))
def test_any_body_leaves_the_flag_alone(body: str) -> None:
    """Nothing in the body clears an item whose front matter says false."""
    text = f"---\n{REQUIRED.replace('true', 'false')}---\n{body}"
    assert not cleared(text.encode("utf-8", "surrogatepass"))


@given(sources())
@example(b"---\n--- \n\0")
def test_a_withheld_item_keeps_its_text_for_the_audit(raw: bytes) -> None:
    """Whatever cannot be told apart into front matter and body is body."""
    parsed = parse_item(make_source(), raw, CLUSTER)
    if parsed.item is not None:
        return
    assert parsed.diagnostics
    if raw.isascii() and b"\r" not in raw:
        said, kept = (
            re.sub("(?m)^--- +$", "---", text)  # the spaces behind a fence are nobody's
            for text in (raw.decode(), f"---\n{parsed.front_text}---\n{parsed.body}")
        )
        assert said.rstrip() in kept or raw.decode() == parsed.body
