"""Numbers of clearance records and withdrawals that no two branches give alike. Pure.

Two people who work on branches of their own both take the next number, and what they file is immutable: after the
merge nobody could part them. So a number that a command gives ends in letters drawn from all that it numbers.
"""

from __future__ import annotations

import hashlib
import re

from generator.clearance.evidence import Evidence
from generator.errors import UsageError

_LETTERS = "bcdfghjkmnpqrstvwxyz"
"""No digit, by which the later of two numbers is told; no vowel, by which letters become words; no ``l``."""
_LENGTH = 6
_COUNT = re.compile("[0-9]{1,18}")


def marked(number: str, raw: bytes) -> str:
    """The number with letters behind it that tell what it numbers: ``jyglj-2026-0042-kqzvmb``.

    ``raw`` is the file as it would be under the plain number.
    """
    rest = int.from_bytes(hashlib.sha256(raw).digest())
    letters = ""
    for _ in range(_LENGTH):
        rest, one = divmod(rest, len(_LETTERS))
        letters += _LETTERS[one]
    return f"{number}-{letters}"


def serial(number: str, stem: str) -> int:
    """The count in a number of that stem, with letters behind it or without, as earlier ones are; 0 for any other."""
    count, _, letters = number.removeprefix(stem).partition("-")
    ours = number.startswith(stem) and _COUNT.fullmatch(count) and set(letters) <= set(_LETTERS)
    return int(count) if ours else 0


def check_free(number: str | None, unit: str, evidence: Evidence) -> None:
    """Raise ``UsageError`` for a number that somebody gives although another file of the unit bears it."""
    taken = [(one.item, one.number, one.path) for of_item in evidence.records.values() for one in of_item]
    taken += [(one.item, one.number, one.path) for one in evidence.withdrawals]
    for item, theirs, path in taken:
        if theirs == number and item.partition("/")[0] == unit:
            raise UsageError(
                f"编号 {number} 已用于 {path}。不写 --number，就自动编号。This number is taken: leave out --number."
            )
