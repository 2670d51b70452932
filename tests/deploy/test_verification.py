"""Tamper watch: a signed manifest against what is served, in a folder and through a real nginx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from generator.build.fs import FileSystem
from generator.cli import main
from generator.deploy.records import ReleaseManifest
from generator.deploy.signing import KEY_VARIABLE, load_signing_key, save_keys, sign
from generator.deploy.verification import probe_host, verify_folder
from generator.deploy.webclient import Client
from generator.errors import DeployRefused, ExitCode
from tests.deploy_servers import BROTLI, Nginx, missing, nginx
from tests.deploy_support import NOW, Workshop, cluster, page, site

pytestmark = pytest.mark.skipif(bool(missing("rsync", "flock")), reason=missing("rsync", "flock"))

ITEMS = {"alpha/notice/a": "甲", "beta/notice/b": "乙"}
PORTAL, BETA = "https://www.shi.example/", "https://beta.shi.example/"


def released(root: Path) -> Workshop:
    """A signed release with a tombstone and a redirect, and its public key in ``root/release.pub``."""
    workshop = Workshop(root, cluster(own_hosts=("beta",)))
    save_keys(FileSystem(), root / "release.key", root / "release.pub", "")
    workshop.environment[KEY_VARIABLE] = str(root / "release.key")
    workshop.definition = msgspec.structs.replace(workshop.definition, public_key=root / "release.pub")
    files = {**site(ITEMS), "alpha/notice/gone.html": page("已撤下"), "alpha/old.html": page("已移至")}
    workshop.build(
        files,
        {item: [f"{item}.html"] for item in ITEMS},
        tombstones=["alpha/notice/gone.html"],
        redirects={"alpha/old.html": "alpha/notice/a.html"},
    )
    workshop.deploy()
    return workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return released(tmp_path)


def change(path: Path, data: bytes | None = None) -> None:
    """Change one byte, as somebody on the server could."""
    path.parent.chmod(0o755)
    path.chmod(0o644)
    old = path.read_bytes()
    path.write_bytes(data if data is not None else old[:-1] + bytes([old[-1] ^ 1]))


def verify(workshop: Workshop, *more: str) -> int:
    folder = str(workshop.served / "current" / "public")
    return main(["verify", folder, "--key", str(workshop.root / "release.pub"), *more])


def test_release_verifies(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    """What was released and not touched is as released."""
    assert verify(workshop) == ExitCode.FINE
    name = (workshop.served / "current").resolve().name
    assert re.search(rf"current/public：[0-9]+ 个文件与 {name} 发布的一致。", capsys.readouterr().out)


@pytest.mark.parametrize(
    "path",
    [
        "alpha/notice/a.html",
        "alpha/notice/a.html.br",
        "alpha/notice/a.html.gz",
        "search/index.json",
        "beta/index.html",
        "manifest.json",
        "../gone/alpha/notice/gone.html",
        "../server/redirects.map",
    ],
)
def test_one_changed_byte_is_named(workshop: Workshop, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Pages, compressed siblings, the index and tombstones: the changed file is named, and no other."""
    change(workshop.served_file(path))
    assert verify(workshop) == ExitCode.DEPLOY_REFUSED
    said, *lines = capsys.readouterr().out.splitlines()
    assert "current/public：有 1 处与发布的不符：" in said
    assert lines == [f"  {path.removeprefix('../')}: changed"]


