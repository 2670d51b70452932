"""The register of clearance (保密审查台账): records of a period → CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Set
from datetime import date

from generator.clearance.digests import attachment_digests
from generator.clearance.evidence import Evidence
from generator.clearance.records import ROLE_NAMES, Record, decided
from generator.model import Cluster, ItemFacts

COLUMNS = (
    "编号",
    "单位",
    "条目",
    "标题",
    *(
        f"{name}{what}"
        for role, name in ROLE_NAMES.items()
        for what in (("", "日期", "意见") if role in ("department", "secrecy") else ("", "日期"))
    ),
    "审查依据",
    "审查结论",
    "附件数",
    "人工阅读附件",
    "签名",
    "现状",
    "记录文件",
)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def register(
    evidence: Evidence, facts: Mapping[str, ItemFacts], cluster: Cluster, *, first: date, last: date, unit: str = ""
) -> bytes:
    """CSV with a byte order mark, as spreadsheets in Chinese offices want it; rows in order of approval.

    ``first`` and ``last`` are days of approval, both included. Titles stand only beside
    records of which the item is still what was cleared.
    """
    names = {one.id: one.name for one in cluster.units}
    signing = {one.id for one in cluster.units if one.clearance == "signed"}
    rows = [
        _row(record, facts.get(record.item), names, evidence, signing)
        for of_item in evidence.records.values()
        for record in of_item
        if first <= record.approver.date <= last and unit in ("", record.item.partition("/")[0])
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(cell) for cell in row] for _, row in sorted(rows))
    return out.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _row(
    record: Record, facts: ItemFacts | None, names: Mapping[str, str], evidence: Evidence, signing: Set[str]
) -> tuple[tuple[date, str], list[str]]:
    unit = record.item.partition("/")[0]
    current = _state(record, facts, evidence, signed=unit in signing)
    title = facts.item.title if facts and facts.item and current == "有效" else ""
    cells = [record.number, names.get(unit, unit), record.item, title]
    for role, step in record.steps.items():
        cells += [step.by, step.date.isoformat()]
        if role in ("department", "secrecy"):
            cells.append(step.opinion)
    cells += [record.basis, record.conclusion, str(len(record.attachments))]
    cells += ["；".join(f"{one.name}（{one.by}）" for one in record.attested)]
    cells += ["、".join(ROLE_NAMES[role] for role in record.signed_by), current, record.path]
    return (record.approver.date, record.path), cells


def _state(record: Record, facts: ItemFacts | None, evidence: Evidence, *, signed: bool) -> str:
    if any(one.item == record.item for one in evidence.withdrawals):
        return "已撤回"
    if facts is None:
        return "条目已移走或删除"
    attachments = attachment_digests(facts)
    over = [
        one
        for one in evidence.records.get(record.item, ())
        if one.digest == facts.digest and one.attachments == attachments
    ]
    if record not in over:
        return "内容已改，失效"
    if max(over, key=decided) != record:
        return "已有后来的决定"
    if not record.passes:
        return "不公开"
    return "签名不全" if signed and not record.is_signed else "有效"


def known_items(facts: Iterable[ItemFacts]) -> dict[str, ItemFacts]:
    """Facts by item id."""
    return {one.id: one for one in facts}
