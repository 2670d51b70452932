"""The end of a build, and the build that has nothing to do. Effects: tree, state, cache."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from subprocess import DEVNULL, PIPE

import msgspec

from generator.build import cache
from generator.build.auditing import AuditResult
from generator.build.configuration import decisions_digest
from generator.build.drafting import Draft
from generator.build.learning import Knowledge, tidy
from generator.build.manifest import MANIFEST_NAME
from generator.build.report import ReportHead, hosts_of, save_report
from generator.build.result import BuildResult
from generator.build.screening import Assembly
from generator.build.settings import Settings
from generator.build.standing import OUTCOME, Outcome
from generator.build.tree import Tree
from generator.clearance.evidence import load_refused, load_remembered
from generator.clearance.records import encode_records
from generator.clearance.remembered import REFUSED, REMEMBERED
from generator.clearance.trail import TRAIL_NAME
from generator.clearance.withdrawals import Withdrawal, encode_withdrawals
from generator.site import paths


def finish(
    settings: Settings,
    result: BuildResult,
    assembly: Assembly,
    knowledge: Knowledge,
    tree: Tree,
    drafted: Draft,
    proof: AuditResult,
    head: cache.Head,
    memory: cache.Memory | None,
    commit: str,
) -> BuildResult:
    """Seal the tree, unless something leaked, and remember the build."""
    as_read = decisions_digest(settings.state) == head.decisions  # by a build of its own more may have been told since
    withdrawn = _remember_withdrawals(settings, assembly)
    _remember_refusals(settings, assembly)
    report = _report(settings, result, assembly, drafted, withdrawn, commit)
    _seal(settings, tree, drafted.manifest, leaking=bool(proof.leaks))
    if drafted.trail:  # before the report is replaced, so that nothing is lost
        settings.fs.append(settings.state / TRAIL_NAME, drafted.trail)
    digest = save_report(settings.fs, settings.state, report, drafted.items)
    outcome = Outcome(
        bound_to=drafted.digest,
        diagnostics=result.diagnostics,
        published=result.published,
        withheld=dict(result.withheld),
        proof=proof.proof,
    )
    settings.fs.write(settings.cache / OUTCOME, *cache.sealed(msgspec.msgpack.encode(outcome)), mode=0o600)
    moments = (report.next_build_at, assembly.next_word_at)
    head = msgspec.structs.replace(
        head,
        decisions=decisions_digest(settings.state) if as_read else "",
        now=settings.now,
        next_change_at=min((moment for moment in moments if moment is not None), default=None),
        manifest=drafted.digest,
        report=digest,
        verdicts=drafted.verdicts,
    )
    cache.save_memory(settings.fs, settings.cache, head, drafted.memory)
    before = memory.sources if memory else {}
    changed = drafted.gone | (knowledge.read & before.keys())
    tidy(settings, knowledge.states, [before[path] for path in changed])
    return replace(result, report=report)


def _remember_withdrawals(settings: Settings, assembly: Assembly) -> tuple[Withdrawal, ...]:
    """Every withdrawal that was ever in force, remembered before anything can be released."""
    if settings.kind != "release":
        return ()
    remembered = load_remembered(settings.state)
    new = [one for one in assembly.screening.evidence.withdrawals if one not in remembered]
    if new:
        settings.fs.write(
            settings.state / REMEMBERED, encode_withdrawals([*remembered, *new]), mode=0o600, durable=True
        )
    return (*remembered, *new)


def _remember_refusals(settings: Settings, assembly: Assembly) -> None:
    """The same of every decision that an item is not to be published."""
    if settings.kind != "release":
        return
    remembered = load_refused(settings.state)
    known = {one.path for one in remembered}
    standing = chain.from_iterable(assembly.screening.evidence.records.values())
    new = [msgspec.structs.replace(one, signed_by={}) for one in standing if not one.passes and one.path not in known]
    if new:
        settings.fs.write(settings.state / REFUSED, encode_records([*remembered, *new]), mode=0o600, durable=True)


def _seal(settings: Settings, tree: Tree, data: bytes, *, leaking: bool) -> None:
    path = settings.out / MANIFEST_NAME
    if leaking:
        tree.unseal()
    elif not path.is_file() or path.read_bytes() != data:
        settings.fs.write(path, data, durable=True)


def _report(
    settings: Settings,
    result: BuildResult,
    assembly: Assembly,
    drafted: Draft,
    withdrawn: Sequence[Withdrawal],
    commit: str,
) -> ReportHead:
    return ReportHead(
        manifest_sha256=drafted.digest,
        kind=settings.kind,
        now=settings.now,
        commit=commit,
        next_change_at=drafted.next_change_at,
        next_clearance_at=assembly.screening.next_clearance_at,
        audit_passed=settings.kind == "release" and not result.leaks,
        faults=result.faults,
        counts=drafted.counts,
        redirects={
            one.page or f"{one.unit}/{one.former}": paths.item_page(one.item) for one in assembly.catalogue.redirects()
        },
        withdrawn={
            one.item: one.withdrawn_on.isoformat() for one in sorted(withdrawn, key=lambda one: one.withdrawn_on)
        },
        hosts=hosts_of(assembly.catalogue.cluster),
        rules=assembly.rules,
        tombstones=tuple(sorted(paths.item_page(one.id) for one in assembly.screening.tombstones)),
    )


_GIT = ("git", "--no-optional-locks", "-C")
"""Looks only: it may be killed, and must not stand in the way of what an editor commits meanwhile."""


def commit_of(folder: Path) -> str:
    """The commit of the repository that holds ``folder``; ends in ``+`` when the folder has uncommitted changes."""
    with commit_asked(folder) as commit:
        return commit()


@contextmanager
def commit_asked(folder: Path) -> Iterator[Callable[[], str]]:
    """Begin to ask git for ``commit_of``, which looks at every file of a large folder; gives what waits for it."""
    questions = (["rev-parse", "HEAD"], ["status", "--porcelain", "--", "."])
    with ExitStack() as asked:
        try:
            answers = [asked.enter_context(_ask([*_GIT, str(folder), *words])) for words in questions]
        except OSError:
            answers = []
        try:
            yield lru_cache(partial(_commit, answers))
        finally:
            for answer in answers:  # a build that failed has not taken it, and copies of this process may hold its pipe
                answer.kill()


def _ask(command: Sequence[str]) -> subprocess.Popen[str]:
    # Git quotes names that are no UTF-8, unless it was told not to, as it often is where names are Chinese.
    return subprocess.Popen(command, stdout=PIPE, stderr=DEVNULL, text=True, errors="surrogateescape")


def _commit(answers: Sequence[subprocess.Popen[str]]) -> str:
    said = [answer.communicate()[0].strip() for answer in answers]
    if not answers or any(answer.returncode for answer in answers):
        return ""
    head, changes = said
    return head + ("+" if changes else "")
