"""Which pages there are, and what each shows."""

from __future__ import annotations

import msgspec
import pytest

from generator.model import Cluster, ItemFacts, Link
from generator.render import pages_data
from generator.render.pages import check_options, plan_pages
from generator.render.pages_list import pagination
from generator.site.addresses import Addresses
from generator.site.catalogue import LATEST
from generator.site.links import resolve
from tests.site_support import by_path, item_link, make_catalogue, make_cluster, make_facts, make_theme, plan


def _many(count: int) -> list[ItemFacts]:
    return [make_facts(f"a/notice/n{number:03d}", day=f"2026-{number % 9 + 1:02d}-01") for number in range(count)]


def test_list_has_twenty_items_a_page() -> None:
    """Pages have lasting names; together they show every item once, newest first."""
    pages = plan(*_many(45))
    names = ["a/notice/index.html", "a/notice/page-2.html", "a/notice/page-3.html"]
    assert [path for path in pages if path.startswith("a/notice/") and pages[path].template == "list.html"] == names
    entries = [entry for name in names for entry in pages[name].context["entries"]]
    assert [len(pages[name].context["entries"]) for name in names] == [20, 20, 5]
    assert len({entry.href for entry in entries}) == 45
    assert [entry.date for entry in entries] == sorted((entry.date for entry in entries), reverse=True)


def test_archive_has_every_item_of_its_year_once() -> None:
    """A year with more than a page's worth goes on in the next."""
    pages = plan(*_many(205))
    shown = [
        entry.href
        for name in ("a/archive/2026.html", "a/archive/2026-2.html")
        for group in pages[name].context["groups"]
        for entry in group["entries"]
    ]
    assert len(shown) == len(set(shown)) == 205


def test_years_of_a_list_lead_to_its_part_of_the_archive() -> None:
    """Only years that have items of the category, or under it, at the page and the place where they begin."""
    pages = plan(
        *(make_facts(f"a/policy/p{number:03d}", day="2026-01-01") for number in range(201)),
        make_facts("a/notice/n", day="2026-01-01"),
        make_facts("a/rule/r", day="2025-01-01"),
    )
    years = {
        path: [year.href for year in pages[f"a/{path}/index.html"].context["years"]] for path in ("policy", "notice")
    }
    assert years["policy"] == ["../archive/2026.html#mt-policy", "../archive/2025.html#mt-rule"]
    assert years["notice"] == ["../archive/2026-2.html#mt-notice"]


def test_list_of_a_category_leads_to_those_under_it() -> None:
    """On the portal as on a unit's own site, where it has items; nothing else would lead there."""
    pages = plan(make_facts("a/rule/r"), make_facts("a/notice/n"))
    for path, child in {"a/policy/index.html": "../rule/index.html", "categories/policy.html": "rule.html"}.items():
        assert [one.href for one in pages[path].context["children"]] == [child]
    assert pages["categories/notice.html"].context["children"] == []


@pytest.mark.parametrize(
    ("number", "total", "numbers"),
    [
        (1, 2, [1, 2]),
        (1, 9, [1, 2, 3, 0, 9]),
        (5, 9, [1, 0, 3, 4, 5, 6, 7, 0, 9]),
        (9, 9, [1, 0, 7, 8, 9]),
    ],
)
def test_pagination_shows_ends_and_neighbours(number: int, total: int, numbers: list[int]) -> None:
    """A long list does not show every number; 0 stands for a gap."""
    pages = pagination(number, total, str)
    assert pages is not None
    assert [one for one, _ in pages["numbers"]] == numbers


def test_pagination_of_one_page_is_none() -> None:
    """No navigation where there is nowhere to go."""
    assert pagination(1, 1, str) is None


def test_categories_without_items_have_no_page_and_no_link() -> None:
    """空白栏目 are a fault in the supervisors' eyes: what is empty is not offered."""
    pages = plan(make_facts("a/notice/x"))
    assert not [path for path in pages if "policy" in path]
    assert pages["a/about.html"].navigation == ("notice",)
    assert pages["b/about.html"].navigation == ()


def test_about_page_names_the_organiser_or_who_runs_the_site() -> None:
    """A site without an organiser of its own is its unit's, the portal's that of the cluster."""
    cluster = make_cluster(organiser="")
    named = msgspec.structs.replace(cluster.units[1], organiser="信息中心")
    unnamed = msgspec.structs.replace(cluster.units[2], organiser="")
    pages = plan(
        make_facts("a/notice/x"), cluster=msgspec.structs.replace(cluster, units=(cluster.units[0], named, unnamed))
    )
    assert pages["a/about.html"].context["organiser"] == "信息中心"
    assert pages["b/about.html"].context["organiser"] == unnamed.name
    assert pages["about.html"].context["organiser"] == cluster.name


