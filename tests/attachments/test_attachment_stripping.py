"""Metadata are taken out on the way to the public tree: reproducibly, and nothing else with them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from generator.clearance.attachments import publish, stripped_bytes
from tests.attachments import office_elsewhere as elsewhere
from tests.attachments import office_files as office
from tests.attachments import pdf_files as pdf
from tests.attachments.inspecting import Inspect

Make = Callable[[], bytes]

FILES: list[tuple[str, Make, set[str]]] = [
    ("a.docx", office.docx_clean, {"author", "properties", "thumbnail"}),
    ("a.xlsx", office.xlsx_clean, {"author", "properties"}),
    ("a.pptx", office.pptx_clean, {"author", "properties", "thumbnail"}),
    ("custom.docx", office.docx_with_custom_property, {"author", "properties", "thumbnail", "custom-properties"}),
    ("elsewhere.docx", elsewhere.docx_with_properties_elsewhere, {"author", "properties", "thumbnail"}),
    ("attribute.docx", elsewhere.docx_with_odd_property, {"author", "properties", "thumbnail"}),
    (
        "photo.docx",
        lambda: office.docx_with_photo(office.photo()),
        {"author", "properties", "thumbnail", "exif", "gps"},
    ),
    (
        "photo-named-otherwise.docx",
        elsewhere.docx_with_photo_named_otherwise,
        {"author", "properties", "thumbnail", "exif", "gps"},
    ),
    ("a.jpg", office.photo, {"exif", "gps"}),
    ("a.png", lambda: office.photo("PNG"), {"exif", "gps"}),
    ("a.webp", lambda: office.photo("WEBP"), {"exif", "gps"}),
    ("a.pdf", pdf.with_metadata, {"author", "xmp"}),
    ("revision.pdf", pdf.with_revision, {"revisions"}),
    ("photo.pdf", lambda: pdf.with_photo(office.photo()), {"author", "exif"}),
    ("packed.pdf", lambda: pdf.with_photo(office.photo(), "FlateDecode"), {"author", "exif"}),
    ("ascii.pdf", lambda: pdf.with_photo(office.photo(), "ASCII85Decode", "FlateDecode"), {"author", "exif"}),
]


@pytest.mark.parametrize(("name", "make", "removed"), FILES, ids=[name for name, _, _ in FILES])
def test_metadata_are_gone_after_stripping(
    tmp_path: Path, inspect_bytes: Inspect, name: str, make: Make, removed: set[str]
) -> None:
    """The published file, inspected again, has nothing left to remove, and its digest was foretold."""
    before = inspect_bytes(name, make())
    assert set(before.facts.removed) == removed
    assert before.facts.stripped
    published = stripped_bytes(tmp_path / name)
    after = inspect_bytes(f"again-{name}", published)
    assert after.facts.removed == ()
    assert after.findings == before.findings == ()
    assert after.facts.sha256 == before.facts.published_sha256
    assert before.facts.size == len(published)
    assert "张三".encode() not in published


@pytest.mark.parametrize(("name", "make", "removed"), FILES, ids=[name for name, _, _ in FILES])
def test_stripping_gives_the_same_bytes_each_time(tmp_path: Path, name: str, make: Make, removed: set[str]) -> None:
    """The same source gives the same bytes, and stripping again changes nothing."""
    path = tmp_path / name
    path.write_bytes(make())
    once = stripped_bytes(path)
    assert once == stripped_bytes(path)
    path.write_bytes(once)
    assert stripped_bytes(path) == once


def test_text_is_the_same_after_stripping(tmp_path: Path, inspect_bytes: Inspect) -> None:
    """Only the properties leave a document's text; every paragraph and cell stays."""
    for name, make in (("a.docx", office.docx_clean), ("a.xlsx", office.xlsx_clean), ("a.pptx", office.pptx_clean)):
        before = inspect_bytes(name, make())
        assert inspect_bytes(f"again-{name}", stripped_bytes(tmp_path / name)).text == before.text


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.xlsx", elsewhere.xlsx_with_path),
        ("b.xlsx", elsewhere.xlsx_with_persons),
        ("c.xlsx", elsewhere.xlsx_reserved),
        ("a.pptx", elsewhere.pptx_with_changes),
    ],
)
def test_what_programs_note_of_who_works_where_is_gone(
    tmp_path: Path, inspect_bytes: Inspect, name: str, make: Make
) -> None:
    """The account in the path of a workbook, its persons, and those who changed slides."""
    found = inspect_bytes(name, make())
    assert found.findings == ()
    assert "author" in found.facts.removed
    with zipfile.ZipFile(io.BytesIO(stripped_bytes(tmp_path / name))) as archive:
        assert not any("张三".encode() in archive.read(one) for one in archive.namelist())
    assert "author" not in inspect_bytes(f"again-{name}", stripped_bytes(tmp_path / name)).facts.removed


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_pixels_are_untouched_by_stripping(tmp_path: Path, kind: str) -> None:
    """Images lose their metadata without being encoded anew."""
    path = tmp_path / f"a.{kind}"
    path.write_bytes(office.photo({"jpg": "JPEG"}.get(kind, kind.upper())))
    with Image.open(path) as before, Image.open(io.BytesIO(stripped_bytes(path))) as after:
        assert before.tobytes() == after.tobytes()
        assert not after.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_orientation_is_kept(tmp_path: Path, kind: str, inspect_bytes: Inspect) -> None:
    """A photograph that is stored lying keeps its orientation, and only that."""
    image = Image.new("RGB", (8, 4), "green")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "Zhang San"
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    name = f"a.{kind.lower()}"
    inspect_bytes(name, out.getvalue())
    published = stripped_bytes(tmp_path / name)
    with Image.open(io.BytesIO(published)) as after:
        assert dict(after.getexif()) == {0x0112: 6}
    assert inspect_bytes(f"again-{name}", published).facts.removed == ()


