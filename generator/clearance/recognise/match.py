"""What recognisers take and give. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntFlag
from typing import NamedTuple


class Sign(IntFlag):
    """What a quick look at a text found: a recogniser runs only where its sign stands."""

    DIGITS = 1
    """A run with seven digits or more."""
    AT = 2
    PLATE = 4
    """A province's character before Latin letters and digits."""
    TRAVEL = 8
    ADDRESS = 16
    BIRTH = 32
    NAMES = 64
    """A word that announces a list of persons."""
    SECRECY = 128
    ALWAYS = 256


class Cue(NamedTuple):
    """A word that gives a sign, and where it begins."""

    sign: Sign
    start: int


class Run(NamedTuple):
    """A stretch of Latin letters, digits and what may separate them, folded to ASCII, same length."""

    start: int
    text: str


class Passage(NamedTuple):
    """A text that is looked through as a whole: a source, a field, a file name, an attachment."""

    text: str
    signs: Sign
    runs: tuple[Run, ...]
    cues: tuple[Cue, ...]
    allowed: frozenset[str]
    """Contacts that units publish themselves: telephone numbers as digits, mail addresses in lower case."""
    name: bool = False
    """The text is the name of a file."""

    def lines(self, sign: Sign) -> Iterator[tuple[int, str]]:
        """Offset and text of each line in which a cue of ``sign`` stands."""
        end = -1
        for cue in self.cues:
            if cue.sign is sign and cue.start > end:
                start = self.text.rfind("\n", 0, cue.start) + 1
                end = self.text.find("\n", cue.start)
                if end < 0:
                    end = len(self.text)
                yield start, self.text[start:end]


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
    sign: Sign
