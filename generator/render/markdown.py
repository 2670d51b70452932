"""The Markdown of one body → HTML with link placeholders, headings, links, plain text, diagnostics. Pure.

A body is split into text that is known to be plain and runs for Python-Markdown
(``markdown_plain``); what Python-Markdown makes is sanitised (``sanitise``) and read
into the same builder (``body``). Links get their addresses when a page is rendered.
"""

from __future__ import annotations

import re
import threading
from functools import cached_property
from typing import NamedTuple, cast

from generator.content.decoding import place, steering_entity
from generator.diagnostics import Diagnostic, diagnostic
from generator.model import Rendered
from generator.render.body import BodyBuilder, is_even, is_even_if_unmarked
from generator.render.body_html import HtmlReader
from generator.render.body_links import LinkCollector
from generator.render.markdown_fast import RAW_HTML, FastMarkdown, TooComplex
from generator.render.markdown_plain import PlainHeading, Run, is_unmarked, split
from generator.render.markdown_simple import PlainList, PlainTable
from generator.render.misread import note_misread
from generator.render.sanitise import Sanitiser

MAX_CHARACTERS = 1_000_000
"""Of one body; the longest law in force has about 130,000."""

_REFUSED = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
"""Control characters, surrogates and the non-characters of the basic plane: HTML may not hold those."""
_CLEAN = re.compile(f"[^{_REFUSED}]*")
_UNCLEAN = re.compile(f"[{_REFUSED}]")

_DROPPED = re.compile(
    r"<(script|style|template|noscript|iframe|object|embed|svg|math|form|input|button|textarea|select|video|audio"
    r"|link|meta|base|font|center|frame|frameset|applet|canvas)\b|<[a-z][^<>]*?\s(style|on[a-z]+)\s*=",
    re.IGNORECASE,
)


class _Converter(threading.local):
    """What takes long to make and is used again for each body: one of each for a thread, made at the first need."""

    @cached_property
    def markdown(self) -> FastMarkdown:
        return FastMarkdown()

    @cached_property
    def sanitiser(self) -> Sanitiser:
        return Sanitiser()

    def renew(self) -> None:
        """Forget the state that a refused body left behind."""
        self.__dict__.pop("markdown", None)


_converter = _Converter()


def convert(body: str, *, item_id: str, path: str, first_line: int) -> Rendered:
    """Convert a body of any content whatever: it never raises on bad input.

    Args:
        body: Markdown with LF line ends.
        item_id: ``<unit>/<category>/<slug>``, from which relative links start.
        path: of the source, for diagnostics: ``content/…``.
        first_line: line of the source on which ``body`` begins.

    A body too long, too deeply nested or too costly gives no HTML and the error
    ``markdown-too-long`` or ``markdown-too-complex``, and one with entities of characters that steer or hide
    ``markdown-entity``, for which the item is withheld.
    """
    if len(body) > MAX_CHARACTERS:
        return _refusal(diagnostic("markdown-too-long", path, first_line, limit=f"{MAX_CHARACTERS:,}"))
    unmarked = is_unmarked(body)
    even = is_even_if_unmarked(body) if unmarked else is_even(body)
    text = body if unmarked or even or _CLEAN.fullmatch(body) else _cleaned(body)
    links = LinkCollector(text, item_id=item_id, path=path, first_line=first_line)
    builder = BodyBuilder(even=even)
    try:
        _build(text, builder, links, unmarked=unmarked)
    except (TooComplex, RecursionError) as refusal:
        _converter.renew()
        line = first_line + _line_of(text, refusal)
        return _refusal(diagnostic("markdown-too-complex", path, line))
    html = builder.html
    if "&#" in text and (found := steering_entity(text, html)) is not None:
        at, character = found
        line, column = place(text, at)
        point = f"U+{ord(character):04X}"
        return _refusal(diagnostic("markdown-entity", path, first_line + line - 1, column, character=point))
    note_misread(text, html, links, unmarked=unmarked)
    for fragment, where in links.wanted:
        if fragment not in builder.ids:
            links.fault("markdown-anchor-missing", where, severity="warning")
    return Rendered(
        html=html,
        headings=tuple(builder.headings),
        links=tuple(links.links),
        blocks=tuple(builder.blocks),
        diagnostics=tuple(links.found),
        unmarked=unmarked,
    )


def is_refusal(found: Diagnostic) -> bool:
    """Whether a diagnostic of ``convert`` says that the body could not be converted: its item is withheld."""
    return found.code in ("markdown-too-long", "markdown-too-complex", "markdown-entity")


def _refusal(found: Diagnostic) -> Rendered:
    return Rendered(html="", diagnostics=(found,))


def _cleaned(body: str) -> str:
    """The body with a space for each character that HTML may not hold: positions stay."""
    return _UNCLEAN.sub(" ", body.replace("\r\n", "\n").replace("\r", "\n"))


def _line_of(text: str, refusal: Exception) -> int:
    """Lines before the refused text, as far as it is known."""
    if not isinstance(refusal, TooComplex) or not refusal.text:
        return 0
    place = text.find(refusal.text.partition("\n")[0])
    return text.count("\n", 0, place) if place > 0 else 0


class Converted(NamedTuple):
    """HTML of Python-Markdown, not yet sanitised."""

    html: str


Outcome = list[str] | PlainHeading | PlainList | PlainTable | Converted


def _build(text: str, builder: BodyBuilder, links: LinkCollector, *, unmarked: bool) -> None:
    reader = HtmlReader(builder, links)
    raw_html = "<" in text and RAW_HTML.search(text) is not None
    for piece in convert_pieces(text, _converter.markdown, unmarked=unmarked):
        if isinstance(piece, list):
            builder.add_paragraphs(piece)
        elif isinstance(piece, PlainHeading):
            builder.add_heading(piece.level, piece.text)
        elif isinstance(piece, PlainList):
            builder.add_list(piece.start, piece.items)
        elif isinstance(piece, PlainTable):
            builder.add_table(piece.alignments, piece.rows)
        else:
            if raw_html:
                _note_dropped(piece.html, links)
            cleaned = _converter.sanitiser.clean(piece.html, links).replace("<p></p>", "").strip()
            if cleaned:
                reader.read(cleaned)


def convert_pieces(text: str, markdown: FastMarkdown, *, unmarked: bool = False) -> list[Outcome]:
    """The pieces of a clean text in their order, runs converted; raises ``TooComplex``.

    Where the text cannot be split, the one piece is the whole of it.
    """
    found = split(text, unmarked=unmarked)
    if found is not None and Run not in map(type, found):
        return cast("list[Outcome]", found)
    pieces: list[Outcome] = []
    for piece in (Run(text),) if found is None else found:
        if not isinstance(piece, Run):
            pieces.append(piece)
            continue
        converted = markdown.convert(piece.source)
        if piece.source is not text and not markdown.settled:
            return [Converted(markdown.convert(text))]
        if converted:
            pieces.append(Converted(converted))
    return pieces


def _note_dropped(converted: str, links: LinkCollector) -> None:
    """Warn once of each tag or attribute that the sanitiser is going to drop."""
    names = {(match[1] or match[2]).lower() for match in _DROPPED.finditer(converted)}
    for name in sorted(names):
        links.dropped(name)
