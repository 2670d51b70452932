"""Text → front matter and body, through python-frontmatter with a handler that cannot fail open. Pure.

``frontmatter.parse`` takes a text whose fences it cannot find, or whose ``split``
raises ``ValueError``, for a text *without* front matter: metadata ``{}``, and the
header becomes body. ``StrictHandler`` therefore raises ``FrontMatterFault``, which
is no ``ValueError``, and is asked before the library strips the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import frontmatter
from frontmatter.default_handlers import BaseHandler
from msgspec import Struct

from generator.content.decoding import place
from generator.content.schema import BY_NAME
from generator.content.yamlnodes import FRONT_MATTER, Mapping, Node, Scalar, Sequence, parse_yaml
from generator.content.yamlplain import read_plain
from generator.diagnostics import Diagnostic, diagnostic

Keys = dict[str, tuple[Scalar, Node]]
"""Name of each key as written → its place and its value."""

FENCE = "---"
_FENCE = re.compile(r"^---[ ]*$", re.MULTILINE)
_OPENING = re.compile(r"---[ ]*(?:\n|\Z)")
_TAB = re.compile("\t")
_DOTS = re.compile(r"^\.\.\.[ ]*$", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t\u3000]*\n")
_ALMOST_FENCE = re.compile(r"^[ \t\u3000]*(?:-{2,}|[—–－‐‑―─━+=*_~]{2,}|—)[ \t\u3000]*$", re.MULTILINE)
_SEARCHED = 20_000
"""Characters in which a mistyped closing fence is looked for."""
_MOST_COLONS = 50
"""Wrong colons that are reported: more than there are keys."""
_TEXTS = frozenset({"line", "text", "lines"})
"""Kinds of keys in which a number sign may well be meant as one."""
_comment = re.compile(r"[ \t]+#").match
_KEY_LINE = re.compile(r"^([^\s#:：'\"\[\]{},&*!|>%@`-][^:：\n]{0,40}?)[ ]*([:：])", re.MULTILINE)


class FrontMatter(Struct, frozen=True):
    """A source parted in two. ``keys`` is ``None`` when its front matter cannot be read."""

    keys: Keys | None
    text: str
    """The front matter as written, without fences."""
    body: str
    """The whole text, when no front matter could be told from it."""
    body_line: int
    diagnostics: tuple[Diagnostic, ...] = ()


class FrontMatterFault(Exception):
    """The front matter cannot be read. Deliberately no ``ValueError``: ``frontmatter.parse`` swallows those."""

    def __init__(self, found: tuple[Diagnostic, ...]) -> None:
        super().__init__(", ".join(one.code for one in found))
        self.diagnostics = found


class StrictHandler(BaseHandler):
    """A handler of python-frontmatter for one file: raises where the library's own would look away.

    ``load`` gives each key with its node (``Keys``), since what a value means is
    for the schema to say; ``export`` writes plain values for ``frontmatter.dumps``.
    """

    FM_BOUNDARY = _FENCE
    START_DELIMITER = END_DELIMITER = FENCE

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.front = ""
        self.body = ""
        self.body_line = 1
        self.found: tuple[Diagnostic, ...] = ()

    def split(self, text: str) -> tuple[str, str]:
        """Part the text at its fences; raises ``FrontMatterFault`` when they are not both there."""
        opening = _OPENING.match(text)
        if opening is None:
            raise FrontMatterFault((self._no_opening(text),))
        closing = _closing(text, opening.end())
        if closing is None:
            raise FrontMatterFault((self._no_closing(text, opening.end()),))
        self.front = text[opening.end() : closing.start()]
        self.body = text[closing.end() + 1 :]
        self.body_line = self.front.count("\n") + 3
        return self.front, self.body

    def load(self, fm: str) -> dict[str, Any]:
        """The keys of the front matter; raises ``FrontMatterFault`` when it is no list of keys."""
        plain: dict[str, Any] | None = read_plain(fm, 2, FRONT_MATTER)
        if plain is not None:
            return plain
        faults: list[Diagnostic] = []
        for code, sign in (("front-matter-tab", _TAB), ("front-matter-dots", _DOTS)):
            first = sign.search(fm)
            if first is not None:
                line, column = place(fm, first.start())
                faults.append(diagnostic(code, self.path, line + 1, column))
        document = parse_yaml(fm, self.path, first_line=2, limits=FRONT_MATTER)
        root = document.root
        if isinstance(root, Mapping) and not root.flow:
            keys = {key.value: (key, value) for key, value in root.entries}
            self.found = (*faults, *document.diagnostics, *self._cut_off(fm, keys))
            return keys
        colons = self._colons(fm)
        if faults or colons:
            raise FrontMatterFault((*faults, *colons))
        if document.diagnostics:
            raise FrontMatterFault(self._runs_on(fm) or document.diagnostics)
        if root is None:
            raise FrontMatterFault((diagnostic("front-matter-empty", self.path, 1, 1),))
        code = "front-matter-braces" if isinstance(root, Mapping) else "front-matter-no-keys"
        raise FrontMatterFault((diagnostic(code, self.path, root.line, root.column),))

    def export(self, metadata: dict[str, object], **kwargs: object) -> str:
        """Plain values as YAML, keys in their order, Chinese as it is."""
        import yaml

        text: str = yaml.dump(
            metadata, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000, default_flow_style=None
        )
        return text.strip()

    def _no_opening(self, text: str) -> Diagnostic:
        rest = text.lstrip()
        if rest.startswith(FENCE) and len(rest) < len(text):
            return diagnostic("fence-not-first", self.path, *place(text, len(text) - len(rest)))
        almost = _ALMOST_FENCE.match(text)
        if almost is not None or text.startswith(FENCE):
            return diagnostic("fence-shape", self.path, 1, 1)
        return diagnostic("front-matter-missing", self.path, 1, 1)

    def _no_closing(self, text: str, start: int) -> Diagnostic:
        for code, sign in (("front-matter-dots", _DOTS), ("fence-shape", _ALMOST_FENCE)):
            found = sign.search(text, start, start + _SEARCHED)
            if found is not None:
                return diagnostic(code, self.path, *place(text, found.start()))
        return diagnostic("fence-unclosed", self.path, 1, 1)

    def _cut_off(self, fm: str, keys: Keys) -> Iterator[Diagnostic]:
        """Texts that end where a comment begins: whoever wrote a number sign there may not know that."""
        if " #" not in fm:
            return
        lines = fm.split("\n")
        for key, node in keys.values():
            if key.value not in BY_NAME or (known := BY_NAME[key.value][0]).kind not in _TEXTS:
                continue
            for one in node.items if isinstance(node, Sequence) else (node,):
                if not isinstance(one, Scalar) or not one.plain or not one.value:
                    continue
                line, start = lines[one.line - 2], one.column - 1
                comment = _comment(line, start + len(one.value)) if line.startswith(one.value, start) else None
                if comment is not None:
                    at = (one.line, comment.end())
                    yield diagnostic("comment-in-value", self.path, *at, severity="warning", key=known.label)

    def _runs_on(self, fm: str) -> tuple[Diagnostic, ...]:
        """Of a header that can be read down to a blank line, with no key behind it: its closing fence was forgotten,
        and the one that was found is a rule in the text.
        """
        blank = _BLANK_LINE.search(fm, 0, FRONT_MATTER.length)
        if blank is None or any(match[1] in BY_NAME for match in _KEY_LINE.finditer(fm, blank.end())):
            return ()
        head = fm[: blank.start() + 1]
        document = parse_yaml(head, self.path, first_line=2, limits=FRONT_MATTER)
        if document.diagnostics or not isinstance(document.root, Mapping):
            return ()
        return (diagnostic("fence-unclosed", self.path, head.count("\n") + 2, 1),)

    def _colons(self, fm: str) -> list[Diagnostic]:
        """Lines that begin with a known key, but have another colon behind it than YAML's ``: ``."""
        found: list[Diagnostic] = []
        for match in _KEY_LINE.finditer(fm, 0, FRONT_MATTER.length):
            if len(found) == _MOST_COLONS:
                break
            if match[1] not in BY_NAME:
                continue
            line, column = place(fm, match.start(2))
            if match[2] == "：":
                found.append(diagnostic("colon-full-width", self.path, line + 1, column))
            elif fm[match.end() : match.end() + 1] not in (" ", "\n", ""):
                found.append(diagnostic("colon-no-space", self.path, line + 1, column))
        return found


def _closing(text: str, start: int) -> re.Match[str] | None:
    """The first fence on a line that begins at ``start`` or after it, as searching for the pattern would find it."""
    at = start
    while at >= 0:
        if (found := _FENCE.match(text, at)) is not None:
            return found
        at = text.find(f"\n{FENCE}", at) + 1 or -1
    return None


def parse_front_matter(text: str, path: str) -> FrontMatter:
    """Part ``text`` into front matter and body; faults of the whole header leave ``keys=None``."""
    handler = StrictHandler(path)
    try:
        if _OPENING.match(text) is None:  # before the library strips white space in front of a fence
            handler.split(text)
        keys, _ = frontmatter.parse(text, handler=handler)
    except FrontMatterFault as fault:
        if handler.front or handler.body:
            return FrontMatter(None, handler.front, handler.body, handler.body_line, fault.diagnostics)
        return FrontMatter(None, "", text, 1, fault.diagnostics)
    return FrontMatter(keys, handler.front, handler.body, handler.body_line, handler.found)  # type: ignore[arg-type]
