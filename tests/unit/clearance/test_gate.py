"""The gate: what passes, what is withheld, and what the editor is told."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from generator.clearance.evidence import Evidence
from generator.clearance.gate import ClearedItem, screen
from generator.clearance.records import Attestation
from generator.diagnostics import diagnostic
from generator.model import Finding, ItemFacts, Verdict
from tests.unit.clearance.clearance_makers import (
    BODY,
    NOW,
    make_cluster,
    make_evidence,
    make_facts,
    make_item,
    make_record,
    make_withdrawal,
)

SHA = "a" * 64
NOTHING = Evidence()


def verdict_of(facts: ItemFacts, evidence: Evidence = NOTHING, policy: str = "flag") -> Verdict:
    screening = screen([facts], evidence, make_cluster(policy), now=NOW)
    if screening.cleared:
        return Verdict.PUBLISHED
    return screening.withheld[0].verdict


def codes(facts: ItemFacts, evidence: Evidence = NOTHING, policy: str = "flag") -> list[str]:
    return [one.code for one in screen([facts], evidence, make_cluster(policy), now=NOW).diagnostics]


def test_passes_a_flagged_item_under_the_flag_policy() -> None:
    """Under ``flag`` the boolean suffices."""
    assert verdict_of(make_facts()) is Verdict.PUBLISHED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"confidentiality_cleared": False}, Verdict.UNCLEARED),
        ({"confidentiality_cleared": "true"}, Verdict.UNCLEARED),
        ({"confidentiality_cleared": 1}, Verdict.UNCLEARED),
        ({"draft": True}, Verdict.UNCLEARED),
        ({"draft": None}, Verdict.UNCLEARED),
        ({"audience": "family"}, Verdict.AUDIENCE),
        ({"audience": "inmate"}, Verdict.AUDIENCE),
        ({"audience": ""}, Verdict.AUDIENCE),
        ({"date": NOW + timedelta(seconds=1)}, Verdict.SCHEDULED),
        ({"date": NOW}, Verdict.PUBLISHED),
        ({"expires_on": NOW}, Verdict.EXPIRED),
        ({"expires_on": NOW + timedelta(seconds=1)}, Verdict.PUBLISHED),
    ],
)
def test_withholds_by_front_matter(changes: dict[str, object], expected: Verdict) -> None:
    """Only the plain boolean true, the public audience and a time that has come pass."""
    assert verdict_of(make_facts(make_item(**changes))) is expected


def test_withholds_an_item_with_an_error_of_content_but_not_of_a_link() -> None:
    """A fault in front matter withholds; a fault in a link, by its table of messages, never does."""
    fault = diagnostic("no-such-code", "content/x.md", 1)
    assert verdict_of(make_facts(diagnostics=(fault,))) is Verdict.FAULTY
    warning = msgspec.structs.replace(fault, severity="warning")
    assert verdict_of(make_facts(diagnostics=(warning,))) is Verdict.PUBLISHED


def test_withholds_an_item_without_front_matter() -> None:
    """What cannot be read cannot be cleared."""
    facts = make_facts()
    assert verdict_of(msgspec.structs.replace(facts, item=None)) is Verdict.FAULTY


def finding(**changes: object) -> Finding:
    values = {"rule": "id-number", "severity": "block", "path": "p", "line": 12, "column": 3, "masked": "35***123"}
    return Finding(**(values | {"digest": SHA} | changes))  # type: ignore[arg-type]


def test_withholds_what_the_negative_list_blocks_unless_exempt() -> None:
    """A block finding withholds; a warning and an exempt finding do not."""
    assert verdict_of(make_facts(findings=(finding(),))) is Verdict.BLOCKED
    assert codes(make_facts(findings=(finding(),))) == ["negative-list-block"]
    warned = make_facts(findings=(finding(exempt=True), finding(severity="warn")))
    assert verdict_of(warned) is Verdict.PUBLISHED
    assert codes(warned) == ["negative-list-warn"]


def test_tells_findings_of_attachments_by_number() -> None:
    """The name of an attachment is the item's own, and the item is withheld."""
    facts = make_facts(
        files={"绝密名单.xlsx": SHA}, findings=(finding(attachment="绝密名单.xlsx", rule="attachment-hidden-sheet"),)
    )
    (said,) = screen([facts], Evidence(), make_cluster(), now=NOW).diagnostics
    assert said.code == "attachment-hidden-sheet"
    assert "绝密" not in said.format() + said.format("en")


