"""The gates before anything moves: each says no with a stable code and a sentence. Pure.

A gate never repairs and never guesses. What the public has read may leave only on purpose
(invariant 6): by a withdrawal, a plain ``false``, an expiry or a deletion; everything else that
makes a live item vanish is named until somebody confirms it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from generator.build.report import BuildReport, hosts_of
from generator.deploy.parts import SEARCH, is_hashed
from generator.deploy.records import Record
from generator.deploy.tree import named
from generator.deploy.wording import Reason, reason
from generator.model import Cluster, Verdict

_ON_PURPOSE = frozenset({Verdict.WITHDRAWN, Verdict.UNCLEARED, Verdict.EXPIRED})


class Consent(Struct, frozen=True, kw_only=True):
    """What the operator has said yes to."""

    confirmed: frozenset[str] = frozenset()
    """Items that may vanish."""
    deletions: bool = False
    older: bool = False
    """A rollback releases an older state on purpose."""
    vanishing: bool = False
    """A rollback takes items away on purpose."""
    faults: bool = False
    """A rollback releases what was written then; what is faulty is withheld."""


def live_items(report: BuildReport) -> dict[str, tuple[str, ...]]:
    """The items that a build published, and the files that each owns under names of its own.

    An item's texts for snippets are named after their bytes: that they have other names is an edit, as it is when the
    page has other bytes. Only a page or an attachment that is no longer there has left.
    """
    return {
        item: tuple(path for path in one.files if not path.startswith(SEARCH))
        for item, one in sorted(report.items.items())
        if one.verdict == Verdict.PUBLISHED
    }


def vanished(report: BuildReport, last: Record) -> dict[str, str]:
    """Live items of the last release that are not in this build, and why: a verdict, or ``deleted``."""
    gone = {}
    for item in sorted(last.items):
        found = report.items.get(item)
        if found is None:
            gone[item] = "withdrawn" if item in report.withdrawn else "deleted"
        elif found.verdict != Verdict.PUBLISHED:
            gone[item] = found.verdict
    return gone


def check_build(report: BuildReport, now: datetime, consent: Consent) -> Iterator[Reason]:
    """Gates that need nothing but the build: the audit passed, nothing is faulty, and it is of today."""
    if not report.audit_passed:
        yield reason("deploy-audit")
    if report.faults and not consent.faults:
        yield reason("deploy-faults", count=report.faults)
    if report.now > now:
        yield reason("deploy-future", built=report.now.isoformat(timespec="seconds"))
    if report.next_change_at is not None and report.next_change_at <= now:
        yield reason("deploy-due", at=report.next_change_at.isoformat(timespec="seconds"))


def check_withdrawals(report: BuildReport, withdrawn: Iterable[str]) -> Iterator[Reason]:
    """No withdrawal may stand in the repository that the build did not know: it may bind more than its own item."""
    late = sorted(set(withdrawn) - report.withdrawn.keys())
    if late:
        yield reason("deploy-withdrawn", count=len(late), names=named(late))


def check_uncleared(items: Sequence[str]) -> Iterator[Reason]:
    """No item may be in the tree that its source, or the evidence, does not clear by now."""
    if items:
        yield reason("deploy-uncleared", count=len(items), names=named(list(items)))


def check_rules(report: BuildReport, digest: str) -> Iterator[Reason]:
    """What was let through by another negative list may hold what today's forbids."""
    if report.rules != digest:
        yield reason("deploy-rules")


def check_hosts(report: BuildReport, cluster: Cluster) -> Iterator[Reason]:
    """Pages that were built for other hosts than today's lead nowhere on these."""
    if report.hosts != hosts_of(cluster):
        yield reason("deploy-hosts", hosts="、".join(hosts_of(cluster).values()))


def check_last(report: BuildReport, last: Record, consent: Consent) -> Iterator[Reason]:
    """Gates against what is live: nothing older than it, and nothing vanished by accident."""
    if report.now < last.now and not consent.older:
        yield reason("deploy-older", built=_time(report.now), live=_time(last.now), release=last.release)
    if consent.vanishing:
        return
    gone = vanished(report, last)
    for item, why in gone.items():
        if why not in _ON_PURPOSE and why != "deleted" and item not in consent.confirmed:
            yield reason("deploy-vanished", item=item, verdict=why)
    stray = sorted(consent.confirmed - gone.keys() - report.withdrawn.keys())
    if stray:
        yield reason("deploy-confirm-stray", names=named(stray))


def check_deletions(before: Collection[str], after: Collection[str], cap: int, consent: Consent) -> Iterator[Reason]:
    """At most ``cap`` percent of the plain, public files of the last release may go."""
    old = {path for path in before if not is_hashed(path)}
    gone = old.difference(after)
    if old and not consent.deletions and len(gone) * 100 > cap * len(old):
        yield reason("deploy-deletions", gone=len(gone), of=len(old), cap=cap)


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
