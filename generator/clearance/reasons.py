"""Reasons of withdrawals, which tombstones show: what the negative list says of them. Pure.

``withdraw`` asks before it writes a reason down. But a file may be written by hand, and the list may be longer by
now; a withdrawal cannot be altered, so that its page is left out.
"""

from __future__ import annotations

from dataclasses import replace

from generator.clearance.gate import Screening
from generator.clearance.rules import Rules
from generator.clearance.screening import Hit, scan
from generator.clearance.withdrawals import Withdrawal
from generator.diagnostics import Diagnostic, Severity, diagnostic, in_order


def unfit(reason: str, item_id: str, rules: Rules) -> Hit | None:
    """The first match for which the reason must not be shown."""
    unit, category, _ = item_id.split("/") if item_id.count("/") == 2 else ("", "", "")
    return next(
        (hit for hit in scan(reason, rules.plan(unit, category), rules.allowed) if hit.severity == "block"), None
    )


def reason_fault(withdrawal: Withdrawal, rules: Rules, severity: Severity) -> Diagnostic | None:
    """That a tombstone of this withdrawal is not shown, and why."""
    hit = unfit(withdrawal.reason, withdrawal.item, rules) if withdrawal.tombstone else None
    if hit is None:
        return None
    return diagnostic(
        "withdrawal-reason", withdrawal.path, severity=severity, rule=hit.rule.id, masked=hit.match.masked
    )


def without_unfit(screening: Screening, rules: Rules) -> Screening:
    """The same without tombstones that the negative list blocks, each told."""
    told = [reason_fault(one, rules, "warning") for one in screening.evidence.withdrawals]
    faults = [one for one in told if one is not None]
    if not faults:
        return screening
    stones = tuple(one for one in screening.tombstones if unfit(one.reason, one.id, rules) is None)
    return replace(screening, tombstones=stones, diagnostics=in_order([*screening.diagnostics, *faults]))
