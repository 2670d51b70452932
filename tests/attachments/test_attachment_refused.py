"""Hostile and malformed attachments: refused by name, within bounds, and never passed."""

from __future__ import annotations

import io
import random
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from generator.clearance.attachments import Limits, inspect
from generator.clearance.recognise import weigh
from generator.clearance.rules import Rules
from generator.errors import UsageError
from generator.model import AttachmentRef
from tests.attachments import office_files as office
from tests.attachments import pdf_files as pdf
from tests.attachments.inspecting import Inspect

Make = Callable[[], bytes]

LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY a "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">&b;</w:document>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">&e;</w:document>"""


def archive(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in members:
            made.writestr(name, data)
    return out.getvalue()


def doubled() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "甲")
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("a.txt", "乙")
    return out.getvalue()


def link() -> bytes:
    member = zipfile.ZipInfo("a.txt")
    member.create_system = 3
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return archive((member, b"/etc/passwd"))


def nested(depth: int) -> bytes:
    data = archive(("a.txt", b"a"))
    for _ in range(depth):
        data = archive(("inner.zip", data))
    return data


def overlapping() -> bytes:
    """Two entries that share one packed member, as in Fifield's bomb."""
    data = bytearray(archive(("a.txt", b"a" * 100)))
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", data[end + 16 : end + 20])[0]
    entry = bytes(data[start:end]).replace(b"a.txt", b"b.txt")
    tail = bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", 2, 2)
    tail[12:16] = struct.pack("<I", 2 * len(entry))
    return bytes(data[:end]) + entry + bytes(tail)


def encrypted_office() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def of_many_pixels() -> bytes:
    out = io.BytesIO()
    Image.new("1", (7800, 7800)).save(out, "PNG")
    return out.getvalue()


def behind_the_rows(inside: bool) -> bytes:
    """More packed data than the picture has rows for, or behind the end of what is packed."""
    data = office.photo("PNG")
    at, end = data.index(b"IDAT") + 4, data.index(b"IEND") - 4
    packed = data[at : at + struct.unpack(">I", data[at - 8 : at - 4])[0]]
    more = zlib.compress(zlib.decompress(packed) + b"words") if inside else packed + b"words"
    chunk = struct.pack(">I", len(more)) + b"IDAT" + more + struct.pack(">I", zlib.crc32(b"IDAT" + more))
    return data[: at - 8] + chunk + data[end:]


def padded_table() -> bytes:
    """A table for decoding that is longer than what stands in it."""
    data = office.photo()
    return data[:2] + b"\xff\xdb\x00\x48\x00" + bytes(range(65)) + b"words" + data[2:]


def of_many_areas() -> bytes:
    """Merged cells that all meet the same rows: each cell is compared with each."""
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 10_001))
    areas = "".join(f'<mergeCell ref="B{row}:C1000000"/>' for row in range(1, 5_001))
    sheet = f"<sheetData>{rows}</sheetData><mergeCells>{areas}</mergeCells>"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<worksheet xmlns="{space}">{sheet}</worksheet>'
    return office.unpacked(office.edited(office.xlsx_clean(), {"xl/worksheets/sheet1.xml": text}))


def _nested(tag: str, times: int, within: str) -> str:
    return f"<{tag}>" * times + within + f"</{tag}>" * times


