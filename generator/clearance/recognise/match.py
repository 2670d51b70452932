"""What recognisers take and give. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from generator.clearance.recognise.edits import Edited


class Sign:
    """What a quick look at a text found: a recogniser runs only where its sign stands.

    Plain integers to be joined by ``|``: an ``IntFlag`` costs more than the looks themselves.
    """

    DIGITS: Final = 1
    """A run with seven digits or more."""
    AT: Final = 2
    PLATE: Final = 4
    """A province's character before Latin letters and digits."""
    TRAVEL: Final = 8
    ADDRESS: Final = 16
    BIRTH: Final = 32
    NAMES: Final = 64
    """A word that announces a list of persons."""
    SECRECY: Final = 128
    ALWAYS: Final = 256
    TERMS: Final = 512
    """A literal word of a rule."""


class Cue(NamedTuple):
    """A word that gives a sign, and where it begins."""

    sign: int
    start: int


class Run(NamedTuple):
    """A stretch of Latin letters, digits and what may separate them, folded to ASCII, same length."""

    start: int
    text: str


class Passage(NamedTuple):
    """A text that is looked through as a whole: a source, a field, a file name, an attachment."""

    text: str
    signs: int
    runs: tuple[Run, ...]
    cues: tuple[Cue, ...]
    allowed: frozenset[str]
    """Contacts that units publish themselves: telephone numbers as digits, mail addresses in lower case."""
    name: bool = False
    """The text is the name of a file."""
    read: Read | None = None
    """The same as a reader reads it, where that is other."""

    def lines(self, sign: int) -> Iterator[tuple[int, str]]:
        """Offset and text of each line in which a cue of ``sign`` stands."""
        end = -1
        for cue in self.cues:
            if cue.sign == sign and cue.start > end:
                start = self.text.rfind("\n", 0, cue.start) + 1
                end = self.text.find("\n", cue.start)
                if end < 0:
                    end = len(self.text)
                yield start, self.text[start:end]


class Read(NamedTuple):
    """A text that was written otherwise to be read as people read it."""

    passage: Passage
    edits: tuple[Edited, ...]
    """How it came to be, the first one of the text as it is written."""

    def placed(self, match: Match) -> Match:
        """A match of the passage as one of the text as it is written."""
        start, end = self.span(match.start, match.end)
        return match._replace(start=start, end=end)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text as it is written something stands that is read here."""
        for edit in reversed(self.edits):
            start, end = edit.span(start, end)
        return start, end


class Match(NamedTuple):
    """Something recognised at ``text[start:end]``."""

    start: int
    end: int
    value: str
    """In canonical form, so that spaces or full-width digits make no other match; never shown."""
    masked: str
    """As it may be shown."""
    certain: bool = True
    """False: it looks like one, but a check digit or the context speaks against it; only a warning."""


class Recogniser(NamedTuple):
    """A search, and the sign without which it finds nothing."""

    find: Callable[[Passage], Iterator[Match]]
    sign: int
