"""Sentences for operators, in both languages, from the one catalogue of messages. Pure."""

from __future__ import annotations

from typing import NamedTuple

from generator.messages import message


class Reason(NamedTuple):
    """Why a release is refused: a stable code, and the sentence that says so."""

    code: str
    text: str

    def __str__(self) -> str:
        return f"[{self.code}] {self.text}"


def sentence(code: str, **params: object) -> str:
    """The message of ``code`` in Chinese and English, with what to do about it."""
    texts = message(code)
    filled = {name: str(value) for name, value in params.items()}
    zh, en = texts.text("zh", filled), texts.text("en", filled)
    hint_zh, hint_en = texts.hint("zh", filled), texts.hint("en", filled)
    hints = f"\n    → {hint_zh} {hint_en}" if hint_zh else ""
    return f"{zh} {en}{hints}"


def reason(code: str, **params: object) -> Reason:
    """A ``Reason`` with its sentence."""
    return Reason(code, sentence(code, **params))
