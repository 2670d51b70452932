"""How a Word document says that its words look: styles, what they inherit, and what a run says itself. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.clearance.inspect.colours import WHITE
from generator.clearance.inspect.package import Package
from generator.clearance.inspect.xml import attribute, local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_USUAL_SIZE = 20
_LONGEST_CHAIN = 32


class Look(NamedTuple):
    """How words look, as far as they can be hidden by it."""

    vanishes: bool = False
    size: int = _USUAL_SIZE
    """Half points."""
    color: str = ""
    fill: str | None = ""
    """The ground that they bring along: none of their own (empty), or one that cannot be told (``None``)."""

    def changed_by(self, properties: Element) -> Look:
        """The same with what run properties say otherwise."""
        look = self
        for one in properties:
            tag, value = local(one.tag), attribute(one, "val")
            if tag == "vanish":
                look = look._replace(vanishes=value.lower() not in {"0", "false", "off"})
            elif tag == "color":
                look = look._replace(
                    color=WHITE if attribute(one, "themeColor") in {"background1", "light1"} else value
                )
            elif tag == "sz" and value.isdigit():
                look = look._replace(size=int(value))
            elif tag == "shd":
                look = look._replace(fill=attribute(one, "fill") or look.fill)
            elif tag == "highlight":
                look = look._marked(value)
        return look

    def _marked(self, marker: str) -> Look:
        """A black marker is how text is "redacted" in Word: it stays black on black."""
        if marker == "none":
            return self._replace(fill="")
        if marker != "black":
            return self._replace(fill=None)
        return self._replace(fill="000000", color="000000" if self.color in {"", "auto"} else self.color)


class Styles:
    """The styles of a document."""

    def __init__(self) -> None:
        self.shaded: set[str] = set()
        """Those with a ground of their own."""
        self.default = ""
        """The style of paragraphs that name none."""
        self._base = Look()
        self._own: dict[str, Element] = {}
        self._parents: dict[str, str] = {}
        self._grounded: set[str] = set()
        self._paragraphs: dict[str, Look] = {}

    def take(self, root: Element) -> None:
        """Read a part of styles."""
        for element in root:
            if local(element.tag) == "docDefaults":
                for one in element.iter():
                    if local(one.tag) == "rPr":
                        self._base = self._base.changed_by(one)
            elif local(element.tag) == "style":
                self._take_style(element)

    def _take_style(self, style: Element) -> None:
        name = attribute(style, "styleId")
        if attribute(style, "type") == "paragraph" and attribute(style, "default") in {"1", "true", "on"}:
            self.default = name
        for one in style:
            tag = local(one.tag)
            if tag == "rPr":
                self._own[name] = one
            elif tag == "basedOn":
                self._parents[name] = attribute(one, "val")
            elif tag == "pPr" and any(_is_ground(inner) for inner in one.iter()):
                self._grounded.add(name)
        if any(_is_ground(one) for one in style.iter()):
            self.shaded.add(name)

    def of_paragraph(self, name: str) -> Look:
        """How words look in a paragraph of that style."""
        name = name or self.default
        if name not in self._paragraphs:
            look = self.of_run(self._base, name)
            if look.fill == "" and not self._grounded.isdisjoint(self._chain(name)):
                look = look._replace(fill=None)
            self._paragraphs[name] = look
        return self._paragraphs[name]

    def of_run(self, look: Look, name: str) -> Look:
        """The same in a style of characters."""
        for one in reversed(self._chain(name)):
            if one in self._own:
                look = look.changed_by(self._own[one])
        return look

    def _chain(self, name: str) -> list[str]:
        """A style and those on which it is based, as far as they do not go round in a circle."""
        chain: list[str] = []
        while name and name not in chain and len(chain) < _LONGEST_CHAIN:
            chain.append(name)
            name = self._parents.get(name, "")
        return chain


def _is_ground(element: Element) -> bool:
    return local(element.tag) == "shd" and attribute(element, "fill").lower() not in {"", "auto", "ffffff"}


def read_styles(package: Package) -> Styles:
    """The styles of a package's main part."""
    styles = Styles()
    for name in package.related(package.main, "styles"):
        styles.take(parse_tree(package.archive.read(name), package.limits))
    return styles