REFUSED: list[tuple[str, Make, str]] = [
    ("a.html", lambda: b"<html></html>", "attachment-refused-kind"),
    ("a.svg", lambda: b"<svg/>", "attachment-refused-kind"),
    ("a.js", lambda: b"alert(1)", "attachment-refused-kind"),
    ("a.exe", lambda: b"MZ" + bytes(64), "attachment-refused-kind"),
    ("a.docm", office.docx_clean, "attachment-refused-kind"),
    ("a", lambda: b"text", "attachment-refused-kind"),
    ("a.txt", lambda: b"<!DOCTYPE html><p>", "attachment-refused-kind"),
    ("a.csv", lambda: b"\xef\xbb\xbf <svg onload=alert(1)>", "attachment-refused-kind"),
    ("program.pdf", lambda: b"MZ" + bytes(64), "attachment-refused-kind"),
    ("a.pdf", office.docx_clean, "attachment-refused-mismatch"),
    ("pdf.docx", pdf.clean, "attachment-refused-mismatch"),
    ("book.docx", office.xlsx_clean, "attachment-refused-mismatch"),
    ("zip.docx", lambda: archive(("a.txt", b"a")), "attachment-refused-mismatch"),
    ("png.jpg", lambda: office.photo("PNG"), "attachment-refused-mismatch"),
    ("pdf.txt", pdf.clean, "attachment-refused-mismatch"),
    ("telephone.png", of_many_pixels, "attachment-refused-pixels"),
    ("encrypted.docx", encrypted_office, "attachment-encrypted"),
    (
        "laughs.docx",
        lambda: office.edited(office.docx_clean(), {"word/document.xml": LAUGHS}),
        "attachment-refused-xml",
    ),
    (
        "outside.docx",
        lambda: office.edited(office.docx_clean(), {"word/document.xml": OUTSIDE}),
        "attachment-refused-xml",
    ),
    (
        "utf16.docx",
        lambda: office.edited(
            office.docx_clean(),
            {"word/document.xml": LAUGHS.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")},
        ),
        "attachment-refused-xml",
    ),
    ("bomb.zip", lambda: archive(("a.txt", bytes(60 << 20))), "attachment-refused-bomb"),
    ("huge.zip", lambda: archive(("a.txt", bytes(65 << 20)), method=zipfile.ZIP_STORED), "attachment-refused-bomb"),
    ("many.zip", lambda: archive(*((f"{n}.txt", b"a") for n in range(2001))), "attachment-refused-bomb"),
    ("nested.zip", lambda: nested(6), "attachment-refused-bomb"),
    ("overlap.zip", overlapping, "attachment-refused-bomb"),
    (
        "bomb.docx",
        lambda: office.edited(office.docx_clean(), {"word/document.xml": bytes(60 << 20)}),
        "attachment-refused-bomb",
    ),
    ("elements.docx", lambda: office.docx_of("<w:p/>" * 600_000), "attachment-refused-large"),
    ("attributes.docx", lambda: office.docx_of(f"<w:p {_attributes(900_000)}/>"), "attachment-refused-large"),
    ("wide.docx", lambda: office.docx_of("<w:p/>" * 600_000, "utf-16"), "attachment-refused-large"),
    ("deep.docx", lambda: office.docx_of(_nested("w:tc", 60, "<w:p/>" * 60_000)), "attachment-refused-large"),
    ("areas.xlsx", of_many_areas, "attachment-refused-large"),
    ("bomb.pdf", pdf.bomb, "attachment-refused-bomb"),
    *(
        (f"{'-'.join(filters)}.pdf", lambda filters=filters: pdf.packed_bomb(*filters), "attachment-refused-bomb")  # type: ignore[misc]
        for filters in (
            ("ASCII85Decode", "FlateDecode"),
            ("ASCIIHexDecode", "FlateDecode"),
            ("Fl",),
            ("LZWDecode",),
            ("RunLengthDecode",),
        )
    ),
    ("letters.pdf", pdf.packed_structure_bomb, "attachment-refused-bomb"),
    ("inline.pdf", pdf.large_picture, "attachment-refused-pixels"),
    ("structure.pdf", pdf.structure_bomb, "attachment-refused-bomb"),
    ("laughs.pdf", pdf.laughs, "attachment-refused-bomb"),
    ("up.zip", lambda: archive(("../a.txt", b"a")), "attachment-refused-member"),
    ("absolute.zip", lambda: archive(("/etc/a.txt", b"a")), "attachment-refused-member"),
    ("drive.zip", lambda: archive(("c:/a.txt", b"a")), "attachment-refused-member"),
    ("filled.zip", lambda: archive(("a/", b"a folder with data")), "attachment-refused-member"),
    ("mac.zip", lambda: archive(("a.txt", b"a"), ("__MACOSX/._a.txt", b"\0\5\x16\7")), "attachment-refused-member"),
    ("windows.zip", lambda: archive(("a.txt", b"a"), ("b/Thumbs.db", b"a")), "attachment-refused-member"),
    ("link.zip", link, "attachment-refused-member"),
    ("doubled.zip", doubled, "attachment-refused-member"),
    ("case.zip", lambda: archive(("a.txt", b"a"), ("A.TXT", b"b")), "attachment-refused-member"),
    ("page.zip", lambda: archive(("a.txt", b"a"), ("b/x.html", b"<html>")), "attachment-refused-kind"),
    ("prefix.zip", lambda: b"#!/bin/sh\n" + archive(("a.txt", b"a")), "attachment-refused-kind"),
    ("suffix.zip", lambda: archive(("a.txt", b"a")) + b"more", "attachment-trailing-data"),
    ("suffix.png", lambda: office.photo("PNG") + archive(("a.txt", b"a")), "attachment-trailing-data"),
    ("suffix.jpg", lambda: office.photo() + archive(("a.txt", b"a")), "attachment-trailing-data"),
    ("rows.png", lambda: behind_the_rows(inside=True), "attachment-trailing-data"),
    ("behind.png", lambda: behind_the_rows(inside=False), "attachment-trailing-data"),
    ("padded.jpg", padded_table, "attachment-unreadable"),
    ("suffix.webp", lambda: office.photo("WEBP") + b"more", "attachment-trailing-data"),
    ("empty.pdf", lambda: b"", "attachment-refused-empty"),
    ("broken.pdf", lambda: b"%PDF-1.7\n" + bytes(100), "attachment-unreadable"),
    ("broken.docx", lambda: office.docx_clean()[:20_000], "attachment-unreadable"),
    ("broken.png", lambda: office.photo("PNG")[:-30], "attachment-unreadable"),
    ("broken.jpg", lambda: office.photo()[:-30], "attachment-unreadable"),
    ("binary.txt", lambda: bytes(range(256)), "attachment-unreadable"),
]


@pytest.mark.parametrize(("name", "make", "rule"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_hostile_files_are_refused_by_name(inspect_bytes: Inspect, name: str, make: Make, rule: str) -> None:
    """Each attack and each defect blocks under the rule that says what it is."""
    found = inspect_bytes(name, make())
    assert [finding.rule for finding in found.findings] == [rule]
    assert found.findings[0].severity == "block"
    assert not found.facts.stripped


def _attributes(number: int) -> str:
    return " ".join(f"a{at}=''" for at in range(number))


def test_elements_are_counted_for_each_document_of_an_archive(tmp_path: Path, rules: Rules) -> None:
    """Many forms in one archive are as good as each alone; only all together are bounded more widely."""
    ref = AttachmentRef(name="a.zip", safe_name="a.zip", title="")
    path = tmp_path / "a.zip"
    path.write_bytes(archive(*((f"{number}.docx", office.docx_clean()) for number in range(3))))
    alone = 400_000
    for limits, refused in (
        (Limits(steps=alone), False),
        (Limits(steps=alone, all_steps=2 * alone), True),
        (Limits(steps=alone // 10), True),
    ):
        found = inspect(path, ref, content_path="content/sfj/notice/a.md", rules=rules, limits=limits)
        assert ("attachment-refused-large" in {one.rule for one in found.findings}) == refused, limits


def test_ordinary_wide_document_is_read(inspect_bytes: Inspect) -> None:
    """Elements of text with two bytes a character are counted as what they are."""
    body = "<w:p><w:r><w:t>每年公开一次。</w:t></w:r></w:p>" * 50_000
    assert inspect_bytes("a.docx", office.docx_of(body, "utf-16")).findings == ()


def test_tables_in_tables_are_read(inspect_bytes: Inspect) -> None:
    """As deep as people go, in a document of many pages."""
    within = "<w:p><w:r><w:t>每年公开一次。</w:t></w:r></w:p>" * 1_000
    for _ in range(5):
        within = f"<w:tbl><w:tr><w:tc>{within}</w:tc></w:tr></w:tbl>"
    assert inspect_bytes("a.docx", office.docx_of(within)).findings == ()


def test_long_presentation_is_read(inspect_bytes: Inspect) -> None:
    """What slides have from their layout is counted once."""
    assert inspect_bytes("a.pptx", office.pptx_long(500)).findings == ()


def test_crowded_slides_are_compared(inspect_bytes: Inspect) -> None:
    """Thousands of shapes on each slide take no longer than their elements: they end in a verdict."""
    assert inspect_bytes("a.pptx", office.pptx_crowded(6, 2900)).findings == ()


def test_members_of_archives_are_inspected(inspect_bytes: Inspect) -> None:
    """What is hidden in a file within an archive blocks the archive, and its place is told."""
    data = archive(("a.txt", "正常".encode()), ("表/b.xlsx", office.xlsx_hidden_sheet()))
    found = inspect_bytes("a.zip", data)
    assert [(finding.rule, finding.place) for finding in found.findings] == [("attachment-hidden-sheet", ">2s2")]


def test_names_of_members_are_looked_through(inspect_bytes: Inspect) -> None:
    """A number in the name of a member is found, in GBK as archivers in China write it."""
    member = zipfile.ZipInfo("13812345678.txt")
    found = inspect_bytes("a.zip", archive((member, b"a")))
    assert "mobile" in {finding.rule for finding in found.findings}


def test_names_of_folders_are_looked_through(inspect_bytes: Inspect) -> None:
    """A folder without any file in it has a name as well."""
    found = inspect_bytes("a.zip", archive(("a.txt", b"a"), ("13812345678/", b"")))
    assert "mobile" in {finding.rule for finding in found.findings}


def test_mark_in_the_name_of_a_member_is_found(inspect_bytes: Inspect) -> None:
    """A member that is called secret marks the archive as the name of an attachment would."""
    found = inspect_bytes("a.zip", archive(("表/a.txt", b"a"), ("表/机密-方案.txt", b"a")))
    assert [(one.rule, one.place) for one in found.findings] == [("secrecy-mark", ">2")]


def test_sparse_file_of_two_gigabytes_is_refused_unread(tmp_path: Path, rules: Rules) -> None:
    """A file beyond the bound is refused by its size, before any of it is read."""
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    ref = AttachmentRef(name="a.pdf", safe_name="a.pdf", title="")
    found = inspect(path, ref, content_path="content/sfj/notice/a.md", rules=rules)
    assert [finding.rule for finding in found.findings] == ["attachment-refused-large"]
    assert found.facts.sha256 == ""


def test_missing_file_blocks(tmp_path: Path, rules: Rules) -> None:
    """A file that is not there is a finding, not an exception."""
    ref = AttachmentRef(name="a.pdf", safe_name="a.pdf", title="")
    found = inspect(tmp_path / "a.pdf", ref, content_path="content/sfj/notice/a.md", rules=rules)
    assert [finding.rule for finding in found.findings] == ["attachment-absent"]


def test_missing_library_is_no_fault_of_the_file(inspect_bytes: Inspect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library that paints pages the build stops and says so; it does not call the file damaged."""
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(UsageError, match="pypdfium2"):
        inspect_bytes("a.pdf", pdf.clean())


def test_limits_are_arguments(tmp_path: Path, rules: Rules) -> None:
    """Bounds can be set by the caller, and are kept."""
    path = tmp_path / "a.zip"
    path.write_bytes(archive(("a.txt", b"a"), ("b.txt", b"b")))
    ref = AttachmentRef(name="a.zip", safe_name="a.zip", title="")
    found = inspect(path, ref, content_path="content/sfj/notice/a.md", rules=rules, limits=Limits(members=1))
    assert [finding.rule for finding in found.findings] == ["attachment-refused-bomb"]


ROWS = "".join(f"{number}\t1380013{number}\n" for number in range(1000, 1030))


@pytest.mark.parametrize(
    ("limits", "blocked"),
    [
        (Limits(), ["mobile"] * 30),
        (Limits(hits=30), ["mobile"] * 30),
        (Limits(hits=29), ["attachment-refused-large", *["mobile"] * 29]),
        (Limits(text=weigh(ROWS)), ["mobile"] * 30),
        (Limits(text=weigh(ROWS) - 1), ["attachment-refused-large"]),
    ],
    ids=["ordinary", "as many hits", "more hits", "as much text", "more text"],
)
def test_text_that_takes_too_long_is_not_looked_through(
    tmp_path: Path, rules: Rules, limits: Limits, blocked: list[str]
) -> None:
    """What is not looked at to its end blocks, whatever was found before; and nobody is told that it is clean."""
    path = tmp_path / "a.csv"
    path.write_text(ROWS, "utf-8")
    ref = AttachmentRef(name="a.csv", safe_name="a.csv", title="")
    found = inspect(path, ref, content_path="content/sfj/notice/a.md", rules=rules, limits=limits)
    assert [one.rule for one in found.findings] == blocked
    assert {one.severity for one in found.findings} == {"block"}
    assert [one.place for one in found.findings if one.rule == "mobile"] == [f"L{row}" for row in range(1, 31)][
        : blocked.count("mobile")
    ]
    assert found.text == ROWS  # it is withheld, and looked for wherever else it may stand


def test_text_is_bounded_over_all_members(tmp_path: Path, rules: Rules) -> None:
    """Many texts that are short enough are not, together."""
    path = tmp_path / "a.zip"
    path.write_bytes(archive(*((f"{number}.txt", ROWS.encode()) for number in range(3))))
    ref = AttachmentRef(name="a.zip", safe_name="a.zip", title="")
    for times, refused in ((2, True), (4, False)):
        limits = Limits(text=times * weigh(ROWS))
        found = inspect(path, ref, content_path="content/sfj/notice/a.md", rules=rules, limits=limits)
        assert ("attachment-refused-large" in {one.rule for one in found.findings}) == refused


DAMAGED: list[tuple[str, bytes, str]] = [
    ("a.docx", office.docx_vanished(), "attachment-hidden-text"),
    ("a.xlsx", office.xlsx_hidden_sheet(), "attachment-hidden-sheet"),
    ("a.pptx", office.pptx_hidden_slide(), "attachment-hidden-slide"),
    ("a.pdf", pdf.with_script(), "attachment-script"),
    ("a.jpg", office.photo(), ""),
    ("a.png", office.photo("PNG"), ""),
    ("a.webp", office.photo("WEBP"), ""),
    ("a.zip", archive(("a.txt", "甲".encode()), ("b.xlsx", office.xlsx_hidden_sheet())), "attachment-hidden-sheet"),
]


@pytest.mark.parametrize(("name", "data", "rule"), DAMAGED, ids=[name for name, _, _ in DAMAGED])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), truncate=st.booleans())
def test_damaged_files_never_raise(
    inspect_bytes: Inspect, name: str, data: bytes, rule: str, seed: int, truncate: bool
) -> None:
    """Whatever bytes are flipped or cut off, the inspection ends with an answer, and says no text it did not read."""
    chance = random.Random(seed)
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    if truncate:
        del damaged[chance.randrange(len(damaged)) :]
    found = inspect_bytes(name, bytes(damaged))
    assert found.facts.name == name
    if truncate and name.rpartition(".")[2] in {"docx", "xlsx", "pptx", "zip"}:
        assert any(finding.severity == "block" for finding in found.findings)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.zip", "a.pdf", "a.jpg", "a.png", "a.gif", "a.webp", "a.txt"])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
def test_noise_under_any_name_never_raises(inspect_bytes: Inspect, name: str, data: bytes) -> None:
    """Bytes that mean nothing are refused or read as text, and nothing else."""
    heads = {"a.pdf": b"%PDF-1.4\n", "a.jpg": b"\xff\xd8\xff\xe1", "a.png": b"\x89PNG\r\n\x1a\n", "a.gif": b"GIF89a"}
    heads |= {"a.webp": b"RIFF\x10\x00\x00\x00WEBP", "a.txt": b""}
    found = inspect_bytes(name, heads.get(name, b"PK\x03\x04") + data)
    assert name == "a.txt" or any(finding.severity == "block" for finding in found.findings)
