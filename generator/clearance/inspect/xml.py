"""XML without its dangers: bytes → tree or events. Pure.

A document type is refused outright, so that there are no entities to expand and
nothing external to fetch; depth and length are bounded. ``defusedxml`` would
guard as well, but builds its trees in Python, ten times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from generator.clearance.inspect.found import Limits, Refused

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Start = Callable[[str, dict[str, str]], object]
End = Callable[[str], object]
Data = Callable[[str], object]


def parse_tree(data: bytes, limits: Limits) -> Element:
    """The root element; raises ``Refused`` for a document type, too great a length or broken syntax."""
    feed(data, limits)
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, LookupError, ValueError):
        raise Refused("attachment-unreadable") from None


def feed(
    data: bytes,
    limits: Limits,
    *,
    start: Start | None = None,
    end: End | None = None,
    text: Data | None = None,
    note: Data | None = None,
) -> None:
    """Read ``data`` once, calling back; names come as ``namespace local``. Raises ``Refused`` as above.

    ``note`` is told what comments and instructions for programs say.
    """
    if len(data) > limits.xml:
        raise Refused("attachment-refused-large")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    if note is not None:
        parser.CommentHandler = note
        parser.ProcessingInstructionHandler = lambda target, data: note(f"{target} {data}")
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Refused("attachment-unreadable") from None


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
