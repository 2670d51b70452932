"""XML without its dangers: bytes → tree or events. Pure.

A document type is refused outright, so that there are no entities to expand and
nothing external to fetch. Length is bounded, and so are the elements and attributes
of a document and how deep they lie: a few bytes of each take a microsecond and, in a tree, a hundred bytes.
``defusedxml`` would guard as well, but builds its trees in Python, ten times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from generator.clearance.inspect.found import Allowance, Refused

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element
    from xml.parsers.expat import XMLParserType

_ELEMENT, _ATTRIBUTE = 4, 1
"""Steps of reading one."""
_ELEMENT_KEPT, _ATTRIBUTE_KEPT = 12, 8
"""The same in a tree, which is looked through more than once."""
_USUAL_DEPTH = 20
"""A table within a text box within a table lies so deep."""
Start = Callable[[str, dict[str, str]], object]
End = Callable[[str], object]
Data = Callable[[str], object]


def parse_tree(data: bytes, allowance: Allowance) -> Element:
    """The root element; raises ``Refused`` for a document type, too much of it or broken syntax."""
    _bound(data, allowance, _ELEMENT_KEPT, _ATTRIBUTE_KEPT)
    _parse(data, expat.ParserCreate(namespace_separator=" "))
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, LookupError, ValueError):
        raise Refused("attachment-unreadable") from None
    _bound_depth(root, allowance)
    return root


def feed(
    data: bytes,
    allowance: Allowance,
    *,
    start: Start | None = None,
    end: End | None = None,
    text: Data | None = None,
    note: Data | None = None,
) -> None:
    """Read ``data`` once, calling back; names come as ``namespace local``. Raises ``Refused`` as above.

    ``note`` is told what comments and instructions for programs say.
    """
    _bound(data, allowance, _ELEMENT, _ATTRIBUTE)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    if note is not None:
        parser.CommentHandler = note
        parser.ProcessingInstructionHandler = lambda target, data: note(f"{target} {data}")
    _parse(data, parser)


def _parse(data: bytes, parser: XMLParserType) -> None:
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Refused("attachment-unreadable") from None


def _bound(data: bytes, allowance: Allowance, element: int, attribute: int) -> None:
    """Account for the elements and attributes of a part, of which there are no more than their signs allow."""
    if len(data) > allowance.limits.xml:
        raise Refused("attachment-refused-large")
    signs = data.replace(b"\0", b"") if b"\0" in data[:4] else data
    elements = signs.count(b"<") - signs.count(b"</")
    attributes = (signs.count(b'"') + signs.count(b"'")) // 2
    allowance.step(elements * element + attributes * attribute)


def _bound_depth(root: Element, allowance: Allowance) -> None:
    """Account for what lies deep: who asks an element for all its text comes by once for each element around it."""
    level, depth = [root], 0
    while level:
        level, depth = [child for one in level for child in one], depth + 1
        allowance.step(len(level) * max(0, depth - _USUAL_DEPTH) * _ELEMENT)


def _refuse(*_: object) -> NoReturn:
    raise Refused("attachment-refused-xml")


@lru_cache(maxsize=4096)
def local(name: str) -> str:
    """The name without its namespace, of an element (``{ns}name``) or an event (``ns name``)."""
    return name.rpartition("}")[2].rpartition(" ")[2]


def attribute(element: Element, name: str) -> str:
    """The attribute of that local name, in whatever namespace; empty when there is none."""
    for key, value in element.attrib.items():
        if local(key) == name:
            return value
    return ""
