"""``--hold``: release the cluster while one unit stays as it was last released. Effects: a build and a deploy.

The unit's content is that of its last released commit, judged by today's gate: a hold keeps faults
back, it never keeps anything public that may not be so any more.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from generator.build.finishing import commit_of
from generator.build.pipeline import build
from generator.build.settings import Settings
from generator.clearance.evidence import former_units
from generator.content.item import load_item
from generator.content.source import scan
from generator.deploy.earlier import apply_decisions, export_content, keep_only, link_content, tell_decisions
from generator.deploy.pipeline import deploy
from generator.deploy.records import Record
from generator.deploy.request import Outcome, Request, chosen, opened
from generator.deploy.tree import named
from generator.deploy.uncleared import evidence_of, is_meant
from generator.deploy.wording import reason, sentence
from generator.errors import DeployRefused, UsageError
from generator.model import Item


def deploy_holding(request: Request, themes: Path, held: Sequence[str], *, urgent: bool = False) -> Outcome:
    """Build with the held units as they were last released, and release that.

    What is live and not in that commit leaves only when it is confirmed, or when something else is ``urgent``.
    """
    units = [unit.id for unit in request.cluster.units]
    unknown = [unit for unit in held if unit not in units]
    if unknown:
        raise UsageError(f"没有这个单位 unknown unit: {unknown[0]}")
    served = tuple(served_records(request))
    commits = released_commits(served, held)
    folder = request.cache / "held"
    shutil.rmtree(folder, ignore_errors=True)
    content = folder / "content"
    content.mkdir(parents=True, mode=0o700)
    try:
        link_content(request.content, content, [unit for unit in units if unit not in held])
        for unit, commit in commits.items():
            export_content(request.content, commit, content, [unit])
            request.say(sentence("deploy-held", unit=unit, commit=commit[:10]))
        apply_decisions(request.content, content, [*held, *former_units(request.content, request.cluster)])
        live = {item for record in served for item in record.items}
        live -= {one.item for one in evidence_of(request).withdrawals}
        _tell_lost(request, _take_off(request, content, commits, live) - request.consent.confirmed, urgent=urgent)
        settings = Settings(
            content=content,
            sites=request.sites,
            themes=themes,
            out=folder / "public",
            cache=folder / "cache",
            state=folder / "state",
            now=request.now,
            jobs=request.jobs,
        )
        tell_decisions(request.fs, request.state, settings.state)
        build(settings)
        tell_decisions(request.fs, settings.state, request.state)
        changed = msgspec.structs.replace(
            request,
            out=settings.out,
            report_state=settings.state,
            content=content,
            commits=commits,
            commit=commit_of(request.content),
        )
        return deploy(changed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tell_lost(request: Request, lost: Collection[str], *, urgent: bool) -> None:
    if lost:
        told = reason("deploy-held-lost", count=len(lost), names=named(sorted(lost)))
        if not urgent:
            raise DeployRefused([str(told)])
        request.say(told.text)


def _take_off(request: Request, content: Path, commits: Mapping[str, str], live: Collection[str]) -> set[str]:
    """Remove what today's sources say is not to be public; one that is faulty or gone says nothing, and is held.

    What was released beside uncommitted changes is not all in the commit: nothing may come back with it. Gives the live
    items that are not in it, though their sources stand there.
    """
    sources = [one for one in scan(request.content, request.cluster).items if one.unit in commits]
    items = [load_item(request.content, source, request.cluster).item for source in sources]
    off = {one.id for one in items if one is not None and not (is_meant(one) and _is_current(one, request.now))}
    unsure = [unit for unit, commit in commits.items() if commit.endswith("+")]
    standing = scan(content, request.cluster).items
    back = {one.id for one in standing if one.unit in unsure and one.id not in live}
    keep_only(content, request.cluster, {one.id for one in standing} - off - back)
    if told := sorted(off.intersection(live)):
        request.say(sentence("deploy-held-off", count=len(told), names=named(told)))
    if unsure:
        request.say(sentence("deploy-held-unsure", units="、".join(unsure)))
    return {one.id for one in sources}.intersection(live) - off - {one.id for one in standing}


def _is_current(item: Item, now: datetime) -> bool:
    return item.expires_on is None or item.expires_on > now


def served_records(request: Request) -> Iterator[Record]:
    """The record of what each target serves, as far as they serve anything."""
    for target in chosen(request):
        with opened(request, target) as side:
            state = side.peek()
            if state.current:
                yield side.record(state.current, state)


def released_commits(served: Iterable[Record], held: Sequence[str]) -> dict[str, str]:
    """The commit at which each unit was last released; raises ``DeployRefused`` where there is none."""
    for record in served:
        commits = {unit: record.commits.get(unit, record.commit) for unit in held}
        if all(commits.values()):
            return commits
    raise DeployRefused([str(reason("deploy-hold-unknown", units="、".join(held)))])
