"""Text known to be plain, or sanitised HTML → the body of a page, its headings, and its plain text. Pure.

``BodyBuilder`` takes plain paragraphs and headings, ``body_html`` feeds it the tags
and texts of HTML; for the same text both give the same bytes, which a test compares.
What is made here: one outline below the page's ``h1`` without skipped levels; ids
of headings and articles, each once; the levels 一、（一）1．（1） of official
documents as classes; salutation, signature and date (GB/T 9704 §7.3).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from markdown.extensions.toc import unique

from generator.model import Heading, TextBlock
from generator.render.anchors import ARTICLE, article_id, body_id
from generator.render.plaintext import flatten, join_lines

ARTICLE_LEVEL = 7
"""Of an article among the headings: below every heading."""

_NUMERAL = "一二三四五六七八九十百零〇"
_LABEL = re.compile(
    rf"(?P<strong><strong>)?(?P<article>{ARTICLE})(?(strong)</strong>)(?=\s|&nbsp;|</p>|<br>|$)"
    rf"|(?P<one>[{_NUMERAL}]{{1,5}}、)"
    rf"|(?P<two>[（(][{_NUMERAL}]{{1,5}}[）)])"
    r"|(?P<three>[0-9０-９]{1,3}(?:[．、]|\.(?![0-9])))"
    r"|(?P<four>[（(][0-9０-９]{1,3}[）)])"
)
_LABEL_STARTS = frozenset(f"第<（({_NUMERAL}0123456789０１２３４５６７８９")
_LEVELS = {"one": "level-1", "two": "level-2", "three": "level-3", "four": "level-4"}

_DIGIT = "0-9０-９一二三四五六七八九〇○零十"
_DATE = re.compile(rf"[{_DIGIT}]{{4}}年[{_DIGIT}]{{1,3}}月[{_DIGIT}]{{1,3}}日")
_SENTENCE = re.compile(r"[。；：，？！、]")
LONGEST_SIGNATURE, LONGEST_SALUTATION = 40, 100
"""Characters of one line."""
_LONGEST_END = 8
"""Characters from which the last one is found, past spaces."""


class Label(NamedTuple):
    """How a paragraph opens that begins with a label, and where in its text the opening ends."""

    opening: str
    end: int


class _Candidate(NamedTuple):
    """A plain paragraph that may be the name above a date."""

    place: int
    text: str


def escape(text: str) -> str:
    """Text without ``&`` as the sanitiser writes it."""
    if "<" in text or ">" in text or "\xa0" in text:
        return text.replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
    return text


class BodyBuilder:
    """Takes the pieces of one body in their order; ``html``, ``headings`` and ``blocks`` are the outcome."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.headings: list[Heading] = []
        self.blocks: list[TextBlock] = []
        self.ids: set[str] = set()
        self._anchor = ""
        self._counters: dict[str, int] = {}
        self._levels: list[int] = []
        self._outermost = 0
        self._candidate: _Candidate | None = None

    @property
    def html(self) -> str:
        """Everything so far."""
        return "".join(self.out).strip()

    def add_paragraph(self, text: str) -> None:
        """A paragraph of nothing but ``text``, which has no ``&`` and no space at its beginning."""
        out = self.out
        if out:
            out.append("\n")
        label = self.open_paragraph(text) if text[0] in _LABEL_STARTS else None
        if label is not None:
            out += (label.opening, escape(join_lines(text[label.end :])), "</p>")
        else:
            place = len(out)
            inner = escape(text)
            out += ("<p>", join_lines(inner), "</p>")
            self.close_plain(place, text, inner)
        self.add_block(text)

    def add_heading(self, level: int, text: str) -> None:
        """A heading of nothing but ``text`` on one line."""
        self._separate()
        self.break_outermost()
        level = self.outline(level)
        wanted = body_id(text)
        self.out.append(f'<h{level} id="{self.note_heading(level, wanted, flatten(text))}">{escape(text)}</h{level}>')
        self.add_block(text)

    def _separate(self) -> None:
        if self.out:
            self.out.append("\n")

    def add_block(self, text: str) -> None:
        """A block of plain text, if there is any in it."""
        flat = flatten(text) if "\n" in text else " ".join(text.split())
        if flat:
            self.blocks.append(TextBlock(anchor=self._anchor, text=flat))

    def open_paragraph(self, text: str, start: int = 0) -> Label | None:
        """How a paragraph of the outermost level opens whose text or HTML begins at ``start``.

        ``None`` for a paragraph without a label. The label of an article belongs
        to the opening, any other one does not.
        """
        match = _LABEL.match(text, start)
        if match is None:
            return None
        self.break_outermost()
        label = match["article"]
        if label is None:
            return Label(f'<p class="{_LEVELS[match.lastgroup or "one"]}">', start)
        wanted = article_id(match[3], match[4])
        name = self.note_heading(ARTICLE_LEVEL, wanted, label)
        return Label(f'<p id="{name}"><strong class="article">{label}</strong>', match.end())

    def break_outermost(self) -> None:
        """Something opens on the outermost level that is no plain paragraph."""
        self._outermost += 1
        self._candidate = None

    def close_plain(self, place: int, text: str, inner: str) -> None:
        """A paragraph of the outermost level without a label has ended.

        Its tag stands at ``place`` of ``out``, its text follows and is written
        anew as ``inner`` where its lines count.
        """
        self._outermost += 1
        before, self._candidate = self._candidate, None
        last = text[-_LONGEST_END:].rstrip()
        if last[-1:] == "日" and self._outermost > 2:
            self._sign(place, text, inner, before)
        elif last[-1:] == "：" and self._outermost == 1:
            if len(text) <= LONGEST_SALUTATION and "。" not in text and "\n" not in text:
                self.out[place] = '<p class="salutation">'
        elif len(text) <= LONGEST_SIGNATURE and self._outermost > 1 and "\n" not in text and _is_name(text):
            self._candidate = _Candidate(place, text)

    def _sign(self, place: int, text: str, inner: str, before: _Candidate | None) -> None:
        """A paragraph that ends in 日: is it a date, with names above it in the same or in the one before?"""
        lines = text.strip().split("\n")
        if _DATE.fullmatch(lines[-1].strip()) is None:
            return
        if len(lines) == 1 and before is not None:
            self.out[before.place] = '<p class="signature">'
            self.out[place] = '<p class="signature date">'
        elif len(lines) > 1 and all(_is_name(line) for line in lines[:-1]):
            self.out[place : place + 2] = ('<p class="signature">', inner)

    def outline(self, level: int) -> int:
        """The level of a heading in the page's outline: 2 or deeper, at most one deeper than the one before it."""
        levels = self._levels
        while levels and levels[-1] >= level:
            levels.pop()
        levels.append(level)
        return min(len(levels) + 1, 6)

    def note_heading(self, level: int, wanted: str, text: str) -> str:
        """Enter a heading or article; gives its id. Blocks after it are anchored to it."""
        self._anchor = self.claim(wanted)
        self.headings.append(Heading(level=level, id=self._anchor, text=text))
        return self._anchor

    def claim(self, wanted: str) -> str:
        """``wanted``, or with a number after it when it is taken."""
        if wanted not in self.ids:
            self.ids.add(wanted)
            return wanted
        return unique(wanted, self.ids, self._counters)


def _is_name(line: str) -> bool:
    """Whether a line may be the name of an organ, or several, above a date."""
    return 2 <= len(line.strip()) <= LONGEST_SIGNATURE and not _SENTENCE.search(line)
