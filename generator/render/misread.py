"""What clerks write, or paste, that Markdown reads otherwise than they mean: source and page in → warnings out. Pure.

A preview shows it, but who pastes a paper of forty pages does not read it again there: paragraphs that run on because
no blank line parts them, tables that are none, stars of a masked number that are gone. Told are only such as can hardly
be meant, once each, where the source first has them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice

from generator.clearance.recognise.names import FIRST
from generator.render.body_links import LinkCollector, blanked

_NUMERAL = "一二三四五六七八九十"
_LABEL = (
    rf"[{_NUMERAL}]{{1,3}}、|[（(](?:[{_NUMERAL}]{{1,3}}|[0-9]{{1,2}})[）)]|[0-9]{{1,2}}(?:[．、]|\.(?![0-9]))|[①-⑳]"
    rf"|第[{_NUMERAL}百零〇]{{1,6}}[章节条](?=[ 　])|(?:\*\*)?(?:[问答]|[QA][0-9]{{0,2}})[:：]"
    r"|[联咨电传邮通地时附][系询话真子箱编寄信址间点件][人电话邮箱地址]{0,2}[:：]|　　(?=[^　\s0-9])"
)
"""What a paragraph of its own begins with: a number, who asks, what is told of an office, two blanks as papers have it.