def test_says_nothing_of_findings_in_an_item_that_is_not_cleared() -> None:
    """A draft may hold what its editor has yet to mask."""
    facts = make_facts(make_item(confidentiality_cleared=False), findings=(finding(),))
    assert codes(facts) == []


def test_withholds_an_unreadable_attachment_unless_attested() -> None:
    """What no program can read a named person must have read."""
    facts = make_facts(files={"scan.pdf": SHA})
    unread = tuple(msgspec.structs.replace(one, readable=False) for one in facts.attachments)
    facts = msgspec.structs.replace(facts, attachments=unread)
    assert verdict_of(facts) is Verdict.BLOCKED
    assert codes(facts) == ["attachment-unattested"]
    attested = make_record(facts, attested=({"name": "scan.pdf", "by": "王五"},))
    attested = msgspec.convert(msgspec.to_builtins(attested), type(attested))
    assert verdict_of(facts, make_evidence(attested)) is Verdict.PUBLISHED


@pytest.mark.parametrize("policy", ["record", "signed", "misspelt"])
def test_withholds_without_a_record_where_one_is_required(policy: str) -> None:
    """The flag alone clears nothing under a stricter policy, nor under one that nobody knows."""
    assert verdict_of(make_facts(), policy=policy) is Verdict.NO_RECORD
    assert codes(make_facts(), policy=policy) == ["record-missing"]


def test_withholds_items_of_a_unit_that_the_cluster_does_not_know() -> None:
    """An unknown unit is held to the strictest policy."""
    screening = screen([make_facts()], Evidence(), make_cluster("flag", unit="sfj"), now=NOW)
    assert screening.withheld[0].verdict is Verdict.NO_RECORD


def test_passes_with_a_matching_record() -> None:
    """A record over the same content clears, and its number is known to the trail."""
    facts = make_facts(files={"a.pdf": SHA})
    screening = screen([facts], make_evidence(make_record(facts)), make_cluster("record"), now=NOW)
    assert [one.id for one in screening.cleared] == [facts.id]
    assert screening.records == {facts.id: "jyglj-2026-0001"}


@pytest.mark.parametrize("policy", ["flag", "record", "signed"])
def test_withholds_when_one_character_changed_since_the_record(policy: str) -> None:
    """A record binds under every policy: one changed character voids it."""
    facts = make_facts()
    changed = make_facts(body=BODY.replace("五个", "六个"))
    screening = screen([changed], make_evidence(make_record(facts)), make_cluster(policy), now=NOW)
    assert screening.withheld[0].verdict is Verdict.VOID
    (said,) = screening.diagnostics
    assert said.code == "record-void"
    assert dict(said.params)["changed"] == "正文 body"


def test_tells_which_keys_and_attachments_changed_without_quoting_them() -> None:
    """The editor learns the keys and the attachment's number, nobody learns their values."""
    facts = make_facts(make_item(issuer="甲局"), files={"机密名单.pdf": SHA, "b.pdf": SHA})
    changed = make_facts(make_item(issuer="乙局", summary="绝密内容"), files={"机密名单.pdf": "b" * 64, "b.pdf": SHA})
    screening = screen([changed], make_evidence(make_record(facts)), make_cluster(), now=NOW)
    (said,) = screening.diagnostics
    assert dict(said.params)["changed"] == "issuer、summary、附件 attachment 1"
    told = said.format() + said.format("en") + said.hint("en")
    assert "乙局" not in told
    assert "绝密内容" not in told
    assert "机密名单" not in told


@pytest.mark.parametrize("files", [{}, {"a.pdf": "b" * 64}, {"a.pdf": SHA, "c.pdf": SHA}, {"b.pdf": SHA}])
def test_withholds_when_an_attachment_changed_since_the_record(files: dict[str, str]) -> None:
    """Removed, changed, added or renamed: each voids the record."""
    record = make_record(make_facts(files={"a.pdf": SHA}))
    assert verdict_of(make_facts(files=files), make_evidence(record)) is Verdict.VOID


