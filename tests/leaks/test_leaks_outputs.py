"""Leak scenarios: every place of the tree that lists, links, feeds or indexes. Guards: ``tests.leaks.mutations``."""

from __future__ import annotations

import json
import re

import pytest

from generator.errors import UsageError
from tests.leaks.house import TEXT, TITLE, WORD, House, replace_settings

ITEM = "jyglj/policy/neibu"


def public_text(house: House, *patterns: str) -> str:
    """The text of all files of the tree that match, none missing."""
    files = [path for pattern in patterns for path in house.out.glob(pattern)]
    assert files
    return "".join(path.read_text("utf-8") for path in files)


@pytest.fixture
def built(house: House) -> House:
    """A withheld item between two cleared ones of its category."""
    house.write("jyglj/policy/before", title="前一条", body="前一条的正文。", date="2026-09-30")
    house.secret(ITEM, date="2026-10-01", redirect_from="[old/neibu-jiu.html]", index_number="SL0000027/2026-00777")
    house.write("jyglj/policy/after", title="后一条", body="后一条的正文。", date="2026-10-02")
    house.publish()
    return house


def test_home_and_category_pages_list_no_withheld_item(built: House) -> None:
    """Collections and lists see drafts elsewhere (buildawesome#1251, #262)."""
    text = public_text(built, "index.html", "jyglj/index.html", "jyglj/policy/*.html", "categories/*.html")
    assert TITLE not in text
    assert "neibu" not in text
    assert "前一条" in text


def test_category_with_withheld_items_only_has_no_page(house: House) -> None:
    """Draft-only tag pages (eleventy-base-blog#156): that it exists tells something."""
    house.secret("jyglj/decision/neibu")
    house.stays_in()
    assert not house.has("jyglj/decision/index.html")


def test_year_with_withheld_items_only_has_no_archive(house: House) -> None:
    """Auto-generated indexes (docusaurus#8301)."""
    house.secret(ITEM, date="2019-03-03")
    house.stays_in()
    assert not house.has("jyglj/archive/2019.html")


def test_feeds_hold_no_withheld_item(built: House) -> None:
    """Feeds cannot be recalled (ForumMagnum#1977; astro-yi#5)."""
    text = public_text(built, "**/*feed*.xml")
    assert not [one for one in (TITLE, TEXT, WORD, "neibu") if one in text]
    assert "后一条" in text


def test_sitemap_lists_no_withheld_item(built: House) -> None:
    """Sitemaps list drafts elsewhere (pencilblue#575, zwbetz#9)."""
    text = public_text(built, "sitemap*.xml")
    assert "neibu" not in text
    assert "jyglj/policy/after.html" in text


def test_open_data_lists_no_withheld_item(built: House) -> None:
    """The catalogue for machines is the catalogue for readers."""
    items = json.loads((built.out / "jyglj/catalogue.json").read_bytes())
    assert WORD not in json.dumps(items, ensure_ascii=False)
    assert "00777" not in json.dumps(items, ensure_ascii=False)


def test_neighbours_are_cleared_ones(built: House) -> None:
    """Previous and next skip what is withheld, as if it were not there."""
    page = (built.out / "jyglj/policy/before.html").read_text("utf-8")
    assert "after.html" in page
    assert "neibu" not in page


def test_counts_are_of_cleared_items(built: House) -> None:
    """Counts do not betray that there is more."""
    catalogue = json.loads((built.out / "jyglj/catalogue.json").read_bytes())
    assert catalogue["count"] == len(catalogue["items"]) == 2


def test_redirect_of_a_withheld_item_is_not_written(built: House) -> None:
    """Draft addresses in redirects: plausible, if undocumented (PEERS §2)."""
    assert not list(built.out.rglob("*neibu-jiu*"))


def test_search_index_knows_no_withheld_item(built: House) -> None:
    """Drafts in the search index (zola#1871, docusaurus-search-local#371)."""
    found = [one for one in built.traces() if one.startswith("search/") or "/search/" in one]
    assert found == []
    assert built.traces() == []


def test_manifest_names_no_withheld_item(built: House) -> None:
    """The published manifest has paths, sizes and digests only."""
    text = (built.out / "manifest.json").read_text("utf-8")
    assert "neibu" not in text
    assert "source" not in text


def test_manifest_does_not_tell_when_a_withheld_item_was_to_appear(house: House) -> None:
    """Its dates are as secret as its title: time alone changes nothing of what is public."""
    house.secret(ITEM, date="2026-12-15 09:30", expires_on="2026-12-31")
    house.secret("jyglj/policy/neibu-2", cleared="true", date="2026-12-16", audience="inmate")
    house.stays_in()
    assert json.loads((house.out / "manifest.json").read_bytes())["next_change_at"] is None


def test_link_to_a_withheld_item_becomes_plain_text(house: House) -> None:
    """Neither its address nor its title is told; missing and withheld look the same."""
    house.secret(ITEM)
    house.write("jyglj/policy/gongkai", title="公开", body="见[这里](neibu.md)和[那里](meiyou.md)。")
    house.stays_in()
    page = (house.out / "jyglj/policy/gongkai.html").read_text("utf-8")
    assert "见这里和那里。" in re.sub(r"<[^>]*>", "", page)
    assert "neibu" not in page


def test_relation_to_a_withheld_item_is_not_shown(house: House) -> None:
    """An interpretation does not announce a policy that is not public yet."""
    house.secret(ITEM)
    house.write("jyglj/interpretation/jiedu", title="解读", interprets=f"[{ITEM}]", related=f"['item:{ITEM}']")
    house.stays_in(TITLE, WORD, "neibu")


def test_withheld_policy_is_not_shown_on_its_interpretations_lists(house: House) -> None:
    """And a withheld interpretation is not announced by its policy."""
    house.write("jyglj/policy/zhengce", title="政策", body="政策的正文。")
    house.secret("jyglj/interpretation/neibu", interprets="[jyglj/policy/zhengce]")
    house.stays_in(TITLE, WORD, "neibu")


def test_near_copy_of_a_cleared_item_stays_in(house: House) -> None:
    """A version that differs in one number is another item."""
    law = "第一条 为了规范有关工作，根据有关法律法规，结合本市实际，制定本办法。本办法所称标准为每人每日{}元。"
    house.write("jyglj/policy/gongkai", title="办法", body=law.format("二百"))
    house.secret(ITEM, body=law.format("九百八十七"))
    house.stays_in("九百八十七", TITLE, WORD)


def test_preview_cannot_be_built_into_a_release(house: House) -> None:
    """Old previews stay live (actions-netlify#752): the two kinds of tree never mix."""
    house.secret(ITEM)
    house.publish()
    with pytest.raises(UsageError):
        replace_settings(house, kind="preview")
    assert house.traces() == []


def test_release_is_not_built_over_a_preview(house: House) -> None:
    """And a preview's folder never becomes a release."""
    house.secret(ITEM)
    replace_settings(house, kind="preview")
    with pytest.raises(UsageError):
        house.publish()


def test_nothing_internal_is_in_the_public_tree(built: House) -> None:
    """Report, trail, ledger and cache lie elsewhere, readable by their owner only."""
    names = {path.name for path in built.out.rglob("*")}
    assert not names & {"report.json", "trail.jsonl", "outputs.bin", "sources.bin"}
    private = built.root / "out-private"
    for path in (
        private / "cache",
        private / "state",
        private / "state" / "report.json",
        private / "state/trail.jsonl",
    ):
        assert path.stat().st_mode & 0o077 == 0, path
