"""Where the shapes of a slide lie: element → coordinates. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.clearance.inspect.xml import local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class Frame(NamedTuple):
    """Where the coordinates of a group's shapes lie on the slide: a place and a scale in either direction."""

    left: float
    top: float
    across: float
    down: float

    def box(self, place: tuple[int, int], size: tuple[int, int]) -> tuple[float, float, float, float]:
        """Left, top, right and bottom on the slide."""
        left, top = self.left + place[0] * self.across, self.top + place[1] * self.down
        return left, top, left + size[0] * self.across, top + size[1] * self.down


WHOLE = Frame(0, 0, 1, 1)


def own_frame(shape: Element) -> dict[str, tuple[int, int]]:
    """Place and extent that the shape itself has, and for a group those of its own coordinates."""
    for child in shape:
        found = child if local(child.tag) == "xfrm" else next((one for one in child if local(one.tag) == "xfrm"), None)
        if found is not None:
            return {
                local(one.tag): (_whole(one.get("x") or one.get("cx")), _whole(one.get("y") or one.get("cy")))
                for one in found
            }
    return {}


def _whole(value: str | None) -> int:
    try:
        return int(value or 0)
    except ValueError:
        return 0


def inner_frame(group: Element, frame: Frame) -> Frame:
    """Where the coordinates of what is in a group lie."""
    own = own_frame(group)
    if not own.keys() >= {"off", "ext", "chOff", "chExt"}:
        return frame
    left, top, right, bottom = frame.box(own["off"], own["ext"])
    across = (right - left) / (own["chExt"][0] or 1)
    down = (bottom - top) / (own["chExt"][1] or 1)
    return Frame(left - own["chOff"][0] * across, top - own["chOff"][1] * down, across, down)
