"""Everything that may hide in an attachment is found and named; clean files pass."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from generator.clearance.inspect import pdfseen
from generator.clearance.screening import exempt
from generator.model import Exemption
from tests.attachments import excel_files as excel
from tests.attachments import office_elsewhere as elsewhere
from tests.attachments import office_files as office
from tests.attachments import pdf_covers as covers
from tests.attachments import pdf_files as pdf
from tests.attachments import slide_files as slides
from tests.attachments import word_files as word
from tests.attachments.inspecting import Inspect

Make = Callable[[], bytes]

HIDDEN: list[tuple[str, Make, set[str]]] = [
    ("inserted.docx", office.docx_inserted, {"attachment-tracked-changes"}),
    ("deleted.docx", office.docx_deleted, {"attachment-tracked-changes"}),
    ("commented.docx", office.docx_commented, {"attachment-comments"}),
    ("elsewhere.docx", office.docx_commented_elsewhere, {"attachment-comments"}),
    ("vanished.docx", office.docx_vanished, {"attachment-hidden-text"}),
    ("style.docx", office.docx_vanished_by_style, {"attachment-hidden-text"}),
    ("white.docx", office.docx_white, {"attachment-hidden-text"}),
    ("blackened.docx", office.docx_blackened, {"attachment-hidden-text"}),
    ("tiny.docx", office.docx_tiny, {"attachment-hidden-text"}),
    ("header.docx", office.docx_in_header, {"attachment-hidden-text"}),
    ("table.docx", office.docx_in_table, {"attachment-hidden-text"}),
    ("template.docx", office.docx_with_template, {"attachment-external-link"}),
    ("fetching.docx", office.docx_fetching, {"attachment-external-link"}),
    ("macros.docx", office.docx_with_macros, {"attachment-macros", "attachment-orphan-part"}),
    ("enabled.docx", office.docx_macro_enabled, {"attachment-macros"}),
    ("object.docx", office.docx_with_object, {"attachment-embedded-object"}),
    ("workbook.docx", office.docx_with_workbook, {"attachment-hidden-sheet"}),
    ("data.docx", office.docx_with_custom_data, {"attachment-custom-data"}),
    ("cropped.docx", office.docx_cropped, {"attachment-cropped-image"}),
    ("variable.docx", office.docx_with_variable, {"attachment-custom-data"}),
    ("orphan.docx", office.docx_with_orphan, {"attachment-orphan-part"}),
    ("older.docx", word.older_copy_with_number, {"attachment-hidden-text", "resident-id"}),
    ("sheet.xlsx", office.xlsx_hidden_sheet, {"attachment-hidden-sheet"}),
    ("very.xlsx", office.xlsx_very_hidden_sheet, {"attachment-hidden-sheet"}),
    ("row.xlsx", office.xlsx_hidden_row, {"attachment-hidden-rows"}),
    ("column.xlsx", office.xlsx_hidden_column, {"attachment-hidden-columns"}),
    ("narrow.xlsx", office.xlsx_narrow_column, {"attachment-hidden-columns"}),
    ("white.xlsx", office.xlsx_white_cell, {"attachment-hidden-text"}),
    ("blackened.xlsx", office.xlsx_blackened, {"attachment-hidden-text"}),
    ("format.xlsx", office.xlsx_invisible_format, {"attachment-hidden-text"}),
    ("commented.xlsx", office.xlsx_commented, {"attachment-comments"}),
    ("name.xlsx", office.xlsx_hidden_name, {"attachment-hidden-name"}),
    ("external.xlsx", office.xlsx_external, {"attachment-external-link"}),
    ("pivot.xlsx", office.xlsx_pivot, {"attachment-pivot-cache"}),
    ("revised.xlsx", office.xlsx_revised, {"attachment-tracked-changes", "attachment-orphan-part"}),
    ("macros.xlsx", office.xlsx_macros, {"attachment-macros", "attachment-orphan-part"}),
    ("slide.pptx", office.pptx_hidden_slide, {"attachment-hidden-slide"}),
    ("notes.pptx", office.pptx_notes, {"attachment-notes"}),
    ("cropped.pptx", office.pptx_cropped, {"attachment-cropped-image"}),
    ("shape.pptx", office.pptx_hidden_shape, {"attachment-hidden-text"}),
    ("blackened.pptx", office.pptx_blackened, {"attachment-hidden-text"}),
    ("off.pptx", office.pptx_off_slide, {"attachment-hidden-text"}),
    ("comments.pptx", office.pptx_comments, {"attachment-comments"}),
    ("black.pdf", pdf.black_bar, {"attachment-covered-text", "resident-id"}),
    ("white-bar.pdf", pdf.white_bar, {"attachment-covered-text", "resident-id"}),
    ("picture.pdf", pdf.picture_over_text, {"attachment-covered-text", "resident-id"}),
    ("white.pdf", pdf.white_text, {"attachment-covered-text", "resident-id"}),
    ("on-black.pdf", pdf.black_on_black, {"attachment-covered-text", "resident-id"}),
    ("on-black-embedded.pdf", lambda: pdf.black_on_black(pdf.FONT), {"attachment-covered-text", "resident-id"}),
    ("off.pdf", pdf.off_page, {"attachment-covered-text", "resident-id"}),
    ("black-embedded.pdf", lambda: pdf.black_bar(pdf.FONT), {"attachment-covered-text", "resident-id"}),
    ("bar-embedded.pdf", lambda: pdf.white_bar(pdf.FONT), {"attachment-covered-text", "resident-id"}),
    ("picture-embedded.pdf", lambda: pdf.picture_over_text(pdf.FONT), {"attachment-covered-text", "resident-id"}),
    ("white-embedded.pdf", lambda: pdf.white_text(pdf.FONT), {"attachment-covered-text", "resident-id"}),
    ("off-embedded.pdf", lambda: pdf.off_page(pdf.FONT), {"attachment-covered-text", "resident-id"}),
    ("invisible.pdf", pdf.invisible_text, {"attachment-covered-text", "resident-id"}),
    ("scan-bar.pdf", lambda: pdf.scan_with_text(bar=True), {"attachment-covered-text", "resident-id"}),
    ("crop-left.pdf", lambda: pdf.outside_crop_box(left=True), {"attachment-covered-text"}),
    ("crop-top.pdf", lambda: pdf.outside_crop_box(left=False), {"attachment-covered-text"}),
    ("spoken.pdf", pdf.with_spoken_text, {"resident-id"}),
    ("annotated.pdf", pdf.annotated, {"attachment-annotations", "resident-id"}),
    ("file.pdf", pdf.with_file, {"attachment-embedded-file"}),
    ("script.pdf", pdf.with_script, {"attachment-script"}),
    ("launch.pdf", pdf.with_launch, {"attachment-script"}),
    ("layer.pdf", pdf.with_hidden_layer, {"attachment-hidden-layer"}),
    ("usage.pdf", pdf.layer_off_by_usage, {"attachment-hidden-layer"}),
    ("condition.pdf", covers.shown_while_layer_is_not, {"attachment-hidden-layer"}),
    ("template.pdf", pdf.with_template, {"attachment-hidden-text"}),
    *pdf.HIDDEN,
    ("encrypted.pdf", pdf.encrypted, {"attachment-encrypted"}),
    ("restricted.pdf", pdf.restricted, {"attachment-encrypted"}),
]

CLEAN: list[tuple[str, Make]] = [
    ("clean.docx", office.docx_clean),
    ("marked.docx", office.docx_marked),
    ("clean.xlsx", office.xlsx_clean),
    ("clean.pptx", office.pptx_clean),
    ("clean.pdf", pdf.clean),
    ("embedded.pdf", lambda: pdf.clean(pdf.FONT)),
    ("chinese.pdf", pdf.chinese),
    ("photo.jpg", office.photo),
    ("photo.png", lambda: office.photo("PNG")),
    ("photo.webp", lambda: office.photo("WEBP")),
    ("说明.txt", lambda: "办理指南\n请携带身份证件。".encode("gb18030")),
    ("统计.csv", lambda: "事项,件数\n法律援助,120\n".encode()),
]


NUMBERS = [*elsewhere.NUMBERS, *pdf.NUMBERS]


@pytest.mark.parametrize(("name", "make", "expected"), HIDDEN, ids=[name for name, _, _ in HIDDEN])
def test_hidden_content_blocks_and_is_named(inspect_bytes: Inspect, name: str, make: Make, expected: set[str]) -> None:
    """Each hidden thing is found under its own rule, blocks, and nothing else is claimed."""
    found = inspect_bytes(name, make())
    assert {finding.rule for finding in found.findings} == expected
    assert all(finding.severity == "block" for finding in found.findings)
    assert all(finding.attachment == name and finding.line == 5 for finding in found.findings)


@pytest.mark.parametrize(("name", "make"), CLEAN, ids=[name for name, _ in CLEAN])
def test_clean_files_pass(inspect_bytes: Inspect, name: str, make: Make) -> None:
    """A file as its program saves it, with nothing hidden, has no finding and is readable."""
    found = inspect_bytes(name, make())
    assert found.findings == ()
    assert found.facts.readable


@pytest.mark.parametrize(
    ("name", "make"),
    [(name, make) for name, make, _ in HIDDEN if "docx" in name or "xlsx" in name or "pptx" in name],
    ids=[name for name, _, _ in HIDDEN if "docx" in name or "xlsx" in name or "pptx" in name],
)
def test_hidden_words_are_read_where_they_are_words(inspect_bytes: Inspect, name: str, make: Make) -> None:
    """Hidden text is part of the text that is looked through, so that its data are found too."""
    wordless = {"template.docx", "fetching.docx", "macros.docx", "enabled.docx", "object.docx", "orphan.docx"}
    wordless |= {"row.xlsx", "column.xlsx", "narrow.xlsx", "format.xlsx", "name.xlsx", "external.xlsx", "macros.xlsx"}
    wordless |= {"older.docx", "cropped.docx", "cropped.pptx", "revised.xlsx"}
    if name not in wordless:
        assert office.SECRET in inspect_bytes(name, make()).text


@pytest.mark.parametrize(("name", "make"), NUMBERS, ids=[name for name, _ in NUMBERS])
def test_personal_data_are_found_wherever_a_file_keeps_words(inspect_bytes: Inspect, name: str, make: Make) -> None:
    """In descriptions, watermarks, fields, lists to choose from, formulas, charts, parts that nobody knows."""
    assert {(finding.rule, finding.severity) for finding in inspect_bytes(name, make()).findings} == {
        ("resident-id", "block")
    }


UNSEEN = [*elsewhere.UNSEEN, *excel.UNSEEN, *slides.UNSEEN]


@pytest.mark.parametrize(("name", "make", "rule"), UNSEEN, ids=[name for name, _, _ in UNSEEN])
def test_what_no_page_shows_is_named(inspect_bytes: Inspect, name: str, make: Make, rule: str) -> None:
    """By its style, its format, its place, or because no list names it."""
    found = inspect_bytes(name, make())
    assert [(finding.rule, finding.severity) for finding in found.findings] == [(rule, "block")]


@pytest.mark.parametrize(("name", "make"), word.UNSEEN, ids=[name for name, _ in word.UNSEEN])
def test_words_that_word_does_not_show_are_named(inspect_bytes: Inspect, name: str, make: Make) -> None:
    """Boxes beside the page or without room, rows and lines too low, letters in the colour of their ground, fields."""
    assert [(one.rule, one.severity) for one in inspect_bytes(name, make()).findings] == [
        ("attachment-hidden-text", "block")
    ]


@pytest.mark.parametrize(("name", "make"), word.LINKED, ids=[name for name, _ in word.LINKED])
def test_fields_that_lead_to_a_disk_are_named(inspect_bytes: Inspect, name: str, make: Make) -> None:
    """Links by field are no better than links by relation."""
    assert [one.rule for one in inspect_bytes(name, make()).findings] == ["attachment-external-link"]


@pytest.mark.parametrize(("name", "make"), covers.COVERED, ids=[name for name, _ in covers.COVERED])
def test_words_are_found_under_whatever_covers_them(inspect_bytes: Inspect, name: str, make: Make) -> None:
    """Shapes of any form, pens, pictures, shadings; words cut off, too small, in the colour of a picture."""
    assert {finding.rule for finding in inspect_bytes(name, make()).findings} == {"attachment-covered-text"}


@pytest.mark.parametrize(("name", "make"), [*elsewhere.SEEN, *excel.SEEN, *slides.SEEN, *word.SEEN, *covers.SEEN])
def test_what_is_to_be_seen_passes(inspect_bytes: Inspect, name: str, make: Make) -> None:
    """Banners, codes shown as words, zeros left out, groups moved onto the slide; seals, watermarks, lines."""
    found = inspect_bytes(name, make())
    assert found.findings == ()
    assert found.facts.readable


@pytest.mark.parametrize(("name", "make"), elsewhere.UNREAD, ids=[name for name, _ in elsewhere.UNREAD])
def test_parts_that_no_program_reads_want_a_person(inspect_bytes: Inspect, name: str, make: Make) -> None:
    """A recording within a document is no more readable than one beside it."""
    assert not inspect_bytes(name, make()).facts.readable


def test_column_that_cannot_be_seen_is_told_once_and_not_in_a_thousand_lines(inspect_bytes: Inspect) -> None:
    """The first rows are named, and the sheet for the others; who permits it permits the sheet."""
    places = [one.place for one in inspect_bytes("a.xlsx", excel.whitened()).findings]
    assert places == [*(f"s1r{row}" for row in range(2, 22)), "s1"]


def test_mark_of_secrecy_in_a_watermark_is_found(inspect_bytes: Inspect) -> None:
    """Word keeps the words of a watermark in an attribute of a drawing."""
    found = inspect_bytes("a.docx", elsewhere._watermark("机密")())
    assert [finding.rule for finding in found.findings] == ["secrecy-mark"]


def test_personal_data_in_a_hidden_row_is_found_with_its_place(inspect_bytes: Inspect) -> None:
    """A finding in a workbook names sheet and row, and shows the match masked."""
    data = office.replaced(office.xlsx_hidden_row(), "xl/worksheets/sheet1.xml", "<v>339</v>", "<v>13812345678</v>")
    found = {finding.rule: finding for finding in inspect_bytes("a.xlsx", data).findings}
    assert found["mobile"].place == "s1r3"
    assert found["mobile"].masked == "138****5678"


def test_properties_that_are_left_out_only_warn(inspect_bytes: Inspect) -> None:
    """A number in a property is not published: it warns; a mark of secrecy there says what the paper is, and blocks."""
    found = inspect_bytes("a.docx", office.docx_described("联系人13812345678")).findings
    assert [(one.rule, one.severity, one.place) for one in found] == [("mobile", "warn", "properties")]
    found = inspect_bytes("a.docx", office.docx_described("密级：机密")).findings
    assert [(one.rule, one.severity) for one in found] == [("secrecy-mark", "block")]


def test_number_that_warns_in_one_place_blocks_in_another(inspect_bytes: Inspect) -> None:
    """Neither a property that is left out nor an address of the web lets the same number pass in the text."""
    data = office.replaced(
        office.docx_described("联系人13812345678"), "word/document.xml", "<w:t>", "<w:t>请致电13812345678。"
    )
    found = inspect_bytes("a.docx", data).findings
    assert [(one.rule, one.severity, one.masked) for one in found] == [("mobile", "block", "138****5678")]
    text = "见https://x.example/13812345678。\n\n请致电13812345678。\n\n见https://x.example/13812345678。\n"
    found = inspect_bytes("a.txt", text.encode()).findings
    assert [(one.severity, one.place) for one in found] == [("block", "L3")]


def test_properties_of_a_signed_file_block_since_they_stay(inspect_bytes: Inspect) -> None:
    """A change would void the signature, so nothing is left out of it: in an archive neither."""
    found = inspect_bytes("a.pdf", pdf.signed(pdf.ID))
    assert {(one.rule, one.severity) for one in found.findings} == {
        ("attachment-signed", "warn"),
        ("resident-id", "block"),
    }
    assert not found.facts.stripped


def test_earlier_state_of_a_signed_file_is_compared(inspect_bytes: Inspect) -> None:
    """It cannot be left out, so words that stand in it alone block."""
    found = inspect_bytes("a.pdf", pdf.signed_after_change())
    assert {(one.rule, one.severity) for one in found.findings} == {
        ("attachment-signed", "warn"),
        ("attachment-trailing-data", "block"),
    }
    assert [one.rule for one in inspect_bytes("b.pdf", pdf.signed()).findings] == ["attachment-signed"]


def test_text_for_the_search_has_no_metadata(inspect_bytes: Inspect) -> None:
    """What is left out of the published file may not return through the search index."""
    for name, make in (("a.docx", office.docx_clean), ("a.xlsx", office.xlsx_clean), ("a.pdf", pdf.with_metadata)):
        assert "张三" not in inspect_bytes(name, make()).text


def test_hidden_content_of_one_file_can_be_exempted(inspect_bytes: Inspect) -> None:
    """An exemption permits one hidden thing of one file; another file, though alike, needs its own."""
    (finding,) = inspect_bytes("a.pdf", pdf.with_hidden_layer()).findings
    exemption = Exemption(
        rule=finding.rule, match=finding.masked, digest=finding.digest, reason="图层已核对", by="张三"
    )
    assert [one.exempt for one in exempt([finding], [exemption])] == [True]
    (other,) = inspect_bytes("a.pdf", pdf.with_hidden_layer() + b"\n").findings
    assert [one.exempt for one in exempt([other], [exemption])] == [False]


def test_refusal_cannot_be_exempted(inspect_bytes: Inspect) -> None:
    """Nobody may permit what nobody could read."""
    (finding,) = inspect_bytes("a.pdf", pdf.encrypted()).findings
    exemption = Exemption(rule=finding.rule, match=finding.masked, digest=finding.digest, reason="口令另发", by="张三")
    assert [one.exempt for one in exempt([finding], [exemption])] == [False]


def test_scan_without_text_is_unreadable(inspect_bytes: Inspect) -> None:
    """A scanned page without a text layer is not readable, so a person must attest to it."""
    found = inspect_bytes("scan.pdf", pdf.scan())
    assert not found.facts.readable


def test_scan_with_text_layer_is_read(inspect_bytes: Inspect) -> None:
    """A scan's own text layer is no hidden text: the picture shows the same words."""
    found = inspect_bytes("scan.pdf", pdf.scan_with_text())
    assert {finding.rule for finding in found.findings} == {"resident-id"}
    assert found.facts.readable


