"""Configuration files → typed values: the strict reader for every YAML file of ours. Only ``load_yaml`` reads disk.

    document = load_yaml(path, "sites/deploy.yml")
    reader = Reader(document.path)
    fields = Fields(reader, document.root, required=("target",), optional=("host", "retries"))
    target = fields.line("target")
    if document.diagnostics or reader.found: raise ConfigError(…)

Unknown, missing, doubled and mistyped keys are diagnostics with line and column,
all reported at once; scalars mean what the caller asks for, so that ``no`` or
``010`` in a text stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date as Day
from datetime import datetime
from pathlib import Path
from typing import Any

from generator.content.decoding import decode
from generator.content.values import Reader
from generator.content.yamlnodes import CONFIGURATION, Document, Limits, Mapping, Node, Scalar, Sequence, parse_yaml
from generator.diagnostics import diagnostic

MAX_BYTES = 4 * 1024 * 1024
MAX_MEMBERS = 20_000
"""Of a list: a province has thousands of units."""


def load_yaml(file: Path, path: str, limits: Limits = CONFIGURATION, most: int = MAX_BYTES) -> Document:
    """Read a configuration file, which diagnostics name ``path``; a missing or unreadable one is a diagnostic."""
    try:
        if not file.is_file() and file.exists():  # a folder cannot be read, and to read a pipe would take for ever
            return Document(None, (diagnostic("definition-no-file", path),))
        with file.open("rb") as stream:
            raw = stream.read(most + 1)
    except FileNotFoundError:
        return Document(None, (diagnostic("definition-missing", path),))
    except OSError:
        return Document(None, (diagnostic("definition-unreadable", path),))
    return read_yaml(raw, path, limits, most)


def read_yaml(raw: bytes, path: str, limits: Limits = CONFIGURATION, most: int = MAX_BYTES) -> Document:
    """The document in ``raw``; no root when its bytes or its syntax are faulty."""
    decoded = decode(raw, path, limit=most)
    if decoded.faulty:
        return Document(None, decoded.diagnostics)
    document = parse_yaml(decoded.text, path, limits=limits)
    return Document(document.root, (*decoded.diagnostics, *document.diagnostics))


class Fields:
    """A mapping of configuration: known keys, each read once.

    ``Fields(reader, node, required=…, optional=…)`` reports unknown and missing
    keys at once; then each key is taken by name, with a default where it is not
    written or is faulty. Whether the result may be used is told by ``reader.found``.
    """

    def __init__(self, reader: Reader, node: Node | None, *, required: Iterable[str], optional: Iterable[str] = ()):
        self.reader = reader
        self.node = node
        self.meant: set[str | None] = set()
        """Known keys that somebody most likely meant where another is written: to mend those brings these."""
        self._nodes: dict[str, Node] = {}
        needed = tuple(required)
        known = (*needed, *optional)
        if not isinstance(node, Mapping):
            if node is None:
                reader.found.append(diagnostic("value-not-mapping", reader.path, 1, 1, keys="、".join(known)))
            else:
                reader.fault("value-not-mapping", node, keys="、".join(known))
            return
        for key, value in node.entries:
            if key.value in known:
                self._nodes.setdefault(key.value, value)
            else:
                self.meant.add(reader.unknown_key(key, known))
        for name in needed:
            if name not in self._nodes and name not in self.meant:
                reader.fault("key-missing", node, key=name)

    def get(self, key: str) -> Node | None:
        """The node of ``key``; ``None`` when it is not written or has no value."""
        node = self._nodes.get(key)
        return None if isinstance(node, Scalar) and node.absent else node

    def written(self, key: str) -> Node | None:
        """The node of ``key``, though it have no value; ``None`` when it is not written."""
        return self._nodes.get(key)

    def line(
        self,
        key: str,
        default: str = "",
        pattern: re.Pattern[str] | None = None,
        code: str = "",
        *,
        needed: bool = False,
    ) -> str:
        """A one-line text; ``code`` is the fault when it does not match ``pattern`` as a whole.

        An empty quoted text counts as not written, which is a fault where it is ``needed``.
        """
        node = self._nodes.get(key)
        if node is None or (not needed and isinstance(node, Scalar) and (node.absent or not node.value.strip())):
            return default
        value = self.reader.line(node, key)
        if value is not None and pattern is not None and pattern.fullmatch(value) is None:
            self.reader.fault(code, node, key=key)
            return default
        return default if value is None else value

    def needed(self, key: str) -> str:
        """A one-line text that may not be empty; ``""`` after a fault."""
        node = self._nodes.get(key)
        return "" if node is None else self.reader.line(node, key) or ""

    def choice(self, key: str, choices: Iterable[str], default: str, *, required: bool = False) -> str:
        """One of ``choices``; an empty value is the default, or a fault where the key is required."""
        node = self._nodes.get(key) if required else self.get(key)
        if node is None:
            return default
        return self.reader.choice(node, key, {one: one for one in choices}) or default

    def number(self, key: str, default: int, among: range) -> int:
        """A whole number of at most so many."""
        node = self.get(key)
        value = self.reader.number(node, key, among) if node is not None else None
        return default if value is None else value

    def flag(self, key: str, default: bool = False) -> bool:
        """A plain ``true`` or ``false``."""
        node = self.get(key)
        value = self.reader.flag(node, key, han=False) if node is not None else None
        return default if value is None else value

    def lines(self, key: str) -> tuple[str, ...]:
        """A list of one-line texts."""
        node = self.get(key)
        return (self.reader.lines(node, key) or ()) if node is not None else ()

    def day(self, key: str) -> Day | None:
        """A day."""
        node = self.get(key)
        return self.reader.day(node, key) if node is not None else None

    def moment(self, key: str) -> datetime | None:
        """A moment in Shanghai."""
        node = self.get(key)
        return self.reader.moment(node, key) if node is not None else None

    def members(self, key: str) -> list[Node]:
        """The members of a list."""
        node = self.get(key)
        return (self.reader.sequence(node, key, MAX_MEMBERS) or []) if node is not None else []

    def inner(self, key: str, *, required: Iterable[str] = (), optional: Iterable[str] = ()) -> Fields | None:
        """The mapping under ``key``, with its own known keys."""
        node = self.get(key)
        return Fields(self.reader, node, required=required, optional=optional) if node is not None else None

    def fault(self, code: str, key: str, /, **params: Any) -> None:
        """Take down a fault at the value of ``key``, or at the mapping where the key is not written."""
        node = self._nodes.get(key) or self.node
        if node is not None:
            self.reader.fault(code, node, **params)


def place_at(root: Node | None, *steps: str | int, of_key: bool = False) -> tuple[int, int]:
    """Line and column of the value to which keys and numbers of members lead, or as far as they do; else zeros.

    With ``of_key``, of the key that is the last step.
    """
    if root is None:
        return 0, 0
    node: Node = root
    for number, step in enumerate(steps, 1):
        if isinstance(node, Mapping):
            entry = next((one for one in node.entries if one[0].value == step), None)
            if entry is None:
                break
            node = entry[0] if of_key and number == len(steps) else entry[1]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
    return node.line, node.column


def plain_data(node: Node | None) -> Any:
    """Free configuration as dictionaries, lists, text, booleans, whole numbers and ``None``."""
    match node:
        case Mapping():
            return {key.value: plain_data(value) for key, value in node.entries}
        case Sequence():
            return [plain_data(item) for item in node.items]
        case Scalar() if node.absent:
            return None
        case Scalar() if node.plain and node.value in ("true", "false"):
            return node.value == "true"
        case Scalar() if node.plain and re.fullmatch(r"-?(?:0|[1-9][0-9]{0,15})", node.value):
            return int(node.value)
        case Scalar():
            return node.value
        case _:
            return None
