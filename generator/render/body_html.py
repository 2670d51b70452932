"""Sanitised HTML → tags and texts for a ``BodyBuilder``. Pure.

The sanitiser's output is well formed and holds no ``<`` or ``>`` but those of tags,
so that a regular expression reads it. Links and images are written anew, addresses
first, for ``resolve_links`` to find.
"""

from __future__ import annotations

import html
import re

from generator.render.anchors import body_id
from generator.render.body import BodyBuilder
from generator.render.body_links import PLACEHOLDER, REFUSED, LinkCollector
from generator.render.body_tables import dress_tables
from generator.render.plaintext import flatten, join_lines

_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [^>]*)?)>")
_ATTRIBUTE = re.compile(r' ([a-z\-]+)="([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')
_VOID = frozenset({"br", "hr", "img", "col"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK_NAMES = (
    "p ul ol li dl dt dd div blockquote pre hr figure figcaption details summary "
    "table caption colgroup thead tbody tfoot tr"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset({"td", "th"})
_SIGNATURE = re.compile(r' class="[^"]*\bsignature\b')
_GAP = "\t"
"""Parts words in plain text, even between two Han, where a line end would not."""


class HtmlReader:
    """Reads fragments of one body into a builder."""

    def __init__(self, builder: BodyBuilder, links: LinkCollector) -> None:
        self._builder = builder
        self._links = links
        self._open: list[str] = []
        self._text: list[str] = []
        self._mark = False
        """Inside a mark of a footnote, whose number or arrow is no part of the sentence."""
        self._verbatim: int | None = None
        """How many elements are open outside the outermost one whose line ends count."""
        self._anchors: list[str] = []
        """What closes each open ``a``."""
        self._heading: tuple[int, int, str] | None = None
        """Place in the output, level and attributes of the heading that is open."""
        self._plain: tuple[int, str] | None = None
        """Place in the output of a paragraph that may be plain, and its HTML so far."""

    def read(self, fragment: str) -> None:
        """Read sanitised HTML that stands on its own."""
        if "<table" in fragment:
            fragment = dress_tables(fragment)
        builder = self._builder
        if builder.out:
            builder.out.append("\n")
        position = 0
        while match := _TOKEN.search(fragment, position):
            if match.start() > position:
                self._read_text(fragment[position : match.start()])
            position = match.end()
            closing, name, attributes = match.groups()
            if closing:
                self._close(name)
            elif name == "p" and not self._open and not attributes:
                position = self._open_paragraph(fragment, position)
            else:
                self._start(name, attributes)
        if position < len(fragment):
            self._read_text(fragment[position:])
        self._flush()

    def _read_text(self, text: str) -> None:
        if self._plain is not None:
            self._plain = (self._plain[0], self._plain[1] + text)
        self._builder.out.append(join_lines(text) if self._verbatim is None else text)
        if not (self._mark and (text.isdecimal() or text == "↩")):
            self._text.append(html.unescape(text) if "&" in text else text)

    def _flush(self) -> None:
        if self._text:
            self._builder.add_block("".join(self._text))
            self._text.clear()

    def _open_paragraph(self, fragment: str, position: int) -> int:
        """A paragraph of the outermost level; gives where its text goes on."""
        self._flush()
        self._open.append("p")
        label = self._builder.open_paragraph(fragment, position)
        if label is None:
            self._plain = (len(self._builder.out), "")
            self._builder.out.append("<p>")
            return position
        self._builder.out.append(label.opening)
        self._text.append(re.sub("<[^>]*>", "", fragment[position : label.end]))
        return label.end

    def _start(self, name: str, attributes: str) -> None:
        if not self._open:
            self._builder.break_outermost()
        elif self._plain is not None:
            self._plain = None
            self._builder.break_outermost()
        if name in _HEADINGS:
            self._open_heading(name, attributes)
        elif name == "a":
            self._open_link(dict(_ATTRIBUTE.findall(attributes)))
        elif name == "img":
            self._image(dict(_ATTRIBUTE.findall(attributes)))
        else:
            self._open_other(name, attributes)
        if name not in _VOID:
            self._open.append(name)

    def _open_other(self, name: str, attributes: str) -> None:
        if name in _BLOCKS:
            self._flush()
        elif name in _CELLS or name == "br":
            self._text.append(_GAP)
        if self._verbatim is None and (name == "pre" or (name == "p" and _SIGNATURE.search(attributes))):
            self._verbatim = len(self._open)
        self._builder.out.append(f"<{name}{self._unique_id(attributes)}>")

    def _close(self, name: str) -> None:
        if self._open:
            self._open.pop()
        if self._verbatim == len(self._open):
            self._verbatim = None
        if name in _HEADINGS:
            self._close_heading()
            return
        if name == "a":
            self._builder.out.append(self._anchors.pop())
            self._mark = False
            return
        if self._plain is not None and not self._open:
            place, inner = self._plain
            self._plain = None
            self._builder.out.append("</p>")
            self._builder.close_plain(place, html.unescape(inner), inner)
        else:
            self._builder.out.append(f"</{name}>")
        if name in _BLOCKS:
            self._flush()

    def _unique_id(self, attributes: str) -> str:
        """The attributes, without an id that is taken: the first one has it."""
        match = _ID.search(attributes)
        if match is None:
            return attributes
        if match[1] in self._builder.ids:
            return _ID.sub("", attributes)
        self._builder.ids.add(match[1])
        return attributes

    def _open_heading(self, name: str, attributes: str) -> None:
        self._flush()
        level = self._builder.outline(int(name[1]))
        self._heading = (len(self._builder.out), level, attributes)
        self._builder.out.append("")

    def _close_heading(self) -> None:
        if self._heading is None:
            return
        place, level, attributes = self._heading
        self._heading = None
        text = flatten("".join(self._text))
        if not text:
            return
        given = _ID.search(attributes)
        wanted = given[1] if given else body_id(text)
        name = self._builder.note_heading(level, wanted, text)
        self._builder.out[place] = f'<h{level} id="{name}"{_ID.sub("", attributes)}>'
        self._builder.out.append(f"</h{level}>")
        self._flush()

    def _open_link(self, given: dict[str, str]) -> None:
        href = given.get("href", "")
        if not href or href == REFUSED:
            if not href and "id" not in given:
                self._links.refused()
            self._write_link({"id": given.get("id", "")})
            return
        kept = {"href": href, "id": given.get("id", ""), "title": given.get("title", "")}
        if href.startswith(("http:", "https:")):
            kept |= {"class": "external", "rel": "noopener"}
        role = given.get("class", "")
        if role == "footnote-ref":
            self._mark = True
            kept |= {"class": role}
        elif role == "footnote-backref":
            self._mark = True
            kept |= {"class": role, "title": "", "aria-label": given.get("title", "")}
        self._write_link(kept)

    def _write_link(self, attributes: dict[str, str]) -> None:
        written = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
        written = self._unique_id(written)
        self._builder.out.append(f"<a{written}>" if written else "")
        self._anchors.append("</a>" if written else "")

    def _image(self, given: dict[str, str]) -> None:
        source, alt = given.get("src", ""), given.get("alt", "").strip()
        self._text.append(f"{_GAP}{html.unescape(alt)}{_GAP}")
        if not source.startswith(PLACEHOLDER):
            if not source:
                self._links.refused()
            self._builder.out.append(alt)
            return
        if not alt:
            self._links.missing_alt(int(source.removeprefix(PLACEHOLDER)))
        rest = "".join(
            f' {name}="{given[name]}"' for name in ("class", "id", "title", "width", "height") if name in given
        )
        self._builder.out.append(f'<img src="{source}" alt="{alt}"{self._unique_id(rest)}>')
