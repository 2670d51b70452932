"""YAML as placed nodes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.content.yamlnodes import CONFIGURATION, FRONT_MATTER, Limits, Mapping, Scalar, Sequence, parse_yaml


def codes(text: str, limits: Limits = CONFIGURATION) -> list[str]:
    return [one.code for one in parse_yaml(text, "x.yml", limits=limits).diagnostics]


def test_places_count_characters_from_the_first_line() -> None:
    """Line and column are those an editor shows, Han counting one each."""
    root = parse_yaml("标题: 通知\n关键词: [会见, 监狱]\n", "x.md", first_line=2).root
    assert isinstance(root, Mapping)
    (title_key, title), (_, words) = root.entries
    assert (title_key.line, title_key.column) == (2, 1)
    assert isinstance(title, Scalar)
    assert (title.line, title.column) == (2, 5)
    assert isinstance(words, Sequence)
    assert [(one.line, one.column) for one in words.items] == [(3, 7), (3, 11)]


def test_scalars_stay_text() -> None:
    """Nothing is guessed: booleans, numbers and dates are what was written."""
    root = parse_yaml("a: no\nb: 010\nc: 2024-05-06\nd: 1e3\ne: ~\n", "x.yml").root
    assert isinstance(root, Mapping)
    values = [node for _, node in root.entries]
    assert all(isinstance(node, Scalar) for node in values)
    assert [node.value for node in values if isinstance(node, Scalar)] == ["no", "010", "2024-05-06", "1e3", "~"]


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_only_plain_nothing_is_absent(written: str) -> None:
    """A key without a value is absent; the same in quotes is text."""
    plain = parse_yaml(f"a: {written}\n", "x.yml").root
    quoted = parse_yaml(f"a: '{written}'\n", "x.yml").root
    assert isinstance(plain, Mapping)
    assert isinstance(quoted, Mapping)
    assert isinstance(plain.entries[0][1], Scalar)
    assert isinstance(quoted.entries[0][1], Scalar)
    assert plain.entries[0][1].absent
    assert not quoted.entries[0][1].absent


def test_every_duplicate_is_reported() -> None:
    """Doubled keys are found at every level, also on one line."""
    assert codes("a: 1\nb: {c: 1, c: 2}\na: 2\na: 3\n") == ["key-duplicate"] * 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\n", "yaml-anchor"),
        ("a: &x [1]\n", "yaml-anchor"),
        ("a: *x\n", "yaml-anchor"),
        ("<<: {a: 1}\n", "yaml-anchor"),
        ("a: !!int 1\n", "yaml-tag"),
        ("a: !x {}\n", "yaml-tag"),
        ("a: 1\n---\nb: 2\n", "yaml-documents"),
        ("a: 1\n...\n", "yaml-documents"),
        ("%YAML 1.1\n---\na: 1\n", "yaml-documents"),
        ("? [a]\n: 1\n", "yaml-key-type"),
        ("? {a: b}\n: 1\n", "yaml-key-type"),
        ("a: 'x\n", "yaml-unclosed"),
        ("a: [x\n", "yaml-unclosed"),
        ("a: {x: 1\nb: 2\n", "yaml-unclosed"),
        ("a: b: c\n", "yaml-colon"),
        ("a: @b\n", "yaml-start"),
        ('a: "\\q"\n', "yaml-escape"),
        ("a: 1\n b: 2\n", "yaml-colon"),
        ("a:\n- 1\n b\n: c\n", "yaml-syntax"),
        ("a: x\x01\n", "yaml-character"),
    ],
)
def test_what_could_surprise_is_refused(text: str, code: str) -> None:
    """Each construct that is more than mappings, lists and scalars has its own code."""
    assert codes(text)[-1] == code


def test_limits_stop_reading() -> None:
    """Length, depth and number of values are bounded, each with its code."""
    assert codes("a: 1\n", Limits(length=3)) == ["yaml-too-long"]
    assert codes("[[[[1]]]]", Limits(depth=3)) == ["yaml-too-deep"]
    assert codes("[1, 2, 3]", Limits(nodes=2)) == ["yaml-too-many"]


def test_deep_nesting_within_length_does_not_recurse() -> None:
    """Sixty thousand brackets are refused at the limit, not by the interpreter's stack."""
    assert codes("[" * 60_000, FRONT_MATTER) == ["yaml-too-deep"]


@given(st.text(max_size=200))
def test_any_text_gives_nodes_or_faults(text: str) -> None:
    """No text raises; what is not empty and has no root has a fault."""
    document = parse_yaml(text, "x.yml", limits=FRONT_MATTER)
    assert document.root is None or not document.diagnostics or document.diagnostics[0].code == "key-duplicate"


@given(st.dictionaries(st.text("abc标题_", min_size=1), st.text("abc通知 :#'\"[]{}&*!", max_size=10), max_size=5))
def test_quoted_text_comes_back(values: dict[str, str]) -> None:
    """What stands in single quotes is read as it is."""
    text = "".join(f"'{key}': '{value.replace(chr(39), chr(39) * 2)}'\n" for key, value in values.items())
    root = parse_yaml(text, "x.yml").root
    found = {key.value: node.value for key, node in root.entries if isinstance(node, Scalar)} if values else {}  # type: ignore[union-attr]
    assert found == values
