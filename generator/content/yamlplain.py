"""The plainest YAML text → nodes, without libyaml's events: what most front matter is. Pure.

Read are lines of a key, a colon and a value on the same line: plain text, text in quotes without any escape, or a list
in brackets of plain text. For whatever could be read in any other way, ``None``: then ``yamlnodes`` reads it all.
"""

from __future__ import annotations

import re

from generator.content.yamlnodes import Limits, Node, Scalar, Sequence

_MARKS = "\u3001-\u301f\uff01-\uff5e\u00b7\u2014\u2018\u2019\u201c\u201d\u2026"
"""Chinese punctuation: as ideographs, it means nothing to YAML."""
_is_usual = re.compile(rf"[\n -~\u4e00-\u9fff{_MARKS}]*").fullmatch
# In a usual text it is enough to say which signs a part may not have: to compile a set of all ideographs takes half a
# millisecond, each time that it stands in a pattern.
_NEVER = r"\n!\"&'*<>?\\^`{|}~"
_NO_NAME = rf"{_NEVER} #$%()+,\-./:;=@\[\]{_MARKS}"
_FIRST = rf"[^{_NEVER} #$%)+,\-.:;=@\[\]]"
_LAST = rf"[^{_NEVER} #$,:;=@\[\]]"
_INNER = rf"[^{_NEVER}#,:\[\]]"
_MEMBER = rf"{_FIRST}(?:{_INNER}*{_LAST})?"
_WORDS = rf"[^{_NEVER}#:\[\]]*"
_VALUE = rf"{_FIRST}(?:{_WORDS}(?::(?=[0-9A-Za-z/]){_WORDS})*{_LAST})?"
_QUOTED = rf"(?:{_LAST}(?:[^{_NEVER}]*{_LAST})?)?"
_LINE = re.compile(
    rf"([^{_NO_NAME}0-9][^{_NO_NAME}]{{0,39}}): +"
    rf"(?:({_VALUE})|\[({_MEMBER}(?:, *{_MEMBER})*)\]|\"({_QUOTED})\"|'({_QUOTED})')\n"
)
_PLAIN, _LIST = 2, 3
"""Groups of a line; two more are text in quotes."""
_members = re.compile(_MEMBER).finditer


def read_plain(text: str, first_line: int, limits: Limits) -> dict[str, tuple[Scalar, Node]] | None:
    """Keys and values of the mapping that ``yamlnodes.parse_yaml`` would find in the text, faultless; or ``None``."""
    if not _is_usual(text):
        return None
    entries: dict[str, tuple[Scalar, Node]] = {}
    at, line, nodes = 0, first_line, 1
    while at < len(text) <= limits.length:
        found = _LINE.match(text, at)
        if found is None or found[1] in entries:
            return None
        kind = found.lastindex or 0
        node: Node
        start, end = found.span(kind)
        column = start - at + 1  # a bracket and a quotation mark stand one character before what is in them
        if kind == _LIST:
            members: list[Node] = [
                Scalar(one[0], True, line, one.start() - at + 1) for one in _members(text, start, end)
            ]
            node = Sequence(members, line, column - 1)
            nodes += len(members)
        else:
            node = Scalar(found[kind], kind == _PLAIN, line, column if kind == _PLAIN else column - 1)
        entries[found[1]] = (Scalar(found[1], True, line, 1), node)
        nodes += 2
        at, line = found.end(), line + 1
    return entries if entries and nodes <= limits.nodes else None
