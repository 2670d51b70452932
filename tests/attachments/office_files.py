"""Office files for the tests, made by python-docx, openpyxl and python-pptx, each with one thing hidden in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import docx
import openpyxl
import pptx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image
from pptx.util import Inches

SECRET = "内情：尚未公开的安排"


def unpacked(data: bytes) -> bytes:
    """The archive with members that are not packed, so that their size tells nothing of what they are made of."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue()


def docx_of(body: str, encoding: str = "utf-8") -> bytes:
    """A document with that body, not packed."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    )
    return unpacked(edited(docx_clean(), {"word/document.xml": text.encode(encoding)}))


def edited(data: bytes, changes: Mapping[str, str | bytes | None] | Callable[[str, bytes], bytes | None]) -> bytes:
    """The archive with members added, replaced or (``None``) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        known = set(old.namelist())
        for name in old.namelist():
            content: str | bytes | None = old.read(name)
            if callable(changes):
                content = changes(name, old.read(name))
            elif name in changes:
                content = changes[name]
            if content is not None:
                new.writestr(name, content)
        if not callable(changes):
            for name, content in changes.items():
                if name not in known and content is not None:
                    new.writestr(name, content)
    return out.getvalue()


def replaced(data: bytes, member: str, old: str, new: str) -> bytes:
    """The archive with one text replaced in one member; the text must be there."""

    def change(name: str, content: bytes) -> bytes:
        if name != member:
            return content
        text = content.decode()
        assert old in text, f"{old} not in {member}"
        return text.replace(old, new, 1).encode()

    return edited(data, change)


# --- Word ----------------------------------------------------------------------------


def _document(fill: Callable[[docx.document.Document], object] = lambda document: None) -> bytes:
    document = docx.Document()
    document.core_properties.author = "张三"
    document.add_heading("关于开展法律援助的通知", 1)
    document.add_paragraph("各单位请于月底前报送材料。")
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx_clean() -> bytes:
    def fill(document: docx.document.Document) -> None:
        table = document.add_table(rows=2, cols=2, style="Light Grid Accent 1")
        table.cell(0, 0).text, table.cell(0, 1).text = "事项", "时限"
        document.add_paragraph("重点", style="Intense Quote").runs[0].font.color.rgb = RGBColor(0x10, 0x20, 0x80)

    return _document(fill)


def docx_inserted() -> bytes:
    def fill(document: docx.document.Document) -> None:
        paragraph = document.add_paragraph("正文")
        change = OxmlElement("w:ins")
        change.set(qn("w:author"), "李四")
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = SECRET
        run.append(text)
        change.append(run)
        paragraph._p.append(change)

    return _document(fill)


def docx_deleted() -> bytes:
    def fill(document: docx.document.Document) -> None:
        paragraph = document.add_paragraph("正文")
        change = OxmlElement("w:del")
        run = OxmlElement("w:r")
        text = OxmlElement("w:delText")
        text.text = SECRET
        run.append(text)
        change.append(run)
        paragraph._p.append(change)

    return _document(fill)


def docx_commented() -> bytes:
    def fill(document: docx.document.Document) -> None:
        paragraph = document.add_paragraph("正文")
        document.add_comment(paragraph.runs, text=SECRET, author="李四", initials="L")

    return _document(fill)


def docx_commented_elsewhere() -> bytes:
    """Comments in a part of another name: only the relation tells what it is."""
    names = {"word/comments.xml": "word/remarks.xml"}
    data = docx_commented()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(names.get(name, name), old.read(name).replace(b"comments.xml", b"remarks.xml"))
    return out.getvalue()


def docx_vanished() -> bytes:
    def fill(document: docx.document.Document) -> None:
        document.add_paragraph().add_run(SECRET).font.hidden = True

    return _document(fill)


def docx_vanished_by_style() -> bytes:
    def fill(document: docx.document.Document) -> None:
        style = document.styles.add_style("Quiet", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
        style.font.hidden = True
        document.add_paragraph().add_run(SECRET, style="Quiet")

    return _document(fill)


def docx_white() -> bytes:
    def fill(document: docx.document.Document) -> None:
        document.add_paragraph().add_run(SECRET).font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)

    return _document(fill)


