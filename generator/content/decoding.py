"""Bytes → text, refusing what a reader and a machine would not see alike. Pure.

UTF-8 without a byte order mark, and LF or CRLF line ends, are text; everything
else is a fault, because each of them has made some reader overlook front matter.
Characters that steer or hide (control characters, direction overrides) are faults
too: what was reviewed on a screen must be what is published.
"""

from __future__ import annotations

import html
import re

from msgspec import Struct

from generator.diagnostics import Diagnostic, Severity, diagnostic

_BOM = b"\xef\xbb\xbf"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
"""With those of annotations between lines, and tags: a second ASCII that no screen shows and every program reads."""
_BIDI = "\u061c\u202a-\u202e\u2066-\u206f"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u2800\u3164\ufe00-\ufe0d\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0080-\U000e0fff"
)
"""With fillers and selectors of variants, but for the two that choose how a picture is shown."""
_SUSPECT = re.compile(f"[{_CONTROL}{_BIDI}{_INVISIBLE}\ufffd]")
_is_usual = re.compile("[\n -~\u3000-\u3163\u3165-\u9fff\uff01-\uff5e\u2010-\u2027\u00b7]*").fullmatch
"""Characters that nearly every text is made of, none of them suspect: few ranges are soon compared."""
_STEERING = re.compile(f"[{_CONTROL}{_BIDI}]")
_KINDS: tuple[tuple[str, re.Pattern[str], Severity], ...] = (
    ("character-control", re.compile(f"[{_CONTROL}]"), "error"),
    ("character-direction", re.compile(f"[{_BIDI}]"), "error"),
    ("character-invisible", re.compile(f"[{_INVISIBLE}]"), "warning"),
    ("character-replaced", re.compile("\ufffd"), "warning"),
)
"""Code, characters, severity."""
_ENTITY = re.compile("&#(?:[xX][0-9a-fA-F]{1,7}|[0-9]{1,8});?")
_SIGNATURES = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc")
"""How documents, archives and pictures begin, which somebody may have renamed to ``.md``."""

_OURS, _BETWEEN, _THEIRS = (re.compile(mark, re.MULTILINE) for mark in ("^<{7}(?: |$)", "^={7}$", "^>{7} "))
"""What git leaves of two versions that it cannot merge, or what is left of that."""

MAX_LINE = 100_000
"""Characters. Longer lines are embedded files, and cost the Markdown reader more than their length."""


class Decoded(Struct, frozen=True):
    """The text of a file with LF line ends, and what was wrong with its bytes."""

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()

    readable: bool = True
    """False when the encoding is not ours: the text is a guess, and no front matter is looked for."""

    @property
    def faulty(self) -> bool:
        """Whether the text may not be relied on."""
        return any(found.severity == "error" for found in self.diagnostics)


