"""The build: from a repository of items to a tree that may be released. Effects: all of a build's.

Inputs, survey, learn, arrange, render, index, audit, finish: the stages are in ``stages``, loaded only when there is
something to do. The manifest is removed before the first change to the tree and written after the audit; memory is
written last.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from generator.build import cache
from generator.build.background import in_background
from generator.build.configuration import Configuration, configuration_texts, load_configuration
from generator.build.fs import TEMPORARY, folder_held, locked
from generator.build.outputs import claim, differences
from generator.build.progress import Progress, Silent, Timings
from generator.build.result import BuildResult
from generator.build.settings import Settings
from generator.build.shared import SHARED
from generator.build.standing import survey_again, survey_early, survey_unless_seen, unchanged
from generator.build.tree import Tree
from generator.build.unread import Survey, strays_digest, survey, unread_unchanged
from generator.model import Cluster

Surveyor = Callable[[Cluster], Survey]
"""Gives the content folder as it stands, which may have been looked at already."""

LOCK = "lock"
HOLDING = "holding"


def build(settings: Settings, progress: Progress | None = None) -> BuildResult:
    """Bring ``settings.out`` to what content, definitions, theme and ``now`` say.

    Raises:
        ConfigError: with every fault of definitions and theme; nothing was written.
        UsageError: the output folder is not ours, or is of another kind.
        LockedError: another build holds the folder, and we were not to wait.
    """
    listener, timings = progress or Silent(), Timings()
    with _alone(settings, listener), ExitStack() as looking:
        claim(settings.fs, settings.out, settings.kind)
        looking.enter_context(folder_held(settings.out, wait=settings.wait, on_wait=listener.waiting))
        with timings.measure("compare"):
            code = cache.code_digest()
            memory = cache.load_memory(settings.cache, code)
            ledger = memory.outputs if memory else {}
            # The tree is looked at while the content folder is, and while the stages are loaded.
            alone = memory is None or _is_alone(settings)
            look = looking.enter_context(in_background(partial(differences, settings.out, ledger), alone=alone))
            tree = Tree(settings.fs, settings.out, ledger, look, settings.explain)
            configuration = load_configuration(settings)
            surveyed: Surveyor = partial(survey, settings.content)
            if memory is None:
                early = partial(survey_early, settings)
                seen = looking.enter_context(in_background(early, alone=_is_alone(settings)))
                surveyed = partial(survey_unless_seen, settings, seen)
            elif (memory.head.inputs, memory.head.decisions) == (configuration.digest, configuration.decisions):
                again = survey_again(settings, memory)
                surveyed = partial(_as_seen, again)
                same = unread_unchanged(again[0], memory.sources)
                same = same and strays_digest(settings.content, again[0]) == memory.head.strays
                if same and tree.untouched:
                    result = unchanged(settings, memory, timings)
                    if result is not None:
                        return result
        return _run(settings, listener, timings, code, memory, surveyed, tree, configuration)


def _as_seen(seen: Survey, cluster: Cluster) -> Survey:
    return seen


def _is_alone(settings: Settings) -> bool:
    """Whether all is to be done by one process."""
    return settings.executor == "serial" or settings.jobs == 1 or len(os.sched_getaffinity(0)) == 1


def _run(
    settings: Settings,
    listener: Progress,
    timings: Timings,
    code: str,
    memory: cache.Memory | None,
    surveyed: Surveyor,
    tree: Tree,
    configuration: Configuration,
) -> BuildResult:
    from generator.build.executor import workers
    from generator.build.packs import PackError
    from generator.build.stages import Run, run_build

    with workers(settings.executor, settings.jobs, settings.cache / HOLDING) as crew:
        run = Run(settings, listener, timings, crew, code, memory, surveyed)
        try:
            return run_build(run, tree, configuration)
        except PackError:
            if memory is None:  # what this very build wrote cannot be read: the disk is at fault
                raise
    # A body in the cache is damaged. Nothing of that cache is believed: all is made again.
    cache.forget(settings.fs, settings.cache)
    with workers(settings.executor, settings.jobs, settings.cache / HOLDING) as crew:
        tree = Tree(settings.fs, settings.out, {}, partial(differences, settings.out, {}), settings.explain)
        run = Run(settings, listener, timings, crew, code, None, partial(survey, settings.content))
        return run_build(run, tree, configuration)


def check(settings: Settings, progress: Progress | None = None) -> BuildResult:
    """Say all that a build would say of content and configuration, without a tree."""
    from generator.build.executor import workers
    from generator.build.stages import Run, run_check

    listener = progress or Silent()
    with _alone(settings, listener), workers(settings.executor, settings.jobs, settings.cache / HOLDING) as crew:
        configuration_texts(settings)
        code = cache.code_digest()
        memory, surveyed = cache.load_memory(settings.cache, code), partial(survey, settings.content)
        return run_check(Run(settings, listener, Timings(), crew, code, memory, surveyed))


@contextmanager
def _alone(settings: Settings, progress: Progress) -> Iterator[None]:
    for folder in (settings.cache, settings.cache / "packs", settings.state):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(settings.cache / LOCK, settings.kind, wait=settings.wait, on_wait=progress.waiting):
        _sweep(settings.cache)  # a build that was killed could not
        try:
            yield
        finally:
            _sweep(settings.cache)


def _sweep(cache_folder: Path) -> None:
    """Delete what no other build than the one that wrote it reads."""
    notes = cache_folder / HOLDING
    with os.scandir(cache_folder) as entries:
        left = [entry.path for entry in entries if entry.name.startswith((SHARED, TEMPORARY))]
    for path in (*left, *(notes.iterdir() if notes.is_dir() else ())):
        with suppress(OSError):
            os.unlink(path)
