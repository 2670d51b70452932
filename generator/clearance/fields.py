"""A strict reader for our own small YAML files: bytes → named values with their places. Pure.

Every scalar stays text, so nothing is guessed (``no`` is not a boolean, a number
with leading zeros keeps them). Duplicate keys, anchors, tags and anything that is
not a mapping of text, lists and mappings is a fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import yaml

from generator.diagnostics import Diagnostic, diagnostic

MAX_BYTES = 256 * 1024

Value: TypeAlias = "str | list[Any] | dict[str, Any]"

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
        line, column = self.places.get(key.partition(".")[0], (1, 1))
        return diagnostic(code, self.path, line, column, severity="error", key=key, **params)


class _Refused(Exception):
    def __init__(self, reason: str, mark: Any) -> None:
        super().__init__(reason)
        self.line = mark.line + 1 if mark else 1
        self.column = mark.column + 1 if mark else 1


def parse_fields(raw: bytes, path: str) -> Fields | Diagnostic:
    """Read a mapping, or say where and why it cannot be read."""
    if len(raw) > MAX_BYTES:
        return diagnostic("evidence-syntax", path, 1, 1, reason="too large")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return diagnostic("evidence-syntax", path, 1, 1, reason="not UTF-8")
    try:
        _refuse_references(text)
        node = yaml.compose(text, Loader=_Loader)
        if not isinstance(node, yaml.MappingNode):
            raise _Refused("not a mapping", node.start_mark if node else None)
        values = _mapping(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return diagnostic("evidence-syntax", path, line, column, reason="not YAML")
    except (yaml.YAMLError, RecursionError):
        return diagnostic("evidence-syntax", path, 1, 1, reason="not YAML")
    except _Refused as error:
        return diagnostic("evidence-syntax", path, error.line, error.column, reason=str(error))
    places = {str(key.value): (key.start_mark.line + 1, key.start_mark.column + 1) for key, _ in node.value}
    return Fields(path, values, places)


def parse_day(value: object) -> date | None:
    """A day written ``YYYY-MM-DD``, and nothing else."""
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _refuse_references(text: str) -> None:
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _Refused("anchor, alias or tag", event.start_mark)


def _mapping(node: yaml.MappingNode) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _Refused("a key that is no text", key.start_mark)
        if key.value in found:
            raise _Refused("a key written twice", key.start_mark)
        found[key.value] = _value(value)
    return found


def _value(node: yaml.Node) -> Value:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node)
    raise _Refused("an unknown kind of value", node.start_mark)
