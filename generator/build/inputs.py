"""Everything a build reads beside content. Effects: reads ``sites`` and ``themes``;
keeps compiled templates and the table of search in the cache folder.

All configuration faults are reported together, whichever file they are in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from generator.build import cache
from generator.build.compiled import CompiledTemplates, load_compiled, save_compiled
from generator.build.settings import Settings
from generator.build.table import kept_folding
from generator.clearance.rules import Rules, load_rules
from generator.content.definitions import load_cluster
from generator.diagnostics import Diagnostic, in_order
from generator.errors import ConfigError
from generator.model import Cluster
from generator.render.theme import Theme, load_theme
from generator.search.folding import Folding
from generator.search.thesaurus import Thesaurus, load_thesaurus

T = TypeVar("T")


@dataclass(frozen=True)
class Inputs:
    """The definitions and the theme, checked."""

    cluster: Cluster
    rules: Rules
    theme: Theme
    thesaurus: Thesaurus
    compiled: CompiledTemplates
    """The theme's templates, as far as they are compiled."""
    table: Folding
    """By which search folds characters."""


def load_inputs(settings: Settings, trusted: str = "") -> Inputs:
    """Read all configuration; raises ``ConfigError`` with the faults of every file.

    ``trusted`` is the digest of a theme that was found faultless, whose templates need no second look.
    """
    faults: list[Diagnostic] = []
    cluster = load_cluster(settings.sites)
    if settings.kind == "preview":
        cluster = _on_one_host(cluster)
    rules = _collect(faults, lambda: load_rules(settings.sites, cluster))
    code = cache.code_digest()
    known = load_compiled(settings.cache, code)
    compiled = known or CompiledTemplates()
    if known is None:
        trusted = ""  # looking for faults compiles every template
    theme = _collect(faults, lambda: load_theme(settings.themes, cluster, trusted, compiled))
    thesaurus = _collect(faults, lambda: load_thesaurus(settings.sites))
    if rules is None or theme is None or thesaurus is None:
        raise ConfigError(in_order(faults))
    if not compiled.complete:
        save_compiled(settings.fs, settings.cache, code, compiled)
    return Inputs(cluster, rules, theme, thesaurus, compiled, kept_folding(settings.fs, settings.cache))


def _collect(faults: list[Diagnostic], load: Callable[[], T]) -> T | None:
    try:
        return load()
    except ConfigError as error:
        faults += error.diagnostics
        return None


def _on_one_host(cluster: Cluster) -> Cluster:
    """The preview has one address: units with hosts of their own are shown below it like the others."""
    units = tuple(msgspec.structs.replace(unit, host=None) for unit in cluster.units)
    return msgspec.structs.replace(cluster, units=units)
