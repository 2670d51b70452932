"""What an author did wrong, as data: located, coded, totally ordered.

A ``Diagnostic`` carries a code and parameters, never prose: the text in each
language comes from the one catalogue in ``generator.messages``. Parameters
never quote the value of a front-matter key or a sentence of an item, since the
item may be withheld.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from generator.messages import message

Severity = Literal["error", "warning"]


class Diagnostic(msgspec.Struct, frozen=True, order=True):
    """One fault or warning at one place.

    Attributes:
        path: logical path: ``content/<unit>/…``, ``sites/…`` or ``themes/…``; the
            command line replaces the first part by the folder that was given.
        line: counted from 1; 0 when the fault is of the whole file.
        column: in characters from 1; 0 when the fault is of the whole line.
        code: a stable identifier from ``generator.messages``.
        severity: an ``error`` makes the exit status 1, a ``warning`` does not.
        params: name and text of each value that the message speaks of.
    """

    path: str
    line: int
    column: int
    code: str
    severity: Severity = "error"
    params: tuple[tuple[str, str], ...] = ()

    def text(self, language: str = "zh") -> str:
        """The message in ``zh`` or ``en``."""
        return message(self.code).text(language, dict(self.params))

    def hint(self, language: str = "zh") -> str:
        """How to mend it, in ``zh`` or ``en``."""
        return message(self.code).hint(language, dict(self.params))

    def format(self, language: str = "zh", path: str | None = None) -> str:
        """One line: ``path:line:column: error[code]: message  提示：hint``."""
        place = ":".join(str(part) for part in (path or self.path, self.line, self.column) if part != 0)
        mark = "提示：" if language == "zh" else "hint: "
        return f"{place}: {self.severity}[{self.code}]: {self.text(language)}  {mark}{self.hint(language)}"


def diagnostic(
    code: str, path: str, line: int = 0, column: int = 0, *, severity: Severity = "error", **params: object
) -> Diagnostic:
    """Make a ``Diagnostic``; its parameters are given by name."""
    pairs = tuple(sorted((name, str(value)) for name, value in params.items()))
    return Diagnostic(path, line, column, code, severity, pairs)


def in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Every diagnostic once, in the order in which reports show them."""
    return tuple(sorted(set(found)))


def as_data(found: Diagnostic, path: str | None = None) -> Mapping[str, object]:
    """The diagnostic for ``--format json``: both languages, and the parameters."""
    return {
        "path": path or found.path,
        "line": found.line,
        "column": found.column,
        "severity": found.severity,
        "code": found.code,
        "message": {"zh": found.text("zh"), "en": found.text("en")},
        "hint": {"zh": found.hint("zh"), "en": found.hint("en")},
        "params": dict(found.params),
    }
