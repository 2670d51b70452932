"""How a Word document says that its words look: styles, what they inherit, and what a run says itself. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.clearance.inspect.colours import WHITE, grey
from generator.clearance.inspect.package import Package
from generator.clearance.inspect.placing import ground_of
from generator.clearance.inspect.xml import attribute, local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_USUAL_SIZE = 20
_LONGEST_CHAIN = 32
_NARROWEST = 10
"""Hundredths of the width that letters have."""
_SHARE = re.compile("[0-9A-Fa-f]{2}")
_MARKERS = {
    **{"yellow": "FFFF00", "green": "00FF00", "cyan": "00FFFF", "magenta": "FF00FF", "blue": "0000FF", "red": "FF0000"},
    **{"darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000", "darkMagenta": "800080"},
    **{"darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0", "white": WHITE},
}
"""Colours of highlighters, but for black."""


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
                look = look._replace(color=_ink(one))
            elif tag == "sz" and value.isdigit():
                look = look._replace(size=int(value))
            elif tag == "w" and value.removesuffix("%").isdigit() and int(value.removesuffix("%")) <= _NARROWEST:
                look = look._replace(vanishes=True)
            elif tag == "shd":
                look = look._replace(fill=ground_of(one) or look.fill)
            elif tag == "highlight":
                look = look._marked(value)
            elif tag == "textFill":
                look = look._filled(one, is_outlined=any(_is_outline(other) for other in properties))
        return look

    def _marked(self, marker: str) -> Look:
        """A black marker is how text is "redacted" in Word: it stays black on black."""
        if marker == "none":
            return self._replace(fill="")
        if marker != "black":
            return self._replace(fill=_MARKERS.get(marker))
        return self._replace(fill="000000", color="000000" if self.color in {"", "auto"} else self.color)

    def _filled(self, filling: Element, *, is_outlined: bool) -> Look:
        """Letters filled as drawings are: with nothing, with another colour than their own, or to be seen through."""
        for one in filling:
            if local(one.tag) == "noFill" and not is_outlined:
                return self._replace(vanishes=True)
            for color in one if local(one.tag) == "solidFill" else ():
                value = attribute(color, "val")
                if any(local(inner.tag) == "alpha" and _is_extreme(inner) for inner in color):
                    return self._replace(vanishes=not is_outlined)
                if len(color) == 0:
                    return self._replace(color=WHITE if value in {"bg1", "lt1"} else value)
        return self


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


def _ink(color: Element) -> str:
    """The colour of words, as six digits or ``auto``; of the greys that a palette has beside paper and ink, the shade.

    What is written beside it for older programs need not be the same.
    """
    theme = attribute(color, "themeColor")
    if theme in {"background1", "light1"}:
        return grey(_share(color, "themeShade"))
    if theme in {"text1", "dark1"}:
        return grey(1 - _share(color, "themeTint"))
    return attribute(color, "val")


def _share(color: Element, name: str) -> float:
    """How much is left of a colour that is shaded or tinted; all where that is not said, or cannot be read."""
    value = attribute(color, name)
    return int(value, 16) / 0xFF if _SHARE.fullmatch(value) else 1.0


def _is_outline(element: Element) -> bool:
    """Whether letters have an outline that is drawn."""
    return (
        local(element.tag) == "textOutline"
        and any(local(one.tag).endswith("Fill") for one in element)
        and not any(local(one.tag) == "noFill" for one in element)
    )


def _is_extreme(alpha: Element) -> bool:
    """Whether a colour can be seen through wholly; programs do not write that it cannot at all."""
    value = attribute(alpha, "val")
    return value.isdigit() and not 5_000 < int(value) < 95_000


def _is_ground(element: Element) -> bool:
    return local(element.tag) == "shd" and ground_of(element).lower() not in {"", "auto", "ffffff"}


def read_styles(package: Package) -> Styles:
    """The styles of a package's main part."""
    styles = Styles()
    for name in package.related(package.main, "styles"):
        styles.take(parse_tree(package.archive.read(name), package.allowance))
    return styles