def test_office_programs_open_what_is_published(tmp_path: Path) -> None:
    """The rewritten archives are sound for the libraries that made them."""
    import docx
    import openpyxl
    import pptx

    for name, make, load in (
        ("a.docx", office.docx_clean, docx.Document),
        ("a.xlsx", office.xlsx_clean, openpyxl.load_workbook),
        ("a.pptx", office.pptx_clean, pptx.Presentation),
    ):
        path = tmp_path / name
        path.write_bytes(make())
        published = stripped_bytes(path)
        load(io.BytesIO(published))
        with zipfile.ZipFile(io.BytesIO(published)) as archive:
            assert archive.testzip() is None
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("kind", ["gif", "png", "jpg"])
def test_words_inside_an_image_are_left_out(tmp_path: Path, inspect_bytes: Inspect, kind: str) -> None:
    """Comments and XMP of any image are named and gone; the picture is the same."""
    image = Image.effect_noise((32, 24), 60).convert("P" if kind == "gif" else "RGB")
    info = PngInfo()
    info.add_text("Author", "Zhang San")
    options: dict[str, dict[str, object]] = {
        "gif": {"comment": b"Zhang San"},
        "png": {"pnginfo": info},
        "jpg": {"comment": b"Zhang San", "xmp": b"<x:xmpmeta>Zhang San</x:xmpmeta>"},
    }
    path = tmp_path / f"a.{kind}"
    image.save(path, **options[kind])  # type: ignore[arg-type]
    found = inspect_bytes(path.name, path.read_bytes())
    assert "comment" in found.facts.removed
    published = stripped_bytes(path)
    assert b"Zhang San" not in published
    with Image.open(path) as before, Image.open(io.BytesIO(published)) as after:
        assert before.tobytes() == after.tobytes()


def _jpeg(**options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(out, "JPEG", **options)  # type: ignore[arg-type]
    return out.getvalue()


def _segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2, "big") + body


def _jpeg_with_small_picture() -> bytes:
    """A thumbnail in the segment with which each JPEG begins, one dot high."""
    data = _jpeg()
    assert data[2:6] == b"\xff\xe0\x00\x10"
    return data[:2] + _segment(0xE0, data[6:18] + b"\x06\x01" + b"left behind at all") + data[20:]


