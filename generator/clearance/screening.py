"""An item's source → findings of the negative list; findings → diagnostics. Pure.

Looked through are the source as written (front matter and Markdown with its
HTML comments and alternative texts), whatever the renderer makes of it that does
not stand there literally (entities, words parted by markup), values that YAML
spells otherwise, and the names of files. A finding never quotes its match.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

import msgspec

from generator.clearance.likely import Lines
from generator.clearance.recognise import RECOGNISERS, Match, Passage, Sign, passages, weigh, weigh_length
from generator.clearance.recognise.masks import mask_words
from generator.clearance.recognise.names import is_name
from generator.clearance.rule import Rule
from generator.clearance.rulefile import FIELDS
from generator.clearance.rules import Plan, Rules
from generator.clearance.shown import shown_otherwise
from generator.diagnostics import Diagnostic, Severity, diagnostic
from generator.model import Exemption, Finding, Item, ParsedItem, Rendered

FRONT_LINE = 2
"""The line on which front matter begins, after its ``---``."""

_MOST, _LIGHT = 150_000, 25_000
"""What a body may weigh (``recognise.weigh``) beyond its length, and the length up to which none weighs much more."""
_SPELT = (
    *("title", "summary", "source", "author", "issuer", "document_number", "index_number", "change_note"),
    *("topic", "genre"),
)
"""Keys of which YAML may spell the value otherwise than it reads."""


class Hit(NamedTuple):
    """A rule's match in one text."""

    rule: Rule
    match: Match

    @property
    def severity(self) -> str:
        """The rule's, but only a warning for what is not certain."""
        return self.rule.severity if self.match.certain else "warn"

    @property
    def digest(self) -> str:
        """SHA-256 of the match in canonical form."""
        return hashlib.sha256(self.match.value.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def secrecy(self) -> bool:
        """Whether it is a mark of secrecy, which nobody may mend by deleting it."""
        return self.rule.recogniser == "secrecy-mark"


def find(parsed: ParsedItem, rendered: Rendered, rules: Rules) -> tuple[Finding, ...]:
    """Every match of the negative list in an item and its body, exemptions applied."""
    return find_together([(parsed, rendered)], rules)[0]


def find_together(items: Sequence[tuple[ParsedItem, Rendered]], rules: Rules) -> list[tuple[Finding, ...]]:
    """The same for each of several items, for less than one by one: they take one look. None depends on another."""
    texts = [_texts(parsed, rendered, rules.plan(*_place(parsed.path))) for parsed, rendered in items]
    looked: list[list[Passage]] = [[] for _ in items]
    for literals in dict.fromkeys(one.plan.literals for one in texts):  # most rules hold everywhere: there are few
        alike = [number for number, one in enumerate(texts) if one.plan.literals == literals]
        named = [name for number in alike for name in texts[number].names]
        every = [text for number in alike for text in texts[number].texts]
        found = iter(passages((*every, *named), rules.allowed, literals, names=len(named)))
        for number in alike:
            looked[number] += islice(found, len(texts[number].texts))
        for number in alike:
            looked[number] += islice(found, len(texts[number].names))
    return [_found(*one, rules) for one in zip(texts, looked, strict=True)]


def is_heavy(body: str) -> bool:
    """Whether it would take seconds to look through a body: figures, marks or addresses without end."""
    return len(body) > _LIGHT and weigh(body) - weigh_length(body) > _MOST


class _Texts(NamedTuple):
    """The texts of an item that are looked through, and the rules that hold for it."""

    parsed: ParsedItem
    plan: Plan
    texts: tuple[str, str, str]
    """Front matter and body as written; what is shown otherwise."""
    names: tuple[str, ...]


def _texts(parsed: ParsedItem, rendered: Rendered, plan: Plan) -> _Texts:
    item = parsed.item
    names = () if item is None else (item.slug, *(ref.name for ref in item.attachments))
    return _Texts(parsed, plan, (parsed.front_text, parsed.body, shown_otherwise(rendered, parsed.body)), names)


def _found(texts: _Texts, looked: Sequence[Passage], rules: Rules) -> tuple[Finding, ...]:
    parsed, plan, item = texts.parsed, texts.plan, texts.parsed.item
    front, body, changed, *named = looked
    found: dict[tuple[str, str, int, int], Finding] = {}
    written = list(_hits(body, plan))
    path = f"content/{parsed.path}"
    for finding in chain(
        _in_front(parsed, front, plan, rules, path),
        _in_body(parsed, written, path),
        _in_rendered(changed, parsed, written, plan, path) if changed.text else (),
        _in_names(item, named, plan, path),
        _of_category(item, plan, path),
    ):
        found.setdefault((finding.rule, finding.digest, finding.line, finding.column), finding)
    findings = tuple(sorted(found.values(), key=_order)) if found else ()
    return findings if item is None else exempt(findings, item.exemptions)


def scan(text: str, plan: Plan, allowed: frozenset[str], *, name: bool = False) -> Iterator[Hit]:
    """Every match of a plan's rules in one text."""
    (looked,) = passages((text,), allowed, plan.literals, names=int(name))
    return _hits(looked, plan)


def scan_name(name: str, plan: Plan, allowed: frozenset[str]) -> Iterator[Hit]:
    """The same in the name of a file or folder."""
    return (hit for hit in scan(name, plan, allowed, name=True) if _in_scope(hit.rule, "file-name"))


def _hits(looked: Passage, plan: Plan) -> Iterator[Hit]:
    """What is found in a text as it is written, then what is found only as it is read."""
    if looked.read is None:
        yield from _hits_as_written(looked, plan)
        return
    told: dict[tuple[str, int, int, str], bool] = {}
    for hit in _hits_as_written(looked, plan):
        told[_told_apart(hit)] = hit.match.certain
        yield hit
    for hit in _hits_as_written(looked.read.passage, plan):
        placed = hit._replace(match=looked.read.placed(hit.match))
        if placed.match.certain > told.get(_told_apart(placed), -1):
            yield placed


def _told_apart(hit: Hit) -> tuple[str, int, int, str]:
    """What makes two matches of a text one; that of a mark has more of its line in its value than where it stands."""
    return hit.rule.id, hit.match.start, hit.match.end, "" if hit.secrecy else hit.match.value


def _hits_as_written(looked: Passage, plan: Plan) -> Iterator[Hit]:
    signs, text = looked.signs & plan.signs, looked.text
    if not signs:
        return
    for rule in plan.recognisers:
        search, sign = RECOGNISERS[rule.recogniser]
        if sign & signs:
            for match in search(looked):
                yield Hit(rule, match)
    if signs & Sign.TERMS:
        yield from _terms(text, plan)
    for pattern, rule in plan.regexes:
        if rule.terms and not (signs & Sign.TERMS and any(term in text for term in rule.terms)):
            continue
        for found in pattern.finditer(text):
            yield Hit(rule, Match(found.start(), found.end(), found[0], mask_words(found[0])))


def _terms(text: str, plan: Plan) -> Iterator[Hit]:
    for rule in plan.terms:
        for term in rule.terms:
            at = text.find(term)
            while at >= 0:
                yield Hit(rule, Match(at, at + len(term), term, mask_words(term)))
                at = text.find(term, at + len(term))


def exempt(findings: Iterable[Finding], exemptions: Sequence[Exemption]) -> tuple[Finding, ...]:
    """The same findings, those that an exemption covers marked so.

    An exemption covers one match of one rule: rule and digest must be the finding's.
    """
    if not exemptions:
        return tuple(findings)
    permitted = {_permitted(exemption) for exemption in exemptions}
    return tuple(
        msgspec.structs.replace(finding, exempt=True)
        if not finding.exempt and _named(finding) in permitted
        else finding
        for finding in findings
    )


def _permitted(exemption: Exemption) -> tuple[str, str, str] | None:
    """The one match that an exemption covers; ``None`` without a reason and a name.

    A file that was refused unread has no digest, so that nothing can exempt it.
    """
    valid = exemption.reason.strip() and exemption.by.strip() and exemption.digest
    return (exemption.rule, exemption.match, exemption.digest) if valid else None


def _named(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.masked, finding.digest


def diagnose(findings: Iterable[Finding], item: Item | None = None) -> tuple[Diagnostic, ...]:
    """Findings as diagnostics; with ``item`` its exemptions are applied, and named where they cover nothing.

    Give all findings of the item, those of its attachments included.
    """
    findings = tuple(findings) if item is None else exempt(findings, item.exemptions)
    found = [_diagnose(finding) for finding in findings if not finding.exempt]
    if item is not None:
        line, column = item.place_of("exemptions", (1, 1))
        named = set(map(_named, findings)) if item.exemptions else set()
        for number, exemption in enumerate(item.exemptions, start=1):
            if _permitted(exemption) not in named:
                found.append(
                    diagnostic(
                        "exemption-unused", f"content/{item.path}", line, column, severity="warning", number=number
                    )
                )
    return tuple(found)


def _diagnose(finding: Finding) -> Diagnostic:
    severity: Severity = "error" if finding.severity == "block" else "warning"
    hidden = finding.rule.startswith("attachment-")
    kind = ("secrecy-" if finding.secrecy else "") + ("attachment" if finding.attachment else finding.severity)
    code = finding.rule if hidden else f"negative-list-{kind}"
    params = {"attachment": finding.attachment, "place": finding.place or "—"} if finding.attachment else {}
    if not hidden:
        params |= {"rule": finding.rule, "masked": finding.masked}
    params["digest"] = finding.digest
    return diagnostic(code, finding.path, finding.line, finding.column, severity=severity, **params)


def _place(path: str) -> tuple[str, str]:
    parts = path.split("/")
    return parts[0], parts[1] if len(parts) > 1 else ""


def _order(finding: Finding) -> tuple[int, int, str, str]:
    return finding.line, finding.column, finding.rule, finding.digest


def _in_body(parsed: ParsedItem, written: Iterable[Hit], path: str) -> Iterator[Finding]:
    hits = [hit for hit in written if _in_scope(hit.rule, "body")]
    if not hits:
        return
    starts = _line_starts(parsed.body)
    for hit in hits:
        row = bisect_right(starts, hit.match.start) - 1
        yield _finding(hit, path, parsed.body_line + row, hit.match.start - starts[row] + 1)


def _in_front(parsed: ParsedItem, front: Passage, plan: Plan, rules: Rules, path: str) -> Iterator[Finding]:
    """The front matter as written, each match told by its key; then values that YAML spells otherwise."""
    item = parsed.item
    text = parsed.front_text
    hits = list(_hits(front, plan)) if text else []
    if hits:
        starts = _line_starts(text)
        for hit in hits:
            row = bisect_right(starts, hit.match.start) - 1
            key = _key_at(item, FRONT_LINE + row)
            if key != "exemptions" and _in_scope(hit.rule, key):
                yield _finding(hit, path, FRONT_LINE + row, hit.match.start - starts[row] + 1)
    if item is None:
        return
    written = _told(hits)
    like = frozenset((hit.rule.id, hit.match.masked) for hit in hits)
    doubtful = any(not hit.match.certain for hit in hits)  # by what stands around it, which may not be around a value
    for key, value in _values(item):
        if value in text and not doubtful:
            continue
        line, column = item.place_of(key, (1, 1))
        for hit in scan(value, plan, rules.allowed):
            if not _is_told(hit, written) and not _is_doubted(hit, like) and _in_scope(hit.rule, key):
                yield _finding(hit, path, line, column)


def _key_at(item: Item | None, line: int) -> str:
    """The key to whose value a line of the front matter belongs."""
    places = [word.split(":") for word in item.lines.split()] if item is not None else []
    before = [(int(row), int(column), key) for key, row, column in places if int(row) <= line]
    return max(before)[2] if before else "other"


def _values(item: Item) -> Iterator[tuple[str, str]]:
    for key in _SPELT:
        value = getattr(item, key)
        if value:
            yield key, value
    for word in item.keywords:
        yield "keywords", word
    if sum(map(is_name, item.keywords)) > 1:  # as a page lists them
        yield "keywords", "、".join(item.keywords)
    for address in item.redirect_from:
        yield "redirect_from", address
    for ref in item.attachments:
        yield "attachments", ref.title
    for key, value in item.extra.items():
        if isinstance(value, str):
            yield key, value


def _in_rendered(
    changed: Passage, parsed: ParsedItem, written: Sequence[Hit], plan: Plan, path: str
) -> Iterator[Finding]:
    """What is found in the blocks that are shown otherwise alone; placed at the line it most likely is."""
    hits = [hit for hit in _hits(changed, plan) if _in_scope(hit.rule, "body")]
    if not hits:
        return
    told = _told(written)
    lines = Lines(parsed.body)
    for hit in hits:
        if not _is_told(hit, told):
            row = lines.line_of(changed.text, hit.match.start, hit.match.end)
            yield _finding(hit, path, parsed.body_line + row, 1)


def _told(hits: Iterable[Hit]) -> frozenset[tuple[str, str, str]]:
    return frozenset((hit.rule.id, hit.digest, hit.severity) for hit in hits)


def _is_told(hit: Hit, told: frozenset[tuple[str, str, str]]) -> bool:
    """Whether the same match is among those told, and no less severely: a warning stands for no block."""
    same = (hit.rule.id, hit.digest)
    return (*same, "block") in told or (*same, hit.severity) in told


def _is_doubted(hit: Hit, like: frozenset[tuple[str, str]]) -> bool:
    """Whether a doubtful match is told already, though with other words around it."""
    return not hit.match.certain and (hit.rule.id, hit.match.masked) in like


def _in_names(item: Item | None, names: Sequence[Passage], plan: Plan, path: str) -> Iterator[Finding]:
    """The name of the item, and after it those of its attachments."""
    if item is None:
        return
    places = ((1, 1), *((ref.line, ref.column) for ref in item.attachments))
    for name, place in zip(names, places, strict=True):
        for hit in _hits(name, plan):
            if _in_scope(hit.rule, "file-name"):
                yield _finding(hit, path, *place)


def _of_category(item: Item | None, plan: Plan, path: str) -> Iterator[Finding]:
    if item is None:
        return
    line, column = item.place_of("category", (1, 1))
    for rule in plan.categories:
        yield _finding(Hit(rule, Match(0, 0, item.id, item.category)), path, line, column)


def _in_scope(rule: Rule, field: str) -> bool:
    fields = rule.scope.fields
    return not fields or (field if field in FIELDS else "other") in fields


def _finding(hit: Hit, path: str, line: int, column: int) -> Finding:
    return Finding(
        rule=hit.rule.id,
        severity=hit.severity,
        path=path,
        line=line,
        column=column,
        masked=hit.match.masked,
        digest=hit.digest,
        secrecy=hit.secrecy,
    )


def _line_starts(text: str) -> list[int]:
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts
