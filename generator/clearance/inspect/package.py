"""What all Office Open XML files share: archive → parts, relations, things hidden in any of them. Pure.

ECMA-376 part 2: parts are reached by relations from the root. A part that no
relation reaches is shown by no program, so it is hidden by definition.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from generator.clearance.inspect.archive import Archive
from generator.clearance.inspect.found import Contents, Refused
from generator.clearance.inspect.kinds import IMAGES, extension, sniff
from generator.clearance.inspect.xml import local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TYPES = "[Content_Types].xml"
_MAIN = {
    "docx": "wordprocessingml.document.main+xml",
    "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}
_TELLING: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        (
            *("vbaProject", "wordVbaData", "control", "activeXControlBinary", "attachedToolbars"),
            *("xlMacrosheet", "xlIntlMacrosheet"),
        ),
        "attachment-macros",
    ),
    (("externalLink", "externalLinkPath", "connections", "queryTable"), "attachment-external-link"),
    (("pivotCacheDefinition", "pivotCacheRecords", "slicerCache"), "attachment-pivot-cache"),
    (("revisionHeaders", "revisionLog", "usernames"), "attachment-tracked-changes"),
    (("threadedComment",), "attachment-comments"),
)
"""Relations that tell of something hidden, whatever the part is called."""
_CROPPED = 2_000
"""Thousandths of a per cent: a picture cropped by more still holds what was cut off."""
_CUSTOM = re.compile(r"(?:^|/)customXml/item[0-9]*\.xml$")


class Relation(NamedTuple):
    """One relation of a part: the last word of its type, its target, and whether that is outside."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of one document, by name without the leading ``/``."""

    def __init__(self, archive: Archive, kind: str) -> None:
        self.archive = archive
        self.allowance = archive.allowance()
        self._kinds: dict[str, str] = {}
        if TYPES not in archive.names:
            raise Refused("attachment-refused-mismatch")
        self.types = self._content_types()
        self.relations = {
            name: self._relations_of(name)
            for name in ("", *sorted(archive.names))
            if _relations_name(name) in archive.names
        }
        mains = [one.target for one in self.relations.get("", ()) if one.kind == "officeDocument"]
        self.main = mains[0] if mains else ""
        main_type = self.types.get(self.main, "")
        if self.main not in archive.names:
            raise Refused("attachment-unreadable")
        if "macroEnabled" in main_type:
            raise Refused("attachment-macros")
        if not main_type.endswith(_MAIN[kind]):
            raise Refused("attachment-refused-mismatch")

    def _content_types(self) -> dict[str, str]:
        defaults: dict[str, str] = {}
        types: dict[str, str] = {}
        for element in parse_tree(self.archive.read(TYPES), self.allowance):
            kind = element.get("ContentType", "")
            if local(element.tag) == "Default":
                defaults[element.get("Extension", "").lower()] = kind
            elif local(element.tag) == "Override":
                types[element.get("PartName", "").lstrip("/")] = kind
        for name in self.archive.names:
            types.setdefault(name, defaults.get(name.rpartition(".")[2].lower(), ""))
        return types

    def _relations_of(self, part: str) -> tuple[Relation, ...]:
        found: list[Relation] = []
        for element in parse_tree(self.archive.read(_relations_name(part)), self.allowance):
            external = element.get("TargetMode", "") == "External"
            target = element.get("Target", "")
            if not external:
                inner = unquote(target)
                base = posixpath.dirname(part)
                target = posixpath.normpath(inner.lstrip("/") if inner.startswith("/") else posixpath.join(base, inner))
            kind = element.get("Type", "").rpartition("/")[2]
            found.append(Relation(element.get("Id", ""), kind, target, external))
        return tuple(found)

    def related(self, part: str, kind: str) -> list[str]:
        """The parts to which ``part`` relates in that way and that exist, in order."""
        return [
            one.target
            for one in self.relations.get(part, ())
            if one.kind == kind and not one.external and one.target in self.archive.names
        ]

    def targets(self, *kinds: str) -> frozenset[str]:
        """The parts to which any part relates in one of those ways: their names are the programs' own affair."""
        return frozenset(
            one.target
            for relations in self.relations.values()
            for one in relations
            if one.kind in kinds and not one.external and one.target in self.archive.names
        )

    def objects(self) -> frozenset[str]:
        """Whole files within the document."""
        named = (name for name in self.archive.names if "/embeddings/" in name)
        return frozenset(named) | self.targets("oleObject", "package")

    def pictures(self) -> frozenset[str]:
        """Raster images within the document, by their names or, where programs name them otherwise, by their bytes."""
        named = frozenset(name for name in self.archive.names if "/media/" in name) | self.targets("image")
        return frozenset(name for name in named if extension(name) in IMAGES or self._sniffed(name) in IMAGES)

    def _sniffed(self, name: str) -> str:
        if name not in self._kinds:
            self._kinds[name] = sniff(self.archive.read(name)[:64])
        return self._kinds[name]

    def parts(self, pattern: str) -> list[str]:
        """Names of parts that a pattern matches from their beginning."""
        return sorted(name for name in self.archive.names if re.match(pattern, name))


def _relations_name(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def inspect_package(package: Package, contents: Contents) -> None:
    """Note what any Office file may hide: macros, links out, objects, data, unreached parts."""
    _note_parts(package, contents)
    _note_relations(package, contents)
    _note_unreached(package, contents)


def _note_parts(package: Package, contents: Contents) -> None:
    custom = package.targets("customXml")
    for name, kind in sorted(package.types.items()):
        if name not in package.archive.names:
            continue
        lower = name.lower()
        if "vbaproject" in lower or "vbaData" in kind or "activex" in lower or "macrosheet" in lower:
            contents.hide("attachment-macros")
        if _CUSTOM.search(name) or name in custom:
            root = parse_tree(package.archive.read(name), package.allowance)
            text = " ".join("".join(root.itertext()).split())
            if text:
                contents.hide("attachment-custom-data")
                contents.say(text, "customXml")


def note_cropped(root: Element, contents: Contents, place: str) -> None:
    """Note pictures that are cropped where they are shown: the file holds the whole of them."""
    for element in root.iter():
        if local(element.tag) == "srcRect":
            cut = [element.get(side, "0").removesuffix("%") for side in "ltrb"]
            if any(side.lstrip("-").isdigit() and int(side) > _CROPPED for side in cut):
                contents.hide("attachment-cropped-image", place)


def is_inward(target: str) -> bool:
    """Whether a link leads to somebody's disk or network."""
    return re.match(r"(?i)file:|\\\\|[a-z]:[\\/]|//", target) is not None


def is_switched_off(shape: Element) -> bool:
    """Whether a drawn shape is there but not shown."""
    return any(local(one.tag) == "cNvPr" and one.get("hidden") in {"1", "true"} for child in shape for one in child)


def _note_relations(package: Package, contents: Contents) -> None:
    for kinds, rule in _TELLING:
        if package.targets(*kinds):
            contents.hide(rule)
    for relations in package.relations.values():
        for one in relations:
            if one.kind == "aFChunk":
                contents.hide("attachment-embedded-object")
            if not one.external:
                continue
            if one.kind != "hyperlink" or re.match(r"(?i)https?:|mailto:|tel:|#", one.target) is None:
                contents.hide("attachment-external-link")
            if one.kind == "hyperlink":
                contents.say(unquote(one.target), "link")


def _note_unreached(package: Package, contents: Contents) -> None:
    reached: set[str] = set()
    waiting = [""]
    while waiting:
        part = waiting.pop()
        if part in reached:
            continue
        reached.add(part)
        waiting += [one.target for one in package.relations.get(part, ()) if not one.external]
    for number, name in enumerate(sorted(package.archive.names), start=1):
        if name != TYPES and not name.endswith(".rels") and name not in reached:
            contents.hide("attachment-orphan-part", f">{number}")
