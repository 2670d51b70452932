"""The verdict on one item, with the reason for its editor. Pure.

Called by the gate alone, which makes of it a ``ClearedItem`` or a ``WithheldItem``.
Diagnostics name front-matter keys and numbers of attachments, never their values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from copy import copy
from datetime import datetime, time
from typing import NamedTuple

import msgspec

from generator.clearance.digests import BODY, attachment_digests, front_parts
from generator.clearance.evidence import Evidence
from generator.clearance.records import ROLE_NAMES, ROLES, Record, decided
from generator.clearance.screening import diagnose
from generator.clearance.withdrawals import MIN_TEXT, Withdrawal, plain_number, withdrawn
from generator.diagnostics import Diagnostic, Severity, diagnostic
from generator.messages import render as render_messages
from generator.messages import site as site_messages
from generator.model import SHANGHAI, Cluster, Item, ItemFacts, Verdict

HARMLESS = frozenset(render_messages.MESSAGES) | frozenset(site_messages.MESSAGES)
"""Codes of faults in links, images' texts and the like: they never withhold an item. Every other error does."""


class Ruling(NamedTuple):
    """What the gate makes of one item."""

    verdict: Verdict
    record: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


class Rulings:
    """The rules of the gate over one state of the evidence, at one moment."""

    def __init__(self, evidence: Evidence, cluster: Cluster, now: datetime, present: Set[str]) -> None:
        """``present``: ids of all items that there are, by which a move is told from a copy."""
        self._evidence = evidence
        self._policies = {unit.id: _known(unit.clearance) for unit in cluster.units}
        self._now = now
        gone = sorted(evidence.withdrawals, key=withdrawn)
        self._gone_items = {one.item: one for one in gone}
        self._gone_bodies = {body: one for one in gone for body in one.bodies}
        self._gone_files = {digest: one for one in gone for digest in one.attachments}
        self._gone_numbers = {number: one for one in gone if (number := plain_number(one.index_number))}
        self._present = present
        self._by_content: dict[str, list[Record]] = {}
        self._by_body: dict[str, list[Record]] = {}
        for of_item in evidence.records.values():
            for record in of_item:
                self._by_content.setdefault(record.digest, []).append(record)
                self._by_body.setdefault(record.parts[BODY], []).append(record)

    def of(self, facts: ItemFacts) -> Ruling:
        """The verdict on one item, but for its release group."""
        if facts.id in self._gone_items or _is_among(facts.id, self._evidence.suspect_withdrawals):
            return Ruling(Verdict.WITHDRAWN)
        item = facts.item
        if item is None:
            return Ruling(Verdict.FAULTY)
        if item.confidentiality_cleared is not True or item.draft is not False:
            return Ruling(Verdict.UNCLEARED)
        if item.audience != "public":
            return Ruling(Verdict.AUDIENCE)
        if facts.diagnostics and any(one.severity == "error" and one.code not in HARMLESS for one in facts.diagnostics):
            return Ruling(Verdict.FAULTY)
        if item.expires_on is not None and item.expires_on <= self._now:
            return Ruling(Verdict.EXPIRED)
        record = self._record(facts, item)
        found = _findings(facts, item, None if isinstance(record, Ruling) else record)
        if record is None and self._by_content:
            found = (*self._moved(facts, item), *found)
        if isinstance(record, Ruling):
            return record._replace(diagnostics=(*record.diagnostics, *found))
        if record is not None:
            found = (*self._former_faults(item), *found)
        number = record.number if record else ""
        bound = tuple(self._withdrawn_faults(facts, item, record)) if self._gone_items else ()
        if bound:
            return Ruling(Verdict.WITHDRAWN, number, (*bound, *found))
        if found and any(one.severity == "error" for one in found):
            return Ruling(Verdict.BLOCKED, number, found)
        return Ruling(Verdict.SCHEDULED if item.date > self._now else Verdict.PUBLISHED, number, found)

    def approvals_to_come(self) -> list[datetime]:
        """When the days begin that have not come, of records that give leave: such a record clears nothing yet."""
        today = self._now.date()
        found = {one.approver.date for of_item in self._evidence.records.values() for one in of_item if one.passes}
        return [datetime.combine(day, time.min, SHANGHAI) for day in sorted(found) if day > today]

    def at(self, moment: datetime) -> Rulings:
        """The same rules over the same evidence at another moment."""
        other = copy(self)
        other._now = moment
        return other

    def stands(self, item_id: str, digest: str, number: str, body: str = "") -> bool:
        """Whether the evidence still clears what was published by the record of this number.

        ``number`` is empty where the flag was enough; ``body`` is the digest of the text, where another item's refusal
        may be of the same.
        """
        suspects = self._evidence.suspect | self._evidence.suspect_withdrawals
        if item_id in self._gone_items or _is_among(item_id, suspects):
            return False
        policy = self._policy(item_id.partition("/")[0])
        same = [*self._by_content.get(digest, ())]
        if number:
            numbered = [one for one in same if (one.item, one.number) == (item_id, number)]
            own = max(numbered, key=self._decided, default=None)
            if own is None or (policy == "signed" and not own.is_signed):
                return False
            same = [one for one in same if one.item != item_id or one.attachments == own.attachments]
        elif policy != "flag":
            return False
        else:
            same += self._by_body.get(body, ())
        last = max((one for one in same if self._counts(one, policy)), key=self._decided, default=None)
        return last is None or last.passes

    def _policy(self, unit: str) -> str:
        """An unknown unit is held to the strictest one."""
        return self._policies.get(unit, "signed")

    def _record(self, facts: ItemFacts, item: Item) -> Record | Ruling | None:
        """The record that clears the item, ``None`` where none is needed, or the ruling that withholds it."""
        policy = self._policy(item.unit)
        of_item = self._evidence.records.get(facts.id, ())
        if _is_among(facts.id, self._evidence.suspect):
            # The record that cannot be believed may be the one that refused.
            return Ruling(Verdict.NO_RECORD, diagnostics=(_at_flag(facts, item, "record-suspect"),))
        if not of_item:
            if refusal := self._refusal(facts):
                return self._refused(facts, item, refusal)
            if policy == "flag":
                return None
            return Ruling(Verdict.NO_RECORD, diagnostics=(self._missing(facts, item, policy),))
        matching = [one for one in of_item if one.digest == facts.digest]
        exact = [one for one in matching if one.attachments == attachment_digests(facts)]
        if not exact:
            latest = max(matching or of_item, key=self._decided)
            return Ruling(Verdict.VOID, latest.number, (_void(facts, item, latest),))
        record = max(exact, key=self._decided)
        elsewhere = (
            one for one in self._by_content.get(facts.digest, ()) if one.item != facts.id and self._counts(one, policy)
        )
        last = max(elsewhere, key=self._decided, default=record)
        if not last.passes and self._decided(last) > self._decided(record):
            return self._refused(facts, item, last)
        if not record.passes:
            return self._refused(facts, item, record)
        faults = tuple(_record_faults(facts, item, record, policy, self._now))
        return Ruling(Verdict.NO_RECORD, record.number, faults) if faults else record

    def _missing(self, facts: ItemFacts, item: Item, policy: str) -> Diagnostic:
        for record in self._by_content.get(facts.digest, ()):
            return _at_flag(facts, item, "record-moved", number=record.number, earlier=record.item)
        return _at_flag(facts, item, "record-missing", policy=policy)

    def _refusal(self, facts: ItemFacts) -> Record | None:
        """The last decision on this content, or on this body, under another id, where it is a refusal."""
        same = [*self._by_content.get(facts.digest, ())]
        if facts.length >= MIN_TEXT:
            same += self._by_body.get(facts.text_digest, ())
        policy = self._policy(facts.id.partition("/")[0])
        last = max((one for one in same if self._counts(one, policy)), key=self._decided, default=None)
        return last if last is not None and not last.passes else None

    def _counts(self, record: Record, policy: str) -> bool:
        """Whether a decision on another item has a say: a permission of a day to come lifts no refusal, nor does one
        that nobody signed where either unit wants signatures.
        """
        if record.passes and record.approver.date > self._now.date():
            return False
        signed = "signed" in (policy, self._policy(record.item.partition("/")[0]))
        return not record.passes or not signed or record.is_signed

    def _decided(self, record: Record) -> tuple[object, ...]:
        """Order of decisions; of one day, one whose file is gone comes first: whoever then decided knew of it."""
        day, *rest = decided(record)
        return (day, record.path not in self._evidence.lost, *rest)

    def _refused(self, facts: ItemFacts, item: Item, refusal: Record) -> Ruling:
        code = "record-refused" if refusal.item == facts.id else "record-refused-copy"
        said = _at_flag(
            facts,
            item,
            "record-gone" if refusal.path in self._evidence.lost else code,
            number=refusal.number,
            earlier=refusal.item,
            conclusion=refusal.conclusion,
            file=refusal.path,
        )
        return Ruling(Verdict.REFUSED, refusal.number, (said,))

    def _moved(self, facts: ItemFacts, item: Item) -> tuple[Diagnostic, ...]:
        """Under the policy ``flag`` a move keeps an item public, but its record binds it no more: that is said."""
        gone = [one for one in self._by_content.get(facts.digest, ()) if one.item not in self._present]
        if not gone:
            return ()
        return (_at_flag(facts, item, "record-left", severity="warning", number=gone[0].number, earlier=gone[0].item),)

    def _former_faults(self, item: Item) -> Iterator[Diagnostic]:
        """Words in a former address that nobody cleared: no record binds it, so that an item may move.

        Letters of ASCII may be of any former site; others only of a place in this one where something was cleared.
        """
        policy = self._policy(item.unit)
        if policy == "flag":
            return
        for address in item.redirect_from:
            former = f"{item.unit}/{address.removesuffix('.html')}"
            there = [one for one in self._evidence.records.get(former, ()) if self._counts(one, policy)]
            last = max(there, key=self._decided, default=None)
            cleared = last is not None and last.passes and former not in self._gone_items
            if not (address.isascii() or cleared):
                line, column = item.place_of("redirect_from")
                yield diagnostic("redirect-uncleared", f"content/{item.path}", line, column)

    def _withdrawn_faults(self, facts: ItemFacts, item: Item, record: Record | None) -> Iterator[Diagnostic]:
        again = record.republishes if record else ""

        def bound(one: Withdrawal | None) -> Withdrawal | None:
            return one if one is not None and one.number != again else None

        if gone := bound(self._gone_bodies.get(facts.text_digest)):
            yield _at_flag(facts, item, "withdrawn-copy", withdrawal=gone.number)
        for number, attachment in enumerate(facts.attachments, start=1):
            if gone := bound(self._gone_files.get(attachment.sha256)):
                yield _at_flag(facts, item, "withdrawn-attachment", attachment=number, withdrawal=gone.number)
        if gone := self._gone_numbers.get(plain_number(item.index_number)):
            line, column = item.place_of("index_number")
            yield diagnostic("withdrawn-index-number", f"content/{facts.path}", line, column, withdrawal=gone.number)


