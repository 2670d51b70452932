"""PDF files for the tests, made by reportlab and pikepdf, each with one thing hidden in it."""

from __future__ import annotations

import base64
import io
import warnings
import zlib
from collections.abc import Callable

import pikepdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "Vera"
"""Reportlab brings it along and embeds it, so that it is painted alike everywhere."""

SECRET = "ID number 11010519491231002X of the person"
Draw = Callable[[Canvas], object]


def _page(*draws: Draw, font: str = "Helvetica", **options: object) -> bytes:
    out = io.BytesIO()
    pdfmetrics.registerFont(TTFont(FONT, "Vera.ttf"))
    canvas = Canvas(out, pagesize=(595, 842), invariant=1, **options)
    for draw in draws:
        canvas.setFont(font, 12)
        canvas.drawString(72, 770, "Notice on legal aid, published by the bureau")
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _changed(data: bytes, change: Callable[[pikepdf.Pdf], object], **options: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out, deterministic_id=not options, **options)
    return out.getvalue()


def clean(font: str = "Helvetica") -> bytes:
    """Text, a table with a dark head and white words in it, and lines."""

    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.1)
        canvas.rect(72, 600, 300, 24, fill=1, stroke=0)
        canvas.setFillGray(1)
        canvas.drawString(80, 607, "White words on a dark ground")
        canvas.setFillGray(0)
        canvas.line(72, 590, 372, 590)
        canvas.drawString(80, 570, "Black words on white")

    return _page(draw, font=font)


def chinese() -> bytes:
    """Chinese text in a font that is not embedded."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(72, 700, "关于开展法律援助工作的通知")

    return _page(draw)


def black_bar(font: str = "Helvetica") -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, SECRET)
        canvas.rect(68, 694, 320, 20, fill=1, stroke=0)

    return _page(draw, font=font)


def white_bar(font: str = "Helvetica") -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, SECRET)
        canvas.setFillGray(1)
        canvas.rect(68, 694, 320, 20, fill=1, stroke=0)

    return _page(draw, font=font)


def picture_over_text(font: str = "Helvetica") -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, SECRET)
        canvas.drawImage(ImageReader(Image.new("RGB", (40, 10), "navy")), 68, 694, 320, 20)

    return _page(draw, font=font)


def white_text(font: str = "Helvetica") -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        canvas.drawString(72, 700, SECRET)

    return _page(draw, font=font)


def black_on_black(font: str = "Helvetica") -> bytes:
    """The bar is painted first, and the words upon it in its own colour."""

    def draw(canvas: Canvas) -> None:
        canvas.rect(68, 694, 420, 20, fill=1, stroke=0)
        canvas.drawString(72, 700, SECRET)

    return _page(draw, font=font)


def invisible_text() -> bytes:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(72, 700)
        text.setTextRenderMode(3)
        text.textLine(SECRET)
        canvas.drawText(text)

    return _page(draw)


def off_page(font: str = "Helvetica") -> bytes:
    return _page(lambda canvas: canvas.drawString(72, 900, SECRET), font=font)


def outside_crop_box(left: bool) -> bytes:
    """Text in the margin that the crop box cuts off, at the left or above."""

    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].cropbox = [300, 0, 595, 842] if left else [0, 0, 595, 690]

    return _changed(_page(lambda canvas: canvas.drawString(72, 300, "plain words here")), change)


def with_spoken_text() -> bytes:
    """A mark in the structure says aloud what the page does not show."""

    def change(document: pikepdf.Pdf) -> None:
        element = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructElem, ActualText=SECRET))
        document.Root.StructTreeRoot = pikepdf.Dictionary(K=[element])

    return _changed(clean(), change)


def _scan_image() -> Image.Image:
    image = Image.new("L", (1190, 1684), 255)
    ImageDraw.Draw(image).text((144, 260), SECRET, fill=0, font=ImageFont.load_default(size=26))
    return image


def scan() -> bytes:
    """A page that is one picture: nothing in it can be read."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.drawImage(ImageReader(_scan_image()), 0, 0, 595, 842)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def scan_with_text(bar: bool = False) -> bytes:
    """A scan with a text layer, as OCR programs make it; with a bar drawn into the picture only."""
    image = _scan_image()
    if bar:
        ImageDraw.Draw(image).rectangle((130, 250, 900, 300), fill=0)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    text = canvas.beginText(72, 842 - 142)
    text.setFont("Helvetica", 12)
    text.setTextRenderMode(3)
    text.textLine(SECRET)
    canvas.drawText(text)
    canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def annotated() -> bytes:
    return _page(lambda canvas: canvas.textAnnotation(SECRET, (100, 600, 200, 650)))


