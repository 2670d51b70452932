"""The one catalogue of messages: code → text and hint, in Chinese and English.

Each stage keeps its own table in a module here (``messages/content.py`` …) named
in ``TABLES``; codes are stable once released and unique over all tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import NamedTuple

TABLES = (
    *("files", "content", "definitions", "clearance", "evidence", "render"),
    *("site", "search", "deploy", "targets"),
)


class Message(NamedTuple):
    """The texts of one code; ``{name}`` stands for a parameter."""

    zh: str
    en: str
    hint_zh: str
    hint_en: str

    def text(self, language: str, params: Mapping[str, str]) -> str:
        """The message in one language with its parameters filled in."""
        return (self.zh if language == "zh" else self.en).format_map(params)

    def hint(self, language: str, params: Mapping[str, str]) -> str:
        """The hint in one language with its parameters filled in."""
        return (self.hint_zh if language == "zh" else self.hint_en).format_map(params)


@cache
def catalogue() -> Mapping[str, Message]:
    """Every code with its texts; raises ``ValueError`` when two tables share a code."""
    merged: dict[str, Message] = {}
    for name in TABLES:
        table: Mapping[str, Message] = import_module(f"generator.messages.{name}").MESSAGES
        doubled = merged.keys() & table.keys()
        if doubled:
            raise ValueError(f"message codes in two tables: {sorted(doubled)}")
        merged.update(table)
    return merged


def message(code: str) -> Message:
    """The texts of ``code``; raises ``KeyError`` for a code in no table."""
    return catalogue()[code]
