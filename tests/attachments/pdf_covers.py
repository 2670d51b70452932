"""PDF files with words under, in or beside something that hides them, and with words that only look so."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from PIL import Image, ImageDraw
from reportlab.lib.colors import black
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.attachments.pdf_files import FONT, SECRET, Draw, _changed, _page, _scan_image, clean

WORDS = "Words that nobody is to read here"
Make = Callable[[], bytes]
FONTS = ("Helvetica", FONT)
"""One that is not in the file, and one that is."""


def _under(cover: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, WORDS)
        cover(canvas)

    return draw


def _pen(canvas: Canvas, width: float) -> None:
    """To and fro over the words, as one strikes them out by hand."""
    path = canvas.beginPath()
    canvas.setLineWidth(width)
    path.moveTo(70, 694)
    for step in range(120):
        path.lineTo(70 + 2 * step, 712 if step % 2 else 694)
    canvas.drawPath(path)


def _thick(canvas: Canvas) -> None:
    canvas.setLineWidth(20)
    canvas.line(60, 704, 400, 704)


def _glass(canvas: Canvas) -> None:
    canvas.setFillAlpha(0.98)
    canvas.rect(68, 694, 320, 20, fill=1, stroke=0)


def _stripes(canvas: Canvas) -> None:
    for step in range(170):
        canvas.rect(68 + 2 * step, 694, 2.2, 20, fill=1, stroke=0)


def _shade(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(60, 690, 400, 24)
    canvas.clipPath(path, stroke=0)
    canvas.linearGradient(60, 690, 460, 690, (black, black))


def _form(canvas: Canvas) -> None:
    canvas.beginForm("bar")
    canvas.rect(60, 690, 400, 24, fill=1, stroke=0)
    canvas.endForm()
    canvas.doForm("bar")


def _pattern(canvas: Canvas) -> None:
    noise = Image.effect_noise((160, 10), 90)
    canvas.drawImage(ImageReader(noise), 68, 694, 320, 20)


def _cut(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(0, 0, 9, 9)
    canvas.clipPath(path, stroke=0)
    canvas.drawString(72, 700, WORDS)


def _tiny(canvas: Canvas) -> None:
    canvas.setFont(FONT, 1)
    canvas.drawString(72, 700, WORDS)


def _on_white_picture(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("RGB", (40, 10), "white")), 68, 694, 320, 20)
    canvas.setFillGray(1)
    canvas.drawString(72, 700, WORDS)


COVERS: dict[str, Draw] = {
    "rounded": _under(lambda canvas: canvas.roundRect(60, 690, 400, 24, 6, fill=1, stroke=0)),
    "ellipse": _under(lambda canvas: canvas.ellipse(-200, 500, 800, 900, fill=1, stroke=0)),
    "thick": _under(_thick),
    "pen": _under(lambda canvas: _pen(canvas, 2.5)),
    "glass": _under(_glass),
    "stripes": _under(_stripes),
    "low": _under(lambda canvas: canvas.rect(68, 701, 320, 5, fill=1, stroke=0)),
    "shade": _under(_shade),
    "form": _under(_form),
    "pattern": _under(_pattern),
    "cut": _cut,
    "tiny": _tiny,
    "picture": _on_white_picture,
}


def _chinese(words: str, left: float, right: float) -> bytes:
    """A line in Chinese, and a bar over a part of it."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(72, 700, words)
        canvas.rect(72 + 12 * left, 697, 12 * (right - left), 14, fill=1, stroke=0)

    return _page(draw)


