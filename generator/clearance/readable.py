"""What is left of a file → what of it can be looked through with others as it lies there. Pure.

That is all of it where no escape means something else. Others are read by their format (``audit_views``).
"""

from __future__ import annotations

import re

import msgspec

from generator.clearance.audit_views import JSON, has_escapes, meanings
from generator.clearance.folding import SEPARATOR
from generator.clearance.sieve import Form, Passage
from generator.clearance.verbatim import has_comments

_MARK = "\ufeff"
"""Of the order of bytes, before a text."""
_MARKED = re.compile(rb'"([^"]*<[^"]*)"')
"""A string of data without escapes that may hold markup."""


def of_markup(path: str, data: bytes) -> Passage | None:
    """A page, and its name; ``None`` where it takes more to tell text and tags apart."""
    if has_comments(data) or "<" in path or ">" in path:
        return None
    return _passage(path, data, Form.MARKUP, exact=True)


def of_text(path: str, kind: str, data: bytes) -> Passage | None:
    """A file without markup, and its name; ``None`` where it may have some, or escapes."""
    if kind not in JSON:
        return None if b"<" in data else _passage(path, data, Form.TEXT)
    # A break of line is the one escape that every text in data has, and it means nothing to a scan.
    data = data.replace(b"\\n", b"\n")
    if b"<" in data and not _is_whole(data):
        return None
    found = _passage(path, data, Form.DATA)
    return found and _with_meanings(found, data)


def _is_whole(data: bytes) -> bool:
    """Whether it is data, so that one quotation mark begins a string and the next one ends it."""
    try:
        msgspec.json.decode(data.replace(b"\n", b" "), type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _with_meanings(found: Passage, data: bytes) -> Passage:
    """Data, and behind it what strings with marks of markup mean, such as the title of a law that is cited."""
    if b"<" not in data:
        return found
    meant = [text for one in _MARKED.findall(data) for text in meanings(one.decode())]
    return found._replace(text=SEPARATOR.join([found.text, *meant]))


def _passage(path: str, data: bytes, form: Form, *, exact: bool = False) -> Passage | None:
    if has_escapes(data) or b"\0" in data:  # or it may be of another encoding
        return None
    try:
        read = data.decode()
    except UnicodeDecodeError:
        return None
    return Passage(f"{path}{SEPARATOR}{read.removeprefix(_MARK)}", exact, form)
