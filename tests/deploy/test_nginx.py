"""The written nginx configuration in a real nginx: what readers of each host get."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from generator.deploy.nginx import SECURITY_HEADERS
from generator.deploy.webclient import Client, Response
from tests.deploy_servers import BROTLI, Nginx, missing, nginx, program
from tests.deploy_support import Workshop, cluster, everywhere, page, site

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(bool(missing("nginx", "rsync")), reason=missing("nginx", "rsync")),
]

HOSTS = ["www.shi.example", "beta.shi.example", "gamma.shi.example"]
PORTAL = "https://www.shi.example/"
BETA = "https://beta.shi.example/"


class Served:
    """A deployed sample with its server and a client that sends every host there."""

    def __init__(self, workshop: Workshop, server: Nginx) -> None:
        self.workshop = workshop
        self.server = server
        self.client = Client(server.address, server.certificate)

    def get(self, url: str, **headers: str) -> Response:
        """Fetch as a reader would."""
        return self.client.get(url, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("nginx")
    workshop = Workshop(root, cluster(own_hosts=("beta", "gamma")))
    (root / "sites" / "old-addresses.yml").write_text(
        "- from: /col/show.jsp?id=12&t=1\n  to: alpha/notice/a\n"
        "- from: http://old.shi.example/art/1.htm\n  to: beta/notice/b\n"
        "- from: /nowhere.jsp?id=1\n  to: alpha/notice/withheld\n",
        "utf-8",
    )
    items = {"alpha/notice/a": "甲", "beta/notice/b": "乙", "gamma/notice/c": "丙"}
    files = site(items)
    files["alpha/notice/gone.html"] = page("已撤下", "依法撤下")
    files["beta/notice/gone.html"] = page("已撤下", "依法撤下")
    files["alpha/notice/a/附件 一.pdf"] = b"%PDF-1.7 " + bytes(range(256)) * 40
    files["alpha/old/页.html"] = page("已移至", "新地址")
    workshop.build(
        files,
        {item: [f"{item}.html"] for item in items},
        redirects={"alpha/old/页.html": "alpha/notice/a.html", "beta/old/1.html": "beta/notice/b.html"},
        tombstones=["alpha/notice/gone.html", "beta/notice/gone.html"],
    )
    workshop.deploy()
    with nginx(root / "nginx", workshop.cluster, workshop.served, HOSTS, ("old.shi.example",)) as server:
        yield Served(workshop, server)


def test_configuration_is_accepted_by_nginx(served: Served) -> None:
    """The configuration loads without a warning."""
    root = served.server.log.parent
    command = [str(program("nginx")), "-t", "-p", str(root), "-c", str(root / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (PORTAL, "index.html"),
        (f"{PORTAL}index.html", "index.html"),
        (f"{PORTAL}alpha/", "alpha/index.html"),
        (f"{PORTAL}alpha/notice/a.html", "alpha/notice/a.html"),
        (f"{PORTAL}alpha/notice/a/%E9%99%84%E4%BB%B6%20%E4%B8%80.pdf", "alpha/notice/a/附件 一.pdf"),
        (f"{PORTAL}search/index.json", "search/index.json"),
        (BETA, "beta/index.html"),
        (f"{BETA}notice/b.html", "beta/notice/b.html"),
        (f"{BETA}search/index.json", "search/index.json"),
    ],
)
def test_each_host_serves_its_part(served: Served, url: str, path: str) -> None:
    """Portal and sub-paths at the portal's host, a unit's own host from its root, the one index on each."""
    answer = served.get(url)
    assert answer.status == 200
    assert answer.body == (served.workshop.out / path).read_bytes()


def test_security_headers_stand_on_every_answer(served: Served) -> None:
    """Pages, errors and redirects carry the same headers."""
    for url in (PORTAL, f"{PORTAL}none.html", f"{BETA}notice/gone.html", f"{PORTAL}alpha/old/%E9%A1%B5.html"):
        answer = served.get(url)
        for name, value in SECURITY_HEADERS:
            assert answer.headers.get(name.lower()) == value, (url, name)
        assert "max-age" in answer.headers["strict-transport-security"]


def test_policy_allows_no_inline_and_nothing_foreign(served: Served) -> None:
    """The policy names no source but the host itself."""
    policy = served.get(PORTAL).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_hashed_files_are_cached_for_ever_and_pages_are_revalidated(served: Served) -> None:
    """Only what is named after its content is immutable, and never an error."""
    asset = next(path for path in site({}) if path.startswith("assets/"))
    assert "immutable" in served.get(f"{PORTAL}{asset}").headers["cache-control"]
    assert served.get(PORTAL).headers["cache-control"] == "no-cache"
    absent = served.get(f"{PORTAL}assets/site.0123456789ab.css")
    assert absent.status == 404
    assert absent.headers["cache-control"] == "no-cache"


def test_page_is_revalidated_by_its_tag(served: Served) -> None:
    """An unchanged page is answered with 304."""
    tag = served.get(PORTAL).headers["etag"]
    assert served.get(PORTAL, If_None_Match=tag).status == 304


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_precompressed_files_are_served(served: Served, encoding: str) -> None:
    """The released sibling is served as it stands, and caches are told."""
    if encoding == "br" and not BROTLI.exists():
        pytest.skip("nginx has no brotli module")
    suffix = {"gzip": "gz", "br": "br"}[encoding]
    answer = served.get(f"{PORTAL}alpha/notice/a.html", Accept_Encoding=encoding)
    assert answer.headers["content-encoding"] == encoding
    assert answer.body == served.workshop.served_file(f"alpha/notice/a.html.{suffix}").read_bytes()
    assert "Accept-Encoding" in answer.headers["vary"]
    plain = served.get(f"{PORTAL}alpha/notice/a.html")
    assert "Accept-Encoding" in plain.headers["vary"]


def test_missing_page_is_the_sites_own_404(served: Served) -> None:
    """Portal, unit and own host each answer with their own page and status 404."""
    for url, path in (
        (f"{PORTAL}none.html", "404.html"),
        (f"{PORTAL}alpha/none.html", "alpha/404.html"),
        (f"{PORTAL}alpha/notice/", "alpha/404.html"),
        (f"{BETA}none.html", "beta/404.html"),
        (f"{PORTAL}404.html", "404.html"),
    ):
        answer = served.get(url)
        assert (answer.status, answer.body) == (404, (served.workshop.out / path).read_bytes()), url


def test_tombstone_answers_410(served: Served) -> None:
    """A withdrawn item's page says so, with status 410, on either kind of host."""
    for url in (f"{PORTAL}alpha/notice/gone.html", f"{BETA}notice/gone.html"):
        answer = served.get(url)
        assert answer.status == 410
        assert answer.body == page("已撤下", "依法撤下")
        assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (f"{PORTAL}alpha/old/%E9%A1%B5.html", f"{PORTAL}alpha/notice/a.html"),
        (f"{BETA}old/1.html", f"{BETA}notice/b.html"),
        (f"{PORTAL}col/show.jsp?id=12&t=1", f"{PORTAL}alpha/notice/a.html"),
        ("https://old.shi.example/art/1.htm", f"{BETA}notice/b.html"),
        ("https://old.shi.example/else", PORTAL),
        (f"{PORTAL}beta/notice/b.html?x=1", f"{BETA}notice/b.html?x=1"),
        (f"{PORTAL}beta", BETA),
        (f"{PORTAL}alpha", "/alpha/"),
    ],
)
def test_former_address_leads_on(served: Served, url: str, target: str) -> None:
    """Former addresses, also with query strings and of a former host, answer 301 with one step."""
    answer = served.get(url)
    assert (answer.status, answer.headers["location"]) == (301, target)


