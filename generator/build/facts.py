"""The first map: sources → facts and bodies. Effects: reads content, writes packs.

``learn_chunk`` runs in workers. What it learns of an item depends on that item's bytes, its bundle's,
the rules and the definitions named in ``ParseContext``, and on nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from generator.build.cache import SourceState, Stat
from generator.build.executor import Holding
from generator.build.fs import FileSystem
from generator.build.learned import Learned, encode_learned
from generator.build.packs import BodyDraft, PackWriter, Source, draft_body, source_of
from generator.build.references import NamedFiles, name_files
from generator.build.shared import Shared
from generator.build.table import folding_table
from generator.build.unread import believable, stat_tuple
from generator.clearance.attachments import inspect
from generator.clearance.audit_texts import said_digest
from generator.clearance.digests import item_digest, text_digest
from generator.clearance.rules import Rules
from generator.clearance.screening import find_together, is_heavy
from generator.content.item import claimed_groups, parse_item, unreadable
from generator.content.source import SourceItem, load_source
from generator.diagnostics import Diagnostic, diagnostic, in_order
from generator.model import AttachmentFacts, Cluster, Finding, Item, ItemBody, ItemFacts, ParsedItem, Rendered
from generator.render.markdown import convert, is_refusal
from generator.render.plaintext import summarise
from generator.search.passages import ItemFiles, cut_passages, text_files
from generator.search.postings import ItemText, encode_together

_TOGETHER: Final = 300_000
"""Bytes of sources that go through each step at once: the code of one step, warm, takes less time than all in turn."""
_NOWHERE: Final = ("", 0, 0)

_text_of = attrgetter("text")
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True)
class ParseContext:
    """What learning of an item may depend on beside the item itself."""

    content: Path
    cluster: Cluster
    rules: Rules
    key: bytes
    """Digest of the code, the rules and the definitions."""
    folder: Path
    """Of the cache."""
    packs: Path
    holding: Path
    scanned_ns: int
    """When the scan began: younger files are not believed unread by the next build."""
    fs: FileSystem


class ParseTask(NamedTuple):
    """A chunk of sources; ``known`` holds the key of each as last learned, or nothing."""

    context: Shared[ParseContext]
    pack: str
    sources: Sequence[SourceItem]
    known: Sequence[SourceState | None]


Each = Callable[[Sequence[SourceItem]], Iterable[SourceItem]]
"""The same sources; for a worker, which notes each of them as it comes to it."""


def learn_chunk(task: ParseTask) -> bytes:
    """Learn a chunk of items, as ``encode_learned`` gives it; their bodies go into one pack."""
    context = task.context.get()
    pack = PackWriter(context.fs, context.packs, task.pack)
    learned: list[Learned] = []
    with Holding(context.holding) as holding:
        for sources, known in _batches(task):
            learned += _learn(context, sources, known, pack, partial(_noted, holding))
    pack.close()
    return encode_learned(learned)


def _noted(holding: Holding, sources: Sequence[SourceItem]) -> Iterator[SourceItem]:
    for source in sources:
        holding.note(source.path)
        yield source


def _batches(task: ParseTask) -> Iterator[tuple[list[SourceItem], list[SourceState | None]]]:
    """What is learned at once. A large item, and one that has files, is the last of them: the one that is held."""
    sources: list[SourceItem] = []
    size = start = 0
    for number, source in enumerate(task.sources, 1):
        sources.append(source)
        size += source.stat.size
        if size >= _TOGETHER or source.bundle or number == len(task.sources):
            yield sources, [*task.known[start:number]]
            sources, size, start = [], 0, number


def _learn(
    context: ParseContext,
    sources: Sequence[SourceItem],
    known: Sequence[SourceState | None],
    pack: PackWriter,
    each: Each,
) -> Iterator[Learned]:
    """Learn items, step by step; what is known already is only stamped anew."""
    read = [_read(context, source) for source in each(sources)]
    kept = [
        None if old is None else _kept(context, source, old, file)
        for source, old, file in zip(sources, known, read, strict=True)
    ]
    new = [(source, file) for source, file, old in zip(sources, read, kept, strict=True) if old is None]
    of_new = [source for source, _ in new]
    parsed = [
        unreadable(source) if file is None else parse_item(source, file.data, context.cluster)
        for source, (_, file) in zip(each(of_new), new, strict=True)
    ]
    outcomes = _outcomes(context.content, context.rules, of_new, parsed, each)
    postings = iter(encode_together([one.text for one in outcomes if one.text], folding_table(context.folder)))
    fresh = iter(zip(new, outcomes, strict=True))
    for old in kept:
        if old is not None:
            yield old
            continue
        (source, file), outcome = next(fresh)
        ref = pack.add(outcome.draft.record(next(postings) if outcome.text else b"", file or source_of(b"")))
        state = SourceState(
            _key(context, source, file, outcome.named),
            believable(source, context.scanned_ns) if file is not None and outcome.steady else None,
            _bundle(source),
            outcome.named,
            (ref.pack, ref.offset, ref.length),
        )
        yield Learned(source.path, outcome.facts, state, ref.sizes)


def _kept(context: ParseContext, source: SourceItem, known: SourceState, file: Source | None) -> Learned | None:
    """The outcome for an item whose bytes, and those of the files that it names, are the known ones."""
    named = tuple((name, _file_digest(context, source, name)) for name, _ in known.named)
    if _key(context, source, file, named) != known.key:
        return None
    steady = file is not None and all(digest for _, digest in named)
    stat = believable(source, context.scanned_ns) if steady else None
    return Learned(source.path, None, msgspec.structs.replace(known, stat=stat, bundle=_bundle(source)))


def _bundle(source: SourceItem) -> tuple[tuple[str, Stat], ...]:
    return tuple((file.name, stat_tuple(file.stat)) for file in source.bundle) if source.bundle else ()


def _read(context: ParseContext, source: SourceItem) -> Source | None:
    """The item's file; ``None`` when it cannot be read or became a link since the scan."""
    if context.fs.before is not None:
        context.fs.check("read", context.content / source.path)
    try:
        return source_of(load_source(context.content, source))
    except OSError:
        return None


