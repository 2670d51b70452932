"""What messages and manuals tell people to type can be typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from generator.cli import COMMANDS, commands
from tests.conftest import REPOSITORY

TEXTS = sorted(
    path.relative_to(REPOSITORY).as_posix()
    for pattern in ("generator/**/*.py", "docs/*.md", "README.md", "Makefile")
    for path in REPOSITORY.glob(pattern)
)
_TYPED = re.compile(r"python -m generator ([a-z]+)((?:[^`\n；。）\"\\]|\\\n)*)")


def _options(command: click.Command) -> set[str]:
    found = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            part = command.get_command(click.Context(command), name)
            found |= _options(part) if part else set()
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_that_is_named_exists(name: str) -> None:
    """With its options."""
    text = (REPOSITORY / name).read_text("utf-8")
    for command, rest in _TYPED.findall(text):
        assert command in COMMANDS
        found = commands.get_command(click.Context(commands), command)
        assert found is not None
        assert set(re.findall(r"(?<=\s)--[a-z-]+", rest)) <= _options(found), command


def _commands(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for part in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), part)
            assert found is not None
            yield from _commands(found, f"{name} {part}".strip())


def test_help_explains_every_command_and_option() -> None:
    """Whoever asks a command for help is told what each of its options is for."""
    silent = [
        f"{name} {option.opts[0]}"
        for name, command in _commands(commands)
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []
    assert [name for name, command in _commands(commands) if not command.help] == []
