"""``due``: whether the site changes by itself about now, so that a timer knows to rebuild and release."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.options import moment


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default="public", help="输出文件夹 output folder"
)
@click.option("--now", "now_text", default=None, help="以此时刻为准 as of")
@click.option("--today", "today_text", default=None, help="以此日零时为准 as of 00:00 of a day")
def due(out: Path, now_text: str | None, today_text: str | None) -> int:
    """是否有条目到了发布或下线的时间：有则退出码 0，没有则 1。Exit 0 when a rebuild is due, 1 when not."""
    from generator.build.manifest import load_manifest

    now = moment(now_text, today_text)
    manifest, _ = load_manifest(out)
    change = manifest.next_change_at
    if change is None:
        click.echo("没有定时发布或下线的条目。Nothing is scheduled.")
        return 1
    if change > now:
        click.echo(f"下一次变化：{change.astimezone(now.tzinfo):%Y-%m-%d %H:%M}。Not due yet.")
        return 1
    click.echo(f"应当重新生成：{change.astimezone(now.tzinfo):%Y-%m-%d %H:%M} 有条目发布或下线。A rebuild is due.")
    return 0
