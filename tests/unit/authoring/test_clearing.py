"""Clearing, moving, registering, waiting and comparing: the values behind the commands."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.authoring.clearing import (
    Decision,
    check_attested,
    check_step,
    draw_up,
    matching,
    moved_decision,
    next_number,
    number_of,
    parse_attestation,
    parse_step,
    with_record,
)
from generator.authoring.compare import compare
from generator.authoring.desk import item_id_of
from generator.authoring.earlier import Earlier
from generator.authoring.explaining import explain, mentions
from generator.authoring.numbering import check_free
from generator.authoring.presentation import REASONS, present
from generator.authoring.register import register, safe_cell
from generator.authoring.waiting import waiting
from generator.authoring.withdrawing import Withdrawn, with_mark
from generator.authoring.withdrawing import make_withdrawal as file_withdrawal
from generator.authoring.withdrawing import next_number as next_withdrawal_number
from generator.build.report import BuildReport, ItemReport
from generator.clearance.evidence import Evidence
from generator.clearance.gate import screen
from generator.clearance.records import ROLES, Attestation, Step
from generator.clearance.withdrawals import parse_withdrawal
from generator.errors import UsageError
from generator.model import AttachmentFacts, Category, Exemption, Finding, ItemBody, ItemFacts, TextBlock, Verdict
from tests.unit.clearance.clearance_makers import (
    NOW,
    make_cluster,
    make_evidence,
    make_facts,
    make_item,
    make_record,
    make_withdrawal,
    record_file,
)

TODAY = date(2026, 11, 19)
STEPS = {
    "drafter": Step(by="张三", date=TODAY),
    "department": Step(by="李四", date=TODAY, opinion="同意"),
    "secrecy": Step(by="王五", date=TODAY, opinion="不涉密"),
    "approver": Step(by="赵六", date=TODAY),
}
DECISION = Decision(STEPS, "条例第二十条", "同意公开")
FINDING = Finding(
    rule="mobile", severity="block", path="content/x.md", line=1, column=1, masked="138****1234", digest="d" * 64
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三", Step(by="张三", date=TODAY)),
        ("张三,2026-11-01", Step(by="张三", date=date(2026, 11, 1))),
        ("张三，2026-11-01，同意，请尽快", Step(by="张三", date=date(2026, 11, 1), opinion="同意，请尽快")),
        ("张三, 同意", Step(by="张三", date=TODAY, opinion="同意")),
        ("张三,2026年第3次会议同意", Step(by="张三", date=TODAY, opinion="2026年第3次会议同意")),
        (
            "张三,2026-11-01,见2026-10-30纪要",
            Step(by="张三", date=date(2026, 11, 1), opinion="见2026-10-30纪要"),
        ),
    ],
)
def test_step_is_name_date_and_opinion(text: str, expected: Step) -> None:
    """The date is today's unless it is written; Chinese commas do as well."""
    assert parse_step(text, TODAY, "drafter") == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ",2026-11-01", "张三,2026-13-01", "张三,2026-11-1,同意", "张三,2026/11/01"),
        *("张三，2026年11月1日，同意", "张三,20261101", "张三,2026.11.1 ,同意", "张三,2026-11-01 09:00,同意"),
    ],
)
def test_step_that_is_none_is_refused(text: str) -> None:
    """No name, or an impossible date, is an error of usage; a day that is written otherwise is no opinion of today."""
    with pytest.raises(UsageError):
        parse_step(text, TODAY, "drafter")


@pytest.mark.parametrize("day", ["2026年11月17日", "2026/11/17", "2026.11.17", "2026-11-7", "11月17日", "20261117"])
def test_day_that_is_written_otherwise_is_no_opinion(day: str) -> None:
    """Else the record would bear today's date, and the day as what the person thought of it; records are for ever."""
    with pytest.raises(UsageError, match="2026-11-17"):
        parse_step(f"张三，{day}", TODAY, "drafter")
    with pytest.raises(UsageError):
        parse_step(f"张三，{day}，同意公开", TODAY, "drafter")


