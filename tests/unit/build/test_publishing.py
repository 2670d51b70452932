"""generator.build.publishing: what the preview says of items that must not leave."""

from __future__ import annotations

from generator.build.publishing import WATERMARKS
from generator.commands.reporting import VERDICTS
from generator.model import Verdict


def test_every_reason_to_withhold_has_a_watermark_of_its_own() -> None:
    """An editor who had an item cleared is not told that it was not: the reason is another, and its own."""
    reasons = {*Verdict} - {Verdict.PUBLISHED}
    assert WATERMARKS.keys() == reasons
    assert all(VERDICTS[verdict] in WATERMARKS[verdict] for verdict in reasons)
    assert len({*WATERMARKS.values()}) == len(reasons)
