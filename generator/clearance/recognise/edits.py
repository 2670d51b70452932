"""A text with stretches of it written otherwise, and where in the first text a stretch of the second stands. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Change(NamedTuple):
    """What is to stand in the place of ``text[start:end]``."""

    start: int
    end: int
    written: str


class Edited(NamedTuple):
    """A text after some changes."""

    text: str
    begins: Sequence[int]
    """Where its pieces begin."""
    pieces: Sequence[tuple[int, int, bool]]
    """Where each stands in the text before, and whether each character of it stands for one there."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text before the stretch stands that is not empty in this one, with what was taken out behind."""
        first = bisect_right(self.begins, start) - 1
        last = bisect_left(self.begins, end) - 1
        before, _, same = self.pieces[first]
        begin = before + start - self.begins[first] if same else before
        before, after, same = self.pieces[last]
        stop = before + end - self.begins[last] if same else after
        for before, after, _ in self.pieces[last + 1 : bisect_right(self.begins, end) - 1]:
            stop = after if before == stop else stop
        return begin, stop


def edited(text: str, changes: Iterable[Change]) -> Edited | None:
    """The text after changes that are in order and do not overlap; ``None`` if there are none.

    A text may have a million of them, nearly all of one character for another: those part no pieces.
    """
    written: list[str] = []
    begins: list[int] = []
    pieces: list[tuple[int, int, bool]] = []
    size = kept = at = 0
    for change in changes:
        written += text[at : change.start], change.written
        at = change.end
        if len(change.written) == change.end - change.start == 1:
            continue
        for start, end, length, even in (
            (kept, change.start, change.start - kept, True),
            (change.start, change.end, len(change.written), False),
        ):
            if start < end:
                begins.append(size)
                pieces.append((start, end, even))
                size += length
        kept = change.end
    if not written:
        return None
    if kept < len(text):
        begins.append(size)
        pieces.append((kept, len(text), True))
    written.append(text[at:])
    return Edited("".join(written), begins, pieces)


def stretches(places: Iterable[int], beside: int) -> Iterator[tuple[int, int]]:
    """The stretches of a text that lie about ordered places, joined where they meet."""
    start, end = 0, 0
    for place in places:
        if place - beside > end:
            if end:
                yield start, end
            start = place - beside
        end = place + beside
    if end:
        yield start, end
