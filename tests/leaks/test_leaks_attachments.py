"""Leak scenarios: the negative list and what attachments carry. Guards: ``tests.leaks.mutations``."""

from __future__ import annotations

import html
import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image

from generator.build.fs import FileSystem
from generator.clearance.records import Attestation
from generator.errors import GeneratorError
from tests.leaks.house import CONTROL, TEXT, WORD, House, replace_settings

ITEM = "jyglj/policy/neibu"
IDENTITY = "11010519491231002X"
"""A resident identity number with a right check digit; of nobody."""


def sheet(*, hidden: str = "", comment: str = "") -> bytes:
    """A workbook with one visible sheet."""
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "统计表"
    if hidden:
        other = book.create_sheet("原始")
        other["A1"] = hidden
        other.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def document(body: str) -> bytes:
    """A minimal Word document with this ``w:body``."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kinds = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", kinds)
        archive.writestr("_rels/.rels", relations)
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
    return out.getvalue()


def scan() -> bytes:
    """A PDF of a picture, without a text layer."""
    out = io.BytesIO()
    Image.new("L", (60, 80), 255).save(out, "PDF")
    return out.getvalue()


def photograph() -> bytes:
    """A JPEG that knows where it was taken and by whom."""
    exif = Image.Exif()
    exif[0x013B] = WORD
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (39.0, 54.0, 26.0)
    gps[29] = WORD
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@dataclass(frozen=True)
class Exchange:
    """Replaces a file at the moment when the build copies it."""

    source: Path

    def __call__(self, operation: str, path: Path) -> None:
        if operation == "copy" and path.name == self.source.name:
            self.source.write_text(TEXT, "utf-8")


# --- the negative list ---------------------------------------------------------------------


def test_identity_number_in_the_text_withholds(house: House) -> None:
    """ID numbers in lists (铜陵 2017, 黎川, 高密)."""
    house.write(ITEM, title="名单", body=f"张三，{IDENTITY}。")
    house.stays_in(IDENTITY)


def test_identity_number_in_full_width_withholds(house: House) -> None:
    """Full-width digits are the same number."""
    wide = "".join(chr(ord(one) + 0xFEE0) for one in IDENTITY)
    house.write(ITEM, title="名单", body=f"张三，{wide}。")
    house.stays_in(IDENTITY)


def test_mark_over_the_end_of_a_line_withholds(house: House) -> None:
    """A page shows the lines of a paragraph as one."""
    house.write(ITEM, title="通知", body="机\n密★1年\n\n正文在此。")
    house.stays_in("机密★1年")


@pytest.mark.parametrize(
    "written",
    [
        "\u0332".join(IDENTITY),
        "\ufe0f".join(IDENTITY),
        "&#xE0041;".join(IDENTITY),
        f"&#x202E;{IDENTITY[::-1]}&#x202C;",
        "、".join(IDENTITY),
        " | ".join(IDENTITY),
        "/".join((IDENTITY[:6], IDENTITY[6:14], IDENTITY[14:])),
        IDENTITY.translate({ord("0") + number: han for number, han in enumerate("〇一二三四五六七八九")}),
        IDENTITY.translate({ord("0") + number: chr(0x1D7CE + number) for number in range(10)}),
    ],
    ids=["underlined", "selected", "tagged", "turned", "listed", "boxed", "grouped", "Han", "bold"],
)
@pytest.mark.parametrize("attached", [False, True])
def test_identity_number_that_only_people_read_withholds(house: House, written: str, attached: bool) -> None:
    """What is hidden from a pattern, and not from a reader."""
    if attached:
        written = html.unescape(written)
        house.with_file(ITEM, "list.txt", f"名单\n张三 {written}\n")
    else:
        house.write(ITEM, title="名单", body=f"张三 {written} 共一人。")
    house.stays_in(html.unescape(written))


def test_identity_number_in_an_attachment_withholds(house: House) -> None:
    """About 10,000 lines in an attachment (黎川)."""
    house.with_file(ITEM, "mingdan.csv", f"姓名,身份证号\n张三,{IDENTITY}\n")
    house.stays_in(IDENTITY)


def test_secrecy_mark_withholds(house: House) -> None:
    """A marked file that was posted all the same (12371.cn, 2021)."""
    house.write(ITEM, title="通知", body=f"秘密★10年\n\n关于有关事项的通知。{WORD}")
    house.stays_in(WORD)


def test_stricter_list_withdraws_what_a_cache_still_knows(house: House) -> None:
    """Facts are keyed by the rules: a new rule is asked of every item."""
    house.write(ITEM, title="通知", body=f"此处提到{WORD}一词。")
    house.is_out(ITEM)
    rules = house.sites / "negative-list.yml"
    rules.write_text(
        rules.read_text("utf-8")
        + f"""
  - id: canary
    kind: term
    terms: [{WORD}]
    severity: block
    basis: 测试
    review: 2030-01-01
