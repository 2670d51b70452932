"""What an operator did wrong, as exceptions; and the exit codes.

GeneratorError
├── UsageError        a command line or a folder that cannot be used        (exit 2)
│   └── LockedError   another build or deploy holds the lock                (exit 2)
├── ConfigError       faults in ``sites/`` or ``themes/``, as diagnostics   (exit 2)
└── DeployRefused     a gate of the release says no                         (exit 4)

What an *author* did wrong is never an exception: it is a ``Diagnostic``.
Exceptions are caught once, in ``cli.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic


class ExitCode(IntEnum):
    """The exit status of every command."""

    FINE = 0
    CONTENT_FAULTS = 1
    USAGE = 2
    BUG = 3
    DEPLOY_REFUSED = 4
    INTERRUPTED = 130


class GeneratorError(Exception):
    """An operator fault: shown as its text, without a traceback."""

    exit_code = ExitCode.USAGE


class UsageError(GeneratorError):
    """An argument, a folder or the environment cannot be used as asked."""


class LockedError(UsageError):
    """Another process holds the lock of the folder."""


class ConfigError(GeneratorError):
    """The definitions or the theme are faulty; carries every fault found."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(f"{len(diagnostics)} configuration faults")
        self.diagnostics = tuple(diagnostics)


class DeployRefused(GeneratorError):
    """A gate before the release says no; each reason is one line."""

    exit_code = ExitCode.DEPLOY_REFUSED

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = tuple(reasons)
