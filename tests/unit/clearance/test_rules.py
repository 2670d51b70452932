"""The negative list is read strictly, and knows where each rule holds."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest

from generator.clearance.recognise import RECOGNISERS
from generator.clearance.rules import Rules, faults_of_rules, load_rules, review_due
from generator.clearance.screening import scan
from generator.content.definitions import load_cluster
from generator.errors import ConfigError
from generator.model import Category, Cluster, Contact, Unit

CLUSTER = Cluster(
    name="示例",
    base_url="https://a.example/",
    contact=Contact(telephone="010-55500001", email="ZWGK@a.example", address="示例市明堂路1号"),
    units=(
        Unit(id="sfj", name="局", short_name="局", kind="bureau", contact=Contact(telephone="010-55500100、12348")),
        Unit(id="jdglj", name="戒毒局", short_name="局", kind="administration"),
    ),
    categories=(
        Category(id="notice", name="通知", name_en="Notices"),
        Category(id="policy", name="政策", name_en="Policies"),
    ),
)
RULE = """\
version: "1"
rules:
  - id: {id}
    kind: {kind}
    basis: 条例第十五条
    severity: block
    review: 2027-06-30
{rest}"""


def load(tmp_path: Path, text: str) -> Rules:
    (tmp_path / "negative-list.yml").write_text(text, encoding="utf-8")
    return load_rules(tmp_path, CLUSTER)


def codes(tmp_path: Path, text: str) -> list[tuple[str, int]]:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, text)
    return [(one.code, one.line) for one in raised.value.diagnostics]


def rule(rest: str, kind: str = "term", id: str = "a") -> str:
    return RULE.format(id=id, kind=kind, rest=rest)


def test_default_list_uses_every_recogniser() -> None:
    """The list that comes with the project is sound and leaves no recogniser out."""
    sites = Path(__file__).resolve().parents[3] / "sites"
    rules = load_rules(sites, load_cluster(sites))
    assert {one.recogniser for one in rules.rules if one.kind == "recogniser"} == set(RECOGNISERS)
    assert review_due(rules, date(2026, 11, 24)) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("QQ：123456789", True),
        ("qq号码: 123456789", True),
        ("ＱＱ：１２３４５６７８９", True),
        ("微信号abc_123", True),
        ("微信账号为 abc-123", True),
        ("WeChat: abc123", True),
        ("微信公众号：shili-sfj", False),
        ("QQ在线咨询", False),
        ("用微信支付12345678元", False),
    ],
)
def test_default_list_knows_accounts_as_they_are_written(text: str, found: bool) -> None:
    """But not the public account of an office."""
    sites = Path(__file__).resolve().parents[3] / "sites"
    rules = load_rules(sites, load_cluster(sites))
    hits = scan(text, rules.plan("sfj", "notice"), rules.allowed)
    assert [hit.rule.id for hit in hits] == ["social-account"] * found


def test_missing_list_is_a_fault(tmp_path: Path) -> None:
    """Without a list nothing would be looked for: that is never taken for an empty one."""
    with pytest.raises(ConfigError):
        load_rules(tmp_path, CLUSTER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("rules-shape", 1)]),
        ("- a\n", [("rules-shape", 1)]),
        ('version: "1"\n', [("key-missing", 1)]),
        ('version: "1"\nrules: []\n', [("rules-shape", 2)]),
        ('version: "1"\nrules: [a]\n', [("rules-shape", 2)]),
        ('version: "1"\nrule: [a]\n', [("key-misspelt", 2)]),
        (rule("    terms: [甲]\n    colour: red\n"), [("key-unknown-here", 9)]),
        (rule("    term: [甲]\n"), [("key-misspelt", 8)]),
        (rule("    terms: [甲]\n").replace("severity", "serverity"), [("key-misspelt", 6)]),
        (rule("    terms: []\n"), [("value-empty", 8)]),
        (rule("    terms: ['']\n"), [("value-empty", 8)]),
        (rule("    terms: [[甲]]\n"), [("value-not-text", 8)]),
        (rule(""), [("key-missing", 3)]),
        (rule("    terms: [甲]\n    recogniser: mobile\n"), [("rule-key-unfit", 9)]),
        (rule("    recogniser: mobil\n", kind="recogniser"), [("value-choice", 8)]),
        (rule("    pattern: '('\n", kind="regex"), [("rule-pattern", 8)]),
        (rule("    pattern: 'a*'\n", kind="regex"), [("rule-pattern", 8)]),
        (rule("    terms: [甲]\n", kind="word"), [("value-choice", 4)]),
        (rule("    terms: [甲]\n", id="A_b"), [("rule-id", 3)]),
        (rule("    terms: [甲]\n", id="''"), [("value-empty", 3)]),
        (rule("    scope: {units: [sfx]}\n    terms: [甲]\n"), [("value-choice", 8)]),
        (rule("    scope: {units: [jdgjl]}\n    terms: [甲]\n"), [("rule-choice-near", 8)]),
        (rule("    scope: {categories: [x]}\n    terms: [甲]\n"), [("value-choice", 8)]),
        (rule("    scope: {fields: [titel]}\n    terms: [甲]\n"), [("rule-choice-near", 8)]),
        (rule("    scope: {attachments: no}\n    terms: [甲]\n"), [("flag-type", 8)]),
        (rule("    scope: {unit: [sfj]}\n    terms: [甲]\n"), [("key-misspelt", 8)]),
        (rule("    scope: [sfj]\n    terms: [甲]\n"), [("value-not-mapping", 8)]),
        (rule("", kind="category"), [("rule-scope", 3)]),
        (rule("    scope: {attachments: false}\n", kind="category"), [("rule-scope", 8)]),
        (rule("    terms: [甲]\n").replace("2027-06-30", "2027-6-30"), [("date-format", 7)]),
        (rule("    terms: [甲]\n").replace("2027-06-30", "2027-06-30 09:00"), [("date-format", 7)]),
        (rule("    terms: [甲]\n").replace("severity: block", "severity: warm"), [("value-choice", 6)]),
        (rule("    terms: [甲]\n").replace("basis: 条例第十五条", "basis: ''"), [("value-empty", 5)]),
        (rule("    terms: [甲]\n").replace("basis: 条例第十五条", "basis:"), [("value-empty", 5)]),
    ],
)
def test_faults_are_told_with_their_place(tmp_path: Path, text: str, expected: list[tuple[str, int]]) -> None:
    """Whatever is wrong in the list stops the build, at its line."""
    assert codes(tmp_path, text) == expected


def test_faults_are_told_though_the_cluster_has_some(tmp_path: Path) -> None:
    """Then nobody knows which units and categories there are, and a rule may name any."""
    (tmp_path / "negative-list.yml").write_text(
        rule("    scope: {units: [x], categories: [y], fields: [titel]}\n    term: [甲]\n"), encoding="utf-8"
    )
    assert [(one.code, one.line) for one in faults_of_rules(tmp_path)] == [
        ("rule-choice-near", 8),
        ("key-misspelt", 9),
    ]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """Faults are collected, not only the first."""
    text = rule("    terms: [甲]\n    x: y\n").replace("review: 2027-06-30", "review: soon")
    assert [code for code, _ in codes(tmp_path, text)] == ["date-type", "key-unknown-here"]


def test_two_rules_of_one_id_are_a_fault(tmp_path: Path) -> None:
    """An exemption names a rule by its id, so that no two may share one."""
    text = rule("    terms: [甲]\n") + rule("    terms: [乙]\n").partition("rules:\n")[2]
    assert codes(tmp_path, text) == [("rule-id-twice", 9)]


def test_duplicate_key_is_a_fault(tmp_path: Path) -> None:
    """YAML's silent last-one-wins would turn a block into a warning unseen."""
    assert [code for code, _ in codes(tmp_path, rule("    terms: [甲]\n    severity: warn\n"))] == ["key-duplicate"]


