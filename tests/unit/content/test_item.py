"""One source file to one item."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from generator.content.item import load_item, parse_item
from generator.content.schema import KEYS
from generator.content.source import scan
from generator.model import SHANGHAI, AttachmentRef, Exemption, Item
from tests.conftest import MakeTree
from tests.unit.content.content_makers import CLUSTER, REQUIRED, item, make_source, parse

FULL = """\
title: 关于调整会见时间的通知
date: 2024-05-06 09:30
unit: sfj
category: notice
confidentiality_cleared: true
issued: 2024-05-05
formed_on: 2024-04-30
updated: 2024-06-01T10:00:00+08:00
change_note: 更正电话。
issuer: 示例市司法局
source: 示例网
author: 办公室
document_number: 示司发〔2024〕13号
index_number: 000000000/2024-00013
keywords: [会见, 监狱]
summary: 调整会见时间。
topic: 司法行政
genre: 通知
disclosure: 主动公开
validity: effective
effective_on: 2024-06-01
expires_on: 2024-12-31
pinned: true
redirect_from: [zwgk/1.html, old/]
attachments: [申请表 1.docx, {file: sub/B.PDF, title: 日程}]
image: 会见室.JPG
interprets: [../policy/huijian.md, jyglj/policy/huijian]
related: ["item:jyglj/notice/b"]
draft: false
audience: public
release_group: huijian-2024
exemptions:
  - {rule: phone, match: 138****1234, digest: DIGEST, reason: 公开电话, by: 张三}
consultation_opens: 2024-05-06
consultation_closes: 2024-06-06
consultation_contact: 电话
feedback: sfj/notice/c
""".replace("DIGEST", "0" * 64)
FILES = ("sub/B.PDF", "申请表 1.docx", "会见室.JPG", "未提及.pdf")


def test_every_key_is_read() -> None:
    """A file with every key gives every field of the model."""
    found = parse(FULL, source=make_source(*FILES))
    assert found.diagnostics == ()
    assert found.item == Item(
        id="sfj/notice/a",
        path="sfj/notice/a.md",
        unit="sfj",
        category="notice",
        slug="a",
        title="关于调整会见时间的通知",
        date=datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI),
        confidentiality_cleared=True,
        issued=date(2024, 5, 5),
        formed_on=date(2024, 4, 30),
        updated=datetime(2024, 6, 1, 10, 0, tzinfo=SHANGHAI),
        change_note="更正电话。",
        issuer="示例市司法局",
        source="示例网",
        author="办公室",
        document_number="示司发〔2024〕13号",
        index_number="000000000/2024-00013",
        keywords=("会见", "监狱"),
        summary="调整会见时间。",
        topic="司法行政",
        genre="通知",
        disclosure="主动公开",
        validity="effective",
        effective_on=date(2024, 6, 1),
        expires_on=datetime(2025, 1, 1, tzinfo=SHANGHAI),
        pinned=True,
        redirect_from=("zwgk/1.html", "old/index.html"),
        attachments=(
            AttachmentRef(name="申请表 1.docx", safe_name="申请表-1.docx", title="申请表 1.docx", line=26, column=15),
            AttachmentRef(name="sub/B.PDF", safe_name="B.pdf", title="日程", line=26, column=34),
        ),
        image="会见室.JPG",
        interprets=("sfj/policy/huijian", "jyglj/policy/huijian"),
        related=("jyglj/notice/b",),
        release_group="huijian-2024",
        exemptions=(Exemption(rule="phone", match="138****1234", digest="0" * 64, reason="公开电话", by="张三"),),
        extra={
            "consultation_opens": "2024-05-06",
            "consultation_closes": "2024-06-06",
            "consultation_contact": "电话",
            "feedback": "sfj/notice/c",
        },
        lines=found.item.lines if found.item else "",
    )


@pytest.mark.parametrize("which", [0, -1])
def test_chinese_keys_mean_exactly_the_same(which: int) -> None:
    """The file with every key in Chinese gives the item of the English one, places aside."""
    text = FULL.replace(": true", ": 是").replace("draft: false", "draft: 否")
    for key in KEYS:
        text = text.replace(f"\n{key.name}: ", f"\n{key.zh[which]}: ").replace(
            f"\n{key.name}:\n", f"\n{key.zh[which]}:\n"
        )
    text = text.replace("title: 关于", f"{KEYS[0].zh[0]}: 关于", 1)
    text = text.replace("file: ", "文件: ").replace(", title: ", ", 标题: ")
    chinese = parse(text, source=make_source(*FILES)).item
    english = parse(FULL, source=make_source(*FILES)).item
    assert english is not None
    assert chinese is not None

    def without_places(one: Item) -> Item:
        refs = tuple(msgspec.structs.replace(ref, line=0, column=0) for ref in one.attachments)
        return msgspec.structs.replace(one, lines="", attachments=refs)

    assert without_places(chinese) == without_places(english)


def test_required_keys_suffice() -> None:
    """An item with just the required keys has the model's defaults."""
    assert item() == Item(
        id="sfj/notice/a",
        path="sfj/notice/a.md",
        unit="sfj",
        category="notice",
        slug="a",
        title="通知",
        date=datetime(2024, 5, 6, tzinfo=SHANGHAI),
        confidentiality_cleared=True,
        lines="title:2:8 date:3:7 unit:4:7 category:5:11 confidentiality_cleared:6:26",
    )


