"""Every file of its bundle that an item names: in front matter, as its image, in its body. Pure.

Only these are inspected and published. A file that is named and not there withholds the item, wherever it is named:
what was cleared was cleared with its files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from generator.content.attachments import Names, collisions, refer
from generator.content.source import SourceItem
from generator.diagnostics import Diagnostic
from generator.model import AttachmentRef, Item, Link


class NamedFiles(NamedTuple):
    """The files that an item names, each once, and its links with the files' true names."""

    refs: tuple[AttachmentRef, ...]
    links: tuple[Link, ...]
    diagnostics: tuple[Diagnostic, ...]


def name_files(item: Item, source: SourceItem, links: Sequence[Link]) -> NamedFiles:
    """Collect what front matter and body name."""
    refs = {ref.name: ref for ref in item.attachments}
    found: list[Diagnostic] = []
    if item.image:
        line, column = item.place_of("image")
        named = refer(item.image, source, line=line, column=column, image=True)
        if isinstance(named, AttachmentRef):
            refs.setdefault(named.name, named)
    resolved: list[Link] = []
    names = Names(source)
    for link in links:
        if link.kind == "item":
            resolved.append(link)
            continue
        image = link.kind == "image"
        named = refer(link.target, source, names=names, line=link.line, column=link.column, image=image)
        if isinstance(named, AttachmentRef):
            refs.setdefault(named.name, named)
            resolved.append(msgspec.structs.replace(link, target=named.name))
        else:
            found.append(named)
            resolved.append(msgspec.structs.replace(link, target=""))
    found += collisions(refs.values(), source)
    return NamedFiles(tuple(refs.values()), tuple(resolved), tuple(found))
