"""A body → plain paragraphs, headings, lists and tables, and the runs of blocks that Python-Markdown must see. Pure.

Most of a legal text is paragraphs without any markup. For those Python-Markdown's
result is known beforehand, and so it is for a list or table that is as simple as
that (``markdown_simple``), provided that nothing elsewhere in the body can reach
into them. ``split`` proves that, block by block, or gives up and returns ``None``.
Every rule below names the processors of ``markdown_dialect.extensions`` that it
excludes; when in doubt a block is not plain. Tests compare with the whole.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from generator.render.markdown_fast import RAW_HTML
from generator.render.markdown_simple import PlainList, PlainTable, read_simple


class PlainHeading(NamedTuple):
    """A heading of which Python-Markdown would make ``<hN>`` with just this text."""

    level: int
    text: str


class Run(NamedTuple):
    """Blocks for Python-Markdown, which no other block can influence."""

    source: str


Piece = list[str] | PlainHeading | PlainList | PlainTable | Run
"""A list is of paragraphs that follow each other, of which Python-Markdown would make ``<p>`` with just these texts."""

_DEFINITION = re.compile(r"^ {0,3}: ", re.MULTILINE)
_SPACE_AT_END = re.compile(r" \n")
_SPACES_ALONE = re.compile(r"(?<=\n) +\n")

_INLINE = re.compile(r"[`\\\[&*_{]|  \n")
_INLINE_CHARS = "`\\[&*_{"
_is_unmarked = re.compile("[\n -%'()+-;=?-Z^a-z|}\u00b7\u2010-\u2027\u3000-\u9fff\uff01-\uff5e]*").fullmatch
_ID_GIVEN = re.compile(r"^[^\n{]*\{[^\n]*(?:#|id)", re.MULTILINE)

# First line: indentation (code, children of lists), quotation, rule, list, admonition, underline.
_OPENS = re.compile(r"[ #>\-_*+!:=]|\d+\. ")
# Following lines: quotation, rule or underline of a heading, definition, admonition, indentation.
_CONTINUES = re.compile(r"\n[ #>=\-_*+!:]")
# Headings inside lists and quotations, and underlined ones: their ids must differ from those of the whole body.
_INNER_HEADING = re.compile(r"#|[^\n]\n[^|\n]*[=-] *$", re.MULTILINE)

_HEADING = re.compile(r"(#{1,6})([^#\\\n]*[^#\\\s])[^\S\n]*(?:\n|\Z)")
_FIRST_HAN, _AFTER_HAN = "⺀", "ꀀ"
"""Nothing between them begins a construct; the ideographic space is among it. Digits of other scripts follow, and
full-width ones, of which Python-Markdown makes lists."""
_AFTER_SPACE = "\u3001"
_BRACKETS = "（(“"
"""Nor do they begin one: most paragraphs that do not begin with Han do with one of them."""


def is_unmarked(body: str) -> bool:
    """Whether a body is made of usual characters that mean nothing within a line, nor are written otherwise in HTML.

    Most bodies are. What begins a heading, a list or a table may stand in it, and a definition.
    """
    return _is_unmarked(body) is not None


def is_far_reaching(text: str) -> bool:
    """Whether a block of the normalised text may influence another one.

    Raw HTML reaches to its closing tag, definitions of footnotes and links to where they are used, a table of
    contents and the ids of attribute lists over all headings, a definition list to the paragraph before it.
    """
    return (
        ("{" in text and _ID_GIVEN.search(text) is not None)
        or ("]" in text and ("]:" in text or "[TOC]" in text))
        or ("<" in text and RAW_HTML.search(text) is not None)
        or _is_defining(text)
    )


def _is_defining(text: str) -> bool:
    return ":" in text and ": " in text and _DEFINITION.search(text) is not None


def split(body: str, *, unmarked: bool = False) -> list[Piece] | None:
    """The pieces of a body in their order, or ``None`` when only the whole can be converted.

    ``body`` must be without CR, STX and ETX; its HTML is that of its pieces, joined by line ends. ``unmarked``: it is
    known to be that, see ``is_unmarked``.
    """
    # The text after Python-Markdown's first stage.
    text = (body.expandtabs(4) if "\t" in body else body) + "\n\n"
    marked = not unmarked and any(map(text.__contains__, _INLINE_CHARS))
    if _SPACE_AT_END.search(text):
        text = _SPACES_ALONE.sub("\n", text)
        marked = marked or "  \n" in text
    if _is_defining(text) if unmarked else is_far_reaching(text):
        return None
    splitter = _Splitter(marked=marked, addressed="<" in text and "@" in text)
    unmarked = not marked and not splitter.addressed
    plain: list[str] = []
    for block in text.split("\n\n"):
        if (
            unmarked
            and "\n" not in block
            and block
            and (
                _AFTER_SPACE <= block[0] < _AFTER_HAN
                or block[0] in _BRACKETS
                or (block[0].isdecimal() and not _OPENS.match(block))
            )
        ):
            # What ``take`` would find, at once: most blocks of most bodies are like this.
            plain.append(block)
            continue
        if plain:
            if not splitter.add(plain):
                return None
            plain = []
        if not splitter.take(block):
            return None
    if plain and not splitter.add(plain):
        return None
    return splitter.pieces if splitter.end_run() else None


class _Splitter:
    """Collects pieces; ``take``, ``add`` and ``end_run`` are false when the body cannot be split."""

    def __init__(self, *, marked: bool, addressed: bool) -> None:
        self.pieces: list[Piece] = []
        self.run: list[str] = []
        self.marked = marked
        self.addressed = addressed

    def take(self, block: str) -> bool:
        """Add one block of the normalised text."""
        bare = block.lstrip("\n")
        if not bare or (bare[0] != " " and not bare.strip()):
            # It makes no element, so that what follows still continues the list or code before it.
            if self.run:
                self.run.append(block)
            return True
        multiline = "\n" in bare
        if bare[0] == "#" and self._is_header_first(bare):
            return self._take_heading(bare)
        if multiline and "\n#" in bare and self._is_header_first(bare):
            before, _, after = bare.partition("\n#")
            return self.take(before) and self._take_heading("#" + after)
        if self._is_plain(bare, multiline):
            return self.add([bare.lstrip()])
        self.run.append(block)
        return True

    def add(self, paragraphs: list[str]) -> bool:
        """Add paragraphs that are known to be plain, without space at their beginning."""
        if not self.end_run():
            return False
        if self.pieces and isinstance(last := self.pieces[-1], list):
            last += paragraphs
        else:
            self.pieces.append(paragraphs)
        return True

    def end_run(self) -> bool:
        """Close the run of blocks, if one is open."""
        if not self.run:
            return True
        source = "\n\n".join(self.run)
        self.run = []
        self.pieces.append(read_simple(source) or Run(source))
        return bool(source.strip()) and not _INNER_HEADING.search(source)

    def _take_heading(self, block: str) -> bool:
        match = _HEADING.match(block)
        if match is None or not self._is_without_inline(match[2]) or not self.end_run():
            return False
        self.pieces.append(PlainHeading(len(match[1]), match[2].strip()))
        rest = block[match.end() :]
        return not rest or self.take(rest)

    def _is_without_inline(self, text: str) -> bool:
        if self.marked and _INLINE.search(text):
            return False
        return not (self.addressed and "<" in text and "@" in text)

    def _is_header_first(self, block: str) -> bool:
        """Whether no processor before that of headings can claim the block: indentation, table, admonition."""
        return block[0] != " " and "|" not in block and "!!!" not in block

    def _is_plain(self, block: str, multiline: bool) -> bool:
        if not _FIRST_HAN <= block[0] < _AFTER_HAN and _OPENS.match(block):
            return False
        if multiline and ("|" in block or _CONTINUES.search(block)):
            return False
        return self._is_without_inline(block)
