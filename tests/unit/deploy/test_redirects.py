"""Former addresses: ``old-addresses.yml`` and the tables for the web server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from generator.content.fields import read_yaml
from generator.deploy.redirects import (
    FILE_NAME,
    LOGICAL_PATH,
    OldAddress,
    load_old_addresses,
    make_tables,
    old_hosts,
    parse_old_addresses,
    parse_table,
)
from generator.diagnostics import Diagnostic
from generator.errors import ConfigError
from tests.deploy_support import cluster

CLUSTER = cluster(own_hosts=["beta"])
PUBLIC = {"index.html", "alpha/index.html", "alpha/notice/a.html", "beta/notice/b.html"}


def parse(text: str) -> tuple[tuple[OldAddress, ...], tuple[Diagnostic, ...]]:
    return parse_old_addresses(read_yaml(text.encode(), LOGICAL_PATH), CLUSTER)


def tables(text: str = "", redirects: dict[str, str] | None = None) -> tuple[dict[str, str], dict[str, str], list[int]]:
    old, faults = parse(text)
    assert faults == ()
    made = make_tables(CLUSTER, redirects or {}, old, PUBLIC)
    return dict(parse_table(made.redirects)), dict(parse_table(made.addresses)), [one.line for one in made.dropped]


def test_addresses_with_and_without_query_go_to_their_tables() -> None:
    """A query string is matched as it is asked, a path as it is decoded."""
    paths, queries, dropped = tables(
        "- {from: /col/1.html, to: alpha/notice/a}\n"
        "- {from: '/show.jsp?id=3&t=新', to: alpha}\n"
        "- {from: 'http://old.example/x.asp?a=1', to: beta/notice/b}\n"
        "- {from: /else, to: 'https://elsewhere.example/'}\n"
    )
    assert paths == {
        "https://www.shi.example/col/1.html": "https://www.shi.example/alpha/notice/a.html",
        "https://www.shi.example/else": "https://elsewhere.example/",
    }
    assert queries["https://old.example/x.asp?a=1"] == "https://beta.shi.example/notice/b.html"
    assert len(queries) == 2
    assert dropped == []


def test_line_that_leads_to_nothing_public_is_dropped() -> None:
    """No table names an item that is not public in the release."""
    paths, _, dropped = tables("- {from: /a, to: alpha/notice/withheld}\n- {from: /b, to: nobody}\n")
    assert paths == {}
    assert dropped == [1, 2]


def test_redirects_of_items_are_on_their_own_host() -> None:
    """``redirect_from`` is relative to the unit's root, whichever host that is."""
    paths, queries, _ = tables(
        redirects={
            "alpha/old/标题.html": "alpha/notice/a.html",
            "beta/old/index.html": "beta/notice/b.html",
            "beta/view.jsp?id=1": "beta/notice/b.html",
            "alpha/x.html": "alpha/notice/withheld.html",
        }
    )
    assert paths == {
        "https://www.shi.example/alpha/old/%E6%A0%87%E9%A2%98.html": "https://www.shi.example/alpha/notice/a.html",
        "https://beta.shi.example/old/index.html": "https://beta.shi.example/notice/b.html",
        "https://beta.shi.example/old/": "https://beta.shi.example/notice/b.html",
    }
    assert queries == {"https://beta.shi.example/view.jsp?id=1": "https://beta.shi.example/notice/b.html"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("from: /a", (1, 1)),
        ("- /a", (1, 3)),
        ("- {from: /a}", (1, 3)),
        ("- {from: /a, to: x, why: y}", (1, 21)),
        ("- {form: /a, to: x}", (1, 4)),
        ("- {from: a, to: x}", (1, 10)),
        ("- {from: 'ftp://x/a', to: x}", (1, 10)),
        ("- {from: '/a b', to: x}", (1, 10)),
        ("- {from: '/a\"b', to: x}", (1, 10)),
        ("- {from: /a, to: 'http://plain.example/'}", (1, 18)),
        ("- {from: /a, to: 'javascript:x'}", (1, 18)),
        ("- {from: /a, to: '//x.example/'}", (1, 18)),
        ("- {from: /a, to: x}\n- {from: /A, to: y}", (2, 3)),
        ("- {from: 'http://old.example：8080/a', to: x}", (1, 10)),
        ("- {from: 'http://[old.example/a', to: x}", (1, 10)),
        ("- {from: /a, to: 'https://[new.example/'}", (1, 18)),
        ("- {from: '/a%0Ab', to: x}", (1, 10)),
    ],
)
def test_faulty_line_is_named(text: str, place: tuple[int, int]) -> None:
    """Each fault has its place; addresses that differ only in case are one."""
    _, faults = parse(text)
    assert [(one.line, one.column) for one in faults] == [place]


def test_list_in_another_encoding_is_a_fault(tmp_path: Path) -> None:
    """Half its addresses would be others, and lead nobody anywhere."""
    (tmp_path / FILE_NAME).write_bytes("- {from: /公告.htm, to: alpha}\n".encode("gbk"))
    with pytest.raises(ConfigError) as error:
        load_old_addresses(tmp_path, CLUSTER)
    assert [one.code for one in error.value.diagnostics] == ["encoding-gbk"]


def test_a_list_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    """A link that leads nowhere, a folder: somebody meant to have a list."""
    for make, code in (
        (lambda path: path.symlink_to("nowhere"), "definition-missing"),
        (lambda path: path.mkdir(), "definition-no-file"),
    ):
        path = tmp_path / code / FILE_NAME
        path.parent.mkdir()
        make(path)
        with pytest.raises(ConfigError) as error:
            load_old_addresses(path.parent, CLUSTER)
        assert [one.code for one in error.value.diagnostics] == [code]


def test_table_cannot_be_broken_out_of() -> None:
    """Quotes and backslashes in a former address stay inside the table's line."""
    made = make_tables(CLUSTER, {'alpha/a"b\\c;.html': "alpha/notice/a.html"}, (), PUBLIC)
    assert made.redirects == (
        b'"www.shi.example/alpha/a\\"b\\\\c;.html" "https://www.shi.example/alpha/notice/a.html";\n'
    )


@pytest.mark.parametrize("character", ["\u2028", "\x85", '"', "\\", "%"])
def test_table_is_read_as_it_was_written(character: str) -> None:
    """A line of the table ends where the web server sees its end, whatever a former address holds."""
    old = (OldAddress("old.example", f"/a{quote(character)}b", "https://elsewhere.example/", 1),)
    made = make_tables(CLUSTER, {}, old, PUBLIC)
    (pair,) = parse_table(made.redirects)
    assert (unquote(pair[0]), pair[1]) == (f"https://old.example/a{character}b", "https://elsewhere.example/")


def test_old_hosts_are_those_of_nobody() -> None:
    """Hosts of the cluster need no server of their own."""
    old, _ = parse("- {from: 'http://old.example/a', to: alpha}\n- {from: /b, to: alpha}")
    assert old_hosts(CLUSTER, old) == ("old.example",)
