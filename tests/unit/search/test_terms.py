"""The terms of an index are those of the items in it, whatever was built or mended: what the audit relies on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.search import terms as terms_module
from generator.search.folding import folding
from generator.search.names import content_name, shard_path
from generator.search.postings import short_texts
from generator.search.terms import TermSet, file_terms, index_terms, item_terms
from generator.search.tokens import tokens
from tests.search_support import Built, Paper, build, paper

TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("法律援助监狱会见〔2016〕13号第五十四条年 abc１Ａ\U00020000\U0003104f監獄朱鹮々〇。，\n"),
    ),
    max_size=60,
)
PAPER = st.tuples(TEXT, st.lists(TEXT, max_size=3), TEXT, st.lists(TEXT, max_size=2), st.booleans())


def made(number: int, said: tuple[str, list[str], str, list[str], bool]) -> Paper:
    title, paragraphs, document_number, attachments, cleared = said
    return paper(
        f"sfj/policy/n{number}",
        title or "无题",
        *paragraphs,
        document_number=document_number,
        keywords=tuple(paragraphs[:1]),
        attachments=[(f"f{at}.txt", text) for at, text in enumerate(attachments)],
        cleared=cleared,
    )


def terms_of(papers: list[Paper]) -> TermSet:
    """The terms of the cleared ones."""
    cleared = [one for one in papers if one.facts.item is not None and one.facts.item.confidentiality_cleared]
    return TermSet.union(item_terms(one.postings) for one in cleared)


def of(built: Built) -> TermSet:
    return index_terms(built.files.items(), folding())


@settings(max_examples=60)
@given(states=st.lists(st.lists(PAPER, max_size=6), min_size=1, max_size=3))
def test_terms_of_an_index_are_those_of_its_cleared_items(
    states: list[list[tuple[str, list[str], str, list[str], bool]]],
) -> None:
    """No term more and none less, built from nothing and mended; words of withheld items are not among them."""
    papers = [[made(number, one) for number, one in enumerate(state)] for state in states]
    built = build(papers[0])
    assert of(built).strings() == terms_of(papers[0]).strings()
    for _, after in pairwise(papers):
        built = build(after, built)
        assert of(built).strings() == terms_of(after).strings()
        assert of(built).minus(terms_of(after)) == ()


@given(said=PAPER)
def test_terms_of_an_item_are_its_tokens(said: tuple[str, list[str], str, list[str], bool]) -> None:
    """Whatever the definition of a token finds in title, number, keywords, summary, text and attachments."""
    one = made(1, said)
    assert one.facts.item is not None
    texts = [*short_texts(one.facts.item), "\n".join(one.paragraphs)]
    texts += [text for _, text in one.attachments]
    found = item_terms(one.postings).strings()
    # Passages are lines of stripped text: a reference that goes over the end of one is none.
    lines = [line.strip() for text in texts for line in text.split("\n")]
    assert {token for line in lines for token in tokens(line, folding()) if line.isprintable()} <= found


PUBLIC = paper("sfj/policy/a", "公开", "服刑人员abc")
SECRET = paper("sfj/policy/b", "朱鹮", "朱鹮行动zhuhuan", document_number="密发〔2026〕77号")


def test_file_that_should_not_be_there_is_seen() -> None:
    """A shard, a page, a result or a thesaurus of withheld words is reported even when nothing refers to it."""
    clean, dirty = build([PUBLIC]), build([PUBLIC, SECRET], thesaurus=(("鸟", ("朱鹮行动",)),))
    allowed = terms_of([PUBLIC])
    assert of(clean).minus(allowed) == ()
    for kind, word in (
        ("search/shards/", "zhuhuan"),
        ("search/results/", "朱鹮"),
        ("search/thesaurus-", "行动"),
        ("search/shards/", "#2026-77"),
    ):
        extra = {path: data for path, data in dirty.files.items() if path.startswith(kind)}
        found = index_terms((clean.files | extra).items(), folding()).minus(allowed)
        assert word in found, kind


def test_first_terms_of_the_directory_are_terms_too() -> None:
    """Pages and root name the first term of each shard: a withheld one is reported there as well."""
    allowed = terms_of([PUBLIC])
    only_secret = build([SECRET])
    for kind in ("search/pages/", "search/root-"):
        found = [item for item in only_secret.files.items() if item[0].startswith(kind)]
        assert index_terms(found, folding()).minus(allowed) != ()


def test_lay_words_and_texts_are_no_terms() -> None:
    """The lay words of the thesaurus come from the definitions, texts are audited as texts."""
    built = build([PUBLIC], thesaurus=(("蹲大牢", ("服刑",)),))
    assert "蹲大".encode() in b"".join(built.files.values())
    assert "蹲大" not in of(built).strings()
    texts = [item for item in built.files.items() if item[0].startswith("search/text/")]
    assert texts
    assert index_terms([*texts, ("sfj/index.html", b"abc")], folding()).strings() == frozenset()


def test_damaged_file_is_named() -> None:
    """What cannot be read is no proof of anything."""
    built = build([PUBLIC])
    path = next(path for path in built.files if path.startswith("search/shards/"))
    with pytest.raises(ValueError, match=path):
        index_terms([(path, built.files[path][:-1])], folding())
    with pytest.raises(ValueError, match="search/results/x"):
        index_terms([("search/results/x.json", b"[[1]]")], folding())
    assert shard_path(content_name(built.files[path])) == path


@settings(max_examples=20)
@given(said=st.lists(PAPER, min_size=1, max_size=6), spoilt=st.none() | st.integers(0))
def test_files_together_are_what_they_are_one_by_one(
    said: list[tuple[str, list[str], str, list[str], bool]], spoilt: int | None
) -> None:
    """Each file has the terms that it has alone; if one is damaged that is told of all, and of itself alone."""
    files = [*build([made(number, one) for number, one in enumerate(said)]).files.items()]
    if spoilt is not None:
        number = spoilt % len(files)
        files[number] = files[number][0], files[number][1][:-1]
    alone: dict[str, TermSet | None] = {}
    for path, data in files:
        try:
            alone[path] = index_terms([(path, data)], folding())
        except ValueError:
            alone[path] = None
    if None in alone.values():
        with pytest.raises(ValueError, match=next(path for path, terms in alone.items() if terms is None)):
            file_terms(files, folding())
        return
    found = file_terms(files, folding())
    parts = np.split(found.pairs.keys, np.cumsum(found.pairs.counts)[:-1]) if found.shards else []
    of_shards = (
        (path, TermSet.of([keys.astype(np.uint32)], ())) for path, keys in zip(found.shards, parts, strict=True)
    )
    together = {path: terms.strings() for path, terms in (*of_shards, *found.others)}
    assert together == {path: terms.strings() for path, terms in alone.items() if terms is not None}


def test_item_of_another_format_is_refused() -> None:
    """Postings that cannot be read raise, so that nothing is allowed by them."""
    with pytest.raises(ValueError, match="format"):
        item_terms(b"\xff" * 80)


@given(st.lists(st.lists(st.integers(0, 50), max_size=8), max_size=6))
def test_union_holds_every_term_once_however_much_waits(parts: list[list[int]]) -> None:
    """Taking together bit by bit gives what taking together at once gives."""
    sets = [TermSet.of([np.array(part, np.uint32)], map(str, part)) for part in parts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terms_module, "_JOINED", 3)
        union = TermSet.union(sets)
    expected = sorted({one for part in parts for one in part})
    assert union.keys.tolist() == expected
    assert union.words == frozenset(map(str, expected))
    assert TermSet.union([]).minus(union) == ()
