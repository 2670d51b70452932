"""The list of guards keeps up with the code: each edit fits, each scenario exists.

``python -m tests.leaks.mutate`` then shows that each scenario fails without its guard.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.leaks.mutate import REPOSITORY
from tests.leaks.mutations import MUTATIONS, Mutation

HERE = Path(__file__).parent
SCENARIOS = {
    name
    for path in HERE.glob("test_leaks_*.py")
    for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[one.guard for one in MUTATIONS])
def test_guard_stands_where_the_mutation_removes_it(mutation: Mutation) -> None:
    """An edit that no longer fits would remove nothing."""
    for edit in mutation.edits:
        assert (REPOSITORY / edit.file).read_text("utf-8").count(edit.old) == 1, edit
    assert {one.partition("[")[0] for one in mutation.scenarios} <= SCENARIOS


def test_at_least_forty_scenarios_are_stopped_by_a_guard() -> None:
    """Guards are named once, and together they stop the documented leaks."""
    assert len({one.guard for one in MUTATIONS}) == len(MUTATIONS)
    stopped = {one.partition("[")[0] for mutation in MUTATIONS for one in mutation.scenarios}
    assert len(stopped) >= 40
