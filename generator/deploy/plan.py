"""What a release will change, by unit, and what readers will notice. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from generator.build.report import BuildReport
from generator.deploy.compose import Before, Release, is_statement
from generator.deploy.gates import vanished
from generator.deploy.parts import PORTAL
from generator.deploy.records import GONE, PUBLIC, SUMS_NAME
from generator.model import Verdict

_SHOWN = 20
_WHY: Mapping[str, str] = {
    "deleted": "源文件已删 deleted",
    Verdict.UNCLEARED: "改为不公开 uncleared",
    Verdict.FAULTY: "写法有误 faulty",
    Verdict.SCHEDULED: "未到发布时间 scheduled",
    Verdict.EXPIRED: "已到期 expired",
    Verdict.AUDIENCE: "不面向社会公众 audience",
    Verdict.BLOCKED: "检查不通过 blocked",
    Verdict.NO_RECORD: "缺审查记录 no-record",
    Verdict.VOID: "审查后又改动 void",
    Verdict.REFUSED: "审查结论为不公开 refused",
    Verdict.GROUP: "同组未全部审查 group",
    Verdict.WITHDRAWN: "已撤回 withdrawn",
}


class Change(Struct, frozen=True):
    """One file of the release's folder: ``added``, ``changed`` or ``deleted``."""

    kind: str
    path: str
    size: int


class Plan(Struct, frozen=True, kw_only=True):
    """The difference between what a target serves and what it will serve."""

    target: str
    release: str
    since: str
    """The release that is live; empty for the first."""
    changes: tuple[Change, ...]
    new_items: tuple[str, ...]
    edited_items: tuple[str, ...]
    gone_items: tuple[tuple[str, str], ...]
    """Items that leave, with the reason."""
    destroyed: tuple[str, ...] = ()
    """Earlier releases that hold what leaves."""
    units: tuple[str, ...] = ()

    def paths(self, *kinds: str) -> tuple[str, ...]:
        """The paths of the changes of these kinds."""
        return tuple(change.path for change in self.changes if change.kind in kinds)

    @property
    def size(self) -> int:
        """Bytes of the files that are new or changed."""
        return sum(change.size for change in self.changes if change.kind != "deleted")


def make_plan(
    target: str,
    release: Release,
    before: Before | None,
    report: BuildReport,
    units: Iterable[str],
    destroyed: Iterable[str],
) -> Plan:
    """Compare a release with the one that the target serves."""
    old = before.sums if before else {}
    changes = [
        Change("changed" if path in old or (before and path == SUMS_NAME) else "added", path, file.size)
        for path, file in sorted(release.files.items())
        if old.get(path) != file.sha256
    ]
    changes += [Change("deleted", path, 0) for path in sorted(old.keys() - release.files.keys())]
    earlier = before.record.items if before else {}
    pages = {change.path for change in changes}
    now = release.record.items
    edited = [item for item in now if item in earlier and any(PUBLIC + path in pages for path in now[item])]
    return Plan(
        target=target,
        release=release.id,
        since=before.record.release if before else "",
        changes=tuple(changes),
        new_items=tuple(sorted(now.keys() - earlier.keys())),
        edited_items=tuple(sorted(edited)),
        gone_items=tuple(vanished(report, before.record).items()) if before else (),
        destroyed=tuple(destroyed),
        units=tuple(units),
    )


def format_plan(plan: Plan) -> str:
    """The plan as operators read it."""
    title = f"发布计划 {plan.target}：{plan.since or '（首次发布）'} → {plan.release}"
    lines = [title, *_by_unit(plan), *_notice(plan)]
    if plan.destroyed:
        lines.append(f"  将销毁含有已撤下内容的旧版本 destroyed: {'、'.join(plan.destroyed)}")
    return "\n".join(lines)


def _by_unit(plan: Plan) -> list[str]:
    figures: dict[str, Counter[str]] = {}
    for change in plan.changes:
        if not change.path.startswith((PUBLIC, GONE)) or is_statement(change.path):
            continue
        row = figures.setdefault(_unit_of(change.path, plan.units), Counter())
        row[change.kind] += 1
        row["bytes"] += change.size
    withdrawn = Counter(item.partition("/")[0] for item, why in plan.gone_items if why == Verdict.WITHDRAWN)
    rows = [(unit, figures.get(unit, Counter()), withdrawn[unit]) for unit in sorted(figures.keys() | withdrawn.keys())]
    if len(rows) > 1:
        rows.append(("合计 total", sum(figures.values(), Counter()), withdrawn.total()))
    return [_row(*row) for row in rows] or ["  没有变化 nothing changes"]


def _row(name: str, counts: Counter[str], withdrawn: int) -> str:
    wide = sum(letter > "⺀" for letter in name)
    return (
        f"  {name:<{12 - wide}} 新增 {counts['added']:>6}  改动 {counts['changed']:>6}  删除 {counts['deleted']:>6}"
        f"  撤回 {withdrawn:>4}  {human_size(counts['bytes']):>10}"
    )


def _notice(plan: Plan) -> list[str]:
    lines = []
    for label, items in (("新公开", plan.new_items), ("有修改", plan.edited_items)):
        if items:
            lines.append(f"  {label} {len(items)} 条：{_few(items)}")
    if plan.gone_items:
        gone = [f"{item}（{_WHY.get(why, why)}）" for item, why in plan.gone_items]
        lines.append(f"  撤下 {len(gone)} 条：{_few(gone)}")
    return lines


def _unit_of(path: str, units: tuple[str, ...]) -> str:
    place = path.removeprefix(PUBLIC).removeprefix(GONE)
    first = place.partition("/")[0]
    if first in units:
        return first
    if place.startswith("search/"):
        return "search"
    return PORTAL


def _few(items: Iterable[str]) -> str:
    found = list(items)
    return "、".join(found[:_SHOWN]) + (" …" if len(found) > _SHOWN else "")


def human_size(size: int) -> str:
    """Bytes for people: ``12.3 MB``."""
    value = float(size)
    for unit in ("B", "KB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
