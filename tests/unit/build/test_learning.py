"""generator.build.learning: what is known of the content folder."""

from __future__ import annotations

from generator.build.cache import SourceState
from generator.build.learning import Knowledge
from generator.build.packs import BodyRef
from generator.content.source import SourceTree


def test_a_body_is_fresh_only_where_this_build_wrote_it() -> None:
    """An item that was read and found to be the known one has the record of a build before."""
    states = {
        path: SourceState(b"key", None, (), (), (f"{path}.pack", 3, 200))
        for path in ("written", "read", "not even read")
    }
    knowledge = Knowledge(
        SourceTree((), (), ()),
        {},
        states,
        frozenset({"written"}),
        frozenset({"written", "read"}),
        {"written": b"sizes"},
    )
    assert [knowledge.body_of(path) for path in states] == [
        BodyRef("written.pack", 3, 200, b"sizes"),
        BodyRef("read.pack", 3, 200),
        BodyRef("not even read.pack", 3, 200),
    ]
