"""Everything a build reads beside content. Effects: reads ``sites`` and ``themes``;
keeps compiled templates in the cache folder.

In two steps: with the definitions workers can read content already, while the theme is looked at.
All faults of configuration are reported together, whichever file they are in; the theme's, once the cluster has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import msgspec

from generator.build import cache
from generator.build.compiled import CompiledTemplates, load_compiled, save_compiled
from generator.build.settings import Settings
from generator.clearance.rules import Rules, faults_of_rules, load_rules
from generator.content.definitions import load_cluster, place_in
from generator.diagnostics import Diagnostic, in_order
from generator.errors import ConfigError
from generator.model import Cluster
from generator.render.theme import Theme, load_theme
from generator.search.folding import Folding
from generator.search.thesaurus import Thesaurus, load_thesaurus

T = TypeVar("T")


@dataclass(frozen=True)
class Definitions:
    """What is learned of an item depends on these, checked."""

    cluster: Cluster
    rules: Rules


@dataclass(frozen=True)
class Inputs(Definitions):
    """The definitions and the theme, checked."""

    theme: Theme
    thesaurus: Thesaurus
    compiled: CompiledTemplates
    """The theme's templates, as far as they are compiled."""
    table: Folding
    """By which search folds characters."""


def load_definitions(settings: Settings) -> Definitions:
    """Read what content is read by; raises ``ConfigError`` with the faults of every file of configuration."""
    faults: list[Diagnostic] = []
    cluster = _collect(faults, lambda: load_cluster(settings.sites))
    if cluster is None:  # of the theme nothing is said: which it is, and what it is asked for, stands there
        faults += faults_of_rules(settings.sites)
        _collect(faults, lambda: load_thesaurus(settings.sites))
        raise ConfigError(in_order(faults))
    if settings.kind == "preview":
        cluster = _on_one_host(cluster)
    rules = _collect(faults, lambda: load_rules(settings.sites, cluster))
    if rules is None:
        _load_shown(settings, cluster, "", faults)
        raise ConfigError(in_order(faults))
    return Definitions(cluster, rules)


def load_inputs(settings: Settings, definitions: Definitions, table: Folding, trusted: str = "") -> Inputs:
    """Read the rest; raises ``ConfigError`` as well.

    ``trusted`` is the digest of a theme that was found faultless, whose templates need no second look.
    """
    faults: list[Diagnostic] = []
    theme, thesaurus, compiled = _load_shown(settings, definitions.cluster, trusted, faults)
    if theme is None or thesaurus is None:
        raise ConfigError(in_order(faults))
    if not compiled.complete:
        save_compiled(settings.fs, settings.cache, cache.code_digest(), compiled)
    return Inputs(definitions.cluster, definitions.rules, theme, thesaurus, compiled, table)


def _load_shown(
    settings: Settings, cluster: Cluster, trusted: str, faults: list[Diagnostic]
) -> tuple[Theme | None, Thesaurus | None, CompiledTemplates]:
    known = load_compiled(settings.cache, cache.code_digest())
    compiled = known or CompiledTemplates()
    if known is None:
        trusted = ""  # looking for faults compiles every template
    locate = partial(place_in, settings.sites)
    theme = _collect(faults, lambda: load_theme(settings.themes, cluster, trusted, compiled, locate))
    return theme, _collect(faults, lambda: load_thesaurus(settings.sites)), compiled


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
