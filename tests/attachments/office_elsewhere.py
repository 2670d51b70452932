"""Office files for the tests with an identity number, or hidden words, where hardly anybody looks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pptx
from openpyxl.drawing.image import Image as Picture
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from pptx.util import Inches, Pt

from tests.attachments.office_files import (
    SECRET,
    _document,
    _slides,
    _workbook,
    docx_clean,
    edited,
    photo,
    pptx_clean,
    replaced,
    xlsx_clean,
)

ID = "11010519491231002X"
_MAIN = "word/document.xml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
_SHEET = "xl/worksheets/sheet1.xml"
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Make = Callable[[], bytes]


def _with_part(data: bytes, relations: str, kind: str, part: str, content: str | bytes) -> bytes:
    """The archive with one part more, and a relation to it."""
    kind = kind if kind.startswith("http") else f"{_RELATIONS}/{kind}"
    one = f'<Relationship Id="rId990" Type="{kind}" Target="/{part}"/></Relationships>'
    return edited(replaced(data, relations, "</Relationships>", one), {part: content})


def _in_body(markup: str) -> Make:
    return lambda: replaced(docx_clean(), _MAIN, "<w:sectPr", f"{markup}<w:sectPr")


def _in_word(kind: str, part: str, content: str | bytes) -> Make:
    return lambda: _with_part(docx_clean(), "word/_rels/document.xml.rels", kind, f"word/{part}", content)


def _in_excel(kind: str, part: str, content: str | bytes) -> Make:
    return lambda: _with_part(xlsx_clean(), "xl/_rels/workbook.xml.rels", kind, f"xl/{part}", content)


def _on_slide(kind: str, part: str, content: str | bytes) -> Make:
    return lambda: _with_part(pptx_clean(), "ppt/slides/_rels/slide1.xml.rels", kind, f"ppt/{part}", content)


def _run(markup: str) -> str:
    return f"<w:p><w:r>{markup}</w:r></w:p>"


def _watermark(words: str) -> Make:
    shape = f'<v:shape><v:textpath string="{words}"/></v:shape>'
    return _in_body(_run(f'<w:pict xmlns:v="urn:schemas-microsoft-com:vml">{shape}</w:pict>'))


def _style(properties: str, kind: str = "paragraph") -> Make:
    """Words in a style that hides them, which inherits that from another."""
    styles = (
        f'<w:style w:type="{kind}" w:styleId="Quiet"><w:rPr>{properties}</w:rPr></w:style>'
        f'<w:style w:type="{kind}" w:styleId="Quieter"><w:basedOn w:val="Quiet"/></w:style></w:styles>'
    )
    if kind == "paragraph":
        words = f'<w:p><w:pPr><w:pStyle w:val="Quieter"/></w:pPr><w:r><w:t>{SECRET}</w:t></w:r></w:p>'
    else:
        words = _run(f'<w:rPr><w:rStyle w:val="Quieter"/></w:rPr><w:t>{SECRET}</w:t>')
    return lambda: replaced(_in_body(words)(), "word/styles.xml", "</w:styles>", styles)


def docx_white_on_dark_by_style() -> bytes:
    """A banner: white words, and the ground for them, both of one style."""
    style = (
        '<w:style w:type="paragraph" w:styleId="Banner"><w:pPr><w:shd w:val="clear" w:fill="1F3A5F"/></w:pPr>'
        '<w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style></w:styles>'
    )
    words = '<w:p><w:pPr><w:pStyle w:val="Banner"/></w:pPr><w:r><w:t>公告</w:t></w:r></w:p>'
    return replaced(_in_body(words)(), "word/styles.xml", "</w:styles>", style)


def _choice(first: str, second: str) -> str:
    return (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:t>{first}</w:t></mc:Choice><mc:Fallback><w:t>{second}</w:t></mc:Fallback>'
        "</mc:AlternateContent>"
    )


def _picture_in_word(attribute: str) -> Make:
    def make() -> bytes:
        data = _document(lambda document: document.add_picture(io.BytesIO(photo("PNG"))))
        return replaced(data, _MAIN, "<wp:docPr ", f"<wp:docPr {attribute} ")

    return make


def docx_with_photo_named_otherwise() -> bytes:
    """A photograph as a browser saves it, under a name that no program gives."""
    return _in_word("image", "media/image9.jfif", photo())()


# --- Excel ---------------------------------------------------------------------------


def _book(fill: Callable[[openpyxl.worksheet.worksheet.Worksheet], object]) -> Make:
    return lambda: _workbook(lambda book: fill(book.active))


def _validated(sheet: openpyxl.worksheet.worksheet.Worksheet, **options: str) -> None:
    rule = DataValidation(type="list", **{"formula1": '"甲,乙"'} | options)
    rule.add("D5")
    sheet.add_data_validation(rule)


def _tip(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet["E5"] = "见表"
    sheet["E5"].hyperlink = Hyperlink(ref="E5", location="统计!A1", tooltip=ID)


def _formatted(value: object, **looks: object) -> Make:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["E9"] = value
        for name, look in looks.items():
            setattr(sheet["E9"], name, look)

    return _book(fill)


def _with_strings(strings: str) -> Make:
    """A workbook as Excel writes it: texts in a table of their own, of which a cell shows the first."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    row = '<row r="9"><c r="E9" t="s"><v>0</v></c></row></sheetData>'

    def make() -> bytes:
        data = replaced(replaced(_workbook(), "[Content_Types].xml", "</Types>", part), _SHEET, "</sheetData>", row)
        table = f'<sst xmlns="{_SPREADSHEET}">{strings}</sst>'
        return _with_part(data, "xl/_rels/workbook.xml.rels", "sharedStrings", "xl/sharedStrings.xml", table)

    return make


