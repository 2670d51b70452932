"""generator.build.learned: what workers learn arrives as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime

from generator.build.cache import SourceState
from generator.build.learned import Learned, decode_learned, encode_learned
from generator.diagnostics import diagnostic
from generator.model import SHANGHAI, AttachmentFacts, Finding, Item, ItemFacts, Link


def test_learned_arrives_as_it_was() -> None:
    """Every kind of value, the hour in the cluster's zone, and nothing where the bytes are those already known."""
    item = Item(
        id="sfj/notice/a",
        path="sfj/notice/a.md",
        unit="sfj",
        category="notice",
        slug="a",
        title="通知",
        date=datetime(2026, 11, 1, 9, 30, tzinfo=SHANGHAI),
        updated=datetime(2026, 11, 2, tzinfo=UTC),
        issued=date(2026, 10, 31),
        keywords=("会见",),
        confidentiality_cleared=True,
        extra={"consultation_opens": "2026-11-01"},
        lines="title:2:8",
    )
    facts = ItemFacts(
        id=item.id,
        path=item.path,
        item=item,
        diagnostics=(diagnostic("body-empty", "content/sfj/notice/a.md", 9, severity="warning"),),
        findings=(Finding(rule="mobile", severity="block", path="x", line=1, column=2, masked="1**", digest="0"),),
        attachments=(
            AttachmentFacts(
                name="a.pdf", safe_name="a.pdf", title="", kind="pdf", size=1, sha256="0", published_sha256="1"
            ),
        ),
        links=(Link(kind="item", target="sfj/notice/b", line=3),),
        said_digest=b"\xff" * 16,
    )
    state = SourceState(b"k", (1, 2, 3, 4), (("a.pdf", (1, 2, 3, 4)),), (("a.pdf", "0"),), ("x.pack", 0, 9))
    learned = [Learned(item.path, facts, state), Learned("sfj/notice/b.md", None, state)]
    found = decode_learned(encode_learned(learned))
    assert found == learned
    assert found[0].facts is not None
    assert found[0].facts.item is not None
    assert found[0].facts.item.date.tzinfo is SHANGHAI