def test_passes_again_with_a_second_record_over_the_changed_content() -> None:
    """Re-clearing works: of several records the matching one counts."""
    facts, changed = make_facts(), make_facts(body="改后的正文，已重新审查。")
    evidence = make_evidence(make_record(facts), make_record(changed, number="jyglj-2026-0002"))
    assert verdict_of(changed, evidence, "record") is Verdict.PUBLISHED
    assert verdict_of(facts, evidence, "record") is Verdict.PUBLISHED


def test_refusal_over_the_same_content_stands_over_an_earlier_permission() -> None:
    """The latest decision over one state of the item counts."""
    facts = make_facts()
    refusal = make_record(facts, number="jyglj-2026-0002", conclusion="不予公开")
    evidence = make_evidence(make_record(facts), refusal)
    assert verdict_of(facts, evidence) is Verdict.REFUSED
    assert codes(facts, evidence) == ["record-refused"]


@pytest.mark.parametrize("conclusion", ["依申请公开", "不予公开", "报保密部门确定"])
def test_withholds_by_conclusion(conclusion: str) -> None:
    """Only 同意公开 and 区分处理后公开 let an item be published."""
    facts = make_facts()
    assert verdict_of(facts, make_evidence(make_record(facts, conclusion=conclusion))) is Verdict.REFUSED


def test_withholds_when_the_approval_is_to_come_whatever_the_update_says() -> None:
    """An update dated years ahead lets no approval of a day to come pass today."""
    facts = make_facts(make_item(updated=NOW + timedelta(days=900)))
    step = msgspec.structs.replace(make_record(facts).approver, date=(NOW + timedelta(days=800)).date())
    assert codes(facts, make_evidence(make_record(facts, approver=step))) == ["record-late"]


def test_withholds_when_the_approval_is_later_than_an_appearance_to_come() -> None:
    """Its date is no next change: on that day nobody has approved it, whatever ``updated`` says."""
    date = NOW + timedelta(days=1)
    facts = make_facts(make_item(date=date, updated=NOW + timedelta(days=900)))
    step = msgspec.structs.replace(make_record(facts).approver, date=(NOW + timedelta(days=9)).date())
    screening = screen([facts], make_evidence(make_record(facts, approver=step)), make_cluster(), now=NOW)
    assert [one.code for one in screening.diagnostics] == ["record-late"]
    assert screening.next_change_at is None


def test_day_of_an_approval_to_come_is_told_apart_and_only_of_what_passes_then() -> None:
    """The manifest tells nothing of it; of several records the last decides, and what ends before passes never."""
    today = NOW.replace(hour=0, minute=0, second=0, microsecond=0)

    def next_days(*days: int, **said: Any) -> tuple[datetime | None, datetime | None]:
        facts = make_facts(make_item(updated=NOW + timedelta(days=900), **said))
        step = make_record(facts).approver
        steps = [msgspec.structs.replace(step, date=(today + timedelta(days=day)).date()) for day in days]
        evidence = make_evidence(*(make_record(facts, approver=step) for step in steps))
        screening = screen([facts], evidence, make_cluster("record"), now=NOW)
        assert screening.cleared == ()
        if screening.next_clearance_at is not None:
            assert screen([facts], evidence, make_cluster("record"), now=screening.next_clearance_at).cleared
            just_before = screening.next_clearance_at - timedelta(seconds=1)
            assert not screen([facts], evidence, make_cluster("record"), now=just_before).cleared
        return screening.next_change_at, screening.next_clearance_at

    assert next_days(3) == (None, today + timedelta(days=3))
    assert next_days(3, 5) == (None, today + timedelta(days=5))
    assert next_days(3, expires_on=NOW + timedelta(days=2)) == (None, None)
    assert next_days(3, draft=True) == (None, None)
    assert next_days(3, audience="inmate") == (None, None)


