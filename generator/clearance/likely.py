"""Where in a source something most likely stands that is found only as the source is shown. Pure."""

from __future__ import annotations

from generator.clearance.recognise.lazily import Lazily

_WORDS = Lazily(r"[\u4e00-\u9fffA-Za-z]{2,16}")
_BEFORE, _BEHIND = 400, 40
"""Characters about a match that help to find its line."""
_WORK = 2_000_000
"""Looks for a word in a line, of about a tenth of a microsecond: a thousand matches in a text of a hundred lines."""
_LOOK = 32
"""Characters of a line that are looked through as quickly as a look begins."""


class Lines:
    """The lines of a body; once the work is done, matches stand at its first line."""

    def __init__(self, body: str) -> None:
        self._lines = body.split("\n")
        self._looks = len(self._lines) + len(body) // _LOOK
        self._left = _WORK
        self._known: dict[str, int] = {}

    def line_of(self, shown: str, start: int, end: int) -> int:
        """The line, from 0, in which the most words stand that stand about a match in the same block."""
        near = max(0, start - _BEFORE)
        begin = max(near, shown.rfind("\n\n", near, start) + 1)
        block = shown[begin : end + _BEHIND].partition("\n\n")[0]
        if block not in self._known:
            self._known[block] = self._line_of(_WORDS.findall(block))
        return self._known[block]

    def _line_of(self, words: list[str]) -> int:
        work = len(words) * self._looks
        if not words or work > self._left:
            return 0
        self._left -= work
        best, most = 0, 0
        for number, line in enumerate(self._lines):
            found = sum(map(line.__contains__, words))
            if found > most:
                best, most = number, found
        return best