def decode(raw: bytes, path: str, *, limit: int) -> Decoded:
    """The text of ``raw``, of at most ``limit`` bytes; every kind of fault is reported once, at its first place.

    A faulty text is decoded as well as can be, so that the leak audit knows it.
    """
    found: list[Diagnostic] = []
    if len(raw) > limit:
        found.append(diagnostic("file-too-large", path, limit=limit // (1024 * 1024)))
        raw = raw[: raw.rfind(b"\n", 0, limit) + 1]
    if raw.startswith(_BOM):
        found.append(diagnostic("encoding-bom", path, 1, 1))
        raw = raw[len(_BOM) :]
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        code, text = _other_encoding(raw, error.start)
        whole = code in ("encoding-utf16", "encoding-binary")
        line, column = (1, 1) if whole else _place_in_bytes(raw, error.start)
        found.append(diagnostic(code, path, line, column))
        return Decoded(text, tuple(found), readable=False)
    if "\0" in text and _utf16_order(raw):
        found.append(diagnostic("encoding-utf16", path, 1, 1))
        return Decoded(raw.decode(_utf16_order(raw), "replace"), tuple(found), readable=False)
    if "\r" in text:
        text = _line_ends(text, path, found)
    if ("<<<<<<<" in text or ">>>>>>>" in text) and (conflict := _conflict(text)):
        found.append(diagnostic("merge-conflict", path, *place(text, conflict.start())))
    if not _is_usual(text) and _SUSPECT.search(text):
        found += _characters(text, path)
    if len(text) > MAX_LINE:
        found += _long_lines(text, path)
    return Decoded(text, tuple(found))


def steers(text: str) -> bool:
    """Whether a value holds control characters or direction overrides, as an escape in quotes may make them."""
    return _STEERING.search(text) is not None


def steering_entity(body: str, shown: str) -> tuple[int, str] | None:
    """Where a body has the first entity of such a character that is in what is shown of it, and which it is."""
    for entity in _ENTITY.finditer(body):
        character = html.unescape(entity[0])
        if steers(character) and character in shown:
            return entity.start(), character
    return None


def place(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at ``index``."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _conflict(text: str) -> re.Match[str] | None:
    """Where the first version begins, or the second, when somebody deleted the mark before the first."""
    ours, theirs = _OURS.search(text), _THEIRS.search(text)
    return ours or (_BETWEEN.search(text, 0, theirs.start()) if theirs else None)


def _characters(text: str, path: str) -> list[Diagnostic]:
    found = []
    for code, characters, severity in _KINDS:
        first = characters.search(text)
        if first is None:
            continue
        line, column = place(text, first.start())
        point = f"U+{ord(first.group()):04X}"
        count = len(characters.findall(text))
        found.append(diagnostic(code, path, line, column, severity=severity, character=point, count=count))
    return found


def _line_ends(text: str, path: str, found: list[Diagnostic]) -> str:
    if "\r\n" in text:
        found.append(diagnostic("line-ends-crlf", path, 1, text.index("\n") + 1, severity="warning"))
        text = text.replace("\r\n", "\n")
    if "\r" in text:
        found.append(diagnostic("line-ends-cr", path, *place(text, text.index("\r"))))
        text = text.replace("\r", "\n")
    return text


def _long_lines(text: str, path: str) -> list[Diagnostic]:
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE:
            return [diagnostic("line-too-long", path, number, MAX_LINE + 1, limit=MAX_LINE)]
    return []


def _other_encoding(raw: bytes, start: int) -> tuple[str, str]:
    """The code for bytes that are no UTF-8, and their most likely text."""
    order = _utf16_order(raw)
    if order:
        return "encoding-utf16", raw.decode(order, "replace").lstrip("\ufeff")
    lenient = raw.decode("utf-8", "replace")
    if raw.startswith(_SIGNATURES):
        return "encoding-binary", lenient
    if raw[start] == 0xED and raw[start + 1 : start + 2] >= b"\xa0":
        return "encoding-surrogate", lenient
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return "encoding-unknown", lenient
    foreign = [c for c in text if not c.isascii()]
    chinese = sum("\u3000" <= c <= "\u303f" or "\u4e00" <= c <= "\u9fff" or "\uff01" <= c <= "\uff5e" for c in foreign)
    if chinese < 0.8 * len(foreign):
        return "encoding-unknown", lenient
    return "encoding-gbk", text


def _utf16_order(raw: bytes) -> str:
    """``utf-16-le`` or ``-be`` when the bytes begin like such a text, else nothing."""
    head = raw[:2048]
    if head.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if head.startswith(b"\xfe\xff"):
        return "utf-16-be"
    for order, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        # ``---`` and the keys are ASCII, so that every other byte of the first lines is zero.
        if len(head) >= 8 and high[:4] == b"\0\0\0\0" and head.count(0) < len(head) * 0.6:
            return order
    return ""


def _place_in_bytes(raw: bytes, start: int) -> tuple[int, int]:
    before = raw[:start]
    return before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
