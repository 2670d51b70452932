"""The files that an item names in its front matter and in its body."""

from __future__ import annotations

import time

from generator.build.references import name_files
from generator.model import Link
from tests.unit.clearance.clearance_makers import make_item
from tests.unit.content.content_makers import make_source


def test_files_are_named_once_and_by_their_true_names() -> None:
    """However often and in whatever form a body names them; what is not there is told at each place."""
    source = make_source("e\u0301.pdf", "b.png")
    links = [
        Link(kind="file", target="\u00e9.pdf", line=1, column=1),
        Link(kind="item", target="sfj/policy/x", line=2, column=1),
        Link(kind="image", target="b.png", line=3, column=1),
        Link(kind="file", target="\u00e9.pdf", line=4, column=1),
        Link(kind="file", target="B.png", line=5, column=1),
        Link(kind="image", target="c.png", line=6, column=1),
    ]
    found = name_files(make_item(), source, links)
    assert [one.name for one in found.refs] == ["e\u0301.pdf", "b.png"]
    assert [one.target for one in found.links] == ["e\u0301.pdf", "sfj/policy/x", "b.png", "e\u0301.pdf", "", ""]
    assert [(one.code, one.line) for one in found.diagnostics] == [("attachment-letters", 5), ("attachment-missing", 6)]


def test_many_links_to_many_files_are_not_compared_one_by_one() -> None:
    """A body of a million characters names files some ten thousand times; that is no reason to wait for minutes."""
    source = make_source(*(f"{number}.pdf" for number in range(2000)))
    links = [Link(kind="file", target=f"{number % 3000}.pdf", line=number, column=1) for number in range(90_000)]
    began = time.process_time()
    found = name_files(make_item(), source, links)
    assert time.process_time() - began < 5
    assert (len(found.refs), len(found.diagnostics)) == (2000, 30_000)