def _known(policy: str) -> str:
    """An unknown policy is the strictest one."""
    return policy if policy in ("flag", "record") else "signed"


def _is_among(item_id: str, suspects: Set[str]) -> bool:
    """Whether evidence that cannot be believed may speak of an item."""
    return bool(suspects) and (item_id in suspects or _loosely(item_id) in suspects)


def _loosely(item_id: str) -> str:
    return f"{item_id.partition('/')[0]}/*/{item_id.rpartition('/')[2]}"


def _at_flag(facts: ItemFacts, item: Item, code: str, severity: Severity = "error", **params: object) -> Diagnostic:
    line, column = item.place_of("confidentiality_cleared")
    return diagnostic(code, f"content/{facts.path}", line, column, severity=severity, **params)


def _void(facts: ItemFacts, item: Item, record: Record) -> Diagnostic:
    return _at_flag(facts, item, "record-void", number=record.number, changed="、".join(changes(facts, item, record)))


def changes(facts: ItemFacts, item: Item, record: Record) -> Sequence[str]:
    """What differs from the state that was cleared: front-matter keys, ``正文 body``, numbers of attachments."""
    front = front_parts(item)
    cleared = {key: value for key, value in record.parts.items() if key != BODY}
    changed = sorted(key for key in front.keys() | cleared.keys() if front.get(key) != cleared.get(key))
    if record.parts[BODY] != facts.text_digest:
        changed.append("正文 body")
    present = attachment_digests(facts)
    for number, (name, digest) in enumerate(present.items(), start=1):
        if record.attachments.get(name) != digest:
            changed.append(f"附件 attachment {number}")
    if record.attachments.keys() - present.keys():
        changed.append("已审附件缺失 a cleared attachment is gone")
    return changed