Blanks before a day are those of a signature, whose lines stay.
"""
_RUNS_ON = re.compile(rf"\n(?<!\n\n)(?={_LABEL})")
"""A line that begins like a paragraph of its own."""
_OF_LIST = re.compile(r" *(?:[-*+]|[0-9]+\.) ")
_APART = ("|", "｜", "<", "#", ">", "!", ":", "    ", "\t")
"""How a line begins that is no paragraph's, or may not be."""
_BREAKS = ("  ", "\\", "<br>", "<br/>", "<br />", ">")
"""How a line ends behind which a new one is meant, or a tag stands."""
_CODE = re.compile(r"<pre>(?:<code>)?\s*([\u4e00-\u9fff（“《][^\n<]{0,40})")
_PIPES = re.compile(r"(?:<p[^<>]*>|\n|<br>)[ 　]*[|｜][^|｜<>]{0,60}[|｜]")
_PIPED_LINE = re.compile(r"^[ 　]*[|｜]", re.MULTILINE)
_TABS = re.compile(r"^[^\t\n|<>]*[^\s|<>][ 　]*\t[^\n<>|]*\n[^\t\n|<>]*[^\s|<>][ 　]*\t[^\n<>|]*\S", re.MULTILINE)
_STARS = re.compile(r"\*+")
_MASKING = 3
"""So many stars in a row mask figures; of a name they mask one character or two."""
_MOST_STARS = 2000
"""Runs of stars that are looked at: for each the page is looked through."""
_BEFORE_NAME = frozenset("、，。：:；;|（( \n")
_BEHIND_NAME = frozenset("、，。；;）)| \n")
_NOTE = re.compile(r"^\[\^[^\]\n]{1,40}\]：", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[(?<!\\\[)\^[^\[\]\n<]{1,40}\]")
_URL = r"[（(][ 　]*(?:https?|item|mailto|tel)[:：]"
_WIDE_MARKS = {
    "＃": re.compile(r"^[ 　]*＃{1,6}[ 　]*[^＃0-9\s]", re.MULTILINE),
    "＊": re.compile(r"＊＊[^＊\n]{1,200}＊＊"),
    "！[": re.compile(r"！\[[^\[\]\n]{0,200}\]\("),
    "［": re.compile(rf"［[^\[\]［］\n]{{0,200}}(?:\]\(|[\]］]{_URL})"),
    "］": re.compile(rf"］{_URL}"),
    "]（": re.compile(rf"\]{_URL}"),
}
"""Marks as an input method writes them, of a heading, strong words, a picture, a link: by what each begins with, which
hardly any text holds."""
_TEXTLESS = re.compile(r"\[(?<!!\[)[ 　]*\]\([^)\s]")
"""A link that nobody sees, and of which a screen reader says the address."""
_BRACKETED = re.compile(r"<[A-Za-z][^<>\n=@/\"']{0,80}[\u4e00-\u9fff，；。：、（）][^<>\n=@/\"']{0,80}>")
"""A text between signs for less and greater, which HTML takes for a tag."""


def note_misread(source: str, page: str, links: LinkCollector, *, unmarked: bool = False) -> None:
    """Warn of what ``page``, the HTML of ``source``, does not show as it must be meant.

    ``unmarked``: the source is known to hold no sign that is markup within a line, nor a tab (``is_unmarked``).
    """
    found = [*_of_lines(source, page, unmarked=unmarked)]
    found += [("markdown-marks-wide", place) for place in _wide_marks(source, unmarked=unmarked)]
    if not unmarked and "[" in source and (link := _TEXTLESS.search(blanked(source))) is not None:
        found.append(("markdown-link-text", link.start()))
    if not unmarked and ("*" in source or "<" in source or "[^" in source):
        found += _within_lines(blanked(source) if "`" in source or "<!--" in source else source, page)
    for code, place in sorted(found, key=lambda one: one[1]):
        links.fault(code, links.sources.at(place), severity="warning")


def _of_lines(source: str, page: str, *, unmarked: bool) -> Iterator[tuple[str, int]]:
    if (place := _run_on(source)) is not None:
        yield "markdown-lines-run-on", place
    if not (unmarked and "    " not in source) and "<pre>" in page and (code := _CODE.search(page)) is not None:
        yield "markdown-code-indented", max(0, source.find(html.unescape(code[1])))
    if ("|" in source or "｜" in source) and ("|" in page or "｜" in page) and _PIPES.search(f"\n{page}"):
        line = _PIPED_LINE.search(source)
        yield "markdown-table-broken", line.end() - 1 if line else 0
    if not unmarked and "\t" in source and (rows := _TABS.search(source)) is not None:
        yield "markdown-table-tabs", rows.start()


def _wide_marks(source: str, *, unmarked: bool) -> list[int]:
    """Where the first one stands, if any."""
    begun = [mark for mark in "＃＊［］" if mark in source]
    if not (unmarked or "[" not in source):
        begun += [mark for mark in ("！[", "]（") if mark in source]
    text = blanked(source) if begun and "`" in source else source
    matches = [one for mark in begun if (one := _WIDE_MARKS[mark].search(text)) is not None]
    return sorted(_opened(text, one.start()) for one in matches)[:1]


def _opened(text: str, place: int) -> int:
    """Where the text of a link begins of which a bracket closes at ``place``; of other marks, the place itself."""
    if text[place] not in "]］":
        return place
    return max(text.rfind("[", 0, place), text.rfind("［", 0, place), 0)


def _run_on(source: str) -> int | None:
    """Where the first line begins that runs on from the one before it, though it is labelled as a paragraph."""
    for match in _RUNS_ON.finditer(source):
        before = source[source.rfind("\n", 0, match.start()) + 1 : match.start()]
        if not before.strip() or before.startswith(_APART) or before.endswith(_BREAKS):
            continue
        if not (_OF_LIST.match(before) and _OF_LIST.match(source, match.end())):
            return match.end()
    return None


def _within_lines(source: str, page: str) -> Iterator[tuple[str, int]]:
    if "*" in source and (lost := _lost_stars(source, page)) is not None:
        yield "markdown-stars-lost", lost
    if "[^" in source and "[^" in page:
        note, shown = _NOTE.search(source), set(_NOTE_MARK.findall(page))
        marks = (one for one in _NOTE_MARK.finditer(source) if html.escape(one[0], quote=False) in shown)
        if note is not None:
            yield "markdown-footnote-colon", note.start()
        elif (mark := next(marks, None)) is not None:
            yield "markdown-footnote-missing", mark.start()
    if "<" in source and ">" in source:
        gone = (one for one in _BRACKETED.finditer(source) if html.escape(one[0], quote=False) not in page)
        if (tag := next(gone, None)) is not None:
            yield "markdown-text-as-tag", tag.start()


def _lost_stars(source: str, page: str) -> int | None:
    """Where the first stars stand that mask part of a number or a name, and are not shown."""
    runs = (one.span() for one in islice(_STARS.finditer(source), _MOST_STARS))
    masks = [run for run in runs if _is_mask(source, *run)]
    shown = html.unescape(page) if masks else ""
    return next((start for start, end in masks if source[start - 1 : end + 1].strip() not in shown), None)


def _is_mask(source: str, start: int, end: int) -> bool:
    before, behind = source[start - 1 : start], source[end : end + 1]
    if end - start >= _MASKING:
        return before.isalnum() and behind.isascii() and behind.isalnum()
    begins = start == 1 or source[start - 2 : start - 1] in _BEFORE_NAME
    return before in FIRST and begins and (behind in _BEHIND_NAME or behind.isalpha() or not behind)
