"""Bytes to text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.content.decoding import _SUSPECT, Decoded, _is_usual, decode, place, steers


def decoded(raw: bytes) -> Decoded:
    return decode(raw, "x.md", limit=1_000_000)


def test_plain_utf8_is_text_without_remarks() -> None:
    """The common case reports nothing and changes nothing."""
    assert decoded("明堂\n　　第一条\t。\n".encode()) == Decoded("明堂\n　　第一条\t。\n")


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_foreign_encodings_are_still_read_for_the_audit(encoding: str) -> None:
    """A withheld item's text is known, so that the leak audit can look for it."""
    text = "---\ntitle: 关于会见时间的通知\n---\n\n第一条 为了规范会见，制定本办法。\n"
    found = decoded(text.encode(encoding))
    assert found.text == text
    assert found.faulty
    assert not found.readable


def test_crlf_is_only_a_warning() -> None:
    """Windows line ends become LF; columns stay."""
    found = decoded("甲\r\n乙\r\n".encode())
    assert found.text == "甲\n乙\n"
    assert not found.faulty
    assert [(one.code, one.line, one.column) for one in found.diagnostics] == [("line-ends-crlf", 1, 3)]


def test_each_kind_of_character_is_reported_once_with_its_count() -> None:
    """A thousand control characters make one message."""
    found = decoded(("a\x07" * 1000 + "\u202e" * 3).encode())
    assert [(one.code, dict(one.params)["count"]) for one in found.diagnostics] == [
        ("character-control", "1000"),
        ("character-direction", "3"),
    ]


@pytest.mark.parametrize(
    "point", [0x00, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0x2028, 0x2029, 0x202E, 0x2066, 0x206A, 0xFFF9, 0xFFFE, 0xE0031]
)
def test_steering_characters_are_faults(point: int) -> None:
    """What a reader does not see, or sees elsewhere, makes the text faulty."""
    assert decoded(f"a{chr(point)}b".encode()).faulty
    assert steers(chr(point))


@pytest.mark.parametrize(
    "point", [0xAD, 0x34F, 0x1160, 0x180B, 0x200B, 0x2065, 0x2800, 0x3164, 0xFE00, 0xFFA0, 0xE0100]
)
def test_characters_that_are_not_seen_are_warned_of(point: int) -> None:
    """They may have a use, and hide words from searches."""
    found = decoded(f"甲{chr(point)}乙".encode())
    assert [(one.code, one.severity) for one in found.diagnostics] == [("character-invisible", "warning")]
    assert not steers(chr(point))


@pytest.mark.parametrize("text", ["　　", "“”…—·", "①㎡％", "𠮷", "👮", "☎\ufe0f", "é", "\t", "〔2024〕"])
def test_ordinary_characters_are_no_faults(text: str) -> None:
    """Chinese punctuation, full-width blanks, rare Han and pictures pass."""
    assert decoded(text.encode()).diagnostics == ()
    assert not steers(text)


def test_nothing_suspect_is_usual() -> None:
    """What is not searched for suspect characters can hold none."""
    usual = [chr(code) for code in range(0x110000) if _is_usual(chr(code))]
    assert len(usual) > 28_000
    assert _SUSPECT.search("".join(usual)) is None


def test_too_long_a_file_is_cut_at_a_line() -> None:
    """Beyond the limit nothing is read, and the cut makes no second fault."""
    found = decode("字\n".encode() * 100, "x.md", limit=50)
    assert [one.code for one in found.diagnostics] == ["file-too-large"]
    assert found.text == "字\n" * 12


def test_place_counts_lines_and_characters() -> None:
    """The character behind the second line break is on line 3, column 1."""
    assert place("甲\n乙丙\n丁", 0) == (1, 1)
    assert place("甲\n乙丙\n丁", 3) == (2, 2)
    assert place("甲\n乙丙\n丁", 5) == (3, 1)


@given(st.binary(max_size=300))
def test_any_bytes_give_text(raw: bytes) -> None:
    """No bytes raise; text that is not faulty is what was written."""
    found = decoded(raw)
    if not found.faulty:
        assert found.text == raw.decode().replace("\r\n", "\n")
    assert found.readable or found.faulty


def test_deep_quotations_and_underlined_headings_are_no_conflict() -> None:
    """Only what git leaves, at the beginning of a line."""
    text = "题目\n=======\n\n>>>>>>>引用\n>>>>>>>> 八层\n\n见 <<<<<<< 处\n"
    assert not decode(text.encode(), "a.md", limit=1000).diagnostics