@pytest.mark.parametrize("text", ["张三，李四,2026-11-01", "张三,同意公开，2026年11月1日", "张三,李四,2026-11-01,同意"])
def test_day_is_not_lost_behind_a_second_name_or_an_opinion(text: str) -> None:
    """Else the record would bear today's date, of one person alone; records are for ever."""
    with pytest.raises(UsageError, match="只写一个人"):
        parse_step(text, TODAY, "drafter")


@pytest.mark.parametrize("role", ["department", "secrecy"])
def test_who_must_say_what_he_thinks_is_asked_for_it(role: str) -> None:
    """The head of the department and the reviewer; in words that say what is missing."""
    with pytest.raises(UsageError, match="意见"):
        parse_step("李四,2026-11-17", TODAY, role)


def test_day_of_approval_may_be_today_and_not_later() -> None:
    """Nobody has decided yet what is dated tomorrow."""
    check_step("approver", STEPS, TODAY)
    with pytest.raises(UsageError, match="2026-11-19"):
        check_step("approver", STEPS, TODAY - timedelta(days=1))


def test_attestation_names_file_and_person() -> None:
    """The file's name may hold an equals sign."""
    assert parse_attestation("a=b.pdf=王五") == Attestation(name="a=b.pdf", by="王五")
    with pytest.raises(UsageError):
        parse_attestation("a.pdf")


def test_record_of_a_decision_clears_the_item() -> None:
    """What ``clear`` writes is what the gate wants."""
    facts = make_facts(files={"a.pdf": "a" * 64})
    record, name, raw = draw_up(facts, DECISION, "jyglj-2026-0001")
    evidence = with_record(Evidence(), record)
    assert screen([facts], evidence, make_cluster("record"), now=NOW).cleared
    assert matching(facts, evidence) == record
    assert name.startswith("gongshi-")
    assert "张三" in raw.decode()


@pytest.mark.parametrize("basis", ["条例第二十条", "条例第十九条", "条例第十三条", "条例第五条"])
def test_record_to_sign_is_the_one_that_the_gate_goes_by(basis: str) -> None:
    """Of two decisions of one day it is the refusal, whichever of their files is named first."""
    facts = make_facts()
    passed, refused = (
        draw_up(facts, Decision(STEPS, basis, conclusion), f"jyglj-2026-{conclusion}")[0]
        for conclusion in ("同意公开", "不予公开")
    )
    evidence = with_record(with_record(Evidence(), passed), refused)
    assert screen([facts], evidence, make_cluster("record"), now=NOW).withheld[0].record == refused.number
    assert matching(facts, evidence) == refused
    gone = msgspec.structs.replace(evidence, lost=frozenset({refused.path}))
    assert matching(facts, gone) == passed  # nobody can sign a file that is not there
    assert screen([facts], gone, make_cluster("record"), now=NOW).cleared  # who then decided knew of it


def test_item_that_cannot_be_read_gets_no_record() -> None:
    """Whoever calls it: what such a record would bind nobody knows."""
    facts = make_facts()
    with pytest.raises(
        UsageError, match=r"^jyglj/notice/gongshi\.md：头部有误，请先改正（make check）。Mend its front"
    ):
        draw_up(msgspec.structs.replace(facts, item=None), DECISION, "jyglj-2026-0001")


def test_decision_that_breaks_a_rule_is_refused_with_the_rule() -> None:
    """One person in two roles writes no record."""
    steps = STEPS | {"approver": Step(by="张三", date=TODAY)}
    with pytest.raises(UsageError, match="distinct persons"):
        draw_up(make_facts(), Decision(steps, "x", "同意公开"), "1")
    with pytest.raises(UsageError, match="结论"):
        draw_up(make_facts(), Decision(STEPS, "x", "同意"), "1")


