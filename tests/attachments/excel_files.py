"""Workbooks in which formats, merges and widths hide cells, and such in which they do not."""

from __future__ import annotations

from collections.abc import Callable

import openpyxl
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule
from openpyxl.styles import Font, PatternFill

from tests.attachments.office_elsewhere import _book, _formatted, _in_excel
from tests.attachments.office_files import SECRET, _workbook, replaced

Make = Callable[[], bytes]
_SHEET = "xl/worksheets/sheet1.xml"
_WHITE = Font(color="FFFFFF")
_NAVY = PatternFill("solid", bgColor="FF1F3A5F")


def _ruled(rule: object, value: object = SECRET, **looks: object) -> Make:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["E9"] = value
        for name, look in looks.items():
            setattr(sheet["E9"], name, look)
        sheet.conditional_formatting.add("E9", rule)

    return _book(fill)


def _blank_by_rule() -> bytes:
    """A conditional format that only says that nothing is shown."""
    data = _ruled(FormulaRule(formula=["TRUE"], font=Font(bold=True)))()
    return replaced(data, "xl/styles.xml", "<dxf>", '<dxf><numFmt numFmtId="170" formatCode=";;;"/>')


def _merged(*values: object) -> Make:
    """Cells merged by a program, or with the brush for formats, which leaves what they held."""

    def make() -> bytes:
        data = _workbook(lambda book: [book.active.cell(9, 5 + at, value) for at, value in enumerate(values)])
        merge = '</sheetData><mergeCells count="1"><mergeCell ref="E9:G9"/></mergeCells>'
        return replaced(data, _SHEET, "</sheetData>", merge)

    return make


def _swallowing() -> bytes:
    """Instructions for programs between which what stands behind the cells would be lost."""
    data = replaced(_merged("甲", SECRET)(), _SHEET, "<sheetData>", "<?a <sheetData> ?><sheetData>")
    return replaced(data, _SHEET, "</worksheet>", "<?b ?></worksheet>")


def _sized(**options: object) -> Make:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["E9"] = SECRET
        for name, option in options.items():
            setattr(sheet.sheet_format, name, option)

    return _book(fill)


def _wide_by_itself() -> bytes:
    """No column is shown but those that are given a width, and these hold all."""
    columns = '<sheetFormatPr defaultRowHeight="15" defaultColWidth="0"/><cols><col min="1" max="3" width="9"/></cols>'
    data = replaced(_workbook(), _SHEET, '<sheetFormatPr baseColWidth="8" defaultRowHeight="15"/>', columns)
    return data


def whitened() -> bytes:
    """A sheet of which a whole column cannot be seen."""

    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for row in range(2, 2002):
            sheet.cell(row, 5, SECRET).font = _WHITE

    return _book(fill)()


_LETTERS = (
    '<d:wsDr xmlns:d="d" xmlns:a="a"><d:sp><d:txBody><a:p><a:r><a:rPr><a:noFill/></a:rPr>'
    f"<a:t>{SECRET}</a:t></a:r></a:p></d:txBody></d:sp></d:wsDr>"
)

UNSEEN: list[tuple[str, Make, str]] = [
    ("white-by-rule.xlsx", _ruled(FormulaRule(formula=["TRUE"], font=_WHITE)), "attachment-hidden-text"),
    (
        "black-by-rule.xlsx",
        _ruled(FormulaRule(formula=["TRUE"], fill=PatternFill("solid", bgColor="FF000000"))),
        "attachment-hidden-text",
    ),
    ("blank-by-rule.xlsx", _blank_by_rule, "attachment-hidden-text"),
    (
        "bars.xlsx",
        _ruled(DataBarRule("min", None, "max", None, "638EC6", showValue=False), 42),
        "attachment-hidden-text",
    ),
    ("merged.xlsx", _merged("甲", SECRET), "attachment-hidden-text"),
    ("swallowing.xlsx", _swallowing, "attachment-hidden-text"),
    ("no-width.xlsx", _sized(defaultColWidth=0), "attachment-hidden-columns"),
    ("no-height.xlsx", _sized(zeroHeight=True), "attachment-hidden-rows"),
    ("low.xlsx", _sized(defaultRowHeight=0.5, customHeight=True), "attachment-hidden-rows"),
    ("letters.xlsx", _in_excel("drawing", "drawings/drawing1.xml", _LETTERS), "attachment-hidden-text"),
    ("painted.xlsx", _formatted(42, number_format="[White]0"), "attachment-hidden-text"),
    ("painted-text.xlsx", _formatted(SECRET, number_format="0;0;0;[Color 2]@"), "attachment-hidden-text"),
]
SEEN: list[tuple[str, Make]] = [
    ("red-by-rule.xlsx", _ruled(CellIsRule("greaterThan", ["1"], font=Font(color="9C0006")), 42)),
    ("white-on-navy.xlsx", _ruled(FormulaRule(formula=["TRUE"], font=_WHITE, fill=_NAVY))),
    ("no-errors.xlsx", _ruled(FormulaRule(formula=["ISERROR(B2)"], font=_WHITE))),
    ("merged.xlsx", _merged("甲")),
    ("merged-alike.xlsx", _merged("甲", "甲", "甲")),
    ("wide.xlsx", _wide_by_itself),
    ("red.xlsx", _formatted(-42, number_format="0;[Red]-0")),
    ("white-on-ink.xlsx", _formatted(42, number_format="[White]0", fill=PatternFill("solid", fgColor="1F3A5F"))),
]
