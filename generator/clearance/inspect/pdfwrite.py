"""A PDF written anew without what describes it and what no page shows. Effects: reads and writes the given streams."""

from __future__ import annotations

import contextlib
import re
import warnings
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from generator.clearance.inspect.found import Refused
from generator.clearance.inspect.images import stripped_image
from generator.clearance.inspect.pdfbounds import filters_of, unpacked_text

if TYPE_CHECKING:
    import pikepdf

_DESCRIPTIONS = ("/Metadata", "/PieceInfo", "/Thumb", "/LastModified")
_LARGEST = 64 << 20
_PLAIN_NAME = re.compile(r"/[A-Za-z0-9_.-]+")
_ESCAPED_NAME = re.compile(rb"/[^\s/<>()\[\]{}%#]*#[0-9A-Fa-f]{2}")


def is_jpeg(stream: Any) -> bool:
    """Whether a stream is a photograph as it came from a camera, packed once more or not."""
    return filters_of(stream)[-1:] == ["/DCTDecode"]


def lighter_jpeg(stream: Any) -> bytes | None:
    """The JPEG of a stream without its metadata, if it has any."""
    try:
        raw = _photograph(stream)
        lighter = stripped_image("jpg", raw) if raw.startswith(b"\xff\xd8") else raw
    except (Refused, zlib.error):
        return None
    return lighter if len(lighter) < len(raw) else None


def _photograph(stream: Any) -> bytes:
    """The JPEG within what it is packed in; as it stands where that is nothing that is known."""
    raw = bytes(stream.read_raw_bytes())
    for one in filters_of(stream)[:-1]:
        if one == "/FlateDecode" and "/DecodeParms" not in stream:
            raw = zlib.decompressobj().decompress(raw, _LARGEST)
        elif one in {"/ASCII85Decode", "/ASCIIHexDecode"}:
            raw = unpacked_text(one, raw)
        else:
            return b""
    return raw


def write_pdf(file: BinaryIO, out: BinaryIO) -> None:
    """Write the same pages without metadata and earlier revisions.

    Streams are copied as they are and no new ones packed, and the identifier comes
    from the content: the same bytes on every machine.
    """
    import pikepdf

    file.seek(0)
    with pikepdf.open(file, suppress_warnings=True) as pdf:
        for key in list(pdf.docinfo.keys()):
            del pdf.docinfo[key]
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        for one in pdf.objects:
            if not isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
                continue
            for key in _DESCRIPTIONS:
                if key in one:
                    del one[key]
            if isinstance(one, pikepdf.Stream) and is_jpeg(one):
                lighter = lighter_jpeg(one)
                if lighter is not None:
                    one.write(lighter, filter=pikepdf.Name.DCTDecode)
        with contextlib.suppress(pikepdf.PdfError):  # what cannot be unpacked may paint anything
            _drop_unused(pdf)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the file lacks: it is written as it is
            pdf.save(
                out,
                deterministic_id=True,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                fix_metadata_version=False,
                linearize=False,
            )


def _drop_unused(pdf: pikepdf.Pdf) -> None:
    """Leave out pictures and forms that no page paints: programs that part files leave those of other pages in them.

    Where pages share a list of them, they keep what one of them paints; what cannot be told stays.
    """
    listing = [page for page in pdf.pages if "/Resources" in page.obj and len(_listed(page.obj.Resources))]
    if not listing:
        return
    inner = b"\n".join(bytes(one.read_bytes()) for one in _inner_painters(pdf))
    lists: dict[tuple[int, int], tuple[Any, set[str]]] = {}
    for number, page in enumerate(listing):
        listed = _listed(page.obj.Resources)
        shared = [one.objgen for one in (listed, page.obj.Resources) if one.is_indirect]
        painted = b"\n".join((inner, *(bytes(one.read_bytes()) for one in _contents(page.obj))))
        is_plain = _ESCAPED_NAME.search(painted) is None
        names: list[str] = list(listed.keys())
        unused = {name for name in names if is_plain and _PLAIN_NAME.fullmatch(name) and name.encode() not in painted}
        _, used = lists.setdefault(shared[0] if shared else (-1, number), (listed, set()))
        used.update({*names} - unused)
    for listed, used in lists.values():
        for name in sorted({*map(str, listed.keys())} - used):
            del listed[name]


def _listed(resources: Any) -> Any:
    import pikepdf

    listed = resources.get("/XObject")
    return listed if isinstance(listed, pikepdf.Dictionary) else pikepdf.Dictionary()


def _contents(page: Any) -> list[Any]:
    import pikepdf

    contents = page.get("/Contents")
    if contents is None:
        return []
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _inner_painters(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """What paints within pages, perhaps with what they list: forms, patterns, characters that are drawn."""
    import pikepdf

    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            if str(one.get("/Subtype", "")) == "/Form" or "/PatternType" in one:
                yield one
        elif isinstance(one, pikepdf.Dictionary) and "/CharProcs" in one:
            yield from (glyph for glyph in one.CharProcs.values() if isinstance(glyph, pikepdf.Stream))
