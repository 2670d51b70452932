"""Text known to be plain, or sanitised HTML → the body of a page, its headings, and its plain text. Pure.

``BodyBuilder`` takes plain paragraphs and headings, ``body_html`` feeds it the tags
and texts of HTML; for the same text both give the same bytes, which a test compares.
What is made here: one outline below the page's ``h1`` without skipped levels; ids
of headings and articles, each once; the levels 一、（一）1．（1） of official
documents as classes; salutation, signature and date (GB/T 9704 §7.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markdown.extensions.toc import unique

from generator.model import Heading, TextBlock
from generator.render.anchors import ARTICLE, article_id, body_id, label_id
from generator.render.body_tables import dressed_table
from generator.render.plaintext import escape, flatten, join_lines

ARTICLE_LEVEL = 7
"""Of an article among the headings: below every heading."""

_NUMERAL = "一二三四五六七八九十百零〇"
_LEVEL_FORMS = (
    rf"(?P<one>[{_NUMERAL}]{{1,5}}、)"
    rf"|(?P<two>[（(][{_NUMERAL}]{{1,5}}[）)])"
    r"|(?P<three>[0-9０-９]{1,3}(?:[．、]|\.(?![0-9])))"
    r"|(?P<four>[（(][0-9０-９]{1,3}[）)])"
)
_LABEL = re.compile(
    rf"(?P<strong><strong>)?(?P<article>{ARTICLE})(?(strong)</strong>)(?=\s|&nbsp;|</p>|<br>|$)|{_LEVEL_FORMS}"
)
_LEVEL = re.compile(_LEVEL_FORMS)
_ARTICLE = re.compile(rf"{ARTICLE}(?=\s|$)")
_LEVEL_STARTS = frozenset(f"（({_NUMERAL}0123456789０１２３４５６７８９")
_LEVELS = {"one": "level-1", "two": "level-2", "three": "level-3", "four": "level-4"}

# Without what HTML may not hold, what the sanitiser escapes, and spaces other than the one of ASCII. Said is what may
# not stand there: that is soon compiled.
_EVEN = re.compile(
    "[^\x00-\x09\x0b-\x1f<>\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff\ufdd0-\ufdef"
    "\ufffe\uffff]*"
)
_GAP = re.compile(r" (?:[ \n]|\Z)")
"""Spaces that do not show."""

_DIGIT = "0-9０-９一二三四五六七八九〇○零十"
_DATE = re.compile(rf"[{_DIGIT}]{{4}}年[{_DIGIT}]{{1,3}}月[{_DIGIT}]{{1,3}}日")
_SENTENCE = re.compile(r"[。；：，？！、]")
LONGEST_SIGNATURE, LONGEST_SALUTATION = 40, 100
"""Characters of one line."""
_NO_END = frozenset("。；")
"""What ends neither a salutation nor a date nor a name."""
_USUAL_LABEL = 20
"""Characters of the labels of articles of which the ids are kept."""
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


def is_even(text: str) -> bool:
    """Whether each line of a clean text is its own HTML and its own plain text: see ``BodyBuilder``."""
    return _EVEN.fullmatch(text) is not None and _GAP.search(text) is None


def is_even_if_unmarked(text: str) -> bool:
    """The same of a text whose characters are known to be unmarked (``markdown_plain``): all but its spaces."""
    return "\u3000" not in text and _GAP.search(text) is None


class BodyBuilder:
    """Takes the pieces of one body in their order; ``html``, ``headings`` and ``blocks`` are the outcome."""

    def __init__(self, *, even: bool = False) -> None:
        self._even = even
        """Whether a line of the body is its own HTML and its own plain text, see ``is_even``."""
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

    def add_paragraphs(self, texts: Iterable[str]) -> None:
        """Paragraphs of nothing but these texts, which have no ``&`` and no space at their beginning."""
        even, out, blocks = self._even, self.out, self.blocks
        for text in texts:
            if "\n" in text:
                self._add_lines(text)
                continue
            # What ``break_outermost`` does, for all of them at once.
            self._outermost += 1
            before, self._candidate = self._candidate, None
            flat = text if even else " ".join(text.split())
            first = text[0]
            if first == "第" and self._add_article(text, flat):
                continue
            inner = text if even else escape(text)
            blocks.append(TextBlock(anchor=self._anchor, text=flat))
            level = _LEVEL.match(text) if first in _LEVEL_STARTS else None
            if level is not None:
                out.append(f'\n<p class="{_LEVELS[level.lastgroup or "one"]}">{inner}</p>')
                continue
            out.append(f"\n<p>{inner}</p>")
            if text[-1] not in _NO_END:
                self._mark_end(len(out) - 1, text, inner, before)

    def _add_article(self, text: str, flat: str) -> bool:
        """Add a paragraph of one line if it begins with the label of an article."""
        label, space, rest = text.partition(" ")
        wanted = label_id(label) if space and len(label) <= _USUAL_LABEL else None
        if wanted is None:
            match = _ARTICLE.match(text)
            if match is None:
                return False
            label, space, rest = match[0], "", text[match.end() :]
            wanted = article_id(match[1], match[2])
        name = self.note_heading(ARTICLE_LEVEL, wanted, label)
        inner = rest if self._even else escape(rest)
        self.out.append(f'\n<p id="{name}"><strong class="article">{label}</strong>{space}{inner}</p>')
        self.blocks.append(TextBlock(anchor=name, text=flat))
        return True

    def _add_lines(self, text: str) -> None:
        """A paragraph of several lines."""
        out = self.out
        out.append("\n")
        label = self.open_paragraph(text)
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
        self.break_outermost()
        level = self.outline(level)
        flat = flatten(text)
        name = self.note_heading(level, body_id(text), flat)
        self.out.append(f'\n<h{level} id="{name}">{escape(text)}</h{level}>')
        if flat:
            self.blocks.append(TextBlock(anchor=name, text=flat))

    def add_list(self, start: str, items: Sequence[str]) -> None:
        """A list of nothing but texts; numbered where it has a ``start``."""
        self.break_outermost()
        tag = "ol" if start else "ul"
        opening = f'<ol start="{start}">' if start and start != "1" else f"<{tag}>"
        lines = "".join([f"<li>{escape(item)}</li>\n" for item in items])
        self.out.append(f"\n{opening}\n{lines}</{tag}>")
        for item in items:
            self.add_block(item)

    def add_table(self, alignments: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table of nothing but texts."""
        self.break_outermost()
        self.out += ("\n", dressed_table(alignments, rows))
        for row in rows:
            self.add_block(" ".join(row))

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
        before = self._candidate
        self.break_outermost()
        self._mark_end(place, text, inner, before)

    def _mark_end(self, place: int, text: str, inner: str, before: _Candidate | None) -> None:
        """What a plain paragraph is by how it ends: date, salutation, or perhaps a name."""
        last = text[-_LONGEST_END:].rstrip()
        if last[-1:] == "日" and self._outermost > 2:
            self._sign(place, text, inner, before)
        elif last[-1:] == "：" and self._outermost == 1:
            if len(text) <= LONGEST_SALUTATION and "。" not in text and "\n" not in text:
                self._set_class(place, "salutation")
        elif len(text) <= LONGEST_SIGNATURE and self._outermost > 1 and "\n" not in text and _is_name(text):
            self._candidate = _Candidate(place, text)

    def _set_class(self, place: int, words: str) -> None:
        self.out[place] = self.out[place].replace("<p>", f'<p class="{words}">', 1)

    def _sign(self, place: int, text: str, inner: str, before: _Candidate | None) -> None:
        """A paragraph that ends in 日: is it a date, with names above it in the same or in the one before?"""
        lines = text.strip().split("\n")
        if _DATE.fullmatch(lines[-1].strip()) is None:
            return
        if len(lines) == 1 and before is not None:
            self._set_class(before.place, "signature")
            self._set_class(place, "signature date")
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
        """Enter a heading or article; gives its id, numbered if need be. Blocks after it are anchored to it."""
        if wanted in self.ids:
            wanted = unique(wanted, self.ids, self._counters)
        else:
            self.ids.add(wanted)
        self._anchor = wanted
        self.headings.append(Heading(level=level, id=wanted, text=text))
        return wanted


def _is_name(line: str) -> bool:
    """Whether a line may be the name of an organ, or several, above a date."""
    return 2 <= len(line.strip()) <= LONGEST_SIGNATURE and not _SENTENCE.search(line)