def test_scope_decides_where_a_rule_holds(tmp_path: Path) -> None:
    """A rule for one unit and category is in that plan and in no other."""
    rules = load(tmp_path, rule("    scope: {units: [jdglj], categories: [notice]}\n    terms: [甲]\n"))
    assert len(rules.plan("jdglj", "notice").terms) == 1
    assert rules.plan("jdglj", "policy").terms == ()
    assert rules.plan("sfj", "notice").terms == ()


def test_plan_of_an_unknown_place_holds_the_rules_for_everywhere(tmp_path: Path) -> None:
    """An item of a unit that is not in the cluster is still looked through."""
    assert len(load(tmp_path, rule("    terms: [甲]\n")).plan("nowhere", "notice").terms) == 1


def test_contacts_of_units_are_allowed(tmp_path: Path) -> None:
    """What the cluster and its units publish as their contact is public."""
    allowed = load(tmp_path, rule("    terms: [甲]\n")).allowed
    assert {"01055500001", "01055500100", "12348", "zwgk@a.example", "示例市明堂路1号"} <= allowed


def test_digest_changes_with_what_decides_a_finding(tmp_path: Path) -> None:
    """The cache must not keep findings of another list; the same list has the same digest."""
    first = load(tmp_path, rule("    terms: [甲]\n"))
    assert load(tmp_path, rule("    terms: [甲]\n")).digest == first.digest
    changed = [
        rule("    terms: [乙]\n"),
        rule("    terms: [甲]\n").replace("block", "warn"),
        rule("    scope: {units: [sfj]}\n    terms: [甲]\n"),
    ]
    assert len({load(tmp_path, text).digest for text in changed} | {first.digest}) == 4


def test_digest_stays_where_the_list_was_only_reviewed(tmp_path: Path) -> None:
    """Another version, basis or day of review finds the same: no item need be read again for it."""
    first = rule("    terms: [甲]\n")
    for before, after in (
        ('version: "1"', 'version: "2"'),
        ("第十五条", "第十六条"),
        ("2027", "2028"),
        ("rules:", "\nrules:"),
    ):
        assert load(tmp_path, first.replace(before, after)).digest == load(tmp_path, first).digest


def test_rules_travel_to_workers(tmp_path: Path) -> None:
    """Workers receive the rules pickled and find the same."""
    rules = load(tmp_path, rule("    pattern: '甲+'\n", kind="regex"))
    again = pickle.loads(pickle.dumps(rules))
    assert again.digest == rules.digest
    assert again.plan("sfj", "notice").regexes[0][0].search("甲甲")


def test_review_day_that_has_passed_warns(tmp_path: Path) -> None:
    """The list is to be reviewed; after a rule's day each check says so, at the rule."""
    rules = load(tmp_path, rule("    terms: [甲]\n"))
    assert review_due(rules, date(2027, 6, 30)) == ()
    (found,) = review_due(rules, date(2027, 7, 1))
    assert (found.code, found.severity, found.line) == ("rule-review-due", "warning", 3)
