"""Clearance records and withdrawals: what becomes of them, and of the items that they speak of."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime

import msgspec

from generator.clearance.digests import item_parts, text_digest
from generator.clearance.records import Record, Step, format_record, record_name
from generator.clearance.withdrawals import Withdrawal, format_withdrawal, withdrawal_name
from generator.model import Item
from tests.invalid.invalid_cases import ITEM, REQUIRED, SITES, TODAY, Case, beside, front, item, odd

SFJ = SITES["sites/units/sfj.yml"]
RECORDS, WITHDRAWN = "content/sfj/_clearance/", "content/sfj/_withdrawn/"
TEXT = "各单位：现将会见时间调整的有关事项通知如下，请遵照执行，有问题及时反馈。\n"
GOOD = front(*REQUIRED, body=TEXT)
NUMBERED = front(*REQUIRED, "index_number: 000000000/2024-00013", body=TEXT)
TABLE = "序号,说明\n1,甲\n".encode()
PARTS = item_parts(
    Item(
        id="sfj/notice/a",
        path="sfj/notice/a.md",
        unit="sfj",
        category="notice",
        slug="a",
        title="关于会见时间的通知",
        date=datetime(2024, 5, 6, tzinfo=TODAY.tzinfo),
        confidentiality_cleared=True,
    ),
    text_digest(TEXT),
)
RECORD = Record(
    path="",
    number="sfj-2024-0001",
    item="sfj/notice/a",
    drafter=Step(by="张三", date=date(2024, 5, 2)),
    department=Step(by="李四", date=date(2024, 5, 2), opinion="同意公开"),
    secrecy=Step(by="王五", date=date(2024, 5, 3), opinion="不涉密"),
    approver=Step(by="赵六", date=date(2024, 5, 4)),
    basis="条例第二十条",
    conclusion="同意公开",
    parts=PARTS,
)
WITHDRAWAL = Withdrawal(
    path="",
    number="sfj-w-2024-01",
    item="sfj/notice/b",
    withdrawn_on=date(2024, 5, 20),
    by="赵六",
    reason="决定被依法撤销",
    tombstone=True,
    index_number="000000000/2024-00013",
    body=text_digest(TEXT),
)
Edit = Callable[[bytes], bytes]


def replaced(old: str, new: str) -> Edit:
    def edit(raw: bytes) -> bytes:
        assert old.encode() in raw
        return raw.replace(old.encode(), new.encode(), 1)

    return edit


def cleared(
    edit: Edit = bytes,
    *,
    policy: str = "record",
    source: str = GOOD,
    slug: str = "a",
    name: str = "",
    **changes: object,
) -> Case:
    """The item with its record; ``edit`` makes of the record's bytes those that the file holds from the first."""
    raw = edit(format_record(msgspec.structs.replace(RECORD, **changes)))
    return Case(
        {
            ITEM: source,
            "sites/units/sfj.yml": f"{SFJ}clearance: {policy}\n",
            f"{RECORDS}{name or record_name(slug, raw)}": raw,
        },
        whole=True,
    )


def gone(edit: Edit = bytes, *, source: str = GOOD, name: str = "", **changes: object) -> Case:
    """The item beside the withdrawal of another."""
    raw = edit(format_withdrawal(msgspec.structs.replace(WITHDRAWAL, **changes)))
    named = name or withdrawal_name("b", WITHDRAWAL.withdrawn_on, raw)
    return Case({ITEM: source, f"{WITHDRAWN}{named}": raw}, whole=True)


CASES: dict[str, Case] = {
    "no record": Case({**item().files, "sites/units/sfj.yml": f"{SFJ}clearance: record\n"}, whole=True),
    "record of the text before": cleared(source=GOOD.replace("反馈", "报告")),
    "record of another place": cleared(item="sfj/policy/a"),
    "record of another place, under the flag": odd(cleared(item="sfj/policy/a", policy="flag")),
    "record that refuses": cleared(conclusion="不予公开"),
    "record that refuses the same content elsewhere": cleared(item="sfj/policy/a", conclusion="依申请公开"),
    "record from after the publication": cleared(approver=Step(by="赵六", date=date(2024, 5, 7))),
    "record beside a former address in words that nobody cleared": cleared(
        source=front(*REQUIRED, "redirect_from: [notice/旧名.html]", body=TEXT)
    ),
    "record that nobody signed": beside(cleared(policy="signed"), {"sites/allowed_signers": "# 无\n"}),
    "no register of signers": cleared(policy="signed"),
    "register of signers with other lines": beside(
        cleared(policy="signed"), {"sites/allowed_signers": "张三\n* ssh-ed25519 AAAA\n"}
    ),
    "register of signers with an authority": beside(
        cleared(policy="signed"), {"sites/allowed_signers": "张三 cert-authority ssh-ed25519 AAAA\n"}
    ),
    "record under another name": cleared(name="a.yml"),
    "record under the name of another item": cleared(replaced("notice/a", "notice/b")),
    "record that was edited": cleared(name="a-00000000.yml"),
    "record that is a list": cleared(lambda _: "- 同意公开\n".encode()),
    "record that cannot be read": cleared(lambda raw: raw + b"[\n"),
    "record with an unknown key, without one that is needed": cleared(replaced("basis:", "note:")),
    "record with values of other forms": cleared(
        lambda raw: replaced("'2024-05-04'", "2024年5月4日")(replaced("sfj-2024-0001", "''")(raw))
    ),
    "record without an opinion": cleared(replaced("  opinion: 不涉密\n", "")),
    "record with a digest of something else": cleared(replaced("sha256: ", "sha256: 0")),
    "record with another conclusion": cleared(replaced("同意公开\ncontent", "公开\ncontent")),
    "record of one person in two roles": cleared(approver=Step(by="张三", date=date(2024, 5, 4))),
    "record whose days are not in order": cleared(secrecy=Step(by="王五", date=date(2024, 5, 1), opinion="不涉密")),
    "record with a control character": cleared(basis="条例\u202e第二十条"),
    "record with a control character as an escape": cleared(replaced("条例第二十条", '"条例\\u202e"')),
    "record in the folder of another unit": cleared(item="jyglj/notice/a"),
    "two records of one number": odd(beside(cleared(), cleared(item="sfj/notice/b", slug="b").files)),
    "text that was withdrawn": gone(),
    "file that was withdrawn": beside(
        gone(
            source=front(*REQUIRED, "attachments: [a.csv]"),
            attachments=(hashlib.sha256(TABLE).hexdigest(),),
        ),
        {"content/sfj/notice/a/a.csv": TABLE},
    ),
    "index number that was withdrawn": gone(source=NUMBERED.replace("反馈", "报告")),
    "withdrawal under another name": gone(name="b.yml"),
    "withdrawal that was edited": gone(name="b-2024-05-20-00000000.yml"),
    "withdrawal with an unknown key, without one that is needed": gone(replaced("reason:", "reasons:")),
    "withdrawal with values of other forms": gone(
        lambda raw: replaced("'2024-05-20'", "2024年5月20日")(replaced("tombstone: true", "tombstone: yes")(raw))
    ),
    "withdrawal with a reason that the list blocks": gone(reason="绝无此词"),
}
