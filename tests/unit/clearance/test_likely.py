"""Where in a source a match most likely stands, and that looking for it has an end."""

from __future__ import annotations

import pytest

from generator.clearance import likely
from generator.clearance.likely import Lines

BODY = "各单位：\n\n现将办案经过公告如下。\n联系**张科长**，另见附件。\n"


def test_line_with_the_most_words_of_the_block_is_meant() -> None:
    """Only what stands in the block of the match, and about it, says which line it is."""
    shown = "各单位：\n\n现将 公告如下。 联系 张科长 另见附件"
    assert Lines(BODY).line_of(shown, shown.index("张"), len(shown)) == 3
    assert Lines(BODY).line_of(shown, 0, 2) == 0
    far = f"现将办案经过公告如下{'，' * 500}附件"
    assert Lines("附件\n现将办案经过公告如下").line_of(far, 0, 4) == 1
    assert Lines("附件\n现将办案经过公告如下").line_of(far, len(far) - 2, len(far)) == 0


def test_no_more_work_is_done_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand lines of marks are a thousand matches with a thousand lines to look through for each."""
    monkeypatch.setattr(likely, "_WORK", 10)
    lines = Lines("甲乙\n丙丁\n戊己")
    assert [lines.line_of(word, 0, 2) for word in ("丙丁", "戊己", "甲乙", "丁丙")] == [1, 2, 0, 0]
    assert lines.line_of("乙丙", 0, 2) == 0
    assert lines.line_of("丙丁", 0, 2) == 1


def test_matches_without_end_cost_no_more() -> None:
    """That many took minutes, as each looked through all lines for all words before it."""
    body = "机密★1年\n" * 20_000
    lines = Lines(body)
    assert {lines.line_of(body, at, at + 5) for at in range(0, len(body), 6)} <= {0}
