"""Pages as data → files: what a reader, a crawler and an inspector of government sites find in them."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import ConfigError
from generator.model import Cluster, Contact, Heading, ItemBody, ItemFacts, Link, Tombstone, Unit
from generator.render.page import contact_values
from generator.render.pages import plan_pages
from generator.render.renderer import Renderer
from generator.render.theme import load_theme
from generator.site.addresses import Addresses
from generator.site.catalogue import assemble
from generator.site.links import resolve
from tests.site_support import NOW, THEMES, clear, item_link, make_cluster, make_facts, make_renderer, make_theme, plan

VALIDATOR = Path(__file__).resolve().parents[2] / "node_modules/vnu-jar/build/dist/vnu.jar"
BODY = ItemBody(html="<p>正文。</p>", headings=(), blocks=())
_VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "col", "source", "wbr"})


class Outline(HTMLParser):
    """Elements, ids, addresses and the balance of tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.text = ""
        self.feed(text)
        self.unbalanced += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def meta(self) -> dict[str, str]:
        return {one["name"]: one["content"] for one in self.all("meta") if "name" in one}


def _site(*facts: ItemFacts, cluster: Cluster | None = None, body: ItemBody = BODY) -> dict[str, str]:
    cluster = cluster or make_cluster()
    renderer = make_renderer(cluster)
    pages = plan(*facts, cluster=cluster)
    return {path: renderer.render(page, body if page.item else None).decode() for path, page in pages.items()}


def _item(body: ItemBody = BODY, **changes: Any) -> Outline:
    return Outline(_site(make_facts("a/policy/x", **changes), body=body)["a/policy/x.html"])


_FULL = [
    make_facts(
        "a/policy/x",
        title="关于<会见>&“探视”的办法",
        files=("表.pdf",),
        links=(item_link("b/notice/y"),),
        length=5000,
        validity="repealed",
        document_number="司发〔2026〕1号",
        keywords=("会见", "探视"),
        redirect_from=("old.html",),
        updated=NOW,
        change_note="更正日期。",
        image="表.pdf",
    ),
    make_facts("a/rule/r", day="2026-02-03", validity="expired"),
    make_facts("a/interpretation/i", interprets=("a/policy/x",), related=("b/notice/y",)),
    make_facts(
        "b/notice/y",
        pinned=True,
        extra={"consultation_closes": "2026-12-01", "consultation_contact": "电话", "feedback": "a/policy/x"},
    ),
    make_facts("b/notice/z", extra={"consultation_closes": "2026-01-01"}),
    make_facts("b/notice/later", extra={"consultation_opens": "2026-12-01", "consultation_closes": "2027-01-01"}),
    *(make_facts(f"b/notice/n{number}", day="2025-01-02") for number in range(25)),
    *(make_facts(f"sfj/notice/n{number}", day="2024-01-02") for number in range(205)),
]
_LONG_BODY = ItemBody(
    html='<h2 id="a">一</h2><p><a href="mt-link:0">链</a></p><h2 id="b">二</h2><h3 id="c">三</h3>',
    headings=(
        Heading(level=2, id="a", text="一"),
        Heading(level=2, id="b", text="二"),
        Heading(level=3, id="c", text="三"),
    ),
    blocks=(),
)


_NEEDS = [{"label": "会见", "hint": "证件", "to": "item:a/policy/x"}, {"label": "探视", "to": "search:探视"}]
_CLUSTERS = {
    "together": make_cluster(theme_options={"needs": _NEEDS, "example_queries": ["怎样会见"]}),
    "apart": make_cluster(hosts={"a": "https://a.example/"}),
    "bare": make_cluster(
        units=tuple(Unit(id=unit, name=unit, short_name=unit, kind="district") for unit in ("sfj", "a", "b")),
        organiser="",
        site_code="",
        theme_options={"switcher_limit": 1, "language": "en"},
    ),
}


@cache
def _full_site(name: str) -> dict[str, str]:
    cluster = _CLUSTERS[name]
    renderer = make_renderer(cluster)
    stone = Tombstone(id="a/notice/gone", unit="a", category="notice", withdrawn_on=date(2026, 1, 2), reason="<撤销>")
    catalogue = assemble(cluster, clear(*_FULL), [stone], NOW)
    pages = plan_pages(catalogue, resolve(catalogue, ()), make_theme(cluster))
    bodies = {"a/policy/x": _LONG_BODY}
    return {page.path: renderer.render(page, bodies.get(page.item, BODY)).decode() for page in pages}


