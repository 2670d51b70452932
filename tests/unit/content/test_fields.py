"""The reader that other stages use for their own YAML."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from generator.content.fields import Fields, load_yaml, read_yaml
from generator.content.values import Reader
from generator.model import SHANGHAI


def fields(text: str, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> Fields:
    document = read_yaml(text.encode(), "sites/x.yml")
    assert document.diagnostics == ()
    return Fields(Reader("sites/x.yml"), document.root, required=required, optional=optional)


def test_values_are_read_by_the_type_that_is_asked_for() -> None:
    """One scalar may be text or a date: the caller says, not its look."""
    found = fields(
        "a: 2024-05-06\nb: [x, y]\nc: true\nd: {e: 1}\nf: 2024-05-06 09:30\n", optional=("a", "b", "c", "d", "f", "g")
    )
    assert found.line("a") == "2024-05-06"
    assert found.day("a") == date(2024, 5, 6)
    assert found.lines("b") == ("x", "y")
    assert found.flag("c") is True
    assert found.moment("f") == datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)
    inner = found.inner("d", required=("e",))
    assert inner is not None
    assert inner.line("e") == "1"
    assert found.line("g", "default") == "default"
    assert found.inner("g") is None
    assert found.members("g") == []
    assert found.reader.found == []


def test_wrong_values_fall_to_the_default_with_a_fault() -> None:
    """Every fault is taken down; none stops the reading."""
    found = fields("a: [1]\nb: x\nc: yes\nz: 1\n", required=("a", "b", "c", "y"))
    assert found.line("a", "default") == "default"
    assert found.lines("b") == ()
    assert found.flag("c") is False
    assert sorted(one.code for one in found.reader.found) == [
        "flag-type",
        "key-missing",
        "key-unknown-here",
        "value-not-list",
        "value-not-text",
    ]


def test_needed_text_may_not_be_empty() -> None:
    """A required key without a value is a fault at its value."""
    found = fields("a:\nb: ''\n", required=("a", "b"))
    assert (found.needed("a"), found.needed("b")) == ("", "")
    assert [(one.code, one.line) for one in found.reader.found] == [("value-empty", 1), ("value-empty", 2)]


def test_missing_file_is_a_diagnostic(tmp_path: Path) -> None:
    """The caller collects it with the faults of other files."""
    document = load_yaml(tmp_path / "x.yml", "sites/x.yml")
    assert document.root is None
    assert [(one.code, one.path) for one in document.diagnostics] == [("definition-missing", "sites/x.yml")]
