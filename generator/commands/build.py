"""``build`` and ``check``."""

from __future__ import annotations

import dataclasses
import gc
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from generator.commands.options import build_options, check_unit, report_format, settings_from
from generator.commands.progress import progress_for
from generator.diagnostics import Diagnostic, in_order
from generator.errors import ConfigError, ExitCode, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from generator.build.settings import Settings


def _unit_option(command: Any) -> Any:
    return click.option("--unit", default=None, help="只报告这个单位 report on one unit; the tree is always whole")(
        command
    )


@click.command()
@build_options
@report_format
@_unit_option
@click.option("--timing", is_flag=True, help="列出各阶段用时 time by stage")
@click.option("--no-wait", is_flag=True, help="有别的构建在进行就退出，不等待 fail rather than wait for another build")
@click.option("--explain", default="", metavar="PATH", help="说明某个文件为何重写或沿用 why a file was rebuilt or not")
def build(unit: str | None, timing: bool, no_wait: bool, explain: str, form: str, **options: Any) -> ExitCode:
    """生成整个网站群。Build the whole cluster."""
    from generator.build.pipeline import build as run
    from generator.commands.reporting import write_result

    gc.disable()  # one pass over values that live to its end: collecting would only walk them again and again
    settings = settings_from(options)
    settings = dataclasses.replace(settings, wait=not no_wait, explain=_in_tree(explain, settings.out))
    check_unit(settings, unit)
    with progress_for(form) as progress:
        result = run(settings, progress)
    kept = click.get_current_context().obj
    if kept is not None:
        kept.append(result)
    return write_result(result, settings, form=form, unit=unit, timing=timing, out=settings.out)


def _in_tree(path: str, out: Path) -> str:
    """A path of the tree, however it was typed: from here, from the root of the disk or from that of the tree."""
    within = os.path.relpath(path, out) if path else ""
    return path if within.startswith("..") else within


@click.command()
@build_options
@report_format
@_unit_option
@click.option("--timing", is_flag=True, help="列出各阶段用时 time by stage")
@click.option(
    "--against", default=None, metavar="REF", help="与该提交相比会公开、改动、撤下什么 what merging would change"
)
@click.option(
    "--staged",
    is_flag=False,
    flag_value="HEAD",
    default=None,
    metavar="[REF…]",
    help="只查已暂存的改动 only what is staged; the parents of a merge in one argument",
)
def check(
    unit: str | None, timing: bool, against: str | None, staged: str | None, form: str, **options: Any
) -> ExitCode:
    """检查内容和定义，不写出网站。Say all that a build would say, and write no site."""
    from generator.build.pipeline import check as run
    from generator.commands.reporting import write_result

    if sum((staged is not None, against is not None, unit is not None or timing)) > 1:
        raise UsageError(
            "--staged、--against 只能用一个，也不能和 --unit、--timing 一起用。"
            "Use one of --staged and --against, and neither with --unit or --timing."
        )
    gc.disable()
    settings = settings_from(options)
    check_unit(settings, unit)
    if staged is not None:
        from generator.commands.versions import check_staged

        return check_staged(settings, staged, form)
    if against is not None:
        from generator.commands.versions import check_against

        return check_against(settings, against, form)
    with progress_for(form) as progress:
        result = run(settings, progress)
    result = dataclasses.replace(result, diagnostics=in_order((*result.diagnostics, *_faults_of_release(settings))))
    return write_result(result, settings, form=form, unit=unit, timing=timing, out=None)


def _faults_of_release(settings: Settings) -> Iterator[Diagnostic]:
    """What is wrong with the definitions that a build does not read: a release, or a takedown, is late to find it."""
    from generator.content.definitions import load_cluster
    from generator.deploy.definition import FILE_NAME, load_definition
    from generator.deploy.parts import parts_of
    from generator.deploy.redirects import load_old_addresses

    cluster = load_cluster(settings.sites)
    try:
        if os.path.lexists(settings.sites / FILE_NAME):
            load_definition(settings.sites, parts_of(cluster))
    except ConfigError as error:
        yield from error.diagnostics
    try:
        load_old_addresses(settings.sites, cluster)
    except ConfigError as error:
        yield from error.diagnostics
