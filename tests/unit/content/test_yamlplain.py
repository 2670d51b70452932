"""The plainest YAML: read as libyaml reads it, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.content.yamlnodes import FRONT_MATTER, Limits, Mapping, Node, Scalar, parse_yaml
from generator.content.yamlplain import read_plain

WORDS = (
    "title",
    "日期",
    "a",
    "2024-05-06",
    "10:30",
    "关于",
    "null",
    "~",
    "：",
    "“",
    "。",
    "http://a.b/c?d",
    "12:",
    "%",
    "@",
)
SIGNS = (": ", ":", " ", "  ", "\n", "\n", "[", "]", ", ", ",", '"', "'", "#", " #", "(", "/", "-", "- ", "...", "---")
WHOLE = (
    "+",
    "_",
    "x: y",
    "[a, b]",
    '"a b"',
    "'a: b'",
    "a, b",
    "=",
    ";",
    "$",
    "\t",
    "\xa0",
    "\u3000",
    "\u2028",
    "?",
    "!",
)
PIECES = st.sampled_from((*WORDS, *SIGNS, *WHOLE))
LINES = st.lists(
    st.one_of(
        st.builds("{}: {}\n".format, st.sampled_from("abc标"), st.lists(PIECES, max_size=5).map("".join)),
        st.lists(PIECES, max_size=6).map("".join),
    ),
    max_size=5,
).map("".join)


def libyaml(text: str) -> dict[str, tuple[Scalar, Node]] | None:
    document = parse_yaml(text, "x.md", first_line=2, limits=FRONT_MATTER)
    if document.diagnostics or not isinstance(document.root, Mapping) or document.root.flow:
        return None
    return {key.value: (key, value) for key, value in document.root.entries}


@given(LINES)
@example("a: [b,c , d]\n")
@example("a: 'b'\nb: \"\"\n")
@example("a: b:c d\n")
def test_what_is_read_is_what_libyaml_reads(text: str) -> None:
    """The same keys, values, kinds and places, and never a text in which libyaml finds a fault."""
    found = read_plain(text, 2, FRONT_MATTER)
    assert found is None or found == libyaml(text)


@pytest.mark.parametrize(
    "text",
    [
        "title: 印发《办法》（试行），2024\ndate: 2024-05-06 09:30\nkeywords: [会见, 监狱 管理]\npinned: true\n",
        "title: \"关于：标题\"\nsource: 'A #1: B'\nsummary: 见 https://a.example/b,c%20d。\n",
    ],
)
def test_usual_front_matter_is_plain(text: str) -> None:
    """What nearly all items begin with needs no events."""
    found = read_plain(text, 2, FRONT_MATTER)
    assert found is not None
    assert found == libyaml(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "a: b", "a: 1\na: 2\n", "a: &x b\n", "a: *x\n", "a: !!str b\n", "<<: b\n", "a: b: c\n", "a: b #c\n"),
        *(
            "a: |\n  b\n",
            "a: {b: c}\n",
            "a: - b\n",
            "a: [b: c]\n",
            'a: "\\u202e"\n',
            "a: b\n c\n",
            "a:\tb\n",
            "---\na: b\n",
        ),
    ],
)
def test_anything_else_is_left_to_libyaml(text: str) -> None:
    """Anchors, tags, escapes, blocks, comments, keys written twice: none of them is guessed at."""
    assert read_plain(text, 2, FRONT_MATTER) is None


def test_limits_hold() -> None:
    """A text beyond the bounds is refused where it always was."""
    assert read_plain("a: b\n", 2, Limits(length=4)) is None
    assert read_plain("a: [b, c]\n", 2, Limits(nodes=4)) is None
    assert read_plain("a: [b, c]\n", 2, Limits(nodes=5)) is not None
    assert not parse_yaml("a: [b, c]\n", "x", limits=Limits(nodes=5)).diagnostics
    assert parse_yaml("a: [b, c]\n", "x", limits=Limits(nodes=4)).diagnostics
