"""An item's source → the same source with personal data masked, as a proposal. Pure.

What is masked: numbers, addresses to the door, days of birth, and the names in
lists. Marks of secrecy never are: to take the mark off a secret is the offence
itself (NORMS §10, 保密标识隐去); they are named as left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generator.clearance.recognise import passage
from generator.clearance.recognise.masks import mask_name
from generator.clearance.rules import Plan
from generator.clearance.screening import scan
from generator.content.schema import BY_NAME
from generator.model import Exemption, Finding

MASKABLE = frozenset(
    {"resident-id", "mobile", "bank-card", "travel-document", "licence-plate", "email", "home-address", "birth-date"}
)
"""Recognisers whose matches are replaced; ``landline`` only when it is asked for, since offices have telephones."""

_LISTS = frozenset({"name-list", "sensitive-name-list"})
_FENCE = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|$)", re.DOTALL)
_NAMED = "|".join(name for name, (key, _) in BY_NAME.items() if key.name == "exemptions")
_EXEMPTIONS = re.compile(rf"^(?:{_NAMED})[ \t]*:.*(?:\n(?:[ \t\-].*)?)*", re.MULTILINE)


class Masking(NamedTuple):
    """A proposal."""

    text: str
    replaced: dict[str, int]
    """How many matches of each rule were masked."""
    left: dict[str, int]
    """How many matches of each rule stand as they were, to be judged by a person."""


class _Change(NamedTuple):
    start: int
    end: int
    mask: str
    rule: str


def mask_source(
    text: str,
    plan: Plan,
    allowed: frozenset[str],
    *,
    exemptions: Iterable[Exemption] = (),
    names: Iterable[str] = (),
    landlines: bool = False,
    findings: Iterable[Finding] = (),
) -> Masking:
    """Propose the masked form of a whole source file, LF line ends.

    ``names`` are masked wherever they stand; so are the names of recognised lists.
    Exempted matches stay. Of ``findings``, those that do not stand in the source as they
    are shown (for markup and entities) are told as left: there is nothing to write over.
    """
    fence = _FENCE.match(text.removeprefix("\ufeff"))
    front_end = fence.end() if fence else 0
    kept = [found.span() for found in _EXEMPTIONS.finditer(text, 0, front_end)]
    permitted = {(one.rule, one.digest) for one in exemptions}
    maskable = MASKABLE | ({"landline"} if landlines else frozenset())
    changes: list[_Change] = []
    left: dict[str, int] = {}
    people = set(names)
    seen = set(permitted)
    for hit in scan(text, plan, allowed):
        kind, match = hit.rule.recogniser, hit.match
        seen.add((hit.rule.id, hit.digest))
        if any(start <= match.start < end for start, end in kept):
            continue
        if (hit.rule.id, hit.digest) in permitted:
            continue
        if kind in _LISTS and match.certain:
            people |= set(match.value.split("、"))
        elif kind in maskable:
            changes.append(_Change(match.start, match.end, match.masked, hit.rule.id))
        else:
            left[hit.rule.id] = left.get(hit.rule.id, 0) + 1
    for one in findings:
        if not one.attachment and (one.rule, one.digest) not in seen:
            left[one.rule] = left.get(one.rule, 0) + 1
    changes += _of_names(text, people)
    return _apply(text, changes, front_end, left)


def _of_names(text: str, people: Iterable[str]) -> Iterator[_Change]:
    names = sorted(people, key=lambda name: (-len(name), name))
    read = passage(text).read if names else None
    for name in names:
        spaced = r"[ 　\n]?".join(map(re.escape, name.replace(" ", "").replace("　", "")))
        for found in re.finditer(spaced, text):
            yield _named(found, *found.span())
        if read is not None:
            for found in re.finditer(spaced, read.passage.text):
                yield _named(found, *read.span(*found.span()))


def _named(found: re.Match[str], start: int, end: int) -> _Change:
    return _Change(start, end, mask_name(re.sub(r"[ 　\n]", "", found[0])), "names")


def _apply(text: str, changes: list[_Change], front_end: int, left: dict[str, int]) -> Masking:
    pieces: list[str] = []
    replaced: dict[str, int] = {}
    at = 0
    for change in sorted(changes, key=lambda one: (one.start, -one.end)):
        if change.start < at:
            continue
        pieces += (text[at : change.start], _written(change, front_end))
        replaced[change.rule] = replaced.get(change.rule, 0) + 1
        at = change.end
    pieces.append(text[at:])
    return Masking("".join(pieces), replaced, left)


def _written(change: _Change, front_end: int) -> str:
    """The mask as it must be written: in Markdown, stars would become emphasis; in YAML, an alias."""
    if change.start < front_end:
        return change.mask.replace("*", "＊") if change.mask.startswith("*") else change.mask
    return change.mask.replace("*", r"\*")
