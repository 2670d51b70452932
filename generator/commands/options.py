"""Options that several commands share, and the ``Settings`` they make. Effects: reads the clock, once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.build.settings import Settings, private_folder
from generator.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one time without daylight saving since 1991; the cluster's zone is checked to be this one."""


_MOST_JOBS = 1024
_YEARS = range(1900, 2200)
"""Those of dates in front matter."""
_is_executor = re.compile(r"serial|processes|dask://[^\s/]+:[0-9]{1,5}").fullmatch


def _executor(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Refused before anything is done: a build with little to do asks for no workers, and would not find out."""
    if not _is_executor(value):
        raise UsageError(f"不认识的执行器 unknown executor: {value} (serial, processes, dask://HOST:PORT)")
    return value


_FOLDERS = {
    "--content": ("content", "内容文件夹 content folder"),
    "--sites": ("sites", "站点定义 definitions"),
    "--themes": ("themes", "主题 themes"),
    "--out": ("public", "输出文件夹 output folder"),
    "--cache": (None, "缓存文件夹 cache folder"),
    "--state": (None, "构建记录文件夹 folder of reports and trail"),
}
"""Option → default and help."""


def folder_options(*names: str) -> Callable[[F], F]:
    """The folders of these options."""

    def add(command: F) -> F:
        for name in reversed(names):
            default, text = _FOLDERS[name]
            place = click.Path(path_type=Path, file_okay=False)
            command = click.option(name, type=place, default=default, help=text)(command)
        return command

    return add


def all_folders(command: F) -> F:
    """``--content --sites --themes --out --cache --state``."""
    return folder_options(*_FOLDERS)(command)


def report_format(command: F) -> F:
    """``--format``, for a command that can say what it found as JSON."""
    choice = click.Choice(["text", "json"])
    return click.option("--format", "form", type=choice, default="text", help="报告格式 form of the report")(command)


def build_options(command: F) -> F:
    """``--content --sites --themes --out --cache --state --jobs --executor --now --today``."""
    for option in reversed(
        (
            all_folders,
            click.option(
                "--jobs", type=click.IntRange(0, _MOST_JOBS), default=0, help="并行进程数，0 为全部核心 workers"
            ),
            click.option(
                "--executor", default="processes", callback=_executor, help="serial | processes | dask://HOST:PORT"
            ),
            click.option("--now", "now_text", default=None, help="以此时刻为准 as of, 2026-11-24T09:00[+08:00]"),
            click.option("--today", "today_text", default=None, help="以此日零时（北京时间）为准 as of 00:00 of a day"),
        )
    ):
        command = option(command)
    return command


def settings_from(options: dict[str, Any]) -> Settings:
    """The settings that the shared options give; raises ``UsageError`` for folders and times that do not fit."""
    content, out = options["content"], options["out"]
    for name in ("content", "sites", "themes"):
        if not options[name].is_dir():
            raise UsageError(f"没有这个文件夹：{options[name]}（--{name}）。No such folder.")
    private = private_folder(out, content)
    settings = Settings(
        content=content,
        sites=options["sites"],
        themes=options["themes"],
        out=out,
        cache=options["cache"] or private / "cache",
        state=options["state"] or private / "state",
        now=moment(options["now_text"], options["today_text"]),
        executor=options["executor"],
        jobs=options["jobs"],
    )
    _refuse_nested(settings)
    return settings


def _refuse_nested(settings: Settings) -> None:
    """Nothing made may lie where content or definitions are read, nor what is kept where strangers are deleted.

    What editors write is no less a stranger to the tree that is built.
    """
    read = {"--content": settings.content, "--sites": settings.sites, "--themes": settings.themes}
    kept = {"--cache": settings.cache, "--state": settings.state}
    definitions = {
        name: folder for name, folder in read.items() if name != "--content"
    }  # content has its hidden folders
    refused = (({"--out": settings.out}, read), (kept, definitions), (kept | read, {"--out": settings.out}))
    for inner, around in refused:
        for (name, folder), (other, outer) in product(inner.items(), around.items()):
            if folder.resolve().is_relative_to(outer.resolve()):
                raise UsageError(f"{name} 不能放在 {other} 里面：{folder}。{name} may not lie within {other}.")


def moment(now_text: str | None, today_text: str | None) -> datetime:
    """The "now" of a command: given, or the clock's, to the second, in Asia/Shanghai."""
    if now_text and today_text:
        raise UsageError("--now 和 --today 只能写一个。Give --now or --today, not both.")
    if not now_text and not today_text:
        return datetime.now(SHANGHAI).replace(microsecond=0)
    try:
        if today_text:
            found = datetime.strptime(today_text, "%Y-%m-%d").replace(tzinfo=SHANGHAI)
        else:
            parsed = datetime.fromisoformat(str(now_text))
            found = parsed.replace(tzinfo=SHANGHAI) if parsed.tzinfo is None else parsed.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        example = "2026-11-24" if today_text else "2026-11-24T09:00"
        raise UsageError(f"时间写法不对：{now_text or today_text}，例如 {example}。Not a time.") from None
    if found.year not in _YEARS:
        raise UsageError(f"年份不在 {_YEARS.start} 至 {_YEARS.stop - 1} 之间：{found.year}。Not a year of ours.")
    return found


def check_unit(settings: Settings, unit: str | None) -> None:
    """Raise ``UsageError`` for a unit that the cluster does not have."""
    if unit is not None and not (settings.sites / "units" / f"{unit}.yml").is_file():
        known = "、".join(sorted(path.stem for path in (settings.sites / "units").glob("*.yml")))
        raise UsageError(f"没有这个单位：{unit}。已有：{known}。No such unit.")
