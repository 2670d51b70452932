"""Why an item is, or is not, published, and where it appears. Pure, but for ``mentions``, which reads the tree."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from generator.authoring.presentation import explain_verdict
from generator.build.report import BuildReport, ItemReport
from generator.clearance import records, withdrawals
from generator.clearance.gate import Screening
from generator.clearance.signers import PATH as SIGNERS_PATH
from generator.clearance.trail import Change
from generator.clearance.withdrawals import Withdrawal
from generator.diagnostics import Diagnostic
from generator.model import ItemFacts, Verdict

_TEXT = frozenset({".html", ".xml", ".json", ".txt"})
_QUOTED = re.compile(rb"""["'>]([^"'<>\s]+)["'<]""")
_HISTORY = 10


def explain(
    item_id: str,
    screening: Screening,
    diagnostics: Iterable[Diagnostic],
    report: BuildReport | None,
    gone: Iterable[Withdrawal] = (),
) -> Iterator[str]:
    """The verdict now, the record or withdrawal by which it stands, and how the last build differs."""
    cleared = next((one.facts for one in screening.cleared if one.id == item_id), None)
    withheld = next((one for one in screening.withheld if one.id == item_id), None)
    facts = cleared or (withheld.facts if withheld else None)
    if facts is None:
        yield from _no_item(item_id, diagnostics)
    else:
        verdict = withheld.verdict if withheld else Verdict.PUBLISHED
        own = tuple(of_item(facts, [*diagnostics]))
        yield f"{item_id}："
        yield from (f"  {line}" for line in explain_verdict(verdict, own))
        if record := screening.records.get(item_id):
            yield f"  审查记录 record：{record}"
        if withheld is not None and withheld.until is not None:
            yield f"  将于 {withheld.until.isoformat()} 发布 appears then"
    for one in gone:
        if one.item == item_id:
            yield f"  {one.withdrawn_on.isoformat()} 由 {one.by} 撤回（编号 {one.number}）：{one.reason} withdrawn"
    yield from _in_report(report.items.get(item_id) if report else None, report, facts)


def present(screening: Screening) -> frozenset[str]:
    """The ids of all items that there are."""
    return frozenset((*(one.id for one in screening.cleared), *(one.id for one in screening.withheld)))


def is_known(item_id: str, screening: Screening, diagnostics: Iterable[Diagnostic], report: BuildReport | None) -> bool:
    """Whether there is such an item, or was, or stands something in its place."""
    gone = {one.item for one in screening.evidence.withdrawals}
    built = frozenset(report.items) if report else frozenset[str]()
    return item_id in present(screening) | gone | built or any(_in_place(item_id, diagnostics))


def of_item(facts: ItemFacts, diagnostics: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """What is said of the item, then of the evidence by which it is judged: there it says where and how to mend it."""
    own = [one for one in diagnostics if one.path == f"content/{facts.path}"]
    unsigned = any(one.code in ("record-unsigned", "record-one-key") for one in own)
    yield from own
    for one in diagnostics:
        if _is_evidence_of(facts.id, one.path) or (unsigned and one.path == SIGNERS_PATH):
            yield one


def _is_evidence_of(item_id: str, path: str) -> bool:
    unit, _, slug = item_id.split("/")
    for kind in (records, withdrawals):
        folder = f"content/{unit}/{kind.FOLDER}/"
        if path.startswith(folder) and kind.slug_of(path.removeprefix(folder)) == slug:
            return True
    return False


def _no_item(item_id: str, diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """That there is none; where a file was meant to be one, why it is not."""
    faults = [*_in_place(item_id, diagnostics)]
    if faults:
        yield f"{item_id} 那里没有可以公开的条目。What stands there is no item:"
        yield from (f"  {one.format()}" for one in faults)
    else:
        yield f"内容中没有 {item_id}。There is no such item in the content."


def _in_place(item_id: str, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """What is wrong with what stands where an item would, and with the folders around it."""
    unit, _, below = item_id.partition("/")
    folders = (unit, f"{unit}/{below.partition('/')[0]}", item_id)
    places = {f"content/{place}" for place in (*folders, f"{item_id}.md", f"{item_id}/index.md")}
    return (one for one in diagnostics if one.path in places)


def _in_report(one: ItemReport | None, report: BuildReport | None, facts: ItemFacts | None) -> Iterator[str]:
    if report is None:
        yield "还没有构建过 no build yet"
        return
    when = report.now.isoformat()
    if one is None:
        yield f"上次构建（{when}）中没有这个条目 the last build did not know it"
        return
    yield f"上次构建（{when}）：{one.verdict}"
    if facts is not None and one.digest != facts.digest:
        yield "  此后内容有变 the content has changed since"


def history(item_id: str, trail: Iterable[Change]) -> Iterator[str]:
    """The last changes of the item's verdict, oldest first."""
    of_item = [one for one in trail if one.item == item_id][-_HISTORY:]
    for one in of_item:
        record = f"，记录 {one.record}" if one.record else ""
        commit = f"，提交 {one.commit[:10]}" if one.commit else ""
        yield f"  {one.at.isoformat()} {one.before or '（新）'} → {one.verdict}{record}{commit}"


def mentions(out: Path, page: str, base_urls: Collection[str]) -> Iterator[str]:
    """Files of the tree that link to ``page``, in order. Effects: reads the tree.

    ``base_urls`` are those of the portal and of the item's unit; absolute links begin with one of them.
    """
    name = page.rpartition("/")[2]
    names = (name.encode(), quote(name).encode())  # as files list pages, and as links name them
    within_unit = page.partition("/")[2]
    absolute = {f"{url}{within_unit}" for url in base_urls} | {f"{url}{page}" for url in base_urls}
    for path in sorted(out.rglob("*")):
        if path.suffix not in _TEXT or not path.is_file():
            continue
        data = path.read_bytes()
        if not any(one in data for one in names):
            continue
        here = path.relative_to(out).as_posix()
        if here != page and any(_leads(here, link, page, absolute) for link in _links(data, names)):
            yield here


def _links(data: bytes, names: tuple[bytes, ...]) -> Iterator[str]:
    for match in _QUOTED.finditer(data):
        link = match[1].partition(b"#")[0].partition(b"?")[0]
        if link.endswith(names):
            yield unquote(link.decode("utf-8", "replace"))


def _leads(here: str, link: str, page: str, absolute: Collection[str]) -> bool:
    if "://" in link:
        return link in absolute
    folder = here.rpartition("/")[0]
    return posixpath.normpath(posixpath.join(folder, link)) == page or link == page
