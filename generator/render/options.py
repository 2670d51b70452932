"""``theme.yml`` and ``theme_options`` → typed options. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, ValidationError, convert, field

from generator.diagnostics import Diagnostic, diagnostic
from generator.model import Cluster
from generator.render.colour import is_colour

CLUSTER_FILE = "sites/cluster.yml"
MOST_NAVIGATION = 5


class Accent(Struct, frozen=True, forbid_unknown_fields=True):
    """A colour on paper, and its legible variant on dark surfaces."""

    light: str
    dark: str


class Definition(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What ``theme.yml`` says."""

    name: str
    stylesheets: tuple[str, ...] = ()
    accents: dict[str, Accent]
    """By kind of unit; ``bureau`` is also the portal's."""
    paper: str
    surface: str
    dark_surface: str
    options: dict[str, str] = {}
    """Texts that the theme's own templates ask of the cluster, with their defaults."""
    unit_options: dict[str, str] = {}


class Need(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry of 我要办."""

    label: str
    to: str
    """``item:…``, ``category:…``, ``unit:…`` or ``search:…``."""
    hint: str = ""


class Options(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``theme_options`` of the cluster that every theme has."""

    language: str = "zh-CN"
    emblem: str = ""
    accent: str = ""
    accent_dark: str = ""
    navigation: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    example_queries: tuple[str, ...] = ()
    switcher_limit: int = 30
    texts: dict[str, str] = field(default_factory=dict)
    """Those that the theme's own ``options`` declare; never written under this name."""


def read_definition(data: Any, path: str) -> tuple[Definition | None, list[Diagnostic]]:
    """``theme.yml`` as a value, or what is wrong with it."""
    try:
        definition = convert(data, Definition)
    except ValidationError as error:
        return None, [diagnostic("theme-definition", path, reason=str(error))]
    colours = [definition.paper, definition.surface, definition.dark_surface]
    colours += [colour for accent in definition.accents.values() for colour in (accent.light, accent.dark)]
    found = [diagnostic("colour-format", path, key="theme.yml") for colour in colours if not is_colour(colour)]
    if "bureau" not in definition.accents:
        found.append(diagnostic("theme-definition", path, reason="accents.bureau"))
    return definition, found


def read_options(cluster: Cluster, definition: Definition) -> tuple[Options, list[Diagnostic]]:
    """The cluster's options, checked; faulty ones keep their default."""
    found: list[Diagnostic] = []
    values: dict[str, Any] = {}
    texts = dict(definition.options)
    for name, value in cluster.theme_options.items():
        if name in definition.options:
            if isinstance(value, str):
                texts[name] = value
            else:
                found.append(diagnostic("option-type", CLUSTER_FILE, name=name))
        elif name == "texts" or name not in Options.__struct_fields__:
            found.append(diagnostic("option-unknown", CLUSTER_FILE, name=name))
        else:
            fault = _wrong(name, value)
            values |= {} if fault else {name: value}
            found += [fault] if fault else []
    for unit in cluster.units:
        for name in unit.theme_options.keys() - definition.unit_options.keys():
            found.append(diagnostic("option-unknown", f"sites/units/{unit.id}.yml", name=name))
    options = convert({**values, "texts": texts}, Options, strict=False)
    return options, found + list(_check_values(options, cluster))


def _wrong(name: str, value: Any) -> Diagnostic | None:
    try:
        convert({name: value}, Options, strict=False)
    except ValidationError:
        return diagnostic("option-type", CLUSTER_FILE, name=name)
    return None


def _check_values(options: Options, cluster: Cluster) -> Iterator[Diagnostic]:
    categories = {category.id for category in cluster.categories}
    units = {unit.id for unit in cluster.units}
    for name in options.navigation:
        if name not in categories:
            yield diagnostic("option-target", CLUSTER_FILE, name="navigation", target=name)
    if len(options.navigation) > MOST_NAVIGATION:
        yield diagnostic("navigation-long", CLUSTER_FILE, most=MOST_NAVIGATION)
    for need in options.needs:
        kind, _, target = need.to.partition(":")
        parts = target.split("/")
        fine = {
            "item": len(parts) == 3 and parts[0] in units and parts[1] in categories,
            "category": parts[-1] in categories and (len(parts) == 1 or (len(parts) == 2 and parts[0] in units)),
            "unit": target in units,
            "search": bool(target.strip()),
        }.get(kind, False)
        if not fine:
            yield diagnostic("option-target", CLUSTER_FILE, name="needs", target=need.to)
