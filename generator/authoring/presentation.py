"""An item as it would be published, for the persons who clear it: facts and body → lines of text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from generator.clearance.screening import diagnose
from generator.content.schema import BY_NAME
from generator.diagnostics import Diagnostic
from generator.model import AttachmentFacts, Cluster, Item, ItemBody, ItemFacts, Verdict
from generator.render.body_links import PLACEHOLDER

_NOT_SHOWN = frozenset(
    {"id", "path", "lines", "slug", "confidentiality_cleared", "draft", "attachments", "exemptions", "extra", "title"}
)
_RULE = "─" * 60
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs at which a terminal hides, moves or turns round what follows. In an item they are faults."""

REASONS = {
    Verdict.PUBLISHED: "公开 published",
    Verdict.UNCLEARED: "未标为通过保密审查（confidentiality_cleared 不是 true，或 draft 是 true）not marked as cleared",
    Verdict.FAULTY: "写法有误，见所列提示 faulty",
    Verdict.SCHEDULED: "未到发布时间 scheduled",
    Verdict.EXPIRED: "已过下线时间（expires_on）expired",
    Verdict.AUDIENCE: "不面向社会公众（audience）not for the public",
    Verdict.BLOCKED: "负面清单或附件检查不通过 blocked by the negative list or an attachment",
    Verdict.NO_RECORD: "没有可采信的保密审查记录 no clearance record that can be believed",
    Verdict.VOID: "审查之后内容有变，记录失效 changed since it was cleared",
    Verdict.REFUSED: "审查结论不是公开 refused by its record",
    Verdict.GROUP: "同组（release_group）条目尚未全部通过 its release group waits",
    Verdict.WITHDRAWN: "已撤回 withdrawn",
}


def present(facts: ItemFacts, body: ItemBody, cluster: Cluster, *, full: bool = False) -> Iterator[str]:
    """Everything that would be put before the public, and everything that was found in it.

    ``full`` shows the whole text of attachments, not only its beginning.
    """
    yield _RULE
    yield f"条目 item：{facts.id}"
    item = facts.item
    if item is None:
        yield "头部有误，不能公开 faulty front matter"
        yield from (one.format() for one in facts.diagnostics)
        return
    yield f"标题 title：{item.title}"
    yield from (f"{label}：{value}" for label, value in _shown(item, cluster))
    yield _RULE
    yield from (block.text for block in body.blocks)
    yield from _unseen(facts, body)
    texts = dict(body.attachment_texts)
    for number, attachment in enumerate(facts.attachments, start=1):
        yield from _attachment(number, attachment, texts.get(attachment.safe_name, ""), full)
    yield _RULE
    found = (*facts.diagnostics, *diagnose(facts.findings, item))
    yield f"检查发现 findings：{len(found)}"
    yield from (one.format() for one in found)
    for exemption in item.exemptions:
        yield f"豁免 exemption：{exemption.rule} {exemption.match} —— {exemption.reason}（{exemption.by}）"


class _Attributes(HTMLParser):
    """What stands in a page's tags: where links lead, and words that show only under a resting mouse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "href" and value and not value.startswith(("#", PLACEHOLDER)):
                self.found[f"链接地址 address：{value}"] = None
            elif name in ("title", "abbr", "datetime") and value:
                self.found[f"悬停文字 {name}：{value}"] = None


def _unseen(facts: ItemFacts, body: ItemBody) -> Iterator[str]:
    """What is published of the body besides its text."""
    attributes = _Attributes()
    attributes.feed(body.html)
    attributes.close()
    links = dict.fromkeys(f"链接条目 item：{one.target}" for one in facts.links if one.kind == "item")
    if attributes.found or links:
        yield _RULE
        yield from attributes.found
        yield from links


def _shown(item: Item, cluster: Cluster) -> Iterator[tuple[str, str]]:
    for name in item.__struct_fields__:
        value = getattr(item, name)
        if name in _NOT_SHOWN or value in ("", None, (), {}, False):
            continue
        if name == "unit":
            value = f"{cluster.unit(value).name}（{value}）"
        elif name == "category":
            value = f"{cluster.category(value).name}（{value}）"
        yield _label(name), _text(value)
    for name, value in item.extra.items():
        yield _label(name), _text(value)


def _label(name: str) -> str:
    known = BY_NAME.get(name)
    return known[0].label if known else name


def _text(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _attachment(number: int, attachment: AttachmentFacts, text: str, full: bool) -> Iterator[str]:
    yield _RULE
    yield f"附件 attachment {number}：{attachment.title}（{attachment.name}，{attachment.size} 字节）"
    yield f"SHA-256：{attachment.sha256}"
    if attachment.stripped:
        removed = "、".join(attachment.removed)
        yield f"发布时去掉元数据 metadata is stripped: {removed}; published SHA-256：{attachment.published_sha256}"
    if not attachment.readable:
        yield "读不出文字：须有人读过并用 --attest 署名 no text can be read: somebody must read it and attest"
        return
    lines = [line for line in text.splitlines() if line.strip()]
    shown = lines if full else lines[:20]
    yield from (f"  {_UNSEEN.sub(_named, line)}" for line in shown)
    if len(shown) < len(lines):
        yield f"  …… 共 {len(lines)} 行，用 --full 看全文 {len(lines)} lines, --full shows them all"


def _named(sign: re.Match[str]) -> str:
    return f"<U+{ord(sign[0]):04X}>"


def explain_verdict(verdict: Verdict, diagnostics: tuple[Diagnostic, ...]) -> Iterator[str]:
    """Why an item is, or is not, published."""
    yield REASONS[verdict]
    yield from (one.format() for one in diagnostics)
