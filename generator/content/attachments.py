"""Names of an item's own files: which may be named, and under which name they are published. Pure.

A name is relative to the item's folder ``<unit>/<category>/<slug>/``, wherever
its Markdown stands; beside ``<slug>.md`` it may also be written with the folder
in front, as ``<slug>/file.pdf``, which is how Markdown editors write it. It can
name nothing outside that folder, no link, no hidden file, and no kind of file
that a browser would run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from generator.content.names import folded, is_device
from generator.content.source import SourceItem
from generator.diagnostics import Diagnostic, diagnostic
from generator.model import AttachmentRef

IMAGES = frozenset({"png", "jpg", "jpeg", "gif", "webp"})
DOCUMENTS = frozenset(
    {"pdf", "ofd", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "odt", "ods", "odp", "rtf"}
    | {"txt", "csv", "zip", "mp3", "mp4"}
)
ACTIVE = frozenset(
    {"html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl", "xslt", "js", "mjs", "cjs"}
    | {"css", "wasm", "swf", "php", "jsp", "asp", "aspx", "cgi", "exe", "com", "bat", "cmd", "ps1", "vbs", "vbe", "wsf"}
    | {"hta", "scr", "msi", "jar", "apk", "sh", "py", "pl", "rb", "lnk", "url", "desktop", "reg", "chm", "dll"}
)
"""What a browser or a desktop would run: told apart from other refused kinds only in the message."""

MAX_NAME_BYTES = 150
"""Of a published name without its extension."""

_ABSOLUTE = re.compile(r"[/\\~]|[A-Za-z][A-Za-z0-9+.-]*:|//")


class Names:
    """The files beside an item by the names that may be written: looked through once, however many are named."""

    def __init__(self, source: SourceItem) -> None:
        self._files = source.bundle

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for file in self._files:
            found.setdefault(unicodedata.normalize("NFC", file.name), []).append(file.name)
        return found

    @cached_property
    def _folded(self) -> Container[str]:
        return {folded(file.name) for file in self._files}

    def find(self, name: str) -> Sequence[str]:
        """The files of a name in normal form C: two, where the disk has it in both forms."""
        return self._by_name.get(name, ())

    def has_like(self, name: str) -> bool:
        """Whether a file differs from the name by the case of its letters alone."""
        return folded(name) in self._folded


def refer(
    written: str,
    source: SourceItem,
    *,
    names: Names | None = None,
    title: str = "",
    line: int = 0,
    column: int = 0,
    image: bool = False,
) -> AttachmentRef | Diagnostic:
    """The file that ``written`` names in the item's folder, or the fault of the name.

    ``written`` is decoded: no percent escapes. With ``image``, only pictures may be named. ``names`` are those of the
    source, for who asks for many.
    """

    def fault(code: str) -> Diagnostic:
        return diagnostic(code, f"content/{source.path}", line, column)

    if _ABSOLUTE.match(written) or "\\" in written:
        return fault("attachment-outside")
    parts = [part for part in unicodedata.normalize("NFC", written).split("/") if part not in ("", ".")]
    if ".." in parts:
        return fault("attachment-outside")
    if len(parts) > 1 and parts[0] == source.slug and not source.path.endswith("/index.md"):
        del parts[0]
    if not parts:
        return fault("attachment-missing")
    kind = extension(parts[-1])
    if kind in ACTIVE:
        return fault("attachment-active")
    if kind not in IMAGES and (image or kind not in DOCUMENTS):
        return fault("image-type" if image else "attachment-type")
    name = "/".join(parts)
    names = names or Names(source)
    found = names.find(name)
    if not found:
        return fault("attachment-letters" if names.has_like(name) else "attachment-missing")
    if len(found) > 1:
        return fault("attachment-ambiguous")
    return AttachmentRef(
        name=found[0], safe_name=safe_name(parts[-1]), title=title or parts[-1], line=line, column=column
    )


def extension(name: str) -> str:
    """The extension of a file name in lower case, without the dot; empty where there is none."""
    stem, dot, kind = name.rpartition(".")
    return kind.lower() if dot and stem else ""


def safe_name(name: str) -> str:
    """The name under which a file is published: one part of an address, readable, the same on every disk.

    NFC, letters (Han too), digits, ``-`` and ``_``; anything else becomes ``-``;
    one dot only, before the extension in lower case.
    """
    kind = extension(name)
    stem = unicodedata.normalize("NFC", name[: -len(kind) - 1] if kind else name)
    stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in stem)
    stem = re.sub(r"-{2,}", "-", stem).strip("-")
    stem = stem.encode()[:MAX_NAME_BYTES].decode(errors="ignore").rstrip("-")
    if not stem or is_device(stem):
        stem = f"file-{stem}".rstrip("-")
    return f"{stem}.{kind}" if kind else stem


def collisions(references: Iterable[AttachmentRef], source: SourceItem) -> Iterator[Diagnostic]:
    """A fault for each file whose published name another file of the item has already, whatever the case of letters."""
    owners: dict[str, str] = {}
    for ref in references:
        owner = owners.setdefault(folded(ref.safe_name), ref.name)
        if owner != ref.name:
            yield diagnostic("attachment-collides", f"content/{source.path}", ref.line, ref.column)