def _rich(color: str) -> str:
    return f'<r><t>甲</t></r><r><rPr><color rgb="FF{color}"/></rPr><t>{SECRET}</t></r>'


def _in_sheet(before: str, markup: str) -> Make:
    return lambda: replaced(xlsx_clean(), _SHEET, before, f"{markup}{before}")


def _described_in_excel() -> bytes:
    data = _book(lambda sheet: sheet.add_image(Picture(io.BytesIO(photo("PNG"))), "E5"))()
    return replaced(data, "xl/drawings/drawing1.xml", 'descr="Picture"', f'descr="{ID}"')


_LONE_SHEET = (
    f'<worksheet xmlns="{_SPREADSHEET}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{SECRET}</t></is></c>'
    "</row></sheetData></worksheet>"
)

# --- PowerPoint ----------------------------------------------------------------------


def _described_on_slide() -> bytes:
    data = _slides(lambda show: show.slides[0].shapes.add_picture(io.BytesIO(photo("PNG")), 0, 0))
    return replaced(data, "ppt/slides/slide1.xml", 'descr="', f'descr="{ID} ')


def pptx_unlisted_slide() -> bytes:
    """A slide that the presentation knows and does not show."""

    def fill(show: pptx.presentation.Presentation) -> None:
        show.slides.add_slide(show.slide_layouts[1]).shapes.title.text = SECRET
        slides = show.slides._sldIdLst
        slides.remove(slides[-1])

    return _slides(fill)


def _group(inside: float, outside: float) -> Make:
    """A text box at one place of its group, and the group at another of the slide, in inches."""

    def fill(show: pptx.presentation.Presentation) -> None:
        group = show.slides[0].shapes.add_group_shape()
        group.shapes.add_textbox(Inches(inside), Inches(1), Inches(2), Inches(1)).text_frame.text = SECRET
        group._element.grpSpPr.xfrm.off.x = Inches(outside)

    return lambda: _slides(fill)


def pptx_tiny() -> bytes:
    def fill(show: pptx.presentation.Presentation) -> None:
        box = show.slides[0].shapes.add_textbox(Inches(1), Inches(1), Inches(2), Inches(1))
        run = box.text_frame.paragraphs[0].add_run()
        run.text, run.font.size = SECRET, Pt(1)

    return _slides(fill)


_TEXT = f'<a:x xmlns:a="a"><a:p><a:r><a:t>{ID}</a:t></a:r></a:p></a:x>'

PATH = "C:\\Users\\张三\\Desktop\\未公开\\"


def xlsx_with_path() -> bytes:
    """The folder in which Excel saved the workbook, as it notes it in every one."""
    kinds = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    own = 'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"'
    note = (
        f'<mc:AlternateContent {kinds}><mc:Choice Requires="x15"><x15ac:absPath url="{PATH}" {own}/></mc:Choice>'
        "</mc:AlternateContent>"
    )
    return replaced(xlsx_clean(), "xl/workbook.xml", "<sheets>", f"{note}<sheets>")


def pptx_with_changes() -> bytes:
    """Who changed which slide, as PowerPoint notes it of files that are worked on together."""
    kind = f"{_MICROSOFT}/changesInfo"
    note = '<pc:chgInfo xmlns:pc="pc"><pc:chgData name="张三" userId="S::zhangsan" providerId="AD"/></pc:chgInfo>'
    return _with_part(pptx_clean(), "ppt/_rels/presentation.xml.rels", kind, "ppt/changesInfos/changesInfo1.xml", note)


