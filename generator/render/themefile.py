"""``theme.yml`` and a theme's interface texts → typed values, with every fault at its place. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from generator.content.definitions import KINDS
from generator.content.fields import Fields, place_at
from generator.content.schema import VALIDITY
from generator.content.values import Reader
from generator.content.yamlnodes import Document, Node, Scalar
from generator.content.yamlnodes import Mapping as MappingNode
from generator.diagnostics import Diagnostic, diagnostic
from generator.render.colour import LEGIBLE, contrast, is_colour

PORTAL_KIND = "bureau"
"""Its colour is the portal's, and that of a kind for which the theme names none."""

ASKED = frozenset(
    {"about", "accessibility", "consultations", "home", "not_found", "search_title", "site_map", "units", "withdrawn"}
    | {"correction", "page_number", "year_title"}
    | {f"validity_{state}" for state in VALIDITY.values()}
)
"""Interface texts that pages have whatever the templates are; the templates' own are found where those are read."""
_FILLED: Mapping[str, str] = {"page_number": "number", "year_title": "year"}
"""Text → the name in braces that a number is put in for."""


class Accent(Struct, frozen=True):
    """A colour on paper, and its legible variant on dark surfaces."""

    light: str
    dark: str


class Definition(Struct, frozen=True, kw_only=True):
    """What ``theme.yml`` says."""

    name: str
    stylesheets: tuple[str, ...] = ()
    accents: dict[str, Accent]
    """By kind of unit."""
    paper: str
    surface: str
    dark_surface: str
    options: dict[str, str] = {}
    """Texts that the theme's own templates ask of the cluster, with their defaults."""
    unit_options: dict[str, str] = {}


def read_definition(document: Document, path: str) -> tuple[Definition | None, list[Diagnostic]]:
    """``theme.yml`` as a value, or all that is wrong with it."""
    if document.root is None and (faults := _errors(document.diagnostics)):
        return None, faults
    reader = Reader(path)
    fields = Fields(
        reader,
        document.root,
        required=("name", "accents", "paper", "surface", "dark_surface"),
        optional=("stylesheets", "options", "unit_options"),
    )
    definition = Definition(
        name=fields.needed("name"),
        stylesheets=fields.lines("stylesheets"),
        accents=_accents(fields),
        paper=_colour(fields, "paper"),
        surface=_colour(fields, "surface"),
        dark_surface=_colour(fields, "dark_surface"),
        options=_texts(reader, fields.get("options"), "options"),
        unit_options=_texts(reader, fields.get("unit_options"), "unit_options"),
    )
    found = _errors((*document.diagnostics, *reader.found))
    if not found:
        found += _illegible(definition, document, path)
    return (None if found else definition), found


def _errors(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [one for one in found if one.severity == "error"]


def _accents(fields: Fields) -> dict[str, Accent]:
    others = [kind for kind in KINDS if kind != PORTAL_KIND]
    kinds = fields.inner("accents", required=(PORTAL_KIND,), optional=others)
    colours = {kind: kinds.inner(kind, required=("light", "dark")) for kind in KINDS} if kinds is not None else {}
    return {
        kind: Accent(_colour(given, "light"), _colour(given, "dark"))
        for kind, given in colours.items()
        if given is not None
    }


def _colour(fields: Fields, key: str) -> str:
    colour = fields.needed(key)
    if colour and not is_colour(colour):
        fields.fault("colour-format", key, key=key)
    return colour


def _illegible(definition: Definition, document: Document, path: str) -> Iterator[Diagnostic]:
    for kind, accent in definition.accents.items():
        grounds = (("light", definition.paper), ("light", definition.surface), ("dark", definition.dark_surface))
        for key, ground in grounds:
            ratio = contrast(getattr(accent, key), ground)
            if ratio < LEGIBLE:
                at = place_at(document.root, "accents", kind, key)
                yield diagnostic("accent-contrast", path, *at, key=key, surface=ground, ratio=f"{ratio:.2f}")


def read_strings(documents: Mapping[str, Document], folder: str) -> tuple[dict[str, dict[str, str]], list[Diagnostic]]:
    """Language → its interface texts, of the languages that can be read; all of them must have the same keys."""
    found: list[Diagnostic] = []
    texts: dict[str, dict[str, str]] = {}
    for language, document in documents.items():
        reader = Reader(f"{folder}/{language}.yml")
        own = _texts(reader, document.root, language) if isinstance(document.root, MappingNode) else {}
        faults = _errors((*document.diagnostics, *reader.found))
        if not own and not faults:
            faults.append(diagnostic("strings-shape", reader.path, 1, 1))
        faults += _unfilled(own, document, reader.path)
        found += faults
        if not faults:  # else nobody knows which texts it lacks
            texts[language] = own
    for language, own in texts.items():
        for other, others in texts.items():
            for key in own.keys() - others.keys():
                at = place_at(documents[language].root, key, of_key=True)
                name = f"{other}.yml"
                found.append(diagnostic("string-missing", f"{folder}/{language}.yml", *at, key=key, file=name))
    if texts:
        lacking = sorted(ASKED.difference(*texts.values()))
        found += [
            diagnostic("string-asked", f"{folder}/{language}.yml", key=key) for language in texts for key in lacking
        ]
    return texts, found


def _unfilled(texts: Mapping[str, str], document: Document, path: str) -> Iterator[Diagnostic]:
    for key, name in _FILLED.items():
        try:
            fine = key not in texts or texts[key].format(**{name: 7}) != texts[key]
        except (LookupError, ValueError):  # another name, a brace alone
            fine = False
        if not fine:
            yield diagnostic("string-filled", path, *place_at(document.root, key), key=key, name=name)


def _texts(reader: Reader, node: Node | None, label: str) -> dict[str, str]:
    """Free keys, each with a text as it stands: ``""`` for a key without a value; none where there is no node."""
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        reader.fault("texts-form", node, key=label)
        return {}
    found: dict[str, str] = {}
    for key, value in node.entries:
        if isinstance(value, Scalar):
            found[key.value] = "" if value.absent else value.value
        else:
            reader.fault("value-not-text", value, key=key.value)
    return found
