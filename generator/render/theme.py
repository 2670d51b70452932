"""A theme's folder → Theme: templates, texts, options and static files. Effects: reads ``themes/``.

    load_theme(themes, cluster, …) -> Theme    raises ConfigError with every fault
        .digest                                 of all that was read, and of the definitions
        .options                                theme_options, typed
        .assets(site) -> Iterator[OutputFile]   the site's ``assets/``; "" is the portal

A ``Theme`` holds texts and bytes only, so that it can be sent to workers.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec
from jinja2 import BytecodeCache

from generator.content.decoding import decode
from generator.content.fields import place_at, read_yaml
from generator.content.yamlnodes import Document, Node
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.errors import ConfigError
from generator.model import Cluster, OutputFile, Unit
from generator.render.assets import (
    HashedAssets,
    emblem_image,
    hash_assets,
    hashed_name,
    join_stylesheets,
    unit_stylesheet,
)
from generator.render.colour import LEGIBLE, contrast, is_colour, lifted, text_on
from generator.render.options import CLUSTER_FILE, LANGUAGES, Locate, Options, nowhere, read_options
from generator.render.templates import REQUIRED, check_templates, make_environment
from generator.render.themefile import PORTAL_KIND, Definition, read_definition, read_strings
from generator.site import paths

_TEXTS = frozenset({"css", "js", "mjs", "svg", "json", "txt", "xml", "webmanifest"})
"""Extensions of static files that web servers say are UTF-8."""


@dataclass(frozen=True, slots=True)
class Theme:
    """All that rendering needs of a theme, already checked."""

    name: str
    digest: str
    options: Options
    unit_options: Mapping[str, Mapping[str, str]]
    """Unit → its ``theme_options`` over the theme's defaults."""
    strings: Mapping[str, str]
    templates: Mapping[str, str]
    overrides: Mapping[str, Mapping[str, str]]
    """Unit → templates that replace the theme's, for that unit alone."""
    names: Mapping[str, str]
    """File name → hashed name, of what every site has."""
    files: Mapping[str, bytes]
    """Hashed name → bytes, of what every site has."""
    uses: Mapping[str, tuple[str, ...]]
    """File name → names of the files that it needs."""
    site_names: Mapping[str, Mapping[str, str]]
    site_files: Mapping[str, Mapping[str, bytes]]

    def asset(self, site: str, name: str) -> str | None:
        """The path of a static file in the tree, or ``None`` if the theme has no such file."""
        hashed = self.names.get(name) or self.site_names[site].get(name)
        return None if hashed is None else paths.site_asset(site, hashed)

    def assets(self, site: str) -> Iterator[OutputFile]:
        """The static files of one site, in order of name."""
        files = {**self.files, **self.site_files[site]}
        for name in sorted(files):
            yield OutputFile(path=paths.site_asset(site, name), data=files[name], source="theme")

    def templates_of(self, site: str) -> Mapping[str, str]:
        """The texts of all templates as one site has them."""
        return {**self.templates, **self.overrides.get(site, {})}


def load_theme(
    themes: Path,
    cluster: Cluster,
    trusted: str = "",
    compiled: BytecodeCache | None = None,
    locate: Locate = nowhere,
) -> Theme:
    """Read and check the cluster's theme.

    Args:
        themes: the folder of themes.
        cluster: whose theme and options they are.
        trusted: the digest of a theme that was found faultless before; its
            templates are not compiled again only to find their faults.
        compiled: is asked for each template before it is compiled, and told of it afterwards.
        locate: where a faulty definition of the cluster stands.

    Raises:
        ConfigError: with every fault of the theme, its options and its colours.
    """
    folder = themes / cluster.theme
    logical = f"themes/{cluster.theme}"
    if not (folder / "theme.yml").is_file():
        at = locate(CLUSTER_FILE, "theme")
        raise ConfigError([diagnostic("theme-missing", CLUSTER_FILE, *at, name=cluster.theme, folder=logical)])
    files, outside = _read(folder, themes)
    reading = _Reading(files, logical, trusted, compiled, locate)
    reading.faults += [diagnostic("symbolic-link", f"{logical}/{name}") for name in outside]
    theme = reading.make(cluster)
    if reading.faults or theme is None:
        raise ConfigError(in_order(reading.faults))
    return theme


def _read(folder: Path, themes: Path) -> tuple[dict[str, bytes], list[str]]:
    """Every file of the theme but hidden ones and editors' temporary ones, by its relative name; and links out of it.

    What a theme holds is published as it is, and explains to the audit whatever says the same.
    """
    files: dict[str, bytes] = {}
    outside: list[str] = []
    inside = (folder.resolve(), themes.resolve())
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") or part.endswith("~") for part in name.split("/")) or not path.is_file():
            continue
        if path.is_symlink() and not any(path.resolve().is_relative_to(one) for one in inside):
            outside.append(name)
            continue
        with suppress(FileNotFoundError):  # gone by now
            files[name] = path.read_bytes()
    return files, outside


class _Reading:
    """Makes a theme of the bytes of its files, collecting faults."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        folder: str,
        trusted: str,
        compiled: BytecodeCache | None,
        locate: Locate,
    ) -> None:
        self._compiled = compiled
        self._files = files
        self._trusted = trusted
        self._folder = folder
        self._locate = locate
        self.faults: list[Diagnostic] = []

    def make(self, cluster: Cluster) -> Theme | None:
        document = self._yaml("theme.yml")
        definition, faults = read_definition(document, f"{self._folder}/theme.yml")
        self.faults += faults
        templates = self._templates("templates/")
        overrides = {
            unit.id: found for unit in cluster.units if (found := self._templates(f"units/{unit.id}/templates/"))
        }
        if definition is None:  # what is wrong elsewhere in the theme need not wait
            self._check(templates, overrides, self._strings(LANGUAGES[0]))
            return None
        options, faults = read_options(cluster, definition, self._locate)
        self.faults += faults
        strings = self._strings(options.language)
        digest = _digest(self._files, cluster)
        if digest != self._trusted:
            self._check(templates, overrides, strings)
        assets = self._assets(definition, document.root)
        site_files = self._site_files(cluster, definition, options)
        return Theme(
            name=cluster.theme,
            digest=digest,
            options=options,
            unit_options={unit.id: {**definition.unit_options, **unit.theme_options} for unit in cluster.units},
            strings=strings,
            templates=templates,
            overrides=overrides,
            names=assets.names,
            files=assets.files,
            uses=assets.uses,
            site_names={
                site: {name: hashed_name(name, data) for name, data in own.items()} for site, own in site_files.items()
            },
            site_files={
                site: {hashed_name(name, data): data for name, data in own.items()} for site, own in site_files.items()
            },
        )

    def _yaml(self, name: str) -> Document:
        return read_yaml(self._files[name], f"{self._folder}/{name}")

    def _text(self, name: str) -> str:
        data, path = self._files[name], f"{self._folder}/{name}"
        if data.startswith(BOM_UTF8):  # would stand in the middle of a page or a style sheet, and spoil what follows
            self.faults.append(diagnostic("encoding-bom", path, 1, 1))
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            found = decode(data, path, limit=len(data)).diagnostics
            self.faults += [one for one in found if one.severity == "error"]
            return ""

    def _strings(self, language: str) -> Mapping[str, str]:
        """The interface texts in that language, or where they are faulty in any."""
        files = {name: f"strings/{name}.yml" for name in LANGUAGES}
        self.faults += [
            diagnostic("theme-file-missing", f"{self._folder}/{file}")
            for file in files.values()
            if file not in self._files
        ]
        documents = {name: self._yaml(file) for name, file in files.items() if file in self._files}
        texts, faults = read_strings(documents, f"{self._folder}/strings")
        self.faults += faults
        return texts.get(language) or next(iter(texts.values()), {})

    def _templates(self, folder: str) -> dict[str, str]:
        return {
            name.removeprefix(folder): self._text(name)
            for name in self._files
            if name.startswith(folder) and name.endswith(".html")
        }

    def _check(
        self, templates: Mapping[str, str], overrides: Mapping[str, Mapping[str, str]], strings: Mapping[str, str]
    ) -> None:
        folder = f"{self._folder}/templates"
        self.faults += [
            diagnostic("template-missing", folder, name=name) for name in sorted(REQUIRED - templates.keys())
        ]
        self.faults += check_templates(make_environment(templates, strings, self._compiled), templates, folder)
        for unit, own in overrides.items():
            folder = f"{self._folder}/units/{unit}/templates"
            environment = make_environment({**templates, **own}, strings, self._compiled)
            self.faults += check_templates(environment, own, folder)

    def _assets(self, definition: Definition, root: Node | None) -> HashedAssets:
        sheets: list[tuple[str, bytes]] = []
        for number, name in enumerate(definition.stylesheets):
            path = f"assets/css/{name}"
            if path in self._files:
                sheets.append((f"{self._folder}/{path}", self._text(path).encode()))
            else:
                at = place_at(root, "stylesheets", number)
                self.faults.append(diagnostic("asset-missing", f"{self._folder}/theme.yml", *at, name=name))
        files = {"site.css": join_stylesheets([data for _, data in sheets])}
        origins = {"site.css": sheets}
        for path, data in self._files.items():
            name = path.rpartition("/")[2]
            if not path.startswith("assets/") or path.startswith("assets/css/") or "." not in name:
                continue
            if name in files or name in ("unit.css", "emblem.svg"):
                self.faults.append(diagnostic("asset-name-taken", f"{self._folder}/{path}", name=name))
            if name.rpartition(".")[2] in _TEXTS:
                self._text(path)
            files[name] = data
            origins[name] = [(f"{self._folder}/{path}", data)]
        assets = hash_assets(files, origins)
        self.faults += assets.faults
        return assets

    def _site_files(self, cluster: Cluster, definition: Definition, options: Options) -> dict[str, dict[str, bytes]]:
        portal = Unit(
            id="",
            name=cluster.name,
            short_name=cluster.name,
            kind=PORTAL_KIND,
            accent=options.accent,
            accent_dark=options.accent_dark,
            emblem=options.emblem,
        )
        return {site.id: self._own_files(site, definition) for site in (portal, *cluster.units)}

    def _own_files(self, site: Unit, definition: Definition) -> dict[str, bytes]:
        if not self._are_colours(site, definition):
            return {}
        default = definition.accents.get(site.kind, definition.accents[PORTAL_KIND])
        light = site.accent or default.light
        dark = site.accent_dark or (lifted(light, definition.dark_surface) if site.accent else default.dark)
        return {
            "unit.css": unit_stylesheet(light, text_on(light), dark, text_on(dark)),
            "emblem.svg": emblem_image(emblem_of(site), light, text_on(light)),
        }

    def _are_colours(self, site: Unit, definition: Definition) -> bool:
        """Whether those that a site itself names are, legible ones or not; the theme's own were looked at before."""
        path, steps = (f"sites/units/{site.id}.yml", ()) if site.id else (CLUSTER_FILE, ("theme_options",))
        light, dark = (definition.paper, definition.surface), (definition.dark_surface,)
        are = True
        for key, colour, surfaces in (("accent", site.accent, light), ("accent_dark", site.accent_dark, dark)):
            if colour and not is_colour(colour):
                are = False
                self.faults.append(diagnostic("colour-format", path, *self._locate(path, *steps, key), key=key))
                continue
            for surface in surfaces if colour else ():
                if (ratio := contrast(colour, surface)) < LEGIBLE:
                    at, shown = self._locate(path, *steps, key), f"{ratio:.2f}"
                    self.faults.append(diagnostic("accent-contrast", path, *at, key=key, surface=surface, ratio=shown))
        return are


def emblem_of(unit: Unit) -> str:
    """One or two Han for the emblem."""
    return unit.emblem or unit.short_name[:1]


def _digest(files: Mapping[str, bytes], cluster: Cluster) -> str:
    digest = blake2b(msgspec.msgpack.encode(cluster), digest_size=16)
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()
