"""What a build or a check found and did: the value that commands print."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.build.report import ReportHead
from generator.diagnostics import Diagnostic

if TYPE_CHECKING:
    from generator.clearance.audit import Leak
    from generator.clearance.gate import Screening


@dataclass(frozen=True)
class BuildResult:
    """One build. A check has no files and no report."""

    screening: Screening | None
    """``None`` when nothing had changed and nothing was screened again."""
    diagnostics: tuple[Diagnostic, ...]
    published: int
    withheld: Counter[str]
    """By verdict."""
    written: tuple[str, ...] = ()
    kept: int = 0
    deleted: tuple[str, ...] = ()
    read: int = 0
    """Items read; the others were remembered."""
    leaks: tuple[Leak, ...] = ()
    report: ReportHead | None = None
    reason: str = ""
    """Why the path of ``Settings.explain`` was written or kept."""
    seconds: dict[str, float] = field(default_factory=dict)
    made_of: tuple[object, ...] = field(default=(), repr=False, compare=False)
    """What else the build had in hand: a command that ends after it need not wait until it is taken apart."""

    @property
    def faults(self) -> int:
        """Diagnostics of severity ``error``."""
        return sum(one.severity == "error" for one in self.diagnostics)