def test_nobody_attests_a_file_that_no_item_has() -> None:
    """A mistyped name would stand in the record, and the attachment stay unread; of several items each has its own."""
    one, other = make_facts(files={"扫描": "a" * 64}), make_facts()
    right, wrong = Attestation(name="扫描", by="王五"), Attestation(name="扫描件", by="王五")
    with pytest.raises(UsageError, match="扫描件"):
        check_attested([right, wrong], [one, other])
    check_attested([right], [one, other])
    decision = dataclasses.replace(DECISION, attested=(right,))
    assert [draw_up(facts, decision, "1")[0].attested for facts in (one, other)] == [(right,), ()]


def test_moved_item_takes_over_the_decision_on_the_same_content() -> None:
    """``--move`` repeats what was decided, and only for content that is wholly the same."""
    before = make_facts()
    evidence = make_evidence(make_record(before))
    moved = make_facts(make_item("jyglj/policy/gongshi"))
    record, _, _ = draw_up(moved, moved_decision(moved, evidence), "jyglj-2026-0002")
    assert screen([moved], with_record(evidence, record), make_cluster("record"), now=NOW).cleared
    with pytest.raises(UsageError):
        moved_decision(make_facts(make_item("jyglj/policy/gongshi"), body="改过的正文"), evidence)
    with pytest.raises(UsageError):
        moved_decision(make_facts(make_item("jyglj/policy/gongshi"), files={"a": "a" * 64}), evidence)


def test_moved_item_takes_over_no_decision_on_another_file() -> None:
    """An attachment of the same name was exchanged on the way; nor does an item that stays where it was."""
    before = make_facts(files={"a": "a" * 64})
    evidence = make_evidence(make_record(before))
    place = make_item("jyglj/policy/gongshi")
    assert moved_decision(make_facts(place, files={"a": "a" * 64}), evidence).conclusion == "同意公开"
    for other in (make_facts(place, files={"a": "b" * 64}), before):
        with pytest.raises(UsageError):
            moved_decision(other, evidence)


def test_moved_item_takes_over_no_decision_on_other_content() -> None:
    """Where nobody decided on exactly this, somebody has to."""
    old, new = make_facts(), make_facts(make_item("jyglj/policy/gongshi"), body="改过")
    for evidence in (Evidence(), make_evidence(make_record(old)), make_evidence(make_record(new))):
        with pytest.raises(UsageError, match="须重新审查"):
            moved_decision(new, evidence)


def test_numbers_go_on_by_unit_and_year() -> None:
    """A number is one more than the highest of its unit and year."""
    evidence = make_evidence(make_record(make_facts(), number="jyglj-2026-0041"))
    assert next_number("jyglj", 2026, evidence) == "jyglj-2026-0042"
    assert next_number("jyglj", 2027, evidence) == "jyglj-2027-0001"
    assert next_number("sfj", 2026, evidence) == "sfj-2026-0001"
    gone = make_evidence(make_withdrawal(make_facts(), number="jyglj-2026-撤-007"))
    assert next_withdrawal_number("jyglj", 2026, gone) == "jyglj-2026-撤-008"


@pytest.mark.parametrize("number", ["jyglj-2026-0041-kqzvmb", "jyglj-2026-0041"])
def test_numbers_go_on_behind_those_with_letters_and_those_without(number: str) -> None:
    """Old numbers stay valid; what somebody made up counts for nothing."""
    facts = make_facts()
    made_up = [make_record(facts, number=f"jyglj-2026-{one}") for one in ("9001-附", "九", "²", "9" * 5000)]
    evidence = make_evidence(make_record(facts, number=number), *made_up)
    assert next_number("jyglj", 2026, evidence) == "jyglj-2026-0042"


def test_no_two_branches_give_one_number() -> None:
    """Both take the next one: what is numbered tells them apart, and the same decision twice is one file."""
    first, second = make_facts(), make_facts(make_item("jyglj/policy/b"))
    later = Decision(DECISION.steps, "另一依据", DECISION.conclusion)
    numbers = [number_of(facts, made, "jyglj-2026-0001") for facts, made in ((first, DECISION), (second, DECISION))]
    numbers += [number_of(first, later, "jyglj-2026-0001"), number_of(first, DECISION, "jyglj-2026-0001")]
    assert len(set(numbers)) == 3
    assert numbers[0] == numbers[3]
    assert all(re.fullmatch("jyglj-2026-0001-[a-z]{6}", number) for number in numbers)
    gone = [with_mark(withdrawal_of(facts.id, facts, [])) for facts in (first, second)]
    assert len({one.withdrawal.number for one in gone}) == 2
    for one in gone:
        assert parse_withdrawal(one.data, one.withdrawal.path) == one.withdrawal


