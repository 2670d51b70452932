"""``withdraw`` and ``takedown``: take an item off for good. Effects: content, the tree, the targets, the state."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.commands.options import build_options, settings_from
from generator.errors import ConfigError, ExitCode, UsageError

if TYPE_CHECKING:
    from generator.authoring.definitions import Definitions
    from generator.authoring.earlier import Earlier
    from generator.authoring.withdrawing import Withdrawn
    from generator.build.settings import Settings
    from generator.deploy.records import Record
    from generator.deploy.request import Request
    from generator.model import ItemFacts

T = TypeVar("T")

TAKEDOWNS = "takedowns.jsonl"


def _withdrawal_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--reason", required=True, help="原因，会显示在撤回说明页上 shown on the tombstone"),
            click.option("--by", default=None, help="经手人，默认取 MINGTANG_OPERATOR 或账户名 who withdraws"),
            click.option(
                "--tombstone", is_flag=True, help="留一页说明日期和原因（行政处罚法48条） leave a page that says so"
            ),
            click.option("--basis", default="", help="依据 on which basis"),
            click.option("--number", default=None, help="撤回编号，不写则自动编 the withdrawal's number"),
            click.option("--delete", is_flag=True, help="同时删除条目的源文件 delete the source files too"),
            click.option("--gone", is_flag=True, help="源文件和记录都已不在，按编号撤回 nothing is left of the item"),
        )
    ):
        command = option(command)
    return command


@click.command()
@click.argument("item")
@build_options
@_withdrawal_options
def withdraw(item: str, **options: Any) -> ExitCode:
    """撤回一个条目：下次生成和发布时从所有地方消失，永不恢复。Withdraw an item for good."""
    settings = settings_from(options)
    _withdraw(settings, item, options)
    click.echo("下一步：提交撤回文件，然后 make deploy。Commit the withdrawal, then deploy.")
    return ExitCode.FINE


@click.command()
@click.argument("item")
@build_options
@_withdrawal_options
@click.option("--target", "targets", multiple=True, help="只从这个目标下架 one target; default all")
@click.option("--allow-deletions", is_flag=True, help="超过删除上限也照删 delete more than the cap")
def takedown(item: str, targets: tuple[str, ...], allow_deletions: bool, **options: Any) -> ExitCode:
    """紧急下架：撤回、生成、发布一次完成，计时留痕；不带出未发布的改动。Withdraw, build and release at once."""
    try:
        return _take_down(item, targets, allow_deletions, options)
    except ConfigError:
        click.secho(
            f"没有下架，{item} 还在网上：站点定义或主题有误，见下；发布时的和已提交的也不能用。改好后再运行一次。"
            "Not taken down: definitions or theme are faulty, and no earlier ones can be used.",
            fg="red",
            err=True,
        )
        raise


def _take_down(item: str, targets: tuple[str, ...], allow_deletions: bool, options: dict[str, Any]) -> ExitCode:
    from generator.authoring.definitions import Definitions, earlier_definitions
    from generator.commands.deploy import make_request
    from generator.deploy.gates import Consent
    from generator.deploy.holding import served_records
    from generator.deploy.remembered import last_commits
    from generator.deploy.request import chosen
    from generator.deploy.shell import FarSideError

    # Links to the item are faults now, and faulty items are withheld: neither may keep it on the site.
    consent = Consent(faults=True, deletions=allow_deletions)
    request_by = partial(make_request, options, targets=targets, consent=consent)
    settings, now = settings_from(options), Definitions(options["sites"], options["themes"])
    with earlier_definitions(now, (*last_commits(settings.state), "HEAD")) as versions:
        request = _by_first_sound(versions, lambda one: request_by(definitions=one.sites))
        asked = [target.name for target in chosen(request)]  # known to be there before anything is withdrawn
        watch = _Watch()
        item_id = _by_first_sound(versions, lambda one: _withdraw(_by(settings, one), item, options, again=True))
        watch.lap("撤回 withdraw")
        try:
            served = tuple(served_records(request))
            with earlier_definitions(now, (*(one.commit for one in served), "HEAD")) as earlier:
                release = partial(_release_without, settings, request_by, served, watch)
                switched = _by_first_sound(earlier, release)
        except FarSideError:
            if len(asked) > 1:
                click.secho(
                    "没有下架。有一个目标连不上时，先用 --target 从其余目标下架。Not taken down.", fg="red", err=True
                )
            raise
    _record(settings, item_id, options, watch.seconds, switched)
    _tell_taken_down(item_id, request, asked, switched, sum(watch.seconds.values()))
    return ExitCode.FINE


def _tell_taken_down(item_id: str, request: Request, asked: list[str], switched: tuple[str, ...], total: float) -> None:
    places = "、".join(switched) or "（各目标上已经没有它 served nowhere any more）"
    click.echo(f"已下架 {item_id}，共 {total:.1f} 秒，目标：{places}。Taken down.")
    left = [target.name for target in request.definition.targets if target.name not in asked]
    if left:
        click.secho(f"还没有从这些目标下架：{'、'.join(left)}。Not yet taken down there.", fg="red")


def _by(settings: Settings, version: Definitions) -> Settings:
    return dataclasses.replace(settings, sites=version.sites, themes=version.themes)


def _by_first_sound(versions: Sequence[Definitions], use: Callable[[Definitions], T]) -> T:
    """What comes of the first version of the definitions that is no fault; those that lie here are the last."""
    for version in versions[:-1]:
        try:
            return use(version)
        except ConfigError:
            click.echo(f"提交 {version.commit[:10]} 的站点定义或主题有误，不用它。Those of that commit are faulty.")
    return use(versions[-1])


class _Watch:
    """How long each step took, in seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self.seconds: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """End a step."""
        now = time.monotonic()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now
        click.echo(f"{name}：{self.seconds[name]:.1f} 秒")