def test_query_of_another_page_is_no_former_address(served: Served) -> None:
    """A query string is part of a former address."""
    assert served.get(f"{PORTAL}col/show.jsp?id=13&t=1").status == 404


def test_former_address_of_withheld_item_is_left_out(served: Served) -> None:
    """A line that leads to nothing public is in no table, and is named by its line."""
    assert served.get(f"{PORTAL}nowhere.jsp?id=1").status == 404
    assert everywhere(served.workshop.served, "withheld") == []
    assert any("第 5 行" in line for line in served.workshop.said)


def test_plain_http_leads_to_https(served: Served) -> None:
    """Port 80 only redirects."""
    client = Client(("127.0.0.1", served.server.http))
    answer = client.get("http://www.shi.example/alpha/?x=1")
    assert (answer.status, answer.headers["location"]) == (
        301,
        f"https://www.shi.example:{served.server.https}/alpha/?x=1",
    )


def test_http2_is_spoken(served: Served) -> None:
    """The server offers HTTP/2 in the TLS handshake."""
    import socket
    import ssl

    context = ssl.create_default_context(cafile=str(served.server.certificate))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(served.server.address) as plain,
        context.wrap_socket(plain, server_hostname="www.shi.example") as secure,
    ):
        assert secure.selected_alpn_protocol() == "h2"


def test_encoded_line_break_splits_no_header(served: Served) -> None:
    """A line break in an address never reaches a header of a redirect."""
    answer = served.get(f"{PORTAL}beta/x%0d%0aSet-Cookie:a=b")
    assert "set-cookie" not in answer.headers


def test_nothing_above_the_public_folder_is_reachable(served: Served) -> None:
    """The release's record, lists and tables are not served."""
    for path in ("../record.json", "%2e%2e/record.json", "../SHA256SUMS", "../server/redirects.map", ".mingtang"):
        assert served.get(f"{PORTAL}{path}").status in (400, 404)
