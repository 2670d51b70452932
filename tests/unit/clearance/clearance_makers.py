"""Makers of items, facts and records for the tests of the gate."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from generator.clearance import records, withdrawals
from generator.clearance.digests import combine, item_parts, text_digest
from generator.clearance.evidence import Evidence, EvidenceFile, parse_evidence
from generator.clearance.records import Record, Step
from generator.clearance.withdrawals import Withdrawal
from generator.model import AttachmentFacts, AttachmentRef, Cluster, Item, ItemFacts, Unit

ZONE = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 24, 12, tzinfo=ZONE)
BODY = "为了规范罪犯减刑案件的提请程序，现将有关事项公示如下，公示期五个工作日。\n"


def make_item(item_id: str = "jyglj/notice/gongshi", **changes: Any) -> Item:
    unit, category, slug = item_id.split("/")
    values: dict[str, Any] = {
        "id": item_id,
        "path": f"{item_id}.md",
        "unit": unit,
        "category": category,
        "slug": slug,
        "title": "减刑建议公示",
        "date": datetime(2026, 11, 20, tzinfo=ZONE),
        "confidentiality_cleared": True,
        "lines": "confidentiality_cleared:5:26",
    }
    return Item(**(values | changes))


def make_facts(
    item: Item | None = None, body: str = BODY, files: dict[str, str] | None = None, **changes: Any
) -> ItemFacts:
    item = item or make_item()
    refs = tuple(AttachmentRef(name=name, safe_name=name, title=name, line=9, column=5) for name in files or {})
    item = Item(**{name: getattr(item, name) for name in item.__struct_fields__} | {"attachments": refs})
    text = text_digest(body)
    values: dict[str, Any] = {
        "id": item.id,
        "path": item.path,
        "item": item,
        "digest": combine(item_parts(item, text)),
        "text_digest": text,
        "attachments": tuple(
            AttachmentFacts(
                name=name, safe_name=name, title=name, kind="pdf", size=1, sha256=digest, published_sha256=digest
            )
            for name, digest in (files or {}).items()
        ),
    }
    return ItemFacts(**(values | changes))


def make_record(facts: ItemFacts, **changes: Any) -> Record:
    assert facts.item is not None
    values: dict[str, Any] = {
        "path": "",
        "number": "jyglj-2026-0001",
        "item": facts.id,
        "drafter": Step(by="张三", date=date(2026, 11, 17)),
        "department": Step(by="李四", date=date(2026, 11, 17), opinion="同意公开"),
        "secrecy": Step(by="王五", date=date(2026, 11, 18), opinion="不涉密"),
        "approver": Step(by="赵六", date=date(2026, 11, 19)),
        "basis": "《中华人民共和国政府信息公开条例》第二十条",
        "conclusion": "同意公开",
        "parts": item_parts(facts.item, facts.text_digest),
        "attachments": {one.name: one.sha256 for one in facts.attachments},
    }
    return Record(**(values | changes))


def record_file(record: Record) -> EvidenceFile:
    raw = records.format_record(record)
    unit, _, slug = record.item.split("/")
    return EvidenceFile(unit, records.FOLDER, records.record_name(slug, raw), raw)


def make_withdrawal(facts: ItemFacts, **changes: Any) -> Withdrawal:
    values: dict[str, Any] = {
        "path": "",
        "number": "jyglj-w-2026-01",
        "item": facts.id,
        "withdrawn_on": date(2026, 11, 23),
        "by": "赵六",
        "reason": "处罚决定被依法撤销",
        "tombstone": False,
        "body": facts.text_digest,
        "attachments": tuple(one.sha256 for one in facts.attachments),
    }
    return Withdrawal(**(values | changes))


def withdrawal_file(withdrawal: Withdrawal) -> EvidenceFile:
    raw = withdrawals.format_withdrawal(withdrawal)
    unit, _, slug = withdrawal.item.split("/")
    return EvidenceFile(unit, withdrawals.FOLDER, withdrawals.withdrawal_name(slug, withdrawal.withdrawn_on, raw), raw)


def make_evidence(*files: EvidenceFile | Record | Withdrawal) -> Evidence:
    def as_file(one: EvidenceFile | Record | Withdrawal) -> EvidenceFile:
        if isinstance(one, Record):
            return record_file(one)
        return withdrawal_file(one) if isinstance(one, Withdrawal) else one

    return parse_evidence(as_file(one) for one in files)


def make_cluster(policy: str = "flag", unit: str = "jyglj") -> Cluster:
    return Cluster(
        name="示例",
        base_url="https://x.example/",
        units=(Unit(id=unit, name="监狱管理局", short_name="监狱局", kind="administration", clearance=policy),),
    )