def _release_without(
    settings: Settings,
    request_by: Callable[..., Request],
    served: Sequence[Record],
    watch: _Watch,
    version: Definitions,
) -> tuple[str, ...]:
    """Release what is live less what is withdrawn, by a version of definitions and theme.

    Where the content differs from the last release by evidence alone, the tree is brought up to date in
    place; else every unit is held at its last released commit, so that nothing unfinished goes out with it.
    What is live may have been built by a clock that was ahead: it stays as of then.
    """
    import msgspec

    from generator.authoring.history import differs_since
    from generator.authoring.versions import EMPTY_TREE, commit_or_nothing
    from generator.build.pipeline import build
    from generator.clearance.evidence import load_evidence
    from generator.deploy.holding import deploy_holding, released_commits
    from generator.deploy.pipeline import deploy
    from generator.errors import DeployRefused

    request = request_by(definitions=version.sites)
    units = [unit.id for unit in request.cluster.units]
    now = max([settings.now, *(record.now.astimezone(settings.now.tzinfo) for record in served)])
    settings = dataclasses.replace(_by(settings, version), now=now)
    request = msgspec.structs.replace(request, now=now)
    if version.commit:
        click.echo(f"站点定义和主题用提交 {version.commit[:10]} 的，其后的改动不带出去。Definitions as of that commit.")
    commits = set[str]()
    with suppress(DeployRefused):
        commits = set(released_commits(served, units).values())
    if not commits or any(commit_or_nothing(settings.content, one.rstrip("+")) == EMPTY_TREE for one in commits):
        click.echo("不知道上次发布的提交，按现有内容发布。The last released commit is unknown: releasing what is here.")
        commits = set()
    withdrawn = [one.item for one in load_evidence(settings.content, settings.sites, request.cluster).withdrawals]
    if any(differs_since(settings.content, commit, withdrawn) for commit in commits):
        click.echo("内容另有未发布的改动，各单位停在上次发布的状态。Other changes are not released with it.")
        outcome = deploy_holding(request, settings.themes, units, urgent=True)
    else:
        build(settings)
        watch.lap("生成 build")
        outcome = deploy(request)
    watch.lap("发布 release")
    return outcome.switched


def _withdraw(settings: Settings, named: str, options: Mapping[str, Any], *, again: bool = False) -> str:
    """File the withdrawal; gives the item's id. ``again`` lets a takedown that was interrupted go on."""
    from generator.authoring.desk import item_id_of, open_desk
    from generator.authoring.earlier import Earlier
    from generator.authoring.numbering import check_free
    from generator.authoring.withdrawing import check_reason, make_withdrawal, next_number, with_mark
    from generator.clearance.withdrawals import FOLDER
    from generator.commands.deploy import operator

    desk = open_desk(settings)
    item_id = item_id_of(named, settings.content)
    gone = {one.item for one in desk.evidence.withdrawals}
    if item_id in gone:
        if not again:
            raise UsageError(f"{item_id} 已经撤回。It is withdrawn already.")
        return item_id
    unit = item_id.partition("/")[0]
    if unit not in {one.id for one in desk.cluster.units}:
        raise UsageError(f"没有这个单位：{unit}。写 单位/类别/短名，不是网址。No such unit: give unit/category/slug.")
    check_free(options["number"], unit, desk.evidence)
    known = _items(settings)
    facts = next((one for one in known if one.id == item_id), None)
    earlier = _earlier(settings, item_id, urgent=again)
    if facts is None and not options["gone"] and not (earlier and earlier.stood):
        _refuse_unknown(settings, item_id, [one.id for one in known])
    if options["tombstone"]:
        read = desk.read(desk.source(item_id)) if facts is not None else None
        check_reason(options["reason"], item_id, read, desk.rules)
    withdrawn = make_withdrawal(
        item_id,
        facts,
        [one for one in known if one.id not in gone],
        number=options["number"] or next_number(unit, settings.now.year, desk.evidence),
        by=options["by"] or operator(),
        reason=options["reason"],
        day=settings.now.date(),
        tombstone=options["tombstone"],
        basis=options["basis"],
        earlier=earlier or Earlier(),
    )
    if not options["number"]:
        withdrawn = with_mark(withdrawn)
    path = desk.file(unit, FOLDER, withdrawn.name, withdrawn.data)
    click.echo(f"已写出 {path}（撤回编号 {withdrawn.withdrawal.number}）。Written.")
    _tell(withdrawn, facts, earlier)
    if options["delete"] and facts is not None:
        _delete(settings, facts.path, item_id)
    _tell_what_stays()
    return item_id


