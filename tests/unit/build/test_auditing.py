"""generator.build.auditing: names of files that hold no text; files that are looked at while others are made."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.build import auditing
from generator.build.cache import OutputState
from generator.build.rendering import put
from generator.build.tree import Tree
from generator.clearance.fingerprints import Fingerprints, prints_of
from tests.build.cluster import SmallCluster

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


SECRET = "这一句只在没有通过审查的那一条里，公开的网站上别处都不应当有。"


@pytest.mark.parametrize("before", ["", SECRET], ids=["clean", "leaking"])
@pytest.mark.parametrize("after", [None, "", SECRET], ids=["left", "cleaned", "spoilt"])
def test_what_is_looked_at_while_others_are_made_is_judged_as_it_ends(
    before: str, after: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that workers look at early, and that is written once more before the end."""
    cluster = SmallCluster(tmp_path)
    for number in range(80):
        cluster.write(f"sfj/policy/p{number:02}", title=f"第{number}号办法", body=f"第一条 第{number}号的正文。")
    cluster.write("jyglj/policy/held", title="未通过的一条", cleared="false", body=SECRET)
    settings, stray, early = cluster.settings(), "sfj/stray.html", list[str]()
    begin, prune = auditing.Audit.begin, Tree.prune

    def add(tree: Tree, text: str) -> None:
        path = settings.out / stray
        path.unlink(missing_ok=True)
        tree.add(stray, put(settings.fs, settings.out, stray, f"<p>{text}</p>".encode(), b"bug", "bug"))

    def add_and_begin(audit: auditing.Audit, entries: dict[str, OutputState]) -> auditing.Begun | None:
        entries[stray] = put(settings.fs, settings.out, stray, f"<p>{before}</p>".encode(), b"bug", "bug")
        begun = begin(audit, entries)
        assert begun is not None
        early.extend(begun.entries)
        return begun._replace(scanned=iter([*begun.scanned]))  # all is looked at before anything is written once more

    def change_and_prune(tree: Tree) -> None:
        prune(tree)
        if after is not None:
            add(tree, after)

    monkeypatch.setattr(auditing.Audit, "begin", add_and_begin)
    monkeypatch.setattr(Tree, "prune", change_and_prune)
    result = cluster.build_with(executor="processes", jobs=2)
    assert stray in early
    assert "sfj/policy/p79.html" not in early  # given out behind the files of the index
    assert {leak.path for leak in result.leaks} == ({stray} if (before if after is None else after) else set())
    assert (settings.out / stray).exists() == (not result.leaks)
