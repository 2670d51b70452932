"""``clear``: show what would be published, take down who decided what, write the record. Effects: content, stdout."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.commands.options import build_options, check_unit, settings_from
from generator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from generator.authoring.clearing import Decision
    from generator.authoring.desk import Desk
    from generator.build.settings import Settings
    from generator.clearance.evidence import Evidence
    from generator.clearance.records import Record, Step
    from generator.content.source import SourceItem
    from generator.diagnostics import Diagnostic
    from generator.model import Verdict


class _Day(click.DateTime):
    """A day, as records and the register write it."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """The day; fails in words that an editor reads."""
        try:
            return super().convert(value, parameter, context)
        except click.BadParameter:
            self.fail(f"日期应写成 2026-11-17 的样子：{value}。Write the date as 2026-11-17.", parameter, context)


_DAY = _Day()


@click.command()
@click.argument("items", nargs=-1, metavar="ITEM…")
@build_options
@click.option("--drafter", metavar="姓名[,日期]", default=None, help="承办人 who drafted it")
@click.option("--department", metavar="姓名[,日期],意见", default=None, help="部门负责人及意见 head of department")
@click.option("--secrecy", metavar="姓名[,日期],意见", default=None, help="保密审查人及意见 secrecy reviewer")
@click.option("--approver", metavar="姓名[,日期]", default=None, help="批准人 who approved it")
@click.option("--basis", default=None, help="审查依据 on which basis")
@click.option("--conclusion", default=None, help="同意公开|区分处理后公开|依申请公开|不予公开|报保密部门确定")
@click.option("--number", default=None, help="记录编号，不写则自动编 the record's number")
@click.option("--attest", "attested", multiple=True, metavar="文件=姓名", help="已由此人读过的附件 read by a person")
@click.option("--republish", default="", metavar="编号", help="重新公开已撤回的内容 publish what a withdrawal took off")
@click.option("--move", is_flag=True, help="条目移动后，按原决定补记录 repeat the decision for an item that moved")
@click.option(
    "--sign", "key", type=click.Path(path_type=Path), default=None, help="用 OpenSSH 私钥签名 sign the record"
)
@click.option(
    "--show", "only_show", is_flag=True, help="只显示将公开的内容 show what would be published, write nothing"
)
@click.option("--full", is_flag=True, help="附件文字全部显示 show the whole text of attachments")
@click.option("--yes", is_flag=True, help="不再询问 ask nothing")
@click.option("--status", is_flag=True, help="列出等待审查的条目 list what waits, for whom, since when")
@click.option(
    "--register", "register_to", is_flag=False, flag_value="-", default=None, metavar="[文件]", help="台账 CSV"
)
@click.option("--from", "first", type=_DAY, default=None, help="台账起日 first day of the register")
@click.option("--to", "last", type=_DAY, default=None, help="台账止日 last day of the register")
@click.option("--unit", default=None, help="台账或等待清单只要这个单位 of one unit")
def clear(
    items: tuple[str, ...],
    *,
    status: bool,
    register_to: str | None,
    key: Path | None,
    only_show: bool,
    **options: Any,
) -> ExitCode:
    """保密审查：显示将公开的内容，登记意见，写出审查记录。Review an item and write its clearance record."""
    from generator.authoring.desk import open_desk

    settings = settings_from(options)
    check_unit(settings, options["unit"])
    if status:
        return _status(settings, options)
    if register_to is not None:
        return _register(settings, register_to, options)
    if not items:
        raise UsageError("请写明条目，或用 --status、--register。Name items, or use --status or --register.")
    desk = open_desk(settings)
    if options["republish"] and options["republish"] not in {one.number for one in desk.evidence.withdrawals}:
        raise UsageError(f"没有这个撤回编号：{options['republish']}。No withdrawal has this number.")
    sources = [desk.source(named) for named in items]
    if only_show:
        for source in sources:
            _show(desk, source, full=options["full"])
        return ExitCode.FINE
    if key is not None and not _decided(options):
        for source in sources:
            _sign(desk, source, key)
        return ExitCode.FINE
    return _clear(desk, sources, key, options)


def _decided(options: Mapping[str, Any]) -> bool:
    names = ("drafter", "department", "secrecy", "approver", "basis", "conclusion", "move")
    return any(options[name] for name in names)


def _show(desk: Desk, source: SourceItem, *, full: bool) -> None:
    from generator.authoring.presentation import present

    facts, body = desk.read(source)
    click.echo("\n".join(present(facts, body, desk.cluster, full=full)))


def _clear(desk: Desk, sources: Sequence[SourceItem], key: Path | None, options: Mapping[str, Any]) -> ExitCode:
    from generator.authoring.clearing import (
        check_attested,
        check_effect,
        check_header,
        draw_up,
        moved_decision,
        next_number,
        number_of,
        parse_attestation,
        with_record,
    )
    from generator.authoring.explaining import of_item
    from generator.authoring.numbering import check_free
    from generator.authoring.presentation import present
    from generator.clearance.records import FOLDER

    evidence = desk.evidence
    decision = None
    if options["attested"]:
        check_attested(map(parse_attestation, options["attested"]), [desk.read(source)[0] for source in sources])
    if options["number"] and len(sources) > 1:
        raise UsageError("--number 只能用于一个条目。--number is for one item.")
    for source in sources:
        facts, body = desk.read(source)
        click.echo("\n".join(present(facts, body, desk.cluster, full=options["full"])))
        check_header(facts)
        check_free(options["number"], source.unit, evidence)
        if options["move"]:
            decision = moved_decision(facts, evidence)
        elif decision is None:
            decision = _decision(options, desk.settings.now.date())
        stem = next_number(source.unit, desk.settings.now.year, evidence)
        number = options["number"] or number_of(facts, decision, stem)
        record, name, raw = draw_up(facts, decision, number)
        after = with_record(evidence, record)
        screening = desk.judge(facts, after)
        verdict = screening.withheld[0].verdict if screening.withheld else None
        check_effect(record, screening.diagnostics)
        _say_outcome(verdict, tuple(of_item(facts, screening.diagnostics)))
        if not options["yes"] and not click.confirm(f"写出审查记录 {number}？Write the record?", default=False):
            click.echo(f"{source.id} 没有写出。Nothing was written for it.")
            continue
        path = desk.file(source.unit, FOLDER, name, raw)
        evidence = after
        click.echo(f"已写出 {path}，请与条目一起提交（git add）。Written; commit it together with the item.")
        if key is not None:
            _sign_record(desk, record, raw, key)
    return ExitCode.FINE


def _say_outcome(verdict: Verdict | None, diagnostics: tuple[Diagnostic, ...]) -> None:
    from generator.authoring.presentation import explain_verdict
    from generator.model import Verdict

    click.echo("有了这份记录，条目的状态：with this record the item will be:")
    for line in explain_verdict(verdict or Verdict.PUBLISHED, diagnostics):
        click.echo(f"  {line}")


def _decision(options: Mapping[str, Any], today: date) -> Decision:
    """The decision from options; what they leave out is asked for, unless ``--yes`` was given."""
    from generator.authoring.clearing import Decision, check_step, parse_attestation, parse_step
    from generator.clearance.records import CONCLUSIONS, OPINION_ROLES, ROLE_NAMES, ROLES

    missing = [name for name in (*ROLES, "basis", "conclusion") if not options[name]]
    if missing and options["yes"]:
        raise UsageError(f"还缺：{'、'.join(f'--{name}' for name in missing)}。These are missing.")
    steps: dict[str, Step] = {}
    for role in ROLES:
        given = options[role]
        while role not in steps:
            text = given or _ask_step(ROLE_NAMES[role], today, role in OPINION_ROLES)
            try:
                step = parse_step(text, today, role)
                check_step(role, {**steps, role: step}, today)
            except UsageError as error:
                if given:
                    raise
                click.echo(f"{error} 请重新填写（前面写错的，按 Ctrl+C 重来）。Once more.")
                continue
            steps[role] = step
    basis = options["basis"] or click.prompt("审查依据 basis")
    conclusion = options["conclusion"] or _ask_conclusion(CONCLUSIONS)
    attested = tuple(parse_attestation(one) for one in options["attested"])
    return Decision(steps, basis, conclusion, attested, options["republish"])


def _ask_step(role: str, today: date, wants_opinion: bool) -> str:
    by = click.prompt(f"{role}姓名 name")
    day = click.prompt(f"{role}日期 date", default=today.isoformat(), type=_DAY)
    opinion = click.prompt(f"{role}意见 opinion") if wants_opinion else ""
    return ",".join(filter(None, (by, day.date().isoformat(), opinion)))


def _ask_conclusion(known: Sequence[str]) -> str:
    while True:
        said = str(click.prompt(f"审查结论 conclusion（{'、'.join(known)}）")).strip()
        if said in known:
            return said
        click.echo("请照括号里的写法填写其中一个。Write one of these.")


def _sign(desk: Desk, source: SourceItem, key: Path) -> None:
    """Sign the record over the item as it stands now."""
    from generator.authoring.clearing import matching

    facts, _ = desk.read(source)
    record = matching(facts, desk.evidence)
    if record is None:
        raise UsageError(
            f"{source.id}：没有与现有内容相符的审查记录，请先写出（clear）。No record over the item as it is."
        )
    raw = desk.settings.fs.read(desk.settings.content / record.path.removeprefix("content/"))
    _sign_record(desk, record, raw, key)


def _sign_record(desk: Desk, record: Record, raw: bytes, key: Path) -> None:
    from generator.clearance import signatures
    from generator.clearance.records import FOLDER, ROLE_NAMES, canonical_bytes
    from generator.clearance.signers import SIGNERS

    signers = desk.settings.sites / SIGNERS
    if not signers.is_file():
        raise UsageError(f"没有 {signers}：先按 docs/clearance.md 登记各人公钥。Make it as docs/clearance.md says.")
    signature = signatures.sign(raw, key)
    payload = canonical_bytes(raw)
    roles = [
        role
        for role, step in record.steps.items()
        if signatures.verify(payload, signature, signers, step.by, step.date.strftime("%Y%m%d"))
    ]
    if not roles:
        people = "、".join(step.by for step in record.steps.values())
        raise UsageError(
            f"按 {signers}，这把密钥不属于记录中的任何人（{people}），或者在其审查当日无效。"
            "The key is of none of the record's persons, or was not valid on the day."
        )
    name = signatures.signature_name(record.path.rpartition("/")[2], roles[0])
    unit = record.item.partition("/")[0]
    present, step = desk.settings.content / unit / FOLDER / name, record.steps[roles[0]]
    if present.exists():
        held = desk.settings.fs.read(present)
        if not signatures.verify(payload, held, signers, step.by, step.date.strftime("%Y%m%d")):
            raise UsageError(
                f"{ROLE_NAMES[roles[0]]}的签名已经失效（密钥已注销或更换），签名不得改写：请重新送审，写出新的记录（clear）。"
                "The signature no longer holds, and none is altered: clear the item anew."
            )
        click.echo(f"{ROLE_NAMES[roles[0]]}已经签过，没有改动：{present}。It is signed already.")
        return
    path = desk.file(unit, FOLDER, name, signature)
    click.echo(f"已由{ROLE_NAMES[roles[0]]}签名：{path}。Signed.")


def _status(settings: Settings, options: Mapping[str, Any]) -> ExitCode:
    from generator.authoring.history import last_changes
    from generator.authoring.waiting import waiting
    from generator.build.pipeline import check
    from generator.clearance.evidence import load_evidence
    from generator.content.definitions import load_cluster

    cluster = load_cluster(settings.sites)
    screening = check(settings).screening
    assert screening is not None  # a check always screens
    evidence = load_evidence(settings.content, settings.sites, cluster, state=settings.state)
    changed = last_changes(settings.content, [one.path for one in screening.withheld])
    found = waiting(screening, evidence, cluster, changed, options["unit"] or "")
    for one in found:
        since = one.since.isoformat() if one.since else "?"
        click.echo(f"{since}  {one.item}  {one.what}  → {one.whom}")
    click.echo(f"等待 {len(found)} 条 waiting: {len(found)}")
    return ExitCode.FINE


def _register(settings: Settings, to: str, options: Mapping[str, Any]) -> ExitCode:
    from generator.authoring.register import known_items, register
    from generator.build.pipeline import check
    from generator.clearance.evidence import load_evidence
    from generator.content.definitions import load_cluster

    if options["first"] is None or options["last"] is None:
        raise UsageError("台账要写明起止日期：--from 2026-01-01 --to 2026-12-31。Give --from and --to.")
    if options["first"] > options["last"]:
        raise UsageError("台账的起日晚于止日。The first day is after the last.")
    if not Path(to).absolute().parent.is_dir():
        raise UsageError(f"没有这个文件夹：{Path(to).parent}。No such folder.")
    cluster = load_cluster(settings.sites)
    screening = check(settings).screening
    assert screening is not None  # a check always screens
    facts = known_items([*(one.facts for one in screening.cleared), *(one.facts for one in screening.withheld)])
    evidence = load_evidence(settings.content, settings.sites, cluster, state=settings.state)
    first, last, unit = options["first"].date(), options["last"].date(), options["unit"] or ""
    data = register(evidence, facts, cluster, first=first, last=last, unit=unit)
    if to == "-":
        sys.stdout.buffer.write(data)
    else:
        settings.fs.write(Path(to), data, mode=0o600)
        click.echo(f"已写出 {to} written")
    _tell_unlisted(evidence, unit)
    return ExitCode.FINE


def _is_record(path: str, unit: str) -> bool:
    from generator.clearance.records import FOLDER

    parts = path.split("/")
    return len(parts) == 4 and parts[2] == FOLDER and unit in ("", parts[1])


def _tell_unlisted(evidence: Evidence, unit: str) -> None:
    """Records that a register of all decisions does not have, as nobody can tell what they said or when."""
    damaged = sorted(
        {one.path for one in evidence.diagnostics if one.severity == "error" and _is_record(one.path, unit)}
    )
    if damaged:
        text = f"注意：{len(damaged)} 份审查记录不能采信，没有列入台账（make check 说明原因）：{'、'.join(damaged)}。"
        click.secho(f"{text}These records cannot be believed and are not listed.", fg="red", err=True)
