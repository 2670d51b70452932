"""generator.clearance.audit_texts.item_values: what it says is what is written down here at length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from generator.clearance.audit_texts import Publisher, Voice, Wording, item_values
from generator.clearance.folding import SEPARATOR, WINDOW
from generator.model import AttachmentFacts, Item, ItemFacts
from tests.unit.clearance.clearance_makers import ZONE, make_facts, make_item

SAID = ("title", "change_note", "issuer", "source", "author", "document_number", "index_number", "summary", "topic")
SAID += ("genre", "disclosure", "image")
KEYS = ("index_number", "document_number", "issuer", "formed_on", "issued", "date", "effective_on", "validity", "topic")
KEYS += ("genre", "category", "disclosure", "source", "author", "keywords", "change_note", "image", "summary")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def _facts(item: Item, issuer: str, moment: str, wording: Wording) -> str:
    otherwise = {
        "issuer": issuer,
        "date": moment,
        "category": wording.names.get(item.category, ""),
        "validity": wording.names.get(item.validity, ""),
        "keywords": "；".join(item.keywords),
    }
    shown = [(label, otherwise.get(key, getattr(item, key))) for key, label in wording.facts]
    return "".join(f"{label}{value}" for label, value in shown if value)


def _expected(facts: ItemFacts, item: Item, publisher: Publisher) -> set[str]:
    """Every text apart, also where another has it whole."""
    wording, title, base_url = publisher.wording, item.title, publisher.base_url
    issuer, day = item.issuer or publisher.name, f"{item.date:%Y-%m-%d}"
    moment = f"{item.date:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    way = f"{publisher.name}{wording.ways.get(item.category, '')}"
    texts = [getattr(item, key) for key in SAID] + [*item.keywords, facts.summary]
    texts += [
        f"。{wording.cite} {issuer}：《{title}》，{day}，{base_url}{item.category}/{item.slug}.html {wording.report}",
        f"{title} - {publisher.name}",
        f"{way} {title} {issuer} {moment} {_facts(item, issuer, moment, wording)} {wording.body} "
        f"{facts.summary[:WINDOW]}",
        f"{publisher.short_name} {title} {day} {publisher.short_name} {item.document_number}",
    ]
    for one in (item.date, item.updated, item.expires_on):
        if one is not None:
            texts += [f"{title} {one.isoformat()}", f"{one.isoformat()[:10]} {title}"]
    texts += [",".join(item.keywords), "、".join(item.keywords)]
    texts += [text for key, value in item.extra.items() if key != "feedback" for text in _strings(value)]
    pages = [f"{facts.id}.html", f"{facts.id}.json", *(f"{item.unit}/{old}" for old in item.redirect_from)]
    for file in facts.attachments:
        pages.append(f"{facts.id}/{file.safe_name}")
        texts += [file.title, file.name, file.safe_name, file.sha256, file.published_sha256]
    for page in pages:
        within = page.partition("/")[2]
        texts += [f"../../{page}", f"../{within}", f"{base_url}{within}"]
    return {*texts} - {""}


WORDS = st.text("会见须知 ab1，", max_size=20)
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2099, 1, 1)).map(lambda one: one.replace(tzinfo=ZONE))
MOMENTS |= st.dates(date(1950, 1, 1), date(2099, 1, 1)).map(lambda one: datetime(*one.timetuple()[:3], tzinfo=ZONE))
DAYS = st.none() | st.dates()
ITEMS = st.fixed_dictionaries(
    {"title": WORDS, "date": MOMENTS},
    optional={
        **dict.fromkeys(SAID[1:], WORDS),
        **dict.fromkeys(("formed_on", "issued", "effective_on"), DAYS),
        **{key: st.none() | MOMENTS for key in ("updated", "expires_on")},
        "validity": st.sampled_from(["", "effective", "strange"]),
        "keywords": st.lists(WORDS, max_size=3).map(tuple),
        "redirect_from": st.lists(st.sampled_from(["policy/old.html", "alt/a.html"]), max_size=2).map(tuple),
        "extra": st.fixed_dictionaries({}, optional={"feedback": WORDS, "place": st.lists(WORDS), "by": WORDS}),
    },
)
FILES = st.builds(
    AttachmentFacts,
    name=WORDS,
    safe_name=st.sampled_from(["a.pdf", "biao-1.xlsx"]),
    title=WORDS,
    kind=st.just("pdf"),
    size=st.just(1),
    sha256=st.just("ab" * 32),
    published_sha256=st.just("cd" * 32),
)
WORDINGS = st.builds(
    Wording,
    facts=st.lists(st.sampled_from(KEYS), unique=True).flatmap(
        lambda keys: st.tuples(*(st.tuples(st.just(key), WORDS) for key in keys))
    ),
    names=st.sampled_from([{}, {"notice": "通知公告", "effective": "有效"}]),
    ways=st.sampled_from([{}, {"notice": "决策公开通知公告"}]),
    body=WORDS,
    cite=WORDS,
    report=WORDS,
)
PUBLISHERS = st.builds(
    Publisher,
    name=WORDS,
    short_name=WORDS,
    base_url=st.sampled_from(["", "https://x.example/jyglj/"]),
    wording=WORDINGS,
)


@given(
    values=ITEMS,
    files=st.lists(FILES, max_size=2),
    own=st.booleans(),
    publisher=PUBLISHERS,
    slug=st.sampled_from(["gongshi", "20220325-0002581"]),
)
def test_everything_is_said_and_nothing_else(
    values: dict[str, Any], files: list[AttachmentFacts], own: bool, publisher: Publisher, slug: str
) -> None:
    """Each text stands whole in one that is said, and each that is said stands whole in one of these."""
    item = make_item(f"jyglj/notice/{slug}", **values)
    summary = item.summary if own else "第一条 为了规范会见的程序，现将有关事项公示如下。"
    facts = make_facts(item, attachments=tuple(files), summary=summary)
    assert facts.item is not None
    expected = _expected(facts, facts.item, publisher)
    said = set(item_values(facts, Voice(publisher)).split(SEPARATOR))
    assert [one for one in expected if not any(one in other for other in said)] == []
    assert [one for one in said if not any(one in other for other in expected)] == []


def test_a_title_is_said_with_what_stands_beside_it() -> None:
    """Not alone as well: every character is looked through."""
    said = item_values(make_facts(make_item(document_number="津司发〔2026〕1号", keywords=("公示",))))
    assert "减刑建议公示" not in said.split(SEPARATOR)
    assert said.count("减刑建议公示") == 6
    assert said.count("津司发") == 1
    assert said.count("公示") == 7
