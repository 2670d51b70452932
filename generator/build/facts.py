"""The first map: sources → facts and bodies. Effects: reads content, writes packs.

``learn_chunk`` runs in workers. What it learns of an item depends on that item's bytes, its bundle's,
the rules and the definitions named in ``ParseContext``, and on nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from generator.build.cache import SourceState
from generator.build.executor import Holding
from generator.build.fs import FileSystem
from generator.build.learned import Learned, encode_learned
from generator.build.packs import BodyDraft, PackWriter, draft_body
from generator.build.references import name_files
from generator.build.shared import Shared
from generator.build.table import folding_table
from generator.build.unread import believable, stat_tuple
from generator.clearance.attachments import inspect
from generator.clearance.audit_texts import said_digest
from generator.clearance.digests import item_digest, text_digest
from generator.clearance.rules import Rules
from generator.clearance.screening import find
from generator.content.item import parse_item, unreadable
from generator.content.source import SourceItem, load_source
from generator.diagnostics import Diagnostic, in_order
from generator.model import AttachmentFacts, Cluster, ItemBody, ItemFacts, ParsedItem
from generator.render.markdown import convert, is_refusal
from generator.render.plaintext import summarise
from generator.search.folding import Folding
from generator.search.passages import cut_passages, text_files, text_name
from generator.search.postings import ItemText, encode_together

_TOGETHER: Final = 400_000
"""Bytes of records whose postings are made at once. A large item is the last of them: the one that is held."""
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


class _Read(NamedTuple):
    """An item that was read; its body, where it has to be written, waits for the postings of its text."""

    learned: Learned
    draft: BodyDraft | None = None
    text: ItemText | None = None

    @property
    def size(self) -> int:
        """Bytes that wait: no more are held than those of one large item and some small ones."""
        return self.draft.size if self.draft else 0


def learn_chunk(task: ParseTask) -> bytes:
    """Learn a chunk of items, as ``encode_learned`` gives it; their bodies go into one pack."""
    context = task.context.get()
    pack = PackWriter(context.fs, context.packs, task.pack)
    learned: list[Learned] = []
    waiting: list[_Read] = []
    size = 0
    with Holding(context.holding) as holding:
        for source, known in zip(task.sources, task.known, strict=True):
            holding.note(source.path)
            waiting.append(_learn(context, source, known))
            size += waiting[-1].size
            if size >= _TOGETHER:
                learned += _written(context, waiting, pack)
                waiting, size = [], 0
        learned += _written(context, waiting, pack)
    pack.close()
    return encode_learned(learned)


def _written(context: ParseContext, waiting: Sequence[_Read], pack: PackWriter) -> Iterator[Learned]:
    postings = encode_together([one.text for one in waiting if one.text], folding_table(context.folder))
    of_texts = iter(postings)
    for learned, draft, text in waiting:
        if draft is None:
            yield learned
            continue
        ref = pack.add(draft.record(next(of_texts) if text else b""))
        place = (ref.pack, ref.offset, ref.length)
        yield learned._replace(state=msgspec.structs.replace(learned.state, body=place))


def _learn(context: ParseContext, source: SourceItem, known: SourceState | None) -> _Read:
    raw = _read(context, source)
    bundle = tuple((file.name, stat_tuple(file.stat)) for file in source.bundle)
    stat = None if raw is None else believable(source, context.scanned_ns)
    if known is not None:
        named = tuple((name, _file_digest(context, source, name)) for name, _ in known.named)
        if _key(context, source, raw, named) == known.key:
            return _Read(Learned(source.path, None, msgspec.structs.replace(known, stat=stat, bundle=bundle)))
    parsed = unreadable(source) if raw is None else parse_item(source, raw, context.cluster)
    outcome = _outcome(context.content, context.rules, source, parsed)
    key = _key(context, source, raw, outcome.named)
    state = SourceState(key, stat, bundle, outcome.named, _NOWHERE)
    return _Read(Learned(source.path, outcome.facts, state), outcome.draft, outcome.text)


def _read(context: ParseContext, source: SourceItem) -> bytes | None:
    """The item's bytes; ``None`` when it cannot be read or became a link since the scan."""
    if context.fs.before is not None:
        context.fs.check("read", context.content / source.path)
    try:
        return load_source(context.content, source)
    except OSError:
        return None


