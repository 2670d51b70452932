"""The folding table, against its definition read out one character at a time."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from generator.search.folding import COMPLEX, HAN, WORD, Folding, folding, unfolded_exceptions


@pytest.fixture(scope="module")
def table() -> Folding:
    return folding()


def test_words_are_the_letters_and_digits_of_unicode(table: Folding) -> None:
    """Below Han and beyond: categories L and N, and no other character."""
    within = {code for first, last in table.word_ranges for code in range(first, last + 1)}
    for code in (*range(0x3400), *range(0xA000, 0xD800), *range(0xF900, 0x20000), *range(0xE0000, 0xE01F0)):
        assert (code in within) == (unicodedata.category(chr(code))[0] in "LN"), hex(code)


def test_every_character_folds_as_it_would_alone(table: Folding) -> None:
    """Compatibility forms become plain, letters lose case and marks, what cannot be seen vanishes."""
    kinds = table.kind
    for code in (*range(0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x20000), *range(0xE0000, 0xE01F0)):
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).lower())
        kept = "".join(one for one in plain if unicodedata.category(one) not in ("Mn", "Me", "Cf"))
        folded = table.fold(chr(code))
        if any(unicodedata.category(one)[0] in "LN" or one in "()[]" for one in kept) or len(kept) < 2:
            # Traditional Han become simplified on the way.
            assert folded == "".join(table.fold(one) for one in kept), hex(code)
        else:
            assert folded == " "
        assert all(kinds[ord(one)] in (WORD, HAN) or unicodedata.category(one)[0] not in "LN" for one in folded)


def test_traditional_characters_become_simplified(table: Folding) -> None:
    """One character for one."""
    assert table.fold("國務院辦公廳㈠Ａé\u200b") == "国务院办公厅(一)ae"


def test_exceptions_are_the_characters_of_gb2312_that_fold(table: Folding) -> None:
    """A text without any of them needs no table in the browser."""
    exceptions = unfolded_exceptions(table)
    assert list(exceptions) == sorted(set(exceptions))
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            character = bytes((high, low)).decode("gb2312", "ignore")
            assert (character in exceptions) == (table.fold(character) != character) or not character


def test_kind_is_known_before_folding(table: Folding) -> None:
    """That of what a character becomes; and nothing becomes what is looked up in ``several``."""
    simple = table.kind != COMPLEX
    assert np.array_equal(table.kind[table.single[simple]], table.kind[simple])
    assert all(table.kind[ord(one)] != COMPLEX for target in table.several.values() for one in target)
