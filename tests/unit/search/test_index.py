"""The index: complete, deterministic, and mended to the very bytes of a build from nothing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.clearance.gate import ClearedItem
from generator.search import encoding as encoding_module
from generator.search import mending as mending_module
from generator.search import publish as publish_module
from generator.search import shards as shards_module
from generator.search.columns import PER_BLOCK
from generator.search.names import ENTRY
from generator.search.publish import Facts
from generator.search.rows import HEADS
from tests.search_support import Built, Paper, build, paper

WORDS = [
    "法律援助",
    "社区矫正",
    "监狱会见",
    "暂予监外执行",
    "工资",
    "第五十四条",
    "〔2016〕13号",
    "abc",
    "２０１６年",
    "罪犯",
]


def texts(seed: int, length: int) -> tuple[str, ...]:
    chosen = random.Random(seed)
    pool = [*WORDS, *(chr(head + chosen.randrange(40)) for head in HEADS), "的", "和", "，", "。"]
    return tuple("".join(chosen.choices(pool, k=40)) for _ in range(length))


def papers(count: int, length: int = 12) -> list[Paper]:
    return [
        paper(
            f"sfj/policy/n{number:04}",
            f"关于{WORDS[number % 6]}的通知{number}",
            *texts(number, length),
            day=f"20{number // 400 + 10:02}-{number % 12 + 1:02}-{number % 28 + 1:02}",
        )
        for number in range(count)
    ]


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards so small that even a small cluster has many cuts."""
    shrink(monkeypatch)


def shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards_module, "_LEAST", 40)
    monkeypatch.setattr(shards_module, "_MOST", 120)
    monkeypatch.setattr(shards_module, "_ALONE", 60)
    monkeypatch.setattr(shards_module, "_CUT_BITS", 30)
    monkeypatch.setattr(mending_module, "_MOST_CHANGED", 1.0)


def test_build_of_the_same_items_gives_the_same_bytes_in_any_order() -> None:
    """The index is a function of the cleared items, not of the order in which they come."""
    some = papers(30)
    shuffled = random.Random(1).sample(some, len(some))
    assert build(some).files == build(shuffled).files


def test_build_in_small_batches_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many rows are encoded at a time does not show."""
    shrink(monkeypatch)
    some = papers(30)
    whole = build(some).files
    monkeypatch.setattr(encoding_module, "_BATCH", 7)
    assert build(some).files == whole


def test_entry_names_units_that_have_no_documents() -> None:
    """Their sites search too: the page must know their name, and whether they have a host of their own."""
    entry = msgspec.json.decode(build([paper("a/policy/x", "办法", "正文")]).files[ENTRY])
    assert [(unit, name) for unit, name, _ in entry["units"]] == [("sfj", "司法局"), ("a", "甲局"), ("b", "乙局")]


def test_files_but_the_entry_are_named_after_their_content() -> None:
    """Two builds never have other bytes under one name, but for the entry."""
    first, second = build(papers(20)).files, build(papers(25)).files
    assert all(first[path] == second[path] for path in first.keys() & second.keys() - {ENTRY})


def test_build_of_no_items_gives_an_index() -> None:
    """A cluster in which nothing is cleared has an empty index, not a broken one."""
    built = build([paper("sfj/policy/a", "秘密", "不公开", cleared=False)])
    assert ENTRY in built.files
    assert build([], built).files == built.files


def test_withheld_words_are_in_no_file_of_the_index() -> None:
    """A word that stands only in items that are not cleared is in no dictionary, text, result or thesaurus."""
    thesaurus = (("坐牢", ("服刑", "朱鹮行动")),)
    built = build(
        [paper("sfj/policy/a", "公开", "服刑人员"), paper("sfj/policy/b", "朱鹮", "朱鹮行动zhuhuan", cleared=False)],
        thesaurus=thesaurus,
    )
    everything = b"".join(built.files.values())
    assert "服刑".encode() in everything
    assert "朱鹮行动".encode() not in everything
    assert b"zhuhuan" not in everything
    assert Counter(path.split("/")[1].split("-")[0] for path in built.files)["thesaurus"] == 1


def mended(before: Built, after: list[Paper]) -> Built:
    """The index of ``after`` from that of ``before``; checked against one from nothing."""
    updated = build(after, before)
    anew = build(after)
    assert updated.files.keys() == anew.files.keys()
    assert updated.files == anew.files
    return updated


@pytest.mark.usefixtures("small_shards")
def test_edit_of_one_item_writes_only_the_shards_of_its_terms() -> None:
    """A comma mended in one of many items leaves almost all shards as they are."""
    some = papers(60)
    before = build(some)
    edited = [*some]
    edited[17] = paper(
        some[17].facts.id, "关于工资的通知17", *some[17].paragraphs[:-1], "只改了这一段鹮", day="2010-06-18"
    )
    updated = mended(before, edited)
    assert updated.result.updated
    shards = [path for path in before.files if path.startswith("search/shards/")]
    assert sum(path in updated.files for path in shards) > len(shards) / 2


@pytest.mark.usefixtures("small_shards")
def test_item_that_is_no_longer_cleared_leaves_no_trace() -> None:
    """What is withheld again is gone from the mended index."""
    some = papers(20)
    secret = paper("sfj/policy/zz", "鹮", "朱鹮行动zhuhuan", day="2026-05-06")
    before = build([*some, secret])
    updated = mended(before, some)
    assert updated.result.updated
    assert b"zhuhuan" not in b"".join(updated.files.values())


def results_of(built: Built) -> set[str]:
    return {path for path in built.files if path.startswith("search/results/")}


def test_results_that_stay_are_taken_over_by_one_index_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the index before took over itself is no less there; and nothing that stays is made to be compared."""
    made: list[int] = []
    block = publish_module._block

    def counted(documents: Sequence[ClearedItem], facts: Sequence[Facts]) -> bytes:
        made.append(1)
        return block(documents, facts)

    monkeypatch.setattr(publish_module, "_block", counted)
    some = papers(3 * PER_BLOCK, 2)
    built = build(some)
    first = results_of(built)
    assert len(first) == 3
    for turn in range(3):
        some = [*some[:-1], paper(some[-1].facts.id, f"改{turn}", *some[-1].paragraphs, day="2010-12-28")]
        made.clear()
        built = build(some, built)
        assert len(made) == 1
        assert built.files == build(some).files
        assert len(results_of(built) & first) == 2
        assert len(results_of(built) & {*built.written}) == 1