def test_number_that_is_taken_is_refused() -> None:
    """As long as nothing is filed it can still be put right."""
    evidence = make_evidence(make_record(make_facts()), make_withdrawal(make_facts(), number="w-1"))
    for taken in ("jyglj-2026-0001", "w-1"):
        with pytest.raises(UsageError, match=taken):
            check_free(taken, "jyglj", evidence)
    check_free("jyglj-2026-0001", "sfj", evidence)
    check_free(None, "jyglj", evidence)


# --- the register ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "state"),
    [("abcd", "有效"), ("abc", "签名不全"), ("", "签名不全"), ("aacd", "签名不全")],
    ids=["signed", "one missing", "unsigned", "one key twice"],
)
def test_register_calls_no_record_valid_that_clears_nothing(keys: str, state: str) -> None:
    """Where a unit asks for signatures, a key that was revoked makes every record void that it signed."""
    facts = make_facts()
    record = make_record(facts)
    evidence = make_evidence(record)
    (known,) = evidence.records[facts.id]
    signed = msgspec.structs.replace(known, signed_by=dict(zip(ROLES, keys, strict=False)))
    evidence = msgspec.structs.replace(evidence, records={facts.id: (signed,)})
    period = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    (row,) = rows(register(evidence, {facts.id: facts}, make_cluster("signed"), **period))
    assert row["现状"] == state
    (row,) = rows(register(evidence, {facts.id: facts}, make_cluster("record"), **period))
    assert row["现状"] == "有效"


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_register_lists_the_records_of_a_period_with_their_state() -> None:
    """Both days are included; a record that is void says so, and then tells no title."""
    facts = make_facts()
    evidence = make_evidence(make_record(facts))
    (row,) = rows(
        register(evidence, {facts.id: facts}, make_cluster(), first=date(2026, 11, 19), last=date(2026, 11, 19))
    )
    assert (row["编号"], row["单位"], row["标题"], row["保密审查人"], row["现状"]) == (
        "jyglj-2026-0001",
        "监狱管理局",
        "减刑建议公示",
        "王五",
        "有效",
    )
    changed = {facts.id: make_facts(body="改")}
    (row,) = rows(register(evidence, changed, make_cluster(), first=date(2026, 1, 1), last=date(2026, 12, 31)))
    assert (row["标题"], row["现状"]) == ("", "内容已改，失效")
    (row,) = rows(register(evidence, {}, make_cluster(), first=date(2026, 1, 1), last=date(2026, 12, 31), unit="jyglj"))
    assert (row["标题"], row["现状"]) == ("", "条目已移走或删除")
    assert not rows(register(evidence, {}, make_cluster(), first=date(2026, 11, 20), last=date(2026, 12, 31)))
    assert not rows(register(evidence, {}, make_cluster(), first=date(2026, 1, 1), last=date(2026, 12, 31), unit="sfj"))


def test_register_does_not_call_valid_what_was_decided_otherwise_since() -> None:
    """Neither the record of an item that was withdrawn, nor one that a later decision on the same content took over."""
    facts = make_facts()
    first = make_record(facts)
    period = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    gone = make_evidence(first, make_withdrawal(facts))
    (row,) = rows(register(gone, {facts.id: facts}, make_cluster(), **period))
    assert (row["标题"], row["现状"]) == ("", "已撤回")
    (row,) = rows(register(gone, {}, make_cluster(), **period))
    assert row["现状"] == "已撤回"
    refused = make_record(facts, number="jyglj-2026-0002", conclusion="不予公开")
    both = rows(register(make_evidence(first, refused), {facts.id: facts}, make_cluster(), **period))
    assert {row["编号"]: row["现状"] for row in both} == {
        "jyglj-2026-0001": "已有后来的决定",
        "jyglj-2026-0002": "不公开",
    }


