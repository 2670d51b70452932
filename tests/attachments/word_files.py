"""Word files with words where no page shows them: beside it, too low, in their ground's colour, in codes of fields."""

from __future__ import annotations

from collections.abc import Callable

from tests.attachments.office_elsewhere import ID, _choice, _in_body, _run
from tests.attachments.office_files import SECRET, replaced

Make = Callable[[], bytes]
_SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in (
        ("wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
        ("wps", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"),
        ("mc", "http://schemas.openxmlformats.org/markup-compatibility/2006"),
        ("v", "urn:schemas-microsoft-com:vml"),
        ("w14", "http://schemas.microsoft.com/office/word/2010/wordml"),
    )
)
_DARK = '<a:solidFill><a:srgbClr val="112233"/></a:solidFill>'
_WHITE = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
_INK = '<w:color w:val="FFFFFF"/>'
_SOLID = '<w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/><w:color w:val="000000"/>'


def _text(properties: str = "", words: str = SECRET) -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r>"


def _worded(properties: str) -> Make:
    return _in_body(f"<w:p {_SPACES}>{_text(properties)}</w:p>")


def _lined(properties: str) -> Make:
    return _in_body(f"<w:p><w:pPr>{properties}</w:pPr>{_text()}</w:p>")


def _row(properties: str) -> Make:
    return _in_body(f"<w:tbl><w:tr><w:trPr>{properties}</w:trPr><w:tc><w:p>{_text()}</w:p></w:tc></w:tr></w:tbl>")


def _box(
    left: int = 100_000, side: str = "page", room: int = 900_000, filling: str = "", ink: str = "", copy: str = SECRET
) -> Make:
    """A text box and the copy of it for older programs."""
    place = "".join(
        f'<wp:position{axis} relativeFrom="{side}"><wp:posOffset>{offset}</wp:posOffset></wp:position{axis}>'
        for axis, offset in (("H", left), ("V", 0))
    )
    shape = (
        f"<wps:wsp><wps:spPr>{filling}</wps:spPr><wps:txbx><w:txbxContent><w:p>{_text(ink)}</w:p></w:txbxContent>"
        "</wps:txbx></wps:wsp>"
    )
    newer = (
        f'<w:drawing><wp:anchor>{place}<wp:extent cx="{room}" cy="{room}"/><wp:docPr id="5" name="文本框 1"/>'
        f"<a:graphic><a:graphicData>{shape}</a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    older = _drawn("", copy)
    return _in_body(
        f'<w:p {_SPACES}><w:r><mc:AlternateContent><mc:Choice Requires="wps">{newer}</mc:Choice>'
        f"<mc:Fallback>{older}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


def _drawn(style: str, words: str = SECRET) -> str:
    words = f"<w:txbxContent><w:p>{_text(words=words)}</w:p></w:txbxContent>"
    return f'<w:pict><v:shape style="{style}"><v:textbox>{words}</v:textbox></v:shape></w:pict>'


def _field(code: str) -> Make:
    return _in_body(_run(f"<w:instrText>{code}</w:instrText>"))


def _filled(filling: str, more: str = "") -> Make:
    return _worded(f"<w14:textFill>{filling}</w14:textFill>{more}")


def older_copy_with_number() -> bytes:
    return _in_body(_run(_choice("甲", ID)))()


def _white_of_style() -> bytes:
    """White words on a marker of the style that is white as well."""
    style = '<w:style w:type="character" w:styleId="Q"><w:rPr><w:highlight w:val="white"/></w:rPr></w:style></w:styles>'
    data = _worded(f'<w:rStyle w:val="Q"/>{_INK}')()
    return replaced(data, "word/styles.xml", "</w:styles>", style)


UNSEEN: list[tuple[str, Make]] = [
    ("beside.docx", _box(-9_000_000)),
    ("behind.docx", _box(99_000_000, "column")),
    ("no-room.docx", _box(room=1)),
    ("white-in-white.docx", _box(filling=_WHITE, ink=_INK)),
    ("older.docx", _box(copy=f"{SECRET}，初稿")),
    ("switched-off.docx", _in_body(f"<w:p {_SPACES}><w:r>{_drawn('visibility:hidden')}</w:r></w:p>")),
    ("away.docx", _in_body(f"<w:p {_SPACES}><w:r>{_drawn('margin-left:-2000pt')}</w:r></w:p>")),
    ("yellow.docx", _worded('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>')),
    ("marker.docx", _white_of_style),
    ("solid.docx", _worded(_SOLID)),
    ("empty-letters.docx", _filled("<w14:noFill/>")),
    ("white-letters.docx", _filled('<w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill>')),
    (
        "glass-letters.docx",
        _filled('<w14:solidFill><w14:srgbClr w14:val="0"><w14:alpha w14:val="100000"/></w14:srgbClr></w14:solidFill>'),
    ),
    ("low-line.docx", _lined('<w:spacing w:line="1" w:lineRule="exact"/>')),
    ("left.docx", _lined('<w:ind w:left="-30000"/>')),
    ("frame.docx", _lined('<w:framePr w:x="-20000" w:y="1"/>')),
    ("row.docx", _row("<w:hidden/>")),
    ("low-row.docx", _row('<w:trHeight w:val="2" w:hRule="exact"/>')),
    ("if.docx", _field(f' IF "a"="b" "{SECRET}" "x" ')),
    ("private.docx", _field(f" PRIVATE {SECRET} ")),
    ("words.docx", _field(SECRET)),
]
LINKED: list[tuple[str, Make]] = [
    ("disk.docx", _field(' HYPERLINK "file:///C:/Users/zhangsan/a.doc" ')),
    ("network.docx", _field(r' HYPERLINK "\\\\server\\share\\a.doc" ')),
    ("database.docx", _field(r' DATABASE \d "C:\\a.mdb" ')),
    ("master.docx", _field(r' RD "C:\\a.doc" ')),
]
SEEN: list[tuple[str, Make]] = [
    ("box.docx", _box()),
    ("white-on-dark.docx", _box(filling=_DARK, ink=_INK)),
    ("page-number.docx", _box(copy="1")),
    ("outlined.docx", _filled("<w14:noFill/>", "<w14:textOutline><w14:solidFill/></w14:textOutline>")),
    ("gradient.docx", _filled("<w14:gradFill/>")),
    ("white-on-marker.docx", _worded(f'{_INK}<w:highlight w:val="darkBlue"/>')),
    ("red-on-marker.docx", _worded('<w:color w:val="FF0000"/><w:highlight w:val="yellow"/>')),
    ("exact.docx", _lined('<w:spacing w:line="560" w:lineRule="exact"/><w:ind w:left="-200" w:hanging="200"/>')),
    ("row.docx", _row('<w:trHeight w:val="400" w:hRule="exact"/><w:hidden w:val="0"/>')),
    ("contents.docx", _field(r' TOC \o "1-3" \h \z \u ')),
    ("ring.docx", _field(r" EQ \o\ac(○,一) ")),
    ("date.docx", _field(r' DATE \@ "yyyy年M月d日" ')),
    ("web.docx", _field(' HYPERLINK "https://www.example.org/公开指南目录" ')),
    ("template.docx", _field(" MACROBUTTON NoMacro 单击此处输入标题 ")),
]