def with_file() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["list.csv"] = b"a,b\n"

    return _changed(clean(), change)


def with_script() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    return _changed(clean(), change)


def with_launch() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 9, 9],
            A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"),
        )
        pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([link]))

    return _changed(clean(), change)


def with_hidden_layer() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="layer"))
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer]))

    return _changed(clean(), change)


def encrypted() -> bytes:
    return _changed(clean(), lambda pdf: None, encryption=pikepdf.Encryption(owner="o", user="u"))


def restricted() -> bytes:
    return _changed(clean(), lambda pdf: None, encryption=pikepdf.Encryption(owner="o", user=""))


def with_metadata() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Author"] = "张三"
        with pdf.open_metadata() as meta:
            meta["dc:creator"] = ["张三"]
            meta["xmp:CreatorTool"] = "某软件"

    return _changed(clean(), change)


def with_revision() -> bytes:
    """An older state of the file still in it, as incremental saving leaves it."""
    data = clean()
    start = data.rindex(b"startxref")
    at = int(data[start + 9 :].split()[0])
    root = data[data.rindex(b"/Root") :].split(b"\n")[0]
    update = b"\ntrailer\n<< /Size 1 /Prev %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (at, root, len(data) + 1)
    return data + b"xref\n0 0" + update


def with_photo(photo: bytes, *packed: str) -> bytes:
    """A JPEG with EXIF inside of a PDF, packed once more or not; reportlab would drop the EXIF, pikepdf does not."""

    def change(pdf: pikepdf.Pdf) -> None:
        data = photo
        for one in reversed(packed):
            data = zlib.compress(data) if one == "FlateDecode" else base64.a85encode(data) + b"~>"
        filters = [pikepdf.Name(f"/{one}") for one in (*packed, "DCTDecode")]
        image = pikepdf.Stream(pdf, b"")
        image.write(data, filter=pikepdf.Array(filters))
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = 64, 48, 8
        image.ColorSpace = pikepdf.Name.DeviceRGB
        page = pdf.pages[0]
        page.Resources.XObject = pikepdf.Dictionary(Im0=pdf.make_indirect(image))
        page.contents_add(b"q 64 0 0 48 72 300 cm /Im0 Do Q")

    return _changed(clean(), change)


def laughs() -> bytes:
    """Forms that paint forms, ten times each, ten deep."""

    def change(pdf: pikepdf.Pdf) -> None:
        inner: pikepdf.Stream | None = None
        for _ in range(10):
            form = pdf.make_stream(b"0 0 9 9 re f" if inner is None else b"/A Do " * 10)
            form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 9, 9]
            if inner is not None:
                form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=inner))
            inner = form
        pdf.pages[0].Resources.XObject = pikepdf.Dictionary(A=inner)
        pdf.pages[0].contents_add(b"/A Do")

    return _changed(clean(), change)


# --- an identity number where no page says it --------------------------------------------

ID = "11010519491231002X"


def _with_field(widget: bool, **values: object) -> bytes:
    """A form with one field; its widget stands on the page, or it has none."""

    def change(pdf: pikepdf.Pdf) -> None:
        field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="x", **values))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        if widget:
            box = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=[72, 300, 300, 320])
            kid = pdf.make_indirect(box)
            kid.Parent, field.Kids = field, [kid]
            pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([kid]))

    return _changed(clean(), change)


def _with_annotation(make: Callable[[pikepdf.Pdf], dict[str, object]]) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        one = pikepdf.Dictionary(**{"Type": pikepdf.Name.Annot, "Rect": [72, 300, 300, 320], **make(pdf)})
        pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([one]))

    return _changed(clean(), change)


def _stamp(pdf: pikepdf.Pdf) -> dict[str, object]:
    look = pdf.make_stream(f"BT /F1 12 Tf ({ID}) Tj ET".encode())
    look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 200, 20]
    return {"Subtype": pikepdf.Name.Stamp, "AP": pikepdf.Dictionary(N=look)}


def _link(_: pikepdf.Pdf) -> dict[str, object]:
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=f"http://example.org/{ID}")
    return {"Subtype": pikepdf.Name.Link, "A": action}


def _with_layer(name: str, **more: object) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=name, **more))
        event = pikepdf.Dictionary(Event=pikepdf.Name.View, Category=[pikepdf.Name.View], OCGs=[layer])
        shown = pikepdf.Dictionary(ON=[layer], AS=[event])
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=shown)

    return _changed(clean(), change)