def test_plain_false_is_no_fault() -> None:
    """An item that waits for clearance is parsed without a word."""
    parsed = parse(REQUIRED.replace("true", "false"))
    assert parsed.diagnostics == ()
    assert parsed.item is not None
    assert parsed.item.confidentiality_cleared is False


def test_empty_optional_keys_count_as_not_written() -> None:
    """Templates leave keys empty; that says nothing."""
    empty = "".join(
        f"{key.name}:\n" for key in KEYS if not key.required and key.kind != "flag" and key.name != "audience"
    )
    found = msgspec.structs.replace(item(empty), lines="")
    assert found == msgspec.structs.replace(item(), lines="")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-05-06", datetime(2024, 5, 6, tzinfo=SHANGHAI)),
        ("2024-05-06 09:30", datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)),
        ("2024-05-06T09:30:15", datetime(2024, 5, 6, 9, 30, 15, tzinfo=SHANGHAI)),
        ("2024-05-06T09:30:00+08:00", datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)),
        ("2024-05-06 09:30+0800", datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)),
        ('"2024-02-29"', datetime(2024, 2, 29, tzinfo=SHANGHAI)),
        ("1988-07-01", datetime(1988, 7, 1, tzinfo=SHANGHAI)),
    ],
)
def test_dates_are_in_shanghai(written: str, moment: datetime) -> None:
    """With or without a time, quoted or not: one moment, eight hours ahead of UTC."""
    parsed = parse(REQUIRED.replace("2024-05-06", written))
    assert parsed.item is not None
    assert parsed.item.date == moment
    assert parsed.item.date.utcoffset() == timedelta(hours=8)


def test_expiry_with_a_time_is_that_moment() -> None:
    """Only a bare day is counted to its end."""
    assert item("expires_on: 2024-12-31 17:00\n").expires_on == datetime(2024, 12, 31, 17, tzinfo=SHANGHAI)


def test_moments_survive_the_cache_in_their_zone() -> None:
    """An item that was packed and unpacked shows the same hour."""
    before = item("updated: 2024-06-01 23:30\nexpires_on: 2024-12-31\n")
    packed = msgspec.msgpack.decode(msgspec.msgpack.encode(before), type=Item)
    copied = pickle.loads(pickle.dumps(before))
    for after in (packed, copied):
        assert after == before
        assert str(after.date) == str(before.date)
        assert str(after.expires_on) == "2025-01-01 00:00:00+08:00"


def test_values_are_never_quoted() -> None:
    """No diagnostic, in any language, holds a value, an unknown key or a sentence of the body."""
    secret = "绝不可见"
    front = "".join(f"{key.name}: {secret}\n" for key in KEYS if not key.name.startswith("title"))
    parsed = parse(
        f"title: [{secret}]\n{front}{secret}: 一\nattachments: [{secret}.pdf, {{{secret}: 1}}]\n", body=f"{secret}\n"
    )
    assert parsed.item is None
    assert len(parsed.diagnostics) > 20
    assert secret not in "".join(one.format(language) for one in parsed.diagnostics for language in ("zh", "en"))


def test_body_line_and_front_text_are_those_of_the_file() -> None:
    """Later stages place their findings by them, with CRLF too."""
    raw = f"---\n{REQUIRED}---\n\n正文。\n".replace("\n", "\r\n").encode()
    parsed = parse_item(make_source(), raw, CLUSTER)
    assert parsed.item is not None
    assert parsed.body_line == 8
    assert parsed.body == "\n正文。"
    assert parsed.front_text == REQUIRED


def test_attachments_alone_are_no_empty_body() -> None:
    """An item may be nothing but its files."""
    parsed = parse(f"{REQUIRED}attachments: [a.pdf]\n", body="", source=make_source("a.pdf"))
    assert parsed.diagnostics == ()


def test_file_that_goes_away_is_a_withheld_item(make_tree: MakeTree) -> None:
    """Between scan and reading a file may vanish, or become a link: no traceback, no item."""
    content = make_tree({"sfj/notice/a.md": f"---\n{REQUIRED}---\n", "sfj/notice/b.md": f"---\n{REQUIRED}---\n"})
    a, b = scan(content, CLUSTER).items
    (content / "sfj/notice/a.md").unlink()
    (content / "sfj/notice/b.md").unlink()
    (content / "sfj/notice/b.md").symlink_to(Path("/etc/passwd"))
    for source in (a, b):
        parsed = load_item(content, source, CLUSTER)
        assert parsed.item is None
        assert [one.code for one in parsed.diagnostics] == ["file-unreadable"]
