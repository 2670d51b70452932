"""Whether words can be seen on their ground, by their colours as six hexadecimal digits. Pure."""

from __future__ import annotations

WHITE = "FFFFFF"
_NEAR = 0x11
"""Colours that differ by no more than this in each part are one to the eye."""


def grey(share: float) -> str:
    """The grey with so much of white."""
    return f"{round(min(max(share, 0.0), 1.0) * 0xFF):02X}" * 3


def is_same(color: str, fill: str | None) -> bool:
    """Whether text of that colour cannot be seen on that ground; grounds that cannot be told are believed."""
    if fill is None or len(color) != 6:
        return False
    ground = WHITE if fill.lower() in {"", "auto"} else fill
    try:
        return all(abs(int(color[at : at + 2], 16) - int(ground[at : at + 2], 16)) <= _NEAR for at in (0, 2, 4))
    except ValueError:
        return False
