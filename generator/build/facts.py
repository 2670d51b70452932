"""The first map: sources → facts and bodies. Effects: reads content, writes packs.

``learn_chunk`` runs in workers. What it learns of an item depends on that item's bytes, its bundle's,
the rules and the definitions named in ``ParseContext``, and on nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.build.cache import SourceState
from generator.build.executor import Holding
from generator.build.fs import FileSystem
from generator.build.learned import Learned
from generator.build.packs import PackWriter, encode_body
from generator.build.references import name_files
from generator.build.shared import Shared
from generator.build.table import folding_table
from generator.build.unread import believable, stat_tuple
from generator.clearance.attachments import Inspection, inspect
from generator.clearance.audit_texts import said_digest
from generator.clearance.digests import item_digest, text_digest
from generator.clearance.rules import Rules
from generator.clearance.screening import find
from generator.content.item import parse_item, unreadable
from generator.content.source import SourceItem, load_source
from generator.diagnostics import in_order
from generator.model import Cluster, ItemBody, ItemFacts, ParsedItem, Rendered
from generator.render.markdown import convert, is_refusal
from generator.render.plaintext import summarise
from generator.search.folding import Folding
from generator.search.passages import cut_passages, text_files
from generator.search.postings import encode_postings


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


def learn_chunk(task: ParseTask) -> list[Learned]:
    """Learn a chunk of items; their bodies go into one pack."""
    context = task.context.get()
    pack = PackWriter(context.fs, context.packs, task.pack)
    learned: list[Learned] = []
    with Holding(context.holding) as holding:
        for source, known in zip(task.sources, task.known, strict=True):
            holding.note(source.path)
            learned.append(_learn(context, source, known, pack))
    pack.close()
    return learned


def _learn(context: ParseContext, source: SourceItem, known: SourceState | None, pack: PackWriter) -> Learned:
    raw = _read(context, source)
    bundle = tuple((file.name, stat_tuple(file.stat)) for file in source.bundle)
    stat = None if raw is None else believable(source, context.scanned_ns)
    if known is not None:
        named = tuple((name, _file_digest(context, source, name)) for name, _ in known.named)
        if _key(context, source, raw, named) == known.key:
            return Learned(source.path, None, msgspec.structs.replace(known, stat=stat, bundle=bundle))
    parsed = unreadable(source) if raw is None else parse_item(source, raw, context.cluster)
    facts, body, named = facts_of(context.content, context.rules, source, parsed, folding_table(context.folder))
    ref = pack.add(encode_body(body))
    place = (ref.pack, ref.offset, ref.length)
    state = SourceState(
        key=_key(context, source, raw, named),
        stat=stat,
        bundle=bundle,
        named=named,
        body=place,
    )
    return Learned(source.path, facts, state)


def _read(context: ParseContext, source: SourceItem) -> bytes | None:
    """The item's bytes; ``None`` when it cannot be read or became a link since the scan."""
    context.fs.check("read", context.content / source.path)
    try:
        return load_source(context.content, source)
    except OSError:
        return None


def facts_of(
    content: Path, rules: Rules, source: SourceItem, parsed: ParsedItem, table: Folding | None = None
) -> tuple[ItemFacts, ItemBody, tuple[tuple[str, str], ...]]:
    """All that may be learned of one item, and the files that it names with their digests."""
    item = parsed.item
    text = f"{parsed.front_text}\n{parsed.body}"
    if item is None:
        facts = ItemFacts(id=parsed.id, path=parsed.path, item=None, diagnostics=in_order(parsed.diagnostics))
        return facts, ItemBody(html="", headings=(), blocks=(), source_text=text), ()
    path = f"content/{parsed.path}"
    rendered = convert(parsed.body, item_id=parsed.id, path=path, first_line=parsed.body_line)
    if any(map(is_refusal, rendered.diagnostics)):
        found = in_order((*parsed.diagnostics, *rendered.diagnostics))
        facts = ItemFacts(id=parsed.id, path=parsed.path, item=None, diagnostics=found)
        return facts, ItemBody(html="", headings=(), blocks=(), source_text=text), ()
    files = name_files(item, source, rendered.links)
    inspections = [inspect(content / source.id / ref.name, ref, content_path=path, rules=rules) for ref in files.refs]
    named = tuple((one.facts.name, one.facts.sha256) for one in inspections)
    findings = (*find(parsed, rendered, rules), *(f for one in inspections for f in one.findings))
    texts = tuple((one.facts.safe_name, one.text) for one in inspections)
    body_text, summary = text_digest(parsed.body), item.summary or summarise(rendered.blocks)
    attachments = tuple(one.facts for one in inspections)
    cut = cut_passages(rendered.blocks, texts) if item.confidentiality_cleared else None
    body = ItemBody(
        html=rendered.html,
        headings=rendered.headings,
        blocks=rendered.blocks,
        attachment_texts=texts,
        postings=encode_postings(item, cut, table) if cut else b"",
        text_files=tuple((file.path, file.data) for file in text_files(item.id, cut)) if cut else (),
        source_text=text,
    )
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
        length=sum(len(block.text) for block in rendered.blocks),
        digest=item_digest(parsed, body_text),
        text_digest=body_text,
        body_digest=_body_digest(rendered, inspections),
        said_digest=said_digest(item, summary, attachments),
    )
    return facts, body, named


def _body_digest(rendered: Rendered, inspections: Sequence[Inspection]) -> str:
    digest = hashlib.blake2b(rendered.html.encode("utf-8", "surrogatepass"), digest_size=16)
    digest.update(msgspec.msgpack.encode(rendered.headings))
    for one in inspections:
        digest.update(one.facts.published_sha256.encode())
    return digest.hexdigest()


def _key(context: ParseContext, source: SourceItem, raw: bytes | None, named: tuple[tuple[str, str], ...]) -> bytes:
    digest = hashlib.blake2b(context.key, digest_size=16)
    digest.update(b"unreadable" if raw is None else hashlib.blake2b(raw, digest_size=16).digest())
    names = sorted(file.name for file in source.bundle)
    digest.update(msgspec.msgpack.encode((source.path, names, sorted(named))))
    return digest.digest()


def _file_digest(context: ParseContext, source: SourceItem, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with (context.content / source.id / name).open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()
