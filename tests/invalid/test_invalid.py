"""Every bad input gives exactly the text that its table says, and publishes nothing."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from generator.content.item import source_parts
from generator.messages.clearance import MESSAGES as CLEARANCE
from generator.messages.content import MESSAGES as CONTENT
from generator.messages.definitions import MESSAGES as DEFINITIONS
from generator.messages.evidence import MESSAGES as EVIDENCE
from generator.messages.files import MESSAGES as FILES
from generator.messages.render import MESSAGES as RENDER
from generator.messages.search import MESSAGES as SEARCH
from generator.messages.site import MESSAGES as SITE
from generator.messages.targets import MESSAGES as TARGETS
from tests.conftest import UPDATE_GOLDEN
from tests.invalid.invalid_cases import Case, Outcome, read, write

TABLES = ("bytes", "header", "keys", "tree", "sites", "theme", "deploy", "body", "rules", "evidence", "between")
EXPECTED = Path(__file__).parent / "expected"

CASES: dict[str, dict[str, Case]] = {name: import_module(f"tests.invalid.cases_{name}").CASES for name in TABLES}


def _outcome(case: Case, folder: Path) -> Outcome:
    return read(write(case, folder), whole=case.whole)


def _expected(table: str) -> dict[str, str]:
    """The sections of a table's golden file: ``== name``, then the lines that are reported."""
    sections: dict[str, str] = {}
    for section in (EXPECTED / f"{table}.txt").read_text().split("\n== ")[1:]:
        name, _, lines = section.partition("\n")
        sections[name] = lines.strip("\n") + "\n"
    return sections


@pytest.mark.parametrize(("table", "name"), [(table, name) for table, cases in CASES.items() for name in cases])
def test_bad_input_is_reported_exactly(table: str, name: str, tmp_path: Path) -> None:
    """The report is the text of the golden file, with place, code and hint."""
    if UPDATE_GOLDEN:
        pytest.skip("the golden files are being written")
    assert _outcome(CASES[table][name], tmp_path / "case").lines() == _expected(table)[name]


@pytest.mark.parametrize(("table", "name"), [(table, name) for table, cases in CASES.items() for name in cases])
def test_bad_input_publishes_nothing(table: str, name: str, tmp_path: Path) -> None:
    """An error withholds its item, a warning does not; and both have an English text."""
    case = CASES[table][name]
    outcome = _outcome(case, tmp_path / "case")
    assert outcome.diagnostics
    said = outcome.lines("en")
    for meant in ("{}", "[, { or", "[{label", "{number}", "{year}"):
        said = said.replace(meant, "")
    assert "{" not in said
    for parsed in outcome.parsed:
        if any(one.severity == "error" for one in parsed.diagnostics):
            assert parsed.item is None
        file = tmp_path / "case" / "content" / parsed.path
        if parsed.body:  # it could be read
            assert source_parts(file.read_bytes()) == (parsed.front_text, parsed.body)
    faulty = any(one.severity == "error" for one in outcome.diagnostics)
    assert faulty is not case.warning


@pytest.mark.parametrize("table", TABLES)
def test_golden_file_has_no_other_cases(table: str, tmp_path: Path) -> None:
    """A case that was taken out leaves nothing behind. With ``UPDATE_GOLDEN=1`` this writes the file anew."""
    if UPDATE_GOLDEN:
        outcomes = [(name, _outcome(case, tmp_path / str(n))) for n, (name, case) in enumerate(CASES[table].items())]
        text = "".join(f"\n== {name}\n{outcome.lines()}" for name, outcome in outcomes)
        (EXPECTED / f"{table}.txt").write_text(f"What is reported for the cases of cases_{table}.py.\n{text}")
    assert list(_expected(table)) == list(CASES[table])


ELSEWHERE = {
    "tests/attachments and tests/unit/clearance, where the files are": {
        *(code for code in CLEARANCE if code.startswith("attachment-")),
        "attachment-unattested",
    },
    "tests/leaks: no editor causes it": {"leak", "leak-term", "leak-unreadable"},
    "tests/unit/authoring: two states of a repository": {"evidence-deleted", "evidence-changed"},
    "tests/leaks and tests/unit/clearance: an earlier build, or keys": {
        *("record-gone", "withdrawal-gone", "record-one-key"),
    },
    "tests/unit/site: names that the readers refuse before": {
        *("item-name-reserved", "item-name-taken", "attachment-name-taken", "link-file-missing"),
    },
    "tests/unit/render: only a page tells": {"template-failed"},
}
"""Codes that no folder of content and definitions gives alone, by where they are tried."""


def test_every_message_has_a_case() -> None:
    """No text that an editor or a designer can be told is untried: each code stands in a golden file."""
    tables = (FILES, CONTENT, DEFINITIONS, CLEARANCE, EVIDENCE, RENDER, SITE, SEARCH, TARGETS)
    reported = "".join((EXPECTED / f"{table}.txt").read_text() for table in TABLES)
    missing = {code for table in tables for code in table if f"[{code}]" not in reported}
    assert missing == {code for codes in ELSEWHERE.values() for code in codes}
