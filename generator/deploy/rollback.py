"""Going back: a plain switch where nothing has left since, else a rebuild under today's decisions.

Effects: those of a build and of a deploy. Nothing comes back that is not public today: an item that
was withdrawn, deleted, un-cleared or has expired is left out, whatever the earlier commit says.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from generator.build.fs import locked
from generator.build.pipeline import build
from generator.build.report import load_report
from generator.build.settings import Settings
from generator.clearance.evidence import former_units
from generator.deploy.compose import left
from generator.deploy.courses import readable_record
from generator.deploy.definition import S3Target, Target
from generator.deploy.earlier import apply_decisions, export_content, keep_only, take_from, tell_decisions
from generator.deploy.farside import FarSide, FarState
from generator.deploy.gates import Consent, live_items
from generator.deploy.pipeline import deploy
from generator.deploy.records import Record
from generator.deploy.remembered import note_moment
from generator.deploy.request import Outcome, Request, chosen, opened
from generator.deploy.signing import fingerprint, load_public_key
from generator.deploy.tree import named
from generator.deploy.uncleared import evidence_of, refused_of, terms_of_clearance, turned_off_since
from generator.deploy.wording import reason, sentence
from generator.errors import DeployRefused

_ROUNDS = 3
"""Builds until no item of the rebuilt tree has a file that is not public today."""


class _Course(Struct, frozen=True):
    """One target, and the release that it is to go back to."""

    target: Target
    side: FarSide
    state: FarState
    current: Record
    name: str
    """The release that it is to go back to."""
    wanted: Record | None
    """Its record; ``None`` when the release is destroyed, or nobody can tell what it holds."""
    commit: str
    commits: Mapping[str, str]
    """Units that were held at another commit in that release."""


def roll_back(request: Request, themes: Path, release: str | None) -> Outcome | None:
    """Go back to a release, or to the one before; gives the outcome of a rebuild, ``None`` after plain switches."""
    with locked(request.state / "deploy.lock", "rollback", wait=False), ExitStack() as stack:
        courses = [_open(request, target, release, stack) for target in chosen(request)]
        why = next((text for course in courses if (text := _obstacle(request, course))), None)
        if why is None:
            for course in courses:
                _switch(request, course)
            if request.dry_run:
                request.say(sentence("deploy-dry-run"))
            return None
        request.say(sentence("deploy-rebuild", release=courses[0].name, why=why))
    return _rebuild(request, themes, courses[0])


def _open(request: Request, target: Target, release: str | None, stack: ExitStack) -> _Course:
    side = stack.enter_context(opened(request, target))
    state = side.peek() if request.dry_run else side.take(f"{request.by} rollback")
    if not state.current:
        raise DeployRefused([str(reason("deploy-nothing-served", target=target.name))])
    current = side.record(state.current, state)
    history = {entry.release: entry for entry in side.history()}
    earlier = sorted(name for name in {*state.releases, *history} if name < state.current)
    name = release or (earlier[-1] if earlier else None)
    if name is None:
        raise DeployRefused([str(reason("deploy-no-earlier", target=target.name))])
    if name not in state.releases and name not in history:
        raise DeployRefused([str(reason("deploy-no-release", release=name))])
    wanted = readable_record(side, name, state) if name in state.releases else None
    made = wanted or history.get(name)
    if made is None:
        raise DeployRefused([str(reason("deploy-no-release", release=name))])
    return _Course(target, side, state, current, name, wanted, made.commit, made.commits)


def _obstacle(request: Request, course: _Course) -> str | None:
    """Why a plain switch will not do; ``None`` when it will."""
    wanted, current = course.wanted, course.current
    if wanted is None:
        return "那个版本已销毁或记录已损坏 (that release is destroyed, or its record damaged)"
    gone = left(wanted, current.items)
    if gone:
        return f"之后有内容撤下 (has left since): {named(list(gone))}"
    evidence = evidence_of(request)
    withdrawn = sorted({one.item for one in evidence.withdrawals} & wanted.items.keys())
    if withdrawn:
        return f"其中有条目已撤回 (withdrawn): {named(withdrawn)}"
    off = {
        *turned_off_since(request, wanted.items, current.at),
        *refused_of(request, evidence, wanted.items, current.at),
    }
    if off:
        return f"其中有条目已改为不公开 (no longer cleared): {named(sorted(off))}"
    key = request.definition.public_key
    if key is not None and wanted.signer != fingerprint(load_public_key(key)):
        return "那个版本不是用现在的钥匙签的 (it is signed with another key than today's)"
    if wanted.terms != terms_of_clearance(request):
        return "负面清单、签名人或审查要求后来有变 (it was cleared by other terms than today's)"
    if _is_past(wanted.next_change_at, request.now) and _is_past(current.next_change_at, request.now):
        return "其中有条目已到期或应当出现 (an item has expired or is due)"
    wrong = course.side.verify_release(wanted.release)
    if wrong:
        return f"服务器上的旧版本已损坏 (damaged on the server): {named(sorted(wrong))}"
    return None


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _switch(request: Request, course: _Course) -> None:
    assert course.wanted is not None
    name = course.wanted.release
    if request.dry_run:
        request.say(sentence("deploy-would-switch-back", target=course.side.name, release=name))
        return
    intact = not left(course.current, course.wanted.items)
    reload = "" if isinstance(course.target, S3Target) else course.target.reload
    to_leave = course.state.current
    course.side.back(course.wanted, to_leave, request.by, request.now, keep_link=intact, reload=reload)
    earlier, later = course.wanted.next_change_at, course.current.next_change_at
    moment = later if _is_past(earlier, request.now) else earlier  # what appeared since was taken back on purpose
    note_moment(request.fs, request.state, course.side.name, moment)
    request.say(sentence("deploy-switched-back", target=course.side.name, release=name))


def _rebuild(request: Request, themes: Path, course: _Course) -> Outcome:
    """Build that release's content as today allows it, and release it like any other build."""
    commit, live = course.commit, course.current
    folder = request.cache / "rollback"
    settings = Settings(
        content=folder / "content",
        sites=request.sites,
        themes=themes,
        out=folder / "public",
        cache=folder / "cache",
        state=folder / "state",
        now=request.now,
        jobs=request.jobs,
    )
    shutil.rmtree(folder, ignore_errors=True)
    try:
        tell_decisions(request.fs, request.state, settings.state)
        removed = _lay_out(request, settings.content, course)
        request.say(sentence("deploy-rebuilding", commit=commit[:10], count=len(removed)))
        _build_within(request, settings, live)
        tell_decisions(request.fs, settings.state, request.state)
        consent = Consent(confirmed=request.consent.confirmed, deletions=True, older=True, faults=True, vanishing=True)
        return deploy(
            msgspec.structs.replace(
                request,
                out=settings.out,
                report_state=settings.state,
                content=settings.content,
                consent=consent,
                rolled_back_to=course.name,
                commit=commit.rstrip("+"),
                commits=course.commits,
            )
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay_out(request: Request, content: Path, course: _Course) -> Sequence[str]:
    """Fill a folder with that release's content, but for what is not public today; gives the ids of that."""
    content.mkdir(parents=True, mode=0o700)
    export_content(request.content, course.commit, content)
    for unit, held in course.commits.items():
        shutil.rmtree(content / unit, ignore_errors=True)
        export_content(request.content, held, content, [unit])
    units = [unit.id for unit in request.cluster.units]
    apply_decisions(request.content, content, [*units, *former_units(request.content, request.cluster)])
    live = course.current
    evidence = evidence_of(request)
    off = {*turned_off_since(request, live.items, live.at), *refused_of(request, evidence, live.items, live.at)}
    return keep_only(content, request.cluster, live.items.keys() - off)


def _build_within(request: Request, settings: Settings, live: Record) -> None:
    """Build until every file of every item is one that is public today."""
    stray: Sequence[str] = ()
    for _ in range(_ROUNDS):
        build(settings)
        items = live_items(load_report(settings.state))
        stray = sorted(item for item, files in items.items() if not set(files) <= set(live.items.get(item, ())))
        if not stray:
            return
        take_from(request.content, settings.content, request.cluster, stray)
    raise DeployRefused([str(reason("deploy-rollback-stray", count=len(stray), names=named(list(stray))))])
