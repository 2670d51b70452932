"""What inspectors take and give. Pure."""

from __future__ import annotations

import hashlib
import io
import re
from bisect import bisect_left
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

if TYPE_CHECKING:
    from typing_extensions import Buffer


_LINE_END = re.compile("\n")


class Limits(Struct, frozen=True, kw_only=True):
    """Bounds within which a file is inspected; beyond them it is refused. Sizes in bytes."""

    file: int = 200 << 20
    expanded: int = 256 << 20
    """All members of an archive, nested ones included, once unpacked."""
    member: int = 64 << 20
    xml: int = 24 << 20
    """One XML part."""
    steps: int = 7_200_000
    """Of reading the XML of one document, each about a quarter of a microsecond, whatever its bytes."""
    all_steps: int = 72_000_000
    """The same of all documents in an archive."""
    members: int = 2_000
    depth: int = 3
    """Archives within archives."""
    ratio: int = 200
    """Unpacked to packed, for members over a megabyte."""
    page: int = 12 << 20
    """What paints one page of a PDF, unpacked."""
    painted: int = 100_000
    """Forms that one page paints, those within forms counted as often as they are painted."""
    pages: int = 500
    compared: int = 80
    """Pages of a PDF (of A4; larger ones count as several) that are painted to compare text and page; with more to
    compare a person must read it."""
    pixels: int = 60_000_000
    """Of one image."""
    text: int = 1_250_000
    """What it takes to look through all text (``recognise.weigh``): prose of six million characters, or the numbers
    and dates of 50,000 rows."""
    hits: int = 5_000
    """Of the negative list: who publishes so many has published a register."""


class Hidden(NamedTuple):
    """Something that the published page would not show, named by its rule."""

    rule: str
    place: str = ""
    severity: str = "block"


class Segment(NamedTuple):
    """A stretch of readable text and how its places are called.

    ``place`` names the whole (``p3`` a page); with ``lines`` the line's number is added
    (``s2r14``: sheet 2, row 14).
    """

    text: str
    place: str = ""
    lines: tuple[int, ...] | None = None
    shown: bool = True
    """False: it is looked through, but is no part of the file's text: field codes, numbers in a binary file."""
    name: bool = False
    """The text is the name of a file."""
    removed: bool = False
    """It is left out of what is published: what is found in it only warns, but for marks of secrecy."""

    def places(self) -> Callable[[int], str]:
        """What gives the place of the character at an offset; thousands may be asked for."""
        place, lines = self.place, self.lines
        if lines is None:
            return lambda _: place
        ends = [found.start() for found in _LINE_END.finditer(self.text)]

        def place_of(offset: int) -> str:
            row = bisect_left(ends, offset)
            return f"{place}{lines[row] if lines else row + 1}"

        return place_of


class Contents(Struct, kw_only=True):
    """What one file holds: collected while it is read."""

    segments: list[Segment] = []
    hidden: list[Hidden] = []
    removable: set[str] = set()
    """What is left out on the way: ``author`` ``properties`` ``thumbnail`` ``exif`` ``gps`` ``revisions`` …"""
    readable: bool = True
    """False: not all of it could be read as text."""
    width: int = 0
    height: int = 0
    noted: set[Hidden] = set()

    def hide(self, rule: str, place: str = "", severity: str = "block") -> None:
        """Note a hidden thing once for each place."""
        one = Hidden(rule, place, severity)
        if one not in self.noted:
            self.noted.add(one)
            self.hidden.append(one)

    def say(
        self,
        text: str,
        place: str = "",
        lines: tuple[int, ...] | None = None,
        *,
        shown: bool = True,
        name: bool = False,
        removed: bool = False,
    ) -> None:
        """Note text that is to be looked through."""
        if text.strip():
            self.segments.append(Segment(text, place, lines, shown, name, removed))

    def take(self, inner: Contents, place: str) -> None:
        """Add what a member of this file holds."""
        self.hidden += [Hidden(one.rule, f"{place}{one.place}", one.severity) for one in inner.hidden]
        self.segments += [one._replace(place=f"{place}{one.place}") for one in inner.segments]
        self.removable |= inner.removable
        self.readable = self.readable and inner.readable


class Counter(io.BytesIO):
    """A sink that keeps only the digest and the length of what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: Buffer, /) -> int:
        block = bytes(data)
        self.digest.update(block)
        self.size += len(block)
        return len(block)

    def tell(self) -> int:
        return self.size


class Refused(Exception):
    """The file is not inspected further; carries the rule and the place."""

    def __init__(self, rule: str, place: str = "") -> None:
        super().__init__(rule)
        self.rule = rule
        self.place = place


class Budget:
    """How much may still be unpacked, over all levels of nesting. Mutable while one file is inspected."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._bytes = limits.expanded
        self._members = limits.members
        self._steps = limits.all_steps

    def spend(self, size: int, place: str = "") -> None:
        """Account for ``size`` unpacked bytes; raises ``Refused`` when there are too many."""
        self._bytes -= size
        if self._bytes < 0:
            raise Refused("attachment-refused-bomb", place)

    def enter(self, members: int) -> None:
        """Account for the members of one more archive."""
        self._members -= members
        if self._members < 0:
            raise Refused("attachment-refused-bomb")

    def step(self, steps: int) -> None:
        """Account for reading XML; raises ``Refused`` when there is too much of it."""
        self._steps -= steps
        if self._steps < 0:
            raise Refused("attachment-refused-large")


class Allowance:
    """How much XML may still be read of one document. Mutable while it is inspected."""

    def __init__(self, budget: Budget) -> None:
        self.limits = budget.limits
        self._budget = budget
        self._steps = budget.limits.steps

    def step(self, steps: int) -> None:
        """As ``Budget.step``, of this document and of the file that it stands in."""
        self._budget.step(steps)
        self._steps -= steps
        if self._steps < 0:
            raise Refused("attachment-refused-large")
