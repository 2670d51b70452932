"""Every sentence that deploy says has a text, and gets the values that its text speaks of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import generator.deploy
from generator.messages import message
from generator.messages.deploy import MESSAGES

SOURCES = sorted(Path(next(iter(generator.deploy.__path__))).glob("*.py"))
COMMANDS = Path(next(iter(generator.deploy.__path__))).parent / "commands" / "deploy.py"


def said() -> Iterator[tuple[str, set[str]]]:
    """Code and parameter names of every call of ``reason`` and ``sentence`` with a literal code."""
    for path in (*SOURCES, COMMANDS):
        calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
        for call in calls:
            named = isinstance(call.func, ast.Name) and call.func.id in ("reason", "sentence")
            if named and call.args and isinstance(call.args[0], ast.Constant):
                yield str(call.args[0].value), {str(keyword.arg) for keyword in call.keywords}


def test_every_sentence_gets_its_values() -> None:
    """No text speaks of a value that its caller does not give."""
    for code, given in said():
        texts = message(code)
        named = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
        assert named <= given, code


def test_every_text_is_used() -> None:
    """A message that nobody says is removed."""
    text = "".join(path.read_text("utf-8") for path in (*SOURCES, COMMANDS))
    assert [code for code in MESSAGES if f'"{code}"' not in text] == []
