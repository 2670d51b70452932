"""What is put upon the pages of a PDF, and the values of its form: objects → what they hide. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.clearance.inspect.found import Contents
from generator.clearance.inspect.package import is_inward

if TYPE_CHECKING:
    import pikepdf

_HARMLESS_ANNOTATIONS = frozenset({"/Link", "/Widget", "/Popup", "/Stamp"})
_HARMLESS_ACTIONS = frozenset({"/GoTo", "/URI", "/Named", "/SetOCGState", ""})
_FILE_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_UNSEEN = 0b100010
"""Flags of an annotation: hidden, or only printed."""
_DEEPEST = 16
_FLAT = 1.0
"""Points: no value can be read in a field that is lower or narrower."""


def inspect_annotations(pdf: pikepdf.Pdf, contents: Contents) -> None:
    """Note what is put upon the pages: remarks, files, fields that are not shown, links to somebody's disk."""
    for number, page in enumerate(pdf.pages, start=1):
        for one in page.get("/Annots", []):
            kind = str(one.get("/Subtype", ""))
            text = str(one.get("/Contents", "")).strip()
            if kind in _FILE_ANNOTATIONS:
                contents.hide("attachment-embedded-file", f"p{number}")
            elif kind == "/Widget":
                value = _value(one) or _value(one.get("/Parent"))
                contents.say(value, f"p{number}")
                if value and (int(one.get("/F", 0)) & _UNSEEN or _is_flat(one)):
                    contents.hide("attachment-hidden-text", f"p{number}")
            elif kind not in _HARMLESS_ANNOTATIONS or (kind == "/Stamp" and (text or int(one.get("/F", 0)) & _UNSEEN)):
                contents.hide("attachment-annotations", f"p{number}")
            contents.say(text, f"p{number}note")
            action = one.get("/A")
            if action is not None and str(action.get("/S", "")) not in _HARMLESS_ACTIONS:
                contents.hide("attachment-script", f"p{number}")
            elif action is not None and is_inward(str(action.get("/URI", ""))):
                contents.hide("attachment-external-link", f"p{number}")


def inspect_form(pdf: pikepdf.Pdf, contents: Contents) -> None:
    """Note values of fields that stand on no page."""
    form: Any = pdf.Root.get("/AcroForm", {})
    waiting: list[tuple[Any, int]] = [(one, 0) for one in form.get("/Fields", [])]
    while waiting:
        field, depth = waiting.pop()
        kids = list(field.get("/Kids", []))
        if kids and depth < _DEEPEST:
            waiting += [(one, depth + 1) for one in kids]
        elif "/Rect" not in field and _value(field):
            contents.hide("attachment-hidden-text", "form")


def _value(field: Any) -> str:
    """What is filled in, where that is text."""
    import pikepdf

    value = field.get("/V") if field is not None else None
    return str(value).strip() if isinstance(value, pikepdf.String) else ""


def _is_flat(annotation: Any) -> bool:
    sides = [float(one) for one in annotation.get("/Rect", [])]
    return len(sides) != 4 or abs(sides[2] - sides[0]) < _FLAT or abs(sides[3] - sides[1]) < _FLAT
