"""What a release says of itself: ids, manifests, lists of digests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.deploy.records import (
    ReleasedFile,
    ReleaseManifest,
    encode_release,
    encode_sums,
    id_time,
    is_id,
    parse_history,
    parse_record,
    parse_release,
    parse_sums,
    release_id,
)
from generator.errors import UsageError

MOMENT = datetime(2026, 3, 2, 1, 2, 3, 999999, tzinfo=UTC)
_NAMES = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1)


def test_release_id_says_second_and_tree() -> None:
    """The id holds the second in UTC and the tree's digest."""
    assert release_id(MOMENT, "abcdef0123" * 6, None) == "20260302T010203Z-abcdef01"
    assert id_time("20260302T010203Z-abcdef01") == MOMENT.replace(microsecond=0)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=20))
def test_release_ids_only_grow(steps: list[int]) -> None:
    """Whatever the clock does, each release is of a later second than the one before."""
    moment, last = MOMENT, release_id(MOMENT, "0" * 64, None)
    for step in steps:
        moment += timedelta(seconds=step)
        name = release_id(moment, "0" * 64, last)
        assert id_time(name) > id_time(last)
        last = name


def test_foreign_id_is_refused() -> None:
    """What is no id is a usage error, not a crash."""
    with pytest.raises(UsageError):
        id_time("latest")


@pytest.mark.parametrize(
    "name", ["latest", "20260302T010203Z", "20260302T010203Z-/../../x-abcdef01", "20260302T010203Z-abcdef0\n"]
)
def test_what_a_stranger_called_a_release_is_none(name: str) -> None:
    """Folders are made of the name, on this machine too."""
    assert not is_id(name)
    assert is_id("20260302T010203Z-abcdef01")


@pytest.mark.parametrize("commit", ["--output=x", "HEAD", "abcdef0\n"])
def test_what_a_stranger_called_a_commit_is_none(commit: str) -> None:
    """Git is asked for it, and would take it for an option."""
    said: list[str] = []
    line = b'{"release":"r","at":"2026-03-02T01:02:03Z","by":"x","commit":%s,"counts":{}}'
    history = line % msgspec.json.encode("0a1b2c3+") + b"\n" + line % msgspec.json.encode(commit) + b"\n"
    assert [entry.commit for entry in parse_history(history, "main", said.append)] == ["0a1b2c3+"]
    assert len(said) == 1
    record = (
        b'{"release":"r","at":"2026-03-02T01:02:03Z","by":"x","commit":"","now":"2026-03-02T01:02:03Z",'
        b'"next_change_at":null,"manifest_sha256":"","items":{},"commits":{"alpha":%s}}'
    )
    assert parse_record(record % b'"0a1b2c3"').commits == {"alpha": "0a1b2c3"}
    with pytest.raises(UsageError):
        parse_record(record % msgspec.json.encode(commit))


@given(st.dictionaries(_NAMES, st.sampled_from(["0" * 64, "f" * 64])))
def test_sums_are_read_as_they_were_written(files: dict[str, str]) -> None:
    """Every path and digest survives, in the form that sha256sum reads."""
    assert parse_sums(encode_sums(files)) == files


def test_manifest_is_read_as_it_was_written() -> None:
    """The public manifest is sorted, one file a line, and complete."""
    files = (ReleasedFile("b", 2, "1" * 64, "2" * 64), ReleasedFile("a", 1, "0" * 64, gone=True))
    manifest = ReleaseManifest(
        release="20260302T010203Z-abcdef01", released_at=MOMENT, manifest_sha256="3" * 64, files=files
    )
    data = encode_release(manifest)
    assert parse_release(data).files == tuple(sorted(files))
    assert len(data.splitlines()) == 4


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff", b'{"format":1'])
def test_damaged_manifest_is_refused(data: bytes) -> None:
    """What is no manifest is a usage error."""
    with pytest.raises(UsageError):
        parse_release(data)
