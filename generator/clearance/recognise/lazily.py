"""Patterns that are compiled when they are first asked. Pure.

Those of names and of secrecy marks take a tenth of a second to compile, which every command would pay at its
start, and most texts hold no sign for which they are asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property


class Lazily:
    """What ``re.compile`` gives, as far as recognisers use it."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern)

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """As ``re.Pattern.search``."""
        return self._compiled.search(text, start, len(text) if end is None else end)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """As ``re.Pattern.match``."""
        return self._compiled.match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As ``re.Pattern.fullmatch``."""
        return self._compiled.fullmatch(text)

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """As ``re.Pattern.finditer``."""
        return self._compiled.finditer(text, start, len(text) if end is None else end)

    def findall(self, text: str) -> list[str]:
        """As ``re.Pattern.findall`` of a pattern without groups."""
        return self._compiled.findall(text)

    def sub(self, replacement: str, text: str) -> str:
        """As ``re.Pattern.sub``."""
        return self._compiled.sub(replacement, text)
