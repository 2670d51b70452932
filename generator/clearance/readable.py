"""What is left of a file → what of it can be looked through with others as it lies there. Pure.

That is all of it where no escape means something else. Others are read by their format (``audit_views``).
"""

from __future__ import annotations

from generator.clearance.audit_views import JSON, has_escapes
from generator.clearance.folding import SEPARATOR
from generator.clearance.sieve import Form, Passage
from generator.clearance.verbatim import has_comments

_MARK = "\ufeff"
"""Of the order of bytes, before a text."""


def of_markup(path: str, data: bytes) -> Passage | None:
    """A page, and its name; ``None`` where it takes more to tell text and tags apart."""
    if has_comments(data) or "<" in path or ">" in path:
        return None
    return _passage(path, data, Form.MARKUP, exact=True)


def of_text(path: str, kind: str, data: bytes) -> Passage | None:
    """A file without markup, and its name; ``None`` where it may have some, or escapes."""
    if kind in JSON:  # a break of line is the one escape that every text in data has, and it means nothing to a scan
        data = data.replace(b"\\n", b"\n")
    return None if b"<" in data else _passage(path, data, Form.DATA if kind in JSON else Form.TEXT)


def _passage(path: str, data: bytes, form: Form, *, exact: bool = False) -> Passage | None:
    if has_escapes(data) or b"\0" in data:  # or it may be of another encoding
        return None
    try:
        read = data.decode()
    except UnicodeDecodeError:
        return None
    return Passage(f"{path}{SEPARATOR}{read.removeprefix(_MARK)}", exact, form)
