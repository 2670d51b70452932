"""Bounds of a PDF before any library unpacks it: file → nothing, or a refusal. Effects: reads the given file.

A few kilobytes of deflated data may unpack to gigabytes. The library that reads
the objects unpacks their streams as soon as it opens the file, so those are
measured in the raw bytes first; all others are measured as objects, before the
library that paints them sees the file.
"""

from __future__ import annotations

import base64
import io
import math
import mmap
import re
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

from generator.clearance.inspect.found import Limits, Refused

if TYPE_CHECKING:
    import pikepdf

_STREAM = re.compile(rb"(?<!end)stream[ \t\r\n\f\v]*")
_STRUCTURE = re.compile(rb"/(?:ObjStm|XRef)")
_PACKED_OTHERWISE = re.compile(
    rb"/(?:ASCII85Decode|A85|ASCIIHexDecode|AHx|LZWDecode|LZW|RunLengthDecode|RL)(?![A-Za-z0-9])|/Filter\s*\d+\s+\d+\s+R"
)
"""What no program packs objects with: the library would unpack it before anybody could look at it."""
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_DICTIONARY = 1 << 16
_STEP = 1 << 20
_PICTURE = re.compile(rb"\bBI\s((?:(?!\bID\b).){0,2000})\bID\b", re.DOTALL)
_SIDE = re.compile(rb"/(?:W|H|Width|Height)\s+([0-9]{1,12})")
_NESTING = 32
_MOST_COUNTED = 2 << 20
"""Bytes of streams that are counted one by one; programs have not packed larger ones so for decades."""
_SHORT = {
    **{"/Fl": "/FlateDecode", "/A85": "/ASCII85Decode", "/AHx": "/ASCIIHexDecode", "/LZW": "/LZWDecode"},
    **{"/RL": "/RunLengthDecode", "/DCT": "/DCTDecode", "/CCF": "/CCITTFaxDecode"},
}
"""Names that are meant for small pictures, but which readers understand anywhere."""
_OF_TEXT = frozenset({"/ASCII85Decode", "/ASCIIHexDecode"})
_OF_PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/Crypt"})
_SWELL = 1032
"""No deflated byte gives more than so many."""


def bound_structure(file: BinaryIO, limits: Limits) -> None:
    """Refuse a file whose object or cross-reference streams unpack beyond the bound of a part."""
    raw = _bytes_of(file)
    if raw is None:
        return
    try:
        end = 0
        for found in _STREAM.finditer(raw):
            begin = max(end, found.start() - _DICTIONARY)
            end = found.end()
            written = bytes(raw[begin : found.start()])
            written = _ESCAPE.sub(lambda one: bytes([int(one[1], 16)]), written[max(written.rfind(b"obj"), 0) :])
            if _STRUCTURE.search(written):
                if _PACKED_OTHERWISE.search(written):
                    raise Refused("attachment-refused-bomb")
                _measure(raw, found.end(), limits.xml)
    finally:
        if isinstance(raw, mmap.mmap):
            raw.close()
        file.seek(0)


def _bytes_of(file: BinaryIO) -> mmap.mmap | bytes | None:
    """The file's bytes without reading them all, where they are on disk."""
    if isinstance(file, io.BytesIO):
        return file.getvalue()
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:  # an empty file cannot be mapped, and holds nothing
        return None


def _measure(raw: mmap.mmap | bytes, start: int, bound: int) -> None:
    """Unpack from ``start`` piece by piece and keep nothing; raises ``Refused`` beyond ``bound``."""
    unpacker = zlib.decompressobj()
    at = start
    try:
        while at < len(raw) and not unpacker.eof:
            data = raw[at : at + _STEP]
            at += len(data)
            while data and not unpacker.eof:
                bound -= len(unpacker.decompress(data, _STEP))
                if bound < 0:
                    raise Refused("attachment-refused-bomb")
                data = unpacker.unconsumed_tail
    except zlib.error:
        return  # not deflated, or broken: the library will say so


