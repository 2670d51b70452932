"""Words of Office files that no page shows, or that only the first one does; and such that look alike and are seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import docx
import openpyxl
import pptx
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.util import Inches

from generator.clearance.inspect.cellformats import named_color
from tests.attachments.inspecting import Inspect
from tests.attachments.office_elsewhere import Make, _book, _formatted
from tests.attachments.office_files import SECRET, _document, _slides, _workbook, docx_of

Sheet = openpyxl.worksheet.worksheet.Worksheet


def rules_of(inspect_bytes: Inspect, name: str, data: bytes) -> set[str]:
    return {one.rule for one in inspect_bytes(name, data).findings}


# --- above and below the cells ----------------------------------------------------------


def _margin(name: str, words: str) -> Make:
    def fill(sheet: Sheet) -> None:
        getattr(sheet, name).center.text = words

    return _book(fill)


@pytest.mark.parametrize("place", ["oddHeader", "evenFooter", "firstHeader", "firstFooter"])
@pytest.mark.parametrize("mark", ["机密★1年", '机密&"-,加粗"&14★&K000000&"宋体,常规"1年'])
def test_mark_above_or_below_the_cells_is_found(inspect_bytes: Inspect, place: str, mark: str) -> None:
    """A mark of secrecy stands on the first page, which may have a head of its own, and in any fonts."""
    assert rules_of(inspect_bytes, "a.xlsx", _margin(place, mark)()) == {"secrecy-mark"}


def test_words_above_the_cells_of_the_first_page_are_text(inspect_bytes: Inspect) -> None:
    """What the leak audit is told of."""
    assert SECRET in inspect_bytes("a.xlsx", _margin("firstHeader", SECRET)()).text


@pytest.mark.parametrize(("points", "hidden"), [(1, True), (2.5, True), (6, False)])
def test_row_too_low_to_be_read_is_hidden(inspect_bytes: Inspect, points: float, hidden: bool) -> None:
    """Of less than three points nothing of a word is seen."""

    def fill(sheet: Sheet) -> None:
        sheet["B9"] = SECRET
        sheet.row_dimensions[9].height = points

    assert rules_of(inspect_bytes, "a.xlsx", _book(fill)()) == ({"attachment-hidden-rows"} if hidden else set())


# --- days -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["yyyy-mm-dd", "mm-dd-yy", 'yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d;@"])
@pytest.mark.parametrize("from_1904", [False, True])
def test_birthday_of_a_cell_is_found(inspect_bytes: Inspect, form: str, from_1904: bool) -> None:
    """A cell holds a day as a number, counted from one of two days; its format shows what it is."""

    def fill(book: openpyxl.Workbook) -> None:
        if from_1904:
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        sheet = book.create_sheet("名册")
        for row in (["姓名", "出生日期"], ["张三", date(1990, 5, 6)]):
            sheet.append(row)
        sheet["B2"].number_format = form

    found = inspect_bytes("a.xlsx", _workbook(fill))
    assert [(one.rule, one.masked) for one in found.findings] == [("birth-date", "1990-**-**")]


@pytest.mark.parametrize(("value", "form"), [(32999, "0"), (32999, '0"yd"'), (32999, "[Red]0"), (13800, "General")])
def test_number_that_is_no_day_stays_what_it_is(inspect_bytes: Inspect, value: int, form: str) -> None:
    """Letters that only stand beside it are none of a day."""
    assert str(value) in inspect_bytes("a.xlsx", _formatted(value, number_format=form)()).text


# --- shades of paper and of ink ---------------------------------------------------------


@pytest.mark.parametrize(
    ("color", "hidden"),
    [
        ('w:val="FFFFFF" w:themeColor="background1"', True),
        ('w:val="FFFFFF" w:themeColor="background1" w:themeShade="FF"', True),
        ('w:val="F2F2F2" w:themeColor="background1" w:themeShade="F2"', True),
        ('w:val="000000" w:themeColor="background1" w:themeShade="F7"', True),
        ('w:val="000000" w:themeColor="text1" w:themeTint="05"', True),
        ('w:val="BFBFBF" w:themeColor="background1" w:themeShade="BF"', False),
        ('w:val="808080" w:themeColor="background1" w:themeShade="80"', False),
        ('w:val="7F7F7F" w:themeColor="text1" w:themeTint="80"', False),
        ('w:val="auto" w:themeColor="text1"', False),
    ],
)
def test_grey_of_a_document_hides_only_where_it_is_nearly_white(
    inspect_bytes: Inspect, color: str, hidden: bool
) -> None:
    """The greys of the palette are white and black by name; what is seen is their shade, not what stands beside it."""
    body = f"<w:p><w:r><w:rPr><w:color {color}/></w:rPr><w:t>{SECRET}</w:t></w:r></w:p>"
    assert ("attachment-hidden-text" in rules_of(inspect_bytes, "a.docx", docx_of(body))) is hidden


def test_grey_of_a_document_on_the_same_grey_is_hidden(inspect_bytes: Inspect) -> None:
    """A shaded cell with words of its own shade."""
    look = (
        '<w:color w:val="BFBFBF" w:themeColor="background1" w:themeShade="BF"/><w:shd w:val="clear" w:fill="BFBFBF"/>'
    )
    body = f"<w:p><w:r><w:rPr>{look}</w:rPr><w:t>{SECRET}</w:t></w:r></w:p>"
    assert "attachment-hidden-text" in rules_of(inspect_bytes, "a.docx", docx_of(body))


@pytest.mark.parametrize(
    ("theme", "tint", "ground", "hidden"),
    [
        (0, -0.0499893185216834, None, True),
        (1, 0.97, None, True),
        (0, 0.0, Color(theme=0, tint=-0.0499893185216834), True),
        (0, -0.249977111117893, Color(rgb="FFBFBFBF"), True),
        (0, -0.499984740745262, None, False),
        (1, 0.499984740745262, None, False),
        (0, 0.0, Color(theme=0, tint=-0.499984740745262), False),
        (0, 0.0, Color(theme=1, tint=0.249977111117893), False),
    ],
)
def test_grey_of_a_cell_hides_only_on_its_like(
    inspect_bytes: Inspect, theme: int, tint: float, ground: Color | None, hidden: bool
) -> None:
    """Words in nearly white on white, in white on nearly white, in a grey on the same grey."""
    looks: dict[str, object] = {"font": Font(color=Color(theme=theme, tint=tint))}
    if ground is not None:
        looks["fill"] = PatternFill("solid", fgColor=ground)
    found = rules_of(inspect_bytes, "a.xlsx", _formatted(SECRET, **looks)())
    assert found == ({"attachment-hidden-text"} if hidden else set())


@pytest.mark.parametrize(
    ("tint", "color"), [("-4.9989318521683403E-2", "F2F2F2"), ("", "FFFFFF"), ("nan", "FFFFFF"), ("1e9", "FFFFFF")]
)
def test_shade_of_a_cell_is_read_as_excel_writes_it(tint: str, color: str) -> None:
    """With an exponent; what is no share changes nothing."""
    assert named_color({"theme": "0", "tint": tint}) == color


# --- heads and feet of no page ----------------------------------------------------------

Section = docx.section.Section


def _headed(section: Section, place: str, words: str) -> None:
    margin = getattr(section, place)
    margin.is_linked_to_previous = False
    margin.paragraphs[0].text = words


@pytest.mark.parametrize("place", ["first_page_header", "first_page_footer", "even_page_header", "even_page_footer"])
@pytest.mark.parametrize("on", [True, False])
def test_head_of_a_page_that_there_is_not_is_hidden(inspect_bytes: Inspect, place: str, on: bool) -> None:
    """Of first and of even pages, where the document is told to have none of their own."""

    def fill(document: docx.document.Document) -> None:
        _headed(document.sections[0], place, SECRET)
        document.sections[0].different_first_page_header_footer = on
        document.settings.odd_and_even_pages_header_footer = on

    found = rules_of(inspect_bytes, "a.docx", _document(fill))
    assert found == (set() if on else {"attachment-hidden-text"})


@pytest.mark.parametrize("words", ["第 2 页 共 9 页", "— 2 —", "关于开展法律援助的通知"])
def test_head_of_no_page_that_says_nothing_new_is_let_pass(inspect_bytes: Inspect, words: str) -> None:
    """Numbers of pages are left behind in many a document, and so are copies of what pages show."""
    data = _document(lambda document: _headed(document.sections[0], "even_page_footer", words))
    assert rules_of(inspect_bytes, "a.docx", data) == set()


# --- cells that others cover ------------------------------------------------------------


def _cells(*second: str) -> bytes:
    cells = "".join(
        f'<w:tr><w:tc><w:tcPr><w:vMerge w:val="{merge}"/></w:tcPr>'
        f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc></w:tr>"
        for merge, words in (("restart", "上面的内容"), *(("continue", words) for words in second))
    )
    return docx_of(f"<w:tbl><w:tblPr/><w:tblGrid/>{cells}</w:tbl>")


@pytest.mark.parametrize(("words", "hidden"), [(SECRET, True), ("上面的内容", False), ("", False)])
def test_words_of_a_cell_that_is_merged_with_the_one_above_are_hidden(
    inspect_bytes: Inspect, words: str, hidden: bool
) -> None:
    """Unless they are the same, as programs leave them."""
    assert ("attachment-hidden-text" in rules_of(inspect_bytes, "a.docx", _cells(words))) is hidden


def _table(look: Callable[[pptx.table.Table], object]) -> bytes:
    def fill(show: pptx.presentation.Presentation) -> None:
        shape = show.slides[0].shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1))
        look(shape.table)

    return _slides(fill)


def _covered(table: pptx.table.Table) -> None:
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(0, 1).text = SECRET


def _colored(ground: str) -> Callable[[pptx.table.Table], object]:
    def look(table: pptx.table.Table) -> None:
        cell = table.cell(0, 0)
        cell.text = SECRET
        cell.text_frame.paragraphs[0].runs[0].font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(ground)

    return look


@pytest.mark.parametrize(
    ("look", "hidden"), [(_covered, True), (_colored("FFFFFF"), True), (_colored("1F3A5F"), False)]
)
def test_words_of_a_cell_of_a_slide_that_cannot_be_seen_are_hidden(
    inspect_bytes: Inspect, look: Callable[[pptx.table.Table], object], hidden: bool
) -> None:
    """In a cell that another covers, or in the colour with which it is filled."""
    found = rules_of(inspect_bytes, "a.pptx", _table(look))
    assert found == ({"attachment-hidden-text"} if hidden else set())


@pytest.mark.parametrize(
    ("color", "brightness", "hidden"),
    [
        (MSO_THEME_COLOR.BACKGROUND_1, -0.05, True),
        (MSO_THEME_COLOR.TEXT_1, 0.97, True),
        (MSO_THEME_COLOR.BACKGROUND_1, -0.5, False),
        (MSO_THEME_COLOR.TEXT_1, 0.5, False),
        (MSO_THEME_COLOR.ACCENT_1, 0.4, False),
    ],
)
def test_grey_of_a_slide_hides_only_where_it_is_nearly_white(
    inspect_bytes: Inspect, color: MSO_THEME_COLOR, brightness: float, hidden: bool
) -> None:
    """As the palette offers it."""

    def fill(show: pptx.presentation.Presentation) -> None:
        box = show.slides[0].shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1))
        box.text_frame.text = SECRET
        font = box.text_frame.paragraphs[0].runs[0].font
        font.color.theme_color, font.color.brightness = color, brightness

    assert rules_of(inspect_bytes, "a.pptx", _slides(fill)) == ({"attachment-hidden-text"} if hidden else set())


# --- drawings of the old kind, fields, letters without width ------------------------------

_VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'


def _box(attributes: str, look: str = "") -> str:
    words = f"<w:p><w:r><w:rPr>{look}</w:rPr><w:t>{SECRET}</w:t></w:r></w:p>"
    inside = f"<v:textbox><w:txbxContent>{words}</w:txbxContent></v:textbox>"
    return f"<w:p><w:r><w:pict><v:shape {_VML} {attributes}>{inside}</v:shape></w:pict></w:r></w:p>"


_SEEN = 'style="width:200pt;height:50pt"'
_PALE = '<w:color w:val="FFFFFF"/>'


def _field(instruction: str) -> str:
    return f"<w:p><w:fldSimple w:instr='{instruction}'><w:r><w:t>已公开的名称</w:t></w:r></w:fldSimple></w:p>"


@pytest.mark.parametrize(
    ("body", "hidden"),
    [
        (_box(_SEEN), False),
        (_box('style="width:200pt;height:50pt;display:none"'), True),
        (_box('style="width:0;height:0"'), True),
        (_box('style="margin-left:-50in;width:200pt;height:50pt"'), True),
        (_box('style="margin-left:5in;width:200pt;height:50pt"'), False),
        (_box(_SEEN, _PALE), True),
        (_box(f'{_SEEN} fillcolor="#fff"', _PALE), True),
        (_box(f'{_SEEN} fillcolor="#1f3a5f [3204]"', _PALE), False),
        (_box(f'{_SEEN} filled="f"', _PALE), False),
        (_field(f'XE "{SECRET}"'), True),
        (_field('XE "已公开的名称"'), False),
        (_field(f'TC "{SECRET}" \\f C'), True),
        (_field(f"ADDIN {SECRET}"), True),
        (_field('TOC \\o "1-3" \\t "样式一级标题,1"'), False),
        (f'<w:p><w:r><w:rPr><w:w w:val="1"/></w:rPr><w:t>{SECRET}</w:t></w:r></w:p>', True),
        (f'<w:p><w:r><w:rPr><w:w w:val="80"/></w:rPr><w:t>{SECRET}</w:t></w:r></w:p>', False),
        (f'<w:p><w:pPr><w:ind w:left="31680"/></w:pPr><w:r><w:t>{SECRET}</w:t></w:r></w:p>', True),
        (f'<w:p><w:pPr><w:ind w:left="4200"/></w:pPr><w:r><w:t>{SECRET}</w:t></w:r></w:p>', False),
    ],
)
def test_words_that_a_document_does_not_show_are_hidden(inspect_bytes: Inspect, body: str, hidden: bool) -> None:
    """Switched off, of no size, beside the page, white on white, within a field, or pressed to a line."""
    assert ("attachment-hidden-text" in rules_of(inspect_bytes, "a.docx", docx_of(body))) is hidden


@pytest.mark.parametrize(
    ("words", "font", "sign", "behind"),
    [
        ("本件机密", "Wingdings", "F0AB", "1年，请妥善保管"),
        ("公开属性：□主动公开 ", "Wingdings 2", "F052", "依申请公开"),
        ("公开属性：□主动公开 ", "Wingdings", "00fe", "不予公开"),
    ],
)
def test_sign_of_a_font_is_read(inspect_bytes: Inspect, words: str, font: str, sign: str, behind: str) -> None:
    """A star or a ticked box from the table of symbols is no character, and makes a mark all the same."""
    symbol = f'<w:sym w:font="{font}" w:char="{sign}"/>'
    body = f"<w:p><w:r><w:t>{words}</w:t>{symbol}<w:t>{behind}</w:t></w:r></w:p>"
    assert "secrecy-mark" in rules_of(inspect_bytes, "a.docx", docx_of(body))