def test_results_that_are_gone_are_made_again() -> None:
    """A state that names files it does not hold is believed as little as one that cannot be read."""
    some = papers(2 * PER_BLOCK, 2)
    before = build(some)
    state = msgspec.msgpack.decode(before.result.state, type=mending_module.State)
    lost = msgspec.structs.replace(state, others=state.others - results_of(before))
    torn = before.result._replace(state=msgspec.msgpack.encode(lost))
    again = build(some, Built(before.papers, before.files, torn))
    assert again.files == before.files
    assert results_of(again) <= {*again.written}


def test_damaged_state_or_shard_means_a_build_from_nothing() -> None:
    """What cannot be read is made again, never believed."""
    some = papers(20)
    before = build(some)
    edited = [*some[:-1], paper(some[-1].facts.id, "改", *some[-1].paragraphs, day="2010-08-20")]
    anew = build(edited).files
    broken = {path: data[:-3] if "/shards/" in path else data for path, data in before.files.items()}
    assert build(edited, Built(before.papers, broken, before.result)).files.keys() == anew.keys()
    torn = before.result._replace(state=before.result.state[:-20])
    assert build(edited, Built(before.papers, before.files, torn)).files == anew


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["edit", "append", "drop", "retitle", "grow", "withhold", "insert"]), st.integers(0, 10_000)
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15)
@given(start=st.integers(0, 14), steps=st.lists(CHANGES, min_size=1, max_size=4), tiny=st.booleans())
def test_mended_index_equals_one_made_anew_after_any_changes(
    start: int, steps: list[list[tuple[str, int]]], tiny: bool
) -> None:
    """Warm equals cold, byte for byte, whatever was edited, added, withheld or dropped."""
    with pytest.MonkeyPatch.context() as patch:
        if tiny:
            shrink(patch)
        current = papers(start, 3)
        built = build(current)
        for step in steps:
            for kind, seed in step:
                current = changed(current, kind, seed)
            built = mended(built, current)


def changed(current: list[Paper], kind: str, seed: int) -> list[Paper]:
    chosen = random.Random(seed)
    if kind == "append" or not current:
        return (
            [*current, paper(f"sfj/policy/z{seed}", "新的", *texts(seed, 3), day="2026-01-02")]
            if all(one.facts.id != f"sfj/policy/z{seed}" for one in current)
            else current
        )
    place = chosen.randrange(len(current))
    old = current[place]
    assert old.facts.item is not None
    day = old.facts.item.date.date().isoformat()
    title, paragraphs, cleared = old.facts.item.title, old.paragraphs, old.facts.item.confidentiality_cleared
    if kind in ("drop", "insert"):
        rest = current[:place] + current[place + 1 :]
        return rest if kind == "drop" else [*rest, paper(old.facts.id, title, *paragraphs, day="2012-02-02")]
    if kind == "edit":
        paragraphs = (*paragraphs[:-1], "".join(texts(seed, 1)))
    elif kind == "grow":
        paragraphs = (*texts(seed, chosen.randrange(1, 30)), *paragraphs)
    elif kind == "retitle":
        title = f"关于{chosen.choice(WORDS)}"
    else:
        cleared = not cleared
    return [*current[:place], paper(old.facts.id, title, *paragraphs, day=day, cleared=cleared), *current[place + 1 :]]
