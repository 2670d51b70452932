"""YAML text → nodes that know their place, strictly and within bounds. Pure.

What is read is the part of YAML that cannot surprise: one document of plain
mappings, lists and scalars. Anchors, aliases, tags, merge keys, directives and
duplicate keys are faults, and so is anything beyond the ``Limits``. Scalars stay
text: what ``no``, ``1e3`` or ``2024-05-06`` mean is decided by the reader of the
key (``content.fields``, ``content.values``), never guessed here. Built on the
events of libyaml, which are made without recursion and without constructing
anything, so that neither deep nor exploding input costs more than its length.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from yaml import (
    AliasEvent,
    CSafeLoader,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    MarkedYAMLError,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
)

from generator.diagnostics import Diagnostic, diagnostic


class Scalar(Struct, frozen=True, gc=False):
    """A piece of text, and where it stands (line and column from 1)."""

    value: str
    plain: bool
    """Written without quotes and not as a block: only such a scalar can be a boolean or nothing."""
    line: int
    column: int
    block: bool = False
    """Written as a block (``|`` or ``>``), where the place is that of the mark."""

    @property
    def absent(self) -> bool:
        """Nothing was written: the key stands alone, or with ``null`` or ``~``."""
        return self.plain and self.value in _NOTHING


class Sequence(Struct, frozen=True):
    """A list of nodes."""

    items: list[Node]
    line: int
    column: int


class Mapping(Struct, frozen=True):
    """Keys and values in the order in which they are written; no key twice."""

    entries: list[tuple[Scalar, Node]]
    line: int
    column: int
    flow: bool = False
    """Written in braces."""


Node = Scalar | Sequence | Mapping

_PROBLEMS = (
    ("end of stream", "yaml-unclosed"),
    ("did not find expected ',' or", "yaml-unclosed"),
    ("mapping values are not allowed", "yaml-colon"),
    ("cannot start any token", "yaml-start"),
    ("escape", "yaml-escape"),
)
"""What libyaml says, and our code for it; anything else is ``yaml-syntax``."""
_BLOCK = frozenset("|>")
_SWALLOWED = "\ufeff"
"""What libyaml leaves out at the beginning, as the byte order mark that it is of a whole file."""
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class Limits(Struct, frozen=True):
    """Bounds of one document: ``length`` in characters, ``depth`` and ``nodes`` counted."""

    length: int = 1_000_000
    depth: int = 12
    nodes: int = 100_000


FRONT_MATTER = Limits(length=65_536, depth=6, nodes=5_000)
CONFIGURATION = Limits()


class Document(Struct, frozen=True):
    """What became of one YAML text. ``root`` is whole unless there are diagnostics."""

    root: Node | None
    """``None`` when nothing, or comments only, or nothing readable was written."""
    diagnostics: tuple[Diagnostic, ...] = ()


def parse_yaml(text: str, path: str, *, first_line: int = 1, limits: Limits = CONFIGURATION) -> Document:
    """Read the one document of ``text``, which begins on line ``first_line`` of ``path``.

    Every duplicate key is reported, and the first place that cannot be read.
    """
    if len(text) > limits.length:
        return Document(None, (diagnostic("yaml-too-long", path, first_line, 1, limit=limits.length),))
    if text.startswith(_SWALLOWED):  # the key that it hides before would be another anywhere else
        return Document(None, (diagnostic("yaml-character", path, first_line, 1),))
    return _Composer(text, path, first_line, limits).compose()


class _Fault(Exception):
    """Reading cannot go on."""

    def __init__(self, found: Diagnostic) -> None:
        super().__init__(found.code)
        self.diagnostic = found


class _Composer:
    """Turns the events of one document into nodes, with a stack instead of recursion."""

    def __init__(self, text: str, path: str, first_line: int, limits: Limits) -> None:
        self._path = path
        self._offset = first_line
        self._limits = limits
        self._text = text
        self._loader = CSafeLoader(text)
        self._stack: list[_Open] = []
        self._documents = 0
        self._found: list[Diagnostic] = []

    def compose(self) -> Document:
        root: Node | None = None
        try:
            root = self._compose()
        except _Fault as fault:
            self._found.append(fault.diagnostic)
        except MarkedYAMLError as error:
            self._found.append(self._syntax(error))
        except YAMLError:  # a character that YAML forbids; where it stands is for ``content.decoding`` to say
            self._found.append(diagnostic("yaml-character", self._path, self._offset, 1))
        finally:
            self._loader.dispose()
        return Document(root, tuple(self._found))

    def _compose(self) -> Node | None:
        next_event, stack, offset = self._loader.get_event, self._stack, self._offset
        root: Node | None = None
        left = self._limits.nodes
        while True:
            event: Any = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                if event.anchor or event.tag:
                    raise self._refused(event)
                mark, style = event.start_mark, event.style
                node: Node = Scalar(event.value, not style, mark.line + offset, mark.column + 1, style in _BLOCK)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                node = stack.pop().close()
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._open(event, kind is MappingStartEvent)
                continue
            elif kind is StreamEndEvent:
                return root
            else:
                self._frame(event)
                continue
            left -= 1
            if left < 0:
                raise self._fault("yaml-too-many", event, limit=self._limits.nodes)
            if stack:
                stack[-1].add(node, self)
            else:
                root = node

    def _open(self, event: Any, mapping: bool) -> None:
        if event.anchor or event.tag:
            raise self._refused(event)
        if len(self._stack) >= self._limits.depth:
            raise self._fault("yaml-too-deep", event, limit=self._limits.depth)
        if self._stack and self._stack[-1].wants_key:
            raise self._fault("yaml-key-type", event)
        mark = event.start_mark
        self._stack.append(_Open(mapping, mark.line + self._offset, mark.column + 1, bool(event.flow_style)))

    def _frame(self, event: Any) -> None:
        """Accepts the beginning and end of exactly one document without directives."""
        if isinstance(event, AliasEvent):
            raise self._refused(event)
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1 or event.version or event.tags:
                raise self._fault("yaml-documents", event)
        elif isinstance(event, DocumentEndEvent) and event.explicit:
            raise self._fault("yaml-documents", event)

    def _refused(self, event: Any) -> _Fault:
        return self._fault("yaml-anchor" if event.anchor else "yaml-tag", event)

    def _fault(self, code: str, event: Any, **params: Any) -> _Fault:
        mark = event.start_mark
        return _Fault(diagnostic(code, self._path, mark.line + self._offset, mark.column + 1, **params))

    def _syntax(self, error: MarkedYAMLError) -> Diagnostic:
        """An unclosed quote or bracket is reported where it was opened, all else where reading stopped."""
        problem = str(error.problem)
        code = next((code for words, code in _PROBLEMS if words in problem), "yaml-syntax")
        mark = error.context_mark if code == "yaml-unclosed" else None
        mark = mark or error.problem_mark or error.context_mark
        if mark is None:
            return diagnostic(code, self._path, self._offset, 1)
        if code == "yaml-start" and self._text[mark.index : mark.index + 1] == "\t":
            code = "yaml-tab"
        return diagnostic(code, self._path, mark.line + self._offset, mark.column + 1)

    def duplicate(self, key: Scalar, first: int) -> None:
        """Takes down that ``key`` was written before, on line ``first``."""
        self._found.append(diagnostic("key-duplicate", self._path, key.line, key.column, first=first))

    def merged(self, key: Scalar) -> _Fault:
        """The fault of a merge key (``<<``), which would bring in an anchor's content."""
        return _Fault(diagnostic("yaml-anchor", self._path, key.line, key.column))


class _Open:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("_column", "_entries", "_flow", "_items", "_key", "_line", "_seen", "wants_key")

    def __init__(self, mapping: bool, line: int, column: int, flow: bool) -> None:
        self._line, self._column, self._flow = line, column, flow
        self._entries: list[tuple[Scalar, Node]] = []
        self._items: list[Node] = []
        self._seen: dict[str, int] | None = {} if mapping else None
        self._key: Scalar | None = None
        self.wants_key = mapping

    def add(self, node: Node, composer: _Composer) -> None:
        if self._seen is None:
            self._items.append(node)
        elif self._key is None:
            assert isinstance(node, Scalar)  # lists and mappings as keys were refused when they began
            if node.plain and node.value == "<<":
                raise composer.merged(node)
            if node.value in self._seen:
                composer.duplicate(node, self._seen[node.value])
            else:
                self._seen[node.value] = node.line
            self._key = node
            self.wants_key = False
        else:
            self._entries.append((self._key, node))
            self._key = None
            self.wants_key = True

    def close(self) -> Node:
        if self._seen is None:
            return Sequence(self._items, self._line, self._column)
        return Mapping(self._entries, self._line, self._column, self._flow)
