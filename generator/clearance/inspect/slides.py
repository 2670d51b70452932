"""PowerPoint presentations (ECMA-376 part 1, PresentationML): package → text and what it hides. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.clearance.inspect.found import Contents
from generator.clearance.inspect.frames import WHOLE, Frame, inner_frame, own_frame
from generator.clearance.inspect.package import Package, is_switched_off, note_cropped
from generator.clearance.inspect.slidelooks import Grounds, hides_letters
from generator.clearance.inspect.xml import attribute, local, parse_tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SHAPES = frozenset({"sp", "pic", "graphicFrame", "grpSp", "cxnSp"})
_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})


def inspect_slides(package: Package, contents: Contents) -> frozenset[str]:
    """Collect the text of slides and notes and name what is hidden; gives the parts that were read."""
    root = parse_tree(package.archive.read(package.main), package.allowance)
    width, height = _size(root)
    targets = {one.id: one.target for one in package.relations.get(package.main, ())}
    order = [targets.get(_relation_id(one), "") for one in root.iter() if local(one.tag) == "sldId"]
    unlisted = sorted({*package.related(package.main, "slide")}.difference(order))  # no program shows them
    slides = [part for part in (*order, *unlisted) if part in package.archive.names]
    grounds = Grounds(package)
    for number, part in enumerate(slides, start=1):
        if part in unlisted:
            contents.hide("attachment-hidden-slide", f"p{number}")
        _slide(package, grounds, contents, part, number, (width, height))
    comments = {*package.parts(r"ppt/(?:comments|threadedComments)/.*\.xml$"), *package.targets("comments")}
    if comments:
        contents.hide("attachment-comments")
    for part in sorted(comments):
        contents.say(_text(parse_tree(package.archive.read(part), package.allowance)), "comment")
    drawn = package.parts(r"ppt/(?:slideMasters|slideLayouts|charts|diagrams)/[^/]*\.xml$")
    for part in drawn:
        contents.say(_text(parse_tree(package.archive.read(part), package.allowance)), "drawing")
    notes = package.targets("notesSlide")
    return frozenset({package.main, *slides, *comments, *drawn, *notes})


def _slide(
    package: Package, grounds: Grounds, contents: Contents, part: str, number: int, size: tuple[int, int]
) -> None:
    root = parse_tree(package.archive.read(part), package.allowance)
    if root.get("show") in {"0", "false"}:
        contents.hide("attachment-hidden-slide", f"p{number}")
    note_cropped(root, contents, f"p{number}")
    if _hides_shapes(root, size, WHOLE):
        contents.hide("attachment-hidden-text", f"p{number}")
    if hides_letters(root) or grounds.hide(part, root):
        contents.hide("attachment-hidden-text", f"p{number}")
    contents.say(_text(root), f"p{number}")
    for notes in package.related(part, "notesSlide"):
        text = _notes(parse_tree(package.archive.read(notes), package.allowance))
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


def _hides_shapes(parent: Element, size: tuple[int, int], frame: Frame) -> bool:
    """Whether a shape with words, or a picture, is switched off or lies wholly beside the slide."""
    for shape in parent:
        tag = local(shape.tag)
        if tag not in _SHAPES:
            if _hides_shapes(shape, size, frame):
                return True
            continue
        told = tag == "grpSp" or tag == "pic" or _text(shape).strip() != ""
        if told and is_switched_off(shape) and (tag == "pic" or _text(shape).strip() or _has_picture(shape)):
            return True
        if tag == "grpSp":
            if _hides_shapes(shape, size, inner_frame(shape, frame)):
                return True
        elif told and _is_outside(shape, size, frame):
            return True
    return False


def _has_picture(shape: Element) -> bool:
    return any(local(one.tag) == "pic" for one in shape.iter())


def _is_outside(shape: Element, size: tuple[int, int], frame: Frame) -> bool:
    """Whether the shape has a place of its own that lies wholly beside the slide."""
    own = own_frame(shape)
    if not size[0] or "off" not in own or "ext" not in own:
        return False
    left, top, right, bottom = frame.box(own["off"], own["ext"])
    return right <= 0 or bottom <= 0 or left >= size[0] or top >= size[1]


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
