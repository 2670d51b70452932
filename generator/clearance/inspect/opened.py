"""One file of any kind, and files within files: stream → contents; and what is published of it.

Effects: reads the given stream, writes to the given one.
"""

from __future__ import annotations

import io
from typing import BinaryIO

from generator.clearance.inspect.archive import Archive, member_name
from generator.clearance.inspect.document import inspect_document
from generator.clearance.inspect.found import Budget, Contents, Refused
from generator.clearance.inspect.images import inspect_image, stripped_image
from generator.clearance.inspect.kinds import DOCUMENTS, IMAGES, OPAQUE, TEXTS, extension, sniff, tell_kind
from generator.clearance.inspect.package import Package, inspect_package
from generator.clearance.inspect.pdf import inspect_pdf
from generator.clearance.inspect.pdfwrite import write_pdf
from generator.clearance.inspect.properties import blanked, note_properties
from generator.clearance.inspect.rewrite import rewrite
from generator.clearance.inspect.sheet import inspect_workbook
from generator.clearance.inspect.slides import inspect_slides
from generator.clearance.inspect.sweep import sweep
from generator.clearance.inspect.text import inspect_opaque, inspect_text

HEAD = 1 << 16
_SYSTEM_FOLDER = "__MACOSX/"
_SYSTEM_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What systems put into an archive by themselves: names of other files, small pictures, where a file came from."""
_READERS = {"docx": inspect_document, "xlsx": inspect_workbook, "pptx": inspect_slides}


def inspect_stream(file: BinaryIO, name: str, contents: Contents, budget: Budget, depth: int = 0) -> str:
    """Inspect one file, and what it contains; gives its kind. Raises ``Refused``."""
    limits = budget.limits
    if depth > limits.depth:
        raise Refused("attachment-refused-bomb")
    size = file.seek(0, 2)
    if size > (limits.file if depth == 0 else limits.member):
        raise Refused("attachment-refused-large")
    file.seek(0)
    kind = tell_kind(name, file.read(HEAD))
    file.seek(0)
    if kind in DOCUMENTS:
        _office(Archive(file, budget), kind, contents, budget, depth)
    elif kind == "zip":
        _zip(Archive(file, budget), contents, budget, depth)
    elif kind == "pdf":
        inspect_pdf(file, contents, limits)
    elif kind in IMAGES:
        if size > limits.member:
            raise Refused("attachment-refused-large")
        inspect_image(kind, file.read(), contents, limits)
    elif kind in TEXTS:
        if size > limits.xml:
            raise Refused("attachment-refused-large")
        inspect_text(file.read(), contents)
    else:
        assert kind in OPAQUE
        contents.readable = False
        if size <= limits.member:
            inspect_opaque(file.read(), contents)
    return kind


def _office(archive: Archive, kind: str, contents: Contents, budget: Budget, depth: int) -> None:
    package = Package(archive, kind)
    if archive.has_remnants:
        contents.removable.add("remnants")
    inspect_package(package, contents)
    note_properties(package, contents)
    sweep(package, contents, _READERS[kind](package, contents))
    objects, pictures = package.objects(), package.pictures()
    for number, name in enumerate(sorted(archive.names), start=1):
        place = f">{number}"
        if name in objects:
            if extension(name) not in DOCUMENTS:
                contents.hide("attachment-embedded-object", place)
                continue
            _inner(archive, name, place, contents, budget, depth)
        elif name in pictures:
            inner = Contents()
            inspect_image(_true_image(name, archive), archive.read(name), inner, budget.limits)
            contents.take(inner, place)


def _zip(archive: Archive, contents: Contents, budget: Budget, depth: int) -> None:
    if archive.has_remnants:
        contents.removable.add("remnants")
    for member in archive.members:
        if member.is_dir():
            contents.say(member_name(member), name=True)
    for number, name in enumerate(archive.names, start=1):
        place = f">{number}"
        contents.say(name, place, name=True)
        if name.startswith(_SYSTEM_FOLDER) or name.rpartition("/")[2] in _SYSTEM_FILES:
            raise Refused("attachment-refused-member", place)
        _inner(archive, name, place, contents, budget, depth)


def _inner(archive: Archive, name: str, place: str, contents: Contents, budget: Budget, depth: int) -> None:
    inner = Contents()
    try:
        inspect_stream(io.BytesIO(archive.read(name)), name, inner, budget, depth + 1)
    except Refused as refused:
        raise Refused(refused.rule, f"{place}{refused.place}") from None
    contents.take(inner, place)


def _true_image(name: str, archive: Archive) -> str:
    """The kind of a picture inside a document, where names are given by programs and may be wrong."""
    kind = sniff(archive.read(name)[:64])
    if kind not in IMAGES:
        raise Refused("attachment-refused-mismatch")
    return kind


def way_of_stripping(kind: str, contents: Contents) -> str | None:
    """The name of the way in which published bytes are derived, or ``None`` when they are the source's."""
    if not contents.removable:
        return None
    return "office" if kind in DOCUMENTS else kind


def write_stripped(file: BinaryIO, out: BinaryIO, kind: str, budget: Budget) -> None:
    """Write what is published of a file whose inspection named something to remove."""
    file.seek(0)
    if kind == "pdf":
        write_pdf(file, out)
    elif kind in IMAGES:
        out.write(stripped_image(kind, file.read()))
    elif kind == "zip":
        archive = Archive(file, budget)
        members = {name: _lighter(archive.read(name), name, budget) for name in archive.names}
        rewrite(archive, out, {name: data for name, data in members.items() if data is not None})
    else:
        archive = Archive(file, budget)
        package = Package(archive, kind)
        replaced = blanked(package)
        for name in package.pictures():
            replaced[name] = stripped_image(_true_image(name, archive), archive.read(name))
        for name in package.objects():
            replaced[name] = _lighter(archive.read(name), name, budget) or archive.read(name)
        rewrite(archive, out, replaced)


def _lighter(data: bytes, name: str, budget: Budget) -> bytes | None:
    """A file within a file without its metadata, if it has any."""
    if extension(name) not in DOCUMENTS | IMAGES | {"pdf", "zip"}:
        return None
    contents = Contents()
    kind = inspect_stream(io.BytesIO(data), name, contents, Budget(budget.limits))
    if way_of_stripping(kind, contents) is None:
        return None
    out = io.BytesIO()
    write_stripped(io.BytesIO(data), out, kind, Budget(budget.limits))
    return out.getvalue()