def _jpeg_between_scans() -> bytes:
    data = _jpeg(progressive=True)
    at = data.index(b"\xff\xc4", data.index(b"\xff\xda"))
    return data[:at] + _segment(0xFE, b"left behind") + data[at:]


def _webp() -> bytes:
    data = office.photo("WEBP") + b"OWN \x0c\x00\x00\x00left behind "
    return data[:4] + (len(data) - 8).to_bytes(4, "little") + data[8:]


def _gif(extension: bytes) -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "GIF")
    return out.getvalue()[:-1] + extension + b"\x0bleft behind\x00;"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(kind: bytes, body: bytes) -> bytes:
    """A PNG with one chunk more before its end."""
    data = office.photo("PNG")
    at = data.index(b"IEND") - 4
    return data[:at] + _chunk(kind, body) + data[at:]


def _lines() -> bytes:
    data = _jpeg()
    return data[:2] + _segment(0xDC, b"left behind") + data[2:]


def _adobe() -> bytes:
    data = _jpeg()
    return data[:2] + _segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01left behind") + data[2:]


SMUGGLERS: list[tuple[str, bytes]] = [
    ("small.jpg", _jpeg_with_small_picture()),
    ("extended.jpg", office.photo()[:2] + _segment(0xE0, b"JFXX\x00\x10left behind") + office.photo()[2:]),
    ("between.jpg", _jpeg_between_scans()),
    ("lines.jpg", _lines()),
    ("adobe.jpg", _adobe()),
    ("palette.png", _png(b"sPLT", b"left behind\x00\x08")),
    ("own.webp", _webp()),
    ("program.gif", _gif(b"!\xff\x0bOWNPROG1.00")),
    ("words.gif", _gif(b"!\x01\x0c" + bytes(12))),
]


@pytest.mark.parametrize(("name", "data"), SMUGGLERS, ids=[name for name, _ in SMUGGLERS])
def test_what_no_viewer_of_an_image_shows_is_gone(
    tmp_path: Path, inspect_bytes: Inspect, name: str, data: bytes
) -> None:
    """Small pictures in the first segment, comments between scans, chunks and extensions that nobody knows."""
    assert b"left behind" in data
    found = inspect_bytes(name, data)
    assert found.findings == ()
    assert found.facts.stripped
    published = stripped_bytes(tmp_path / name)
    assert b"left behind" not in published
    with Image.open(tmp_path / name) as before, Image.open(io.BytesIO(published)) as after:
        assert before.tobytes() == after.tobytes()
    assert not inspect_bytes(f"again-{name}", published).facts.stripped


def test_frame_that_no_list_announces_is_gone(tmp_path: Path, inspect_bytes: Inspect) -> None:
    """It is part of no animation, so nothing shows it."""
    found = inspect_bytes("a.png", _png(b"fdAT", b"\x00\x00\x00\x01left behind"))
    assert found.findings == ()
    assert b"left behind" not in stripped_bytes(tmp_path / "a.png")


def test_earlier_revisions_of_a_pdf_are_gone(tmp_path: Path) -> None:
    """What an incremental save left behind is not in the published file."""
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf.with_revision())
    published = stripped_bytes(path)
    assert published.count(b"%%EOF") == 1
    with pikepdf.open(io.BytesIO(published)) as document:
        assert len(document.pages) == 1


@pytest.mark.parametrize(
    "data",
    [
        pdf.plain() + b"\nleft behind",
        pdf.with_data_between("% left behind"),
        pdf.with_data_between("9 0 obj\n(left behind)\nendobj"),
    ],
    ids=["behind", "comment", "object"],
)
def test_what_no_page_of_a_pdf_uses_is_gone(tmp_path: Path, inspect_bytes: Inspect, data: bytes) -> None:
    """Nothing asks to be left out of this file, and yet there is more in it than its pages."""
    assert b"left behind" in data
    found = inspect_bytes("a.pdf", data)
    assert found.facts.removed == ("remnants",)
    published = stripped_bytes(tmp_path / "a.pdf")
    assert b"left behind" not in published
    assert inspect_bytes("again.pdf", published).facts.removed == ()