@pytest.mark.parametrize("name", _CLUSTERS)
def test_every_page_is_whole_and_has_what_each_page_must_have(name: str) -> None:
    """Balanced tags, one h1, distinct ids, skip link, landmarks, the notice, no inline script or style."""
    for path, text in _full_site(name).items():
        if not path.endswith(".html"):
            continue
        page = Outline(text)
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert not page.unbalanced, path
        assert len(page.all("h1")) == 1, path
        assert len(ids) == len(set(ids)), path
        assert page.all("html") == [{"lang": "zh-CN" if name != "bare" else "en"}], path
        assert "演示网站，均为虚构。" in page.text, path
        assert not [attributes for _, attributes in page.tags if "style" in attributes or "onclick" in attributes], path
        assert not page.all("style"), path
        assert not [one for one in page.all("script") if "src" not in one], path
        if path != "a/old.html":  # a redirect shows no more than where to go
            assert page.all("a")[0] == {"class": "skip-link", "href": "#mt-main"}, path
            assert all(page.all(tag) for tag in ("header", "nav", "main", "footer")), path


@pytest.mark.parametrize("name", _CLUSTERS)
def test_every_link_within_the_tree_leads_to_a_file_and_place_of_it(name: str) -> None:
    """Links of every page, relative and absolute, arrive: zero faults."""
    site, cluster = _full_site(name), _CLUSTERS[name]
    addresses, theme = Addresses(cluster), make_theme(cluster)
    places = {addresses.absolute(path): path for path in site}
    places |= {addresses.absolute(file.path): file.path for one in ("", "sfj", "a", "b") for file in theme.assets(one)}
    places[addresses.absolute("a/policy/x/表.pdf")] = ""
    parsed = {path: Outline(text) for path, text in site.items() if path.endswith(".html")}
    for path, page in parsed.items():
        for _, attributes in page.tags:
            for link in (attributes[name] for name in ("href", "src", "action") if name in attributes):
                if link.startswith(("mailto:", "tel:")) or "beian." in link:
                    continue
                target, _, anchor = urljoin(addresses.absolute(path), link).partition("#")
                assert target.partition("?")[0] in places, (path, link)
                if anchor:
                    there = parsed[places[target]]
                    assert unquote(anchor) in [one.get("id") for _, one in there.tags], (path, link)


