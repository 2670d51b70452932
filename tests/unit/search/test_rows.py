"""Rows: parted, sorted and joined in bulk they are what grouping them one by one gives."""

from __future__ import annotations

import errno
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.search.folding import folding
from generator.search.postings import ATTACHMENTS, BODY, SHORT, ItemPostings, WordPostings
from generator.search.presence import Presence, key_of
from generator.search.rows import BUCKETS, HEADS, Buckets, WordRows, batches, bucket_of, join_rows, read_bucket
from generator.search.shards import Postings

KEYS = [0x3005 << 16, 0x4E00 << 16 | 0x4E01, HEADS[0] << 16, HEADS[7] << 16 | 0x9FFF, 0xFFFF << 16 | 0xFFFF]
WORDS = ["", "2016", "a", "abc", "zz", "\U00020000\U00020001"]
Row = tuple[int | str, int, int, int]
"""Term, document, segment, count."""


@st.composite
def items(draw: st.DrawFn) -> list[tuple[int, ItemPostings]]:
    """Items by ascending number, with pairs of Han and words, in few segments or in very many."""
    made = []
    for number in sorted(draw(st.sets(st.sampled_from([0, 1, 2, 70_000, (1 << 29) - 1]), max_size=4))):
        passages = draw(st.sampled_from([1, 3, 250, 65_000]))
        segment = st.integers(0, SHORT - 1) | st.integers(SHORT, SHORT + passages - 1)
        count = st.integers(1, 3) | st.just(0xFFFF)
        han = sorted(draw(st.dictionaries(st.tuples(st.sampled_from(KEYS), segment), count, max_size=12)).items())
        words = sorted(draw(st.dictionaries(st.tuples(st.sampled_from(WORDS), segment), count, max_size=6)).items())
        wide = max([0, *(one for (_, one), _ in han), *(one for _, one in han)]) > 255
        narrow = np.uint16 if wide else np.uint8
        strings = sorted({word for (word, _), _ in words})
        made.append(
            (
                number,
                ItemPostings(
                    passages,
                    draw(st.integers(0, passages)),
                    b"",
                    (),
                    np.array([key for (key, _), _ in han], np.uint32),
                    np.array([one for (_, one), _ in han], narrow),  # type: ignore[arg-type]
                    np.array([one for _, one in han], narrow),  # type: ignore[arg-type]
                    WordPostings(
                        strings,
                        np.array([strings.index(word) for (word, _), _ in words], np.uint16),
                        np.array([one for (_, one), _ in words], np.uint16),
                        np.array([one for _, one in words], np.uint16),
                    ),
                ),
            )
        )
    return made


def han_rows(given_: list[tuple[int, ItemPostings]]) -> list[Row]:
    """One by one."""
    return [
        (key, number, segment, count)
        for number, item in given_
        for key, segment, count in zip(item.keys.tolist(), item.segments.tolist(), item.counts.tolist(), strict=True)
    ]


def word_rows(given_: list[tuple[int, ItemPostings]]) -> list[Row]:
    """One by one."""
    return [
        (item.words.strings[place], number, segment, count)
        for number, item in given_
        for place, segment, count in zip(*(column.tolist() for column in item.words[1:]), strict=True)
    ]


def grouped(rows: list[Row], of_body: dict[int, int]) -> list[list[Any]]:
    """The postings of rows, as columns."""

    def field(row: Row) -> int:
        return row[2] if row[2] < SHORT else BODY if row[2] - SHORT < of_body[row[1]] else ATTACHMENTS

    ordered = sorted(rows, key=lambda row: (row[0], field(row), row[1], row[2]))
    found = [
        (*head, sum(row[3] for row in held), [row[2] - SHORT for row in held] if head[1] >= BODY else [])
        for head, held in (
            (head, list(held)) for head, held in groupby(ordered, lambda row: (row[0], field(row), row[1]))
        )
    ]
    columns = [list(column) for column in zip(*found, strict=True)] or [[], [], [], [], []]
    return [*columns[:4], [len(places) for places in columns[4]], [one for places in columns[4] for one in places]]


