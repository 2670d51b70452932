"""Nodes → typed values, each with exact faults; shared by items and definitions. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Mapping as Table
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Any

from generator.content.decoding import steers
from generator.content.names import folded, nearest
from generator.content.yamlnodes import Mapping, Node, Scalar, Sequence
from generator.diagnostics import Diagnostic, Severity, diagnostic
from generator.model import SHANGHAI

MAX_LINE = 500
MAX_TEXT = 5_000
MAX_ITEMS = 500

_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[ T](?P<time>\d{2}:\d{2}(?::\d{2})?)(?P<offset>Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
_ALMOST = re.compile(
    r"\s*\d{4}\s*[-/.年—–－]\s*\d{1,2}\s*[-/.月—–－]\s*\d{1,2}\s*日?.*|\d{8}|\d{4}-\d{2}-\d{2}.*", re.DOTALL
)
_NUMBER = re.compile("[0-9]{1,9}")
_PARTING = frozenset("，、")
"""What input methods write for the comma of a list."""
_OFFSETS = frozenset({None, "+08:00", "+0800"})
_YEARS = range(1900, 2200)


class Reader:
    """Takes values out of nodes and collects what is wrong with them.

    Every method gives the value, or ``None`` after it has taken down a fault at
    the node; ``label`` is the name of the key as the message shows it. Values
    are never quoted.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Diagnostic] = []

    def fault(
        self, code: str, node: Scalar | Sequence | Mapping, *, severity: Severity = "error", **params: Any
    ) -> None:
        """Take down a fault at ``node``."""
        self.found.append(diagnostic(code, self.path, node.line, node.column, severity=severity, **params))

    def text(self, node: Node, label: str, limit: int = MAX_TEXT) -> str | None:
        """Text, perhaps of several lines, without white space around it."""
        if not isinstance(node, Scalar):
            self.fault("value-not-text", node, key=label)
            return None
        value = node.value.strip()
        if not value or node.absent:
            self.fault("value-empty", node, key=label)
            return None
        if len(value) > limit:
            self.fault("value-too-long", node, key=label, limit=limit)
            return None
        if not node.plain and steers(value):
            self.fault("value-characters", node, key=label)
            return None
        return value

    def line(self, node: Node, label: str, limit: int = MAX_LINE) -> str | None:
        """Text of one line."""
        value = self.text(node, label, limit)
        if value is not None and "\n" in value:
            self.fault("value-not-one-line", node, key=label)
            return None
        return value

    def sequence(self, node: Node, label: str, limit: int = MAX_ITEMS) -> list[Node] | None:
        """The members of a list, at most ``limit``."""
        if not isinstance(node, Sequence):
            self.fault("value-not-list", node, key=label)
            return None
        if len(node.items) > limit:
            self.fault("list-too-long", node, key=label, limit=limit)
            return None
        return node.items

    def lines(self, node: Node, label: str) -> tuple[str, ...] | None:
        """A list of one-line texts; a member written twice, or like several, is a warning and counts once."""
        members = self.sequence(node, label)
        if members is None:
            return None
        values: dict[str, None] = {}
        for member in members:
            value = self.line(member, label)
            if value is None:
                continue
            if value in values:
                self.fault("list-duplicate", member, severity="warning", key=label)
            elif isinstance(member, Scalar) and not _PARTING.isdisjoint(value):
                self.fault("list-parted", member, severity="warning", key=label)
            values[value] = None
        return tuple(values)

    def choice(self, node: Node, label: str, choices: Table[str, str]) -> str | None:
        """One of the spellings in ``choices``, as the value that it stands for."""
        value = self.line(node, label)
        if value is None:
            return None
        if value not in choices:
            shown = {folded(spelling): spelling for spelling in reversed(list(choices))}
            self.fault("value-choice", node, key=label, choices="、".join(reversed(list(shown.values()))))
            return None
        return choices[value]

    def number(self, node: Node, label: str, among: range) -> int | None:
        """A whole number in digits, of a range."""
        value = self.line(node, label)
        if value is None:
            return None
        if _NUMBER.fullmatch(value) is None or int(value) not in among:
            self.fault("number-range", node, key=label, least=among.start, most=among.stop - 1)
            return None
        return int(value)

    def flag(self, node: Node, label: str, *, han: bool, code: str = "flag-type") -> bool | None:
        """A boolean: plain ``true`` or ``false``; under a Chinese key also plain ``是`` or ``否``."""
        if isinstance(node, Scalar) and node.plain:
            if node.value == "true" or (han and node.value == "是"):
                return True
            if node.value == "false" or (han and node.value == "否"):
                return False
        self.fault(code, node, key=label)
        return None

    def moment(self, node: Node, label: str, *, end: bool = False) -> datetime | None:
        """A day or a moment in Shanghai; a bare day is its 00:00, or with ``end`` the 00:00 after it."""
        value = self.line(node, label)
        if value is None:
            return None
        match = _MOMENT.fullmatch(value)
        if match is None:
            self.fault("date-format" if _ALMOST.fullmatch(value) else "date-type", node, key=label)
            return None
        if match["offset"] not in _OFFSETS:
            self.fault("date-offset", node, key=label)
            return None
        try:
            found = datetime.fromisoformat(f"{match['day']}T{match['time'] or '00:00'}").replace(tzinfo=SHANGHAI)
        except ValueError:
            self.fault("date-impossible", node, key=label)
            return None
        if found.year not in _YEARS:
            self.fault("date-range", node, key=label, first=_YEARS.start, last=_YEARS.stop - 1)
            return None
        return found + timedelta(days=1) if end and match["time"] is None else found

    def day(self, node: Node, label: str) -> Day | None:
        """A day; a time behind it is read and let go."""
        found = self.moment(node, label)
        return found.date() if found is not None else None

    def unknown_key(self, key: Scalar, known: Collection[str]) -> str | None:
        """Take down a key that nobody knows, unquoted; gives the one that was most likely meant."""
        near = nearest(key.value, known)
        if near is None:
            self.fault("key-unknown-here", key, keys="、".join(known))
        else:
            self.fault("key-misspelt", key, near=near)
        return near