def painting(pdf: pikepdf.Pdf, limits: Limits) -> dict[tuple[int, int], int]:
    """The streams that paint the pages, by object number and generation, each with its share of a page's bound."""
    import pikepdf

    found: dict[tuple[int, int], int] = {}
    for page in pdf.pages:
        contents = page.obj.get("/Contents")
        if isinstance(contents, pikepdf.Array):
            found |= {one.objgen: limits.page // len(contents) for one in contents}
        elif contents is not None:
            found[contents.objgen] = limits.page
    return found


def filters_of(stream: Any) -> list[str]:
    """The names of what a stream is packed with, outermost first."""
    import pikepdf

    filters = stream.get("/Filter")
    if filters is None:
        return []
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    return [_SHORT.get(one, one) for one in names]


def bound_stream(stream: Any, limits: Limits, paints: dict[tuple[int, int], int]) -> None:
    """Refuse a stream that unpacks beyond its bound: an image by its pixels, a page's by what PDFium makes of it."""
    kind = str(stream.get("/Subtype", ""))
    if kind == "/Image" and int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > limits.pixels:
        raise Refused("attachment-refused-pixels")
    paints_itself = kind == "/Form" or "/PatternType" in stream
    bound = paints.get(stream.objgen, limits.page if paints_itself else limits.member)
    filters = filters_of(stream)
    if not filters or filters[0] in _OF_PICTURES:
        return
    raw = bytes(stream.read_raw_bytes())
    while filters and filters[0] in _OF_TEXT:
        raw = unpacked_text(filters.pop(0), raw)
    if not filters or filters[0] in _OF_PICTURES:
        return
    if filters[1:] and filters[1] not in _OF_PICTURES:
        raise Refused("attachment-refused-bomb")  # packed twice: nobody writes this but to hide its size
    if filters[0] == "/FlateDecode":
        if len(raw) * _SWELL > bound:
            _measure(raw, 0, bound)
    elif (
        len(raw) > _MOST_COUNTED
        or b"/EarlyChange" in stream.stream_dict.unparse(resolved=True)
        or _COUNTED.get(filters[0], _unknown)(raw) > bound
    ):
        raise Refused("attachment-refused-bomb")


def bound_pictures(painting: bytes, limits: Limits) -> None:
    """Refuse small pictures among the instructions of a page that say of themselves that they are large."""
    for found in _PICTURE.finditer(painting):
        sides = [int(one) for one in _SIDE.findall(found[1])]
        if math.prod(sides) > limits.pixels:
            raise Refused("attachment-refused-pixels")


def unpacked_text(way: str, raw: bytes) -> bytes:
    """What was written in letters; raises ``Refused`` where it was not."""
    try:
        if way == "/ASCIIHexDecode":
            digits = b"".join(raw.partition(b">")[0].split())
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        return base64.a85decode(raw.partition(b"~")[0])
    except ValueError:
        raise Refused("attachment-unreadable") from None


def _unknown(raw: bytes) -> int:
    """Of what is packed in a way that nobody knows, nothing is unpacked."""
    return len(raw)


def _count_runs(raw: bytes) -> int:
    """How long what is packed in runs is."""
    at = length = 0
    while at < len(raw) and raw[at] != 128:
        length += raw[at] + 1 if raw[at] < 128 else 257 - raw[at]
        at += raw[at] + 2 if raw[at] < 128 else 2
    return length


def _count_codes(raw: bytes) -> int:
    """How long what is packed by LZW is."""
    lengths: list[int] = [1] * 258
    bits = held = length = before = 0
    for byte in raw:
        bits, held = bits << 8 | byte, held + 8
        width = 9 if len(lengths) < 511 else 10 if len(lengths) < 1023 else 11 if len(lengths) < 2047 else 12
        if held < width:
            continue
        held -= width
        code, bits = bits >> held, bits & ((1 << held) - 1)
        if code == 256:
            del lengths[258:]
            before = 0
            continue
        if code == 257:
            break
        if before and len(lengths) < 4096:
            lengths.append(before + 1)
        before = lengths[code] if code < len(lengths) else before + 1
        length += before
    return length


_COUNTED = {"/RunLengthDecode": _count_runs, "/LZWDecode": _count_codes}


def bound_nesting(pdf: pikepdf.Pdf, limits: Limits) -> None:
    """Refuse forms that paint forms that paint forms … until a page has more than anybody can paint.

    To be asked when every stream has been bounded, since the streams of nesting forms are unpacked here.
    """
    import pikepdf

    weights: dict[tuple[int, int], int] = {}
    for page in pdf.pages:
        forms = _forms(page.obj)
        if any(_forms(form) for form in forms):
            heaviest = max(_weight(form, weights, limits, 0) for form in forms)
            contents = page.obj.get("/Contents")
            streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents] if contents else []
            painted = sum(bytes(one.read_bytes()).count(b"Do") for one in streams)
            if painted * heaviest > limits.painted:
                raise Refused("attachment-refused-bomb")


def _weight(form: Any, weights: dict[tuple[int, int], int], limits: Limits, depth: int) -> int:
    """How many forms one form may come to, counting each of its operators as the heaviest that it could mean."""
    known = weights.get(form.objgen)
    if known is not None:
        return known
    if depth > _NESTING:
        raise Refused("attachment-refused-bomb")
    weights[form.objgen] = 1  # a form that paints itself is stopped by every reader
    inner = _forms(form)
    weight = 1
    if inner:
        painted = bytes(form.read_bytes()).count(b"Do")
        weight += painted * max(_weight(one, weights, limits, depth + 1) for one in inner)
    if weight > limits.painted:
        raise Refused("attachment-refused-bomb")
    weights[form.objgen] = weight
    return weight


def _forms(painter: Any) -> list[Any]:
    resources = painter.get("/Resources")
    objects = resources.get("/XObject") if resources is not None else None
    if objects is None:
        return []
    return [one for one in objects.values() if str(one.get("/Subtype", "")) == "/Form"]
