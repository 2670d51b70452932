"""Strings in the objects of a PDF, wherever they stand: an object as written → texts. Pure.

Values and choices of forms, names of layers, addresses of links, what is spoken instead of
what is shown: pages show little of it, and any program can list it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STRING = re.compile(rb"(?:/([A-Za-z]+) ?)?(?:\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f]*)>)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"\n": b"", b"\r": b"", b"\r\n": b""}
_TECHNICAL = frozenset(
    {b"ID", b"Registry", b"Ordering", b"Lang", b"DA", b"CreationDate", b"ModDate", b"M", b"NM", b"CharSet"}
    | {b"Panose", b"IDTree", b"CheckSum"}
)
_SPOKEN = re.compile(rb"/(?:ActualText|Alt|E)\s*(?:\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]*)>)", re.DOTALL)
_LONGEST = 1 << 20
_MARKS = ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8"))


def strings_of(written: bytes) -> Iterator[str]:
    """The texts among the strings of one object; signatures, tables of colours and the like are none."""
    for key, literal, digits in _STRING.findall(written):
        if key in _TECHNICAL or len(digits) > _LONGEST:
            continue
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()) if digits else _unescaped(literal)
        text = _decoded(raw)
        if text and not text.startswith("D:"):
            yield text


def spoken_of(painting: bytes) -> Iterator[str]:
    """What a page's own instructions say to be spoken, or copied, instead of what they paint."""
    for literal, digits in dict.fromkeys(_SPOKEN.findall(painting)):
        digits = b"".join(digits.split())
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()) if digits else _unescaped(literal)
        if text := _decoded(raw):
            yield text


def _unescaped(literal: bytes) -> bytes:
    if b"\\" not in literal:
        return literal
    return _ESCAPE.sub(lambda one: _sign(one[1]), literal)


def _sign(escape: bytes) -> bytes:
    if escape.isdigit():
        return bytes([int(escape, 8) & 0xFF])
    return _SIGNS.get(escape, escape)


def _decoded(raw: bytes) -> str:
    """The text, or nothing where the bytes are no text in any encoding that programs use here."""
    if len(raw) < 2:
        return ""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace").strip()
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding).strip("\0 \t\r\n")
        except UnicodeDecodeError:
            continue
        return text if "".join(text.split()).isprintable() else ""
    return ""