def test_pictures_of_other_pages_are_gone(tmp_path: Path, inspect_bytes: Inspect) -> None:
    """Programs that part a file leave in each part the pictures of all."""
    data = pdf.parted()
    assert b"left behind" in data
    found = inspect_bytes("a.pdf", data)
    assert found.findings == ()
    assert found.facts.removed == ("remnants",)
    published = stripped_bytes(tmp_path / "a.pdf")
    assert b"left behind" not in published
    assert inspect_bytes("again.pdf", published).facts.removed == ()


@pytest.mark.parametrize(
    ("make", "names"), [(lambda: pdf.with_photo(office.photo()), {"/Im0"}), (pdf.painted_in_form, {"/Im0", "/Fm0"})]
)
def test_pictures_of_pages_stay(tmp_path: Path, inspect_bytes: Inspect, make: Make, names: set[str]) -> None:
    """A picture that a page paints, or a form on it, is in the published file as it was."""
    assert inspect_bytes("a.pdf", make()).facts.stripped
    with pikepdf.open(io.BytesIO(stripped_bytes(tmp_path / "a.pdf"))) as document:
        assert {*document.pages[0].Resources.XObject.keys()} == names


def _zip(comment: bytes = b"", extra: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        member = zipfile.ZipInfo("说明.txt")
        member.comment, member.extra = comment, extra
        archive.writestr(member, "说明")
    return out.getvalue()


def _zip_with_deleted_member() -> bytes:
    """As programs delete that only write the list of members anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("说明.txt", "说明")
        archive.writestr("old.txt", "left behind")
        del archive.filelist[1]
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [_zip(comment=b"left behind"), _zip(extra=b"\x99\x99\x0b\x00left behind"), _zip_with_deleted_member()],
    ids=["comment", "field", "deleted"],
)
def test_what_no_member_of_an_archive_holds_is_gone(tmp_path: Path, inspect_bytes: Inspect, data: bytes) -> None:
    """Comments on members, fields that nobody knows, members of which only the entry was deleted."""
    assert b"left behind" in data
    assert inspect_bytes("a.zip", data).facts.removed == ("remnants",)
    published = stripped_bytes(tmp_path / "a.zip")
    assert b"left behind" not in published
    with zipfile.ZipFile(io.BytesIO(published)) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {"说明.txt": "说明"}
    assert inspect_bytes("again.zip", published).facts.removed == ()


def test_signed_member_keeps_no_other_from_losing_its_metadata(tmp_path: Path, inspect_bytes: Inspect) -> None:
    """A signature binds its own file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.jpg", office.photo())
        archive.writestr("b.pdf", pdf.signed())
    found = inspect_bytes("a.zip", out.getvalue())
    assert "gps" in found.facts.removed
    published = stripped_bytes(tmp_path / "a.zip")
    with zipfile.ZipFile(io.BytesIO(published)) as archive:
        assert archive.read("b.pdf") == pdf.signed()
        assert b"Exif" not in archive.read("a.jpg")


def test_members_of_an_archive_lose_their_metadata(tmp_path: Path, inspect_bytes: Inspect) -> None:
    """A photograph and a document inside a ZIP are stripped like those outside."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("照片/a.jpg", office.photo())
        archive.writestr("b.docx", office.docx_clean())
        archive.writestr("c.txt", "说明")
    found = inspect_bytes("a.zip", out.getvalue())
    assert {"gps", "author"} <= set(found.facts.removed)
    again = inspect_bytes("again.zip", stripped_bytes(tmp_path / "a.zip"))
    assert again.facts.removed == ()
    assert again.text == found.text


def test_file_without_metadata_is_published_as_it_is(tmp_path: Path, inspect_bytes: Inspect) -> None:
    """Where nothing is to be removed, the published bytes are the source's."""
    found = inspect_bytes("a.csv", "事项,件数\n".encode())
    out = io.BytesIO()
    publish(tmp_path / "a.csv", out, stripped=found.facts.stripped)
    assert out.getvalue() == "事项,件数\n".encode()
    assert found.facts.published_sha256 == found.facts.sha256
