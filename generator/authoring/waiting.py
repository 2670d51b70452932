"""What waits for clearance, for whom, since when: screening → list. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from generator.authoring.clearing import matching
from generator.clearance.evidence import Evidence
from generator.clearance.gate import Screening
from generator.clearance.records import ROLE_NAMES, ROLES
from generator.model import Cluster, Verdict, WithheldItem

_EDITOR = "编辑（承办人）"
_DAMAGED = ("查清损坏的审查记录（make check）", _EDITOR)
"""Another record beside it changes nothing."""


class Waiting(NamedTuple):
    """One item that is on its way to the public."""

    since: date | None
    """Day of its last change; ``None`` when nobody knows."""
    item: str
    what: str
    """What has to happen."""
    whom: str
    """Who has to do it."""


def waiting(
    screening: Screening, evidence: Evidence, cluster: Cluster, changed: Mapping[str, date], unit: str = ""
) -> tuple[Waiting, ...]:
    """Items that wait for somebody, the longest first.

    ``changed`` is the day of the last change of each source, by path. Drafts, and what is
    expired, withdrawn or refused, wait for nobody.
    """
    found = []
    suspect = {one.path for one in screening.diagnostics if one.code == "record-suspect"}
    for one in screening.withheld:
        if unit and not one.id.startswith(f"{unit}/"):
            continue
        damaged = f"content/{one.path}" in suspect
        step = _DAMAGED if damaged else _next_step(one, evidence, cluster)
        if step is not None:
            found.append(Waiting(changed.get(one.path), one.id, *step))
    return tuple(sorted(found, key=lambda one: (one.since or date.max, one.item)))


def _next_step(one: WithheldItem, evidence: Evidence, cluster: Cluster) -> tuple[str, str] | None:
    item = one.facts.item
    match one.verdict:
        case Verdict.UNCLEARED:
            return None if item is None or item.draft else ("送保密审查", _EDITOR)
        case Verdict.NO_RECORD:
            return _unsigned(one, evidence, cluster) or ("保密审查并写出记录（clear）", "、".join(ROLE_NAMES.values()))
        case Verdict.VOID:
            return ("内容已改，重新审查（clear）", "、".join(ROLE_NAMES.values()))
        case Verdict.BLOCKED | Verdict.FAULTY:
            return ("改正检查发现的问题（make check）", _EDITOR)
        case Verdict.GROUP:
            return ("等同组条目", _EDITOR)
        case _:
            return None


def _unsigned(one: WithheldItem, evidence: Evidence, cluster: Cluster) -> tuple[str, str] | None:
    record = matching(one.facts, evidence)
    policies = {unit.id: unit.clearance for unit in cluster.units}
    if record is None or policies.get(one.id.partition("/")[0]) != "signed":
        return None
    missing = [f"{ROLE_NAMES[role]} {record.steps[role].by}" for role in ROLES if role not in record.signed_by]
    return ("在审查记录上签名（clear --sign）", "、".join(missing)) if missing else None
