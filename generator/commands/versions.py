"""``check --staged`` and ``check --against``. Effects: git, stdout."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from generator.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from generator.authoring.compare import Change, Guard
    from generator.build.settings import Settings
    from generator.clearance.gate import Screening


def check_staged(settings: Settings, parents: str, form: str) -> ExitCode:
    """Say what is wrong with what is staged; the status is 1 when any of it is an error.

    Of several ``parents``, as a merge has, the first is that with which items are compared.
    """
    from generator.authoring import staging
    from generator.commands.reporting import Places, write_diagnostics
    from generator.diagnostics import as_data

    base, *others = parents.split() or [parents]
    found = staging.check_staged(settings.content, settings.sites, base, others or None)
    errors = sum(one.severity == "error" for one in found)
    places = Places(settings)
    if form == "json":
        _write_json({"diagnostics": [as_data(one, places.show(one.path)) for one in found]})
    else:
        write_diagnostics(found, places)
        if errors:
            click.echo(
                f"暂存的内容有 {errors} 处错误。提交会进入版本历史，请先改正，再 git add。"
                f"{errors} errors are staged: mend them and add the files again."
            )
    return ExitCode.CONTENT_FAULTS if errors else ExitCode.FINE


def check_against(settings: Settings, commit: str, form: str) -> ExitCode:
    """List what content and definitions here would publish, change and unpublish, compared with a commit's.

    The status is 1 when something would vanish by accident, or a record or a withdrawal be lost.
    """
    from generator.authoring.compare import compare, compare_guards
    from generator.authoring.immutable import tampered_since
    from generator.build.pipeline import check
    from generator.commands.reporting import Places, write_diagnostics
    from generator.diagnostics import as_data, in_order

    def lies(item: str) -> bool:
        return any((settings.content / f"{item}{end}").is_file() for end in (".md", "/index.md"))

    here = check(settings)
    assert here.screening is not None  # a check always screens
    before, guards = _screened(settings, commit)
    found, guarded = compare(before, here.screening, lies), compare_guards(guards, _guards(settings.sites))
    vanishing = {place for one in found.accidents for place in _places_of(one)}
    told = in_order((*tampered_since(settings.content, commit), *(d for d in here.diagnostics if d.path in vanishing)))
    places = Places(settings)
    if form == "json":
        lists = {name: [one._asdict() for one in getattr(found, name)] for name in found._fields}
        lists["guards"] = [one._asdict() for one in guarded]
        _write_json(lists | {"diagnostics": [as_data(one, places.show(one.path)) for one in told]})
    else:
        write_diagnostics(told, places)
        _write_list("会公开 publishes", found.publishes)
        _write_list("会改动 changes", found.changes)
        _write_list("会撤下 unpublishes", found.unpublishes)
        _write_guards(guarded)
        if found.tombstones:
            click.echo(f"会显示撤回说明 tombstones：{len(found.tombstones)}")
        for stone in found.tombstones:
            click.echo(f"  {stone.item}：{' '.join(stone.reason.split())}")
        for one in found.accidents:
            text = f"注意：{one.item} 会从网上消失，但没有人撤回、删除或改为未审查：{_reason(one)}"
            click.secho(text, fg="red")
    return ExitCode.CONTENT_FAULTS if told or found.accidents else ExitCode.FINE


def _screened(settings: Settings, commit: str) -> tuple[Screening, dict[str, str]]:
    """What that commit would publish, by its own definitions, and what guards it there."""
    from generator.authoring.versions import committed, committed_definitions
    from generator.build.pipeline import check
    from generator.errors import ConfigError, UsageError

    cache = settings.cache / "against"
    with committed(settings.content, commit) as content, committed_definitions(settings.sites, commit) as sites:
        try:
            screening = check(dataclasses.replace(settings, content=content, sites=sites, cache=cache)).screening
            guards = _guards(sites)
        except ConfigError as error:
            said = "；".join(one.format() for one in error.diagnostics)
            raise UsageError(f"{commit} 里的站点定义有误，无法比较：{said}。Its definitions are faulty.") from error
    assert screening is not None
    return screening, guards


def _guards(sites: Path) -> dict[str, str]:
    """What each unit wants beside the flag, and digests of the register of signers and of the negative list."""
    from generator.clearance.rules import FILE_NAME
    from generator.clearance.signers import SIGNERS
    from generator.content.definitions import load_cluster

    found = {f"sites/units/{unit.id}.yml": unit.clearance for unit in load_cluster(sites).units}
    for name in (SIGNERS, FILE_NAME):
        path = sites / name
        found[f"sites/{name}"] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return found


def _write_guards(guarded: Iterable[Guard]) -> None:
    """Whoever lowers a guard on one branch publishes on the next what nobody has to clear."""
    for one in guarded:
        if one.path.startswith("sites/units/"):
            said = f"单位的审查要求由 {one.before or '（没有这个单位）'} 改为 {one.after or '（没有这个单位）'}"
        else:
            said = "有改动，请逐行核对"
        click.secho(f"注意：{one.path} {said}，谁能公开什么随之改变。A guard of publication changes.", fg="red")


def _places_of(one: Change) -> set[str]:
    """Where it is told what became of an item: its file, or a folder above it."""
    parts = one.path.split("/")
    return {"/".join(("content", *parts[:length])) for length in range(1, len(parts) + 1)} | {f"content/{one.item}.md"}


def _reason(one: Change) -> str:
    from generator.authoring.compare import LOST
    from generator.authoring.presentation import REASONS
    from generator.model import Verdict

    if one.verdict == LOST:
        return "源文件还在，但不再是条目，见所列提示 its source is there, and no item"
    return REASONS[Verdict(one.verdict)]


def _write_list(heading: str, changes: tuple[Change, ...]) -> None:
    click.echo(f"{heading}：{len(changes)}")
    for one in changes:
        verdict = "" if one.verdict == "published" else f"（{one.verdict}）"
        click.echo(f"  {one.item}{verdict}")


def _write_json(data: object) -> None:
    import msgspec

    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n")
