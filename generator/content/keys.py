"""The value of each kind of front-matter key. Pure.

One method a ``schema.Kind``; each takes the node and gives the value, or
``None`` after it has taken down a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from generator.content.attachments import collisions, refer
from generator.content.names import SLUG
from generator.content.references import parse_reference
from generator.content.schema import Key, Kind
from generator.content.source import SourceItem
from generator.content.values import Reader
from generator.content.yamlnodes import Mapping, Node, Scalar
from generator.diagnostics import Diagnostic
from generator.model import AttachmentRef, Cluster, Exemption

_EXEMPTION = {
    **{name: name for name in ("rule", "match", "digest", "reason", "by")},
    **{"规则": "rule", "内容": "match", "摘要值": "digest", "理由": "reason", "批准人": "by"},
}
_ATTACHMENT = {"file": "file", "title": "title", "文件": "file", "标题": "title"}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_GROUP_LENGTH = 80
_REDIRECT = re.compile(r"(?:[^\x00-\x20/\\?#:*\"<>|%]+/)*(?:[^\x00-\x20/\\?#:*\"<>|%]+\.html?)?")
_NEVER_EMPTY = frozenset({"confidentiality_cleared", "draft", "pinned", "audience"})
"""Keys whose default would let more out than an empty value says."""


class KeyReader(Reader):
    """Reads the keys of one item."""

    def __init__(self, source: SourceItem, cluster: Cluster) -> None:
        super().__init__(f"content/{source.path}")
        self.source = source
        self.cluster = cluster
        self.lines_of_keys: dict[str, tuple[int, int]] = {}

    def value(self, key: Key, han: bool, place: Scalar, node: Node) -> Any:
        """The value of ``key``, written under a Chinese name (``han``) or the English one.

        ``None`` when it is faulty, or left empty where that is allowed.
        """
        if key.kind == "flag":
            return self._flag(key, han, place, node)
        if isinstance(node, Scalar) and node.absent:
            if key.required or key.name in _NEVER_EMPTY:
                self.fault("value-empty", node, key=key.label)
            return None
        value = _READ[key.kind](self, node, key)
        if key.extra and isinstance(value, date):  # datetime too: cached facts know no moments inside ``extra``
            return value.isoformat()
        return value

    def check_together(self, values: dict[str, Any], extra: dict[str, Any]) -> None:
        """Faults of keys that contradict each other."""
        if values.get("confidentiality_cleared") is True and values.get("disclosure", "主动公开") != "主动公开":
            self._at("disclosure", "disclosure-contradiction")
        opens, closes = extra.get("consultation_opens"), extra.get("consultation_closes")
        if opens and closes and closes < opens:
            self._at("consultation_closes", "consultation-order")
        references: list[AttachmentRef] = list(values.get("attachments", ()))
        image = values.get("image")
        if isinstance(image, AttachmentRef):
            references.append(image)
            values["image"] = image.name
        self.found += collisions(references, self.source)

    def _at(self, name: str, code: str) -> None:
        line, column = self.lines_of_keys[name]
        self.fault(code, Scalar("", True, line, column))

    def _flag(self, key: Key, han: bool, place: Scalar, node: Node) -> bool | None:
        code = "clearance-flag-type" if key.name == "confidentiality_cleared" else "flag-type"
        if place.line != node.line:  # a value on a line of its own is easily overlooked
            self.fault(code, node, key=key.label)
            return None
        return self.flag(node, key.label, han=han, code=code)

    def _unit(self, node: Node, key: Key) -> str | None:
        return self._same(node, key, self.source.unit, "unit-mismatch")

    def _category(self, node: Node, key: Key) -> str | None:
        return self._same(node, key, self.source.category, "category-mismatch")

    def _same(self, node: Node, key: Key, folder: str, code: str) -> str | None:
        value = self.line(node, key.label)
        if value is None or value == folder:
            return value
        self.fault(code, node, folder=folder)
        return None

    def _item(self, node: Node, key: Key) -> str | None:
        written = self.line(node, key.label)
        if written is None:
            return None
        found = parse_reference(written, self.source.path)
        if found is None:
            self.fault("item-reference", node, key=key.label)
            return None
        unit, category, _ = found.split("/")
        if not any(one.id == unit for one in self.cluster.units):
            self.fault("item-reference-unit", node, key=key.label)
        elif not any(one.id == category for one in self.cluster.categories):
            self.fault("item-reference-category", node, key=key.label)
        elif found == self.source.id:
            self.fault("item-reference-self", node, key=key.label)
        else:
            return found
        return None

    def _items(self, node: Node, key: Key) -> tuple[str, ...] | None:
        return self._members(node, key, self._item)

    def _redirects(self, node: Node, key: Key) -> tuple[str, ...] | None:
        return self._members(node, key, self._redirect)

    def _redirect(self, node: Node, key: Key) -> str | None:
        """An address below the unit's root; a folder stands for its ``index.html``."""
        written = self.line(node, key.label)
        if written is None:
            return None
        if not _REDIRECT.fullmatch(written) or any(part in (".", "..") for part in written.split("/")):
            self.fault("redirect-form", node)
            return None
        address = f"{written}index.html" if written.endswith("/") else written
        if address == f"{self.source.category}/{self.source.slug}.html":
            self.fault("redirect-self", node)
            return None
        return address

    def _members(self, node: Node, key: Key, read: Callable[[Node, Key], str | None]) -> tuple[str, ...] | None:
        members = self.sequence(node, key.label)
        if members is None:
            return None
        values: dict[str, None] = {}
        for member in members:
            value = read(member, key)
            if value is None:
                continue
            if value in values:
                self.fault("list-duplicate", member, severity="warning", key=key.label)
            values[value] = None
        return tuple(values)

    def _group(self, node: Node, key: Key) -> str | None:
        value = self.line(node, key.label)
        if value is not None and (SLUG.fullmatch(value) is None or len(value) > _GROUP_LENGTH):
            self.fault("group-form", node)
            return None
        return value

    def _image(self, node: Node, key: Key) -> AttachmentRef | None:
        written = self.line(node, key.label)
        return self._refer(node, written, "", image=True) if written is not None else None

    def _attachments(self, node: Node, key: Key) -> tuple[AttachmentRef, ...] | None:
        references: dict[str, AttachmentRef] = {}
        for member in self.sequence(node, key.label) or ():
            named = self._attachment(member, key)
            ref = self._refer(named[0], named[1], named[2]) if named is not None else None
            if ref is None:
                continue
            if ref.name in references:
                self.fault("list-duplicate", member, severity="warning", key=key.label)
            references.setdefault(ref.name, ref)
        return tuple(references.values())

    def _attachment(self, member: Node, key: Key) -> tuple[Node, str, str] | None:
        """Node, name and title of one member: a file name, or a mapping of ``file`` and ``title``."""
        if isinstance(member, Scalar):
            name = self.line(member, key.label)
            return (member, name, "") if name is not None else None
        parts = self._parts(member, _ATTACHMENT, ("file",), "attachment-entry")
        if parts is None:
            return None
        node, name = parts["file"]
        return node, name, parts["title"][1] if "title" in parts else ""

    def _refer(self, node: Node, name: str, title: str, *, image: bool = False) -> AttachmentRef | None:
        found = refer(name, self.source, title=title, line=node.line, column=node.column, image=image)
        if isinstance(found, Diagnostic):
            self.found.append(found)
            return None
        return found

    def _exemptions(self, node: Node, key: Key) -> tuple[Exemption, ...] | None:
        found = []
        for member in self.sequence(node, key.label) or ():
            parts = self._parts(member, _EXEMPTION, ("rule", "match", "digest", "reason", "by"), "exemption-entry")
            if parts is None:
                continue
            if _DIGEST.fullmatch(parts["digest"][1]) is None:
                self.fault("exemption-digest", parts["digest"][0])
                continue
            found.append(Exemption(**{name: value for name, (_, value) in parts.items()}))
        return tuple(found)

    def _parts(
        self, node: Node, names: dict[str, str], required: tuple[str, ...], code: str
    ) -> dict[str, tuple[Node, str]] | None:
        """The one-line texts of a small mapping inside a list."""
        if not isinstance(node, Mapping):
            self.fault(code, node)
            return None
        parts: dict[str, tuple[Node, str]] = {}
        whole = True
        for written, value in node.entries:
            name = names.get(written.value)
            text = self.line(value, written.value) if name is not None else None
            if name is None:
                self.unknown_key(written, names)
            elif name in parts:
                self.fault("key-duplicate", written, first=parts[name][0].line)
            elif text is not None:
                parts[name] = (value, text)
                continue
            whole = False
        if whole and not all(name in parts for name in required):
            self.fault(code, node)
            return None
        return parts if whole else None


_READ: dict[Kind, Callable[[KeyReader, Node, Key], Any]] = {
    "line": lambda reader, node, key: reader.line(node, key.label),
    "text": lambda reader, node, key: reader.text(node, key.label),
    "lines": lambda reader, node, key: reader.lines(node, key.label),
    "day": lambda reader, node, key: reader.day(node, key.label),
    "moment": lambda reader, node, key: reader.moment(node, key.label),
    "end": lambda reader, node, key: reader.moment(node, key.label, end=True),
    "choice": lambda reader, node, key: reader.choice(node, key.label, key.choices),
    "unit": KeyReader._unit,
    "category": KeyReader._category,
    "item": KeyReader._item,
    "items": KeyReader._items,
    "redirects": KeyReader._redirects,
    "group": KeyReader._group,
    "image": KeyReader._image,
    "attachments": KeyReader._attachments,
    "exemptions": KeyReader._exemptions,
}