@given(st.text())
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    """A title that begins like a formula must not be one in the reviewer's spreadsheet."""
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell in (text, "'" + text)


def test_formula_in_a_title_is_defused_in_the_register() -> None:
    """The cell is text for the spreadsheet."""
    facts = make_facts(make_item(title='=HYPERLINK("http://x.example","点")'))
    data = register(
        make_evidence(make_record(facts)),
        {facts.id: facts},
        make_cluster(),
        first=date(2026, 1, 1),
        last=date(2026, 12, 31),
    )
    assert rows(data)[0]["标题"].startswith("'=")
    assert data.startswith(b"\xef\xbb\xbf")  # without it a spreadsheet takes it for GBK


# --- waiting ---------------------------------------------------------------------------------


def test_waiting_says_what_for_whom_and_since_when() -> None:
    """The longest first; drafts and what is withdrawn wait for nobody."""
    facts = [
        make_facts(make_item("jyglj/policy/unflagged", confidentiality_cleared=False)),
        make_facts(make_item("jyglj/policy/draft", confidentiality_cleared=False, draft=True)),
        make_facts(make_item("jyglj/policy/unrecorded"), body="没有记录"),
        make_facts(body="改过"),
        make_facts(make_item("jyglj/policy/gone"), body="撤回的"),
    ]
    evidence = make_evidence(make_record(make_facts()), make_withdrawal(facts[-1]))
    cluster = make_cluster("record")
    screening = screen(facts, evidence, cluster, now=NOW)
    changed = {"jyglj/policy/unrecorded.md": date(2026, 1, 1), "jyglj/policy/unflagged.md": date(2026, 2, 1)}
    found = waiting(screening, evidence, cluster, changed)
    assert [(one.item, one.since) for one in found] == [
        ("jyglj/policy/unrecorded", date(2026, 1, 1)),
        ("jyglj/policy/unflagged", date(2026, 2, 1)),
        ("jyglj/notice/gongshi", None),
    ]
    assert "承办人" in found[1].whom
    assert not waiting(screening, evidence, cluster, changed, unit="sfj")


def test_what_is_faulty_or_waits_for_its_group_is_told_apart() -> None:
    """The one is for its editor to mend, the other for nobody but the rest of its group."""
    partner = make_facts(make_item("jyglj/policy/partner", release_group="g", confidentiality_cleared=False))
    facts = [
        make_facts(make_item("jyglj/policy/member", release_group="g")),
        msgspec.structs.replace(make_facts(make_item("jyglj/policy/faulty")), item=None),
        make_facts(make_item("jyglj/policy/blocked"), findings=(FINDING,)),
        partner,
    ]
    screening = screen(facts, Evidence(), make_cluster(), now=NOW)
    assert [(one.item, one.what) for one in waiting(screening, Evidence(), make_cluster(), {})] == [
        ("jyglj/policy/blocked", "改正检查发现的问题（make check）"),
        ("jyglj/policy/faulty", "改正检查发现的问题（make check）"),
        ("jyglj/policy/member", "等同组条目"),
        ("jyglj/policy/partner", "送保密审查"),
    ]


def test_waiting_sends_nobody_to_write_a_record_beside_a_damaged_one() -> None:
    """It would change nothing: first the damaged one is restored, or removed."""
    facts = make_facts()
    file = record_file(make_record(facts))
    evidence = make_evidence(make_record(facts, number="n-2"), file._replace(raw=file.raw + b"#"))
    cluster = make_cluster("record")
    (one,) = waiting(screen([facts], evidence, cluster, now=NOW), evidence, cluster, {})
    assert "损坏" in one.what


def test_waiting_names_who_has_yet_to_sign() -> None:
    """Under ``signed`` a record waits for the persons whose signatures are missing."""
    facts = make_facts()
    record = msgspec.structs.replace(make_record(facts), signed_by={"drafter": "k1", "secrecy": "k3"})
    evidence = with_record(Evidence(), record)
    cluster = make_cluster("signed")
    (one,) = waiting(screen([facts], evidence, cluster, now=NOW), evidence, cluster, {})
    assert one.whom == "部门负责人 李四、批准人 赵六"