def facts_of(
    content: Path, rules: Rules, source: SourceItem, parsed: ParsedItem
) -> tuple[ItemFacts, ItemBody, tuple[tuple[str, str], ...]]:
    """All that may be learned of one item, and the files that it names with their digests."""
    (outcome,) = _outcomes(content, rules, (source,), (parsed,), iter)
    postings = encode_together([outcome.text])[0] if outcome.text else b""
    written = {"front_text": parsed.front_text, "source_text": parsed.body}
    return outcome.facts, msgspec.structs.replace(outcome.body, postings=postings, **written), outcome.named


class _Page(NamedTuple):
    """An item that can be shown: its front matter is sound and its body was converted."""

    source: SourceItem
    parsed: ParsedItem
    item: Item
    rendered: Rendered


class _Outcome(NamedTuple):
    """What becomes of one item, but for the postings of its text."""

    facts: ItemFacts
    body: ItemBody
    """But for its postings and its source."""
    draft: BodyDraft
    """Of the body's record."""
    named: tuple[tuple[str, str], ...] = ()
    text: ItemText | None = None
    """What search finds it by, when it is cleared."""
    steady: bool = True
    """Whether every file that it names could be read."""


def _withheld(parsed: ParsedItem, more: Sequence[Diagnostic] = ()) -> _Outcome:
    """The outcome for an item that cannot be shown: nothing but what is wrong with it, and its source."""
    found = in_order((*parsed.diagnostics, *more))
    groups = claimed_groups(parsed)
    facts = ItemFacts(id=parsed.id, path=parsed.path, item=None, diagnostics=found, claimed_groups=groups)
    if parsed.front_text and parsed.body.strip():  # a withdrawal binds the text, whatever the header lacks
        facts = msgspec.structs.replace(facts, length=len(parsed.body), text_digest=text_digest(parsed.body))
    body = ItemBody(html="", headings=(), blocks=())
    return _Outcome(facts, body, draft_body(body))


def _outcomes(
    content: Path, rules: Rules, sources: Sequence[SourceItem], parsed: Sequence[ParsedItem], each: Each
) -> list[_Outcome]:
    converted = [_converted(one) for _, one in zip(each(sources), parsed, strict=True)]
    pages: list[_Page] = []
    outcomes: list[_Outcome | None] = []
    for source, one, rendered in zip(sources, parsed, converted, strict=True):
        if one.item is None or rendered is None:
            outcomes.append(_withheld(one))
        elif any(map(is_refusal, rendered.diagnostics)):
            outcomes.append(_withheld(one, rendered.diagnostics))
        elif is_heavy(one.body):
            outcomes.append(_withheld(one, (diagnostic("body-heavy", f"content/{one.path}", one.body_line),)))
        else:
            pages.append(_Page(source, one, one.item, rendered))
            outcomes.append(None)
    shown = iter(_shown(content, rules, pages))
    return [next(shown) if one is None else one for one in outcomes]


