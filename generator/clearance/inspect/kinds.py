"""What a file is: its name and its first bytes → kind, or a refusal. Pure.

A name that says one thing over bytes that say another is refused: browsers and
programs believe now the one, now the other.
"""

from __future__ import annotations

import re

from generator.clearance.inspect.found import Refused

DOCUMENTS = frozenset({"docx", "xlsx", "pptx"})
IMAGES = frozenset({"jpg", "jpeg", "png", "gif", "webp"})
TEXTS = frozenset({"txt", "csv"})
OPAQUE = frozenset({"doc", "xls", "ppt", "wps", "et", "dps", "rtf", "ofd", "odt", "ods", "odp", "mp3", "mp4"})
"""Allowed, but no inspector reads them: a person must, and say so in the clearance record."""
ALLOWED = DOCUMENTS | IMAGES | TEXTS | OPAQUE | {"pdf", "zip"}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF-", "pdf"),
    (_OLE, "ole"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"{\\rtf", "rtf"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
    (b"MZ", "executable"),
    (b"\x7fELF", "executable"),
    (b"#!", "script"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
)
_FITTING: dict[str, frozenset[str]] = {
    **dict.fromkeys(["docx", "xlsx", "pptx", "zip", "ofd", "odt", "ods", "odp"], frozenset({"zip"})),
    **dict.fromkeys(["doc", "xls", "ppt", "wps", "et", "dps"], frozenset({"ole"})),
    **dict.fromkeys(["jpg", "jpeg"], frozenset({"jpg"})),
    **{kind: frozenset({kind}) for kind in ("pdf", "png", "gif", "webp", "rtf", "mp3", "mp4")},
    **dict.fromkeys(["txt", "csv"], frozenset({""})),
}
_ACTIVE = re.compile(
    rb"^\s*(?:<!doctype\s+html|<html|<svg|<script|<\?xml[^>]*>\s*(?:<!--.*?-->\s*)?<(?:svg|html))", re.I | re.S
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def extension(name: str) -> str:
    """The extension of a file's name, in lower case, without its dot."""
    return name.rpartition("/")[2].rpartition(".")[2].lower() if "." in name else ""


def sniff(head: bytes) -> str:
    """What the first bytes say; empty when they say nothing (as plain text does)."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "mp4"
    plain = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if _ACTIVE.match(plain):
        return "active"
    return ""


def tell_kind(name: str, head: bytes) -> str:
    """The kind of a file that may be attached.

    Raises ``Refused`` for a kind that is never published, for bytes that belie the
    name, and for an encrypted Office document. ``head`` is the first 64 KiB.
    """
    kind = extension(name)
    if kind not in ALLOWED:
        raise Refused("attachment-refused-kind")
    if not head and kind not in TEXTS:
        raise Refused("attachment-refused-empty")
    truth = sniff(head)
    if truth in {"active", "executable", "script"}:
        raise Refused("attachment-refused-kind")
    if kind in DOCUMENTS and truth == "ole":
        raise Refused("attachment-encrypted" if _ENCRYPTED in head else "attachment-refused-mismatch")
    if truth not in _FITTING[kind]:
        raise Refused("attachment-refused-mismatch")
    return kind
