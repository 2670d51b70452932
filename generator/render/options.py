"""``theme_options`` → typed options, with every fault at its place. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, Protocol

from msgspec import Meta, Struct, ValidationError, convert, field

from generator.content.names import EMBLEM, nearest
from generator.diagnostics import Diagnostic, diagnostic
from generator.model import Cluster
from generator.render.themefile import Definition

CLUSTER_FILE = "sites/cluster.yml"
MOST_NAVIGATION = 5
LANGUAGES = ("zh-CN", "en")


class Locate(Protocol):
    """Line and column of a value in a file of definitions, which keys and numbers of members lead to."""

    def __call__(self, path: str, *steps: str | int, of_key: bool = False) -> tuple[int, int]: ...


def nowhere(path: str, *steps: str | int, of_key: bool = False) -> tuple[int, int]:
    """For definitions that stand in no file."""
    return 0, 0


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
    switcher_limit: Annotated[int, Meta(ge=1)] = 30
    texts: dict[str, str] = field(default_factory=dict)
    """Those that the theme's own ``options`` declare; never written under this name."""


Faults = Iterator[tuple[str, tuple[str | int, ...], dict[str, Any]]]
"""Code, where in ``theme_options``, and what the message speaks of."""

_MEMBERS: Mapping[str, Any] = {"navigation": str, "needs": Need, "example_queries": str}
_FORMS = {
    "language": "zh-CN | en",
    "navigation": "[policy, service]",
    "needs": "[{label: …, hint: …, to: …}]",
    "example_queries": "[…, …]",
    "switcher_limit": "30",
}
"""How each is written, where it is no text."""


def read_options(
    cluster: Cluster, definition: Definition, locate: Locate = nowhere
) -> tuple[Options, list[Diagnostic]]:
    """The cluster's options, checked; faulty ones keep their default."""
    given = cluster.theme_options
    faults = [*_unknown(given, {*definition.options, *Options.__struct_fields__} - {"texts"})]
    values: dict[str, Any] = {}
    texts = dict(definition.options)
    for name, value in given.items():
        if name in definition.options:
            if isinstance(value, str) or value is None:
                texts[name] = value or ""
            else:
                faults.append(("option-type", (name,), {"name": name, "form": "…"}))
        elif name != "texts" and name in Options.__struct_fields__:
            wrong = [*_wrong(name, value)]
            values |= {} if wrong or value is None else {name: value}
            faults += wrong
    options = convert({**values, "texts": texts}, Options, strict=False)
    faults += _check_values(options, cluster)
    found = [_diagnostic(CLUSTER_FILE, locate, one) for one in faults]
    for unit in cluster.units:
        where = f"sites/units/{unit.id}.yml"
        found += [
            _diagnostic(where, locate, one) for one in _unknown(unit.theme_options, definition.unit_options.keys())
        ]
    return options, found


def _diagnostic(path: str, locate: Locate, fault: tuple[str, tuple[str | int, ...], dict[str, Any]]) -> Diagnostic:
    code, steps, params = fault
    at = locate(path, "theme_options", *steps, of_key=code in ("option-unknown", "option-misspelt"))
    return diagnostic(code, path, *at, **params)


def _unknown(given: Collection[str], known: Collection[str]) -> Faults:
    for name in given:
        if name not in known:
            near = nearest(name, known)
            yield "option-misspelt" if near else "option-unknown", (name,), {"name": name, "near": near or ""}


def _wrong(name: str, value: Any) -> Faults:
    """Of a list, which members are of the wrong form; else the value."""
    member = _MEMBERS.get(name)
    steps: list[tuple[str | int, ...]] = [(name,)]
    if member is not None and isinstance(value, list):
        steps = [(name, number) for number, one in enumerate(value) if not _fits(one, member)]
    elif value is None or _fits({name: value}, Options):
        steps = []
    for one in steps:
        yield "option-type", one, {"name": name, "form": _FORMS.get(name, "…")}


def _fits(value: Any, kind: Any) -> bool:
    try:
        convert(value, kind, strict=False)
    except ValidationError:
        return False
    return True


def _check_values(options: Options, cluster: Cluster) -> Faults:
    categories = {category.id for category in cluster.categories}
    units = {unit.id for unit in cluster.units}
    if options.language not in LANGUAGES:
        yield "option-type", ("language",), {"name": "language", "form": _FORMS["language"]}
    if options.emblem and EMBLEM.fullmatch(options.emblem) is None:
        yield "emblem-form", ("emblem",), {}
    for number, name in enumerate(options.navigation):
        if name not in categories:
            yield "option-target", ("navigation", number), {"name": "navigation", "target": name}
    if len(options.navigation) > MOST_NAVIGATION:
        yield "navigation-long", ("navigation",), {"most": MOST_NAVIGATION}
    for number, need in enumerate(options.needs):
        kind, _, target = need.to.partition(":")
        parts = target.split("/")
        fine = {
            "item": len(parts) == 3 and parts[0] in units and parts[1] in categories,
            "category": parts[-1] in categories and (len(parts) == 1 or (len(parts) == 2 and parts[0] in units)),
            "unit": target in units,
            "search": bool(target.strip()),
        }.get(kind, False)
        if not fine:
            yield "option-target", ("needs", number, "to"), {"name": "needs", "target": need.to}
