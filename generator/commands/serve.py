"""``serve``: the live preview."""

from __future__ import annotations

import dataclasses
import webbrowser
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from generator.commands.options import SHANGHAI, build_options, settings_from
from generator.diagnostics import Diagnostic
from generator.errors import ExitCode


@click.command()
@build_options
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="端口，0 为任选 port, 0 for any")
@click.option("--open", "open_browser", is_flag=True, help="在浏览器里打开 open in the browser")
@click.option("--poll/--no-poll", default=None, help="轮询（网络盘自动启用）look for changes rather than be told")
def serve(port: int, open_browser: bool, poll: bool | None, **options: Any) -> ExitCode:
    """边改边看：含未审查内容，仅本机可见。Live preview of all items, on loopback only."""
    from generator.commands.reporting import Places, write_diagnostics
    from generator.serve.ending import ended_by_signals
    from generator.serve.session import Session

    if options["out"] == Path("public"):
        options["out"] = Path("preview")
    fixed = options["now_text"] or options["today_text"]
    settings = dataclasses.replace(settings_from(options), kind="preview", executor="serial")
    places = Places(settings)

    def say(text: str, found: Sequence[Diagnostic]) -> None:
        write_diagnostics(found, places)
        click.echo(text)

    def clock() -> datetime:
        return settings.now if fixed else datetime.now(SHANGHAI).replace(microsecond=0)

    session = Session(settings, clock, port, say, poll)

    def ready() -> None:
        watching = "，轮询变化" if session.polling else ""
        click.secho(f"预览：{session.address} （仅本机，含未审查内容{watching}；Ctrl-C 结束）", bold=True)
        if open_browser:
            webbrowser.open(session.address)

    with ended_by_signals(session.stop):
        session.run(ready)
    click.echo("预览已结束")
    return ExitCode.FINE