def docx_blackened() -> bytes:
    def fill(document: docx.document.Document) -> None:
        document.add_paragraph().add_run(SECRET).font.highlight_color = docx.enum.text.WD_COLOR_INDEX.BLACK

    return _document(fill)


def docx_marked() -> bytes:
    """A yellow marker hides nothing."""

    def fill(document: docx.document.Document) -> None:
        document.add_paragraph().add_run("重点").font.highlight_color = docx.enum.text.WD_COLOR_INDEX.YELLOW

    return _document(fill)


def docx_tiny() -> bytes:
    def fill(document: docx.document.Document) -> None:
        document.add_paragraph().add_run(SECRET).font.size = Pt(1)

    return _document(fill)


def docx_in_header() -> bytes:
    def fill(document: docx.document.Document) -> None:
        document.sections[0].header.paragraphs[0].add_run(SECRET).font.hidden = True

    return _document(fill)


def docx_in_table() -> bytes:
    def fill(document: docx.document.Document) -> None:
        table = document.add_table(rows=1, cols=1)
        table.cell(0, 0).paragraphs[0].add_run(SECRET).font.hidden = True

    return _document(fill)


def docx_with_template() -> bytes:
    relation = (
        '<Relationship Id="rId900" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'attachedTemplate" Target="file:///C:/Users/zhangsan/Normal.dotm" TargetMode="External"/></Relationships>'
    )
    return replaced(docx_clean(), "word/_rels/document.xml.rels", "</Relationships>", relation)


def docx_fetching() -> bytes:
    def fill(document: docx.document.Document) -> None:
        run = OxmlElement("w:r")
        field = OxmlElement("w:instrText")
        field.text = r' INCLUDETEXT "\\\\server\\share\\a.docx" '
        run.append(field)
        document.add_paragraph()._p.append(run)

    return _document(fill)


