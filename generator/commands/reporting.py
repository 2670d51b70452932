"""What build and check say: diagnostics with the folders that were typed, and a summary. Effects: stdout."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import msgspec

from generator.build.result import BuildResult
from generator.build.settings import Settings
from generator.diagnostics import Diagnostic, as_data
from generator.errors import ExitCode

VERDICTS = {
    "uncleared": "未经保密审查",
    "faulty": "写法有误",
    "scheduled": "未到发布时间",
    "expired": "已过期",
    "audience": "不面向社会公众",
    "blocked": "负面清单或附件检查不通过",
    "no-record": "缺保密审查记录",
    "void": "审查后又改动",
    "refused": "审查结论为不公开",
    "group": "同组件未全部审查",
    "withdrawn": "已撤回",
}
"""One line each, in the order in which the summary shows them."""

STAGES = {
    "compare": "比对",
    "inputs": "读取设置",
    "parse": "读取内容",
    "arrange": "审查与编排",
    "render": "生成页面",
    "index": "建立检索",
    "prune": "清理",
    "audit": "泄漏核查",
    "finish": "收尾",
}


class Places:
    """Shows logical paths (``content/…``) as the folders that the user typed."""

    def __init__(self, settings: Settings) -> None:
        self._roots = {"content": settings.content, "sites": settings.sites, "themes": settings.themes}

    def show(self, path: str) -> str:
        """The path that an editor can open."""
        root, _, rest = path.partition("/")
        folder = self._roots.get(root)
        return path if folder is None else str(folder / rest)


def write_diagnostics(found: Iterable[Diagnostic], places: Places) -> None:
    """One line each; a terminal gets colour."""
    for one in found:
        text = one.format(path=places.show(one.path))
        click.secho(text, fg="red" if one.severity == "error" else "yellow")


def of_unit(found: Sequence[Diagnostic], unit: str | None) -> list[Diagnostic]:
    """The diagnostics of one unit, and those of no unit: configuration faults concern everybody."""
    if unit is None:
        return list(found)
    return [one for one in found if not one.path.startswith("content/") or one.path.startswith(f"content/{unit}/")]


def write_result(
    result: BuildResult, settings: Settings, *, form: str, unit: str | None, timing: bool, out: Path | None
) -> ExitCode:
    """Say what a build or a check found; gives the exit status."""
    shown = of_unit(result.diagnostics, unit)
    places = Places(settings)
    if form == "json":
        _write_json(result, shown, places)
    else:
        write_diagnostics(shown, places)
        _write_summary(result, shown, unit, out)
        if result.reason and settings.explain:
            click.echo(result.reason)
        elif settings.explain in result.deleted:
            click.echo(f"{settings.explain} 已删除：不再属于这个网站 (deleted: no longer part of the tree)")
        elif settings.explain:
            click.echo(f"{settings.explain} 不在这次的网站里 (not part of the tree)")
        if timing:
            total = sum(result.seconds.values())
            for stage, seconds in result.seconds.items():
                click.echo(f"  {STAGES.get(stage, stage)}  {seconds:.3f} 秒")
            click.echo(f"  合计  {total:.3f} 秒")
    return ExitCode.CONTENT_FAULTS if result.faults else ExitCode.FINE


def _write_json(result: BuildResult, shown: Sequence[Diagnostic], places: Places) -> None:
    data = {
        "diagnostics": [as_data(one, places.show(one.path)) for one in shown],
        "summary": {
            "published": result.published,
            "withheld": dict(sorted(result.withheld.items())),
            "written": len(result.written),
            "kept": result.kept,
            "deleted": len(result.deleted),
            "read": result.read,
            "faults": result.faults,
            "leaks": len(result.leaks),
            "next_change_at": result.report.next_change_at if result.report else None,
        },
    }
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n")


def _write_summary(result: BuildResult, shown: Sequence[Diagnostic], unit: str | None, out: Path | None) -> None:
    published, withheld = counts_of(result, unit)
    of = f"{unit}：" if unit else ""
    click.echo(f"{of}公开 {published} 条，未公开 {sum(withheld.values())} 条")
    for verdict, name in VERDICTS.items():
        if withheld.get(verdict):
            click.echo(f"  {name} {withheld[verdict]}")
    errors = sum(one.severity == "error" for one in shown)
    if shown:
        click.echo(f"发现错误 {errors} 处，提醒 {len(shown) - errors} 处")
    if elsewhere := result.faults - errors:
        click.echo(f"其他单位还有错误 {elsewhere} 处，不写 --unit（UNIT=）可见 faults of other units: {elsewhere}")
    if out is not None:
        files = f"写出 {len(result.written)}，沿用 {result.kept}，删除 {len(result.deleted)}"
        click.echo(f"文件：{files}；重新读取 {result.read} 条")
        if result.leaks:
            click.secho(
                f"泄漏核查不通过：{len(result.leaks)} 处，相关文件已删除，本次结果不能发布", fg="red", bold=True
            )
        else:
            click.echo(f"已生成 {out}/  浏览：make preview，或直接打开 {out}/index.html")


def counts_of(result: BuildResult, unit: str | None) -> tuple[int, dict[str, int]]:
    """Published and withheld items, of the cluster or of one unit."""
    if unit is None:
        return result.published, dict(result.withheld)
    if result.report is not None:
        withheld = dict(result.report.counts.get(unit, {}))
        return withheld.pop("published", 0), withheld
    assert result.screening is not None  # a check always screens
    own = f"{unit}/"
    counted = Counter(str(one.verdict) for one in result.screening.withheld if one.id.startswith(own))
    return sum(one.id.startswith(own) for one in result.screening.cleared), dict(counted)
