"""Records, withdrawals and signatures: what is believed, and that whatever is not believed publishes nothing."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.clearance import records, signatures, withdrawals
from generator.clearance.digests import UNBOUND, front_parts, item_digest, normalise_text, text_digest
from generator.clearance.evidence import Evidence, EvidenceFile, load_evidence, parse_evidence
from generator.clearance.fields import parse_day
from generator.clearance.gate import screen
from generator.clearance.records import Record, Step
from generator.clearance.remembered import REMEMBERED
from generator.clearance.withdrawals import Withdrawal
from generator.errors import UsageError
from generator.model import Item, ItemFacts, ParsedItem, Verdict
from tests.unit.clearance.clearance_makers import (
    BODY,
    NOW,
    make_cluster,
    make_evidence,
    make_facts,
    make_item,
    make_record,
    make_withdrawal,
    record_file,
    withdrawal_file,
)

# --- digests -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "same", ["甲\n乙\n", "甲\r\n乙\r\n", "甲 \n乙\n\n\n", "\n甲\n乙", "甲\t\n乙", "甲\r乙"], ids=range(6)
)
def test_digest_of_a_body_ignores_line_ends_and_trailing_white_space(same: str) -> None:
    """What no reader can see does not void a clearance."""
    assert text_digest(same) == text_digest("甲\n乙\n")


@pytest.mark.parametrize("other", ["甲乙\n", "甲  \n乙\n", "甲\n\n乙\n", "甲\n乙。\n", "甲\n 乙\n"])
def test_digest_of_a_body_tells_every_visible_change(other: str) -> None:
    """A hard break, a paragraph, an indentation or a character is a change."""
    assert text_digest(other) != text_digest("甲\n乙\n")


@pytest.mark.parametrize(
    ("cleared", "shown"),
    [
        ("<!-- 内部意见 -->\n\n甲\n", "    <!-- 内部意见 -->\n\n甲\n"),
        ("<!-- 内部意见 -->\n\n甲\n", "\n \n     <!-- 内部意见 -->\n\n甲\n"),
        ("\u1fef<!-- 内部意见 -->\u1fef\n", "`<!-- 内部意见 -->`\n"),
        ("&lt\u037e!-- 内部意见 -->\n", "&lt;!-- 内部意见 -->\n"),
        ("<!-- 内部意见 --\u226f\n", "<!-- 内部意见 -->\u0338\n"),
    ],
    ids=["code", "code-after-blank-lines", "backquote", "entity", "end-of-comment"],
)
def test_digest_of_a_body_tells_what_lets_markdown_read_it_otherwise(cleared: str, shown: str) -> None:
    """A comment that becomes code is shown: neither an indented first line nor a sign's other form is the same."""
    assert text_digest(cleared) != text_digest(shown)


@pytest.mark.parametrize("same", ["   甲\n乙\n", "\n  \n甲\n乙\n", "  甲\n乙"])
def test_digest_of_a_body_ignores_an_indentation_that_means_nothing(same: str) -> None:
    """Up to three blanks before the first line are no code."""
    assert text_digest(same) == text_digest("甲\n乙\n")


def test_digest_of_a_body_ignores_how_a_letter_is_composed() -> None:
    """Both look alike, and a keyboard or an editor chooses."""
    assert text_digest("e\u0301") == text_digest("\u00e9")


@given(st.text("甲e` \t\n\u1fef\u037e\u0338<\u0301") | st.text())
def test_normalising_a_body_twice_changes_nothing(text: str) -> None:
    """A body that is stored as normalised has the same digest."""
    once = normalise_text(text)
    assert normalise_text(once) == once


CHANGES: dict[str, Any] = {
    "title": "另一标题",
    "date": NOW,
    "audience": "family",
    "summary": "x",
    "issuer": "x",
    "keywords": ("x",),
    "expires_on": NOW,
    "effective_on": date(2026, 1, 1),
    "interprets": ("a/b/c",),
    "image": "x.png",
    "extra": {"opinions": "x"},
}


@pytest.mark.parametrize("key", CHANGES)
def test_digest_of_an_item_binds_what_is_shown(key: str) -> None:
    """Each shown field is a part of its own, so that a void record can say which one changed."""
    before, after = front_parts(make_item()), front_parts(make_item(**{key: CHANGES[key]}))
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {"extra.opinions" if key == "extra" else key}