@pytest.mark.parametrize("font", covers.FONTS)
def test_text_under_the_picture_of_its_page_is_read(inspect_bytes: Inspect, font: str) -> None:
    """Some programs paint the text of a scan and put the scan over it: the picture shows the same words."""
    found = inspect_bytes("scan.pdf", covers.text_under_scan(font))
    assert {finding.rule for finding in found.findings} == {"resident-id"}
    assert found.facts.readable


@pytest.mark.parametrize(
    "make", [lambda: covers.stamped_scan(False), lambda: covers.stamped_scan(True), covers.outlined]
)
def test_page_of_which_only_a_stamp_can_be_read_wants_a_person(inspect_bytes: Inspect, make: Make) -> None:
    """The name of the scanning program is no text of the page; nor is what was drawn as outlines."""
    assert not inspect_bytes("scan.pdf", make()).facts.readable


@pytest.mark.parametrize("is_whole", [True, False])
def test_drawing_over_two_pages_hides_nothing(inspect_bytes: Inspect, is_whole: bool) -> None:
    """What stands beside a page, and is to be seen on another, is no secret; what is on none is."""
    found = inspect_bytes("a.pdf", covers.drawn_over_two_pages(is_whole))
    assert [one.place for one in found.findings] == ([] if is_whole else ["p1", "p2"])


