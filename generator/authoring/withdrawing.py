"""Withdrawing: an item → a withdrawal that binds it, its text and its attachments for ever. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from generator.authoring.earlier import Earlier
from generator.authoring.numbering import marked, serial
from generator.clearance.audit_texts import withheld_prints
from generator.clearance.evidence import Evidence
from generator.clearance.fingerprints import Fingerprints
from generator.clearance.reasons import unfit
from generator.clearance.rules import Rules
from generator.clearance.withdrawals import (
    MIN_TEXT,
    Withdrawal,
    format_withdrawal,
    parse_withdrawal,
    withdrawal_name,
)
from generator.content.names import MAX_SLUG_BYTES, SLUG
from generator.errors import UsageError
from generator.model import ItemBody, ItemFacts

CANNOT_BE_RECALLED = (
    "订阅源（Atom）已被读者取走的内容 what feed readers have fetched",
    "搜索引擎、浏览器和中间缓存、网页存档的副本 copies in search engines, caches and archives",
    "读者已下载的附件 attachments that readers have saved",
    "版本库的历史：另按 docs/withdrawal.md 清除 the history of the repository: purge it as docs/withdrawal.md says",
    "备份和离线归档（make archive）的旧包 backups and archives made earlier",
)
"""What no command can take back; said at every withdrawal."""


_NOTHING = Earlier()


@dataclass(frozen=True)
class Withdrawn:
    """A withdrawal to be filed."""

    withdrawal: Withdrawal
    name: str
    data: bytes
    shared: tuple[str, ...]
    """Items that hold one of its attachments too and go on showing it."""
    copies: tuple[str, ...]
    """Items of the same body, which the withdrawal holds back as well."""


def make_withdrawal(
    item_id: str,
    facts: ItemFacts | None,
    others: Iterable[ItemFacts],
    *,
    number: str,
    by: str,
    reason: str,
    day: date,
    tombstone: bool,
    basis: str = "",
    earlier: Earlier = _NOTHING,
) -> Withdrawn:
    """The withdrawal of an item; ``facts`` is ``None`` when its source is gone already.

    An attachment that another item has as well stays with that item: it is told, not bound. So does an ``earlier``
    body: only a copy of the present one is held back wherever it stands. ``others`` are those that may show something.
    Raises ``UsageError`` for an id, a reason or a person that is none.
    """
    unit, category, slug = item_id.split("/") if item_id.count("/") == 2 else ("", "", "")
    named = SLUG.fullmatch(category) and SLUG.fullmatch(slug) and len(slug.encode()) <= MAX_SLUG_BYTES
    if not all((unit, named, reason.strip(), by.strip())):
        raise UsageError("撤回须写明条目（单位/类别/短名）、原因和经手人。A withdrawal needs item, reason and person.")
    others = [one for one in others if one.id != item_id]
    files = earlier.attachments | {one.sha256 for one in (facts.attachments if facts else ()) if one.sha256}
    body = facts.text_digest if facts and facts.length >= MIN_TEXT else ""
    copies = {one.id for one in others if body and one.text_digest == body}
    elsewhere = {one.id: {file.sha256 for file in one.attachments} & files for one in others if one.id not in copies}
    withdrawal = Withdrawal(
        path="",
        number=number,
        item=item_id,
        withdrawn_on=day,
        by=by.strip(),
        reason=reason.strip(),
        tombstone=tombstone,
        basis=basis.strip(),
        index_number=facts.item.index_number if facts and facts.item else "",
        body=body,
        earlier=tuple(sorted(earlier.bodies - {body} - {one.text_digest for one in others})),
        attachments=tuple(sorted(files.difference(*elsewhere.values()))),
    )
    parsed, name, data = _as_filed(withdrawal, unit, slug)
    return Withdrawn(
        withdrawal=parsed,
        name=name,
        data=data,
        shared=tuple(sorted(item for item, same in elsewhere.items() if same)),
        copies=tuple(sorted(copies)),
    )


def _as_filed(withdrawal: Withdrawal, unit: str, slug: str) -> tuple[Withdrawal, str, bytes]:
    """The withdrawal as it will be read, with its file's name and bytes."""
    data = format_withdrawal(withdrawal)
    name = withdrawal_name(slug, withdrawal.withdrawn_on, data)
    parsed = parse_withdrawal(data, f"content/{unit}/_withdrawn/{name}")
    if not isinstance(parsed, Withdrawal):
        raise UsageError("\n".join(one.text() + " " + one.text("en") for one in parsed))
    return parsed, name, data


def check_reason(reason: str, item_id: str, known: tuple[ItemFacts, ItemBody] | None, rules: Rules) -> None:
    """Refuse a reason that a tombstone must not show: one that quotes the item, or that the negative list blocks.

    The audit would find the first in every build, and a withdrawal cannot be altered. Raises ``UsageError``.
    """
    if known is not None and Fingerprints([withheld_prints(*known, address=False)]).hits(reason).size:
        raise UsageError(
            "撤回原因会显示在说明页上，不能引用条目的标题、文号或正文，请改写。"
            "The reason is shown in public: it must not quote the item's title, number or text."
        )
    if hit := unfit(reason, item_id, rules):
        raise UsageError(
            f"撤回原因会显示在说明页上，触犯负面清单“{hit.rule.id}”（{hit.match.masked}），请改写。"
            "The reason is shown in public, and the negative list blocks it."
        )


def next_number(unit: str, year: int, evidence: Evidence) -> str:
    """The next free number of a unit's withdrawals in a year, to which ``with_mark`` puts its mark."""
    stem = f"{unit}-{year}-撤-"
    used = [serial(one.number, stem) for one in evidence.withdrawals]
    return f"{stem}{max(used, default=0) + 1:03d}"


def with_mark(withdrawn: Withdrawn) -> Withdrawn:
    """The same under a number that no other withdrawal gets, on whatever branch: ``jyglj-2026-撤-001-kqzvmb``."""
    plain = withdrawn.withdrawal
    unit, _, slug = plain.item.split("/")
    numbered = msgspec.structs.replace(plain, number=marked(plain.number, withdrawn.data))
    withdrawal, name, data = _as_filed(numbered, unit, slug)
    return replace(withdrawn, withdrawal=withdrawal, name=name, data=data)