def test_every_field_is_bound_but_those_named_with_a_reason() -> None:
    """A field that is added to the format is bound unless somebody decides otherwise."""
    assert {name for name in Item.__struct_fields__ if name in UNBOUND} == UNBOUND
    assert len(UNBOUND) == 11


def test_item_without_front_matter_has_no_digest() -> None:
    """Nothing can clear what cannot be read."""
    assert item_digest(ParsedItem(id="a/b/c", path="a/b/c.md", item=None, body="x")) == ""


# --- records ------------------------------------------------------------------------------


def parse(record: Record) -> Record | tuple[Any, ...]:
    file = record_file(record)
    return records.parse_record(file.raw, file.path)


def test_record_survives_being_written_and_read() -> None:
    """The file says all that the record says."""
    facts = make_facts(files={"名单 1.pdf": "a" * 64, "no": "b" * 64})
    record = make_record(
        facts,
        attested=(records.Attestation(name="名单 1.pdf", by="王五"),),
        republishes="w-1",
        basis="依据: “条例”\n第二十条 # 不是注释",
    )
    again = parse(record)
    assert isinstance(again, Record)
    assert msgspec.structs.replace(again, path="") == msgspec.structs.replace(record, path="")


def faults(record: Record) -> list[str]:
    found = parse(record)
    assert not isinstance(found, Record)
    return [one.code for one in found]


@pytest.mark.parametrize(
    "name",
    [
        "张 三",
        "张\u3000三",
        "张\u200b三",
        "张\ufeff三",
        "张三．",
        "张三、",
        "张三主任",
        "张三（副处长）",
        "张三 同志",
        "张三党委书记",
        *(
            "張三",
            "“张三”",
            "张三*",
            "张三（代）",
            "张三(兼)",
            "张三（签字）",
            "张三代签",
            "张三（已审）",
            "张三（局长）（签章）",
        ),
        *("张三（法规处）", "李某某、张三", "张三/钱某某"),
        *("张三｜钱某某", "钱某某&张三", "张三＋钱某某", "钱某某\n张三"),
        *("张三\u3164", "\u115f张三", "张\uffa0三", "张三\u2800", "张三\U000e0fff"),
    ],
)
def test_one_person_spelt_otherwise_is_no_second_one(name: str) -> None:
    """Spaces, signs that nobody sees, marks, titles, how and beside whom somebody signed make nobody of one two."""
    record = make_record(make_facts())
    again = Step(by=name, date=date(2026, 11, 18), opinion="可")
    assert faults(msgspec.structs.replace(record, secrecy=again)) == ["record-same-person"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王局长", "王科长"),
        ("李副局长", "李副处长"),
        ("张伟（一科）", "张伟（二科）"),
        ("张三", "张三丰"),
        ("张伟（一科）、李某某", "张伟（二科）"),
        ("张\ue000", "张\ue001"),
        ("张\U0002ebf0", "张\U0002ebf1"),
    ],
)
def test_persons_that_may_be_two_stay_two(one: str, other: str) -> None:
    """A surname is nobody's name, and what tells two of one name apart is kept."""
    record = make_record(make_facts())
    step = Step(by=one, date=record.secrecy.date, opinion="可")
    assert isinstance(
        parse(msgspec.structs.replace(record, secrecy=step, drafter=Step(by=other, date=date(2026, 11, 1)))), Record
    )


@pytest.mark.parametrize("day", ["2026-W47-4", "2026-11-1 ", "２０２６-11-19", "20261119  "])
def test_day_is_written_in_one_way(day: str) -> None:
    """A register of days that everybody reads alike."""
    assert parse_day(day) is None


def test_record_whose_persons_are_not_distinct_clears_nothing() -> None:
    """Four roles, four persons."""
    record = make_record(make_facts())
    assert faults(msgspec.structs.replace(record, secrecy=Step(by="张三", date=date(2026, 11, 18), opinion="可"))) == [
        "record-same-person"
    ]


def test_record_whose_dates_are_not_in_order_clears_nothing() -> None:
    """Nobody approves what has not been reviewed yet."""
    record = make_record(make_facts(), approver=Step(by="赵六", date=date(2026, 11, 16)))
    assert faults(record) == ["record-date-order"]


