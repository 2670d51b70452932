"""Items that somebody took off since the build: sources and evidence → ids. Effects: reads the content folder.

A release is made of a tree that may be hours old. What was withdrawn since is told by the evidence; what was deleted or
un-cleared since is told here, by the few sources that were touched after the build, and what was refused, or lost the
record or a signature that cleared it, by asking the evidence again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import chain
from pathlib import Path

import msgspec

from generator.build.cache import code_digest, load_verified
from generator.build.manifest import MANIFEST_NAME
from generator.build.report import ItemReport
from generator.clearance.digests import BODY, text_digest
from generator.clearance.evidence import Evidence, load_evidence
from generator.clearance.records import Record, decided
from generator.clearance.rules import load_rules
from generator.clearance.rulings import Rulings
from generator.clearance.signers import SIGNERS
from generator.clearance.withdrawals import MIN_TEXT
from generator.content.item import load_item, source_parts
from generator.content.source import scan
from generator.deploy.request import Request
from generator.model import Item

_MARGIN_NS = 60 * 10**9
"""What the clocks of two machines, or of a machine and its disk, may differ by."""


def uncleared_since(request: Request, live: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Those of the items in a tree as of ``now``, of which no source says by now that they are to be public."""
    built = _begun(request, now)
    times = {item: _last_touched(request.content, item) for item in live}
    gone = {item for item, time in times.items() if time is None}
    touched = {item for item, time in times.items() if time is not None and time >= built}
    return tuple(sorted(gone | {item for item, parsed in _parsed(request, touched) if not is_meant(parsed)}))


def evidence_of(request: Request) -> Evidence:
    """What is decided by now; a signature that the last build found to hold is not verified again."""
    verified = load_verified(request.cache, code_digest())
    return load_evidence(request.content, request.sites, request.cluster, verified=verified, state=request.state)


def unsupported(
    request: Request, evidence: Evidence, items: Mapping[str, ItemReport], now: datetime
) -> tuple[str, ...]:
    """Those of the items in the tree that records and signatures, as they stand by now, do not clear."""
    rulings = Rulings(evidence, request.cluster, now, frozenset())
    late = {one.parts[BODY] for one in _refusals(request, evidence, _begun(request, now))}
    bodies = {item: _body(request.content, item) if late and not one.record else "" for item, one in items.items()}
    return tuple(
        item
        for item, one in sorted(items.items())
        if not rulings.stands(item, one.digest, one.record, bodies[item] if bodies[item] in late else "")
    )


def _body(content: Path, item: str) -> str:
    """The digest of an item's text; empty for one that is too short to be told from others."""
    for path in (content / f"{item}.md", content / item / "index.md"):
        with suppress(OSError):
            body = source_parts(path.read_bytes())[1]
            return text_digest(body) if len(body) >= MIN_TEXT else ""
    return ""


def refused_of(request: Request, evidence: Evidence, live: Iterable[str], since: datetime) -> tuple[str, ...]:
    """Those of the items on which a refusal was filed since that is the last decision, whatever text it is of."""
    late = {one.item for one in _refusals(request, evidence, _nanoseconds(since) - _MARGIN_NS)}
    last = {item: max(evidence.records[item], key=decided) for item in late.intersection(live)}
    return tuple(sorted(item for item, record in last.items() if not record.passes))


def terms_of_clearance(request: Request) -> str:
    """Digest of what an item is cleared by beside its own records: negative list, what units ask for, and signers."""
    policies = [(unit.id, unit.clearance) for unit in request.cluster.units]
    signers = b""
    if any(policy == "signed" for _, policy in policies):
        with suppress(FileNotFoundError):
            signers = (request.sites / SIGNERS).read_bytes()
    rules = load_rules(request.sites, request.cluster).digest
    return hashlib.sha256(msgspec.json.encode((rules, policies, signers))).hexdigest()


def _refusals(request: Request, evidence: Evidence, earliest: int) -> Iterator[Record]:
    for one in chain.from_iterable(evidence.records.values()):
        if not one.passes and (_touched(request.content / one.path.removeprefix("content/")) or 0) >= earliest:
            yield one


def turned_off_since(request: Request, live: Iterable[str], since: datetime) -> tuple[str, ...]:
    """Those of the items of which the source was touched since, and plainly says that they are not to be public."""
    earliest = _nanoseconds(since) - _MARGIN_NS
    touched = {item for item in live if (_last_touched(request.content, item) or 0) >= earliest}
    return tuple(sorted(item for item, parsed in _parsed(request, touched) if parsed and not is_meant(parsed)))


def _parsed(request: Request, items: Collection[str]) -> Iterator[tuple[str, Item | None]]:
    """What the source of each item says; ``None`` where it cannot be read."""
    sources = scan(request.content, request.cluster).items if items else ()
    found = {one.id: load_item(request.content, one, request.cluster).item for one in sources if one.id in items}
    yield from ((item, found.get(item)) for item in sorted(items))


def _begun(request: Request, now: datetime) -> int:
    """From when on a source may have been touched after it was read.

    A build takes the time at its beginning, unless it was told another, and writes the manifest at its end: of a large
    cluster that is minutes later.
    """
    return min((request.out / MANIFEST_NAME).stat().st_mtime_ns, _nanoseconds(now)) - _MARGIN_NS


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 10**9


def _last_touched(content: Path, item: str) -> int | None:
    """When the source was written or moved here last; ``None`` where there is none."""
    times = [_touched(path) for path in (content / f"{item}.md", content / item / "index.md")]
    return max((time for time in times if time is not None), default=None)


def _touched(path: Path) -> int | None:
    """When a file was written or moved here last, in nanoseconds."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return max(stat.st_mtime_ns, stat.st_ctime_ns)


def is_meant(item: Item | None) -> bool:
    """Whether the header can be read and lets the item be public: what else withholds it, a build says."""
    return (
        item is not None and item.confidentiality_cleared is True and item.draft is False and item.audience == "public"
    )