def test_every_page_is_valid_html(tmp_path: Path) -> None:
    """The Nu HTML checker has nothing to say of any kind of page."""
    java = shutil.which("java")
    if java is None or not VALIDATOR.is_file():
        pytest.skip("no Java, or no vnu-jar (tests/setup.sh)")
    for name in ("together", "bare"):
        for path, text in _full_site(name).items():
            if path.endswith(".html") and not path.startswith("sfj/notice/n1"):  # two hundred of a kind
                (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / name / path).write_text(text, encoding="utf-8")
    command = [java, "-Xss8m", "-jar", str(VALIDATOR), "--format", "gnu", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert [line for line in run.stderr.splitlines() if ": error" in line or ": info warning" in line] == []
    assert run.returncode == 0


def test_article_carries_the_tags_of_the_guideline() -> None:
    """国办发〔2017〕47号: site, column and article tags; optional ones only where they have a value."""
    meta = _item(
        title="办法", day="2026-05-06T09:30", keywords=("会见", "探视"), source="市政府", author="", summary="摘要。"
    ).meta()
    assert (
        meta.items()
        >= {
            "SiteName": "示例市甲局",
            "SiteDomain": "portal.example",
            "SiteIDCode": "1200000052",
            "ColumnName": "政策文件",
            "ColumnType": "政策文件",
            "ColumnKeywords": "政策文件,示例市甲局",
            "ColumnDescription": "示例市甲局政策文件",
            "ArticleTitle": "办法",
            "PubDate": "2026-05-06 09:30",
            "ContentSource": "市政府",
            "Keywords": "会见,探视",
            "Description": "摘要。",
            "Url": "https://portal.example/a/policy/x.html",
        }.items()
    )
    assert not {"Author", "Image"} & meta.keys()
    assert all(meta.values())


def test_lists_carry_column_tags_and_homes_site_tags_only() -> None:
    """Columns name themselves; a first page is no column."""
    site = _site(make_facts("a/policy/x"))
    assert Outline(site["a/policy/index.html"]).meta()["ColumnName"] == "政策文件"
    home = Outline(site["a/index.html"]).meta()
    assert "SiteName" in home
    assert "ColumnName" not in home


def test_site_domain_is_that_of_the_units_own_host() -> None:
    """A unit with a host of its own names it."""
    site = _site(make_facts("a/policy/x"), cluster=make_cluster(hosts={"a": "https://a.example/"}))
    assert Outline(site["a/policy/x.html"]).meta()["SiteDomain"] == "a.example"


def test_metadata_table_shows_what_the_item_has() -> None:
    """索引号 … 有效性: labels and values, and nothing for what is not given."""
    text = _item(
        index_number="SL1/2026-00001", document_number="司发〔2026〕1号", validity="amended", topic="司法"
    ).text
    for shown in ("索引号SL1/2026-00001", "文号司发〔2026〕1号", "发布机构示例市甲局", "有效性已修改", "主题分类司法"):
        assert shown in text.replace("\n", "")
    assert "体裁分类" not in text


@pytest.mark.parametrize(
    ("validity", "shown"), [("repealed", True), ("expired", True), ("effective", False), ("", False)]
)
def test_banner_warns_of_documents_that_are_not_in_force(validity: str, shown: bool) -> None:
    """A reader must not act on a repealed rule."""
    page = _item(validity=validity)
    assert any(attributes.get("class") == f"banner banner-{validity}" for _, attributes in page.tags) is shown


def test_correction_is_visible() -> None:
    """What was changed, and when."""
    assert "更正说明 2026-11-24 12:00 更正日期。" in _item(updated=NOW, change_note="更正日期。").text


def test_contents_rail_is_for_long_documents_with_headings() -> None:
    """Three headings and more than two thousand characters."""
    assert "contents" in [attributes.get("class") for attributes in _item(_LONG_BODY, length=2001).all("nav")]
    assert "contents" not in [attributes.get("class") for attributes in _item(_LONG_BODY, length=2000).all("nav")]
    assert "contents" not in [attributes.get("class") for attributes in _item(BODY, length=9000).all("nav")]


def test_links_to_missing_and_withheld_items_are_the_same_bytes() -> None:
    """Nobody can tell from the page which of the two it was."""
    body = ItemBody(html='<p><a href="mt-link:0">见附则</a>。</p>', headings=(), blocks=())
    link = Link(kind="item", target="a/notice/y")
    missing = _site(make_facts("a/policy/x", links=(link,)), body=body)
    withheld = _site(make_facts("a/policy/x", links=(link,)), make_facts("a/notice/y", cleared=False), body=body)
    assert missing == withheld
    assert "<p>见附则。</p>" in missing["a/policy/x.html"]


def test_citation_makes_inner_title_marks_single() -> None:
    """GB/T 15834: 《》 inside 《》 become 〈〉."""
    assert "示例市甲局：《关于〈办法〉的解读》，2026-05-06，" in _item(title="关于《办法》的解读").text


@given(st.text(max_size=30))
def test_no_text_of_an_item_becomes_markup(text: str) -> None:
    """Titles, numbers and notes are escaped wherever they stand: page, list, feed, open data."""
    hostile = f"<i data-evil>&\"'{text}".replace("\x00", "")
    site = _site(
        make_facts(
            "a/policy/x", title=hostile, document_number=hostile, change_note=hostile, updated=NOW, summary=hostile
        ),
        make_facts("a/policy/y"),
    )
    for path in (
        "a/policy/x.html",
        "a/policy/y.html",
        "a/policy/index.html",
        "a/index.html",
        "index.html",
        "a/feed.xml",
    ):
        assert "<i data-evil" not in site[path]


def test_current_entry_of_the_navigation_is_marked() -> None:
    """``page`` on the very page, ``true`` on those below it."""
    site = _site(make_facts("a/policy/x"))

    def marks(path: str) -> list[str]:
        page = Outline(site[path])
        return [
            one["aria-current"] for one in page.all("a") if "aria-current" in one and one["href"].endswith("index.html")
        ]

    assert marks("a/policy/index.html") == ["true", "page", "page"]
    assert marks("a/policy/x.html") == ["true", "true"]


def test_pages_that_may_be_served_at_any_depth_name_files_from_the_root() -> None:
    """A 404 page has no place of its own: its links begin at the root of the origin."""
    page = Outline(_site(make_facts("a/policy/x"))["a/404.html"])
    links = [one["href"] for one in [*page.all("a"), *page.all("link")]]
    assert all(link.startswith(("/", "#", "https://")) for link in links)
    assert "/a/search.html" in links


def test_site_without_items_says_so_and_has_no_empty_lists() -> None:
    """A heading over nothing tells nobody whether something is missing."""
    site = _site(make_facts("a/policy/x"))
    nothing = _site()
    assert [path for path, text in (site | nothing).items() if re.search(r"<([uo]l)\b[^>]*>\s*</\1>", text)] == []
    for path in ("b/index.html", "b/search.html"):
        assert "暂无公开信息" in site[path]
    for path in ("index.html", "search.html"):
        assert "暂无公开信息" in nothing[path]


def test_redirect_names_its_target_for_readers_and_crawlers() -> None:
    """Meta refresh, a link, and the canonical address."""
    text = _full_site("together")["a/old.html"]
    assert '<meta http-equiv="refresh" content="0; url=policy/x.html">' in text
    assert '<link rel="canonical" href="https://portal.example/a/policy/x.html">' in text


def test_tombstone_tells_date_and_reason_alone() -> None:
    """行政处罚法 48: withdrawn within three days, with the reason given in public."""
    text = _full_site("together")["a/notice/gone.html"]
    assert "2026-01-02" in text
    assert "&lt;撤销&gt;" in text
    assert '<meta name="robots" content="noindex">' in text


def test_item_page_and_its_styles_are_light() -> None:
    """A document of 3,000 characters: HTML and CSS at most 25 KB compressed."""
    cluster = make_cluster()
    words = "".join(chr(0x4E00 + number * 37 % 5000) for number in range(3000))
    body = ItemBody(
        html="".join(f"<p>{words[at : at + 150]}</p>" for at in range(0, 3000, 150)), headings=(), blocks=()
    )
    page = _site(make_facts("a/policy/x", length=3000), body=body)["a/policy/x.html"].encode()
    sheets = [file.data for file in make_theme(cluster).assets("a") if file.path.endswith(".css")]
    assert sum(len(brotli.compress(data)) for data in (page, *sheets)) <= 25 * 1024


@pytest.mark.parametrize("expression", ["nonsense", "1 / 0", "t['none']", "heading.none()", "heading + 1", "[][3].x"])
def test_template_that_fails_is_reported_with_its_line(tmp_path: Path, expression: str) -> None:
    """Whatever an expression does wrong is the operator's fault, with file and line, and no traceback."""
    themes = Path(shutil.copytree(THEMES, tmp_path / "themes"))
    (themes / "default/templates/about.html").write_text(f"<p>\n{{{{ {expression} }}}}", encoding="utf-8")
    cluster = make_cluster()
    renderer = Renderer(load_theme(themes, cluster), cluster)
    with pytest.raises(ConfigError) as refused:
        renderer.render(plan()["about.html"])
    (fault,) = refused.value.diagnostics
    assert (fault.path, fault.line, fault.code) == ("themes/default/templates/about.html", 2, "template-failed")


def test_telephone_can_be_dialled_where_it_is_one_number() -> None:
    """Two taps to the visiting hours: a number that is one number is a link."""
    assert contact_values(Contact(telephone="010-5550 0001"))["dial"] == "01055500001"
    assert contact_values(Contact(telephone="（022）5550-0001"))["dial"] == "02255500001"
    assert contact_values(Contact(telephone="010-55500001、55500002"))["dial"] == ""
    assert '<a href="tel:01055500001">010-55500001</a>' in _full_site("together")["a/about.html"]


def test_units_own_template_and_options_are_used_for_that_unit_alone(tmp_path: Path) -> None:
    """Per-unit overrides reach the unit's pages."""
    themes = Path(shutil.copytree(THEMES, tmp_path / "themes"))
    folder = themes / "default/units/a/templates"
    folder.mkdir(parents=True)
    (folder / "about.html").write_text("{{ heading }}:{{ options['tagline'] }}", encoding="utf-8")
    cluster = make_cluster()
    renderer = Renderer(load_theme(themes, cluster), cluster)
    pages = plan(cluster=cluster)
    assert renderer.render(pages["a/about.html"]) == "关于与联系:".encode()
    assert b"<html" in renderer.render(pages["b/about.html"])
