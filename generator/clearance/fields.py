"""A record or a withdrawal as named values with their places: bytes → texts, lists and mappings. Pure.

Read as strictly as front matter (``content.yamlnodes``), and every scalar stays
text, so that nothing is guessed: ``no`` is no boolean, and a number keeps its zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from generator.content.decoding import steers
from generator.content.fields import read_yaml
from generator.content.yamlnodes import Mapping, Node, Scalar
from generator.diagnostics import Diagnostic, diagnostic

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

Value: TypeAlias = "str | list[Any] | dict[str, Any]"


@dataclass(frozen=True)
class Fields:
    """A mapping that was read, with line and column of each top-level key."""

    path: str
    values: dict[str, Value]
    places: dict[str, tuple[int, int]]

    def text(self, key: str) -> str:
        """The text of ``key``; empty when it is absent, blank or no text."""
        value = self.values.get(key)
        return value.strip() if isinstance(value, str) else ""

    def fault(self, code: str, key: str = "", **params: str) -> Diagnostic:
        """A diagnostic at ``key``."""
        line, column = self.places.get(key, (1, 1))
        return diagnostic(code, self.path, line, column, severity="error", key=key, **params)


def parse_fields(raw: bytes, path: str) -> Fields | tuple[Diagnostic, ...]:
    """Read a mapping, or say where and why it cannot be read."""
    document = read_yaml(raw, path)
    faults = tuple(one for one in document.diagnostics if one.severity == "error")
    if faults or not isinstance(document.root, Mapping):
        return faults or (diagnostic("evidence-syntax", path, 1, 1),)
    fields = Fields(
        path=path,
        values={key.value: _value(node) for key, node in document.root.entries},
        places={key.value: (key.line, key.column) for key, _ in document.root.entries},
    )
    # Written as escapes they are no characters of the file: a terminal on which it is told would be steered by them.
    steering = [key for key, value in fields.values.items() if steers(key) or any(map(steers, _texts(value)))]
    return tuple(fields.fault("evidence-character", key) for key in steering) or fields


def parse_day(value: object) -> date | None:
    """A day written ``YYYY-MM-DD``, and nothing else."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        return
    for one in (*value, *value.values()) if isinstance(value, dict) else value:
        yield from _texts(one)


def _value(node: Node) -> Value:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key.value: _value(one) for key, one in node.entries}
    return [_value(one) for one in node.items]
