"""Which host serves which file, and which names say that content never changes."""

from __future__ import annotations

import re

import pytest

from generator.deploy.definition import WebServer
from generator.deploy.nginx import format_nginx
from generator.deploy.parts import (
    HASHED_PATTERN,
    address,
    is_entry,
    is_hashed,
    is_theme_asset,
    owner,
    parts_of,
    served_by,
)
from generator.errors import UsageError
from tests.deploy_support import cluster


def test_portal_serves_all_but_own_hosts() -> None:
    """A unit with a host of its own is not served by the portal's."""
    parts = parts_of(cluster(own_hosts=["beta"]))
    portal, beta = parts
    assert served_by("alpha/index.html", portal, parts) == "alpha/index.html"
    assert served_by("beta/index.html", portal, parts) is None
    assert served_by("beta/index.html", beta, parts) == "index.html"
    assert served_by("alpha/index.html", beta, parts) is None
    assert owner("betamax/x.html", parts).name == "portal"


def test_index_is_served_by_every_host() -> None:
    """Each host serves the one index at its own ``/search/``."""
    parts = parts_of(cluster(own_hosts=["beta"]))
    for part in parts:
        assert served_by("search/index.json", part, parts) == "search/index.json"


def test_address_is_absolute_and_quoted() -> None:
    """Names are percent-encoded, slashes kept."""
    portal = parts_of(cluster())[0]
    assert address(portal, "alpha/附件 1.pdf") == "https://www.shi.example/alpha/%E9%99%84%E4%BB%B6%201.pdf"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("assets/site.3f9a02c1.css", True),
        ("alpha/assets/site.3f9a02c1.css", True),
        ("search/t0.0123456789abcdef.bin", True),
        ("search/s/t0-0123456789abcdef.json.gz", True),
        ("search/shards/1c47ee718ef747.bin", True),
        ("search/root-aa2795f02fed2b.bin", True),
        ("search/entry.json", False),
        ("alpha/search/1c/47ee718ef747.bin", False),
        ("alpha/notice/x.3f9a02c1.html", False),
        ("alpha/notice/a/search/x.3f9a02c1.pdf", False),
        ("assets/site.css", False),
        ("assets/site.3F9A02C1.css", False),
    ],
)
def test_only_assets_and_index_files_are_hashed(path: str, expected: bool) -> None:
    """An item's own name is never taken for one that holds a digest."""
    assert is_hashed(path) is expected
    assert (re.fullmatch(HASHED_PATTERN, path) is not None) is expected


def test_entry_and_theme_asset_are_told_apart() -> None:
    """The entry is the index's file of fixed name; an asset is no file of the index."""
    assert is_entry("search/index.json")
    assert not is_entry("search/t0.0123456789ab.bin")
    assert is_theme_asset("assets/site.3f9a02c1.css")
    assert not is_theme_asset("search/t0.0123456789ab.bin")


def test_base_address_with_a_path_is_refused() -> None:
    """The written configuration serves roots of hosts only."""
    with pytest.raises(UsageError):
        format_nginx(cluster(base_url="https://www.shi.example/zwgk/"), WebServer())