def layer_off_by_usage() -> bytes:
    """A layer that is on, but that no screen shows."""
    return _with_layer("layer", Usage=pikepdf.Dictionary(View=pikepdf.Dictionary(ViewState=pikepdf.Name.OFF)))


def with_template() -> bytes:
    """A page that stands beside the pages, for scripts to spawn."""

    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Template, MediaBox=[0, 0, 100, 100]))
        pdf.Root.Names = pikepdf.Dictionary(Templates=pikepdf.Dictionary(Names=["t", page]))

    return _changed(clean(), change)


def plain() -> bytes:
    """Without properties: nothing in it asks to be left out."""

    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.trailer["/Info"]

    return _changed(clean(), change, fix_metadata_version=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def with_data_between(extra: str) -> bytes:
    """A comment, or an object that no table knows, before the table of objects."""
    data = plain()
    at = data.index(b"xref\n")
    added = f"{extra}\n".encode()
    end = data[at:].replace(b"startxref\n%d" % at, b"startxref\n%d" % (at + len(added)))
    return data[:at] + added + end


def _signed(data: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        signature = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Contents=b"x")
        pdf.Root.Perms = pikepdf.Dictionary(DocMDP=pdf.make_indirect(signature))

    return _changed(data, change)


def signed(author: str = "") -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        if author:
            pdf.docinfo["/Author"] = author

    return _signed(_changed(clean(), change))


def signed_after_change() -> bytes:
    """A page whose contents were exchanged for others in a later state of the file, and then signed."""
    data = _signed(_page(lambda canvas: canvas.drawString(72, 700, "Words that were taken back"), pageCompression=0))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.pages[0].Contents.objgen[0]
    stream = b"BT /F1 12 Tf 72 770 Td (Notice on legal aid, published by the bureau) Tj ET"
    one = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(stream), stream)
    start = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    root = b"/Root" + data[data.rindex(b"/Root") + 5 :].split(b"R")[0] + b"R"
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(data))
    at = len(data) + len(one)
    trailer = b"trailer\n<< /Size 99 /Prev %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (start, root, at)
    return data + one + table + trailer


_SPOKEN = f"/Span <</ActualText ({ID})>> BDC EMC".encode()


def field_without_place() -> bytes:
    """A form's value that stands on no page."""
    return _with_field(False, V=ID)


def _with_widget(**values: object) -> Callable[[], bytes]:
    """A field with words in it, in one with its widget; no form lists it, of which pikepdf warns."""

    def make(pdf: pikepdf.Pdf) -> dict[str, object]:
        return {"Subtype": pikepdf.Name.Widget, "FT": pikepdf.Name.Tx, "T": "x", "V": "Words", **values}

    def made() -> bytes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _with_annotation(make)

    return made


def _leading_to(address: str) -> Callable[[], bytes]:
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=address)
    return lambda: _with_annotation(lambda pdf: {"Subtype": pikepdf.Name.Link, "A": action})


HIDDEN: list[tuple[str, Callable[[], bytes], set[str]]] = [
    ("field.pdf", field_without_place, {"attachment-hidden-text", "resident-id"}),
    ("hidden-field.pdf", _with_widget(F=2), {"attachment-hidden-text"}),
    ("unseen-field.pdf", _with_widget(F=32), {"attachment-hidden-text"}),
    ("flat-field.pdf", _with_widget(Rect=[0, 0, 0, 0]), {"attachment-hidden-text"}),
    ("disk.pdf", _leading_to("file:///C:/Users/zhangsan/a.doc"), {"attachment-external-link"}),
]


def painted_in_form() -> bytes:
    """A picture that no page paints itself, but a form that lists what its page lists."""

    def change(pdf: pikepdf.Pdf) -> None:
        image = pikepdf.Stream(pdf, bytes(64 * 48))
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = 64, 48, 8
        image.ColorSpace = pikepdf.Name.DeviceGray
        form = pdf.make_stream(b"q 64 0 0 48 0 0 cm /Im0 Do Q")
        form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 64, 48]
        page = pdf.pages[0]
        page.Resources.XObject = pikepdf.Dictionary(Im0=image, Fm0=form)
        page.obj.Resources = pdf.make_indirect(page.Resources)
        form.Resources = page.obj.Resources
        page.contents_add(b"q 1 0 0 1 72 300 cm /Fm0 Do Q")

    return _changed(clean(), change)


