"""``mask``: propose masked text for an item, or write it. Effects: the content folder, with ``--write``."""

from __future__ import annotations

import difflib
import stat
from typing import TYPE_CHECKING, Any

import click

from generator.commands.options import build_options, settings_from
from generator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("item")
@build_options
@click.option("--name", "names", multiple=True, help="要隐去的姓名，可写多次 a name to mask, repeatable")
@click.option("--landlines", is_flag=True, help="固定电话也遮盖 mask landline numbers too")
@click.option("--write", is_flag=True, help="写回文件，不写则只显示差别 write the file; else only show the difference")
def mask(item: str, names: tuple[str, ...], landlines: bool, write: bool, **options: Any) -> ExitCode:
    """遮盖条目中的个人信息：电话 138****1234，身份证 35*************123，姓名 王某某，地址到街道。

    Propose masked text: telephone, identity and card numbers, addresses, names in lists.
    """
    from generator.authoring.desk import open_desk
    from generator.clearance.masking import mask_source

    settings = settings_from(options)
    desk = open_desk(settings)
    source = desk.source(item)
    path = settings.content / source.path
    text, line_end = _read(path)
    facts, _ = desk.read(source)
    masking = mask_source(
        text,
        desk.rules.plan(source.unit, source.category),
        desk.rules.allowed,
        exemptions=facts.item.exemptions if facts.item else (),
        names=names,
        landlines=landlines,
        findings=facts.findings,
    )
    if write:
        data = masking.text.replace("\n", line_end).encode("utf-8")
        settings.fs.write(path, data, mode=stat.S_IMODE(path.stat().st_mode), durable=True)
    else:
        for line in difflib.unified_diff(
            text.splitlines(), masking.text.splitlines(), str(path), str(path), lineterm="", n=1
        ):
            click.echo(line)
    _say(masking.replaced, masking.left, write)
    return ExitCode.FINE


def _read(path: Path) -> tuple[str, str]:
    """The text with LF line ends, and the line end to write it with."""
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"读不出 {path}，请先存为 UTF-8。Cannot be read as UTF-8.") from error
    return text.replace("\r\n", "\n"), "\r\n" if "\r\n" in text else "\n"


def _say(replaced: dict[str, int], left: dict[str, int], written: bool) -> None:
    """What was done, and what a person must still judge, on the error stream, so that a diff can be piped."""
    done = "、".join(f"{rule} {number}" for rule, number in sorted(replaced.items())) or "无 nothing"
    verb = "已遮盖 masked" if written else "建议遮盖 proposed"
    click.echo(f"{verb}：{done}", err=True)
    if left:
        rest = "、".join(f"{rule} {number}" for rule, number in sorted(left.items()))
        click.echo(f"未动、请人工核对 left for you to judge：{rest}", err=True)
    if "secrecy-mark" in left:
        click.echo(
            "涉密标志不能靠删改解决：请立即停止处理并报告保密部门。Report secrecy marks; do not remove them.", err=True
        )
    if replaced and written:
        click.echo(
            "内容已改动，原有保密审查记录失效，请重新审查。The clearance record is void: clear it again.", err=True
        )
