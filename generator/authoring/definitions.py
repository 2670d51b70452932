"""Definitions and theme as commits have them, where they are otherwise now. Effects: runs git; lays out folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from generator.authoring.history import differs_since
from generator.authoring.versions import committed_definitions


class Definitions(NamedTuple):
    """The folders of one version."""

    sites: Path
    themes: Path
    commit: str = ""
    """Whose version it is; empty of what lies in the working tree."""


@contextmanager
def earlier_definitions(now: Definitions, commits: Iterable[str]) -> Iterator[list[Definitions]]:
    """The versions of these commits that are other than ``now``, in their order, and ``now`` as the last.

    They stand for as long as the context lasts. A folder that a commit does not know, since it stands in another
    repository or in none, is as the next version has it.
    """
    with ExitStack() as stack:
        found = [now]
        for commit in reversed(dict.fromkeys(one.rstrip("+") for one in commits)):
            sites, themes = (
                stack.enter_context(_as_of(folder, commit, later))
                for folder, later in zip(now[:2], found[0][:2], strict=True)
            )
            if (sites, themes) != found[0][:2]:
                found.insert(0, Definitions(sites, themes, commit))
        yield found


@contextmanager
def _as_of(folder: Path, commit: str, later: Path) -> Iterator[Path]:
    if not differs_since(folder, commit):
        yield folder
        return
    with committed_definitions(folder, commit) as found:
        yield later if found == folder else found