@pytest.mark.parametrize(("light", "alpha", "covered"), [(0, 1, True), (1, 1, True), (0.5, 0.3, False)])
def test_box_drawn_upon_a_scan_covers_nothing(
    inspect_bytes: Inspect, light: float, alpha: float, covered: bool
) -> None:
    """The picture under it is whole; who attests to the page sees the box alone. A marker can be seen through."""
    found = inspect_bytes("scan.pdf", covers.barred_scan(light, alpha))
    assert [one.rule for one in found.findings] == ["attachment-covered-text"] * covered


@pytest.mark.parametrize("name", ["a.doc", "a.xls", "a.ppt", "a.wps", "a.et"])
def test_old_binary_formats_are_unreadable(inspect_bytes: Inspect, name: str) -> None:
    """What no inspector reads is left to a person, who attests to it in the clearance record."""
    found = inspect_bytes(name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024))
    assert not found.facts.readable


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "hz", "utf-7"])
def test_secrecy_mark_is_found_in_text_of_any_encoding(inspect_bytes: Inspect, encoding: str) -> None:
    """Also of those that write Han in seven bits, which pass for plain English."""
    found = inspect_bytes("a.txt", "机密★二十年\n关于某事的报告\n".encode(encoding))
    assert [(one.rule, one.place) for one in found.findings] == [("secrecy-mark", "L1")]


