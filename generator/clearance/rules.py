"""The negative list (负面清单): ``sites/negative-list.yml`` → ``Rules``. Effects: ``load_rules`` reads one file.

A rule says what must not be published (``term``, ``regex``, ``category`` or a
built-in ``recogniser``), on what basis, where it holds, whether it blocks or
warns, and when it must be reviewed (五公开 opinion 二(七): 负面清单定期更新).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import msgspec

from generator.clearance.recognise import RECOGNISERS
from generator.clearance.recognise.match import Sign
from generator.clearance.rule import Rule
from generator.clearance.rulefile import parse_rules
from generator.content.fields import load_yaml
from generator.diagnostics import Diagnostic, diagnostic
from generator.errors import ConfigError
from generator.model import Cluster, Contact

FILE_NAME = "negative-list.yml"
PATH = f"sites/{FILE_NAME}"
_NOT_DECIDING: Mapping[str, Any] = {"basis": "", "review": Day.min, "line": 0, "column": 0}
"""What a rule may say otherwise and find the same: who sets the days of review anew need not read every item again."""


@dataclass(frozen=True)
class Plan:
    """The rules of one place (a unit's category), ready to search with."""

    recognisers: tuple[Rule, ...] = ()
    terms: tuple[Rule, ...] = ()
    regexes: tuple[tuple[re.Pattern[str], Rule], ...] = ()
    categories: tuple[Rule, ...] = ()
    signs: int = field(init=False)
    """What a text must have any of, or nothing is found in it."""
    literals: tuple[str, ...] = field(init=False)
    """Words without which neither ``terms`` nor those ``regexes`` that name some find anything."""

    def __post_init__(self) -> None:
        signs = {RECOGNISERS[rule.recogniser].sign for rule in self.recognisers}
        signs |= {Sign.TERMS if rule.terms else Sign.ALWAYS for _, rule in self.regexes}
        literals = {term for rule in (*self.terms, *(rule for _, rule in self.regexes)) for term in rule.terms}
        object.__setattr__(self, "signs", reduce(or_, signs, Sign.TERMS if self.terms else 0))
        object.__setattr__(self, "literals", tuple(sorted(literals)))

    def for_attachments(self) -> Plan:
        """The rules that also hold in attachments; ``category`` is judged by the item alone."""
        return Plan(
            tuple(rule for rule in self.recognisers if rule.scope.attachments),
            tuple(rule for rule in self.terms if rule.scope.attachments),
            tuple(pair for pair in self.regexes if pair[1].scope.attachments),
        )


@dataclass(frozen=True)
class Rules:
    """The whole list, checked. Pickles, so that it travels to workers."""

    version: str
    rules: tuple[Rule, ...]
    allowed: frozenset[str]
    """Contacts of the cluster and its units (digits, and mail addresses in lower case), which are public."""
    digest: str
    """SHA-256 of all that decides a finding except the code."""
    plans: Mapping[tuple[str, str], Plan]
    """One for each unit and category of the cluster."""

    def plan(self, unit: str, category: str) -> Plan:
        """The rules for items of that unit and category; for unknown ones every rule that names neither."""
        found = self.plans.get((unit, category))
        return found if found is not None else _plan(self.rules, unit, category)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with that id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def load_rules(sites: Path, cluster: Cluster) -> Rules:
    """Read the negative list of ``sites``.

    Raises ``ConfigError`` with every fault; also when there is no list, since a
    cluster without one would let everything through unseen.
    """
    version, rules, faults = parse_rules(load_yaml(sites / FILE_NAME, PATH), PATH, cluster)
    if any(fault.severity == "error" for fault in faults):
        raise ConfigError(faults)
    return make_rules(version, rules, cluster)


def faults_of_rules(sites: Path) -> tuple[Diagnostic, ...]:
    """What is wrong with the negative list itself, where the cluster that it is for cannot be read."""
    _, _, faults = parse_rules(load_yaml(sites / FILE_NAME, PATH), PATH, None)
    return tuple(fault for fault in faults if fault.severity == "error")


def make_rules(version: str, rules: Iterable[Rule], cluster: Cluster) -> Rules:
    """Rules from checked parts, with a plan for each place of the cluster."""
    rules = tuple(rules)
    allowed = _contacts(cluster)
    plans = {
        (unit.id, category.id): _plan(rules, unit.id, category.id)
        for unit in cluster.units
        for category in cluster.categories
    }
    deciding = [msgspec.structs.replace(rule, **_NOT_DECIDING) for rule in rules]
    seen = msgspec.json.encode((deciding, sorted(allowed), [list(place) for place in plans]))
    return Rules(version, rules, allowed, hashlib.sha256(seen).hexdigest(), plans)


def review_due(rules: Rules, today: Day) -> tuple[Diagnostic, ...]:
    """A warning for each rule whose day of review has passed."""
    return tuple(
        diagnostic("rule-review-due", PATH, rule.line, rule.column, severity="warning", rule=rule.id, day=rule.review)
        for rule in rules.rules
        if rule.review < today
    )


def next_review(rules: Rules, today: Day) -> Day | None:
    """The last day on which ``review_due`` says what it says today."""
    return min((rule.review for rule in rules.rules if rule.review >= today), default=None)


def _plan(rules: Iterable[Rule], unit: str, category: str) -> Plan:
    held = [rule for rule in rules if rule.scope.holds(unit, category)]
    return Plan(
        recognisers=tuple(rule for rule in held if rule.kind == "recogniser"),
        terms=tuple(rule for rule in held if rule.kind == "term"),
        regexes=tuple((re.compile(rule.pattern, re.MULTILINE), rule) for rule in held if rule.kind == "regex"),
        categories=tuple(rule for rule in held if rule.kind == "category"),
    )


def _contacts(cluster: Cluster) -> frozenset[str]:
    found: set[str] = set()
    for contact in (cluster.contact, *(unit.contact for unit in cluster.units)):
        found |= set(_contact(contact))
    return frozenset(found)


def _contact(contact: Contact) -> Iterable[str]:
    for number in re.split(r"[、，,；;/\s]+", contact.telephone):
        digits = re.sub(r"\D", "", number)
        if digits:
            yield digits
    if contact.email:
        yield contact.email.lower()
    if contact.address:
        yield contact.address
