"""generator.clearance.folding: the tables, against their definition read out one character at a time."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from generator.clearance.folding import SEPARATOR, fold, fold_together, plain_table
from generator.clearance.recognise.variants import RADICALS

HAN = "\U00020000"
"""Beyond the first plane, and folded to itself: whatever stands beside it is folded by the table of all planes."""
ALIKE = {ord(one): ord(alike[0]) for alike in ("《〈", "》〉", "-‐‑‒–—―−") for one in alike}
LEFT_OUT = frozenset("\"'“”„‟‘’‚‛「」『』〝〞#*`~|\\_<>＃＊｀～｜＼＿＜＞")
SELECTORS = frozenset((0x034F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
FILLERS = frozenset((0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x2800, 0x3164, 0xFFA0))
FOLDED = (
    (0x0, 0x3400),
    (0xA000, 0xAC00),
    (0xF900, 0x10000),
    (0x1D000, 0x1F800),
    (0x2F800, 0x2FA20),
    (0xE0000, 0xE0200),
)
"""All others stand for themselves."""
EVERY = (*range(0xD800), *range(0xE000, 0x20000), *range(0x2F000, 0x30000), *range(0xE0000, 0xE1000))
"""All code points but most Han beyond the first plane, and what is unassigned or for private use."""


def _alone(character: str) -> int | None:
    """What becomes of one character: a code point, -1 when it is left out, or nothing when it becomes several."""
    code = ord(character)
    plain = unicodedata.normalize("NFKC", character)
    if character in LEFT_OUT:
        return -1
    if code in FILLERS:
        return -1
    if code in ALIKE:
        return ALIKE[code]
    if code in RADICALS:
        return ord(RADICALS[code])
    if not any(first <= code < end for first, end in FOLDED):
        return code
    if len(plain) == 1 and plain.isalpha():
        return ord(plain.lower()) if len(plain.lower()) == 1 else ord(plain)
    if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp") or code in SELECTORS or not plain.strip():
        return -1
    if len(plain) > 1 or unicodedata.combining(character):
        return None
    return -1 if unicodedata.category(character) in ("Me", "Mn") else ord(plain)


def _expected(character: str) -> list[int]:
    code = _alone(character)
    if code is not None:
        return [] if code < 0 else [code]
    written = [(ord(one), _alone(one)) for one in unicodedata.normalize("NFKC", character)]
    return [code for _, code in written if code is not None and code != -1]  # a mark that goes with nothing is not seen


def test_every_character_folds_by_its_definition() -> None:
    """With both tables: that of the first plane, and that of all."""
    for code in EVERY:
        expected = _expected(chr(code))
        assert fold(chr(code)).tolist() == expected, hex(code)
        assert fold(chr(code) + HAN).tolist() == [*expected, ord(HAN)], hex(code)


def test_sieve_is_told_what_is_left_out_and_what_becomes_several() -> None:
    """It folds by the same table, but for these."""
    plain, dropped, hard = plain_table()
    surrogates = range(0xD800, 0xE000)
    alone = [code if code in surrogates else _alone(chr(code)) for code in range(1 << 16)]
    assert dropped.tolist() == [code for code, one in enumerate(alone) if one == -1]
    assert hard.tolist() == [code for code, one in enumerate(alone) if one is None]
    others = [code for code, one in enumerate(alone) if one is not None and one >= 0]
    assert np.array_equal(plain[others], [alone[code] for code in others])


def test_lone_surrogate_stands_for_itself() -> None:
    """It can stand in a file name."""
    assert fold("\ud800甲").tolist() == [0xD800, ord("甲")]


def test_marks_and_fillers_hide_no_text() -> None:
    """What nobody sees, and radicals for characters, as text layers of PDF files have them."""
    plain = fold("马长青的门牌").tolist()
    for between in ("\u0332", "\u20dd", "\u3164", "\u1160", "\ufe0f", "\U000e0041", "\U000e0100", "\u2800"):
        assert fold(between.join("马长青的门牌")).tolist() == plain, hex(ord(between))
    assert fold("⻢⻓⻘的⻔牌").tolist() == plain
    assert fold("e\u0301").tolist() == fold("é").tolist() != fold("e").tolist()


@given(st.lists(st.text(f"会 A…㎡e\u0301가가\u200b\U0002f800𠮷\ud800{SEPARATOR}", max_size=9), max_size=6))
def test_texts_that_are_folded_together_are_folded_as_each_alone(texts: list[str]) -> None:
    """Where one of them is read in a way of its own, as characters that become several are, the others are not."""
    found = fold_together(texts)
    parts = [fold(text).tolist() for text in texts]
    assert found.codes.tolist() == [code for part in parts for code in (*part, ord(SEPARATOR))]
    starts = found.starts.tolist()
    assert len(starts) == len(texts) + 1
    assert [found.codes[start : end - 1].tolist() for start, end in pairwise(starts)] == parts
