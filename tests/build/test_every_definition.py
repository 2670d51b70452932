"""Invariant 3 for every single definition: after each change, warm equals cold.

What there is to change is taken from the models and from the folders, so that a new field or file fails a test until
there is a case for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from generator.build.inputs import Inputs
from generator.build.report import load_report
from generator.build.result import BuildResult
from generator.clearance.rule import Rule, Scope
from generator.deploy.definition import Definition as Deployment
from generator.deploy.redirects import OldAddress
from generator.errors import ConfigError
from generator.model import Category, Cluster, Contact, Unit
from generator.render.options import Options
from generator.render.themefile import Definition
from tests.build.cluster import digests
from tests.build.defined import Defined, Edit, edited, models_below
from tests.build.definition_cases import DEPLOYED, FIELDS, FILES, OTHERS, Change, change, remove

SHOWN = (Cluster, Definition, Options, Rule)
"""What a build goes by …"""
PLACED = (Deployment, OldAddress)
"""… and what only a deploy reads."""
Cases = list[Any]
_LEARNED_BY = {
    *((Cluster, name) for name in ("units", "categories", "contact")),
    *((Contact, name) for name in ("telephone", "email", "address")),
    *((model, "id") for model in (Unit, Category, Rule)),
    *((Rule, name) for name in ("kind", "severity", "scope", "terms", "pattern", "recogniser")),
    *((Scope, name) for name in ("units", "categories", "fields", "attachments")),
    (Unit, "contact"),
}
"""For another value of these, and no other, every item is read again."""


def _cases(table: Mapping[type[Struct], Mapping[str, object]]) -> Cases:
    return [pytest.param(model, name, id=f"{model.__name__}.{name}") for model, ones in table.items() for name in ones]


@pytest.fixture(scope="module")
def defined(tmp_path_factory: pytest.TempPathFactory) -> Defined:
    made = Defined(tmp_path_factory.mktemp("defined"))
    made.warm()
    return made


@pytest.fixture(scope="module")
def base(defined: Defined) -> dict[str, str]:
    """The tree of the definitions as they are before any change."""
    return digests(defined.root / "out")


@pytest.fixture(scope="module")
def values(defined: Defined) -> Mapping[type, list[Struct]]:
    """What the program reads in the definitions as they are before any change."""
    return defined.loaded()


@pytest.fixture
def restored(defined: Defined, base: dict[str, str]) -> Iterator[None]:
    """Whatever a test changes is taken back, and so is, by an incremental build, what became of it."""
    with _restoring(defined):
        yield
    assert digests(defined.root / "out") == base


@contextmanager
def _restoring(defined: Defined, **how: object) -> Iterator[None]:
    before = _files(defined)
    yield
    for path in _files(defined).keys() - before.keys():
        path.unlink()
    for path, data in before.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    defined.warm(**how)


def _files(defined: Defined) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for folder in (defined.sites, defined.themes)
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_warm_equals_cold(defined: Defined, **how: object) -> BuildResult:
    """After a change, the tree is that of a build that remembers nothing; so is all that was said."""
    warm = defined.warm(**how)
    cold, clean = defined.cold(**how)
    assert digests(defined.root / "out") == clean
    assert warm.diagnostics == cold.diagnostics
    reports = [load_report(defined.root / f"{name}-private" / "state") for name in ("out", "clean")]
    assert (reports[0].items, reports[0].counts) == (reports[1].items, reports[1].counts)
    return warm


def _change(defined: Defined, values: Mapping[type, list[Struct]], model: type[Struct], name: str, edit: Any) -> None:
    """Make the change, and be sure that it is one."""
    defined.write_definitions(edited(edit))
    before, after = ([getattr(one, name) for one in read[model]] for read in (values, defined.loaded()))
    assert before != after or (model, name) == (Cluster, "time_zone")  # of which there is only one


@pytest.mark.parametrize(("roots", "table"), [(SHOWN, FIELDS), (PLACED, DEPLOYED)])
def test_every_field_has_a_case(
    roots: tuple[type[Struct], ...], table: Mapping[type[Struct], Mapping[str, object]]
) -> None:
    """Whoever adds a definition, or a field, adds the change of it."""
    known = {model: set(ones) for model, ones in table.items()}
    assert known == {model: set(model.__struct_fields__) for model in models_below(*roots)}


def test_a_build_goes_by_what_is_changed_here() -> None:
    """Whoever adds another kind of input adds it here; the last two are made of the theme and of the code."""
    assert [one.name for one in fields(Inputs)] == ["cluster", "rules", "theme", "thesaurus", "compiled", "table"]


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize(("model", "name"), _cases(FIELDS))
def test_a_changed_field_is_seen(
    defined: Defined, values: Mapping[type, list[Struct]], model: type[Struct], name: str
) -> None:
    """Of every field of every definition another value is read, and the tree is that of a clean build."""
    _change(defined, values, model, name, FIELDS[model][name])
    read = assert_warm_equals_cold(defined).read
    assert not read or (model, name) in _LEARNED_BY


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("name", OTHERS)
def test_other_changes_of_definitions_are_seen(defined: Defined, name: str) -> None:
    """What comes, goes, or has no model."""
    defined.write_definitions(edited(OTHERS[name]))
    assert_warm_equals_cold(defined)


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_seen(defined: Defined, name: str) -> None:
    """Of the theme, and beside the definitions."""
    FILES[name](defined)
    assert_warm_equals_cold(defined)


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize(("model", "name"), _cases(DEPLOYED))
def test_where_releases_go_no_page_says(
    defined: Defined, base: dict[str, str], values: Mapping[type, list[Struct]], model: type[Struct], name: str
) -> None:
    """What only a deploy reads changes no file of the tree; none is even written again."""
    _change(defined, values, model, name, DEPLOYED[model][name])
    assert defined.warm().written == ()
    assert digests(defined.root / "out") == base


@pytest.mark.soak
@pytest.mark.parametrize(
    "how", [{"executor": "processes", "jobs": 2}, {"kind": "preview"}, {"kind": "preview", "executor": "processes"}]
)
def test_all_changes_are_seen_in_every_kind_of_build(tmp_path: Path, how: dict[str, Any]) -> None:
    """The same where copies of the process do some of the work, and in the preview; one after the other."""
    defined = Defined(tmp_path)
    defined.warm(**how)
    base = digests(defined.root / "out")
    edits = [edit for table in (*FIELDS.values(), OTHERS) for edit in table.values()]
    for make in (*map(_definitions, edits), *FILES.values(), *_of_every_file(defined)):
        with _restoring(defined, **how):
            make(defined)
            with suppress(ConfigError):  # a theme without a file that it names, or that all themes have
                assert_warm_equals_cold(defined, **how)
        assert digests(defined.root / "out") == base


def _definitions(edit: Edit) -> Change:
    return lambda defined: defined.write_definitions(edited(edit))


def _of_every_file(defined: Defined) -> Iterator[Change]:
    for path in sorted(_files(defined)):
        name = path.relative_to(defined.root).as_posix()
        yield change(name)
        yield remove(name)
