"""The command line: one lazily loaded module per command, and the only error boundary."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from generator.errors import ExitCode, GeneratorError

COMMANDS: dict[str, tuple[str, str]] = {
    # name on the command line → ("module in generator.commands:click command", one line of help)
    "build": ("build:build", "生成整个网站群"),
    "check": ("build:check", "只检查，不写出"),
}


class LazyGroup(click.Group):
    """Imports a command's module only when it is typed, so that start-up stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command = getattr(import_module(f"generator.commands.{module}"), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令 Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """明堂 Mingtang：政务公开网站群的静态生成器。"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; every failure becomes a sentence and an exit status here."""
    try:
        result = commands.main(arguments, prog_name="python -m generator", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        return ExitCode.INTERRUPTED
    except GeneratorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return int(result or 0)