def test_another_item_does_not_change_the_page_of_an_unrelated_one() -> None:
    """A page holds what it shows: no counts, nothing of other categories."""
    facts = [make_facts("a/notice/x"), make_facts("b/notice/y")]
    before, after = plan(*facts), plan(*facts, make_facts("b/notice/z"), make_facts("a/notice/w", day="2027-01-01"))
    assert before["a/notice/x.html"] == after["a/notice/x.html"]
    assert before["a/about.html"] == after["a/about.html"]
    assert before["b/notice/y.html"] != after["b/notice/y.html"]


def test_neighbours_are_older_and_newer_of_the_category() -> None:
    """上一篇 is the one before in time."""
    facts = [make_facts(f"a/notice/n{day}", day=f"2026-01-{day:02d}") for day in (1, 2, 3)]
    pages = plan(*facts, make_facts("a/policy/p", day="2026-01-02"))
    middle = pages["a/notice/n2.html"].context
    assert (middle["previous"].href, middle["next"].href) == ("n1.html", "n3.html")
    assert "previous" not in pages["a/policy/p.html"].context


def test_policy_and_interpretation_show_each_other() -> None:
    """Cards in both directions, across units with the unit's name."""
    pages = plan(
        make_facts("a/policy/p"),
        make_facts("b/interpretation/i", interprets=("a/policy/p",), related=("a/policy/none",)),
    )
    ((key, cards),) = pages["a/policy/p.html"].context["relations"]
    assert (key, cards[0]["href"], cards[0]["unit"]) == ("interpreted_by", "../../b/interpretation/i.html", "乙局")
    ((key, cards),) = pages["b/interpretation/i.html"].context["relations"]
    assert (key, cards[0]["href"]) == ("interprets", "../../a/policy/p.html")


def test_consultation_is_on_its_page_its_home_and_the_portal() -> None:
    """An open consultation can be seen from the first page, with its feedback where there is one."""
    pages = plan(
        make_facts("a/notice/c", extra={"consultation_closes": "2026-12-01", "feedback": "a/notice/f"}),
        make_facts("a/notice/f"),
        make_facts("b/notice/d", extra={"consultation_closes": "2026-01-01"}),
    )
    assert pages["a/notice/c.html"].context["consultation"]["feedback"].href == "f.html"
    assert [one["href"] for one in pages["index.html"].context["consultations"]] == ["a/notice/c.html"]
    assert [one["href"] for one in pages["a/index.html"].context["consultations"]] == ["notice/c.html"]
    assert [group["state"] for group in pages["consultations.html"].context["groups"]] == ["open", "closed"]
    assert not pages["b/index.html"].context["consultations"]
    assert "sfj/consultations.html" not in pages


def test_portal_list_that_is_not_whole_says_where_the_rest_is() -> None:
    """The portal lists the newest of a category, and its home counts all: readers must know which they see."""
    for number, is_cut in ((LATEST, False), (LATEST + 1, True)):
        pages = plan(*(make_facts(f"a/policy/n{at}") for at in range(number)))
        portal = pages["categories/policy.html"].context
        assert (len(portal["entries"]), portal["older"]) == (LATEST, is_cut)
        assert not pages["a/policy/index.html"].context["older"]


def test_files_and_images_of_an_item_are_linked_with_their_sizes() -> None:
    """Listed are only those that the front matter names as attachments; images tell their size."""
    facts = make_facts("a/notice/x", files=("表.pdf", "图.png"), links=(Link(kind="image", target="图.png"),))
    image = msgspec.structs.replace(facts.attachments[1], width=800, height=600)
    item = facts.item
    assert item is not None
    facts = msgspec.structs.replace(
        facts,
        attachments=(facts.attachments[0], image),
        item=msgspec.structs.replace(item, attachments=item.attachments[:1], image="图.png"),
    )
    page = plan(facts)["a/notice/x.html"]
    assert [one[0] for one in page.context["attachments"]] == ["x/%E8%A1%A8.pdf"]
    assert page.context["image"] == ("x/%E5%9B%BE.png", 800, 600, False)
    assert page.links == ("x/%E5%9B%BE.png",)
    assert page.sizes == ((800, 600),)


def test_pages_are_plain_data_that_can_be_sent_and_keyed() -> None:
    """msgpack takes every page, and two plans of the same input are the same bytes."""
    facts = [make_facts("a/policy/p", files=("表.pdf",), links=(item_link("a/notice/x"),)), make_facts("a/notice/x")]
    encoded = [msgspec.msgpack.encode(list(plan(*facts).values()), order="deterministic") for _ in range(2)]
    assert encoded[0] == encoded[1]