# --- comparing ---------------------------------------------------------------------------------


def test_comparison_tells_what_would_be_published_changed_and_unpublished() -> None:
    """And which of those that go were taken off by somebody."""
    ids = ["a", "b", "c", "d", "e"]
    before = screen([make_facts(make_item(f"jyglj/policy/{one}")) for one in ids], Evidence(), make_cluster(), now=NOW)
    after = screen(
        [
            make_facts(make_item("jyglj/policy/a")),
            make_facts(make_item("jyglj/policy/b"), body="改"),
            make_facts(make_item("jyglj/policy/c", confidentiality_cleared=False)),
            make_facts(make_item("jyglj/policy/d", audience="family")),
            make_facts(make_item("jyglj/policy/f")),
        ],
        Evidence(),
        make_cluster(),
        now=NOW,
    )
    found = compare(before, after)
    assert [(one.item, one.meant) for one in found.publishes] == [("jyglj/policy/f", True)]
    assert [(one.item, one.meant) for one in found.changes] == [("jyglj/policy/b", True)]
    assert [(one.item, one.verdict, one.meant) for one in found.unpublishes] == [
        ("jyglj/policy/c", "uncleared", True),
        ("jyglj/policy/d", "audience", False),
        ("jyglj/policy/e", "deleted", True),
    ]
    assert [one.item for one in found.accidents] == ["jyglj/policy/d"]


def test_comparison_notices_what_no_record_binds() -> None:
    """Readers see where an item stands first, and whither its old addresses lead."""
    before = screen(
        [make_facts(make_item(f"jyglj/policy/{one}")) for one in "abc"], Evidence(), make_cluster(), now=NOW
    )
    pinned = make_facts(make_item("jyglj/policy/b", pinned=True))
    moved = make_facts(make_item("jyglj/policy/c", redirect_from=("old.html",)))
    after = screen([make_facts(make_item("jyglj/policy/a")), pinned, moved], Evidence(), make_cluster(), now=NOW)
    assert [one.item for one in compare(before, after).changes] == ["jyglj/policy/b", "jyglj/policy/c"]


def test_comparison_tells_the_words_of_tombstones() -> None:
    """They are public, and nobody clears them: whoever merges them reads them first."""
    facts = make_facts()
    before = screen([facts], Evidence(), make_cluster(), now=NOW)
    stone = make_withdrawal(facts, tombstone=True, reason="依法\n撤销")
    after = screen([facts], make_evidence(stone), make_cluster(), now=NOW)
    assert compare(before, after).tombstones == ((facts.id, "依法\n撤销"),)
    assert compare(after, after).tombstones == ()


def test_comparison_with_itself_is_empty() -> None:
    """No change, no line."""
    same = screen([make_facts()], Evidence(), make_cluster(), now=NOW)
    assert compare(same, same) == ((), (), (), ())


# --- withdrawing -------------------------------------------------------------------------------


def test_withdrawal_binds_no_body_that_many_items_have() -> None:
    """“见附件。” says nothing of its own: all that say it would go with it."""
    facts = make_facts(length=5)
    made = withdrawal_of(facts.id, facts, [facts, make_facts(make_item("jyglj/policy/c"), length=5)])
    assert (made.withdrawal.body, made.copies) == ("", ())


def test_withdrawal_binds_id_text_attachments_and_index_number() -> None:
    """But not an attachment that another item has as well: that one is told."""
    facts = make_facts(
        make_item(index_number="0/2026-1"), files={"own.pdf": "a" * 64, "shared.pdf": "b" * 64}, length=40
    )
    other = make_facts(make_item("jyglj/policy/b"), body="另一条", files={"x.pdf": "b" * 64})
    copy = make_facts(make_item("jyglj/policy/c"), length=40)
    made = withdrawal_of(facts.id, facts, [facts, other, copy])
    assert made.withdrawal.attachments == ("a" * 64,)
    assert made.withdrawal.index_number == "0/2026-1"
    assert made.withdrawal.body == facts.text_digest
    assert made.shared == ("jyglj/policy/b",)
    assert made.copies == ("jyglj/policy/c",)


