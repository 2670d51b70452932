"""One deploy from end to end: gates → compose → plan → stage → switch → destroy. Effects: all those of its parts.

Nothing that readers see changes before every target holds the whole release, verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from generator.build.executor import workers
from generator.build.fs import locked
from generator.build.manifest import MANIFEST_NAME
from generator.build.report import BuildReport
from generator.clearance.rules import load_rules
from generator.deploy.compose import Ingredients, is_live
from generator.deploy.compression import CompressionCache, Plain, is_compressible
from generator.deploy.courses import Course, compose_for, needs_bridge, open_course, switching_order
from generator.deploy.definition import S3Target
from generator.deploy.digests import Memory
from generator.deploy.gates import (
    check_build,
    check_deletions,
    check_hosts,
    check_last,
    check_rules,
    check_uncleared,
    check_withdrawals,
    live_items,
)
from generator.deploy.outgoing import empty_folder
from generator.deploy.parts import parts_of
from generator.deploy.plan import format_plan, human_size
from generator.deploy.records import ADDRESSES_NAME, REDIRECTS_NAME
from generator.deploy.redirects import load_old_addresses, make_tables
from generator.deploy.remembered import keep_moments, note_moment
from generator.deploy.request import Outcome, Request, chosen
from generator.deploy.shell import FarSideError
from generator.deploy.signing import KEY_VARIABLE, fingerprint, load_public_key, load_signing_key, sign
from generator.deploy.tree import BuiltTree, check_tree, load_tree
from generator.deploy.uncleared import evidence_of, uncleared_since, unsupported
from generator.deploy.wording import Reason, reason, sentence
from generator.errors import DeployRefused
from generator.site.addresses import Addresses

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def deploy(request: Request) -> Outcome:
    """Release the built tree to its targets; raises ``DeployRefused`` with every reason why not."""
    with locked(request.state / "deploy.lock", "deploy", wait=False):
        tree = load_tree(request.out, request.report_state or request.state)
        _refuse_for(_gates_of_build(request, tree))
        signer = _signer(request)
        commit = tree.report.commit if request.commit is None else request.commit
        if not commit or commit.endswith("+"):
            request.say(sentence("deploy-dirty" if commit else "deploy-no-commit"))
        with ExitStack() as stack:
            courses = [open_course(request, target, stack) for target in chosen(request)]
            _refuse_for(_gates_of_last(request, tree, courses))
            made_of, cache = _ingredients(request, tree, signer)
            for course in courses:
                compose_for(course, request, tree.report, made_of)
            plans = tuple(course.plan for course in courses if course.plan is not None)
            for plan in plans:
                request.say(format_plan(plan))
            _refuse_for(_gates_of_deletions(request, courses))
            if request.dry_run:
                request.say(sentence("deploy-dry-run"))
                return Outcome(plans=plans, switched=(), travelled=0)
            switched = _carry_out(request, tree.report, made_of, courses)
            cache.keep(file.sha256 for file in tree.files.values())
            travelled = sum(course.side.travelled for course in courses)
            return Outcome(plans=plans, switched=switched, travelled=travelled)


# --- gates ----------------------------------------------------------------------------


def _refuse_for(reasons: Iterator[Reason]) -> None:
    found = [str(one) for one in reasons]
    if found:
        raise DeployRefused(found)


def _gates_of_build(request: Request, tree: BuiltTree) -> Iterator[Reason]:
    evidence = evidence_of(request)
    report = tree.report
    yield from check_build(report, request.now, request.consent)
    yield from check_hosts(report, request.cluster)
    yield from check_rules(report, load_rules(request.sites, request.cluster).digest)
    withdrawn = {one.item for one in evidence.withdrawals}
    yield from check_withdrawals(report, withdrawn)
    live = {item: report.items[item] for item in live_items(report)}
    off = {*unsupported(request, evidence, live, report.now)}
    if request.commit is None:  # what is held at an earlier commit is meant to stay
        off |= {*uncleared_since(request, live, report.now)}
    yield from check_uncleared(sorted(off - withdrawn))
    yield from check_tree(tree, Memory(request.cache / "digests.bin", request.fs))


def _gates_of_last(request: Request, tree: BuiltTree, courses: Sequence[Course]) -> Iterator[Reason]:
    seen: set[Reason] = set()
    for course in courses:
        if course.before is not None:
            for one in check_last(tree.report, course.before.record, request.consent):
                if one not in seen:
                    seen.add(one)
                    yield one


def _gates_of_deletions(request: Request, courses: Sequence[Course]) -> Iterator[Reason]:
    for course in courses:
        if course.before is not None and course.release is not None:
            earlier = [file.path for file in course.before.manifest.files]
            later = [file.path for file in course.release.manifest.files]
            yield from check_deletions(earlier, later, request.definition.deletion_cap, request.consent)


def _signer(request: Request) -> Ed25519PrivateKey | None:
    """The signing key must be at hand, and the right one, exactly when a public key is set."""
    key = load_signing_key(request.environment)
    if request.definition.public_key is None:
        return key
    if key is None:
        raise DeployRefused([str(reason("deploy-unsigned", variable=KEY_VARIABLE))])
    public = load_public_key(request.definition.public_key)
    if public.public_bytes_raw() != key.public_key().public_bytes_raw():
        raise DeployRefused([str(reason("deploy-key-other"))])
    return key


# --- the release ----------------------------------------------------------------------


def _ingredients(
    request: Request, tree: BuiltTree, signer: Ed25519PrivateKey | None
) -> tuple[Ingredients, CompressionCache]:
    cache = CompressionCache(request.cache / "compressed", request.fs)
    plain = [
        Plain(request.out / file.path, file.sha256)
        for file in tree.files.values()
        if file.path != MANIFEST_NAME and is_compressible(file.path, file.size)  # digests do not compress
    ]
    with workers("processes", request.jobs, request.cache / "compressing") as crew:
        siblings = cache.ensure(plain, crew)
    old = load_old_addresses(request.sites, request.cluster)
    tables = make_tables(request.cluster, tree.report.redirects, old, tree.files)
    if tables.dropped:
        lines = ", ".join(str(one.line) for one in tables.dropped[:10])
        request.say(sentence("deploy-old-address-dropped", count=len(tables.dropped), lines=lines))
    urls = Addresses(request.cluster)
    made_of = Ingredients(
        out=request.out,
        files=tree.files,
        siblings=siblings,
        sibling_path=cache.place,
        tombstones=frozenset(tree.report.tombstones),
        moved={former: urls.absolute(page) for former, page in tree.report.redirects.items() if former in tree.files},
        redirects=tables.redirects,
        addresses=tables.addresses,
        parts=parts_of(request.cluster),
        sign=partial(sign, signer) if signer else None,
        signer=fingerprint(signer.public_key()) if signer else "",
        grace=timedelta(hours=request.definition.grace_hours),
    )
    return made_of, cache


# --- carrying it out ------------------------------------------------------------------


def _carry_out(
    request: Request, report: BuildReport, made_of: Ingredients, courses: Sequence[Course]
) -> tuple[str, ...]:
    """Stage everywhere, then switch everywhere, then destroy what must be gone."""
    waiting: list[Course] = []
    for course in courses:
        release, _ = course.parts()
        if is_live(release, course.before) and course.side.intact(release, course.state):
            request.say(sentence("deploy-live", target=course.side.name))
            continue
        waiting.append(course)
    for course in waiting:
        _make_room(request, course)
        if needs_bridge(course, waiting):
            _bridge(request, report, made_of, course)
        _stage(request, course)
    waiting = switching_order(waiting)
    for course in waiting:
        release, _ = course.parts()
        course.side.switch(release, _reload(course))
        travelled = human_size(course.side.travelled)
        request.say(sentence("deploy-switched", target=course.side.name, release=release.id, travelled=travelled))
    troubles = []
    for course in courses:
        note_moment(request.fs, request.state, course.side.name, report.next_build_at)
        try:
            _clean(request, course, switched=course in waiting)
        except FarSideError as error:  # what has left stands on other targets as well
            troubles.append(str(error))
    keep_moments(request.fs, request.state, [target.name for target in request.definition.targets])
    if troubles:
        raise FarSideError("\n".join(troubles))
    return tuple(course.side.name for course in waiting)


def _make_room(request: Request, course: Course) -> None:
    """Destroy what is beyond the number to keep already: on a full disk nothing could be staged beside it."""
    earlier = sorted(course.state.releases.keys() - {course.state.current}, reverse=True)
    with suppress(FarSideError):  # told after the switch, which it must not hold up
        course.side.destroy(earlier[request.definition.keep - 1 :])


def _stage(request: Request, course: Course) -> None:
    release, plan = course.parts()
    outgoing = request.cache / "outgoing" / course.side.name
    course.side.stage(release, plan, course.state, outgoing)
    empty_folder(outgoing)


def _bridge(request: Request, report: BuildReport, made_of: Ingredients, course: Course) -> None:
    """Let a host serve its new pages beside those that leave, until the index has been switched."""
    compose_for(course, request, report, made_of, bridging=True)
    _stage(request, course)
    release, _ = course.parts()
    course.side.switch(release, _reload(course))
    course.state = course.side.state()
    course.before = course.side.before(course.state)
    compose_for(course, request, report, made_of)


def _reload(course: Course) -> str | None:
    """The command that makes the web server read the tables again; ``None`` where it need not."""
    release, _ = course.parts()
    if isinstance(course.target, S3Target):
        return None
    earlier = course.before.sums if course.before else {}
    tables = (REDIRECTS_NAME, ADDRESSES_NAME)
    changed = any(earlier.get(path) != release.files[path].sha256 for path in tables)
    # Before the first release nothing has read any: nobody need be asked to do it again.
    return course.target.reload if changed and (course.target.reload or earlier) else None


def _clean(request: Request, course: Course, *, switched: bool) -> None:
    """Destroy what holds anything that has left, and prune what is beyond the number to keep."""
    release, plan = course.parts()
    serving = release.id if switched else course.state.current
    doomed = [name for name in plan.destroyed if name != serving]
    standing = sorted(({*course.state.releases, serving} - {*doomed, serving}), reverse=True)
    course.side.destroy([*doomed, *standing[request.definition.keep - 1 :]])
    if doomed:
        names = "、".join(doomed)
        request.say(sentence("deploy-destroyed", target=course.side.name, count=len(doomed), names=names))
