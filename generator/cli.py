"""The command line: one lazily loaded module per command, and the only error boundary."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise

import click

from generator.errors import ConfigError, ExitCode, GeneratorError, say_system_error

COMMANDS: dict[str, tuple[str, str]] = {
    # name on the command line → ("module in generator.commands:click command", one line of help)
    "build": ("build:build", "生成整个网站群"),
    "check": ("build:check", "只检查，不写出"),
    "clear": ("clear:clear", "保密审查：显示、登记、签名、台账"),
    "withdraw": ("withdraw:withdraw", "撤回一个条目"),
    "takedown": ("withdraw:takedown", "紧急下架：撤回、生成、发布一次完成"),
    "explain": ("explain:explain", "为什么（没有）公开，出现在哪里"),
    "mask": ("mask:mask", "遮盖条目中的个人信息"),
    "hooks": ("hooks:hooks", "安装提交前检查"),
    "search": ("search:search", "在终端里搜索，核对检索库，衡量搜索质量"),
    "serve": ("serve:serve", "边改边看（仅本机）"),
    "due": ("due:due", "到时间了吗：有没有该发布或下线的条目"),
    "deploy": ("deploy:deploy", "发布、退回、核对"),
    "releases": ("deploy:releases", "已发布的版本"),
    "verify": ("deploy:verify", "用公钥核对网站是否被改动"),
    "archive": ("deploy:archive", "一个单位的离线网站 zip"),
    "keys": ("deploy:keys", "签名用的密钥"),
    "webserver": ("deploy:webserver", "网页服务器的设置"),
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


def main(arguments: list[str] | None = None, kept: list[object] | None = None) -> int:
    """Run one command; every failure becomes a sentence and an exit status here, and nowhere else.

    ``kept`` takes what the command leaves, for a caller who ends without taking it apart.
    """
    typed = sys.argv[1:] if arguments is None else arguments
    try:
        result = commands.main(typed, prog_name="python -m generator", standalone_mode=False, obj=kept)
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        return ExitCode.INTERRUPTED
    except ConfigError as error:
        _write_faults(error, typed)
        return error.exit_code
    except GeneratorError as error:
        click.secho(str(error), fg="red", err=True)
        return error.exit_code
    except SystemExit:  # click's way to end where nobody reads any more
        click.secho("输出没有人读了，停在这里，可能没有做完。Nobody reads the output: stopped.", fg="red", err=True)
        return ExitCode.INTERRUPTED
    except OSError as error:
        click.secho(say_system_error(error), fg="red", err=True)
        return ExitCode.USAGE
    except Exception:
        _write_bug()
        return ExitCode.BUG
    return int(result or 0)


def _write_faults(error: ConfigError, typed: Sequence[str]) -> None:
    """Every configuration fault, in the form that was asked for, with the folders that were typed."""
    from generator.diagnostics import as_data

    def place(path: str) -> str:
        root, _, rest = path.partition("/")
        folder = _option(typed, f"--{root}") or root
        return f"{folder}/{rest}" if rest else folder

    if _option(typed, "--format") == "json":
        click.echo(json.dumps({"diagnostics": [as_data(one, place(one.path)) for one in error.diagnostics]}))
        return
    for one in error.diagnostics:
        click.secho(one.format(path=place(one.path)), fg="red", err=True)
    click.secho(f"设置有 {len(error.diagnostics)} 处错误，没有写出任何文件", fg="red", err=True)


def _option(typed: Sequence[str], name: str) -> str | None:
    """What was typed for an option, in one word or in two; of several the last, as click has it."""
    found = None
    for word, following in pairwise([*typed, ""]):
        if word == name:
            found = following
        elif word.startswith(f"{name}="):
            found = word.partition("=")[2]
    return found


def _write_bug() -> None:
    """Our own bug: keep the traceback where it can be sent in, out of the editor's way."""
    import tempfile
    import traceback

    try:
        handle, name = tempfile.mkstemp(prefix="mingtang-bug-", suffix=".log")
        with open(handle, "w", encoding="utf-8") as file:
            traceback.print_exc(file=file)
    except OSError:  # as on a full disk
        click.echo(traceback.format_exc(), err=True)
        name = "↑"
    click.secho(f"程序内部错误，不是内容的问题。请把这个文件交给维护人员：{name}", fg="red", err=True)
    click.secho(f"This is a bug of ours; its traceback is in {name}", fg="red", err=True)