def docx_with_properties_elsewhere() -> bytes:
    """As programs on .NET save it: only the relation tells that the part holds the properties."""
    name = "package/services/metadata/core-properties/0a1b.psmdcp"
    data = docx_clean()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            content = old.read(one).replace(b"docProps/core.xml", name.encode())
            new.writestr(name if one == "docProps/core.xml" else one, content)
    return out.getvalue()


def xlsx_with_persons() -> bytes:
    """Who wrote comments that are deleted long since, in the second list of persons that Excel keeps."""
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/person"
    persons = '<personList xmlns="x"><person displayName="张三" id="1" userId="S::zhangsan"/></personList>'
    return _with_part(xlsx_clean(), "xl/_rels/workbook.xml.rels", kind, "xl/persons/person0.xml", persons)


def xlsx_reserved() -> bytes:
    """Who reserved the workbook for himself."""
    note = '<fileSharing readOnlyRecommended="1" userName="张三"/>'
    return replaced(xlsx_clean(), "xl/workbook.xml", "<workbookPr", f"{note}<workbookPr")


def docx_with_odd_property() -> bytes:
    """A property in an attribute: no element says anything."""
    return edited(docx_clean(), {"docProps/app.xml": '<Properties author="张三"/>'})


NUMBERS: list[tuple[str, Make]] = [
    ("described.docx", _picture_in_word(f'descr="{ID}"')),
    ("watermark.docx", _watermark(ID)),
    ("simple-field.docx", _in_body(f'<w:p><w:fldSimple w:instr=" QUOTE {ID} "/></w:p>')),
    (
        "cut-field.docx",
        _in_body(_run(f"<w:instrText>{ID[:9]}</w:instrText>") + _run(f"<w:instrText>{ID[9:]}</w:instrText>")),
    ),
    ("form.docx", _in_body(_run(f'<w:fldChar><w:ffData><w:statusText w:val="{ID}"/></w:ffData></w:fldChar>'))),
    ("choices.docx", _in_body(f'<w:sdt><w:sdtPr><w:listItem w:displayText="{ID}"/></w:sdtPr><w:sdtContent/></w:sdt>')),
    ("tag.docx", _in_body(f'<w:sdt><w:sdtPr><w:tag w:val="{ID}"/></w:sdtPr><w:sdtContent/></w:sdt>')),
    ("chart.docx", _in_word("chart", "charts/chart1.xml", f"<c><v>{ID}</v></c>")),
    ("diagram.docx", _in_word("diagramData", "diagrams/data1.xml", _TEXT)),
    ("part.docx", _in_word("http://example.org/x", "x.xml", f"<a>{ID}</a>")),
    ("attribute.docx", _in_word("http://example.org/x", "x.xml", f'<a own="{ID}"/>')),
    ("part-name.docx", _in_word("image", f"media/{ID}.png", photo("PNG"))),
    ("comment.docx", _in_body(f"<!-- {ID} -->")),
    ("comment.xlsx", _in_sheet("<autoFilter", f"<!-- {ID} -->")),
    ("bookmark.docx", _in_body(f'<w:p><w:bookmarkStart w:id="7" w:name="x{ID}"/></w:p>')),
    ("tip.docx", _in_body(f'<w:p><w:hyperlink w:anchor="a" w:tooltip="{ID}"/></w:p>')),
    ("choices.xlsx", _book(lambda sheet: _validated(sheet, formula1=f'"甲,{ID}"'))),
    ("prompt.xlsx", _book(lambda sheet: _validated(sheet, prompt=ID))),
    ("formula.xlsx", _book(lambda sheet: sheet.__setitem__("E5", f'=IF(A1="{ID}","甲","乙")'))),
    ("tip.xlsx", _book(_tip)),
    ("reading.xlsx", _with_strings(f"<si><t>替换</t><rPh><t>{ID}</t></rPh></si>")),
    ("left-over.xlsx", _with_strings(f"<si><t>替换</t></si><si><t>{ID}</t></si>")),
    (
        "scenario.xlsx",
        _in_sheet("<autoFilter", f'<scenarios><scenario><inputCells val="{ID}"/></scenario></scenarios>'),
    ),
    ("diagram.xlsx", _in_excel("diagramData", "diagrams/data1.xml", _TEXT)),
    ("control.xlsx", _in_excel("vmlDrawing", "drawings/vmlDrawing1.vml", f"<xml><font>{ID}<br></font></xml>")),
    ("described.xlsx", _described_in_excel),
    ("described.pptx", _described_on_slide),
    ("tag.pptx", _on_slide("tags", "tags/tag1.xml", f'<tagLst><tag name="A" val="{ID}"/></tagLst>')),
    ("handout.pptx", _on_slide("handoutMaster", "handoutMasters/handoutMaster1.xml", _TEXT)),
]
"""An identity number where the file's page does not show it."""

