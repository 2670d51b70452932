"""Contrast and legible variants of colours."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.render.colour import LEGIBLE, contrast, is_colour, lifted, text_on

_COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21; #767676 is the lightest grey that passes AA on white."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#ffffff", "#767676") == contrast("#767676", "#ffffff")


@given(_COLOURS, st.sampled_from(["#ffffff", "#16181b"]))
def test_text_on_an_accepted_accent_is_legible(colour: str, surface: str) -> None:
    """An accent that passes on paper or on the dark surface also carries text."""
    assume(contrast(colour, surface) >= LEGIBLE)
    assert contrast(text_on(colour), colour) >= LEGIBLE


@given(_COLOURS)
def test_lifted_colour_is_legible_on_the_dark_surface(colour: str) -> None:
    """Any accent has a variant for dark mode."""
    assert contrast(lifted(colour, "#16181b"), "#16181b") >= LEGIBLE


@pytest.mark.parametrize("text", ["", "a61b1b", "#a61b1", "#a61b1b0", "red", "#a61b1g", "#a61b1b;}"])
def test_only_six_hexadecimal_digits_are_a_colour(text: str) -> None:
    """Nothing else can get into a style sheet."""
    assert not is_colour(text)
