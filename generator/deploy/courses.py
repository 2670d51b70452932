"""One target on its way through a deploy: what it serves and will get, and when. Effects: asks targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from msgspec import Struct

from generator.build.report import BuildReport
from generator.deploy.compose import Before, Ingredients, Release, compose, left
from generator.deploy.definition import Target
from generator.deploy.farside import FarSide, FarState
from generator.deploy.gates import live_items
from generator.deploy.parts import PORTAL, is_hashed
from generator.deploy.plan import Plan, make_plan
from generator.deploy.records import PUBLIC, Record, id_time, is_id, release_id
from generator.deploy.request import Request, opened
from generator.deploy.uncleared import terms_of_clearance
from generator.errors import UsageError


class Course(Struct, kw_only=True):
    """One target on its way through a deploy."""

    target: Target
    side: FarSide
    state: FarState
    before: Before | None
    release: Release | None = None
    plan: Plan | None = None

    def parts(self) -> tuple[Release, Plan]:
        """What is to be released, and what that changes."""
        assert self.release is not None
        assert self.plan is not None
        return self.release, self.plan


def open_course(request: Request, target: Target, stack: ExitStack) -> Course:
    """Open a target, locked unless this is a dry run, and see what it serves."""
    side = stack.enter_context(opened(request, target))
    holder = f"{request.by} {request.now.isoformat(timespec='seconds')}"
    state = side.peek() if request.dry_run else side.take(holder)
    return Course(target=target, side=side, state=state, before=side.before(state))


def compose_for(
    course: Course, request: Request, report: BuildReport, made_of: Ingredients, *, bridging: bool = False
) -> None:
    """Say what the target gets, and what that changes there.

    A ``bridging`` release also keeps the pages that leave: the index names them until it is switched.
    """
    last = max(course.state.releases, default=None)
    name = release_id(request.now, report.manifest_sha256, last)
    pending = course.state.incoming.partition(" ")[0]
    if is_id(pending) and pending.endswith(f"-{report.manifest_sha256[:8]}") and (last is None or pending > last):
        name = pending
    record = Record(
        release=name,
        at=id_time(name),
        by=request.by,
        commit=report.commit if request.commit is None else request.commit,
        now=report.now,
        next_change_at=report.next_change_at,
        manifest_sha256=report.manifest_sha256,
        items=_with_those_of(course.before, live_items(report)) if bridging else live_items(report),
        commits=dict(request.commits),
        rolled_back_to=request.rolled_back_to,
        signer=made_of.signer,
        terms=terms_of_clearance(request),
    )
    parts = tuple(part for part in made_of.parts if part.name in course.target.sites)
    course.release = compose(made_of, parts, record, course.before, bridging=bridging)
    units = [unit.id for unit in request.cluster.units]
    doomed = _doomed(course, record.items)
    course.plan = make_plan(course.target.name, course.release, course.before, report, units, doomed)


def _doomed(course: Course, items: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Earlier releases that hold what is public no more, or of which nobody can tell what they hold."""
    records = {name: readable_record(course.side, name, course.state) for name in sorted(course.state.releases)}
    return tuple(name for name, record in records.items() if record is None or left(record, items))


def readable_record(side: FarSide, release: str, state: FarState) -> Record | None:
    """The record of a release that a target holds; ``None`` when it is lost or damaged."""
    try:
        return side.record(release, state)
    except UsageError:
        return None


def _with_those_of(before: Before | None, items: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Live items and those of the release before, with all files of both."""
    earlier = before.record.items if before else {}
    return {item: tuple(sorted({*items.get(item, ()), *earlier.get(item, ())})) for item in sorted({*items, *earlier})}


def switching_order(courses: Sequence[Course]) -> list[Course]:
    """Pages before the index that names them; the index before the pages that it names no more.

    The portal's host serves the index that everybody asks. A host that only gains pages goes before
    it, one that loses pages goes after it; one that does both is bridged first (``needs_bridge``).
    """

    def rank(course: Course) -> int:
        if PORTAL in course.target.sites:
            return 1
        return 2 if _pages(course, "deleted") else 0

    return sorted(courses, key=rank)


def needs_bridge(course: Course, courses: Sequence[Course]) -> bool:
    """Whether a host both gains and loses pages while another host serves the index that names them."""
    elsewhere = any(PORTAL in other.target.sites for other in courses if other is not course)
    mixed = bool(_pages(course, "added")) and bool(_pages(course, "deleted"))
    return elsewhere and mixed and PORTAL not in course.target.sites and course.before is not None


def _pages(course: Course, kind: str) -> list[str]:
    """Public files of the plan that the index may name."""
    _, plan = course.parts()
    return [
        path
        for path in plan.paths(kind)
        if path.startswith(PUBLIC) and not is_hashed(path.removeprefix(PUBLIC)) and not path.endswith((".br", ".gz"))
    ]
