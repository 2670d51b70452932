"""What stands on the targets, for people. Effects: opens connections; changes nothing."""

from __future__ import annotations

from datetime import tzinfo

from generator.content.names import shown
from generator.deploy.compose import Before
from generator.deploy.definition import S3Target, Target
from generator.deploy.plan import human_size
from generator.deploy.records import HistoryEntry
from generator.deploy.request import Request, chosen, opened
from generator.deploy.wording import reason
from generator.errors import DeployRefused


def format_releases(request: Request, target: Target) -> str:
    """One line for each switch, newest first: what is served, what could be gone back to, what is destroyed."""
    with opened(request, target) as side:
        state = side.peek()
        history = side.history()
    lines = [f"{target.name}："]
    for number, entry in enumerate(reversed(history)):
        mark = "* " if entry.release == state.current and number == 0 else "  "
        gone = "" if entry.release in state.releases or isinstance(target, S3Target) else "  （已销毁 destroyed）"
        lines.append(f"{mark}{_line(entry, request.now.tzinfo)}{gone}")
    return "\n".join(lines) if history else f"{target.name}：还没有发布过 nothing released yet"


def _line(entry: HistoryEntry, zone: tzinfo | None) -> str:
    counts = entry.counts
    back = f"  退回 rollback to {shown(entry.rolled_back_to)}" if entry.rolled_back_to else ""
    return (
        f"{shown(entry.release)}  {entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {shown(entry.by)}"
        f"  {entry.commit[:10] or '-'}  {counts.items} 条 {counts.files} 个文件 {human_size(counts.size)}"
        f"  +{counts.added} ~{counts.changed} -{counts.deleted}{back}"
    )


def live_release(request: Request) -> tuple[Before, tuple[tuple[str, str], ...]]:
    """What the first chosen target serves, and the redirects that its web server should know."""
    target = chosen(request)[0]
    with opened(request, target) as side:
        before = side.before(side.peek())
        if before is None:
            raise DeployRefused([str(reason("deploy-nothing-served", target=target.name))])
        return before, side.redirects()