def test_withdrawal_binds_what_the_item_said_before() -> None:
    """But nothing that another item says or has today."""
    facts = make_facts(make_item("jyglj/policy/a"), length=40)
    other = make_facts(make_item("jyglj/policy/b"), body="另一条", files={"x.pdf": "b" * 64})
    earlier = Earlier(frozenset({"1" * 64, facts.text_digest, other.text_digest}), frozenset({"a" * 64, "b" * 64}))
    made = file_withdrawal(
        facts.id,
        facts,
        [facts, other],
        number="n",
        by="赵六",
        reason="有误",
        day=TODAY,
        tombstone=False,
        earlier=earlier,
    )
    assert made.withdrawal.earlier == ("1" * 64,)
    assert made.withdrawal.attachments == ("a" * 64,)
    assert made.withdrawal.bodies == (facts.text_digest, "1" * 64)


def withdrawal_of(item_id: str, facts: ItemFacts | None, others: list[ItemFacts], reason: str = "有误") -> Withdrawn:
    return file_withdrawal(item_id, facts, others, number="n", by="赵六", reason=reason, day=TODAY, tombstone=True)


def test_withdrawal_of_an_item_whose_source_is_gone_binds_its_id() -> None:
    """An id is enough; one that is none, or no reason, is refused."""
    made = withdrawal_of("jyglj/policy/gone", None, [])
    assert (made.withdrawal.item, made.withdrawal.body) == ("jyglj/policy/gone", "")
    with pytest.raises(UsageError):
        withdrawal_of("jyglj/gone", None, [])
    with pytest.raises(UsageError):
        withdrawal_of("jyglj/policy/gone", None, [], reason=" ")


# --- presenting --------------------------------------------------------------------------------


def test_presentation_shows_all_that_would_be_published() -> None:
    """Title, metadata, text, attachments; long attachments in full where asked for."""
    facts = make_facts(make_item(issuer="示例市监狱管理局"), files={"a.pdf": "a" * 64})
    text = "\n".join(f"第{n}行" for n in range(40))
    body = ItemBody(
        html="", headings=(), blocks=(TextBlock(anchor="", text="正文第一段"),), attachment_texts=(("a.pdf", text),)
    )
    cluster = msgspec.structs.replace(
        make_cluster(), categories=(Category(id="notice", name="公告", name_en="Notice"),)
    )
    short = "\n".join(present(facts, body, cluster))
    assert all(word in short for word in ("减刑建议公示", "示例市监狱管理局", "正文第一段", "a.pdf", "第0行", "--full"))
    assert "第39行" not in short
    assert "第39行" in "\n".join(present(facts, body, cluster, full=True))


def test_presentation_tells_what_no_reader_of_the_page_is_shown() -> None:
    """What is taken off a file, that nobody can read one, and what was allowed by whom."""
    exemption = Exemption(rule="mobile", match="138****1234", digest="d" * 64, reason="监督电话", by="赵六")
    facts = make_facts(make_item(exemptions=(exemption,), extra={"other": "另一项"}))
    files = (
        AttachmentFacts(
            name="a.pdf",
            safe_name="a.pdf",
            title="甲",
            kind="pdf",
            size=1,
            sha256="a" * 64,
            published_sha256="b" * 64,
            removed=("author", "xmp"),
            stripped=True,
        ),
        AttachmentFacts(
            name="b.doc",
            safe_name="b.doc",
            title="乙",
            kind="doc",
            size=1,
            sha256="c" * 64,
            published_sha256="c" * 64,
            readable=False,
        ),
    )
    facts = msgspec.structs.replace(facts, attachments=files)
    body = ItemBody(html="", headings=(), blocks=(), attachment_texts=(("b.doc", "猜的文字"),))
    cluster = msgspec.structs.replace(
        make_cluster(), categories=(Category(id="notice", name="公告", name_en="Notice"),)
    )
    shown = "\n".join(present(facts, body, cluster))
    assert "author、xmp" in shown
    assert "b" * 64 in shown
    assert "--attest" in shown
    assert "猜的文字" not in shown
    assert "mobile 138****1234 —— 监督电话（赵六）" in shown
    assert "另一项" in shown