def test_approval_to_come_of_another_item_lifts_no_refusal() -> None:
    """Nor is a copy public before the day on which its content is approved elsewhere."""
    copied, elsewhere = make_facts(), make_facts(make_item("jyglj/notice/other"))
    refusal = make_record(make_facts(make_item("jyglj/notice/third")), number="1", conclusion="不予公开")
    step = msgspec.structs.replace(refusal.approver, date=(NOW + timedelta(days=9)).date())
    leave = make_record(elsewhere, number="2", approver=step)
    evidence = make_evidence(refusal, leave)
    assert codes(copied, evidence) == ["record-refused-copy"]
    screening = screen([copied], evidence, make_cluster(), now=NOW)
    assert screening.next_change_at is None
    assert screening.next_clearance_at is not None
    assert screen([copied], evidence, make_cluster(), now=screening.next_clearance_at).cleared


def test_withholds_when_the_approval_is_later_than_the_publication() -> None:
    """先审查、后公开: approval after the date of publication clears nothing, but of an update it may."""
    step = msgspec.structs.replace(make_record(make_facts()).approver, date=date(2026, 11, 21))
    facts = make_facts()
    assert codes(facts, make_evidence(make_record(facts, approver=step))) == ["record-late"]
    updated = make_facts(make_item(updated=NOW, change_note="更正"))
    assert verdict_of(updated, make_evidence(make_record(updated, approver=step))) is Verdict.PUBLISHED


def test_says_what_to_do_when_an_item_moved_unchanged() -> None:
    """A record does not follow its item; the editor is told of the record and the earlier id."""
    record = make_record(make_facts())
    moved = make_facts(make_item("jyglj/policy/gongshi"))
    assert codes(moved, make_evidence(record), "record") == ["record-moved"]


def test_pinning_redirecting_or_grouping_does_not_void_a_record() -> None:
    """What is not shown is not bound."""
    record = make_record(make_facts())
    facts = make_facts(make_item(pinned=True, redirect_from=("old.html",), lines=""))
    assert verdict_of(facts, make_evidence(record), "record") is Verdict.PUBLISHED


@pytest.mark.parametrize(
    ("former", "verdict"),
    [
        ("notice/关于张某的处分决定.html", Verdict.BLOCKED),
        ("policy/旧名.html", Verdict.PUBLISHED),
        ("旧名.html", Verdict.BLOCKED),
        ("policy/旧名/index.html", Verdict.BLOCKED),
        ("zwgk/2019/123.html", Verdict.PUBLISHED),
        ("policy/refused旧.html", Verdict.BLOCKED),
        ("policy/gone旧.html", Verdict.BLOCKED),
    ],
)
def test_words_in_a_former_address_are_of_a_place_that_was_cleared(former: str, verdict: Verdict) -> None:
    """They are as public as any, and no record of the item binds them."""
    facts = make_facts(make_item(redirect_from=(former,)))
    places = [
        make_facts(make_item(f"jyglj/policy/{slug}"), f"{slug}的正文。") for slug in ("旧名", "refused旧", "gone旧")
    ]
    earlier = make_record(places[0], number="1")
    refused = make_record(places[1], number="2", conclusion="不予公开")
    left = make_record(places[2], number="3")
    gone = make_withdrawal(places[2])
    evidence = make_evidence(make_record(facts), earlier, refused, left, gone)
    assert verdict_of(facts, evidence, "record") is verdict
    assert verdict_of(facts, evidence) is Verdict.PUBLISHED, "where the flag clears all that the file says"
    assert codes(facts, evidence, "record") == (["redirect-uncleared"] if verdict is Verdict.BLOCKED else [])


@pytest.mark.parametrize("basis", ["甲", "乙", "丙", "丁", "戊", "己"])
def test_record_that_puts_right_another_of_its_day_takes_its_place(basis: str) -> None:
    """Whatever their files are called: who forgot to attest an attachment writes a second record on the same day."""
    facts = make_facts(files={"a.wps": "a" * 64})
    unread = tuple(msgspec.structs.replace(one, readable=False) for one in facts.attachments)
    facts = msgspec.structs.replace(facts, attachments=unread)
    attested = (Attestation(name="a.wps", by="王五"),)
    first = make_record(facts, number="jyglj-2026-9999", basis=basis)
    second = make_record(facts, number="jyglj-2026-10000", attested=attested)
    assert verdict_of(facts, make_evidence(first), "record") is Verdict.BLOCKED
    assert verdict_of(facts, make_evidence(first, second), "record") is Verdict.PUBLISHED


