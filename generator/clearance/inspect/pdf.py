"""PDF (ISO 32000): file → text and what it hides; and the same file without metadata.

Effects: reads the given file. Two libraries look at it: pikepdf at the objects,
PDFium (which also paints) at the pages, in ``pdfpage``.
"""

from __future__ import annotations

import hashlib
import io
import re
from typing import TYPE_CHECKING, Any, BinaryIO

from generator.clearance.inspect.found import Contents, Counter, Limits, Refused
from generator.clearance.inspect.package import is_inward
from generator.clearance.inspect.pdfbounds import bound_nesting, bound_pictures, bound_stream, bound_structure, painting
from generator.clearance.inspect.pdfforms import inspect_annotations, inspect_form
from generator.clearance.inspect.pdfpage import inspect_pages
from generator.clearance.inspect.pdfstrings import spoken_of, strings_of
from generator.clearance.inspect.pdfwrite import is_jpeg, lighter_jpeg, write_pdf

if TYPE_CHECKING:
    import pikepdf

_TELLING = re.compile(
    rb"/(JS|JavaScript|Launch|ImportData|SubmitForm|XFA|GoToE|Rendition|EmbeddedFiles?|EF|RichMedia(?:Content)?|ByteRange"
    rb"|PieceInfo|Thumb|LastModified|Metadata|OCMD)(?![0-9A-Za-z_.#-])"
)
_CONDITION = re.compile(rb"/(?:AllOff|AnyOff|VE)(?![0-9A-Za-z_.#-])")
"""What is shown while a layer is not."""
_MOST_OBJECTS = 300_000
_DATES = frozenset({"/CreationDate", "/ModDate", "/Trapped"})


def inspect_pdf(file: BinaryIO, contents: Contents, limits: Limits) -> None:
    """Collect the text of every page and name what is hidden in the file."""
    import pikepdf

    bound_structure(file, limits)
    try:
        with pikepdf.open(file, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Refused("attachment-encrypted")
            if len(pdf.pages) > limits.pages or len(pdf.objects) > _MOST_OBJECTS:
                raise Refused("attachment-refused-large")
            strings = _inspect_objects(pdf, contents, limits)
            bound_nesting(pdf, limits)
            _inspect_catalogue(pdf, contents)
            inspect_annotations(pdf, contents)
            inspect_form(pdf, contents)
    except pikepdf.PasswordError:
        raise Refused("attachment-encrypted") from None
    except pikepdf.PdfError:
        raise Refused("attachment-unreadable") from None
    _note_revisions(file, contents)
    inspect_pages(file, contents, limits)
    contents.say("\n".join(strings), "alternative", shown=False)  # last: what pages say as well is placed there
    if any(one.rule == "attachment-signed" for one in contents.hidden):
        _keep_signed(file, contents, limits)
    elif not contents.removable and _has_remnants(file):
        contents.removable.add("remnants")


def _keep_signed(file: BinaryIO, contents: Contents, limits: Limits) -> None:
    """Nothing is left out of a signed file: what else is only warned of blocks, as do words of its earlier states."""
    contents.removable.clear()
    contents.segments = [one._replace(removed=False) for one in contents.segments]
    if file.seek(0, io.SEEK_END) > limits.member:
        contents.readable = False
        return
    file.seek(0)
    data = file.read()
    ends = [found.end() for found in re.finditer(rb"%%EOF", data)]
    if not ends or data[ends[-1] :].strip(b"\0\t\n\f\r "):
        contents.hide("attachment-trailing-data")
    now = {line.strip() for one in contents.segments for line in one.text.split("\n")}
    for end in ends[:-1]:
        earlier = Contents()
        try:
            inspect_pages(io.BytesIO(data[: end + 1]), earlier, limits)
        except Refused:
            continue  # the first part of a file that is laid out for the web
        words = [line for one in earlier.segments for line in one.text.split("\n") if line.strip() not in now]
        if words:
            contents.hide("attachment-trailing-data", "revision")
            contents.say("\n".join(words), "revision", shown=False)


def _has_remnants(file: BinaryIO) -> bool:
    """Whether there is more in the file than its pages use: it is written anew and compared."""
    file.seek(0)
    before, after = hashlib.sha256(), Counter()
    while block := file.read(1 << 20):
        before.update(block)
    write_pdf(file, after)
    return before.digest() != after.digest.digest()


def _inspect_objects(pdf: pikepdf.Pdf, contents: Contents, limits: Limits) -> dict[str, None]:
    """Look through every object; gives the texts that stand in them."""
    import pikepdf

    paints = painting(pdf, limits)
    strings: dict[str, None] = {}
    properties = pdf.trailer.get("/Info")
    described = properties.objgen if properties is not None else (0, 0)
    for one in pdf.objects:
        if not isinstance(one, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)):
            continue
        is_stream = isinstance(one, pikepdf.Stream)
        written = (one.stream_dict if is_stream else one).unparse(resolved=True)
        _inspect_written(written, contents)
        if one.objgen != described or one.objgen == (0, 0):  # those are told on their own
            strings.update(dict.fromkeys(strings_of(written)))
        if is_stream:
            bound_stream(one, limits, paints)
            if one.objgen in paints or str(one.get("/Subtype", "")) == "/Form":
                instructions = _unpacked(one)
                bound_pictures(instructions, limits)
                strings.update(dict.fromkeys(spoken_of(instructions)))
            if str(one.get("/Type", "")) == "/Metadata":
                contents.removable.add("xmp")
            if is_jpeg(one) and lighter_jpeg(one) is not None:
                contents.removable.add("exif")
    return strings