def sheet(width: float, height: float, cover: bool, pages: int = 1) -> bytes:
    """White words on a dark ground, on paper of that size, or with a box over them."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1)
    for _ in range(pages):
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, height - 72, "A drawing on a large sheet of paper")
        canvas.rect(60, height - 220, 400, 40, fill=1, stroke=0)
        canvas.setFillGray(1)
        canvas.drawString(72, height - 205, WORDS)
        if cover:
            canvas.rect(60, height - 220, 400, 40, fill=1, stroke=0)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


A0 = (2384, 3370)
LARGEST = (14_400, 14_400)
"""Points: more the format does not know."""
COVERED: list[tuple[str, Make]] = [
    (f"{name}-{font}.pdf", lambda draw=draw, font=font: _page(draw, font=font))  # type: ignore[misc]
    for name, draw in COVERS.items()
    for font in FONTS
]
COVERED += [
    ("name.pdf", lambda: _chinese("当事人张三缴纳罚款", 3, 5)),
    ("given-name.pdf", lambda: _chinese("当事人张三缴纳罚款", 4, 5)),
    ("sheet.pdf", lambda: sheet(*A0, cover=True)),
    ("largest-sheet.pdf", lambda: sheet(*LARGEST, cover=True)),
]
"""Words that can be copied and not be seen."""


def _watermark(canvas: Canvas) -> None:
    canvas.setFont(FONT, 60)
    canvas.setFillAlpha(0.15)
    canvas.drawString(72, 400, "SPECIMEN")


def _seal(canvas: Canvas) -> None:
    """A ring with nothing in it, as a seal is put over the date."""
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((5, 5, 95, 95), outline=(255, 0, 0, 255), width=5)
    canvas.drawString(72, 700, WORDS)
    canvas.drawImage(ImageReader(image), 100, 650, 100, 100, mask="auto")


def _on_rounded(canvas: Canvas) -> None:
    canvas.setFillGray(0.1)
    canvas.roundRect(60, 690, 400, 24, 6, fill=1, stroke=0)
    canvas.setFillGray(1)
    canvas.drawString(72, 700, WORDS)


def _grid(canvas: Canvas) -> None:
    path = canvas.beginPath()
    for step in range(10):
        path.moveTo(70, 680 + 20 * step)
        path.lineTo(400, 680 + 20 * step)
    canvas.drawPath(path)


def _lines(canvas: Canvas) -> None:
    canvas.line(72, 698, 372, 698)
    canvas.line(72, 703, 372, 703)


LOOKS: dict[str, Draw] = {
    "watermark": _watermark,
    "seal": _seal,
    "rounded-ground": _on_rounded,
    "grid": _under(_grid),
    "lines": _under(_lines),
    "frame": _under(lambda canvas: canvas.rect(60, 60, 480, 740, fill=0)),
}
SEEN: list[tuple[str, Make]] = [
    (f"{name}-{font}.pdf", lambda draw=draw, font=font: _page(draw, font=font))  # type: ignore[misc]
    for name, draw in LOOKS.items()
    for font in FONTS
]
SEEN += [("sheet.pdf", lambda: sheet(*A0, cover=False))]
"""Words that are to be seen, whatever lies near them."""


def drawn_over_two_pages(is_whole: bool) -> bytes:
    """A drawing that goes on over two pages and stands in both of them, or with one word that is on neither."""
    first = "Left of the drawing" if is_whole else "Left of what"
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for shift in (0, 595):
        canvas.setFont("Helvetica", 12)
        canvas.drawString(300 - shift, 600, "Left of the drawing")
        canvas.drawString(900 - shift, 600, "Right of the drawing")
        canvas.drawString(300 - 595 - shift, 400, first)
        canvas.drawString(300, 300, "Words of the page")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def text_under_scan(font: str) -> bytes:
    """The text of a scan painted first, and the picture of the page over it, as some programs make it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setFont(font, 12)
    canvas.drawString(72, 700, SECRET)
    canvas.drawImage(ImageReader(_scan_image()), 0, 0, 595, 842)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def stamped_scan(in_form: bool) -> bytes:
    """A scan that can be read by nobody but a person, and the name of the scanning program upon it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    if in_form:
        canvas.beginForm("page")
    canvas.drawImage(ImageReader(_scan_image()), 0, 0, 595, 842)
    if in_form:
        canvas.endForm()
        canvas.doForm("page")
    canvas.drawString(300, 20, "Scanned with CamScanner")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def barred_scan(light: float, alpha: float = 1) -> bytes:
    """A scan with a box drawn upon it, not into it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.drawImage(ImageReader(_scan_image()), 0, 0, 595, 842)
    canvas.setFillGray(light)
    canvas.setFillAlpha(alpha)
    canvas.rect(68, 694, 420, 30, fill=1, stroke=0)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def outlined() -> bytes:
    """Words of which only the outlines were kept."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for number in range(120):
        x, y = 50 + number % 20 * 12, 700 - number // 20 * 20
        path = canvas.beginPath()
        path.moveTo(x, y)
        for step in range(5):
            path.curveTo(x + step, y + 1, x + step, y + 8, x + 8, y + step)
        path.close()
        canvas.drawPath(path, fill=1, stroke=0)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def shown_while_layer_is_not() -> bytes:
    """Words that belong to no layer, but to the absence of one that is on."""

    def change(document: pikepdf.Pdf) -> None:
        layer = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="layer"))
        condition = pikepdf.Dictionary(Type=pikepdf.Name.OCMD, OCGs=layer, P=pikepdf.Name.AllOff)
        document.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(ON=[layer]))
        document.pages[0].Resources.Properties = pikepdf.Dictionary(MC0=document.make_indirect(condition))
        document.pages[0].contents_add(b"/OC /MC0 BDC BT /F1 12 Tf 72 500 Td (Words) Tj ET EMC")

    return _changed(clean(), change)
