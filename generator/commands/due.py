"""``due``: whether the site changes by itself about now, so that a timer knows to rebuild. Effects: stdout."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.commands.options import folder_options, moment
from generator.errors import UsageError


@click.command()
@folder_options("--out", "--content", "--sites", "--state")
@click.option("--target", "targets", multiple=True, help="只看这个发布目标 one target; default all")
@click.option("--now", "now_text", default=None, help="以此时刻为准 as of")
@click.option("--today", "today_text", default=None, help="以此日零时为准 as of 00:00 of a day")
def due(
    out: Path,
    content: Path,
    sites: Path,
    state: Path | None,
    targets: tuple[str, ...],
    now_text: str | None,
    today_text: str | None,
) -> int:
    """到时间了吗：该重新生成和发布则退出码 0，不用则 1。Exit 0 when a rebuild is due, 1 when not."""
    from generator.build.settings import private_folder
    from generator.deploy.remembered import load_moments

    now = moment(now_text, today_text)
    if targets:  # of a misspelt one nothing would ever be due
        from generator.commands.deploy import load_definitions
        from generator.deploy.request import named_targets

        named_targets(load_definitions(sites)[1], targets)
    state = state or private_folder(out, content) / "state"
    served = load_moments(state)
    moments = [change for name, change in served.items() if not targets or name in targets]
    built = _built(out, state, served=bool(moments))
    if built is None:
        click.echo(f"应当重新生成：{out} 里没有做完的构建。A rebuild is due: the tree is unfinished.")
        return 0
    change = min((one for one in (*moments, *built) if one is not None), default=None)
    if change is None:
        click.echo("没有定时发布或下线的条目。Nothing is scheduled.")
        return 1
    if change > now:
        click.echo(f"下一次变化：{change.astimezone(now.tzinfo):%Y-%m-%d %H:%M}。Not due yet.")
        return 1
    click.echo(f"应当重新生成：{change.astimezone(now.tzinfo):%Y-%m-%d %H:%M} 有条目发布或下线。A rebuild is due.")
    return 0


def _built(out: Path, state: Path, *, served: bool) -> tuple[datetime | None, ...] | None:
    """When the built tree changes; ``None`` for an unfinished one, nothing where only what is served is there."""
    from generator.build.manifest import load_manifest
    from generator.build.outputs import marker_kind
    from generator.build.report import load_head

    try:
        manifest, _ = load_manifest(out)
    except UsageError:
        if marker_kind(out) == "release":
            return None
        if served and not out.exists():
            return ()
        raise
    try:
        return (manifest.next_change_at, load_head(state)[0].next_clearance_at)
    except UsageError:  # a tree that lies here without its report: what it says itself is all that is known
        return (manifest.next_change_at,)
