"""generator.serve.events: what open pages are told."""

from __future__ import annotations

from generator.diagnostics import diagnostic
from generator.serve.events import Board, Fault, News, faults_of

FAULT = Fault("content/a.md:1", "error", "有误", "改正")


def test_pages_are_told_errors_only() -> None:
    """With the place, as far as it is known; a warning covers no page that is fine."""
    found = (
        diagnostic("encoding-bom", "content/sfj/policy/a.md", 1, 1),
        diagnostic("evidence-deleted", "content/sfj/_withdrawn/a.yml"),
        diagnostic("encoding-gbk", "content/sfj/policy/b.md", 1, severity="warning"),
    )
    assert [one.place for one in faults_of(found)] == ["content/sfj/policy/a.md:1:1", "content/sfj/_withdrawn/a.yml"]


def test_who_comes_later_hears_what_stands_and_at_which_version() -> None:
    """Not what changed before: its page was served since."""
    board = Board()
    with board.listening() as first:
        assert first.get(timeout=1) == News()
        board.post(News(("a.html",), (FAULT,)))
        assert first.get(timeout=1) == News(("a.html",), (FAULT,), 1)
        with board.listening() as second:
            assert second.get(timeout=1) == News((), (FAULT,), 1)
        board.post(News())
        assert first.get(timeout=1) == News(version=2)
        assert second.empty()


def test_nobody_waits_for_news_of_a_preview_that_is_over() -> None:
    """Neither who listens already nor who comes then."""
    board = Board()
    with board.listening() as first:
        assert first.get(timeout=1) is not None
        board.close()
        assert first.get(timeout=1) is None
    with board.listening() as second:
        assert second.get(timeout=1) is None
