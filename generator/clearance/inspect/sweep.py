"""What no reader of an Office file reads: every other part of it, and words that stand in attributes. Pure.

A page shows little of this, but programs do (alternative texts, tips, lists to choose from,
watermarks), and whoever opens the archive sees all of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from generator.clearance.inspect.found import Contents, Hidden, Refused
from generator.clearance.inspect.package import TYPES, Package
from generator.clearance.inspect.properties import blank_parts
from generator.clearance.inspect.text import inspect_opaque
from generator.clearance.inspect.xml import feed, local

_WORDS = frozenset(
    {"descr", "title", "alt", "string", "tooltip", "screenTip", "displayText", "display"}
    | {"prompt", "promptTitle", "error", "errorTitle", "comment", "userName", "user"}
)
"""Attributes that hold words, of whatever element."""
_VALUES = frozenset(
    {"tag", "alias", "listItem", "listEntry", "statusText", "helpText", "default", "lvlText", "inputCells"}
    | {"query", "connectString", "entryMacro", "exitMacro"}
)
"""Elements whose value holds words."""
_NAMED = frozenset({"cNvPr", "docPr", "bookmarkStart", "scenario", "custShow", "customSheetView"})
"""Elements whose name does, unless a program gave it: 图片 3."""
_NUMBERED = re.compile(r"[^0-9]{0,16}[0-9]{1,9}")
_SHOWN = re.compile(r"(?:^|/)(?:charts|diagrams|drawings)/")
_FURNITURE = re.compile(
    r"(?:^|/)(?:theme|tables|ctrlProps|slideMasters|slideLayouts|notesMasters|handoutMasters|media|_xmlsignatures)/"
)
"""Where programs put words of their own."""
_HARMLESS = re.compile(r"(?:^|/)printerSettings/|\.(?:odttf|fntdata|ttf|emf|wmf|bmp|sigs)$", re.IGNORECASE)
_DRAWN = re.compile(r"\.(?:emf|wmf)$", re.IGNORECASE)
_XML = ("+xml", "/xml", "vmlDrawing")
_UNTREED = ("worksheet+xml", "sharedStrings+xml")
"""Too large to be read twice: their reader looks at their attributes as well."""
_ANY_XML = frozenset({"application/xml", "text/xml"})
"""Types of parts of which no standard says what their attributes are."""
_CARRIERS = frozenset(
    {"t", "delText", "instrText", "delInstrText", "text", "v", "f", "s", "n", "d", "definedName", "formatCode"}
)
"""Elements whose text the readers read."""
_MEASURE = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]+)?|.{1,5}")
_PROSE = re.compile(r"[\u3400-\u9fff]{4}")
_TAG = re.compile(rb"<[^>]*>")


def words_of(tag: str, attributes: dict[str, str]) -> list[str]:
    """The words that the attributes of one element hold."""
    found = []
    for key, value in attributes.items():
        name = local(key)
        if (
            name in _WORDS
            or (tag in _VALUES and name in ("val", "value", "name"))
            or (tag in _NAMED and name == "name" and not _NUMBERED.fullmatch(value))
        ):
            found.append(value)
    return [one for one in found if one.strip()]


def sweep(package: Package, contents: Contents, read: Collection[str]) -> None:
    """Collect words in attributes of every part, and the text of every part that is not among ``read``."""
    contents.say("\n".join(sorted(package.archive.names)), "parts", shown=False)
    own = {*package.targets("customXml"), *package.parts(r"customXml/item")}
    own |= {name for name, kind in package.types.items() if kind in _ANY_XML and name not in read}
    read = {*read, *package.targets("customXml"), *package.parts(r"customXml/item")}
    passed = {TYPES, *package.objects(), *package.pictures(), *package.related("", "thumbnail"), *blank_parts(package)}
    for number, name in enumerate(sorted(package.archive.names), start=1):
        kind = package.types.get(name, "")
        if name in passed or (name in read and kind.endswith(_UNTREED)):
            continue
        if kind.endswith(_XML) or name.endswith((".xml", ".vml")):
            if not name.endswith(".rels"):
                told = _Told(is_read=name in read, is_own=name in own)
                _sweep_part(package, name, f">{number}", contents, told)
        elif not _HARMLESS.search(name):
            contents.readable = False  # a recording, a picture of a kind that is not looked into
        elif _DRAWN.search(name):
            inspect_opaque(package.archive.read(name), contents)


def take_notes(notes: Collection[str], place: str, contents: Contents) -> None:
    """What comments and instructions of a part say: programs that save office files write none."""
    text = "\n".join(notes)
    contents.say(text, place, shown=False)
    if _PROSE.search(text):
        contents.hide("attachment-custom-data", place)


class _Told:
    """Words of one part, as it is read.

    Of a part that a reader reads it collects what readers pass over, of one that is somebody's own all.
    """

    def __init__(self, *, is_read: bool, is_own: bool) -> None:
        self.words: dict[str, None] = {}
        self.pieces: dict[str, None] = {}
        self.notes: list[str] = []
        self.is_read = is_read
        self.is_own = is_own
        self._tag = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._tag = local(tag)
        if self.is_own:
            self.words.update(dict.fromkeys((self._tag, *attributes.values())))
        elif attributes:
            self.words.update(dict.fromkeys(words_of(self._tag, attributes)))

    def end(self, tag: str) -> None:
        self._tag = ""

    def text(self, words: str) -> None:
        if self.is_read and (self.is_own or self._tag in _CARRIERS):
            return
        if (words := words.strip()) and not (self.is_read and _MEASURE.fullmatch(words)):
            self.pieces[words] = None


def _sweep_part(package: Package, name: str, place: str, contents: Contents, told: _Told) -> None:
    data = package.archive.read(name)
    try:
        feed(data, package.allowance, start=told.start, end=told.end, text=told.text, note=told.notes.append)
    except Refused:
        if not name.endswith(".vml"):
            raise
        told.text(_TAG.sub(b"\n", data).decode("utf-8", "replace"))  # Excel leaves its tags open
    contents.say("\n".join(told.words), f"{place}alternative", shown=False)
    text, is_shown = "\n".join(told.pieces), not told.is_read and _SHOWN.search(name) is not None
    contents.say(text, place, shown=is_shown)
    take_notes(told.notes, place, contents)
    unshown = ["" if is_shown else text, "\n".join(told.words) if told.is_own else ""]
    orphan = Hidden("attachment-orphan-part", place)
    if any(map(_PROSE.search, unshown)) and not _FURNITURE.search(name) and orphan not in contents.hidden:
        contents.hide("attachment-custom-data", place)