def parted() -> bytes:
    """One page of two that shared a list of pictures: the other's picture is still in it."""
    picture = b"left behind".ljust(64 * 48, b".")

    def change(pdf: pikepdf.Pdf) -> None:
        image = pikepdf.Stream(pdf, picture)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = 64, 48, 8
        image.ColorSpace = pikepdf.Name.DeviceGray
        shared = pdf.make_indirect(pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image, Im1=image)))
        for page, name in zip(pdf.pages, ("Im0", "Im2"), strict=True):
            shared.Font = page.Resources.Font
            page.obj.Resources = shared
            page.contents_add(f"q 64 0 0 48 72 300 cm /{name} Do Q".encode())
        del pdf.pages[0]
        del pdf.trailer["/Info"]

    data = _page(lambda canvas: None, lambda canvas: None)
    return _changed(data, change, compress_streams=False, fix_metadata_version=False)


NUMBERS: list[tuple[str, Callable[[], bytes]]] = [
    ("kids.pdf", lambda: _with_field(True, V=ID)),
    ("default.pdf", lambda: _with_field(True, V="a", DV=ID)),
    ("choices.pdf", lambda: _with_field(True, Opt=["a", ID])),
    ("wide.pdf", lambda: _with_field(True, V=f"身份证 {ID}")),
    ("spoken.pdf", lambda: _changed(clean(), lambda pdf: pdf.pages[0].contents_add(_SPOKEN))),
    ("stamp.pdf", lambda: _with_annotation(_stamp)),
    ("link.pdf", lambda: _with_annotation(_link)),
    ("layer.pdf", lambda: _with_layer(ID)),
    ("private.pdf", lambda: _changed(plain(), lambda pdf: pdf.Root.__setitem__("/Own", ID))),
]


def _zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabytes)), packer.flush()])


def structure_bomb() -> bytes:
    """An object stream of a few kilobytes whose objects are followed by a hundred megabytes of nothing."""
    packed = _zeros(100)
    head = b"%PDF-1.5\n5 0 obj\n<< /Type /Obj#53tm /N 1 /First 4 /Filter /FlateDecode /Length "
    return head + b"%d >>\nstream\n" % len(packed) + packed + b"\nendstream\nendobj\n%%EOF\n"


def bomb(megabytes: int = 100) -> bytes:
    """A page's stream of some kilobytes that unpacks to megabytes, or to a gigabyte."""
    packed = _zeros(megabytes)

    def change(pdf: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(pdf, b"")
        stream.write(packed, filter=pikepdf.Name.FlateDecode)
        pdf.pages[0].Contents = pdf.make_indirect(stream)

    return _changed(clean(), change, compress_streams=False)


def packed_bomb(*filters: str) -> bytes:
    """A page of a few kilobytes that unpacks to thirty megabytes or more, packed as those filters say."""
    packed = _zeros(30)
    if filters[0] == "LZWDecode":
        out = io.BytesIO()
        Image.new("L", (4000, 8000)).save(out, "TIFF", compression="tiff_lzw", strip_size=1 << 30)
        with Image.open(out) as image:
            at, length = image.tag_v2[273][0], image.tag_v2[279][0]
        packed = out.getvalue()[at : at + length]
    elif filters[0] == "RunLengthDecode":
        packed = b"\x81 " * 300_000
    elif filters[0] == "ASCII85Decode":
        packed = base64.a85encode(packed) + b"~>"
    elif filters[0] == "ASCIIHexDecode":
        packed = packed.hex().encode() + b">"

    def change(pdf: pikepdf.Pdf) -> None:
        contents = pikepdf.Stream(pdf, b"")
        contents.write(packed, filter=pikepdf.Array([pikepdf.Name(f"/{one}") for one in filters]))
        pdf.pages[0].Contents = pdf.make_indirect(contents)

    return _changed(clean(), change, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def packed_structure_bomb() -> bytes:
    """The same of objects, in letters."""
    packed = base64.a85encode(_zeros(100)) + b"~>"
    head = b"%PDF-1.5\n5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter [/ASCII85Decode /FlateDecode] /Length "
    return head + b"%d >>\nstream\n" % len(packed) + packed + b"\nendstream\nendobj\n%%EOF\n"


def large_picture() -> bytes:
    """A picture of ten thousand million points among the instructions of a page."""
    picture = b"q 9 0 0 9 9 9 cm BI /W 100000 /H 100000 /BPC 1 /CS /G ID x EI Q"
    return _changed(clean(), lambda document: document.pages[0].contents_add(picture))
