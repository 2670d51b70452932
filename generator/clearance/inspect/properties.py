"""What Office files tell of who made them, and the same parts without that: package → metadata, blank parts. Pure.

Parts are known by their relations: programs built on other libraries keep the same
properties, and the same lists of persons, under names of their own.
"""

from __future__ import annotations

import re

from generator.clearance.inspect.found import Contents
from generator.clearance.inspect.package import Package
from generator.clearance.inspect.xml import local, parse_tree

_TOOL_MARKS = frozenset({"KSOProductBuildVer", "ICV", "KSOTemplateDocerSaveRecord", "KSOReadingLayout"})
_TIMES = frozenset({"created", "modified", "lastPrinted"})
_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PROPERTIES: dict[str, tuple[str, bytes]] = {
    "core-properties": (
        "docProps/core.xml",
        b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    ),
    "extended-properties": (
        "docProps/app.xml",
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    ),
    "custom-properties": (
        "docProps/custom.xml",
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
    ),
}
_PEOPLE: dict[str, tuple[str, bytes]] = {
    "commentAuthors": (
        "ppt/commentAuthors.xml",
        b'<p:cmAuthorLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>',
    ),
    "authors": (
        "ppt/authors.xml",
        b'<a:authorLst xmlns:a="http://schemas.microsoft.com/office/powerpoint/2018/8/main"/>',
    ),
    "person": (
        "xl/persons/person.xml",
        b'<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"/>',
    ),
    "people": ("word/people.xml", b'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>'),
}
"""By the relation that leads to the part: its usual name, and the part with nothing in it."""
_TRACES = (
    (re.compile(r"xl/workbook[^/]*\.xml$"), re.compile(rb"<x15ac:absPath\b[^>]*(?:/>|>\s*</x15ac:absPath>)"), b""),
    (
        re.compile(r"xl/workbook[^/]*\.xml$"),
        re.compile(rb"(<(?:\w+:)?fileSharing\b[^>]*?\buserName=)(\"[^\"]+\"|'[^']+')"),
        rb'\1""',
    ),
    (re.compile(r"ppt/changesInfos/[^/]*\.xml$"), re.compile(rb"\b(name|userId)=(\"[^\"]+\"|'[^']+')"), rb'\1=""'),
)
"""Where Excel notes the folder, and with it the account, in which a workbook was saved, and who reserved it for
himself; where PowerPoint notes who changed which slide."""
_THUMBNAIL = re.compile(rb"<Relationship\b[^>]*/thumbnail[\"'][^>]*/>")


def blank_parts(package: Package) -> dict[str, bytes]:
    """The parts of metadata, each with what replaces it."""
    return {
        name: _XML + blank for kind, (_, blank) in (_PROPERTIES | _PEOPLE).items() for name in _parts_of(package, kind)
    }


def _parts_of(package: Package, kind: str) -> list[str]:
    usual, _ = (_PROPERTIES | _PEOPLE)[kind]
    return sorted({usual} & package.archive.names.keys() | package.targets(kind))


def note_properties(package: Package, contents: Contents) -> None:
    """Note the metadata that will be left out, and look through their words."""
    for kind in _PROPERTIES:
        for name in _parts_of(package, kind):
            _note_part(package, kind, name, contents)
    for kind in _PEOPLE:
        for name in _parts_of(package, kind):
            if len(parse_tree(package.archive.read(name), package.allowance)):
                contents.removable.add("author")
    if package.related("", "thumbnail"):
        contents.removable.add("thumbnail")
    if _without_traces(package):
        contents.removable.add("author")
    if any(package.archive.read(name) != blank for name, blank in blank_parts(package).items()):
        contents.removable.add("properties")  # whatever else may stand in them


def _note_part(package: Package, kind: str, name: str, contents: Contents) -> None:
    values = {}
    for element in parse_tree(package.archive.read(name), package.allowance):
        key = element.get("name") or local(element.tag)
        values[key] = "".join(element.itertext()).strip()
    values = {key: value for key, value in values.items() if value}
    told = "\n".join(f"{key}\t{value}" for key, value in values.items() if key not in _TIMES)
    contents.say(told, "properties", shown=False, removed=True)
    if kind == "custom-properties":
        if values.keys() - _TOOL_MARKS:
            contents.removable.add("custom-properties")
    elif {"creator", "lastModifiedBy", "Manager", "Company"} & values.keys():
        contents.removable.add("author")


def blanked(package: Package) -> dict[str, bytes | None]:
    """Parts of metadata with nothing in them, and no thumbnail: what replaces those of the source."""
    replaced: dict[str, bytes | None] = {**blank_parts(package), **_without_traces(package)}
    thumbnails = package.related("", "thumbnail")
    if thumbnails:
        replaced["_rels/.rels"] = _THUMBNAIL.sub(b"", package.archive.read("_rels/.rels"))
        replaced |= dict.fromkeys(thumbnails)
    return replaced


def _without_traces(package: Package) -> dict[str, bytes]:
    """Parts in which a program noted who works where, without that."""
    found: dict[str, bytes] = {}
    for names, trace, instead in _TRACES:
        for name in sorted(package.archive.names):
            if names.match(name):
                data = found.get(name) or package.archive.read(name)
                lighter = trace.sub(instead, data)
                if lighter != data:
                    found[name] = lighter
    return found