def test_sitemap_robots_and_feeds_are_by_origin_and_site() -> None:
    """A unit with a host of its own has its own site map and robots.txt; every site has a feed."""
    cluster = make_cluster(hosts={"a": "https://a.example/"})
    pages = plan(make_facts("a/notice/x"), make_facts("b/notice/y"), cluster=cluster)
    listed = {path: [address for address, _ in pages[path].context["pages"]] for path in pages if "sitemap.xml" in path}
    assert set(listed) == {"sitemap.xml", "a/sitemap.xml"}
    assert "https://a.example/notice/x.html" in listed["a/sitemap.xml"]
    assert "https://portal.example/b/notice/y.html" in listed["sitemap.xml"]
    assert all(address.startswith("https://a.example/") for address in listed["a/sitemap.xml"])
    assert {path for path in pages if path.endswith("robots.txt")} == {"robots.txt", "a/robots.txt"}
    assert {path for path in pages if path.endswith("feed.xml")} == {
        "feed.xml",
        "sfj/feed.xml",
        "a/feed.xml",
        "b/feed.xml",
    }


def test_counts_agree_in_lists_archive_catalogue_and_sitemap() -> None:
    """Every published item is in each of them, and nothing else is."""
    facts = [*_many(30), make_facts("a/notice/secret", cleared=False), make_facts("a/policy/p")]
    pages = plan(*facts)  # type: ignore[arg-type]
    listed = sum(
        len(page.context["entries"]) for page in pages.values() if page.template == "list.html" and page.unit == "a"
    )
    archived = sum(
        len(group["entries"])
        for page in pages.values()
        if page.template == "archive.html"
        for group in page.context["groups"]
    )
    catalogued = len(pages["a/catalogue.json"].context["items"])
    mapped = [address for address, changed in pages["sitemap.xml"].context["pages"] if changed]
    assert listed == archived == catalogued == len(mapped) == 31


def test_sitemap_above_its_bound_is_split_with_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """sitemaps.org allows 50,000 addresses a file; the parts together are what one file would be."""
    facts = [make_facts(f"a/notice/n{number:02d}") for number in range(30)]
    whole = plan(*facts)["sitemap.xml"].context["pages"]
    monkeypatch.setattr(pages_data, "SITEMAP_LENGTH", 25)
    pages = plan(*facts)
    assert pages["sitemap.xml"].template == "@sitemap_index"
    parts = [path for path in pages if path.startswith("sitemap-")]
    assert parts == [f"sitemap-{number + 1}.xml" for number in range(len(parts))]
    assert pages["sitemap.xml"].context["parts"] == [f"https://portal.example/{path}" for path in parts]
    assert [address for path in parts for address in pages[path].context["pages"]] == whole
    assert all(len(pages[path].context["pages"]) == 25 for path in parts[:-1])


@pytest.mark.parametrize("hosts", [{}, {"a": "https://a.example/"}])
def test_sitemaps_list_every_page_worth_finding(hosts: dict[str, str]) -> None:
    """All but 404, search, redirects and tombstones, each on the site map of its own origin."""
    cluster = make_cluster(hosts=hosts)
    pages = plan(
        *(make_facts(f"a/notice/n{number:03d}", redirect_from=(f"old/{number}.html",)) for number in range(205)),
        make_facts("b/rule/r", extra={"consultation_closes": "2026-12-01"}),
        cluster=cluster,
    )
    addresses = Addresses(cluster)
    expected = {
        addresses.absolute(path)
        for path, page in pages.items()
        if page.template not in ("not_found.html", "search.html", "redirect.html") and path.endswith(".html")
    }
    listed = [
        entry[0] for path, page in pages.items() if page.template == "@sitemap" for entry in page.context["pages"]
    ]
    assert sorted(listed) == sorted(expected)


def _with_needs(*targets: str) -> Cluster:
    return make_cluster(theme_options={"needs": [{"label": "办", "to": target} for target in targets]})


def test_need_leads_to_item_category_unit_or_search() -> None:
    """An entry of 我要办 whose item is not published is left out, and the operator is warned."""
    cluster = _with_needs(
        "item:a/notice/x", "item:a/notice/secret", "category:notice", "category:a/notice", "unit:b", "search:法律 援助"
    )
    facts = [make_facts("a/notice/x"), make_facts("a/notice/secret", cleared=False)]
    catalogue = make_catalogue(*facts, cluster=cluster)
    theme = make_theme(cluster)
    pages = by_path(plan_pages(catalogue, resolve(catalogue, ()), theme))
    assert [need["href"] for need in pages["index.html"].context["needs"]] == [
        "a/notice/x.html",
        "categories/notice.html",
        "a/notice/index.html",
        "b/index.html",
        "search.html?q=%E6%B3%95%E5%BE%8B%20%E6%8F%B4%E5%8A%A9",
    ]
    assert [(found.code, found.severity) for found in check_options(catalogue, theme)] == [
        ("need-unpublished", "warning")
    ]


def test_attachment_facts_reach_open_data() -> None:
    """Address, title, kind, bytes and digest of every file."""
    pages = plan(make_facts("a/notice/x", files=("表.pdf",)))
    ((_, _, _, files),) = pages["a/catalogue.json"].context["items"]
    address = "https://portal.example/a/notice/x/%E8%A1%A8.pdf"
    assert files == [(address, "标题表.pdf", "pdf", 2048, "0" * 64)]