def test_plain_english_is_read_as_it_stands(inspect_bytes: Inspect) -> None:
    """Signs that begin something else in encodings of seven bits are usual in it."""
    found = inspect_bytes("a.csv", b"+86-10-5555,C++,~{x}\n")
    assert found.findings == ()
    assert found.facts.readable


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "big5"]
)
@pytest.mark.parametrize("name", ["名单.txt", "名单.csv"])
def test_personal_data_are_found_in_text_of_any_encoding(inspect_bytes: Inspect, encoding: str, name: str) -> None:
    """The encodings that Chinese offices write are told apart, and their text is looked through."""
    text = "姓名,電話\n王小明,13812345678\n" if encoding == "big5" else "姓名,电话\n王小明,13812345678\n"
    found = inspect_bytes(name, text.encode(encoding))
    assert [finding.masked for finding in found.findings if finding.rule == "mobile"] == ["138****5678"]
    assert next(finding.place for finding in found.findings if finding.rule == "mobile") == "L2"


@pytest.mark.parametrize("size", [(595, 842), covers.A0, covers.LARGEST, (1e9, 1), (1, 1e9), (0, 0)])
def test_page_of_any_size_is_painted_within_bounds(size: tuple[float, float]) -> None:
    """A few bytes can make one of two hundred square metres: a picture of it took three gigabytes."""
    scale = pdfseen._scale_of(*size)
    width, height = (math.ceil(side * scale) for side in size)
    assert width * height <= 1.01 * pdfseen._MOST_PIXELS
    assert 0 < scale <= 2


def test_many_large_pages_want_a_person(inspect_bytes: Inspect) -> None:
    """Eighty sheets of A4 are compared, and as many pixels of larger ones."""
    for pages, is_readable in ((3, True), (22, False)):
        found = inspect_bytes("many.pdf", covers.sheet(*covers.A0, cover=False, pages=pages))
        assert (found.findings, found.facts.readable) == ((), is_readable)