def _converted(parsed: ParsedItem) -> Rendered | None:
    if parsed.item is None:
        return None
    return convert(parsed.body, item_id=parsed.id, path=f"content/{parsed.path}", first_line=parsed.body_line)


def _shown(content: Path, rules: Rules, pages: Sequence[_Page]) -> list[_Outcome]:
    """What becomes of items that can be shown, step by step."""
    files = [name_files(page.item, page.source, page.rendered.links) for page in pages]
    inspections = [
        [
            inspect(content / page.source.id / ref.name, ref, content_path=f"content/{page.parsed.path}", rules=rules)
            for ref in named.refs
        ]
        for page, named in zip(pages, files, strict=True)
    ]
    found = find_together([(page.parsed, page.rendered) for page in pages], rules)
    texts = [tuple((one.facts.safe_name, one.text) for one in of_item) for of_item in inspections]
    said = [_said(page.item, page.rendered, of_files) for page, of_files in zip(pages, texts, strict=True)]
    bodies = [_body(*one) for one in zip(pages, texts, said, strict=True)]
    drafts = [draft_body(body, one and one.text.cut) for body, one in zip(bodies, said, strict=True)]
    of_bodies = [text_digest(page.parsed.body) for page in pages]
    digests = [item_digest(page.parsed, digest) for page, digest in zip(pages, of_bodies, strict=True)]
    seen = [
        _Seen(named, tuple(one.facts for one in of_item), (*findings, *(f for one in of_item for f in one.findings)))
        for named, of_item, findings in zip(files, inspections, found, strict=True)
    ]
    facts = [_facts(*one) for one in zip(pages, seen, of_bodies, digests, drafts, strict=True)]
    return [
        _Outcome(
            of_item,
            body,
            draft,
            tuple((file.name, file.sha256) for file in of_item.attachments),
            one and one.text,
            all(one.steady for one in inspected),
        )
        for of_item, body, draft, one, inspected in zip(facts, bodies, drafts, said, inspections, strict=True)
    ]


class _Said(NamedTuple):
    """What search finds an item by, if it is cleared, and what it shows of it."""

    text: ItemText
    files: ItemFiles


def _said(item: Item, rendered: Rendered, texts: tuple[tuple[str, str], ...]) -> _Said | None:
    if not item.confidentiality_cleared:
        return None
    cut = cut_passages(rendered.blocks, texts)
    files = text_files(item.id, cut)
    return _Said(ItemText(item, cut, files.name), files)


def _body(page: _Page, texts: tuple[tuple[str, str], ...], said: _Said | None) -> ItemBody:
    return ItemBody(
        html=page.rendered.html,
        headings=page.rendered.headings,
        blocks=page.rendered.blocks,
        attachment_texts=texts,
        text_files=tuple(said.files.named()) if said else (),
    )


class _Seen(NamedTuple):
    """What was found in an item and in its files."""

    files: NamedFiles
    attachments: tuple[AttachmentFacts, ...]
    findings: tuple[Finding, ...]


def _facts(page: _Page, seen: _Seen, of_body: str, digest: str, draft: BodyDraft) -> ItemFacts:
    parsed, item, rendered = page.parsed, page.item, page.rendered
    summary = item.summary or summarise(rendered.blocks)
    return ItemFacts(
        id=parsed.id,
        path=parsed.path,
        item=item,
        diagnostics=in_order((*parsed.diagnostics, *rendered.diagnostics, *seen.files.diagnostics)),
        findings=seen.findings,
        attachments=seen.attachments,
        links=seen.files.links,
        anchors=" ".join([heading.id for heading in rendered.headings]),
        summary=summary,
        length=sum(map(len, map(_text_of, rendered.blocks))),
        digest=digest,
        text_digest=of_body,
        body_digest=_body_digest(draft, seen.attachments),
        said_digest=said_digest(item, summary, seen.attachments),
    )


def _body_digest(draft: BodyDraft, attachments: Sequence[AttachmentFacts]) -> str:
    digest = hashlib.blake2b(draft.shown_digest, digest_size=16)
    for one in attachments:
        digest.update(one.published_sha256.encode())
    return digest.hexdigest()


def _key(context: ParseContext, source: SourceItem, file: Source | None, named: tuple[tuple[str, str], ...]) -> bytes:
    read = b"unreadable" if file is None else file.digest
    names = sorted(file.name for file in source.bundle)
    return hashlib.blake2b(_encode((context.key, read, source.path, names, sorted(named))), digest_size=16).digest()


def _file_digest(context: ParseContext, source: SourceItem, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with (context.content / source.id / name).open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()