UNSEEN: list[tuple[str, Make, str]] = [
    ("white-style.docx", _style('<w:color w:val="FFFFFF"/>'), "attachment-hidden-text"),
    ("tiny-style.docx", _style('<w:sz w:val="2"/>', "character"), "attachment-hidden-text"),
    ("vanished-default.docx", _style("<w:vanish/>"), "attachment-hidden-text"),
    ("switched-off.docx", _picture_in_word('hidden="1"'), "attachment-hidden-text"),
    (
        "fetching-simply.docx",
        _in_body('<w:p><w:fldSimple w:instr=" INCLUDETEXT a "/></w:p>'),
        "attachment-external-link",
    ),
    (
        "fetching-cut.docx",
        _in_body(_run("<w:instrText>INCLUDE</w:instrText>") + _run("<w:instrText>TEXT a</w:instrText>")),
        "attachment-external-link",
    ),
    ("prose.docx", _in_word("http://example.org/x", "x.xml", f"<a>{SECRET}</a>"), "attachment-custom-data"),
    ("attribute.docx", _in_word("customXml", "item9.xml", f'<a own="{SECRET}"/>'), "attachment-custom-data"),
    ("comment.docx", _in_body(f"<!-- {SECRET} -->"), "attachment-custom-data"),
    ("instruction.docx", _in_body(f"<?own {SECRET}?>"), "attachment-custom-data"),
    ("foreign.docx", _in_body(f'<x:own xmlns:x="own">{SECRET}</x:own>'), "attachment-custom-data"),
    ("comment.xlsx", _in_sheet("<autoFilter", f"<!-- {SECRET} -->"), "attachment-custom-data"),
    ("comment-strings.xlsx", _with_strings(f"<si><t>甲</t></si><!-- {SECRET} -->"), "attachment-custom-data"),
    ("near-white.xlsx", _formatted(SECRET, font=Font(color="FEFEFE")), "attachment-hidden-text"),
    ("tiny.xlsx", _formatted(SECRET, font=Font(size=1)), "attachment-hidden-text"),
    ("no-text.xlsx", _formatted(SECRET, number_format="0;-0;0;"), "attachment-hidden-text"),
    ("stars.xlsx", _formatted(SECRET, number_format=";;;**"), "attachment-hidden-text"),
    ("no-number.xlsx", _formatted(-42, number_format=";"), "attachment-hidden-text"),
    ("white-words.xlsx", _with_strings(f"<si>{_rich('FFFFFF')}</si>"), "attachment-hidden-text"),
    (
        "white-inline.xlsx",
        _in_sheet("</sheetData>", f'<row r="9"><c r="E9" t="inlineStr"><is>{_rich("FFFFFF")}</is></c></row>'),
        "attachment-hidden-text",
    ),
    ("unlisted.xlsx", _in_excel("worksheet", "worksheets/sheet9.xml", _LONE_SHEET), "attachment-hidden-sheet"),
    ("macros.xlsx", _in_excel(f"{_MICROSOFT}/xlMacrosheet", "worksheets/sheet9.xml", "<m/>"), "attachment-macros"),
    ("unlisted.pptx", pptx_unlisted_slide, "attachment-hidden-slide"),
    ("group.pptx", _group(1, -9), "attachment-hidden-text"),
    ("tiny.pptx", pptx_tiny, "attachment-hidden-text"),
]
"""What no page shows, and the rule that names it."""

SEEN: list[tuple[str, Make]] = [
    ("banner.docx", docx_white_on_dark_by_style),
    ("red-words.xlsx", _with_strings(f"<si>{_rich('FF0000')}</si>")),
    ("no-zero.xlsx", _formatted(0, number_format="0;-0;;@")),
    ("coded.xlsx", _formatted(1, number_format='[=1]"男";[=2]"女"')),
    ("money.xlsx", _formatted("合计", number_format='_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ')),
    ("formula.xlsx", _book(lambda sheet: sheet.__setitem__("E5", '=IF(A1="事项","甲","乙")'))),
    ("choices.xlsx", _book(_validated)),
    ("group.pptx", _group(-9, 1)),
]
"""What looks much like it and hides nothing."""

UNREAD: list[tuple[str, Make]] = [
    ("video.docx", _in_word("video", "media/media1.mp4", b"\0\0\0\x18ftypmp42")),
    ("part.docx", _in_word("http://example.org/x", "x.bin", b"\1\2\3")),
    ("sound.pptx", _on_slide("audio", "media/media1.wav", b"RIFF")),
]
"""Recordings and parts that no program reads: a person must."""