def test_attachment_hides_nothing_from_who_reads_it_on_a_terminal() -> None:
    """A sign for the terminal, as a PDF may say that one of its letters is, must not act on it but be seen."""
    facts = make_facts(files={"a.pdf": "a" * 64})
    text = "同意\x1b[8m隐藏的话\x1b[0m，\u202e反过来\u202c\x9b2K"
    body = ItemBody(html="", headings=(), blocks=(), attachment_texts=(("a.pdf", text),))
    cluster = msgspec.structs.replace(
        make_cluster(), categories=(Category(id="notice", name="公告", name_en="Notice"),)
    )
    shown = "\n".join(present(facts, body, cluster))
    assert "同意<U+001B>[8m隐藏的话<U+001B>[0m，<U+202E>反过来<U+202C><U+009B>2K" in shown


def test_link_to_a_page_of_the_same_name_elsewhere_is_no_mention(tmp_path: Path) -> None:
    """Neither on another site nor in another folder; the page itself is told of anyway."""
    page, host = "sfj/policy/a.html", "https://www.shi.example/"
    pages = {page: "a.html", "sfj/index.html": "policy/a.html?x#y", "sfj/feed.xml": f"{host}{page}"}
    pages |= {"index.html": "jyglj/policy/a.html", "units.html": f"https://elsewhere.example/{page}"}
    for name, link in pages.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f'<a href="{link}">', "utf-8")
    assert list(mentions(tmp_path, page, {host})) == ["sfj/feed.xml", "sfj/index.html"]


def test_explanation_tells_when_and_what_the_last_build_saw() -> None:
    """An item that is still to come says when; one that was edited since says that it was."""
    later = datetime(2026, 12, 1, 9, tzinfo=NOW.tzinfo)
    facts = make_facts(make_item(date=later))
    screening = screen([facts], Evidence(), make_cluster(), now=NOW)

    def explained(report: BuildReport | None) -> str:
        return "\n".join(explain(facts.id, screening, (), report))

    def built(**items: ItemReport) -> BuildReport:
        return BuildReport(manifest_sha256="", kind="release", now=NOW, items=items)

    assert f"将于 {later.isoformat()} 发布" in explained(None)
    assert "还没有构建过" in explained(None)
    assert "中没有这个条目" in explained(built())
    same = ItemReport(path=facts.path, verdict=Verdict.SCHEDULED, digest=facts.digest)
    assert "此后内容有变" not in explained(built(**{facts.id: same}))
    assert "此后内容有变" in explained(built(**{facts.id: msgspec.structs.replace(same, digest="0" * 64)}))
    assert "内容中没有 a/b/c" in "\n".join(explain("a/b/c", screening, (), None))


@pytest.mark.parametrize(
    "named",
    ["sfj/policy/a", "sfj/policy/a.md", "sfj/policy/a/index.md", "content/sfj/policy/a.md", "{}/sfj/policy/a/index.md"],
)
def test_item_may_be_named_in_any_way(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its id, and by the path of its file as a shell completes it."""
    content = tmp_path / "content"
    content.mkdir()
    monkeypatch.chdir(tmp_path)
    assert item_id_of(named.format(content), content) == "sfj/policy/a"


def test_path_elsewhere_names_no_item_of_ours(tmp_path: Path) -> None:
    """Another folder of the same shape is not taken for this one's."""
    (tmp_path / "content").mkdir()
    assert item_id_of(str(tmp_path / "other/sfj/policy/a.md"), tmp_path / "content").count("/") > 2


def test_every_verdict_has_a_reason() -> None:
    """``explain`` and ``clear`` can say each of them."""
    assert REASONS.keys() == set(Verdict)