def _unpacked(stream: Any) -> bytes:
    import pikepdf

    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return b""  # what cannot be unpacked is shown by no program either


def _inspect_written(written: bytes, contents: Contents) -> None:
    """Look through an object as it is written, with those that stand inside of it.

    This errs on the safe side: the words may also stand in a text.
    """
    found = {match[1] for match in _TELLING.finditer(written)}
    if not found:
        return
    if found & {b"JS", b"JavaScript", b"Launch", b"ImportData", b"SubmitForm", b"XFA", b"GoToE", b"Rendition"}:
        contents.hide("attachment-script")
    if found & {b"EmbeddedFile", b"EmbeddedFiles", b"EF", b"RichMedia", b"RichMediaContent"}:
        contents.hide("attachment-embedded-file")
    if b"ByteRange" in found:
        contents.hide("attachment-signed", severity="warn")
    if found & {b"PieceInfo", b"Thumb", b"LastModified"}:
        contents.removable.add("properties")
    if b"Metadata" in found:
        contents.removable.add("xmp")
    if b"OCMD" in found and _CONDITION.search(written):
        contents.hide("attachment-hidden-layer")


def _inspect_catalogue(pdf: pikepdf.Pdf, contents: Contents) -> None:
    root = pdf.Root
    if len(pdf.docinfo):
        values = {str(key): str(value) for key, value in pdf.docinfo.items()}
        contents.removable.add("author" if values.get("/Author") else "properties")
        told = [value for key, value in values.items() if key not in _DATES]
        contents.say("\n".join(told), "properties", shown=False, removed=True)
    if "/Metadata" in root:
        contents.removable.add("xmp")
    base = root.get("/URI")
    if base is not None and is_inward(str(base.get("/Base", ""))):
        contents.hide("attachment-external-link")
    layers = root.get("/OCProperties")
    if layers is not None:
        shown: Any = layers.get("/D", {})
        switched = len(shown.get("/AS", [])) and any(_is_off_somewhere(one) for one in layers.get("/OCGs", []))
        if switched or len(shown.get("/OFF", [])) or str(shown.get("/BaseState", "/ON")) == "/OFF":
            contents.hide("attachment-hidden-layer")
    if root.get("/Names", {}).keys() & {"/Templates", "/Pages"}:
        contents.hide("attachment-hidden-text", "template")
    with pdf.open_outline(max_depth=8) as outline:
        titles: list[str] = []
        waiting = list(outline.root)
        while waiting and len(titles) < _MOST_OBJECTS:
            entry = waiting.pop()
            titles.append(entry.title)
            waiting += entry.children
        contents.say("\n".join(titles), "outline")


def _is_off_somewhere(layer: Any) -> bool:
    """Whether a layer is not shown, or not printed, by what its usage says."""
    return any(str(state) == "/OFF" for usage in layer.get("/Usage", {}).values() for state in _states(usage))


def _states(usage: Any) -> list[Any]:
    return [state for key, state in usage.items() if key.endswith("State")] if hasattr(usage, "items") else []


def _note_revisions(file: BinaryIO, contents: Contents) -> None:
    """Earlier states of the file stay in it until it is written anew."""
    file.seek(0)
    ends = 0
    linear = False
    tail = b""
    while block := file.read(1 << 20):
        linear = linear or b"/Linearized" in block[:2048]
        ends += (tail + block).count(b"%%EOF") - tail.count(b"%%EOF")
        tail = block[-4:]
    if ends > (2 if linear else 1):
        contents.removable.add("revisions")
