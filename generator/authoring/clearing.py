"""Clearing: an item and what four persons say of it → a clearance record. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from generator.authoring.numbering import marked, serial
from generator.clearance.digests import attachment_digests, item_parts
from generator.clearance.evidence import Evidence
from generator.clearance.records import (
    CONCLUSIONS,
    OPINION_ROLES,
    ROLE_NAMES,
    Attestation,
    Record,
    Step,
    decided,
    format_record,
    order_faults,
    parse_record,
    record_name,
)
from generator.diagnostics import Diagnostic, diagnostic
from generator.errors import UsageError
from generator.model import ItemFacts

_DATED = re.compile(
    r"(?:\d{4}\s*[-－–—年./]?\s*)?\d{1,2}\s*[-－–—月./]?\s*\d{1,2}\s*[日号]?(?:[ T]?[\d:]+)?\s*(?:[,，].*)?", re.DOTALL
)
"""What somebody wrote for a day: as an opinion it would be one of today, in a record that nobody can alter."""
_LATER_DAY = re.compile(r".*[,，]\s*\d{4}[-年./]\d{1,2}[-月./]\d{1,2}日?\s*(?:[,，].*)?", re.DOTALL)
"""A day behind a second name or an opinion: it would be lost in the opinion as well."""
_REFUSALS = frozenset({"record-refused", "record-refused-copy", "record-gone"})
_STEP = re.compile(r"\s*([^,，\s][^,，]*?)\s*(?:[,，]\s*(\d{4}-\d{2}-\d{2})\s*)?(?:[,，]\s*(.+?)\s*)?", re.DOTALL)


@dataclass(frozen=True)
class Decision:
    """What the four persons decided, of one item or of several alike."""

    steps: Mapping[str, Step]
    """By role."""
    basis: str
    conclusion: str
    attested: tuple[Attestation, ...] = ()
    republishes: str = ""


def parse_step(text: str, today: date, role: str) -> Step:
    """``姓名[,日期[,意见]]``: who acted in a role, when (today by default), and with which opinion.

    Raises ``UsageError`` for anything else.
    """
    match = _STEP.fullmatch(text)
    try:
        day = date.fromisoformat(match[2]) if match and match[2] else today
    except ValueError:
        match = None
    if match is None:
        raise UsageError(f"{ROLE_NAMES[role]}应写成“姓名[,日期[,意见]]”：{text}。Write NAME[,YYYY-MM-DD[,OPINION]].")
    opinion = match[3] or ""
    if _DATED.fullmatch(opinion):
        raise UsageError(f"{ROLE_NAMES[role]}的日期应写成 2026-11-17 的样子：{text}。Write the date as 2026-11-17.")
    if not match[2] and _LATER_DAY.fullmatch(opinion):
        raise UsageError(
            f"{ROLE_NAMES[role]}只写一个人，日期紧接在姓名之后：{text}。Write one person, the date next to the name."
        )
    if role in OPINION_ROLES and not opinion:
        raise UsageError(f"{ROLE_NAMES[role]}要写明意见（姓名,日期,意见）：{text}。The opinion is missing.")
    return Step(by=match[1], date=day, opinion=opinion)


def check_step(role: str, steps: Mapping[str, Step], today: date) -> None:
    """Raise ``UsageError`` when the last step does not go with those before it, while it can still be typed anew."""
    for code, faulty, params in order_faults(steps):
        if faulty == role:
            raise UsageError(diagnostic(code, "", 0, 0, severity="error", key=role, **params).text())
    if role == "approver" and steps[role].date > today:
        raise UsageError(f"批准日期还没有到：{steps[role].date}。The day of approval is to come.")


def parse_attestation(text: str) -> Attestation:
    """``文件名=姓名``: who read an attachment that no program can read."""
    name, equals, by = text.rpartition("=")
    if not equals or not name.strip() or not by.strip():
        raise UsageError(f"--attest 应写成“文件名=姓名”：{text}。Write FILE=NAME.")
    return Attestation(name=name.strip(), by=by.strip())


def check_attested(attested: Iterable[Attestation], items: Iterable[ItemFacts]) -> None:
    """Raise ``UsageError`` for a file that no item has: the one that was meant would stay unread."""
    names = [one.name for facts in items for one in facts.attachments]
    if strange := [one.name for one in attested if one.name not in names]:
        raise UsageError(
            f"--attest 所写的不是条目的附件：{'、'.join(strange)}；附件有：{'、'.join(names) or '无'}。"
            "--attest names no attachment of the item."
        )


def check_header(facts: ItemFacts) -> None:
    """Raise ``UsageError`` for an item that nothing can clear, before anybody is asked for anything."""
    if facts.item is None:
        raise UsageError(f"{facts.path}：头部有误，请先改正（make check）。Mend its front matter first.")


def check_effect(record: Record, diagnostics: Iterable[Diagnostic]) -> None:
    """Raise ``UsageError`` for a record that nothing could put right once it is written, or that changes nothing.

    Of several records the latest holds, and of one day a refusal.
    """
    for one in diagnostics:
        if one.code == "record-late":
            raise UsageError(f"{one.text()}。没有写出。提示：{one.hint()}。Nothing was written.")
        if record.passes and one.code in _REFUSALS:
            refusal = dict(one.params)
            raise UsageError(
                f"审查记录 {refusal['number']} 的结论是“{refusal['conclusion']}”，批准日期不早于这一份，以那一份为准。"
                "没有写出。情况有变的，批准日期要晚于那一份（同一天的，次日再审）。"
                "A refusal of that day or later stands: nothing was written."
            )


def draw_up(facts: ItemFacts, decision: Decision, number: str) -> tuple[Record, str, bytes]:
    """The record of a decision on the item as it stands, with its file's name and bytes.

    Raises ``UsageError`` with every rule of records that it breaks: persons, dates, conclusion.
    """
    check_header(facts)
    assert facts.item is not None
    if decision.conclusion not in CONCLUSIONS:
        raise UsageError(f"结论只能是：{'、'.join(CONCLUSIONS)}。The conclusion must be one of these.")
    own = {one.name for one in facts.attachments}
    record = Record(
        path="",
        number=number,
        item=facts.id,
        drafter=decision.steps["drafter"],
        department=decision.steps["department"],
        secrecy=decision.steps["secrecy"],
        approver=decision.steps["approver"],
        basis=decision.basis,
        conclusion=decision.conclusion,
        parts=item_parts(facts.item, facts.text_digest),
        attachments=attachment_digests(facts),
        attested=tuple(one for one in decision.attested if one.name in own),
        republishes=decision.republishes,
    )
    raw = format_record(record)
    name = record_name(facts.item.slug, raw)
    parsed = parse_record(raw, f"content/{facts.item.unit}/_clearance/{name}")
    if not isinstance(parsed, Record):
        raise UsageError("\n".join(one.text() + " " + one.text("en") for one in parsed))
    return parsed, name, raw


def moved_decision(facts: ItemFacts, evidence: Evidence) -> Decision:
    """The decision on the same content at its earlier place; raises ``UsageError`` when there is none."""
    attachments = attachment_digests(facts)
    same = [
        record
        for of_item in evidence.records.values()
        for record in of_item
        if record.item != facts.id and record.digest == facts.digest and record.attachments == attachments
    ]
    latest = max(same, key=decided, default=None)
    if latest is not None and not latest.passes:
        raise UsageError(
            f"{facts.id}：相同内容最后一次审查的结论是“{latest.conclusion}”（{latest.number}），移动不改变结论。"
            "The last decision on this content refuses it: a move does not change that."
        )
    if latest is None:
        raise UsageError(
            f"{facts.id}：没有内容完全相同的审查记录，须重新审查。No record clears exactly this content: clear it anew."
        )
    return Decision(latest.steps, latest.basis, latest.conclusion, latest.attested, latest.republishes)


def next_number(unit: str, year: int, evidence: Evidence) -> str:
    """The next free number of a unit's year, to which ``number_of`` puts its mark: ``jyglj-2026-0001``."""
    stem = f"{unit}-{year}-"
    used = [serial(record.number, stem) for of_item in evidence.records.values() for record in of_item]
    return f"{stem}{max(used, default=0) + 1:04d}"


def number_of(facts: ItemFacts, decision: Decision, number: str) -> str:
    """The number that no other decision gets, on whatever branch; raises as ``draw_up``."""
    return marked(number, draw_up(facts, decision, number)[2])


def with_record(evidence: Evidence, record: Record) -> Evidence:
    """The evidence as it will be when the record is filed."""
    of_item = (*evidence.records.get(record.item, ()), record)
    return msgspec.structs.replace(evidence, records=evidence.records | {record.item: of_item})


def matching(facts: ItemFacts, evidence: Evidence) -> Record | None:
    """The record over exactly the item as it stands by which the gate judges: the last decision whose file is there."""
    attachments = attachment_digests(facts)
    found = [
        one
        for one in evidence.records.get(facts.id, ())
        if one.digest == facts.digest and one.attachments == attachments and one.path not in evidence.lost
    ]
    return max(found, key=decided, default=None)