def _earlier(settings: Settings, item_id: str, *, urgent: bool) -> Earlier | None:
    """What the item said before; what must go at once goes without, where the history cannot be read."""
    from generator.authoring.earlier import earlier_versions

    try:
        return earlier_versions(settings.content, item_id)
    except UsageError as error:
        if not urgent:
            raise
        click.secho(f"版本库读不了，以前的版本没有一并撤回：{error}", fg="red", err=True)
        return None


def _items(settings: Settings) -> list[ItemFacts]:
    """Every item that there is."""
    from generator.build.pipeline import check

    screening = check(settings).screening
    assert screening is not None  # a check always screens
    return [*(one.facts for one in screening.cleared), *(one.facts for one in screening.withheld)]


def _tell_what_stays() -> None:
    from generator.authoring.withdrawing import CANNOT_BE_RECALLED

    click.echo("\n  · ".join(("不能收回的 what cannot be recalled：", *CANNOT_BE_RECALLED)))


def _tell(withdrawn: Withdrawn, facts: ItemFacts | None, earlier: Earlier | None) -> None:
    """What the withdrawal binds beside the item, and what it does not."""
    if facts is None:
        click.echo("源文件已不在，按条目编号撤回。Its source is gone: withdrawn by id.")
    if earlier is None:
        click.echo("没有可读的版本库，只撤回现在的正文和附件。No history: what it said before is not bound.")
    elif count := len(withdrawn.withdrawal.earlier):
        click.echo(f"版本库里的 {count} 个旧版正文一并撤回。Earlier texts in the history, withdrawn as well: {count}.")
    if earlier is not None and earlier.shallow:
        text = (
            "这是浅克隆，更早的版本不在其中，没有一并撤回。要一并撤回：趁还没有构建和提交，删去刚写出的撤回文件，"
            "运行 git fetch --unshallow，再撤回一次。A shallow clone: what the item said before that is not bound."
        )
        click.secho(f"注意：{text}", fg="red")
    for other in withdrawn.copies:
        click.echo(f"注意：{other} 正文相同，一并不再公开。The same body: withheld as well.")
    for other in withdrawn.shared:
        click.echo(f"注意：{other} 有同一附件，仍会公开，请核对。It has the same attachment and goes on showing it.")


def _refuse_unknown(settings: Settings, item_id: str, known: list[str]) -> None:
    """A mistyped name must not pass for an item that is taken off: the withdrawal would be filed for nothing.

    An item whose source is gone is known by the last build, by what was released, or, which was asked before, by git.
    """
    from generator.authoring.desk import meant
    from generator.build.report import load_report
    from generator.deploy.remembered import was_released

    with suppress(UsageError):
        if item_id in load_report(settings.state).items:
            return
    if was_released(settings.state, item_id):
        return
    raise UsageError(
        f"没有这个条目，也没有过：{item_id}。{meant(item_id, known)}没有撤回任何内容。条目写作 单位/类别/短名；"
        "源文件和一切记录确已清除的，加 --gone。No such item, and none is known to have been: nothing was withdrawn."
    )


def _delete(settings: Settings, path: str, item_id: str) -> None:
    """Remove the source and its files from the working tree; the history keeps them until it is purged."""
    folder = settings.content / item_id
    if folder.is_symlink():
        settings.fs.remove(folder)
    for file in [*sorted(folder.rglob("*"), reverse=True), folder]:
        if file.is_dir() and not file.is_symlink():
            settings.fs.remove_folder(file)
        else:
            settings.fs.remove(file)
    settings.fs.remove(settings.content / path)
    click.echo(f"已删除源文件 {settings.content / path}。The source was deleted.")


def _record(
    settings: Settings, item_id: str, options: Mapping[str, Any], seconds: Mapping[str, float], targets: tuple[str, ...]
) -> None:
    import msgspec

    from generator.commands.deploy import operator

    line = {
        "at": settings.now,
        "item": item_id,
        "by": options["by"] or operator(),
        "reason": options["reason"],
        "seconds": dict(seconds),
        "targets": list(targets),
    }
    settings.fs.append(settings.state / TAKEDOWNS, msgspec.json.encode(line) + b"\n")
