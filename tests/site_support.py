"""Definitions and cleared items for tests of ``site`` and ``render``, made without a disk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from generator.clearance.evidence import Evidence
from generator.clearance.gate import ClearedItem, screen
from generator.model import AttachmentFacts, AttachmentRef, Category, Cluster, Contact, Item, ItemFacts, Link, Unit
from generator.render.page import Page
from generator.render.pages import plan_pages
from generator.render.renderer import Renderer
from generator.render.theme import Theme, load_theme
from generator.site.catalogue import Catalogue, assemble
from generator.site.links import resolve

ZONE = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)
THEMES = Path(__file__).resolve().parent.parent / "themes"


_themes: dict[bytes, Theme] = {}
_renderers: dict[bytes, Renderer] = {}


def make_cluster(*, hosts: dict[str, str] | None = None, **changes: Any) -> Cluster:
    """Three units (``a`` and ``b`` under the bureau ``sfj``) and four categories, one under another."""
    hosts = hosts or {}
    units = tuple(
        Unit(
            id=unit,
            name=f"示例市{name}",
            short_name=name,
            kind=kind,
            parent=None if unit == "sfj" else "sfj",
            host=hosts.get(unit),
            site_code="1200000052",
            icp="示ICP备00000000号-1",
            organiser=f"示例市{name}",
            contact=Contact(telephone="010-55500001", email=f"{unit}@shili.example"),
            emblem="法",
            description=f"{name}的网站。",
        )
        for unit, name, kind in (
            ("sfj", "司法局", "bureau"),
            ("a", "甲局", "administration"),
            ("b", "乙局", "district"),
        )
    )
    values: dict[str, Any] = {
        "name": "示例网站群",
        "base_url": "https://portal.example/",
        "notice": "演示网站，均为虚构。",
        "organiser": "示例办公室",
        "site_code": "1200000051",
        "units": units,
        "categories": (
            Category(id="policy", name="政策文件", name_en="Policies"),
            Category(id="rule", name="规范性文件", name_en="Rules", parent="policy"),
            Category(id="interpretation", name="政策解读", name_en="Interpretations"),
            Category(id="notice", name="通知公告", name_en="Notices"),
        ),
    }
    return Cluster(**(values | changes))


def make_facts(
    item_id: str, title: str = "", *, cleared: bool = True, day: str = "2026-05-06", **changes: Any
) -> ItemFacts:
    """Facts of an item; ``changes`` go to the facts where they have such a field, else to the item."""
    unit, category, slug = item_id.split("/")
    of_facts = {name: changes.pop(name) for name in list(changes) if name in ("links", "anchors", "summary", "length")}
    files = changes.pop("files", ())
    item = Item(
        id=item_id,
        path=f"{item_id}.md",
        unit=unit,
        category=category,
        slug=slug,
        title=title or f"关于{slug}的通知",
        date=datetime.fromisoformat(day).replace(tzinfo=ZONE),
        confidentiality_cleared=cleared,
        attachments=tuple(AttachmentRef(name=file, safe_name=file, title=file) for file in files),
        **changes,
    )
    attachments = tuple(
        AttachmentFacts(
            name=file,
            safe_name=file,
            title=f"标题{file}",
            kind=file.rpartition(".")[2],
            size=2048,
            sha256="0" * 64,
            published_sha256="0" * 64,
        )
        for file in files
    )
    facts: dict[str, Any] = {"attachments": attachments, "summary": "摘要。", "length": 100} | of_facts
    return ItemFacts(id=item_id, path=item.path, item=item, body_digest="0", **facts)


def clear(*facts: ItemFacts, now: datetime = NOW) -> tuple[ClearedItem, ...]:
    """Those that pass the gate by the flag alone."""
    ids = sorted({one.id.partition("/")[0] for one in facts})
    units = tuple(Unit(id=unit, name=unit, short_name=unit, kind="bureau") for unit in ids)
    return screen(facts, Evidence(), make_cluster(units=units), now=now).cleared


def make_catalogue(*facts: ItemFacts, cluster: Cluster | None = None, now: datetime = NOW) -> Catalogue:
    """The catalogue of the items that pass the gate."""
    return assemble(cluster or make_cluster(), clear(*facts, now=now), (), now)


def make_theme(cluster: Cluster | None = None) -> Theme:
    """The default theme, read once for each set of definitions."""
    cluster = cluster or make_cluster()
    key = msgspec.msgpack.encode(cluster)
    if key not in _themes:
        _themes[key] = load_theme(THEMES, cluster)
    return _themes[key]


def make_renderer(cluster: Cluster | None = None) -> Renderer:
    """A renderer with the default theme, its templates compiled once for each set of definitions."""
    cluster = cluster or make_cluster()
    key = msgspec.msgpack.encode(cluster)
    if key not in _renderers:
        _renderers[key] = Renderer(make_theme(cluster), cluster)
    return _renderers[key]


def plan(*facts: ItemFacts, cluster: Cluster | None = None, now: datetime = NOW) -> dict[str, Page]:
    """Every page by its path."""
    cluster = cluster or make_cluster()
    catalogue = make_catalogue(*facts, cluster=cluster, now=now)
    resolution = resolve(catalogue, {one.id for one in facts})
    return by_path(plan_pages(catalogue, resolution, make_theme(cluster)))


def by_path(pages: Iterable[Page]) -> dict[str, Page]:
    """Pages by their path; two pages of one path are a failure."""
    found: dict[str, Page] = {}
    for page in pages:
        assert page.path not in found, page.path
        found[page.path] = page
    return found


def item_link(target: str, anchor: str = "") -> Link:
    """A link of a body to another item."""
    return Link(kind="item", target=target, anchor=anchor, line=9, column=3)
