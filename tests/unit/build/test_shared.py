"""generator.build.shared: a handle finds its value wherever it is unpacked."""

from __future__ import annotations

import pickle
from pathlib import Path

from generator.build.fs import FileSystem
from generator.build.shared import Shared


def test_a_handle_may_be_sent_on(tmp_path: Path) -> None:
    """A scheduler unpacks a task and packs it again for the worker."""
    shared = Shared(FileSystem(), tmp_path, {"a": 1})
    sent: Shared[dict[str, int]] = pickle.loads(pickle.dumps(shared))
    again: Shared[dict[str, int]] = pickle.loads(pickle.dumps(sent))
    assert again.get() == {"a": 1}
    assert again == shared


def test_a_value_lies_on_disk_for_its_owner_alone_and_only_when_it_was_sent(tmp_path: Path) -> None:
    """What needs no worker writes no file."""
    shared = Shared(FileSystem(), tmp_path, "withheld text")
    assert list(tmp_path.iterdir()) == []
    pickle.dumps(shared)
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]
