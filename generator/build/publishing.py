"""Catalogue → files of the tree. Effects: reads content and packs, writes the tree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import NamedTuple

from generator.build.cache import OutputState
from generator.build.executor import Workers
from generator.build.inputs import Inputs
from generator.build.learning import PACKS, Knowledge
from generator.build.outputs import stamp_of
from generator.build.progress import Progress
from generator.build.rendering import PageJob, RenderContext, RenderTask, key_of, page_key, put, render_chunk
from generator.build.screening import Assembly
from generator.build.settings import Settings
from generator.build.shared import Shared
from generator.build.tree import Tree
from generator.clearance.attachments import stripped_unless_changed
from generator.clearance.gate import ClearedItem, Screening
from generator.errors import GeneratorError
from generator.model import AttachmentFacts, Verdict
from generator.render.pages import plan_sites
from generator.site import paths

_CHUNK = 96
_FEW = 60

WATERMARKS = {
    Verdict.UNCLEARED: "预览：未经保密审查，不得外传",
    Verdict.FAULTY: "预览：写法有误，不得外传",
    Verdict.SCHEDULED: "预览：未到发布时间，不得外传",
    Verdict.EXPIRED: "预览：已过期，不再公开",
    Verdict.AUDIENCE: "预览：不面向社会公众，不得外传",
    Verdict.BLOCKED: "预览：负面清单或附件检查不通过，不得外传",
    Verdict.NO_RECORD: "预览：缺保密审查记录，不得外传",
    Verdict.VOID: "预览：审查后又改动，不得外传",
    Verdict.REFUSED: "预览：审查结论为不公开，不得外传",
    Verdict.GROUP: "预览：同组件未全部审查，不得外传",
    Verdict.WITHDRAWN: "预览：已撤回，不得外传",
}
"""What a page says in the preview when its item must not leave."""


class ContentChanged(GeneratorError):
    """A file of the content folder is no longer the one that was inspected."""


def publish_attachments(settings: Settings, screening: Screening, tree: Tree) -> None:
    """Copy what cleared items name; raises ``ContentChanged`` when a file is not the one that was cleared."""
    for one in screening.cleared:
        for file in one.facts.attachments:
            path = paths.attachment(one.id, file.safe_name)
            key = bytes.fromhex(file.published_sha256)
            if not tree.keep(path, key):
                tree.unseal()
                tree.add(path, _publish(settings, one, file, path, key))


def _publish(settings: Settings, one: ClearedItem, file: AttachmentFacts, path: str, key: bytes) -> OutputState:
    source = settings.content / one.id / file.name
    target = settings.out / path
    try:
        if file.stripped:
            data = stripped_unless_changed(source, file.sha256)
            if data is not None and hashlib.sha256(data).hexdigest() == file.published_sha256:
                return put(settings.fs, settings.out, path, data, key, one.id)
        else:
            stat, digest = settings.fs.copy(source, target)
            if digest == file.published_sha256:
                return OutputState(key, stat.st_size, bytes.fromhex(digest), stamp_of(stat), one.id)
            settings.fs.remove(target)
    except FileNotFoundError:
        if source.exists():  # something else is missing
            raise
    raise ContentChanged(
        f"附件在构建过程中被改动：content/{one.id}/{file.name}，请重新构建。"
        "An attachment changed during the build; build again."
    )


class BegunPages(NamedTuple):
    """Pages that workers write while the build goes on."""

    sites: dict[str, str]
    """Each site's fingerprint, to be remembered."""
    jobs: int
    written: Iterator[list[tuple[str, OutputState]]]

    def finish(self, tree: Tree, progress: Progress) -> None:
        """Wait for every page."""
        if self.jobs:
            progress.stage("render", self.jobs)
        for written in self.written:
            for path, entry in written:
                tree.add(path, entry)
            progress.advance(len(written))


def begin_pages(
    settings: Settings,
    inputs: Inputs,
    knowledge: Knowledge,
    assembly: Assembly,
    tree: Tree,
    remembered: Mapping[str, str],
    crew: Workers,
) -> BegunPages:
    """Begin to write every page whose key or file changed, and write static files."""
    watermarks = _watermarks(settings, assembly.screening)
    sites: dict[str, str] = {}
    jobs = _changed_pages(inputs, knowledge, assembly, tree, watermarks, remembered, sites)
    first = [*islice(jobs, _FEW + 1)]
    if not first:
        _write_assets(settings, inputs, tree)
        return BegunPages(sites, 0, iter(()))
    tree.unseal()
    context = RenderContext(
        theme=inputs.theme,
        compiled=inputs.compiled,
        cluster=inputs.cluster,
        out=settings.out.resolve(),
        packs=(settings.cache / PACKS).resolve(),
        fs=settings.fs,
        watermarks=watermarks,
    )
    shared = Shared(settings.fs, settings.cache.resolve(), context)
    sizes: list[int] = []
    # Planned while workers render what was planned before: they have nothing else to do yet.
    tasks = (RenderTask(shared, chunk) for chunk in _chunked(chain(first, jobs), sizes))
    written = crew.begin(render_chunk, tasks, small=len(first) <= _FEW)
    _write_assets(settings, inputs, tree)
    return BegunPages(sites, sum(sizes), written)


def _write_assets(settings: Settings, inputs: Inputs, tree: Tree) -> None:
    for site in ("", *(unit.id for unit in inputs.cluster.units)):
        for file in inputs.theme.assets(site):
            if not tree.keep(file.path, key_of(file)):
                tree.unseal()
                tree.add(file.path, put(settings.fs, settings.out, file.path, file.data, key_of(file), file.source))


def _chunked(jobs: Iterable[PageJob], sizes: list[int]) -> Iterator[list[PageJob]]:
    """Chunks of jobs as soon as each is complete; ``sizes`` takes how many are in it."""
    source = iter(jobs)
    while chunk := [*islice(source, _CHUNK)]:
        sizes.append(len(chunk))
        yield chunk


def _watermarks(settings: Settings, screening: Screening) -> Mapping[str, str]:
    if settings.kind == "release":
        return {}
    return {one.id: WATERMARKS[one.verdict] for one in screening.withheld}


def _changed_pages(
    inputs: Inputs,
    knowledge: Knowledge,
    assembly: Assembly,
    tree: Tree,
    watermarks: Mapping[str, str],
    remembered: Mapping[str, str],
    sites: dict[str, str],
) -> Iterator[PageJob]:
    """Pages to write. A site whose fingerprint is the remembered one, and whose files stand, is not even planned."""
    items, states = assembly.catalogue.items, knowledge.states
    marks = repr(sorted(watermarks.items())) if watermarks else ""
    for plan in plan_sites(
        assembly.catalogue, assembly.resolution, inputs.theme, lambda one: states[one.facts.path].key
    ):
        if plan.site:
            sites[plan.site] = plan.fingerprint.hex() + marks
            if remembered.get(plan.site) == sites[plan.site] and tree.keep_pages_of(plan.site):
                continue
        for page in plan.pages():
            one = items[page.item] if page.item else None
            key = page_key(page, one.facts.body_digest if one else "", inputs.theme, watermarks.get(page.item, ""))
            if not tree.keep(page.path, key):
                yield PageJob(page, knowledge.body_of(one.facts.path) if one else None, key)
