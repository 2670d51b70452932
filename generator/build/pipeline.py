"""The build: from a repository of items to a tree that may be released. Effects: all of a build's.

Reads as its table of contents: inputs, survey, learn, arrange, render, index, audit, finish. The manifest
is removed before the first change to the tree and written after the audit; memory is written last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from generator.build import cache, finishing
from generator.build.auditing import AuditResult, audit
from generator.build.executor import Workers, workers
from generator.build.fs import locked
from generator.build.indexing import DECODERS, index
from generator.build.inputs import Inputs, configuration_texts, digest_of, load_inputs
from generator.build.learning import HOLDING, PACKS, Knowledge, learn, parse_key, survey, unread_unchanged
from generator.build.outputs import claim
from generator.build.progress import Progress, Silent, Timings
from generator.build.publishing import publish_attachments, publish_pages
from generator.build.result import BuildResult
from generator.build.screening import Assembly, arrange
from generator.build.settings import Settings
from generator.build.tree import Tree

LOCK = "lock"


@dataclass(frozen=True)
class _Run:
    """What every step of one build shares."""

    settings: Settings
    progress: Progress
    timings: Timings
    crew: Workers


def build(settings: Settings, progress: Progress | None = None) -> BuildResult:
    """Bring ``settings.out`` to what content, definitions, theme and ``now`` say.

    Raises:
        ConfigError: with every fault of definitions and theme; nothing was written.
        UsageError: the output folder is not ours, or is of another kind.
        LockedError: another build holds the folder, and we were not to wait.
    """
    with _prepared(settings, progress or Silent()) as run:
        return _build(run)


def check(settings: Settings, progress: Progress | None = None) -> BuildResult:
    """Say all that a build would say of content and configuration, without a tree."""
    with _prepared(settings, progress or Silent()) as run:
        timings = run.timings
        with timings.measure("inputs"):
            inputs, code = load_inputs(settings), cache.code_digest()
            memory = cache.load_memory(settings.cache, code)
        with timings.measure("parse"):
            surveyed = survey(settings, inputs.cluster)
            knowledge = learn(settings, inputs, code, surveyed, memory, run.crew, run.progress)
        with timings.measure("arrange"):
            assembly = arrange(settings, inputs, knowledge)
        return _result(run, knowledge, assembly)


@contextmanager
def _prepared(settings: Settings, progress: Progress) -> Iterator[_Run]:
    for folder in (settings.cache, settings.cache / PACKS, settings.state):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    holding = settings.cache / HOLDING
    with (
        locked(settings.cache / LOCK, settings.kind, wait=settings.wait, on_wait=progress.waiting),
        workers(settings.executor, settings.jobs, holding) as crew,
    ):
        yield _Run(settings, progress, Timings(), crew)


def _build(run: _Run) -> BuildResult:
    settings, timings = run.settings, run.timings
    with timings.measure("inputs"):
        claim(settings.fs, settings.out, settings.kind)
        inputs, code = load_inputs(settings), cache.code_digest()
        memory = cache.load_memory(settings.cache, code)
        tree = Tree(settings.fs, settings.out, memory.outputs if memory else {}, settings.explain)
        configuration = configuration_texts(settings)
        evidence = finishing.evidence_digest(settings, inputs.cluster)
        inputs_digest = f"{settings.kind} {digest_of(configuration)} {evidence}"
        surveyed = survey(settings, inputs.cluster)
        if memory is not None and memory.head.inputs == inputs_digest and tree.untouched:
            standing = finishing.standing(settings, memory)
            if standing is not None and unread_unchanged(surveyed[0], memory.sources):
                return finishing.nothing_to_do(standing, memory, timings)
    with timings.measure("parse"):
        knowledge = learn(settings, inputs, code, surveyed, memory, run.crew, run.progress)
    with timings.measure("arrange"):
        assembly = arrange(settings, inputs, knowledge)
    tree.clear_strangers()
    with timings.measure("render"):
        publish_attachments(settings, assembly.screening, tree)
        publish_pages(settings, inputs, knowledge, assembly, tree, run.crew, run.progress)
    with timings.measure("index"):
        index(settings, inputs, knowledge, assembly, tree, memory, run.progress)
    with timings.measure("prune"):
        tree.prune()
    with timings.measure("audit"):
        proof = _audit(run, inputs, knowledge, assembly, tree, configuration, memory)
    with timings.measure("finish"):
        result = _result(run, knowledge, assembly, tree, proof)
        head = cache.Head(
            code=code,
            machine=cache.machine_digest(settings.cache),
            inputs="" if proof.leaks else inputs_digest,
            parse_key=parse_key(code, inputs).hex(),
            parts=dict(memory.head.parts) if memory else {},
        )
        return finishing.finish(settings, result, assembly, knowledge, tree, proof, head, memory)


def _audit(
    run: _Run,
    inputs: Inputs,
    knowledge: Knowledge,
    assembly: Assembly,
    tree: Tree,
    configuration: Mapping[str, bytes],
    memory: cache.Memory | None,
) -> AuditResult:
    if run.settings.kind == "preview":
        return AuditResult((), frozenset(), "")
    cluster = inputs.cluster
    base_urls = {unit.id: unit.host or f"{cluster.base_url}{unit.id}/" for unit in cluster.units}
    proof = audit(
        run.settings,
        assembly.screening,
        knowledge,
        tree.entries,
        finishing.remembered_clean(run.settings, memory),
        lambda: [data.decode("utf-8", "replace") for data in configuration.values()],
        DECODERS,
        base_urls,
        run.crew,
        run.progress,
    )
    for path in sorted({leak.path for leak in proof.leaks}):
        tree.drop(path)
    return proof


def _result(
    run: _Run,
    knowledge: Knowledge,
    assembly: Assembly,
    tree: Tree | None = None,
    proof: AuditResult | None = None,
) -> BuildResult:
    screening = assembly.screening
    sources = {one.id: f"content/{one.path}" for one in knowledge.facts.values()}
    leaks = proof.leaks if proof else ()
    found = {*assembly.diagnostics, *(leak.diagnostic(sources.get(leak.item, "content")) for leak in leaks)}
    return BuildResult(
        screening=screening,
        diagnostics=tuple(sorted(found)),
        published=len(screening.cleared),
        withheld=Counter(str(one.verdict) for one in screening.withheld),
        written=tuple(tree.written) if tree else (),
        kept=len(tree.entries) - len(tree.written) if tree else 0,
        deleted=tuple(tree.deleted) if tree else (),
        read=len(knowledge.changed),
        leaks=leaks,
        reason=tree.reason if tree else "",
        seconds=run.timings.seconds,
    )
