"""Pages of a PDF as PDFium sees them: text, and whether the page shows it. Effects: reads the given file.

What a reader cannot see but can select (under a black bar, in the colour of the
paper, outside of the page) is hidden: ``pdflook`` tells which words that may be,
``pdfseen`` whether it is so. A scan's own text layer passes, because the scan
shows the same words there.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from generator.clearance.inspect.found import Contents, Limits, Refused
from generator.clearance.inspect.pdflook import Look
from generator.clearance.inspect.pdfseen import Seen, seen_text, sheets, text_as_shown

_FEW = 8
"""A page with an image and fewer characters than this is a scan without text."""
_STAMPED = 30
"""A page that is an image, and fewer characters than this: a scan with what the scanning program wrote on it."""
_OUTLINED = 50
"""More drawings than this on a page without words are words of which only the outlines were kept."""
_GARBAGE = 0.2
_MOST_BESIDE = 500
"""Texts beside the pages of one file; more are not looked for where they may be seen."""
_MOST_CHARACTERS = 100_000
"""Of one page; with more a person must read it."""


def inspect_pages(file: BinaryIO, contents: Contents, limits: Limits) -> None:
    """Collect the text of the pages; name hidden text; note pages that cannot be read."""
    import pypdfium2

    file.seek(0)
    compared = 0.0
    seen: list[Seen] = []
    try:
        document = pypdfium2.PdfDocument(file)
        try:
            for number in range(len(document)):
                page = document[number]
                painted, shown = _inspect_page(page, f"p{number + 1}", contents, compared < limits.compared)
                compared += painted
                seen.append(shown)
                _read_annotations(document, number, page, contents)
                page.close()
        finally:
            document.close()
    except pypdfium2.PdfiumError:
        raise Refused("attachment-unreadable") from None
    few = sum(len(one.beside) for one in seen) <= _MOST_BESIDE
    for number, one in enumerate(seen):
        beside = one.beside and not (few and one.is_elsewhere(seen))
        if one.hides or beside:
            contents.hide("attachment-covered-text", f"p{number + 1}")


def _inspect_page(page: Any, place: str, contents: Contents, may_compare: bool) -> tuple[float, Seen]:
    """Read one page: how many sheets had to be painted, and what can be seen of its text."""
    text_page = page.get_textpage()
    try:
        text = text_page.get_text_range().replace("\r\n", "\n").replace("\ufffe", "")
        look = Look(page)
        letters = sum(not char.isspace() for char in text)
        strange = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < "\t" for char in text)
        unread = letters < _FEW and (look.has_image or look.outlines > _OUTLINED)
        unread |= letters < _STAMPED and look.is_scan
        if unread and look.has_bars():
            contents.hide("attachment-covered-text", place)
        if unread or strange > letters * _GARBAGE or look.too_much:
            contents.readable = False
        look.too_much |= letters > _MOST_CHARACTERS
        contents.say(text, place)
        risky = look.at_risk() if letters else frozenset()
        if risky and may_compare and not look.too_much:
            return max(1.0, sheets(page)), seen_text(page, text_page, look, risky)
        if risky:
            contents.readable = False
        return 0.0, text_as_shown("" if risky else text)
    finally:
        text_page.close()


def _read_annotations(document: Any, number: int, page: Any, contents: Contents) -> None:
    """Words of stamps and forms, which are painted over the page and are none of its text."""
    import pypdfium2.raw as pdfium

    if not pdfium.FPDFPage_GetAnnotCount(page.raw):
        return
    before = set(_lines_of(page))
    if pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
        return
    flat = document[number]
    contents.say("\n".join(line for line in _lines_of(flat) if line not in before), f"p{number + 1}note")
    flat.close()


def _lines_of(page: Any) -> list[str]:
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range()).replace("\r\n", "\n").replace("\ufffe", "").split("\n")
    finally:
        text_page.close()
