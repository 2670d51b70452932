"""The one place that makes links."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.site.addresses import Addresses
from tests.site_support import make_cluster

TOGETHER = Addresses(make_cluster())
APART = Addresses(make_cluster(hosts={"a": "https://a.example/", "b": "https://b.example/"}))

_NAMES = st.sampled_from(["x", "会见须知", "a b", "50%", "c#d", "q?r", "e:f", "-", "é", "𠮷"])
_PAGES = st.builds(
    lambda site, folders, name: "/".join([*site, *folders, f"{name}.html"]),
    st.sampled_from([[], ["sfj"], ["a"], ["b"]]),
    st.lists(_NAMES, max_size=3),
    _NAMES,
)


@given(_PAGES, _PAGES, st.sampled_from([TOGETHER, APART]))
def test_link_followed_from_its_page_arrives_anywhere(here: str, there: str, addresses: Addresses) -> None:
    """A link, resolved as a browser does against its page, is the full address of the other page."""
    assert urljoin(addresses.absolute(here), addresses.link(here, there)) == addresses.absolute(there)


@given(_PAGES, _PAGES, st.sampled_from([TOGETHER, APART]))
def test_link_is_relative_within_an_origin_and_names_a_file(here: str, there: str, addresses: Addresses) -> None:
    """Within an origin a link has neither scheme nor a leading slash; every link ends in a file's name."""
    link = addresses.link(here, there)
    if addresses.origin(here) == addresses.origin(there):
        assert not urlsplit(link).scheme
        assert not link.startswith("/")
    else:
        assert link.startswith("https://")
    assert link.endswith(".html")
    assert link.isascii()


@pytest.mark.parametrize(
    ("here", "there", "link"),
    [
        ("a/policy/x.html", "a/policy/y.html", "y.html"),
        ("a/policy/x.html", "a/policy/index.html", "index.html"),
        ("a/policy/x.html", "a/notice/y.html", "../notice/y.html"),
        ("a/policy/x.html", "b/policy/y.html", "../../b/policy/y.html"),
        ("a/policy/x.html", "index.html", "../../index.html"),
        ("index.html", "a/index.html", "a/index.html"),
        ("a/policy/x.html", "a/policy/会见.html", "%E4%BC%9A%E8%A7%81.html"),
        ("a/policy/x.html", "a/policy/x/附件 1.pdf", "x/%E9%99%84%E4%BB%B6%201.pdf"),
    ],
)
def test_link_is_the_shortest_between_two_pages_of_a_host(here: str, there: str, link: str) -> None:
    """Links climb no higher than they must, and percent-encode what is not plain."""
    assert TOGETHER.link(here, there) == link


def test_link_leads_to_the_other_host_when_a_unit_has_its_own() -> None:
    """Between origins links are absolute, without the unit's folder on its own host."""
    assert APART.link("index.html", "a/policy/x.html") == "https://a.example/policy/x.html"
    assert APART.link("a/policy/x.html", "sfj/notice/y.html") == "https://portal.example/sfj/notice/y.html"
    assert APART.link("a/policy/x.html", "b/notice/y.html") == "https://b.example/notice/y.html"


def test_link_with_anchor_is_encoded() -> None:
    """The anchor of an article is percent-encoded like the rest."""
    assert TOGETHER.link("a/policy/x.html", "a/policy/y.html", "第三条") == "y.html#%E7%AC%AC%E4%B8%89%E6%9D%A1"


def test_rooted_address_begins_at_the_host_of_the_page() -> None:
    """A page served at any depth names others from the root of its own origin."""
    assert TOGETHER.rooted("a/index.html") == "/a/index.html"
    assert APART.rooted("a/index.html") == "/index.html"
    assert Addresses(make_cluster(base_url="https://x.example/gov/")).rooted("a/index.html") == "/gov/a/index.html"


def test_base_is_the_root_of_the_origin_of_every_page() -> None:
    """A unit under the portal finds the index below the portal's root; one with a host of its own below that."""
    assert TOGETHER.base("a/policy/x.html") == "../../"
    assert TOGETHER.base("index.html") == "./"
    assert APART.base("a/policy/x.html") == "../"
    assert APART.base("a/index.html") == "./"
    assert APART.base("sfj/index.html") == "../"


def test_origins_are_the_portal_and_each_host() -> None:
    """Site maps and robots.txt are made for these."""
    assert TOGETHER.origins == ("",)
    assert APART.origins == ("", "a", "b")
