"""generator.build.shared: a handle finds its value wherever it is unpacked."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from generator.build import shared
from generator.build.fs import FileSystem
from generator.build.shared import OtherCode, Shared


def test_a_handle_may_be_sent_on(tmp_path: Path) -> None:
    """A scheduler unpacks a task and packs it again for the worker."""
    made = Shared(FileSystem(), tmp_path, {"a": 1})
    sent: Shared[dict[str, int]] = pickle.loads(pickle.dumps(made))
    again: Shared[dict[str, int]] = pickle.loads(pickle.dumps(sent))
    assert again.get() == {"a": 1}
    assert again == made


def test_a_value_lies_on_disk_for_its_owner_alone_and_only_when_it_was_sent(tmp_path: Path) -> None:
    """What needs no worker writes no file."""
    made = Shared(FileSystem(), tmp_path, "withheld text")
    assert list(tmp_path.iterdir()) == []
    pickle.dumps(made)
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]


def test_a_worker_of_other_code_is_told_of_before_it_does_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who joins a cluster while a build goes on was not asked when it began."""
    handle = pickle.dumps(Shared(FileSystem(), tmp_path, 1))
    monkeypatch.setattr(shared, "code_digest", lambda: "other")
    with pytest.raises(OtherCode, match="不是同一版本"):
        pickle.loads(handle).get()
