"""Names of items, and how names are shown and guessed."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.content.names import HAN, MAX_SLUG_BYTES, SLUG, are_sound, folded, is_reserved_slug, nearest, shown
from generator.deploy.parts import PORTAL
from generator.site.paths import PORTAL_FOLDERS, RESERVED_SLUG, UNIT_FOLDERS


@pytest.mark.parametrize("slug", ["a", "0", "2024-huijian_2", "会见通知", "〇", "𠮷", "a会"])
def test_slugs_are_plain(slug: str) -> None:
    """Lower-case letters, digits, hyphens, underscores and Han."""
    assert SLUG.fullmatch(slug)


@pytest.mark.parametrize(
    "slug", ["", "A", "-a", "_a", "a.b", "a b", "ａ", "é", "\uf900", "\U0002f800", "a\n", "①", "。"]
)
def test_other_slugs_are_refused(slug: str) -> None:
    """No capitals, blanks, accents, full-width or compatibility characters."""
    assert SLUG.fullmatch(slug) is None


@given(st.from_regex(SLUG, fullmatch=True), st.from_regex(SLUG, fullmatch=True))
def test_slugs_collide_only_when_equal(one: str, other: str) -> None:
    """Folding case, width and composition joins no two slugs: so the scan need not compare them."""
    assert (folded(one) == folded(other)) == (one == other)


@given(st.from_regex(f"[{HAN}]", fullmatch=True))
def test_han_of_slugs_have_one_form(character: str) -> None:
    """Normal forms cannot split or merge the ideographs that slugs are made of."""
    assert {unicodedata.normalize(form, character) for form in ("NFC", "NFD", "NFKC", "NFKD")} == {character}


def test_reserved_names_hold_those_of_the_site() -> None:
    """What the site stage makes for itself, no author can take."""
    from generator.content.names import RESERVED_IDS

    assert (PORTAL_FOLDERS | UNIT_FOLDERS | {PORTAL}) <= RESERVED_IDS
    assert all(re.fullmatch(RESERVED_SLUG, slug) for slug in ("index", "page-2", "page-17"))
    assert all(is_reserved_slug(slug) for slug in ("index", "page-2", "page-17"))
    assert not is_reserved_slug("2024")


def test_shown_paths_cannot_steer_a_terminal() -> None:
    """Control characters, overrides and undecodable bytes are written out."""
    assert shown("a/会见.md") == "a/会见.md"
    assert shown("a\x1b[2J\n\u202e\udcff.md") == "a\\x1b[2J\\n\\u202e\\udcff.md"
    assert shown("a\x1b\u202e").isprintable()


@pytest.mark.parametrize(
    ("written", "meant"),
    [("titel", "title"), ("Title", "title"), ("ｔｉｔｌｅ", "title"), ("标体", "标题"), ("zzz", None), ("财政", None)],
)
def test_nearest_is_near(written: str, meant: str | None) -> None:
    """A slip is recognised, another word is not."""
    assert nearest(written, ["title", "date", "标题", "单位"]) == meant


NAMES = st.lists(
    st.text("az09_-.A司\n", max_size=4)
    | st.sampled_from(["index", "page-1", "page-1a", "con", "a" * MAX_SLUG_BYTES, "a" * (MAX_SLUG_BYTES + 1)]),
    max_size=4,
)


@given(slugs=NAMES)
def test_many_slugs_are_sound_only_if_each_is(slugs: list[str]) -> None:
    """A line break within a name joins nothing; slugs with Han are looked at one by one."""
    each = all(
        slug.isascii()
        and SLUG.fullmatch(slug) is not None
        and not is_reserved_slug(slug)
        and len(slug) <= MAX_SLUG_BYTES
        for slug in slugs
    )
    assert are_sound(slugs) == each
