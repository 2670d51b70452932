"""What the pages of a unit's site show → a digest of it, without planning them. Pure.

The digest covers every value that ``pages_*`` reads for a unit: its own items in
their order, the addresses of their links, the items of any unit that they are
shown with, consultations as they stand today, former addresses, tombstones, and
by the theme's digest definitions, templates and options. It may change where no
page does; it may never stay where one changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b

import msgspec

from generator.clearance.gate import ClearedItem
from generator.site.catalogue import Catalogue, UnitCatalogue
from generator.site.links import Resolution

Identity = Callable[[ClearedItem], bytes]

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_ABSENT = b"-"


def site_fingerprint(
    catalogue: Catalogue, resolution: Resolution, theme_digest: str, unit: str, identity: Identity
) -> bytes:
    """The digest for one unit; ``identity`` is a digest of an item's facts."""
    own = catalogue.units[unit]
    digest = blake2b(theme_digest.encode(), digest_size=16)
    digest.update(_encode((unit, _standing(own))))
    for category, section in own.sections.items():
        links = resolution.links
        digest.update(_encode((category, [(one.id, identity(one), links.get(one.id, ())) for one in section.own])))
        for one in section.own:
            item = one.item
            if item.interprets or item.related or item.extra or one.id in catalogue.interpreted_by:  # hardly any
                digest.update(_encode((one.id, [*_shown_with(catalogue, one, identity)])))
    return digest.digest()


def _standing(own: UnitCatalogue) -> object:
    """What is not said by the items alone."""
    return (
        [(one.item.facts.id, one.state) for one in own.consultations],
        [(one.former, one.page or "", one.item) for one in own.redirects],
        [(one.id, one.withdrawn_on, one.reason) for one in own.tombstones],
    )


def _shown_with(catalogue: Catalogue, one: ClearedItem, identity: Identity) -> Iterator[tuple[str, bytes]]:
    item = one.item
    targets = [*item.interprets, *item.related, *catalogue.interpreted_by.get(one.id, ())]
    if isinstance(feedback := item.extra.get("feedback"), str):
        targets.append(feedback)
    for target in targets:
        other = catalogue.items.get(target)
        yield target, _ABSENT if other is None else identity(other)
