"""One rule of the negative list, as a value. Pure."""

from __future__ import annotations

from datetime import date as Day

from msgspec import Struct


class Scope(Struct, frozen=True, kw_only=True):
    """Where a rule holds; an empty tuple means everywhere."""

    units: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """Front-matter keys, ``body`` and ``file-name``."""
    attachments: bool = True
    """Whether it also holds in the text and the names of attachments."""

    def holds(self, unit: str, category: str) -> bool:
        """Whether the rule holds for items of that unit and category."""
        return (not self.units or unit in self.units) and (not self.categories or category in self.categories)


class Rule(Struct, frozen=True, kw_only=True):
    """One rule of the list; ``kind`` says which of ``terms``, ``pattern`` and ``recogniser`` is set."""

    id: str
    kind: str
    """``term``, ``regex``, ``category`` or ``recogniser``."""
    basis: str
    severity: str
    review: Day
    """After this day the list is overdue for review."""
    scope: Scope = Scope()
    terms: tuple[str, ...] = ()
    """``term``: the words; ``regex``: if any are given, only texts with one of them are searched."""
    pattern: str = ""
    recogniser: str = ""
    line: int = 0
    column: int = 0
