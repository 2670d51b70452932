"""What an item's page shows of the item itself."""

from __future__ import annotations

import pytest

from generator.render.article import citation, file_size


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KB"),
        (57_000, "56 KB"),
        (1024 * 1024, "1.0 MB"),
        (1_300_000, "1.2 MB"),
    ],
)
def test_size_of_a_file_is_for_readers(size: int, shown: str) -> None:
    """In the unit in which it is a small number."""
    assert file_size(size) == shown


def test_title_within_a_title_is_cited_in_single_marks() -> None:
    """GB/T 15834: marks within marks of the same kind become single."""
    assert citation("关于《办法》的解读", "示例市司法局", "2026-05-06", "https://x.example/a.html") == (
        "示例市司法局：《关于〈办法〉的解读》，2026-05-06，https://x.example/a.html"
    )
