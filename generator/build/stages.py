"""The stages of a build that has something to do, in their order. Effects: all of a build's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache, partial

import msgspec

from generator.build import cache, drafting, finishing
from generator.build.auditing import Audit, AuditResult, Remembered, UnderWay, begin_audit
from generator.build.background import in_background
from generator.build.configuration import Configuration, touched_since
from generator.build.executor import Workers
from generator.build.indexing import DECODERS, begin_indexing, begin_mending
from generator.build.inputs import Inputs, load_definitions, load_inputs
from generator.build.learning import Knowledge, begin_learning, load_readers, parse_key, tidy
from generator.build.progress import Progress, Timings
from generator.build.publishing import begin_pages, publish_attachments
from generator.build.result import BuildResult
from generator.build.screening import Assembly, arrange
from generator.build.settings import Settings
from generator.build.standing import Proof, load_outcome
from generator.build.table import kept_folding
from generator.build.tree import Tree
from generator.build.unread import Survey, strays_digest
from generator.build.withheld import NOTHING_AHEAD, Ahead, begin_ahead
from generator.clearance.audit_texts import Publisher, Wording
from generator.clearance.folding import SEPARATOR
from generator.clearance.rules import next_review
from generator.model import Category, Cluster, Contact
from generator.render.article import FACTS


@dataclass(frozen=True)
class Run:
    """What every stage of one build shares."""

    settings: Settings
    progress: Progress
    timings: Timings
    crew: Workers
    code: str
    memory: cache.Memory | None
    surveyed: Callable[[Cluster], Survey]
    """Gives the content folder as it stands, which may have been looked at already."""


def run_check(run: Run) -> BuildResult:
    """The stages before the tree."""
    _, knowledge, assembly, _ = _assemble(run, audited=False)
    # What was read is remembered by no head.
    tidy(run.settings, run.memory.sources if run.memory is not None else {}, ())
    return _result(run, knowledge, assembly)


def _assemble(run: Run, *, audited: bool) -> tuple[Inputs, Knowledge, Assembly, Ahead]:
    settings, timings, memory = run.settings, run.timings, run.memory
    with ExitStack() as begun:
        with timings.measure("inputs"):
            # Where there is no memory the table is made, which takes as long as all else until workers can begin.
            keep = partial(kept_folding, settings.fs, settings.cache)
            kept = begun.enter_context(in_background(keep, alone=memory is not None or run.crew.jobs == 1))
            definitions = load_definitions(settings)
        with timings.measure("parse"):
            if memory is None:
                load_readers()  # while others look at the content folder and make the table
            surveyed, table = run.surveyed(definitions.cluster), kept()
            given = (settings, definitions, run.code, surveyed, memory, run.crew, run.progress)
            learned = begun.enter_context(begin_learning(*given))
        with timings.measure("inputs"):  # meanwhile workers read
            inputs = load_inputs(settings, definitions, table, trusted=memory.head.theme if memory else "")
        with timings.measure("parse"):
            knowledge = learned()
    ahead = _begin_ahead(run, knowledge) if audited else NOTHING_AHEAD
    with timings.measure("arrange"):
        assembly = arrange(settings, inputs, knowledge, memory.head.verified if memory else {})
    return inputs, knowledge, assembly, ahead


def run_build(run: Run, tree: Tree, configuration: Configuration) -> BuildResult:
    """Every stage."""
    with finishing.commit_asked(run.settings.content) as commit:  # while there is no work for others yet
        return _build(run, tree, configuration, commit)


def _build(run: Run, tree: Tree, configuration: Configuration, commit: Callable[[], str]) -> BuildResult:
    settings, timings, memory = run.settings, run.timings, run.memory
    # Everything but a preview is audited.
    inputs, knowledge, assembly, ahead = _assemble(run, audited=settings.kind != "preview")
    strays = strays_digest(settings.content, knowledge.tree)  # before the audit reads them: what comes later is other
    tree.clear_strangers()
    given = (settings, inputs, knowledge, assembly, tree)
    with begin_mending(*given, memory, run.crew) as mended:
        with timings.measure("audit"):
            audit = _begin_audit(run, inputs, knowledge, assembly, configuration.texts, ahead)
        with timings.measure("render"):
            publish_attachments(settings, assembly.screening, tree)
            remembered = memory.head.sites if memory else {}
            pages = begin_pages(*given, remembered, run.crew)
        with timings.measure("index"):  # meanwhile the workers render
            audited = audit is not None
            indexing = begin_indexing(*given, memory, mended(), run.crew, run.progress, audited=audited)
    if audit:
        with timings.measure("audit"):
            audit.asked()  # while workers are busy
    with timings.measure("render"):
        pages.finish(tree, run.progress)
    with timings.measure("audit"):
        begun = audit.begin(tree.entries) if audit else None
    with timings.measure("index"):
        indexing.write()
    with timings.measure("audit"):
        terms = audit.begin_terms(tree.entries) if audit else None
    with timings.measure("index"):
        texts = indexing.finish()
    with timings.measure("prune"):
        tree.prune()
    with timings.measure("audit"):
        proof, drafted = _run_audit(run, audit, UnderWay(begun, texts, terms), knowledge, assembly, tree, commit)
    with timings.measure("finish"):
        held = inputs, pages, indexing, audit, terms, drafted
        result = _result(run, knowledge, assembly, tree, proof, held)
        leaked = bool(proof.leaks)
        head = _head(run, inputs, assembly, configuration, strays, {} if leaked else pages.sites)
        if leaked or touched_since(settings, configuration.began):  # these inputs are not believed the next time
            head = msgspec.structs.replace(head, inputs="", leaked=leaked)
        return finishing.finish(settings, result, assembly, knowledge, tree, drafted, proof, head, memory, commit())


def _head(
    run: Run,
    inputs: Inputs,
    assembly: Assembly,
    configuration: Configuration,
    strays: str,
    sites: Mapping[str, str],
) -> cache.Head:
    """What the next build compares first. ``sites``: what was deleted for a leak is made, and looked at, again."""
    settings, cluster, memory = run.settings, inputs.cluster, run.memory
    return cache.Head(
        code=run.code,
        machine=cache.machine_digest(settings.cache),
        inputs=configuration.digest,
        decisions=configuration.decisions,
        next_review=next_review(inputs.rules, settings.now.date()),
        strays=strays,
        parse_key=parse_key(run.code, inputs).hex(),
        units=tuple(unit.id for unit in cluster.units),
        categories=tuple(category.id for category in cluster.categories),
        theme=inputs.theme.digest,
        sites=dict(sites),
        verified=dict(assembly.verified),
        parts=dict(memory.head.parts) if memory else {},
    )


def _begin_ahead(run: Run, knowledge: Knowledge) -> Ahead:
    """Where there is a memory, what was read before is read no more."""
    return begin_ahead(run.settings, knowledge, run.crew) if run.memory is None else NOTHING_AHEAD


def _begin_audit(
    run: Run,
    inputs: Inputs,
    knowledge: Knowledge,
    assembly: Assembly,
    configuration: Mapping[str, bytes],
    ahead: Ahead,
) -> Audit | None:
    """Everything but a preview is audited."""
    if run.settings.kind == "preview":
        return None
    cluster = inputs.cluster
    wording = _wording(cluster, inputs.theme.strings)
    publishers = {
        unit.id: Publisher(unit.name, unit.short_name, unit.host or f"{cluster.base_url}{unit.id}/", wording)
        for unit in cluster.units
    }
    said = {**configuration, "definitions as shown": _definitions_as_shown(cluster, inputs.theme.strings)}
    screening, remembered = assembly.screening, _remembered(run)
    return begin_audit(run.settings, screening, knowledge, remembered, said, DECODERS, publishers, run.crew, ahead)


_STATE = "validity_"
"""Begins the names of texts that are shown for states of validity."""


def _wording(cluster: Cluster, strings: Mapping[str, str]) -> Wording:
    """How pages name what they list of an item; a theme may show less."""
    categories = {one.id: one for one in cluster.categories}
    ways: dict[str, str] = {}
    for one in cluster.categories:
        above: Category | None = one
        while above is not None:
            ways[one.id] = above.name + ways.get(one.id, "")
            above = categories[above.parent] if above.parent else None
    return Wording(
        facts=tuple((key, strings.get(f"field_{key}", "")) for key in FACTS),
        names={one.id: one.name for one in cluster.categories}
        | {key.removeprefix(_STATE): text for key, text in strings.items() if key.startswith(_STATE)},
        ways=ways,
        body=strings.get("body", ""),
        cite=strings.get("cite", ""),
        report=strings.get("report_error", ""),
        previous=strings.get("previous_item", ""),
        next=strings.get("next_item", ""),
    )


def _definitions_as_shown(cluster: Cluster, strings: Mapping[str, str]) -> bytes:
    """What pages make of definitions: behind the name of a unit what it does and, each with its label, its contacts."""
    units = ((unit.name, unit.description, unit.contact) for unit in cluster.units)
    shown: list[str] = []
    for name, does, contact in ((cluster.name, cluster.description, cluster.contact), *units):
        ways = [(key, getattr(contact, key)) for key in Contact.__struct_fields__]
        shown.append("".join((name, does, *(f"{strings.get(key, '')}{way}" for key, way in ways if way))))
    return SEPARATOR.join(shown).encode()


def _run_audit(
    run: Run,
    audit: Audit | None,
    under_way: UnderWay,
    knowledge: Knowledge,
    assembly: Assembly,
    tree: Tree,
    commit: Callable[[], str],
) -> tuple[AuditResult, drafting.Draft]:
    """The verdict, and what is to be written of the files that stand it."""

    def draft() -> drafting.Draft:
        return drafting.draft(run.settings, knowledge, assembly, tree, run.memory, commit())

    if audit is None:
        return AuditResult((), Proof()), draft()
    drafted = lru_cache(draft)
    proof = audit.run(tree.entries, under_way, run.progress, drafted)
    if not proof.leaks:
        return proof, drafted()
    for path in sorted({leak.path for leak in proof.leaks}):
        tree.drop(path)
    return proof, draft()


def _remembered(run: Run) -> Remembered:
    outcome = load_outcome(run.settings) if run.memory is not None else None
    if run.memory is None or outcome is None or outcome.bound_to != run.memory.head.manifest:
        return Remembered(Proof(), {})
    return Remembered(outcome.proof, run.memory.outputs)


def _result(
    run: Run,
    knowledge: Knowledge,
    assembly: Assembly,
    tree: Tree | None = None,
    proof: AuditResult | None = None,
    held: tuple[object, ...] = (),
) -> BuildResult:
    screening = assembly.screening
    leaks = proof.leaks if proof else ()
    sources = {one.id: f"content/{one.path}" for one in knowledge.facts.values()} if leaks else {}
    found = {*assembly.diagnostics, *(leak.diagnostic(sources.get(leak.item, "content")) for leak in leaks)}
    return BuildResult(
        screening=screening,
        diagnostics=tuple(sorted(found)),
        published=len(screening.cleared),
        withheld=Counter(str(one.verdict) for one in screening.withheld),
        written=tuple(tree.written) if tree else (),
        kept=len(tree.entries) - len(tree.entries.keys() & set(tree.written)) if tree else 0,
        deleted=tuple(tree.deleted) if tree else (),
        read=len(knowledge.changed),
        leaks=leaks,
        reason=tree.reason if tree else "",
        seconds=run.timings.seconds,
        made_of=(run.memory, knowledge, assembly, tree, *held),
    )
