"""Words of Office files that no page shows, or that only the first one does; and such that look alike and are seen."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color

from generator.clearance.inspect.cellformats import named_color
from tests.attachments.inspecting import Inspect
from tests.attachments.office_elsewhere import Make, _book, _formatted
from tests.attachments.office_files import SECRET, docx_of

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
