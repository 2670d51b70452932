"""URLs of a body → links with places in the source, placeholders, or diagnostics. Pure.

``LinkCollector`` sees each URL when the sanitiser does, in the order of the document.
An editor cannot forge a placeholder: its scheme is none that the sanitiser lets in.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from posixpath import normpath
from urllib.parse import unquote

from generator.content.references import parse_reference
from generator.diagnostics import Diagnostic, Severity, diagnostic
from generator.model import Link
from generator.render.anchors import body_id

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
PLACEHOLDER = "mt-link:"
REFUSED = "mt-refused:"
"""Stands for a URL that was dropped with a diagnostic of its own."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_WIDE_ADDRESS = re.compile(r"(?:https?|ftp|mailto|tel)[ 　]*(?:：|:／／)|[ｈＨ][ｔＴ]{2}[ｐＰ]", re.IGNORECASE)
"""As an input method writes it."""
_NEVER_IN_URLS = {ord(char): f"%{ord(char):02X}" for char in ' "<>\\^`{|}'}
_PAGE = re.compile(r"\.html?$", re.IGNORECASE)

_INLINE = re.compile(r"\]\(([^()\n]{0,2000}(?:\([^()\n]{0,2000}\)[^()\n]{0,2000}){0,9})\)")
_TITLE = re.compile(r"""\s+(?:"[^"]*"|'[^']*')\s*$""")
_DEFINED = re.compile(r"^ {0,3}\[[^\]\n]*\]:[ \t]*(\S+)", re.MULTILINE)
_AUTOMATIC = re.compile(r"<([A-Za-z][A-Za-z0-9+.\-]*:[^<>\s]+|[^<>\s@]+@[^<>\s]+)>")
_ATTRIBUTE = re.compile(r"""<[^<>]*?(?:href|src)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_CODE_OR_COMMENT = re.compile(r"(?<!`)(`+)(?!`)[^`]+\1(?!`)|<!--")
_COMMENT_END = "-->"
_LONGEST_TEXT = 1000
"""Of a link's text, for finding its opening bracket."""


class SourceLinks:
    """Where the source writes links: each place is given out once, in order."""

    def __init__(self, body: str, first_line: int) -> None:
        self._body = body
        self._first_line = first_line
        self._lines = [0, *(match.end() for match in re.finditer("\n", body))]
        self._places: dict[str, deque[int]] = {}
        self._refused: deque[int] = deque()
        for place, url in sorted(_written(body)):
            self._places.setdefault(url, deque()).append(place)
            scheme = _SCHEME.match(url)
            if scheme and scheme[0][:-1].lower() not in SCHEMES and scheme[0] != "item:":
                self._refused.append(place)

    def next(self, url: str) -> tuple[int, int]:
        """Line and column of the next link to ``url``; (0, 0) when the source does not show it."""
        places = self._places.get(_key(url))
        if not places:
            return (0, 0)
        return self._opening_at(places.popleft() if len(places) > 1 else places[0])

    def next_refused(self) -> tuple[tuple[int, int], bool]:
        """Line and column of the next link with a scheme that is not allowed, and whether it is a picture's."""
        if not self._refused:
            return (0, 0), False
        place = self._opening(self._refused.popleft())
        return self.at(place), self._body.startswith(("![", "<img", "<IMG"), place)

    def _opening_at(self, place: int) -> tuple[int, int]:
        return self.at(self._opening(place))

    def _opening(self, place: int) -> int:
        return _opening(self._body, place) if self._body[place] == "]" else place

    def at(self, place: int) -> tuple[int, int]:
        """Line of the source and column of a place in the body."""
        line = bisect_right(self._lines, place)
        return (self._first_line + line - 1, place - self._lines[line - 1] + 1)


def _written(body: str) -> Iterator[tuple[int, str]]:
    body = blanked(body)
    for match in _INLINE.finditer(body):
        yield match.start(), _key(_TITLE.sub("", match[1]))
    for match in (*_DEFINED.finditer(body), *_AUTOMATIC.finditer(body), *_ATTRIBUTE.finditer(body)):
        url = _key(match[1].strip("\"'"))
        yield match.start(), url
        if "@" in url:
            yield match.start(), f"mailto:{url}"


def blanked(body: str) -> str:
    """The body with spaces in place of code and comments, in which links are none.

    A comment that nobody closed is none, and the end of no other is looked for twice: there may be thousands of them.
    """
    pieces: list[str] = []
    last = body.rfind(_COMMENT_END)
    done = at = 0
    while found := _CODE_OR_COMMENT.search(body, at):
        start, at = found.span()
        if found[1] is None:
            if last < at:
                continue
            at = body.index(_COMMENT_END, at) + len(_COMMENT_END)
        pieces += (body[done:start], " " * (at - start))
        done = at
    return "".join([*pieces, body[done:]])


def _opening(body: str, closing: int) -> int:
    """Where the bracket opens that closes at ``closing``, with the mark of an image."""
    depth = 0
    for place in range(closing, max(-1, closing - _LONGEST_TEXT), -1):
        if body[place] == "]":
            depth += 1
        elif body[place] == "[":
            depth -= 1
            if depth == 0:
                return place - 1 if place and body[place - 1] == "!" else place
    return closing


def _key(url: str) -> str:
    return html.unescape(url.replace("\\", "")).strip().removeprefix("<").removesuffix(">").strip()


class LinkCollector:
    """Collects the links and faults of one body while the sanitiser walks over its URLs."""

    def __init__(self, body: str, *, item_id: str, path: str, first_line: int) -> None:
        self.links: list[Link] = []
        self.found: list[Diagnostic] = []
        self.wanted: list[tuple[str, tuple[int, int]]] = []
        """Fragments of the body itself that links name, and where."""
        self._body = body
        self._item_id = item_id
        self._path = path
        self._first_line = first_line
        self._sources: SourceLinks | None = None

    @property
    def sources(self) -> SourceLinks:
        """The places of links in the source, looked for at the first need."""
        if self._sources is None:
            self._sources = SourceLinks(self._body, self._first_line)
        return self._sources

    def fault(self, code: str, place: tuple[int, int], *, severity: Severity = "error") -> str:
        """Note a diagnostic; gives the mark of a refused URL."""
        self.found.append(diagnostic(code, self._path, *place, severity=severity))
        return REFUSED

    def anchor(self, written: str) -> str:
        """The ``href`` of a link."""
        url = written.strip()
        if url.startswith("#fn"):
            return f"#{body_id(url[1:])}"
        place = self.sources.next(url)
        if not url:
            return self.fault("markdown-link-empty", place, severity="warning")
        if url.startswith("#"):
            fragment = body_id(unquote(url[1:]))
            self.wanted.append((fragment, place))
            return f"#{fragment}"
        scheme = _SCHEME.match(url)
        if scheme and scheme[0].lower() != "item:":
            return url.translate(_NEVER_IN_URLS)
        return self._internal(url, place)

    def image(self, written: str) -> str:
        """The ``src`` of an image."""
        url = written.strip()
        place = self.sources.next(url)
        if not url:
            return self.fault("markdown-link-empty", place, severity="warning")
        if _SCHEME.match(url) or url.startswith("//"):
            return self.fault("markdown-image-elsewhere", place)
        return self._file("image", unquote(url), place)

    def refused(self) -> None:
        """The sanitiser itself dropped a URL."""
        place, is_image = self.sources.next_refused()
        self.fault("markdown-image-elsewhere" if is_image else "markdown-link-scheme", place)

    def dropped(self, name: str) -> None:
        """The sanitiser drops a tag or attribute of this name; told once, where it is first written."""
        match = re.search(rf"<{name}\b|\b{name}\s*=", self._body, re.IGNORECASE)
        place = self.sources.at(match.start()) if match else (0, 0)
        self.found.append(diagnostic("markdown-html-dropped", self._path, *place, severity="warning", name=name))

    def missing_alt(self, number: int) -> None:
        """The image of this placeholder has no alternative text."""
        link = self.links[number]
        self.fault("markdown-image-alt", (link.line, link.column), severity="warning")

    def _internal(self, url: str, place: tuple[int, int]) -> str:
        if url.startswith(("/", "\\")):
            return self.fault("markdown-link-absolute", place)
        if url.lower().startswith("www."):
            return self.fault("markdown-link-www", place)
        if _WIDE_ADDRESS.match(unquote(url)):
            return self.fault("markdown-link-wide", place)
        target, _, fragment = url.partition("#")
        target, anchor = unquote(target), body_id(unquote(fragment)) if fragment else ""
        if not target.startswith("item:") and not target.endswith(".md"):
            return self._file("file", target, place)
        named = parse_reference(target, self._path.removeprefix("content/"))
        if named is None:
            return self.fault("markdown-link-item", place)
        return self._add(Link(kind="item", target=named, anchor=anchor, line=place[0], column=place[1]))

    def _file(self, kind: str, name: str, place: tuple[int, int]) -> str:
        if name.startswith(("/", "\\")):
            return self.fault("markdown-link-absolute", place)
        if _PAGE.search(name):
            return self.fault("markdown-link-page", place)
        slug = self._item_id.rpartition("/")[2]
        name = normpath(unicodedata.normalize("NFC", name))
        if not self._path.endswith(f"{self._item_id}/index.md"):
            name = name.removeprefix(f"{slug}/")
        if name.split("/")[0] in ("..", ".") or "\\" in name:
            return self.fault("markdown-link-outside", place)
        return self._add(Link(kind=kind, target=name, line=place[0], column=place[1]))

    def _add(self, link: Link) -> str:
        self.links.append(link)
        return f"{PLACEHOLDER}{len(self.links) - 1}"
