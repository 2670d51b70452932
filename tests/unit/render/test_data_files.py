"""Feeds, site maps, robots.txt and open data as files."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from generator.model import Cluster, ItemFacts
from tests.site_support import NOW, make_cluster, make_facts, make_renderer, plan

ATOM = "{http://www.w3.org/2005/Atom}"


def _file(path: str, *facts: ItemFacts, cluster: Cluster | None = None) -> bytes:
    cluster = cluster or make_cluster()
    return make_renderer(cluster).render(plan(*facts, cluster=cluster)[path])


def test_feed_has_what_atom_requires() -> None:
    """RFC 4287: id, title, updated of feed and entries; the newest first; a correction is told."""
    feed = ElementTree.fromstring(
        _file(
            "a/feed.xml",
            make_facts("a/policy/x", title="<办法>", updated=NOW, change_note="更正日期。"),
            make_facts("a/policy/y", day="2026-06-07"),
        )
    )
    assert feed.findtext(f"{ATOM}id") == "https://portal.example/a/feed.xml"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-24T12:00:00+08:00"
    assert feed.findtext(f"{ATOM}subtitle") == "演示网站，均为虚构。"
    first, second = feed.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}id") == "https://portal.example/a/policy/y.html"
    assert second.findtext(f"{ATOM}title") == "<办法>"
    assert second.findtext(f"{ATOM}published") == "2026-05-06T00:00:00+08:00"
    assert second.findtext(f"{ATOM}updated") == "2026-11-24T12:00:00+08:00"
    assert second.findtext(f"{ATOM}content") == "更正说明：更正日期。"
    assert second.findtext(f"{ATOM}author/{ATOM}name") == "示例市甲局"


@given(st.text())
def test_feed_is_well_formed_whatever_texts_hold(text: str) -> None:
    """Control characters in a text do not break every reader's subscription."""
    facts = make_facts("a/policy/x", title=f"题{text}", summary=text, change_note=text, updated=NOW)
    assert len(ElementTree.fromstring(_file("a/feed.xml", facts)).findall(f"{ATOM}entry")) == 1


def test_feed_without_entries_is_still_a_feed() -> None:
    """``updated`` may not be missing."""
    feed = ElementTree.fromstring(_file("b/feed.xml"))
    assert feed.findtext(f"{ATOM}updated") == "2000-01-01T00:00:00+08:00"


def test_sitemap_tells_the_day_of_the_last_change() -> None:
    """For items: of the correction, else of publication."""
    text = _file("sitemap.xml", make_facts("a/policy/x", updated=NOW), make_facts("a/policy/y")).decode()
    assert "<loc>https://portal.example/a/policy/x.html</loc><lastmod>2026-11-24</lastmod>" in text
    assert "<loc>https://portal.example/a/policy/y.html</loc><lastmod>2026-05-06</lastmod>" in text
    assert "404.html" not in text


def test_robots_names_the_site_map_of_its_origin() -> None:
    """Each origin has its own."""
    cluster = make_cluster(hosts={"a": "https://a.example/"})
    assert b"Sitemap: https://a.example/sitemap.xml" in _file("a/robots.txt", cluster=cluster)


def test_catalogue_is_json_with_one_item_a_line() -> None:
    """Open data as ``docs/open-data.md`` describes it."""
    data = _file("a/catalogue.json", make_facts("a/policy/x", keywords=("会见",), files=("表.pdf",)))
    catalogue = json.loads(data)
    assert catalogue == {
        "version": 1,
        "unit": "a",
        "name": "示例市甲局",
        "notice": "演示网站，均为虚构。",
        "count": 1,
        "items": [
            {
                "id": "a/policy/x",
                "url": "https://portal.example/a/policy/x.html",
                "category": "policy",
                "title": "关于x的通知",
                "date": "2026-05-06T00:00+08:00",
                "summary": "摘要。",
                "keywords": ["会见"],
                "files": [
                    {
                        "url": "https://portal.example/a/policy/x/%E8%A1%A8.pdf",
                        "title": "标题表.pdf",
                        "type": "pdf",
                        "size": 2048,
                        "sha256": "0" * 64,
                    }
                ],
            }
        ],
    }
    assert data.count(b"\n") == 3


@given(st.text(st.characters(codec="utf-8")))
def test_catalogue_spells_texts_as_ever(text: str) -> None:
    """Nothing is escaped but what JSON wants escaped: whoever compares versions sees no other difference."""
    data = _file("a/catalogue.json", make_facts("a/policy/x", title=f"题{text}", summary=text))
    catalogue = json.loads(data)
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in catalogue.pop("items")]
    head = json.dumps(catalogue, ensure_ascii=False, separators=(",", ":"))
    assert data.decode() == f'{head[:-1]},"items":[\n{",".join(lines)}\n]}}\n'