def test_missing_and_added_files_are_named(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is gone, and one that was never released, are both tampering."""
    place = workshop.served_file("alpha/notice/a.html")
    place.parent.chmod(0o755)
    place.unlink()
    (place.parent / "phishing.html").write_text("x")
    tombstones = workshop.served / "current" / "gone" / "alpha"
    tombstones.chmod(0o755)
    (tombstones / "planted.html").write_text("x")  # served as well, with status 410
    tables = workshop.served / "current" / "server"
    tables.chmod(0o755)
    (tables / "planted.map").write_text("x")
    assert verify(workshop) == ExitCode.DEPLOY_REFUSED
    said = capsys.readouterr().out
    assert "alpha/notice/a.html: missing" in said
    assert "alpha/notice/phishing.html: never released" in said
    assert "gone/alpha/planted.html: never released" in said
    assert "server/planted.map: never released" in said


def test_release_made_before_tables_were_signed_verifies(tmp_path: Path) -> None:
    """It says nothing of them, so that nothing can be said of them now."""
    (tmp_path / "public").mkdir()
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "redirects.map").write_text("")
    made = ReleaseManifest(release="x", released_at=NOW, manifest_sha256="", files=())
    assert verify_folder(tmp_path / "public", made) == ()


def test_unsigned_manifest_is_refused(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a signature a manifest proves nothing."""
    signature = workshop.served_file("release.json.sig")
    signature.parent.chmod(0o755)
    signature.unlink()
    assert verify(workshop) == ExitCode.DEPLOY_REFUSED
    assert "verify-unsigned" in capsys.readouterr().err


def test_manifest_that_was_signed_again_is_refused(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever changes pages and manifest together has not got the key."""
    private = workshop.root / "other.key"
    save_keys(FileSystem(), private, workshop.root / "other.pub", "")
    key = load_signing_key({KEY_VARIABLE: str(private)})
    assert key is not None
    manifest = workshop.served_file("release.json").read_bytes().replace(b'"size":', b'"size": ', 1)
    change(workshop.served_file("release.json"), manifest)
    change(workshop.served_file("release.json.sig"), sign(key, manifest))
    assert verify(workshop) == ExitCode.DEPLOY_REFUSED
    assert "verify-signature" in capsys.readouterr().err


def test_older_release_put_back_is_noticed(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    """An old release is well signed: who expects a certain one says so."""
    name = (workshop.served / "current").resolve().name
    assert verify(workshop, "--release", name) == ExitCode.FINE
    other = "20990101T000000Z-00000000"
    assert verify(workshop, "--release", other) == ExitCode.DEPLOY_REFUSED
    assert f"网上的是 {name}，不是 {other}。" in capsys.readouterr().out


def test_folder_without_a_manifest_is_no_release(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody named a folder within the site, or one that is none."""
    folder = str(workshop.served / "current" / "public" / "alpha")
    key = str(workshop.root / "release.pub")
    assert main(["verify", folder, "--key", key]) == ExitCode.DEPLOY_REFUSED
    assert "[verify-no-manifest] 没有发布清单 release.json。" in capsys.readouterr().err


def test_release_without_the_key_is_refused(workshop: Workshop) -> None:
    """Where a public key is set, nothing goes out unsigned, nor signed by another key."""
    workshop.build_site(ITEMS | {"alpha/notice/new": "新"})
    private = workshop.root / "other.key"
    save_keys(FileSystem(), private, workshop.root / "other.pub", "")
    del workshop.environment[KEY_VARIABLE]
    with pytest.raises(DeployRefused, match="deploy-unsigned"):
        workshop.deploy()
    workshop.environment[KEY_VARIABLE] = str(private)
    with pytest.raises(DeployRefused, match="deploy-key-other"):
        workshop.deploy()


# --- through a web server -------------------------------------------------------------

through_nginx = [
    pytest.mark.server,
    pytest.mark.skipif(bool(missing("nginx")), reason=missing("nginx")),
]


@pytest.fixture
def server(workshop: Workshop) -> Iterator[Nginx]:
    hosts = ["www.shi.example", "beta.shi.example"]
    with nginx(workshop.root / "nginx", workshop.cluster, workshop.served, hosts) as running:
        yield running


def verify_url(workshop: Workshop, server: Nginx, url: str) -> int:
    where = ["--connect", f"127.0.0.1:{server.https}", "--ca", str(server.certificate)]
    return main(["verify", url, "--key", str(workshop.root / "release.pub"), *where])


class TestThroughNginx:
    """The same watch from outside."""

    pytestmark = through_nginx

    def test_each_host_verifies_by_itself(self, workshop: Workshop, server: Nginx) -> None:
        """Portal and own host both serve the signed manifest and what it lists for them."""
        assert verify_url(workshop, server, PORTAL) == ExitCode.FINE
        assert verify_url(workshop, server, BETA) == ExitCode.FINE

    def test_changed_page_is_named_by_its_url(
        self, workshop: Workshop, server: Nginx, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Only the host that serves the changed file is accused."""
        change(workshop.served_file("beta/notice/b.html"))
        assert verify_url(workshop, server, PORTAL) == ExitCode.FINE
        assert verify_url(workshop, server, BETA) == ExitCode.DEPLOY_REFUSED
        assert f"{BETA}notice/b.html: changed" in capsys.readouterr().out

    def test_probe_finds_nothing_wrong(self, workshop: Workshop, server: Nginx) -> None:
        """Digests, headers, types, variants, 404, 410 and redirects are as configured."""
        if not BROTLI.exists():
            pytest.skip("nginx has no brotli module")
        from generator.deploy.listing import live_release

        before, redirects = live_release(workshop.request())
        client = Client(server.address, server.certificate)
        assert redirects == ((f"{PORTAL}alpha/old.html", f"{PORTAL}alpha/notice/a.html"),)
        for url in (PORTAL, BETA):
            assert probe_host(client, url, before.manifest, redirects=redirects) == ()

    def test_reloaded_server_answers_by_its_new_settings_at_once(self, workshop: Workshop, server: Nginx) -> None:
        """The tests' own tool: no worker with the old settings takes a connection after ``reload``."""
        path = server.log.parent / "mingtang.conf"
        text = path.read_text("utf-8")
        for number in range(6):
            added = f"add_header X-Round {number} always; add_header X-Frame-Options"
            path.write_text(text.replace("add_header X-Frame-Options", added), "utf-8")
            server.reload()
            clients = [Client(server.address, server.certificate) for _ in range(4)]
            rounds = [client.get(PORTAL).headers.get("x-round") for client in clients]
            assert rounds == [str(number)] * len(clients)

    def test_probe_names_what_the_server_does_wrong(self, workshop: Workshop, server: Nginx) -> None:
        """A missing header, a missing variant, a wrong redirect and a page without 404 are each named."""
        from generator.deploy.listing import live_release

        root = server.log.parent
        text = (root / "mingtang.conf").read_text("utf-8")
        text = text.replace("gzip_static on;", "gzip_static off;").replace("add_header X-Frame-Options", "#")
        text = text.replace("include ", "# ").replace("=404 $mingtang_absent", "=200 $mingtang_absent")
        (root / "mingtang.conf").write_text(text, "utf-8")
        server.reload()
        before, redirects = live_release(workshop.request())
        client = Client(server.address, server.certificate)
        found = "\n".join(map(str, probe_host(client, PORTAL, before.manifest, redirects=redirects)))
        assert "not served with Content-Encoding gzip" in found
        assert "header X-Frame-Options" in found
        assert "status 200, expected 404" in found
        assert "alpha/old.html: status" in found