def test_holds_a_group_until_all_its_members_are_cleared() -> None:
    """A policy and its interpretation appear together or not at all."""
    policy = make_facts(make_item("jyglj/policy/a", release_group="g"))
    reading = make_item("jyglj/interpretation/a", release_group="g", confidentiality_cleared=False)
    screening = screen([policy, make_facts(reading)], Evidence(), make_cluster(), now=NOW)
    assert not screening.cleared
    assert {one.id: one.verdict for one in screening.withheld}[policy.id] is Verdict.GROUP
    assert [one.code for one in screening.diagnostics] == ["group-waits"]
    cleared = make_item("jyglj/interpretation/a", release_group="g")
    assert len(screen([policy, make_facts(cleared)], Evidence(), make_cluster(), now=NOW).cleared) == 2


def test_group_of_one_is_told() -> None:
    """Its fellow may be there under a group that is misspelt, for which nothing waits."""
    policy = make_facts(make_item("jyglj/policy/a", release_group="g-2026"))
    reading = make_item("jyglj/interpretation/a", release_group="g-2062", confidentiality_cleared=False)
    screening = screen([policy, make_facts(reading)], Evidence(), make_cluster(), now=NOW)
    assert [one.id for one in screening.cleared] == [policy.id]
    assert [(one.code, one.severity) for one in screening.diagnostics] == [("group-alone", "warning")]


def test_a_withdrawn_or_expired_member_does_not_hold_its_group() -> None:
    """What was on the site and was taken off takes nobody else off."""
    policy = make_facts(make_item("jyglj/policy/a", release_group="g"))
    other = make_facts(
        make_item("jyglj/interpretation/a", release_group="g"), body="解读的正文，共有十六个字以上，足够长。"
    )
    screening = screen([policy, other], make_evidence(make_withdrawal(other)), make_cluster(), now=NOW)
    assert [one.id for one in screening.cleared] == [policy.id]


def test_withdrawn_item_never_passes_again() -> None:
    """A withdrawal binds the id for ever, with or without a record."""
    facts = make_facts()
    evidence = make_evidence(make_withdrawal(facts), make_record(facts))
    assert verdict_of(facts, evidence) is Verdict.WITHDRAWN
    assert verdict_of(make_facts(body="全新的正文"), evidence) is Verdict.WITHDRAWN


def test_withdrawn_text_or_attachment_passes_under_no_other_id_unless_republished() -> None:
    """A copy under another slug is caught; a fresh record that names the withdrawal lets it pass."""
    facts = make_facts(files={"a.pdf": SHA})
    gone = make_withdrawal(facts)
    copied = make_facts(make_item("jyglj/policy/other"), files={"renamed.pdf": SHA})
    assert codes(copied, make_evidence(gone)) == ["withdrawn-attachment", "withdrawn-copy"]
    again = make_record(copied, republishes=gone.number)
    assert verdict_of(copied, make_evidence(gone, again)) is Verdict.PUBLISHED


def test_text_withdrawn_again_is_bound_by_the_last_withdrawal() -> None:
    """Who published it again by the first was withdrawn himself: only a decision that knows of that lets it pass."""
    first = make_withdrawal(make_facts(make_item("jyglj/policy/z"), files={"a.pdf": SHA}), number="jyglj-2026-撤-009-z")
    last = make_withdrawal(make_facts(make_item("jyglj/policy/a"), files={"a.pdf": SHA}), number="jyglj-2026-撤-010-b")
    later = msgspec.structs.replace(first, withdrawn_on=date(2026, 11, 24), item="jyglj/policy/b", number="w-3")
    facts = make_facts(make_item("jyglj/policy/m"), files={"a.pdf": SHA})
    for before, after in ((first, last), (last, later)):
        for named, expected in ((before, Verdict.WITHDRAWN), (after, Verdict.PUBLISHED)):
            evidence = make_evidence(before, after, make_record(facts, republishes=named.number))
            assert verdict_of(facts, evidence) is expected


