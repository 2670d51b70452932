"""generator.build.auditing: names of files that hold no text."""

from __future__ import annotations

import pytest

from generator.build import auditing
from generator.clearance.fingerprints import Fingerprints, prints_of

CASES = {
    "a name": "search/shards/neibu-tongzhi.bin",
    "a name with a character of several": "search/shards/…neibu-tongzhi.bin",
    "a name beside what is compared in a way of its own": "search/shards/가ᄀneibu-tongzhi.bin",
    "nothing": "search/shards/abc.bin",
}


@pytest.mark.parametrize("case", CASES)
def test_many_names_are_found_as_few_are(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Together by a sieve, or one by one."""
    prints = Fingerprints([prints_of("jyglj/notice/neibu", [], ["neibu-tongzhi.bin"])])
    paths = [*(f"search/shards/{number}.bin" for number in range(30)), CASES[case]]
    few = auditing._scan_names(prints, paths)
    monkeypatch.setattr(auditing, "_MANY", 10)
    many = auditing._scan_names(prints, paths)
    assert [(one.path, one.keys.tolist()) for one in many] == [(one.path, one.keys.tolist()) for one in few]
    assert [one.path for one in many] == ([] if case == "nothing" else [CASES[case]])
