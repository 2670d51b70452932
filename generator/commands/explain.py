"""``explain``: why is this (not) published, and where does it appear. Effects: stdout."""

from __future__ import annotations

from typing import Any

import click

from generator.commands.options import build_options, settings_from
from generator.errors import ExitCode, UsageError


@click.command()
@click.argument("item")
@build_options
def explain(item: str, **options: Any) -> ExitCode:
    """说明一个条目为什么（没有）公开、出现在哪里。Why an item is (not) published, and where it appears."""
    from generator.authoring import explaining
    from generator.authoring.desk import item_id_of, meant
    from generator.build.pipeline import check
    from generator.build.report import load_report
    from generator.clearance.trail import TRAIL_NAME, parse_trail
    from generator.content.definitions import load_cluster

    settings = settings_from(options)
    item_id = item_id_of(item, settings.content)
    result = check(settings)
    assert result.screening is not None  # a check always screens
    try:
        report = load_report(settings.state)
    except UsageError:
        report = None
    cluster = load_cluster(settings.sites)
    gone = result.screening.evidence.withdrawals
    trail = settings.state / TRAIL_NAME
    past = [*explaining.history(item_id, parse_trail(settings.fs.read(trail)))] if trail.is_file() else []
    if not (past or explaining.is_known(item_id, result.screening, result.diagnostics, report)):
        hint = meant(item_id, explaining.present(result.screening))
        raise UsageError(
            f"内容中没有 {item_id}，也没有过。{hint}条目写作 单位/类别/短名，或者写它的文件。"
            "No such item, and none is known to have been."
        )
    for line in explaining.explain(item_id, result.screening, result.diagnostics, report, gone):
        click.echo(line)
    known = report.items.get(item_id) if report else None
    if known is not None and known.files:
        unit = next((one for one in cluster.units if one.id == item_id.partition("/")[0]), None)
        hosts = {cluster.base_url, (unit.host if unit else None) or cluster.base_url}
        click.echo("出现在 appears in：")
        for path in known.files:
            click.echo(f"  {path}")
        for path in explaining.mentions(settings.out, f"{item_id}.html", hosts):
            click.echo(f"  {path}（链接 links to it）")
    if past:
        click.echo("\n".join(["经过 history：", *past]))
    return ExitCode.FINE
