"""PowerPoint presentations (ECMA-376 part 1, PresentationML): package → text and what it hides. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.clearance.inspect.found import Contents
from generator.clearance.inspect.package import Package, note_cropped
from generator.clearance.inspect.xml import attribute, local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SHAPES = frozenset({"sp", "pic", "graphicFrame", "grpSp", "cxnSp"})
_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})


def inspect_slides(package: Package, contents: Contents) -> None:
    """Collect the text of slides and notes and name what is hidden."""
    root = parse_tree(package.archive.read(package.main), package.limits)
    width, height = _size(root)
    targets = {one.id: one.target for one in package.relations.get(package.main, ())}
    order = [targets.get(_relation_id(one), "") for one in root.iter() if local(one.tag) == "sldId"]
    for number, part in enumerate(order, start=1):
        if part in package.archive.names:
            _slide(package, contents, part, number, width, height)
    comments = {*package.parts(r"ppt/(?:comments|threadedComments)/.*\.xml$"), *package.targets("comments")}
    if comments:
        contents.hide("attachment-comments")
    for part in sorted(comments):
        contents.say(_text(parse_tree(package.archive.read(part), package.limits)), "comment")
    for part in package.parts(r"ppt/(?:slideMasters|slideLayouts|charts|diagrams)/[^/]*\.xml$"):
        contents.say(_text(parse_tree(package.archive.read(part), package.limits)), "drawing")


def _slide(package: Package, contents: Contents, part: str, number: int, width: int, height: int) -> None:
    root = parse_tree(package.archive.read(part), package.limits)
    if root.get("show") in {"0", "false"}:
        contents.hide("attachment-hidden-slide", f"p{number}")
    note_cropped(root, contents, f"p{number}")
    for shape in root.iter():
        if local(shape.tag) not in _SHAPES or not (local(shape.tag) == "pic" or _text(shape).strip()):
            continue
        if _is_hidden(shape) or _is_outside(shape, width, height):
            contents.hide("attachment-hidden-text", f"p{number}")
    if any(_is_blackened(one) for one in root.iter() if local(one.tag) == "rPr"):
        contents.hide("attachment-hidden-text", f"p{number}")
    contents.say(_text(root), f"p{number}")
    for notes in package.related(part, "notesSlide"):
        text = _notes(parse_tree(package.archive.read(notes), package.limits))
        if text.strip():
            contents.hide("attachment-notes", f"p{number}")
            contents.say(text, f"p{number}notes")
    if package.related(part, "comments"):
        contents.hide("attachment-comments", f"p{number}")


def _relation_id(element: Element) -> str:
    return next((value for key, value in element.attrib.items() if key.startswith("{") and local(key) == "id"), "")


def _size(root: Element) -> tuple[int, int]:
    for element in root:
        if local(element.tag) == "sldSz":
            return int(element.get("cx", "0")), int(element.get("cy", "0"))
    return 0, 0


def _is_hidden(shape: Element) -> bool:
    for child in shape:
        for one in child:
            if local(one.tag) == "cNvPr" and one.get("hidden") in {"1", "true"}:
                return True
    return False


def _is_outside(shape: Element, width: int, height: int) -> bool:
    """Whether the shape has a place of its own that lies wholly beside the slide."""
    frame = next((one for one in shape.iter() if local(one.tag) == "xfrm"), None)
    if frame is None or not width or local(shape.tag) == "grpSp":
        return False
    parts = {local(one.tag): one for one in frame}
    if "off" not in parts or "ext" not in parts:
        return False
    left, top = int(parts["off"].get("x", "0")), int(parts["off"].get("y", "0"))
    right, bottom = left + int(parts["ext"].get("cx", "0")), top + int(parts["ext"].get("cy", "0"))
    return right <= 0 or bottom <= 0 or left >= width or top >= height


def _is_blackened(properties: Element) -> bool:
    """Whether a run is marked in the colour of its text, which is black unless it says otherwise."""
    colors = {local(one.tag): _plain_color(one) for one in properties if local(one.tag) in {"highlight", "solidFill"}}
    return colors.get("highlight", "") != "" and colors["highlight"] == colors.get("solidFill", "000000")


def _plain_color(fill: Element) -> str:
    return next((one.get("val", "").upper() for one in fill if local(one.tag) == "srgbClr"), "")


def _notes(root: Element) -> str:
    texts: list[str] = []
    for shape in root.iter():
        if local(shape.tag) == "sp":
            kinds = {attribute(one, "type") for one in shape.iter() if local(one.tag) == "ph"}
            if not kinds & _FURNITURE:
                texts.append(_text(shape))
    return "\n".join(text for text in texts if text.strip())


def _text(element: Element) -> str:
    """Text by paragraphs; a table's row is one line."""
    lines: list[str] = []
    for one in element.iter():
        if local(one.tag) == "tr":
            lines.append("\t".join(_runs(cell) for cell in one if local(cell.tag) == "tc"))
        elif local(one.tag) == "p":
            lines.append(_runs(one))
        elif local(one.tag) in {"text", "v"} and one.text:
            lines.append(one.text)
    return "\n".join(line for line in lines if line.strip())


def _runs(element: Element) -> str:
    return "".join(one.text or "" for one in element.iter() if local(one.tag) == "t")