""",
        "utf-8",
    )
    house.stays_in(WORD)


def test_exemption_of_one_match_does_not_cover_another(house: House) -> None:
    """An exemption is for one match, by its digest."""
    masked = f"{IDENTITY[:2]}*************{IDENTITY[-3:]}"
    house.write(
        ITEM,
        title="名单",
        body=f"张三，{IDENTITY}。",
        exemptions=f"[{{rule: resident-id, match: '{masked}', digest: {'0' * 64}, reason: 无, by: 李四}}]",
    )
    house.stays_in(IDENTITY)


# --- hidden things ---------------------------------------------------------------------------


def test_hidden_sheet_withholds(house: House) -> None:
    """A hidden worksheet exposed 9,483 staff (PSNI, 2023)."""
    house.with_file(ITEM, "biao.xlsx", sheet(hidden=TEXT))
    house.stays_in(TEXT)


def test_workbook_without_anything_hidden_is_published(house: House) -> None:
    """The scenario above withholds for the hidden sheet, and for nothing else."""
    house.with_file(ITEM, "biao.xlsx", sheet())
    house.is_out(ITEM)


@pytest.mark.parametrize(
    "body",
    [
        f'<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>{TEXT}</w:delText></w:r></w:del></w:p>',
        f'<w:p><w:ins w:id="1" w:author="a"><w:r><w:t>{TEXT}</w:t></w:r></w:ins></w:p>',
        f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{TEXT}</w:t></w:r></w:p>",
    ],
    ids=["deleted", "inserted", "hidden"],
)
def test_hidden_text_of_a_document_withholds(house: House, body: str) -> None:
    """Tracked changes and hidden text travel with the file."""
    house.with_file(ITEM, "wenjian.docx", document(f"<w:p><w:r><w:t>正文</w:t></w:r></w:p>{body}"))
    house.stays_in(TEXT)


def test_scan_without_text_withholds_until_somebody_attests(house: House) -> None:
    """Scanned images pass every text filter (soolun.com)."""
    house.with_file(ITEM, "saomiao.pdf", scan())
    house.stays_in("saomiao")
    house.clear(ITEM, attested=(Attestation(name="saomiao.pdf", by="审查员丙"),))
    house.is_out(ITEM)


def test_place_and_author_of_a_photograph_do_not_leave(house: House) -> None:
    """EXIF: the picture is published, where and by whom it was taken is not."""
    house.with_file(ITEM, "zhaopian.jpg", photograph())
    house.is_out(ITEM)
    assert house.has(f"{ITEM}/zhaopian.jpg")
    assert house.traces(WORD) == []


def test_comment_in_markdown_does_not_leave(house: House) -> None:
    """HTML comments of a cleared item are for its editors."""
    house.write(ITEM, title="通知", body=f"正文。\n\n<!-- {WORD} -->\n\n<p hidden>又一段</p>")
    house.is_out(ITEM)
    assert house.traces(WORD) == []


# --- which files leave -----------------------------------------------------------------------


def test_attachment_of_an_uncleared_item_does_not_leave(house: House) -> None:
    """Attachments bypass the gate elsewhere (decap-cms#5061, lektor#754)."""
    house.with_file(ITEM, "fujian.txt", TEXT, cleared="false")
    house.stays_in(TEXT)
    assert not house.has(f"{ITEM}/fujian.txt")


def test_file_that_no_item_names_does_not_leave(house: House) -> None:
    """A draft left beside a cleared item."""
    house.with_file(ITEM, "fujian.txt", "公开的附件。")
    house.file(f"{ITEM}/caogao.txt", TEXT)
    house.is_out(ITEM)
    assert house.traces(TEXT) == []


def test_attachment_that_is_no_longer_named_goes(house: House) -> None:
    """HTML attachments of older editions stay reachable elsewhere (whitehall)."""
    house.with_file(ITEM, "fujian.txt", TEXT)
    house.is_out(ITEM)
    house.write(ITEM, title="附件在此", body="附件已撤。")
    house.stays_in(TEXT)


def test_one_name_in_a_cleared_and_a_withheld_item_gives_the_cleared_file(house: House) -> None:
    """Attachments belong to their item: a name is not shared."""
    house.with_file(ITEM, "fujian.txt", TEXT, cleared="false")
    house.with_file("jyglj/policy/gongkai", "fujian.txt", "公开的附件。")
    house.stays_in(TEXT)
    assert (house.out / "jyglj/policy/gongkai/fujian.txt").read_text("utf-8") == "公开的附件。"


@pytest.mark.parametrize("name", ["../neibu/fujian.txt", "../../../../outside.txt", "./../neibu/fujian.txt"])
def test_name_that_leads_out_of_the_folder_is_refused(house: House, name: str) -> None:
    """A cleared item cannot name the file of a withheld one."""
    house.with_file(ITEM, "fujian.txt", TEXT, cleared="false")
    (house.root / "outside.txt").write_text(TEXT, "utf-8")
    house.file("jyglj/policy/gongkai/own.txt", "自己的附件。")
    house.write("jyglj/policy/gongkai", title="借用", body=f"[附件]({name})", attachments=f"['{name}']")
    house.stays_in(TEXT)


def test_link_in_the_folder_is_not_followed(house: House) -> None:
    """A symbolic link among the attachments leads nowhere."""
    outside = house.root / "outside.txt"
    outside.write_text(TEXT, "utf-8")
    house.with_file(ITEM, "fujian.txt", "公开的附件。")
    (house.content / ITEM / "fujian.txt").unlink()
    (house.content / ITEM / "fujian.txt").symlink_to(outside)
    house.stays_in(TEXT)


def test_attachment_exchanged_during_the_build_does_not_leave(house: House) -> None:
    """What was inspected is what is copied: bytes are digested on the way out."""
    house.with_file(ITEM, "fujian.txt", "公开的附件。")
    exchange = Exchange(house.content / ITEM / "fujian.txt")
    with pytest.raises(GeneratorError):
        replace_settings(house, fs=FileSystem(before=exchange))
    assert house.traces(TEXT) == []
    assert not house.has("manifest.json")


def test_attachment_exchanged_with_its_time_restored_is_seen(house: House) -> None:
    """The exchanged file voids the record even when size and time are the same."""
    house.with_file(ITEM, "fujian.txt", TEXT.replace("金丝雀", "不相干"))
    house.clear(ITEM)
    house.is_out(ITEM)
    house.publish()
    path = house.content / ITEM / "fujian.txt"
    stat = path.stat()
    path.write_text(TEXT, "utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    house.stays_in(TEXT)
    assert house.has(f"{CONTROL}.html")
