"""The text of ``negative-list.yml`` → rules, or every fault in it with its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date as Day

from generator.clearance.fields import parse_day
from generator.clearance.recognise import RECOGNISERS
from generator.clearance.rule import Rule, Scope
from generator.content.yamlnodes import Document, Mapping, Node, Scalar, Sequence
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.model import Cluster

FIELDS = frozenset(
    {"title", "summary", "keywords", "source", "author", "issuer", "document_number", "index_number", "attachments"}
    | {"image", "change_note", "related", "interprets", "redirect_from", "topic", "genre"}
    | {"other", "body", "file-name"}
)
"""What ``scope.fields`` may name; ``other`` is any key of the front matter that is not listed."""

_KINDS = ("term", "regex", "category", "recogniser")
_RULE_KEYS = frozenset({"id", "kind", "basis", "severity", "review", "scope", "terms", "pattern", "recogniser"})
_SCOPE_KEYS = frozenset({"units", "categories", "fields", "attachments"})
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def parse_rules(
    document: Document, path: str, cluster: Cluster
) -> tuple[str, tuple[Rule, ...], tuple[Diagnostic, ...]]:
    """Version, rules and faults of a negative list; with any fault the rules are not to be used."""
    if document.root is None and document.diagnostics:
        return "", (), document.diagnostics
    reader = _Reader(path, cluster)
    version, rules = reader.read(document.root)
    return version, rules, in_order((*document.diagnostics, *reader.faults))


class _Reader:
    """Collects faults while it reads."""

    def __init__(self, path: str, cluster: Cluster) -> None:
        self._path = path
        self._units = frozenset(unit.id for unit in cluster.units)
        self._categories = frozenset(category.id for category in cluster.categories)
        self.faults: list[Diagnostic] = []

    def read(self, root: Node | None) -> tuple[str, tuple[Rule, ...]]:
        if not isinstance(root, Mapping):
            self._fault("rules-shape", root)
            return "", ()
        entries = self._entries(root, frozenset({"version", "rules"}), ("version", "rules"))
        version = self._text(entries.get("version"), "version")
        listed = entries.get("rules")
        if not isinstance(listed, Sequence):
            if listed is not None:
                self._fault("rules-shape", listed)
            return version, ()
        rules = [rule for rule in (self._rule(node) for node in listed.items) if rule is not None]
        seen: set[str] = set()
        for rule in rules:
            if rule.id in seen:
                self._at("rule-id-twice", rule.line, rule.column, rule=rule.id)
            seen.add(rule.id)
        if not listed.items:
            self._fault("rules-shape", listed)
        return version, tuple(rules)

    def _rule(self, node: Node) -> Rule | None:
        if not isinstance(node, Mapping):
            self._fault("rules-shape", node)
            return None
        before = len(self.faults)
        entries = self._entries(node, _RULE_KEYS, ("id", "kind", "basis", "severity", "review"))
        rule_id = self._match(entries.get("id"), "id", _ID)
        kind = self._choice(entries.get("kind"), "kind", _KINDS)
        rule = Rule(
            id=rule_id,
            kind=kind,
            basis=self._text(entries.get("basis"), "basis"),
            severity=self._choice(entries.get("severity"), "severity", ("block", "warn")),
            review=self._day(entries.get("review")),
            scope=self._scope(entries.get("scope")),
            terms=self._list(entries.get("terms"), "terms"),
            pattern=self._pattern(entries.get("pattern")),
            recogniser=self._choice(entries.get("recogniser"), "recogniser", tuple(RECOGNISERS)),
            line=node.line,
            column=node.column,
        )
        if kind in _KINDS:
            self._kind_keys(rule, entries, node)
        return rule if len(self.faults) == before else None

    def _kind_keys(self, rule: Rule, entries: dict[str, Node], node: Mapping) -> None:
        needed = {"term": "terms", "regex": "pattern", "recogniser": "recogniser"}.get(rule.kind)
        if needed and needed not in entries:
            self._fault("rule-key-missing", node, key=needed)
        unwanted = {"term": {"pattern", "recogniser"}, "regex": {"recogniser"}, "recogniser": {"terms", "pattern"}}
        for key in sorted(unwanted.get(rule.kind, {"terms", "pattern", "recogniser"}) & entries.keys()):
            self._fault("rule-key-unfit", entries[key], key=key, kind=rule.kind)
        if rule.kind == "category" and not (rule.scope.units or rule.scope.categories):
            self._fault("rule-key-missing", node, key="scope")

    def _scope(self, node: Node | None) -> Scope:
        if node is None:
            return Scope()
        if not isinstance(node, Mapping):
            self._fault("rules-shape", node)
            return Scope()
        entries = self._entries(node, _SCOPE_KEYS, ())
        return Scope(
            units=self._list(entries.get("units"), "units", self._units),
            categories=self._list(entries.get("categories"), "categories", self._categories),
            fields=self._list(entries.get("fields"), "fields", FIELDS),
            attachments=self._boolean(entries.get("attachments"), "attachments"),
        )

    def _entries(self, node: Mapping, known: Iterable[str], needed: Iterable[str]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for key, value in node.entries:
            if key.value in known:
                found[key.value] = value
            else:
                self._at("rule-key-unknown", key.line, key.column, key=key.value[:40])
        for name in needed:
            if name not in found:
                self._fault("rule-key-missing", node, key=name)
        return found

    def _text(self, node: Node | None, key: str) -> str:
        if node is None:
            return ""
        if isinstance(node, Scalar) and node.value.strip():
            return node.value.strip()
        self._fault("rule-value", node, key=key)
        return ""

    def _match(self, node: Node | None, key: str, pattern: re.Pattern[str]) -> str:
        text = self._text(node, key)
        if text and not pattern.fullmatch(text):
            self._fault("rule-value", node, key=key)
        return text

    def _choice(self, node: Node | None, key: str, allowed: tuple[str, ...]) -> str:
        text = self._text(node, key)
        if text and text not in allowed:
            self._fault("rule-choice", node, key=key, allowed=" ".join(allowed))
        return text

    def _day(self, node: Node | None) -> Day:
        text = self._text(node, "review")
        day = parse_day(text)
        if text and day is None:
            self._fault("rule-value", node, key="review")
        return day or Day.min

    def _pattern(self, node: Node | None) -> str:
        text = self._text(node, "pattern")
        if text:
            try:
                fits_nothing = re.compile(text, re.MULTILINE).search("") is None
            except re.error:
                fits_nothing = False
            if not fits_nothing:
                self._fault("rule-pattern", node)
        return text

    def _list(self, node: Node | None, key: str, allowed: frozenset[str] | None = None) -> tuple[str, ...]:
        if node is None:
            return ()
        items = node.items if isinstance(node, Sequence) else [node]
        found = tuple(self._text(item, key) for item in items)
        if not items:
            self._fault("rule-value", node, key=key)
        for item, text in zip(items, found, strict=True):
            if allowed is not None and text and text not in allowed:
                self._fault("rule-choice", item, key=key, allowed=" ".join(sorted(allowed)))
        return found

    def _boolean(self, node: Node | None, key: str) -> bool:
        if node is None:
            return True
        if isinstance(node, Scalar) and node.plain and node.value in {"true", "false"}:
            return node.value == "true"
        self._fault("rule-value", node, key=key)
        return True

    def _fault(self, code: str, node: Node | None, **params: str) -> None:
        self._at(code, node.line if node else 1, node.column if node else 1, **params)

    def _at(self, code: str, line: int, column: int, **params: str) -> None:
        self.faults.append(diagnostic(code, self._path, line, column, severity="error", **params))