def facts_of(
    content: Path, rules: Rules, source: SourceItem, parsed: ParsedItem, table: Folding | None = None
) -> tuple[ItemFacts, ItemBody, tuple[tuple[str, str], ...]]:
    """All that may be learned of one item, and the files that it names with their digests."""
    outcome = _outcome(content, rules, source, parsed)
    postings = encode_together([outcome.text], table)[0] if outcome.text else b""
    return outcome.facts, msgspec.structs.replace(outcome.body, postings=postings), outcome.named


class _Outcome(NamedTuple):
    """What becomes of one item, but for the postings of its text."""

    facts: ItemFacts
    body: ItemBody
    draft: BodyDraft
    """Of the body's record."""
    named: tuple[tuple[str, str], ...] = ()
    text: ItemText | None = None
    """What search finds it by, when it is cleared."""


def _withheld(parsed: ParsedItem, more: Sequence[Diagnostic] = ()) -> _Outcome:
    """The outcome for an item that cannot be shown: nothing but what is wrong with it, and its source."""
    found = in_order((*parsed.diagnostics, *more))
    facts = ItemFacts(id=parsed.id, path=parsed.path, item=None, diagnostics=found)
    body = ItemBody(html="", headings=(), blocks=(), source_text=_source_text(parsed))
    return _Outcome(facts, body, draft_body(body))


def _source_text(parsed: ParsedItem) -> str:
    return f"{parsed.front_text}\n{parsed.body}"


def _outcome(content: Path, rules: Rules, source: SourceItem, parsed: ParsedItem) -> _Outcome:
    item = parsed.item
    if item is None:
        return _withheld(parsed)
    path = f"content/{parsed.path}"
    rendered = convert(parsed.body, item_id=parsed.id, path=path, first_line=parsed.body_line)
    if any(map(is_refusal, rendered.diagnostics)):
        return _withheld(parsed, rendered.diagnostics)
    files = name_files(item, source, rendered.links)
    inspections = [inspect(content / source.id / ref.name, ref, content_path=path, rules=rules) for ref in files.refs]
    named = tuple((one.facts.name, one.facts.sha256) for one in inspections)
    findings = (*find(parsed, rendered, rules), *(f for one in inspections for f in one.findings))
    texts = tuple((one.facts.safe_name, one.text) for one in inspections)
    body_text, summary = text_digest(parsed.body), item.summary or summarise(rendered.blocks)
    attachments = tuple(one.facts for one in inspections)
    cut = cut_passages(rendered.blocks, texts) if item.confidentiality_cleared else None
    said = ItemText(item, cut, text_name(item.id, cut)) if cut else None
    body = ItemBody(
        html=rendered.html,
        headings=rendered.headings,
        blocks=rendered.blocks,
        attachment_texts=texts,
        text_files=tuple((file.path, file.data) for file in text_files(item.id, said.cut, said.name)) if said else (),
        source_text=_source_text(parsed),
    )
    draft = draft_body(body)
    facts = ItemFacts(
        id=parsed.id,
        path=parsed.path,
        item=item,
        diagnostics=in_order((*parsed.diagnostics, *rendered.diagnostics, *files.diagnostics)),
        findings=findings,
        attachments=attachments,
        links=files.links,
        anchors=" ".join(heading.id for heading in rendered.headings),
        summary=summary,
        length=sum(map(len, map(_text_of, rendered.blocks))),
        digest=item_digest(parsed, body_text),
        text_digest=body_text,
        body_digest=_body_digest(draft, attachments),
        said_digest=said_digest(item, summary, attachments),
    )
    return _Outcome(facts, body, draft, named, said)


def _body_digest(draft: BodyDraft, attachments: Sequence[AttachmentFacts]) -> str:
    digest = hashlib.blake2b(draft.shown_digest, digest_size=16)
    for one in attachments:
        digest.update(one.published_sha256.encode())
    return digest.hexdigest()


def _key(context: ParseContext, source: SourceItem, raw: bytes | None, named: tuple[tuple[str, str], ...]) -> bytes:
    read = b"unreadable" if raw is None else hashlib.sha256(raw).digest()
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
