"""Python-Markdown with the work left out that cannot change its bytes. Pure.

Each part below looks before it leaps: a pattern runs only over text that holds
the characters it must begin with, a block goes straight to the paragraph processor
when no other could claim it, and a tree processor is skipped when the source holds
nothing that it acts on. A test compares the bytes with ``reference_markdown``.

Input that would take Python-Markdown far more than linear time, or its stack, is
refused with ``TooComplex``: by counts, never by a clock or by the depth of the
caller, so that every machine refuses the same.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor, build_block_parser
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.tables import TableProcessor
from markdown.extensions.toc import TocTreeprocessor, remove_fnrefs, render_inner_html, strip_tags, unique
from markdown.inlinepatterns import Pattern
from markdown.preprocessors import HtmlBlockPreprocessor
from markdown.treeprocessors import InlineProcessor, UnescapeTreeprocessor
from markdown.util import INLINE_PLACEHOLDER_PREFIX, AtomicString

from generator.render.anchors import body_id
from generator.render.markdown_dialect import contents, extensions, tables

RAW_HTML = re.compile(r"<[a-zA-Z/!?]")
"""What raw HTML, a comment or an automatic link must begin with."""

MAX_WORK = 10_000_000
"""Of one body: the sum of length times marks over its texts with markup, and of length over its blocks each time that
a processor takes something off them. The longest law in force needs about 1,000."""

MAX_BRACKETS = 30
"""Brackets within brackets in one text: each level costs Python-Markdown several frames of the stack."""

MAX_TAGS, MAX_TAG_WORK = 20_000, 2_000_000_000
"""Raw HTML tags of one body, and their number times its length: the HTML parser copies the rest at each of them."""

MAX_OPEN_WORK = 100_000_000
"""Tags that nothing closes before the next one begins, times the body's length: the HTML parser looks for the end of
each of them through all that follows, which takes it ten times as long as a copy."""

MAX_BLOCKS, MAX_LINES = 20_000, 20_000
"""Blocks of one body, and lines of one block."""

MAX_NOTES, MAX_NOTE_WORK = 10_000, 1_000_000
"""Marks of footnotes in one body, and the sum of the squares of how often each is named: to name a footnote again
Python-Markdown counts through all the times before."""

_NOTE = re.compile(r"\[\^[^\]\n]*\]")
_DEEP = re.compile(r"^(?:[ ]*(?:>|[*+:\-](?=[ ])|\d+\.(?=[ ]))){31}|^[ ]{124,}(?:[*+:>!\-]|\d+\.)", re.MULTILINE)
"""More than 30 quotations or lists within each other: each level stands at the beginning of some line."""

_OPEN_TAG = re.compile(r"<[a-zA-Z][^<>]*(?:(?=<)|\Z)")
_HASHES = "#" * 200
_CONTENTS = "[TOC]"
MAX_CONTENTS = 4
"""Tables of contents: each one repeats all headings."""

_MARKUP = re.compile(r"[`\\\[<&*_]|  \n")
_MARKS = "`\\[<&*_"
_BRACKET = re.compile(r"[\[\]]")

_TRIGGERS: dict[str, tuple[str, ...]] = {
    "backtick": ("`",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "reference": ("[",),
    "link": ("[",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "short_reference": ("[",),
    "short_image_ref": ("![",),
    "autolink": ("<",),
    "automail": ("<",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "entity": ("&",),
    "em_strong": ("*", "_"),
}
"""Pattern → strings of which any match must hold one; a pattern not named here always runs."""

# A block without a match is claimed by no processor but the paragraph's, whatever its parent: no indentation,
# no pipe, and no line that begins like a heading, list, quotation, rule, definition, reference or admonition.
_CLAIMED = re.compile(r"\A\n|(?:\A|\n)(?:[ #>=\-_*+!:\[]|\d+\.)|\|")


class TooComplex(Exception):
    """A body that is refused; ``text`` is where, as far as it is known."""

    def __init__(self, text: str = "") -> None:
        super().__init__("too complex")
        self.text = text


class FastMarkdown(Markdown):
    """One reusable converter; not for use by two threads at once."""

    def __init__(self) -> None:
        super().__init__(extensions=extensions())
        self.source = ""
        self.work = 0
        self._blocks = frozenset(self.block_level_elements)
        self.preprocessors.register(_HtmlBlocks(self), "html_block", 20)
        self.treeprocessors.register(_Inline(self), "inline", 20)
        self.treeprocessors.register(_AttrList(self), "attr_list", 8)
        self.treeprocessors.register(_Toc(self, contents().getConfigs()), "toc", 5)
        self.treeprocessors.register(_Unescape(self), "unescape", 0)
        self.parser.blockprocessors.register(_Table(self.parser, tables().getConfigs()), "table", 75)

    def build_parser(self) -> FastMarkdown:
        super().build_parser()
        self.parser = _Blocks(self, build_block_parser(self))
        return self

    def is_block_level(self, tag: object) -> bool:
        return tag in self._blocks or super().is_block_level(tag)

    def convert(self, source: str) -> str:
        """The bytes of Python-Markdown; raises ``TooComplex``."""
        self.reset()
        self.source = source
        self.work = 0
        _refuse_excess(source)
        return super().convert(source)

    def weigh(self, text: str, marks: int) -> None:
        """Count work that Python-Markdown may do ``marks`` times over ``text``."""
        self.work += len(text) * marks
        if self.work > MAX_WORK:
            raise TooComplex(text)

    @property
    def settled(self) -> bool:
        """Whether the last conversion left nothing behind that could reach into a following text."""
        found = self.delimiters
        if found is None:
            return True
        return not (found.regions or found.stack or any(each.stack for each in found.delimiters.values()))


def _refuse_excess(source: str) -> None:
    """Raise ``TooComplex`` for what the block stage cannot take in its stride."""
    deep = _DEEP.search(source)
    if deep:
        raise TooComplex(deep[0])
    tags = len(RAW_HTML.findall(source))
    if tags > MAX_TAGS or tags * len(source) > MAX_TAG_WORK:
        raise TooComplex
    if tags * len(source) > MAX_OPEN_WORK and len(_OPEN_TAG.findall(source)) * len(source) > MAX_OPEN_WORK:
        raise TooComplex
    if source.count("\n\n") > MAX_BLOCKS:
        raise TooComplex
    for block in source.split("\n\n"):
        if len(block) > MAX_LINES and block.count("\n") > MAX_LINES:
            raise TooComplex(block)
    if _HASHES in source:
        raise TooComplex(_HASHES)
    if source.count(_CONTENTS) > MAX_CONTENTS:
        raise TooComplex(_CONTENTS)
    if "[^" in source:
        _refuse_notes(source)


def _refuse_notes(source: str) -> None:
    """Raise ``TooComplex`` for more footnotes than can be numbered."""
    named = Counter(_NOTE.findall(source))
    if named.total() > MAX_NOTES or sum(times * times for times in named.values()) > MAX_NOTE_WORK:
        raise TooComplex(named.most_common(1)[0][0])


class _Blocks(BlockParser):
    """A block parser that knows a plain paragraph when it sees one."""

    md: FastMarkdown

    def __init__(self, md: FastMarkdown, stock: BlockParser) -> None:
        super().__init__(md)
        self.blockprocessors = stock.blockprocessors
        for processor in self.blockprocessors:
            processor.parser = self
        self._processors: list[BlockProcessor] = []

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:
        processors = self._processors or self._prepare()
        paragraph = processors[-1]
        while blocks:
            block = blocks[0]
            if block and not _CLAIMED.search(block):
                paragraph.run(parent, blocks)
                continue
            self.md.weigh(block, 1)
            for processor in processors:
                if processor.test(parent, block) and processor.run(parent, blocks) is not False:
                    break

    def _prepare(self) -> list[BlockProcessor]:
        self._processors = list(self.blockprocessors)
        return self._processors


class _Table(TableProcessor):
    """Splits rows as ever, but counts what pairs of pipes and backticks cost."""

    parser: BlockParser

    def _split(self, row: str) -> list[str]:
        ticks = row.count("`")
        if ticks:
            self.parser.md.weigh(row, ticks)  # type: ignore[attr-defined]
        parts: list[str] = super()._split(row)  # type: ignore[misc]
        return parts


class _HtmlBlocks(HtmlBlockPreprocessor):
    """Skips the HTML parser where there is neither a tag nor an entity."""

    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines)
        if "&" not in source and not RAW_HTML.search(source):
            return lines
        return super().run(lines)


class _Inline(InlineProcessor):
    """Runs each pattern only over text that holds what the pattern begins with."""

    md: FastMarkdown

    def __init__(self, md: FastMarkdown) -> None:
        super().__init__(md)
        known = {id(md.inlinePatterns[name]): triggers for name, triggers in _TRIGGERS.items()}
        self._patterns: list[tuple[Pattern, tuple[str, ...]]] = [
            (pattern, known.get(id(pattern), ("",))) for pattern in md.inlinePatterns
        ]

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        if isinstance(data, AtomicString) or not _MARKUP.search(data):
            return data
        self.md.weigh(data, sum(map(data.count, _MARKS)))
        if data.count("[") > MAX_BRACKETS:
            _check_brackets(data)
        patterns = self._patterns
        start = 0
        while patternIndex < len(patterns):
            pattern, triggers = patterns[patternIndex]
            matched = False
            if any(trigger in data for trigger in triggers):
                data, matched, start = self._InlineProcessor__applyPattern(  # type: ignore[attr-defined]
                    pattern, data, patternIndex, start
                )
            if not matched:
                start = 0
                patternIndex += 1
        return data

    def _InlineProcessor__processPlaceholders(
        self, data: str | None, parent: Element, isText: bool = True
    ) -> list[Any]:
        if not data:
            return []
        if INLINE_PLACEHOLDER_PREFIX in data:
            found: list[Any] = super()._InlineProcessor__processPlaceholders(  # type: ignore[misc]
                data, parent, isText
            )
            return found
        if isText:
            parent.text = parent.text + data if parent.text else data
        else:
            parent.tail = parent.tail + data if parent.tail else data
        return []


def _check_brackets(text: str) -> None:
    """Raise ``TooComplex`` for brackets nested too deep."""
    depth = 0
    for match in _BRACKET.finditer(text):
        depth = depth + 1 if match[0] == "[" else max(0, depth - 1)
        if depth > MAX_BRACKETS:
            raise TooComplex(text)


class _AttrList(AttrListTreeprocessor):
    """Nothing to do in a source without a brace."""

    md: FastMarkdown

    def run(self, doc: Element) -> None:
        if "{" in self.md.source:
            super().run(doc)


class _Toc(TocTreeprocessor):
    """Only ids, unless the source asks for a table of contents or gives attributes."""

    md: FastMarkdown

    def run(self, doc: Element) -> None:
        if "{" in self.md.source or self.marker in self.md.source:
            super().run(doc)
            return
        used = {element.attrib["id"] for element in doc.iter() if "id" in element.attrib}
        counters: dict[str, int] = {}
        for element in doc.iter():
            if self.header_rgx.match(element.tag):
                text = strip_tags(render_inner_html(remove_fnrefs(element), self.md))
                element.attrib["id"] = unique(body_id(html.unescape(text)), used, counters)


class _Unescape(UnescapeTreeprocessor):
    """Nothing to do in a source without a backslash."""

    md: FastMarkdown

    def run(self, root: Element) -> None:
        if "\\" in self.md.source:
            super().run(root)
