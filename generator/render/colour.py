"""Colours as ``#rrggbb`` → contrast (WCAG 2.2, 1.4.3) and legible variants. Pure."""

from __future__ import annotations

import re

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LEGIBLE = 4.5
"""The least contrast of text at AA."""


def is_colour(text: str) -> bool:
    """Whether the text is ``#rrggbb``."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(accent: str) -> str:
    """White or near-black, whichever is more legible on the colour."""
    return max(("#ffffff", "#16181b"), key=lambda text: contrast(text, accent))


def lifted(accent: str, *surfaces: str) -> str:
    """The colour mixed with white until it is legible on every dark surface."""
    channels = _channels(accent)
    for step in range(0, 101, 5):
        mixed = "#" + "".join(f"{round(value + (255 - value) * step / 100):02x}" for value in channels)
        if all(contrast(mixed, surface) >= LEGIBLE for surface in surfaces):
            return mixed
    return "#ffffff"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