def _record_faults(facts: ItemFacts, item: Item, record: Record, policy: str, now: datetime) -> Iterator[Diagnostic]:
    published = max(moment for moment in (item.date, item.updated) if moment is not None)
    to_come = record.approver.date > max(item.date, now).date()  # whatever ``updated`` says
    if record.approver.date > published.date() or to_come:
        yield _at_flag(facts, item, "record-late", number=record.number)
    if policy != "signed":
        return
    missing = [ROLE_NAMES[role] for role in ROLES if role not in record.signed_by]
    if missing:
        yield _at_flag(facts, item, "record-unsigned", number=record.number, roles="、".join(missing))
    elif len(set(record.signed_by.values())) < len(ROLES):
        yield _at_flag(facts, item, "record-one-key", number=record.number)


def _findings(facts: ItemFacts, item: Item, record: Record | None) -> tuple[Diagnostic, ...]:
    """The negative list's findings and unread attachments; any error among them blocks.

    Attachments are told by number: their names are the item's own.
    """
    if not facts.findings and not facts.attachments and not item.exemptions:
        return ()
    numbers = {one.name: str(number) for number, one in enumerate(facts.attachments, start=1)}
    numbered = [
        msgspec.structs.replace(one, attachment=numbers.get(one.attachment, "0")) if one.attachment else one
        for one in facts.findings
    ]
    attested = {one.name for one in record.attested} if record else set()
    lines = {ref.name: (ref.line, ref.column) for ref in item.attachments}
    unread = [
        diagnostic(
            "attachment-unattested", f"content/{facts.path}", *lines.get(one.name, (0, 0)), attachment=numbers[one.name]
        )
        for one in facts.attachments
        if not one.readable and one.name not in attested
    ]
    return (*diagnose(numbered, item), *unread)