@pytest.mark.parametrize(
    "change", [("conclusion", "逾期未确定视为同意公开"), ("conclusion", ""), ("conclusion", "同意")]
)
def test_record_knows_only_the_five_conclusions(change: tuple[str, str]) -> None:
    """A missing answer is never taken for consent."""
    assert faults(make_record(make_facts(), **dict([change]))) == ["record-conclusion"]


def edited(record: Record, edit: Any) -> EvidenceFile:
    """The record's file after an edit, under the name that its bytes must bear: a careful forger's."""
    file = record_file(record)
    raw = edit(file.raw)
    return EvidenceFile(file.unit, file.folder, records.record_name(records.slug_of(file.name) or "", raw), raw)


EDITS: dict[str, Any] = {
    "no approver": lambda raw: raw.replace(b"approver:", b"aprover:"),
    "approver twice": lambda raw: raw + "approver: {by: 钱七, date: 2026-11-19}\n".encode(),
    "impossible date": lambda raw: raw.replace(b"2026-11-19", b"2026-11-31"),
    "no opinion": lambda raw: raw.replace("  opinion: 不涉密\n".encode(), b""),
    "anchor": lambda raw: raw.replace(b"number: ", b"number: &a "),
    "tag": lambda raw: raw.replace(b"number: ", b"number: !!str "),
    "other digest": lambda raw: raw.replace(b"sha256: ", b"sha256: 0"),
    "other part": lambda raw: raw.replace(b"body: ", b"body: 0"),
    "a list": lambda raw: b"- 1\n",
    "nothing": lambda raw: b"",
    "not UTF-8": lambda raw: raw.decode().encode("gbk") + b"\xff",
    "unknown key": lambda raw: raw + b"force: true\n",
    "other item's slug": lambda raw: raw.replace(b"/gongshi", b"/other"),
    "a key that steers": lambda raw: raw.replace(b"number: jyglj", rb'"n\e[2J": a' + b"\nnumber: jyglj"),
    "a name that steers": lambda raw: raw.replace("by: 张三".encode(), rb'by: "a\u202eb"'),
    "blank number": lambda raw: raw.replace(b"number: jyglj-2026-0001", b"number: ' '"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_spoilt_record_clears_nothing_and_still_binds(edit: str) -> None:
    """Spoiling a record never frees its item from it, not even under the policy ``flag``."""
    facts = make_facts()
    evidence = make_evidence(edited(make_record(facts), EDITS[edit]))
    assert evidence.diagnostics
    screening = screen([facts], evidence, make_cluster("flag"), now=NOW)
    assert [one.verdict for one in screening.withheld] == [Verdict.NO_RECORD]


def test_evidence_does_not_steer_the_terminal_on_which_it_is_told() -> None:
    """As escapes its characters pass every look at the file; the report shows names, numbers and reasons."""
    facts = make_facts()
    withdrawal = withdrawal_file(make_withdrawal(facts))
    raw = withdrawal.raw.replace(b"by: ", rb'by: "\e[2K"' + b" # ")
    spoilt = withdrawal._replace(raw=raw, name=withdrawals.withdrawal_name("gongshi", date(2026, 11, 23), raw))
    found = make_evidence(edited(make_record(facts), EDITS["a name that steers"]), spoilt).diagnostics
    assert [one.code for one in found] == ["evidence-character", "evidence-character"]
    assert "\x1b" not in "".join(one.format() for one in found)


def test_spoilt_record_binds_even_beside_a_good_one() -> None:
    """The damaged one may be the later refusal."""
    facts = make_facts()
    refusal = make_record(facts, number="jyglj-2026-0002", conclusion="不予公开")
    evidence = make_evidence(
        make_record(facts), edited(refusal, EDITS["blank number"]), edited(refusal, EDITS["no opinion"])
    )
    screening = screen([facts], evidence, make_cluster("record"), now=NOW)
    assert [one.verdict for one in screening.withheld] == [Verdict.NO_RECORD]


def test_record_edited_in_place_is_told_by_its_name() -> None:
    """The name carries the digest of the bytes."""
    file = record_file(make_record(make_facts()))
    evidence = parse_evidence([file._replace(raw=file.raw.replace("王五".encode(), "孙八".encode()))])
    assert [one.code for one in evidence.diagnostics] == ["record-altered"]
    assert not evidence.records


def test_record_whose_name_is_no_utf_8_is_told_and_binds() -> None:
    """It may be the record of any item that it speaks of, and its name can be printed and written."""
    record = make_record(make_facts(make_item("sfj/policy/banfa")))
    spoilt = record_file(record)._replace(name="banfa\udcff-1a2b3c4d.yml")
    evidence = parse_evidence([spoilt])
    assert [(one.code, one.path) for one in evidence.diagnostics] == [
        ("record-altered", "content/sfj/_clearance/banfa\\udcff-1a2b3c4d.yml")
    ]
    assert "sfj/policy/banfa" in evidence.suspect


def test_record_is_the_same_after_git_turned_its_line_ends() -> None:
    """A checkout on Windows voids nothing."""
    file = record_file(make_record(make_facts()))
    evidence = parse_evidence([file._replace(raw=file.raw.replace(b"\n", b"\r\n"))])
    assert not evidence.diagnostics
    assert evidence.records


def test_record_in_the_folder_of_another_unit_is_not_believed() -> None:
    """One unit does not clear for another."""
    evidence = parse_evidence([record_file(make_record(make_facts()))._replace(unit="sfj")])
    assert [one.code for one in evidence.diagnostics] == ["evidence-unit"]
    assert not evidence.records


def test_number_used_twice_is_told() -> None:
    """Two records of one unit with one number are a warning: the register would be ambiguous."""
    one, other = make_record(make_facts()), make_record(make_facts(make_item("jyglj/policy/b")))
    evidence = make_evidence(one, other)
    assert [(said.code, said.severity) for said in evidence.diagnostics] == [("evidence-number", "warning")]


def test_number_used_twice_is_put_right_by_a_later_record() -> None:
    """Nobody may alter the two, but one of the items can be cleared anew."""
    one, other = make_record(make_facts()), make_record(make_facts(make_item("jyglj/policy/b")))
    again = make_record(make_facts(make_item("jyglj/policy/b")), number="jyglj-2026-0002")
    assert not make_evidence(one, other, again).diagnostics
    assert make_evidence(one, other, make_record(make_facts(), number="jyglj-2026-0000")).diagnostics


def test_later_permission_for_the_same_content_lifts_a_refusal_elsewhere() -> None:
    """The last decision on a content counts, whatever the address it was taken for."""
    first = make_facts(make_item("jyglj/notice/yuan"))
    moved = make_facts(make_item("jyglj/notice/xin"))
    refusal = make_record(first, number="jyglj-2026-0001", conclusion="不予公开")
    again = make_record(
        make_facts(make_item("jyglj/notice/zai")),
        number="jyglj-2026-0002",
        approver=Step(by="赵六", date=date(2026, 11, 20)),
    )
    refused = screen([moved], make_evidence(refusal), make_cluster(), now=NOW)
    assert [one.verdict for one in refused.withheld] == [Verdict.REFUSED]
    assert [one.code for one in refused.diagnostics] == ["record-refused-copy"]
    assert screen([moved], make_evidence(refusal, again), make_cluster(), now=NOW).cleared


@pytest.mark.parametrize("lifting", ["jyglj/notice/zai", "sfj/notice/zai"])
def test_permission_that_nobody_signed_lifts_no_refusal_where_signatures_are_wanted(lifting: str) -> None:
    """Whoever can write a file has not decided for four persons; with their signatures it counts."""
    keys = {role: f"SHA256:{role}" for role in records.ROLES}
    facts = make_facts(make_item("jyglj/notice/yuan"))
    first = make_record(facts, signed_by=keys, approver=Step(by="赵六", date=date(2026, 11, 18)))
    refusal = make_record(make_facts(make_item("jyglj/notice/xin")), conclusion="不予公开")
    again = make_record(make_facts(make_item(lifting)), approver=Step(by="赵六", date=date(2026, 11, 20)))

    def verdicts(permission: Record) -> list[Verdict]:
        found = {one.item: (one,) for one in (first, refusal, permission)}
        return [
            one.verdict for one in screen([facts], Evidence(records=found), make_cluster("signed"), now=NOW).withheld
        ]

    assert verdicts(again) == [Verdict.REFUSED]
    assert verdicts(msgspec.structs.replace(again, signed_by=dict.fromkeys(records.ROLES, "one key"))) == [
        Verdict.REFUSED
    ]
    assert verdicts(msgspec.structs.replace(again, signed_by=keys)) == []


def test_short_body_is_no_copy_of_a_refused_one() -> None:
    """「见附件。」 says nothing by which it could be told from others."""
    refusal = make_record(make_facts(make_item("jyglj/notice/yuan"), "见附件。\n"), conclusion="不予公开")
    other = make_facts(make_item("jyglj/notice/xin", title="别的事"), "见附件。\n", length=4)
    assert screen([other], make_evidence(refusal), make_cluster(), now=NOW).cleared


def test_moved_item_is_told_that_its_record_stays_behind() -> None:
    """Under the policy ``flag`` it stays public; of a copy beside the cleared item nothing is said."""
    first, moved = make_facts(make_item("jyglj/notice/yuan")), make_facts(make_item("jyglj/notice/xin"))
    evidence = make_evidence(make_record(first))
    alone = screen([moved], evidence, make_cluster(), now=NOW)
    assert [one.facts.id for one in alone.cleared] == ["jyglj/notice/xin"]
    assert [(one.code, one.severity) for one in alone.diagnostics] == [("record-left", "warning")]
    assert screen([first, moved], evidence, make_cluster(), now=NOW).diagnostics == ()


# --- withdrawals -----------------------------------------------------------------------------


def test_withdrawal_survives_being_written_and_read() -> None:
    """The file says all that the withdrawal says."""
    gone = make_withdrawal(
        make_facts(files={"a": "a" * 64}),
        tombstone=True,
        basis="行政处罚法第四十八条",
        index_number="0/1",
        earlier=("b" * 64,),
    )
    file = withdrawal_file(gone)
    again = withdrawals.parse_withdrawal(file.raw, file.path)
    assert isinstance(again, Withdrawal)
    assert msgspec.structs.replace(again, path="") == gone


@pytest.mark.parametrize(
    "edit",
    [
        lambda raw: raw.replace(b"tombstone: false", b"tombstone: maybe"),
        lambda raw: raw.replace(b"item:", b"itm:"),
        lambda raw: raw.replace(b"2026-11-23", b"2026-13-23"),
        lambda raw: b"{",
        lambda raw: raw + b"undo: true\n",
        lambda raw: raw.replace("reason: 处罚".encode(), rb'reason: "\a"' + b" # "),
    ],
    ids=range(6),
)
@pytest.mark.parametrize("renamed", [True, False])
def test_spoilt_withdrawal_still_withholds(edit: Any, renamed: bool) -> None:
    """Spoiling a withdrawal brings nothing back."""
    facts = make_facts()
    file = withdrawal_file(make_withdrawal(facts))
    raw = edit(file.raw)
    name = withdrawals.withdrawal_name("gongshi", date(2026, 11, 23), raw) if renamed else file.name
    evidence = parse_evidence([file._replace(raw=raw, name=name)])
    assert evidence.diagnostics
    assert [one.verdict for one in screen([facts], evidence, make_cluster(), now=NOW).withheld] == [Verdict.WITHDRAWN]


def test_nobody_is_told_to_remove_a_withdrawal() -> None:
    """The hook refuses it, and rightly so."""
    name = withdrawals.withdrawal_name("gongshi", date(2026, 11, 23), b"- 1\n")
    (told,) = parse_evidence([EvidenceFile("jyglj", withdrawals.FOLDER, name, b"- 1\n")]).diagnostics
    assert told.code == "evidence-syntax"
    assert "撤回文件不得删去" in told.hint()


def test_renamed_withdrawal_still_withholds_its_item() -> None:
    """A withdrawal under a name that none bears is a fault, and binds the item that it names."""
    facts = make_facts()
    evidence = parse_evidence([withdrawal_file(make_withdrawal(facts))._replace(name="x.yml")])
    assert [one.code for one in evidence.diagnostics] == ["withdrawal-name"]
    assert [one.verdict for one in screen([facts], evidence, make_cluster(), now=NOW).withheld] == [Verdict.WITHDRAWN]


# --- signatures --------------------------------------------------------------------------------

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


class Bureau:
    """A unit whose four persons have keys."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content, self.sites = root / "content", root / "sites"
        self.sites.mkdir()
        self.folder = self.content / "jyglj" / records.FOLDER
        self.folder.mkdir(parents=True)
        lines = []
        for number, person in enumerate(("张三", "李四", "王五", "赵六")):
            key = self.key(number)
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
            lines.append(
                f'{person} namespaces="{signatures.NAMESPACE}" {key.with_suffix(".pub").read_text().strip()}\n'
            )
        (self.sites / "allowed_signers").write_text("".join(lines), encoding="utf-8")

    def key(self, number: int) -> Path:
        return self.root / f"key{number}"

    def file(self, record: Record, keys: tuple[int | None, ...] = (0, 1, 2, 3)) -> None:
        raw = records.format_record(record)
        name = records.record_name("gongshi", raw)
        (self.folder / name).write_bytes(raw)
        for role, number in zip(records.ROLES, keys, strict=True):
            if number is not None:
                signature = signatures.sign(raw, self.key(number))
                (self.folder / signatures.signature_name(name, role)).write_bytes(signature)

    def judge(self, facts: ItemFacts, verified: dict[str, str] | None = None) -> list[str]:
        cluster = make_cluster("signed")
        evidence = load_evidence(self.content, self.sites, cluster, verified=verified)
        screening = screen([facts], evidence, cluster, now=NOW)
        return ["published"] if screening.cleared else [one.code for one in screening.diagnostics]


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path)


@needs_ssh
def test_signed_policy_passes_with_four_signatures(bureau: Bureau) -> None:
    """Each of the four signs the record with a key of their own."""
    facts = make_facts()
    bureau.file(make_record(facts))
    assert bureau.judge(facts) == ["published"]


@needs_ssh
@pytest.mark.parametrize("keys", [(None, 1, 2, 3), (0, 1, None, 3), (0, 1, 2, None), (None,) * 4])
def test_signed_policy_withholds_when_a_signature_is_missing(bureau: Bureau, keys: tuple[int | None, ...]) -> None:
    """Three of four do not suffice."""
    facts = make_facts()
    bureau.file(make_record(facts), keys)
    assert bureau.judge(facts) == ["record-unsigned"]


@needs_ssh
def test_signed_policy_withholds_when_one_signs_for_another(bureau: Bureau) -> None:
    """A signature by another's key does not hold for the person that the record names."""
    facts = make_facts()
    bureau.file(make_record(facts), (0, 1, 0, 3))
    assert bureau.judge(facts) == ["record-unsigned"]


@needs_ssh
def test_signed_policy_withholds_when_one_key_stands_for_two_persons(bureau: Bureau) -> None:
    """The allowed signers may not name one key twice: distinct persons have distinct keys."""
    signers = bureau.sites / "allowed_signers"
    lines = signers.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[0].replace("张三", "王五")
    signers.write_text("\n".join(lines) + "\n", encoding="utf-8")
    facts = make_facts()
    bureau.file(make_record(facts), (0, 1, 0, 3))
    assert bureau.judge(facts) == ["record-one-key"]


@needs_ssh
def test_signature_over_other_bytes_does_not_hold(bureau: Bureau) -> None:
    """Signatures of one record do not carry over to another."""
    facts = make_facts()
    bureau.file(make_record(facts, basis="甲"))
    (earlier,) = bureau.folder.glob("*.yml")
    raw = records.format_record(make_record(facts, basis="乙"))
    name = records.record_name("gongshi", raw)
    for role in records.ROLES:
        (bureau.folder / signatures.signature_name(earlier.name, role)).rename(
            bureau.folder / signatures.signature_name(name, role)
        )
    earlier.unlink()
    (bureau.folder / name).write_bytes(raw)
    assert bureau.judge(facts) == ["record-unsigned"]


@needs_ssh
def test_record_and_signatures_hold_after_git_turned_their_line_ends(bureau: Bureau) -> None:
    """A repository may have no attributes, and a machine its own."""
    facts = make_facts()
    bureau.file(make_record(facts))
    for path in bureau.folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert bureau.judge(facts) == ["published"]


@needs_ssh
def test_key_that_was_valid_on_the_day_of_signing_suffices(bureau: Bureau) -> None:
    """A person who left does not void what they signed; a key that began later proves nothing."""
    facts = make_facts()
    bureau.file(make_record(facts))
    signers = bureau.sites / "allowed_signers"
    text = signers.read_text(encoding="utf-8")
    signers.write_text(text.replace("namespaces", 'valid-before="20261201",namespaces'), encoding="utf-8")
    assert bureau.judge(facts) == ["published"]
    signers.write_text(text.replace("namespaces", 'valid-after="20261118",namespaces', 1), encoding="utf-8")
    assert bureau.judge(facts) == ["record-unsigned"]


@needs_ssh
def test_faulty_register_of_signers_is_told(bureau: Bureau) -> None:
    """Whoever signed is else only told to sign."""
    facts = make_facts()
    bureau.file(make_record(facts))
    signers = bureau.sites / "allowed_signers"
    signers.write_bytes(b"\xef\xbb\xbf" + signers.read_bytes())
    assert sorted(bureau.judge(facts)) == ["encoding-bom", "record-unsigned"]


@needs_ssh
@pytest.mark.parametrize(
    "name", ["*", "张?", '"赵六,*"', "\u3000#,*", "\xa0#,*", "x,\u3000,*", "x,\u2028#,*", "x,\x0b#,*", 'x," ,*"']
)
def test_no_signature_is_believed_while_a_key_signs_for_anybody(bureau: Bureau, name: str) -> None:
    """``ssh-keygen`` reads names as patterns: such a key would be each of the four persons.

    Comments, names and lines are what it takes for such: no wide space hides one.
    """
    facts = make_facts()
    bureau.file(make_record(facts))
    assert bureau.judge(facts) == ["published"]
    signers = bureau.sites / "allowed_signers"
    with signers.open("a", encoding="utf-8", newline="\n") as file:
        file.write(signers.read_text(encoding="utf-8").splitlines()[0].replace("张三", name) + "\n")
    told = set(bureau.judge(facts))
    assert {"record-unsigned", "signers-pattern"} <= told <= {"record-unsigned", "signers-pattern", "character-control"}


@needs_ssh
@pytest.mark.parametrize(
    "option", ["cert-authority", "Cert-Authority", 'namespaces="mingtang-clearance,\\" ssh-rsa AAAA ",cert-authority']
)
def test_no_signature_is_believed_while_an_authority_makes_keys(bureau: Bureau, option: str) -> None:
    """One who holds its key would issue himself a certificate for each of the four, and sign for them all."""
    facts = make_facts()
    signers = bureau.sites / "allowed_signers"
    register = signers.read_text(encoding="utf-8")
    authority = bureau.key(3).with_suffix(".pub").read_text().strip()
    signers.write_text(f"{register}张三,李四,王五 {option} {authority}\n", encoding="utf-8")
    issue = ["ssh-keygen", "-q", "-s", bureau.key(3), "-I", "x", "-n", "张三,李四,王五"]
    for number in range(3):
        bureau.key(number).unlink()
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", bureau.key(number)], check=True)
        subprocess.run([*issue, bureau.key(number).with_suffix(".pub")], check=True)
    raw = records.format_record(make_record(facts))
    name = records.record_name("gongshi", raw)
    bureau.file(make_record(facts), (None, None, None, 3))
    for role, number in zip(records.ROLES, range(3), strict=False):
        certificate = bureau.root / f"key{number}-cert.pub"
        made = subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-f", certificate, "-n", signatures.NAMESPACE],
            input=raw,
            capture_output=True,
            check=True,
        )
        (bureau.folder / signatures.signature_name(name, role)).write_bytes(made.stdout)
    assert sorted(bureau.judge(facts)) == ["record-unsigned", "signers-authority"]


@needs_ssh
def test_pattern_in_a_register_of_another_encoding_is_found(bureau: Bureau) -> None:
    """``ssh-keygen`` asks for no encoding: a comment in GBK does not keep it from reading the names."""
    facts = make_facts()
    bureau.file(make_record(facts))
    signers = bureau.sites / "allowed_signers"
    signers.write_bytes(signers.read_bytes() + "# 赵六的密钥\n".encode("gbk"))
    assert bureau.judge(facts) == ["published"]
    signers.write_bytes(signers.read_bytes().replace("赵六".encode(), b"*"))
    assert sorted(bureau.judge(facts)) == ["encoding-gbk", "record-unsigned", "signers-pattern"]


@needs_ssh
def test_outcome_is_remembered_until_anything_that_it_depends_on_changes(bureau: Bureau) -> None:
    """Verification costs a process each; its outcome is cached by the digest of all that it reads."""
    facts = make_facts()
    bureau.file(make_record(facts))
    cluster = make_cluster("signed")
    first = load_evidence(bureau.content, bureau.sites, cluster)
    assert len(first.verified) == 4
    again = load_evidence(bureau.content, bureau.sites, cluster, verified=dict.fromkeys(first.verified, ""))
    assert screen([facts], again, cluster, now=NOW).withheld  # it was not tried again
    with (bureau.sites / "allowed_signers").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert bureau.judge(facts, dict.fromkeys(first.verified, "")) == ["published"]


@needs_ssh
def test_without_allowed_signers_nothing_passes(bureau: Bureau) -> None:
    """A missing list of signers is a fault, and not a reason to believe everybody."""
    facts = make_facts()
    bureau.file(make_record(facts))
    (bureau.sites / "allowed_signers").unlink()
    assert bureau.judge(facts) == ["record-unsigned", "signers-missing"]


def test_evidence_is_read_from_the_units_folders(tmp_path: Path) -> None:
    """Records and withdrawals of every unit are found; hidden files and folders are not read."""
    facts = make_facts(body=BODY)
    for file in (record_file(make_record(facts)), withdrawal_file(make_withdrawal(facts, item="jyglj/policy/gone"))):
        folder = tmp_path / file.unit / file.folder
        folder.mkdir(parents=True)
        (folder / file.name).write_bytes(file.raw)
        (folder / ".hidden.yml").write_bytes(b"x")
    evidence = load_evidence(tmp_path, tmp_path, make_cluster())
    assert list(evidence.records) == [facts.id]
    assert [one.item for one in evidence.withdrawals] == ["jyglj/policy/gone"]
    assert not evidence.diagnostics


def test_remembered_withdrawal_binds_without_its_file(tmp_path: Path) -> None:
    """Gone or altered, it is honoured and told; a memory that cannot be read stops whoever asks."""
    one = Withdrawal(
        path="",
        number="w-1",
        item="jyglj/notice/gongshi",
        withdrawn_on=date(2026, 11, 20),
        by="赵六",
        reason="依法撤销",
        tombstone=False,
    )
    raw = withdrawals.format_withdrawal(one)
    name = withdrawals.withdrawal_name("gongshi", date(2026, 11, 20), raw)
    folder = tmp_path / "jyglj" / withdrawals.FOLDER
    folder.mkdir(parents=True)
    (folder / name).write_bytes(raw)
    cluster = make_cluster()
    found = load_evidence(tmp_path, tmp_path, cluster).withdrawals
    (tmp_path / REMEMBERED).write_bytes(withdrawals.encode_withdrawals(found))
    assert load_evidence(tmp_path, tmp_path, cluster, state=tmp_path).diagnostics == ()
    (folder / name).write_bytes(raw + b"# x\n")
    altered = load_evidence(tmp_path, tmp_path, cluster, state=tmp_path)
    assert altered.withdrawals == found
    assert [fault.code for fault in altered.diagnostics] == ["withdrawal-altered"]
    (folder / name).unlink()
    gone = load_evidence(tmp_path, tmp_path, cluster, state=tmp_path)
    assert gone.withdrawals == found
    assert [(fault.code, fault.path) for fault in gone.diagnostics] == [("withdrawal-gone", found[0].path)]
    screening = screen([make_facts()], gone, cluster, now=NOW)
    assert [withheld.verdict for withheld in screening.withheld] == [Verdict.WITHDRAWN]
    (tmp_path / REMEMBERED).write_bytes(b"{")
    with pytest.raises(UsageError):
        load_evidence(tmp_path, tmp_path, cluster, state=tmp_path)