def columns_of(parts: list[Postings], strings: tuple[str, ...] = ()) -> list[list[Any]]:
    """The same of what was made in bulk."""
    columns = [[value for part in parts for value in part[number].tolist()] for number in range(6)]
    return [[strings[term] for term in columns[0]], *columns[1:]] if strings else columns


@given(items(), st.integers(1, 9))
def test_batches_are_what_grouping_gives(given_: list[tuple[int, ItemPostings]], size: int) -> None:
    """Terms, fields, documents, frequencies and passages, cut between terms only."""
    dense = {number: place for place, (number, _) in enumerate(given_)}
    placed = [(dense[number], item) for number, item in given_]
    of_body = np.array([item.of_body for _, item in given_], np.int32)
    known = dict(enumerate(of_body.tolist()))
    parts = [*batches(join_rows(placed), of_body, size)]
    assert columns_of(parts) == grouped(han_rows(placed), known)
    assert all(part.terms[0] > before.terms[-1] for before, part in pairwise(parts))
    assert all(len(set(part.terms[:-1].tolist())) <= size for part in parts)
    words = WordRows()
    for number, item in placed:
        words.add(number, item)
    found = words.sorted()
    assert list(found.strings) == sorted({str(row[0]) for row in word_rows(placed)})
    assert columns_of([*batches(found.rows, of_body, size)], found.strings) == grouped(word_rows(placed), known)


@given(given_=items())
def test_buckets_part_rows_by_their_first_character(
    tmp_path_factory: pytest.TempPathFactory, given_: list[tuple[int, ItemPostings]]
) -> None:
    """Every row lies in its bucket, in the order in which it came; nothing is left afterwards."""
    folder = tmp_path_factory.mktemp("spill")
    with Buckets(folder) as buckets:
        for number, item in given_:
            buckets.add(number, item)
        parted = [read_bucket(path) for path in buckets.parted()]
    found = [
        [
            (key, value >> 32, value >> 16 & 0xFFFF, value & 0xFFFF)
            for key, value in zip(rows.keys.tolist(), rows.values.tolist(), strict=True)
        ]
        for rows in parted
    ]
    wanted = [[row for row in han_rows(given_) if bucket_of(int(row[0])) == bucket] for bucket in range(BUCKETS)]
    assert found == wanted
    assert not [*Path(folder).iterdir()]


@given(st.sets(st.sampled_from(["公开", "隐私", "三", "龥龥", "一一", "word"])), st.data())
def test_wanted_terms_are_found_where_they_stand(wanted: set[str], data: st.DataObject) -> None:
    """First, last, between, or not at all."""
    table = folding()
    keys = {term: key for term in ("公开", "隐私", "三", "龥龥", "一一", "一", "人民") if (key := key_of(term, table))}
    there = data.draw(st.sets(st.sampled_from(sorted(keys))))
    terms = np.repeat(np.array(sorted(keys[term] for term in there), np.uint32), 2)
    none = np.zeros(0, np.int32)
    presence = Presence(frozenset(wanted), table)
    presence.note(Postings(terms, none.astype(np.uint8), none, none, none, none))
    assert presence.found == wanted & there


def test_a_disk_that_is_full_is_told_of_with_the_file(tmp_path: Path) -> None:
    """Which of several disks it is, an operator can tell by that alone."""
    for number in range(BUCKETS):
        for column in ("keys", "values"):
            (tmp_path / f"rows-{number}.{column}").symlink_to("/dev/full")
    none, once = np.zeros(0, np.uint16), np.ones(1, np.uint16)
    words = WordPostings([], none, none, none)
    one = ItemPostings(1, 0, b"", (), np.array(KEYS[:1], np.uint32), once, once, words)
    with Buckets(tmp_path) as buckets:
        buckets.add(0, one)
        with pytest.raises(OSError, match="rows-") as refused:
            buckets.parted()
    assert refused.value.errno == errno.ENOSPC