@pytest.mark.parametrize(
    ("number", "used"),
    [
        *((number, True) for number in ("SL000014349/2026-00110", "sl000014349/2026-00110", "SL000014349／2026-00110")),
        *(
            (number, True)
            for number in ("ＳＬ000014349/2026-00110", "SL000014349 / 2026-00110", "SL\u200b000014349/2026-00110")
        ),
        *((number, False) for number in ("SL000014349/2026-00111", "")),
    ],
)
def test_withdrawn_index_number_is_never_used_again(number: str, used: bool) -> None:
    """索引号 of a withdrawn item is not reused, in whatever spelling."""
    gone = make_withdrawal(make_facts(), index_number="SL000014349/2026-00110")
    facts = make_facts(make_item("jyglj/policy/b", index_number=number), body="另一条的正文。")
    assert codes(facts, make_evidence(gone)) == ["withdrawn-index-number"] * used


@pytest.mark.parametrize("number", [" ", "\u200b", "\u3000"])
def test_withdrawn_number_of_which_nobody_sees_anything_is_none(number: str) -> None:
    """Else every item without a number would be held back."""
    gone = make_withdrawal(make_facts(), index_number=number)
    facts = make_facts(make_item("jyglj/policy/b"), body="另一条的正文。")
    assert codes(facts, make_evidence(gone)) == []


def test_tombstone_says_date_and_reason_only() -> None:
    """What stays of a withdrawn item has no title and no text."""
    gone = make_withdrawal(make_facts(), tombstone=True)
    (stone,) = screen([make_facts()], make_evidence(gone), make_cluster(), now=NOW).tombstones
    assert (stone.id, stone.reason) == ("jyglj/notice/gongshi", "处罚决定被依法撤销")


def test_next_change_is_the_next_appearance_or_expiry() -> None:
    """The manifest says when the output changes by time alone."""
    later = make_facts(make_item(date=NOW + timedelta(days=2)))
    ends = make_facts(make_item("jyglj/policy/b", expires_on=NOW + timedelta(days=1)))
    assert screen([later, ends], Evidence(), make_cluster(), now=NOW).next_change_at == NOW + timedelta(days=1)


def test_dates_of_what_does_not_pass_are_no_next_change() -> None:
    """The manifest is public: when a draft is meant to appear, or a refused item to end, is nobody's business."""
    soon, end = NOW + timedelta(days=1), NOW + timedelta(days=9)
    draft = make_facts(make_item("jyglj/notice/draft", confidentiality_cleared=False, date=soon, expires_on=end))
    inside = make_facts(make_item("jyglj/notice/inside", audience="inmate", date=soon))
    unruled = make_facts(make_item("sfj/notice/unruled", date=soon, expires_on=end))
    blocked = make_facts(make_item("jyglj/notice/c", date=soon, expires_on=end), findings=(finding(),))
    screening = screen([draft, inside, unruled, blocked], Evidence(), make_cluster(), now=NOW)
    assert len(screening.withheld) == 4
    assert screening.next_change_at is None


def test_end_of_a_member_that_is_blocked_changes_its_group() -> None:
    """Its fellows appear when it has expired."""
    end = NOW + timedelta(days=9)
    blocked = make_facts(
        make_item("jyglj/notice/a", release_group="g", expires_on=end), findings=(finding(),), body="甲"
    )
    fellow = make_facts(make_item("jyglj/notice/b", release_group="g"), body="乙")
    before = screen([blocked, fellow], Evidence(), make_cluster(), now=NOW)
    assert (before.cleared, before.next_change_at) == ((), end)
    after = screen([blocked, fellow], Evidence(), make_cluster(), now=end)
    assert [one.id for one in after.cleared] == ["jyglj/notice/b"]


def test_cleared_item_cannot_be_made_changed_copied_or_pickled() -> None:
    """The type is the gate: nothing else makes one."""
    (cleared,) = screen([make_facts()], Evidence(), make_cluster(), now=NOW).cleared
    with pytest.raises(TypeError):
        ClearedItem(make_facts(), object())
    with pytest.raises(AttributeError):
        cleared.facts = make_facts()  # type: ignore[misc]
    with pytest.raises(TypeError):
        pickle.dumps(cleared)
    with pytest.raises(TypeError):
        copy.copy(cleared)
