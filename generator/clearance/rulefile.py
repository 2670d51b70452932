"""The text of ``negative-list.yml`` → rules, or every fault in it with its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date as Day

from generator.clearance.fields import parse_day
from generator.clearance.recognise import RECOGNISERS
from generator.clearance.rule import Rule, Scope
from generator.content.fields import Fields
from generator.content.names import nearest
from generator.content.values import Reader
from generator.content.yamlnodes import Document, Mapping, Node, Scalar, Sequence
from generator.diagnostics import Diagnostic, in_order
from generator.model import Cluster

FIELDS = frozenset(
    {"title", "summary", "keywords", "source", "author", "issuer", "document_number", "index_number", "attachments"}
    | {"image", "change_note", "related", "interprets", "redirect_from", "topic", "genre"}
    | {"other", "body", "file-name"}
)
"""What ``scope.fields`` may name; ``other`` is any key of the front matter that is not listed."""

_KINDS = ("term", "regex", "category", "recogniser")
_SEVERITIES = ("block", "warn")
_NEEDED = ("id", "kind", "basis", "severity", "review")
_OF_KIND = {"term": "terms", "regex": "pattern", "recogniser": "recogniser"}
"""What a rule of that kind cannot do without."""
_UNFIT = {"term": {"pattern", "recogniser"}, "regex": {"recogniser"}, "recogniser": {"terms", "pattern"}}
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def parse_rules(
    document: Document, path: str, cluster: Cluster | None
) -> tuple[str, tuple[Rule, ...], tuple[Diagnostic, ...]]:
    """Version, rules and faults of a negative list; with any fault the rules are not to be used.

    Where the cluster is not known, neither is which units and categories a rule may name.
    """
    if document.root is None and document.diagnostics:
        return "", (), document.diagnostics
    reader = _Reader(path, cluster)
    version, rules = reader.read(document.root)
    return version, rules, in_order((*document.diagnostics, *reader.found))


class _Reader(Reader):
    """Makes rules of nodes, and collects faults."""

    def __init__(self, path: str, cluster: Cluster | None) -> None:
        super().__init__(path)
        self._units = None if cluster is None else [unit.id for unit in cluster.units]
        self._categories = None if cluster is None else [category.id for category in cluster.categories]

    def read(self, root: Node | None) -> tuple[str, tuple[Rule, ...]]:
        """Version and rules of the whole list."""
        if not isinstance(root, Mapping):
            self.fault("rules-shape", root or Scalar("", True, 1, 1))
            return "", ()
        fields = Fields(self, root, required=("version", "rules"))
        version = fields.needed("version")
        listed = fields.written("rules")
        if not isinstance(listed, Sequence) or not listed.items:
            if listed is not None:
                self.fault("rules-shape", listed)
            return version, ()
        rules = [rule for rule in map(self._rule, listed.items) if rule is not None]
        seen: set[str] = set()
        for rule in rules:
            if rule.id in seen:
                self.fault("rule-id-twice", Scalar("", True, rule.line, rule.column), rule=rule.id)
            seen.add(rule.id)
        return version, tuple(rules)

    def _rule(self, node: Node) -> Rule | None:
        if not isinstance(node, Mapping):
            self.fault("rules-shape", node)
            return None
        said = len(self.found)
        fields = Fields(self, node, required=_NEEDED, optional=("scope", "terms", "pattern", "recogniser"))
        kind = fields.choice("kind", _KINDS, "", required=True)
        rule = Rule(
            id=fields.line("id", "", _ID, "rule-id", needed=True),
            kind=kind,
            basis=self._text(fields.written("basis"), "basis"),
            severity=fields.choice("severity", _SEVERITIES, "", required=True),
            review=self._day(fields.written("review")),
            scope=self._scope(fields.written("scope")),
            terms=self._list(fields.written("terms"), "terms"),
            pattern=self._pattern(fields.written("pattern")),
            recogniser=fields.choice("recogniser", RECOGNISERS, "", required=True),
            line=node.line,
            column=node.column,
        )
        if kind:
            self._check_kind(rule, fields, node)
        return rule if len(self.found) == said else None

    def _check_kind(self, rule: Rule, fields: Fields, node: Mapping) -> None:
        needed = _OF_KIND.get(rule.kind)
        if needed and fields.written(needed) is None and needed not in fields.meant:
            self.fault("key-missing", node, key=needed)
        for key in sorted(_UNFIT.get(rule.kind, {"terms", "pattern", "recogniser"})):
            unfit = fields.written(key)
            if unfit is not None:
                self.fault("rule-key-unfit", unfit, key=key, kind=rule.kind)
        if rule.kind == "category" and not (rule.scope.units or rule.scope.categories):
            self.fault("rule-scope", fields.written("scope") or node)

    def _scope(self, node: Node | None) -> Scope:
        if node is None:
            return Scope()
        fields = Fields(self, node, required=(), optional=Scope.__struct_fields__)
        attachments = fields.written("attachments")
        inspected = True if attachments is None else self.flag(attachments, "attachments", han=False)
        return Scope(
            units=self._list(fields.written("units"), "units", self._units),
            categories=self._list(fields.written("categories"), "categories", self._categories),
            fields=self._list(fields.written("fields"), "fields", sorted(FIELDS)),
            attachments=inspected is not False,
        )

    def _text(self, node: Node | None, key: str) -> str:
        """Any text: what is looked for may be of characters that no other definition may hold."""
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.fault("value-not-text", node, key=key)
            return ""
        text = "" if node.absent else node.value.strip()
        if not text:
            self.fault("value-empty", node, key=key)
        return text

    def _day(self, node: Node | None) -> Day:
        day = None if node is None else self.day(node, "review")
        if day is not None and isinstance(node, Scalar) and parse_day(node.value.strip()) is None:
            self.fault("date-format", node, key="review")  # a time belongs to no review
        return day or Day.min

    def _pattern(self, node: Node | None) -> str:
        text = self._text(node, "pattern")
        if text and node is not None:
            try:
                fits_nothing = re.compile(text, re.MULTILINE).search("") is None
            except re.error:
                fits_nothing = False
            if not fits_nothing:
                self.fault("rule-pattern", node)
        return text

    def _list(self, node: Node | None, key: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """The members of a list, or one text alone; each of those that are ``allowed``, where that is known."""
        if node is None:
            return ()
        items = node.items if isinstance(node, Sequence) else [node]
        if not items:
            self.fault("value-empty", node, key=key)
        found = tuple(self._text(item, key) for item in items)
        for item, text in zip(items, found, strict=True):
            if allowed is not None and text and text not in allowed:
                near = nearest(text, allowed)
                code = "rule-choice-near" if near else "value-choice"
                self.fault(code, item, key=key, choices="、".join(allowed), near=near or "")
        return found
