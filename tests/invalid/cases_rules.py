"""The negative list, and what it holds back."""

from tests.invalid.invalid_cases import SITES, Case, whole

LIST = SITES["sites/negative-list.yml"]
RULE = LIST.splitlines()[-1]


def rules(*lines: str) -> Case:
    """The list with these rules."""
    return whole(Case({"sites/negative-list.yml": "\n".join(("version: '1'", "rules:", *lines, ""))}))


def but(part: str, instead: str) -> Case:
    """The list with its rule written otherwise."""
    assert part in RULE
    return rules(RULE.replace(part, instead))


CASES: dict[str, Case] = {
    "list empty": whole(Case({"sites/negative-list.yml": ""})),
    "no list": whole(Case({}, without=("sites/negative-list.yml",))),
    "rules as text": rules("  - word"),
    "rule with a capital": but("id: word", "id: Word"),
    "two rules of one id": rules(RULE, RULE),
    "rule for everything": but("kind: term, terms: [绝无此词]", "kind: category"),
    "key of another kind": but("terms: [绝无此词]", "terms: [绝无此词], recogniser: mobile"),
    "unit that is nearly one": but("kind: term", "kind: term, scope: {units: [jyglk]}"),
    "pattern that is none": but("kind: term, terms: [绝无此词]", "kind: regex, pattern: '('"),
    "pattern that fits everything": but("kind: term, terms: [绝无此词]", "kind: regex, pattern: 'a*'"),
}
