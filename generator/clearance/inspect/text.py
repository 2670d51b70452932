"""Plain text and CSV in whatever encoding offices write, and words in binary files: bytes → text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.clearance.inspect.found import Contents, Refused

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_USUAL = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2027 -~\r\n\t]")
_NARROW = re.compile(rb"[ -~]{11,}")
_WIDE = re.compile(rb"(?:[ -~]\x00){11,}")
_SAMPLE = 20_000
_USUAL_SHARE = 0.85
_SEVEN_BITS = ("hz", "utf-7")
"""Encodings of which every text is plain ASCII too: whether it means Han is told by reading it both ways."""
_HAN = re.compile("[\u4e00-\u9fff]")


def decode(data: bytes) -> str:
    """The text; raises ``Refused`` when no encoding makes readable text of it.

    Without a byte-order mark: UTF-8 if it is valid, else whichever of GB 18030, UTF-16
    and Big5 gives most of the characters that Chinese texts consist of.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_decoded(data[len(mark) :], encoding))
    as_utf8 = _decoded(data, "utf-8")
    if as_utf8 is not None and "\x00" not in as_utf8:
        return _checked(as_utf8)
    best = max(_candidates(data), key=lambda pair: pair[0], default=(0.0, None))
    if best[0] < _USUAL_SHARE:
        raise Refused("attachment-unreadable")
    return _checked(best[1])


def _candidates(data: bytes) -> Iterator[tuple[float, str | None]]:
    for encoding in ("gb18030", "utf-16-le", "utf-16-be", "big5"):
        text = _decoded(data, encoding)
        if text is not None:
            sample = text[:_SAMPLE]
            yield len(_USUAL.findall(sample)) / max(len(sample), 1), text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _checked(text: str | None) -> str:
    if text is None or _CONTROL.search(text):
        raise Refused("attachment-unreadable")
    return text


def inspect_text(data: bytes, contents: Contents) -> None:
    """Collect the lines of a text or CSV file."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    contents.say(text, "L", ())
    for encoding in _SEVEN_BITS if text.isascii() else ():
        other = _decoded(data, encoding)
        if other and _HAN.search(other):
            contents.say(other, "L", ())


def inspect_opaque(data: bytes, contents: Contents) -> None:
    """Collect what looks like numbers and Latin words in a binary file of the old Office kinds.

    This reads no file: it only helps the person who must, since lists of identity
    numbers stand in such files as plain digits, one or two bytes each.
    """
    narrow = [found.decode("ascii") for found in _NARROW.findall(data)]
    wide = [found.decode("utf-16-le") for found in _WIDE.findall(data)]
    contents.say("\n".join((*narrow, *wide)), "binary", shown=False)
