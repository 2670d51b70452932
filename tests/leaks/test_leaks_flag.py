"""Leak scenarios: the flag, the front matter, time and audience. Guards: ``tests.leaks.mutations``."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from tests.build.cluster import NOW
from tests.leaks.house import SECRETS, TEXT, TITLE, WORD, House

ITEM = "jyglj/policy/neibu"


def test_uncleared_item_has_no_page(house: House) -> None:
    """A plain ``false`` withholds the page."""
    house.secret(ITEM)
    house.stays_in()
    assert not house.has(f"{ITEM}.html")


def test_draft_stays_in_even_when_it_is_marked_cleared(house: House) -> None:
    """Flag overridden downstream (eleventy-base-blog#173): ``draft: true`` wins over the flag."""
    house.secret(ITEM, cleared="true", draft="true")
    house.stays_in()


@pytest.mark.parametrize("flag", ['"true"', "yes", "on", "1", "True ", "TRUE", "是", "!!bool true", "[true]", "", "~"])
def test_flag_that_is_no_plain_true_clears_nothing(house: House, flag: str) -> None:
    """Truthy values (python-frontmatter: ``"false"`` is a true string) are faults, and withhold."""
    house.secret(ITEM, cleared=flag)
    if flag.strip() in ("True", "TRUE"):
        pytest.skip("YAML's own spellings of true are the same boolean")
    house.stays_in()


def test_missing_flag_clears_nothing(house: House) -> None:
    """Missing is not cleared (逾期未确定视为同意 is never modelled)."""
    path = house.secret(ITEM)
    path.write_text(path.read_text("utf-8").replace("confidentiality_cleared: false\n", ""), "utf-8")
    house.stays_in()


def test_misspelt_flag_clears_nothing(house: House) -> None:
    """A misspelt key is a fault, not a default."""
    path = house.secret(ITEM, cleared="true")
    path.write_text(path.read_text("utf-8").replace("confidentiality_cleared", "confidentialty_cleared"), "utf-8")
    house.stays_in()


def test_flag_written_twice_clears_nothing(house: House) -> None:
    """Duplicate keys: elsewhere the last one wins (PEERS §0)."""
    path = house.secret(ITEM)
    path.write_text(
        path.read_text("utf-8").replace(
            "confidentiality_cleared: false", "confidentiality_cleared: false\nconfidentiality_cleared: true"
        ),
        "utf-8",
    )
    house.stays_in()


def test_flag_in_both_languages_clears_nothing(house: House) -> None:
    """The English ``false`` and a Chinese 是 are one key written twice."""
    path = house.secret(ITEM)
    path.write_text(path.read_text("utf-8").replace("---\ntitle", "---\n保密审查通过: 是\ntitle", 1), "utf-8")
    house.stays_in()


def test_unclosed_front_matter_publishes_nothing(house: House) -> None:
    """Elsewhere an unclosed fence gives no metadata and publishes the header as text (PEERS §0)."""
    path = house.secret(ITEM, cleared="true")
    path.write_text(path.read_text("utf-8").replace("\n---\n\n", "\n\n", 1), "utf-8")
    house.stays_in()


def test_front_matter_behind_a_byte_order_mark_publishes_nothing(house: House) -> None:
    """Elsewhere a BOM gives no metadata, and the raw front matter becomes body text (PEERS §0)."""
    path = house.secret(ITEM, cleared="true")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    house.stays_in()


def test_full_width_colon_clears_nothing(house: House) -> None:
    """``confidentiality_cleared：true`` is no key."""
    path = house.secret(ITEM, cleared="true")
    path.write_text(path.read_text("utf-8").replace("cleared: true", "cleared：true"), "utf-8")
    house.stays_in()


def test_impossible_date_withholds(house: House) -> None:
    """A fault in front matter withholds the item, whatever its flag says."""
    house.secret(ITEM, cleared="true", date="2026-02-30")
    house.stays_in()


def test_unit_that_is_not_the_folders_withholds(house: House) -> None:
    """An item in the wrong folder was perhaps cleared for another site."""
    path = house.secret(ITEM, cleared="true")
    path.write_text(path.read_text("utf-8").replace("unit: jyglj", "unit: sfj"), "utf-8")
    house.stays_in()


def test_scheduled_item_waits(house: House) -> None:
    """A host that overrides the safe default publishes the future (pages-gem#302)."""
    house.secret(ITEM, cleared="true", date="2026-12-01")
    house.stays_in()
    assert house.publish(now=NOW + timedelta(days=7)).published == 2


def test_scheduled_minute_is_read_in_china_time(house: House) -> None:
    """A time without a zone is Beijing's (siyuan-plugin-publisher#1176)."""
    house.secret(ITEM, cleared="true", date="2026-11-24T09:01")
    house.stays_in()


def test_expired_item_leaves_the_tree(house: House) -> None:
    """A 公示 that has ended goes by time alone, without anybody touching it."""
    house.secret(ITEM, cleared="true", expires_on="2026-11-24")
    house.is_out(ITEM)
    house.stays_in(now=NOW + timedelta(days=1))


@pytest.mark.parametrize("audience", ["family", "inmate", "近亲属"])
def test_item_for_another_audience_stays_in(house: House, audience: str) -> None:
    """Only the public's items are for a public site (司发〔2015〕7号)."""
    house.secret(ITEM, cleared="true", audience=audience)
    house.stays_in()


def test_release_group_waits_for_its_last_member(house: House) -> None:
    """A policy does not appear before its interpretation is cleared."""
    house.secret(ITEM, cleared="true", release_group="g-1")
    house.write("jyglj/interpretation/jiedu", title="解读", cleared="false", release_group="g-1")
    house.stays_in()


@pytest.mark.parametrize("fault", ["title: a: b", "rubric: x", "date: 2026-13-01"])
@pytest.mark.parametrize("key", ["release_group", "同步发布组", "release-group"])
def test_release_group_waits_for_a_member_whose_front_matter_is_faulty(house: House, fault: str, key: str) -> None:
    """A fault in the one header must not let the other appear alone: the group is read out of it all the same."""
    house.secret(ITEM, cleared="true", release_group="g-1")
    path = house.write("jyglj/interpretation/jiedu", title="解读", cleared="true", release_group="g-1")
    path.write_text(path.read_text("utf-8").replace("release_group:", f"{fault}\n{key}:"), "utf-8")
    house.stays_in()


@pytest.mark.parametrize("group", ["G-1", "ｇ－１", '"G-1"'])
def test_release_group_waits_for_a_member_that_spells_it_otherwise(house: House, group: str) -> None:
    """In capitals or full width it is a fault of the header, and the same group."""
    house.secret(ITEM, cleared="true", release_group="g-1")
    house.write("jyglj/interpretation/jiedu", title="解读", cleared="true", release_group=group)
    house.stays_in()


def test_un_cleared_item_leaves_page_list_feed_and_index(house: House) -> None:
    """An un-cleared page stays live elsewhere (lektor#175, cobalt#593)."""
    house.secret(ITEM, cleared="true")
    house.is_out(ITEM)
    house.secret(ITEM, cleared="false")
    house.stays_in()


def test_un_clearing_with_size_and_time_restored_is_seen(house: House) -> None:
    """A file is believed unread only by git's rule, change time and inode included."""
    path = house.secret(ITEM, cleared="true ")
    house.is_out(ITEM)
    house.publish()
    stat = path.stat()
    with path.open("r+b") as file:
        data = file.read().replace(b"cleared: true ", b"cleared: false")
        file.seek(0)
        file.write(data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size == stat.st_size
    house.stays_in()


def test_deleted_item_leaves_no_stale_output(house: House) -> None:
    """Stale output is the field's oldest accident (hugo#379, nikola#79)."""
    path = house.secret(ITEM, cleared="true")
    house.is_out(ITEM)
    path.unlink()
    house.stays_in()


def test_renamed_item_leaves_nothing_at_its_old_address(house: House) -> None:
    """The old page goes in the same build."""
    path = house.secret(ITEM, cleared="true")
    house.is_out(ITEM)
    path.rename(path.with_name("xin.md"))
    house.publish()
    assert not house.has(f"{ITEM}.html")
    assert not [one for one in house.traces("neibu") if not one.startswith("printed")]


def test_item_of_a_unit_that_left_the_cluster_goes(house: House) -> None:
    """Old sites stay live elsewhere (nuxt/website-v2#340)."""
    house.secret("heping/policy/a", cleared="true")
    house.is_out("heping/policy/a")
    (house.sites / "units" / "heping.yml").unlink()
    cluster = house.sites / "cluster.yml"
    cluster.write_text(cluster.read_text("utf-8").replace(", heping", ""), "utf-8")
    house.stays_in()


def test_markdown_outside_the_units_is_no_item(house: House) -> None:
    """Auto-generated indexes pick up whatever lies around elsewhere (docusaurus#8301)."""
    text = house.secret(ITEM, cleared="true").read_text("utf-8")
    (house.content / f"{ITEM}.md").unlink()
    for place in ("note.md", "jyglj/note.md", "jyglj/_drafts/x.md", "jyglj/policy/.hidden.md", "nobody/policy/x.md"):
        house.file(place, text)
    house.stays_in()


def test_link_to_a_file_outside_is_not_followed(house: House) -> None:
    """A symbolic link in the content folder publishes nothing that lies elsewhere."""
    outside = house.root / "outside.md"
    outside.write_text(house.secret(ITEM, cleared="true").read_text("utf-8"), "utf-8")
    (house.content / f"{ITEM}.md").unlink()
    (house.content / f"{ITEM}.md").symlink_to(outside)
    house.stays_in()


def test_diagnostics_of_a_withheld_item_quote_nothing(house: House) -> None:
    """What the build prints goes to logs and screens: it names places, never values."""
    path = house.secret(
        ITEM, cleared="true", date=f'"{WORD}"', topic=f"[{WORD}]", audience=WORD, attachments=f"[{WORD}.pdf]"
    )
    text = path.read_text("utf-8").replace("---\ntitle", f"---\n{WORD}: {TITLE}\ntitle", 1)
    path.write_text(text + f"\n[链接]({WORD}.md) ![]({WORD}.png)\n", "utf-8")
    result = house.publish()
    assert result.faults
    assert house.traces(*SECRETS) == []
    assert TEXT not in str(result.report)