def docx_with_macros() -> bytes:
    return edited(docx_clean(), {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def docx_macro_enabled() -> bytes:
    return replaced(
        docx_clean(),
        "[Content_Types].xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    )


def docx_with_object() -> bytes:
    relation = (
        '<Relationship Id="rId901" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'oleObject" Target="embeddings/oleObject1.bin"/></Relationships>'
    )
    data = replaced(docx_clean(), "word/_rels/document.xml.rels", "</Relationships>", relation)
    return edited(data, {"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)})


def docx_with_workbook() -> bytes:
    """A workbook with a hidden sheet behind a chart: the whole of it travels along."""
    relation = (
        '<Relationship Id="rId902" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package" '
        'Target="embeddings/book.xlsx"/></Relationships>'
    )
    data = replaced(docx_clean(), "word/_rels/document.xml.rels", "</Relationships>", relation)
    return edited(data, {"word/embeddings/book.xlsx": xlsx_hidden_sheet()})


def docx_with_custom_data() -> bytes:
    relation = (
        '<Relationship Id="rId903" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'customXml" Target="../customXml/item9.xml"/></Relationships>'
    )
    data = replaced(docx_clean(), "word/_rels/document.xml.rels", "</Relationships>", relation)
    return edited(data, {"customXml/item9.xml": f"<a><b>{SECRET}</b></a>"})


def docx_with_orphan() -> bytes:
    return edited(docx_clean(), {"word/document2.xml": f"<a>{SECRET}</a>"})


def docx_with_custom_property() -> bytes:
    relation = (
        '<Relationship Id="rId904" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'custom-properties" Target="docProps/custom.xml"/></Relationships>'
    )
    custom = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property fmtid="{{D5CDD505}}" pid="2" name="来源"><vt:lpwstr>{SECRET}</vt:lpwstr></property></Properties>'
    )
    return edited(replaced(docx_clean(), "_rels/.rels", "</Relationships>", relation), {"docProps/custom.xml": custom})


def docx_with_photo(photo: bytes) -> bytes:
    """A photograph as the camera made it; python-docx itself cannot read such an EXIF, so it is put in later."""
    plain = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(plain, "JPEG")
    data = _document(lambda document: document.add_picture(plain))
    return edited(data, {"word/media/image1.jpg": photo})


def docx_cropped() -> bytes:
    def fill(document: docx.document.Document) -> None:
        plain = io.BytesIO()
        Image.new("RGB", (64, 48), "green").save(plain, "PNG")
        document.add_picture(plain)
        blip = next(iter(document.element.body.iter(qn("pic:blipFill"))))
        crop = OxmlElement("a:srcRect")
        crop.set("b", "40000")
        blip.insert(1, crop)

    return _document(fill)


def docx_with_variable() -> bytes:
    variables = f'<w:docVars><w:docVar w:name="a" w:val="{SECRET}"/></w:docVars></w:settings>'
    return replaced(docx_clean(), "word/settings.xml", "</w:settings>", variables)


def docx_described(description: str) -> bytes:
    def fill(document: docx.document.Document) -> None:
        document.core_properties.comments = description

    return _document(fill)


# --- Excel ---------------------------------------------------------------------------


def _workbook(fill: Callable[[openpyxl.Workbook], object] = lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator = "张三"
    sheet = book.active
    sheet.title = "统计"
    for row in (["事项", "件数", "办结"], ["法律援助", 120, 118], ["人民调解", 340, 339]):
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F3A5F")
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_clean() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.auto_filter.ref = "A1:C3"
        book.defined_names["_xlfn.IFS"] = DefinedName("_xlfn.IFS", attr_text="#NAME?", hidden=True)
        book.active.column_dimensions["Z"].hidden = True  # nothing is in it

    return _workbook(fill)


def xlsx_hidden_sheet() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("明细")
        sheet["A1"] = SECRET
        sheet.sheet_state = "hidden"

    return _workbook(fill)


def xlsx_very_hidden_sheet() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("明细")
        sheet["A1"] = SECRET
        sheet.sheet_state = "veryHidden"

    return _workbook(fill)


def xlsx_hidden_row() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.row_dimensions[3].hidden = True

    return _workbook(fill)


def xlsx_hidden_column() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.column_dimensions["B"].hidden = True

    return _workbook(fill)


def xlsx_narrow_column() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.column_dimensions["B"].width = 0.1

    return _workbook(fill)


def xlsx_white_cell() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.active["E9"] = SECRET
        book.active["E9"].font = Font(color="FFFFFF")

    return _workbook(fill)


def xlsx_blackened() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.active["E9"] = SECRET
        book.active["E9"].fill = PatternFill("solid", fgColor="000000")

    return _workbook(fill)


def xlsx_invisible_format() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.active["E9"] = 42
        book.active["E9"].number_format = ";;;"

    return _workbook(fill)


def xlsx_commented() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.active["A2"].comment = Comment(SECRET, "李四")

    return _workbook(fill)


def xlsx_hidden_name() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.defined_names["底数"] = DefinedName("底数", attr_text="统计!$A$1", hidden=True)

    return _workbook(fill)


def xlsx_external() -> bytes:
    relation = (
        '<Relationship Id="rId900" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'
    )
    data = replaced(_workbook(), "xl/_rels/workbook.xml.rels", "</Relationships>", relation)
    link = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return edited(data, {"xl/externalLinks/externalLink1.xml": link})


def xlsx_pivot() -> bytes:
    relation = (
        '<Relationship Id="rId901" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'pivotCacheDefinition" Target="pivotCache/pivotCacheDefinition1.xml"/></Relationships>'
    )
    data = replaced(_workbook(), "xl/_rels/workbook.xml.rels", "</Relationships>", relation)
    cache = (
        '<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cacheFields>'
        f'<cacheField name="a"><sharedItems><s v="{SECRET}"/></sharedItems></cacheField></cacheFields>'
        "</pivotCacheDefinition>"
    )
    return edited(data, {"xl/pivotCache/pivotCacheDefinition1.xml": cache})


def xlsx_revised() -> bytes:
    return edited(_workbook(), {"xl/revisions/revisionLog1.xml": "<revisions/>"})


def xlsx_macros() -> bytes:
    return edited(_workbook(), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


# --- PowerPoint ----------------------------------------------------------------------


def _slides(fill: Callable[[pptx.presentation.Presentation], object] = lambda show: None) -> bytes:
    show = pptx.Presentation()
    show.core_properties.author = "张三"
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "法律援助工作"
    slide.placeholders[1].text = "全年受理一百二十件。"
    fill(show)
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def pptx_clean() -> bytes:
    return _slides()


def pptx_long(slides: int) -> bytes:
    """A presentation of many slides, all of one layout."""

    def fill(show: pptx.presentation.Presentation) -> None:
        for number in range(slides - 1):
            slide = show.slides.add_slide(show.slide_layouts[1])
            slide.shapes.title.text = f"第{number}项"
            slide.placeholders[1].text = "已办结。"
            run = slide.placeholders[1].text_frame.paragraphs[0].runs[0]
            run.font.color.rgb = pptx.dml.color.RGBColor(0, 0, 0)  # so that its ground is asked for

    return _slides(fill)


def pptx_crowded(slides: int, shapes: int) -> bytes:
    """A presentation of slides with many shapes, the words of each on those before."""

    def shape(at: int) -> str:
        place = f'<a:xfrm><a:off x="{at}" y="{at}"/><a:ext cx="9" cy="9"/></a:xfrm>'
        look = '<a:rPr><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:rPr>'
        return f"<p:sp><p:spPr>{place}</p:spPr><p:txBody><a:p><a:r>{look}<a:t>x</a:t></a:r></a:p></p:txBody></p:sp>"

    crowd = "".join(map(shape, range(0, 10 * shapes, 10)))

    def crowded(name: str, data: bytes) -> bytes:
        if not name.startswith("ppt/slides/slide"):
            return data
        return data.replace(b"</p:spTree>", f"{crowd}</p:spTree>".encode())

    return unpacked(edited(pptx_long(slides), crowded))


def pptx_hidden_slide() -> bytes:
    def fill(show: pptx.presentation.Presentation) -> None:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = SECRET
        slide._element.set("show", "0")

    return _slides(fill)


def pptx_notes() -> bytes:
    def fill(show: pptx.presentation.Presentation) -> None:
        show.slides[0].notes_slide.notes_text_frame.text = SECRET

    return _slides(fill)


def pptx_cropped() -> bytes:
    def fill(show: pptx.presentation.Presentation) -> None:
        plain = io.BytesIO()
        Image.new("RGB", (64, 48), "green").save(plain, "PNG")
        show.slides[0].shapes.add_picture(plain, 0, 0).crop_left = 0.3

    return _slides(fill)


def pptx_hidden_shape() -> bytes:
    def fill(show: pptx.presentation.Presentation) -> None:
        box = show.slides[0].shapes.add_textbox(Inches(1), Inches(1), Inches(2), Inches(1))
        box.text_frame.text = SECRET
        box._element.nvSpPr.cNvPr.set("hidden", "1")

    return _slides(fill)


def pptx_blackened() -> bytes:
    def fill(show: pptx.presentation.Presentation) -> None:
        box = show.slides[0].shapes.add_textbox(Inches(1), Inches(1), Inches(2), Inches(1))
        run = box.text_frame.paragraphs[0].add_run()
        run.text = SECRET
        highlight = OxmlElement("a:highlight")
        color = OxmlElement("a:srgbClr")
        color.set("val", "000000")
        highlight.append(color)
        run._r.get_or_add_rPr().append(highlight)

    return _slides(fill)


def pptx_off_slide() -> bytes:
    def fill(show: pptx.presentation.Presentation) -> None:
        box = show.slides[0].shapes.add_textbox(Inches(-5), Inches(1), Inches(2), Inches(1))
        box.text_frame.text = SECRET

    return _slides(fill)


def pptx_comments() -> bytes:
    relation = (
        '<Relationship Id="rId900" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" '
        'Target="../comments/comment1.xml"/></Relationships>'
    )
    data = replaced(_slides(), "ppt/slides/_rels/slide1.xml.rels", "</Relationships>", relation)
    comment = (
        '<p:cmLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
        f"<p:cm><p:text>{SECRET}</p:text></p:cm></p:cmLst>"
    )
    return edited(data, {"ppt/comments/comment1.xml": comment})


def photo(kind: str = "JPEG", **options: object) -> bytes:
    """A small picture that a camera described: place, maker, author."""
    image = Image.effect_noise((64, 48), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "某相机"
    exif[0x013B] = "张三"
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 7.0, 12.0), 3: "E", 4: (117.0, 12.0, 0.0)})
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **options)  # type: ignore[arg-type]
    return out.getvalue()
